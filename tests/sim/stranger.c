/* SPDX-License-Identifier: MIT */
/* A client without an engine before the real server: what the bare bytes bring. */
#include "harness.h"

#include "base/cursor.h"
#include "sim/machine.h"
#include "sim/script.h"

#define PASSWORD "secret"

enum { SECOND = 1000, BYTES_PER_BYTE = 3 };

struct visit {
	struct world *world;
	struct machine server;
	struct script me;
	uint32_t uin;
	uint64_t bytes_to, bytes_from; /* the server */
};

static void weigh(void *ctx, const struct passage *p, struct fate *fate)
{
	struct visit *v = ctx;

	(void)fate;
	*(p->channel == ICQ_SERVER ? &v->bytes_from : &v->bytes_to) += p->n;
}

static void say(struct visit *v, enum icq_id id, uint16_t seq, const union icq_msg *msg)
{
	struct icq_head head = { .version = 2, .seq = seq, .uin = v->uin };
	uint8_t packet[512];
	int n = icq_pack(id, &head, msg, packet, sizeof(packet));

	check(n > 0);
	script_send(&v->me, packet, (size_t)n);
}

static void enrol(struct visit *v)
{
	union icq_msg msg;
	const uint8_t *p;
	size_t n;
	struct icq_head head;
	enum icq_id id;

	icq_preset(M_c_register, &msg);
	msg.c_register.password = icq_str_of(PASSWORD);
	say(v, M_c_register, 1, &msg);
	world_run(v->world, SECOND);
	p = script_got(&v->me, icq_describe(M_s_new_uin)->code, &n);
	assert_non_null(p);
	assert_int_equal(icq_unpack(ICQ_SERVER, p, n, &head, &id, &msg), 0);
	v->uin = msg.s_new_uin.uin;
	script_forget(&v->me);
}

static void login(struct visit *v)
{
	union icq_msg msg;

	icq_preset(M_c_login, &msg);
	msg.c_login.password = icq_str_of(PASSWORD);
	say(v, M_c_login, 2, &msg);
}

static void visit_begin(struct visit *v, uint64_t seed)
{
	*v = (struct visit){ .world = world_new(seed) };
	machine_init(&v->server, v->world);
	machine_start(&v->server);
	script_init(&v->me, v->world, addr_v4(0x0A000063, 999), v->server.host.addr);
	enrol(v);
	world_watch(v->world, weigh, NULL, v);
}

static void visit_end(struct visit *v)
{
	script_free(&v->me);
	machine_free(&v->server);
	world_free(&v->world);
}

static bool got(const struct visit *v, enum icq_id id)
{
	size_t n;

	return script_got(&v->me, icq_describe(id)->code, &n) != NULL;
}

/* Whoever forges the address of somebody else must not bring much upon him. */
TEST(an_address_that_answers_nothing_gets_at_most_three_bytes_for_one)
{
	static struct visit v;

	visit_begin(&v, 1);
	login(&v);
	world_run(v.world, 600 * SECOND);
	assert_true(got(&v, M_s_login_reply));
	assert_in_range(v.bytes_from, 1, BYTES_PER_BYTE * v.bytes_to);
	assert_int_equal(srv_session_count(v.server.srv), 0);
	visit_end(&v);
}

/* Any packet at all, whole, cut or spoilt; but no ACK, which would prove that he hears. */
static void babble(struct visit *v, struct rng *rng)
{
	uint8_t packet[300];
	size_t n = 1 + rng_below(rng, sizeof(packet));
	const struct icq_message *m = icq_describe((enum icq_id)(1 + rng_below(rng, M_COUNT - 1)));

	rng_bytes(rng, packet, n);
	if (n >= 10 && rng_below(rng, 4)) {
		struct wr w = wr_to(packet, 10);

		wr_u16(&w, 2);
		wr_u16(&w, m->code);
		wr_u16(&w, (uint16_t)rng_below(rng, 300));
		wr_u32(&w, v->uin);
	}
	if (n < 6 || (packet[2] | packet[3] << 8) != icq_describe(M_c_ack)->code)
		script_send(&v->me, packet, n);
}

TEST(babble_neither_stops_the_server_nor_multiplies)
{
	static struct visit v;
	struct rng rng = harness_rng();

	visit_begin(&v, 1);
	for (int i = 0; i < 5000; i++) {
		if (srv_session_count(v.server.srv) == 0)
			login(&v);
		babble(&v, &rng);
		world_run(v.world, rng_below(&rng, 500));
		check(v.bytes_from <= BYTES_PER_BYTE * v.bytes_to);
		script_forget(&v.me);
	}
	v.bytes_from = v.bytes_to = 0;
	world_run(v.world, 600 * SECOND);
	login(&v);
	world_run(v.world, SECOND);
	assert_true(got(&v, M_s_login_reply));
	visit_end(&v);
}
