/* SPDX-License-Identifier: MIT */
/* Two clients ask each other for files: how such a request begins and ends. */
#include <string.h>

#include "client/wires.h"
#include "harness.h"

static struct scene ann, bob;
static struct wires w;

static void open_both(void)
{
	wires_open(&w, &ann, &bob, harness_seed());
}

static void offer(const char *name, uint32_t size, const char *text)
{
	struct icq_client_file file = { icq_str_of(name), size };

	icq_client_send_files(bob.client, bob.now, 3, ANN, &file, 1, icq_str_of(text));
	wires_run(&w);
}

/* Bob has asked Ann. */
static void open_asked(void)
{
	open_both();
	offer("a.txt", 5, "look");
	assert_diary(&bob, "~10001 open {3 ok #1} ");
	assert_diary(&ann, "~10002 open <asks 10002 file: a.txt/5 look> ");
}

TEST(request_is_asked_directly_and_listed_on_both_sides)
{
	struct icq_client_request r;

	open_asked();
	assert_true(ann.matches);
	assert_true(icq_client_request_at(ann.client, 0, &r));
	assert_int_equal(r.uin, BOB);
	assert_false(r.ours);
	assert_true(icq_str_equal(r.name, icq_str_of("a.txt")));
	assert_false(icq_client_request_at(ann.client, 1, &r));
	assert_true(icq_client_request_at(bob.client, 0, &r));
	assert_true(r.ours);
	wires_close(&w);
}

TEST(accepted_request_becomes_a_stream)
{
	struct icq_client_request r;

	open_asked();
	icq_client_accept(ann.client, ann.now, 4, 1);
	assert_diary(&ann, "#1 waiting {4 ok #1} ");
	assert_non_null(w.door[0].owner);
	wires_run(&w);
	assert_diary(&ann, "#1 running #1 done ");
	assert_diary(&bob, "#1 running #1 done ");
	assert_null(w.door[0].owner);
	assert_false(icq_client_request_at(ann.client, 0, &r));
	assert_false(icq_client_request_at(bob.client, 0, &r));
	icq_client_accept(ann.client, ann.now, 5, 1);
	assert_diary(&ann, "{5 not_found} ");
	wires_close(&w);
}

TEST(refused_request_ends_with_the_reason)
{
	open_asked();
	icq_client_refuse(ann.client, ann.now, 4, 1, icq_str_of("no room"));
	assert_diary(&ann, "#1 stopped refused {4 ok} ");
	wires_run(&w);
	assert_diary(&bob, "#1 stopped refused: no room ");
	icq_client_refuse(ann.client, ann.now, 5, 1, icq_str_of("again"));
	assert_diary(&ann, "{5 not_found} ");
	wires_close(&w);
}

TEST(request_may_be_withdrawn)
{
	open_asked();
	icq_client_accept(bob.client, bob.now, 6, 1);
	assert_diary(&bob, "{6 not_found} ");
	icq_client_cancel(bob.client, bob.now, 7, 1);
	assert_diary(&bob, "#1 stopped cancelled {7 ok} ");
	wires_run(&w);
	assert_diary(&ann, "#1 stopped withdrawn ");
	icq_client_cancel(bob.client, bob.now, 8, 1);
	assert_diary(&bob, "{8 not_found} ");
	wires_close(&w);
}

/* Time passes, and the server answers. */
static void stay(struct scene *s, int64_t ms)
{
	for (; ms > 0; ms -= 10000) {
		scene_run(s, 10000);
		scene_ack(s, s->last_seq);
	}
}

TEST(request_expires_after_ten_minutes)
{
	open_asked();
	stay(&ann, 590000);
	assert_null(strstr(ann.diary, "#1"));
	stay(&ann, 10000);
	assert_non_null(strstr(ann.diary, "#1 stopped expired"));
	wires_close(&w);
}

TEST(request_ends_with_its_connection)
{
	open_asked();
	icq_client_peer(ann.client, ann.now, 4, BOB, false);
	wires_run(&w);
	assert_diary(&ann, "~10002 closed #1 stopped closed {4 ok} ");
	assert_diary(&bob, "~10001 closed #1 stopped closed ");
	wires_close(&w);
}

TEST(request_ends_with_the_session)
{
	open_asked();
	icq_client_logout(bob.client, bob.now, 4);
	assert_diary(&bob, "TEXT_CODE/5=B_USER_DISCONNECTED #1 stopped closed ~10001 closed "
			   "[offline logout] ");
	scene_ack(&bob, 5);
	assert_diary(&bob, "{4 ok} ");
	wires_close(&w);
}

TEST(nobody_there_is_told_at_once)
{
	open_both();
	w.blocked = true;
	offer("a.txt", 5, "");
	assert_diary(&bob, "~10001 refused {3 no_direct} #1 stopped unreachable ");
	offer("a.txt", 5, "");
	assert_diary(&bob, "{3 no_direct} ");
	wires_close(&w);
}

/* Bob has just logged in, and offers at once. */
static void open_early(void)
{
	wires_begin(&w, harness_seed());
	wires_add(&w, &ann, ANN, ICQ_CLIENT_DIRECT_ON, false);
	wires_add(&w, &bob, BOB, ICQ_CLIENT_DIRECT_OUT, true);
	scene_add(&bob, ANN, ICQ_CLIENT_NORMAL);
	scene_online(&ann);
	scene_online(&bob);
	offer("a.txt", 5, "look");
	assert_diary(&bob, "");
}

TEST(who_is_asked_right_after_the_login_may_still_be_told_of)
{
	const union icq_msg online = { .s_user_online = { .uin = ANN,
							  .ip = 0x7F000001,
							  .port = 5000,
							  .mode = 4,
							  .tcp_version = 3 } };

	open_early();
	scene_server(&bob, M_s_user_online, 1, &online);
	wires_run(&w);
	assert_non_null(strstr(bob.diary, "~10001 open {3 ok #1}"));
	wires_close(&w);
}

TEST(who_is_not_told_of_is_not_waited_for)
{
	open_early();
	scene_server(&bob, M_s_contacts_done, 1, NULL);
	assert_non_null(strstr(bob.diary, "{3 no_direct} #1 stopped unreachable"));
	scene_forget(&bob);
	offer("a.txt", 5, "look");
	assert_diary(&bob, "{3 no_direct} ");
	wires_close(&w);
	open_early();
	scene_run(&bob, 2999);
	assert_diary(&bob, "");
	scene_run(&bob, 1);
	assert_diary(&bob, "{3 no_direct} #1 stopped unreachable ");
	wires_close(&w);
}

TEST(busy_client_refuses_requests)
{
	open_both();
	icq_client_away_text(ann.client, ICQ_STATUS_dnd, "not now");
	icq_client_status(ann.client, ann.now, 0, ICQ_STATUS_dnd);
	offer("a.txt", 5, "");
	assert_diary(&bob, "~10001 open {3 ok #1} #1 stopped dnd: not now ");
	wires_close(&w);
}

TEST(client_without_direct_connections_refuses)
{
	struct icq_client_conf conf;

	open_both();
	icq_client_peer(bob.client, bob.now, 9, ANN, true);
	wires_run(&w);
	conf = ann.conf;
	conf.direct = ICQ_CLIENT_DIRECT_OFF;
	icq_client_reconf(ann.client, &conf);
	scene_forget(&bob);
	offer("a.txt", 5, "");
	assert_diary(&bob, "{3 ok #1} #1 stopped refused ");
	wires_close(&w);
}

TEST(open_requests_of_one_user_are_limited)
{
	open_both();
	for (int i = 0; i < 4; i++)
		offer("a.txt", 5, "");
	scene_forget(&bob);
	offer("a.txt", 5, "");
	assert_diary(&bob, "{3 busy} ");
	icq_client_cancel(bob.client, bob.now, 4, 1);
	scene_forget(&bob);
	offer("a.txt", 5, "");
	assert_diary(&bob, "{3 ok #5} ");
	wires_close(&w);
}

TEST(who_accepts_but_is_not_found_times_out)
{
	open_asked();
	w.blocked = true;
	icq_client_accept(ann.client, ann.now, 4, 1);
	scene_forget(&ann);
	wires_run(&w);
	assert_diary(&bob, "#1 failed unreachable ");
	stay(&ann, 60000);
	assert_non_null(strstr(ann.diary, "#1 failed timeout"));
	assert_null(w.door[0].owner);
	wires_close(&w);
}

/* Whoever else connects to the listener is closed, and does not disturb. */
TEST(only_who_asked_is_let_in)
{
	struct addr elsewhere = addr_v4(0x7F000002, 40000);
	struct hex stranger = hex_bytes("1A00.FF.02000000.00000000.14270000.7F000001.7F000001.04."
					"00000000");
	struct hex bob_name = hex_bytes("1A00.FF.02000000.00000000.12270000.7F000001.7F000001.04."
					"00000000");
	struct wire *wire = &w.wire[WIRES_MAX - 1];

	open_asked();
	w.blocked = true;
	icq_client_accept(ann.client, ann.now, 4, 1);
	scene_forget(&ann);
	*wire = (struct wire){ .used = true, .opened = true, .end = { &ann, &bob } };
	wire->stream[0] = icq_client_stream_accepted(ann.client, ann.now, 1, &elsewhere);
	icq_client_stream_data(ann.client, ann.now, wire->stream[0], bob_name.b, bob_name.n);
	assert_true(wire->closed[0]);
	wire->closed[0] = false;
	elsewhere = addr_v4(0x7F000001, 40000);
	wire->stream[0] = icq_client_stream_accepted(ann.client, ann.now, 1, &elsewhere);
	icq_client_stream_data(ann.client, ann.now, wire->stream[0], stranger.b, stranger.n);
	assert_true(wire->closed[0]);
	wire->closed[0] = false;
	wire->stream[0] = icq_client_stream_accepted(ann.client, ann.now, 1, &elsewhere);
	scene_run(&ann, 10000);
	assert_true(wire->closed[0]);
	assert_diary(&ann, "");
	wire->closed[0] = false;
	wire->stream[0] = icq_client_stream_accepted(ann.client, ann.now, 1, &elsewhere);
	icq_client_stream_data(ann.client, ann.now, wire->stream[0], bob_name.b, bob_name.n);
	assert_null(w.door[0].owner);
	assert_diary(&ann, "");
	wires_close(&w);
}

TEST(answers_to_requests_for_authorization_are_messages)
{
	open_both();
	icq_client_send_by(bob.client, bob.now, 3, ANN, T_auth_request,
			   icq_str_of("bob\xfe"
				      "f\xfel\xfe"
				      "e\xfe"
				      "1\xfeplease"),
			   ICQ_CLIENT_VIA_PEER, ICQ_CLIENT_MODE_NORMAL);
	scene_answer(&bob);
	wires_run(&w);
	assert_diary(&ann, "~10002 open <asks 10002 auth: bob/0 please> ");
	icq_client_accept(ann.client, ann.now, 4, 1);
	scene_answer(&ann);
	assert_int_equal(strncmp(ann.diary, "{4 ok} (2 queued)", 17), 0);
	icq_client_accept(ann.client, ann.now, 5, 1);
	wires_close(&w);
}

TEST(whoever_has_listed_us_may_be_listed_too)
{
	open_both();
	scene_server_hex(&ann, "0200.0401.0900.13270000.0C00.0A00.6EFE66FE6CFE65FE31FE00");
	assert_diary(&ann, "ACK/9 <asks 10003 added: n/0 > ");
	icq_client_accept(ann.client, ann.now, 4, ann.last_number);
	assert_non_null(icq_client_contact(ann.client, 10003));
	wires_close(&w);
}
