/* SPDX-License-Identifier: MIT */
/* Looking users up, and changing the own profile and password. */
#include "client/scene.h"

#include <string.h>

#include "harness.h"

static struct scene s;

static void open_online(void)
{
	scene_open(&s);
	assert_int_equal(scene_online(&s), 4);
}

static void assert_sent(const char *hex)
{
	struct hex wanted = hex_bytes(hex);

	assert_bytes(wanted.b, wanted.n, s.sent, s.sent_n);
}

/* ---- searches -------------------------------------------------------------------------- */

TEST(search_by_number_with_the_golden_packets)
{
	open_online();
	icq_client_search(s.client, s.now, 7, ANN, NULL);
	assert_diary(&s, "SEARCH_UIN/4 ");
	assert_sent("0200.1A04.0400.214E0000.0100.11270000");
	scene_ack(&s, 4);
	scene_server_hex(&s, "0200.8C00.0100.0100.11270000.0400.616E6E00.0100.00.0100.00.0100.00."
			     "00.01");
	assert_true(s.found.number[ICQ_PROFILE_AUTH] == 1);
	scene_server_hex(&s, "0200.A000.0200.0100.00");
	assert_diary(&s, "=10001+ ann ACK/1 {7 ok} ACK/2 ");
	scene_close(&s);
}

TEST(search_by_name_tells_every_hit_once)
{
	struct icq_client_profile wanted = { .text = { [ICQ_PROFILE_NICK] = icq_str_of("an") } };

	open_online();
	icq_client_search(s.client, s.now, 7, 0, &wanted);
	assert_sent("0200.2404.0400.214E0000.0100.0300.616E00.0100.00.0100.00.0100.00");
	scene_run(&s, 10000);
	assert_diary(&s, "SEARCH_USER/4 SEARCH_USER/4 ");
	scene_ack(&s, 4);
	for (int i = 0; i < 2; i++)
		scene_server_hex(&s, "0200.8C00.0100.0100.11270000.0400.616E6E00.0100.00.0100.00."
				     "0100.00.01.00");
	scene_server_hex(&s, "0200.8C00.0200.0100.12270000.0500.68616E7300.0100.00.0100.00.0100.00."
			     "01");
	scene_server_hex(&s, "0200.A000.0300.0100.01");
	assert_diary(&s, "=10001 ann ACK/1 ACK/1 =10002? hans ACK/2 {7 ok, more} ACK/3 ");
	scene_close(&s);
}

TEST(answers_to_nobodys_question_are_nothing)
{
	open_online();
	icq_client_search(s.client, s.now, 7, ANN, NULL);
	scene_ack(&s, 4);
	scene_forget(&s);
	scene_server_hex(&s, "0200.8C00.0100.0200.11270000.0400.616E6E00.0100.00.0100.00.0100.00."
			     "01");
	scene_server_hex(&s, "0200.A000.0200.0200.00");
	scene_server_hex(&s, "0200.E001.0300.0100");
	scene_server_hex(&s, "0200.4001.0400.0400");
	scene_server_hex(&s, "0200.4E02.0500.11270000");
	assert_diary(&s, "ACK/1 ACK/2 ACK/3 ACK/4 ACK/5 ");
	scene_close(&s);
}

TEST(search_ends_with_the_session_or_its_time)
{
	open_online();
	icq_client_search(s.client, s.now, 7, ANN, NULL);
	scene_ack(&s, 4);
	scene_forget(&s);
	scene_run(&s, 24000);
	assert_diary(&s, "");
	icq_client_logout(s.client, s.now, 0);
	assert_diary(&s, "TEXT_CODE/5=B_USER_DISCONNECTED {7 not_online} [offline logout] ");
	icq_client_search(s.client, s.now, 8, ANN, NULL);
	assert_diary(&s, "{8 not_online} ");
	scene_close(&s);
}

TEST(silence_is_a_timeout)
{
	open_online();
	icq_client_info(s.client, s.now, 7, ANN);
	scene_ack(&s, 4);
	scene_ack(&s, 5);
	for (uint16_t seq = 6; strstr(s.diary, "{7") == NULL; seq++) {
		scene_run(&s, 26000);
		scene_ack(&s, seq);
	}
	assert_non_null(strstr(s.diary, "{7 timeout}"));
	scene_close(&s);
}

/* ---- profiles -------------------------------------------------------------------------- */

#define ANNS_NAMES "11270000.0400.616E6E00.0200.4100.0200.4200.0200.6300.01.0000"
#define ANNS_REST                                                                                  \
	"11270000.0500.526F6D6500.2700.FE.0100.00.1E00.01.0200.3100.0100.00.0100.00.FFFFFFFF"

TEST(profile_comes_in_halves_in_either_order)
{
	open_online();
	icq_client_info(s.client, s.now, 7, ANN);
	assert_diary(&s, "INFO_REQ/4 EXT_INFO_REQ/5 ");
	scene_server_hex(&s, "0200.2201.0100.0100." ANNS_REST);
	assert_int_equal(s.found.number[ICQ_PROFILE_COUNTRY], 39);
	assert_int_equal(s.found.number[ICQ_PROFILE_AGE], 30);
	assert_int_equal(s.found.number[ICQ_PROFILE_SEX], 1);
	scene_server_hex(&s, "0200.2201.0100.0100." ANNS_REST);
	scene_server_hex(&s, "0200.1801.0200.0100." ANNS_NAMES);
	assert_diary(&s, "=10001? Rome ACK/1 ACK/1 =10001? ann {7 ok} ACK/2 ");
	scene_close(&s);
}

TEST(code_page_is_guessed_from_the_country)
{
	const char rest[] = "0200.2201.0100.0100.11270000.0100.00.0700.FE.0100.00.1E00.01.0100.00."
			    "0100.00.0100.00.FFFFFFFF";

	open_online();
	icq_client_info(s.client, s.now, 7, ANN);
	scene_server_hex(&s, rest);
	assert_string_equal(codepage_name(icq_client_charset(s.client, ANN)), "cp1252");
	scene_close(&s);

	open_online();
	scene_add(&s, ANN, ICQ_CLIENT_NORMAL);
	icq_client_info(s.client, s.now, 7, ANN);
	scene_forget(&s);
	scene_server_hex(&s, rest);
	assert_diary(&s, "!charset =10001?  ACK/1 ");
	assert_string_equal(codepage_name(icq_client_charset(s.client, ANN)), "cp1251");
	icq_client_put_contact(
		s.client, s.now, 0,
		&(struct icq_client_contact){ .uin = ANN, .charset = codepage_find("cp866") });
	icq_client_info(s.client, s.now, 8, ANN);
	scene_server_hex(&s, rest);
	assert_string_equal(codepage_name(icq_client_charset(s.client, ANN)), "cp866");
	scene_close(&s);
}

TEST(unknown_user_is_told_with_and_without_number)
{
	open_online();
	icq_client_info(s.client, s.now, 7, ANN);
	icq_client_info(s.client, s.now, 8, BOB);
	scene_forget(&s);
	scene_server_hex(&s, "0200.2C01.0100.0100.11270000");
	scene_server_hex(&s, "0200.3601.0200.12270000");
	scene_server_hex(&s, "0200.3601.0300.0100.11270000");
	assert_diary(&s, "{7 unknown_uin} ACK/1 {8 unknown_uin} ACK/2 ACK/3 ");
	scene_close(&s);
}

/* ---- the own profile ------------------------------------------------------------------- */

#define MY_NAMES "214E0000.0300.6D6500.0200.4100.0200.4200.0200.6300.00.0000"

static void update(uint64_t request, enum icq_profile_field field, const char *text)
{
	struct icq_client_profile change = { .has = ICQ_PROFILE_BIT(field) };

	change.text[field] = icq_str_of(text);
	icq_client_update(s.client, s.now, request, &change);
}

TEST(changed_field_goes_out_among_those_that_stay)
{
	open_online();
	update(7, ICQ_PROFILE_FIRST, "Zoe");
	assert_diary(&s, "INFO_REQ/4 ");
	scene_ack(&s, 4);
	scene_server_hex(&s, "0200.1801.0100.0100." MY_NAMES);
	assert_diary(&s, "ACK/1 UPDATE_INFO/5 ");
	assert_sent(
		"0200.0A05.0500.214E0000.0100.0300.6D6500.0400.5A6F6500.0200.4200.0200.6300.00");
	scene_ack(&s, 5);
	scene_server_hex(&s, "0200.E001.0200.0100");
	assert_diary(&s, "{7 ok} ACK/2 ");
	scene_close(&s);
}

TEST(other_half_keeps_what_has_no_field)
{
	struct icq_client_profile change = {
		.has = ICQ_PROFILE_BIT(ICQ_PROFILE_CITY) | ICQ_PROFILE_BIT(ICQ_PROFILE_AGE),
		.text = { [ICQ_PROFILE_CITY] = icq_str_of("Oslo") },
	};

	open_online();
	icq_client_update(s.client, s.now, 7, &change);
	scene_ack(&s, 4);
	scene_server_hex(&s, "0200.2201.0100.0100.214E0000.0500.526F6D6500.2700.FE.0100.00.1E00.01."
			     "0200.3100.0100.00.0100.00.05000000");
	assert_diary(&s, "EXT_INFO_REQ/4 ACK/1 UPDATE_EXT_INFO/5 ");
	assert_sent(
		"0200.B004.0500.214E0000.0100.0500.4F736C6F00.2700.FE.0100.00.FFFF.01.0200.3100."
		"0100.00.0100.00.05000000");
	scene_server_hex(&s, "0200.D200.0200.0100");
	assert_diary(&s, "{7 refused} ACK/2 ");
	scene_close(&s);
}

TEST(both_halves_make_one_result)
{
	struct icq_client_profile change = { .has = ICQ_PROFILE_BIT(ICQ_PROFILE_NICK) |
						    ICQ_PROFILE_BIT(ICQ_PROFILE_ABOUT) };

	open_online();
	icq_client_update(s.client, s.now, 7, &change);
	update(8, ICQ_PROFILE_NICK, "x");
	scene_server_hex(&s, "0200.1801.0100.0100." MY_NAMES);
	scene_server_hex(&s, "0200.2201.0200.0100.214E0000.0100.00.FFFF.9C.0100.00.FFFF.00.0100.00."
			     "0100.00.0100.00.FFFFFFFF");
	scene_server_hex(&s, "0200.C800.0300.0100");
	assert_null(strstr(s.diary, "{7"));
	assert_non_null(strstr(s.diary, "{8 busy}"));
	scene_server_hex(&s, "0200.E001.0400.0100");
	assert_non_null(strstr(s.diary, "{7 ok}"));
	update(9, ICQ_PROFILE_NICK, "x");
	assert_null(strstr(s.diary, "{9"));
	scene_close(&s);
}

TEST(authorization_alone_has_its_own_packet)
{
	struct icq_client_profile change = { .has = ICQ_PROFILE_BIT(ICQ_PROFILE_AUTH) };

	open_online();
	change.number[ICQ_PROFILE_AUTH] = 1;
	icq_client_update(s.client, s.now, 7, &change);
	assert_sent("0200.1405.0400.214E0000.0100.00");
	scene_server_hex(&s, "0200.F401.0100.0100");
	assert_diary(&s, "AUTH_UPDATE/4 {7 ok} ACK/1 ");
	scene_close(&s);
}

TEST(what_does_not_fit_is_not_cut)
{
	struct icq_client_profile nothing = { 0 };

	open_online();
	update(7, ICQ_PROFILE_STATE, "abcdef");
	update(8, ICQ_PROFILE_NICK, "123456789012345678901");
	icq_client_update(s.client, s.now, 9, &nothing);
	assert_diary(&s, "{7 too_long} {8 too_long} {9 bad_field} ");
	scene_close(&s);
}

TEST(request_for_authorization_carries_the_own_names)
{
	open_online();
	icq_client_introduce(s.client, s.now, 7, ANN, T_auth_request, icq_str_of("please"));
	scene_ack(&s, 4);
	scene_server_hex(&s, "0200.1801.0100.0100." MY_NAMES);
	assert_diary(&s, "INFO_REQ/4 ACK/1 {7 ok} (1 queued) (1 sent) SEND_MESSAGE/5 ");
	assert_bytes("\x11\x27\0\0\6\0\x12\0me\xfe"
		     "A\xfe"
		     "B\xfe"
		     "c\xfe"
		     "0\xfeplease",
		     25, s.sent + 10, 25);
	scene_close(&s);
}

/* ---- the password ---------------------------------------------------------------------- */

TEST(new_password_counts_at_the_next_login)
{
	open_online();
	icq_client_password(s.client, s.now, 7, icq_str_of("new"));
	scene_run(&s, 10000);
	assert_sent("0200.9C04.0400.214E0000.0400.0400.6E657700");
	scene_ack(&s, 4);
	scene_server_hex(&s, "0200.4001.0100.0400");
	assert_diary(&s, "CHANGE_PASSWORD/4 CHANGE_PASSWORD/4 CHANGE_PASSWORD/4 {7 ok} ACK/1 ");
	scene_server_hex(&s, "0200.F000.0000");
	scene_run(&s, 0);
	assert_memory_equal(s.sent + 14, "\4\0new", 6);
	scene_close(&s);
}

TEST(new_password_waits_for_the_welcome_to_be_acknowledged)
{
	scene_open(&s);
	scene_login(&s);
	scene_server_hex(&s, "0200.5A00.0000.214E0000.7F000001.5B5A");
	scene_forget(&s);
	icq_client_password(s.client, s.now, 7, icq_str_of("new"));
	assert_diary(&s, "");
	scene_ack(&s, 2);
	assert_diary(&s, "ACK/0 CHANGE_PASSWORD/3 LOGIN_1/4 ");
	scene_close(&s);
}

TEST(refused_password_leaves_the_old_one)
{
	open_online();
	icq_client_password(s.client, s.now, 7, icq_str_of("new"));
	icq_client_password(s.client, s.now, 8, icq_str_of("other"));
	icq_client_password(s.client, s.now, 9, icq_str_of(""));
	scene_server_hex(&s, "0200.4A01.0100.0400");
	assert_diary(&s, "CHANGE_PASSWORD/4 {8 busy} {9 busy} {7 refused} ACK/1 ");
	icq_client_password(s.client, s.now, 9, icq_str_of("123456789"));
	assert_diary(&s, "{9 bad_field} ");
	scene_server_hex(&s, "0200.F000.0000");
	scene_run(&s, 0);
	assert_memory_equal(s.sent + 14, "\10\0secret1", 10);
	scene_close(&s);
}

TEST(broken_session_leaves_the_old_password)
{
	open_online();
	icq_client_password(s.client, s.now, 7, icq_str_of("new"));
	scene_forget(&s);
	icq_client_logout(s.client, s.now, 0);
	assert_diary(&s, "TEXT_CODE/5=B_USER_DISCONNECTED {7 not_online} [offline logout] ");
	scene_close(&s);
}

/* ---- by chance ------------------------------------------------------------------------- */

TEST(somebody_by_chance)
{
	open_online();
	icq_client_random_join(s.client, s.now, 6, 3);
	assert_sent("0200.6405.0400.214E0000.03000000");
	scene_ack(&s, 4);
	icq_client_random(s.client, s.now, 7, 3);
	icq_client_random(s.client, s.now, 8, 3);
	assert_sent("0200.6E05.0500.214E0000.03000000");
	scene_server_hex(&s, "0200.4E02.0100.11270000");
	assert_diary(&s, "RAND_SET/4 {6 ok} RAND_SEARCH/5 {8 busy} {7 ok 10001} ACK/1 ");
	icq_client_random(s.client, s.now, 9, 3);
	scene_server_hex(&s, "0200.4E02.0200.00000000");
	assert_diary(&s, "RAND_SEARCH/6 {9 not_found} ACK/2 ");
	scene_close(&s);
}

/* ---- lies ------------------------------------------------------------------------------ */

static void ask_something(struct rng *rng, uint64_t request)
{
	struct icq_client_profile wanted = { 0 };

	switch (rng_below(rng, 6)) {
	case 0:
		icq_client_search(s.client, s.now, request, 0, &wanted);
		break;
	case 1:
		icq_client_info(s.client, s.now, request, ANN);
		break;
	case 2:
		update(request, (enum icq_profile_field)rng_below(rng, ICQ_PROFILE_TEXTS), "x");
		break;
	case 3:
		icq_client_random(s.client, s.now, request, 1);
		break;
	case 4:
		icq_client_password(s.client, s.now, request, icq_str_of("new"));
		break;
	default:
		icq_client_introduce(s.client, s.now, request, ANN, T_auth_request,
				     icq_str_of("please"));
		scene_answer(&s);
	}
}

static void answer_something(struct rng *rng, uint16_t seq)
{
	static const uint16_t codes[] = { 0x8C,	 0xA0,	0xC8,  0xD2,  0x118, 0x122, 0x12C, 0x136,
					  0x140, 0x14A, 0x1E0, 0x1EA, 0x1F4, 0x1FE, 0x24E, 0x258 };
	uint16_t code = codes[rng_below(rng, sizeof(codes) / sizeof(*codes))];
	uint32_t uin = rng_below(rng, 2) ? ANN : ME;
	uint8_t packet[64] = { 2,
			       0,
			       (uint8_t)code,
			       (uint8_t)(code >> 8),
			       (uint8_t)seq,
			       (uint8_t)(seq >> 8),
			       (uint8_t)rng_below(rng, 12),
			       0,
			       (uint8_t)uin,
			       (uint8_t)(uin >> 8) };

	if (rng_below(rng, 4) == 0)
		rng_bytes(rng, packet + 12, sizeof(packet) - 12);
	scene_server_bytes(&s, packet,
			   rng_below(rng, 4) ? sizeof(packet) : rng_below(rng, sizeof(packet)));
}

static size_t count(const char *what)
{
	size_t n = 0;

	for (const char *p = s.diary; (p = strstr(p, what)); p++)
		n++;
	return n;
}

/* One session; the number of good results is added to *good. */
static void session_of_lies(struct rng *rng, size_t *good)
{
	size_t requests = 0;

	open_online();
	for (uint16_t seq = 1; seq < 200; seq++) {
		if (rng_below(rng, 8) == 0)
			ask_something(rng, 10 + requests++);
		answer_something(rng, seq);
		scene_ack(&s, s.last_seq);
	}
	icq_client_logout(s.client, s.now, 0);
	assert_int_equal(count("{"), requests);
	*good += count(" ok}");
	scene_close(&s);
}

/* Each command has one result, whatever the server says. */
TEST(random_answers_end_each_command_once)
{
	struct rng rng = harness_rng();
	size_t good = 0;

	for (int i = 0; i < 200; i++)
		session_of_lies(&rng, &good);
	assert_true(good > 50);
}
