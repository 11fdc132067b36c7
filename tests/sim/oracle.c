/* SPDX-License-Identifier: MIT */
/* The oracle notices: histories that break a promise, one for each check that no defence of
 * sabotage.def stands for. */
#include "harness.h"

#include <stddef.h>

#include "sim/oracle.h"
#include "sim/user.h"

enum { CALM_MS = 20 * 1000, PACKET = 600, NOBODY = 4711, BOBS_EPOCH = 2 };

/* Ann and Bob with our client, a server, and the oracle. */
struct court {
	struct world *world;
	struct machine server;
	struct oracle *oracle;
	struct user ann, bob;
	/* The last message that the server sent. */
	struct addr to;
	size_t n;
	uint8_t packet[PACKET];
};

static void on_event(void *ctx, struct user *u, const struct icq_client_event *ev)
{
	struct court *c = ctx;

	if (ev->kind == ICQ_CLIENT_EV_MESSAGE)
		oracle_shown(c->oracle, u == &c->bob, 0, ev->message.text.p, ev->message.text.len);
}

static void keep_packet(void *ctx, const struct passage *p, struct fate *fate)
{
	struct court *c = ctx;

	(void)fate;
	if (p->channel != ICQ_SERVER || p->command != icq_describe(M_s_message)->code)
		return;
	check(p->n <= PACKET);
	c->to = *p->to;
	c->n = p->n;
	memcpy(c->packet, p->p, p->n);
}

static void settle(struct court *c, struct user *u, uint32_t ip)
{
	user_init(u, c->world, addr_v4(ip, 5000), c->server.host.addr, "secret");
	u->watch = on_event;
	u->watch_ctx = c;
	u->uin = machine_account(&c->server, "secret");
	oracle_add(c->oracle, MEMORY_HISTORY);
	user_start(u);
}

static void court_open(struct court *c)
{
	*c = (struct court){ .world = world_new(1) };
	world_watch(c->world, keep_packet, NULL, c);
	machine_init(&c->server, c->world);
	c->oracle = oracle_new(&c->server);
	machine_start(&c->server);
	settle(c, &c->ann, 0x0A00000B);
	settle(c, &c->bob, 0x0A00000C);
}

static void log_in(struct court *c)
{
	user_login(&c->ann, ICQ_STATUS_online);
	user_login(&c->bob, ICQ_STATUS_online);
	for (uint32_t i = 0; i < 2; i++)
		user_list(&c->ann, STORE_FIRST_UIN + 1 + i);
	world_run(c->world, CALM_MS);
}

/* Ann says so many things, to Bob or to nobody. */
static void say(struct court *c, int times, uint32_t to)
{
	char text[ORACLE_TEXT_MAX];

	for (int i = 0; i < times; i++) {
		size_t n = oracle_say(c->oracle, 0, to, 3, text);

		text[n] = '\0';
		user_say(&c->ann, to == 1 ? c->bob.uin : NOBODY, text);
	}
	world_run(c->world, CALM_MS);
}

/* Nothing else has been noticed. */
static void court_close(struct court *c, const char *broken)
{
	const struct verdict *v = oracle_end(c->oracle);

	if (strstr(v->why, broken) != v->why || (*broken == '\0') == v->broken)
		fail_msg("\"%s\" instead of \"%s\"", v->why, broken);
	user_free(&c->ann);
	user_free(&c->bob);
	machine_free(&c->server);
	oracle_free(&c->oracle);
	world_free(&c->world);
}

TEST(nothing_is_wrong_with_an_honest_history)
{
	static struct court c;

	court_open(&c);
	log_in(&c);
	say(&c, 3, 1);
	say(&c, 1, ORACLE_NOBODY);
	machine_crash(&c.server);
	machine_start(&c.server);
	say(&c, 1, 1);
	assert_int_equal(oracle_verdict(c.oracle)->delivered, 4);
	court_close(&c, "");
}

TEST(repeats_that_no_broken_session_accounts_for)
{
	static const enum memory old[] = { MEMORY_SESSION, MEMORY_FOREVER, MEMORY_LAST };

	for (size_t i = 0; i < sizeof(old) / sizeof(*old); i++) {
		static struct court c;
		char text[ORACLE_TEXT_MAX];

		court_open(&c);

		uint32_t cid = oracle_add(c.oracle, old[i]);
		size_t n = oracle_say(c.oracle, 0, cid, 1, text);

		oracle_shown(c.oracle, cid, 1, text, n);
		oracle_shown(c.oracle, cid, 2, text, n);
		court_close(&c, "G4: user 2 was shown 1 repeats");
	}
}

TEST(a_message_sent_again_after_its_acknowledgement)
{
	static struct court c;

	court_open(&c);
	log_in(&c);
	say(&c, 1, 1);
	c.server.watch.sent(c.server.watch.ctx, &c.to, c.packet, c.n);
	court_close(&c, "G4: message");
}

TEST(packets_after_the_end_of_a_session)
{
	static struct court c;

	court_open(&c);
	log_in(&c);
	say(&c, 1, 1);
	user_logout(&c.bob);
	world_run(c.world, CALM_MS);
	c.server.watch.sent(c.server.watch.ctx, &c.to, c.packet, c.n);
	court_close(&c, "I12: packet 0104");
}

/* Something of Ann's for Bob is stored, in flight if it has a number. */
static size_t store(struct court *c, uint64_t g, uint32_t n, char text[ORACLE_TEXT_MAX])
{
	static struct job job;

	job = (struct job){ .kind = JOB_MESSAGE_PUT,
			    .put = { .from = c->ann.uin,
				     .to = c->bob.uin,
				     .g = g,
				     .flight_epoch = n ? BOBS_EPOCH : 0,
				     .flight_n = n } };
	job.text_len = (uint16_t)oracle_say(c->oracle, 0, 1, 1, text);
	memcpy(job.text, text, job.text_len);
	c->server.watch.committed(c->server.watch.ctx, &job);
	return job.text_len;
}

static void leave(struct court *c, uint16_t n, const char *text, size_t len)
{
	struct icq_head head = { .version = 2, .seq = n };
	union icq_msg msg = { .s_message = { .from = c->ann.uin,
					     .type = T_text,
					     .text = { (const uint8_t *)text, (uint16_t)len } } };
	uint8_t packet[PACKET];
	int size = icq_pack(M_s_message, &head, &msg, packet, sizeof(packet));

	check(size > 0);
	c->server.watch.sent(c->server.watch.ctx, &c->bob.host.addr, packet, (size_t)size);
}

TEST(messages_that_leave_in_another_order)
{
	static struct court c;
	static struct job next;
	char one[ORACLE_TEXT_MAX], two[ORACLE_TEXT_MAX];
	size_t n, m;

	court_open(&c);
	log_in(&c);
	n = store(&c, 100, 0, one);
	m = store(&c, 101, 20, two);
	leave(&c, 20, two, m);
	assert_false(oracle_verdict(c.oracle)->broken);
	next = (struct job){ .kind = JOB_MESSAGE_NEXT,
			     .next = { .uin = c.bob.uin, .g = 100, .epoch = BOBS_EPOCH, .n = 21 } };
	c.server.watch.committed(c.server.watch.ctx, &next);
	leave(&c, 21, one, n);
	court_close(&c, "I7: message g=100 leaves after g=101");
}

/* The server keeps to its limits; the oracle is made to believe in lower ones. */
TEST(more_than_the_limits_allow)
{
	static const struct {
		size_t limit;
		int64_t most;
		const char *broken;
	} rows[] = {
		{ offsetof(struct conf, limit_mailbox), 0, "I8: 1 messages wait" },
		{ offsetof(struct conf, limit_mailbox_bytes), 10, "I8: 12 bytes" },
		{ offsetof(struct conf, limit_mailbox_from_one), 0, "I8: 1 messages of one" },
		{ offsetof(struct conf, limit_mailbox_notices), 0, "I8: 1 notices" },
		{ offsetof(struct conf, limit_sessions), 1, "I11: 2 sessions" },
		{ offsetof(struct conf, limit_contacts), 1, "I11: user 0 watches 2" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		static struct court c;

		court_open(&c);
		*(int64_t *)((char *)&c.server.conf + rows[i].limit) = rows[i].most;
		log_in(&c);
		say(&c, 1, 1);
		say(&c, 1, ORACLE_NOBODY);
		court_close(&c, rows[i].broken);
	}
}

/* ---- direct connections ---------------------------------------------------------------- */

enum { ANN = 0, BOB = 1 };

static void sending(struct court *c, const char *text, size_t n, enum icq_client_sent state)
{
	oracle_sending(c->oracle, ANN, text, n, state, HISTORY_PEER);
}

/* Ann has something for Bob in her outbox, and it is on its way. */
static size_t keep(struct court *c, char text[ORACLE_TEXT_MAX])
{
	size_t n = oracle_say(c->oracle, ANN, BOB, 1, text);

	sending(c, text, n, ICQ_CLIENT_QUEUED);
	sending(c, text, n, ICQ_CLIENT_SENT);
	return n;
}

TEST(what_may_happen_on_direct_connections)
{
	static struct court c;
	char text[ORACLE_TEXT_MAX], away[ORACLE_AWAY_MAX];
	size_t n;

	court_open(&c);
	n = keep(&c, text);
	oracle_shown_directly(c.oracle, BOB, text, n);
	oracle_stream_down(c.oracle, BOB, ANN);
	oracle_shown_directly(c.oracle, BOB, text, n);
	sending(&c, text, n, ICQ_CLIENT_DELIVERED);
	n = keep(&c, text);
	sending(&c, text, n, ICQ_CLIENT_RETURNED);
	oracle_away_text(BOB, away);
	oracle_peeks(c.oracle, ANN);
	oracle_peeked(c.oracle, ANN, BOB,
		      &(struct icq_str){ (uint8_t *)away, (uint16_t)strlen(away) });
	assert_int_equal(oracle_verdict(c.oracle)->doubled, 1);
	court_close(&c, "");
}

TEST(messages_that_neither_way_has_brought)
{
	static struct court c;
	char text[ORACLE_TEXT_MAX];
	size_t n;

	court_open(&c);
	n = keep(&c, text);
	court_close(&c, "message 1 of user 0 is lost on its way");
	court_open(&c);
	n = keep(&c, text);
	sending(&c, text, n, ICQ_CLIENT_DELIVERED);
	court_close(&c, "a message is acknowledged by user 1, who");
}

TEST(direct_messages_twice_or_in_another_order)
{
	static struct court c;
	char one[ORACLE_TEXT_MAX], two[ORACLE_TEXT_MAX];
	size_t n, m;

	court_open(&c);
	n = keep(&c, one);
	oracle_shown_directly(c.oracle, BOB, one, n);
	oracle_shown_directly(c.oracle, BOB, one, n);
	court_close(&c, "G6: ");
	court_open(&c);
	n = keep(&c, one);
	m = keep(&c, two);
	oracle_shown_directly(c.oracle, BOB, two, m);
	oracle_shown_directly(c.oracle, BOB, one, n);
	court_close(&c, "message 1 came directly to user 1 after message 2");
	court_open(&c);
	n = keep(&c, one);
	oracle_shown_directly(c.oracle, BOB, one, n);
	sending(&c, one, n, ICQ_CLIENT_RETURNED);
	court_close(&c, "user 1 shows a message and returns it");
}

TEST(wrong_answers_to_who_reads_an_away_text)
{
	static struct court c;

	court_open(&c);
	oracle_peeks(c.oracle, ANN);
	court_close(&c, "1 questions of user 0 have no answer");
	court_open(&c);
	oracle_peeked(c.oracle, ANN, BOB, NULL);
	court_close(&c, "user 0 is answered twice");
	court_open(&c);
	oracle_peeks(c.oracle, ANN);
	oracle_peeked(c.oracle, ANN, BOB, &(struct icq_str){ (const uint8_t *)"lunch", 5 });
	court_close(&c, "user 0 reads a wrong away text");
}

/* ---- the disk -------------------------------------------------------------------------- */

/* Something changes the disk behind the server's back, and it starts again. */
static void tamper(struct job *job, const char *broken)
{
	static struct court c;

	court_open(&c);
	log_in(&c);
	user_logout(&c.bob);
	world_run(c.world, CALM_MS);
	say(&c, 2, 1);
	store_mem_run(c.server.disk, (struct job *[]){ job }, 1);
	machine_crash(&c.server);
	machine_start(&c.server);
	court_close(&c, broken);
}

TEST(a_disk_that_comes_back_with_something_else)
{
	tamper(&(struct job){ .kind = JOB_MESSAGE_DROP, .drop = { STORE_FIRST_UIN + 1, 2, 2 } },
	       "I9: the mailbox of user 1");
	tamper(&(struct job){ .kind = JOB_SESSION_RESERVE,
			      .reserve = { .uin = STORE_FIRST_UIN, .epoch = 1, .mark = 1000 } },
	       "I9: after a start user 0 has another mark");
	tamper(&(struct job){ .kind = JOB_SESSION_SAVE,
			      .save = { .uin = STORE_FIRST_UIN, .epoch = 1 } },
	       "I9: after a start user 0 has another state");
	tamper(&(struct job){ .kind = JOB_SESSION_END,
			      .session = { .uin = STORE_FIRST_UIN, .epoch = 1 } },
	       "I9: the session of user 0");
}
