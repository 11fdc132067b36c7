/* SPDX-License-Identifier: MIT */
/* Packets that no honest server sends. */
#include "client/scene.h"

#include <string.h>

#include "harness.h"

static struct scene s;

TEST(only_the_server_is_heard)
{
	struct hex text = hex_bytes("0200.0401.0100.11270000.0100.0300.686900");
	const struct addr other_port = addr_v4(0x7f000001, 4001);
	const struct addr other_host = addr_v4(0x7f000002, 4000);

	scene_open(&s);
	scene_online(&s);
	icq_client_input(s.client, s.now, &other_port, text.b, text.n);
	icq_client_input(s.client, s.now, &other_host, text.b, text.n);
	assert_diary(&s, "");
	scene_server_bytes(&s, text.b, text.n);
	assert_diary(&s, "ACK/1 <10001 hi> ");
	scene_close(&s);
}

TEST(jumps_of_the_servers_number_are_ignored)
{
	scene_open(&s);
	scene_online(&s);
	scene_text(&s, 1001, ANN, "too far", 1);
	assert_diary(&s, "");
	scene_text(&s, 1000, ANN, "just", 2);
	scene_text(&s, 3, ANN, "late", 3);
	scene_text(&s, 2000, ANN, "on", 4);
	assert_diary(&s, "ACK/1000 <10001 just> ACK/3 <10001 late> ACK/2000 <10001 on> ");
	scene_close(&s);
}

TEST(answers_to_nobodys_login_are_ignored)
{
	scene_open(&s);
	scene_server_hex(&s, "0200.5A00.0000.214E0000.7F000001.5B5A");
	scene_login(&s);
	scene_forget(&s);
	scene_server_hex(&s, "0200.5A00.0000.214E0000.7F000001.0000"); /* another login */
	scene_server_hex(&s, "0200.5A00.0000.224E0000.7F000001.5B5A"); /* another user */
	scene_text(&s, 1, ANN, "before the login", 1);
	scene_server_hex(&s, "0200.F000.0100");
	scene_server_hex(&s, "0200.2800.0100");
	assert_diary(&s, "");
	scene_close(&s);
}

TEST(second_login_reply_changes_nothing)
{
	scene_open(&s);
	scene_online(&s);
	scene_text(&s, 1, ANN, "hello", 1);
	scene_forget(&s);
	scene_server_hex(&s, "0200.5A00.0000.214E0000.7F000001.5B5A");
	scene_text(&s, 1, ANN, "hello", 1);
	assert_diary(&s, "ACK/0 ACK/1 ");
	scene_close(&s);
}

TEST(unknown_and_malformed_packets_are_acknowledged_and_dropped)
{
	scene_open(&s);
	scene_online(&s);
	scene_server_hex(&s, "0200.9999.0100.00112233");
	scene_server_hex(&s, "0200.0401.0200.11270000.0100.FFFF.6869");
	scene_server_hex(&s, "0200.6E00.0300.11");
	assert_diary(&s, "ACK/1 ACK/2 ACK/3 ");
	scene_server_hex(&s, "0200.9999");
	scene_server_hex(&s, "0500.0401.0400");
	scene_server_hex(&s, "");
	assert_diary(&s, "");
	scene_close(&s);
}

TEST(acknowledgements_of_nothing_are_ignored)
{
	scene_open(&s);
	scene_online(&s);
	for (unsigned i = 0; i < 0x10000; i++)
		scene_ack(&s, (uint16_t)i);
	assert_diary(&s, "");
	scene_close(&s);
}

TEST(system_messages_show_what_can_be_read)
{
	scene_open(&s);
	scene_online(&s);
	scene_server_hex(&s, "0200.C201.0100.0000.68691B.FF");
	scene_server_hex(&s, "0200.1E00.0000");
	assert_diary(&s, "!system_message ACK/1 !server_problem ");
	scene_close(&s);
}

/* Whatever comes, the engine stays whole: sanitizers and its own checks watch. */
TEST(random_packets_do_no_harm)
{
	static const uint16_t codes[] = { 0x0A, 0x1E, 0x28, 0x46, 0x5A,	 0x64,	0x6E,  0x78,
					  0xDC, 0xE6, 0xF0, 0xFA, 0x104, 0x1A4, 0x1C2, 0x21C };
	struct rng rng = harness_rng();
	uint8_t packet[64];

	scene_open(&s);
	scene_add(&s, ANN, ICQ_CLIENT_NORMAL);
	for (int i = 0; i < 20000; i++) {
		size_t n = rng_below(&rng, sizeof(packet));
		uint16_t code = codes[rng_below(&rng, sizeof(codes) / sizeof(*codes))];

		if (icq_client_get_state(s.client) == ICQ_CLIENT_REFUSED)
			scene_restart(&s);
		if (icq_client_get_state(s.client) == ICQ_CLIENT_OFFLINE)
			scene_login(&s);
		if (rng_below(&rng, 8) == 0 &&
		    icq_client_get_state(s.client) == ICQ_CLIENT_CONNECTING)
			scene_online(&s);
		rng_bytes(&rng, packet, sizeof(packet));
		packet[0] = 2;
		packet[1] = 0;
		packet[2] = (uint8_t)code;
		packet[3] = (uint8_t)(code >> 8);
		packet[5] = 0; /* a number that is believed */
		scene_server_bytes(&s, packet, n);
		if (rng_below(&rng, 16) == 0)
			scene_run(&s, rng_below(&rng, 20000));
		scene_forget(&s);
	}
	scene_close(&s);
}
