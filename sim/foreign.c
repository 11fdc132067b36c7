/* SPDX-License-Identifier: MIT */
#include "sim/foreign.h"

#include <assert.h>
#include <string.h>

enum {
	RETRY_MS = 10 * 1000,
	TRIES = 6,
	KEEP_ALIVE_MS = 100 * 1000,
	PAUSE_MS = 5 * 1000, /* before it logs in again */
	NONE_SEEN = UINT32_MAX,
};

static int64_t now_ms(const struct foreign *f)
{
	return world_now(f->world).mono_ms;
}

/* ---- sending --------------------------------------------------------------------------- */

static void transmit(struct foreign *f, const void *p, size_t n)
{
	for (int i = 0; i < f->habits.copies; i++)
		world_send(f->world, &f->host, &f->server, p, n);
}

static struct foreign_packet *free_place(struct foreign *f)
{
	for (int i = 0; i < FOREIGN_SENDING; i++)
		if (!f->sending[i].busy)
			return &f->sending[i];
	return NULL;
}

/* Sends it until it is acknowledged. */
static bool post(struct foreign *f, enum icq_id id, const union icq_msg *msg)
{
	struct foreign_packet *place = free_place(f);
	struct icq_head head = { .version = 2, .uin = f->uin, .seq = f->seq };
	int n;

	if (!place)
		return false;
	n = icq_pack(id, &head, msg, place->p, sizeof(place->p));
	assert(n > 0);
	f->seq++;
	place->busy = true;
	place->seq = head.seq;
	place->tries = 1;
	place->n = (size_t)n;
	place->again_ms = now_ms(f) + RETRY_MS;
	transmit(f, place->p, place->n);
	return true;
}

static void send_once(struct foreign *f, enum icq_id id, const union icq_msg *msg, uint16_t seq)
{
	struct icq_head head = { .version = 2, .uin = f->uin, .seq = seq };
	uint8_t packet[64];
	int n = icq_pack(id, &head, msg, packet, sizeof(packet));

	assert(n > 0);
	transmit(f, packet, (size_t)n);
}

bool foreign_say(struct foreign *f, uint32_t to, const char *text, size_t len)
{
	union icq_msg msg = { .c_send_message = {
				      .to = to,
				      .type = T_text,
				      .text = { (const uint8_t *)text, (uint16_t)len } } };

	return f->state == FOREIGN_ONLINE && post(f, M_c_send_message, &msg);
}

bool foreign_is_idle(const struct foreign *f)
{
	for (int i = 0; i < FOREIGN_SENDING; i++)
		if (f->sending[i].busy)
			return false;
	return true;
}

/* ---- sessions -------------------------------------------------------------------------- */

static void knock(struct foreign *f)
{
	union icq_msg msg;

	icq_preset(M_c_login, &msg);
	msg.c_login.password = icq_str_of(f->password);
	msg.c_login.login_seq = (uint16_t)++f->login;
	f->state = FOREIGN_KNOCKING;
	f->back_ms = NEVER_MS;
	f->seq = 1;
	f->host.addr.port++;
	if (f->habits.memory != MEMORY_FOREVER)
		memset(f->seen, 0, sizeof(f->seen));
	f->last_seen = NONE_SEEN;
	post(f, M_c_login, &msg);
}

static void leave(struct foreign *f)
{
	f->state = FOREIGN_AWAY;
	f->back_ms = f->wanted ? now_ms(f) + PAUSE_MS : NEVER_MS;
	f->keep_alive_ms = NEVER_MS;
	for (int i = 0; i < FOREIGN_SENDING; i++)
		f->sending[i].busy = false;
}

void foreign_login(struct foreign *f)
{
	f->wanted = true;
	if (f->state == FOREIGN_AWAY)
		knock(f);
}

void foreign_crash(struct foreign *f)
{
	f->wanted = false;
	leave(f);
}

void foreign_logout(struct foreign *f)
{
	union icq_msg msg = { .c_text_code = { .text = icq_str_of("B_USER_DISCONNECTED"),
					       .code = 5 } };

	if (f->state == FOREIGN_ONLINE)
		send_once(f, M_c_text_code, &msg, f->seq);
	foreign_crash(f);
}

static void on_login_reply(struct foreign *f)
{
	if (f->state != FOREIGN_KNOCKING)
		return;
	f->state = FOREIGN_ONLINE;
	f->sending[0].busy = false;
	f->keep_alive_ms = now_ms(f) + KEEP_ALIVE_MS;
	post(f, M_c_offline_messages, NULL);
}

/* ---- hearing --------------------------------------------------------------------------- */

/* Does it take this number for one that it has seen? */
static bool seen(struct foreign *f, uint16_t n)
{
	uint64_t bit = (uint64_t)1 << n % 64;
	bool before = f->seen[n / 64] & bit;

	if (f->habits.memory == MEMORY_LAST) {
		before = f->last_seen == n;
		f->last_seen = n;
		return before;
	}
	f->seen[n / 64] |= bit;
	return before;
}

static void on_acked(struct foreign *f, uint16_t seq)
{
	for (int i = 0; i < FOREIGN_SENDING; i++)
		if (f->sending[i].busy && f->sending[i].seq == seq &&
		    f->state != FOREIGN_KNOCKING) /* a login waits for its answer */
			f->sending[i].busy = false;
}

static void act(struct foreign *f, enum icq_id id, const union icq_msg *msg)
{
	const struct icq_str *text = NULL;

	if (id == M_s_message)
		text = &msg->s_message.text;
	else if (id == M_s_stored_message)
		text = &msg->s_stored_message.text;
	else if (id == M_s_stored_end && f->habits.confirms)
		post(f, M_c_ack_messages, NULL);
	if (text)
		oracle_shown(f->oracle, f->index, f->login, text->p, text->len);
}

static void on_input(void *self, const struct addr *from, const void *p, size_t n)
{
	struct foreign *f = self;
	struct icq_head head;
	union icq_msg msg;
	enum icq_id id;

	if (f->state == FOREIGN_AWAY || !addr_equal(from, &f->server) ||
	    icq_unpack(ICQ_SERVER, p, n, &head, &id, &msg) < 0)
		return;
	if (id == M_s_ack) {
		on_acked(f, head.seq);
	} else if (id == M_s_login_reply) {
		on_login_reply(f);
		send_once(f, M_c_ack, NULL, head.seq);
	} else if (id == M_s_not_connected || id == M_s_go_away || id == M_s_try_again) {
		leave(f);
	} else if (f->state == FOREIGN_ONLINE) {
		if (!seen(f, head.seq))
			act(f, id, &msg);
		send_once(f, M_c_ack, NULL, head.seq);
	}
}

/* ---- time ------------------------------------------------------------------------------ */

static void resend(struct foreign *f)
{
	for (int i = 0; i < FOREIGN_SENDING; i++) {
		struct foreign_packet *packet = &f->sending[i];

		if (!packet->busy || packet->again_ms > now_ms(f))
			continue;
		if (packet->tries++ == TRIES) {
			leave(f);
			return;
		}
		packet->again_ms = now_ms(f) + RETRY_MS;
		transmit(f, packet->p, packet->n);
	}
}

static void on_tick(void *self)
{
	struct foreign *f = self;

	if (f->back_ms <= now_ms(f))
		knock(f);
	if (f->keep_alive_ms <= now_ms(f)) {
		post(f, M_c_keep_alive, NULL);
		f->keep_alive_ms = now_ms(f) + KEEP_ALIVE_MS;
	}
	resend(f);
}

static int64_t on_deadline(const void *self)
{
	const struct foreign *f = self;
	int64_t first = f->keep_alive_ms < f->back_ms ? f->keep_alive_ms : f->back_ms;

	for (int i = 0; i < FOREIGN_SENDING; i++)
		if (f->sending[i].busy && f->sending[i].again_ms < first)
			first = f->sending[i].again_ms;
	return first;
}

/* ---- life ------------------------------------------------------------------------------ */

void foreign_init(struct foreign *f, struct world *w, struct addr self, struct addr server,
		  struct oracle *o, struct foreign_habits habits)
{
	*f = (struct foreign){
		.world = w,
		.host = { .addr = self,
			  .speaks = ICQ_CLIENT,
			  .self = f,
			  .input = on_input,
			  .tick = on_tick,
			  .deadline = on_deadline },
		.server = server,
		.oracle = o,
		.habits = habits,
		.index = oracle_add(o, habits.memory),
		.last_seen = NONE_SEEN,
		.keep_alive_ms = NEVER_MS,
		.back_ms = NEVER_MS,
	};
	world_join(w, &f->host);
}

void foreign_free(struct foreign *f)
{
	world_leave(f->world, &f->host);
}
