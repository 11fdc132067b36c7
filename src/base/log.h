/* SPDX-License-Identifier: MIT */
/*
 * Log records. The core fills one of these and hands it to its environment; only cmd/
 * prints. A record holds no message text and no password: there is no field for them.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stddef.h>
#include <stdint.h>

struct addr;

enum log_level { LOG_LEVEL_DEBUG, LOG_LEVEL_INFO, LOG_LEVEL_WARN, LOG_LEVEL_ERROR };

struct log_event {
	enum log_level level;
	const char *name;	 /* the event: "login_refused" */
	uint32_t uin;		 /* 0 = none */
	const struct addr *addr; /* NULL = none */
	const char *why;	 /* NULL = none; may hold foreign text, escaped on output */
	int err;		 /* 0 = none, else negative ICQ_E... */
	int64_t number;		 /* 0 = none */
};

/*
 * One line without newline: `login_refused uin=1001 addr=10.0.0.7:4000 why=password`.
 * Values with spaces, quotes or control bytes are quoted and escaped. Cuts at cap.
 * Returns the length written without the NUL.
 */
size_t log_format(const struct log_event *ev, char *out, size_t cap);

#endif
