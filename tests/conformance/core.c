/* SPDX-License-Identifier: MIT */
/* The table of conversations against the server core, and what the table itself must hold. */
#include <stdio.h>
#include <stdlib.h>

#include "cmd/icqd/conf_read.h"
#include "conformance/cases.h"
#include "conformance/play.h"
#include "harness.h"

enum { CONVERSATIONS_LEAST = 150 };

static struct table *table;

static void tell(void *ctx, const char *complaint)
{
	(void)ctx;
	fprintf(stderr, "%s\n", complaint);
}

static struct conf conf_of(const struct conversation *c)
{
	struct conf conf, wanted = rig_conf();
	struct conf_reader reader = conf_reader(&conf, tell, NULL);

	conf = wanted;
	conf.limits_enabled = false;
	for (size_t i = 0; i < c->setting_count; i++)
		conf_read_option(&reader, c->settings[i]);
	assert_int_equal(reader.complaints, 0);
	return conf;
}

static void play_in_core(void)
{
	const struct conversation *c = harness_subject();
	struct conf conf = conf_of(c);
	struct script *s = script_new(&conf);

	play(c, s);
	script_free(&s);
}

static bool is_clients(const struct icq_message *m)
{
	return m->channel == ICQ_CLIENT || m->channel == ICQ_BARE;
}

static bool has_kind(const struct icq_message *m, enum conversation_kind kind)
{
	for (size_t i = 0; i < table->count; i++)
		if (table->rows[i].kind == kind && conversation_shows(&table->rows[i], m))
			return true;
	return false;
}

TEST(every_command_of_a_client_is_shown_with_good_bad_and_borderline_input)
{
	unsigned missing = 0;

	for (enum icq_id id = M_NONE + 1; id < M_COUNT; id++) {
		const struct icq_message *m = icq_describe(id);

		for (enum conversation_kind k = 0; is_clients(m) && k < CONVERSATION_KINDS; k++) {
			if (has_kind(m, k))
				continue;
			fprintf(stderr, "%04X %s: no conversation of kind %d\n", m->code, m->name,
				(int)k);
			missing++;
		}
	}
	assert_int_equal(missing, 0);
}

TEST(what_the_server_does_is_said_of_every_command_of_a_client)
{
	for (enum icq_id id = M_NONE + 1; id < M_COUNT; id++) {
		const struct icq_message *m = icq_describe(id);

		if (is_clients(m) && !table_deed(table, m))
			fail_msg("the table has no \"does %04X\"", m->code);
	}
}

TEST(the_table_holds_enough_conversations)
{
	check(table->count >= CONVERSATIONS_LEAST);
}

int main(int argc, char **argv)
{
	int status;

	table = table_read(CONVERSATIONS);
	if (!table)
		return EXIT_FAILURE;
	cases_add(table, play_in_core);
	status = harness_run(argv[0], argv + (argc > 0));
	table_free(&table);
	return status;
}
