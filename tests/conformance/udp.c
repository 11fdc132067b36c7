/* SPDX-License-Identifier: MIT */
#include "conformance/udp.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/err.h"
#include "harness.h"
#include "io/clock.h"
#include "io/random.h"
#include "io/sockaddr.h"

enum { REGISTRAR = SCRIPT_PEOPLE, PACKET = 64 };

/* ---- sockets --------------------------------------------------------------------------- */

static void local_address(int fd, struct addr *out)
{
	struct sockaddr_storage at;
	socklen_t len = sizeof(at);

	check(getsockname(fd, (struct sockaddr *)&at, &len) == 0 && sockaddr_read(&at, out));
}

static void bind_to(int fd, const struct addr *at)
{
	struct sockaddr_storage name;
	socklen_t len = sockaddr_make(at, &name);

	check(bind(fd, (const struct sockaddr *)&name, len) == 0);
}

static struct udp_socket *open_socket(struct udp_world *w, size_t person, enum script_place where)
{
	struct udp_socket *s = &w->sockets[w->count];
	struct addr another = addr_v4(0x7F000002u, 0);
	struct sockaddr_storage to;
	socklen_t len = sockaddr_make(&w->server, &to);

	check(w->count < UDP_SOCKETS);
	*s = (struct udp_socket){ .person = person, .where = where };
	s->fd = socket(to.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	check(s->fd >= 0);
	w->count++;
	if (where == AT_ANOTHER_HOST)
		bind_to(s->fd, &another);
	check(connect(s->fd, (const struct sockaddr *)&to, len) == 0);
	local_address(s->fd, &s->addr);
	return s;
}

static struct udp_socket *socket_of(struct udp_world *w, size_t person, enum script_place where)
{
	for (size_t i = 0; i < w->count; i++)
		if (w->sockets[i].person == person && w->sockets[i].where == where)
			return &w->sockets[i];
	return open_socket(w, person, where);
}

static struct udp_socket *socket_at(struct udp_world *w, const struct addr *at)
{
	for (size_t i = 0; i < w->count; i++)
		if (addr_equal(&w->sockets[i].addr, at))
			return &w->sockets[i];
	fail_msg("nobody has this address");
}

static void close_all(struct udp_world *w)
{
	while (w->count)
		close(w->sockets[--w->count].fd);
}

/* ---- datagrams ------------------------------------------------------------------------- */

static void be_active(struct udp_world *w)
{
	w->active_ms = clock_now().mono_ms;
}

static void send_at(struct udp_world *w, const struct udp_socket *s, const void *p, size_t n)
{
	if (send(s->fd, p, n, 0) < 0)
		perror("send");
	be_active(w);
}

static struct parcel *receive(struct udp_world *w, const struct udp_socket *s)
{
	uint8_t packet[SCRIPT_DATAGRAM];
	ssize_t n = recv(s->fd, packet, sizeof(packet), MSG_DONTWAIT);
	struct parcel *got;

	if (n < 0)
		return NULL;
	got = malloc(sizeof(*got) + (size_t)n);
	check(got);
	*got = (struct parcel){ .to = s->addr, .n = (size_t)n };
	memcpy(got->p, packet, (size_t)n);
	be_active(w);
	return got;
}

/* What comes at one of n sockets until a moment. */
static struct parcel *await(struct udp_world *w, const struct udp_socket *first, size_t n,
			    int64_t until_ms)
{
	struct pollfd polled[UDP_SOCKETS];
	int64_t left_ms = until_ms - clock_now().mono_ms;

	for (size_t i = 0; i < n; i++)
		polled[i] = (struct pollfd){ .fd = first[i].fd, .events = POLLIN };
	if (poll(polled, n, left_ms > 0 ? (int)left_ms : 0) <= 0)
		return NULL;
	for (size_t i = 0; i < n; i++)
		if (polled[i].revents)
			return receive(w, &first[i]);
	return NULL;
}

/* ---- accounts -------------------------------------------------------------------------- */

static size_t pack_registration(struct udp_world *w, uint8_t packet[PACKET])
{
	struct icq_head head = { .version = 2, .seq = ++w->registration };
	union icq_msg msg;

	icq_preset(M_c_register, &msg);
	msg.c_register.password = icq_str_of("secret");
	return (size_t)icq_pack(M_c_register, &head, &msg, packet, PACKET);
}

/* The UIN in an answer to a registration, 0 if it is another packet. */
static uint32_t new_uin(struct parcel *got)
{
	struct icq_head head;
	enum icq_id id = M_NONE;
	union icq_msg msg;
	int err = icq_unpack(ICQ_SERVER, got->p, got->n, &head, &id, &msg);

	free(got);
	if (id == M_s_try_again)
		harness_skip("the server makes no accounts");
	return err == 0 && id == M_s_new_uin ? msg.s_new_uin.uin : 0;
}

/* From a socket of its own, with numbers of its own: a repeated address, number and password
 * would give the account of another conversation. */
static uint32_t account(void *ctx)
{
	struct udp_world *w = ctx;
	const struct udp_socket *s = socket_of(w, REGISTRAR, AT_HOME);
	uint8_t packet[PACKET];
	struct parcel *got;
	uint32_t uin = 0;

	send_at(w, s, packet, pack_registration(w, packet));
	while (!uin && (got = await(w, s, 1, w->active_ms + w->patience_ms)))
		uin = new_uin(got);
	if (!uin)
		fail_msg("no answer to a registration");
	return uin;
}

/* ---- the world of a script ------------------------------------------------------------- */

static struct addr place(void *ctx, size_t person, enum script_place where)
{
	return socket_of(ctx, person, where)->addr;
}

static void send_from(void *ctx, const struct addr *from, const void *p, size_t n)
{
	send_at(ctx, socket_at(ctx, from), p, n);
}

static struct parcel *take(void *ctx, const struct addr *to, bool awaited)
{
	struct udp_world *w = ctx;
	int64_t until_ms = awaited ? clock_now().mono_ms + w->patience_ms
				   : w->active_ms + w->quiet_ms;

	if (!to)
		return await(w, w->sockets, w->count, until_ms);
	return await(w, socket_at(w, to), 1, until_ms);
}

static bool step(void *ctx, const char *text)
{
	double seconds;

	(void)ctx;
	if (sscanf(text, "wait %lf", &seconds) != 1)
		return false;
	poll(NULL, 0, (int)(seconds * 1000));
	return true;
}

struct script_world udp_script_world(struct udp_world *w)
{
	return (struct script_world){ w, w->run, account, place, send_from, take, step };
}

bool udp_server_is_there(struct udp_world *w)
{
	static const uint8_t question[] = { 2, 0, 0xEC, 4, 1, 0 }; /* NEW_USER_1: only the ACK */
	const struct udp_socket *s = socket_of(w, REGISTRAR, AT_HOME);
	struct parcel *got;
	bool there;

	send_at(w, s, question, sizeof(question));
	got = await(w, s, 1, w->active_ms + w->patience_ms);
	there = got != NULL;
	free(got);
	return there;
}

/* ---- begin and end --------------------------------------------------------------------- */

void udp_begin(struct udp_world *w)
{
	close_all(w);
	snprintf(w->run, sizeof(w->run), "%08x", (unsigned)random_below(UINT32_MAX));
	w->registration = (uint16_t)random_below(UINT16_MAX);
}

static void log_out(struct udp_world *w, const struct person *p)
{
	struct icq_head head = { .version = p->version,
				 .seq = (uint16_t)(p->seq + 1),
				 .uin = p->uin };
	union icq_msg msg = { .c_text_code = { .text = icq_str_of(icq_text_code_text(C_log_out)),
					       .code = 5 } };
	uint8_t packet[PACKET];
	int len = icq_pack(M_c_text_code, &head, &msg, packet, sizeof(packet));

	send_at(w, socket_at(w, &p->addr), packet, (size_t)len);
}

static bool is_answer(struct parcel *got)
{
	struct icq_head head;
	enum icq_id id = M_NONE;
	union icq_msg msg;

	icq_unpack(ICQ_SERVER, got->p, got->n, &head, &id, &msg);
	free(got);
	return id == M_s_ack || id == M_s_not_connected;
}

/* The answers are waited for, or they might come to a socket of the next conversation that
 * happens to get the same port. */
void udp_leave(struct udp_world *w, struct script *s)
{
	size_t due = s->count;
	struct parcel *got;

	for (size_t i = 0; i < s->count; i++)
		log_out(w, &s->people[i]);
	while (due && (got = await(w, w->sockets, w->count, w->active_ms + w->quiet_ms)))
		due -= is_answer(got);
	close_all(w);
}
