/* SPDX-License-Identifier: MIT */
/* Texts between the user, who has UTF-8 and line feeds, and the wire, which has code pages and
 * CR LF; and between strangers and the terminal, which must not believe a byte of theirs. */
#ifndef CMD_TEXTS_H
#define CMD_TEXTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/codepage.h"
#include "wire/icqwire.h"

/* UTF-8 to a code page; a line feed gets its CR unless it has one. Returns the length, at most
 * cap; *lost counts characters that the page lacks. */
size_t texts_encode(const struct codepage *page, const char *text, uint8_t *out, size_t cap,
		    size_t *lost);
/* To UTF-8, unchanged otherwise. To be freed; NULL: out of memory. */
char *texts_decode(const struct codepage *page, struct icq_str text);

/* Is this valid to stand on one line: no control characters? */
bool texts_is_line(const char *text);
/* The same for several: line feeds are allowed. */
bool texts_are_lines(const char *text);

/* The word of a status, "invisible" when that bit is set. */
const char *texts_status(uint32_t status);

/* One character of UTF-8, or one byte that is none (*valid is false then). Returns its length. */
size_t texts_next(const char *text, uint32_t *c, bool *valid);

/* Characters that a terminal obeys, or that make a line read otherwise than it is. */
bool texts_is_dangerous(uint32_t c);

/*
 * What may reach a terminal: control characters, those that turn the direction of writing, and
 * bytes that are no UTF-8 are shown as \x1b or \u202e. Line feeds stay when `lines` is set, then
 * the CR before one goes. To be freed; NULL: out of memory.
 */
char *texts_shown(const char *text, bool lines);

#endif
