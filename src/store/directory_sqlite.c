/* SPDX-License-Identifier: MIT */
#include "base/err.h"
#include "store/parts_sqlite.h"

#include <string.h>

/* The columns in the order of SQL_PROFILE, from the given one on. */
static void read_profile(struct store_sqlite *s, int column, struct profile *p)
{
	*p = (struct profile){ 0 };
#define X(part, name, limit) db_copy(&s->db, column++, p->name, sizeof(p->name) - 1);
	PROFILE_TEXTS(X)
#undef X
#define X(part, name, type, preset) p->name = (type)db_number(&s->db, column++);
	PROFILE_NUMBERS(X)
#undef X
	db_copy(&s->db, column, p->charset, sizeof(p->charset) - 1);
}

static bool find_profile(struct store_sqlite *s, uint32_t uin, struct profile *out)
{
	if (!db_ask(&s->db, SQL_PROFILE, NUMBER(uin)))
		return false;
	read_profile(s, 0, out);
	return true;
}

/* The name of the account's code page; of one that is not there, the presetting. */
static void find_charset(struct store_sqlite *s, uint32_t uin, char out[PROFILE_CHARSET_MAX])
{
	memset(out, 0, PROFILE_CHARSET_MAX);
	if (db_ask(&s->db, SQL_CHARSET, NUMBER(uin)))
		db_copy(&s->db, 0, out, PROFILE_CHARSET_MAX - 1);
}

static struct value name_value(const struct names *n, int i)
{
	return BYTES(n->at[i], n->len[i]);
}

static void save_names(struct store_sqlite *s, uint32_t uin, const struct profile *p)
{
	char charset[PROFILE_CHARSET_MAX];
	struct names n;

	find_charset(s, uin, charset);
	names_fold(&n, charset, NAMES_OF(p));
	db_ask(&s->db, SQL_SAVE_NAMES, NUMBER(uin), name_value(&n, NAMES_NICK),
	       name_value(&n, NAMES_FIRST), name_value(&n, NAMES_LAST), NUMBER(names_letters(&n)),
	       name_value(&n, NAMES_EMAIL));
}

#define TEXT_VALUE(part, name, limit) BYTES(p->name, strlen(p->name)),
#define NUMBER_VALUE(part, name, type, preset) NUMBER(p->name),

void sqlite_save_profile(struct store_sqlite *s, uint32_t uin, const struct profile *p)
{
	const struct value values[] = { PROFILE_TEXTS(TEXT_VALUE) PROFILE_NUMBERS(NUMBER_VALUE)
						BYTES(p->charset, strlen(p->charset)),
					NUMBER(uin) };

	db_ask_values(&s->db, SQL_SAVE_PROFILE, values, sizeof(values) / sizeof(values[0]));
	save_names(s, uin, p);
}

int sqlite_profile(struct store_sqlite *s, struct job *j)
{
	return find_profile(s, j->profile.uin, &j->profile.profile) ? 0 : -ICQ_ENOENT;
}

int sqlite_profile_set(struct store_sqlite *s, struct job *j)
{
	struct job_profile *q = &j->profile;
	struct profile p;

	if (!find_profile(s, q->uin, &p))
		return -ICQ_ENOENT;
	if ((q->parts & PROFILE_CHARSET) && !charset_known(q->profile.charset))
		return -ICQ_ERANGE;
	profile_copy(&p, &q->profile, q->parts);
	sqlite_save_profile(s, q->uin, &p);
	return 0;
}

void sqlite_change_charset(struct store_sqlite *s, const char *charset)
{
	uint32_t uin = 0;
	struct profile p;

	db_ask(&s->db, SQL_SET_CHARSET, BYTES(charset, strlen(charset)));
	if (!db_changed(&s->db))
		return;
	while (db_ask(&s->db, SQL_NEXT_PRESET, NUMBER(uin))) {
		uin = (uint32_t)db_number(&s->db, 0);
		if (find_profile(s, uin, &p))
			save_names(s, uin, &p);
	}
}

int sqlite_search(struct store_sqlite *s, struct job *j)
{
	struct job_search *q = &j->search;
	char charset[PROFILE_CHARSET_MAX];
	struct names n;

	q->count = 0;
	q->more = false;
	find_charset(s, q->asker, charset);
	names_fold(&n, charset, NAMES_OF(q));
	if (names_empty(&n))
		return 0;

	bool row = db_ask(&s->db, n.len[NAMES_EMAIL] ? SQL_SEARCH_EMAIL : SQL_SEARCH,
			  name_value(&n, NAMES_NICK), name_value(&n, NAMES_FIRST),
			  name_value(&n, NAMES_LAST), NUMBER(names_letters(&n)),
			  name_value(&n, NAMES_EMAIL), NUMBER(PROFILE_MAX_hits + 1));

	for (; row && q->count < PROFILE_MAX_hits; row = db_next(&s->db))
		q->uins[q->count++] = (uint32_t)db_number(&s->db, 0);
	q->more = row;
	return 0;
}
