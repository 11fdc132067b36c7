/* SPDX-License-Identifier: MIT */
/* Answers of the server, for people. What users have typed cannot harm the terminal. */
#ifndef ICQCTL_PRINT_H
#define ICQCTL_PRINT_H

#include "cmd/icqctl/call.h"

/* Every member on its own line, those of objects inside, too. */
void print_members(struct call *c, const json_t *result);
void print_stats(struct call *c, const json_t *result);
void print_user(struct call *c, const json_t *row);
void print_codes(struct call *c, const json_t *result);
void print_uin(struct call *c, const json_t *result);
void print_sent(struct call *c, const json_t *result);
void print_broadcast(struct call *c, const json_t *result);
void print_stopped(struct call *c, const json_t *result);
void print_complaint(struct call *c, const json_t *row);

/* trace.c: a datagram, in words or, with --json, as an object. */
void print_datagram(struct call *c, const json_t *row);

#endif
