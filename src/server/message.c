/* SPDX-License-Identifier: MIT */
#include "server/message.h"

#include <string.h>

#include "base/err.h"
#include "server/core.h"

/* ---- may it be sent, and as what ------------------------------------------------------- */

/* Some ICQ 99 builds send the bytes of the type swapped. */
static uint16_t plain_type(uint16_t type)
{
	type &= (uint16_t)~ICQ_TYPE_MANY;
	return type > 0xFF ? __builtin_bswap16(type) : type;
}

static enum refusal judge(const struct server *srv, uint16_t type, size_t len)
{
	size_t most = type == T_text ? ICQ_MAX_text : ICQ_MAX_old_text;

	if (srv->conf.limits_enabled && (int64_t)most > srv->conf.limit_text)
		most = (size_t)srv->conf.limit_text;
	if (!icq_form_relayed(icq_form_of(type)) && !conf_lists_number(srv->conf.relay_types, type))
		return REFUSED_TYPE;
	return len > most ? REFUSED_LONG : REFUSED_NOT;
}

/* Adding people is limited for itself, and so is writing to who does not know the sender. */
static enum rate_class class_of(const struct server *srv, const struct session *from, uint32_t to,
				uint16_t type)
{
	const struct session *receiver = session_find(&srv->sessions, to);

	if (type == T_auth_request || type == T_added)
		return CLASS_ADD;
	if (receiver && receiver != from &&
	    !presence_lists(srv, receiver, LIST_CONTACTS, from->uin))
		return CLASS_SEND_STRANGER;
	return CLASS_NONE;
}

/* A compound text with missing parts gets them, empty: old clients rely on their number. */
static int canonical_text(enum icq_form form, struct icq_str text, struct job *job)
{
	union icq_text parts;
	int len = text.len;

	if (form == F_NONE || icq_text_complete(form, text)) {
		memcpy(job->text, text.p, text.len);
	} else {
		icq_text_split(form, text, &parts);
		len = icq_text_join(form, &parts, job->text, sizeof(job->text));
	}
	job->text_len = (uint16_t)(len < 0 ? 0 : len);
	return len;
}

static uint32_t notices_most(const struct server *srv)
{
	return srv->conf.limits_enabled ? (uint32_t)srv->conf.limit_mailbox_notices : 0;
}

static void set_quotas(const struct server *srv, struct job_message_put *put)
{
	if (!srv->conf.limits_enabled)
		return;
	put->max_messages = (uint32_t)srv->conf.limit_mailbox;
	put->max_bytes = (uint32_t)srv->conf.limit_mailbox_bytes;
	put->max_from_one = (uint32_t)srv->conf.limit_mailbox_from_one;
	put->max_notices = notices_most(srv);
}

/* If the receiver can have it at once, his number for it is stored with it; else his mailbox
 * awaits it, so that none overtakes it. And the sender's awaits the notice that it may become. */
static int submit(struct server *srv, struct session *from, struct job *job)
{
	struct session *to = session_find(&srv->sessions, job->put.to);
	bool goes = !job->put.refused && to;
	bool claimed = goes && mailbox_claim(srv, to, &job->put.flight_n);
	int err;

	if (claimed)
		job->put.flight_epoch = to->epoch;
	err = srv_submit(srv, job);
	if (err < 0 && claimed)
		mailbox_unclaim(srv, to);
	if (err < 0)
		return err;
	srv->mail_asked++;
	if (goes && !claimed)
		mailbox_await(srv, &to->mailbox);
	mailbox_await(srv, &from->mailbox);
	return 0;
}

static bool printable(uint8_t byte)
{
	return byte >= 0x20 && byte != 0x7F;
}

/* relay.filter: control bytes but CR LF and FE are taken out. */
static void filter_controls(struct job *job)
{
	uint16_t kept = 0;

	for (uint16_t i = 0; i < job->text_len; i++)
		if (printable(job->text[i]) || job->text[i] == '\r' || job->text[i] == '\n')
			job->text[kept++] = job->text[i];
	job->text_len = kept;
}

/* relay.filter: a URL message whose address is more than printable ASCII is refused. */
static bool odd_url(uint16_t type, const struct job *job)
{
	union icq_text parts;
	bool odd = false;

	if (type != T_url)
		return false;
	icq_text_split(F_url, (struct icq_str){ job->text, job->text_len }, &parts);
	for (uint16_t i = 0; i < parts.url.url.len; i++)
		odd |= !printable(parts.url.url.p[i]) || parts.url.url.p[i] >= 0x80;
	return odd;
}

/* ---- into the store --------------------------------------------------------------------- */

static void count_put(struct srv_counters *c, const struct job *job)
{
	if (job->err == 0 && job->put.repeat)
		c->messages_repeated++;
	else if (job->err == 0 && job->put.refused)
		c->messages_refused++;
	else if (job->err == 0)
		c->messages_accepted++;
}

static void acknowledge_put(struct server *srv, const struct job *job)
{
	struct session *from = session_find(&srv->sessions, job->put.from);

	if (!from || from->epoch != job->put.epoch)
		return; /* its client will ask again, in its new session */
	link_settle(&from->link, job->put.seq, job->put.command, job->err == 0);
	if (job->err == 0)
		from->dialect->ack(srv, &(struct caller){ .addr = from->addr,
							  .uin = from->uin,
							  .version = from->version,
							  .seq = job->put.seq });
}

/* The receiver's session whose number was claimed for the message, if it is still there. */
static struct session *claimed_by(const struct server *srv, const struct job_message_put *put)
{
	struct session *to = put->flight_epoch ? session_find(&srv->sessions, put->to) : NULL;

	return to && to->epoch == put->flight_epoch ? to : NULL;
}

/* Tells the receiver, if he is online. */
static void bring(struct server *srv, const struct job *job)
{
	const struct job_message_put *put = &job->put;
	struct session *claimed = claimed_by(srv, put);
	struct session *to = session_find(&srv->sessions, put->to);
	struct mail mail = { .g = put->g,
			     .from = message_author(put),
			     .type = put->type,
			     .accepted_s = put->now_s,
			     .text = { job->text, job->text_len } };

	if (claimed)
		mailbox_send(srv, claimed, &mail);
	else if (to)
		mailbox_arrived(srv, to, put->g);
}

/* Tells the sender why his message does not go. */
static void bring_notice(struct server *srv, const struct job_message_put *put)
{
	struct session *to = session_find(&srv->sessions, put->from);

	if (to)
		mailbox_arrived(srv, to, put->g);
}

static void put_done(struct server *srv, const struct job *job)
{
	const struct job_message_put *put = &job->put;
	bool goes = job->err == 0 && !put->repeat && !put->refused;
	struct session *claimed = goes ? NULL : claimed_by(srv, put);

	srv->mail_stored++;
	count_put(&srv->counters, job);
	acknowledge_put(srv, job);
	if (claimed)
		mailbox_unclaim(srv, claimed);
	if (goes)
		bring(srv, job);
	else if (job->err == 0 && !put->repeat)
		bring_notice(srv, put);
	if (claimed)
		mailbox_go_on(srv, claimed);
}

/* The echo account answers in the same transaction: what is sent to it comes from it. */
static void set_receiver(const struct server *srv, struct job_message_put *put, uint32_t to)
{
	bool echo = to == STORE_ECHO_UIN && srv->conf.echo;

	put->to = echo ? put->from : to;
	put->author = echo ? to : 0;
	if (to == STORE_ECHO_UIN && !echo)
		put->refused = REFUSED_UNKNOWN;
}

void message_take(struct server *srv, struct session *from, const struct request *r)
{
	/* SEND_MESSAGE and MSG_TO_NEW_USER have the same fields. */
	const struct icq_c_send_message *msg = &r->msg->c_send_message;
	uint16_t type = plain_type(msg->type);
	enum rate_class class = class_of(srv, from, msg->to, type);
	bool often = !limit_session(srv, from, class);
	struct job job;

	job.kind = JOB_MESSAGE_PUT;
	job.then = put_done;
	job.put = (struct job_message_put){ .from = from->uin,
					    .epoch = from->epoch,
					    .msgid = from->wants_ids ? msg->msgid : 0,
					    .seq = r->head.seq,
					    .command = r->head.command,
					    .body_len = r->body_len,
					    .type = type,
					    .now_s = srv->now.unix_s,
					    .steady_s = srv_steady_s(srv),
					    .refused = judge(srv, type, msg->text.len) };
	set_receiver(srv, &job.put, msg->to);
	if (class == CLASS_ADD && !job.put.refused &&
	    (often || !limit_add_pair(srv, from->uin, msg->to, type)))
		job.put.refused = REFUSED_OFTEN;
	set_quotas(srv, &job.put);
	job.text_len = 0;
	if (!job.put.refused && canonical_text(icq_form_of(type), msg->text, &job) < 0)
		job.put.refused = REFUSED_BROKEN;
	if (!job.put.refused && srv->conf.relay_filter) {
		if (odd_url(type, &job))
			job.put.refused = REFUSED_BROKEN;
		filter_controls(&job);
	}
	if ((often && class != CLASS_ADD) || submit(srv, from, &job) < 0)
		link_settle(&from->link, r->head.seq, r->head.command, false);
}

/* ---- words of the server's ------------------------------------------------------------- */

int message_system(struct server *srv, struct job *job)
{
	struct session *to = session_find(&srv->sessions, job->message_system.to);
	int err;

	job->message_system.max_notices = notices_most(srv);
	err = srv_submit(srv, job);
	if (err < 0)
		return err;
	srv->mail_asked++;
	if (to)
		mailbox_await(srv, &to->mailbox);
	return 0;
}

void message_system_stored(struct server *srv, const struct job *job)
{
	struct session *to = session_find(&srv->sessions, job->message_system.to);

	srv->mail_stored++;
	if (to && job->err == 0)
		mailbox_arrived(srv, to, job->message_system.g);
}

void message_notice(struct server *srv, uint32_t to, const char *text)
{
	struct job job;

	job.kind = JOB_MESSAGE_SYSTEM;
	job.then = message_system_stored;
	job.message_system = (struct job_message_system){ .to = to,
							  .type = T_text,
							  .now_s = srv->now.unix_s };
	job.text_len = (uint16_t)strlen(text);
	memcpy(job.text, text, job.text_len);
	message_system(srv, &job);
}
