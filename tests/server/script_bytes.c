/* SPDX-License-Identifier: MIT */
#include "server/script_bytes.h"

#include <stdio.h>
#include <stdlib.h>

#include "harness.h"

enum { WORD = 4096 };

struct bytes *bytes_new(void)
{
	struct bytes *b = calloc(1, sizeof(*b));

	check(b);
	return b;
}

void bytes_add(struct bytes *to, uint64_t value, size_t size)
{
	check(to->n + size <= sizeof(to->b));
	for (; size; size--, value >>= 8)
		to->b[to->n++] = (uint8_t)value;
}

/* ---- words ----------------------------------------------------------------------------- */

static void add_hex(struct bytes *to, const char *text)
{
	struct hex hex = hex_bytes(text);

	for (size_t i = 0; i < hex.n; i++)
		bytes_add(to, hex.b[i], 1);
}

/* What stands between the quotes; returns what follows. */
static const char *add_text(struct bytes *to, const char *text)
{
	size_t at = to->n;

	bytes_add(to, 0, 2);
	for (text++; *text != '"'; text++) {
		check(*text);
		if (*text == '\\') {
			add_hex(to, (const char[]){ text[1], text[2], 0 });
			text += 2;
		} else {
			bytes_add(to, *text == '~' ? 0xFE : (uint8_t)*text, 1);
		}
	}
	bytes_add(to, 0, 1);
	to->b[at] = (uint8_t)(to->n - at - 2);
	to->b[at + 1] = (uint8_t)((to->n - at - 2) >> 8);
	return text + 1;
}

static void add_xs(struct bytes *to, size_t n)
{
	for (; n; n--)
		bytes_add(to, 'x', 1);
}

static void add_long_text(struct bytes *to, size_t len)
{
	bytes_add(to, len + 1, 2);
	add_xs(to, len);
	bytes_add(to, 0, 1);
}

static void add_uin(struct bytes *to, struct person *whose)
{
	if (!whose->uin) {
		to->learner = whose;
		to->learnt_at = to->n;
		memset(to->any + to->n, true, 4);
	}
	bytes_add(to, whose->uin, 4);
}

static void add_address(struct bytes *to, const struct person *whose)
{
	uint32_t ip = addr_ip4(&whose->addr);

	for (int shift = 24; shift >= 0; shift -= 8)
		bytes_add(to, ip >> shift & 0xFF, 1);
}

static void add_anything(struct bytes *to, size_t n)
{
	memset(to->any + to->n, true, n);
	bytes_add(to, 0, n);
}

static void add_word(struct script *s, struct bytes *to, const char *word)
{
	unsigned size;
	unsigned long long value;

	if (*word == '@')
		add_uin(to, script_person(s, word + 1));
	else if (strncmp(word, "ip:", 3) == 0)
		add_address(to, script_person(s, word + 3));
	else if (sscanf(word, "s:%u", &size) == 1)
		add_long_text(to, size);
	else if (sscanf(word, "x:%u", &size) == 1)
		add_xs(to, size);
	else if (sscanf(word, "%u:%llu", &size, &value) == 2)
		bytes_add(to, value, size);
	else if (sscanf(word, "..%u", &size) == 1)
		add_anything(to, size);
	else if (strcmp(word, "..") == 0)
		add_anything(to, 1);
	else if (strcmp(word, "*") == 0)
		to->open = true;
	else
		add_hex(to, word);
}

void bytes_add_words(struct script *s, struct bytes *to, const char *text)
{
	char word[WORD];
	int len;

	for (;;) {
		text += strspn(text, " ");
		if (*text == '"') {
			text = add_text(to, text);
		} else if (sscanf(text, "%4095s%n", word, &len) == 1) {
			add_word(s, to, word);
			text += len;
		} else {
			return;
		}
	}
}

/* ---- comparing ------------------------------------------------------------------------- */

static void learn(const struct bytes *expected, const struct parcel *got)
{
	const uint8_t *p = got->p + expected->learnt_at;

	if (expected->learner)
		expected->learner->uin = (uint32_t)p[0] | (uint32_t)p[1] << 8 |
					 (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* What may be anything is made equal. */
void bytes_expect(struct bytes *expected, const struct parcel *got, const char *step)
{
	for (size_t i = 0; i < expected->n && i < got->n; i++)
		if (expected->any[i])
			expected->b[i] = got->p[i];
	for (size_t i = expected->n; expected->open && i < got->n; i++)
		bytes_add(expected, got->p[i], 1);
	if (expected->n != got->n || memcmp(expected->b, got->p, got->n) != 0)
		fprintf(stderr, "in: %s\n", step);
	assert_bytes(expected->b, expected->n, got->p, got->n);
	learn(expected, got);
}
