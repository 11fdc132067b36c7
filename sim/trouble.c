/* SPDX-License-Identifier: MIT */
/* What befalls a world, and how it recovers. */
#include "sim/play.h"

enum {
	CLOCK_S = 5 * 60, /* well within the life of the keys of repeats */
	CLOCK_DAYS = 7,
	BREAKS = 100,	/* of 10,000 pieces on a stream, at worst */
	AFTERMATH = 10, /* messages that are said after a planned crash */
};

static bool happens(struct play *p, uint32_t per_mille)
{
	return play_below(p, 1000) < per_mille;
}

static int64_t later(struct play *p, uint32_t most_ms)
{
	return play_now_ms(p) + 1 + play_below(p, most_ms);
}

static struct host *host_of(struct play *p, uint32_t who)
{
	return who < USERS ? &p->users[who].host : &p->foreigners[who - USERS].host;
}

/* ---- the network ----------------------------------------------------------------------- */

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
void trouble_befall(void *ctx, const struct passage *passage, struct fate *fate)
{
	struct play *p = ctx;
	const struct addr *client = passage->channel == ICQ_SERVER ? passage->to : passage->from;
	uint32_t who = addr_ip4(client) - FIRST_IP;

	if (who < EVERYBODY && p->plights[who].cut_ms != NEVER_MS)
		fate->copies = 0;
	if (!may_be_cut(passage->command))
		fate->cut = 0;
}

static uint32_t index_of(const struct host *h)
{
	return h ? addr_ip4(&h->addr) - FIRST_IP : ORACLE_NOBODY;
}

bool trouble_reaches(void *ctx, const struct host *from, const struct host *to)
{
	const struct play *p = ctx;

	return p->plights[index_of(from)].cut_ms == NEVER_MS &&
	       p->plights[index_of(to)].cut_ms == NEVER_MS;
}

void trouble_hung_up(void *ctx, const struct host *a, const struct host *b)
{
	struct play *p = ctx;

	oracle_stream_down(p->oracle, index_of(a), index_of(b));
}

static void change_weather(struct play *p)
{
	const struct weather *worst = &p->trial->scenario->worst;

	world_set_weather(
		p->world,
		(struct weather){ .loss_percent = play_below(p, worst->loss_percent + 1),
				  .repeat_percent = play_below(p, worst->repeat_percent + 1),
				  .delay_ms = 1 + play_below(p, 2 * (uint32_t)worst->delay_ms),
				  .jitter_ms = play_below(p, (uint32_t)worst->jitter_ms + 1),
				  .cut_percent = play_below(p, worst->cut_percent + 1) });
	if (p->streams)
		streams_set(p->streams,
			    (struct currents){
				    .delay_ms = play_below(p, (uint32_t)worst->jitter_ms + 1),
				    .break_per_10000 = play_below(p, BREAKS) });
}

/* ---- the server ------------------------------------------------------------------------ */

static void crash_server(struct play *p)
{
	if (!p->server.srv)
		return;
	if (play_below(p, 2))
		p->server.writes_left = play_below(p, 12);
	else
		machine_crash(&p->server);
}

/* By minutes or by days, forward or back. */
static void set_clock(struct play *p)
{
	uint32_t most_s = play_below(p, 2) ? CLOCK_S : CLOCK_DAYS * 24 * 3600;
	int64_t by_s = (int64_t)play_below(p, 2 * most_s) - most_s;

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

void trouble_switch_on(struct play *p)
{
	if (p->server.srv)
		return;
	right_clock(p);
	machine_start(&p->server);
}

/* Sooner or later somebody switches it on again; now and then that goes wrong, too. */
void trouble_keep_server_on(struct play *p)
{
	if (p->server.srv)
		return;
	if (p->boot_ms == NEVER_MS)
		p->boot_ms = later(p, play_below(p, 10) ? 2000 : 60000);
	if (p->boot_ms > play_now_ms(p))
		return;
	p->boot_ms = NEVER_MS;
	right_clock(p);
	while (!play_below(p, 3))
		machine_start_and_crash(&p->server, play_below(p, EVERYBODY + 1));
	trouble_switch_on(p);
	if (!play_below(p, 4)) /* in the first writes after the start */
		p->server.writes_left = play_below(p, 4);
}

/* After the planned crash it is switched on at once, and soon all is said. */
void trouble_follow_plan(struct play *p)
{
	uint64_t write = p->trial->crash.write;

	if (p->struck || !p->server.struck)
		return;
	p->struck = true;
	if (p->most > p->said + AFTERMATH)
		p->most = p->said + AFTERMATH;
	if (p->server.srv)
		return;
	if (p->trial->twice) {
		right_clock(p);
		machine_start_and_crash(&p->server, (uint32_t)(write % (EVERYBODY + 1)));
	}
	trouble_switch_on(p);
	if (p->trial->twice)
		p->server.writes_left = (int64_t)(write % 5);
}

static void trouble_disk(struct play *p)
{
	const struct scenario *s = p->trial->scenario;

	if (happens(p, s->slow)) {
		p->server.commit_ms = play_below(p, 8000);
		p->disk_well_ms = later(p, 20000);
	}
	if (happens(p, s->full)) {
		p->server.full = true;
		p->disk_well_ms = later(p, 30000);
	}
	if (happens(p, s->failing))
		p->server.failing = true;
	if (p->disk_well_ms > play_now_ms(p))
		return;
	p->disk_well_ms = NEVER_MS;
	p->server.commit_ms = 3;
	p->server.full = false;
}

/* ---- the clients ----------------------------------------------------------------------- */

static void crash_user(struct play *p, uint32_t who)
{
	user_crash(&p->users[who]);
	oracle_left(p->oracle, who);
	company_left(p, who);
}

static void send_away(struct play *p, uint32_t who, bool politely)
{
	if (p->plights[who].away_ms != NEVER_MS)
		return;
	p->plights[who].away_ms = later(p, play_below(p, 8) ? 20000 : 600000);
	if (who < USERS)
		company_leaves(p, who);
	if (who >= USERS)
		(politely ? foreign_logout : foreign_crash)(&p->foreigners[who - USERS]);
	else if (politely)
		user_logout(&p->users[who]);
	else
		crash_user(p, who);
}

static void bring_back(struct play *p, uint32_t who)
{
	struct plight *plight = &p->plights[who];

	if (plight->cut_ms <= play_now_ms(p))
		plight->cut_ms = NEVER_MS;
	if (plight->away_ms > play_now_ms(p))
		return;
	plight->away_ms = NEVER_MS;
	if (who >= USERS) {
		foreign_login(&p->foreigners[who - USERS]);
		return;
	}
	play_switch_on(p, who);
}

/* Who was sent away, or gave up on his own, comes back. */
void trouble_keep_users_on(struct play *p)
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
	uint32_t who = play_below(p, EVERYBODY);

	if (happens(p, s->client_crash))
		send_away(p, who, false);
	if (happens(p, s->absence))
		send_away(p, who, true);
	if (happens(p, s->cut))
		p->plights[who].cut_ms = later(p, play_below(p, 4) ? 30000 : 500000);
	if (happens(p, s->rebind))
		host_of(p, who)->addr.port += 100;
	if (p->streams && happens(p, s->hang_up))
		streams_break(p->streams, host_of(p, who));
	for (uint32_t i = 0; i < EVERYBODY; i++)
		bring_back(p, i);
	trouble_keep_users_on(p);
}

/* ---- all of it ------------------------------------------------------------------------- */

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

void trouble_make(struct play *p)
{
	trouble_world(p);
	trouble_disk(p);
	trouble_clients(p);
}

void trouble_end(struct play *p)
{
	world_set_weather(p->world, (struct weather){ .delay_ms = 20 });
	p->server.writes_left = MACHINE_NO_CRASH;
	p->server.failing = false;
	p->server.full = false;
	p->server.commit_ms = 3;
	trouble_switch_on(p);
	for (uint32_t i = 0; i < EVERYBODY; i++) {
		p->plights[i].cut_ms = NEVER_MS;
		if (p->plights[i].away_ms != NEVER_MS)
			p->plights[i].away_ms = play_now_ms(p);
		bring_back(p, i);
	}
}
