/* SPDX-License-Identifier: MIT */
#include "cmd/icqd/login_cache.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* 1 MiB, touched only as far as it is used. */
enum { SETS = 16384, WAYS = 4 };

struct login_cache {
	uint8_t key[crypto_generichash_KEYBYTES];
	uint8_t next[SETS]; /* the way that is overwritten next */
	struct login_tag tags[SETS][WAYS];
};

struct login_cache *login_cache_new(void)
{
	struct login_cache *c = calloc(1, sizeof(*c));

	if (c)
		randombytes_buf(c->key, sizeof(c->key));
	return c;
}

void login_cache_free(struct login_cache **c)
{
	if (*c)
		explicit_bzero((*c)->key, sizeof((*c)->key));
	free(*c);
	*c = NULL;
}

struct login_tag login_cache_tag(const struct login_cache *c, const struct job_password *q)
{
	crypto_generichash_state state;
	struct login_tag tag;

	crypto_generichash_init(&state, c->key, sizeof(c->key), sizeof(tag));
	crypto_generichash_update(&state, &q->password_len, sizeof(q->password_len));
	crypto_generichash_update(&state, q->password, q->password_len);
	crypto_generichash_update(&state, (const uint8_t *)q->hash, strlen(q->hash));
	crypto_generichash_final(&state, (uint8_t *)&tag, sizeof(tag));
	explicit_bzero(&state, sizeof(state));
	return tag;
}

bool login_cache_has(const struct login_cache *c, const struct login_tag *tag)
{
	const struct login_tag *set = c->tags[tag->half[0] % SETS];

	for (int i = 0; i < WAYS; i++) {
		if (memcmp(&set[i], tag, sizeof(*tag)) == 0)
			return true;
	}
	return false;
}

void login_cache_add(struct login_cache *c, const struct login_tag *tag)
{
	size_t set = tag->half[0] % SETS;

	if (!login_cache_has(c, tag))
		c->tags[set][c->next[set]++ % WAYS] = *tag;
}
