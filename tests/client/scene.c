/* SPDX-License-Identifier: MIT */
#include "client/scene.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"

static const struct addr server_addr = { .ip = { [10] = 0xff, 0xff, 127, 0, 0, 1 }, .port = 4000 };

static void __attribute__((format(printf, 2, 3))) say(struct scene *s, const char *format, ...)
{
	size_t room = sizeof(s->diary) - s->diary_len;
	char *to = s->diary + s->diary_len;
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(to, room, format, args);
	va_end(args);
	check(n >= 0 && (size_t)n + 2 < room);
	s->diary_len += (size_t)n;
	memcpy(s->diary + s->diary_len++, " ", 2);
}

void scene_forget(struct scene *s)
{
	s->diary[s->diary_len = 0] = 0;
}

/* ---- the world around the engine ------------------------------------------------------- */

static void on_send(void *ctx, const struct addr *to, const void *p, size_t n)
{
	struct scene *s = ctx;
	struct icq_head head;
	enum icq_id id;
	union icq_msg msg;

	check(addr_equal(to, &s->conf.server) && n <= sizeof(s->sent));
	memcpy(s->sent, p, n);
	s->sent_n = n;
	check(icq_unpack(ICQ_CLIENT, p, n, &head, &id, &msg) == 0);
	if (id != M_c_ack)
		s->last_seq = head.seq;
	if (id != M_c_ack && s->place.packet)
		s->place.packet(s, id, head.seq, &msg);
	if (id == M_c_login)
		s->login_seq = msg.c_login.login_seq;
	if (id == M_c_text_code)
		say(s, "TEXT_CODE/%u=%.*s", head.seq, msg.c_text_code.text.len,
		    (const char *)msg.c_text_code.text.p);
	else
		say(s, "%s/%u", icq_describe(id)->name, head.seq);
}

static int on_submit(void *ctx, const struct history_job *job)
{
	struct scene *s = ctx;
	struct history_job *copy;

	if (s->refuse_jobs)
		return -ICQ_EFULL;
	check(s->job_count < SCENE_JOBS);
	copy = malloc(sizeof(*copy));
	check(copy);
	memcpy(copy, job, history_job_size(job));
	s->jobs[s->job_count++] = copy;
	return 0;
}

static void on_random(void *ctx, void *p, size_t n)
{
	(void)ctx;
	memset(p, 0x5a, n);
}

static uint32_t on_inner_ip(void *ctx)
{
	struct scene *s = ctx;

	return s->place.inner_ip;
}

static void on_new_port(void *ctx)
{
	say(ctx, "new-port");
}

static void on_log(void *ctx, const struct log_event *ev)
{
	(void)ctx;
	(void)ev;
}

static void on_message(struct scene *s, const struct icq_client_event *ev)
{
	static const char *const marks[] = {
		[ICQ_CLIENT_EV_MESSAGE] = "", [ICQ_CLIENT_EV_HISTORY] = "row "
	};

	memcpy(s->text, ev->message.text.p, ev->message.text.len);
	s->text_n = ev->message.text.len;
	s->matches = ev->message.row->matches;
	say(s, "<%s%u %.*s>", marks[ev->kind], ev->message.row->peer, ev->message.text.len,
	    (const char *)ev->message.text.p);
}

static void on_asked(struct scene *s, const struct icq_client_event *ev)
{
	const struct icq_client_request *r = ev->asked.request;

	s->last_number = r->number;
	s->matches = r->matches;
	say(s, "<asks %u %s: %.*s/%u %.*s>", r->uin, icq_client_kind_name(r->kind), r->name.len,
	    (const char *)r->name.p, r->size, r->text.len, (const char *)r->text.p);
}

static void on_transfer(struct scene *s, const struct icq_client_event *ev)
{
	const char *reason = ev->transfer.reason;

	say(s, "#%u %s%s%s%s%.*s", ev->transfer.number,
	    icq_client_transfer_state_name(ev->transfer.state), reason ? " " : "",
	    reason ? reason : "", ev->transfer.text.len ? ": " : "", ev->transfer.text.len,
	    (const char *)ev->transfer.text.p);
}

static void on_peeked(struct scene *s, const struct icq_client_event *ev)
{
	say(s, "{%d %s: %.*s}", (int)ev->result.request, icq_status_name(ev->result.status),
	    ev->result.text.len, (const char *)ev->result.text.p);
}

static void on_sent(struct scene *s, const struct icq_client_event *ev)
{
	say(s, "(%d %s%s%s%s%.*s)", (int)ev->sent.msg, icq_client_sent_name(ev->sent.state),
	    ev->sent.reason ? " " : "", ev->sent.reason ? ev->sent.reason : "",
	    ev->sent.text.len ? ": " : "", ev->sent.text.len, (const char *)ev->sent.text.p);
}

static void on_result(struct scene *s, const struct icq_client_event *ev)
{
	if (ev->result.msg)
		s->last_msg = ev->result.msg;
	if (ev->result.number)
		s->last_number = ev->result.number;
	if (ev->result.number)
		say(s, "{%d ok #%u}", (int)ev->result.request, ev->result.number);
	else if (ev->result.uin)
		say(s, "{%d ok %u}", (int)ev->result.request, ev->result.uin);
	else if (ev->result.more)
		say(s, "{%d ok, more}", (int)ev->result.request);
	else if (ev->result.peeked)
		on_peeked(s, ev);
	else
		say(s, "{%d %s}", (int)ev->result.request, icq_client_error_name(ev->result.error));
}

static void on_found(struct scene *s, const struct icq_client_event *ev)
{
	static const char *const marks[] = { "", "+", "?" };
	const struct icq_client_profile *profile = ev->found.profile;
	struct icq_str nick = profile->text[ICQ_PROFILE_NICK];
	struct icq_str city = profile->text[ICQ_PROFILE_CITY];

	say(s, "=%u%s %.*s%.*s", ev->found.uin, marks[ev->found.there], nick.len,
	    (const char *)nick.p, city.len, (const char *)city.p);
	s->found = *profile;
}

static void on_chat(struct scene *s, const struct icq_client_event *ev)
{
	static const char *const between[] = {
		[ICQ_CLIENT_CHAT_TEXT] = ": ", [ICQ_CLIENT_CHAT_TYPING] = ".. "
	};
	const char *what = icq_client_chat_event_name(ev->chat.what), *reason = ev->chat.reason;
	struct icq_str text = ev->chat.text;

	if (!ev->chat.uin)
		say(s, "&%u over%s%s%s%.*s", ev->chat.session, reason ? " " : "",
		    reason ? reason : "", text.len ? ": " : "", text.len, (const char *)text.p);
	else if (ev->chat.what == ICQ_CLIENT_CHAT_TEXT || ev->chat.what == ICQ_CLIENT_CHAT_TYPING)
		say(s, "&%u %u%s%.*s", ev->chat.session, ev->chat.uin, between[ev->chat.what],
		    text.len, (const char *)text.p);
	else
		say(s, "&%u %u %s", ev->chat.session, ev->chat.uin, what);
	s->matches = ev->chat.matches;
}

static void on_event(void *ctx, const struct icq_client_event *ev)
{
	struct scene *s = ctx;

	switch (ev->kind) {
	case ICQ_CLIENT_EV_RESULT:
		on_result(s, ev);
		break;
	case ICQ_CLIENT_EV_STATE:
		say(s, "[%s%s%s]", icq_client_state_name(ev->state.state),
		    ev->state.reason ? " " : "", ev->state.reason ? ev->state.reason : "");
		break;
	case ICQ_CLIENT_EV_MESSAGE:
	case ICQ_CLIENT_EV_HISTORY:
		on_message(s, ev);
		break;
	case ICQ_CLIENT_EV_REQUEST:
		on_asked(s, ev);
		break;
	case ICQ_CLIENT_EV_TRANSFER:
		on_transfer(s, ev);
		break;
	case ICQ_CLIENT_EV_CHAT:
		on_chat(s, ev);
		break;
	case ICQ_CLIENT_EV_SENT:
		on_sent(s, ev);
		break;
	case ICQ_CLIENT_EV_PRESENCE:
		say(s, "@%u %s", ev->presence->uin, icq_status_name(ev->presence->status));
		break;
	case ICQ_CLIENT_EV_PEER:
		say(s, "~%u %s", ev->peer.uin, icq_client_peer_state_name(ev->peer.state));
		break;
	case ICQ_CLIENT_EV_AWAY_READ:
		say(s, "?%u", ev->away_read);
		break;
	case ICQ_CLIENT_EV_NOTICE:
		say(s, "!%s", ev->notice.code);
		break;
	case ICQ_CLIENT_EV_FOUND:
		on_found(s, ev);
		break;
	case ICQ_CLIENT_EV_CONTACT:
	case ICQ_CLIENT_EV_PACKET:
		break;
	}
}

static void start(struct scene *s)
{
	struct icq_client_env env = { .ctx = s,
				      .send = on_send,
				      .submit = on_submit,
				      .random = on_random,
				      .log = on_log,
				      .event = on_event,
				      .new_port = on_new_port,
				      .inner_ip = on_inner_ip,
				      .connect = s->place.connect,
				      .stream_send = s->place.stream_send,
				      .stream_close = s->place.stream_close,
				      .stream_end = s->place.stream_end,
				      .stream_room = s->place.stream_room,
				      .stream_hold = s->place.stream_hold,
				      .listen = s->place.listen,
				      .listen_end = s->place.listen_end,
				      .file = s->place.file,
				      .file_end = s->place.file_end };

	s->client = icq_client_new(&s->conf, &env);
	assert_non_null(s->client);
}

void scene_open(struct scene *s)
{
	scene_open_at(s, &(struct scene_place){ .uin = ME });
}

void scene_open_at(struct scene *s, const struct scene_place *place)
{
	*s = (struct scene){ .place = *place,
			     .conf = { .server = server_addr,
				       .direct = place->direct,
				       .listen_port = place->listen_port,
				       .peer_first = place->peer_first },
			     .now = { .mono_ms = 1000, .unix_s = 1000000000 },
			     .history = history_mem_new() };
	assert_non_null(s->history);
	if (place->server.port)
		s->conf.server = place->server;
	start(s);
}

static void drop_jobs(struct scene *s)
{
	while (s->job_count)
		free(s->jobs[--s->job_count]);
}

void scene_close(struct scene *s)
{
	icq_client_free(&s->client);
	drop_jobs(s);
	history_mem_free(&s->history);
}

void scene_restart(struct scene *s)
{
	icq_client_free(&s->client);
	drop_jobs(s);
	start(s);
}

/* ---- time and the history -------------------------------------------------------------- */

void scene_answer(struct scene *s)
{
	while (s->job_count) {
		struct history_job *job = s->jobs[0];

		memmove(s->jobs, s->jobs + 1, --s->job_count * sizeof(*s->jobs));
		history_mem_run(s->history, job);
		icq_client_done(s->client, s->now, job);
		free(job);
	}
}

static void settle(struct scene *s)
{
	if (!s->hold_jobs)
		scene_answer(s);
}

/* Two ticks at one time may be needed, when a session is mended at once; never three. */
void scene_run(struct scene *s, int64_t ms)
{
	int64_t end_ms = s->now.mono_ms + ms, due_ms;
	int ticks = 0;

	while ((due_ms = icq_client_deadline(s->client)) <= end_ms) {
		if (due_ms > s->now.mono_ms) {
			s->now.unix_s += (due_ms - s->now.mono_ms) / 1000;
			s->now.mono_ms = due_ms;
			ticks = 0;
		}
		check(++ticks < 3);
		icq_client_tick(s->client, s->now);
		settle(s);
	}
	s->now.mono_ms = end_ms;
}

/* ---- the server ------------------------------------------------------------------------ */

void scene_server_bytes(struct scene *s, const void *p, size_t n)
{
	icq_client_input(s->client, s->now, &s->conf.server, p, n);
	settle(s);
}

void scene_server_hex(struct scene *s, const char *hex)
{
	struct hex h = hex_bytes(hex);

	scene_server_bytes(s, h.b, h.n);
}

void scene_server(struct scene *s, enum icq_id id, uint16_t seq, const union icq_msg *msg)
{
	static uint8_t packet[ICQ_MAX_datagram];
	struct icq_head head = { .version = 2, .seq = seq };
	union icq_msg preset;
	int n;

	icq_preset(id, &preset);
	n = icq_pack(id, &head, msg ? msg : &preset, packet, sizeof(packet));
	check(n > 0);
	scene_server_bytes(s, packet, (size_t)n);
}

void scene_ack(struct scene *s, uint16_t seq)
{
	scene_server(s, M_s_ack, seq, NULL);
}

void scene_text(struct scene *s, uint16_t seq, uint32_t from, const char *text, uint64_t msgid)
{
	union icq_msg msg = {
		.s_message = { .from = from, .type = 1, .text = icq_str_of(text), .msgid = msgid }
	};

	scene_server(s, M_s_message, seq, &msg);
}

void scene_stored(struct scene *s, uint16_t seq, uint32_t from, const char *text, uint64_t msgid)
{
	struct icq_s_stored_message m = { .from = from,
					  .year = 2001,
					  .month = 9,
					  .day = 9,
					  .hour = 1,
					  .minute = 46,
					  .type = 1,
					  .text = icq_str_of(text),
					  .msgid = msgid };

	scene_server(s, M_s_stored_message, seq, &(union icq_msg){ .s_stored_message = m });
}

void scene_login(struct scene *s)
{
	icq_client_login(s->client, s->now, 1, s->place.uin, icq_str_of("secret1"),
			 ICQ_STATUS_online);
}

static void login_reply(struct scene *s)
{
	union icq_msg msg;

	icq_preset(M_s_login_reply, &msg);
	msg.s_login_reply.uin = s->place.uin;
	msg.s_login_reply.ip = s->place.ip;
	msg.s_login_reply.login_seq = s->login_seq;
	scene_server(s, M_s_login_reply, 0, &msg);
}

uint16_t scene_online(struct scene *s)
{
	uint16_t seq;

	if (icq_client_get_state(s->client) == ICQ_CLIENT_OFFLINE)
		scene_login(s);
	seq = s->last_seq;
	scene_ack(s, seq);
	login_reply(s);
	while (seq != s->last_seq)
		scene_ack(s, ++seq);
	scene_forget(s);
	return (uint16_t)(seq + 1);
}

/* ---- the user -------------------------------------------------------------------------- */

void scene_add(struct scene *s, uint32_t uin, enum icq_client_list list)
{
	struct icq_client_contact contact = { .uin = uin, .list = list };

	icq_client_put_contact(s->client, s->now, 0, &contact);
}

void scene_send(struct scene *s, uint32_t to, const char *text)
{
	icq_client_send(s->client, s->now, 7, to, T_text, icq_str_of(text));
	settle(s);
}
