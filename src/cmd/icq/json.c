/* SPDX-License-Identifier: MIT */
#include "cmd/icq/json.h"

#include <stdio.h>

#include "cmd/exit_codes.h"

static void on_event(struct face *f, json_t *ev)
{
	(void)f;
	json_dumpf(ev, stdout, JSON_COMPACT);
	putchar('\n');
	fflush(stdout);
}

/* Nobody reads any more. */
static void on_quiet(struct face *f)
{
	struct json_face *j = (struct json_face *)f;

	if (ferror(stdout))
		app_leave(j->app, "output", EXIT_FAILED);
}

static void on_line(struct face *f, char *line, size_t n, bool too_long)
{
	struct json_face *j = (struct json_face *)f;
	json_error_t why;
	json_t *command;

	if (too_long) {
		app_reject(j->app, "too_long", "a line has at most 65536 bytes");
		return;
	}
	command = json_loadb(line, n, JSON_REJECT_DUPLICATES, &why);
	if (json_is_object(command))
		app_command(j->app, command);
	else
		app_reject(j->app, "bad_json", command ? "not an object" : why.text);
	json_decref(command);
}

static void on_end(struct face *f)
{
	struct json_face *j = (struct json_face *)f;

	app_leave(j->app, "eof", EXIT_OK);
}

void json_face_init(struct json_face *j, struct app *a)
{
	*j = (struct json_face){
		.face = { .event = on_event, .line = on_line, .end = on_end, .quiet = on_quiet },
		.app = a,
	};
}
