/* SPDX-License-Identifier: MIT */
/* What holds for every message of icq.def, whatever its fields. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "any.h"

#define OUT_MAX 16384

static size_t checks;

#define holds(id, condition)                                                                       \
	do {                                                                                       \
		checks++;                                                                          \
		if (!(condition))                                                                  \
			fail_msg("not so for %s: %s", icq_describe(id)->ident, #condition);        \
	} while (0)

#define for_each_message(id) for (enum icq_id id = M_NONE + 1; id < M_COUNT; id++)

static void print_checks(void)
{
	printf("# %zu checks\n", checks);
	checks = 0;
}

static size_t encode(enum icq_id id, const union icq_msg *msg, uint8_t out[OUT_MAX])
{
	int n = icq_encode(id, msg, out, OUT_MAX);

	check(n >= 0);
	return (size_t)n;
}

TEST(valid_values_survive)
{
	static uint8_t pool[ANY_POOL], first[OUT_MAX], second[OUT_MAX];
	struct rng rng = harness_rng();

	for (int round = 0; round < 700; round++) {
		for_each_message(id)
		{
			union icq_msg sent, read;

			any_fill(&rng, id, &sent, pool);

			size_t n = encode(id, &sent, first);

			holds(id, icq_decode(id, first, n, &read) == 0);
			holds(id, any_equal(id, &sent, &read));
			holds(id, encode(id, &read, second) == n && !memcmp(first, second, n));
			holds(id, icq_encode(id, &sent, second, n) == (int)n);
			holds(id, n == 0 || icq_encode(id, &sent, second, n - 1) == -ICQ_ESPACE);
		}
	}
	print_checks();
}

/* ---- truncation ------------------------------------------------------------------------ */

/* The field lost all but its first `left` bytes: what stays of it? False: nothing. */
static bool keep_some(const struct icq_field *f, size_t left, union icq_msg *msg)
{
	void *to = (uint8_t *)msg + f->offset;

	if (f->flags & ICQ_SHORT)
		*(uint32_t *)to &= left ? UINT32_MAX >> (32 - 8 * left) : 0;
	else if (f->kind == K_REST)
		((struct icq_str *)to)->len = (uint16_t)left;
	else if (f->kind == K_UINS && left > 0)
		((struct icq_list *)to)->count = (uint16_t)((left - 1) / 4);
	else if (f->flags & ICQ_LOOSE && left >= 2)
		((struct icq_str *)to)->len = (uint16_t)(left - 2);
	else
		return false;
	return true;
}

/* What a reader must make of the first n bytes of a canonical packet. */
static int reckon(const struct icq_message *m, const union icq_msg *sent, size_t n,
		  union icq_msg *expected)
{
	union icq_msg preset;

	icq_preset(m->id, &preset);
	icq_preset(m->id, expected);
	for (size_t i = 0; i < m->field_count; i++) {
		const struct icq_field *f = &m->fields[i];
		size_t size = any_is_there(m, i, sent) ? any_field_size(f, sent) : 0;

		any_copy(f, expected, sent);
		if (size <= n) {
			n -= size;
			continue;
		}
		if (!keep_some(f, n, expected)) {
			any_copy(f, expected, &preset);
			return f->flags & (ICQ_OPT | ICQ_TAIL) ? 0 : -ICQ_ETRUNC;
		}
		n = 0;
	}
	return 0;
}

/* There a length decides which fields are present; tests of the codec have these cases. */
static bool is_told_by_length(const struct icq_message *m, size_t n)
{
	return m->field_count > 0 && m->fields[0].flags & ICQ_UNNUM && (n == 1 || n == 4);
}

/* In a block of the very size, so that the sanitizers see a read behind the end. */
static int decode_exact(enum icq_id id, const uint8_t *body, size_t n, uint8_t **block,
			union icq_msg *msg)
{
	*block = malloc(n ? n : 1);
	check(*block);
	memcpy(*block, body, n);
	return icq_decode(id, *block, n, msg);
}

TEST(every_truncation_is_refused_or_read_by_rule)
{
	static uint8_t pool[ANY_POOL], body[OUT_MAX];
	struct rng rng = harness_rng();

	for (int round = 0; round < 30; round++) {
		for_each_message(id)
		{
			const struct icq_message *m = icq_describe(id);
			union icq_msg sent, read, expected;

			any_fill(&rng, id, &sent, pool);
			for (size_t n = encode(id, &sent, body); n-- > 0;) {
				if (is_told_by_length(m, n))
					continue;
				int err = reckon(m, &sent, n, &expected);
				uint8_t *block;

				holds(id, decode_exact(id, body, n, &block, &read) == err);
				holds(id, any_equal(id, &expected, &read));
				free(block);
			}
		}
	}
	print_checks();
}

/* ---- anything -------------------------------------------------------------------------- */

static void read_and_write(enum icq_id id, const uint8_t *body, size_t n)
{
	static uint8_t first[OUT_MAX], second[OUT_MAX];
	union icq_msg read, again;

	if (icq_decode(id, body, n, &read) < 0)
		return;

	size_t len = encode(id, &read, first);

	holds(id, icq_decode(id, first, len, &again) == 0);
	holds(id, any_equal(id, &read, &again));
	holds(id, encode(id, &again, second) == len && memcmp(first, second, len) == 0);
}

TEST(random_bytes_that_are_read_mean_the_same_when_written)
{
	struct rng rng = harness_rng();

	for (int round = 0; round < 1500; round++) {
		uint8_t body[120];
		size_t n = rng_below(&rng, sizeof(body) + 1);

		/* Small bytes make lengths and counts that fit. */
		for (size_t i = 0; i < n; i++)
			body[i] = (uint8_t)(rng_next(&rng) >> 56 >> rng_below(&rng, 8));
		for_each_message(id) read_and_write(id, body, n);
	}
	print_checks();
}

TEST(damaged_packets_that_are_read_mean_the_same_when_written)
{
	static uint8_t pool[ANY_POOL], body[OUT_MAX];
	struct rng rng = harness_rng();

	for (int round = 0; round < 400; round++) {
		for_each_message(id)
		{
			union icq_msg sent;

			any_fill(&rng, id, &sent, pool);

			size_t n = encode(id, &sent, body);

			for (uint32_t k = rng_below(&rng, 3); n > 0 && k > 0; k--)
				body[rng_below(&rng, (uint32_t)n)] ^= (uint8_t)(1 << rng_below(&rng,
											       8));
			rng_bytes(&rng, body + n, 8);
			read_and_write(id, body, n + rng_below(&rng, 9));
		}
	}
	print_checks();
}

/* ---- explaining ------------------------------------------------------------------------ */

static void follow_rows(void *ctx, const struct icq_shown *shown)
{
	size_t *end = ctx;

	check(shown->offset == *end);
	check(shown->len > 0);
	check(shown->value != NULL);
	*end += shown->len;
}

static void show_all(enum icq_channel channel, const uint8_t *packet, size_t n)
{
	size_t end = 0;
	enum icq_id id;

	icq_show(channel, packet, n, true, follow_rows, &end, &id);
	check(end == n);
	checks++;
}

TEST(rows_cover_every_packet_without_a_gap)
{
	static uint8_t pool[ANY_POOL], packet[OUT_MAX];
	struct icq_head head = { .version = 2, .seq = 7, .uin = 10001 };
	struct rng rng = harness_rng();

	for (int round = 0; round < 100; round++) {
		for_each_message(id)
		{
			enum icq_channel channel = icq_describe(id)->channel;
			bool udp = channel <= ICQ_SERVER;
			union icq_msg msg;

			any_fill(&rng, id, &msg, pool);
			int n = udp ? icq_pack(id, &head, &msg, packet, OUT_MAX)
				    : icq_pack_peer(id, &msg, packet, OUT_MAX);

			show_all(channel, packet, (size_t)n);
			show_all(channel, packet, rng_below(&rng, (uint32_t)n + 1));
		}
	}
	print_checks();
}

/* ---- the description itself ------------------------------------------------------------ */

static bool share_a_code(const struct icq_message *a, const struct icq_message *b)
{
	bool both_udp = a->channel <= ICQ_BARE && b->channel <= ICQ_BARE;

	return (a->channel == b->channel || both_udp) && a->versions & b->versions &&
	       a->code == b->code && a->channel != ICQ_PEER && a->channel != ICQ_PART;
}

TEST(messages_have_codes_and_idents_of_their_own)
{
	for_each_message(i)
	{
		const struct icq_message *a = icq_describe(i);

		holds(i, a->id == i);
		holds(i, *a->ident && *a->name && *a->meaning && *a->source);
		for (enum icq_id j = i + 1; j < M_COUNT; j++) {
			const struct icq_message *b = icq_describe(j);

			holds(i, strcmp(a->ident, b->ident) != 0);
			holds(i, !share_a_code(a, b));
		}
		if (a->channel == ICQ_PEER || a->channel == ICQ_PART)
			continue;
		for (uint16_t version = 1; version <= 2; version++)
			if (a->versions & 1 << version)
				holds(i, icq_find(a->channel, version, a->code) == i);
	}
	assert_null(icq_describe(M_NONE));
	assert_null(icq_describe(M_COUNT));
}

TEST(fields_that_may_be_missing_come_last)
{
	for_each_message(id)
	{
		const struct icq_message *m = icq_describe(id);
		bool optional = false;

		for (size_t i = 0; i < m->field_count; i++) {
			const struct icq_field *f = &m->fields[i];
			bool may_miss = f->flags & (ICQ_OPT | ICQ_TAIL);

			holds(id, may_miss || !optional);
			optional |= may_miss;
			holds(id, !(f->flags & ICQ_TAIL) || i + 1 == m->field_count);
			holds(id, f->kind != K_REST || i + 1 == m->field_count);
			holds(id, f->kind != K_UINS || m->field_count == 1);
		}
	}
}

/* Texts without a limit of their own are kept to what old clients can show. */
static size_t worst_size(const struct icq_field *f)
{
	size_t text = f->arg ? f->arg : ICQ_MAX_old_text;

	switch (f->kind) {
	case K_STR:
		return 2 + text + 1;
	case K_REST:
		return text;
	case K_UINS:
		return 1 + 4 * (size_t)ICQ_MAX_contacts;
	case K_RAW:
		return f->arg;
	default:
		return f->kind == K_U64 ? 8 : 4;
	}
}

TEST(packets_of_full_fields_fit_what_old_clients_take)
{
	for_each_message(id)
	{
		const struct icq_message *m = icq_describe(id);
		size_t size = 10;

		for (size_t i = 0; i < m->field_count; i++)
			size += worst_size(&m->fields[i]);
		holds(id, size <= (m->channel <= ICQ_SERVER ? ICQ_MAX_v2_packet : ICQ_MAX_frame));
	}
}

TEST(list_elements_have_a_fixed_size)
{
	for_each_message(id)
	{
		const struct icq_message *m = icq_describe(id);

		for (size_t i = 0; i < m->field_count && m->channel == ICQ_PART; i++)
			holds(id, m->fields[i].kind <= K_IP && m->fields[i].flags == ICQ_NEED);
	}
}
