/* SPDX-License-Identifier: MIT */
/* The settings file of icq: what is read, and what a new one keeps of the old. */
#include "cmd/icq/settings/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/icq/settings/parts.h"
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

/* ---- any file and any change ----------------------------------------------------------- */

static const char *const keys_at_random[] = { "net.timeout",	"net.keepalive", "account.port",
					      "status.auto-na", "notify.bell",	 "text.charset" };

static const char *value_at_random(struct rng *rng, const char *key)
{
	static const char *const numbers[] = { "1", "7", "600", "" };
	static const char *const pages[] = { "koi8-r", "cp1251", "cp1252", "" };
	static const char *const words[] = { "yes", "no", "" };

	if (strcmp(key, "text.charset") == 0)
		return pages[rng_below(rng, 4)];
	return strcmp(key, "notify.bell") == 0 ? words[rng_below(rng, 3)]
					       : numbers[rng_below(rng, 4)];
}

static void put_section_at_random(struct rng *rng, FILE *to, unsigned number)
{
	const char *key = keys_at_random[rng_below(rng, 6)], *value;
	bool contact = rng_below(rng, 2);

	if (contact)
		fprintf(to, "[contact %u]\n", 1 + rng_below(rng, 5));
	else
		fprintf(to, " [%.*s]\n", (int)strcspn(key, "."), key);
	for (unsigned i = rng_below(rng, 4); i > 0; i--)
		fputs(rng_below(rng, 2) ? "\n" : "  \t\n", to);
	fprintf(to, "# comment %u\n", number);
	value = value_at_random(rng, key);
	if (contact)
		fprintf(to, "nick=%s%u\nlist = %s\n", rng_below(rng, 2) ? "n" : "m", number,
			rng_below(rng, 2) ? "none" : "visible");
	else if (*value)
		fprintf(to, "%s   =  %s\n", key + strcspn(key, ".") + 1, value);
}

static void change_at_random(struct rng *rng, struct rig *r)
{
	struct icq_client_contact contact = { .uin = 1 + rng_below(rng, 7) };
	const char *key = keys_at_random[rng_below(rng, 6)];

	switch (rng_below(rng, 3)) {
	case 0:
		set(r, key, value_at_random(rng, key));
		break;
	case 1:
		icq_client_remove_contact(r->client, (struct now){ 0 }, 0, contact.uin);
		break;
	default:
		snprintf(contact.nick, sizeof(contact.nick), "c%u", rng_below(rng, 9));
		contact.list = (enum icq_client_list)rng_below(rng, 4);
		put_contact(r, &contact);
	}
}

static void check_same(const struct rig *r, const struct settings *read)
{
	const char *key;

	for (size_t i = 0; (key = settings_key(i)); i++)
		assert_string_equal(settings_get(read, key), settings_get(&r->settings, key));
	assert_int_equal(read->contact_count, icq_client_contact_count(r->client));
	for (size_t i = 0; i < read->contact_count; i++) {
		const struct icq_client_contact *was = &read->contacts[i];
		const struct icq_client_contact *is = icq_client_contact(r->client, was->uin);

		assert_non_null(is);
		assert_string_equal(was->nick, is->nick);
		assert_int_equal(was->list, is->list);
	}
}

TEST(what_was_written_is_read_whatever_was_there)
{
	struct rng rng = harness_rng();
	char *text;
	size_t n;

	for (int i = 0; i < 40; i++) { /* each writes to the disk */
		FILE *to = open_memstream(&text, &n);
		unsigned sections = rng_below(&rng, 6);
		struct settings read;
		struct rig r;

		for (unsigned s = 0; s < sections; s++)
			put_section_at_random(&rng, to, s);
		fclose(to);
		r = rig_with(text);
		for (unsigned c = rng_below(&rng, 5); c > 0; c--)
			change_at_random(&rng, &r);
		assert_int_equal(settings_write(&r.settings, r.client), 0);
		assert_int_equal(settings_read(&read, r.path, NULL), 0);
		check_same(&r, &read);
		settings_free(&read);
		rig_end(&r);
		free(text);
	}
}
