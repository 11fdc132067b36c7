/* SPDX-License-Identifier: MIT */
/* What both histories of the client do. */
#include "history_subject.h"

#include "harness.h"

#include <string.h>

#include "base/err.h"

/* Adds and tells whether it was there already. */
static bool is_repeat(struct history *h, enum history_match match, uint32_t peer, uint64_t msgid,
		      const char *text)
{
	struct history_job job = job_in(peer, text);

	job.add.match = match;
	job.row.msgid = msgid;
	assert_int_equal(history_do(h, &job), 0);
	return job.add.repeat;
}

static bool is_repeat_at(struct history *h, uint32_t peer, int64_t at_s)
{
	struct history_job job = job_in(peer, "hello");

	job.add.match = HISTORY_SAME_TEXT;
	job.row.noted_s = at_s;
	assert_int_equal(history_do(h, &job), 0);
	return job.add.repeat;
}

static void add(struct history *h, struct history_job job)
{
	assert_int_equal(history_do(h, &job), 0);
}

CASE(numbers_rise_and_texts_come_back)
{
	struct history_job job;

	for (uint64_t i = 1; i <= 100; i++) {
		job = job_in(ANN, "hello");
		job.row.msgid = UINT64_MAX - i;
		assert_int_equal(history_do(h, &job), 0);
		assert_int_equal(job.row.id, i);
		assert_false(job.add.repeat);
	}
	job = job_next((struct history_next){ .from = 49 });
	assert_int_equal(history_do(h, &job), 0);
	assert_int_equal(job.row.id, 50);
	check(job.row.msgid == UINT64_MAX - 50);
	assert_bytes("hello", 5, job.text, job.text_len);
}

CASE(every_byte_and_every_field_comes_back)
{
	static struct history_job in, out;

	in = job_in(UINT32_MAX, "");
	in.row.type = UINT16_MAX;
	in.row.via = HISTORY_PEER;
	in.row.sent_s = 1000000000;
	in.row.noted_s = 2000000000;
	in.text_len = HISTORY_TEXT_MAX;
	for (size_t i = 0; i < HISTORY_TEXT_MAX; i++)
		in.text[i] = (uint8_t)i;
	assert_int_equal(history_do(h, &in), 0);
	out = job_next((struct history_next){ 0 });
	assert_int_equal(history_do(h, &out), 0);
	assert_bytes(&in.row, sizeof(in.row), &out.row, sizeof(out.row));
	assert_bytes(in.text, in.text_len, out.text, out.text_len);
}

CASE(a_message_is_known_by_id_sender_and_text)
{
	assert_false(is_repeat(h, HISTORY_SAME_ID, ANN, 7, "hello"));
	assert_true(is_repeat(h, HISTORY_SAME_ID, ANN, 7, "hello"));
	assert_false(is_repeat(h, HISTORY_SAME_ID, BOB, 7, "hello"));
	assert_false(is_repeat(h, HISTORY_SAME_ID, ANN, 7, "hallo"));
	assert_false(is_repeat(h, HISTORY_SAME_ID, ANN, 8, "hello"));
	assert_false(is_repeat(h, HISTORY_ANY, ANN, 7, "hello"));
	assert_int_equal(history_next_id(h, (struct history_next){ .backwards = true }), 5);
}

CASE(a_message_is_known_by_text_within_a_minute)
{
	assert_false(is_repeat_at(h, ANN, 600));
	assert_true(is_repeat_at(h, ANN, 719));
	assert_false(is_repeat_at(h, ANN, 720));
	assert_true(is_repeat_at(h, ANN, 540));
	assert_false(is_repeat_at(h, ANN, 539));
	assert_false(is_repeat_at(h, BOB, 600));
}

CASE(own_messages_are_no_repeats)
{
	add(h, job_out(ANN, "hello"));
	assert_false(is_repeat(h, HISTORY_SAME_TEXT, ANN, 0, "hello"));
}

CASE(the_outbox_holds_what_is_not_marked)
{
	const struct history_next first = { .outbox = true };
	struct history_job mark = job_mark(2);

	add(h, job_in(ANN, "in"));
	add(h, job_out(ANN, "one"));
	add(h, job_out(BOB, "two"));
	assert_int_equal(history_next_id(h, first), 2);
	assert_int_equal(history_do(h, &mark), 0);
	for (uint64_t id = 1; id <= 4; id += id == 2 ? 2 : 1) {
		mark = job_mark(id);
		assert_int_equal(history_do(h, &mark), -ICQ_ENOENT);
	}
	assert_int_equal(history_next_id(h, first), 3);
	add(h, job_mark(3));
	assert_int_equal(history_next_id(h, first), 0);
}

CASE(rows_are_found_by_peer_and_direction)
{
	assert_int_equal(history_next_id(h, (struct history_next){ .backwards = true }), 0);
	add(h, job_in(ANN, "one"));
	add(h, job_in(BOB, "two"));
	add(h, job_in(ANN, "three"));
	assert_int_equal(history_next_id(h, (struct history_next){ .backwards = true }), 3);
	assert_int_equal(history_next_id(h, (struct history_next){ .backwards = true, .from = 3 }),
			 2);
	assert_int_equal(history_next_id(h, (struct history_next){ .peer = BOB }), 2);
	assert_int_equal(history_next_id(h, (struct history_next){ .from = 3 }), 0);
	assert_int_equal(history_next_id(h, (struct history_next){ .from = UINT64_MAX }), 0);
}

CASE(another_account_sees_and_changes_nothing)
{
	struct history_job job = job_next((struct history_next){ 0 });

	add(h, job_out(ANN, "mine"));
	job.row.self = BOB;
	assert_int_equal(history_do(h, &job), -ICQ_ENOENT);
	job = job_mark(1);
	job.row.self = BOB;
	assert_int_equal(history_do(h, &job), -ICQ_ENOENT);
}

static uint64_t found(struct history *h, const char *words)
{
	struct history_next query = { 0 };

	memcpy(query.find, words, strlen(words));
	return history_next_id(h, query);
}

CASE(find_wants_all_its_words_in_any_case)
{
	add(h, job_in(ANN, "Hello World"));
	add(h, job_in(BOB, "hello again, it's \"me\""));
	assert_int_equal(found(h, "world HELL"), 1);
	assert_int_equal(found(h, "world again"), 0);
	assert_int_equal(found(h, "  again  "), 2);
	assert_int_equal(found(h, "it's \"me\""), 2);
	assert_int_equal(found(h, "me"), 2); /* too short for the index */
	assert_int_equal(found(h, "me hello"), 2);
	assert_int_equal(found(h, "xy"), 0);
	assert_int_equal(found(h, " "), 1);
	assert_int_equal(found(h, "OR AND NOT * -"), 0);
}

CASE(find_reads_each_text_in_its_own_code_page)
{
	struct history_job russian = job_in(ANN, "\xcf\xf0\xe8\xe2\xe5\xf2"); /* Привет */

	strcpy(russian.row.charset, "cp1251");
	add(h, job_in(ANN, "\xcf\xf0\xe8\xe2\xe5\xf2")); /* the same bytes in cp1252 */
	add(h, russian);
	assert_int_equal(found(h, "привет"), 2);
	assert_int_equal(found(h, "ПР"), 2);
	assert_int_equal(found(h, "ÏÐÈ"), 1);
}

CASE(find_sees_the_parts_of_a_compound_text)
{
	struct history_job url = job_in(ANN, "a place\xfehttp://a.b/");
	struct history_job with_nul = job_in(ANN, "before");

	url.row.type = 4;
	memcpy(with_nul.text + 6, "\0behind", 7);
	with_nul.text_len = 13;
	add(h, url);
	add(h, with_nul);
	assert_int_equal(found(h, "http://a.b/"), 1);
	assert_int_equal(found(h, "placeþ"), 0);
	assert_int_equal(found(h, "behind"), 2);
}

TEST(failing_jobs_change_nothing)
{
	struct history_mem *h = history_mem_new();
	struct history_job job = job_in(ANN, "lost"), kept = job_in(ANN, "kept");

	history_mem_fail(h, 1);
	history_mem_run(h, &job);
	assert_int_equal(job.err, -ICQ_EIO);
	history_mem_run(h, &kept);
	assert_int_equal(kept.err, 0);
	assert_int_equal(kept.row.id, 1);
	history_mem_free(&h);
}
