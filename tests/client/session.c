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
	assert_diary(&s, "[online] {1 ok} TEXT_CODE/2=B_MESSAGE_IDS ");
	scene_close(&s);
}

/* A message that came before would have no id, and its repeat in the next session one. */
TEST(messages_are_let_in_once_the_server_knows_of_ids)
{
	const char *welcome = "0200.5A00.0000.214E0000.7F000001.5B5A";

	scene_open(&s);
	scene_login(&s);
	scene_ack(&s, 1);
	scene_server_hex(&s, welcome);
	assert_diary(&s, "[connecting] LOGIN/1 [online] {1 ok} TEXT_CODE/2=B_MESSAGE_IDS ");
	scene_server_hex(&s, welcome);
	assert_diary(&s, "");
	scene_ack(&s, 2);
	assert_diary(&s, "ACK/0 LOGIN_1/3 ");
	scene_server_hex(&s, welcome);
	assert_diary(&s, "ACK/0 ");
	scene_close(&s);
}

TEST(login_goes_on_until_its_result_even_when_acknowledged)
{
	scene_open(&s);
	scene_login(&s);
	scene_ack(&s, 1);
	scene_run(&s, 29999);
	assert_diary(&s, "[connecting] LOGIN/1 LOGIN/1 LOGIN/1 LOGIN/1 LOGIN/1 ");
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
	assert_diary(&s, "ACK/0 CONTACT_LIST/3 ");
	scene_ack(&s, 3);
	assert_diary(&s, "VISIBLE_LIST/4 ");
	scene_ack(&s, 4);
	assert_diary(&s, "LOGIN_1/5 ");
	scene_ack(&s, 5);
	scene_server_hex(&s, "0200.E600.0100.214E0000");
	assert_diary(&s, "ACK/1 ACK_MESSAGES/6 ");
	scene_close(&s);
}

TEST(times_of_the_server_are_obeyed_within_reason)
{
	scene_open(&s);
	scene_login(&s);
	/* keep-alive 1 s, retry 1 s, 200 retries: taken as 30 s, 3 s and 20 */
	scene_server_hex(&s,
			 "0200.5A00.0000.214E0000.7F000001.5B5A.01000100.00000000.8C000000.0100."
			 "0500.0100.C800.0100");
	scene_forget(&s);
	scene_run(&s, 3000);
	assert_diary(&s, "TEXT_CODE/2=B_MESSAGE_IDS ");
	scene_run(&s, 57000);
	scene_forget(&s);
	scene_run(&s, 5999);
	assert_diary(&s, "TEXT_CODE/3=B_MESSAGE_ACK ");
	scene_close(&s);
}

TEST(login_is_refused_for_a_wrong_password)
{
	scene_open(&s);
	scene_login(&s);
	scene_server_hex(&s, "0200.6400.0000.FFFF.214E0000"); /* of another login */
	scene_server_hex(&s, "0200.6400.0000.5B5A.214E0000");
	assert_diary(&s, "[connecting] LOGIN/1 [refused password] {1 refused} ");
	scene_run(&s, 1000000);
	assert_diary(&s, "");
	scene_close(&s);
}

TEST(login_waits_when_the_server_is_busy)
{
	scene_open(&s);
	scene_login(&s);
	scene_server_hex(&s, "0200.FA00.0000");
	scene_run(&s, 4999);
	assert_diary(&s, "[connecting] LOGIN/1 [waiting busy] ");
	scene_run(&s, 1);
	assert_diary(&s, "[connecting] LOGIN/2 ");
	scene_server_hex(&s, "0200.FA00.0000");
	scene_run(&s, 56000);
	assert_diary(&s, "[waiting busy] [connecting] LOGIN/3 LOGIN/3 LOGIN/3 LOGIN/3 LOGIN/3 "
			 "LOGIN/3 LOGIN/3 [offline timeout] {1 timeout} ");
	scene_close(&s);
}

TEST(login_needs_a_password_of_one_to_eight_bytes_and_patience)
{
	scene_open(&s);
	icq_client_login(s.client, s.now, 1, ME, icq_str_of(""), 0);
	icq_client_login(s.client, s.now, 2, ME, icq_str_of("123456789"), 0);
	icq_client_login(s.client, s.now, 3, ME, icq_str_of("12345678"), 0);
	icq_client_login(s.client, s.now, 4, ME, icq_str_of("secret1"), 0);
	assert_diary(&s, "{1 bad_field} {2 bad_field} [connecting] LOGIN/1 {4 busy} ");
	scene_close(&s);
}

TEST(session_is_kept_alive_every_25_seconds)
{
	uint16_t seq;

	scene_open(&s);
	seq = scene_online(&s);
	scene_run(&s, 24999);
	assert_diary(&s, "");
	scene_run(&s, 1);
	assert_diary(&s, "KEEP_ALIVE/4 ");
	scene_ack(&s, seq);
	scene_run(&s, 25000);
	assert_diary(&s, "KEEP_ALIVE/5 ");
	scene_close(&s);
}

TEST(silence_ends_a_session_after_two_rounds_with_a_prod_between)
{
	scene_open(&s);
	scene_online(&s);
	scene_run(&s, 25000 + 129999);
	assert_diary(&s, "KEEP_ALIVE/4 KEEP_ALIVE/4 KEEP_ALIVE/4 KEEP_ALIVE/4 KEEP_ALIVE/4 "
			 "KEEP_ALIVE/4 TEXT_CODE/5=B_MESSAGE_ACK KEEP_ALIVE/4 "
			 "TEXT_CODE/5=B_MESSAGE_ACK KEEP_ALIVE/4 TEXT_CODE/5=B_MESSAGE_ACK "
			 "KEEP_ALIVE/4 TEXT_CODE/5=B_MESSAGE_ACK KEEP_ALIVE/4 "
			 "TEXT_CODE/5=B_MESSAGE_ACK KEEP_ALIVE/4 TEXT_CODE/5=B_MESSAGE_ACK "
			 "KEEP_ALIVE/4 ");
	scene_run(&s, 1);
	assert_diary(&s,
		     "TEXT_CODE/5=B_MESSAGE_ACK [waiting silence] new-port [connecting] LOGIN/6 ");
	scene_close(&s);
}

TEST(login_is_repeated_when_the_server_knows_no_session)
{
	scene_open(&s);
	scene_online(&s);
	scene_server_hex(&s, "0200.F000.0900"); /* of a number that was never used */
	assert_diary(&s, "");
	scene_server_hex(&s, "0200.F000.0300");
	scene_run(&s, 0);
	assert_diary(&s, "[waiting no_session] new-port [connecting] LOGIN/4 ");
	assert_int_equal(scene_online(&s), 7);
	assert_int_equal(icq_client_get_state(s.client), ICQ_CLIENT_ONLINE);
	scene_close(&s);
}

TEST(mending_pauses_longer_and_longer_but_never_ends)
{
	int64_t longest_ms = 0;

	scene_open(&s);
	scene_online(&s);
	scene_server_hex(&s, "0200.F000.0000");
	for (int i = 0; i < 40; i++) {
		int64_t due_ms;

		scene_run(&s, 60000); /* the login goes unanswered */
		due_ms = icq_client_deadline(s.client) - s.now.mono_ms;
		if (due_ms > longest_ms)
			longest_ms = due_ms;
		check(due_ms <= 300000);
		scene_run(&s, due_ms);
	}
	assert_in_range(longest_ms, 100000, 300000);
	assert_int_equal(icq_client_get_state(s.client), ICQ_CLIENT_CONNECTING);
	scene_close(&s);
}

TEST(being_sent_away_starts_no_war)
{
	scene_open(&s);
	scene_online(&s);
	scene_server_hex(&s, "0200.2800.0500");
	scene_run(&s, 1000000);
	assert_diary(&s, "[refused go_away] ");
	scene_close(&s);
}

/* With 2, 4 and 8 s between the first ones: most losses are single ones. */
TEST(login_is_repeated_soon_and_then_as_the_server_wants)
{
	static const int64_t pauses_s[] = { 2, 4, 8, 10, 10 };

	scene_open(&s);
	scene_login(&s);
	assert_diary(&s, "[connecting] LOGIN/1 ");
	for (size_t i = 0; i < sizeof(pauses_s) / sizeof(*pauses_s); i++) {
		scene_run(&s, 1000 * pauses_s[i] - 1);
		assert_diary(&s, "");
		scene_run(&s, 1);
		assert_diary(&s, "LOGIN/1 ");
	}
	scene_close(&s);
}

TEST(logout_is_said_until_the_server_knows_or_three_times)
{
	scene_open(&s);
	scene_online(&s);
	icq_client_logout(s.client, s.now, 9);
	assert_diary(&s, "TEXT_CODE/4=B_USER_DISCONNECTED [offline logout] ");
	scene_run(&s, 2999);
	assert_diary(&s, "TEXT_CODE/4=B_USER_DISCONNECTED TEXT_CODE/4=B_USER_DISCONNECTED ");
	scene_run(&s, 1);
	assert_diary(&s, "{9 ok} ");
	assert_int_equal(icq_client_deadline(s.client), NEVER_MS);
	icq_client_logout(s.client, s.now, 10);
	assert_diary(&s, "{10 ok} ");
	scene_close(&s);
}

TEST(logout_ends_with_its_answer_or_a_new_login)
{
	for (int end = 0; end < 4; end++) {
		scene_open(&s);
		scene_online(&s);
		icq_client_logout(s.client, s.now, 9);
		icq_client_logout(s.client, s.now, 10);
		scene_ack(&s, 3); /* of another packet */
		assert_diary(&s, "TEXT_CODE/4=B_USER_DISCONNECTED [offline logout] {9 ok} ");
		if (end == 0)
			scene_ack(&s, 4);
		else if (end == 1)
			scene_server_hex(&s, "0200.F000.0400"); /* heard, its answer was lost */
		else if (end == 2)
			scene_login(&s);
		else
			scene_run(&s, 3000);
		check(strstr(s.diary, "{10 ok} "));
		scene_close(&s);
	}
}

TEST(ping_is_answered_or_times_out)
{
	scene_open(&s);
	icq_client_ping(s.client, s.now, 3);
	scene_online(&s);
	icq_client_ping(s.client, s.now, 4);
	icq_client_ping(s.client, s.now, 5);
	assert_diary(&s, "KEEP_ALIVE/4 KEEP_ALIVE/5 ");
	scene_ack(&s, 5);
	assert_diary(&s, "{5 ok} ");
	scene_run(&s, 59999);
	scene_forget(&s);
	scene_run(&s, 1);
	assert_diary(&s, "{4 timeout} TEXT_CODE/6=B_MESSAGE_ACK ");
	scene_ack(&s, 4);
	assert_diary(&s, "");
	scene_close(&s);
}

TEST(status_is_changed_and_the_last_word_stands)
{
	scene_open(&s);
	scene_online(&s);
	icq_client_status(s.client, s.now, 4, ICQ_STATUS_away);
	icq_client_status(s.client, s.now, 5, ICQ_STATUS_dnd);
	assert_diary(&s, "STATUS_CHANGE/4 ");
	scene_ack(&s, 4);
	assert_diary(&s, "STATUS_CHANGE/5 ");
	assert_int_equal(s.sent[10], ICQ_STATUS_dnd);
	scene_ack(&s, 5);
	assert_diary(&s, "{4 ok} {5 ok} ");
	scene_close(&s);
}

TEST(registration_is_the_golden_packet_and_ends_at_0046)
{
	struct hex wanted = hex_bytes(
		"0200.FC03.0100.0200.0800.6E65777061737300.72000000.00000000");

	scene_open(&s);
	icq_client_register(s.client, s.now, 2, icq_str_of("newpass"));
	assert_bytes(wanted.b, wanted.n, s.sent, s.sent_n);
	scene_ack(&s, 1);
	scene_run(&s, 10000);
	assert_diary(&s, "NEW_USER_REG/1 NEW_USER_REG/1 NEW_USER_REG/1 ");
	scene_server_hex(&s, "0200.4600.0200.0300.A0860100"); /* of another registration */
	assert_diary(&s, "");
	scene_server_hex(&s, "0200.4600.0200.0200.A0860100");
	assert_diary(&s, "{2 ok 100000} ");
	assert_int_equal(icq_client_deadline(s.client), NEVER_MS);
	scene_close(&s);
}

TEST(registration_may_be_refused_or_go_unanswered)
{
	scene_open(&s);
	icq_client_register(s.client, s.now, 2, icq_str_of("newpass"));
	scene_server_hex(&s, "0200.FA00.0000");
	icq_client_register(s.client, s.now, 3, icq_str_of("newpass"));
	scene_forget(&s);
	scene_run(&s, 60000);
	assert_diary(&s, "NEW_USER_REG/2 NEW_USER_REG/2 NEW_USER_REG/2 NEW_USER_REG/2 "
			 "NEW_USER_REG/2 NEW_USER_REG/2 NEW_USER_REG/2 {3 timeout} ");
	scene_close(&s);
}
