/* SPDX-License-Identifier: MIT */
/*
 * The session: logging in, staying, and logging in again. A broken session is mended at once,
 * and with growing pauses when that does not help. Being sent away (0028) ends it for good:
 * either somebody uses the account elsewhere, and coming back would throw him off in turn, or
 * the operator stops the server. That is for the user to decide.
 */
#include <string.h>

#include "client/engine.h"

enum {
	BUSY_MS = 5000,	 /* least pause after 00FA */
	PAUSE_MS = 2000, /* first pause after a failed mending; doubles each time */
	PAUSE_MAX_MS = 300000,
	STEADY_MS = 60000, /* a session that lasted so long starts the pauses afresh */
	CLIENT_VERSION = 0x78,
	MODE_SERVER = 6, /* no TCP: everything through the server */
};

/* ---- states ---------------------------------------------------------------------------- */

static void enter(struct icq_client *c, enum icq_client_state state, const char *reason)
{
	c->state = state;
	client_emit(c, &(struct icq_client_event){ .kind = ICQ_CLIENT_EV_STATE,
						   .state = { .state = state, .reason = reason } });
}

/* Everything that lived with the session ends with it. */
static void session_end(struct icq_client *c)
{
	bool was_online = c->state == ICQ_CLIENT_ONLINE;

	link_close(&c->link, c->pool);
	if (!was_online)
		return;
	c->conn.generation++;
	c->conn.broken = true;
	if (c->now.mono_ms - c->conn.online_ms >= STEADY_MS)
		c->conn.failures = 0;
	direct_reset(c);
	roster_reset(c);
	outbox_reset(c);
	await_fail(c);
	profile_reset(c);
}

/* The end of trying: the user must say what comes next. */
static void conn_stop(struct icq_client *c, enum icq_client_state state, const char *reason,
		      enum icq_client_error error)
{
	uint64_t request = c->conn.fresh ? c->conn.login.request : 0;

	session_end(c);
	request_end_sessions(c);
	knock_wipe(&c->conn.login);
	c->conn.fresh = false;
	enter(c, state, reason);
	client_result(c, request, error, reason);
}

static void knock(struct icq_client *c)
{
	struct conn *conn = &c->conn;
	int64_t until_ms = conn->login.until_ms;

	if (conn->generation && c->env.new_port)
		c->env.new_port(c->env.ctx);
	knock_start(c, &conn->login);
	if (conn->fresh && conn->busy) /* the command's own time goes on */
		conn->login.until_ms = until_ms;
	conn->login_seq++;
	enter(c, ICQ_CLIENT_CONNECTING, NULL);
}

/* Between half and all of it, so that a thousand clients do not come back as one. */
static int64_t jitter(struct icq_client *c, int64_t ms)
{
	uint8_t chance;

	c->env.random(c->env.ctx, &chance, sizeof(chance));
	return ms / 2 + ms * chance / 2 / UINT8_MAX;
}

static int64_t pause_ms(struct icq_client *c)
{
	unsigned n = c->conn.failures++;

	if (n == 0)
		return 0;
	return jitter(c, n < 9 ? (int64_t)PAUSE_MS << (n - 1) : PAUSE_MAX_MS);
}

static void wait_for(struct icq_client *c, int64_t ms, const char *reason)
{
	c->conn.login.active = false;
	c->conn.again_ms = c->now.mono_ms + ms;
	enter(c, ICQ_CLIENT_WAITING, reason);
}

void conn_break(struct icq_client *c, const char *why)
{
	client_log(c, LOG_LEVEL_INFO, "session_broken", why, 0);
	session_end(c);
	wait_for(c, pause_ms(c), why);
}

/* ---- commands -------------------------------------------------------------------------- */

void icq_client_login(struct icq_client *c, struct now now, uint64_t request, uint32_t uin,
		      struct icq_str password, uint32_t status)
{
	c->now = now;
	if (c->conn.reg.active ||
	    (c->state != ICQ_CLIENT_OFFLINE && c->state != ICQ_CLIENT_REFUSED)) {
		client_result(c, request, ICQ_CLIENT_BUSY, "log out first");
		return;
	}
	if (!knock_keep(c, &c->conn.login, request, password))
		return;
	farewell_end(c);
	icq_client_set_uin(c, uin);
	c->status = status;
	c->conn.fresh = true;
	c->conn.busy = false;
	c->conn.failures = 0;
	if (!c->conn.login_seq)
		c->env.random(c->env.ctx, &c->conn.login_seq, sizeof(c->conn.login_seq));
	knock(c);
	conn_tick(c);
}

void icq_client_logout(struct icq_client *c, struct now now, uint64_t request)
{
	bool online = c->state == ICQ_CLIENT_ONLINE;

	c->now = now;
	if (online)
		farewell_begin(c, request);
	if (c->state != ICQ_CLIENT_OFFLINE)
		conn_stop(c, ICQ_CLIENT_OFFLINE, "logout", ICQ_CLIENT_NOT_ONLINE);
	c->conn.broken = false;
	if (!online && !farewell_join(c, request))
		client_result(c, request, ICQ_CLIENT_OK, NULL);
}

uint32_t conn_status_word(const struct icq_client *c)
{
	return c->status | (c->conf.hide_ip ? (uint32_t)ICQ_STATUS_hide_ip : 0);
}

/* ---- what the server says -------------------------------------------------------------- */

static int64_t clamp(int64_t v, int64_t low, int64_t high)
{
	return v < low ? low : v > high ? high : v;
}

/* The server may set the times, within reason. */
static void obey_times(struct icq_client *c, const struct icq_s_login_reply *m)
{
	int64_t keepalive_ms = clamp(m->keep_alive_s, 30, 600) * 1000;

	c->conn.keepalive_ms = keepalive_ms < c->conf.keepalive_ms ? keepalive_ms
								   : c->conf.keepalive_ms;
	c->rules.retry_ms = clamp(m->retry_s, 3, 60) * 1000;
	c->rules.sends = (uint8_t)(clamp(m->retries, 1, 20) + 1);
}

static void session_begin(struct icq_client *c)
{
	c->conn.generation++;
	c->conn.highest = 0;
	c->conn.prodded = false;
	c->conn.online_ms = c->now.mono_ms;
	link_open(&c->link, &c->rules, c->conn.login.seq + 1u);
	roster_reset(c);
	inbox_reset(c);
	outbox_reset(c);
	chores_reset(c);
}

void conn_on_login_reply(struct icq_client *c, const struct packet *p)
{
	const struct icq_s_login_reply *m = &p->msg->s_login_reply;
	uint64_t request = c->conn.fresh ? c->conn.login.request : 0;

	if (m->uin != c->uin || m->login_seq != c->conn.login_seq) {
		client_log(c, LOG_LEVEL_WARN, "packet_ignored", "not our login", m->login_seq);
		return;
	}
	c->conn.login.active = false;
	c->conn.fresh = false;
	c->direct.outer_ip = m->ip;
	obey_times(c, m);
	session_begin(c);
	link_note(&c->link, c->pool, c->now.mono_ms, p->head.seq, p->head.command, p->body_len,
		  true);
	c->conn.welcome_seq = p->head.seq;
	enter(c, ICQ_CLIENT_ONLINE, NULL);
	client_result(c, request, ICQ_CLIENT_OK, NULL);
}

/* Messages come once the welcome is acknowledged, and a message without id could not be told from
 * its repeat in the next session. So the server hears of ids first. */
void conn_welcomed(struct icq_client *c)
{
	link_settle(&c->link, c->conn.welcome_seq, icq_describe(M_s_login_reply)->code, true);
	client_ack(c, c->conn.welcome_seq);
	profile_welcomed(c);
}

void conn_on_bad_password(struct icq_client *c, const struct packet *p)
{
	if (p->msg->s_bad_password.login_seq == c->conn.login_seq)
		conn_stop(c, ICQ_CLIENT_REFUSED, "password", ICQ_CLIENT_REFUSED_BY_SERVER);
}

/* It repeats the number of the packet that found no session; some servers say 0. */
void conn_on_not_connected(struct icq_client *c, const struct packet *p)
{
	if (farewell_answered(c, p->head.seq) || c->state != ICQ_CLIENT_ONLINE)
		return;
	if (p->head.seq == 0 || link_has_sent(&c->link, p->head.seq))
		conn_break(c, "no_session");
}

void conn_on_try_again(struct icq_client *c, const struct packet *p)
{
	if (c->conn.reg.active) {
		signup_on_refused(c, p);
	} else if (c->state == ICQ_CLIENT_CONNECTING) {
		int64_t ms = pause_ms(c);

		c->conn.busy = true;
		wait_for(c, ms < BUSY_MS ? BUSY_MS : ms, "busy");
	}
}

void conn_on_go_away(struct icq_client *c, const struct packet *p)
{
	(void)p;
	conn_stop(c, ICQ_CLIENT_REFUSED, "go_away", ICQ_CLIENT_REFUSED_BY_SERVER);
}

/* ---- time ------------------------------------------------------------------------------ */

static void send_login(struct icq_client *c)
{
	const struct knock *k = &c->conn.login;
	union icq_msg msg;

	if (c->env.inner_ip)
		c->direct.inner_ip = c->env.inner_ip(c->env.ctx);
	icq_preset(M_c_login, &msg);
	msg.c_login.password = (struct icq_str){ k->password, k->password_len };
	msg.c_login.client = CLIENT_VERSION;
	msg.c_login.mode = MODE_SERVER;
	if (c->conf.direct == ICQ_CLIENT_DIRECT_ON && c->conf.listen_port) {
		msg.c_login.mode = PEER_MODE_DIRECT;
		msg.c_login.port = c->conf.listen_port;
		msg.c_login.ip = c->direct.inner_ip;
	}
	msg.c_login.status = conn_status_word(c);
	msg.c_login.tcp_version = PEER_VERSION;
	msg.c_login.login_seq = c->conn.login_seq;
	knock_send(c, k, M_c_login, &msg);
}

/* No answer within the time of a command: that command fails, but a session that was there
 * before is tried for again and again. */
static void tick_connecting(struct icq_client *c)
{
	if (c->conn.login.until_ms > c->now.mono_ms) {
		if (knock_due(c, &c->conn.login))
			send_login(c);
	} else if (c->conn.fresh) {
		conn_stop(c, ICQ_CLIENT_OFFLINE, "timeout", ICQ_CLIENT_TIMEOUT);
	} else {
		conn_break(c, "timeout");
	}
}

static void tick_waiting(struct icq_client *c)
{
	if (c->conn.fresh && c->conn.login.until_ms <= c->now.mono_ms) {
		conn_stop(c, ICQ_CLIENT_OFFLINE, "busy", ICQ_CLIENT_BUSY);
	} else if (c->conn.again_ms <= c->now.mono_ms) {
		knock(c);
		tick_connecting(c);
	}
}

static int64_t keepalive_due(const struct icq_client *c)
{
	return c->conn.sent_ms + c->conn.keepalive_ms;
}

static void keep_alive(struct icq_client *c)
{
	client_post(c, M_c_keep_alive, NULL, LINK_PLAIN, COOKIE_NONE, 0);
	c->conn.sent_ms = c->now.mono_ms; /* even if a full window holds it back */
}

void conn_tick(struct icq_client *c)
{
	switch (c->state) {
	case ICQ_CLIENT_CONNECTING:
		tick_connecting(c);
		break;
	case ICQ_CLIENT_WAITING:
		tick_waiting(c);
		break;
	case ICQ_CLIENT_ONLINE:
		if (keepalive_due(c) <= c->now.mono_ms)
			keep_alive(c);
		break;
	case ICQ_CLIENT_OFFLINE:
	case ICQ_CLIENT_REFUSED:
		break;
	}
}

static void link_send(void *ctx, const void *p, size_t n)
{
	client_transmit(ctx, p, n);
}

/* A round without answer is over: "answer at once". One such question at a time is enough. */
static void prod(struct icq_client *c)
{
	union icq_msg msg = { .c_text_code = { .text = icq_str_of("B_MESSAGE_ACK"), .code = 5 } };

	if (!c->conn.prodded &&
	    client_post(c, M_c_text_code, &msg, LINK_PLAIN, COOKIE_PROD, 0) == 0)
		c->conn.prodded = true;
}

void conn_pump(struct icq_client *c)
{
	struct link_out out = { .ctx = c, .send = link_send };

	while (c->state == ICQ_CLIENT_ONLINE && c->link.deadline_ms <= c->now.mono_ms) {
		unsigned events = link_pump(&c->link, c->pool, c->now.mono_ms, &out);

		if (events & LINK_DEAD)
			conn_break(c, "silence");
		else if (events & LINK_SPENT)
			conn_break(c, "numbers");
		else if (events & LINK_PROD)
			prod(c);
	}
}

int64_t conn_deadline(const struct icq_client *c)
{
	int64_t first = knock_deadline(&c->conn.reg), other = NEVER_MS;

	switch (c->state) {
	case ICQ_CLIENT_CONNECTING:
		other = knock_deadline(&c->conn.login);
		break;
	case ICQ_CLIENT_WAITING:
		other = c->conn.again_ms;
		if (c->conn.fresh && c->conn.login.until_ms < other)
			other = c->conn.login.until_ms;
		break;
	case ICQ_CLIENT_ONLINE:
		other = keepalive_due(c);
		if (c->link.deadline_ms < other)
			other = c->link.deadline_ms;
		break;
	case ICQ_CLIENT_OFFLINE:
	case ICQ_CLIENT_REFUSED:
		break;
	}
	return first < other ? first : other;
}
