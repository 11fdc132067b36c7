/* SPDX-License-Identifier: MIT */
#include "sim/user.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/user_direct.h"

/* ---- the diary ------------------------------------------------------------------------- */

__attribute__((format(printf, 2, 3))) static void note(struct user *u, const char *format, ...)
{
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(u->diary + u->diary_len, USER_DIARY - u->diary_len, format, ap);
	va_end(ap);
	assert(n > 0 && u->diary_len + (size_t)n < USER_DIARY);
	u->diary_len += (size_t)n;
}

static void note_result(struct user *u, const struct icq_client_event *ev)
{
	note(u, "result %" PRIu64 " %s\n", ev->result.request,
	     icq_client_error_name(ev->result.error));
	if (ev->result.uin)
		u->uin = ev->result.uin;
}

static void note_found(struct user *u, const struct icq_client_event *ev)
{
	const struct icq_client_profile *profile = ev->found.profile;
	bool names = profile->has & ICQ_PROFILE_BIT(ICQ_PROFILE_NICK);
	struct icq_str text = profile->text[names ? ICQ_PROFILE_NICK : ICQ_PROFILE_CITY];

	note(u, "%s %" PRIu32 " %.*s\n", names ? "names" : "more", ev->found.uin, text.len,
	     (const char *)text.p);
}

static void on_event(void *ctx, const struct icq_client_event *ev)
{
	struct user *u = ctx;

	if (u->watch) {
		u->watch(u->watch_ctx, u, ev);
		return;
	}
	switch (ev->kind) {
	case ICQ_CLIENT_EV_RESULT:
		note_result(u, ev);
		break;
	case ICQ_CLIENT_EV_STATE:
		note(u, "state %s\n", icq_client_state_name(ev->state.state));
		break;
	case ICQ_CLIENT_EV_REQUEST:
		note(u, "asks %" PRIu32 " %s\n", ev->asked.request->uin,
		     icq_client_kind_name(ev->asked.request->kind));
		break;
	case ICQ_CLIENT_EV_MESSAGE:
		note(u, "message %" PRIu32 " %u %.*s\n", ev->message.row->peer,
		     ev->message.row->type, ev->message.text.len, (const char *)ev->message.text.p);
		break;
	case ICQ_CLIENT_EV_SENT:
		note(u, "sent %" PRIu64 " %s\n", ev->sent.msg,
		     icq_client_sent_name(ev->sent.state));
		break;
	case ICQ_CLIENT_EV_PRESENCE:
		note(u, "presence %" PRIu32 " %s\n", ev->presence->uin,
		     icq_status_name(ev->presence->status));
		break;
	case ICQ_CLIENT_EV_FOUND:
		note_found(u, ev);
		break;
	default: /* nothing that the other side or the network has a part in */
		break;
	}
}

/* ---- what the client asks of the world ------------------------------------------------- */

static void on_send(void *ctx, const struct addr *to, const void *p, size_t n)
{
	struct user *u = ctx;

	world_send(u->world, &u->host, to, p, n);
}

static int on_submit(void *ctx, const struct history_job *job)
{
	struct user *u = ctx;

	errands_put(&u->writing, errand_new(job, history_job_size(job), sizeof(*job)),
		    world_now(u->world).mono_ms + u->write_ms);
	return 0;
}

static void on_random(void *ctx, void *p, size_t n)
{
	struct user *u = ctx;

	rng_bytes(world_rng(u->world), p, n);
}

static void on_log(void *ctx, const struct log_event *ev)
{
	struct user *u = ctx;
	char line[256];

	log_format(ev, line, sizeof(line));
	world_trace(u->world, line);
}

static void on_new_port(void *ctx)
{
	struct user *u = ctx;

	u->host.addr.port++;
}

/* ---- a host ---------------------------------------------------------------------------- */

static void on_input(void *self, const struct addr *from, const void *p, size_t n)
{
	struct user *u = self;

	icq_client_input(u->client, world_now(u->world), from, p, n);
}

static void on_tick(void *self)
{
	struct user *u = self;

	user_work_on_files(u);
	for (struct errand *e; (e = errands_take(&u->writing, world_now(u->world).mono_ms));) {
		struct history_job *job = (struct history_job *)e->job;

		history_mem_run(u->history, job);
		icq_client_done(u->client, world_now(u->world), job);
		free(e);
	}
	icq_client_tick(u->client, world_now(u->world));
}

static int64_t on_deadline(const void *self)
{
	const struct user *u = self;
	int64_t first = icq_client_deadline(u->client);

	if (errands_due(&u->writing) < first)
		first = errands_due(&u->writing);
	return errands_due(&u->files) < first ? errands_due(&u->files) : first;
}

/* ---- life ------------------------------------------------------------------------------ */

void user_init(struct user *u, struct world *w, struct addr self, struct addr server,
	       const char *password)
{
	*u = (struct user){
		.world = w,
		.host = { .addr = self,
			  .speaks = ICQ_CLIENT,
			  .self = u,
			  .input = on_input,
			  .tick = on_tick,
			  .deadline = on_deadline },
		.server = server,
		.password = password,
		.write_ms = 2,
		.file_ms = 2,
		.history = history_mem_new(),
	};
	if (!u->history)
		abort();
}

void user_start(struct user *u)
{
	const struct icq_client_conf conf = { .server = u->server,
					      .keepalive_ms = 120000,
					      .direct = u->listen_port ? ICQ_CLIENT_DIRECT_ON
								       : ICQ_CLIENT_DIRECT_OUT,
					      .peer_first = u->peer_first,
					      .listen_port = u->listen_port };
	struct icq_client_env env = { .ctx = u,
				      .send = on_send,
				      .submit = on_submit,
				      .random = on_random,
				      .log = on_log,
				      .event = on_event,
				      .new_port = on_new_port };

	user_direct_env(u, &env);
	u->client = icq_client_new(&conf, &env);
	if (!u->client)
		abort();
	user_plug_in(u);
	world_join(u->world, &u->host);
}

void user_crash(struct user *u)
{
	world_leave(u->world, &u->host);
	user_plug_out(u);
	icq_client_free(&u->client);
	errands_drop(&u->writing);
	on_new_port(u);
}

void user_free(struct user *u)
{
	user_crash(u);
	history_mem_free(&u->history);
}

/* ---- commands -------------------------------------------------------------------------- */

void user_register(struct user *u)
{
	icq_client_register(u->client, world_now(u->world), ++u->requests, icq_str_of(u->password));
}

void user_login(struct user *u, uint32_t status)
{
	icq_client_login(u->client, world_now(u->world), ++u->requests, u->uin,
			 icq_str_of(u->password), status);
}

void user_logout(struct user *u)
{
	icq_client_logout(u->client, world_now(u->world), ++u->requests);
}

void user_status(struct user *u, uint32_t status)
{
	icq_client_status(u->client, world_now(u->world), ++u->requests, status);
}

void user_list(struct user *u, uint32_t uin)
{
	const struct icq_client_contact contact = { .uin = uin };

	icq_client_put_contact(u->client, world_now(u->world), ++u->requests, &contact);
}

void user_say(struct user *u, uint32_t to, const char *text)
{
	icq_client_send(u->client, world_now(u->world), ++u->requests, to, T_text,
			icq_str_of(text));
}

void user_ping(struct user *u)
{
	icq_client_ping(u->client, world_now(u->world), ++u->requests);
}

void user_search(struct user *u, uint32_t uin)
{
	icq_client_search(u->client, world_now(u->world), ++u->requests, uin, NULL);
}

void user_info(struct user *u, uint32_t uin)
{
	icq_client_info(u->client, world_now(u->world), ++u->requests, uin);
}

void user_describe(struct user *u, const char *nick, const char *city)
{
	const struct icq_client_profile change = {
		.has = ICQ_PROFILE_BIT(ICQ_PROFILE_NICK) | ICQ_PROFILE_BIT(ICQ_PROFILE_CITY),
		.text = { [ICQ_PROFILE_NICK] = icq_str_of(nick),
			  [ICQ_PROFILE_CITY] = icq_str_of(city) },
	};

	icq_client_update(u->client, world_now(u->world), ++u->requests, &change);
}

void user_change_password(struct user *u, const char *password)
{
	u->password = password;
	icq_client_password(u->client, world_now(u->world), ++u->requests, icq_str_of(password));
}

void user_ask(struct user *u, uint32_t to, const char *reason)
{
	icq_client_introduce(u->client, world_now(u->world), ++u->requests, to, T_auth_request,
			     icq_str_of(reason));
}

void user_read(const struct user *u, uint64_t row, struct history_job *out)
{
	*out = (struct history_job){ .kind = HISTORY_NEXT,
				     .row.self = u->uin,
				     .next.from = row - 1 };
	history_mem_run(u->history, out);
	assert(out->err == 0 && out->row.id == row);
}

bool user_has_outbox(const struct user *u)
{
	struct history_job job = { .kind = HISTORY_NEXT, .row.self = u->uin, .next.outbox = true };

	history_mem_run(u->history, &job);
	return job.err == 0;
}
