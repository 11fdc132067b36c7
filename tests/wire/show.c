/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "harness.h"
#include "wire/icqwire.h"

static const char *line_of(enum icq_channel channel, const char *hex, bool secrets)
{
	static char line[1024];
	struct hex h = hex_bytes(hex);

	icq_show_line(channel, h.b, h.n, secrets, line, sizeof(line));
	return line;
}

TEST(passwords_are_masked_unless_asked_for)
{
	const char *hex = "0200 9C04 0900 87D61200 0200 0300 2A2A00";

	assert_string_equal(line_of(ICQ_CLIENT, hex, false),
			    "CHANGE_PASSWORD v2 seq=9 uin=1234567 number=2 password=***");
	assert_string_equal(line_of(ICQ_CLIENT, hex, true),
			    "CHANGE_PASSWORD v2 seq=9 uin=1234567 number=2 password=\"**\"");
}

TEST(broken_packets_are_shown_up_to_the_break)
{
	assert_string_equal(
		line_of(ICQ_CLIENT, "0200 0E01 0500 87D61200 B1CB7400 0100 1600 48", true),
		"SEND_MESSAGE v2 seq=5 uin=1234567 to=7654321 type=0001 (text) "
		"rest=160048 (packet ends inside a field)");
	assert_string_equal(line_of(ICQ_CLIENT, "0200 0E01 05", true),
			    "rest=02000E0105 (packet ends inside a field)");
	assert_string_equal(line_of(ICQ_SERVER, "", true), "(packet ends inside a field)");
	assert_string_equal(line_of(ICQ_STREAM, "", true), "(packet ends inside a field)");
	assert_string_equal(line_of(ICQ_PEER, "01", true),
			    "CHANNEL_MESSAGE rest=01 (packet ends inside a field)");
}

TEST(unknown_commands_and_versions_are_named)
{
	assert_string_equal(line_of(ICQ_SERVER, "0200 9999 0500 AB", true),
			    "command 9999 v2 seq=5 rest=AB (unknown command)");
	assert_string_equal(line_of(ICQ_SERVER, "0700 9999", true),
			    "rest=07009999 (unknown protocol version)");
	assert_string_equal(line_of(ICQ_STREAM, "77 01", true), "rest=7701 (unknown command)");
}

TEST(text_is_escaped)
{
	assert_string_equal(line_of(ICQ_SERVER,
				    "0200 0401 0000 01000000 0100 0800 22 5C 0D 0A 09 1B FE 00",
				    true),
			    "SYS_DELIVERED_MESSAGE v2 seq=0 from=1 type=0001 (text) "
			    "text=\"\\\"\\\\\\r\\n\\t\\x1B\\xFE\"");
}

TEST(words_have_their_meaning_beside_them)
{
	assert_string_equal(line_of(ICQ_CLIENT, "0200 D804 0000 01000000 01010000", true),
			    "STATUS_CHANGE v2 seq=0 uin=1 status=00000101 (away, invisible)");
	assert_string_equal(
		line_of(ICQ_CLIENT, "0200 0E01 0000 01000000 02000000 7777 0100 00", true),
		"SEND_MESSAGE v2 seq=0 uin=1 to=2 type=7777 (unknown) text=\"\"");
}

TEST(missing_parts_have_no_row)
{
	assert_string_equal(line_of(ICQ_SERVER, "0200 0401 0000 01000000 0400 0300 616200", true),
			    "SYS_DELIVERED_MESSAGE v2 seq=0 from=1 type=0004 (URL) "
			    "text.description=\"ab\"");
	assert_string_equal(
		line_of(ICQ_SERVER, "0200 0401 0000 01000000 0600 0A00 61FE62FE63FE64FE6500", true),
		"SYS_DELIVERED_MESSAGE v2 seq=0 from=1 type=0006 (authorization request) "
		"text.nick=\"a\" text.first=\"b\" text.last=\"c\" text.email=\"d\" "
		"text.reason=\"e\"");
}

TEST(a_packet_that_breaks_in_a_password_does_not_tell_it)
{
	const char login[] = "0200 E803 0100 01000000 D2040000 FFFF 736563726574";

	assert_string_equal(line_of(ICQ_CLIENT, login, false),
			    "LOGIN v2 seq=1 uin=1 port=1234 rest=*** (packet ends inside a field)");
	assert_string_equal(line_of(ICQ_CLIENT, login, true),
			    "LOGIN v2 seq=1 uin=1 port=1234 rest=FFFF736563726574 "
			    "(packet ends inside a field)");
}

TEST(empty_part_without_a_byte_has_no_row)
{
	assert_string_equal(line_of(ICQ_SERVER, "0200 0401 0000 01000000 0400 0300 6162FE", true),
			    "SYS_DELIVERED_MESSAGE v2 seq=0 from=1 type=0004 (URL) "
			    "text.description=\"ab\"");
}

TEST(list_elements_are_shown_with_their_fields)
{
	union icq_msg m;
	uint8_t users[64], out[256];
	char line[1024];

	icq_preset(M_e_chat_user, &m);
	m.e_chat_user.uin = 10001;
	icq_encode(M_e_chat_user, &m, users, sizeof(users));
	icq_preset(M_t_chat_color_font, &m);
	m.t_chat_color_font.users = (struct icq_list){ users, 1 };

	int n = icq_pack_peer(M_t_chat_color_font, &m, out, sizeof(out));

	icq_show_line(ICQ_PEER, out, (size_t)n, true, line, sizeof(line));
	assert_non_null(strstr(line, " users=1 tcp_version=3 port=0 uin=10001 ip=0.0.0.0"));
}

TEST(lines_are_cut_to_their_room)
{
	struct hex h = hex_bytes("0200 0E01 0500 87D61200 B1CB7400 0100 0600 E5E5E5E5E500");
	char whole[256], line[256];
	size_t n = icq_show_line(ICQ_CLIENT, h.b, h.n, true, whole, sizeof(whole));

	for (size_t cap = 1; cap <= n; cap++) {
		size_t len = icq_show_line(ICQ_CLIENT, h.b, h.n, true, line, cap);

		assert_true(len < cap);
		assert_int_equal(strlen(line), len);
		assert_memory_equal(line, whole, len);
	}
}

static void measure_value(void *ctx, const struct icq_shown *shown)
{
	size_t *longest = ctx, n = strlen(shown->value);

	*longest = n > *longest ? n : *longest;
}

TEST(values_beyond_what_a_datagram_holds_are_cut)
{
	static uint8_t packet[60000];
	size_t longest = 0;
	enum icq_id id;

	memset(packet, 'a', sizeof(packet));
	memcpy(packet, "\2\0\4\1\0\0\1\0\0\0\1\0\x40\x9C", 14); /* 40,000 of them */
	assert_int_equal(
		icq_show(ICQ_SERVER, packet, sizeof(packet), true, measure_value, &longest, &id),
		0);
	assert_int_equal(longest, 4 * ICQ_MAX_datagram);

	memset(packet, 0xE5, sizeof(packet));
	assert_int_equal(
		icq_show(ICQ_SERVER, packet, sizeof(packet), true, measure_value, &longest, &id),
		-ICQ_EVERSION);
	assert_int_equal(longest, 4 * ICQ_MAX_datagram);
}
