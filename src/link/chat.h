/* SPDX-License-Identifier: MIT */
/*
 * The bytes of a chat between two clients of TCP versions 2 to 5, once its handshake is over: no
 * lengths, but keystrokes, and between them commands about colours, fonts and windows. A stream
 * may cut them anywhere. It knows no socket, and nobody's code page.
 */
#ifndef CHAT_H
#define CHAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What changes the conversation. How its window looks there is nobody else's business: colours,
 * fonts, focus, sleep and laughter are skipped, and so is what nobody knows. */
enum chat_kind {
	CHAT_NOTHING, /* all bytes are taken */
	CHAT_TEXT,    /* one or more keystrokes */
	CHAT_LINE,    /* the line is over */
	CHAT_BACKSPACE,
	CHAT_BEEP,
	CHAT_LEAVE, /* of his own will, or not */
};

/* Where in a command the stream was cut. Starts zeroed. */
struct chat_reader {
	uint32_t skip;	    /* bytes of a command that are still to come, and of no interest */
	uint8_t width;	    /* bytes of a name's length that are still to come */
	uint8_t length_low; /* the first of them */
	bool returned;	    /* the last byte was 0D: a 0A belongs to it */
};

/*
 * Takes bytes from *p up to the end of the next event, and moves *p and *n behind it. For
 * CHAT_TEXT, *text points to *text_n of the bytes that came in.
 */
enum chat_kind chat_take(struct chat_reader *r, const uint8_t **p, size_t *n, const uint8_t **text,
			 size_t *text_n);

/*
 * The way out: n keystrokes as bytes, of which there are never more. '\n' ends a line, '\b' takes
 * a character back, '\a' beeps, a tab is a space; what else could be taken for a command is left
 * out. out may be the same as in. Returns the bytes written.
 */
size_t chat_write(const uint8_t *in, size_t n, uint8_t *out);

#endif
