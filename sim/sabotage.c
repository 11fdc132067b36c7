/* SPDX-License-Identifier: MIT */
#include "sim/sabotage.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "sim/machine.h"

enum {
	LIE_MS = 60, /* what was said to be on the disk for less is not there */
	FLOOD = 8,   /* copies to an unproven address */
};

static const struct {
	const char *name, *without;
} defences[DEFENCE_COUNT] = {
	[DEFENCE_NONE] = { "none", "nothing" },
#define DEFENCE(id, name, without) [DEFENCE_##id] = { name, without },
#include "sim/sabotage.def"
#undef DEFENCE
};

const char *defence_name(enum defence d)
{
	return defences[d].name;
}

const char *defence_without(enum defence d)
{
	return defences[d].without;
}

int defence_parse(const char *name, enum defence *out)
{
	for (enum defence d = 0; d < DEFENCE_COUNT; d++) {
		if (strcmp(defences[d].name, name) == 0) {
			*out = d;
			return 0;
		}
	}
	return -ICQ_ENOENT;
}

/* ---- a disk that forgets --------------------------------------------------------------- */

static bool forgets(const struct machine *m)
{
	return m->sabotage.off >= DEFENCE_ACK_AFTER_COMMIT &&
	       m->sabotage.off <= DEFENCE_DURABLE_NUMBERS;
}

bool sabotage_hides(const struct machine *m)
{
	return forgets(m) || m->sabotage.off == DEFENCE_REQUEUE ||
	       m->sabotage.off == DEFENCE_REFUSAL_NOTICE;
}

static void note(struct machine *m, const struct job *job)
{
	errands_put(&m->sabotage.journal, errand_new(job, job_size(job), sizeof(*job)),
		    world_now(m->world).mono_ms);
}

/* What is left of a job after the crash; false: nothing. */
static bool remembered(const struct machine *m, struct job *job, int64_t run_ms)
{
	bool put = job->kind == JOB_MESSAGE_PUT;

	switch (m->sabotage.off) {
	case DEFENCE_ACK_AFTER_COMMIT:
		return world_now(m->world).mono_ms - run_ms >= LIE_MS;
	case DEFENCE_DURABLE_KEY:
		job->put.seq ^= put ? 0x8000 : 0;
		job->put.msgid ^= put && job->put.msgid ? 1 : 0;
		return true;
	case DEFENCE_DURABLE_FLIGHT:
		if (put)
			job->put.flight_epoch = 0;
		else if (job->kind == JOB_MESSAGE_NEXT)
			job->next.epoch = 0;
		return true;
	case DEFENCE_DURABLE_NUMBERS:
		return job->kind != JOB_SESSION_RESERVE;
	default:
		return true;
	}
}

/* Plays the journal on an empty disk. */
void sabotage_crashed(struct machine *m)
{
	struct errands old = m->sabotage.journal;

	if (!forgets(m))
		return;
	m->sabotage.journal = (struct errands){ 0 };
	store_mem_free(&m->disk);
	m->disk = store_mem_new();
	if (!m->disk)
		abort();
	for (struct errand *e; (e = errands_take(&old, NEVER_MS)); free(e)) {
		struct job job;

		memcpy(&job, e->job, job_size((struct job *)e->job));
		if (!remembered(m, &job, e->due_ms))
			continue;
		errands_put(&m->sabotage.journal, errand_new(e->job, job_size(&job), sizeof(job)),
			    e->due_ms);
		store_mem_run(m->disk, (struct job *[]){ &job }, 1);
	}
}

void sabotage_free(struct machine *m)
{
	errands_drop(&m->sabotage.journal);
}

bool sabotage_takes_over(const struct machine *m, const struct saved_session *saved)
{
	return m->sabotage.off != DEFENCE_TAKE_OVER || saved->session.epoch % 2;
}

/* ---- a store with other rules ---------------------------------------------------------- */

static void drop(struct machine *m, uint32_t uin, uint64_t g)
{
	struct job job = { .kind = JOB_MESSAGE_DROP,
			   .drop = { .uin = uin, .first = g, .last = g } };

	store_mem_run(m->disk, (struct job *[]){ &job }, 1);
}

/* A user's session as the disk knows it. */
struct lookup {
	uint32_t uin;
	struct addr addr;
	uint64_t flight;
};

static void look_at(void *ctx, const struct saved_session *saved)
{
	struct lookup *l = ctx;

	if (saved->session.uin != l->uin)
		return;
	l->addr = saved->session.addr;
	l->flight = saved->flight;
}

static struct lookup look_up(struct machine *m, uint32_t uin)
{
	struct lookup l = { .uin = uin };

	store_mem_sessions(m->disk, look_at, &l);
	return l;
}

static void before(struct machine *m, struct job *job)
{
	enum defence off = m->sabotage.off;

	if (off == DEFENCE_BATCH_CONFIRM && job->kind == JOB_MESSAGE_DROP &&
	    job->drop.first != job->drop.last)
		job->drop.last = UINT64_MAX;
	if (off == DEFENCE_REQUEUE && job->kind == JOB_SESSION_BEGIN) {
		struct lookup l = look_up(m, job->session.uin);

		drop(m, l.uin, l.flight);
	}
	if (off == DEFENCE_STEADY_KEYS && job->kind == JOB_MESSAGE_PUT)
		job->put.steady_s = job->put.now_s;
	if (off == DEFENCE_REMOVAL && job->kind == JOB_MESSAGE_DROP)
		job->drop.last = 0;
	if (off == DEFENCE_QUOTAS && job->kind == JOB_MESSAGE_PUT)
		job->put.max_messages = job->put.max_bytes = job->put.max_from_one = 0;
}

void sabotage_run(struct machine *m, struct job *const *jobs, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (forgets(m))
			note(m, jobs[i]);
		before(m, jobs[i]);
	}
	store_mem_run(m->disk, jobs, n);
	for (size_t i = 0; i < n; i++)
		if (m->sabotage.off == DEFENCE_REFUSAL_NOTICE && jobs[i]->kind == JOB_MESSAGE_PUT &&
		    jobs[i]->put.refused && !jobs[i]->err)
			drop(m, jobs[i]->put.from, jobs[i]->put.g);
}

/* ---- a network that lies to the server ------------------------------------------------- */

static struct addr liar(void)
{
	return addr_v4(0x0A090909, 9);
}

static bool carries(const void *p, size_t n, enum icq_channel channel, enum icq_id id,
		    struct icq_head *head)
{
	return icq_head_read(channel, p, n, head) > 0 && head->command == icq_describe(id)->code;
}

/* Whom a datagram to this address is for. */
struct owner {
	const struct addr *addr;
	uint32_t uin;
};

static void own(void *ctx, const struct saved_session *saved)
{
	struct owner *o = ctx;

	if (addr_equal(&saved->session.addr, o->addr))
		o->uin = saved->session.uin;
}

static void acknowledge_for(struct machine *m, const struct addr *to, uint16_t seq)
{
	struct owner o = { .addr = to };
	struct host host = { .addr = liar(), .speaks = ICQ_CLIENT };
	struct icq_head head = { .version = 2, .seq = seq };
	uint8_t packet[16];

	store_mem_sessions(m->disk, own, &o);
	head.uin = o.uin;
	world_send(m->world, &host, &m->host.addr, packet,
		   (size_t)icq_pack(M_c_ack, &head, NULL, packet, sizeof(packet)));
}

void sabotage_sent(struct machine *m, const struct addr *to, const void *p, size_t n)
{
	struct icq_head head;

	if (m->sabotage.off == DEFENCE_ONE_AT_A_TIME &&
	    (carries(p, n, ICQ_SERVER, M_s_message, &head) ||
	     carries(p, n, ICQ_SERVER, M_s_stored_message, &head)))
		acknowledge_for(m, to, head.seq);
	if (m->sabotage.off != DEFENCE_ADDRESS_BUDGET ||
	    !carries(p, n, ICQ_SERVER, M_s_login_reply, &head))
		return;
	for (int i = 0; i < FLOOD; i++) {
		if (m->watch.sent)
			m->watch.sent(m->watch.ctx, to, p, n);
		world_send(m->world, &m->host, to, p, n);
	}
}

void sabotage_heard(struct machine *m, struct addr *from, const void *p, size_t n)
{
	struct icq_head head;
	struct addr lies = liar();

	if ((m->sabotage.off == DEFENCE_BOUND_ACKS || addr_equal(from, &lies)) &&
	    carries(p, n, ICQ_CLIENT, M_c_ack, &head))
		*from = look_up(m, head.uin).addr;
}
