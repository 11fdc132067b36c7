/* SPDX-License-Identifier: MIT */
#include "sim/company.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "sim/play.h"

enum {
	SIZE_MOST = 50000,
	AGAIN_MS = 40 * 1000, /* until a transfer that failed is tried again */
	STALE_MS = 10 * 60 * 1000,
	PATIENCE = 5, /* tries until one logs in anew */
	LEAVING_MS = 5000,
	TRIES = 40,	/* after which a file should have arrived */
	WALL_TRIES = 3, /* where it cannot */
	REQUESTS = 16,	/* that are looked at in one go */
};

/* Requests: a bit for what was asked, and below it the user or the offer. */
#define PEEKED (UINT64_C(1) << 41)
#define OFFERED (UINT64_C(1) << 42)
#define CHATTED (UINT64_C(1) << 43)
#define TYPED (UINT64_C(1) << 44)

static struct icq_client *client_of(struct play *p, uint32_t who)
{
	return p->users[who].client;
}

static uint32_t index_of(uint32_t uin)
{
	return uin - STORE_FIRST_UIN;
}

static bool happens(struct play *p, uint32_t per_mille)
{
	return play_below(p, 1000) < per_mille;
}

/* ---- files ----------------------------------------------------------------------------- */

static struct offer *offer_of(struct play *p, uint32_t from, uint32_t number)
{
	for (struct offer *f = p->company.offers; f < p->company.offers + OFFERS; f++)
		if (f->used && number && f->from == from && f->number == number)
			return f;
	return NULL;
}

static bool in_reach(const struct offer *f)
{
	return f->to != BEHIND_WALL;
}

static void try_later(struct play *p, struct offer *f)
{
	f->number = 0;
	f->paused = false;
	f->again_ms = play_now_ms(p) + AGAIN_MS;
	if (++f->tries > TRIES && p->company.peace && in_reach(f))
		oracle_file_given_up(p->oracle, f->ids[0]);
	if (f->tries > (in_reach(f) ? TRIES : WALL_TRIES))
		f->used = false;
	/* A contact list that a crash of the server made it forget comes with the next login. */
	else if (p->company.peace && f->tries % PATIENCE == 0 && client_of(p, f->from))
		p->company.tired[f->from] = true;
}

static void ask(struct play *p, struct offer *f)
{
	struct icq_client_file files[OFFER_FILES];
	char names[OFFER_FILES][16];
	uint64_t request = OFFERED | (uint64_t)(f - p->company.offers);

	for (size_t i = 0; i < f->count; i++) {
		snprintf(names[i], sizeof(names[i]), "%u.bin", f->ids[i]);
		files[i] = (struct icq_client_file){ icq_str_of(names[i]),
						     oracle_file_size(p->oracle, f->ids[i]) };
	}
	f->again_ms = play_now_ms(p) + STALE_MS;
	f->number = icq_client_send_files(client_of(p, f->from), world_now(p->world), request,
					  STORE_FIRST_UIN + f->to, files, f->count,
					  icq_str_of("have a look"));
}

static void begin_offer(struct play *p)
{
	struct offer *f = p->company.offers;

	while (f < p->company.offers + OFFERS && f->used)
		f++;
	if (f == p->company.offers + OFFERS)
		return;
	*f = (struct offer){ .used = true,
			     .from = play_below(p, USERS),
			     .to = play_below(p, USERS),
			     .count = 1 + play_below(p, OFFER_FILES) };
	f->used = f->from != f->to;
	for (size_t i = 0; f->used && i < f->count; i++)
		f->ids[i] = oracle_offer(p->oracle, f->from, f->to,
					 play_below(p, 5) ? play_below(p, SIZE_MOST) : 0);
}

/* Rests now and then, goes on, or begins once more when it failed or never came about. */
static void go_on(struct play *p, struct offer *f)
{
	struct icq_client *c = client_of(p, f->from);

	if (!f->used || !c || icq_client_get_state(c) != ICQ_CLIENT_ONLINE)
		return;
	if (f->number && (f->paused || (!p->company.peace && happens(p, 20)))) {
		f->paused = !f->paused;
		icq_client_pause(c, world_now(p->world), 0, f->number, f->paused);
	}
	if (f->again_ms > play_now_ms(p))
		return;
	if (f->number) {
		icq_client_cancel(c, world_now(p->world), 0, f->number);
		try_later(p, f);
	} else {
		ask(p, f);
	}
}

/* How it goes with an offer. */
static void note(const struct play *p, uint32_t from, uint32_t to, const char *what,
		 const char *why)
{
	char line[160];

	snprintf(line, sizeof(line), "#### files of user %u for user %u: %s, %s", from, to, what,
		 why ? why : "-");
	world_trace(p->world, line);
}

/* When all has come the receiver ends the stream. If he ends it to leave, while the last bytes are
 * on their way, that looks alike to the sender. */
static bool just_left(const struct play *p, uint32_t who)
{
	return play_now_ms(p) - p->company.left_ms[who] < LEAVING_MS;
}

static void on_transfer(struct play *p, uint32_t who, const struct icq_client_event *ev)
{
	struct offer *f = ev->transfer.sending ? offer_of(p, who, ev->transfer.number) : NULL;
	enum icq_client_transfer_state state = ev->transfer.state;

	if (!f)
		return;
	note(p, f->from, f->to, icq_client_transfer_state_name(state), ev->transfer.reason);
	if (state == ICQ_CLIENT_TRANSFER_FAILED ||
	    (state == ICQ_CLIENT_TRANSFER_STOPPED && p->company.peace)) {
		try_later(p, f);
	} else if (state == ICQ_CLIENT_TRANSFER_STOPPED) {
		f->used = false;
	} else if (state == ICQ_CLIENT_TRANSFER_DONE && just_left(p, f->to)) {
		try_later(p, f);
	} else if (state == ICQ_CLIENT_TRANSFER_DONE) {
		for (size_t i = 0; i < f->count; i++)
			oracle_file_done(p->oracle, f->ids[i]);
		f->used = false;
	}
}

/* ---- the disk -------------------------------------------------------------------------- */

static void open_file(struct play *p, uint32_t who, uint32_t transfer, uint32_t id)
{
	struct company *c = &p->company;

	c->opened[who][c->next_opened[who]++ % OPENED] = (struct opened){ transfer, id };
}

/* The file that a transfer is at: the last one that was made for it. */
static uint32_t file_of(const struct play *p, uint32_t who, uint32_t transfer)
{
	const struct company *c = &p->company;

	for (uint32_t i = 1; i <= OPENED && i <= c->next_opened[who]; i++) {
		const struct opened *o = &c->opened[who][(c->next_opened[who] - i) % OPENED];

		if (o->transfer == transfer)
			return o->id;
	}
	return ORACLE_NOBODY;
}

static void create(struct play *p, uint32_t who, struct icq_client_file_job *job)
{
	char name[16] = "";
	uint32_t id;

	if (job->name.len < sizeof(name))
		memcpy(name, job->name.p, job->name.len);
	id = (uint32_t)strtoul(name, NULL, 10);
	if (oracle_file_create(p->oracle, who, job->uin, id, job->size, &job->offset))
		open_file(p, who, job->transfer, id);
	else
		job->err = -ICQ_EDENIED;
}

static void read_file(struct play *p, uint32_t who, struct icq_client_file_job *job, uint8_t *bytes)
{
	const struct offer *f = offer_of(p, who, job->transfer);

	if (f)
		job->n = oracle_file_read(p->oracle, f->ids[job->file], job->offset, job->n, bytes);
	else
		job->err = -ICQ_EIO;
}

void company_file(void *ctx, struct user *u, struct icq_client_file_job *job, uint8_t *bytes)
{
	struct play *p = ctx;
	uint32_t who = (uint32_t)(u - p->users);
	uint32_t id = file_of(p, who, job->transfer);

	job->err = 0;
	switch (job->kind) {
	case ICQ_CLIENT_FILE_READ:
		read_file(p, who, job, bytes);
		break;
	case ICQ_CLIENT_FILE_CREATE:
		create(p, who, job);
		break;
	case ICQ_CLIENT_FILE_WRITE:
		oracle_file_write(p->oracle, id, job->offset, bytes, job->n);
		break;
	case ICQ_CLIENT_FILE_FINISH:
		oracle_file_finish(p->oracle, id);
		break;
	}
}

/* ---- chats ----------------------------------------------------------------------------- */

static void begin_chat(struct play *p, uint32_t who, uint32_t whom)
{
	icq_client_chat(client_of(p, who), world_now(p->world), CHATTED | who,
			STORE_FIRST_UIN + whom, icq_str_of("come in"),
			p->company.chats[who].session);
}

static void type(struct play *p, uint32_t who)
{
	char line[ORACLE_LINE_MAX];

	oracle_line(p->company.chats[who].session, p->company.chats[who].typed + 1, line);
	icq_client_chat_type(client_of(p, who), world_now(p->world), TYPED | who,
			     p->company.chats[who].session, line);
}

static void leave_chat(struct play *p, uint32_t who)
{
	icq_client_cancel(client_of(p, who), world_now(p->world), 0, p->company.chats[who].session);
}

static void on_chat(struct play *p, uint32_t who, const struct icq_client_event *ev)
{
	uint32_t session = ev->chat.session, whom = index_of(ev->chat.uin);

	if (!ev->chat.uin) {
		if (p->company.chats[who].session == session)
			p->company.chats[who].session = 0;
		return;
	}
	if (ev->chat.what == ICQ_CLIENT_CHAT_OPEN || ev->chat.what == ICQ_CLIENT_CHAT_CLOSE)
		oracle_chat_met(p->oracle, who, session, whom);
	else if (ev->chat.what == ICQ_CLIENT_CHAT_TEXT)
		oracle_chat_heard(p->oracle, who, session, whom, &ev->chat.text);
	if (ev->chat.what == ICQ_CLIENT_CHAT_OPEN && !p->company.chats[who].session) {
		p->company.chats[who].session = session;
		p->company.chats[who].typed = 0;
	}
}

static void chat(struct play *p, uint32_t who, uint32_t whom)
{
	const struct scenario *s = p->trial->scenario;

	if (p->company.chats[who].session && happens(p, 10))
		leave_chat(p, who);
	else if (p->company.chats[who].session)
		for (uint32_t lines = play_below(p, 4); lines > 0; lines--)
			type(p, who);
	if (who != whom && happens(p, s->chats))
		begin_chat(p, who, whom);
}

/* ---- all of it ------------------------------------------------------------------------- */

/* Says yes or no to those who ask, some time. */
static void answer(struct play *p, uint32_t who)
{
	struct icq_client_request request;
	uint32_t numbers[REQUESTS];
	size_t count = 0;

	for (size_t i = 0;
	     count < REQUESTS && icq_client_request_at(client_of(p, who), i, &request); i++)
		if (!request.ours && (p->company.peace || !play_below(p, 3)))
			numbers[count++] = request.number;
	for (size_t i = 0; i < count; i++) {
		if (p->company.peace || play_below(p, 8))
			icq_client_accept(client_of(p, who), world_now(p->world), 0, numbers[i]);
		else
			icq_client_refuse(client_of(p, who), world_now(p->world), 0, numbers[i],
					  icq_str_of("no"));
	}
}

static void change_mood(struct play *p, uint32_t who)
{
	static const enum icq_status moods[] = { ICQ_STATUS_online, ICQ_STATUS_online,
						 ICQ_STATUS_away, ICQ_STATUS_na, ICQ_STATUS_dnd };

	user_status(&p->users[who], moods[play_below(p, sizeof(moods) / sizeof(*moods))]);
}

static void peek(struct play *p, uint32_t who, uint32_t whom)
{
	oracle_peeks(p->oracle, who);
	icq_client_peek(client_of(p, who), world_now(p->world), PEEKED | whom,
			STORE_FIRST_UIN + whom);
}

void company_mingle(struct play *p)
{
	const struct scenario *s = p->trial->scenario;
	uint32_t who = play_below(p, USERS), whom = play_below(p, USERS);

	if (happens(p, s->files))
		begin_offer(p);
	for (struct offer *f = p->company.offers; f < p->company.offers + OFFERS; f++)
		go_on(p, f);
	if (!client_of(p, who))
		return;
	if (happens(p, s->moods))
		change_mood(p, who);
	if (who != whom && happens(p, s->peeks))
		peek(p, who, whom);
	answer(p, who);
	if (s->chats)
		chat(p, who, whom);
}

void company_leaves(struct play *p, uint32_t who)
{
	p->company.left_ms[who] = play_now_ms(p);
}

void company_settle(struct play *p)
{
	for (uint32_t i = 0; i < USERS; i++) {
		if (!client_of(p, i))
			continue;
		if (p->company.tired[i]) {
			company_leaves(p, i);
			user_logout(&p->users[i]);
		}
		p->company.tired[i] = false;
		if (!p->company.peace && p->streams)
			user_status(&p->users[i], ICQ_STATUS_online); /* a busy client refuses */
		answer(p, i);
	}
	if (!p->company.peace)
		for (struct offer *f = p->company.offers; f < p->company.offers + OFFERS; f++)
			f->tries = 0;
	p->company.peace = true;
	for (struct offer *f = p->company.offers; f < p->company.offers + OFFERS; f++)
		go_on(p, f);
}

bool company_is_settled(const struct play *p)
{
	for (const struct offer *f = p->company.offers; f < p->company.offers + OFFERS; f++)
		if (f->used)
			return false;
	return true;
}

static void fail(struct play *p, struct offer *f, const struct icq_client_event *ev)
{
	note(p, f->from, f->to, icq_client_error_name(ev->result.error), ev->result.detail);
	try_later(p, f);
}

void company_on_result(struct play *p, uint32_t who, const struct icq_client_event *ev)
{
	uint32_t about = (uint32_t)ev->result.request;
	bool ok = ev->result.error == ICQ_CLIENT_OK;

	if (ev->result.request & PEEKED)
		oracle_peeked(p->oracle, who, about, ev->result.peeked ? &ev->result.text : NULL);
	else if (ev->result.request & OFFERED && !ok)
		fail(p, &p->company.offers[about], ev);
	else if (ev->result.request & TYPED && ok)
		p->company.chats[who].typed++;
}

void company_on_event(struct play *p, uint32_t who, const struct icq_client_event *ev)
{
	if (ev->kind == ICQ_CLIENT_EV_TRANSFER)
		on_transfer(p, who, ev);
	else if (ev->kind == ICQ_CLIENT_EV_CHAT)
		on_chat(p, who, ev);
}

void company_left(struct play *p, uint32_t who)
{
	for (struct offer *f = p->company.offers; f < p->company.offers + OFFERS; f++)
		if (f->used && f->from == who)
			try_later(p, f);
	p->company.chats[who].session = 0;
}
