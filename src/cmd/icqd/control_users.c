/* SPDX-License-Identifier: MIT */
#include "cmd/icqd/control_verbs.h"

#include "base/err.h"
#include "cmd/exit_codes.h"
#include "cmd/texts.h"
#include "server/operator.h"

#include <inttypes.h>
#include <string.h>

/* ---- showing --------------------------------------------------------------------------- */

static json_t *session_json(const struct request *q, uint32_t uin)
{
	struct operator_view v;
	char addr[ADDR_TEXT_MAX];

	if (operator_look(request_env(q)->server, request_now(q), uin, &v) < 0)
		return json_null();
	return json_pack("{s:s, s:s, s:I, s:I, s:i, s:i, s:i, s:i}", "status",
			 texts_status(v.status), "addr", addr_text(&v.addr, addr), "online_s",
			 (json_int_t)(v.online_ms / 1000), "silent_s",
			 (json_int_t)(v.silent_ms / 1000), "version", (int)v.version, "tcp_version",
			 (int)v.tcp_version, "contacts", (int)v.contacts, "packets",
			 (int)v.waiting);
}

static json_t *account_json(const struct request *q, const struct job_account_list *a)
{
	return json_pack("{s:I, s:o, s:b, s:i, s:o, s:o, s:o}", "uin", (json_int_t)a->uin, "nick",
			 text_to_json(codepage_find(a->charset), a->nick), "blocked",
			 (int)a->blocked, "waiting", (int)a->waiting, "created",
			 time_to_json(a->created_s), "last_login", time_to_json(a->last_login_s),
			 "session", session_json(q, a->uin));
}

static void show_profile(struct request *q, const struct job *job)
{
	json_t *o;

	if (job->err < 0) {
		request_fail_err(q, job->err);
		return;
	}
	o = account_json(q, &q->account);
	profile_to_json(o, &job->profile.profile, q->page);
	json_object_set_new(o, "charset", json_string(codepage_name(q->page)));
	request_done(q, o);
}

static void show_account(struct request *q, const struct job *done)
{
	struct job job;

	(void)done;
	job.kind = JOB_PROFILE;
	job.text_len = 0;
	job.profile.uin = q->uin;
	request_job(q, &job, show_profile);
}

void verb_user_show(struct request *q)
{
	if (request_args(q, "{}"))
		request_account(q, show_account);
}

/* ---- the list -------------------------------------------------------------------------- */

static request_step listed;

static void list_next(struct request *q)
{
	struct job job;
	uint32_t after = q->account.uin;

	if (q->list.online) {
		uint32_t uin = operator_next(request_env(q)->server, &q->list.place);

		if (!uin) {
			request_done(q, NULL);
			return;
		}
		after = uin - 1;
	}
	job.kind = JOB_ACCOUNT_LIST;
	job.account_list = (struct job_account_list){ .after = after };
	job.text_len = (uint16_t)strlen(q->list.filter);
	memcpy(job.text, q->list.filter, job.text_len);
	request_job(q, &job, listed);
}

static void listed(struct request *q, const struct job *job)
{
	const struct job_account_list *a = &job->account_list;
	bool other = q->list.online && a->uin != a->after + 1; /* he does not match the filter */

	if (job->err == -ICQ_ENOENT && !q->list.online) {
		request_done(q, NULL);
		return;
	}
	if (job->err < 0 && job->err != -ICQ_ENOENT) {
		request_fail_err(q, job->err);
		return;
	}
	q->account = *a;
	if (job->err == 0 && !other && !request_row(q, account_json(q, a)))
		return;
	if (local_slow(q->peer))
		q->resume = list_next;
	else
		list_next(q);
}

void verb_user_list(struct request *q)
{
	int online = 0;

	q->list.filter = "";
	if (!request_args(q, "{s?s, s?b}", "filter", &q->list.filter, "online", &online))
		return;
	if (strlen(q->list.filter) > PROFILE_MAX_email) {
		request_fail(q, EXIT_USAGE, "the filter is too long");
		return;
	}
	q->list.online = online;
	list_next(q);
}

/* ---- passwords ------------------------------------------------------------------------- */

static const char *password_of(const struct request *q)
{
	return json_string_value(json_object_get(q->args, "password"));
}

void verb_password_end(struct request *q)
{
	const char *text = password_of(q);

	if (text)
		explicit_bzero((char *)(uintptr_t)text, strlen(text));
}

/* Goes on with its hash. */
static void hash_password(struct request *q, const struct codepage *page, request_step *next)
{
	struct job job = { .kind = JOB_HASH };
	uint8_t bytes[JOB_PASSWORD_MAX + 1];
	const char *text = password_of(q);
	size_t lost, n = codepage_from_utf8(page, text, strlen(text), bytes, sizeof(bytes), &lost);

	if (n > 0 && n <= JOB_PASSWORD_MAX && !lost) {
		memcpy(job.password.password, bytes, n);
		job.password.password_len = (uint8_t)n;
		request_job(q, &job, next);
	} else {
		request_fail(q, EXIT_USAGE, "a password has 1 to %d characters of %s",
			     JOB_PASSWORD_MAX, codepage_name(page));
	}
	explicit_bzero(bytes, sizeof(bytes));
	explicit_bzero(&job.password, sizeof(job.password));
}

static void user_added(struct request *q, const struct job *job)
{
	q->uin = job->account_add.uin;
	switch (job->err) {
	case 0:
		request_done(q, json_pack("{s:I}", "uin", (json_int_t)q->uin));
		break;
	case -ICQ_ERANGE:
		request_fail(q, EXIT_USAGE, "numbers begin with %d", STORE_FIRST_UIN);
		break;
	case -ICQ_EEXIST:
		request_fail(q, EXIT_REFUSED, "%" PRIu32 " has an account already", q->uin);
		break;
	case -ICQ_EDENIED:
		request_fail(q, EXIT_REFUSED,
			     "%" PRIu32 " had an account, and numbers are not given twice", q->uin);
		break;
	default:
		request_fail_err(q, job->err);
	}
}

static void add_hashed(struct request *q, const struct job *done)
{
	struct job job;

	if (done->err < 0) {
		request_fail_err(q, done->err);
		return;
	}
	job.kind = JOB_ACCOUNT_ADD;
	job.text_len = 0;
	job.account_add.uin = q->uin;
	job.account_add.now_s = request_now(q).unix_s;
	memcpy(job.account_add.hash, done->password.hash, JOB_HASH_MAX);
	request_job(q, &job, user_added);
}

/* Nobody has chosen a code page yet, so it must not matter. */
void verb_user_add(struct request *q)
{
	const char *password;
	json_int_t uin = 0;

	if (!request_args(q, "{s:s, s?I}", "password", &password, "uin", &uin))
		return;
	if (uin < 0 || uin > UINT32_MAX) {
		request_fail(q, EXIT_USAGE, "\"uin\" must be a number of a user");
		return;
	}
	for (const char *p = password; *p; p++) {
		if (*p < ' ' || *p > '~') {
			request_fail(q, EXIT_USAGE, "a first password is plain ASCII");
			return;
		}
	}
	q->uin = (uint32_t)uin;
	hash_password(q, codepage_at(0), add_hashed);
}

static void changed(struct request *q, const struct job *job)
{
	if (job->err < 0)
		request_fail_err(q, job->err);
	else
		request_done(q, NULL);
}

static void passwd_hashed(struct request *q, const struct job *done)
{
	struct job job;

	if (done->err < 0) {
		request_fail_err(q, done->err);
		return;
	}
	job.kind = JOB_PASSWORD_SET;
	job.text_len = 0;
	job.password_set.uin = q->uin;
	job.password_set.now_s = request_now(q).unix_s;
	memcpy(job.password_set.hash, done->password.hash, JOB_HASH_MAX);
	request_job(q, &job, changed);
}

static void passwd_found(struct request *q, const struct job *done)
{
	(void)done;
	hash_password(q, q->page, passwd_hashed);
}

static void went_back(struct request *q, const struct job *job)
{
	if (job->err == -ICQ_ENOENT)
		request_fail(q, EXIT_NOT_FOUND,
			     "%" PRIu32 " has changed no password in the last 72 hours", q->uin);
	else
		changed(q, job);
}

/* To a new one, or back to the one before. */
void verb_user_passwd(struct request *q)
{
	const char *password = NULL;
	struct job job;
	int back = 0;

	if (!request_args(q, "{s?s, s?b}", "password", &password, "back", &back))
		return;
	if (back == (password != NULL)) {
		request_fail(q, EXIT_USAGE, "either \"password\" or \"back\" is wanted");
		return;
	}
	if (password) {
		request_account(q, passwd_found);
		return;
	}
	job.kind = JOB_PASSWORD_BACK;
	job.text_len = 0;
	job.password_set = (struct job_password_set){ .uin = q->uin,
						      .now_s = request_now(q).unix_s };
	request_job(q, &job, went_back);
}

/* ---- showing out ----------------------------------------------------------------------- */

void verb_user_kick(struct request *q)
{
	if (!request_args(q, "{}"))
		return;
	if (operator_kick(request_env(q)->server, request_now(q), q->uin) < 0)
		request_fail(q, EXIT_NOT_FOUND, "%" PRIu32 " is not online", q->uin);
	else
		request_done(q, NULL);
}

static void set_blocked(struct request *q, bool blocked)
{
	struct job job;

	job.kind = JOB_ACCOUNT_BLOCK;
	job.text_len = 0;
	job.account_block = (struct job_account_block){ q->uin, blocked };
	if (request_args(q, "{}"))
		request_job(q, &job, changed);
}

void verb_user_block(struct request *q)
{
	set_blocked(q, true);
}

void verb_user_unblock(struct request *q)
{
	set_blocked(q, false);
}

void verb_user_delete(struct request *q)
{
	struct job job;

	job.kind = JOB_ACCOUNT_DELETE;
	job.text_len = 0;
	job.account_delete.uin = q->uin;
	if (request_args(q, "{}"))
		request_job(q, &job, changed);
}
