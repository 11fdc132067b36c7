/* SPDX-License-Identifier: MIT */
/* Files go from Bob to Ann, over streams that are cut, held up and torn anywhere. */
#include <stdio.h>
#include <string.h>

#include "client/wires.h"
#include "harness.h"

static struct scene ann, bob;
static struct wires w;

static struct disk *anns(void)
{
	return &w.disk[0];
}

static void open_both(uint64_t seed)
{
	wires_open(&w, &ann, &bob, seed);
	w.served = true;
}

/* Ann accepts files "0", "1" ... of these sizes; nothing has moved yet. */
static void begin(const uint32_t *sizes, size_t count)
{
	static const char *const names[] = { "0", "1", "2", "3" };
	struct icq_client_file files[4];

	for (size_t i = 0; i < count; i++)
		files[i] = (struct icq_client_file){ icq_str_of(names[i]), sizes[i] };
	icq_client_send_files(bob.client, bob.now, 3, ANN, files, count, icq_str_of("look"));
	wires_run(&w);
	icq_client_accept(ann.client, ann.now, 4, ann.last_number);
	scene_forget(&ann);
	scene_forget(&bob);
}

static bool said(const struct scene *s, const char *what)
{
	return strstr(s->diary, what) != NULL;
}

static void assert_done(const uint32_t *sizes, size_t count)
{
	static const char *const names[] = { "0", "1", "2", "3" };

	assert_true(said(&ann, " done "));
	assert_true(said(&bob, " done "));
	for (uint32_t i = 0; i < count; i++)
		assert_true(disk_has(anns(), names[i], i, sizes[i]));
}

TEST(file_arrives)
{
	static const uint32_t size = 5000;

	open_both(harness_seed());
	begin(&size, 1);
	wires_run(&w);
	assert_diary(&bob, "#1 running #1 done ");
	assert_diary(&ann, "#1 running #1 done ");
	assert_true(disk_has(anns(), "0", 0, size));
	wires_close(&w);
}

TEST(files_arrive_whatever_the_cuts)
{
	static const uint32_t borders[] = { 0, 1, 2047, 2048, 2049, 245759, 245760, 245761 };

	for (unsigned run = 0; run < 40; run++) {
		uint32_t sizes[4];
		struct rng rng = { harness_seed() + run };

		for (size_t i = 0; i < 4; i++)
			sizes[i] = rng_below(&rng, 2) ? borders[rng_below(&rng, 8)]
						      : rng_below(&rng, 60000);
		open_both(harness_seed() + run);
		begin(sizes, 4);
		wires_run(&w);
		assert_done(sizes, 4);
		wires_close(&w);
	}
}

/* Torn as often as it takes; each time what is there stays and is gone on with. */
TEST(torn_transfer_is_resumed)
{
	static const uint32_t size = 600000;

	for (unsigned run = 0; run < 20; run++) {
		uint32_t before = 0;

		open_both(harness_seed() + run);
		for (unsigned tries = 0; !disk_has(anns(), "0", 0, size); tries++) {
			check(tries < 100);
			w.breaking = 60;
			begin(&size, 1);
			wires_run(&w);
			w.breaking = 0;
			wires_pass(&w, 1000);
			assert_true(disk_part(anns(), "0") >= before);
			before = disk_part(anns(), "0");
			wires_pass(&w, 70000); /* until a failed connection may be tried again */
		}
		wires_close(&w);
	}
}

TEST(partial_file_of_other_contents_is_not_gone_on_with)
{
	static const uint32_t size = 600000;

	open_both(harness_seed());
	begin(&size, 1);
	while (!disk_part(anns(), "0"))
		check(wires_step(&w));
	icq_client_cancel(ann.client, ann.now, 5, 1);
	wires_run(&w);
	w.disk[1].seed = 77;
	begin(&size, 1);
	wires_run(&w);
	assert_diary(&ann, "#2 running #2 failed differs ");
	assert_true(said(&bob, "#2 running #2 failed"));
	wires_close(&w);
}

/* Either side, at any place: both hear of it, and nothing more moves. */
TEST(transfer_is_cancelled_by_either_side)
{
	static const uint32_t size = 600000;

	for (unsigned run = 0; run < 40; run++) {
		struct scene *one = run % 2 ? &ann : &bob;

		open_both(harness_seed() + run);
		begin(&size, 1);
		for (unsigned i = 0; i < run; i++)
			wires_step(&w);
		icq_client_cancel(one->client, one->now, 5, 1);
		assert_true(said(one, "#1 stopped cancelled {5 ok}"));
		wires_run(&w);
		wires_pass(&w, 61000); /* in case they never met */
		assert_true(said(one == &ann ? &bob : &ann, "#1 failed"));
		assert_false(disk_has(anns(), "0", 0, size));
		wires_close(&w);
	}
}

TEST(transfer_rests_and_goes_on_as_either_side_likes)
{
	static const uint32_t size = 600000;

	for (unsigned run = 0; run < 20; run++) {
		struct scene *one = run % 2 ? &ann : &bob;
		uint32_t before;

		open_both(harness_seed() + run);
		begin(&size, 1);
		while (!disk_part(anns(), "0"))
			check(wires_step(&w));
		icq_client_pause(one->client, one->now, 5, 1, true);
		assert_true(said(one, "#1 paused {5 ok}"));
		wires_run(&w);
		before = disk_part(anns(), "0");
		assert_true(before < size);
		wires_pass(&w, 5000);
		assert_int_equal(disk_part(anns(), "0"), before);
		icq_client_pause(one->client, one->now, 6, 1, false);
		wires_run(&w);
		assert_done(&size, 1);
		wires_close(&w);
	}
}

TEST(limit_of_either_side_holds)
{
	static const uint32_t size = 100000;

	for (unsigned side = 0; side < 2; side++) {
		struct scene *one = side ? &ann : &bob;
		struct icq_client_conf conf;
		int64_t began_ms;

		open_both(harness_seed());
		conf = one->conf;
		conf.file_limit = 10000;
		icq_client_reconf(one->client, &conf);
		begin(&size, 1);
		began_ms = ann.now.mono_ms;
		while (!said(&ann, " done ") && ann.now.mono_ms < began_ms + 60000)
			wires_pass(&w, 1000);
		assert_in_range(ann.now.mono_ms - began_ms, 8000, 13000);
		assert_done(&size, 1);
		wires_close(&w);
	}
}

TEST(disk_that_fails_ends_the_transfer_on_both_sides)
{
	static const uint32_t size = 100000;

	for (unsigned side = 0; side < 2; side++) {
		open_both(harness_seed());
		begin(&size, 1);
		w.disk[side].err = -ICQ_EIO;
		wires_run(&w);
		assert_true(said(side ? &bob : &ann, "#1 failed disk "));
		assert_true(said(side ? &ann : &bob, "#1 failed"));
		wires_close(&w);
	}
}

/* Bob takes no connections, but for what he has accepted. */
TEST(who_does_not_listen_listens_for_a_transfer)
{
	static const struct icq_client_file file = { { (const uint8_t *)"0", 1 }, 5000 };

	open_both(harness_seed());
	icq_client_peer(bob.client, bob.now, 9, ANN, true);
	wires_run(&w);
	icq_client_send_files(ann.client, ann.now, 3, BOB, &file, 1, icq_str_of(""));
	wires_run(&w);
	icq_client_accept(bob.client, bob.now, 4, bob.last_number);
	wires_run(&w);
	assert_true(said(&bob, "#1 done") && said(&ann, "#1 done"));
	assert_true(disk_has(&w.disk[1], "0", 0, 5000));
	wires_close(&w);
}

TEST(four_gigabytes_are_too_much)
{
	static const struct icq_client_file files[2] = {
		{ { (const uint8_t *)"a", 1 }, UINT32_MAX }, { { (const uint8_t *)"b", 1 }, 1 }
	};

	open_both(harness_seed());
	assert_int_equal(
		icq_client_send_files(bob.client, bob.now, 3, ANN, files, 2, icq_str_of("")), 0);
	assert_diary(&bob, "{3 too_long} ");
	wires_close(&w);
}

TEST(transfers_end_with_logout)
{
	static const uint32_t size = 600000;

	open_both(harness_seed());
	begin(&size, 1);
	while (!disk_part(anns(), "0"))
		check(wires_step(&w));
	icq_client_logout(ann.client, ann.now, 5);
	assert_true(said(&ann, "#1 stopped logout"));
	wires_run(&w);
	assert_true(said(&bob, "#1 failed"));
	wires_close(&w);
}
