/* SPDX-License-Identifier: MIT */
/* The server of wires.h, who passes on what clients send through it and tells who is there; for
 * wires.c. */
#ifndef WIRES_SERVER_H
#define WIRES_SERVER_H

#include "client/wires.h"

enum { WIRES_IP = 0x7F000001 }; /* where everybody is */

/* The place of a client in w->end. */
unsigned wires_index(const struct wires *w, const struct scene *s);
/* A client has sent this (scene_place.packet). */
void wires_packet(void *scene, enum icq_id id, uint16_t seq, const union icq_msg *msg);
/* Answers the oldest packet; false: there is none. */
bool wires_serve(struct wires *w);
/* What one has sent and nobody has answered yet. */
void wires_lose_letters(struct wires *w, const struct scene *s);
/* Tells one that the other is there. */
void wires_introduce(struct wires *w, struct scene *s, const struct scene *other);

#endif
