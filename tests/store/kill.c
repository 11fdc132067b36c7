/* SPDX-License-Identifier: MIT */
/* kill -9 at any moment: what was reported is there, and nothing by halves. */
#include "harness.h"

#include "subject.h"

#include <stdio.h>
#include <unistd.h>

enum { GROUP = 5, ROUNDS = 6 };

/* In flight in the user's only session. */
static struct job numbered_put(uint32_t uin, uint32_t number)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", number);
	struct job j = job_put(uin, uin, 0, text);

	j.put.msgid = number;
	j.put.flight_epoch = 1;
	j.put.flight_n = number;
	return j;
}

struct storing {
	const char *file;
	uint32_t uin, number;
};

/* Stores message after message, and tells the number of the last when it is stored. */
static void store_and_tell(void *ctx, int to)
{
	const struct storing *what = ctx;
	uint32_t uin = what->uin, number = what->number;
	struct store_sqlite *s;
	const char *why;
	struct job j[GROUP + 1], *jobs[GROUP + 1];

	if (store_sqlite_open(&s, what->file, &why))
		_exit(1);
	for (;;) {
		for (int i = 0; i < GROUP; i++) {
			j[i] = numbered_put(uin, ++number);
			jobs[i] = &j[i];
		}
		j[GROUP] = job_of(JOB_SESSION_RESERVE);
		j[GROUP].reserve = (struct job_session_reserve){ uin, 1, number };
		jobs[GROUP] = &j[GROUP];
		store_sqlite_run(s, jobs, GROUP + 1);
		if (j[GROUP].err || write(to, &number, sizeof(number)) != sizeof(number))
			_exit(1);
	}
}

/* All that was told is there, in order; returns the last number. */
static uint32_t expect_all(struct subject *t, uint32_t uin, uint32_t told)
{
	uint32_t number = 0;
	struct job n = job_next(uin, 0);

	for (; subject_do(t, &n) == 0; n = job_next(uin, n.next.g)) {
		struct job expected = numbered_put(uin, ++number);

		assert_bytes(expected.text, expected.text_len, n.text, n.text_len);
	}
	assert_true(number >= told);
	assert_int_equal(number % GROUP, 0); /* whole transactions */
	struct saved s = subject_saved(t, uin);

	assert_int_equal(s.of.flight_n, number);
	assert_int_equal(s.of.mark, number < STORE_NUMBERS ? STORE_NUMBERS : number);
	return number;
}

TEST(nothing_reported_is_lost_by_kill_9)
{
	struct rng rng = harness_rng();
	struct subject *t = subject_sqlite();
	uint32_t uin = subject_account(t, 1), number = 0;

	assert_int_equal(subject_session(t, uin), 1);
	for (int i = 0; i < ROUNDS; i++) {
		struct storing what = { subject_file(t), uin, number };
		uint32_t before = number;

		subject_close(t);
		number = kill_while(store_and_tell, &what, number, rng_below(&rng, 30));
		assert_true(number > before);
		subject_open(t);
		number = expect_all(t, uin, number);
	}
	struct job again = numbered_put(uin, number);

	assert_int_equal(subject_do(t, &again), 0);
	assert_true(again.put.repeat);
	subject_free(&t);
}
