/* SPDX-License-Identifier: MIT */
/* What people type, as commands of the schema. */
#include "cmd/icq/words/phrase.h"

#include <stdio.h>
#include <stdlib.h>

#include "harness.h"

static struct speaker speaker;

static int submit(void *ctx, const struct history_job *job)
{
	(void)ctx;
	(void)job;
	return 0;
}

static void no_event(void *ctx, const struct icq_client_event *ev)
{
	(void)ctx;
	(void)ev;
}

/* Somebody with two friends and one whom he ignores. */
static struct icq_client *begin(void)
{
	static const struct icq_client_contact contacts[] = {
		{ .uin = 1001, .nick = "ann", .group = "Friends" },
		{ .uin = 1002, .nick = "bo b", .group = "Friends" },
		{ .uin = 1003, .nick = "anton", .list = ICQ_CLIENT_IGNORE },
		{ .uin = 1004, .nick = "Eve", .list = ICQ_CLIENT_IGNORE },
		{ .uin = 1005, .nick = "eve", .list = ICQ_CLIENT_IGNORE },
	};
	const struct icq_client_env env = { .submit = submit, .event = no_event };
	const struct icq_client_conf conf = { 0 };
	struct icq_client *client = icq_client_new(&conf, &env);

	assert_non_null(client);
	for (size_t i = 0; i < sizeof(contacts) / sizeof(*contacts); i++)
		icq_client_put_contact(client, (struct now){ 0 }, 0, &contacts[i]);
	speaker = (struct speaker){ .client = client };
	return client;
}

/* expected: the command without its id, or what is complained about. */
static void check_line(const char *line, const char *expected)
{
	char error[PHRASE_ERROR_MAX];
	const struct phrase *phrase;
	json_t *command = phrase_parse(&speaker, line, &phrase, error);
	char *text;

	json_object_del(command, "id");
	text = command ? json_dumps(command, JSON_COMPACT) : NULL;
	if (!text && !strstr(error, expected))
		fail_msg("%s: %s", line, error);
	if (text)
		assert_string_equal(text, expected);
	free(text);
	json_decref(command);
}

TEST(lines_become_commands)
{
	static const char *const lines[][2] = {
		{ "msg ann hello  there",
		  "{\"cmd\":\"send\",\"to\":1001,\"text\":\"hello  there\"}" },
		{ " /MSG \"bo b\" \"x", "{\"cmd\":\"send\",\"to\":1002,\"text\":\"\\\"x\"}" },
		{ "m 77 x", "{\"cmd\":\"send\",\"to\":77,\"text\":\"x\"}" },
		{ "again more", "{\"cmd\":\"send\",\"to\":77,\"text\":\"more\"}" },
		{ "msgall ann,77 x", "{\"cmd\":\"send\",\"to\":[1001,77],\"text\":\"x\"}" },
		{ "msga all x", "{\"cmd\":\"send\",\"to\":[1001,1002],\"text\":\"x\"}" },
		{ "msgall @friends x", "{\"cmd\":\"send\",\"to\":[1001,1002],\"text\":\"x\"}" },
		{ "who", "{\"cmd\":\"contacts\"}" },
		{ "ignore ann", "{\"cmd\":\"edit\",\"uin\":1001,\"list\":\"ignore\"}" },
		{ "ignore anton", "{\"cmd\":\"edit\",\"uin\":1003,\"list\":\"none\"}" },
		{ "charset ann koi8-r ", "{\"cmd\":\"edit\",\"uin\":1001,\"charset\":\"koi8-r\"}" },
		{ "charset @Friends", "{\"cmd\":\"edit\",\"group\":\"Friends\",\"charset\":\"\"}" },
		{ "answer ann", "{\"cmd\":\"edit\",\"uin\":1001,\"away_text\":\"\"}" },
		{ "awaytext na", "{\"cmd\":\"set\",\"key\":\"status.na-text\"}" },
		{ "awaytext na zzz",
		  "{\"cmd\":\"set\",\"key\":\"status.na-text\",\"value\":\"zzz\"}" },
		{ "set", "{\"cmd\":\"set\"}" },
		{ "set a.b", "{\"cmd\":\"set\",\"key\":\"a.b\"}" },
		{ "set a.b c d", "{\"cmd\":\"set\",\"key\":\"a.b\",\"value\":\"c d\"}" },
		{ "unset a.b", "{\"cmd\":\"set\",\"key\":\"a.b\",\"value\":\"\"}" },
		{ "notify", "{\"cmd\":\"notify\"}" },
		{ "notify message all bell", "{\"cmd\":\"notify\",\"event\":\"message\","
					     "\"actions\":\"bell\"}" },
		{ "notify online ann", "{\"cmd\":\"notify\",\"event\":\"online\",\"uin\":1001}" },
		{ "h ann 5 cp866", "{\"cmd\":\"history\",\"uin\":1001,\"limit\":5,"
				   "\"charset\":\"cp866\"}" },
		{ "update auth=YES age=7 \"nick=a b\"",
		  "{\"cmd\":\"update\",\"auth\":true,\"age\":7,"
		  "\"nick\":\"a b\"}" },
		{ "rename ann a b ", "{\"cmd\":\"edit\",\"uin\":1001,\"nick\":\"a b \"}" },
		{ "rename ann \"a b\" ", "{\"cmd\":\"edit\",\"uin\":1001,\"nick\":\"a b\"}" },
		{ "rename ann \"a\" b",
		  "{\"cmd\":\"edit\",\"uin\":1001,\"nick\":\"\\\"a\\\" b\"}" },
		{ "search ann 5 first=x a@b", "{\"cmd\":\"search\",\"nick\":\"ann\",\"uin\":5,"
					      "\"first\":\"x\",\"email\":\"a@b\"}" },
		{ "away", "{\"cmd\":\"status\",\"status\":\"away\"}" },
		{ "away gone  home", "{\"cmd\":\"status\",\"status\":\"away\","
				     "\"text\":\"gone  home\"}" },
		{ "add 5", "{\"cmd\":\"add\",\"uin\":5}" },
	};
	struct icq_client *client = begin();

	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		check_line(lines[i][0], lines[i][1]);
	icq_client_free(&client);
}

TEST(what_is_wrong_is_told)
{
	static const char *const lines[][2] = {
		{ "msg", "something is missing (msg NICK TEXT)" },
		{ "msg ann", "something is missing" },
		{ "msg an x", "several are called like an" },
		{ "msg eve x", "several are called like eve" },
		{ "msg zoe x", "nobody is called zoe" },
		{ "accept", "nobody asks anything (accept [N] [PATH])" },
		{ "msgall ann,zoe x", "nobody is called zoe" },
		{ "msgall @none x", "this is nobody: @none" },
		{ "reply x", "nobody has written yet" },
		{ "re x", "re may be reply or resend" },
		{ "mgs ann x", "did you mean msg?" },
		{ "who else", "this is too much: else" },
		{ "add ann", "this is no number: ann" },
		{ "update shoe=44", "KEY=VALUE" },
		{ "msg ann \xff", "this is no UTF-8" },
	};
	struct icq_client *client = begin();

	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		check_line(lines[i][0], lines[i][1]);
	check_line("msg an x", "");
	check(speaker.nobody);
	icq_client_free(&client);
}

TEST(random_lines_do_no_harm)
{
	struct icq_client *client = begin();
	struct rng rng = harness_rng();
	char line[64], error[PHRASE_ERROR_MAX];
	const struct phrase *phrase;
	const char *name, *args, *help;

	for (int i = 0; i < 20000; i++) {
		size_t n;

		if (!phrase_help(rng_below(&rng, 80), &name, &args, &help))
			continue;
		n = (size_t)snprintf(line, sizeof(line), "%s ", name);
		if (strstr("register pass login ", line)) /* these would ask */
			continue;
		for (size_t end = n + rng_below(&rng, 30); n < end; n++)
			line[n] = " \t\",=@/1a\xc3\xa9n~."[rng_below(&rng, 15)];
		line[n] = 0;
		json_decref(phrase_parse(&speaker, line, &phrase, error));
	}
	icq_client_free(&client);
}

TEST(names_and_aliases_are_told_apart)
{
	char error[PHRASE_ERROR_MAX];
	const char *name, *args, *help;

	for (size_t i = 0; phrase_help(i, &name, &args, &help); i++) {
		const struct phrase *found = phrase_find(name, strlen(name), error);
		char *page = phrase_page(found);

		assert_string_equal(phrase_name(found), name);
		check(strstr(page, args) && strstr(page, help));
		free(page);
	}
}

TEST(what_came_back_is_sent_once_more)
{
	struct icq_client *client = begin();
	json_t *returned = json_pack("{s:s,s:i,s:s}", "ev", "sent", "msg", 7, "state", "returned");

	check_line("urgent", "no message has come back");
	check_line("resend list", "no message has come back");
	phrase_heard(&speaker, returned);
	check_line("urgent", "{\"cmd\":\"resend\",\"as\":\"urgent\",\"msg\":7}");
	check_line("tolist ", "{\"cmd\":\"resend\",\"as\":\"list\",\"msg\":7}");
	check_line("resend", "{\"cmd\":\"resend\",\"msg\":7}");
	check_line("resend server", "{\"cmd\":\"resend\",\"msg\":7,\"as\":\"server\"}");
	check_line("urgent ann x",
		   "{\"cmd\":\"send\",\"mode\":\"urgent\",\"to\":1001,\"text\":\"x\"}");
	check_line("urgent ann", "something is missing");
	json_decref(returned);
	icq_client_free(&client);
}
