/* SPDX-License-Identifier: MIT */
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "cmd/exit_codes.h"
#include "cmd/icq/app.h"
#include "cmd/icq/json.h"
#include "cmd/icq/lines.h"
#include "cmd/icq/plain.h"
#include "cmd/icq/screen/screen.h"
#include "cmd/icq/screen/terminal.h"
#include "cmd/icq/setup.h"
#include "cmd/icq/words/args.h"
#include "cmd/std_streams.h"
#include "io/harden.h"
#include "io/random.h"

enum { SIGNALS = 3 };

static void on_line(void *ctx, char *line, size_t n, bool too_long)
{
	struct app *a = ctx;

	if (!a->leaving)
		a->face->line(a->face, line, n, too_long);
}

static void on_end(void *ctx)
{
	app_end(ctx);
}

static void on_signal(uv_signal_t *signal, int number)
{
	struct app *a = signal->data;

	(void)number;
	if (a->leaving)
		app_gone(a);
	else
		app_leave(a, "signal", EXIT_OK);
}

static void close_handle(uv_handle_t *handle, void *ctx)
{
	(void)ctx;
	if (!uv_is_closing(handle))
		uv_close(handle, NULL);
}

/* All faces, of which one is used. */
struct faces {
	struct json_face json;
	struct plain plain;
	struct screen *screen; /* NULL: not this one */
};

static int put_on(struct faces *f, struct app *a, const struct args *args)
{
	json_face_init(&f->json, a);
	plain_init(&f->plain, a, args);
	f->screen = NULL;
	a->face = args->mode == MODE_JSON ? &f->json.face : &f->plain.face;
	if (args->mode != MODE_SCREEN)
		return EXIT_OK;
	f->screen = screen_new(a);
	if (f->screen)
		a->face = &f->screen->face;
	return f->screen ? EXIT_OK : EXIT_FAILED;
}

static void watch_signals(struct app *a, uv_signal_t signals[SIGNALS])
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };

	for (int i = 0; i < SIGNALS; i++) {
		uv_signal_init(a->loop, &signals[i]);
		signals[i].data = a;
		uv_signal_start(&signals[i], on_signal, numbers[i]);
	}
}

/* The first words. */
static int start(struct faces *f, struct app *a, const struct args *args)
{
	app_hello(a);
	if (f->screen)
		return screen_start(f->screen);
	if (args->mode != MODE_JSON)
		plain_start(&f->plain);
	return EXIT_OK;
}

/* From hello to bye. */
static int serve(struct app *a, const struct args *args)
{
	struct lines_calls calls = { .ctx = a, .line = on_line, .end = on_end };
	struct lines *lines = NULL;
	struct faces faces;
	uv_signal_t signals[SIGNALS];
	bool wants_lines;
	int code;

	code = put_on(&faces, a, args);
	watch_signals(a, signals);
	if (code == EXIT_OK)
		code = start(&faces, a, args);
	wants_lines = args->mode != MODE_ONCE && !faces.screen && !faces.plain.prompt;
	if (code == EXIT_OK && wants_lines && !(lines = lines_open(a->loop, &calls))) {
		fputs("icq: cannot read the standard input\n", stderr);
		code = EXIT_FAILED;
	}
	if (code == EXIT_OK)
		uv_run(a->loop, UV_RUN_DEFAULT);
	lines_close(&lines);
	plain_close(&faces.plain);
	if (faces.screen)
		screen_close(faces.screen);
	app_close(a);
	uv_walk(a->loop, close_handle, NULL);
	uv_run(a->loop, UV_RUN_DEFAULT); /* the signals live here */
	screen_free(&faces.screen);
	return code == EXIT_OK ? a->exit_code : code;
}

static int run(const struct args *args, struct settings *settings, char *secret)
{
	uv_loop_t loop;
	struct app app = { .loop = &loop,
			   .settings = settings,
			   .profile = args->profile,
			   .status = args->status,
			   .secret = secret };
	int code;

	if (uv_loop_init(&loop) < 0 || random_init() < 0) {
		fputs("icq: cannot start: no memory or no random numbers\n", stderr);
		return EXIT_FAILED;
	}
	code = app_open(&app, args->host, args->uin);
	if (code == EXIT_OK)
		code = serve(&app, args);
	uv_run(&loop, UV_RUN_DEFAULT); /* what is being closed gets closed */
	uv_loop_close(&loop);
	return code;
}

/* Asks first when nothing is known; then the answers count, not the command line. */
static int set_up_and_run(struct args *args, struct settings *settings)
{
	char secret[PASSWORD_TEXT_MAX] = "";
	int code = EXIT_OK;

	if (setup_is_wanted(settings, args)) {
		code = setup_run(settings, args, secret);
		args->host = NULL;
	}
	if (code == EXIT_OK)
		code = run(args, settings, secret);
	explicit_bzero(secret, sizeof(secret));
	return code;
}

int main(int argc, char **argv)
{
	struct args args;
	struct settings settings;
	int code;

	std_streams_open();
	setlocale(LC_CTYPE, "");
	harden_process();
	if (args_read(&args, argc, argv) < 0)
		return EXIT_USAGE;
	if (args.mode == MODE_HELP || args.mode == MODE_VERSION) {
		if (args.mode == MODE_HELP)
			args_help(stdout);
		else
			puts("icq " SEEKYOU_VERSION " (Seekyou)");
		return EXIT_OK;
	}
	if (args.mode == MODE_NONE)
		args.mode = terminal_capable() ? MODE_SCREEN : MODE_PLAIN;
	if (settings_read(&settings, args.file, args.profile) < 0)
		return EXIT_SETTINGS;
	code = set_up_and_run(&args, &settings);
	settings_free(&settings);
	return code;
}
