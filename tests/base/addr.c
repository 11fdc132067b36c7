/* SPDX-License-Identifier: MIT */
#include "harness.h"

#include "base/addr.h"
#include "base/err.h"

static struct addr parsed(const char *text)
{
	struct addr a;

	assert_int_equal(addr_parse(text, &a), 0);
	return a;
}

static void assert_text(const char *given, const char *expected)
{
	struct addr a = parsed(given);
	char out[ADDR_TEXT_MAX];

	assert_string_equal(addr_text(&a, out), expected);
}

TEST(ipv4_is_kept_mapped)
{
	struct addr a = addr_v4(0xcb007105, 4000);
	struct hex mapped = hex_bytes("0000 0000 0000 0000 0000 FFFF CB00 7105");

	assert_bytes(mapped.b, mapped.n, a.ip, sizeof(a.ip));
	assert_true(addr_is_v4(&a));
	assert_int_equal(addr_ip4(&a), 0xcb007105);
	assert_int_equal(a.port, 4000);
}

TEST(ipv6_has_no_ipv4_address)
{
	struct addr a = parsed("[2001:db8::1]:4000");

	assert_false(addr_is_v4(&a));
	assert_int_equal(addr_ip4(&a), 0);
}

TEST(text_is_canonical)
{
	assert_text("203.0.113.5:4000", "203.0.113.5:4000");
	assert_text("[2001:DB8::1]:4000", "[2001:db8::1]:4000");
	assert_text("[2001:db8:0:0:1:0:0:1]:1", "[2001:db8::1:0:0:1]:1");
	assert_text("[2001:db8:0:1:1:1:1:1]:1", "[2001:db8:0:1:1:1:1:1]:1");
	assert_text("[::]:0", "[::]:0");
	assert_text("[::1]:65535", "[::1]:65535");
	assert_text("[1::]:1", "[1::]:1");
	assert_text("[1:2:3:4:5:6:7::]:1", "[1:2:3:4:5:6:7:0]:1");
	assert_text("[::ffff:cb00:7105]:9", "203.0.113.5:9");
}

TEST(nonsense_is_refused)
{
	static const char *const bad[] = {
		"",
		"1.2.3.4",
		"1.2.3.4:",
		"1.2.3.4:65536",
		"1.2.3:1",
		"1.2.3.256:1",
		"1.2.3.4.5:1",
		"1.2.3.4:1 ",
		" 1.2.3.4:1",
		"1..3.4:1",
		"localhost:1",
		"0001.2.3.4:1",
		"::1:4000",
		"[]:1",
		"[:]:1",
		"[:1]:1",
		"[1:]:1",
		"[1:::2]:1",
		"[1::2::3]:1",
		"[12345::]:1",
		"[::1",
		"[::1]",
		"[::1]:",
		"[1:2:3:4:5:6:7]:1",
		"[g::]:1",
		"[::1]4000",
		"[::1.2.3.4.5]:1",
		"[1:2:3:4:5:6:7:8:9]:1",
		"1.2.3.4:-1",
		"1.2.3.4:1:2",
		"[::1]:1]",
		"[1:2:3:4:5:6:7:8::]:1",
		"+1.2.3.4:80",
		"1.2.3.4:0x50",
		"1.2.3.4:000080",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct addr a;

		if (addr_parse(bad[i], &a) != -ICQ_ESYNTAX)
			fail_msg("\"%s\" was accepted", bad[i]);
	}
}

TEST(text_survives_parsing)
{
	struct rng rng = harness_rng();

	for (int i = 0; i < 20000; i++) {
		struct addr a = addr_v4((uint32_t)rng_next(&rng), (uint16_t)rng_next(&rng)), b;
		char text[ADDR_TEXT_MAX];

		if (i % 2)
			rng_bytes(&rng, a.ip, sizeof(a.ip));
		for (uint32_t zeros = rng_below(&rng, 8); i % 2 && zeros > 0; zeros--)
			a.ip[rng_below(&rng, 16)] = 0;
		addr_text(&a, text);
		check(addr_parse(text, &b) == 0 && addr_equal(&a, &b));
	}
}

TEST(door_is_not_part_of_the_identity)
{
	struct addr a = addr_v4(1, 2), b = addr_v4(1, 2), c = addr_v4(1, 3);

	b.door = 7;
	assert_true(addr_equal(&a, &b));
	assert_int_equal(addr_hash(&a, 5), addr_hash(&b, 5));
	assert_false(addr_equal(&a, &c));
	assert_true(addr_same_host(&a, &c));
}

TEST(loopback_is_known)
{
	struct addr a = parsed("127.9.9.9:1"), b = parsed("[::1]:1"), c = parsed("128.0.0.1:1");

	assert_true(addr_is_loopback(&a));
	assert_true(addr_is_loopback(&b));
	assert_false(addr_is_loopback(&c));
}

TEST(hash_spreads_neighbours)
{
	enum { BUCKETS = 1024, PER_BUCKET = 16 };
	uint16_t used[BUCKETS] = { 0 };
	uint64_t key = harness_seed();

	for (uint32_t i = 0; i < BUCKETS * PER_BUCKET; i++) {
		struct addr a = addr_v4(0x0a000000 + i / 16, (uint16_t)(4000 + i % 16));

		used[addr_hash(&a, key) % BUCKETS]++;
	}
	for (int i = 0; i < BUCKETS; i++)
		check(used[i] < 4 * PER_BUCKET);
}
