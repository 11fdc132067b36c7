/* SPDX-License-Identifier: MIT */
#include "cmd/icq/prompt.h"

#include <histedit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>
#include <wchar.h>

enum { HISTORY_LINES = 500 };

struct prompt {
	struct prompt_calls calls;
	uv_poll_t poll;
	EditLine *el;
	History *history;
	bool ended, closed, paused;
};

static char *prompt_text(EditLine *el)
{
	static char text[] = "icq> ";

	(void)el;
	return text;
}

static struct prompt *prompt_of(EditLine *el)
{
	void *p = NULL;

	el_get(el, EL_CLIENTDATA, &p);
	return p;
}

/* Ctrl+D: the end, but only of an empty line. */
static unsigned char on_end_key(EditLine *el, wint_t key)
{
	const LineInfo *line = el_line(el);

	(void)key;
	if (line->lastchar != line->buffer)
		return CC_ERROR;
	prompt_of(el)->ended = true;
	return CC_NEWLINE;
}

/* Where the word begins that ends at the cursor; a quote there is part of it. */
static const char *word_start(const LineInfo *line)
{
	const char *start = line->buffer;
	bool quoted = false;

	for (const char *at = line->buffer; at < line->cursor; at++) {
		if (*at == '"')
			quoted = !quoted;
		else if (*at == ' ' && !quoted)
			start = at + 1;
	}
	if (start == line->buffer && line->cursor > start && *start == '/')
		start++;
	return start;
}

/* Instead of the last `typed` letters. A word is whole when nothing goes on from it. */
static bool put_word(EditLine *el, size_t typed, const char *word, bool whole)
{
	const char *quote = strchr(word, ' ') ? "\"" : "";
	char text[COMPLETE_MAX + 8];

	snprintf(text, sizeof(text), "%s%s%s%s", quote, word, whole ? quote : "", whole ? " " : "");
	el_deletestr(el, (int)typed);
	return el_insertstr(el, text) == 0;
}

/* False: nothing more than that is certain. */
static bool complete_word_at(EditLine *el, size_t typed, const char *before, const char *begun)
{
	struct prompt *p = prompt_of(el);
	const char *bare = begun + (*begun == '"');
	char common[COMPLETE_MAX];
	size_t count = p->calls.complete(p->calls.ctx, before, bare, common);
	bool folder = count == 1 && common[strlen(common) - 1] == '/';

	if (count == 0 || (count > 1 && strlen(common) == strlen(bare)))
		return false;
	return put_word(el, typed, common, count == 1 && !folder);
}

static unsigned char on_complete_key(EditLine *el, wint_t key)
{
	const LineInfo *line = el_line(el);
	const char *start = word_start(line);
	size_t typed = (size_t)(line->cursor - start);
	char *before = strndup(line->buffer, (size_t)(start - line->buffer));
	char *begun = strndup(start, typed);
	bool done = false;

	(void)key;
	if (before && begun && (*before || *begun))
		done = complete_word_at(el, typed, before, begun);
	free(before);
	free(begun);
	return done ? CC_REFRESH : CC_REDISPLAY;
}

static void take_line(struct prompt *p, const char *text, int n)
{
	char *line = strndup(text, (size_t)n - 1); /* without its line feed */
	HistEvent event;

	/* The terminal is back to normal while the command runs, so that it may ask. */
	prompt_pause(p);
	if (line && *line)
		history(p->history, &event, H_ENTER, line);
	if (line)
		p->calls.line(p->calls.ctx, line, strlen(line), false);
	free(line);
	prompt_resume(p);
}

static void leave(struct prompt *p)
{
	uv_poll_stop(&p->poll);
	p->calls.end(p->calls.ctx);
}

/* What el_gets returns cannot tell a terminal that is gone from an empty line that a key such as
 * Tab or Up has left empty; the loop can. */
static void on_readable(uv_poll_t *poll, int status, int events)
{
	struct prompt *p = poll->data;
	const char *text;
	int n = 0;

	if (status < 0 || events & UV_DISCONNECT) {
		leave(p);
		return;
	}
	p->calls.key(p->calls.ctx);
	text = el_gets(p->el, &n);
	if (p->ended)
		leave(p);
	else if (text && n > 0 && text[n - 1] == '\n')
		take_line(p, text, n);
}

static bool set_up(struct prompt *p)
{
	HistEvent event;

	p->el = el_init("icq", stdin, stdout, stderr);
	p->history = history_init();
	if (!p->el || !p->history)
		return false;
	history(p->history, &event, H_SETSIZE, HISTORY_LINES);
	el_set(p->el, EL_CLIENTDATA, p);
	el_set(p->el, EL_PROMPT, prompt_text);
	el_set(p->el, EL_EDITOR, "emacs");
	el_set(p->el, EL_HIST, history, p->history);
	/* The wide call keeps the names themselves; the other one copies them and forgets. */
	el_wset(p->el, EL_ADDFN, L"icq-complete", L"complete a command or nick", on_complete_key);
	el_wset(p->el, EL_ADDFN, L"icq-end", L"leave", on_end_key);
	el_set(p->el, EL_BIND, "^I", "icq-complete", NULL);
	el_set(p->el, EL_BIND, "^D", "icq-end", NULL);
	/* These would wait for more keys, and nothing else would happen meanwhile. */
	el_set(p->el, EL_BIND, "^R", "ed-unassigned", NULL);
	el_set(p->el, EL_BIND, "^S", "ed-unassigned", NULL);
	el_set(p->el, EL_BIND, "^V", "ed-unassigned", NULL);
	el_set(p->el, EL_UNBUFFERED, 1);
	return true;
}

static void tear_down(struct prompt *p)
{
	if (p->el && !p->paused)
		el_set(p->el, EL_UNBUFFERED, 0);
	if (p->history)
		history_end(p->history);
	if (p->el)
		el_end(p->el);
}

struct prompt *prompt_open(uv_loop_t *loop, const struct prompt_calls *calls)
{
	struct prompt *p;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) || !(p = calloc(1, sizeof(*p))))
		return NULL;
	p->calls = *calls;
	p->poll.data = p;
	if (!set_up(p) || uv_poll_init(loop, &p->poll, STDIN_FILENO) < 0) {
		tear_down(p);
		free(p);
		return NULL;
	}
	uv_poll_start(&p->poll, UV_READABLE | UV_DISCONNECT, on_readable);
	return p;
}

static void on_closed(uv_handle_t *handle)
{
	free(handle->data);
}

void prompt_close(struct prompt **at)
{
	struct prompt *p = *at;

	*at = NULL;
	if (!p)
		return;
	prompt_hide(p);
	tear_down(p);
	uv_close((uv_handle_t *)&p->poll, on_closed);
}

void prompt_hide(struct prompt *p)
{
	if (p && !p->paused)
		fputs("\r\033[K", stdout);
}

void prompt_show(struct prompt *p)
{
	fflush(stdout);
	if (p && !p->paused)
		el_set(p->el, EL_REFRESH);
}

void prompt_pause(struct prompt *p)
{
	if (!p || p->paused)
		return;
	p->paused = true;
	el_set(p->el, EL_UNBUFFERED, 0);
}

void prompt_resume(struct prompt *p)
{
	if (!p || !p->paused)
		return;
	p->paused = false;
	el_set(p->el, EL_UNBUFFERED, 1);
}
