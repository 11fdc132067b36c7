/* SPDX-License-Identifier: MIT */
#include "cmd/icqdump/output.h"

#include "base/date.h"
#include "cmd/icqdump/explain.h"
#include "cmd/icqdump/origin.h"

#include <stdio.h>
#include <string.h>

enum {
	BYTES_IN_ROW = 8,
	NAME_COLUMN = 16,
	/* More than any packet needs: an escape for each byte, names and notes. */
	LINE_MAX = 8 * ICQ_MAX_datagram,
};

const char *output_time(const struct packet *packet, char between, char out[OUTPUT_TIME_MAX])
{
	struct date d = date_from_unix(packet->unix_s);

	snprintf(out, OUTPUT_TIME_MAX, "%04d-%02u-%02u%c%02u:%02u:%02u.%06d", d.year, d.month,
		 d.day, between, d.hour, d.minute, d.second, (int)packet->microseconds);
	return out;
}

static void print_origin(const struct packet *packet)
{
	char time[OUTPUT_TIME_MAX], from[ADDR_TEXT_MAX], to[ADDR_TEXT_MAX];

	if (packet->captured)
		printf("%s %s > %s ", output_time(packet, ' ', time),
		       addr_text(&packet->from, from), addr_text(&packet->to, to));
}

/* ---- one line -------------------------------------------------------------------------- */

static void line_row(void *ctx, const struct icq_shown *shown, const uint8_t *bytes)
{
	(void)ctx;
	(void)bytes;
	const char *name = shown->name ? shown->name : "rest";

	if (strcmp(name, "version") != 0) /* which the note has told */
		printf(" %s=%s", name, shown->value);
}

void output_line(const struct packet *packet, bool secrets)
{
	static char line[LINE_MAX];
	struct explained e = explain(packet, secrets, NULL, NULL);

	print_origin(packet);
	if (e.note) {
		fputs(e.note, stdout);
		explain(packet, secrets, line_row, NULL);
	} else {
		icq_show_line(origin_channel(packet->origin, packet->p, packet->n), packet->p,
			      packet->n, secrets, line, sizeof(line));
		fputs(line, stdout);
	}
	putchar('\n');
}

/* ---- a line for each field ------------------------------------------------------------- */

static void print_value(const struct icq_shown *shown, bool masked)
{
	bool is_text = shown->name && shown->field && shown->field->kind == K_STR && !masked;
	const char *quote = is_text ? "\"" : "";

	printf("  %-*s %s%s%s", NAME_COLUMN, shown->name ? shown->name : "-", quote, shown->value,
	       quote);
	if (shown->note)
		printf(" (%s)", shown->note);
	if (!shown->name && shown->field)
		printf(" (breaks in %s)", shown->field->name);
}

static void print_bytes(const uint8_t *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (bytes)
			printf(" %02X", bytes[i]);
		else
			fputs(" **", stdout);
	}
}

static void fields_row(void *ctx, const struct icq_shown *shown, const uint8_t *bytes)
{
	(void)ctx;
	for (size_t from = 0; from < shown->len; from += BYTES_IN_ROW) {
		size_t left = shown->len - from, n = left < BYTES_IN_ROW ? left : BYTES_IN_ROW;

		printf("  %04zX ", shown->offset + from);
		print_bytes(bytes ? bytes + from : NULL, n);
		if (from == 0) {
			printf("%*s", (int)(3 * (BYTES_IN_ROW - n)), "");
			print_value(shown, !bytes);
		}
		putchar('\n');
	}
}

static const char *name_of(const struct explained *e)
{
	return e->note ? e->note : e->id ? icq_describe(e->id)->name : "unknown";
}

static const char *meaning_of(const struct explained *e)
{
	return e->id ? icq_describe(e->id)->meaning : NULL;
}

void output_fields(const struct packet *packet, bool secrets)
{
	struct explained e = explain(packet, secrets, NULL, NULL);

	print_origin(packet);
	printf("%s from %s, %zu bytes", name_of(&e), origin_name(packet->origin), packet->n);
	if (meaning_of(&e))
		printf(": %s", meaning_of(&e));
	putchar('\n');
	explain(packet, secrets, fields_row, NULL);
	if (e.error)
		printf("  malformed: %s\n", e.error);
	putchar('\n');
}

/* ---- hex ------------------------------------------------------------------------------- */

/* Of a text the length stays, so that the packet can still be read. */
static void hex_mask(void *ctx, const struct icq_shown *shown, const uint8_t *bytes)
{
	size_t keep = shown->name ? 2 : 0;

	if (!bytes && shown->len > keep)
		memset((uint8_t *)ctx + shown->offset + keep, '*', shown->len - keep);
}

void output_hex(const struct packet *packet, bool secrets)
{
	static uint8_t bytes[ICQ_MAX_datagram];

	memcpy(bytes, packet->p, packet->n);

	struct explained e = explain(packet, secrets, hex_mask, bytes);

	fputs("# ", stdout);
	print_origin(packet);
	printf("%s from %s\n", name_of(&e), origin_name(packet->origin));
	for (size_t i = 0; i < packet->n; i++)
		printf(i ? " %02X" : "%02X", bytes[i]);
	fputs("\n\n", stdout);
}
