/* SPDX-License-Identifier: MIT */
#include "harness.h"
#include "wire/icqwire.h"

TEST(status_words_mean_what_the_strongest_bit_says)
{
	const struct {
		uint32_t word;
		enum icq_status plain;
	} cases[] = {
		{ 0x00, ICQ_STATUS_online },	{ 0x01, ICQ_STATUS_away },
		{ 0x04, ICQ_STATUS_na },	{ 0x05, ICQ_STATUS_na },
		{ 0x10, ICQ_STATUS_occupied },	{ 0x11, ICQ_STATUS_occupied },
		{ 0x02, ICQ_STATUS_dnd },	{ 0x03, ICQ_STATUS_dnd },
		{ 0x12, ICQ_STATUS_dnd },	{ 0x13, ICQ_STATUS_dnd },
		{ 0x22, ICQ_STATUS_dnd },	{ 0x20, ICQ_STATUS_ffc },
		{ 0x101, ICQ_STATUS_away },	{ 0x00010013, ICQ_STATUS_dnd },
		{ 0xFFFF, ICQ_STATUS_offline }, { 0xFFFFFFFF, ICQ_STATUS_offline },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(icq_status_plain(cases[i].word), cases[i].plain);
}

TEST(old_viewers_see_three_statuses)
{
	const struct {
		uint32_t word, shown;
	} cases[] = {
		{ 0x00, 0x00 }, { 0x01, 0x01 }, { 0x02, 0x11 },	   { 0x03, 0x11 }, { 0x04, 0x01 },
		{ 0x05, 0x01 }, { 0x10, 0x11 }, { 0x11, 0x11 },	   { 0x12, 0x11 }, { 0x13, 0x11 },
		{ 0x20, 0x00 }, { 0x22, 0x11 }, { 0x30105, 0x01 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(icq_status_shown(cases[i].word, 2), cases[i].shown);
}

TEST(newer_viewers_see_all_but_invisibility)
{
	assert_int_equal(icq_status_shown(0x00030113, 3), 0x00030013);
	assert_int_equal(icq_status_shown(0x22, 6), 0x22);
}

TEST(status_names_are_read_back)
{
	const char *names[] = { "online", "away", "na", "occupied", "dnd", "ffc", "offline" };
	enum icq_status status;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_int_equal(icq_status_parse(names[i], &status), 0);
		assert_string_equal(icq_status_name(status), names[i]);
	}
	assert_int_equal(icq_status_parse("invisible", &status), 0);
	assert_int_equal(status, ICQ_STATUS_invisible);
	assert_string_equal(icq_status_name((enum icq_status)0x7777), "unknown");
	assert_int_equal(icq_status_parse("sleepy", &status), -ICQ_ENOENT);
}
