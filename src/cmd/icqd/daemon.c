/* SPDX-License-Identifier: MIT */
#include "cmd/icqd/daemon.h"

#include "base/err.h"
#include "cmd/exit_codes.h"
#include "cmd/icqd/control.h"
#include "cmd/icqd/folder.h"
#include "cmd/icqd/hashers.h"
#include "cmd/icqd/logger.h"
#include "cmd/icqd/storage.h"
#include "io/clock.h"
#include "io/loop.h"
#include "io/random.h"
#include "io/udp.h"
#include "server/server.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

enum { DATAGRAM_MAX = 8192, DAY_S = 24 * 3600, DISK_RESERVE = 8 << 20 };

struct daemon {
	const struct args *args;
	const struct settings *settings;
	struct folder folder;
	int lock_fd;
	struct logger logger;
	struct udp *udp;
	struct addr bound[CONF_LIST_MAX];
	struct store_sqlite *store, *reader;
	struct loop *loop;
	struct hashers *hashers;
	struct storage *storage;
	struct server *server;
	struct control *control;  /* NULL: the operator cannot be served */
	enum store_health health; /* as last told */
	bool stopping;
};

/* ---- what the core asks of the world --------------------------------------------------- */

static void env_send(void *ctx, const struct addr *to, const void *p, size_t n)
{
	struct daemon *d = ctx;

	udp_send(d->udp, to, p, n);
}

/* Once it stops, the daemon takes jobs and does not answer: what was not begun is as if the
 * packet had come too late. */
static int env_submit(void *ctx, const struct job *job)
{
	struct daemon *d = ctx;

	if (d->stopping)
		return 0;
	if (job->kind == JOB_HASH || job->kind == JOB_VERIFY)
		return hashers_submit(d->hashers, job);
	return storage_submit(d->storage, job);
}

static void env_random(void *ctx, void *p, size_t n)
{
	(void)ctx;
	random_bytes(p, n);
}

static void env_log(void *ctx, const struct log_event *ev)
{
	struct daemon *d = ctx;

	logger_write(&d->logger, loop_now(d->loop).unix_s, ev);
}

static void env_answer(void *ctx, const struct job *job)
{
	struct daemon *d = ctx;

	if (d->control)
		control_answer(d->control, job);
}

static void env_trace(void *ctx, uint32_t uin, bool out, const struct addr *peer, const void *p,
		      size_t n)
{
	struct daemon *d = ctx;

	if (d->control)
		control_trace(d->control, uin, out, peer, p, n);
}

/* ---- what happens in the world --------------------------------------------------------- */

static void on_input(void *ctx, struct now now, const struct addr *from, const void *p, size_t n)
{
	struct daemon *d = ctx;

	srv_input(d->server, now, from, p, n);
}

static void on_tick(void *ctx, struct now now)
{
	struct daemon *d = ctx;

	srv_tick(d->server, now);
}

static int64_t on_deadline(void *ctx)
{
	const struct daemon *d = ctx;

	return srv_deadline(d->server);
}

static void on_job_done(void *ctx, const struct job *job)
{
	struct daemon *d = ctx;

	srv_done(d->server, loop_now(d->loop), job);
}

static void wake(void *ctx)
{
	const struct daemon *d = ctx;

	loop_wake(d->loop);
}

/* What happens to the server itself is rare, and is not lost among the events of a crowd. */
static void note(struct daemon *d, enum log_level level, const char *name, const char *why)
{
	const struct log_event ev = { .level = level, .name = name, .why = why };

	if (level >= d->logger.least)
		logger_audit(&d->logger, loop_now(d->loop).unix_s, &ev);
}

/* A disk that failed once is not asked again: the next start finds out what it holds. */
static void look_after_store(struct daemon *d)
{
	enum store_health health = storage_health(d->storage);

	if (health == d->health)
		return;
	d->health = health;
	if (health == STORE_BROKEN) {
		note(d, LOG_LEVEL_ERROR, "store_broken",
		     "the disk failed; stopping, what was acknowledged is in the database");
		loop_stop(d->loop);
	} else if (health == STORE_FULL) {
		note(d, LOG_LEVEL_ERROR, "disk_full", "messages are not taken until there is room");
	} else {
		note(d, LOG_LEVEL_WARN, "disk_has_room", NULL);
	}
}

static void on_woken(void *ctx, struct now now)
{
	struct daemon *d = ctx;

	(void)now;
	hashers_collect(d->hashers);
	storage_collect(d->storage);
	look_after_store(d);
}

/* Complaints go to the log, and to whoever wants to hear them. */
struct reloading {
	struct daemon *d;
	void (*tell)(void *ctx, const char *complaint); /* or NULL */
	void *ctx;
};

static void tell_complaint(void *ctx, const char *complaint)
{
	const struct reloading *r = ctx;

	note(r->d, LOG_LEVEL_ERROR, "setting_refused", complaint);
	if (r->tell)
		r->tell(r->ctx, complaint);
}

static void set_logger(struct logger *l, const struct conf *conf)
{
	l->least = (enum log_level)conf->log_level;
	l->most = conf->limits_enabled ? conf->limit_log : INT64_MAX;
}

static int reload(void *ctx, void (*tell)(void *ctx, const char *complaint), void *tell_ctx)
{
	struct daemon *d = ctx;
	struct reloading r = { d, tell, tell_ctx };
	struct settings fresh;

	if (settings_read(&fresh, d->args, tell_complaint, &r) < 0) {
		note(d, LOG_LEVEL_ERROR, "reload_failed", "the settings stay as they were");
		return -ICQ_ERANGE;
	}
	set_logger(&d->logger, &fresh.conf);
	srv_reconf(d->server, &fresh.conf);
	note(d, LOG_LEVEL_INFO, "reloaded", NULL);
	return 0;
}

static void on_signal(void *ctx, int number)
{
	struct daemon *d = ctx;

	if (number == SIGHUP)
		reload(d, NULL, NULL);
	else
		loop_stop(d->loop);
}

/* ---- start ----------------------------------------------------------------------------- */

static int complain_of_store(const struct daemon *d, const char *why)
{
	fprintf(stderr, "icqd: %s: %s\n", d->folder.database, why);
	return EXIT_FAILED;
}

static int open_store(struct daemon *d)
{
	const struct store_settings settings = {
		.charset = d->settings->conf.charset,
		.retention_s = d->settings->conf.limit_retention * DAY_S,
		.reserve = DISK_RESERVE,
	};
	const char *why;
	int err;

	if (store_sqlite_open(&d->store, d->folder.database, &why) < 0)
		return complain_of_store(d, why);
	if ((err = store_sqlite_set(d->store, &settings)) < 0)
		return complain_of_store(d, icq_err_text(err));
	if (store_sqlite_open_reader(&d->reader, d->folder.database, &why) < 0)
		return complain_of_store(d, why);
	return EXIT_OK;
}

static const char *listen_hint(int err)
{
	switch (err) {
	case -ICQ_EBUSY:
		return "another program serves there; --listen ADDR:PORT names another address, "
		       "port 0 takes a free one";
	case -ICQ_EDENIED:
		return "only root may serve there; ports from 1024 on are for all";
	case -ICQ_ENOENT:
		return "this machine has no such address; 0.0.0.0 stands for all it has";
	default:
		return icq_err_text(err);
	}
}

static int open_sockets(struct daemon *d)
{
	const struct settings *s = d->settings;

	if (udp_new(&d->udp, DATAGRAM_MAX) < 0) {
		fprintf(stderr, "icqd: cannot start: %s\n", icq_err_text(-ICQ_ENOMEM));
		return EXIT_FAILED;
	}
	for (int i = 0; i < s->conf.listen.count; i++) {
		int err = udp_listen(d->udp, &s->listen[i], &d->bound[i]);

		if (err < 0) {
			fprintf(stderr, "icqd: cannot listen on %s: %s\n", s->conf.listen.at[i],
				listen_hint(err));
			return EXIT_FAILED;
		}
	}
	return EXIT_OK;
}

static int start_hashers(struct daemon *d)
{
	const struct hashers_calls calls = { d, wake, on_job_done };
	struct password_rules rules;
	uint8_t secret[32];
	int err = store_sqlite_secret(d->store, secret);

	if (err == 0)
		err = password_init(&rules, d->settings->conf.password_cost, secret);
	if (err == 0)
		err = hashers_start(&d->hashers, &d->settings->conf, &rules, &calls);
	explicit_bzero(secret, sizeof(secret));
	explicit_bzero(&rules, sizeof(rules));
	return err;
}

/* Doors beyond the sockets themselves are learned anew. */
static void restore_one(void *ctx, const struct saved_session *saved)
{
	struct daemon *d = ctx;
	struct saved_session mine = *saved;

	if (mine.session.addr.door >= udp_count(d->udp))
		mine.session.addr.door = 0;
	srv_restore(d->server, loop_now(d->loop), &mine);
}

/* Whoever was logged in when the last icqd ended still is. */
static int restore_sessions(struct daemon *d)
{
	int err = store_sqlite_sessions(d->store, restore_one, d);

	if (err == 0)
		srv_restored(d->server, loop_now(d->loop));
	return err;
}

static int start_machine(struct daemon *d)
{
	const struct conf *conf = &d->settings->conf;
	const struct loop_calls loop_calls = { d,	    on_input, on_tick,
					       on_deadline, on_woken, on_signal };
	const struct storage_calls storage_calls = { d, wake, on_job_done };
	const struct srv_env env = { d,	      env_send,	  env_submit, env_random,
				     env_log, env_answer, env_trace };
	int err = loop_new(&d->loop, d->udp, &loop_calls);

	if (err == 0)
		err = start_hashers(d);
	if (err == 0)
		err = storage_start(&d->storage, conf, d->store, d->reader, &storage_calls);
	if (err == 0)
		d->server = srv_new(conf, &env, loop_now(d->loop));
	if (err == 0)
		err = d->server ? restore_sessions(d) : -ICQ_ENOMEM;
	if (err == 0)
		return EXIT_OK;
	fprintf(stderr, "icqd: cannot start: %s\n", icq_err_text(err));
	return EXIT_FAILED;
}

static int start(struct daemon *d)
{
	const struct conf *conf = &d->settings->conf;
	int code, err;

	d->logger.out = stderr;
	set_logger(&d->logger, conf);
	if (folder_find(&d->folder, conf->data) < 0)
		return EXIT_FAILED;
	if ((err = folder_lock(&d->folder, &d->lock_fd)) < 0)
		return err == -ICQ_EBUSY ? EXIT_REFUSED : EXIT_FAILED;
	if ((code = open_sockets(d)) == EXIT_OK && (code = open_store(d)) == EXIT_OK)
		code = start_machine(d);
	return code;
}

/* ---- the operator ---------------------------------------------------------------------- */

static struct now control_now(void *ctx)
{
	const struct daemon *d = ctx;

	return loop_now(d->loop);
}

static void control_audit(void *ctx, const struct log_event *ev)
{
	struct daemon *d = ctx;

	logger_audit(&d->logger, loop_now(d->loop).unix_s, ev);
}

static void control_stop(void *ctx)
{
	const struct daemon *d = ctx;

	loop_stop(d->loop);
}

/* Without it users are served all the same. */
static void open_control(struct daemon *d)
{
	const struct control_env env = { .ctx = d,
					 .server = d->server,
					 .now = control_now,
					 .audit = control_audit,
					 .reload = reload,
					 .stop = control_stop,
					 .started = loop_now(d->loop),
					 .data = d->folder.path,
					 .listen = d->bound,
					 .listen_count = udp_count(d->udp) };
	int err = control_open(&d->control, d->loop, d->folder.control, &env);

	if (err < 0)
		note(d, LOG_LEVEL_WARN, "no_control",
		     err == -ICQ_ERANGE ? "the path of the data folder is too long for a socket"
					: strerror(errno));
}

/* ---- words to whoever started it ------------------------------------------------------- */

static void print_ready(const struct daemon *d)
{
	char text[ADDR_TEXT_MAX];

	fputs("ready", stdout);
	for (unsigned i = 0; i < udp_count(d->udp); i++)
		printf(" listen=%s", addr_text(&d->bound[i], text));
	putchar('\n');
	fflush(stdout);
}

static void print_first_steps(const struct daemon *d)
{
	const char *program = d->args->program, *name = strrchr(program, '/');
	int beside = name ? (int)(name + 1 - program) : 0; /* the other programs lie there */
	struct addr reach = d->bound[0];
	char text[ADDR_TEXT_MAX];

	if (addr_ip4(&reach) == 0)
		reach = addr_v4(0x7f000001, reach.port);
	fprintf(stderr,
		"icqd: a new network is born. What to do next:\n"
		"  make an account   %.*sicq -h %s\n"
		"  change settings   %s --dump-config >icqd.conf; %s -c icqd.conf\n"
		"  look after it     %.*sicqctl --data %s --help\n"
		"  stop              Ctrl-C, or kill %ld\n"
		"Its data is in %s.\n",
		beside, program, addr_text(&reach, text), program, program, beside, program,
		d->folder.path, (long)getpid(), d->folder.path);
}

/* ---- end ------------------------------------------------------------------------------- */

/* What the store has taken is carried out, and whoever waits for its acknowledgement gets it. */
static void finish(struct daemon *d)
{
	d->stopping = true;
	storage_finish(d->storage);
	look_after_store(d);
	udp_flush(d->udp);
	note(d, LOG_LEVEL_INFO, "stopped", NULL);
}

static void close_all(struct daemon *d)
{
	hashers_free(&d->hashers);
	storage_free(&d->storage);
	control_free(&d->control);
	srv_free(&d->server);
	loop_free(&d->loop);
	store_sqlite_close(&d->reader);
	store_sqlite_close(&d->store);
	udp_free(&d->udp);
	if (d->lock_fd >= 0)
		close(d->lock_fd);
}

int daemon_serve(const struct args *args, const struct settings *settings)
{
	struct daemon d = { .args = args, .settings = settings, .lock_fd = -1 };
	int code = start(&d);

	if (code == EXIT_OK) {
		open_control(&d);
		if (d.folder.fresh)
			print_first_steps(&d);
		note(&d, LOG_LEVEL_INFO, "started", d.folder.path);
		look_after_store(&d);
		print_ready(&d);
		loop_run(d.loop);
		finish(&d);
		if (d.health == STORE_BROKEN)
			code = EXIT_FAILED;
	}
	close_all(&d);
	return code;
}
