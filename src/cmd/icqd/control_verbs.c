/* SPDX-License-Identifier: MIT */
#include "cmd/icqd/control_verbs.h"

#include "base/date.h"
#include "base/err.h"
#include "cmd/exit_codes.h"
#include "io/random.h"
#include "server/operator.h"
#include "server/trace.h"
#include "wire/icqwire.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* ---- values ---------------------------------------------------------------------------- */

json_t *time_to_json(int64_t unix_s)
{
	struct date d = date_from_unix(unix_s);

	if (!unix_s)
		return json_null();
	return json_sprintf("%04d-%02d-%02dT%02d:%02d:%02dZ", d.year, d.month, d.day, d.hour,
			    d.minute, d.second);
}

json_t *text_to_json(const struct codepage *page, const char *text)
{
	char utf8[3 * JOB_TEXT_MAX];
	size_t n = codepage_to_utf8(page, text, strlen(text), utf8, sizeof(utf8));

	return json_stringn(utf8, n);
}

/* ---- the server as a whole ------------------------------------------------------------- */

static json_t *addresses(const struct control_env *env)
{
	json_t *list = json_array();
	char text[ADDR_TEXT_MAX];

	for (unsigned i = 0; i < env->listen_count; i++)
		json_array_append_new(list, json_string(addr_text(&env->listen[i], text)));
	return list;
}

static void status_counted(struct request *q, const struct job *job)
{
	const struct control_env *env = request_env(q);
	int64_t up_ms = request_now(q).mono_ms - env->started.mono_ms;

	if (job->err < 0)
		request_fail_err(q, job->err);
	else
		request_done(q, json_pack("{s:s, s:i, s:I, s:s, s:o, s:I, s:I, s:I}", "version",
					  SEEKYOU_VERSION, "pid", (int)getpid(), "uptime_s",
					  (json_int_t)(up_ms / 1000), "data", env->data, "listen",
					  addresses(env), "sessions",
					  (json_int_t)srv_session_count(env->server), "accounts",
					  (json_int_t)job->stats.accounts, "waiting",
					  (json_int_t)job->stats.messages));
}

static void ask_stats(struct request *q, request_step *next)
{
	struct job job;

	job.kind = JOB_STATS;
	job.text_len = 0;
	if (request_args(q, "{}"))
		request_job(q, &job, next);
}

static void verb_status(struct request *q)
{
	ask_stats(q, status_counted);
}

static json_t *counters(const struct server *srv)
{
	const struct srv_counters *c = srv_counters(srv);
	json_t *o = json_object();

#define COUNTER(name, meaning) json_object_set_new(o, #name, json_integer((json_int_t)c->name));
#include "counters.def"
	return o;
}

static void stats_counted(struct request *q, const struct job *job)
{
	struct server *srv = request_env(q)->server;

	if (job->err < 0)
		request_fail_err(q, job->err);
	else
		request_done(q,
			     json_pack("{s:o, s:I, s:{s:I, s:I, s:I}}", "counters", counters(srv),
				       "sessions", (json_int_t)srv_session_count(srv), "store",
				       "accounts", (json_int_t)job->stats.accounts, "messages",
				       (json_int_t)job->stats.messages, "bytes",
				       (json_int_t)job->stats.bytes));
}

static void verb_stats(struct request *q)
{
	ask_stats(q, stats_counted);
}

static void tell_complaint(void *ctx, const char *complaint)
{
	struct request *q = ctx;

	if (q->verb)
		request_row(q, json_pack("{s:s}", "complaint", complaint));
}

static void verb_reload(struct request *q)
{
	const struct control_env *env = request_env(q);
	int err;

	if (!request_args(q, "{}"))
		return;
	err = env->reload(env->ctx, tell_complaint, q);
	if (!q->verb)
		return;
	if (err < 0)
		request_fail(q, EXIT_SETTINGS, "the settings stay as they were");
	else
		request_done(q, NULL);
}

static void verb_stop(struct request *q)
{
	const struct control_env *env = request_env(q);
	json_int_t sessions = srv_session_count(env->server);

	if (!request_args(q, "{}"))
		return;
	if (operator_close(env->server, request_now(q)) < 0) {
		request_fail(q, EXIT_FAILED, "the server is too busy; try again");
		return;
	}
	request_done(q, json_pack("{s:I}", "sessions", sessions));
	env->stop(env->ctx);
}

/* ---- invite codes ---------------------------------------------------------------------- */

enum { CODE_LEN = 8, CODES_MAX = 1000 };

/* Nothing that is easily taken for something else. */
static void draw_code(char code[CODE_LEN + 1])
{
	static const char letters[] = "23456789abcdefghjkmnpqrstuvwxyz";

	for (int i = 0; i < CODE_LEN; i++)
		code[i] = letters[random_below(sizeof(letters) - 1)];
	code[CODE_LEN] = 0;
}

static void invite_stored(struct request *q, const struct job *job);

static void store_invite(struct request *q)
{
	struct job job;

	job.kind = JOB_INVITE;
	job.text_len = 0;
	draw_code(job.invite.code);
	request_job(q, &job, invite_stored);
}

static void invite_stored(struct request *q, const struct job *job)
{
	if (job->err < 0 && job->err != -ICQ_EEXIST) {
		request_fail_err(q, job->err);
		return;
	}
	if (job->err == 0) {
		json_array_append_new(q->invite.codes, json_string(job->invite.code));
		q->invite.left--;
	}
	if (q->invite.left)
		store_invite(q);
	else
		request_done(q, json_pack("{s:O}", "codes", q->invite.codes));
}

static void verb_invite(struct request *q)
{
	int count = 1;

	if (!request_args(q, "{s?i}", "count", &count))
		return;
	if (count < 1 || count > CODES_MAX) {
		request_fail(q, EXIT_USAGE, "1 to %d codes can be made at once", CODES_MAX);
		return;
	}
	q->invite.left = (unsigned)count;
	q->invite.codes = json_array();
	store_invite(q);
}

static void verb_invite_end(struct request *q)
{
	json_decref(q->invite.codes);
}

/* ---- trace ----------------------------------------------------------------------------- */

/* A text keeps its length, so that the packet can still be read. */
static void mask(void *ctx, const struct icq_shown *shown)
{
	const struct icq_field *f = shown->field;
	size_t keep = f && f->kind == K_STR && shown->name ? 2 : 0;

	if (f && f->flags & ICQ_SECRET && shown->len > keep)
		memset((uint8_t *)ctx + shown->offset + keep, '*', shown->len - keep);
}

static void trace_datagram(struct request *q, const struct traced *t)
{
	char peer[ADDR_TEXT_MAX], hex[2 * ICQ_MAX_datagram + 1] = "";
	uint8_t bytes[ICQ_MAX_datagram];
	size_t n = t->n < sizeof(bytes) ? t->n : sizeof(bytes);
	enum icq_id id;

	memcpy(bytes, t->p, n);
	if (!q->secrets)
		icq_show(t->out ? ICQ_SERVER : ICQ_CLIENT, t->p, n, true, mask, bytes, &id);
	for (size_t i = 0; i < n; i++)
		snprintf(hex + 2 * i, 3, "%02X", bytes[i]);
	request_row(q,
		    json_pack("{s:o, s:s, s:s, s:s}", "time", time_to_json(request_now(q).unix_s),
			      "from", t->out ? "server" : "client", "peer",
			      addr_text(t->peer, peer), "hex", hex));
}

static void verb_trace(struct request *q)
{
	int secrets = 0;

	if (!request_args(q, "{s?b}", "secrets", &secrets))
		return;
	if (trace_start(request_env(q)->server, q->uin) < 0) {
		request_fail(q, EXIT_REFUSED, "%d users are traced already", TRACES_MAX);
		return;
	}
	q->secrets = secrets;
	q->watch = trace_datagram;
	request_audit(q, secrets ? ", with secrets" : "");
	request_row(q, json_pack("{s:I}", "tracing", (json_int_t)q->uin));
}

static void verb_trace_end(struct request *q)
{
	if (q->watch)
		trace_stop(request_env(q)->server, q->uin);
}

/* ---- the table ------------------------------------------------------------------------- */

const struct verb control_verbs[] = {
	{ "status", 0, verb_status, NULL },
	{ "stats", 0, verb_stats, NULL },
	{ "user.add", VERB_CHANGES, verb_user_add, verb_password_end },
	{ "user.list", 0, verb_user_list, NULL },
	{ "user.show", VERB_USER, verb_user_show, NULL },
	{ "user.edit", VERB_USER | VERB_CHANGES, verb_user_edit, NULL },
	{ "user.passwd", VERB_USER | VERB_CHANGES, verb_user_passwd, verb_password_end },
	{ "user.kick", VERB_USER | VERB_CHANGES, verb_user_kick, NULL },
	{ "user.block", VERB_USER | VERB_CHANGES, verb_user_block, NULL },
	{ "user.unblock", VERB_USER | VERB_CHANGES, verb_user_unblock, NULL },
	{ "user.delete", VERB_USER | VERB_CHANGES, verb_user_delete, NULL },
	{ "message.send", VERB_USER | VERB_CHANGES, verb_message_send, NULL },
	{ "message.broadcast", VERB_CHANGES, verb_message_broadcast, NULL },
	{ "trace", VERB_USER, verb_trace, verb_trace_end },
	{ "invite", VERB_CHANGES, verb_invite, verb_invite_end },
	{ "reload", VERB_CHANGES, verb_reload, NULL },
	{ "stop", VERB_CHANGES, verb_stop, NULL },
	{ 0 },
};
