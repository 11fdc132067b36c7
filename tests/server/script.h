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
 *   ann is at 10.0.0.9:5000       she sends from there
 *   wait 9.5                      seconds
 *   hold                          the store's and the password worker's answers wait
 *   answer [3]                    the three oldest come; all, and later ones at once
 *   crash                         the server ends without a word, and starts again
 *   store fails [2]               the next two transactions do
 *   queue full / queue free       no job is taken / jobs are taken again
 *
 * Bodies: hex digits; @name, the UIN; SIZE:NUMBER, decimal, low byte first; "text", a string
 * with length and NUL, in which ~ is FE and \ is what follows in two hex digits; s:450, a
 * string of so many x. In what is expected .. is any byte, and * at the end any rest.
 *
 * Everybody who is named has an account with the password "secret", in the order of first
 * appearance: 10001, 10002 and so on. Nobody is somebody without one.
 */
#ifndef TESTS_SERVER_SCRIPT_H
#define TESTS_SERVER_SCRIPT_H

#include "server/rig.h"

enum { SCRIPT_PEOPLE = 40, SCRIPT_DATAGRAM = 9000 };

/* Somebody who speaks with the server. */
struct person {
	char name[12];
	struct addr addr;
	uint32_t uin;
	uint16_t seq; /* of the last packet */
	uint8_t last[SCRIPT_DATAGRAM];
	size_t last_len;
};

/* Owned by the test. */
struct script {
	struct rig *rig;
	struct person people[SCRIPT_PEOPLE];
	size_t count;
};

/* A server of its own, with conf; NULL: rig_conf(). */
struct script *script_new(const struct conf *conf);
void script_free(struct script **s);

/* Plays steps. At the end nothing may be left that the server sent and nobody expected. */
void script_play(struct script *s, const char *steps);
/* All of the above for a conversation that needs nothing else. */
void script_once(const char *steps);

struct person *script_person(struct script *s, const char *name);

#endif
