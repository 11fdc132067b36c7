/* SPDX-License-Identifier: MIT */
#include "harness.h"

#include "base/cursor.h"

TEST(integers_are_little_endian)
{
	struct hex h = hex_bytes("02 00 E8 03 78 56 34 12 FF");
	struct rd r = rd_from(h.b, h.n);

	assert_int_equal(rd_u16(&r), 2);
	assert_int_equal(rd_u16(&r), 0x03e8);
	assert_int_equal(rd_u32(&r), 0x12345678);
	assert_int_equal(rd_left(&r), 1);
	assert_int_equal(rd_u8(&r), 0xff);
	assert_false(r.bad);
}

TEST(reader_remembers_its_first_failure)
{
	struct hex h = hex_bytes("01 02 03");
	struct rd r = rd_from(h.b, h.n);

	assert_int_equal(rd_u32(&r), 0);
	assert_true(r.bad);
	assert_int_equal(rd_left(&r), 0);
	assert_int_equal(rd_u8(&r), 0);
	assert_null(rd_bytes(&r, 0));
}

TEST(nothing_can_be_read_from_nothing)
{
	struct rd r = rd_from(NULL, 0);

	rd_bytes(&r, 0);
	assert_false(r.bad);
	rd_u8(&r);
	assert_true(r.bad);
}

TEST(failed_write_changes_nothing)
{
	uint8_t room[3] = { 0xaa, 0xaa, 0xaa };
	struct wr w = wr_to(room, sizeof(room));

	wr_u16(&w, 0x1234);
	wr_u32(&w, 0);
	wr_u8(&w, 0);
	assert_true(w.bad);
	assert_int_equal(w.len, 2);

	struct hex expected = hex_bytes("34 12 AA");

	assert_bytes(expected.b, expected.n, room, sizeof(room));
}

TEST(empty_room_takes_nothing)
{
	struct wr w = wr_to(NULL, 0);

	wr_bytes(&w, "", 0);
	assert_false(w.bad);
	wr_u8(&w, 1);
	assert_true(w.bad);
}

TEST(what_is_written_is_read)
{
	struct rng rng = harness_rng();

	for (int i = 0; i < 10000; i++) {
		uint8_t room[7];
		struct wr w = wr_to(room, sizeof(room));
		uint32_t v = (uint32_t)rng_next(&rng);

		wr_u8(&w, (uint8_t)v);
		wr_u16(&w, (uint16_t)v);
		wr_u32(&w, v);

		struct rd r = rd_from(room, w.len);

		check(rd_u8(&r) == (uint8_t)v && rd_u16(&r) == (uint16_t)v && rd_u32(&r) == v);
		check(!r.bad && rd_left(&r) == 0);
	}
}
