/* SPDX-License-Identifier: MIT */
#include "cmd/icqd/invite.h"

#include "base/err.h"
#include "cmd/exit_codes.h"
#include "cmd/icqd/folder.h"
#include "io/random.h"
#include "store/store.h"

#include <stdio.h>

enum { CODE_LEN = 8, TRIES = 5 };

/* Nothing that is easily taken for something else. */
static void draw_code(char code[CODE_LEN + 1])
{
	static const char letters[] = "23456789abcdefghjkmnpqrstuvwxyz";

	for (int i = 0; i < CODE_LEN; i++)
		code[i] = letters[random_below(sizeof(letters) - 1)];
	code[CODE_LEN] = 0;
}

static int add_code(struct store_sqlite *store, char code[CODE_LEN + 1])
{
	int err = -ICQ_EEXIST;

	for (int i = 0; i < TRIES && err == -ICQ_EEXIST; i++) {
		draw_code(code);
		err = store_sqlite_add_invite(store, code);
	}
	return err;
}

int invite_make(const struct settings *settings)
{
	struct store_sqlite *store;
	struct folder folder;
	char code[CODE_LEN + 1];
	const char *why;
	int err;

	if (folder_find(&folder, settings->conf.data) < 0)
		return EXIT_FAILED;
	if (store_sqlite_open(&store, folder.database, &why) < 0) {
		fprintf(stderr, "icqd: %s: %s\n", folder.database, why);
		return EXIT_FAILED;
	}
	err = add_code(store, code);
	store_sqlite_close(&store);
	if (err < 0) {
		fprintf(stderr, "icqd: the code cannot be stored: %s\n", icq_err_text(err));
		return EXIT_FAILED;
	}
	puts(code);
	return EXIT_OK;
}
