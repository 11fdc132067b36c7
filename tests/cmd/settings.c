/* SPDX-License-Identifier: MIT */
/* The settings file of icq: what is read, and what a new one keeps of the old. */
#include "cmd/icq/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/icq/settings_parts.h"
#include "harness.h"

/* ---- a file and a client with its contacts --------------------------------------------- */

struct rig {
	char path[64];
	struct settings settings;
	struct icq_client *client;
};

static void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "we");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static const char *read_file(const char *path)
{
	static char text[8192];
	FILE *f = fopen(path, "re");

	assert_non_null(f);
	text[fread(text, 1, sizeof(text) - 1, f)] = 0;
	fclose(f);
	return text;
}

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

static void put_contact(struct rig *r, const struct icq_client_contact *contact)
{
	icq_client_put_contact(r->client, (struct now){ 0 }, 0, contact);
}

static struct rig rig_with(const char *text)
{
	const struct icq_client_env env = { .submit = submit, .event = no_event };
	const struct icq_client_conf conf = { 0 };
	struct rig r = { .path = "/tmp/icq-settings-XXXXXX" };

	close(mkstemp(r.path));
	write_file(r.path, text);
	assert_int_equal(settings_read(&r.settings, r.path, NULL), 0);
	r.client = icq_client_new(&conf, &env);
	assert_non_null(r.client);
	for (size_t i = 0; i < r.settings.contact_count; i++)
		put_contact(&r, &r.settings.contacts[i]);
	return r;
}

static void check_written(struct rig *r, const char *expected)
{
	assert_int_equal(settings_write(&r->settings, r->client), 0);
	assert_string_equal(read_file(r->path), expected);
}

static void rig_end(struct rig *r)
{
	unlink(r->path);
	icq_client_free(&r->client);
	settings_free(&r->settings);
}

static void set(struct rig *r, const char *key, const char *value)
{
	assert_int_equal(settings_set(&r->settings, key, value), 0);
	assert_int_equal(settings_keep(&r->settings, key), 0);
}

/* ---- cases ----------------------------------------------------------------------------- */

static const char by_hand[] = "; mine\n"
			      "[account]\n"
			      "  uin=7   \n"
			      "\n"
			      "# the net\n"
			      "[net]\n"
			      "keepalive =  20\n"
			      "timeout = 60\n"
			      "\n"
			      "\n"
			      "[contact 10001]\n"
			      "# she is nice\n"
			      "nick=ann\n"
			      "away-text = one\\ntwo \\\\ three\n"
			      "# the end\n";

TEST(what_a_person_wrote_stays)
{
	struct rig r = rig_with(by_hand);

	assert_string_equal(r.settings.uin, "7");
	assert_string_equal(r.settings.direct, "out");
	assert_string_equal(icq_client_contact(r.client, 10001)->away_text, "one\ntwo \\ three");
	check_written(&r, by_hand);
	rig_end(&r);
}

TEST(only_what_changed_is_written_anew)
{
	struct rig r = rig_with(by_hand);

	set(&r, "net.keepalive", "30");
	set(&r, "net.timeout", "");
	set(&r, "net.direct", "on");
	set(&r, "status.away-text", "a\nb\\");
	put_contact(&r, &(struct icq_client_contact){ .uin = 10001, .nick = "anna" });
	put_contact(&r, &(struct icq_client_contact){ .uin = 10002, .list = ICQ_CLIENT_IGNORE });
	check_written(&r, "; mine\n"
			  "[account]\n"
			  "  uin=7   \n"
			  "\n"
			  "# the net\n"
			  "[net]\n"
			  "keepalive = 30\n"
			  "direct = on\n"
			  "\n"
			  "\n"
			  "[contact 10001]\n"
			  "# she is nice\n"
			  "nick = anna\n"
			  "# the end\n"
			  "\n"
			  "[status]\n"
			  "away-text = a\\nb\\\\\n"
			  "\n"
			  "[contact 10002]\n"
			  "list = ignore\n");
	rig_end(&r);
}

TEST(what_changed_by_hand_meanwhile_stays)
{
	struct rig r = rig_with("[net]\nkeepalive = 20\n");

	write_file(r.path, "[net]\nkeepalive = 21\n[new]\nkey = value");
	set(&r, "net.timeout", "9");
	check_written(&r, "[net]\nkeepalive = 21\ntimeout = 9\n[new]\nkey = value\n");
	check_written(&r, "[net]\nkeepalive = 21\ntimeout = 9\n[new]\nkey = value\n");
	rig_end(&r);
}

TEST(a_section_goes_with_its_contact)
{
	struct rig r = rig_with("[contact 5]\nnick = x\n# his\n\n[net]\ntimeout = 9\n");

	icq_client_remove_contact(r.client, (struct now){ 0 }, 0, 5);
	check_written(&r, "[net]\ntimeout = 9\n");
	rig_end(&r);
}

TEST(groups_have_a_code_page)
{
	struct rig r = rig_with("[group a]\ncharset = KOI8-R\n[group b]\n# why\ncharset=cp1251\n");

	for (size_t i = 0; i < r.settings.group_count; i++)
		icq_client_group_charset(r.client, r.settings.groups[i].name,
					 r.settings.groups[i].charset);
	assert_int_equal(r.settings.group_count, 2);
	icq_client_group_charset(r.client, "b", codepage_find("cp1253"));
	icq_client_group_charset(r.client, "c d", codepage_find("cp1254"));
	check_written(&r, "[group a]\ncharset = KOI8-R\n[group b]\n# why\ncharset = cp1253\n"
			  "\n[group c d]\ncharset = cp1254\n");
	icq_client_group_charset(r.client, "b", NULL);
	check_written(&r, "[group a]\ncharset = KOI8-R\n[group b]\n# why\n"
			  "\n[group c d]\ncharset = cp1254\n");
	rig_end(&r);
}

TEST(nobody_else_may_read_it)
{
	struct rig r = rig_with("");
	struct stat st;

	chmod(r.path, 0644);
	set(&r, "account.uin", "10001");
	check_written(&r, "[account]\nuin = 10001\n");
	assert_int_equal(stat(r.path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	rig_end(&r);
}

TEST(values_of_the_wrong_kind_are_refused)
{
	static const char *const bad[][2] = {
		{ "account.uin", "0" },	      { "account.uin", "4294967296" },
		{ "account.uin", "-1" },      { "account.uin", "99999999999999999999" },
		{ "account.port", "65536" },  { "account.version", "v5" },
		{ "net.direct", "o" },	      { "net.direct", "off out" },
		{ "text.charset", "ebcdic" }, { "status.initial", "offline" },
		{ "account.host", "a\nb" },   { "status.away-text", "a\rb" },
		{ "net.listen", "here" },
	};
	struct settings s;

	settings_preset(&s);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(settings_set(&s, bad[i][0], bad[i][1]), -ICQ_ERANGE);
	assert_int_equal(settings_set(&s, "no.such", "x"), -ICQ_ENOENT);
	assert_int_equal(settings_set(&s, "account.uin", "4294967295"), 0);
	assert_int_equal(settings_set(&s, "net.direct", "off"), 0);
	assert_int_equal(settings_set(&s, "net.direct", ""), 0);
	assert_string_equal(s.direct, "out");
}

TEST(what_is_wanted_is_told)
{
	char out[SETTINGS_TEXT_MAX];

	assert_string_equal(settings_wanted("net.direct", out), "off, out or on");
	assert_string_equal(settings_wanted("net.text-route", out), "server or peer");
	assert_string_equal(settings_wanted("account.port", out), "a number from 1 to 65535");
}

TEST(every_setting_has_a_good_preset_and_help)
{
	struct settings s;
	const char *key;

	settings_preset(&s);
	for (size_t i = 0; (key = settings_key(i)); i++) {
		const char *preset = settings_get(&s, key);

		check(strchr(key, '.') && *settings_help(key));
		assert_int_equal(settings_set(&s, key, preset), 0);
	}
}
