/* SPDX-License-Identifier: MIT */
#include "sim/trial.h"

#include <string.h>

#define STORMY                                                                                     \
	{                                                                                          \
		.loss_percent = 30, .repeat_percent = 15, .delay_ms = 20, .jitter_ms = 800,        \
		.cut_percent = 2                                                                   \
	}
#define FAIR                                                                                       \
	{                                                                                          \
		.loss_percent = 2, .repeat_percent = 1, .delay_ms = 20, .jitter_ms = 30            \
	}

/* The first one is the preset. */
const struct scenario scenarios[] = {
	{ .name = "storm",
	  .meaning = "everything at once",
	  .messages = 2000,
	  .worst = STORMY,
	  .weather = 10,
	  .crash = 14,
	  .client_crash = 3,
	  .absence = 3,
	  .cut = 2,
	  .rebind = 2,
	  .clock = 1,
	  .slow = 2,
	  .failing = 3,
	  .full = 1,
	  .hostile = 20,
	  .peers = 2,
	  .hang_up = 5 },
	{ .name = "quiet",
	  .meaning = "a good network and nothing breaks",
	  .messages = 2000,
	  .worst = FAIR,
	  .weather = 5,
	  .absence = 3 },
	{ .name = "crash",
	  .meaning = "the server and the clients crash all the time",
	  .messages = 2000,
	  .worst = FAIR,
	  .weather = 5,
	  .crash = 120,
	  .client_crash = 10,
	  .absence = 3 },
	{ .name = "disk",
	  .meaning = "the disk is slow, fails, and is full",
	  .messages = 2000,
	  .worst = FAIR,
	  .weather = 5,
	  .crash = 5,
	  .absence = 3,
	  .slow = 20,
	  .failing = 40,
	  .full = 10 },
	{ .name = "clock",
	  .meaning = "the civil clock jumps by minutes and by days",
	  .messages = 2000,
	  .worst = STORMY,
	  .weather = 10,
	  .crash = 60,
	  .absence = 3,
	  .clock = 200 },
	{ .name = "peers",
	  .meaning = "our clients also talk directly, over streams that break",
	  .messages = 2000,
	  .worst = STORMY,
	  .weather = 10,
	  .crash = 3,
	  .client_crash = 8,
	  .absence = 8,
	  .cut = 8,
	  .among_us = 700,
	  .peers = 4,
	  .hang_up = 30,
	  .moods = 20,
	  .peeks = 100,
	  .files = 30,
	  .chats = 30 },
	{ .name = "hostile",
	  .meaning = "somebody forges, floods and guesses",
	  .messages = 1000,
	  .worst = FAIR,
	  .weather = 5,
	  .crash = 2,
	  .absence = 3,
	  .rebind = 5,
	  .hostile = 400 },
	{ 0 },
};

const struct scenario *scenario_find(const char *name)
{
	for (const struct scenario *s = scenarios; s->name; s++)
		if (strcmp(s->name, name) == 0)
			return s;
	return NULL;
}
