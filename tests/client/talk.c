/* SPDX-License-Identifier: MIT */
#include "client/talk.h"

#include <stdio.h>

#include "client/disk.h"
#include "client/scene.h"
#include "harness.h"

enum {
	STREAMS = 40,
	STREAM_BYTES = 16384,
	LINE = 1024,
	HOME = 0xCB007109,
	LISTENS_AT = 5601,
	SESSIONS_AT = 8250,
};

/* A stream to or from another client. */
struct end {
	char name[16];
	uint32_t number;
	bool closed; /* by us */
	size_t n;
	uint8_t bytes[STREAM_BYTES]; /* sent to it, and not looked at yet */
};

struct bytes {
	size_t n;
	bool open; /* any rest may follow */
	uint8_t b[2048];
	bool any[2048];
};

static struct scene s;
static struct end ends[STREAMS];
static size_t end_count;
static uint32_t asked; /* the stream that the engine wants to have connected; 0: none */
static struct addr asked_to;
static uint32_t awaited; /* the listener of a chat or transfer; 0: none */
static uint16_t server_seq;
static struct disk disk;

static struct {
	char name[16];
	struct addr at;
} places[8];

static size_t place_count;

/* ---- the world ------------------------------------------------------------------------- */

static int on_connect(void *ctx, uint32_t stream, const struct addr *to)
{
	(void)ctx;
	check(!asked);
	asked = stream;
	asked_to = *to;
	return 0;
}

static struct end *end_of(uint32_t number)
{
	struct end *e = ends;

	while (e < ends + end_count && e->number != number)
		e++;
	check(e < ends + end_count);
	return e;
}

static void on_stream_send(void *ctx, uint32_t stream, const void *p, size_t n)
{
	struct end *e = end_of(stream);

	(void)ctx;
	check(!e->closed && e->n + n <= sizeof(e->bytes));
	memcpy(e->bytes + e->n, p, n);
	e->n += n;
}

static void on_stream_close(void *ctx, uint32_t stream)
{
	(void)ctx;
	if (stream == asked)
		asked = 0;
	else
		end_of(stream)->closed = true;
}

static size_t on_stream_room(void *ctx, uint32_t stream)
{
	(void)ctx;
	return STREAM_BYTES - end_of(stream)->n;
}

static void on_stream_hold(void *ctx, uint32_t stream, bool hold)
{
	(void)ctx;
	(void)stream;
	(void)hold;
}

static int on_file(void *ctx, const struct icq_client_file_job *job)
{
	(void)ctx;
	disk_submit(&disk, job);
	return 0;
}

static void on_file_end(void *ctx, uint32_t transfer)
{
	(void)ctx;
	disk_end(&disk, transfer);
}

static int on_listen(void *ctx, uint32_t listener, uint16_t *port_out)
{
	(void)ctx;
	awaited = listener;
	*port_out = SESSIONS_AT;
	return 0;
}

static void on_listen_end(void *ctx, uint32_t listener)
{
	(void)ctx;
	(void)listener;
}

static void begin(void)
{
	end_count = place_count = 0;
	asked = 0;
	server_seq = 0;
	scene_open_at(&s, &(struct scene_place){ .uin = ME,
						 .ip = HOME,
						 .direct = ICQ_CLIENT_DIRECT_ON,
						 .listen_port = LISTENS_AT,
						 .peer_first = true,
						 .connect = on_connect,
						 .stream_send = on_stream_send,
						 .stream_close = on_stream_close,
						 .stream_end = on_stream_close,
						 .stream_room = on_stream_room,
						 .stream_hold = on_stream_hold,
						 .file = on_file,
						 .file_end = on_file_end,
						 .listen = on_listen,
						 .listen_end = on_listen_end });
	scene_online(&s);
}

/* ---- bytes ----------------------------------------------------------------------------- */

static void add(struct bytes *to, uint8_t byte, bool any)
{
	check(to->n < sizeof(to->b));
	to->any[to->n] = any;
	to->b[to->n++] = byte;
}

static const char *add_text(struct bytes *to, const char *text)
{
	size_t len = strcspn(text, "\"");

	add(to, (uint8_t)(len + 1), false);
	add(to, (uint8_t)((len + 1) >> 8), false);
	for (size_t i = 0; i < len; i++)
		add(to, (uint8_t)text[i], false);
	add(to, 0, false);
	return text + len + 1;
}

static struct bytes bytes_of(const char *words)
{
	struct bytes to = { 0 };
	char word[LINE];

	while (words += strspn(words, " "), *words) {
		if (*words == '"') {
			words = add_text(&to, words + 1);
			continue;
		}
		check(sscanf(words, "%1023s", word) == 1);
		words += strlen(word);
		if (strcmp(word, "..") == 0)
			add(&to, 0, true);
		to.open |= strcmp(word, "*") == 0;

		struct hex hex = hex_bytes(word);

		for (size_t i = 0; i < hex.n; i++)
			add(&to, hex.b[i], false);
	}
	return to;
}

/* ---- other clients --------------------------------------------------------------------- */

static void introduce(const char *name, uint32_t uin, const char *at, unsigned version)
{
	union icq_msg msg = { .s_user_online = { .uin = uin, .mode = 4, .tcp_version = version } };

	check(place_count < sizeof(places) / sizeof(*places));
	check(addr_parse(at, &places[place_count].at) == 0);
	snprintf(places[place_count].name, sizeof(places->name), "%s", name);
	msg.s_user_online.ip = addr_ip4(&places[place_count].at);
	msg.s_user_online.port = places[place_count++].at.port;
	scene_add(&s, uin, ICQ_CLIENT_NORMAL);
	scene_ack(&s, s.last_seq);
	scene_server(&s, M_s_user_online, ++server_seq, &msg);
	scene_forget(&s);
}

static struct end *new_end(const char *name, uint32_t number)
{
	check(end_count < STREAMS);
	ends[end_count] = (struct end){ .number = number };
	snprintf(ends[end_count].name, sizeof(ends->name), "%s", name);
	return &ends[end_count++];
}

static struct end *named(const char *name)
{
	for (size_t i = end_count; i > 0; i--)
		if (strcmp(ends[i - 1].name, name) == 0)
			return &ends[i - 1];
	fail_msg("there is no stream %s", name);
}

static void come(const char *name, const char *from, uint32_t listener)
{
	char at[80];
	struct addr addr;
	uint32_t number;

	snprintf(at, sizeof(at), "%.63s:40000", from);
	check(addr_parse(at, &addr) == 0);
	number = icq_client_stream_accepted(s.client, s.now, listener, &addr);
	new_end(name, number)->closed = !number;
}

static void get_connected(const char *name)
{
	uint32_t number = asked;

	for (size_t i = 0; i < place_count; i++)
		if (strcmp(places[i].name, name) == 0)
			check(addr_equal(&places[i].at, &asked_to));
	check(number);
	asked = 0;
	new_end(name, number);
	icq_client_stream_opened(s.client, s.now, number);
}

static void hear(const struct end *e, const void *p, size_t n)
{
	check(!e->closed);
	icq_client_stream_data(s.client, s.now, e->number, p, n);
	scene_answer(&s);
	while (disk_turn(&disk, &s))
		;
}

static void hear_packet(const struct end *e, const char *words)
{
	struct bytes packet = bytes_of(words);
	uint8_t framed[sizeof(packet.b) + 2] = { (uint8_t)packet.n, (uint8_t)(packet.n >> 8) };

	memcpy(framed + 2, packet.b, packet.n);
	hear(e, framed, packet.n + 2);
}

static void expect_packet(struct end *e, const char *words)
{
	struct bytes wanted = bytes_of(words);
	size_t n = e->n < 2 ? 0 : (size_t)(e->bytes[0] | e->bytes[1] << 8);

	if (e->n < 2)
		fail_msg("nothing was sent to %s", e->name);
	check(n + 2 <= e->n);
	for (size_t i = 0; i < n && i < wanted.n; i++)
		if (wanted.any[i])
			wanted.b[i] = e->bytes[2 + i];
	assert_bytes(wanted.b, wanted.n, e->bytes + 2, wanted.open && wanted.n < n ? wanted.n : n);
	e->n -= n + 2;
	memmove(e->bytes, e->bytes + n + 2, e->n);
}

static void expect_bytes(struct end *e, const char *hex)
{
	struct hex wanted = hex_bytes(hex);

	assert_bytes(wanted.b, wanted.n, e->bytes, e->n);
	e->n = 0;
}

/* "licq ..." */
static bool client_step(const char *name, const char *rest)
{
	unsigned uin, version = 2;
	char at[64];

	if (sscanf(rest, "is %u at %63s tcp %u", &uin, at, &version) >= 2)
		introduce(name, uin, at, version);
	else if (sscanf(rest, "connects from %63s", at) == 1)
		come(name, at, 0);
	else if (sscanf(rest, "joins from %63s", at) == 1)
		come(name, at, awaited);
	else if (strncmp(rest, "> ", 2) == 0)
		hear_packet(named(name), rest + 2);
	else if (strncmp(rest, "raw ", 4) == 0) {
		struct hex hex = hex_bytes(rest + 4);

		hear(named(name), hex.b, hex.n);
	} else if (strncmp(rest, "< ", 2) == 0)
		expect_packet(named(name), rest + 2);
	else if (strncmp(rest, "<< ", 3) == 0)
		expect_bytes(named(name), rest + 3);
	else if (strcmp(rest, "quiet") == 0)
		assert_int_equal(named(name)->n, 0);
	else if (strcmp(rest, "closed") == 0)
		check(named(name)->closed);
	else if (strcmp(rest, "hangs up") == 0)
		icq_client_stream_closed(s.client, s.now, named(name)->number, false);
	else
		return false;
	return true;
}

/* ---- the user -------------------------------------------------------------------------- */

static void be(const char *word, const char *text)
{
	enum icq_status status;

	check(icq_status_parse(word, &status) == 0);
	icq_client_away_text(s.client, status, text);
	icq_client_status(s.client, s.now, 0, status);
	scene_ack(&s, s.last_seq);
	scene_forget(&s);
}

static bool answer_request(const char *rest)
{
	unsigned number;
	int len = 0;

	if (sscanf(rest, "accepts %u", &number) == 1)
		icq_client_accept(s.client, s.now, 7, number);
	else if (sscanf(rest, "refuses %u %n", &number, &len) == 1 && len)
		icq_client_refuse(s.client, s.now, 7, number, icq_str_of(rest + len));
	else if (sscanf(rest, "cancels %u", &number) == 1)
		icq_client_cancel(s.client, s.now, 7, number);
	else
		return false;
	return true;
}

static void type(uint32_t session, const char *text)
{
	char line[256];

	snprintf(line, sizeof(line), "%s\n", text);
	icq_client_chat_type(s.client, s.now, 7, session, line);
}

static void offer(uint32_t uin, const char *name, uint32_t size, const char *text)
{
	struct icq_client_file file = { icq_str_of(name), size };

	icq_client_send_files(s.client, s.now, 7, uin, &file, 1, icq_str_of(text));
}

static bool user_step(const char *rest)
{
	unsigned uin, size;
	int len = 0;
	char word[64], text[256] = "";

	if (sscanf(rest, "offers %u %63s %u %n", &uin, word, &size, &len) == 3 && len)
		offer(uin, word, size, rest + len);
	else if (sscanf(rest, "sends %u %n", &uin, &len) == 1 && len)
		icq_client_send(s.client, s.now, 7, uin, T_text, icq_str_of(rest + len));
	else if (sscanf(rest, "sends urgently %u %n", &uin, &len) == 1 && len)
		icq_client_send_by(s.client, s.now, 7, uin, T_text, icq_str_of(rest + len),
				   ICQ_CLIENT_VIA_AUTO, ICQ_CLIENT_MODE_URGENT);
	else if (sscanf(rest, "types %u %n", &uin, &len) == 1 && len)
		type(uin, rest + len);
	else if (sscanf(rest, "peeks %u", &uin) == 1)
		icq_client_peek(s.client, s.now, 7, uin);
	else if (sscanf(rest, "is %63[a-z]: %255[^\n]", word, text) >= 1)
		be(word, text);
	else if (!answer_request(rest))
		return false;
	scene_answer(&s);
	return true;
}

static void expect_stored(const char *name, uint32_t size)
{
	assert_int_equal(disk_part(&disk, name), size);
}

static void expect_told(const char *wanted)
{
	size_t len = s.diary_len;

	if (len && s.diary[len - 1] == ' ')
		s.diary[len - 1] = 0;
	assert_string_equal(s.diary, wanted + strspn(wanted, " "));
	scene_forget(&s);
}

/* ---- all steps ------------------------------------------------------------------------- */

static bool step(const char *line)
{
	char name[16];
	unsigned size;
	double seconds;
	int len = 0;

	if (sscanf(line, "wait %lf", &seconds) == 1)
		scene_run(&s, (int64_t)(seconds * 1000 + 0.5));
	else if (strncmp(line, "told", 4) == 0)
		expect_told(line + 4);
	else if (sscanf(line, "stored %15s %u", name, &size) == 2)
		expect_stored(name, size);
	else if (sscanf(line, "we connect to %15s", name) == 1)
		get_connected(name);
	else if (strncmp(line, "user ", 5) == 0)
		return user_step(line + 5);
	else
		return sscanf(line, "%15s %n", name, &len) == 1 && client_step(name, line + len);
	return true;
}

void talk_play(const char *steps)
{
	char line[LINE];

	begin();
	for (; *steps; steps += strcspn(steps, "\n"), steps += *steps == '\n') {
		int n = (int)strcspn(steps, "\n");

		snprintf(line, sizeof(line), "%.*s", n, steps);
		if (*line != '\t')
			continue;
		fprintf(stderr, "%s\n", line); /* the last one is the one that failed */
		if (!step(line + 1))
			fail_msg("no such step");
	}
	for (struct end *e = ends; e < ends + end_count; e++)
		if (!e->closed && e->n)
			fail_msg("%zu bytes were sent to %s", e->n, e->name);
	check(!asked);
	scene_close(&s);
	disk_close(&disk);
}
