/* SPDX-License-Identifier: MIT */
/* What store.h promises of profiles and search, asked of every store. */
#include "harness.h"

#include "base/err.h"
#include "subject.h"

#include <stdio.h>
#include <string.h>

/* ---- profiles -------------------------------------------------------------------------- */

static struct profile profile_of(struct subject *t, uint32_t uin)
{
	struct job j = job_of(JOB_PROFILE);

	j.profile.uin = uin;
	memset(&j.profile.profile, 0x55, sizeof(j.profile.profile));
	assert_int_equal(subject_do(t, &j), 0);
	return j.profile.profile;
}

/* Every text as long as can be, every number as large. */
static struct profile full_profile(void)
{
	struct profile p = { 0 };

#define X(part, name, limit) memset(p.name, 0xe9, PROFILE_MAX_##limit);
	PROFILE_TEXTS(X)
#undef X
#define X(part, name, type, preset) p.name = (type)0xfffffffe;
	PROFILE_NUMBERS(X)
#undef X
	strcpy(p.charset, "cp1251");
	return p;
}

CASE(a_new_account_has_a_preset_profile)
{
	struct profile p = profile_of(t, subject_account(t, 1)), preset;

	profile_preset(&preset);
	assert_memory_equal(&p, &preset, sizeof(p));
}

CASE(every_part_of_a_profile_is_set_alone)
{
	uint32_t uin = subject_account(t, 1);
	struct profile full = full_profile(), expected;

	profile_preset(&expected);
	for (unsigned part = PROFILE_NAMES; part <= PROFILE_CHARSET; part <<= 1) {
		struct job j = job_profile_set(uin, part, &full);

		assert_int_equal(subject_do(t, &j), 0);
		profile_copy(&expected, &full, part);
		struct profile p = profile_of(t, uin);

		assert_memory_equal(&p, &expected, sizeof(p));
	}
	assert_memory_equal(&expected, &full, sizeof(full));
}

CASE(unknown_accounts_have_no_profile)
{
	struct profile full = full_profile();
	struct job j = job_profile_set(STORE_FIRST_UIN, PROFILE_NAMES, &full);

	assert_int_equal(subject_do(t, &j), -ICQ_ENOENT);
	j = job_of(JOB_PROFILE);
	j.profile.uin = STORE_FIRST_UIN;
	assert_int_equal(subject_do(t, &j), -ICQ_ENOENT);
}

CASE(an_unknown_code_page_is_refused)
{
	uint32_t uin = subject_account(t, 1);
	struct profile p = { .nick = "x", .charset = "cp9999" };
	struct job j = job_profile_set(uin, PROFILE_NAMES | PROFILE_CHARSET, &p);

	assert_int_equal(subject_do(t, &j), -ICQ_ERANGE);
	p = profile_of(t, uin);
	assert_string_equal(p.nick, "");
	assert_string_equal(p.charset, "");
	j.profile.parts = PROFILE_NAMES; /* then it is not looked at */
	assert_int_equal(subject_do(t, &j), 0);
}

/* ---- search ---------------------------------------------------------------------------- */

/* An account with these names; seq makes it another one. */
static uint32_t somebody(struct subject *t, uint16_t seq, const struct profile *p)
{
	uint32_t uin = subject_account(t, seq);
	struct job j = job_profile_set(uin, PROFILE_NAMES | PROFILE_CHARSET, p);

	assert_int_equal(subject_do(t, &j), 0);
	return uin;
}

/* Searches; returns the only hit, 0 for none. */
static uint32_t find_one(struct subject *t, const struct job_search *wanted)
{
	struct job j = job_of(JOB_SEARCH);

	j.search = *wanted;
	assert_int_equal(subject_do(t, &j), 0);
	assert_false(j.search.more);
	assert_in_range(j.search.count, 0, 1);
	return j.search.count ? j.search.uins[0] : 0;
}

#define FIND(...) find_one(t, &(struct job_search){ __VA_ARGS__ })

CASE(names_are_found_by_a_part_without_regard_to_case)
{
	uint32_t ann = somebody(
		t, 1, &(struct profile){ .nick = "Lighthouse", .first = "Ann", .last = "Lee" });

	somebody(t, 2, &(struct profile){ .nick = "other", .first = "Bob", .last = "Moe" });
	assert_int_equal(FIND(.nick = "Lighthouse"), ann);
	assert_int_equal(FIND(.nick = "THOU"), ann);
	assert_int_equal(FIND(.first = "nn"), ann);
	assert_int_equal(FIND(.last = "LE"), ann);
	assert_int_equal(FIND(.nick = "l", .first = "a", .last = "e"), ann);
	assert_int_equal(FIND(.nick = "light", .first = "bob"), 0);
	assert_int_equal(FIND(.nick = "Lighthouses"), 0);
	assert_int_equal(FIND(.first = "Lee"), 0);
}

CASE(e_mail_is_found_as_a_whole)
{
	uint32_t bob = somebody(t, 1,
				&(struct profile){ .first = "Bob", .email = "Bob@Example.org" });

	assert_int_equal(FIND(.email = "bob@example.ORG"), bob);
	assert_int_equal(FIND(.email = "bob@example.org", .first = "bo"), bob);
	assert_int_equal(FIND(.email = "bob@example.org", .first = "ann"), 0);
	assert_int_equal(FIND(.email = "bob@example.or"), 0);
	assert_int_equal(FIND(.email = "example"), 0);
}

CASE(who_asks_for_nothing_finds_nobody)
{
	somebody(t, 1, &(struct profile){ .nick = "x" });
	assert_int_equal(FIND(.asker = STORE_FIRST_UIN), 0);
}

CASE(each_text_counts_in_its_code_page)
{
	/* "Привет" */
	uint32_t koi = somebody(
		t, 1, &(struct profile){ .nick = "\xf0\xd2\xc9\xd7\xc5\xd4", .charset = "koi8-r" });
	uint32_t win = somebody(
		t, 2,
		&(struct profile){ .first = "\xcf\xf0\xe8\xe2\xe5\xf2", .charset = "cp1251" });
	uint32_t latin = somebody(t, 3, &(struct profile){ .last = "\xcf\xf0\xe8" });

	/* "ПРИ", asked for by each in its own code page */
	assert_int_equal(FIND(.nick = "\xcf\xd0\xc8", .asker = win), koi);
	assert_int_equal(FIND(.nick = "\xf0\xf2\xe9", .asker = koi), koi);
	assert_int_equal(FIND(.first = "\xf0\xf2\xe9", .asker = koi), win);
	assert_int_equal(FIND(.last = "\xef\xd0\xc8", .asker = latin), latin);
	assert_int_equal(FIND(.last = "\xef\xd0\xc8"), latin); /* of whom nothing is known */
	assert_int_equal(FIND(.nick = "\xcf\xd0\xc8", .asker = latin), 0);
}

CASE(another_code_page_makes_another_name)
{
	uint32_t uin = somebody(t, 1, &(struct profile){ .nick = "\xc0" });
	struct job j = job_profile_set(uin, PROFILE_CHARSET,
				       &(struct profile){ .charset = "cp1251" });

	assert_int_equal(FIND(.nick = "\xe0"), uin);
	assert_int_equal(subject_do(t, &j), 0);
	assert_int_equal(FIND(.nick = "\xe0"), 0);
	assert_int_equal(FIND(.nick = "\xe0", .asker = uin), uin);
}

CASE(another_presetting_makes_other_names)
{
	uint32_t plain = somebody(t, 1, &(struct profile){ .nick = "\xf0" });
	uint32_t own = somebody(t, 2, &(struct profile){ .last = "\xd0", .charset = "koi8-r" });

	assert_int_equal(subject_set(t, "cp1251", 1000), 0);
	assert_int_equal(FIND(.nick = "\xd0"), plain); /* er, no longer eth */
	assert_int_equal(FIND(.last = "\xef"), own);   /* pe, as before */
	assert_int_equal(FIND(.nick = "\xd2", .asker = own), plain);
	assert_int_equal(subject_set(t, "cp9999", 1000), -ICQ_ERANGE);
	assert_int_equal(FIND(.nick = "\xd0"), plain);
}

CASE(changed_names_are_found_by_the_new_ones)
{
	uint32_t uin = somebody(t, 1, &(struct profile){ .nick = "before", .email = "a@b" });
	struct job j = job_profile_set(uin, PROFILE_NAMES, &(struct profile){ .nick = "after" });

	assert_int_equal(FIND(.nick = "before", .email = "A@B"), uin);
	assert_int_equal(subject_do(t, &j), 0);
	assert_int_equal(FIND(.nick = "before"), 0);
	assert_int_equal(FIND(.email = "a@b"), 0);
	assert_int_equal(FIND(.nick = "after"), uin);
}

CASE(the_lowest_uins_come_first_and_more_says_there_are_more)
{
	struct job j = job_of(JOB_SEARCH);

	strcpy(j.search.nick, "same");
	for (uint16_t i = 1; i <= PROFILE_MAX_hits + 1; i++) {
		somebody(t, i, &(struct profile){ .nick = "The Same", .email = "a@b" });
		strcpy(j.search.email, i % 2 ? "a@b" : "");
		assert_int_equal(subject_do(t, &j), 0);
		assert_int_equal(j.search.count, i < PROFILE_MAX_hits ? i : PROFILE_MAX_hits);
		assert_int_equal(j.search.more, i > PROFILE_MAX_hits);
		for (uint32_t k = 0; k < j.search.count; k++)
			assert_int_equal(j.search.uins[k], STORE_FIRST_UIN + k);
	}
}

CASE(blocked_accounts_are_not_found)
{
	uint32_t uin = somebody(t, 1, &(struct profile){ .nick = "nick", .email = "a@b" });

	subject_block(t, uin, true);
	assert_int_equal(FIND(.nick = "nick"), 0);
	assert_int_equal(FIND(.email = "a@b"), 0);
	subject_block(t, uin, false);
	assert_int_equal(FIND(.nick = "nick"), uin);
}

CASE(the_echo_account_is_found)
{
	assert_int_equal(FIND(.nick = "echo"), STORE_ECHO_UIN);
}
