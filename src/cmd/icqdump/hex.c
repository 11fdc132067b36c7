/* SPDX-License-Identifier: MIT */
#include "cmd/icqdump/hex.h"

#include "base/err.h"
#include "wire/icqwire.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { OFFSET_DIGITS = 4 }; /* at least */

struct hex_reader {
	packet_fn *each;
	void *ctx;
	unsigned line;
	size_t n;
	uint8_t bytes[ICQ_MAX_datagram];
};

static void end_packet(struct hex_reader *r)
{
	if (r->n)
		r->each(r->ctx, &(struct packet){ .p = r->bytes, .n = r->n });
	r->n = 0;
}

static const char *skip_blanks(const char *text)
{
	return text + strspn(text, " \t");
}

static size_t count_digits(const char *text)
{
	size_t n = 0;

	while (isxdigit((unsigned char)text[n]))
		n++;
	return n;
}

/*
 * "0010: ", "0x0010: " of tcpdump, "00000010  " of hexdump, "000010 " of od. Without a colon it
 * could be bytes, so it must tell what has been read, or the beginning. NULL: there is none.
 */
static const char *skip_offset(const char *text, size_t expected, unsigned long *offset)
{
	size_t prefix = text[0] == '0' && (text[1] | 0x20) == 'x' ? 2 : 0;
	size_t digits = count_digits(text + prefix);
	const char *end = text + prefix + digits;
	bool has_colon = *end == ':';

	*offset = strtoul(text, NULL, 16);
	end += has_colon;
	if (digits < OFFSET_DIGITS || !strchr(" \t", *end)) /* NUL counts as found */
		return NULL;
	return has_colon || *offset == expected || *offset == 0 ? skip_blanks(end) : NULL;
}

/* Where the characters begin that a dump shows beside the bytes. */
static size_t bytes_length(const char *text)
{
	size_t bar = strcspn(text, "|");
	const char *gap = strstr(text, "  ");

	/* hexdump has a gap in the middle, too, but always ends with a bar or the line */
	if (text[bar] || !gap || count_digits(skip_blanks(gap)) == 2)
		return bar;
	return (size_t)(gap - text);
}

static int digit_value(char c)
{
	return isdigit((unsigned char)c) ? c - '0' : (c | 0x20) - 'a' + 10;
}

static int complain(const struct hex_reader *r, const char *what, const char *at)
{
	fprintf(stderr, "icqdump: line %u: %s: \"%.20s\"\n", r->line, what, at);
	return -ICQ_ESYNTAX;
}

static int read_bytes(struct hex_reader *r, const char *text, const char *end)
{
	while (text < end) {
		if (strchr(" \t.:,-", *text)) {
			text++;
			continue;
		}
		if (!isxdigit((unsigned char)text[0]))
			return complain(r, "not a hex digit", text);
		if (!isxdigit((unsigned char)text[1]))
			return complain(r, "half a byte", text);
		if (r->n == sizeof(r->bytes))
			return complain(r, "longer than any packet", text);
		r->bytes[r->n++] = (uint8_t)(digit_value(text[0]) << 4 | digit_value(text[1]));
		text += 2;
	}
	return 0;
}

static int read_line(struct hex_reader *r, const char *line)
{
	const char *text = skip_blanks(line), *bytes;
	unsigned long offset;

	if (*text == '\0')
		end_packet(r);
	bytes = skip_offset(text, r->n, &offset);
	if (!bytes)
		return read_bytes(r, text, text + strcspn(text, "#"));
	if (offset == 0)
		end_packet(r);
	return read_bytes(r, bytes, bytes + bytes_length(bytes));
}

int hex_read(FILE *in, bool each_line, packet_fn *each, void *ctx)
{
	struct hex_reader r = { .each = each, .ctx = ctx };
	char *line = NULL;
	size_t cap = 0;
	int err = 0;

	while (!err && getline(&line, &cap, in) >= 0) {
		r.line++;
		line[strcspn(line, "\r\n")] = '\0';
		err = read_line(&r, line);
		if (each_line)
			end_packet(&r);
	}
	free(line);
	end_packet(&r);
	return err ? err : ferror(in) ? -ICQ_EIO : 0;
}
