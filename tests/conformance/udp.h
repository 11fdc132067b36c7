/* SPDX-License-Identifier: MIT */
/* Conversations in the real world: sockets, a server somewhere, and time that passes. */
#ifndef TESTS_CONFORMANCE_UDP_H
#define TESTS_CONFORMANCE_UDP_H

#include "server/script.h"

enum { UDP_SOCKETS = 2 * SCRIPT_PEOPLE };

struct udp_socket {
	int fd;
	struct addr addr; /* as the server sees it, unless something between translates */
	size_t person;
	enum script_place where;
};

/* Owned by whoever called udp_world. */
struct udp_world {
	struct addr server;
	int64_t patience_ms; /* for what is awaited */
	int64_t quiet_ms;    /* so long nothing may come when nothing is awaited */
	int64_t active_ms;   /* when something was last sent or heard */
	struct udp_socket sockets[UDP_SOCKETS];
	size_t count;
	uint16_t registration; /* the number of the last one */
	char run[12];
};

/* The world for a script. */
struct script_world udp_script_world(struct udp_world *w);
/* Does anybody answer there? */
bool udp_server_is_there(struct udp_world *w);
/* Ends the sessions of a script, and closes its sockets. */
void udp_leave(struct udp_world *w, struct script *s);
/* Closes what a conversation that broke off has left open, and finds a new word for {run}. */
void udp_begin(struct udp_world *w);

#endif
