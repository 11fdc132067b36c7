/* SPDX-License-Identifier: MIT */
/*
 * Taking a message from its sender: judged, stored, and only then acknowledged. What is refused
 * becomes a notice to the sender in the same transaction. And words of the server's own.
 */
#ifndef SERVER_MESSAGE_H
#define SERVER_MESSAGE_H

#include <stdint.h>

struct server;
struct session;
struct request;
struct job;

/* Handler of SEND_MESSAGE and MSG_TO_NEW_USER. */
void message_take(struct server *srv, struct session *from, const struct request *r);

/* Stores a word of the server's for a user and brings it to him. It may fail in silence. */
void message_notice(struct server *srv, uint32_t to, const char *text);
/* Hands out a JOB_MESSAGE_SYSTEM; all but its quota is given. 0 or -ICQ_EFULL. */
int message_system(struct server *srv, struct job *job);
/* It has come back: the message is on its way to a user, who may be online. */
void message_system_stored(struct server *srv, const struct job *job);

#endif
