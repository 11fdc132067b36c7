/* SPDX-License-Identifier: MIT */
#include "server/session.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "server/core.h"

enum {
	SILENCE_LEAST_MS = 300 * 1000,
	RESERVE_RETRY_MS = 1000,
	WELCOME_BYTES = 40,
	SEQ_AHEAD = 64,	     /* how far above the highest number a client may jump */
	FALSE_ACKS_MOST = 3, /* numbers never sent that an unverified address may acknowledge */
};

/* ---- the table ------------------------------------------------------------------------- */

int sessions_init(struct sessions *t, uint32_t cap)
{
	*t = (struct sessions){ .cap = cap, .fresh = 1 };
	t->at = calloc(cap + 1u, sizeof(*t->at));
	t->by_uin = uintab_new();
	return t->at && t->by_uin ? 0 : -ICQ_ENOMEM;
}

void sessions_free(struct sessions *t, struct link_pool *pool)
{
	for (uint32_t i = 1; i < t->fresh; i++) {
		link_close(&t->at[i].link, pool);
		link_pool_give(pool, t->at[i].search, sizeof(*t->at[i].search));
	}
	free(t->at);
	uintab_free(&t->by_uin);
	*t = (struct sessions){ 0 };
}

struct session *session_at(const struct sessions *t, uint32_t place)
{
	return place ? &t->at[place] : NULL;
}

struct session *session_find(const struct sessions *t, uint32_t uin)
{
	return session_at(t, uintab_get(t->by_uin, uin));
}

uint32_t session_place(const struct sessions *t, const struct session *s)
{
	return (uint32_t)(s - t->at);
}

const struct session *session_shown(const struct server *srv, uint32_t uin)
{
	if (uin == STORE_ECHO_UIN && srv->conf.echo)
		return &srv->echo;
	return session_find(&srv->sessions, uin);
}

uint64_t session_cookie(const struct session *s)
{
	return s ? (uint64_t)s->uin << 32 | (uint32_t)s->epoch : 0;
}

struct session *session_by_cookie(const struct sessions *t, uint64_t cookie)
{
	struct session *s = session_find(t, (uint32_t)(cookie >> 32));

	return s && session_cookie(s) == cookie ? s : NULL;
}

static struct session *place_take(struct sessions *t, uint32_t uin)
{
	uint32_t place = t->free;

	if (t->count >= t->cap)
		return NULL;
	if (!place)
		place = t->fresh;
	if (uintab_set(t->by_uin, uin, place) < 0)
		return NULL;
	if (t->free)
		t->free = t->at[place].next_free;
	else
		t->fresh++;
	t->count++;
	return &t->at[place];
}

static void place_give(struct sessions *t, struct session *s)
{
	uintab_set(t->by_uin, s->uin, 0);
	*s = (struct session){ .next_free = t->free };
	t->free = session_place(t, s);
	t->count--;
}

/* ---- begin and end --------------------------------------------------------------------- */

static const struct {
	const char *why;
	size_t counter; /* offset in struct srv_counters */
} ends[] = {
	[END_LOGOUT] = { "logout", offsetof(struct srv_counters, logouts) },
	[END_SILENCE] = { "silence", offsetof(struct srv_counters, expired) },
	[END_LOST] = { "no acknowledgement", offsetof(struct srv_counters, expired) },
	[END_SPENT] = { "numbers used up", offsetof(struct srv_counters, expired) },
	[END_RUBBISH] = { "rubbish", offsetof(struct srv_counters, expired) },
	[END_REPLACED] = { "another login", offsetof(struct srv_counters, replaced) },
	[END_KICKED] = { "operator", offsetof(struct srv_counters, kicked) },
	[END_CLOSED] = { "server stops", offsetof(struct srv_counters, kicked) },
};

static void end_stored(struct server *srv, uint32_t uin, uint64_t epoch)
{
	struct job job = { .kind = JOB_SESSION_END,
			   .session = { .uin = uin, .epoch = epoch, .now_s = srv->now.unix_s } };

	srv_submit(srv, &job);
}

void session_end(struct server *srv, struct session *s, enum session_end why)
{
	++*(uint64_t *)((char *)&srv->counters + ends[why].counter);
	srv_log(srv, LOG_LEVEL_INFO, "session_end", s->uin, &s->addr, ends[why].why);
	if (why != END_REPLACED && why != END_CLOSED) {
		presence_left(srv, s);
		end_stored(srv, s->uin, s->epoch);
	}
	presence_forget(srv, s);
	chance_join(srv, s, 0);
	directory_forget(srv, s);
	link_close(&s->link, srv->pool);
	heap_remove(&srv->timers, &s->timer);
	place_give(&srv->sessions, s);
}

static void fill(struct server *srv, struct session *s, const struct job_session *stored)
{
	s->uin = stored->uin;
	s->addr = stored->addr;
	s->epoch = stored->epoch;
	s->dialect = dialect_of(stored->version);
	s->version = stored->version;
	s->login_seq = stored->login_seq;
	s->login_packet = s->highest = stored->login_packet;
	s->status = stored->status;
	s->port = stored->port;
	s->ip = stored->ip;
	s->mode = stored->mode;
	s->tcp_version = stored->tcp_version;
	s->heard_ms = s->began_ms = srv->now.mono_ms;
	link_open(&s->link, &srv->link_rules, 0);
	link_reserve(&s->link, STORE_NUMBERS);
	mailbox_begin(srv, &s->mailbox, stored->waiting);
}

int session_begin(struct server *srv, const struct login *from, const struct job_session *stored)
{
	struct session *s = session_find(&srv->sessions, from->uin);

	if (s) {
		if (!addr_equal(&s->addr, &from->addr))
			s->dialect->go_away(srv, s);
		session_end(srv, s, END_REPLACED);
	}
	s = place_take(&srv->sessions, from->uin);
	if (!s) {
		end_stored(srv, from->uin, stored->epoch);
		return -ICQ_EFULL;
	}
	fill(srv, s, stored);
	s->kept = from->credit >= WELCOME_BYTES;
	s->link.credit = from->credit - (s->kept ? WELCOME_BYTES : 0);
	srv->counters.logins++;
	srv_log(srv, LOG_LEVEL_INFO, "session_begin", s->uin, &s->addr, NULL);
	s->dialect->welcome(srv, s);
	presence_came(srv, s);
	return 0;
}

static void restore_list(struct server *srv, struct session *s, enum listing which,
			 const struct saved_session *saved)
{
	for (uint32_t i = 0; i < saved->counts[which]; i++)
		presence_list(srv, s, which, saved->lists[which][i]);
}

/* What its address was sent so far is not known any more, only that enough for one welcome was
 * kept back; or, if more numbers are reserved than it began with, that this was spent. */
static void welcome_again(struct server *srv, struct session *s)
{
	s->link.credit = 0;
	s->kept = s->link.mark == STORE_NUMBERS;
	link_skip(&s->link, s->link.mark); /* it may have been verified after all */
	s->dialect->welcome(srv, s);
}

int session_restore(struct server *srv, const struct saved_session *saved)
{
	struct session *s = dialect_of(saved->session.version)
				    ? place_take(&srv->sessions, saved->session.uin)
				    : NULL;

	if (!s)
		return -ICQ_EFULL;
	fill(srv, s, &saved->session);
	s->restored = true;
	s->status = saved->state.status;
	s->verified = saved->state.verified;
	s->wants_ids = saved->state.wants_ids;
	s->link.next = s->verified ? saved->mark : 0;
	link_reserve(&s->link, saved->mark);
	for (enum listing which = 0; which < LIST_COUNT; which++)
		restore_list(srv, s, which, saved);
	mailbox_restore(srv, s, saved);
	if (!s->verified)
		welcome_again(srv, s);
	session_wake(srv, s);
	return 0;
}

/* ---- what outlives the server ---------------------------------------------------------- */

void session_changed(struct server *srv, struct session *s)
{
	s->changed = true;
	session_wake(srv, s);
}

int session_save(struct server *srv, struct session *s, job_then *then, uint32_t tag)
{
	struct job job = { .kind = JOB_SESSION_SAVE,
			   .then = then,
			   .cookie = session_cookie(s),
			   .tag = tag,
			   .save = { .uin = s->uin,
				     .epoch = s->epoch,
				     .status = s->status,
				     .verified = s->verified,
				     .wants_ids = s->wants_ids,
				     .old = mailbox_saved_old(&s->mailbox) } };
	int err = srv_submit(srv, &job);

	s->changed = err < 0;
	return err;
}

int session_save_list(struct server *srv, const struct session *s, enum listing which,
		      const struct icq_list *uins, enum list_change how, job_then *then)
{
	struct job job;

	job.kind = JOB_SESSION_LIST;
	job.then = then;
	job.cookie = session_cookie(s);
	job.list = (struct job_session_list){ .uin = s->uin,
					      .epoch = s->epoch,
					      .list = (uint8_t)which,
					      .clear = how == LIST_REPLACE,
					      .take_off = how == LIST_TAKE_OFF };
	job.text_len = (uint16_t)(4 * uins->count);
	memcpy(job.text, uins->p, job.text_len);
	return srv_submit(srv, &job);
}

static void reserved(struct server *srv, const struct job *job)
{
	struct session *s = session_by_cookie(&srv->sessions, job->cookie);

	if (!s)
		return;
	s->reserving = false;
	if (job->err == 0 && s->kept)
		link_allow(&s->link, WELCOME_BYTES);
	s->kept &= job->err != 0;
	if (job->err == 0)
		link_reserve(&s->link, job->reserve.mark);
	session_wake(srv, s);
	mailbox_go_on(srv, s);
}

void session_reserve(struct server *srv, struct session *s)
{
	struct job job = { .kind = JOB_SESSION_RESERVE,
			   .then = reserved,
			   .cookie = session_cookie(s),
			   .reserve = { .uin = s->uin,
					.epoch = s->epoch,
					.mark = s->link.mark + STORE_NUMBERS } };

	if (s->reserving)
		return;
	s->reserving = srv_submit(srv, &job) == 0;
	if (!s->reserving) /* the pump asks again */
		s->link.deadline_ms = srv->now.mono_ms + RESERVE_RETRY_MS;
}

/* ---- life ------------------------------------------------------------------------------ */

void session_wake(struct server *srv, struct session *s)
{
	heap_set(&srv->timers, &s->timer, srv->now.mono_ms);
}

void session_heard(struct server *srv, struct session *s, uint8_t door, size_t len)
{
	s->addr.door = door;
	s->heard_ms = srv->now.mono_ms;
	if (!s->verified)
		link_allow(&s->link, 3 * len - s->dialect->ack_len);
	link_heard(&s->link, srv->now.mono_ms);
	session_wake(srv, s);
}

bool session_plausible(const struct session *s, uint16_t seq)
{
	return s->restored || (uint16_t)(seq - s->highest) <= SEQ_AHEAD;
}

void session_heard_seq(struct session *s, uint16_t seq)
{
	if (s->restored || (int16_t)(seq - s->highest) > 0)
		s->highest = seq;
	s->restored = false;
}

/* Whoever acknowledges what was never sent, before he has proved his address, is forging. */
static void false_ack(struct server *srv, struct session *s, uint16_t seq)
{
	if (!s->verified && !link_has_sent(&s->link, seq) && ++s->false_acks >= FALSE_ACKS_MOST)
		session_end(srv, s, END_RUBBISH);
}

void session_acked(struct server *srv, struct session *s, uint16_t seq)
{
	struct link_done done;

	if (link_acked(&s->link, srv->pool, seq, &done) < 0) {
		false_ack(srv, s, seq);
		return;
	}
	if (done.message) {
		mailbox_message_acked(srv, s, done.cookie);
	} else if (done.cookie == COOKIE_STORED_END) {
		mailbox_end_acked(srv, s);
	} else if (done.cookie == COOKIE_RESULT) {
		directory_result_acked(srv, s);
	} else if (done.cookie == COOKIE_WELCOME) {
		s->verified = true;
		s->link.credit = LINK_UNLIMITED;
		session_changed(srv, s);
		mailbox_verified(srv, s);
		mailbox_go_on(srv, s);
	}
}

/* Of a session with a lost packet nothing good can come: it ends in its next turn. */
static int queued(struct server *srv, struct session *s, int err)
{
	if (err < 0) {
		srv->counters.queue_full++;
		s->lost = true;
	}
	session_wake(srv, s);
	return err;
}

int session_queue(struct server *srv, struct session *s, const void *packet, size_t len,
		  enum link_flag flags, uint64_t cookie, int64_t delay_ms)
{
	return queued(srv, s,
		      link_queue(&s->link, srv->pool, packet, len, flags, cookie,
				 srv->now.mono_ms + delay_ms));
}

int session_queue_claimed(struct server *srv, struct session *s, const void *packet, size_t len,
			  uint64_t cookie, uint32_t number)
{
	return queued(srv, s, link_queue_claimed(&s->link, srv->pool, packet, len, cookie, number));
}

struct sending {
	struct server *srv;
	const struct session *s;
};

static void send_to_session(void *ctx, const void *p, size_t n)
{
	const struct sending *to = ctx;

	srv_send(to->srv, &to->s->addr, p, n);
}

/* Is it time to spend what was kept back for a restart? More numbers are reserved to note that. */
static bool spends_kept(const struct session *s)
{
	return s->kept && s->link.credit < WELCOME_BYTES;
}

static int64_t silence_ms(const struct server *srv)
{
	int64_t ms = srv->conf.keep_alive_s * 2500;

	return ms > SILENCE_LEAST_MS ? ms : SILENCE_LEAST_MS;
}

static int64_t next_deadline(const struct server *srv, const struct session *s)
{
	int64_t at = s->heard_ms + silence_ms(srv), other = mailbox_deadline(&s->mailbox);

	if (other < at)
		at = other;
	if (s->link.deadline_ms < at)
		at = s->link.deadline_ms;
	return at > srv->now.mono_ms ? at : srv->now.mono_ms + 1;
}

void session_run(struct server *srv, struct session *s)
{
	struct sending ctx = { srv, s };
	struct link_out out = { &ctx, send_to_session };
	unsigned events;

	mailbox_tick(srv, s);
	if (s->changed)
		session_save(srv, s, NULL, 0);
	events = link_pump(&s->link, srv->pool, srv->now.mono_ms, &out);
	srv->counters.resends += (events & LINK_RESENT) != 0;
	srv->counters.dead_packets += (events & LINK_GAVE_UP) != 0;
	if (events & LINK_LOW || spends_kept(s))
		session_reserve(srv, s);
	if (events & LINK_GAVE_UP && !s->verified) /* no message would ever leave */
		s->lost = true;
	if ((events & LINK_DEAD) || s->lost)
		session_end(srv, s, END_LOST);
	else if (events & LINK_SPENT)
		session_end(srv, s, END_SPENT);
	else if (srv->now.mono_ms >= s->heard_ms + silence_ms(srv))
		session_end(srv, s, END_SILENCE);
	else
		heap_set(&srv->timers, &s->timer, next_deadline(srv, s));
}
