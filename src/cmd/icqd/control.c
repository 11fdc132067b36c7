/* SPDX-License-Identifier: MIT */
#include "cmd/icqd/control.h"

#include "base/err.h"
#include "cmd/exit_codes.h"
#include "cmd/hint.h"
#include "cmd/icqd/control_request.h"
#include "server/operator.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ERROR_MAX = 300, AUDIT_MAX = ERROR_MAX + 60 };

struct control {
	struct local *local;
	struct control_env env;
	struct request requests[LOCAL_PEERS_MAX]; /* by the place of their peer */
};

const struct control_env *request_env(const struct request *q)
{
	return &q->control->env;
}

struct now request_now(const struct request *q)
{
	return q->control->env.now(q->control->env.ctx);
}

/* ---- answers --------------------------------------------------------------------------- */

static void write_line(struct local_peer *peer, json_t *line)
{
	char *text = json_dumps(line, JSON_COMPACT);

	if (text)
		local_write(peer, text, strlen(text));
	else
		local_close(peer);
	free(text);
	json_decref(line);
}

bool request_row(struct request *q, json_t *row)
{
	write_line(q->peer, json_pack("{s:o}", "row", row));
	return q->verb;
}

void request_audit(const struct request *q, const char *addition)
{
	const struct control_env *env = request_env(q);
	char why[AUDIT_MAX];

	snprintf(why, sizeof(why), "%s by user %" PRIu32 "%s", q->verb->name, local_uid(q->peer),
		 addition);
	env->audit(env->ctx, &(struct log_event){ .level = LOG_LEVEL_INFO,
						  .name = "operator",
						  .uin = q->uin,
						  .why = why });
}

static void audit_change(const struct request *q, const char *addition)
{
	if (q->verb->flags & VERB_CHANGES)
		request_audit(q, addition);
}

static void end(struct request *q)
{
	if (q->verb->end)
		q->verb->end(q);
	json_decref(q->args);
	*q = (struct request){ .control = q->control, .generation = q->generation + 1 };
}

void request_done(struct request *q, json_t *result)
{
	struct local_peer *peer = q->peer;

	audit_change(q, "");
	end(q);
	write_line(peer,
		   json_pack("{s:b, s:o}", "ok", 1, "result", result ? result : json_object()));
}

static void refuse(struct local_peer *peer, int code, const char *why)
{
	write_line(peer, json_pack("{s:b, s:i, s:s}", "ok", 0, "code", code, "error", why));
}

void request_fail(struct request *q, int code, const char *format, ...)
{
	struct local_peer *peer = q->peer;
	char why[ERROR_MAX] = ": ";
	va_list ap;

	va_start(ap, format);
	vsnprintf(why + 2, sizeof(why) - 2, format, ap);
	va_end(ap);
	audit_change(q, why);
	end(q);
	refuse(peer, code, why + 2);
}

void request_fail_err(struct request *q, int err)
{
	if (err == -ICQ_ENOENT)
		request_fail(q, EXIT_NOT_FOUND, "there is no user %" PRIu32, q->uin);
	else
		request_fail(q, EXIT_FAILED, "it could not be done: %s", icq_err_text(err));
}

/* ---- what verbs need ------------------------------------------------------------------- */

bool request_args(struct request *q, const char *format, ...)
{
	json_error_t error;
	va_list ap;
	int rc;

	va_start(ap, format);
	rc = json_vunpack_ex(q->args, &error, JSON_STRICT, format, ap);
	va_end(ap);
	if (rc < 0)
		request_fail(q, EXIT_USAGE, "%s: %s", q->verb->name, error.text);
	return rc == 0;
}

static uint64_t cookie_of(const struct request *q)
{
	return (uint64_t)q->generation << 32 | (uint64_t)(q - q->control->requests);
}

void request_job(struct request *q, struct job *job, request_step *next)
{
	job->cookie = cookie_of(q);
	q->next = next;
	if (operator_job(request_env(q)->server, request_now(q), job) < 0)
		request_fail(q, EXIT_FAILED, "the server is too busy; try again");
}

void control_answer(struct control *c, const struct job *job)
{
	struct request *q = &c->requests[(uint32_t)job->cookie % LOCAL_PEERS_MAX];

	if (q->verb && cookie_of(q) == job->cookie)
		q->next(q, job);
}

static void account_found(struct request *q, const struct job *job)
{
	bool is_he = job->err == 0 && job->account_list.uin == q->uin;

	if (!is_he && (job->err == 0 || job->err == -ICQ_ENOENT)) {
		request_fail_err(q, -ICQ_ENOENT);
	} else if (job->err < 0) {
		request_fail_err(q, job->err);
	} else {
		q->account = job->account_list;
		q->page = codepage_find(q->account.charset);
		q->then(q, job);
	}
}

void request_account(struct request *q, request_step *next)
{
	struct job job;

	job.kind = JOB_ACCOUNT_LIST;
	job.text_len = 0;
	job.account_list = (struct job_account_list){ .after = q->uin - 1 };
	q->then = next;
	request_job(q, &job, account_found);
}

void control_trace(struct control *c, uint32_t uin, bool out, const struct addr *peer,
		   const void *p, size_t n)
{
	const struct traced t = { out, peer, p, n };

	for (unsigned i = 0; i < LOCAL_PEERS_MAX; i++)
		if (c->requests[i].watch && c->requests[i].uin == uin)
			c->requests[i].watch(&c->requests[i], &t);
}

/* ---- requests -------------------------------------------------------------------------- */

static const struct verb *find_verb(const char *name, struct hint *hint)
{
	for (const struct verb *v = control_verbs; v->name; v++) {
		if (strcmp(v->name, name) == 0)
			return v;
		hint_offer(hint, v->name);
	}
	return NULL;
}

/* Takes "uin" from the arguments. */
static bool take_uin(struct request *q)
{
	const json_t *uin = json_object_get(q->args, "uin");
	json_int_t value = json_integer_value(uin);

	if (value < 1 || value > UINT32_MAX) {
		request_fail(q, EXIT_USAGE, "%s: \"uin\" must be a number of a user",
			     q->verb->name);
		return false;
	}
	q->uin = (uint32_t)value;
	json_object_del(q->args, "uin");
	return true;
}

static void start(struct request *q, struct local_peer *peer, json_t *args)
{
	const char *name = json_string_value(json_object_get(args, "verb"));
	struct hint hint = hint_for(name ? name : "");
	const struct verb *verb = name ? find_verb(name, &hint) : NULL;
	char why[ERROR_MAX] = "a request is an object with a \"verb\"";

	if (name && !verb)
		snprintf(why, sizeof(why), "there is no verb %.60s%s%s", name,
			 hint.best ? "; did you mean " : "", hint.best ? hint.best : "");
	if (!verb) {
		refuse(peer, EXIT_USAGE, why);
		return;
	}
	json_object_del(args, "verb");
	q->peer = peer;
	q->verb = verb;
	q->args = json_incref(args);
	if (!(verb->flags & VERB_USER) || take_uin(q))
		verb->start(q);
}

static void on_line(void *ctx, struct local_peer *peer, char *text, size_t n)
{
	struct control *c = ctx;
	struct request *q = &c->requests[local_place(peer)];
	json_error_t error;
	json_t *args;

	if (!text || q->verb) {
		refuse(peer, EXIT_USAGE,
		       text ? "a request is under way; open another connection"
			    : "the line is too long");
		local_close(peer);
		return;
	}
	args = json_loadb(text, n, JSON_REJECT_DUPLICATES, &error);
	explicit_bzero(text, n); /* it may hold a password */
	if (args)
		start(q, peer, args);
	else
		refuse(peer, EXIT_USAGE, error.text);
	json_decref(args);
}

static void on_drained(void *ctx, struct local_peer *peer)
{
	struct control *c = ctx;
	struct request *q = &c->requests[local_place(peer)];
	void (*resume)(struct request * q) = q->resume;

	q->resume = NULL;
	if (resume)
		resume(q);
}

static void on_gone(void *ctx, struct local_peer *peer)
{
	struct control *c = ctx;
	struct request *q = &c->requests[local_place(peer)];

	if (!q->verb)
		return;
	audit_change(q, ", who has left before the end");
	end(q);
}

/* ---- beginning and end ----------------------------------------------------------------- */

int control_open(struct control **out, struct loop *loop, const char *path,
		 const struct control_env *env)
{
	struct control *c = calloc(1, sizeof(*c));
	const struct local_calls calls = { c, on_line, on_drained, on_gone };
	int err = -ICQ_ENOMEM;

	*out = c;
	if (!c)
		return err;
	c->env = *env;
	for (unsigned i = 0; i < LOCAL_PEERS_MAX; i++)
		c->requests[i].control = c;
	if ((err = local_listen(&c->local, loop, path, &calls)) < 0)
		control_free(out);
	return err;
}

void control_free(struct control **cp)
{
	struct control *c = *cp;

	*cp = NULL;
	if (!c)
		return;
	for (unsigned i = 0; i < LOCAL_PEERS_MAX; i++)
		if (c->requests[i].verb)
			end(&c->requests[i]);
	local_free(&c->local);
	free(c);
}
