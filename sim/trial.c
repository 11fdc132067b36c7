/* SPDX-License-Identifier: MIT */
#include "sim/trial.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/foreign.h"
#include "sim/hostile.h"
#include "sim/user.h"

enum {
	USERS = 4,
	FOREIGNERS = 5,
	EVERYBODY = USERS + FOREIGNERS,
	STEP_MS = 1000, /* on average */
	MAILBOX = 60,
	CLOCK_S = 5 * 60, /* well within the life of the keys of repeats */
	CLOCK_DAYS = 7,
	MAILBOX_BYTES = 10000,
	NOTICES = 20,
	REST_STEP_MS = 60 * 1000,
	REST_MOST = 24 * 60, /* steps until what is not done will never be */
	LONG_WORDS = 250,
	FIRST_IP = 0x0A000064,
};

#define PASSWORD "secret"

/* What is the matter with a client, and until when. */
struct plight {
	int64_t away_ms, cut_ms; /* NEVER_MS: nothing */
};

struct play {
	const struct trial *trial;
	struct rng rng; /* the director's own */
	struct world *world;
	struct machine server;
	struct oracle *oracle;
	struct user users[USERS];
	struct foreign foreigners[FOREIGNERS];
	struct hostile hostile;
	struct plight plights[EVERYBODY];
	uint32_t said;
	int64_t skew_s;		       /* of the civil clock */
	int64_t boot_ms, disk_well_ms; /* NEVER_MS */
};

static const struct foreign_habits habits[FOREIGNERS] = {
	{ MEMORY_SESSION, true, 1 },  { MEMORY_FOREVER, true, 1 }, { MEMORY_LAST, true, 1 },
	{ MEMORY_SESSION, false, 1 }, { MEMORY_SESSION, true, 6 },
};

static int64_t now_ms(const struct play *p)
{
	return world_now(p->world).mono_ms;
}

static uint32_t below(struct play *p, uint32_t n)
{
	return rng_below(&p->rng, n);
}

static bool happens(struct play *p, uint32_t per_mille)
{
	return below(p, 1000) < per_mille;
}

static int64_t later(struct play *p, uint32_t most_ms)
{
	return now_ms(p) + 1 + below(p, most_ms);
}

/* ---- who is there ---------------------------------------------------------------------- */

static struct addr address(uint32_t who)
{
	return addr_v4(FIRST_IP + who, 1024);
}

static struct host *host_of(struct play *p, uint32_t who)
{
	return who < USERS ? &p->users[who].host : &p->foreigners[who - USERS].host;
}

/* What our clients show. */
static void on_event(void *ctx, struct user *u, const struct icq_client_event *ev)
{
	struct play *p = ctx;

	if (ev->kind == ICQ_CLIENT_EV_MESSAGE)
		oracle_shown(p->oracle, (uint32_t)(u - p->users), 0, ev->message.text.p,
			     ev->message.text.len);
}

static void settle_users(struct play *p)
{
	for (uint32_t i = 0; i < USERS; i++) {
		struct user *u = &p->users[i];

		user_init(u, p->world, address(i), p->server.host.addr, PASSWORD);
		u->watch = on_event;
		u->watch_ctx = p;
		u->uin = machine_account(&p->server, PASSWORD);
		oracle_add(p->oracle, MEMORY_HISTORY);
		user_start(u);
		user_login(u, ICQ_STATUS_online);
		for (uint32_t j = 0; j < EVERYBODY; j++)
			if (j != i)
				user_list(u, STORE_FIRST_UIN + j);
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

static void befall(void *ctx, const struct passage *passage, struct fate *fate);

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
	world_watch(p->world, befall, t->trace ? on_trace : NULL, p);
	machine_init(&p->server, p->world);
	set_limits(&p->server.conf);
	p->server.sabotage.off = t->off;
	p->oracle = oracle_new(&p->server);
	for (uint32_t i = 0; i < EVERYBODY; i++)
		p->plights[i] = (struct plight){ NEVER_MS, NEVER_MS };
	machine_start(&p->server);
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
	machine_free(&p->server);
	oracle_free(&p->oracle);
	world_free(&p->world);
}

/* ---- what befalls them ----------------------------------------------------------------- */

/* UDP's check sum lets no datagram arrive cut. Those that do all the same are acknowledged and
 * dropped, as the protocol wants it, so a message must not be one of them; nor a command in
 * words, which is read loosely, because old clients get its length wrong. */
static bool may_be_cut(uint16_t command)
{
	static const enum icq_id whole[] = { M_c_text_code, M_c_send_message, M_c_message_new_user,
					     M_s_message, M_s_stored_message };

	for (size_t i = 0; i < sizeof(whole) / sizeof(*whole); i++)
		if (command == icq_describe(whole[i])->code)
			return false;
	return true;
}

/* The line of some is cut. */
static void befall(void *ctx, const struct passage *passage, struct fate *fate)
{
	struct play *p = ctx;
	const struct addr *client = passage->channel == ICQ_SERVER ? passage->to : passage->from;
	uint32_t who = addr_ip4(client) - FIRST_IP;

	if (who < EVERYBODY && p->plights[who].cut_ms != NEVER_MS)
		fate->copies = 0;
	if (!may_be_cut(passage->command))
		fate->cut = 0;
}

static void change_weather(struct play *p)
{
	const struct weather *worst = &p->trial->scenario->worst;

	world_set_weather(p->world,
			  (struct weather){ .loss_percent = below(p, worst->loss_percent + 1),
					    .repeat_percent = below(p, worst->repeat_percent + 1),
					    .delay_ms = 1 + below(p, 2 * (uint32_t)worst->delay_ms),
					    .jitter_ms = below(p, (uint32_t)worst->jitter_ms + 1),
					    .cut_percent = below(p, worst->cut_percent + 1) });
}

static void crash_server(struct play *p)
{
	if (!p->server.srv)
		return;
	if (below(p, 2))
		p->server.writes_left = below(p, 12);
	else
		machine_crash(&p->server);
}

/* By minutes or by days, forward or back. */
static void set_clock(struct play *p)
{
	uint32_t most_s = below(p, 2) ? CLOCK_S : CLOCK_DAYS * 24 * 3600;
	int64_t by_s = (int64_t)below(p, 2 * most_s) - most_s;

	p->skew_s += by_s;
	world_set_clock(p->world, by_s);
}

/* Nobody starts a server with a clock that is grossly wrong: the life of keys goes on by it. */
static void right_clock(struct play *p)
{
	if (p->skew_s >= -CLOCK_S && p->skew_s <= CLOCK_S)
		return;
	world_set_clock(p->world, -p->skew_s);
	p->skew_s = 0;
}

/* Sooner or later somebody switches it on again; now and then that goes wrong, too. */
static void keep_server_on(struct play *p)
{
	if (p->server.srv)
		return;
	if (p->boot_ms == NEVER_MS)
		p->boot_ms = later(p, below(p, 10) ? 2000 : 60000);
	if (p->boot_ms > now_ms(p))
		return;
	p->boot_ms = NEVER_MS;
	right_clock(p);
	while (!below(p, 3))
		machine_start_and_crash(&p->server, below(p, EVERYBODY + 1));
	machine_start(&p->server);
	if (!below(p, 4)) /* in the first writes after the start */
		p->server.writes_left = below(p, 4);
}

static void trouble_disk(struct play *p)
{
	const struct scenario *s = p->trial->scenario;

	if (happens(p, s->slow)) {
		p->server.commit_ms = below(p, 8000);
		p->disk_well_ms = later(p, 20000);
	}
	if (happens(p, s->full)) {
		p->server.full = true;
		p->disk_well_ms = later(p, 30000);
	}
	if (happens(p, s->failing))
		p->server.failing = true;
	if (p->disk_well_ms > now_ms(p))
		return;
	p->disk_well_ms = NEVER_MS;
	p->server.commit_ms = 3;
	p->server.full = false;
}

static void send_away(struct play *p, uint32_t who, bool politely)
{
	if (p->plights[who].away_ms != NEVER_MS)
		return;
	p->plights[who].away_ms = later(p, below(p, 8) ? 20000 : 600000);
	if (who >= USERS)
		(politely ? foreign_logout : foreign_crash)(&p->foreigners[who - USERS]);
	else if (politely)
		user_logout(&p->users[who]);
	else
		user_crash(&p->users[who]);
}

static void bring_back(struct play *p, uint32_t who)
{
	struct plight *plight = &p->plights[who];

	if (plight->cut_ms <= now_ms(p))
		plight->cut_ms = NEVER_MS;
	if (plight->away_ms > now_ms(p))
		return;
	plight->away_ms = NEVER_MS;
	if (who >= USERS) {
		foreign_login(&p->foreigners[who - USERS]);
		return;
	}
	if (!p->users[who].client)
		user_start(&p->users[who]);
	user_login(&p->users[who], ICQ_STATUS_online);
}

/* Who was sent away, or gave up on his own, comes back. */
static void keep_users_on(struct play *p)
{
	for (uint32_t i = 0; i < USERS; i++) {
		struct user *u = &p->users[i];
		enum icq_client_state state = u->client ? icq_client_get_state(u->client)
							: ICQ_CLIENT_ONLINE;

		if (p->plights[i].away_ms == NEVER_MS &&
		    (state == ICQ_CLIENT_OFFLINE || state == ICQ_CLIENT_REFUSED))
			user_login(u, ICQ_STATUS_online);
	}
}

static void trouble_clients(struct play *p)
{
	const struct scenario *s = p->trial->scenario;
	uint32_t who = below(p, EVERYBODY);

	if (happens(p, s->client_crash))
		send_away(p, who, false);
	if (happens(p, s->absence))
		send_away(p, who, true);
	if (happens(p, s->cut))
		p->plights[who].cut_ms = later(p, below(p, 4) ? 30000 : 500000);
	if (happens(p, s->rebind))
		host_of(p, who)->addr.port += 100;
	for (uint32_t i = 0; i < EVERYBODY; i++)
		bring_back(p, i);
	keep_users_on(p);
}

static void trouble_world(struct play *p)
{
	const struct scenario *s = p->trial->scenario;

	if (happens(p, s->weather))
		change_weather(p);
	if (happens(p, s->clock))
		set_clock(p);
	if (happens(p, s->hostile))
		hostile_act(&p->hostile);
	if (happens(p, s->crash))
		crash_server(p);
}

/* ---- the play -------------------------------------------------------------------------- */

static uint32_t word_count(struct play *p)
{
	return below(p, 20) ? 1 + below(p, 6) : 1 + below(p, LONG_WORDS);
}

static void say(struct play *p)
{
	uint32_t from = below(p, EVERYBODY), to = below(p, EVERYBODY);
	uint32_t uin = STORE_FIRST_UIN + to;
	char text[ORACLE_TEXT_MAX];
	struct foreign *f = from < USERS ? NULL : &p->foreigners[from - USERS];
	size_t n;

	if (f ? f->state != FOREIGN_ONLINE : !p->users[from].client)
		return;
	if (!below(p, 50)) { /* nobody */
		to = ORACLE_NOBODY;
		uin = STORE_FIRST_UIN + 1000;
	}
	n = oracle_say(p->oracle, from, to, f ? 1 + below(p, 20) : word_count(p), text);
	p->said++;
	if (f)
		foreign_say(f, uin, text, n);
	else
		icq_client_send(p->users[from].client, world_now(p->world), 0, uin, T_text,
				(struct icq_str){ (const uint8_t *)text, (uint16_t)n });
}

static void step(struct play *p)
{
	trouble_world(p);
	trouble_disk(p);
	trouble_clients(p);
	say(p);
	if (!below(p, 10)) /* several at once */
		for (uint32_t i = below(p, 8); i > 0; i--)
			say(p);
	world_run(p->world, 1 + below(p, 2 * STEP_MS));
	keep_server_on(p);
}

/* No more trouble, and everybody comes back. */
static void make_peace(struct play *p)
{
	world_set_weather(p->world, (struct weather){ .delay_ms = 20 });
	p->server.writes_left = MACHINE_NO_CRASH;
	p->server.failing = false;
	p->server.full = false;
	p->server.commit_ms = 3;
	if (!p->server.srv) {
		right_clock(p);
		machine_start(&p->server);
	}
	for (uint32_t i = 0; i < EVERYBODY; i++) {
		p->plights[i].cut_ms = NEVER_MS;
		if (p->plights[i].away_ms != NEVER_MS)
			p->plights[i].away_ms = now_ms(p);
		bring_back(p, i);
	}
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
	make_peace(p);
	for (int i = 0; i < REST_MOST; i++) {
		world_run(p->world, REST_STEP_MS);
		keep_users_on(p);
		if (oracle_at_rest(p->oracle) && sent_everything(p))
			break;
	}
	world_run(p->world, REST_STEP_MS);
}

struct verdict trial_run(const struct trial *t)
{
	struct play *p = malloc(sizeof(*p));
	uint32_t messages = t->messages ? t->messages : t->scenario->messages;
	struct verdict v;

	if (!p)
		abort();
	raise_curtain(p, t);
	while (p->said < messages && !oracle_verdict(p->oracle)->broken)
		step(p);
	if (!oracle_verdict(p->oracle)->broken)
		come_to_rest(p);
	v = *oracle_end(p->oracle);
	drop_curtain(p);
	free(p);
	return v;
}
