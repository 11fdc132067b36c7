/* SPDX-License-Identifier: MIT */
#include "harness.h"

#include "cmd/icqd/hashers.h"
#include "cmd/icqd/login_cache.h"
#include "cmd/icqd/password.h"
#include "base/err.h"
#include "io/random.h"

#include <pthread.h>
#include <stdio.h>

static const uint8_t secret[32] = { 1, 2, 3 };

static void set_password(struct job_password *q, const char *password)
{
	q->password_len = (uint8_t)strlen(password);
	memcpy(q->password, password, q->password_len);
}

static struct job_password hashed(const struct password_rules *r, const char *password)
{
	struct job_password q = { 0 };

	set_password(&q, password);
	assert_int_equal(password_run(r, JOB_HASH, &q), 0);
	return q;
}

static bool verified(const struct password_rules *r, const char *password, const char *hash)
{
	struct job_password q = { .match = true };

	set_password(&q, password);
	snprintf(q.hash, sizeof(q.hash), "%s", hash);
	assert_int_equal(password_run(r, JOB_VERIFY, &q), 0);
	return q.match;
}

static struct password_rules cheap_rules(void)
{
	struct password_rules r;

	assert_int_equal(random_init(), 0);
	assert_int_equal(password_init(&r, PASSWORD_COST_LOW, secret), 0);
	return r;
}

TEST(only_the_right_password_matches)
{
	struct password_rules r = cheap_rules();
	struct job_password q = hashed(&r, "secret");

	assert_true(verified(&r, "secret", q.hash));
	assert_false(verified(&r, "secreT", q.hash));
	assert_false(verified(&r, "secre", q.hash));
	assert_false(verified(&r, "", q.hash));
	assert_true(verified(&r, "", hashed(&r, "").hash));
}

TEST(each_hash_is_salted_and_tells_its_cost)
{
	struct password_rules r = cheap_rules();
	struct job_password a = hashed(&r, "secret"), b = hashed(&r, "secret");

	assert_false(strcmp(a.hash, b.hash) == 0);
	assert_non_null(strstr(a.hash, "$argon2id$v=19$m=8,t=1,p=1$"));
	assert_int_equal(password_init(&r, PASSWORD_COST_MEDIUM, secret), 0);
	assert_non_null(strstr(r.dummy, "$argon2id$v=19$m=7168,t=5,p=1$"));
	assert_true(verified(&r, "secret", a.hash)); /* whatever the cost is now */
}

TEST(unknown_uins_and_damaged_hashes_never_match)
{
	struct password_rules r = cheap_rules();

	assert_false(verified(&r, "secret", ""));
	assert_false(verified(&r, "", ""));
	assert_false(verified(&r, "secret", "$argon2id$v=19$m=8"));
	assert_false(verified(&r, "secret", "secret"));
}

TEST(passwords_are_wiped)
{
	static const uint8_t nothing[JOB_PASSWORD_MAX];
	struct password_rules r = cheap_rules();
	struct job_password q = hashed(&r, "12345678");

	assert_memory_equal(q.password, nothing, sizeof(nothing));
	assert_int_equal(q.password_len, 0);
}

TEST(tags_know_password_and_secret)
{
	static const uint8_t other_secret[32] = { 9 };
	struct password_rules r = cheap_rules(), again = cheap_rules(), other;

	assert_int_equal(password_init(&other, PASSWORD_COST_LOW, other_secret), 0);
	assert_true(hashed(&r, "secret").tag == hashed(&again, "secret").tag);
	assert_false(hashed(&r, "secret").tag == hashed(&r, "secrex").tag);
	assert_false(hashed(&r, "secret").tag == hashed(&other, "secret").tag);
}

/* ---- the cache ------------------------------------------------------------------------- */

static struct login_tag tag_of(const struct login_cache *c, const char *password, const char *hash)
{
	struct job_password q = { 0 };

	set_password(&q, password);
	snprintf(q.hash, sizeof(q.hash), "%s", hash);
	return login_cache_tag(c, &q);
}

TEST(cache_tells_passwords_and_hashes_apart)
{
	struct login_cache *c = login_cache_new(), *other = login_cache_new();
	struct login_tag tag = tag_of(c, "ab", "c");

	assert_false(login_cache_has(c, &tag));
	login_cache_add(c, &tag);
	assert_true(login_cache_has(c, &tag));
	tag = tag_of(c, "a", "bc");
	assert_false(login_cache_has(c, &tag));
	tag = tag_of(c, "ab", "d");
	assert_false(login_cache_has(c, &tag));
	tag = tag_of(other, "ab", "c");
	assert_false(login_cache_has(c, &tag));
	login_cache_free(&c);
	login_cache_free(&other);
	assert_null(c);
}

TEST(cache_is_bounded_and_forgets_old_entries_first)
{
	struct login_cache *c = login_cache_new();
	struct login_tag tag = { { 7, 0 } }; /* all in one set */

	for (; tag.half[1] < 10; tag.half[1]++) {
		login_cache_add(c, &tag);
		login_cache_add(c, &tag);
	}
	for (unsigned known = 0; tag.half[1]-- > 0; known++)
		assert_int_equal(login_cache_has(c, &tag), known < 4);
	login_cache_free(&c);
}

/* ---- the threads ----------------------------------------------------------------------- */

struct desk {
	struct hashers *hashers;
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	bool woken;
	unsigned done, matches;
	char hash[JOB_HASH_MAX];
};

static void on_wake(void *ctx)
{
	struct desk *d = ctx;

	pthread_mutex_lock(&d->mutex);
	d->woken = true;
	pthread_cond_signal(&d->changed);
	pthread_mutex_unlock(&d->mutex);
}

static void on_done(void *ctx, const struct job *job)
{
	struct desk *d = ctx;

	check(job->err == 0);
	check(job->cookie == 77);
	d->done++;
	if (job->kind == JOB_HASH)
		memcpy(d->hash, job->password.hash, sizeof(d->hash));
	else
		d->matches += job->password.match;
}

static void collect_until(struct desk *d, unsigned done)
{
	while (d->done < done) {
		pthread_mutex_lock(&d->mutex);
		while (!d->woken)
			pthread_cond_wait(&d->changed, &d->mutex);
		d->woken = false;
		pthread_mutex_unlock(&d->mutex);
		hashers_collect(d->hashers);
	}
}

static int submit(struct desk *d, enum job_kind kind, const char *password)
{
	struct job job = { .kind = kind, .cookie = 77 };

	set_password(&job.password, password);
	memcpy(job.password.hash, d->hash, sizeof(d->hash));
	return hashers_submit(d->hashers, &job);
}

static void open_desk(struct desk *d)
{
	struct password_rules rules = cheap_rules();
	const struct hashers_calls calls = { d, on_wake, on_done };
	struct conf conf;

	conf_preset(&conf);
	conf.password_workers = 2;
	conf.limit_hash_queue = 3;
	*d = (struct desk){ 0 };
	pthread_mutex_init(&d->mutex, NULL);
	pthread_cond_init(&d->changed, NULL);
	assert_int_equal(hashers_start(&d->hashers, &conf, &rules, &calls), 0);
}

static void close_desk(struct desk *d)
{
	hashers_free(&d->hashers);
	pthread_mutex_destroy(&d->mutex);
	pthread_cond_destroy(&d->changed);
}

TEST(queue_is_bounded_but_the_cache_answers_still)
{
	struct desk d;

	open_desk(&d);
	assert_int_equal(submit(&d, JOB_HASH, "secret"), 0);
	collect_until(&d, 1);
	assert_int_equal(submit(&d, JOB_VERIFY, "secret"), 0);
	collect_until(&d, 2);
	assert_int_equal(d.matches, 1);

	/* Two threads with three jobs waiting for each; nothing is collected meanwhile. */
	for (int i = 0; i < 8; i++)
		assert_int_equal(submit(&d, JOB_VERIFY, "wrong"), 0);
	assert_int_equal(submit(&d, JOB_VERIFY, "wrong"), -ICQ_EFULL);
	assert_int_equal(submit(&d, JOB_VERIFY, "secret"), 0);
	assert_int_equal(submit(&d, JOB_VERIFY, "secrex"), -ICQ_EFULL);
	collect_until(&d, 11);
	assert_int_equal(d.matches, 2);
	assert_int_equal(submit(&d, JOB_VERIFY, "wrong"), 0);
	collect_until(&d, 12);
	assert_int_equal(d.matches, 2);
	close_desk(&d);
}

TEST(waiting_jobs_are_dropped_at_the_end)
{
	struct desk d;

	open_desk(&d);
	for (int i = 0; i < 8; i++)
		assert_int_equal(submit(&d, JOB_HASH, "secret"), 0);
	close_desk(&d);
	assert_int_equal(d.done, 0);
}
