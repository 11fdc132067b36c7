/* SPDX-License-Identifier: MIT */
/* Both histories answer the same, byte for byte, whatever they are asked. */
#include "history_subject.h"

#include "harness.h"

#include <string.h>

enum { JOBS = 3000, PEERS = 3 };

struct trial {
	struct rng rng;
	int64_t now_s;
	uint64_t id; /* of the newest row */
};

static uint64_t any_id(struct trial *t)
{
	uint32_t back = rng_below(&t->rng, 40);

	if (rng_below(&t->rng, 8) == 0)
		return rng_below(&t->rng, 2) ? 0 : UINT64_MAX;
	return t->id + 3 > back ? t->id + 3 - back : 0;
}

static uint32_t any_peer(struct trial *t)
{
	return ANN + rng_below(&t->rng, PEERS);
}

/* Few letters, so that searches and repeats find some; some of them above 7F, some no letters. */
static uint16_t any_letters(struct trial *t, uint8_t *out, uint32_t max)
{
	uint16_t n = (uint16_t)rng_below(&t->rng, max + 1);

	for (uint16_t i = 0; i < n; i++)
		out[i] = (uint8_t) "aAbB \xe4\xc4\xfe\"\0"[rng_below(&t->rng, 10)];
	return n;
}

static struct history_job any_add(struct trial *t)
{
	static const char *const charsets[] = { "cp1252", "cp1251", "koi8-r", "" };
	struct history_job job = rng_below(&t->rng, 3) ? job_in(any_peer(t), "")
						       : job_out(any_peer(t), "");

	job.add.match = rng_below(&t->rng, 3);
	job.row.self += rng_below(&t->rng, 8) == 0;
	job.row.msgid = rng_below(&t->rng, 3) ? rng_below(&t->rng, 5) : rng_next(&t->rng);
	job.row.type = (uint16_t)(1 + 3 * rng_below(&t->rng, 2));
	job.row.via = (uint8_t)rng_below(&t->rng, 3);
	job.row.matches = rng_below(&t->rng, 2);
	job.row.sent_s = rng_below(&t->rng, 2) ? 0 : t->now_s - rng_below(&t->rng, 300);
	job.row.noted_s = t->now_s;
	memset(job.row.charset, 0, sizeof(job.row.charset));
	strcpy(job.row.charset, charsets[rng_below(&t->rng, 4)]);
	job.text_len = any_letters(t, job.text, rng_below(&t->rng, 4) ? 12 : 200);
	return job;
}

static struct history_job any_mark(struct trial *t)
{
	struct history_job job = job_mark(any_id(t));

	job.row.state = (uint8_t)(HISTORY_ACCEPTED + rng_below(&t->rng, 2));
	return job;
}

static void any_words(struct trial *t, char out[HISTORY_FIND_MAX])
{
	static const char *const words[] = {
		"a", "AB", "bab", "ä", "aäb", "\"", " ", "да", "aabb"
	};

	for (uint32_t n = rng_below(&t->rng, 3); n > 0; n--) {
		strcat(out, words[rng_below(&t->rng, 9)]);
		strcat(out, rng_below(&t->rng, 3) ? " " : "");
	}
}

static struct history_job any_next(struct trial *t)
{
	struct history_job job = job_next((struct history_next){
		.from = any_id(t),
		.backwards = rng_below(&t->rng, 2),
		.outbox = rng_below(&t->rng, 4) == 0,
		.peer = rng_below(&t->rng, 2) ? any_peer(t) : 0,
	});

	any_words(t, job.next.find);
	return job;
}

static struct history_job any_job(struct trial *t)
{
	switch (rng_below(&t->rng, 6)) {
	case 0:
	case 1:
		return any_add(t);
	case 2:
		return any_mark(t);
	default:
		return any_next(t);
	}
}

TEST(histories_answer_the_same)
{
	static struct history_job one, other;
	struct history *mem = history_on_mem(), *sqlite = history_on_sqlite();
	struct trial t = { .rng = harness_rng(), .now_s = 1000000000 };

	for (int i = 0; i < JOBS; i++) {
		one = any_job(&t);
		other = one;
		history_do(mem, &one);
		history_do(sqlite, &other);
		assert_bytes(&one, history_job_size(&one), &other, history_job_size(&other));
		if (one.kind == HISTORY_ADD && one.row.id > t.id)
			t.id = one.row.id;
		t.now_s += rng_below(&t.rng, 20);
		if (rng_below(&t.rng, 200) == 0) {
			history_close(sqlite);
			history_open(sqlite);
		}
	}
	assert_true(t.id > JOBS / 6);
	history_free(&mem);
	history_free(&sqlite);
}
