/* SPDX-License-Identifier: MIT */
/*
 * The public face of an account. The lists below are the one description of its fields: the
 * struct, the table's columns and the comparison of two profiles are made from them. Texts are
 * bytes in the account's code page and end with NUL; their limits are those of proto/icq.def.
 */
#ifndef STORE_PROFILE_H
#define STORE_PROFILE_H

#include <stdint.h>

enum profile_limit {
#define LIMIT(name, value, meaning) PROFILE_MAX_##name = (value),
#include "icq.def"
};

/* X(part, name, limit): part says which update sets it. */
#define PROFILE_TEXTS(X)                                                                           \
	X(NAMES, nick, nick)                                                                       \
	X(NAMES, first, name)                                                                      \
	X(NAMES, last, name)                                                                       \
	X(NAMES, email, email)                                                                     \
	X(MORE, city, city)                                                                        \
	X(MORE, state, state)                                                                      \
	X(MORE, phone, phone)                                                                      \
	X(MORE, page, page)                                                                        \
	X(MORE, about, about)

/* X(part, name, type, preset) */
#define PROFILE_NUMBERS(X)                                                                         \
	X(AUTH, authorize, uint8_t, 1)                                                             \
	X(MORE, country, uint16_t, 0xFFFF)                                                         \
	X(MORE, timezone, uint8_t, 0x9C)                                                           \
	X(MORE, age, uint16_t, 0xFFFF)                                                             \
	X(MORE, sex, uint8_t, 0)                                                                   \
	X(MORE, zip, uint32_t, 0xFFFFFFFF)

/* The parts that one update sets; PROFILE_CHARSET is the code page's name. */
enum profile_part {
	PROFILE_NAMES = 1,
	PROFILE_MORE = 2,
	PROFILE_AUTH = 4,
	PROFILE_CHARSET = 8,
	PROFILE_GUESS = 16, /* the code page, if none was chosen before */
};

enum { PROFILE_CHARSET_MAX = 16 };

struct profile {
#define X(part, name, limit) char name[PROFILE_MAX_##limit + 1];
	PROFILE_TEXTS(X)
#undef X
#define X(part, name, type, preset) type name;
	PROFILE_NUMBERS(X)
#undef X
	char charset[PROFILE_CHARSET_MAX]; /* "": not chosen, then the server's presetting */
};

/* What a new account has: no texts, every number not entered, anyone may list it. */
void profile_preset(struct profile *p);
/* Copies the given parts. */
void profile_copy(struct profile *to, const struct profile *from, unsigned parts);

#endif
