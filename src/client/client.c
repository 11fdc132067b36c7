/* SPDX-License-Identifier: MIT */
/* The machine around the nouns: creation, the way of a datagram in, and the end of each turn. */
#include "client/client.h"

#include <stdlib.h>
#include <string.h>

#include "client/engine.h"

void icq_client_reconf(struct icq_client *c, const struct icq_client_conf *conf)
{
	struct addr server = c->conf.server;

	c->conf = *conf;
	c->conf.server = server;
	if (!c->conf.keepalive_ms)
		c->conf.keepalive_ms = 25000;
	if (!c->conf.timeout_ms)
		c->conf.timeout_ms = 60000;
	if (!c->conf.charset)
		c->conf.charset = codepage_find("cp1252");
}

struct icq_client *icq_client_new(const struct icq_client_conf *conf,
				  const struct icq_client_env *env)
{
	struct icq_client *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->conf.server = conf->server;
	icq_client_reconf(c, conf);
	c->env = *env;
	c->rules = (struct link_rules){ .retry_ms = RETRY_MS,
					.sends = SENDS,
					.rounds = 2,
					.window = 32,
					.dead_packets = 1,
					.numbers = 65000 };
	c->conn.broken = true; /* nobody knows how an earlier run ended */
	c->chores.current = CHORE_NONE;
	link_open(&c->link, &c->rules, 1);
	c->pool = link_pool_new(1);
	if (!c->pool)
		icq_client_free(&c);
	return c;
}

void icq_client_free(struct icq_client **c)
{
	if (!*c)
		return;
	if ((*c)->pool)
		link_close(&(*c)->link, (*c)->pool);
	link_pool_free(&(*c)->pool);
	free((*c)->roster.at);
	for (size_t i = 0; i < PEERS_MAX; i++)
		free((*c)->direct.peers[i]);
	branch_free_all(*c);
	chats_free(*c);
	transfer_free_all(*c);
	knock_wipe(&(*c)->conn.login);
	knock_wipe(&(*c)->conn.reg);
	knock_wipe(&(*c)->password);
	free(*c);
	*c = NULL;
}

/* ---- what goes out --------------------------------------------------------------------- */

void client_emit(struct icq_client *c, const struct icq_client_event *ev)
{
	c->env.event(c->env.ctx, ev);
}

void client_result(struct icq_client *c, uint64_t request, enum icq_client_error error,
		   const char *detail)
{
	if (request)
		client_emit(c, &(struct icq_client_event){ .kind = ICQ_CLIENT_EV_RESULT,
							   .result = { .request = request,
								       .error = error,
								       .detail = detail } });
}

void client_notice(struct icq_client *c, enum log_level level, const char *code, const char *text)
{
	client_emit(c, &(struct icq_client_event){
			       .kind = ICQ_CLIENT_EV_NOTICE,
			       .notice = { .level = level, .code = code, .text = text } });
}

void client_log(struct icq_client *c, enum log_level level, const char *name, const char *why,
		int64_t number)
{
	struct log_event ev = {
		.level = level, .name = name, .uin = c->uin, .why = why, .number = number
	};

	c->env.log(c->env.ctx, &ev);
}

void client_trace(struct icq_client *c, enum icq_channel channel, bool out, const void *p, size_t n)
{
	if (c->verbose)
		client_emit(c,
			    &(struct icq_client_event){
				    .kind = ICQ_CLIENT_EV_PACKET,
				    .packet = { .channel = channel, .out = out, .p = p, .n = n } });
}

void client_transmit(struct icq_client *c, const void *p, size_t n)
{
	c->conn.sent_ms = c->now.mono_ms;
	c->env.send(c->env.ctx, &c->conf.server, p, n);
	client_trace(c, ICQ_CLIENT, true, p, n);
}

int client_post(struct icq_client *c, enum icq_id id, const union icq_msg *msg,
		enum link_flag flags, enum cookie tag, uint64_t value)
{
	uint8_t packet[PACKET_MAX];
	struct icq_head head = { .version = 2, .uin = c->uin };
	union icq_msg bare;

	icq_preset(id, &bare);

	int n = icq_pack(id, &head, msg ? msg : &bare, packet, sizeof(packet));

	if (n < 0)
		return n;
	return link_queue(&c->link, c->pool, packet, (size_t)n, flags, (uint64_t)tag << 56 | value,
			  c->now.mono_ms);
}

void client_ack(struct icq_client *c, uint16_t seq)
{
	uint8_t packet[16];
	struct icq_head head = { .version = 2, .seq = seq, .uin = c->uin };
	union icq_msg msg;

	icq_preset(M_c_ack, &msg);

	int n = icq_pack(M_c_ack, &head, &msg, packet, sizeof(packet));

	if (n > 0)
		client_transmit(c, packet, (size_t)n);
}

/* ---- what comes in --------------------------------------------------------------------- */

static void on_ack(struct icq_client *c, const struct packet *p)
{
	struct link_done done;

	if (farewell_answered(c, p->head.seq) || c->state != ICQ_CLIENT_ONLINE)
		return;
	if (link_acked(&c->link, c->pool, p->head.seq, &done) < 0)
		return;

	uint64_t value = done.cookie & ~(0xffULL << 56);

	switch ((enum cookie)(done.cookie >> 56)) {
	case COOKIE_CHORE:
		chores_acked(c);
		break;
	case COOKIE_AWAIT:
		await_done(c, (uint32_t)value);
		break;
	case COOKIE_MESSAGE:
		outbox_acked(c, value);
		break;
	case COOKIE_PROD:
		c->conn.prodded = false;
		break;
	case COOKIE_NONE:
		break;
	}
}

static void on_problem(struct icq_client *c, const struct packet *p)
{
	(void)p;
	client_notice(c, LOG_LEVEL_WARN, "server_problem", "The server says that it has trouble.");
}

/* The layout was never documented: whatever is readable is shown. */
static void on_system_message(struct icq_client *c, const struct packet *p)
{
	struct icq_str body = p->msg->s_system_message.body;
	char text[ICQ_MAX_about + 1];
	size_t n = 0;

	for (size_t i = 0; i < body.len && n + 1 < sizeof(text); i++)
		if (body.p[i] >= ' ' && body.p[i] < 0x7f)
			text[n++] = (char)body.p[i];
	text[n] = 0;
	client_notice(c, LOG_LEVEL_INFO, "system_message", text);
}

#define IN(state) (1u << ICQ_CLIENT_##state)
#define ANY_STATE (~0u)

enum arrival {
	NUMBERED, /* acknowledged */
	LATER,	  /* acknowledged by its handler, when what it brings is safe */
	ONCE,	  /* sent only once, without a number of the session, and never acknowledged */
};

static const struct handler {
	unsigned states;
	enum arrival arrival;
	void (*fn)(struct icq_client *c, const struct packet *p);
} handlers[M_COUNT] = {
	[M_s_ack] = { ANY_STATE, ONCE, on_ack },
	[M_s_problem] = { IN(ONLINE), ONCE, on_problem },
	[M_s_go_away] = { IN(ONLINE), ONCE, conn_on_go_away },
	[M_s_new_uin] = { ANY_STATE, ONCE, signup_on_new_uin },
	[M_s_register_refused] = { ANY_STATE, ONCE, signup_on_refused },
	[M_s_login_reply] = { IN(CONNECTING), NUMBERED, conn_on_login_reply },
	[M_s_bad_password] = { IN(CONNECTING), ONCE, conn_on_bad_password },
	[M_s_not_connected] = { ANY_STATE, ONCE, conn_on_not_connected },
	[M_s_try_again] = { ANY_STATE, ONCE, conn_on_try_again },
	[M_s_user_online] = { IN(ONLINE), NUMBERED, presence_on_online },
	[M_s_user_offline] = { IN(ONLINE), NUMBERED, presence_on_offline },
	[M_s_contacts_done] = { IN(ONLINE), NUMBERED, presence_on_all },
	[M_s_tcp_request] = { IN(ONLINE), NUMBERED, summon_on_request },
	[M_s_status] = { IN(ONLINE), NUMBERED, presence_on_status },
	[M_s_message] = { IN(ONLINE), LATER, inbox_on_message },
	[M_s_stored_message] = { IN(ONLINE), LATER, inbox_on_stored },
	[M_s_stored_end] = { IN(ONLINE), NUMBERED, inbox_on_stored_end },
	[M_s_system_message] = { IN(ONLINE), NUMBERED, on_system_message },
	[M_s_user_found] = { IN(ONLINE), NUMBERED, directory_on_found },
	[M_s_search_end] = { IN(ONLINE), NUMBERED, directory_on_end },
	[M_s_info] = { IN(ONLINE), NUMBERED, directory_on_info },
	[M_s_ext_info] = { IN(ONLINE), NUMBERED, directory_on_ext_info },
	[M_s_info_unknown] = { IN(ONLINE), NUMBERED, directory_on_unknown },
	[M_s_ext_info_unknown] = { IN(ONLINE), NUMBERED, directory_on_unknown },
	[M_s_rand_user] = { IN(ONLINE), NUMBERED, directory_on_random },
	[M_s_rand_failed] = { IN(ONLINE), NUMBERED, directory_on_nobody },
	[M_s_info_updated] = { IN(ONLINE), NUMBERED, profile_on_updated },
	[M_s_ext_info_updated] = { IN(ONLINE), NUMBERED, profile_on_updated },
	[M_s_auth_updated] = { IN(ONLINE), NUMBERED, profile_on_updated },
	[M_s_info_failed] = { IN(ONLINE), NUMBERED, profile_on_failed },
	[M_s_ext_info_failed] = { IN(ONLINE), NUMBERED, profile_on_failed },
	[M_s_auth_failed] = { IN(ONLINE), NUMBERED, profile_on_failed },
	[M_s_password_changed] = { IN(ONLINE), NUMBERED, profile_on_password },
	[M_s_password_failed] = { IN(ONLINE), NUMBERED, profile_on_password_failed },
};

/* Numbers of the server rise; what jumps far ahead was not sent by it. */
static bool number_plausible(struct icq_client *c, uint16_t seq)
{
	uint16_t ahead = (uint16_t)(seq - c->conn.highest);

	if (ahead > JUMP_MAX && ahead <= INT16_MAX)
		return false;
	if (ahead <= JUMP_MAX)
		c->conn.highest = seq;
	return true;
}

/* A packet with a number of the session: acted on once, acknowledged always. */
static void numbered_input(struct icq_client *c, const struct handler *h, const struct packet *p)
{
	if (!number_plausible(c, p->head.seq)) {
		client_log(c, LOG_LEVEL_WARN, "number_ignored", "jump", p->head.seq);
		return;
	}
	switch (link_note(&c->link, c->pool, c->now.mono_ms, p->head.seq, p->head.command,
			  p->body_len, h && h->arrival == LATER)) {
	case LINK_NEW:
		if (h && h->fn && h->states & 1u << c->state)
			h->fn(c, p);
		if (!h || h->arrival != LATER)
			client_ack(c, p->head.seq);
		break;
	case LINK_REPEAT:
		client_ack(c, p->head.seq);
		break;
	case LINK_PENDING:
		break;
	}
}

/* err is that of icq_unpack: unknown and malformed packets are acknowledged, or the server would
 * send them for ever. */
static void dispatch(struct icq_client *c, enum icq_id id, const struct packet *p, int err)
{
	const struct handler *h = err == 0 ? &handlers[id] : NULL;
	bool once = handlers[id].arrival == ONCE;

	if (err < 0)
		client_log(c, LOG_LEVEL_WARN, "packet_ignored", icq_err_text(err), p->head.command);
	if (c->state == ICQ_CLIENT_ONLINE && !once)
		numbered_input(c, h, p);
	else if (h && h->states & 1u << c->state)
		h->fn(c, p);
}

void icq_client_input(struct icq_client *c, struct now now, const struct addr *from, const void *p,
		      size_t n)
{
	struct packet packet = { 0 };
	union icq_msg msg;
	enum icq_id id = M_NONE;

	c->now = now;
	if (!addr_equal(from, &c->conf.server) || n > ICQ_MAX_datagram) {
		client_log(c, LOG_LEVEL_WARN, "packet_ignored", "stranger", 0);
		return;
	}
	client_trace(c, ICQ_SERVER, false, p, n);

	int err = icq_unpack(ICQ_SERVER, p, n, &packet.head, &id, &msg);

	if (err < 0 && err != -ICQ_EUNKNOWN && id == M_NONE)
		return;
	packet.msg = &msg;
	packet.body_len = (uint16_t)n;
	link_heard(&c->link, now.mono_ms);
	dispatch(c, id, &packet, err);
	client_turn(c);
}

void icq_client_done(struct icq_client *c, struct now now, const struct history_job *job)
{
	static void (*const takers[])(struct icq_client *, const struct history_job *) = {
		[TAG_INBOX] = inbox_kept,
		[TAG_SEND] = outbox_added,
		[TAG_SEND_URGENT] = outbox_added,
		[TAG_SEND_LIST] = outbox_added,
		[TAG_PEER] = direct_kept,
		[TAG_FETCH] = outbox_fetched,
		[TAG_ACCEPTED] = outbox_marked,
		[TAG_DROP] = outbox_dropped,
		[TAG_READING] = reading_read,
		[TAG_RESEND] = outbox_resend,
		[TAG_RESEND_URGENT] = outbox_resend,
		[TAG_RESEND_LIST] = outbox_resend,
	};

	c->now = now;
	takers[job->tag](c, job);
	client_turn(c);
}

/* ---- time ------------------------------------------------------------------------------ */

void client_turn(struct icq_client *c)
{
	chores_turn(c);
	inbox_turn(c);
	outbox_turn(c);
	conn_pump(c);
}

void icq_client_tick(struct icq_client *c, struct now now)
{
	c->now = now;
	signup_tick(c);
	farewell_tick(c);
	conn_tick(c);
	profile_tick(c);
	await_tick(c);
	peers_tick(c);
	wish_tick(c);
	request_tick(c);
	branch_tick(c);
	client_turn(c);
}

int64_t icq_client_deadline(const struct icq_client *c)
{
	int64_t first = conn_deadline(c),
		others[] = { farewell_deadline(c), await_deadline(c), knock_deadline(&c->password),
			     peers_deadline(c),	   wish_deadline(c),  request_deadline(c),
			     branch_deadline(c) };

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (others[i] < first)
			first = others[i];
	return first;
}

/* ---- small commands and questions ------------------------------------------------------ */

void icq_client_verbose(struct icq_client *c, bool on)
{
	c->verbose = on;
}

void icq_client_ping(struct icq_client *c, struct now now, uint64_t request)
{
	c->now = now;

	struct await *a = await_add(c, request, AWAIT_ACK);

	if (!a)
		return;
	await_posted(c, a,
		     client_post(c, M_c_keep_alive, NULL, LINK_PLAIN, COOKIE_AWAIT, a->serial));
	client_turn(c);
}

void icq_client_status(struct icq_client *c, struct now now, uint64_t request, uint32_t status)
{
	c->now = now;
	if (!await_add(c, request, AWAIT_STATUS))
		return;
	c->status = status;
	roster_unread(c);
	chores_add(c, CHORE_STATUS);
	client_turn(c);
}

enum icq_client_state icq_client_get_state(const struct icq_client *c)
{
	return c->state;
}

uint32_t icq_client_uin(const struct icq_client *c)
{
	return c->uin;
}

uint32_t icq_client_get_status(const struct icq_client *c)
{
	return c->status;
}
