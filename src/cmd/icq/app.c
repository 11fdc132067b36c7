/* SPDX-License-Identifier: MIT */
#include "cmd/icq/app.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/exit_codes.h"
#include "cmd/icq/words/phrase.h"
#include "cmd/icq/words/render.h"
#include "cmd/texts.h"
#include "io/clock.h"

enum { DEFAULT_PORT = 4000, SCHEMA = 1 };

/* ---- events and results ---------------------------------------------------------------- */

void app_emit(struct app *a, json_t *ev)
{
	uv_timeval64_t now;

	uv_gettimeofday(&now);
	json_object_set_new(ev, "t", json_integer(now.tv_sec * 1000 + now.tv_usec / 1000));
	json_object_set_new(ev, "n", json_integer((json_int_t)++a->events));
	tally_event(a, ev);
	a->face->event(a->face, ev);
	notifier_event(a, ev);
	json_decref(ev);
}

void app_notice(struct app *a, enum log_level level, const char *code, const char *format, ...)
{
	static const char *const levels[] = { [LOG_LEVEL_DEBUG] = "info",
					      [LOG_LEVEL_INFO] = "info",
					      [LOG_LEVEL_WARN] = "warn",
					      [LOG_LEVEL_ERROR] = "error" };
	va_list values;

	va_start(values, format);
	app_emit(a, json_pack("{s:s,s:s,s:s,s:o}", "ev", "notice", "level", levels[level], "code",
			      code, "text", json_vsprintf(format, values)));
	va_end(values);
}

struct pending *app_pending(struct app *a, uint64_t request)
{
	struct pending *p = a->pending;

	while (p && p->request != request)
		p = p->next;
	return p;
}

/* Takes it out of the list. */
static struct pending *pending_take(struct app *a, uint64_t request)
{
	for (struct pending **at = &a->pending; *at; at = &(*at)->next) {
		struct pending *p = *at;

		if (p->request != request)
			continue;
		*at = p->next;
		return p;
	}
	return NULL;
}

static void pending_free(struct pending *p)
{
	json_decref(p->id);
	json_decref(p->messages);
	json_decref(p->hits);
	json_decref(p->info);
	json_decref(p->msgs);
	transcript_drop(&p->transcript);
	free(p);
}

static json_t *result_of(json_t *id, const char *error, const char *detail)
{
	json_t *ev = json_pack("{s:s}", "ev", "result");

	if (id)
		json_object_set(ev, "id", id);
	json_object_set_new(ev, "ok", json_boolean(!error));
	if (error)
		json_object_set_new(ev, "error", json_string(error));
	if (error && detail)
		json_object_set_new(ev, "detail", json_string(detail));
	return ev;
}

void app_result(struct app *a, uint64_t request, const char *error, const char *detail,
		json_t *extra)
{
	struct pending *p = pending_take(a, request);

	if (p) {
		json_t *ev = result_of(p->id, error, detail);

		if (!error && p->messages)
			json_object_set(ev, "messages", p->messages);
		if (!error && p->hits)
			json_object_set(ev, "hits", p->hits);
		if (!error && p->info)
			json_object_set(ev, "info", p->info);
		json_object_update(ev, extra);
		pending_free(p);
		app_emit(a, ev);
	}
	json_decref(extra);
}

void app_forget(struct app *a, uint64_t request)
{
	struct pending *p = pending_take(a, request);

	if (p)
		pending_free(p);
}

void app_reject(struct app *a, const char *error, const char *detail)
{
	app_emit(a, result_of(NULL, error, detail));
}

/* ---- commands -------------------------------------------------------------------------- */

/* Everything asked for is done, and nobody will ask for more. */
static void leave_if_done(struct app *a)
{
	if (a->ended && !a->leaving && !a->pending && !a->waiting)
		a->face->end(a->face);
}

/* Jansson's copy of a password; the engine has its own. */
static void wipe(const json_t *password)
{
	if (json_is_string(password))
		explicit_bzero((char *)(uintptr_t)json_string_value(password),
			       json_string_length(password));
}

static void wipe_passwords(const json_t *command)
{
	wipe(json_object_get(command, "password"));
	wipe(json_object_get(command, "new"));
}

struct pending *app_pend(struct app *a, json_t *id)
{
	struct pending *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->request = ++a->requests;
	p->id = json_incref(id);
	p->next = a->pending;
	a->pending = p;
	return p;
}

void app_command(struct app *a, json_t *command)
{
	struct pending *p;

	if (a->leaving)
		return;
	p = app_pend(a, json_object_get(command, "id"));
	if (!p) {
		app_reject(a, "busy", "out of memory");
		return;
	}
	command_run(a, command, p->request);
	wipe_passwords(command);
	if (!a->leaving)
		net_touch(a->net);
	uv_async_send(&a->later);
}

static void on_impatient(uv_timer_t *timer)
{
	app_leave(timer->data, "timeout", EXIT_NO_CONNECTION);
}

void app_hurry(struct app *a)
{
	enum { GRACE_S = 10 };
	uint32_t s = settings_number(a->settings->timeout) + GRACE_S;

	uv_timer_start(&a->patience, on_impatient, 1000 * (uint64_t)s, 0);
}

void app_end(struct app *a)
{
	a->ended = true;
	app_hurry(a);
	uv_async_send(&a->later);
}

void app_warn_clear(struct app *a)
{
	if (!a->warned)
		app_notice(a, LOG_LEVEL_WARN, "clear_text",
			   "Version 2 of the protocol sends passwords and messages in clear: use "
			   "a password that you use nowhere else.");
	a->warned = true;
}

const char *app_password(struct app *a, char out[PASSWORD_TEXT_MAX])
{
	char path[SETTINGS_TEXT_MAX + 1024];

	if (!*a->settings->password_file)
		return "no password";
	if (!phrase_path(a->settings->password_file, path, sizeof(path)))
		return "the path of the password file is too long";
	return password_from_file(path, out);
}

/* ---- life ------------------------------------------------------------------------------ */

static void on_event(void *ctx, const struct icq_client_event *ev)
{
	struct app *a = ctx;

	if (!a->ready)
		return;
	if (a->goodbye && ev->kind == ICQ_CLIENT_EV_RESULT && ev->result.request == a->goodbye)
		app_gone(a);
	else
		events_take(a, ev);
	if ((ev->kind == ICQ_CLIENT_EV_SENT || ev->kind == ICQ_CLIENT_EV_TRANSFER) &&
	    uv_is_active((uv_handle_t *)&a->patience))
		app_hurry(a);
	uv_async_send(&a->later);
}

static void on_later(uv_async_t *later)
{
	struct app *a = later->data;

	attend_check(a);
	if (!a->leaving && a->face->quiet)
		a->face->quiet(a->face);
	leave_if_done(a);
}

static void on_log(void *ctx, const struct log_event *ev)
{
	struct app *a = ctx;
	char line[512];

	if (a->verbose < 2)
		return;
	log_format(ev, line, sizeof(line));
	if (a->face->log)
		a->face->log(a->face, line);
	else
		fprintf(stderr, "icq: %s\n", line);
}

/* HOST[:PORT] is the server of this run, and of an account made in it. */
static bool take_host(struct settings *s, const char *text)
{
	const char *colon = strrchr(text, ':');
	char host[SETTINGS_TEXT_MAX];

	snprintf(host, sizeof(host), "%.*s", colon ? (int)(colon - text) : (int)strlen(text), text);
	*s->port = 0;
	return settings_set(s, "account.host", host) == 0 &&
	       (!colon || settings_set(s, "account.port", colon + 1) == 0);
}

static struct icq_client_conf conf_of(const struct settings *s)
{
	return (struct icq_client_conf){
		.keepalive_ms = 1000 * (int64_t)settings_number(s->keepalive),
		.timeout_ms = 1000 * (int64_t)settings_number(s->timeout),
		.charset = codepage_find(s->charset),
		.contacts_only = strcmp(s->hermit, "yes") == 0,
		.hide_ip = strcmp(s->direct, "on") != 0, /* who takes connections must be found */
		.direct = strcmp(s->direct, "on") == 0	  ? ICQ_CLIENT_DIRECT_ON
			  : strcmp(s->direct, "off") == 0 ? ICQ_CLIENT_DIRECT_OFF
							  : ICQ_CLIENT_DIRECT_OUT,
		.peer_first = strcmp(s->text_route, "peer") == 0,
		.file_limit = settings_number(s->file_limit),
	};
}

static void tell_away_texts(struct app *a)
{
	const struct settings *s = a->settings;
	struct icq_client *client = app_client(a);

	icq_client_away_text(client, ICQ_STATUS_away, s->away_text);
	icq_client_away_text(client, ICQ_STATUS_na, s->na_text);
	icq_client_away_text(client, ICQ_STATUS_occupied, s->occupied_text);
	icq_client_away_text(client, ICQ_STATUS_dnd, s->dnd_text);
	icq_client_away_text(client, ICQ_STATUS_ffc, s->ffc_text);
}

bool app_set_away_text(struct app *a, uint32_t status, const char *text)
{
	char key[64];

	snprintf(key, sizeof(key), "status.%s-text", texts_status(status));
	if (settings_set(a->settings, key, text) < 0)
		return false;
	tell_away_texts(a);
	return true;
}

static void load(struct app *a, uint32_t uin)
{
	const struct settings *s = a->settings;

	render_times_as(s->time_format);
	icq_client_set_uin(app_client(a), uin ? uin : settings_number(s->uin));
	for (size_t i = 0; i < s->group_count; i++)
		icq_client_group_charset(app_client(a), s->groups[i].name, s->groups[i].charset);
	for (size_t i = 0; i < s->contact_count; i++)
		icq_client_put_contact(app_client(a), clock_now(), 0, &s->contacts[i]);
	tell_away_texts(a);
	a->ready = true;
}

static void tell_of_listening(struct app *a, int err)
{
	if (err)
		app_notice(a, LOG_LEVEL_WARN, "listen", "net.listen: this address is not free");
	else if (icq_client_get_state(app_client(a)) == ICQ_CLIENT_ONLINE)
		app_notice(a, LOG_LEVEL_INFO, "listen",
			   "Others can connect to you from your next login on.");
}

void app_reconf(struct app *a)
{
	struct icq_client_conf conf = conf_of(a->settings);

	if (conf.direct == ICQ_CLIENT_DIRECT_ON && !net_listen_port(a->net))
		tell_of_listening(a, net_listen(a->net));
	conf.listen_port = net_listen_port(a->net);
	icq_client_reconf(app_client(a), &conf);
	tell_away_texts(a);
}

int app_open(struct app *a, const char *host_and_port, uint32_t uin)
{
	struct icq_client_conf conf = conf_of(a->settings);
	struct net_calls calls = { .ctx = a,
				   .event = on_event,
				   .log = on_log,
				   .listen = conf.direct == ICQ_CLIENT_DIRECT_ON };
	const char *host;
	uint32_t port;
	int err, code;

	addr_parse(a->settings->listen, &calls.at);
	if (host_and_port && !take_host(a->settings, host_and_port)) {
		fprintf(stderr, "icq: \"%s\" is no HOST[:PORT]\n", host_and_port);
		return EXIT_USAGE;
	}
	code = archive_open(&a->archive, a->loop, a->profile);
	if (code != EXIT_OK)
		return code;
	a->files = calls.files = files_open(a->loop);
	if (!a->files) {
		archive_close(&a->archive);
		return EXIT_FAILED;
	}
	host = *a->settings->host ? a->settings->host : "localhost";
	port = settings_number(a->settings->port);
	err = net_open(&a->net, a->loop, a->archive, host, port ? (uint16_t)port : DEFAULT_PORT,
		       &conf, &calls);
	if (err < 0) {
		fprintf(stderr, "icq: %s: %s\n", host,
			err == -ICQ_ENOENT    ? "no such host"
			: err == -ICQ_EDENIED ? "net.listen: this address is not free"
					      : icq_err_text(err));
		files_close(&a->files);
		archive_close(&a->archive);
		return EXIT_NO_CONNECTION;
	}
	uv_async_init(a->loop, &a->later, on_later);
	uv_timer_init(a->loop, &a->patience);
	attend_init(a);
	tally_begin(a);
	a->later.data = a->patience.data = a;
	load(a, uin);
	return EXIT_OK;
}

void app_close(struct app *a)
{
	struct pending *next;

	for (struct pending *p = a->pending; p; p = next) {
		next = p->next;
		pending_free(p);
	}
	a->pending = NULL;
	tally_end(a);
	files_close(&a->files);
	if (a->net)
		net_close(&a->net);
	archive_close(&a->archive);
}

struct icq_client *app_client(struct app *a)
{
	return net_client(a->net);
}

void app_hello(struct app *a)
{
	app_emit(a, json_pack("{s:s,s:s,s:s,s:i}", "ev", "hello", "client", "icq", "version",
			      SEEKYOU_VERSION, "schema", SCHEMA));
}

void app_leave(struct app *a, const char *reason, int exit_code)
{
	if (a->leaving)
		return;
	a->leaving = true;
	a->why_leaving = reason;
	a->exit_code = exit_code;
	archive_settle(a->archive); /* what has arrived is told before bye */
	a->goodbye = ++a->requests;
	icq_client_logout(app_client(a), clock_now(), a->goodbye);
	if (a->goodbye)
		net_touch(a->net);
}

void app_gone(struct app *a)
{
	if (!a->goodbye)
		return;
	a->goodbye = 0;
	app_emit(a, json_pack("{s:s,s:s,s:i}", "ev", "bye", "reason", a->why_leaving, "exit",
			      a->exit_code));
	uv_stop(a->loop);
}
