/* SPDX-License-Identifier: MIT */
/* Text for people, written into a buffer that may be too small: then it is cut. */
#ifndef WIRE_PRINT_H
#define WIRE_PRINT_H

#include <stddef.h>

#include "wire/icqwire.h"

struct print {
	char *p;
	size_t cap, len; /* without the NUL, for which there is always room */
};

/* cap > 0 */
struct print print_to(char *p, size_t cap);
void print(struct print *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Printable ASCII as it is; quotes, backslashes and all else escaped: \" \\ \r \n \xE5. */
void print_escaped(struct print *out, struct icq_str text);
/* "0A1B2C" */
void print_hex(struct print *out, const uint8_t *p, size_t n);

#endif
