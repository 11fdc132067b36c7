/* SPDX-License-Identifier: MIT */
/* What the operator does to a server, and what users see of it. */
#include "server/operator.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "harness.h"
#include "server/script.h"

/* Hands out a job as the operator; its answer is in the rig when it has come. */
static void give(struct script *s, struct job *job)
{
	job->cookie = 77;
	job->tag = 7;
	s->rig->answers = 0;
	assert_int_equal(operator_job(s->rig->srv, s->rig->now, job), 0);
	rig_answer(s->rig, s->rig->hold ? 0 : SIZE_MAX);
}

static int done(struct script *s, struct job *job)
{
	give(s, job);
	assert_int_equal(s->rig->answers, 1);
	assert_int_equal(s->rig->answer.cookie, 77);
	assert_int_equal(s->rig->answer.tag, 7);
	return s->rig->answer.err;
}

static struct job block(struct script *s, const char *name)
{
	return (struct job){ .kind = JOB_ACCOUNT_BLOCK,
			     .account_block = { script_person(s, name)->uin, true } };
}

static struct job message(uint32_t to, const char *text)
{
	struct job job = { .kind = JOB_MESSAGE_SYSTEM,
			   .message_system = { .to = to, .type = T_text, .now_s = 900000000 },
			   .text_len = (uint16_t)strlen(text) };

	memcpy(job.text, text, job.text_len);
	return job;
}

/* ann, bob who watches her, and nobody else is online. */
static struct script *watched(void)
{
	struct script *s = script_new(NULL);

	script_play(s, "ann logs in\n"
		       "bob logs in\n"
		       "bob > 0406 01 @ann\n"
		       "bob < ack\n"
		       "bob < 006E @ann *\n"
		       "bob < 021C *\n");
	return s;
}

/* ---- jobs ------------------------------------------------------------------------------ */

TEST(jobs_of_the_operator_come_back_as_his)
{
	struct script *s = script_new(NULL);
	struct job job = { .kind = JOB_STATS };

	assert_int_equal(done(s, &job), 0);
	assert_int_equal(s->rig->answer.stats.accounts, 1); /* the echo account */
	job = (struct job){ .kind = JOB_ACCOUNT_DELETE, .account_delete.uin = 99999 };
	assert_int_equal(done(s, &job), -ICQ_ENOENT);
	s->rig->full = true;
	assert_int_equal(operator_job(s->rig->srv, s->rig->now, &job), -ICQ_EFULL);
	script_free(&s);
}

TEST(blocking_sends_the_user_away_and_tells_who_watches)
{
	struct script *s = watched();
	struct job job = block(s, "ann");

	assert_int_equal(done(s, &job), 0);
	script_play(s, "ann << 0028\n"
		       "bob < 0078 @ann\n"
		       "wait 2\n"
		       "ann > 03E8 4:5000 \"secret\" 4:114 0A0B0C0D 04 4:0 4:3 2:2 4:0 4:0\n"
		       "ann < ack\n"
		       "ann << 0064 *\n");
	script_free(&s);
}

TEST(blocking_catches_a_login_on_its_way)
{
	struct script *s = script_new(NULL);
	struct job job = block(s, "ann");

	script_play(s, "hold\n"
		       "ann > 03E8 4:5000 \"secret\" 4:114 0A0B0C0D 04 4:0 4:3 2:2 4:0 4:0\n"
		       "ann < ack\n"
		       "answer 1\n"); /* the account, not blocked yet; the password is next */
	give(s, &job);
	script_play(s, "answer\n"
		       "ann quiet\n");
	assert_int_equal(s->rig->answer.err, 0);
	assert_int_equal(srv_session_count(s->rig->srv), 0);
	script_free(&s);
}

TEST(deleting_ends_the_session)
{
	struct script *s = watched();
	struct job job = { .kind = JOB_ACCOUNT_DELETE,
			   .account_delete.uin = script_person(s, "ann")->uin };

	assert_int_equal(done(s, &job), 0);
	script_play(s, "ann << 0028\n"
		       "bob < 0078 @ann\n");
	script_free(&s);
}

TEST(a_failing_store_ends_no_session)
{
	struct script *s = watched();
	struct job job = block(s, "ann");

	script_play(s, "store fails\n");
	assert_int_equal(done(s, &job), -ICQ_EIO);
	script_play(s, "ann quiet\n"
		       "bob quiet\n");
	script_free(&s);
}

TEST(messages_of_the_operator_come_at_once_or_with_the_stored_ones)
{
	struct script *s = watched();
	struct job to_ann = message(script_person(s, "ann")->uin, "tea");
	struct job to_eve = message(script_person(s, "eve")->uin, "tea");
	struct job to_none = message(99999, "tea");

	assert_int_equal(done(s, &to_ann), 0);
	script_play(s, "ann < 0104 4:1 2:1 \"tea\"\n");
	assert_int_equal(done(s, &to_eve), 0);
	script_play(s, "eve logs in\n"
		       "eve > 044C\n"
		       "eve < ack\n"
		       "eve < 00DC 4:1 2:1998 07091000 2:1 \"tea\"\n"
		       "eve < 00E6 *\n");
	assert_int_equal(done(s, &to_none), -ICQ_ENOENT);
	script_free(&s);
}

TEST(messages_of_the_operator_are_not_overtaken)
{
	struct script *s = watched();
	struct job job = message(script_person(s, "ann")->uin, "tea");

	script_play(s, "hold\n");
	give(s, &job);
	script_play(s, "bob > 010E @ann 2:1 \"coffee\"\n"
		       "answer\n"
		       "bob < ack\n"
		       "ann < 0104 4:1 2:1 \"tea\"\n"
		       "ann < 0104 @bob 2:1 \"coffee\"\n");
	script_free(&s);
}

TEST(messages_of_the_operator_have_the_quota_of_notices)
{
	struct conf conf = rig_conf();
	struct script *s;

	conf.limit_mailbox_notices = 1;
	s = script_new(&conf);
	for (int i = 0; i < 2; i++) {
		struct job job = message(script_person(s, "ann")->uin, "tea");

		assert_int_equal(done(s, &job), i ? -ICQ_EFULL : 0);
	}
	conf.limits_enabled = false;
	srv_reconf(s->rig->srv, &conf);
	struct job job = message(script_person(s, "ann")->uin, "tea");

	assert_int_equal(done(s, &job), 0);
	script_free(&s);
}

/* ---- sessions -------------------------------------------------------------------------- */

TEST(kicking_ends_one_session)
{
	struct script *s = watched();

	assert_int_equal(operator_kick(s->rig->srv, s->rig->now, 99999), -ICQ_ENOENT);
	assert_int_equal(operator_kick(s->rig->srv, s->rig->now, script_person(s, "ann")->uin), 0);
	rig_answer(s->rig, SIZE_MAX);
	script_play(s, "ann << 0028\n"
		       "bob < 0078 @ann\n"
		       "wait 2\n"
		       "ann logs in\n"
		       "bob < 006E @ann *\n");
	assert_int_equal(srv_counters(s->rig->srv)->kicked, 1);
	script_free(&s);
}

TEST(closing_sends_everybody_away_and_tells_nobody_of_others)
{
	struct script *s = watched();
	size_t jobs;

	s->rig->full = true;
	assert_int_equal(operator_close(s->rig->srv, s->rig->now), -ICQ_EFULL);
	assert_int_equal(srv_session_count(s->rig->srv), 2);
	s->rig->full = false;
	s->rig->hold = true;
	assert_int_equal(operator_close(s->rig->srv, s->rig->now), 0);
	jobs = s->rig->job_count;
	script_play(s, "ann << 0028\n"
		       "bob << 0028\n"
		       "ann quiet\n"
		       "bob quiet\n");
	assert_int_equal(srv_session_count(s->rig->srv), 0);
	assert_int_equal(jobs, 1); /* for the store, one stands for both */
	assert_int_equal(s->rig->jobs[0]->kind, JOB_SESSION_END_ALL);
	script_free(&s);
}

TEST(sessions_can_be_looked_at)
{
	struct script *s = watched();
	struct operator_view v;
	uint32_t place = 0;

	rig_wait(s->rig, 3000);
	assert_int_equal(operator_look(s->rig->srv, s->rig->now, script_person(s, "bob")->uin, &v),
			 0);
	assert_int_equal(v.contacts, 1);
	assert_int_equal(v.version, 2);
	assert_int_equal(v.silent_ms, 3000);
	assert_int_equal(v.waiting, 0);
	assert_true(addr_equal(&v.addr, &script_person(s, "bob")->addr));
	assert_int_equal(operator_look(s->rig->srv, s->rig->now, 99999, &v), -ICQ_ENOENT);
	assert_int_equal(operator_next(s->rig->srv, &place), script_person(s, "ann")->uin);
	assert_int_equal(operator_next(s->rig->srv, &place), script_person(s, "bob")->uin);
	assert_int_equal(operator_next(s->rig->srv, &place), 0);
	script_free(&s);
}

/* ---- trace ----------------------------------------------------------------------------- */

TEST(trace_hears_one_user_and_whoever_speaks_in_his_name)
{
	struct script *s = script_new(NULL);
	uint32_t ann = script_person(s, "ann")->uin;

	script_play(s, "bob logs in\n");
	assert_int_equal(trace_start(s->rig->srv, ann), 0);
	script_play(s, "ann > 03E8 4:5000 \"secret\" 4:114 0A0B0C0D 04 4:0 4:3 2:2 4:0 4:0\n"
		       "ann < ack\n"
		       "ann < 005A *\n"
		       "bob > 0406 01 @bob\n"
		       "bob < ack\n"
		       "bob < 021C *\n");
	assert_non_null(strstr(s->rig->traced, "10001<LOGIN v2"));
	assert_non_null(strstr(s->rig->traced, "password=***"));
	assert_non_null(strstr(s->rig->traced, "10001>LOGIN_REPLY v2"));
	assert_non_null(strstr(s->rig->traced, "10001<ACK v2"));
	assert_null(strstr(s->rig->traced, "CONTACT"));

	s->rig->traced[0] = 0; /* a stranger pretends to be her, and is answered */
	script_play(s, "ann is at 10.0.0.99:5\n"
		       "ann > 042E\n"
		       "ann < 00F0 *\n");
	assert_non_null(strstr(s->rig->traced, "10001<KEEP_ALIVE v2"));
	assert_non_null(strstr(s->rig->traced, "10001>NOT_CONNECTED v2"));
	script_free(&s);
}

TEST(trace_ends_when_the_last_one_stops)
{
	struct script *s = script_new(NULL);

	script_play(s, "ann logs in\n");
	assert_int_equal(trace_start(s->rig->srv, 10001), 0);
	assert_int_equal(trace_start(s->rig->srv, 10001), 0);
	trace_stop(s->rig->srv, 10001);
	script_play(s, "ann > 042E\n"
		       "ann < ack\n");
	assert_string_equal(s->rig->traced,
			    "10001<KEEP_ALIVE v2 seq=2 uin=10001\n10001>ACK v2 seq=2\n");
	trace_stop(s->rig->srv, 10001);
	trace_stop(s->rig->srv, 10001);
	s->rig->traced[0] = 0;
	script_play(s, "ann > 042E\n"
		       "ann < ack\n");
	assert_string_equal(s->rig->traced, "");
	script_free(&s);
}

TEST(trace_watches_so_many_and_no_more)
{
	struct script *s = script_new(NULL);

	for (uint32_t i = 0; i < TRACES_MAX; i++)
		assert_int_equal(trace_start(s->rig->srv, 20000 + i), 0);
	assert_int_equal(trace_start(s->rig->srv, 20000), 0);
	assert_int_equal(trace_start(s->rig->srv, 30000), -ICQ_EFULL);
	trace_stop(s->rig->srv, 20001);
	assert_int_equal(trace_start(s->rig->srv, 30000), 0);
	script_free(&s);
}
