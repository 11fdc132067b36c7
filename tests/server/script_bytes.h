/* SPDX-License-Identifier: MIT */
/* The bodies of script.h as bytes. */
#ifndef TESTS_SERVER_SCRIPT_BYTES_H
#define TESTS_SERVER_SCRIPT_BYTES_H

#include "server/script.h"

/* Bytes to send or to expect. */
struct bytes {
	size_t n;
	bool open; /* any rest may follow */
	uint8_t b[SCRIPT_DATAGRAM];
	bool any[SCRIPT_DATAGRAM];
	struct person *learner; /* whose UIN was not known when it was named, at learnt_at */
	size_t learnt_at;
};

/* To be freed by the caller. */
struct bytes *bytes_new(void);
/* An integer, low byte first. */
void bytes_add(struct bytes *to, uint64_t value, size_t size);
/* The words of a body. */
void bytes_add_words(struct script *s, struct bytes *to, const char *text);
/* Fails the case unless these are the bytes that were expected, and learns UINs from them. */
void bytes_expect(struct bytes *expected, const struct parcel *got, const char *step);

#endif
