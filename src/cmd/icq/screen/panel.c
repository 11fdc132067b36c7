/* SPDX-License-Identifier: MIT */
#include "cmd/icq/screen/panel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- marks ----------------------------------------------------------------------------- */

/* In the order of the panel: who may be talked to first. */
static const struct {
	enum icq_status status;
	char mark;
} marks[] = {
	{ ICQ_STATUS_ffc, 'f' },     { ICQ_STATUS_online, 'o' },   { ICQ_STATUS_away, 'a' },
	{ ICQ_STATUS_na, 'n' },	     { ICQ_STATUS_occupied, 'c' }, { ICQ_STATUS_dnd, 'd' },
	{ ICQ_STATUS_offline, '.' },
};

enum { MARKS = sizeof(marks) / sizeof(*marks) };

static size_t rank(enum icq_status status)
{
	size_t i = 0;

	while (i < MARKS - 1 && marks[i].status != status)
		i++;
	return i;
}

char panel_mark(enum icq_status status)
{
	return marks[rank(status)].mark;
}

static char list_mark(enum icq_client_list list)
{
	return list == ICQ_CLIENT_VISIBLE     ? 'v'
	       : list == ICQ_CLIENT_INVISIBLE ? 'i'
	       : list == ICQ_CLIENT_IGNORE    ? 'x'
					      : ' ';
}

/* "- group 1/2": who is there of how many; unread messages only when they are not seen below. */
static void head_text(const struct panel_row *row, char *out, size_t cap)
{
	char here[24] = "", unread[24] = "";

	if (!row->unknown)
		snprintf(here, sizeof(here), "%zu/", row->here);
	if (row->folded && row->unread)
		snprintf(unread, sizeof(unread), " *%zu", row->unread);
	snprintf(out, cap, "%c %s %s%zu%s", row->folded ? '+' : '-', row->group, here, row->all,
		 unread);
}

void panel_text(const struct panel_row *row, char *out, size_t cap)
{
	const struct person *p = row->person;
	char unread[24] = "", number[16];

	if (!p) {
		head_text(row, out, cap);
		return;
	}
	if (p->unread)
		snprintf(unread, sizeof(unread), "*%zu", p->unread);
	snprintf(number, sizeof(number), "%u", p->uin);
	snprintf(out, cap, "%2s%c%c%c %s", unread, p->waiting ? '~' : ' ', list_mark(p->list),
		 p->unknown ? '?' : panel_mark(p->status), *p->nick ? p->nick : number);
}

/* ---- rows ------------------------------------------------------------------------------ */

static int compare(const void *a, const void *b)
{
	const struct person *one = a, *two = b;
	size_t rank_one = rank(one->status), rank_two = rank(two->status);
	int by_group = strcasecmp(one->group, two->group);
	int by_nick = strcasecmp(one->nick, two->nick);

	if (by_group)
		return by_group;
	if (rank_one != rank_two)
		return rank_one < rank_two ? -1 : 1;
	return by_nick ? by_nick : (one->uin > two->uin) - (one->uin < two->uin);
}

static size_t fold_of(const struct panel *p, const char *group)
{
	size_t i = 0;

	while (i < p->fold_count && strcasecmp(p->folds[i], group) != 0)
		i++;
	return i;
}

void panel_begin(struct panel *p)
{
	p->person_count = p->row_count = 0;
}

void panel_add(struct panel *p, const struct person *person)
{
	if (p->person_count < PANEL_PEOPLE_MAX)
		p->people[p->person_count++] = *person;
}

/* Remembers on whom the cursor is, so that it goes with him. */
static void note_cursor(struct panel *p)
{
	const struct panel_row *row = panel_row(p);

	p->at_uin = row && row->person ? row->person->uin : 0;
	snprintf(p->at_group, sizeof(p->at_group), "%s", row ? row->group : "");
}

static bool is_at_cursor(const struct panel *p, const struct panel_row *row)
{
	if (p->at_uin || row->person)
		return row->person && row->person->uin == p->at_uin;
	return strcasecmp(row->group, p->at_group) == 0;
}

static struct panel_row *add_head(struct panel *p, const char *group)
{
	struct panel_row *head = &p->rows[p->row_count++];

	*head = (struct panel_row){ .group = group, .folded = fold_of(p, group) < p->fold_count };
	return head;
}

static void count(struct panel_row *head, const struct person *one)
{
	head->all++;
	head->unknown |= one->unknown;
	head->here += one->status != ICQ_STATUS_offline;
	head->unread += one->unread;
}

void panel_end(struct panel *p)
{
	struct panel_row *head = NULL;

	qsort(p->people, p->person_count, sizeof(*p->people), compare);
	for (const struct person *one = p->people; one < p->people + p->person_count; one++) {
		if (!head || strcasecmp(one->group, head->group) != 0)
			head = add_head(p, one->group);
		count(head, one);
		if (!head->folded)
			p->rows[p->row_count++] = (struct panel_row){ .group = head->group,
								      .person = one };
	}
	for (size_t i = 0; i < p->row_count; i++)
		if (is_at_cursor(p, &p->rows[i]))
			p->at = i;
	panel_move(p, 0);
}

void panel_move(struct panel *p, int rows)
{
	if (rows < 0 && p->at < (size_t)-rows)
		p->at = 0;
	else
		p->at += (size_t)rows;
	if (p->at >= p->row_count)
		p->at = p->row_count ? p->row_count - 1 : 0;
	note_cursor(p);
}

void panel_move_to(struct panel *p, uint32_t uin)
{
	for (size_t i = 0; i < p->row_count; i++)
		if (p->rows[i].person && p->rows[i].person->uin == uin)
			p->at = i;
	note_cursor(p);
}

const struct panel_row *panel_row(const struct panel *p)
{
	return p->at < p->row_count ? &p->rows[p->at] : NULL;
}

void panel_fold(struct panel *p)
{
	const struct panel_row *row = panel_row(p);
	size_t i = row ? fold_of(p, row->group) : PANEL_FOLDS_MAX;

	if (i == PANEL_FOLDS_MAX)
		return;
	if (i < p->fold_count)
		memmove(p->folds[i], p->folds[i + 1], (--p->fold_count - i) * sizeof(*p->folds));
	else
		snprintf(p->folds[p->fold_count++], sizeof(*p->folds), "%s", row->group);
}
