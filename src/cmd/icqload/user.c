/* SPDX-License-Identifier: MIT */
#include "cmd/icqload/user.h"

#include <string.h>

enum {
	PACKET_MAX = 512,
	ANSWER_MS = 5000, /* a request whose result does not come is made again */
	BUSY_MS = 1000,	  /* and one that came at a bad moment */
	TRIES = 10,
	SECOND_MS = 1000,
};

static uint32_t number_of(const struct load *l, const struct user *u)
{
	return (uint32_t)(u - l->users);
}

/* ---- sending --------------------------------------------------------------------------- */

struct sender {
	struct load *load;
	struct user *user;
};

static void transmit(void *ctx, const void *p, size_t n)
{
	struct sender *s = ctx;

	s->load->counts.sent++;
	s->load->env.send(s->load->env.ctx, number_of(s->load, s->user), p, n);
}

static void acknowledge(struct load *l, struct user *u, uint16_t seq)
{
	struct icq_head head = { .version = 2, .uin = u->uin, .seq = seq };
	uint8_t packet[PACKET_MAX];
	int n = icq_pack(M_c_ack, &head, NULL, packet, sizeof(packet));

	transmit(&(struct sender){ l, u }, packet, (size_t)n);
}

static void rest(struct load *l, struct user *u, enum user_state state)
{
	link_close(&u->link, l->pool);
	u->state = state;
	u->wake_ms = NEVER_MS;
}

static void fail(struct load *l, struct user *u, const char *why)
{
	bool was_busy = u->state != USER_ONLINE;

	if (u->state == USER_OUT || u->state == USER_FAILED)
		return;
	l->counts.failed++;
	l->env.complain(l->env.ctx, u->uin, why);
	rest(l, u, USER_FAILED);
	if (was_busy)
		load_step_over(l);
}

/* The last thing a step does: it may fail the user. */
static void queue(struct load *l, struct user *u, enum icq_id id, const union icq_msg *msg)
{
	struct icq_head head = { .version = 2, .uin = u->uin };
	uint8_t packet[PACKET_MAX];
	int n = icq_pack(id, &head, msg, packet, sizeof(packet));

	if (link_queue(&u->link, l->pool, packet, (size_t)n, LINK_PLAIN, 0, 0) < 0)
		fail(l, u, "no room for its packet");
}

static void wrong(struct load *l, const struct user *u, const char *what)
{
	l->counts.wrong++;
	l->env.complain(l->env.ctx, u->uin, what);
}

/* What was queued leaves, and the timer is set. */
static void pump(struct load *l, struct user *u)
{
	struct sender sender = { l, u };
	struct link_out out = { &sender, transmit };
	unsigned events = link_pump(&u->link, l->pool, l->now.mono_ms, &out);

	l->counts.resent += (events & LINK_RESENT) != 0;
	if (events & (LINK_DEAD | LINK_GAVE_UP | LINK_SPENT))
		fail(l, u, "no acknowledgement");
	heap_set(&l->timers, &u->timer,
		 u->wake_ms < u->link.deadline_ms ? u->wake_ms : u->link.deadline_ms);
}

/* ---- the steps ------------------------------------------------------------------------- */

static void queue_register(struct load *l, struct user *u)
{
	union icq_msg m;

	icq_preset(M_c_register, &m);
	m.c_register.password = l->plan.password;
	queue(l, u, M_c_register, &m);
}

static void queue_login(struct load *l, struct user *u)
{
	union icq_msg m;

	icq_preset(M_c_login, &m);
	m.c_login.password = l->plan.password;
	m.c_login.login_seq = 1;
	queue(l, u, M_c_login, &m);
}

/* The result is sent once and may be lost: then the request is made again, with its number. */
static void ask(struct load *l, struct user *u)
{
	link_close(&u->link, l->pool);
	link_open(&u->link, &l->rules, u->seq);
	u->tries++;
	u->wake_ms = l->now.mono_ms + ANSWER_MS;
	if (u->state == USER_REGISTERING)
		queue_register(l, u);
	else
		queue_login(l, u);
}

static bool begin_asking(struct load *l, struct user *u, enum user_state state)
{
	u->state = state;
	u->seq = (uint16_t)u->link.next;
	u->tries = 0;
	ask(l, u);
	pump(l, u);
	return true;
}

void user_init(struct load *l, struct user *u, uint32_t uin)
{
	link_open(&u->link, &l->rules, 1);
	u->wake_ms = NEVER_MS;
	u->uin = uin;
}

bool user_register(struct load *l, struct user *u)
{
	return begin_asking(l, u, USER_REGISTERING);
}

bool user_login(struct load *l, struct user *u)
{
	return u->state == USER_OUT && begin_asking(l, u, USER_ENTERING);
}

bool user_logout(struct load *l, struct user *u)
{
	union icq_msg m;

	if (u->state != USER_ONLINE)
		return false;
	icq_preset(M_c_text_code, &m);
	m.c_text_code.text = icq_str_of(icq_text_code_text(C_log_out));
	u->state = USER_LEAVING;
	u->wake_ms = NEVER_MS;
	queue(l, u, M_c_text_code, &m);
	pump(l, u);
	return true;
}

void user_abandon(struct load *l, struct user *u)
{
	if (u->state == USER_FAILED || u->state == USER_ONLINE)
		return;
	rest(l, u, USER_OUT);
	heap_remove(&l->timers, &u->timer);
}

/* ---- contacts -------------------------------------------------------------------------- */

static uint32_t contact_count(const struct load *l)
{
	return l->plan.contacts < l->plan.users ? l->plan.contacts : l->plan.users - 1;
}

static const struct user *contact_at(const struct load *l, const struct user *u, uint32_t i)
{
	return &l->users[(number_of(l, u) + 1 + i) % l->plan.users];
}

/* The place of a UIN among the contacts, contact_count() if it is none. */
static uint32_t contact_place(const struct load *l, const struct user *u, uint32_t uin)
{
	uint32_t found = uintab_get(l->by_uin, uin), count = contact_count(l);
	uint32_t place = (found - 1 + l->plan.users - number_of(l, u) - 1) % l->plan.users;

	return found && place < count ? place : count;
}

uint32_t user_missed(const struct load *l, const struct user *u)
{
	uint32_t missed = 0;

	for (uint32_t i = 0; i < contact_count(l) && u->state == USER_ONLINE; i++)
		missed += contact_at(l, u, i)->state == USER_ONLINE && !(u->seen >> i & 1);
	return missed;
}

static void send_contacts(struct load *l, struct user *u)
{
	uint8_t uins[4 * LOAD_CONTACTS_MAX];
	union icq_msg m;

	icq_preset(M_c_contact_list, &m);
	m.c_contact_list.uins.p = uins;
	for (uint32_t i = 0; i < contact_count(l); i++) {
		if (contact_at(l, u, i)->uin)
			icq_uins_set(uins, m.c_contact_list.uins.count++, contact_at(l, u, i)->uin);
	}
	queue(l, u, M_c_contact_list, &m);
}

/* ---- what the server says -------------------------------------------------------------- */

static void on_new_uin(struct load *l, struct user *u, const union icq_msg *m)
{
	if (u->state != USER_REGISTERING) {
		if (u->uin && m->s_new_uin.uin != u->uin)
			wrong(l, u, "a second account");
		return;
	}
	u->uin = m->s_new_uin.uin;
	uintab_set(l->by_uin, u->uin, number_of(l, u) + 1);
	rest(l, u, USER_OUT);
	l->counts.registered++;
	load_step_over(l);
}

static void on_login_reply(struct load *l, struct user *u, const union icq_msg *m)
{
	if (u->state != USER_ENTERING || m->s_login_reply.uin != u->uin) {
		wrong(l, u, "a second login reply");
		return;
	}
	u->state = USER_LISTING;
	u->keep_ms = m->s_login_reply.keep_alive_s * SECOND_MS;
	u->wake_ms = l->now.mono_ms + u->keep_ms;
	send_contacts(l, u);
}

static void on_contacts_done(struct load *l, struct user *u, const union icq_msg *m)
{
	(void)m;
	if (u->state != USER_LISTING) {
		wrong(l, u, "a second end of the contact list");
		return;
	}
	u->state = USER_ONLINE;
	l->counts.logged_in++;
	load_step_over(l);
}

static void on_user_online(struct load *l, struct user *u, const union icq_msg *m)
{
	uint32_t place = contact_place(l, u, m->s_user_online.uin);

	if (place == contact_count(l)) {
		wrong(l, u, "presence of somebody not listed");
	} else if (u->seen >> place & 1) {
		wrong(l, u, "a contact has come twice");
	} else {
		u->seen |= 1ull << place;
		l->counts.presence++;
		l->counts.presence_missed -= l->counts.presence_missed > 0;
	}
}

static void on_user_offline(struct load *l, struct user *u, const union icq_msg *m)
{
	uint32_t place = contact_place(l, u, m->s_user_offline.uin);

	if (place == contact_count(l) || !(u->seen >> place & 1))
		wrong(l, u, "somebody has left who was not seen");
	else
		u->seen &= ~(1ull << place);
}

static void on_bad_password(struct load *l, struct user *u, const union icq_msg *m)
{
	(void)m;
	fail(l, u, "password refused");
}

static void on_try_again(struct load *l, struct user *u, const union icq_msg *m)
{
	(void)m;
	if (u->state == USER_REGISTERING || u->state == USER_ENTERING)
		u->wake_ms = l->now.mono_ms + BUSY_MS;
	else
		wrong(l, u, "told to try again unasked");
}

/* Nobody knows about somebody who is on his way out: the first goodbye got through. */
static void on_end(struct load *l, struct user *u, const union icq_msg *m)
{
	(void)m;
	if (u->state != USER_LEAVING)
		fail(l, u, "the session is over");
}

struct handler {
	void (*run)(struct load *, struct user *, const union icq_msg *);
	bool once; /* outside the session's numbers: neither acknowledged nor repeated */
};

static const struct handler handlers[M_COUNT] = {
	[M_s_new_uin] = { on_new_uin, true },
	[M_s_bad_password] = { on_bad_password, true },
	[M_s_try_again] = { on_try_again, true },
	[M_s_go_away] = { on_end, true },
	[M_s_not_connected] = { on_end, true },
	[M_s_login_reply] = { on_login_reply, false },
	[M_s_contacts_done] = { on_contacts_done, false },
	[M_s_user_online] = { on_user_online, false },
	[M_s_user_offline] = { on_user_offline, false },
};

static void acknowledged(struct load *l, struct user *u, uint16_t seq)
{
	struct link_done done;

	if (link_acked(&u->link, l->pool, seq, &done) < 0 || u->state != USER_LEAVING ||
	    done.command != icq_describe(M_c_text_code)->code)
		return;
	rest(l, u, USER_OUT);
	l->counts.logged_out++;
	load_step_over(l);
}

static void heard(struct load *l, struct user *u, const struct icq_head *head, enum icq_id id,
		  const union icq_msg *m, size_t len)
{
	const struct handler *h = &handlers[id];

	if (h->once) {
		h->run(l, u, m);
		return;
	}
	if (u->state == USER_OUT || u->state == USER_FAILED)
		return; /* late */
	acknowledge(l, u, head->seq);
	link_heard(&u->link, l->now.mono_ms);
	if (link_note(&u->link, l->pool, l->now.mono_ms, head->seq, head->command, (uint16_t)len,
		      false) != LINK_NEW)
		return;
	if (h->run)
		h->run(l, u, m);
	else
		wrong(l, u, "a packet nobody asked for");
}

void user_input(struct load *l, struct user *u, const void *p, size_t n)
{
	struct icq_head head;
	enum icq_id id;
	union icq_msg m;

	l->counts.received++;
	if (icq_unpack(ICQ_SERVER, p, n, &head, &id, &m) < 0)
		wrong(l, u, "a packet that cannot be read");
	else if (id == M_s_ack)
		acknowledged(l, u, head.seq);
	else
		heard(l, u, &head, id, &m, n);
	pump(l, u);
}

/* ---- time ------------------------------------------------------------------------------ */

static void wake(struct load *l, struct user *u)
{
	if (u->state == USER_LISTING || u->state == USER_ONLINE) {
		u->wake_ms = l->now.mono_ms + u->keep_ms;
		queue(l, u, M_c_keep_alive, NULL);
	} else if (u->tries < TRIES) {
		ask(l, u);
	} else {
		fail(l, u, "no answer");
	}
}

void user_tick(struct load *l, struct user *u)
{
	if (u->wake_ms <= l->now.mono_ms)
		wake(l, u);
	pump(l, u);
}
