/* SPDX-License-Identifier: MIT */
/* Lists as the server gets them, and what it says about the people on them. */
#include "client/scene.h"

#include <stdio.h>
#include <string.h>

#include "harness.h"

static struct scene s;

static void presence(uint16_t seq, enum icq_id id, uint32_t uin, uint32_t status)
{
	union icq_msg msg;

	icq_preset(id, &msg);
	if (id == M_s_user_online)
		msg.s_user_online = (struct icq_s_user_online){ .uin = uin, .status = status };
	else if (id == M_s_status)
		msg.s_status = (struct icq_s_status){ .uin = uin, .status = status };
	else
		msg.s_user_offline.uin = uin;
	scene_server(&s, id, seq, &msg);
}

TEST(a_group_may_have_a_code_page)
{
	const struct codepage *greek = codepage_find("cp1253"), *page;
	struct icq_client_contact contact = { .uin = 5, .group = "greeks" };
	char name[16];

	scene_open(&s);
	icq_client_put_contact(s.client, s.now, 0, &contact);
	assert_int_equal(icq_client_group_charset(s.client, "greeks", greek), 0);
	assert_ptr_equal(icq_client_charset(s.client, 5), greek);
	assert_string_equal(icq_client_group_at(s.client, 0, &page), "greeks");
	assert_ptr_equal(page, greek);
	contact.charset = codepage_find("koi8-r");
	icq_client_put_contact(s.client, s.now, 0, &contact);
	assert_ptr_equal(icq_client_charset(s.client, 5), contact.charset);
	assert_ptr_equal(icq_client_charset(s.client, 6), codepage_find("cp1252"));
	for (int i = 1; i < ICQ_CLIENT_GROUPS_MAX; i++) {
		snprintf(name, sizeof(name), "%d", i);
		assert_int_equal(icq_client_group_charset(s.client, name, greek), 0);
	}
	assert_int_equal(icq_client_group_charset(s.client, "more", greek), -ICQ_EFULL);
	assert_int_equal(icq_client_group_charset(s.client, "greeks", NULL), 0);
	assert_int_equal(icq_client_group_charset(s.client, "more", greek), 0);
	assert_null(icq_client_group_at(s.client, ICQ_CLIENT_GROUPS_MAX, &page));
	scene_close(&s);
}

TEST(long_list_leaves_in_parts_of_100_one_at_a_time)
{
	struct hex first = hex_bytes("0200.0604.0300.214E0000.64.E8030000.E9030000");

	scene_open(&s);
	for (uint32_t i = 0; i < 250; i++)
		scene_add(&s, 1000 + i, ICQ_CLIENT_NORMAL);
	scene_login(&s);
	scene_server_hex(&s, "0200.5A00.0000.214E0000.7F000001.5B5A");
	scene_ack(&s, 2);
	scene_forget(&s);
	assert_int_equal(s.sent_n, 10 + 1 + 400);
	assert_bytes(first.b, first.n, s.sent, first.n);
	scene_ack(&s, 3);
	assert_int_equal(s.sent_n, 10 + 1 + 400);
	scene_ack(&s, 4);
	assert_int_equal(s.sent_n, 10 + 1 + 200);
	scene_ack(&s, 5);
	assert_diary(&s, "CONTACT_LIST/4 CONTACT_LIST/5 LOGIN_1/6 ");
	scene_close(&s);
}

TEST(removal_while_a_list_leaves_skips_nobody)
{
	scene_open(&s);
	for (uint32_t i = 0; i < 101; i++)
		scene_add(&s, 1000 + i, ICQ_CLIENT_NORMAL);
	scene_login(&s);
	scene_server_hex(&s, "0200.5A00.0000.214E0000.7F000001.5B5A");
	scene_ack(&s, 2);
	icq_client_remove_contact(s.client, s.now, 0, 1000);
	scene_forget(&s);
	scene_ack(&s, 3);
	assert_int_equal(s.sent_n, 10 + 1 + 4);
	scene_ack(&s, 4);
	assert_diary(&s, "CONTACT_LIST/4 LOGIN_1/5 ");
	scene_close(&s);
}

TEST(new_contact_is_told_at_once_and_alone)
{
	struct hex wanted = hex_bytes("0200.0604.0500.214E0000.01.12270000");

	scene_open(&s);
	scene_add(&s, ANN, ICQ_CLIENT_NORMAL);
	scene_online(&s);
	scene_add(&s, BOB, ICQ_CLIENT_NORMAL);
	scene_add(&s, BOB, ICQ_CLIENT_NORMAL);
	assert_diary(&s, "CONTACT_LIST/5 ");
	assert_bytes(wanted.b, wanted.n, s.sent, s.sent_n);
	scene_close(&s);
}

TEST(changed_lists_go_out_whole_even_when_empty)
{
	struct hex empty = hex_bytes("0200.AE06.0600.214E0000.00");

	scene_open(&s);
	scene_add(&s, ANN, ICQ_CLIENT_VISIBLE);
	scene_online(&s);
	scene_add(&s, ANN, ICQ_CLIENT_NORMAL);
	assert_diary(&s, "VISIBLE_LIST/6 ");
	assert_bytes(empty.b, empty.n, s.sent, s.sent_n);
	scene_ack(&s, 6);
	scene_add(&s, ANN, ICQ_CLIENT_INVISIBLE);
	scene_ack(&s, 7);
	icq_client_remove_contact(s.client, s.now, 4, ANN);
	icq_client_remove_contact(s.client, s.now, 5, ANN);
	assert_diary(&s, "INVISIBLE_LIST/7 {4 ok} INVISIBLE_LIST/8 {5 not_found} ");
	scene_close(&s);
}

TEST(list_has_an_end)
{
	struct icq_client_contact one_more = { .uin = 5000 };

	scene_open(&s);
	for (uint32_t i = 0; i < ICQ_CLIENT_CONTACTS_MAX; i++)
		scene_add(&s, 10000 + i, ICQ_CLIENT_NORMAL);
	icq_client_put_contact(s.client, s.now, 3, &one_more);
	assert_diary(&s, "{3 too_long} ");
	assert_int_equal(icq_client_contact_count(s.client), ICQ_CLIENT_CONTACTS_MAX);
	assert_null(icq_client_contact_at(s.client, ICQ_CLIENT_CONTACTS_MAX));
	scene_close(&s);
}

TEST(presence_of_the_golden_packets)
{
	const struct icq_client_contact *ann;

	scene_open(&s);
	scene_add(&s, ANN, ICQ_CLIENT_NORMAL);
	scene_online(&s);
	scene_server_hex(&s, "0200.6E00.0100.11270000.CB007105.E0150000.7F000001.04.00000000."
			     "03000000");
	ann = icq_client_contact(s.client, ANN);
	assert_true(ann->direct && ann->tcp_version == 3);
	scene_server_hex(&s, "0200.7800.0600.11270000");
	assert_diary(&s, "@10001 online ACK/1 @10001 offline ACK/6 ");
	scene_close(&s);
}

TEST(status_words_mean_what_a_viewer_sees)
{
	static const struct {
		uint32_t word;
		const char *name;
	} words[] = { { 0x01, "away" }, { 0x04, "na" },		{ 0x10, "occupied" },
		      { 0x22, "dnd" },	{ 0x20, "ffc" },	{ 0x10100, "online" },
		      { 0x13, "dnd" },	{ 0x20011, "occupied" } };
	char expected[64];

	scene_open(&s);
	scene_add(&s, ANN, ICQ_CLIENT_NORMAL);
	scene_online(&s);
	for (uint16_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		presence((uint16_t)(i + 1), M_s_status, ANN, words[i].word);
		snprintf(expected, sizeof(expected), "@10001 %s ACK/%d ", words[i].name, i + 1);
		assert_diary(&s, expected);
	}
	scene_close(&s);
}

TEST(older_presence_does_not_undo_newer)
{
	scene_open(&s);
	scene_add(&s, ANN, ICQ_CLIENT_NORMAL);
	scene_online(&s);
	presence(3, M_s_user_offline, ANN, 0);
	presence(2, M_s_status, ANN, 1);
	presence(1, M_s_user_online, ANN, 0);
	assert_diary(&s, "@10001 offline ACK/3 ACK/2 ACK/1 ");
	scene_close(&s);
}

TEST(strangers_have_no_presence_and_sessions_take_theirs_along)
{
	scene_open(&s);
	scene_add(&s, ANN, ICQ_CLIENT_NORMAL);
	scene_online(&s);
	presence(1, M_s_user_online, BOB, 0);
	presence(2, M_s_user_online, ANN, 0);
	assert_diary(&s, "ACK/1 @10001 online ACK/2 ");
	icq_client_logout(s.client, s.now, 0);
	assert_int_equal(icq_client_contact(s.client, ANN)->status, ICQ_STATUS_offline);
	scene_close(&s);
}

TEST(words_of_the_interface_read_back)
{
	enum icq_client_list list;

	for (unsigned i = ICQ_CLIENT_NORMAL; i <= ICQ_CLIENT_IGNORE; i++) {
		const char *name = icq_client_list_name((enum icq_client_list)i);

		assert_int_equal(icq_client_list_parse(name, &list), 0);
		assert_int_equal(list, i);
	}
	assert_int_equal(icq_client_list_parse("friends", &list), -ICQ_ENOENT);
}
