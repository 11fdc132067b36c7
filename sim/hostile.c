/* SPDX-License-Identifier: MIT */
#include "sim/hostile.h"

#include <assert.h>

enum {
	SMALL = 100, /* numbers that a session is likely to be at */
	FLOOD = 80,  /* packets in one go */
	PORTS = 64,  /* of its own */
	NOISE_MAX = 120,
};

static uint32_t below(struct hostile *h, uint32_t n)
{
	return rng_below(world_rng(h->world), n);
}

/* In the name of a victim. */
static void forge(struct hostile *h, enum icq_id id, const union icq_msg *msg)
{
	struct icq_head head = { .version = 2,
				 .seq = (uint16_t)below(h, SMALL),
				 .uin = h->first_uin + below(h, h->victims) };
	uint8_t packet[256];
	int n = icq_pack(id, &head, msg, packet, sizeof(packet));

	assert(n > 0);
	world_send(h->world, &h->host, &h->server, packet, (size_t)n);
}

static void acknowledge(struct hostile *h)
{
	for (int i = 0; i < FLOOD; i++)
		forge(h, M_c_ack, NULL);
}

static void confirm(struct hostile *h)
{
	forge(h, M_c_ack_messages, NULL);
}

static void log_out(struct hostile *h)
{
	forge(h, M_c_text_code,
	      &(union icq_msg){
		      .c_text_code = { .text = icq_str_of("B_USER_DISCONNECTED"), .code = 5 } });
}

static void say(struct hostile *h)
{
	forge(h, M_c_send_message,
	      &(union icq_msg){ .c_send_message = { .to = h->first_uin + below(h, h->victims),
						    .type = T_text,
						    .text = icq_str_of("it was me!") } });
}

static void guess(struct hostile *h)
{
	union icq_msg msg;

	icq_preset(M_c_login, &msg);
	msg.c_login.password = icq_str_of("guess");
	forge(h, M_c_login, &msg);
}

static void rave(struct hostile *h)
{
	uint8_t noise[NOISE_MAX];
	size_t n = below(h, NOISE_MAX);

	rng_bytes(world_rng(h->world), noise, n);
	if (n > 1 && below(h, 2)) {
		noise[0] = 2;
		noise[1] = 0;
	}
	world_send(h->world, &h->host, &h->server, noise, n);
}

static void flood(struct hostile *h)
{
	for (int i = 0; i < FLOOD; i++)
		rave(h);
}

void hostile_act(struct hostile *h)
{
	static void (*const mischief[])(struct hostile * h) = { acknowledge, confirm, log_out, say,
								guess,	     rave,    flood };

	h->host.addr.port = (uint16_t)(6000 + below(h, PORTS));
	mischief[below(h, sizeof(mischief) / sizeof(*mischief))](h);
}

static void on_input(void *self, const struct addr *from, const void *p, size_t n)
{
	(void)self;
	(void)from;
	(void)p;
	(void)n;
}

static void on_tick(void *self)
{
	(void)self;
}

static int64_t on_deadline(const void *self)
{
	(void)self;
	return NEVER_MS;
}

void hostile_init(struct hostile *h, struct world *w, struct addr self, struct addr server,
		  uint32_t first_uin, uint32_t victims)
{
	*h = (struct hostile){ .world = w,
			       .host = { .addr = self,
					 .speaks = ICQ_CLIENT,
					 .self = h,
					 .input = on_input,
					 .tick = on_tick,
					 .deadline = on_deadline },
			       .server = server,
			       .first_uin = first_uin,
			       .victims = victims };
	world_join(w, &h->host);
}

void hostile_free(struct hostile *h)
{
	world_leave(h->world, &h->host);
}
