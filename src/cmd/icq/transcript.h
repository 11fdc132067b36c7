/* SPDX-License-Identifier: MIT */
/* A history on its way into a file for people or programs. */
#ifndef ICQ_TRANSCRIPT_H
#define ICQ_TRANSCRIPT_H

#include <jansson.h>
#include <stdint.h>

struct transcript; /* owned by whoever called transcript_open */

/* The words for the formats, NULL behind the last. */
extern const char *const transcript_formats[];

/* Makes a new file for its owner alone. 0, or -ICQ_EIO with errno. */
int transcript_open(struct transcript **out, const char *path, int format);
/* A row as the schema has it (messages[] in doc/json.md). name: of the other side. */
void transcript_row(struct transcript *t, const json_t *row, const char *name);
/* Ends the file and tells how many rows it has. -ICQ_EIO with errno: it could not be written, and
 * is gone. */
int transcript_finish(struct transcript **at, uint64_t *count_out);
/* Gives up: the file goes. */
void transcript_drop(struct transcript **at);

#endif
