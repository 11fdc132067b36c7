/* SPDX-License-Identifier: MIT */
/*
 * Errors: 0 is success, a negative ICQ_E... is failure. The list is the one truth;
 * the enum and err_text() are made from it.
 */
#ifndef ICQ_ERR_H
#define ICQ_ERR_H

#define ICQ_ERRORS(X)                                                                              \
	X(TRUNC, "packet ends inside a field")                                                     \
	X(VERSION, "unknown protocol version")                                                     \
	X(UNKNOWN, "unknown command")                                                              \
	X(SPACE, "does not fit into the buffer")                                                   \
	X(RANGE, "value out of range")                                                             \
	X(FULL, "table or queue is full")                                                          \
	X(NOMEM, "out of memory")                                                                  \
	X(EXIST, "already there")                                                                  \
	X(NOENT, "not found")                                                                      \
	X(STATE, "not possible in this state")                                                     \
	X(IO, "input/output error")                                                                \
	X(CORRUPT, "stored data is damaged")                                                       \
	X(NEWER, "stored data was written by a newer version")                                     \
	X(BUSY, "in use by another process")                                                       \
	X(DENIED, "not permitted")                                                                 \
	X(SYNTAX, "cannot be understood")

enum icq_error_number {
	ICQ_ERROR_BASE,
#define X(name, text) ICQ_E##name,
	ICQ_ERRORS(X)
#undef X
};

/* The sentence for a negative error, "success" for 0. Never NULL. */
const char *icq_err_text(int err);

#endif
