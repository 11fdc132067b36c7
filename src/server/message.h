/* SPDX-License-Identifier: MIT */
/*
 * Taking a message from its sender: judged, stored, and only then acknowledged. What is refused
 * becomes a notice to the sender in the same transaction.
 */
#ifndef SERVER_MESSAGE_H
#define SERVER_MESSAGE_H

struct server;
struct session;
struct request;

/* Handler of SEND_MESSAGE and MSG_TO_NEW_USER. */
void message_take(struct server *srv, struct session *from, const struct request *r);

#endif
