/* SPDX-License-Identifier: MIT */
/* The conversations of tests/client/peers, played against the engine. */
#include <stdlib.h>

#include "client/talk.h"
#include "conformance/cases.h"
#include "harness.h"

static void play_one(void)
{
	const struct conversation *c = harness_subject();

	talk_play(c->steps);
}

int main(int argc, char **argv)
{
	struct table *table = table_read(CONVERSATIONS);
	int status;

	if (!table)
		return EXIT_FAILURE;
	cases_add(table, play_one);
	status = harness_run(argv[0], argv + (argc > 0));
	table_free(&table);
	return status;
}
