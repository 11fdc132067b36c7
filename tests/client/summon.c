/* SPDX-License-Identifier: MIT */
/* Who cannot be connected to is asked through the server to connect himself. */
#include <string.h>

#include "client/wires.h"
#include "harness.h"

static struct scene ann, bob;
static struct wires w;

/* Nobody can connect to BOB; ANN, whose texts go directly, takes connections. */
static void open_walled(enum icq_client_direct bobs)
{
	wires_begin(&w, harness_seed());
	wires_add(&w, &ann, ANN, ICQ_CLIENT_DIRECT_ON, true);
	wires_add(&w, &bob, BOB, bobs, false);
	wires_meet(&w);
	w.blocked = w.served = true;
	w.open = &ann;
}

TEST(contact_behind_a_firewall_comes_when_he_is_asked)
{
	open_walled(ICQ_CLIENT_DIRECT_ON);
	scene_send(&ann, BOB, "hello");
	wires_run(&w);
	assert_diary(&ann, "{7 ok} (1 queued) (1 sent) ~10002 refused TCP_REQUEST/5 ~10002 open "
			   "(1 delivered) ");
	assert_diary(&bob, "ACK/2 ~10001 open <10001 hello> ");
	scene_send(&ann, BOB, "again");
	wires_run(&w);
	assert_diary(&ann, "{7 ok} (2 queued) (2 sent) (2 delivered) ");
	wires_close(&w);
}

/* His client says that nobody can connect to it. */
TEST(contact_who_knows_his_firewall_is_asked_at_once)
{
	static const union icq_msg walled = {
		.s_user_online = { .uin = BOB, .ip = 0x7F000001, .mode = 6, .tcp_version = 3 }
	};

	open_walled(ICQ_CLIENT_DIRECT_ON);
	scene_server(&ann, M_s_user_online, 2, &walled);
	scene_forget(&ann);
	icq_client_peek(ann.client, ann.now, 3, BOB);
	icq_client_peer(ann.client, ann.now, 4, BOB, true); /* one request is enough */
	wires_run(&w);
	assert_diary(&ann, "TCP_REQUEST/5 ~10002 open {4 ok} {3 online: } ");
	wires_close(&w);
}

TEST(message_for_who_does_not_come_goes_through_the_server)
{
	open_walled(ICQ_CLIENT_DIRECT_OFF);
	scene_send(&ann, BOB, "hello");
	wires_run(&w);
	scene_forget(&ann);
	scene_forget(&bob);
	scene_run(&ann, 4999);
	wires_run(&w);
	assert_diary(&ann, "");
	scene_run(&ann, 1);
	wires_run(&w);
	assert_diary(&ann, "(1 sent) SEND_MESSAGE/6 (1 accepted) ");
	assert_diary(&bob, "ACK/3 <10001 hello> ");
	wires_close(&w);
}

TEST(contact_is_asked_once_a_minute)
{
	open_walled(ICQ_CLIENT_DIRECT_OFF);
	icq_client_peer(ann.client, ann.now, 3, BOB, true);
	wires_run(&w);
	scene_run(&ann, 5000);
	scene_forget(&ann);
	icq_client_peer(ann.client, ann.now, 4, BOB, true);
	assert_diary(&ann, "{4 no_direct} ");
	w.served = false; /* no more packets but those */
	scene_run(&ann, 54999);
	scene_forget(&ann);
	icq_client_peer(ann.client, ann.now, 5, BOB, true);
	assert_diary(&ann, "{5 no_direct} ");
	scene_run(&ann, 1);
	scene_forget(&ann);
	icq_client_peer(ann.client, ann.now, 6, BOB, true);
	check(strstr(ann.diary, "TCP_REQUEST"));
	wires_close(&w);
}

/* Anybody could come instead of him, and nobody would know. */
TEST(contact_whose_address_is_hidden_is_not_asked)
{
	static const union icq_msg hidden = { .s_user_online = {
						      .uin = BOB, .mode = 6, .tcp_version = 3 } };

	open_walled(ICQ_CLIENT_DIRECT_ON);
	scene_server(&ann, M_s_user_online, 2, &hidden);
	scene_forget(&ann);
	icq_client_peer(ann.client, ann.now, 3, BOB, true);
	assert_diary(&ann, "{3 no_direct} ");
	wires_close(&w);
}

TEST(who_does_not_listen_asks_nobody)
{
	open_walled(ICQ_CLIENT_DIRECT_OUT);
	icq_client_peer(bob.client, bob.now, 3, ANN, true);
	wires_run(&w);
	assert_diary(&bob, "~10001 open {3 ok} "); /* he can connect, */
	icq_client_peer(bob.client, bob.now, 4, ANN, false);
	w.blocked = true;
	w.open = NULL;
	icq_client_peer(bob.client, bob.now, 5, ANN, true);
	wires_run(&w);
	assert_diary(&bob, "~10001 closed {4 ok} ~10001 refused {5 no_direct} ");
	wires_close(&w);
}

/* A request of ANN, of which one part may be wrong. BOB takes connections at port 5001. */
static void request(uint16_t seq, uint32_t uin, uint32_t ip, uint32_t port, uint32_t tried_port)
{
	union icq_msg msg = { .s_tcp_request = { .uin = uin,
						 .ip = ip,
						 .port = port,
						 .mode = 4,
						 .tried_port = tried_port,
						 .port_again = port,
						 .tcp_version = 3 } };

	scene_server(&bob, M_s_tcp_request, seq, &msg);
	wires_run(&w);
}

TEST(request_of_others_and_to_forbidden_places_is_not_obeyed)
{
	open_walled(ICQ_CLIENT_DIRECT_ON);
	request(2, 10004, 0x7F000001, 5000, 5001); /* no contact */
	request(3, ANN, 0x7F000001, 80, 5001);
	request(4, ANN, 0x7F000001, 0, 5001);
	request(5, ANN, 0x7F000001, 5000, 6000); /* another service */
	scene_add(&bob, ANN, ICQ_CLIENT_IGNORE);
	request(6, ANN, 0x7F000001, 5000, 5001);
	scene_add(&bob, ANN, ICQ_CLIENT_INVISIBLE);
	request(7, ANN, 0x7F000001, 5000, 5001);
	scene_add(&bob, ANN, ICQ_CLIENT_NORMAL);
	bob.conf.direct = ICQ_CLIENT_DIRECT_OUT;
	icq_client_reconf(bob.client, &bob.conf);
	request(8, ANN, 0x7F000001, 5000, 5001);
	assert_null(strstr(bob.diary, "~"));
	assert_diary(&ann, "");
	wires_close(&w);
}

/* The address in it may be that of a victim: the server's word counts. */
TEST(request_is_obeyed_once_a_minute_and_leads_to_the_contact_only)
{
	open_walled(ICQ_CLIENT_DIRECT_ON);
	request(2, ANN, 0xCB007105, 5000, 0);
	assert_diary(&ann, "~10002 open ");
	icq_client_peer(bob.client, bob.now, 3, ANN, false);
	wires_run(&w);
	scene_forget(&ann);
	request(3, ANN, 0x7F000001, 5000, 5001);
	assert_diary(&ann, "");
	w.served = false;
	scene_run(&bob, 60000);
	request(4, ANN, 0x7F000001, 5000, 5001);
	assert_diary(&ann, "~10002 open ");
	wires_close(&w);
}
