/* SPDX-License-Identifier: MIT */
/* Commands around files that are sent and received. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/icq/commands/call.h"
#include "cmd/icq/words/phrase.h"
#include "cmd/texts.h"
#include "io/clock.h"

/* A command that waits for files or a folder to be opened. */
struct asking {
	struct app *app;
	uint64_t request;
	uint32_t uin, number;
	uint16_t text_len;
	uint8_t text[ICQ_MAX_old_text];
};

/* NULL, with the result, when it may not go on. */
static struct asking *asking_new(struct call *c)
{
	struct asking *a = c->bad ? NULL : calloc(1, sizeof(*a));

	if (!a) {
		call_refuse(c, "busy", "out of memory");
		return NULL;
	}
	a->app = c->app;
	a->request = c->request;
	return a;
}

/* ---- sending --------------------------------------------------------------------------- */

/* Their names in the code page of whom they are for. */
static uint32_t offer(const struct asking *a, const struct haul *haul)
{
	const struct codepage *page = icq_client_charset(app_client(a->app), a->uin);
	struct icq_client_file files[ICQ_CLIENT_FILES_MAX];
	uint8_t names[ICQ_CLIENT_FILES_MAX][FILENAME_SAFE_MAX];
	size_t lost;

	for (size_t i = 0; i < haul->count; i++) {
		size_t n = texts_encode(page, haul->files[i].name, names[i], sizeof(names[i]),
					&lost);

		n = n < sizeof(names[i]) ? n : sizeof(names[i]);
		files[i] = (struct icq_client_file){ .name = { names[i], (uint16_t)n },
						     .size = haul->files[i].size };
	}
	return icq_client_send_files(app_client(a->app), clock_now(), a->request, a->uin, files,
				     haul->count, (struct icq_str){ a->text, a->text_len });
}

static void on_loaded(void *ctx, struct haul *haul, const char *why)
{
	struct asking *a = ctx;
	uint32_t number = haul ? offer(a, haul) : 0;

	if (number) {
		files_keep(a->app->files, number, haul);
		a->app->waiting++; /* until events.c hears of its end */
	} else {
		haul_free(haul);
	}
	if (why)
		app_result(a->app, a->request, "bad_field", why, NULL);
	free(a);
}

/* One path, or a list of them. Their number; 0, with a complaint: none. */
static size_t path_field(struct call *c, const char *paths[ICQ_CLIENT_FILES_MAX])
{
	const json_t *v = json_object_get(c->args, "path");
	size_t count = json_is_array(v) ? json_array_size(v) : 1;

	if (count == 0 || count > ICQ_CLIENT_FILES_MAX) {
		call_bad_field(c, "path", "1 to 100 files");
		return 0;
	}
	for (size_t i = 0; i < count; i++) {
		const json_t *path = json_is_array(v) ? json_array_get(v, i) : v;

		paths[i] = json_string_value(path);
		if (!paths[i] || !*paths[i]) {
			call_bad_field(c, "path", "not a string, or a list of strings");
			return 0;
		}
	}
	return count;
}

void do_file(struct call *c)
{
	const char *paths[ICQ_CLIENT_FILES_MAX];
	size_t count = path_field(c, paths);
	uint32_t uin = call_uin(c, "uin", REQUIRED);
	const char *text = call_text(c, "text", OPTIONAL);
	uint8_t bytes[ICQ_MAX_old_text + 1];
	struct icq_str what = call_encode(c, "text", text, uin, bytes, sizeof(bytes));
	struct asking *a = asking_new(c);

	if (!a)
		return;
	a->uin = uin;
	a->text_len = what.len;
	memcpy(a->text, bytes, a->text_len);
	files_load(c->app->files, paths, count, on_loaded, a);
}

/* ---- receiving ------------------------------------------------------------------------- */

static void on_awaited(void *ctx, struct haul *haul, const char *why)
{
	struct asking *a = ctx;

	if (haul) {
		files_keep(a->app->files, a->number, haul);
		if (!icq_client_accept(app_client(a->app), clock_now(), a->request, a->number))
			files_end(a->app->files, a->number);
	} else if (why) {
		app_result(a->app, a->request, "bad_field", why, NULL);
	}
	free(a);
}

/* The folder of the settings, into out; it is made if it is nobody's choice. */
static bool preset_folder(const struct app *a, char *out, size_t cap)
{
	const char *home = getenv("HOME");
	bool chosen = *a->settings->file_directory;

	if (chosen)
		phrase_path(a->settings->file_directory, out, cap);
	else
		snprintf(out, cap, "%s/Downloads", home ? home : ".");
	return !chosen;
}

void transfers_accept(struct call *c, uint32_t number)
{
	const char *path = call_text(c, "path", OPTIONAL);
	const json_t *resume = json_object_get(c->args, "resume");
	bool anew = resume && json_is_false(resume), make = false;
	char preset[SETTINGS_PATH_MAX];
	struct asking *a;

	if (!*path)
		make = preset_folder(c->app, preset, sizeof(preset));
	a = asking_new(c);
	if (!a)
		return;
	a->number = number;
	files_await(c->app->files, *path ? path : preset, make, anew, on_awaited, a);
}

/* ---- both ------------------------------------------------------------------------------ */

static void set_paused(struct call *c, bool pause)
{
	uint32_t number = requests_number(c);

	if (!c->bad)
		icq_client_pause(c->client, clock_now(), c->request, number, pause);
}

void do_pause(struct call *c)
{
	set_paused(c, true);
}

void do_resume(struct call *c)
{
	set_paused(c, false);
}
