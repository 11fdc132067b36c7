/* SPDX-License-Identifier: MIT */
/* Registering, logging in, staying, and logging in again. */
#include "client/scene.h"

#include "harness.h"

#define REPLY                                                                                      \
	"0200.5A00.0000.214E0000.7F000001.5A5B.01000100.00000000.8C000000.7800.0500.0A00.0500.0100"

static struct scene s;

TEST(login_is_the_golden_packet_and_ends_at_005a)
{
	struct hex login = hex_bytes(
		"0200.E803.0100.214E0000.00000000.0800.7365637265743100.78000000."
		"00000000.06.00000000.03000000.5B5A.00000000.08007800");

	scene_open(&s);
	scene_login(&s);
	assert_bytes(login.b, login.n, s.sent, s.sent_n);
	assert_diary(&s, "[connecting] LOGIN/1 ");
	scene_ack(&s, 1);
	assert_diary(&s, "");
	scene_server_hex(&s,
			 "0200.5A00.0000.214E0000.7F000001.5B5A.01000100.00000000.8C000000.7800."
			 "0500.0A00.0500.0100");
	assert_diary(&s, "ACK/0 [online] {1 ok} TEXT_CODE/2=B_MESSAGE_IDS ");
	scene_close(&s);
}

TEST(login_goes_on_until_its_result_even_when_acknowledged)
{
	scene_open(&s);
	scene_login(&s);
	scene_ack(&s, 1);
	scene_run(&s, 29999);
	assert_diary(&s, "[connecting] LOGIN/1 LOGIN/1 LOGIN/1 ");
	scene_run(&s, 31000);
	assert_diary(&s, "LOGIN/1 LOGIN/1 LOGIN/1 [offline timeout] {1 timeout} ");
	assert_int_equal(icq_client_deadline(s.client), NEVER_MS);
	scene_close(&s);
}

TEST(after_login_everything_is_told_in_order)
{
	scene_open(&s);
	scene_add(&s, ANN, ICQ_CLIENT_NORMAL);
	scene_add(&s, BOB, ICQ_CLIENT_VISIBLE);
	scene_login(&s);
	scene_ack(&s, 1);
	scene_server_hex(&s, "0200.5A00.0000.214E0000.7F000001.5B5A");
	scene_forget(&s);
	scene_ack(&s, 2);
	assert_diary(&s, "CONTACT_LIST/3 ");
	scene_ack(&s, 3);
	assert_diary(&s, "VISIBLE_LIST/4 ");
	scene_ack(&s, 4);
	assert_diary(&s, "LOGIN_1/5 ");
	scene_ack(&s, 5);
	scene_server_hex(&s, "0200.E600.0100.214E0000");
	assert_diary(&s, "ACK/1 ACK_MESSAGES/6 ");
	scene_close(&s);
}
