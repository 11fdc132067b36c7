/* SPDX-License-Identifier: MIT */
/* The history of the client, in memory. */
#include "store/history.h"

#include <string.h>

#include "base/err.h"
#include "harness.h"

enum { ME = 1001, ANN = 1002, BOB = 1003 };

static struct history_mem *history;
static struct history_job job;

static void job_init(enum history_kind kind)
{
	memset(&job, 0, sizeof(job));
	job.kind = kind;
	job.row.self = ME;
}

static int add(enum history_match match, uint32_t peer, uint64_t msgid, int64_t at_s,
	       const char *text)
{
	job_init(HISTORY_ADD);
	job.add.match = match;
	job.row.peer = peer;
	job.row.msgid = msgid;
	job.row.noted_s = at_s;
	job.text_len = (uint16_t)strlen(text);
	memcpy(job.text, text, job.text_len);
	history_mem_run(history, &job);
	return job.err;
}

static int send_to(uint32_t peer, const char *text)
{
	job_init(HISTORY_ADD);
	job.row.peer = peer;
	job.row.way = HISTORY_OUT;
	job.row.state = HISTORY_QUEUED;
	job.text_len = (uint16_t)strlen(text);
	memcpy(job.text, text, job.text_len);
	history_mem_run(history, &job);
	return job.err;
}

static int mark(uint64_t id)
{
	job_init(HISTORY_MARK);
	job.row.id = id;
	job.row.state = HISTORY_ACCEPTED;
	history_mem_run(history, &job);
	return job.err;
}

/* The number of the next row, 0 if there is none. */
static uint64_t next(struct history_next query)
{
	job_init(HISTORY_NEXT);
	job.next = query;
	history_mem_run(history, &job);
	return job.err == 0 ? job.row.id : 0;
}

TEST(history_gives_rising_numbers_and_the_same_text_back)
{
	history = history_mem_new();
	assert_non_null(history);
	for (uint64_t i = 1; i <= 1000; i++) {
		assert_int_equal(add(HISTORY_SAME_ID, ANN, i, 0, "hello"), 0);
		assert_int_equal(job.row.id, i);
		assert_false(job.add.repeat);
	}
	assert_int_equal(next((struct history_next){ .from = 499 }), 500);
	assert_int_equal(job.row.msgid, 500);
	assert_bytes("hello", 5, job.text, job.text_len);
	history_mem_free(&history);
	assert_null(history);
}

TEST(history_knows_a_message_by_id_sender_and_text)
{
	history = history_mem_new();
	add(HISTORY_SAME_ID, ANN, 7, 0, "hello");
	add(HISTORY_SAME_ID, ANN, 7, 0, "hello");
	assert_true(job.add.repeat && job.row.id == 1);
	add(HISTORY_SAME_ID, BOB, 7, 0, "hello");
	assert_false(job.add.repeat);
	add(HISTORY_SAME_ID, ANN, 7, 0, "hallo");
	assert_false(job.add.repeat);
	add(HISTORY_SAME_ID, ANN, 8, 0, "hello");
	assert_false(job.add.repeat);
	add(HISTORY_ANY, ANN, 7, 0, "hello");
	assert_false(job.add.repeat);
	history_mem_free(&history);
}

TEST(history_knows_a_message_by_text_within_a_minute)
{
	history = history_mem_new();
	add(HISTORY_SAME_TEXT, ANN, 0, 600, "hello");
	add(HISTORY_SAME_TEXT, ANN, 0, 719, "hello");
	assert_true(job.add.repeat);
	add(HISTORY_SAME_TEXT, ANN, 0, 720, "hello");
	assert_false(job.add.repeat);
	add(HISTORY_SAME_TEXT, BOB, 0, 600, "hello");
	assert_false(job.add.repeat);
	history_mem_free(&history);
}

TEST(own_messages_are_no_repeats)
{
	history = history_mem_new();
	send_to(ANN, "hello");
	add(HISTORY_SAME_TEXT, ANN, 0, 0, "hello");
	assert_false(job.add.repeat);
	history_mem_free(&history);
}

TEST(outbox_holds_what_is_not_marked)
{
	const struct history_next first = { .outbox = true };

	history = history_mem_new();
	add(HISTORY_ANY, ANN, 0, 0, "in");
	send_to(ANN, "one");
	send_to(BOB, "two");
	assert_int_equal(next(first), 2);
	assert_int_equal(mark(2), 0);
	assert_int_equal(mark(2), -ICQ_ENOENT);
	assert_int_equal(mark(1), -ICQ_ENOENT);
	assert_int_equal(mark(4), -ICQ_ENOENT);
	assert_int_equal(next(first), 3);
	assert_int_equal(mark(3), 0);
	assert_int_equal(next(first), 0);
	history_mem_free(&history);
}

TEST(rows_are_found_by_peer_words_and_direction)
{
	history = history_mem_new();
	assert_int_equal(next((struct history_next){ .backwards = true }), 0);
	add(HISTORY_ANY, ANN, 0, 0, "Hello World");
	add(HISTORY_ANY, BOB, 0, 0, "hello again");
	add(HISTORY_ANY, ANN, 0, 0, "bye");
	assert_int_equal(next((struct history_next){ .backwards = true }), 3);
	assert_int_equal(next((struct history_next){ .backwards = true, .from = 3 }), 2);
	assert_int_equal(next((struct history_next){ .peer = BOB }), 2);
	assert_int_equal(next((struct history_next){ .find = "world HELL" }), 1);
	assert_int_equal(next((struct history_next){ .find = "world again" }), 0);
	job_init(HISTORY_NEXT);
	job.row.self = BOB; /* another account sees none of it */
	history_mem_run(history, &job);
	assert_int_equal(job.err, -ICQ_ENOENT);
	history_mem_free(&history);
}

TEST(failing_jobs_change_nothing)
{
	history = history_mem_new();
	history_mem_fail(history, 2);
	assert_int_equal(add(HISTORY_ANY, ANN, 0, 0, "lost"), -ICQ_EIO);
	assert_int_equal(send_to(ANN, "lost"), -ICQ_EIO);
	assert_int_equal(add(HISTORY_ANY, ANN, 0, 0, "kept"), 0);
	assert_int_equal(job.row.id, 1);
	history_mem_free(&history);
}
