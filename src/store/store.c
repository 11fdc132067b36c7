/* SPDX-License-Identifier: MIT */
#include "store/store.h"

#include "base/err.h"
#include "store/rules.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char *const reasons[REFUSED_COUNT] = {
	[REFUSED_UNKNOWN] = "there is no such number",
	[REFUSED_FULL] = "the mailbox is full",
	[REFUSED_LONG] = "the text is too long",
	[REFUSED_TYPE] = "messages of this type are not passed on",
	[REFUSED_BROKEN] = "a part of it is missing",
	[REFUSED_OFTEN] = "you have sent too many of this kind",
};

size_t refusal_text(enum refusal why, uint32_t to, uint8_t *out, size_t cap)
{
	char text[NOTICE_MAX];

	assert(why > REFUSED_NOT && why < REFUSED_COUNT);
	int n = snprintf(text, sizeof(text), "Your message to %" PRIu32 " was not delivered: %s.",
			 to, reasons[why]);
	size_t len = (size_t)n < cap ? (size_t)n : cap;

	assert(n > 0 && (size_t)n < sizeof(text));
	memcpy(out, text, len);
	return len;
}

size_t expiry_text(uint64_t messages, int64_t retention_s, uint8_t out[NOTICE_MAX])
{
	char text[NOTICE_MAX];
	int n = snprintf(text, sizeof(text),
			 "%" PRIu64 " message%s waited for you longer than %" PRId64
			 " days and %s removed.",
			 messages, messages == 1 ? "" : "s", retention_s / (24 * 3600),
			 messages == 1 ? "was" : "were");

	assert(n > 0 && (size_t)n < sizeof(text));
	memcpy(out, text, (size_t)n);
	return (size_t)n;
}

struct message_key message_key(const struct job_message_put *p)
{
	struct message_key k = { .from = p->from };

	if (p->msgid) {
		k.id = p->msgid;
		k.until_s = p->steady_s + KEY_MSGID_S;
	} else {
		k.epoch = p->epoch;
		k.id = (uint64_t)p->seq << 32 | (uint64_t)p->command << 16 | p->body_len;
		k.until_s = p->steady_s + KEY_SEQ_S;
	}
	return k;
}

bool flight_is_read(const struct flight *f, uint64_t g, uint64_t epoch, uint64_t read)
{
	return f->old && f->epoch == epoch && g <= read;
}

void saved_session_add(struct saved_session *saved, uint64_t read, uint64_t g,
		       const struct flight *f)
{
	saved->session.waiting++;
	if (f->epoch != saved->session.epoch)
		return;
	if (flight_is_read(f, g, f->epoch, read)) {
		saved->read = g;
	} else if (!saved->flight || f->n >= saved->flight_n) {
		saved->flight = g;
		saved->flight_n = f->n;
		saved->flight_part = f->part;
		saved->flight_old = f->old;
	}
}

static uint32_t place_on(const uint32_t *list, uint32_t count, uint32_t uin)
{
	uint32_t i = 0;

	while (i < count && list[i] != uin)
		i++;
	return i;
}

uint32_t session_list_change(const struct job *j, uint32_t *list, uint32_t count)
{
	if (j->list.clear)
		count = 0;
	for (size_t at = 0; at + 4 <= j->text_len; at += 4) {
		uint32_t uin;

		uins_unpack(j->text + at, 1, &uin);
		uint32_t i = place_on(list, count, uin);

		if (i < count && j->list.take_off)
			memmove(list + i, list + i + 1, (--count - i) * sizeof(*list));
		else if (i == count && !j->list.take_off && count < STORE_LIST_MAX)
			list[count++] = uin;
	}
	return count;
}

void uins_pack(const uint32_t *uins, size_t count, uint8_t *out)
{
	for (size_t i = 0; i < count; i++) {
		uint32_t uin = uins[i];

		for (int byte = 0; byte < 4; byte++)
			*out++ = (uint8_t)(uin >> 8 * byte);
	}
}

void uins_unpack(const uint8_t *p, size_t count, uint32_t *out)
{
	for (size_t i = 0; i < count; i++, p += 4)
		out[i] = p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static bool over(uint64_t amount, uint32_t most)
{
	return most != 0 && amount > most;
}

bool mailbox_full(const struct job_message_put *p, size_t text_len, const struct mailbox_use *use)
{
	return over(use->messages + 1, p->max_messages) ||
	       over(use->bytes + text_len, p->max_bytes) ||
	       over(use->from_one + 1, p->max_from_one);
}

int invite_check(const char *code)
{
	size_t len = strlen(code);

	return len > 0 && len <= JOB_PASSWORD_MAX ? 0 : -ICQ_ERANGE;
}

bool job_reads(enum job_kind kind)
{
	return kind == JOB_PROFILE || kind == JOB_SEARCH || kind == JOB_ACCOUNT_LIST ||
	       kind == JOB_STATS;
}

bool job_needs_room(enum job_kind kind)
{
	switch (kind) {
	case JOB_REGISTER:
	case JOB_MESSAGE_PUT:
	case JOB_MESSAGE_SYSTEM:
	case JOB_PROFILE_SET:
	case JOB_PASSWORD_SET:
	case JOB_PASSWORD_BACK:
	case JOB_ACCOUNT_ADD:
	case JOB_INVITE:
		return true;
	default:
		return false;
	}
}

int64_t job_time(const struct job *j)
{
	switch (j->kind) {
	case JOB_REGISTER:
		return j->reg.now_s;
	case JOB_SESSION_BEGIN:
		return j->session.now_s;
	case JOB_MESSAGE_PUT:
		return j->put.now_s;
	case JOB_MESSAGE_SYSTEM:
		return j->message_system.now_s;
	case JOB_ACCOUNT_ADD:
		return j->account_add.now_s;
	case JOB_PASSWORD_SET:
	case JOB_PASSWORD_BACK:
		return j->password_set.now_s;
	default:
		return 0;
	}
}

void echo_profile(struct profile *p)
{
	profile_preset(p);
	memcpy(p->nick, "Echo", sizeof("Echo"));
}
