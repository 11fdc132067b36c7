/* SPDX-License-Identifier: MIT */
/* The oracle notices what is wrong with files and chats. */
#include "harness.h"

#include "sim/oracle.h"

enum { ANN, BOB, CID, SIZE = 1000, PART = 400, AGAIN = 100 };

/* Nobody says anything to the server here. */
struct bench {
	struct world *world;
	struct machine server;
	struct oracle *oracle;
	uint8_t bytes[SIZE];
	uint64_t offset;
};

static struct bench b;

static void bench_open(void)
{
	b = (struct bench){ .world = world_new(1) };
	machine_init(&b.server, b.world);
	b.oracle = oracle_new(&b.server);
	for (int i = 0; i < 3; i++)
		oracle_add(b.oracle, MEMORY_HISTORY);
}

/* `broken` is how the first complaint begins; empty: there is none. */
static void bench_close(const char *broken)
{
	const struct verdict *v = oracle_end(b.oracle);

	if (strstr(v->why, broken) != v->why || (*broken == '\0') == v->broken)
		fail_msg("\"%s\" instead of \"%s\"", v->why, broken);
	machine_free(&b.server);
	oracle_free(&b.oracle);
	world_free(&b.world);
}

/* Ann offers a file to Bob, who makes it. */
static uint32_t offer(void)
{
	uint32_t id;

	bench_open();
	id = oracle_offer(b.oracle, ANN, BOB, SIZE);
	assert_int_equal(oracle_file_read(b.oracle, id, 0, SIZE + 1, b.bytes), SIZE);
	assert_true(oracle_file_create(b.oracle, BOB, STORE_FIRST_UIN + ANN, id, SIZE, &b.offset));
	assert_int_equal(b.offset, 0);
	return id;
}

TEST(a_file_may_come_in_parts)
{
	uint32_t id = offer();

	oracle_file_write(b.oracle, id, 0, b.bytes, PART);
	assert_true(oracle_file_create(b.oracle, BOB, STORE_FIRST_UIN + ANN, id, SIZE, &b.offset));
	assert_int_equal(b.offset, PART - AGAIN);
	oracle_file_write(b.oracle, id, b.offset, b.bytes + b.offset, SIZE - b.offset);
	oracle_file_finish(b.oracle, id);
	oracle_file_done(b.oracle, id);
	assert_int_equal(oracle_verdict(b.oracle)->files, 1);
	assert_int_equal(oracle_verdict(b.oracle)->resumed, 1);
	bench_close("");
}

TEST(wrong_bytes)
{
	uint32_t id = offer();

	b.bytes[PART] ^= 1;
	oracle_file_write(b.oracle, id, 0, b.bytes, SIZE);
	bench_close("1000 bytes at 0 of file 0 are wrong");
	id = offer();
	oracle_file_write(b.oracle, id, PART, b.bytes + PART, PART);
	bench_close("400 bytes at 400 of file 0 are wrong");
}

TEST(bytes_for_no_file)
{
	offer();
	oracle_file_write(b.oracle, ORACLE_NOBODY, 0, b.bytes, PART);
	bench_close("bytes arrive for no file");
	offer();
	oracle_file_finish(b.oracle, ORACLE_NOBODY);
	bench_close("bytes arrive for no file");
}

TEST(files_that_are_not_whole)
{
	uint32_t id = offer();

	oracle_file_write(b.oracle, id, 0, b.bytes, PART);
	oracle_file_finish(b.oracle, id);
	bench_close("file 0 is finished with 400 bytes of 1000");
	id = offer();
	oracle_file_write(b.oracle, id, 0, b.bytes, SIZE);
	oracle_file_done(b.oracle, id);
	bench_close("file 0 is sent, and its receiver does not have it");
	id = offer();
	oracle_file_given_up(b.oracle, id);
	bench_close("file 0 does not get to user 1");
}

TEST(files_for_somebody_else)
{
	static const struct {
		uint32_t who, from, id, size;
	} rows[] = {
		{ CID, ANN, 0, SIZE },
		{ BOB, CID, 0, SIZE },
		{ BOB, ANN, 7, SIZE },
		{ BOB, ANN, 0, PART },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		offer();
		assert_false(oracle_file_create(b.oracle, rows[i].who,
						STORE_FIRST_UIN + rows[i].from, rows[i].id,
						rows[i].size, &b.offset));
		bench_close("user ");
	}
}

/* ---- chats ----------------------------------------------------------------------------- */

enum { ANNS = 5, BOBS = 9 }; /* what their clients call the chat */

/* Bob reads line n of Ann, or the beginning of it. */
static void hear(uint32_t n, bool whole)
{
	char line[ORACLE_LINE_MAX];
	size_t len = oracle_line(ANNS, n, line);

	oracle_chat_heard(
		b.oracle, BOB, BOBS, ANN,
		&(struct icq_str){ (const uint8_t *)line, (uint16_t)(len - (whole ? 1 : 2)) });
}

static void meet(void)
{
	bench_open();
	oracle_chat_met(b.oracle, BOB, BOBS, ANN);
	hear(3, true); /* he may have come late */
}

TEST(lines_of_a_chat_come_all_and_in_order)
{
	meet();
	hear(4, true);
	hear(5, true);
	hear(6, false);
	oracle_chat_met(b.oracle, BOB, BOBS, ANN); /* she left, and came again */
	hear(9, true);
	assert_int_equal(oracle_verdict(b.oracle)->lines, 4);
	bench_close("");
	meet();
	hear(5, true);
	bench_close("user 1 reads line 5 of user 0 in a chat instead of line 4");
	meet();
	hear(3, true);
	bench_close("user 1 reads line 3 of user 0 in a chat instead of line 4");
	meet();
	hear(4, false);
	hear(5, true);
	bench_close("user 1 reads half a line of user 0, and goes on");
}
