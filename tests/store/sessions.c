/* SPDX-License-Identifier: MIT */
/* What store.h promises of sessions that outlive the server and of messages in flight, asked of
 * every store. */
#include "harness.h"

#include "base/err.h"
#include "store/rules.h"
#include "subject.h"

#include <string.h>

/* ---- what is kept ---------------------------------------------------------------------- */

static void count_one(void *ctx, const struct saved_session *saved)
{
	(void)saved;
	++*(int *)ctx;
}

static int count_saved(struct subject *t)
{
	int count = 0;

	subject_sessions(t, count_one, &count);
	return count;
}

CASE(a_session_comes_back_as_it_began)
{
	uint32_t a = subject_account(t, 1), b = subject_account(t, 2);
	struct job j = job_of(JOB_SESSION_BEGIN), put = job_put(b, a, 1, "x");
	struct saved expected = { .of.mark = STORE_NUMBERS };

	assert_int_equal(subject_do(t, &put), 0);
	j.session = (struct job_session){ .uin = a,
					  .port = 0x89abcdef,
					  .ip = 0xfedcba98,
					  .status = 0xffff0102,
					  .tcp_version = 0x80000001,
					  .mode = 0xfe,
					  .version = 5,
					  .login_seq = 0xfffe,
					  .login_packet = 0xfffd,
					  .now_s = NOW_S };
	j.session.addr = (struct addr){ .ip = { 0x20, 1, [15] = 0xff }, .port = 65535, .door = 3 };
	assert_int_equal(subject_do(t, &j), 0);

	struct saved s = subject_saved(t, a);

	assert_int_equal(j.session.waiting, 1);
	expected.of.session = j.session;
	expected.of.state = (struct job_session_save){ a,     j.session.epoch, j.session.status,
						       false, false,	       0 };
	expect_saved(&expected, &s);
	assert_int_equal(count_saved(t), 1);
}

CASE(sessions_come_back_by_rising_uin_until_they_end)
{
	uint32_t a = subject_account(t, 1), b = subject_account(t, 2), c = subject_account(t, 3);
	struct job end = job_of(JOB_SESSION_END);

	assert_int_equal(count_saved(t), 0);
	subject_session(t, c);
	end.session.epoch = subject_session(t, a);
	subject_session(t, b);
	assert_int_equal(count_saved(t), 3); /* subject_sessions() looks at the order */
	end.session.uin = b;
	assert_int_equal(subject_do(t, &end), 0);
	assert_int_equal(count_saved(t), 3);
	end.session.uin = a;
	assert_int_equal(subject_do(t, &end), 0);
	assert_int_equal(count_saved(t), 2);
	assert_int_equal(subject_saved(t, a).of.session.uin, 0);
}

CASE(all_sessions_end_at_once)
{
	uint32_t a = subject_account(t, 1), b = subject_account(t, 2);
	struct job end = job_of(JOB_SESSION_END_ALL);

	subject_session(t, a);
	subject_session(t, b);
	assert_int_equal(subject_do(t, &end), 0);
	assert_int_equal(count_saved(t), 0);
	subject_session(t, b); /* the next one begins as ever */
	assert_int_equal(count_saved(t), 1);
	assert_int_equal(subject_do(t, &end), 0);
	assert_int_equal(subject_do(t, &end), 0);
	assert_int_equal(count_saved(t), 0);
}

static int save(struct subject *t, const struct job_session_save *state)
{
	struct job j = job_of(JOB_SESSION_SAVE);

	j.save = *state;
	return subject_do(t, &j);
}

CASE(the_state_is_the_last_one_saved)
{
	uint32_t a = subject_account(t, 1);
	struct job_session_save state = {
		.uin = a, .status = 0xffffffff, .verified = true, .wants_ids = true, .old = 255
	};

	state.epoch = subject_session(t, a);
	struct saved expected = subject_saved(t, a);

	for (int i = 0; i < 2; i++) {
		assert_int_equal(save(t, &state), 0);
		struct saved s = subject_saved(t, a);

		expected.of.session.status = state.status;
		expected.of.state = state;
		expect_saved(&expected, &s);
		state.wants_ids = false;
		state.old = 1;
	}
}

static int reserve(struct subject *t, uint32_t uin, uint64_t epoch, uint32_t mark)
{
	struct job j = job_of(JOB_SESSION_RESERVE);

	j.reserve = (struct job_session_reserve){ uin, epoch, mark };
	return subject_do(t, &j);
}

CASE(the_mark_never_shrinks)
{
	uint32_t a = subject_account(t, 1);
	uint64_t epoch = subject_session(t, a);

	assert_int_equal(reserve(t, a, epoch, 65000), 0);
	assert_int_equal(reserve(t, a, epoch, 128), 0);
	assert_int_equal(subject_saved(t, a).of.mark, 65000);
	subject_session(t, a);
	assert_int_equal(subject_saved(t, a).of.mark, STORE_NUMBERS);
}

CASE(the_jobs_of_an_epoch_that_is_over_do_nothing)
{
	uint32_t a = subject_account(t, 1), b = subject_account(t, 2);
	uint64_t epochs[] = { subject_session(t, a), subject_session(t, b), 0 };
	struct job put = job_put(b, a, 1, "x");

	subject_session(t, a);
	assert_int_equal(subject_do(t, &put), 0);
	struct saved before = subject_saved(t, a);

	for (int i = 0; i < 3; i++) { /* one that was, another's, none */
		struct job_session_save state = { a, epochs[i], 7, true, true, 7 };
		struct job n = job_flight(a, 0, epochs[i], 7);

		assert_int_equal(save(t, &state), 0);
		assert_int_equal(reserve(t, a, epochs[i], 1000), 0);
		assert_int_equal(subject_list(t, a, epochs[i], 0, 0, UINS(7)), 0);
		n.next.old = true;
		n.next.read = UINT64_MAX;
		assert_int_equal(subject_do(t, &n), 0); /* it just reads */
		assert_int_equal(n.next.g, put.put.g);
	}
	struct saved after = subject_saved(t, a);

	expect_saved(&before, &after);
	assert_int_equal(reserve(t, b + 1, 1, 1000), 0); /* of nobody */
}

/* ---- lists ----------------------------------------------------------------------------- */

static void expect_list(struct subject *t, uint32_t uin, int list, const uint32_t *uins, size_t n)
{
	struct saved s = subject_saved(t, uin);

	assert_int_equal(s.of.counts[list], n);
	if (n)
		assert_memory_equal(s.lists[list], uins, n * sizeof(*uins));
}

#define EXPECT_LIST(t, uin, list, ...)                                                             \
	expect_list(t, uin, list, (const uint32_t[]){ __VA_ARGS__ },                               \
		    sizeof((const uint32_t[]){ __VA_ARGS__ }) / sizeof(uint32_t))

CASE(users_are_put_on_lists_and_taken_off)
{
	uint32_t a = subject_account(t, 1);
	uint64_t e = subject_session(t, a);

	assert_int_equal(subject_list(t, a, e, 0, 0, UINS(0x89abcdef, 2, 3)), 0);
	EXPECT_LIST(t, a, 0, 0x89abcdef, 2, 3);
	assert_int_equal(subject_list(t, a, e, 0, 0, UINS(9, 3, 2, 9, 8)), 0);
	EXPECT_LIST(t, a, 0, 0x89abcdef, 2, 3, 9, 8); /* everybody once, where he was */
	assert_int_equal(subject_list(t, a, e, 0, TAKE_OFF, UINS(2, 8, 77, 2)), 0);
	EXPECT_LIST(t, a, 0, 0x89abcdef, 3, 9);
	assert_int_equal(subject_list(t, a, e, 0, CLEAR, UINS(3, 4)), 0);
	EXPECT_LIST(t, a, 0, 3, 4);
	assert_int_equal(subject_list(t, a, e, 0, 0, (struct uins){ 0 }), 0);
	EXPECT_LIST(t, a, 0, 3, 4);
	assert_int_equal(subject_list(t, a, e, 0, CLEAR | TAKE_OFF, (struct uins){ 0 }), 0);
	expect_list(t, a, 0, NULL, 0);
}

CASE(lists_do_not_mix_and_end_with_their_session)
{
	uint32_t a = subject_account(t, 1), b = subject_account(t, 2);
	uint64_t of_a = subject_session(t, a), of_b = subject_session(t, b);

	for (uint32_t i = 0; i < STORE_LISTS; i++) {
		assert_int_equal(subject_list(t, a, of_a, (int)i, 0, UINS(i + 1)), 0);
		assert_int_equal(subject_list(t, b, of_b, (int)i, 0, UINS(i + 11, i + 12)), 0);
	}
	for (uint32_t i = 0; i < STORE_LISTS; i++) {
		EXPECT_LIST(t, a, (int)i, i + 1);
		EXPECT_LIST(t, b, (int)i, i + 11, i + 12);
	}
	subject_session(t, a);
	for (int i = 0; i < STORE_LISTS; i++)
		expect_list(t, a, i, NULL, 0);
	EXPECT_LIST(t, b, 0, 11, 12);
}

CASE(a_list_holds_so_many)
{
	static uint32_t all[STORE_LIST_MAX];
	uint32_t a = subject_account(t, 1), next = 1;
	uint64_t e = subject_session(t, a);
	struct uins some;

	for (uint32_t i = 0; i < STORE_LIST_MAX; i++)
		all[i] = i + 1;
	while (next <= STORE_LIST_MAX) {
		for (some.count = 0; some.count < UINS_MAX; some.count++)
			some.at[some.count] = next++;
		assert_int_equal(subject_list(t, a, e, 1, 0, some), 0);
	}
	expect_list(t, a, 1, all, STORE_LIST_MAX);
	assert_int_equal(subject_list(t, a, e, 1, TAKE_OFF, UINS(1)), 0);
	expect_list(t, a, 1, all + 1, STORE_LIST_MAX - 1);
}

/* ---- messages in flight ---------------------------------------------------------------- */

/* Three messages for a user, and his session. */
struct three {
	uint32_t uin;
	uint64_t epoch, g[3];
};

static struct three three(struct subject *t)
{
	uint32_t from = subject_account(t, 1);
	struct three w = { .uin = subject_account(t, 2) };

	w.epoch = subject_session(t, w.uin);
	for (uint16_t i = 0; i < 3; i++) {
		struct job j = job_put(from, w.uin, i, i == 1 ? "a longer text" : "x");

		assert_int_equal(subject_do(t, &j), 0);
		w.g[i] = j.put.g;
	}
	return w;
}

/* The message that comes, or 0. */
static uint64_t come(struct subject *t, struct job j)
{
	int err = subject_do(t, &j);

	if (err)
		assert_int_equal(err, -ICQ_ENOENT);
	return err ? 0 : j.next.g;
}

static struct job old_flight(const struct three *w, uint64_t after, uint64_t read, uint32_t n)
{
	struct job j = job_flight(w->uin, after, w->epoch, n);

	j.next.read = read;
	j.next.old = true;
	return j;
}

static void expect_flight(struct subject *t, uint32_t uin, uint64_t read, uint64_t g, uint32_t n)
{
	struct saved s = subject_saved(t, uin);

	assert_int_equal(s.of.read, read);
	assert_int_equal(s.of.flight, g);
	assert_int_equal(s.of.flight_n, n);
}

CASE(what_is_fetched_is_in_flight)
{
	struct three w = three(t);
	struct job j = job_flight(w.uin, w.g[0], w.epoch, 0xffffffff);

	j.next.part = 450;
	assert_int_equal(come(t, j), w.g[1]);
	expect_flight(t, w.uin, 0, w.g[1], 0xffffffff);
	struct saved s = subject_saved(t, w.uin);

	assert_int_equal(s.of.flight_part, 450);
	assert_false(s.of.flight_old);
	assert_int_equal(s.of.session.waiting, 3);

	j.next.n = 5; /* its rest under another number */
	j.next.part = 900;
	j.next.old = true;
	assert_int_equal(come(t, j), w.g[1]);
	expect_flight(t, w.uin, 0, w.g[1], 5);
	s = subject_saved(t, w.uin);
	assert_int_equal(s.of.flight_part, 900);
	assert_true(s.of.flight_old);
	assert_int_equal(come(t, job_next(w.uin, 0)), w.g[0]); /* just read */
	expect_flight(t, w.uin, 0, w.g[1], 5);
}

CASE(of_several_in_flight_the_greatest_number_counts)
{
	struct three w = three(t);

	come(t, job_flight(w.uin, w.g[0], w.epoch, 8));
	come(t, job_flight(w.uin, 0, w.epoch, 9));
	expect_flight(t, w.uin, 0, w.g[0], 9);
	come(t, job_flight(w.uin, w.g[1], w.epoch, 9));
	expect_flight(t, w.uin, 0, w.g[2], 9);
}

CASE(messages_come_from_between_two_others)
{
	struct three w = three(t);
	struct job j = job_next(w.uin, w.g[0]);

	j.next.before = w.g[1];
	assert_int_equal(come(t, j), 0);
	j.next.before = w.g[2];
	assert_int_equal(come(t, j), w.g[1]);
	j.next.before = UINT64_MAX;
	assert_int_equal(come(t, j), w.g[1]);
	j.next.after = 0;
	j.next.before = 1;
	assert_int_equal(come(t, j), 0);
}

CASE(read_messages_do_not_come_again)
{
	struct three w = three(t);

	assert_int_equal(come(t, old_flight(&w, 0, 0, 1)), w.g[0]);
	expect_flight(t, w.uin, 0, w.g[0], 1);
	assert_int_equal(come(t, old_flight(&w, 0, w.g[0], 2)), w.g[1]);
	expect_flight(t, w.uin, w.g[0], w.g[1], 2);
	assert_int_equal(come(t, old_flight(&w, w.g[0], 0, 3)), w.g[1]); /* read does not shrink */
	expect_flight(t, w.uin, w.g[0], w.g[1], 3);
	assert_int_equal(come(t, old_flight(&w, w.g[2], w.g[1], 4)), 0); /* though none comes */
	expect_flight(t, w.uin, w.g[1], 0, 0);
	assert_int_equal(come(t, job_next(w.uin, 0)), w.g[2]);
	assert_int_equal(subject_saved(t, w.uin).of.session.waiting, 3);

	struct job drop = job_drop(w.uin, 0, w.g[1]);

	assert_int_equal(subject_do(t, &drop), 0);
	expect_flight(t, w.uin, 0, 0, 0);
}

CASE(only_old_messages_in_flight_are_read)
{
	struct three w = three(t);

	come(t, job_flight(w.uin, w.g[0], w.epoch, 1)); /* live */
	assert_int_equal(come(t, old_flight(&w, w.g[1], UINT64_MAX, 2)), w.g[2]);
	assert_int_equal(come(t, job_next(w.uin, 0)), w.g[0]); /* never in flight */
	assert_int_equal(come(t, job_next(w.uin, w.g[0])), w.g[1]);
}

CASE(messages_in_flight_in_an_earlier_session_are_not_read_in_this_one)
{
	struct three w = three(t);

	come(t, old_flight(&w, 0, 0, 1));
	w.epoch = subject_session(t, w.uin);
	assert_int_equal(come(t, old_flight(&w, w.g[1], UINT64_MAX, 1)), w.g[2]);
	assert_int_equal(come(t, job_next(w.uin, 0)), w.g[0]);
	expect_flight(t, w.uin, w.g[2], 0, 0);
}

CASE(the_end_of_a_session_puts_its_messages_back)
{
	struct three w = three(t);

	for (int i = 0; i < 2; i++) { /* by a new one, by its end */
		struct job end = job_of(JOB_SESSION_END);

		come(t, old_flight(&w, 0, 0, 60));
		come(t, old_flight(&w, w.g[0], w.g[0], 61));
		expect_flight(t, w.uin, w.g[0], w.g[1], 61);
		end.session.uin = w.uin;
		end.session.epoch = w.epoch;
		if (i)
			assert_int_equal(subject_do(t, &end), 0);
		w.epoch = subject_session(t, w.uin);
		expect_flight(t, w.uin, 0, 0, 0);
		assert_int_equal(come(t, job_next(w.uin, 0)), w.g[0]);
		assert_int_equal(subject_waiting(t, w.uin), 3);
	}
}

CASE(a_message_can_be_in_flight_as_it_is_stored)
{
	uint32_t a = subject_account(t, 1), b = subject_account(t, 2);
	uint64_t over = subject_session(t, b), live = subject_session(t, b);
	struct job j = job_put(a, b, 1, "x");

	j.put.flight_epoch = over;
	j.put.flight_n = 7;
	assert_int_equal(subject_do(t, &j), 0);
	expect_flight(t, b, 0, 0, 0);
	j.put.seq = 2;
	j.put.flight_epoch = live;
	assert_int_equal(subject_do(t, &j), 0);
	expect_flight(t, b, 0, j.put.g, 7);
	assert_false(subject_saved(t, b).of.flight_old);
	assert_int_equal(subject_saved(t, b).of.flight_part, 0);

	struct job drop = job_drop(b, j.put.g, j.put.g);

	assert_int_equal(subject_do(t, &drop), 0);
	expect_flight(t, b, 0, 0, 0);
	assert_int_equal(subject_do(t, &j), 0);
	assert_true(j.put.repeat); /* and not in flight either */
	expect_flight(t, b, 0, 0, 0);
}

CASE(a_notice_of_refusal_is_not_in_flight)
{
	uint32_t a = subject_account(t, 1);
	struct job j = job_put(a, a, 1, "x");

	j.put.flight_epoch = subject_session(t, a);
	j.put.refused = REFUSED_LONG;
	assert_int_equal(subject_do(t, &j), 0);
	assert_int_equal(subject_saved(t, a).of.session.waiting, 1);
	expect_flight(t, a, 0, 0, 0);
}

CASE(a_deleted_account_leaves_no_session)
{
	uint32_t a = subject_account(t, 1), b = subject_account(t, 2);
	struct job del = job_of(JOB_ACCOUNT_DELETE);

	assert_int_equal(subject_list(t, a, subject_session(t, a), 0, 0, UINS(b)), 0);
	subject_session(t, b);
	del.account_delete.uin = a;
	assert_int_equal(subject_do(t, &del), 0);
	assert_int_equal(count_saved(t), 1);
	assert_int_equal(subject_saved(t, b).of.session.uin, b);
}
