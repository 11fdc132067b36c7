/* SPDX-License-Identifier: MIT */
#include "server/storm.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/now.h"
#include "server/rig.h"
#include "wire/any.h"

enum { PEOPLE = 4, SESSIONS = 3, PACKET = 2 * ANY_POOL, SILENCE_MS = 1000 * 1000 };

struct storm {
	struct rig *rig;
	const uint8_t *at, *end;
	struct addr home[PEOPLE];
	uint32_t uin[PEOPLE];
	uint16_t seq[PEOPLE];
};

static uint8_t next_byte(struct storm *s)
{
	return s->at < s->end ? *s->at++ : 0;
}

static size_t next_bytes(struct storm *s, uint8_t *out, size_t n)
{
	size_t left = (size_t)(s->end - s->at);

	if (n > left)
		n = left;
	memcpy(out, s->at, n);
	s->at += n;
	return n;
}

/* ---- packets --------------------------------------------------------------------------- */

/* A value for every field; what names a user names one of ours as a rule. */
static void fill(struct storm *s, enum icq_id id, union icq_msg *msg, uint8_t pool[ANY_POOL],
		 uint8_t *uins)
{
	struct rng rng = { .state = next_byte(s) };
	uint32_t to = s->uin[next_byte(s) % PEOPLE];

	any_fill(&rng, id, msg, pool);
	icq_uins_set(uins, 0, to);
	icq_uins_set(uins, 1, s->uin[next_byte(s) % PEOPLE]);
	if (id == M_c_login)
		msg->c_login = (struct icq_c_login){ .password = icq_str_of("pw"),
						     .status = (uint32_t)next_byte(s) << 4,
						     .tcp_version = next_byte(s) % 4 };
	else if (id == M_c_register)
		msg->c_register.password = icq_str_of("new");
	else if (id == M_c_send_message || id == M_c_message_new_user)
		msg->c_send_message = (struct icq_c_send_message){ .to = to,
								   .type = next_byte(s) % 16,
								   .text = icq_str_of("t\xFEt") };
	else if (id == M_c_contact_list || id == M_c_visible_list || id == M_c_invisible_list)
		msg->c_contact_list.uins = (struct icq_list){ uins, 2 };
	else if (id == M_c_add_to_list)
		msg->c_add_to_list.uin = to;
	else if (id == M_c_status)
		msg->c_status.status = (uint32_t)next_byte(s) << 2;
	else if (id == M_c_text_code)
		msg->c_text_code.text = icq_str_of(
			(const char *[]){ "B_USER_DISCONNECTED", "B_MESSAGE_ACK", "B_MESSAGE_IDS",
					  "" }[next_byte(s) % 4]);
}

static enum icq_id pick_command(uint8_t byte)
{
	static const enum icq_id common[] = {
		M_c_login,	  M_c_login,	  M_c_send_message, M_c_send_message,
		M_c_contact_list, M_c_status,	  M_c_text_code,    M_c_offline_messages,
		M_c_ack_messages, M_c_keep_alive, M_c_login_check,  M_c_register,
		M_c_add_to_list,
	};
	const struct icq_message *m = icq_describe((enum icq_id)(byte % M_COUNT));

	if (byte >= 128)
		return common[byte % (sizeof(common) / sizeof(*common))];
	return m && m->channel <= ICQ_BARE ? m->id : M_c_keep_alive;
}

static void send_command(struct storm *s, unsigned who, const struct addr *from)
{
	enum icq_id id = pick_command(next_byte(s));
	uint8_t twist = next_byte(s), packet[PACKET], pool[ANY_POOL], uins[8];
	struct icq_head head = { .version = twist & 1 && id == M_c_login_v1 ? 1 : 2,
				 .seq = ++s->seq[who],
				 .uin = s->uin[who] };
	union icq_msg msg;
	int len;

	if (twist & 2) /* the number once more, or one far ahead */
		head.seq = s->seq[who] = (uint16_t)(s->seq[who] + (twist & 4 ? -1 : 200));
	fill(s, id, &msg, pool, uins);
	len = icq_pack(id, &head, &msg, packet, sizeof(packet));
	assert(len > 0);
	if ((twist & 0xF0) == 0x10)
		len = next_byte(s) % len; /* cut */
	else if ((twist & 0xF0) == 0x20)
		packet[next_byte(s) % len] ^= next_byte(s);
	for (int i = twist & 0x80 && twist & 0x40 ? 6 : 1; i; i--)
		rig_input(s->rig, from, packet, (size_t)len);
}

/* Acknowledges all that has come, or lets it be lost. */
static void hear(struct storm *s, unsigned who, bool ack)
{
	struct parcel *got;

	while ((got = rig_take(s->rig, &s->home[who]))) {
		struct icq_head head = { .version = 2, .uin = s->uin[who] };
		uint8_t packet[16];
		int len;

		assert(got->n >= 6);
		head.seq = (uint16_t)(got->p[4] | got->p[5] << 8);
		len = icq_pack(M_c_ack, &head, NULL, packet, sizeof(packet));
		if (ack && got->p[2] != 0x0A)
			rig_input(s->rig, &s->home[who], packet, (size_t)len);
		free(got);
	}
}

static void log_in(struct storm *s, unsigned who)
{
	struct icq_head head = { .version = 2, .uin = s->uin[who] };
	union icq_msg msg;
	uint8_t packet[64];
	int len;

	icq_preset(M_c_login, &msg);
	msg.c_login.password = icq_str_of("pw");
	len = icq_pack(M_c_login, &head, &msg, packet, sizeof(packet));
	rig_input(s->rig, &s->home[who], packet, (size_t)len);
	hear(s, who, true);
}

static void send_bytes(struct storm *s, const struct addr *from)
{
	uint8_t packet[64];
	size_t n = next_bytes(s, packet, next_byte(s) % 64);

	rig_input(s->rig, from, packet, n);
}

/* ---- what must always hold ------------------------------------------------------------- */

static void check_session(const struct server *srv, const struct session *s)
{
	size_t messages;

	assert(session_find(&srv->sessions, s->uin) == s);
	assert(link_waiting(&s->link, &messages) >= messages);
	assert(s->link.in_flight <= s->link.rules->window);
	assert(s->verified == (s->link.credit == LINK_UNLIMITED));
	assert(s->verified || s->link.credit >= 0);
	assert(messages <= 1 && (s->mailbox.busy || messages == 0));
}

static void check_server(struct rig *r)
{
	const struct server *srv = r->srv;
	uint32_t count = 0;

	for (uint32_t i = 1; i < srv->sessions.fresh; i++) {
		if (!srv->sessions.at[i].uin)
			continue;
		count++;
		check_session(srv, &srv->sessions.at[i]);
	}
	assert(count == srv_session_count(srv) && count <= SESSIONS);
	assert(srv->counters.logins >=
	       srv->counters.logouts + srv->counters.expired + srv->counters.replaced + count);
	assert(srv_deadline(srv) > r->now.mono_ms);
}

static void check_over(struct rig *r)
{
	const struct server *srv = r->srv;

	assert(srv_session_count(srv) == 0);
	assert(link_pool_used(srv->pool) == 0);
	assert(srv->logins.count == 0);
	assert(srv_deadline(srv) == NEVER_MS);
}

/* ---- the run --------------------------------------------------------------------------- */

static void step(struct storm *s)
{
	uint8_t op = next_byte(s);
	unsigned who = op >> 4 & (PEOPLE - 1);
	struct addr elsewhere = s->home[(who + 1) % PEOPLE];

	switch (op & 15) {
	case 8:
		send_bytes(s, &s->home[who]);
		break;
	case 9:
		send_command(s, who, &elsewhere);
		break;
	case 10:
		rig_wait(s->rig, 40 * next_byte(s) * (op & 0x80 ? 10 : 1));
		break;
	case 11:
		rig_answer(s->rig, next_byte(s));
		break;
	case 12:
		s->rig->hold = next_byte(s) < 64;
		break;
	case 13:
		store_mem_fail(s->rig->store, next_byte(s) / 64);
		break;
	case 14:
		s->rig->full = next_byte(s) < 32;
		break;
	case 15:
		hear(s, who, op & 0x80);
		break;
	default:
		send_command(s, who, &s->home[who]);
		hear(s, who, !(op & 4));
	}
}

static void begin(struct storm *s)
{
	struct conf conf = rig_conf();

	conf.limits_enabled = next_byte(s) & 1;
	conf.limit_sessions = SESSIONS;
	conf.max_packets = 100;
	s->rig = rig_new(&conf);
	for (unsigned i = 0; i < PEOPLE; i++) {
		s->home[i] = addr_v4(0x0A000001 + i, 4000);
		s->uin[i] = rig_account(s->rig, "pw");
	}
	for (unsigned i = 0; i < SESSIONS; i++)
		log_in(s, i);
}

/* Everybody falls silent and the world gets well. */
static void end(struct storm *s)
{
	s->rig->hold = s->rig->full = false;
	store_mem_fail(s->rig->store, 0);
	rig_answer(s->rig, SIZE_MAX);
	rig_wait(s->rig, SILENCE_MS);
	rig_answer(s->rig, SIZE_MAX);
	check_over(s->rig);
	rig_free(&s->rig);
}

void storm_run(const uint8_t *data, size_t size)
{
	struct storm s = { .at = data, .end = data + size };

	begin(&s);
	while (s.at < s.end) {
		step(&s);
		check_server(s.rig);
	}
	end(&s);
}
