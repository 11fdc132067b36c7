/* SPDX-License-Identifier: MIT */
/* What our clients do with each other beside writing: status, away texts, files, chats. */
#ifndef SIM_COMPANY_H
#define SIM_COMPANY_H

#include "sim/oracle.h"
#include "sim/user.h"

struct play;

enum { COMPANY_USERS = 4, OFFERS = 8, OFFER_FILES = 3, OPENED = 64 };

/* Files that somebody wants another to have. */
struct offer {
	bool used, paused;
	uint32_t from, to, number; /* number: of the request and transfer; 0: none is under way */
	uint32_t ids[OFFER_FILES];
	size_t count;
	unsigned tries;
	int64_t again_ms; /* then it is tried again; or has taken too long */
};

/* Part of a play. */
struct company {
	struct offer offers[OFFERS];
	/* What each user receives, as rings. */
	struct opened {
		uint32_t transfer, id;
	} opened[COMPANY_USERS][OPENED];
	uint32_t next_opened[COMPANY_USERS];
	struct {
		uint32_t session, typed; /* 0: he is in no chat; lines */
	} chats[COMPANY_USERS];
	int64_t left_ms[COMPANY_USERS]; /* when one left last */
	bool tired[COMPANY_USERS];	/* who logs in anew */
	bool peace;			/* everybody says yes, and nothing new begins */
};

/* In a step of the play. */
void company_mingle(struct play *p);
/* The same once trouble is over: what is under way comes to its end. */
void company_settle(struct play *p);
bool company_is_settled(const struct play *p);
/* A result whose request is company's; the other events. */
void company_on_result(struct play *p, uint32_t who, const struct icq_client_event *ev);
void company_on_event(struct play *p, uint32_t who, const struct icq_client_event *ev);
/* He is about to leave. */
void company_leaves(struct play *p, uint32_t who);
/* His client is gone, and with it all that was under way. */
void company_left(struct play *p, uint32_t who);
/* As user.file; ctx: the play. */
void company_file(void *ctx, struct user *u, struct icq_client_file_job *job, uint8_t *bytes);

#endif
