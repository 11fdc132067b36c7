/* SPDX-License-Identifier: MIT */
/* Chats with clients of others, byte by byte. */
#include <string.h>

#include "client/chat_side.h"
#include "harness.h"

TEST(licq_and_icqlib_are_answered_with_their_own_code)
{
	uint32_t stream;

	side_expect_ann();
	stream = side_come_from(1, 1);
	side_hear(stream, NAME(ANN_));
	side_hear(stream, "65000000.FAFFFFFF." ANN_ ".0500.6E69636B00.0B00.FFFFFF00.00000000.00");
	side_assert_said("3900.65000000." ME_
			 ".0600.323030303100.FFFFFF00.00000000.03000000.70170000."
			 "7F000001.00000000.04.5A5A.0C000000.00000000.0100.00.0000.00");
	side_hear(stream, FONT);
	assert_diary(&side.scene, "&1 10001 open ");
	assert_true(side.scene.matches);
	side_hear_text(stream, "\x03hi\x08\x08hello\r\n");
	assert_diary(&side.scene, "&1 10001: hello ");
	icq_client_chat_type(side.scene.client, side.scene.now, 5, 1, "hello\n");
	side_assert_said("68656C6C6F0D");
	side_close();
	side_expect_ann();
	stream = side_come_from(1, 1);
	side_hear(stream, NAME(ANN_));
	side_hear(stream, COLOR(ANN_));
	assert_int_equal(side.said[2], 0x64);
	side_close();
}

TEST(licq_is_talked_to_as_it_wants)
{
	uint32_t stream = side_go_to_ann();

	side_assert_said("1A00.FF.03000000.E1150000." ME_ ".7F000001.00000000.04.E1150000."
			 "1F00.64000000.FDFFFFFF." ME_
			 ".0600.323030303100.1770.FFFFFF00.00000000.00");
	side_hear(stream, COLOR_FONT(ANN_, "00"));
	side_assert_said(
		"2100.03000000.70170000.7F000001.00000000.04.5A5A.0C000000.00000000.0100.00."
		"0000.00");
	assert_diary(&side.scene, "&1 10001 open ");
	side_hear_text(stream, "hello\r");
	assert_diary(&side.scene, "&1 10001: hello ");
	icq_client_stream_closed(side.scene.client, side.scene.now, stream, false);
	assert_diary(&side.scene, "&1 10001 close &1 over closed ");
	assert_int_equal(side.listening, 0);
	side_close();
}

/* The last packet and the first text may come in one piece, or everything in small ones. */
TEST(text_right_behind_the_setup_is_not_lost)
{
	uint8_t all[256];
	struct wr w = wr_to(all, sizeof(all));

	side_put(&w, NAME(ANN_));
	side_put(&w, COLOR(ANN_));
	side_put(&w, FONT);
	wr_bytes(&w, "he\bi\r\v", 6);
	for (size_t cut = 1; cut <= w.len; cut++) {
		uint32_t stream;

		side_expect_ann();
		stream = side_come_from(1, 1);
		for (size_t at = 0; at < w.len; at += cut)
			side_hear_bytes(stream, all + at, cut < w.len - at ? cut : w.len - at);
		assert_non_null(
			strstr(side.scene.diary, "&1 10001: hi &1 10001 close &1 over left "));
		side_close();
	}
}
