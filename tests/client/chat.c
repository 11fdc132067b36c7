/* SPDX-License-Identifier: MIT */
/* Two and more clients chat, over streams that are cut anywhere. */
#include <stdio.h>
#include <string.h>

#include "client/wires.h"
#include "harness.h"

enum { CARL = 10003, DORA = 10004 };

static struct scene people[WIRES_ENDS];
static struct scene *const ann = &people[0], *const bob = &people[1];
static struct scene *const carl = &people[2], *const dora = &people[3];
static struct wires w;

static void open_for(unsigned count, uint64_t seed)
{
	static const uint32_t uins[] = { ANN, BOB, CARL, DORA };

	wires_begin(&w, seed);
	for (unsigned i = 0; i < count; i++)
		wires_add(&w, &people[i], uins[i], ICQ_CLIENT_DIRECT_ON, false);
	wires_meet(&w);
}

static void forget_all(void)
{
	for (unsigned i = 0; i < w.ends; i++)
		scene_forget(&people[i]);
}

/* Asks, into a session or (0) for a new one. Returns the number of the request. */
static uint32_t ask(struct scene *s, uint32_t uin, uint32_t session)
{
	icq_client_chat(s->client, s->now, 1, uin, icq_str_of("come"), session);
	wires_run(&w);
	return s->last_number;
}

static void accept(struct scene *s, uint32_t number)
{
	icq_client_accept(s->client, s->now, 2, number);
	wires_run(&w);
}

/* Ann and Bob are in chat 1. */
static void open_chat(unsigned count, uint64_t seed)
{
	open_for(count, seed);
	ask(ann, BOB, 0);
	accept(bob, 1);
	forget_all();
}

static void type(struct scene *s, uint32_t session, const char *keys)
{
	icq_client_chat_type(s->client, s->now, 0, session, keys);
	wires_run(&w);
}

static void leave(struct scene *s, uint32_t session)
{
	icq_client_cancel(s->client, s->now, 0, session);
	wires_run(&w);
}

/* The diary without what was not finished: that depends on the cuts. */
static void forget_typing(struct scene *s)
{
	char *from, *to, *end;

	while ((from = strstr(s->diary, ".. "))) {
		while (from > s->diary && from[-1] != '&')
			from--;
		from--;
		to = strstr(from, " &");
		end = s->diary + s->diary_len;
		to = to ? to + 1 : end;
		memmove(from, to, (size_t)(end - to) + 1);
		s->diary_len -= (size_t)(to - from);
	}
}

#define assert_lines(scene, expected)                                                              \
	do {                                                                                       \
		forget_typing(scene);                                                              \
		assert_diary(scene, expected);                                                     \
	} while (0)

/* ---- two ------------------------------------------------------------------------------- */

TEST(chat_is_asked_for_accepted_and_left)
{
	open_for(2, harness_seed());
	assert_int_equal(ask(ann, BOB, 0), 1);
	assert_diary(ann, "~10002 open {1 ok #1} ");
	assert_diary(bob, "~10001 open <asks 10001 chat: /0 come> ");
	accept(bob, 1);
	assert_diary(ann, "&1 10002 open ");
	assert_diary(bob, "{2 ok #1} &1 10001 open ");
	assert_true(bob->matches);
	type(ann, 1, "hello\n");
	assert_lines(bob, "&1 10001: hello ");
	type(bob, 1, "one\ntwo\n\n");
	assert_lines(ann, "&1 10002: one &1 10002: two &1 10002:  ");
	leave(bob, 1);
	assert_diary(bob, "&1 over ");
	assert_diary(ann, "&1 10002 close &1 over closed ");
	icq_client_chat_type(ann->client, ann->now, 5, 1, "hello?\n");
	assert_diary(ann, "{5 not_found} ");
	wires_close(&w);
}

TEST(lines_come_whole_and_in_order_for_every_cut)
{
	uint64_t seed = harness_seed();
	char line[32], wanted[64];

	for (unsigned run = 0; run < 60; run++) {
		open_chat(2, seed + run);
		for (unsigned i = 0; i < 5; i++) {
			snprintf(line, sizeof(line), "line %u\n", i);
			snprintf(wanted, sizeof(wanted), "&1 10001: line %u ", i);
			type(ann, 1, line);
			assert_lines(bob, wanted);
			type(bob, 1, line);
			wanted[7] = '2';
			assert_lines(ann, wanted);
		}
		wires_close(&w);
	}
}

TEST(keystrokes_are_watched_and_become_a_line)
{
	open_chat(2, 1);
	type(ann, 1, "h");
	type(ann, 1, "e");
	type(ann, 1, "\b");
	type(ann, 1, "\b");
	type(ann, 1, "\b");
	type(ann, 1, "i");
	assert_diary(bob, "&1 10001.. h &1 10001.. he &1 10001.. h &1 10001..  &1 10001.. i ");
	type(ann, 1, "\n");
	assert_diary(bob, "&1 10001: i ");
	type(ann, 1, "\a");
	assert_diary(bob, "&1 10001 beep ");
	type(ann, 1, "x");
	leave(ann, 1); /* what was begun is not lost */
	assert_diary(bob, "&1 10001.. x &1 10001: x &1 10001 close &1 over closed ");
	wires_close(&w);
}

TEST(long_lines_are_divided)
{
	char keys[2501];

	open_chat(2, harness_seed());
	memset(keys, 'x', 2500);
	strcpy(keys + 2499, "\n");
	type(ann, 1, keys);
	forget_typing(bob);
	assert_int_equal(bob->diary_len, 3 * strlen("&1 10001:  ") + 2499);
	wires_close(&w);
}

TEST(everybody_gets_texts_in_his_own_code_page)
{
	struct icq_client_contact contact = { .uin = BOB, .charset = codepage_find("koi8-r") };

	open_chat(2, harness_seed());
	icq_client_put_contact(ann->client, ann->now, 0, &contact);
	type(ann, 1, "\xd0\xb4\xd0\xb0 \xc3\xa9\n"); /* "да é", which has no last letter there */
	assert_lines(bob, "&1 10001: \xc4\xc1 ? ");
	wires_close(&w);
}

TEST(refused_and_withdrawn_requests_end)
{
	open_for(2, harness_seed());
	ask(ann, BOB, 0);
	icq_client_refuse(bob->client, bob->now, 3, 1, icq_str_of("busy"));
	wires_run(&w);
	assert_diary(ann, "~10002 open {1 ok #1} &1 over refused: busy ");
	assert_diary(bob, "~10001 open <asks 10001 chat: /0 come> &1 over refused {3 ok} ");
	ask(ann, BOB, 0);
	icq_client_cancel(ann->client, ann->now, 4, 2);
	wires_run(&w);
	assert_diary(ann, "{1 ok #2} &2 over cancelled {4 ok} ");
	assert_diary(bob, "<asks 10001 chat: /0 come> &2 over withdrawn ");
	wires_close(&w);
}

/* The port that he told is not open any more when we come. */
TEST(chat_that_cannot_be_reached_is_over)
{
	open_for(2, harness_seed());
	ask(ann, BOB, 0);
	forget_all();
	w.blocked = true;
	accept(bob, 1);
	assert_diary(ann, "&1 over unreachable ");
	wires_pass(&w, 61000);
	assert_non_null(strstr(bob->diary, "&1 over timeout"));
	wires_close(&w);
}

TEST(chats_end_with_the_login_but_not_with_the_session)
{
	open_chat(2, harness_seed());
	type(ann, 1, "x");
	scene_server(bob, M_s_not_connected, 0, NULL);
	wires_run(&w);
	forget_all();
	type(bob, 1, "still here\n");
	assert_lines(ann, "&1 10002: still here ");
	icq_client_logout(ann->client, ann->now, 0);
	wires_run(&w);
	assert_non_null(strstr(ann->diary, "&1 over"));
	assert_non_null(strstr(bob->diary, "&1 10001 close &1 over closed"));
	wires_close(&w);
}

TEST(what_cannot_be_asked_is_refused_at_once)
{
	static char much[8194];

	open_chat(2, harness_seed());
	ask(ann, 4711, 0);
	ask(ann, BOB, 7);
	ask(ann, BOB, 1);
	assert_diary(ann, "{1 no_direct} {1 not_found} {1 busy} ");
	memset(much, 'x', sizeof(much) - 1);
	icq_client_chat_type(ann->client, ann->now, 6, 1, much);
	assert_diary(ann, "{6 too_long} ");
	ask(ann, BOB, 0);
	accept(bob, 2);
	forget_all();
	type(ann, 2, "second chat\n");
	assert_lines(bob, "&2 10001: second chat ");
	leave(ann, 1);
	assert_diary(bob, "&1 10001 close &1 over closed ");
	wires_close(&w);
}

TEST(nobody_hears_who_talks_too_early)
{
	open_for(2, harness_seed());
	ask(ann, BOB, 0);
	icq_client_accept(bob->client, bob->now, 2, 1);
	icq_client_chat_type(bob->client, bob->now, 5, 1, "hello\n");
	scene_forget(ann);
	assert_non_null(strstr(bob->diary, "{2 ok #1} {5 busy} "));
	wires_close(&w);
}

/* ---- more than two --------------------------------------------------------------------- */

/* Carl is asked into chat 1 by somebody who has made `asked` requests before. */
static uint32_t bring_in(struct scene *host, struct scene *guest, uint32_t uin)
{
	ask(host, uin, 1);
	accept(guest, guest->last_number);
	return guest->last_number;
}

TEST(third_one_is_asked_in_and_meets_all)
{
	uint64_t seed = harness_seed();

	for (unsigned run = 0; run < 40; run++) {
		open_chat(3, seed + run);
		assert_int_equal(ask(ann, CARL, 1), 2);
		assert_diary(ann, "~10003 open {1 ok #2} ");
		assert_diary(carl, "~10001 open <asks 10001 chat: 10002/0 come> ");
		accept(carl, 1);
		assert_diary(ann, "&1 10003 open ");
		assert_diary(bob, "&1 10003 open ");
		assert_diary(carl, "{2 ok #1} &1 10001 open &1 10002 open ");
		type(carl, 1, "hello all\n");
		assert_lines(ann, "&1 10003: hello all ");
		assert_lines(bob, "&1 10003: hello all ");
		type(bob, 1, "welcome\n");
		assert_lines(ann, "&1 10002: welcome ");
		assert_lines(carl, "&1 10002: welcome ");
		leave(ann, 1); /* who began it is not needed any more */
		assert_diary(bob, "&1 10001 close ");
		assert_diary(carl, "&1 10001 close ");
		type(carl, 1, "two\n");
		assert_lines(bob, "&1 10003: two ");
		leave(bob, 1);
		assert_diary(carl, "&1 10002 close &1 over closed ");
		wires_close(&w);
	}
}

/* Whether they are asked one after the other, or come at the same time, by one or by two. */
static void bring_in_two(unsigned way)
{
	struct scene *second = way == 2 ? bob : ann;

	if (way == 0) {
		bring_in(ann, carl, CARL);
		bring_in(ann, dora, DORA);
		return;
	}
	ask(ann, CARL, 1);
	ask(second, DORA, 1);
	icq_client_accept(carl->client, carl->now, 2, 1);
	icq_client_accept(dora->client, dora->now, 2, 1);
	wires_run(&w);
}

TEST(four_hear_each_other_however_they_came)
{
	uint64_t seed = harness_seed();
	char line[16], wanted[32];

	for (unsigned run = 0; run < 90; run++) {
		open_chat(4, seed + run);
		bring_in_two(run % 3);
		forget_all();
		for (unsigned i = 0; i < 4; i++) {
			uint32_t uin = people[i].place.uin;

			snprintf(line, sizeof(line), "I am %u\n", uin);
			snprintf(wanted, sizeof(wanted), "&1 %u: I am %u ", uin, uin);
			type(&people[i], 1, line);
			for (unsigned k = 0; k < 4; k++)
				if (k != i)
					assert_lines(&people[k], wanted);
		}
		wires_close(&w);
	}
}

TEST(chat_lives_on_while_somebody_is_asked)
{
	open_chat(3, harness_seed());
	ask(ann, CARL, 1);
	leave(bob, 1);
	forget_all();
	icq_client_refuse(carl->client, carl->now, 3, 1, icq_str_of("no"));
	wires_run(&w);
	assert_diary(ann, "&2 over refused: no &1 over ");
	wires_close(&w);
}

TEST(who_leaves_takes_his_invitations_with_him)
{
	open_chat(3, harness_seed());
	ask(ann, CARL, 1);
	ask(ann, CARL, 1);
	forget_all();
	leave(ann, 1);
	assert_diary(ann, "&2 over cancelled &1 over ");
	assert_diary(carl, "&1 over withdrawn ");
	accept(carl, 1);
	assert_diary(carl, "{2 not_found} ");
	wires_close(&w);
}

TEST(ignored_user_is_not_met)
{
	open_chat(3, harness_seed());
	scene_add(bob, CARL, ICQ_CLIENT_IGNORE);
	ask(ann, CARL, 1);
	accept(carl, 1);
	forget_typing(bob);
	assert_null(strstr(bob->diary, "10003 open"));
	type(carl, 1, "hello\n");
	assert_null(strstr(bob->diary, "hello"));
	assert_non_null(strstr(ann->diary, "&1 10003: hello"));
	wires_close(&w);
}

/* ---- anything -------------------------------------------------------------------------- */

static void do_anything(struct scene *s)
{
	static const char *const texts[] = { "x", "line\n", "\b\b", "\a", "two\nlines\n" };
	/* One of the last that he knows of, perhaps. */
	uint32_t number = s->last_number - rng_below(&w.rng, 4);
	uint32_t whom = ANN + rng_below(&w.rng, 4);

	switch (rng_below(&w.rng, 8)) {
	case 0:
		icq_client_chat(s->client, s->now, 0, whom, icq_str_of("come"), 0);
		break;
	case 1:
		icq_client_chat(s->client, s->now, 0, whom, icq_str_of("come"), number);
		break;
	case 2:
		icq_client_accept(s->client, s->now, 0, number);
		break;
	case 3:
		icq_client_refuse(s->client, s->now, 0, number, icq_str_of("no"));
		break;
	case 4:
		icq_client_cancel(s->client, s->now, 0, number);
		break;
	default:
		icq_client_chat_type(s->client, s->now, 0, number,
				     texts[rng_below(&w.rng, sizeof(texts) / sizeof(*texts))]);
	}
}

/* So long that nobody is expected any more. */
static void let_time_pass(void)
{
	wires_pass(&w, 61000);
	for (unsigned i = 0; i < w.ends; i++)
		scene_ack(&people[i], people[i].last_seq);
}

/* Whatever they do, and whichever streams break: in the end nobody listens any more. */
TEST(chats_end_whatever_happens_in_them)
{
	uint64_t seed = harness_seed();

	for (unsigned run = 0; run < 60; run++) {
		open_for(4, seed + run);
		w.breaking = run % 2 ? 200 : 0;
		for (unsigned i = 0; i < 400; i++) {
			do_anything(&people[rng_below(&w.rng, 4)]);
			if (rng_below(&w.rng, 3) == 0)
				wires_run(&w);
			if (rng_below(&w.rng, 50) == 0)
				let_time_pass();
			forget_all();
		}
		for (unsigned i = 0; i < 4; i++)
			icq_client_logout(people[i].client, people[i].now, 0);
		wires_run(&w);
		for (unsigned i = 0; i < DOORS_MAX; i++)
			assert_null(w.door[i].owner);
		wires_close(&w);
	}
}
