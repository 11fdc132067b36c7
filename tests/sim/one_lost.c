/* SPDX-License-Identifier: MIT */
/*
 * A packet lost in either direction changes nothing but the time. The standard conversation
 * is played once undisturbed, and then again for each of its datagrams, with that one lost,
 * repeated, or late. Everybody must get to know the same.
 */
#include "harness.h"

#include <stdio.h>

#include "sim/scene.h"

enum { DATAGRAMS_MAX = 1000, SEED_OF_ALL = 1, LATE_MS = 3000 };

enum mischief { NONE, LOST, REPEATED, LATE };

static const char *const mischief_words[] = { "undisturbed", "lost", "repeated", "late" };

/* One playing, and what came of it. */
struct playing {
	enum mischief mischief;
	uint32_t victim;
	struct scene scene;
	/* The kind of each datagram: channel and command. */
	struct {
		enum icq_channel channel;
		uint16_t command;
	} kinds[DATAGRAMS_MAX];
};

static void meddle(void *ctx, const struct passage *p, struct fate *fate)
{
	struct playing *play = ctx;

	if (p->index < DATAGRAMS_MAX) {
		play->kinds[p->index].channel = p->channel;
		play->kinds[p->index].command = p->command;
	}
	if (p->index != play->victim)
		return;
	if (play->mischief == LOST)
		fate->copies = 0;
	else if (play->mischief == REPEATED)
		fate->copies = 2;
	else if (play->mischief == LATE)
		fate->delay_ms += LATE_MS;
}

static void play_out(struct playing *play, bool show)
{
	scene_open(&play->scene, SEED_OF_ALL);
	if (show)
		scene_show(&play->scene, meddle, play);
	else
		world_watch(play->scene.world, meddle, NULL, play);
	scene_converse(&play->scene);
}

/* What lines begin with different words may change places: that is only time. */
static bool same(const struct user *a, const struct user *b)
{
	static const char *const topics[] = { "result",	  "state", "sent", "message",
					      "presence", "names", "more", "asks" };
	char of_a[SCENE_LINES], of_b[SCENE_LINES];
	size_t lines = 0;

	for (size_t i = 0; i < sizeof(topics) / sizeof(*topics); i++) {
		lines += scene_lines(a, topics[i], of_a);
		scene_lines(b, topics[i], of_b);
		if (strcmp(of_a, of_b) != 0)
			return false;
	}
	check(lines == scene_lines(a, "", of_a)); /* no topic is missing */
	return true;
}

/* NULL if both playings came to the same. */
static const char *difference(const struct playing *a, struct playing *b)
{
	if (!same(&a->scene.ann, &b->scene.ann))
		return "Ann's diary";
	if (!same(&a->scene.bob, &b->scene.bob))
		return "Bob's diary";
	if (srv_session_count(b->scene.server.srv) != 0)
		return "the number of sessions";
	if (machine_has_mail(&b->scene.server, b->scene.ann.uin) ||
	    machine_has_mail(&b->scene.server, b->scene.bob.uin))
		return "the mail on the disk";
	return NULL;
}

static void tell_diaries(const struct playing *p)
{
	fprintf(stderr, "%s:\n-- Ann\n%s-- Bob\n%s", mischief_words[p->mischief],
		p->scene.ann.diary, p->scene.bob.diary);
}

/* Plays it again, aloud. */
static void explain(const struct playing *calm, struct playing *play)
{
	scene_close(&play->scene);
	play_out(play, true);
	tell_diaries(calm);
	tell_diaries(play);
}

static void try_each(enum mischief mischief)
{
	static struct playing calm, play;
	const char *what;

	calm = (struct playing){ .mischief = NONE };
	play_out(&calm, false);
	assert_in_range(world_sent(calm.scene.world), 100, DATAGRAMS_MAX);
	for (uint32_t i = 0; i < world_sent(calm.scene.world); i++) {
		play = (struct playing){ .mischief = mischief, .victim = i };
		play_out(&play, false);
		what = difference(&calm, &play);
		if (what) {
			explain(&calm, &play);
			fail_msg("datagram %u %s: %s differs", i, mischief_words[mischief], what);
		}
		scene_close(&play.scene);
	}
	scene_close(&calm.scene);
}

TEST(a_lost_packet_changes_nothing_but_the_time)
{
	try_each(LOST);
}

TEST(a_repeated_packet_changes_nothing)
{
	try_each(REPEATED);
}

TEST(a_late_packet_changes_nothing_but_the_time)
{
	try_each(LATE);
}

static bool happens(const struct playing *play, enum icq_channel channel, uint16_t command)
{
	for (uint32_t i = 0; i < world_sent(play->scene.world); i++)
		if (play->kinds[i].channel == channel && play->kinds[i].command == command)
			return true;
	return false;
}

TEST(the_conversation_holds_every_kind_of_packet)
{
	static const enum icq_id ids[] = {
		M_c_ack,
		M_c_send_message,
		M_c_login,
		M_c_register,
		M_c_contact_list,
		M_c_keep_alive,
		M_c_text_code,
		M_c_ack_messages,
		M_c_offline_messages,
		M_c_status,
		M_c_search_uin,
		M_c_info,
		M_c_ext_info,
		M_c_update_info,
		M_c_update_ext_info,
		M_c_change_password,
		M_s_ack,
		M_s_new_uin,
		M_s_login_reply,
		M_s_user_online,
		M_s_user_offline,
		M_s_stored_message,
		M_s_stored_end,
		M_s_message,
		M_s_status,
		M_s_contacts_done,
		M_s_user_found,
		M_s_search_end,
		M_s_info,
		M_s_ext_info,
		M_s_info_unknown,
		M_s_info_updated,
		M_s_ext_info_updated,
		M_s_password_changed,
	};
	static struct playing play;

	play = (struct playing){ .mischief = NONE };
	play_out(&play, false);
	for (size_t i = 0; i < sizeof(ids) / sizeof(*ids); i++) {
		const struct icq_message *m = icq_describe(ids[i]);
		enum icq_channel side = m->channel == ICQ_SERVER ? ICQ_SERVER : ICQ_CLIENT;

		if (!happens(&play, side, m->code))
			fail_msg("no %s in the conversation", m->name);
	}
	scene_close(&play.scene);
}

static void hash_line(void *ctx, const char *line)
{
	uint64_t *hash = ctx;

	for (; *line; line++)
		*hash = (*hash ^ (uint8_t)*line) * 0x100000001b3u;
}

static uint64_t run_hash(uint64_t seed)
{
	static struct scene scene;
	uint64_t hash = 0;

	scene_open(&scene, seed);
	world_watch(scene.world, NULL, hash_line, &hash);
	scene_converse(&scene);
	scene_close(&scene);
	return hash;
}

TEST(the_same_seed_gives_the_same_conversation)
{
	uint64_t seed = harness_seed();

	assert_true(run_hash(seed) == run_hash(seed));
	assert_true(run_hash(seed) != run_hash(seed + 1));
}
