/* SPDX-License-Identifier: MIT */
/*
 * libicqclient on libuv: the engine with a UDP socket and a timer around it. One socket is
 * connected to the server, so that the kernel drops what others send.
 */
#ifndef ICQ_NET_H
#define ICQ_NET_H

#include <uv.h>

#include "client/client.h"
#include "cmd/icq/archive.h"
#include "cmd/icq/files.h"

struct net; /* owned by whoever called net_open */

struct net_calls {
	void *ctx;
	void (*event)(void *ctx, const struct icq_client_event *ev);
	void (*log)(void *ctx, const struct log_event *ev);
	struct addr at;	     /* where other clients connect, if they may */
	struct files *files; /* borrowed; to be closed before net_close */
	bool listen;	     /* they may do so at any time, at the port of `at` */
};

/* Looks the server up and makes a client for it (conf->server is filled in), whose history the
 * archive keeps: that is borrowed. 0, -ICQ_EDENIED: cannot listen, -ICQ_ENOENT: no such host,
 * -ICQ_ENOMEM, -ICQ_EIO. */
int net_open(struct net **out, uv_loop_t *loop, struct archive *archive, const char *host,
	     uint16_t port, const struct icq_client_conf *conf, const struct net_calls *calls);
/* To be called after the last event; the loop must still run once for its handles to close. */
void net_close(struct net **at);

struct icq_client *net_client(struct net *n);
/* Where other clients may connect; 0: nowhere. */
uint16_t net_listen_port(const struct net *n);
/* They may from now on; the engine is still to be told where. 0, -ICQ_EDENIED: cannot listen,
 * -ICQ_ENOMEM. */
int net_listen(struct net *n);
const struct addr *net_server(const struct net *n);
/* After commands: sets the timer to the engine's deadline. */
void net_touch(struct net *n);

#endif
