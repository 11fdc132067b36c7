/* SPDX-License-Identifier: MIT */
#include "cmd/icqctl/call.h"

#include "cmd/exit_codes.h"
#include "cmd/icqctl/commands.h"
#include "cmd/texts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { GO_ON = -1 };

/* ---- the connection -------------------------------------------------------------------- */

static int complain_connection(const struct call *c)
{
	if (errno == EACCES || errno == EPERM) {
		fprintf(stderr, "icqctl: %s: only root and the user of icqd may use it; try sudo\n",
			c->path);
		return EXIT_REFUSED;
	}
	fprintf(stderr, "icqctl: no icqd answers at %s: %s; --data DIR names another data folder\n",
		c->path, strerror(errno));
	return EXIT_NO_CONNECTION;
}

static int reach(const struct call *c, int *fd_out)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };

	*fd_out = -1;
	errno = ENAMETOOLONG;
	if (strlen(c->path) >= sizeof(at.sun_path))
		return complain_connection(c);
	strcpy(at.sun_path, c->path);
	*fd_out = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (*fd_out < 0 || connect(*fd_out, (struct sockaddr *)&at, sizeof(at)) < 0)
		return complain_connection(c);
	return EXIT_OK;
}

/* The request may hold a password: it leaves no copy behind. */
static void send_request(int fd, json_t *request)
{
	char *text = json_dumps(request, JSON_COMPACT);
	size_t n = text ? strlen(text) : 0, sent = 0;
	ssize_t part = 1;

	if (!text)
		return;
	text[n] = '\n';
	while (sent <= n && part > 0) {
		part = send(fd, text + sent, n + 1 - sent, MSG_NOSIGNAL);
		sent += part > 0 ? (size_t)part : 0;
	}
	explicit_bzero(text, n);
	free(text);
}

/* ---- what comes ------------------------------------------------------------------------ */

static void dump(const json_t *o)
{
	json_dumpf(o, stdout, JSON_COMPACT);
	putchar('\n');
}

static void take_row(struct call *c, const json_t *row)
{
	c->rows++;
	if (c->command->row && (!c->json || c->command->decodes))
		c->command->row(c, row);
	else if (c->json)
		dump(row);
	fflush(stdout);
}

static int take_result(struct call *c, const json_t *line)
{
	const json_t *result = json_object_get(line, "result");

	if (!c->json && c->command->done)
		c->command->done(c, result);
	else if (c->json && json_object_size(result))
		dump(result);
	else if (c->json && !c->command->row)
		dump(line);
	return EXIT_OK;
}

static int take_error(const struct call *c, const json_t *line)
{
	const char *why = json_string_value(json_object_get(line, "error"));
	char *shown = texts_shown(why ? why : "refused", false);

	if (c->json)
		dump(line);
	else
		fprintf(stderr, "icqctl: %s\n", shown ? shown : "refused");
	free(shown);
	return (int)json_integer_value(json_object_get(line, "code"));
}

/* GO_ON, or what the program ends with. */
static int take_line(struct call *c, const char *text, size_t n)
{
	json_error_t error;
	json_t *line = json_loadb(text, n, 0, &error), *row = json_object_get(line, "row");
	int code = GO_ON;

	if (row) {
		take_row(c, row);
	} else if (json_is_true(json_object_get(line, "ok"))) {
		code = take_result(c, line);
	} else if (line) {
		code = take_error(c, line);
	} else {
		fprintf(stderr, "icqctl: %s does not speak as icqd does\n", c->path);
		code = EXIT_FAILED;
	}
	json_decref(line);
	return code;
}

static int take_answer(struct call *c, FILE *in)
{
	char *text = NULL;
	size_t cap = 0;
	ssize_t n;
	int code = GO_ON;

	while (code == GO_ON && (n = getline(&text, &cap, in)) > 0)
		code = take_line(c, text, (size_t)n);
	if (code == GO_ON) {
		fputs("icqctl: icqd has closed the connection\n", stderr);
		code = EXIT_NO_CONNECTION;
	}
	if (code == EXIT_OK && c->command->waits)
		while (getline(&text, &cap, in) > 0)
			;
	free(text);
	return code;
}

int call_make(struct call *c, json_t *request)
{
	FILE *in;
	int fd, code = reach(c, &fd);

	if (code == EXIT_OK) {
		send_request(fd, request);
		in = fdopen(fd, "r");
		code = in ? take_answer(c, in) : EXIT_FAILED;
		if (in)
			fclose(in);
	} else if (fd >= 0) {
		close(fd);
	}
	json_decref(request);
	return code;
}
