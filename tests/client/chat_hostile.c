/* SPDX-License-Identifier: MIT */
/* Those in a chat, or on their way there, who are nobody's friends. */
#include <stdio.h>
#include <string.h>

#include "client/chat_side.h"
#include "harness.h"

/* ---- who may come ---------------------------------------------------------------------- */

TEST(first_to_come_must_be_who_was_expected)
{
	uint32_t stream;

	side_expect_ann();
	side_hear(side_come_from(1, 1), NAME(STRANGER_));
	assert_int_equal(side.closed, 1);
	side_hear(side_come_from(9, 1), NAME(ANN_)); /* not where the server says she is */
	assert_int_equal(side.closed, 2);
	assert_diary(&side.scene, "");
	stream = side_come_from(1, 1);
	side_hear(stream, NAME(ANN_));
	side_hear(stream, COLOR(ANN_));
	side_hear(stream, FONT);
	assert_diary(&side.scene, "&1 10001 open ");
	side_hear(side_come_from(1, 1), NAME(ANN_)); /* she is there already */
	assert_int_equal(side.closed, 3);
	side_close();
}

/* Whoever is in may have told others. */
TEST(later_a_stranger_may_come_and_is_unverified)
{
	uint32_t stream;

	side_let_ann_in();
	stream = side_come_from(1, 1);
	side_hear(stream, NAME(STRANGER_));
	side_hear(stream, COLOR(STRANGER_));
	side_hear(stream, FONT);
	assert_diary(&side.scene, "&1 10004 open ");
	assert_false(side.scene.matches);
	side_close();
}

TEST(users_who_are_told_of_are_tried_only_where_it_is_safe)
{
	uint32_t stream = side_go_to_ann();

	side_hear(stream,
		  COLOR_FONT(ANN_,
			     "09" USER("0A000001", "701B0000",
				       "01000000") USER("A9FE0101", "701B0000", "02000000")
				     USER("E0000001", "701B0000", "03000000") USER(HERE, "50000000",
										   "04000000")
					     USER(HERE, "00000000",
						  "05000000") USER(HERE, "701B0100", "06000000")
						     USER(HERE, "701B0000",
							  ME_) USER(HERE, "701B0000", ANN_)
							     USER(HERE, "711B0000", "09000000")));
	assert_int_equal(side.tried_n, 3);
	assert_int_equal(side.tried[2].port, 0x1B71);
	side_close();
}

TEST(contacts_are_where_the_server_says)
{
	static const union icq_msg online = {
		.s_user_online = { .uin = BOB, .ip = 0x7F000009, .port = 5600, .mode = 4 }
	};
	uint32_t stream = side_go_to_ann();

	scene_add(&side.scene, BOB, ICQ_CLIENT_NORMAL);
	scene_server(&side.scene, M_s_user_online, 2, &online);
	side_hear(stream, COLOR_FONT(ANN_, "01" USER("CB007105", "711B0000", "12270000")));
	assert_int_equal(side.tried_n, 3);
	assert_int_equal(addr_ip4(&side.tried[2]), 0x7F000009);
	assert_int_equal(side.tried[2].port, 0x1B71);
	side_close();
}

TEST(nobody_makes_us_connect_to_crowds)
{
	static uint8_t packet[8192];
	struct wr w = wr_to(packet, sizeof(packet));
	struct hex head = hex_bytes(COLOR_FONT(ANN_, "64"));
	struct hex user = hex_bytes(USER(HERE, "701B0000", "00000000"));
	uint32_t stream = side_go_to_ann();

	wr_u16(&w, (uint16_t)(head.n + 100 * user.n));
	wr_bytes(&w, head.b, head.n);
	for (uint8_t i = 1; i <= 100; i++) {
		user.b[8] = i; /* his UIN */
		wr_bytes(&w, user.b, user.n);
	}
	side_hear_bytes(stream, packet, w.len);
	assert_diary(&side.scene, "&1 10001 open ");
	assert_int_equal(side.tried_n, 2 + 14);
	side_close();
}

TEST(chats_and_people_in_them_are_limited)
{
	struct hex name = hex_bytes(NAME("00000000"));
	char hex[256];
	uint32_t stream;

	side_let_ann_in();
	for (uint8_t i = 1; i <= 15; i++) {
		uint8_t packet[28] = { 26 };

		memcpy(packet + 2, name.b, name.n);
		packet[11] = i; /* his UIN */
		side_hear_bytes(side_come_from(1, 1), packet, sizeof(packet));
		assert_int_equal(side.closed, i == 15);
	}
	icq_client_chat(side.scene.client, side.scene.now, 3, BOB, icq_str_of(""), 1);
	assert_diary(&side.scene, "{3 busy} ");
	stream = side_come_from(1, 0);
	side_hear(stream, NAME(ANN_));
	for (unsigned i = 2; i <= 9; i++) {
		snprintf(hex, sizeof(hex),
			 MESSAGE("EE07", "%02X000000", "1000.0100.00.00000000.00000000"), i);
		side_hear(stream, hex);
		scene_forget(&side.scene);
		icq_client_accept(side.scene.client, side.scene.now, 4, i);
	}
	assert_diary(&side.scene, "{4 busy} ");
	side_close();
}

/* Without a port he can talk with those he connects to. */
TEST(who_cannot_listen_neither_accepts_nor_invites)
{
	uint32_t stream;

	side_open();
	side.no_ports = true;
	stream = side_come_from(1, 0);
	side_hear(stream, NAME(ANN_));
	side_hear(stream, REQUEST);
	scene_forget(&side.scene);
	icq_client_accept(side.scene.client, side.scene.now, 2, 1);
	assert_diary(&side.scene, "{2 no_direct} ");
	icq_client_chat(side.scene.client, side.scene.now, 3, ANN, icq_str_of("hi"), 0);
	side_hear(stream, ACCEPT);
	icq_client_stream_opened(side.scene.client, side.scene.now, side.last_stream);
	side_hear(side.last_stream, COLOR_FONT(ANN_, "00"));
	assert_diary(&side.scene, "{3 ok #2} &2 10001 open ");
	icq_client_chat(side.scene.client, side.scene.now, 4, BOB, icq_str_of("hi"), 2);
	assert_diary(&side.scene, "{4 no_direct} ");
	side_close();
}

TEST(chat_at_a_forbidden_port_is_not_joined)
{
	uint32_t stream;

	side_open();
	stream = side_come_from(1, 0);
	side_hear(stream, NAME(ANN_));
	side_hear(stream, MESSAGE("EE07", "06000000", "1000.0100.00.00500000.50000000"));
	scene_forget(&side.scene);
	icq_client_accept(side.scene.client, side.scene.now, 2, 1);
	assert_diary(&side.scene, "{2 no_direct} ");
	assert_int_equal(side.tried_n, 0);
	assert_int_equal(side.listening, 0);
	side_close();
}

TEST(streams_of_a_chat_are_limited)
{
	unsigned taken = 0;

	side_let_ann_in();
	for (unsigned i = 0; i < 40; i++)
		taken += side_come_from(1, 1) != 0;
	assert_int_equal(taken, 8); /* that have not named themselves */
	side_close();
}

/* ---- who says the wrong thing ---------------------------------------------------------- */

TEST(setup_that_is_wrong_is_the_end)
{
	static const char *const beginnings[] = {
		COLOR(STRANGER_), /* under another number than before */
		"66000000.FDFFFFFF." ANN_ ".0400.616E6E00.623D.FFFFFF00.00000000.00",
		"64000000.FDFFFFFF." ANN_,
		FONT,
		REQUEST,
		"00",
	};

	for (size_t i = 0; i < sizeof(beginnings) / sizeof(*beginnings); i++) {
		uint32_t stream;

		side_expect_ann();
		stream = side_come_from(1, 1);
		side_hear(stream, NAME(ANN_));
		side_hear(stream, beginnings[i]);
		assert_int_equal(side.closed, 1);
		assert_diary(&side.scene, ""); /* the true one may still come */
		side_close();
	}
}

TEST(answer_under_another_number_is_the_end)
{
	uint32_t stream = side_go_to_ann();

	side_hear(stream, COLOR_FONT(STRANGER_, "00"));
	assert_int_equal(side.closed, 1);
	assert_diary(&side.scene, "&1 over malformed ");
	side_close();
}

TEST(who_does_not_finish_the_setup_is_closed)
{
	uint32_t stream;

	side_expect_ann();
	stream = side_come_from(1, 1);
	side_hear(stream, NAME(ANN_));
	side_hear(stream, COLOR(ANN_));
	scene_run(&side.scene, 14999);
	assert_int_equal(side.closed, 0);
	scene_run(&side.scene, 1);
	assert_int_equal(side.closed, 1);
	scene_run(&side.scene, 60000);
	assert_non_null(strstr(side.scene.diary, "&1 over timeout "));
	assert_int_equal(side.listening, 0);
	side_close();
}

TEST(who_floods_is_closed)
{
	static char flood[8192];
	uint32_t stream = side_let_ann_in();

	memset(flood, 'x', sizeof(flood));
	for (int i = 0; i < 8; i++) {
		side_hear_bytes(stream, flood, sizeof(flood));
		scene_forget(&side.scene);
	}
	assert_int_equal(side.closed, 0);
	side_hear_bytes(stream, flood, 1);
	assert_int_equal(side.closed, 1);
	assert_non_null(strstr(side.scene.diary, "&1 10001 close &1 over flood "));
	side_close();
	stream = side_let_ann_in();
	for (int i = 0; i < 17; i++)
		side_hear_text(stream, "\a");
	assert_int_equal(side.closed, 1);
	side_close();
}

/* He cannot have everything, so he gets nothing more. */
TEST(who_does_not_read_is_closed)
{
	char keys[8001];

	side_let_ann_in();
	memset(keys, 'x', 8000);
	keys[8000] = 0;
	for (int i = 0; i < 9; i++)
		icq_client_chat_type(side.scene.client, side.scene.now, 0, 1, keys);
	assert_int_equal(side.closed, 1);
	assert_diary(&side.scene, "&1 10001 close &1 over stalled ");
	side_close();
}

TEST(garbage_does_no_harm)
{
	struct rng rng = { harness_seed() };
	uint8_t junk[200];

	for (int i = 0; i < 300; i++) {
		uint32_t stream = i % 2 ? side_let_ann_in() : side_go_to_ann();

		for (int k = 0; k < 20; k++) {
			rng_bytes(&rng, junk, sizeof(junk));
			if (k == 0)
				memcpy(junk, "\xc0", 2); /* a length that is met */
			side_hear_bytes(stream, junk, rng_below(&rng, sizeof(junk)));
		}
		side_close();
	}
}
