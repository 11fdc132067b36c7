/* SPDX-License-Identifier: MIT */
/* icqload: many users of one server at once, who check what they are told. */
#include "base/err.h"
#include "cmd/cmdline.h"
#include "cmd/exit_codes.h"
#include "cmd/icqload/load.h"
#include "cmd/icqload/net.h"
#include "cmd/icqload/report.h"
#include "cmd/std_streams.h"
#include "io/clock.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SECOND_MS = 1000, GO_ON = -1 };

static const char default_password[] = "icqload";

static const struct flag table[] = {
	{ 's', "server", "HOST:PORT", "the server, on loopback (127.0.0.1:4000)" },
	{ 'n', "users", "NUMBER", "how many users (100)" },
	{ 'k', "contacts", "NUMBER", "contacts of each user (10)" },
	{ 'r', "rate", "NUMBER", "users a second that come; else as fast as they can" },
	{ 't', "hold", "SECONDS", "how long all stay; else until SIGINT or SIGTERM" },
	{ 'w', "wait", "SECONDS", "at most, for the last presence (30)" },
	{ 'u', "first-uin", "UIN", "accounts that exist, from this one on; else new ones" },
	{ 'P', "password-file", "FILE", "with the password of all of them (\"icqload\")" },
	{ 'j', "json", NULL, "tell in JSON, one object a line" },
	{ 'h', "help", NULL, "this text" },
	{ 'V', "version", NULL, "the version of icqload" },
	{ 0 },
};

struct options {
	struct addr server;
	int64_t users, contacts, rate, first_uin;
	int64_t wait_s, hold_s; /* hold_s < 0: until a signal */
	char password[ICQ_MAX_password + 1];
	bool json;
};

struct run {
	struct load *load;
	struct net *net;
	struct report report;
	struct now now;
};

static volatile sig_atomic_t stop_asked;

static void stop(int signal_number)
{
	(void)signal_number;
	stop_asked = 1;
}

/* ---- options --------------------------------------------------------------------------- */

static int print_help(void)
{
	puts("Usage: icqload [OPTION]...\n"
	     "\n"
	     "Registers users, logs them in with contacts, keeps them online and logs them out,\n"
	     "and checks every answer on the way. Start the server with -o limits.enabled=no.\n");
	cmdline_help(table, stdout);
	return EXIT_OK;
}

static int read_password(struct cmdline *a, struct options *o, const char *file)
{
	FILE *f = fopen(file, "r");

	if (!f)
		return cmdline_complain(a, "--password-file: \"%.60s\" cannot be opened", file);

	bool got = fgets(o->password, sizeof(o->password), f) != NULL;

	fclose(f);
	o->password[strcspn(o->password, "\r\n")] = '\0';
	if (!got || !*o->password)
		return cmdline_complain(a, "--password-file: \"%.60s\" is empty", file);
	return GO_ON;
}

static const struct number {
	char letter;
	const char *name;
	size_t offset; /* in struct options */
	int64_t least, most;
} numbers[] = {
	{ 'n', "users", offsetof(struct options, users), 1, LOAD_USERS_MAX },
	{ 'k', "contacts", offsetof(struct options, contacts), 0, LOAD_CONTACTS_MAX },
	{ 'r', "rate", offsetof(struct options, rate), 1, LOAD_USERS_MAX },
	{ 't', "hold", offsetof(struct options, hold_s), 0, INT32_MAX },
	{ 'w', "wait", offsetof(struct options, wait_s), 0, INT32_MAX },
	{ 'u', "first-uin", offsetof(struct options, first_uin), 1, UINT32_MAX },
};

static int set_number(const struct cmdline *a, int letter, const char *value, struct options *o)
{
	const struct number *n = numbers;

	while (n->letter != letter)
		n++;
	return cmdline_number(a, n->name, value, n->least, n->most,
			      (int64_t *)((char *)o + n->offset))
		       ? GO_ON
		       : EXIT_USAGE;
}

static int set_option(struct cmdline *a, struct options *o, int letter, const char *value)
{
	switch (letter) {
	case 's':
		if (addr_parse(value, &o->server) < 0)
			return cmdline_complain(a,
						"--server must be an address and a port, as "
						"127.0.0.1:4000, not \"%.60s\"",
						value);
		if (!addr_is_v4(&o->server) || !addr_is_loopback(&o->server))
			return cmdline_complain(a, "--server must be an IPv4 address on loopback");
		return GO_ON;
	case 'P':
		return read_password(a, o, value);
	case 'j':
		o->json = true;
		return GO_ON;
	case 'h':
		return print_help();
	case 'V':
		puts("icqload " SEEKYOU_VERSION " (Seekyou)");
		return EXIT_OK;
	case CMDLINE_BAD:
		return EXIT_USAGE;
	default:
		return set_number(a, letter, value, o);
	}
}

static int read_options(struct cmdline *a, struct options *o)
{
	const char *value, *rest;
	int letter, code = GO_ON;

	while (code == GO_ON && (letter = cmdline_next(a, &value)) != CMDLINE_END)
		code = set_option(a, o, letter, value);
	if (code == GO_ON && (rest = cmdline_rest(a)))
		return cmdline_complain(a, "\"%.60s\" is no option", rest);
	return code;
}

/* ---- running --------------------------------------------------------------------------- */

static void env_send(void *ctx, uint32_t user, const void *p, size_t n)
{
	net_send(((struct run *)ctx)->net, user, p, n);
}

static void env_complain(void *ctx, uint32_t uin, const char *what)
{
	report_complaint(&((struct run *)ctx)->report, uin, what);
}

static void env_phase(void *ctx, enum load_phase phase)
{
	struct run *r = ctx;

	report_phase(&r->report, r->load, r->now.mono_ms, phase);
}

static void input(void *ctx, uint32_t user, const void *p, size_t n)
{
	struct run *r = ctx;

	load_input(r->load, r->now, user, p, n);
}

/* Sleeps until a datagram, a signal, or the deadline; the signals come only in here. */
static void wait_for_something(struct run *r)
{
	struct pollfd fd = { .fd = net_fd(r->net), .events = POLLIN };
	int64_t deadline = load_deadline(r->load), left = deadline - clock_now().mono_ms;
	struct timespec timeout = { 0 };
	sigset_t none;

	sigemptyset(&none);
	if (left > 0)
		timeout = (struct timespec){ .tv_sec = left / SECOND_MS,
					     .tv_nsec = left % SECOND_MS * 1000000 };
	ppoll(&fd, 1, deadline == NEVER_MS ? NULL : &timeout, &none);
}

static void turn(struct run *r)
{
	wait_for_something(r);
	r->now = clock_now();
	while (net_receive(r->net, input, r))
		;
	load_tick(r->load, r->now);
	if (stop_asked)
		load_stop(r->load, r->now);
	stop_asked = 0;
	net_flush(r->net);
	report_progress(&r->report, r->load, r->now.mono_ms);
}

static void watch_signals(void)
{
	struct sigaction action = { .sa_handler = stop };
	sigset_t both;

	sigemptyset(&both);
	sigaddset(&both, SIGINT);
	sigaddset(&both, SIGTERM);
	sigprocmask(SIG_BLOCK, &both, NULL);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

static int verdict(const struct load_counts *c)
{
	if (!c->received) {
		fputs("icqload: the server does not answer\n", stderr);
		return EXIT_NO_CONNECTION;
	}
	return c->failed || c->wrong || c->presence_missed ? EXIT_FAILED : EXIT_OK;
}

static struct load_plan plan_of(const struct options *o)
{
	return (struct load_plan){
		.users = (uint32_t)o->users,
		.contacts = (uint32_t)o->contacts,
		.rate = (uint32_t)o->rate,
		.first_uin = (uint32_t)o->first_uin,
		.settle_ms = o->wait_s * SECOND_MS,
		.hold_ms = o->hold_s < 0 ? NEVER_MS : o->hold_s * SECOND_MS,
		.password = icq_str_of(o->password),
	};
}

static int run(const struct options *o)
{
	struct load_plan plan = plan_of(o);
	struct run r = { .report = { .json = o->json,
				     .terminal = isatty(STDERR_FILENO),
				     .users = plan.users } };
	struct load_env env = { &r, env_send, env_complain, env_phase };
	int err = net_new(&r.net, &o->server), code = EXIT_FAILED;

	if (!err && !(r.load = load_new(&plan, &env)))
		err = -ICQ_ENOMEM;
	if (err) {
		fprintf(stderr, "icqload: %s\n", icq_err_text(err));
	} else {
		r.now = clock_now();
		r.report.began_ms = r.now.mono_ms;
		watch_signals();
		while (load_phase(r.load) != LOAD_OVER)
			turn(&r);
		code = verdict(load_counts(r.load));
	}
	load_free(&r.load);
	net_free(&r.net);
	return code;
}

int main(int argc, char **argv)
{
	struct cmdline a = { .program = "icqload", .table = table, .argc = argc, .argv = argv };
	struct options o = {
		.server = addr_v4(0x7F000001, 4000),
		.users = 100,
		.contacts = 10,
		.wait_s = 30,
		.hold_s = -1,
	};

	std_streams_open();
	memcpy(o.password, default_password, sizeof(default_password));

	int code = read_options(&a, &o);

	return code == GO_ON ? run(&o) : code;
}
