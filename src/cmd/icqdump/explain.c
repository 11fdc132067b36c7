/* SPDX-License-Identifier: MIT */
#include "cmd/icqdump/explain.h"

#include "base/cursor.h"
#include "cmd/icqdump/origin.h"
#include "wire/print.h"

#include <stdlib.h>

enum { VALUE_MAX = 4 * ICQ_MAX_datagram + 1 };

/* Bytes of the UDP header. The server answers version 4 in version 3. */
static const struct undecoded {
	uint16_t version;
	size_t client, server;
	const char *note;
} undecoded[] = {
	{ 3, 16, 16, "version 3 is not decoded yet" },
	{ 4, 20, 16, "version 4 is not decoded yet" },
	{ 5, 24, 21, "version 5 is not decoded yet" },
};

struct explainer {
	const struct packet *packet;
	bool secrets;
	explain_fn *each;
	void *ctx;
	struct explained result;
};

static const struct undecoded *find_undecoded(const struct packet *packet)
{
	struct rd r = rd_from(packet->p, packet->n);
	uint16_t version = rd_u16(&r);

	if (packet->origin != ORIGIN_CLIENT && packet->origin != ORIGIN_SERVER)
		return NULL;
	for (size_t i = 0; i < sizeof(undecoded) / sizeof(undecoded[0]); i++) {
		if (!r.bad && undecoded[i].version == version)
			return &undecoded[i];
	}
	return NULL;
}

static void show_row(struct explainer *e, const struct icq_shown *shown)
{
	bool secret = shown->field && shown->field->flags & ICQ_SECRET;
	const uint8_t *bytes = (const uint8_t *)e->packet->p + shown->offset;

	if (e->each)
		e->each(e->ctx, shown, secret && !e->secrets ? NULL : bytes);
}

static void each_row(void *ctx, const struct icq_shown *shown)
{
	struct explainer *e = ctx;

	if (shown->name && !shown->field && strcmp(shown->name, "version") == 0)
		e->result.version = (unsigned)strtoul(shown->value, NULL, 10);
	show_row(e, shown);
}

static void show_bytes(struct explainer *e, const char *name, size_t from, size_t to)
{
	const uint8_t *p = (const uint8_t *)e->packet->p + from;
	char value[VALUE_MAX];
	struct print out = print_to(value, sizeof(value));

	if (to == from)
		return;
	if (e->packet->origin == ORIGIN_CHAT)
		print_escaped(&out, (struct icq_str){ p, (uint16_t)(to - from) });
	else
		print_hex(&out, p, to - from);
	show_row(e, &(struct icq_shown){
			    .name = name, .value = value, .offset = from, .len = to - from });
}

static void show_undecoded(struct explainer *e, const struct undecoded *u)
{
	size_t header = e->packet->origin == ORIGIN_SERVER ? u->server : u->client;
	char version[8];
	struct print out = print_to(version, sizeof(version));

	if (header > e->packet->n)
		header = e->packet->n;
	e->result.version = u->version;
	e->result.note = u->note;
	print(&out, "%u", u->version);
	show_row(e, &(struct icq_shown){ .name = "version", .value = version, .len = 2 });
	show_bytes(e, "header", 2, header);
	show_bytes(e, NULL, header, e->packet->n);
}

struct explained explain(const struct packet *packet, bool secrets, explain_fn *each, void *ctx)
{
	struct explainer e = { .packet = packet, .secrets = secrets, .each = each, .ctx = ctx };
	const struct undecoded *u = find_undecoded(packet);

	if (u) {
		show_undecoded(&e, u);
	} else if (packet->origin == ORIGIN_CHAT) {
		e.result.note = "bytes of a chat";
		show_bytes(&e, "text", 0, packet->n);
	} else {
		int err = icq_show(origin_channel(packet->origin, packet->p, packet->n), packet->p,
				   packet->n, secrets, each_row, &e, &e.result.id);

		e.result.error = err ? icq_err_text(err) : NULL;
	}
	return e.result;
}
