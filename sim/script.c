/* SPDX-License-Identifier: MIT */
#include "sim/script.h"

#include <assert.h>
#include <string.h>

static void on_input(void *self, const struct addr *from, const void *p, size_t n)
{
	struct script *s = self;

	assert(addr_equal(from, &s->server));
	assert(s->count < SCRIPT_INBOX && n <= SCRIPT_PACKET);
	memcpy(s->inbox[s->count].p, p, n);
	s->inbox[s->count++].n = n;
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

void script_init(struct script *s, struct world *w, struct addr self, struct addr server)
{
	*s = (struct script){
		.world = w,
		.host = { .addr = self,
			  .speaks = ICQ_CLIENT,
			  .self = s,
			  .input = on_input,
			  .tick = on_tick,
			  .deadline = on_deadline },
		.server = server,
	};
	world_join(w, &s->host);
}

void script_free(struct script *s)
{
	world_leave(s->world, &s->host);
}

void script_send(struct script *s, const void *p, size_t n)
{
	world_send(s->world, &s->host, &s->server, p, n);
}

const uint8_t *script_got(const struct script *s, uint16_t command, size_t *n_out)
{
	struct icq_head head;

	for (size_t i = 0; i < s->count; i++) {
		*n_out = s->inbox[i].n;
		if (icq_head_read(ICQ_SERVER, s->inbox[i].p, *n_out, &head) > 0 &&
		    head.command == command)
			return s->inbox[i].p;
	}
	return NULL;
}

void script_forget(struct script *s)
{
	s->count = 0;
}
