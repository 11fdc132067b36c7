/* SPDX-License-Identifier: MIT */
#include "cmd/icqd/control_verbs.h"

#include "base/err.h"
#include "cmd/exit_codes.h"
#include "cmd/texts.h"
#include "server/operator.h"
#include "wire/icqwire.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Broadcast messages handed to the store and not stored yet: enough to fill a transaction. */
enum { UNDER_WAY_MAX = 64, TEXT_MAX = 2000 };

static bool check_text(struct request *q, const char *text)
{
	if (*text && strlen(text) <= TEXT_MAX)
		return true;
	request_fail(q, EXIT_USAGE, "a message has 1 to %d bytes", TEXT_MAX);
	return false;
}

/* The job that stores the text for an account, in its code page. Returns what was lost of it. */
static size_t fill(const struct request *q, struct job *job, const struct job_account_list *to,
		   const char *text)
{
	size_t lost;

	job->kind = JOB_MESSAGE_SYSTEM;
	job->message_system = (struct job_message_system){ .to = to->uin,
							   .type = T_text,
							   .now_s = request_now(q).unix_s };
	job->text_len = (uint16_t)texts_encode(codepage_find(to->charset), text, job->text,
					       sizeof(job->text), &lost);
	return lost;
}

/* ---- to one user ----------------------------------------------------------------------- */

static void sent(struct request *q, const struct job *job)
{
	struct operator_view v;
	bool online = operator_look(request_env(q)->server, request_now(q), q->uin, &v) == 0;

	if (job->err == -ICQ_EFULL)
		request_fail(q, EXIT_REFUSED, "%" PRIu32 " has too many notices waiting", q->uin);
	else if (job->err < 0)
		request_fail_err(q, job->err);
	else
		request_done(q, json_pack("{s:b, s:i}", "online", (int)online, "lost",
					  (int)q->broadcast.lost));
}

static void receiver_found(struct request *q, const struct job *done)
{
	struct job job;

	(void)done;
	q->broadcast.lost = (unsigned)fill(q, &job, &q->account,
					   json_string_value(json_object_get(q->args, "text")));
	request_job(q, &job, sent);
}

void verb_message_send(struct request *q)
{
	const char *text;

	if (request_args(q, "{s:s}", "text", &text) && check_text(q, text))
		request_account(q, receiver_found);
}

/* ---- to all ---------------------------------------------------------------------------- */

/*
 * One account after the other is read and gets its message; the reading goes on while messages
 * are being stored. It waits for nobody but the store.
 */
static request_step went_on;

static void read_next(struct request *q)
{
	struct job job;
	uint32_t after = q->broadcast.after, uin;

	if (q->broadcast.online) {
		uin = operator_next(request_env(q)->server, &q->broadcast.place);
		q->broadcast.listed = !uin;
		after = uin - 1;
	}
	if (q->broadcast.listed)
		return;
	job.kind = JOB_ACCOUNT_LIST;
	job.text_len = 0;
	job.account_list = (struct job_account_list){ .after = after };
	q->broadcast.reading = true;
	request_job(q, &job, went_on);
}

static void was_read(struct request *q, const struct job *done)
{
	const struct job_account_list *a = &done->account_list;
	struct job job;

	q->broadcast.reading = false;
	q->broadcast.listed = done->err < 0 && !q->broadcast.online;
	if (done->err < 0 || (q->broadcast.online && a->uin != a->after + 1))
		return;
	q->broadcast.after = a->uin;
	if (a->uin == STORE_ECHO_UIN)
		return; /* nobody reads there */
	q->broadcast.lost += fill(q, &job, a, q->broadcast.text) > 0;
	q->broadcast.under_way++;
	request_job(q, &job, went_on);
}

static void was_stored(struct request *q, const struct job *done)
{
	q->broadcast.under_way--;
	q->broadcast.sent += done->err == 0;
	q->broadcast.full += done->err == -ICQ_EFULL;
}

static void finish(struct request *q)
{
	request_done(q, json_pack("{s:i, s:i, s:i}", "sent", (int)q->broadcast.sent, "full",
				  (int)q->broadcast.full, "lost", (int)q->broadcast.lost));
}

static void went_on(struct request *q, const struct job *done)
{
	if (done->err < 0 && done->err != -ICQ_ENOENT && done->err != -ICQ_EFULL) {
		request_fail_err(q, done->err);
		return;
	}
	(done->kind == JOB_ACCOUNT_LIST ? was_read : was_stored)(q, done);
	if (q->verb && !q->broadcast.listed && !q->broadcast.reading &&
	    q->broadcast.under_way < UNDER_WAY_MAX)
		read_next(q);
	if (q->verb && q->broadcast.listed && !q->broadcast.under_way)
		finish(q);
}

void verb_message_broadcast(struct request *q)
{
	const char *text;
	int online = 0;

	if (!request_args(q, "{s:s, s?b}", "text", &text, "online", &online) ||
	    !check_text(q, text))
		return;
	q->broadcast.text = text;
	q->broadcast.online = online;
	read_next(q);
	if (q->verb && q->broadcast.listed)
		finish(q);
}
