/* SPDX-License-Identifier: MIT */
#include "cmd/icqd/password.h"

#include "base/err.h"
#include "server/conf.h"

#include <sodium.h>
#include <string.h>

_Static_assert(JOB_HASH_MAX >= crypto_pwhash_STRBYTES, "a hash fits into a job");

static const struct {
	unsigned long long passes;
	size_t memory;
} costs[] = {
	[PASSWORD_COST_LOW] = { 1, 8 * 1024 },
	[PASSWORD_COST_MEDIUM] = { 5, 7 * 1024 * 1024 },
	[PASSWORD_COST_HIGH] = { 2, 64 * 1024 * 1024 },
};

static int hash(const struct password_rules *r, const void *password, size_t len,
		char out[JOB_HASH_MAX])
{
	int rc = crypto_pwhash_str_alg(out, password, len, r->passes, r->memory,
				       crypto_pwhash_ALG_ARGON2ID13);

	return rc == 0 ? 0 : -ICQ_ENOMEM;
}

int password_init(struct password_rules *r, int cost, const uint8_t secret[32])
{
	uint8_t nobody[16];

	r->passes = costs[cost].passes;
	r->memory = costs[cost].memory;
	memcpy(r->tag_key, secret, sizeof(r->tag_key));
	randombytes_buf(nobody, sizeof(nobody));
	return hash(r, nobody, sizeof(nobody), r->dummy);
}

/* 64 bits of a keyed BLAKE2b, whose least length in libsodium is 128. */
static uint16_t tag(const struct password_rules *r, const struct job_password *q)
{
	uint8_t digest[crypto_generichash_BYTES_MIN];
	uint16_t first;

	crypto_generichash(digest, sizeof(digest), q->password, q->password_len, r->tag_key,
			   sizeof(r->tag_key));
	memcpy(&first, digest, sizeof(first));
	return first;
}

int password_run(const struct password_rules *r, enum job_kind kind, struct job_password *q)
{
	bool known = *q->hash;
	int err = 0;

	if (kind == JOB_HASH) {
		err = hash(r, q->password, q->password_len, q->hash);
		q->tag = tag(r, q);
	} else {
		int rc = crypto_pwhash_str_verify(known ? q->hash : r->dummy,
						  (const char *)q->password, q->password_len);

		q->match = rc == 0 && known;
	}
	explicit_bzero(q->password, sizeof(q->password));
	q->password_len = 0;
	return err;
}
