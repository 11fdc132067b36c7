/* SPDX-License-Identifier: MIT */
/* What the reader tolerates and the writer makes canonical, case by case. */
#include <string.h>

#include "harness.h"
#include "wire/icqwire.h"

static int decode(enum icq_id id, const char *hex, union icq_msg *msg)
{
	static struct hex body; /* messages borrow from it */

	body = hex_bytes(hex);
	return icq_decode(id, body.b, body.n, msg);
}

static void assert_encoded(const char *hex, enum icq_id id, const union icq_msg *msg)
{
	struct hex expected = hex_bytes(hex);
	uint8_t out[2048];
	int n = icq_encode(id, msg, out, sizeof(out));

	assert_true(n >= 0);
	assert_bytes(expected.b, expected.n, out, (size_t)n);
}

static void assert_str(const char *expected, struct icq_str s)
{
	assert_bytes(expected, strlen(expected), s.p ? (const void *)s.p : "", s.len);
}

TEST(text_ends_at_its_first_nul)
{
	union icq_msg m;

	assert_int_equal(decode(M_c_send_message, "01000000 0100 0500 6162006300", &m), 0);
	assert_str("ab", m.c_send_message.text);
	assert_encoded("01000000 0100 0300 616200", M_c_send_message, &m);
}

TEST(nothing_is_written_behind_a_nul)
{
	union icq_msg m;

	icq_preset(M_c_send_message, &m);
	m.c_send_message.text = (struct icq_str){ (const uint8_t *)"ab\0c", 4 };
	assert_encoded("00000000 0100 0300 616200", M_c_send_message, &m);
}

TEST(text_needs_neither_nul_nor_bytes)
{
	union icq_msg m;

	assert_int_equal(decode(M_c_send_message, "01000000 0100 0200 6162", &m), 0);
	assert_str("ab", m.c_send_message.text);
	assert_int_equal(decode(M_c_send_message, "01000000 0100 0000", &m), 0);
	assert_str("", m.c_send_message.text);
	assert_encoded("01000000 0100 0100 00", M_c_send_message, &m);
}

TEST(text_past_the_end_is_refused)
{
	union icq_msg m;

	assert_int_equal(decode(M_c_send_message, "01000000 0400 0300 6162", &m), -ICQ_ETRUNC);
	assert_int_equal(m.c_send_message.to, 1);
	assert_int_equal(m.c_send_message.type, 4);
	assert_int_equal(m.c_send_message.text.len, 0);
	assert_int_equal(decode(M_c_send_message, "01000000 0100 FFFF 6162", &m), -ICQ_ETRUNC);
}

TEST(what_comes_behind_a_failure_has_its_default)
{
	union icq_msg m;

	memset(&m, 0xAA, sizeof(m));
	assert_int_equal(decode(M_c_login, "D2040000 0900 7365", &m), -ICQ_ETRUNC);
	assert_int_equal(m.c_login.port, 1234);
	assert_int_equal(m.c_login.password.len, 0);
	assert_int_equal(m.c_login.client, 0x78);
	assert_int_equal(m.c_login.mode, 4);
	assert_int_equal(m.c_login.tcp_version, 2);
}

TEST(login_may_end_anywhere_behind_the_password)
{
	union icq_msg m;

	assert_int_equal(decode(M_c_login, "D2040000 0300 616200 72000400 7F0000", &m), 0);
	assert_str("ab", m.c_login.password);
	assert_int_equal(m.c_login.client, 0x40072);
	assert_int_equal(m.c_login.ip, 0);
	assert_int_equal(m.c_login.mode, 4);
	assert_int_equal(m.c_login.login_seq, 0);
}

TEST(addresses_are_in_network_order)
{
	union icq_msg m;

	icq_preset(M_s_login_reply, &m);
	m.s_login_reply.uin = 1234567;
	m.s_login_reply.ip = 0xCB007105;
	m.s_login_reply.login_seq = 1;
	assert_encoded("87D61200 CB007105 0100 01000100 00000000 8C000000 7800 0500 0A00 0500 0100",
		       M_s_login_reply, &m);
}

TEST(contact_count_has_one_byte_or_two)
{
	const char *forms[] = { "02 B1CB7400 11270000", "0200 B1CB7400 11270000" };
	union icq_msg m;

	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(decode(M_c_contact_list, forms[i], &m), 0);
		assert_int_equal(m.c_contact_list.uins.count, 2);
		assert_int_equal(icq_uins_at(&m.c_contact_list.uins, 0), 7654321);
		assert_int_equal(icq_uins_at(&m.c_contact_list.uins, 1), 10001);
		assert_encoded(forms[0], M_c_contact_list, &m);
	}
}

TEST(contact_count_beyond_the_data_takes_what_fits)
{
	union icq_msg m;

	assert_int_equal(decode(M_c_contact_list, "FF B1CB7400 1127", &m), 0);
	assert_int_equal(m.c_contact_list.uins.count, 1);
	assert_int_equal(decode(M_c_contact_list, "01 B1CB7400 11270000", &m), 0);
	assert_int_equal(m.c_contact_list.uins.count, 1);
	/* One byte too many for the form of two bytes: so it is the other one. */
	assert_int_equal(decode(M_c_contact_list, "0200 B1CB7400 11270000 FF", &m), 0);
	assert_int_equal(m.c_contact_list.uins.count, 2);
	assert_int_equal(icq_uins_at(&m.c_contact_list.uins, 0), 0x74CBB100);
	assert_int_equal(decode(M_c_contact_list, "00", &m), 0);
	assert_int_equal(m.c_contact_list.uins.count, 0);
	assert_int_equal(decode(M_c_contact_list, "0000", &m), 0);
	assert_int_equal(m.c_contact_list.uins.count, 0);
	assert_int_equal(decode(M_c_contact_list, "", &m), -ICQ_ETRUNC);
}

TEST(contact_list_of_two_byte_count_is_cut_at_what_one_byte_can_tell)
{
	uint8_t body[2 + 4 * 300] = { 300 & 0xFF, 300 >> 8 };
	union icq_msg m;

	assert_int_equal(icq_decode(M_c_contact_list, body, sizeof(body), &m), 0);
	assert_int_equal(m.c_contact_list.uins.count, ICQ_MAX_uins);
}

TEST(registration_password_may_hide_its_nul)
{
	const char *forms[] = {
		"0200 0400 666F7800 72000000 00000000",
		"0200 0300 666F7800 72000000 00000000",
		"0200 0300 666F78 72000000 00000000",
		"0200 0400 666F7800 72000000 00000000 FF",
	};
	union icq_msg m;

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		assert_int_equal(decode(M_c_register, forms[i], &m), 0);
		assert_str("fox", m.c_register.password);
		assert_int_equal(m.c_register.client, 0x72);
		assert_encoded(forms[0], M_c_register, &m);
	}
}

TEST(left_out_nul_is_no_client_version)
{
	union icq_msg m;

	assert_int_equal(decode(M_c_register, "0200 0300 666F78 00720000 00000000", &m), 0);
	assert_int_equal(m.c_register.client, 0x7200);
}

TEST(text_code_is_never_malformed)
{
	const char *forms[] = {
		"0600 425F4F4E4500 0500", /* right */
		"2000 425F4F4E4500 0500", /* past the end */
		"0100 425F4F4E4500 0500", /* too short */
		"0500 425F4F4E4500",
	};
	union icq_msg m;

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		assert_int_equal(decode(M_c_text_code, forms[i], &m), 0);
		assert_str("B_ONE", m.c_text_code.text);
		assert_encoded(forms[0], M_c_text_code, &m);
	}
	assert_int_equal(decode(M_c_text_code, "0500 425F4F4E45", &m), 0);
	assert_str("B_ONE", m.c_text_code.text);
	assert_int_equal(decode(M_c_text_code, "05", &m), 0);
	assert_int_equal(decode(M_c_text_code, "", &m), 0);
	assert_int_equal(m.c_text_code.code, 5);
}

TEST(request_number_is_missing_in_bodies_of_one_or_four_bytes)
{
	union icq_msg m;

	assert_int_equal(decode(M_c_auth_update, "01", &m), 0);
	assert_int_equal(m.c_auth_update.authorize, 1);
	assert_int_equal(decode(M_c_auth_update, "01000000", &m), 0);
	assert_int_equal(m.c_auth_update.authorize, 1);
	assert_int_equal(m.c_auth_update.number, 0);
	assert_int_equal(decode(M_c_auth_update, "070001", &m), 0);
	assert_int_equal(m.c_auth_update.number, 7);
	assert_int_equal(decode(M_c_auth_update, "0700", &m), -ICQ_ETRUNC);
	assert_int_equal(decode(M_s_info_unknown, "11270000", &m), 0);
	assert_int_equal(m.s_info_unknown.uin, 10001);
	assert_encoded("0000 11270000", M_s_info_unknown, &m);
}

TEST(random_group_may_be_cut)
{
	union icq_msg m;

	assert_int_equal(decode(M_c_rand_search, "0A00", &m), 0);
	assert_int_equal(m.c_rand_search.group, 10);
	assert_encoded("0A000000", M_c_rand_search, &m);
	assert_int_equal(decode(M_c_rand_search, "", &m), 0);
	assert_int_equal(m.c_rand_search.group, 0);
}

TEST(nobody_found_is_a_bare_zero)
{
	union icq_msg m;

	assert_int_equal(decode(M_s_rand_user, "00000000 01020304", &m), 0);
	assert_int_equal(m.s_rand_user.ip, 0);
	assert_encoded("00000000", M_s_rand_user, &m);
	m.s_rand_user.uin = 1;
	uint8_t out[64];

	assert_int_equal(icq_encode(M_s_rand_user, &m, out, sizeof(out)), 37);
}

TEST(message_id_is_written_only_when_there_is_one)
{
	union icq_msg m;

	assert_int_equal(decode(M_s_message, "01000000 0100 0100 00 00", &m), 0);
	assert_int_equal(m.s_message.msgid, 0);
	assert_encoded("01000000 0100 0100 00", M_s_message, &m);
	m.s_message.msgid = 0x0102030405060708;
	assert_encoded("01000000 0100 0100 00 0807060504030201", M_s_message, &m);
}

TEST(authorization_that_stays_is_not_written)
{
	union icq_msg m;

	icq_preset(M_c_update_info, &m);
	assert_encoded("0000 0100 00 0100 00 0100 00 0100 00", M_c_update_info, &m);
	m.c_update_info.authorize = 0;
	assert_encoded("0000 0100 00 0100 00 0100 00 0100 00 00", M_c_update_info, &m);
}

TEST(texts_are_cut_at_their_limits)
{
	union icq_msg m;

	assert_int_equal(decode(M_c_login, "00000000 0A00 30313233343536373839", &m), 0);
	assert_str("01234567", m.c_login.password);
	icq_preset(M_c_new_user_info, &m);
	m.c_new_user_info.nick = icq_str_of("a nick name that is far too long");
	assert_encoded(
		"0000 1500 61206E69636B206E616D652074686174206973 2000 0100 00 0100 00 0100 00",
		M_c_new_user_info, &m);
}

TEST(lists_are_written_as_they_were_set)
{
	uint8_t uins[2 * 4];
	union icq_msg m;

	icq_uins_set(uins, 0, 7654321);
	icq_uins_set(uins, 1, 10001);
	m.c_visible_list.uins = (struct icq_list){ uins, 2 };
	assert_encoded("02 B1CB7400 11270000", M_c_visible_list, &m);
}

TEST(a_full_list_has_255_uins)
{
	static uint8_t uins[4 * 300], body[4 * 300];
	union icq_msg m, back;

	for (uint16_t i = 0; i < 300; i++)
		icq_uins_set(uins, i, 10000u + i);
	m.c_contact_list.uins = (struct icq_list){ uins, 300 };

	int n = icq_encode(M_c_contact_list, &m, body, sizeof(body));

	assert_int_equal(n, 1 + 4 * ICQ_MAX_uins);
	assert_int_equal(icq_decode(M_c_contact_list, body, (size_t)n, &back), 0);
	assert_int_equal(back.c_contact_list.uins.count, ICQ_MAX_uins);
	assert_int_equal(icq_uins_at(&back.c_contact_list.uins, 254), 10254);
}

TEST(chat_and_file_fields_follow_the_type_whatever_its_flag)
{
	union icq_msg m;
	uint8_t out[128];

	icq_preset(M_t_message, &m);
	int plain = icq_encode(M_t_message, &m, out, sizeof(out));

	m.t_message.type = ICQ_TYPE_MANY | T_chat;
	assert_int_equal(icq_encode(M_t_message, &m, out, sizeof(out)), plain + 11);
	m.t_message.type = T_file;
	assert_int_equal(icq_encode(M_t_message, &m, out, sizeof(out)), plain + 15);
}

TEST(chat_users_are_a_list_of_elements)
{
	union icq_msg user, m, back;
	uint8_t users[128], out[256];

	icq_preset(M_e_chat_user, &user);
	user.e_chat_user.uin = 10001;
	int size = icq_encode(M_e_chat_user, &user, users, sizeof(users));

	user.e_chat_user.uin = 10002;
	icq_encode(M_e_chat_user, &user, users + size, sizeof(users) - (size_t)size);
	icq_preset(M_t_chat_color_font, &m);
	m.t_chat_color_font.users = (struct icq_list){ users, 2 };
	int n = icq_encode(M_t_chat_color_font, &m, out, sizeof(out));

	assert_int_equal(icq_decode(M_t_chat_color_font, out, (size_t)n, &back), 0);
	assert_int_equal(back.t_chat_color_font.users.count, 2);
	assert_bytes(users, 2 * (size_t)size, back.t_chat_color_font.users.p, 2 * (size_t)size);
	icq_list_at(&back.t_chat_color_font.users, M_e_chat_user, 1, &user);
	assert_int_equal(user.e_chat_user.uin, 10002);
	assert_int_equal(icq_decode(M_t_chat_color_font, out, (size_t)n - 1, &back), -ICQ_ETRUNC);
}

TEST(writing_respects_the_room)
{
	union icq_msg m;
	struct icq_head head = { .version = 2 };
	uint8_t out[64];

	icq_preset(M_c_send_message, &m);
	m.c_send_message.text = icq_str_of("abc");
	for (size_t cap = 0; cap < 12; cap++)
		assert_int_equal(icq_encode(M_c_send_message, &m, out, cap), -ICQ_ESPACE);
	assert_int_equal(icq_encode(M_c_send_message, &m, out, 12), 12);
	for (size_t cap = 0; cap < 22; cap++)
		assert_int_equal(icq_pack(M_c_send_message, &head, &m, out, cap), -ICQ_ESPACE);
	assert_int_equal(icq_pack(M_c_send_message, &head, &m, out, 22), 22);
}

TEST(headers_have_three_forms)
{
	struct hex client = hex_bytes("0200 2E04 1100 214E0000");
	struct hex bare = hex_bytes("0200 EC04 0100");
	struct hex server = hex_bytes("0200 0A00 1200");
	struct icq_head head;

	assert_int_equal(icq_head_read(ICQ_CLIENT, client.b, client.n, &head), 10);
	assert_int_equal(head.command, 0x042E);
	assert_int_equal(head.seq, 17);
	assert_int_equal(head.uin, 20001);
	assert_int_equal(icq_head_read(ICQ_CLIENT, bare.b, bare.n, &head), 6);
	assert_int_equal(head.uin, 0);
	assert_int_equal(icq_head_read(ICQ_SERVER, server.b, server.n, &head), 6);
	assert_int_equal(head.seq, 18);
}

TEST(short_datagrams_and_other_versions_are_told_apart)
{
	const struct {
		const char *hex;
		int err;
	} cases[] = {
		{ "", -ICQ_ETRUNC },
		{ "02", -ICQ_ETRUNC },
		{ "0200 2E04 11", -ICQ_ETRUNC },
		{ "0200 2E04 1100 214E00", -ICQ_ETRUNC },
		{ "0200 9999 1100 214E00", -ICQ_ETRUNC },
		{ "0000 2E04 1100 214E0000", -ICQ_EVERSION },
		{ "0600 2E04 1100 214E0000", -ICQ_EVERSION },
		{ "FFFF 2E04 1100 214E0000", -ICQ_EVERSION },
		{ "0200 9999 1100 214E0000", -ICQ_EUNKNOWN },
		{ "0200 0E01 1100 214E0000", -ICQ_ETRUNC },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct hex h = hex_bytes(cases[i].hex);
		struct icq_head head;
		union icq_msg msg;
		enum icq_id id;

		assert_int_equal(icq_unpack(ICQ_CLIENT, h.b, h.n, &head, &id, &msg), cases[i].err);
		assert_int_equal(id, i + 1 == sizeof(cases) / sizeof(cases[0]) ? M_c_send_message
									       : M_NONE);
	}
}

TEST(codes_are_found_by_channel_and_version)
{
	assert_int_equal(icq_find(ICQ_CLIENT, 2, 0x000A), M_c_ack);
	assert_int_equal(icq_find(ICQ_SERVER, 2, 0x000A), M_s_ack);
	assert_int_equal(icq_find(ICQ_CLIENT, 1, 0x03F2), M_c_login_v1);
	assert_int_equal(icq_find(ICQ_CLIENT, 2, 0x03F2), M_c_login_check);
	assert_int_equal(icq_find(ICQ_STREAM, 2, 0xFF), M_t_init);
	assert_int_equal(icq_find(ICQ_PEER, 2, 0), M_NONE);
	assert_int_equal(icq_find(ICQ_CLIENT, 5, 0x000A), M_NONE);
}
