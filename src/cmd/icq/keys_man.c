/* SPDX-License-Identifier: MIT */
/* A tool of the build: copies the source of icq(1) from stdin to stdout and puts all keys of
 * actions.def where it says @KEYS@. */
#include <stdio.h>
#include <string.h>

#include "cmd/icq/keys.h"

static void print_keys(void)
{
	for (enum action a = 0; a < ACTIONS; a++)
		printf("*%s* (%s)\n\t%c%s.\n\n", action_rows[a].keys, action_rows[a].name,
		       action_rows[a].help[0] - 'a' + 'A', action_rows[a].help + 1);
}

int main(void)
{
	char line[512];

	while (fgets(line, sizeof(line), stdin)) {
		if (strcmp(line, "@KEYS@\n") == 0)
			print_keys();
		else
			fputs(line, stdout);
	}
	return ferror(stdin) || fflush(stdout) ? 1 : 0;
}
