/* SPDX-License-Identifier: MIT */
#include "sim/trial.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/play.h"

enum {
	STEP_MS = 1000, /* on average */
	PEER_PORT = 5190,
	FILE_MS = 200, /* a slow disk's */
	MAILBOX = 60,
	MAILBOX_BYTES = 10000,
	NOTICES = 20,
	REST_STEP_MS = 60 * 1000,
	REST_MOST = 24 * 60, /* steps until what is not done will never be */
	LONG_WORDS = 250,
};

#define PASSWORD "secret"

static const struct foreign_habits habits[FOREIGNERS] = {
	{ MEMORY_SESSION, true, 1 },  { MEMORY_FOREVER, true, 1 }, { MEMORY_LAST, true, 1 },
	{ MEMORY_SESSION, false, 1 }, { MEMORY_SESSION, true, 6 },
};

/* ---- who is there ---------------------------------------------------------------------- */

static struct addr address(uint32_t who)
{
	return addr_v4(FIRST_IP + who, 1024);
}

static void on_sent(struct play *p, uint32_t who, const struct icq_client_event *ev)
{
	struct history_job row;

	user_read(&p->users[who], ev->sent.msg, &row);
	oracle_sending(p->oracle, who, row.text, row.text_len, ev->sent.state, ev->sent.via);
}

/* What our clients show. */
static void on_event(void *ctx, struct user *u, const struct icq_client_event *ev)
{
	struct play *p = ctx;
	uint32_t who = (uint32_t)(u - p->users);

	if (ev->kind == ICQ_CLIENT_EV_MESSAGE && ev->message.row->via == HISTORY_PEER)
		oracle_shown_directly(p->oracle, who, ev->message.text.p, ev->message.text.len);
	else if (ev->kind == ICQ_CLIENT_EV_MESSAGE)
		oracle_shown(p->oracle, who, 0, ev->message.text.p, ev->message.text.len);
	else if (ev->kind == ICQ_CLIENT_EV_SENT)
		on_sent(p, who, ev);
	else if (ev->kind == ICQ_CLIENT_EV_RESULT)
		company_on_result(p, who, ev);
	else
		company_on_event(p, who, ev);
}

static void list_everybody(struct user *u, uint32_t who)
{
	for (uint32_t i = 0; i < EVERYBODY; i++)
		if (i != who)
			user_list(u, STORE_FIRST_UIN + i);
}

void play_switch_on(struct play *p, uint32_t who)
{
	static const enum icq_status away[] = { ICQ_STATUS_away, ICQ_STATUS_na, ICQ_STATUS_occupied,
						ICQ_STATUS_dnd };
	struct user *u = &p->users[who];
	char text[ORACLE_AWAY_MAX];

	if (!u->client) {
		user_start(u);
		list_everybody(u, who);
	}
	oracle_away_text(who, text);
	for (size_t i = 0; i < sizeof(away) / sizeof(*away); i++)
		icq_client_away_text(u->client, away[i], text);
	user_login(u, ICQ_STATUS_online);
}

static void settle_users(struct play *p)
{
	uint32_t peers = p->trial->scenario->peers;

	for (uint32_t i = 0; i < USERS; i++) {
		struct user *u = &p->users[i];

		user_init(u, p->world, address(i), p->server.host.addr, PASSWORD);
		u->watch = on_event;
		u->watch_ctx = p;
		u->uin = machine_account(&p->server, PASSWORD);
		u->streams = p->streams;
		u->listen_port = i < peers && i != BEHIND_WALL ? PEER_PORT : 0;
		u->peer_first = i < peers;
		u->file = p->streams ? company_file : NULL;
		u->file_ms = p->streams ? 1 + play_below(p, FILE_MS) : 0;
		oracle_add(p->oracle, MEMORY_HISTORY);
		play_switch_on(p, i);
	}
}

static void settle_foreigners(struct play *p)
{
	for (uint32_t i = 0; i < FOREIGNERS; i++) {
		struct foreign *f = &p->foreigners[i];

		foreign_init(f, p->world, address(USERS + i), p->server.host.addr, p->oracle,
			     habits[i]);
		f->password = PASSWORD;
		f->uin = machine_account(&p->server, PASSWORD);
		foreign_login(f);
	}
}

/* Limits that the play comes up against, and none that only slow it down. */
static void set_limits(struct conf *conf)
{
	static const struct conf_rate plenty = { .burst = 100000, .count = 1000, .seconds = 1 };

	conf->limit_mailbox = MAILBOX;
	conf->limit_mailbox_from_one = MAILBOX / 2;
	conf->limit_mailbox_bytes = MAILBOX_BYTES;
	conf->limit_mailbox_notices = NOTICES;
	conf->rate_session = conf->rate_send = conf->rate_send_stranger = plenty;
}

static void on_trace(void *ctx, const char *line)
{
	struct play *p = ctx;

	p->trial->trace(p->trial->ctx, line);
}

static void raise_curtain(struct play *p, const struct trial *t)
{
	*p = (struct play){ .trial = t,
			    .rng = { t->seed ^ 0x5ca1ab1e },
			    .boot_ms = NEVER_MS,
			    .disk_well_ms = NEVER_MS };
	p->world = world_new(t->seed);
	world_watch(p->world, trouble_befall, t->trace ? on_trace : NULL, p);
	machine_init(&p->server, p->world);
	set_limits(&p->server.conf);
	p->server.sabotage.off = t->off;
	p->server.plan = t->crash;
	p->oracle = oracle_new(&p->server);
	for (uint32_t i = 0; i < EVERYBODY; i++)
		p->plights[i] = (struct plight){ NEVER_MS, NEVER_MS };
	machine_start(&p->server);
	if (t->scenario->peers)
		p->streams = streams_new(
			p->world, &(struct streams_watch){ p, trouble_reaches, trouble_hung_up });
	settle_users(p);
	settle_foreigners(p);
	hostile_init(&p->hostile, p->world, addr_v4(0x0A0000FE, 6000), p->server.host.addr,
		     STORE_FIRST_UIN, EVERYBODY);
}

static void drop_curtain(struct play *p)
{
	for (uint32_t i = 0; i < USERS; i++)
		user_free(&p->users[i]);
	for (uint32_t i = 0; i < FOREIGNERS; i++)
		foreign_free(&p->foreigners[i]);
	hostile_free(&p->hostile);
	streams_free(&p->streams);
	machine_free(&p->server);
	oracle_free(&p->oracle);
	world_free(&p->world);
}

/* ---- the play -------------------------------------------------------------------------- */

static uint32_t word_count(struct play *p)
{
	return play_below(p, 20) ? 1 + play_below(p, 6) : 1 + play_below(p, LONG_WORDS);
}

static void say(struct play *p)
{
	bool among_us = play_below(p, 1000) < p->trial->scenario->among_us;
	uint32_t circle = among_us ? USERS : EVERYBODY;
	uint32_t from = play_below(p, circle), to = play_below(p, circle);
	uint32_t uin = STORE_FIRST_UIN + to;
	char text[ORACLE_TEXT_MAX];
	struct foreign *f = from < USERS ? NULL : &p->foreigners[from - USERS];
	size_t n;

	if (f ? f->state != FOREIGN_ONLINE : !p->users[from].client)
		return;
	if (!play_below(p, 50)) { /* nobody */
		to = ORACLE_NOBODY;
		uin = STORE_FIRST_UIN + 1000;
	}
	n = oracle_say(p->oracle, from, to, f ? 1 + play_below(p, 20) : word_count(p), text);
	p->said++;
	if (f)
		foreign_say(f, uin, text, n);
	else
		icq_client_send(p->users[from].client, world_now(p->world), 0, uin, T_text,
				(struct icq_str){ (const uint8_t *)text, (uint16_t)n });
}

static void step(struct play *p)
{
	trouble_make(p);
	say(p);
	if (!play_below(p, 10)) /* several at once */
		for (uint32_t i = play_below(p, 8); i > 0; i--)
			say(p);
	if (p->streams)
		company_mingle(p);
	world_run(p->world, 1 + play_below(p, 2 * STEP_MS));
	trouble_follow_plan(p);
	trouble_keep_server_on(p);
}

static bool sent_everything(struct play *p)
{
	for (uint32_t i = 0; i < USERS; i++)
		if (user_has_outbox(&p->users[i]))
			return false;
	for (uint32_t i = 0; i < FOREIGNERS; i++)
		if (!foreign_is_idle(&p->foreigners[i]))
			return false;
	return true;
}

static void come_to_rest(struct play *p)
{
	trouble_end(p);
	for (int i = 0, calm = 0; i < REST_MOST && calm < 2; i++) {
		world_run(p->world, REST_STEP_MS);
		calm = p->server.srv && oracle_at_rest(p->oracle) && sent_everything(p) &&
				       company_is_settled(p)
			       ? calm + 1
			       : 0;
		trouble_follow_plan(p);
		trouble_switch_on(p);
		trouble_keep_users_on(p);
		company_settle(p);
	}
}

static bool goes_on(const struct play *p)
{
	int64_t most_ms = p->trial->most_ms;

	return !oracle_verdict(p->oracle)->broken && (!most_ms || play_now_ms(p) < most_ms);
}

struct verdict trial_run(const struct trial *t)
{
	struct play *p = malloc(sizeof(*p));
	struct verdict v;

	if (!p)
		abort();
	raise_curtain(p, t);
	p->most = t->messages ? t->messages : t->scenario->messages;
	while (p->said < p->most && goes_on(p))
		step(p);
	if (goes_on(p))
		come_to_rest(p);
	v = *(goes_on(p) ? oracle_end(p->oracle) : oracle_verdict(p->oracle));
	drop_curtain(p);
	free(p);
	return v;
}
