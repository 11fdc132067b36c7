/* SPDX-License-Identifier: MIT */
#include "cmd/icq/notifier.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/icq/app.h"
#include "cmd/texts.h"
#include "io/clock.h"

enum { RING_MS = 1000 }; /* no bell and no sound so soon after another */

/* ---- programs -------------------------------------------------------------------------- */

static void on_closed(uv_handle_t *handle)
{
	*(bool *)handle->data = false;
}

static void on_exit_of(uv_process_t *process, int64_t status, int signal)
{
	(void)status;
	(void)signal;
	uv_close((uv_handle_t *)process, on_closed);
}

/* Once: else each message would be followed by a complaint. */
static void tell_failure(struct app *a, const char *program, int err)
{
	if (!a->notifier.failed)
		app_notice(a, LOG_LEVEL_WARN, "notify",
			   "%s cannot be started: %s; help notify tells how", program,
			   uv_strerror(err));
	a->notifier.failed = true;
}

/* No shell, and nothing of ours to read from or write to. What would be one too many is left out.
 */
static void start(struct app *a, char *const *argv)
{
	uv_stdio_container_t none[3] = { 0 };
	struct notifier *n = &a->notifier;
	const uv_process_options_t options = { .exit_cb = on_exit_of,
					       .file = argv[0],
					       .args = (char **)(uintptr_t)argv,
					       .stdio_count = 3,
					       .stdio = none };
	size_t i = 0;
	int err;

	while (i < NOTIFIER_PROGRAMS_MAX && n->busy[i])
		i++;
	if (i == NOTIFIER_PROGRAMS_MAX)
		return;
	n->busy[i] = true;
	n->programs[i].data = &n->busy[i];
	err = uv_spawn(a->loop, &n->programs[i], &options);
	if (err == 0)
		return;
	uv_close((uv_handle_t *)&n->programs[i], on_closed);
	tell_failure(a, argv[0], err);
}

static void play(struct app *a)
{
	char *argv[] = { a->settings->player, a->settings->sound, NULL };

	if (*argv[0] && *argv[1])
		start(a, argv);
}

/* HOOK EVENT UIN NAME TEXT */
static void run_hook(struct app *a, const char *event, uint32_t uin, const char *name,
		     const json_t *ev)
{
	static char empty[] = "";
	const char *text = json_string_value(json_object_get(ev, "text"));
	char number[16], word[32];
	char *shown_name = texts_shown(name, false), *shown = texts_shown(text ? text : "", true);
	char *argv[] = { a->settings->hook,	word, number, shown_name ? shown_name : empty,
			 shown ? shown : empty, NULL };

	snprintf(word, sizeof(word), "%s", event);
	snprintf(number, sizeof(number), "%u", uin);
	if (*argv[0])
		start(a, argv);
	free(shown_name);
	free(shown);
}

/* ---- all of them ----------------------------------------------------------------------- */

static const char *name_of(struct app *a, uint32_t uin, char number[16])
{
	const struct icq_client_contact *c = icq_client_contact(app_client(a), uin);

	snprintf(number, 16, "%u", uin);
	return c && *c->nick ? c->nick : number;
}

/* Somebody who writes a lot need not ring for each line. */
static unsigned without_noise(struct notifier *n, unsigned bits, int64_t now_ms)
{
	const unsigned noise = NOTIFY_BELL | NOTIFY_SOUND;

	if (bits & noise && n->rang_ms && now_ms - n->rang_ms < RING_MS)
		return bits & ~noise;
	if (bits & noise)
		n->rang_ms = now_ms;
	return bits;
}

void notifier_event(struct app *a, const json_t *ev)
{
	int64_t now_ms = clock_now().mono_ms;
	struct notifier *n = &a->notifier;
	char bytes[NOTIFY_BYTES_MAX], number[16];
	const char *event, *name;
	uint32_t uin;
	unsigned bits;

	if (!n->terminal || !(event = notify_event(&n->presence, ev, now_ms, &uin)) ||
	    icq_status_plain(icq_client_get_status(app_client(a))) == ICQ_STATUS_dnd)
		return;
	bits = without_noise(n, notify_find(a->settings->rules, event, uin), now_ms);
	if (strcmp(a->settings->bell, "no") == 0)
		bits &= ~(unsigned)NOTIFY_BELL;
	name = name_of(a, uin, number);
	notify_bytes(bits, event, name, bytes);
	fputs(bytes, stdout);
	fflush(stdout);
	if (bits & NOTIFY_SOUND)
		play(a);
	if (bits & NOTIFY_HOOK)
		run_hook(a, event, uin, name, ev);
}
