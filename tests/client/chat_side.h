/* SPDX-License-Identifier: MIT */
/*
 * One client under test in a chat, whose other end the test holds: what other clients say is given
 * in hex, and what this one says is kept.
 */
#ifndef CHAT_SIDE_H
#define CHAT_SIDE_H

#include "base/cursor.h"
#include "client/scene.h"

#define ANN_ "11270000"
#define ME_ "214E0000"
#define STRANGER_ "14270000" /* 10004 */
#define HERE "7F000001"

/* As another client says them, without LENGTH. */
#define NAME(uin) "FF.03000000.E0150000." uin "." HERE "." HERE ".04.E0150000"
#define MESSAGE(command, sequence, rest)                                                           \
	ANN_ ".0300." command "0000." ANN_ ".0200.0100.00." HERE "." HERE                          \
	     ".E0150000.04.0000." rest "." sequence
#define REQUEST MESSAGE("EE07", "06000000", "1000.0100.00.00000000.00000000")
#define ACCEPT MESSAGE("DA07", "FFFFFFFF", "0000.0100.00.40780000.78400000")
#define COLOR(uin) "64000000.FDFFFFFF." uin ".0400.616E6E00.623D.FFFFFF00.00000000.00"
#define COLOR_FONT(uin, users)                                                                     \
	"64000000." uin ".0800.3831303030303000.FFFFFF00.00000000.03000000.DB640000." HERE         \
	"." HERE ".04.755A.0C000000.00000000.0800.436F757269657200.0000." users
#define FONT                                                                                       \
	"03000000.83720000." HERE "." HERE ".04.5472.0C000000.00000000.0800.436F757269657200.0000"
#define USER(ip, port, uin) "03000000." port "." uin "." ip "." ip ".0000.04.0000.64000000"

enum { STRANGER = 10004, CHAT_TRIED_MAX = 64 };

/* There is one. */
struct chat_side {
	struct scene scene;
	uint8_t said[1 << 16]; /* on all streams */
	size_t said_n;
	unsigned closed;		   /* streams, by the client */
	unsigned listening;		   /* ports beside that for messages */
	bool no_ports;			   /* nobody can listen */
	struct addr tried[CHAT_TRIED_MAX]; /* where it has connected to */
	size_t tried_n;
	uint32_t last_stream; /* of those */
};

extern struct chat_side side;

/* The client is online as ME, and ANN on its list, at 127.0.0.1:5600. */
void side_open(void);
void side_close(void);
/* Somebody connects from 127.0.0.`last`: to a listener, or (0) the port for messages. Returns the
 * number of the stream. */
uint32_t side_come_from(uint8_t last, uint32_t listener);
/* The client is told bytes, a text, or a packet in hex, whose LENGTH is added. */
void side_hear_bytes(uint32_t stream, const void *p, size_t n);
void side_hear_text(uint32_t stream, const char *text);
void side_hear(uint32_t stream, const char *hex);
/* Only writes such a packet. */
void side_put(struct wr *w, const char *hex);
/* All that the client has said since the last time. */
void side_assert_said(const char *hex);

/* Ann asks, and is expected as number 1. */
void side_expect_ann(void);
/* We ask Ann, who accepts; returns the stream to her. */
uint32_t side_go_to_ann(void);
/* Ann is in the chat that she has asked for; returns her stream. */
uint32_t side_let_ann_in(void);

#endif
