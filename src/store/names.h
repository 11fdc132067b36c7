/* SPDX-License-Identifier: MIT */
/* The texts by which accounts are found, made equal where they differ in case or code page
 * only. Pure. */
#ifndef STORE_NAMES_H
#define STORE_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/profile.h"

enum {
	NAMES_NICK,
	NAMES_FIRST,
	NAMES_LAST,
	NAMES_EMAIL,
	NAMES_COUNT,
	NAMES_MAX = 3 * PROFILE_MAX_name, /* bytes of one: none may be longer than a name */
};

#define STORE_CHARSET "cp1252" /* the presetting of a new store */

/* UTF-8 in lower case. */
struct names {
	size_t len[NAMES_COUNT];
	char at[NAMES_COUNT][NAMES_MAX];
};

/* The searched texts of a profile or a search. */
#define NAMES_OF(p)                                                                                \
	((const char *const[NAMES_COUNT]){ (p)->nick, (p)->first, (p)->last, (p)->email })

/* charset is the name of a code page; one that is unknown counts as STORE_CHARSET. */
void names_fold(struct names *to, const char *charset, const char *const texts[NAMES_COUNT]);
/* Whether nothing is asked for. */
bool names_empty(const struct names *n);
/* The letters of the names, as a set of 63 bits: those who match have every bit that is wanted. */
uint64_t names_letters(const struct names *n);
/* Whether all that is wanted is there: names as a part, the e-mail as a whole. */
bool names_match(const struct names *who, const struct names *wanted);
/* Whether any of them has that part; an empty one is everywhere. */
bool names_hold(const struct names *who, const char *part, size_t len);

/* Whether it may be the code page of an account: "" or known. */
bool charset_known(const char *charset);

#endif
