/* SPDX-License-Identifier: MIT */
/* Every message arrives once and in order: through a bad network, and over a dead server. */
#include "harness.h"

#include <inttypes.h>
#include <stdio.h>

#include "sim/scene.h"

enum {
	MESSAGES = 100,
	STORMS = 25,
	PATIENCE_STEPS = 400,
	CRASH_FIRST_MS = 3,  /* what is not yet in the sender's outbox is nobody's promise */
	CRASH_LAST_MS = 120, /* both messages are through */
};

struct talk {
	struct scene scene;
	size_t said, wanted_len;
	char wanted[SCENE_LINES]; /* lines of Bob's diary */
};

/* Plays on until Bob has heard everything; fails unless that is just what Ann said. */
static void hear(struct talk *t)
{
	char heard[SCENE_LINES];

	for (int i = 0; i < PATIENCE_STEPS; i++) {
		if (scene_lines(&t->scene.bob, "message", heard) >= t->said)
			break;
		world_run(t->scene.world, SCENE_STEP_MS);
	}
	/* What came twice would come now; and in good weather everything is cleared away. */
	world_set_weather(t->scene.world, (struct weather){ .delay_ms = 20 });
	world_run(t->scene.world, 10 * SCENE_STEP_MS);
	scene_lines(&t->scene.bob, "message", heard);
	assert_string_equal(heard, t->wanted);
	assert_false(machine_has_mail(&t->scene.server, t->scene.bob.uin));
}

static void say(struct talk *t)
{
	char text[32];
	int n;

	snprintf(text, sizeof(text), "number %zu", t->said++);
	user_say(&t->scene.ann, t->scene.bob.uin, text);
	n = snprintf(t->wanted + t->wanted_len, SCENE_LINES - t->wanted_len,
		     "message %" PRIu32 " %d %s\n", t->scene.ann.uin, T_text, text);
	t->wanted_len += (size_t)n;
	check(t->wanted_len < SCENE_LINES);
}

static void open_talk(struct talk *t, uint64_t seed)
{
	*t = (struct talk){ 0 };
	scene_open(&t->scene, seed);
	scene_meet(&t->scene);
}

TEST(a_storm_loses_nothing_and_repeats_nothing)
{
	static struct talk t;
	struct rng rng = harness_rng();

	for (int storm = 0; storm < STORMS; storm++) {
		open_talk(&t, rng_next(&rng));
		world_set_weather(t.scene.world, (struct weather){ .loss_percent = 20,
								   .repeat_percent = 5,
								   .delay_ms = 20,
								   .jitter_ms = 500 });
		for (int i = 0; i < MESSAGES; i++) {
			say(&t);
			world_run(t.scene.world, rng_below(world_rng(t.scene.world), 20000));
		}
		hear(&t);
		scene_close(&t.scene);
	}
}

TEST(what_was_accepted_outlives_the_server)
{
	static struct talk t;

	open_talk(&t, harness_seed());
	user_logout(&t.scene.bob);
	world_run(t.scene.world, SCENE_STEP_MS);
	say(&t);
	while (!strstr(t.scene.ann.diary, "sent 1 accepted"))
		world_run(t.scene.world, 1);
	machine_crash(&t.scene.server);
	user_crash(&t.scene.ann);
	machine_start(&t.scene.server);
	user_login(&t.scene.bob, ICQ_STATUS_online);
	hear(&t);
	scene_close(&t.scene);
}

enum party { SERVER, ANN, BOB };

static void crash(struct scene *s, enum party who)
{
	if (who == SERVER)
		machine_crash(&s->server);
	else
		user_crash(who == ANN ? &s->ann : &s->bob);
}

static void restart(struct scene *s, enum party who)
{
	struct user *u = who == ANN ? &s->ann : &s->bob;

	if (who == SERVER) {
		machine_start(&s->server);
		return;
	}
	user_start(u);
	user_login(u, ICQ_STATUS_online);
}

/* Somebody's power fails so many milliseconds after Ann has sent two messages. */
static void crash_after(int ms, enum party who, bool bob_is_there)
{
	static struct talk t;

	open_talk(&t, (uint64_t)ms);
	if (!bob_is_there) {
		user_logout(&t.scene.bob);
		world_run(t.scene.world, SCENE_STEP_MS);
	}
	say(&t);
	say(&t);
	world_run(t.scene.world, ms);
	crash(&t.scene, who);
	world_run(t.scene.world, SCENE_STEP_MS);
	restart(&t.scene, who);
	if (!bob_is_there)
		user_login(&t.scene.bob, ICQ_STATUS_online);
	hear(&t);
	scene_close(&t.scene);
}

static void crash_at_any_moment(enum party who, bool bob_is_there)
{
	for (int ms = CRASH_FIRST_MS; ms <= CRASH_LAST_MS; ms++)
		crash_after(ms, who, bob_is_there);
}

TEST(a_crash_of_the_server_at_any_moment_loses_and_repeats_nothing)
{
	crash_at_any_moment(SERVER, true);
	crash_at_any_moment(SERVER, false);
}

TEST(a_crash_of_the_sender_at_any_moment_loses_and_repeats_nothing)
{
	crash_at_any_moment(ANN, true);
	crash_at_any_moment(ANN, false);
}

TEST(a_crash_of_the_receiver_at_any_moment_loses_and_repeats_nothing)
{
	crash_at_any_moment(BOB, true);
}
