/* SPDX-License-Identifier: MIT */
/* The streams of the engine as TCP connections on libuv, and the ports where others may connect. */
#ifndef ICQ_STREAMS_H
#define ICQ_STREAMS_H

#include <uv.h>

#include "client/client.h"

struct streams; /* owned by whoever called streams_open */

/* at: where connections are taken when they are. 0 or -ICQ_ENOMEM. */
int streams_open(struct streams **out, uv_loop_t *loop, const struct addr *at);
/* Takes them from now on, at the port of `at`; *port_out: which that is. 0, -ICQ_ENOMEM,
 * -ICQ_EDENIED: cannot listen there. */
int streams_serve(struct streams *s, uint16_t *port_out);
/* Whose streams they are; touched is called after each of its inputs. */
void streams_attend(struct streams *s, struct icq_client *client, void (*touched)(void *ctx),
		    void *ctx);
/* Closes all of them; the loop must still run once. */
void streams_free(struct streams **at);

/* What the engine asks for (struct icq_client_env). */
int streams_connect(struct streams *s, uint32_t number, const struct addr *to);
void streams_send(struct streams *s, uint32_t number, const void *p, size_t n);
void streams_end(struct streams *s, uint32_t number);
size_t streams_room(const struct streams *s, uint32_t number);
void streams_hold(struct streams *s, uint32_t number, bool hold);
int streams_listen(struct streams *s, uint32_t listener, uint16_t *port_out);
void streams_listen_end(struct streams *s, uint32_t listener);
void streams_close(struct streams *s, uint32_t number);

#endif
