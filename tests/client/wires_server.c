/* SPDX-License-Identifier: MIT */
#include "client/wires_server.h"

#include <string.h>

#include "harness.h"

unsigned wires_index(const struct wires *w, const struct scene *s)
{
	for (unsigned i = 0; i < w->ends; i++)
		if (w->end[i] == s)
			return i;
	check(false);
	return 0;
}

static struct scene *scene_of(const struct wires *w, uint32_t uin)
{
	for (unsigned i = 0; i < w->ends; i++)
		if (w->end[i]->place.uin == uin)
			return w->end[i];
	return NULL;
}

void wires_packet(void *ctx, enum icq_id id, uint16_t seq, const union icq_msg *msg)
{
	struct scene *s = ctx;
	struct wires *w = s->place.ctx;
	struct wires_letter *letter = &w->letter[w->letters];

	if (!w->served)
		return;
	check(w->letters++ < WIRES_LETTERS);
	*letter = (struct wires_letter){ .from = s, .id = id, .seq = seq, .msg = *msg };
	if (id != M_c_send_message)
		return;
	check(msg->c_send_message.text.len <= sizeof(letter->text));
	memcpy(letter->text, msg->c_send_message.text.p, msg->c_send_message.text.len);
}

static void tell(struct wires *w, struct scene *to, enum icq_id id, const union icq_msg *msg)
{
	scene_server(to, id, ++w->seq[wires_index(w, to)], msg);
}

static void pass_on(struct wires *w, const struct wires_letter *letter)
{
	const struct icq_c_send_message *text = &letter->msg.c_send_message;
	const struct icq_c_tcp_request *call = &letter->msg.c_tcp_request;
	uint32_t from = letter->from->place.uin;
	union icq_msg msg;

	if (letter->id == M_c_send_message && scene_of(w, text->to)) {
		msg.s_message = (struct icq_s_message){ .from = from,
							.type = text->type,
							.text = { letter->text, text->text.len },
							.msgid = text->msgid };
		tell(w, scene_of(w, text->to), M_s_message, &msg);
	} else if (letter->id == M_c_tcp_request && scene_of(w, call->uin)) {
		msg.s_tcp_request = (struct icq_s_tcp_request){ .uin = from,
								.ip = call->ip,
								.port = call->port,
								.mode = call->mode,
								.tried_port = call->tried_port,
								.port_again = call->port_again,
								.tcp_version = call->tcp_version };
		tell(w, scene_of(w, call->uin), M_s_tcp_request, &msg);
	}
}

bool wires_serve(struct wires *w)
{
	struct wires_letter letter = w->letter[0];

	if (!w->letters)
		return false;
	memmove(w->letter, w->letter + 1, --w->letters * sizeof(*w->letter));
	scene_ack(letter.from, letter.seq);
	pass_on(w, &letter);
	return true;
}

void wires_lose_letters(struct wires *w, const struct scene *s)
{
	size_t kept = 0;

	for (size_t i = 0; i < w->letters; i++)
		if (w->letter[i].from != s)
			w->letter[kept++] = w->letter[i];
	w->letters = kept;
}

void wires_introduce(struct wires *w, struct scene *s, const struct scene *other)
{
	uint16_t port = other->place.listen_port;
	union icq_msg msg = { .s_user_online = { .uin = other->place.uin,
						 .ip = WIRES_IP,
						 .port = port,
						 .mode = port ? 4 : 6,
						 .tcp_version = 3 } };

	tell(w, s, M_s_user_online, &msg);
}
