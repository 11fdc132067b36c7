/* SPDX-License-Identifier: MIT */
/* The contact panel: people in their groups, those that are there first. Knows no terminal. */
#ifndef ICQ_SCREEN_PANEL_H
#define ICQ_SCREEN_PANEL_H

#include <stdbool.h>
#include <stddef.h>

#include "client/client.h"

enum { PANEL_PEOPLE_MAX = ICQ_CLIENT_CONTACTS_MAX + 100, PANEL_FOLDS_MAX = 32 };

struct person {
	uint32_t uin;
	const char *nick, *group; /* borrowed until the panel is built anew; nick "": the number */
	enum icq_status status;
	enum icq_client_list list;
	bool unknown; /* no contact: his status is told to nobody */
	size_t unread, waiting;
};

/* A group, or one in it. */
struct panel_row {
	const char *group;
	const struct person *person; /* NULL: the head of the group */
	bool folded, unknown;
	size_t here, all, unread; /* of the group: people, and messages */
};

/* Owned by its holder; all zeros is an empty one. */
struct panel {
	struct person people[PANEL_PEOPLE_MAX];
	size_t person_count;
	struct panel_row rows[2 * PANEL_PEOPLE_MAX];
	size_t row_count;
	char folds[PANEL_FOLDS_MAX][ICQ_CLIENT_NAME_MAX]; /* names of folded groups */
	size_t fold_count;
	size_t at;	 /* the row of the cursor */
	uint32_t at_uin; /* who is there; 0: the head of the group */
	char at_group[ICQ_CLIENT_NAME_MAX];
};

/* Fill it anew: begin, add them all, end. The cursor stays on whom it was, if he is still there. */
void panel_begin(struct panel *p);
void panel_add(struct panel *p, const struct person *person);
void panel_end(struct panel *p);

void panel_move(struct panel *p, int rows);
/* To somebody, if he is to be seen. */
void panel_move_to(struct panel *p, uint32_t uin);
/* NULL: there is none. */
const struct panel_row *panel_row(const struct panel *p);
/* Folds the group of the cursor, or unfolds it; to be built anew then. */
void panel_fold(struct panel *p);

/* 'o' for online and so on; never anything but a letter or a dot. */
char panel_mark(enum icq_status status);
/* "*3~vo nick", unfiltered; '?' instead of the mark when it is unknown. */
void panel_text(const struct panel_row *row, char *out, size_t cap);

#endif
