/* SPDX-License-Identifier: MIT */
/* Making an account. */
#include "client/engine.h"

enum { REGISTER_NUMBER = 2 }; /* what every old client says */

void icq_client_register(struct icq_client *c, struct now now, uint64_t request,
			 struct icq_str password)
{
	struct knock *k = &c->conn.reg;

	c->now = now;
	if (k->active || (c->state != ICQ_CLIENT_OFFLINE && c->state != ICQ_CLIENT_REFUSED)) {
		client_result(c, request, ICQ_CLIENT_BUSY, "only while offline");
		return;
	}
	if (!knock_keep(c, k, request, password))
		return;
	knock_start(c, k);
	signup_tick(c);
}

static void finish(struct icq_client *c, enum icq_client_error error, const char *detail,
		   uint32_t uin)
{
	uint64_t request = c->conn.reg.request;

	knock_wipe(&c->conn.reg);
	if (request)
		client_emit(c, &(struct icq_client_event){ .kind = ICQ_CLIENT_EV_RESULT,
							   .result = { .request = request,
								       .error = error,
								       .detail = detail,
								       .uin = uin } });
}

void signup_on_new_uin(struct icq_client *c, const struct packet *p)
{
	const struct icq_s_new_uin *m = &p->msg->s_new_uin;

	if (c->conn.reg.active && m->number == REGISTER_NUMBER)
		finish(c, ICQ_CLIENT_OK, NULL, m->uin);
}

void signup_on_refused(struct icq_client *c, const struct packet *p)
{
	(void)p;
	if (c->conn.reg.active)
		finish(c, ICQ_CLIENT_REFUSED_BY_SERVER,
		       "the server is busy or makes no new accounts", 0);
}

void signup_tick(struct icq_client *c)
{
	struct knock *k = &c->conn.reg;

	if (k->active && k->until_ms <= c->now.mono_ms) {
		finish(c, ICQ_CLIENT_TIMEOUT, NULL, 0);
		return;
	}
	if (!knock_due(c, k))
		return;

	union icq_msg msg;

	icq_preset(M_c_register, &msg);
	msg.c_register.number = REGISTER_NUMBER;
	msg.c_register.password = (struct icq_str){ k->password, k->password_len };
	knock_send(c, k, M_c_register, &msg);
}
