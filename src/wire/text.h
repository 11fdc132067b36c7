/* SPDX-License-Identifier: MIT */
/* The rows of icq.def about compound texts, as the explainer needs them, too. */
#ifndef WIRE_TEXT_H
#define WIRE_TEXT_H

#include "wire/icqwire.h"

#define TEXT_PARTS_MAX 6

struct text_form {
	const char *name;
	bool relayed;
	size_t part_count;
	const char *parts[TEXT_PARTS_MAX]; /* "text.nick" */
};

/* Never NULL; F_NONE has no parts. */
const struct text_form *text_form(enum icq_form form);

/* A union icq_text as the array of parts that it is. A part that is missing has no p. */
static inline struct icq_str *text_parts(union icq_text *text)
{
	return (struct icq_str *)(void *)text;
}

/* The bytes of `text` before its first separator; `text` is moved behind that. False when
 * there was no separator: then `part` is all that was left. */
bool text_next(struct icq_str *text, struct icq_str *part);

#endif
