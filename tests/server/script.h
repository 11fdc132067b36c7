/* SPDX-License-Identifier: MIT */
/*
 * Conversations with a server as text, one step a line:
 *
 *   ann > 010E @bob 2:1 "hello"   ann sends a packet: header, with her next number, and a body
 *   ann > 042E #7                 the same with number 7
 *   ann again                     her last datagram once more
 *   ann raw 0200.2E04.0100        a datagram as it stands
 *   ann < ack                     she has the ACK of her last packet; #7: of number 7
 *   ann < 0104 @bob 2:1 "hello"   she has this packet, and acknowledges it; #0: with number 0
 *   ann << 005A *                 she has it, but does not acknowledge
 *   ann acks 0                    she acknowledges number 0
 *   ann quiet                     nothing else has come for her
 *   ann forgets                   whatever has come for her so far does not matter
 *   ann logs in [STATUS [TCP]]    03E8, ACK, 005A; both numbers are hexadecimal
 *   ann logs out                  0438, ACK
 *   ann speaks 1                  from now on in version 1 of the protocol
 *   ann moves to another port     she sends from there; or: to another host; or: back
 *   ann is at 10.0.0.9:5000       she sends from there
 *   eve is new                    she has no account: a @eve in what she hears tells her UIN
 *   wait 9.5                      seconds
 *   3 times ... end               the steps between them, three times; {i} is 1, 2, 3
 *
 * and, where the store and the clock are simulated:
 *
 *   hold                          the store's and the password worker's answers wait
 *   answer [3]                    the three oldest come; all, and later ones at once
 *   crash                         the server ends without a word, and starts again
 *   store fails [2]               the next two transactions do
 *   queue full / queue free       no job is taken / jobs are taken again
 *
 * Bodies: hex digits; @name, the UIN; ip:name, the address; SIZE:NUMBER, decimal, low byte
 * first; "text", a string with length and NUL, in which ~ is FE and \ is what follows in two hex
 * digits; s:450, a string of so many x; x:9, nine bytes x. In what is expected .. is any byte, ..6
 * are any six, and
 * * at the end any rest. Everywhere {bob} is bob's UIN in digits, and {run} a word that no other
 * run has used.
 *
 * Everybody who is named has an account with the password "secret", in the order of first
 * appearance: 10001, 10002 and so on where the world is simulated. Nobody is somebody without
 * one. Everybody's TCP port is 5000 and his place in that order: 0, 1 and so on.
 */
#ifndef TESTS_SERVER_SCRIPT_H
#define TESTS_SERVER_SCRIPT_H

#include "server/rig.h"

enum { SCRIPT_PEOPLE = 50, SCRIPT_DATAGRAM = 9000, SCRIPT_CODES = 0x1000 };

/* Where somebody sends from. */
enum script_place { AT_HOME, AT_ANOTHER_PORT, AT_ANOTHER_HOST };

/* The world in which conversations take place. */
struct script_world {
	void *ctx;
	const char *run; /* {run} */
	/* Makes an account with the password "secret". */
	uint32_t (*account)(void *ctx);
	struct addr (*place)(void *ctx, size_t person, enum script_place where);
	void (*send)(void *ctx, const struct addr *from, const void *p, size_t n);
	/* The oldest datagram for an address, or for anybody if that is NULL; to be freed by the
	 * caller. One that is awaited gets time to come. NULL: none. */
	struct parcel *(*take)(void *ctx, const struct addr *to, bool awaited);
	/* A step of nobody's. False: there is no such step. */
	bool (*step)(void *ctx, const char *step);
};

/* Somebody who speaks with the server. */
struct person {
	char name[12];
	struct addr addr;
	uint32_t uin; /* 0: not known yet */
	uint16_t version;
	uint16_t seq; /* of the last packet */
	uint8_t last[SCRIPT_DATAGRAM];
	size_t last_len;
};

/* Owned by the test. */
struct script {
	struct rig *rig; /* NULL when the world is another */
	struct script_world world;
	struct person people[SCRIPT_PEOPLE];
	size_t count;
	unsigned i;		   /* {i} */
	bool saw[3][SCRIPT_CODES]; /* commands sent and heard, by version */
};

/* A server of its own, with conf; NULL: rig_conf(). */
struct script *script_new(const struct conf *conf);
/* In a given world. */
struct script *script_in(const struct script_world *world);
void script_free(struct script **s);

/* Plays steps. At the end nothing may be left that the server sent and nobody expected. */
void script_play(struct script *s, const char *steps);
/* All of the above for a conversation that needs nothing else. */
void script_once(const char *steps);

struct person *script_person(struct script *s, const char *name);

#endif
