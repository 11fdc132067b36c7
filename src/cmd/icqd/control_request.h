/* SPDX-License-Identifier: MIT */
/* A request of the operator under way, as control.c keeps it and the verbs see it. */
#ifndef ICQD_CONTROL_REQUEST_H
#define ICQD_CONTROL_REQUEST_H

#include <jansson.h>

#include "base/codepage.h"
#include "cmd/icqd/control.h"
#include "io/local.h"

struct request;

/* Goes on with a request when its job has come back. */
typedef void request_step(struct request *q, const struct job *job);

/* A datagram of a user who is watched. */
struct traced {
	bool out;
	const struct addr *peer;
	const void *p;
	size_t n;
};

typedef void request_watch(struct request *q, const struct traced *t);

enum verb_flag {
	VERB_USER = 1,	  /* wants "uin", of anybody */
	VERB_CHANGES = 2, /* is audited */
};

struct verb {
	const char *name;
	unsigned flags;
	void (*start)(struct request *q);
	void (*end)(struct request *q); /* however it ends; NULL: nothing to do */
};

/* Ends with a row whose name is NULL. */
extern const struct verb control_verbs[];

/* Owned by the control; one for each peer. */
struct request {
	struct control *control;
	struct local_peer *peer;
	const struct verb *verb; /* NULL: none is under way */
	uint32_t generation;	 /* answers for earlier requests are late */
	json_t *args;		 /* what the verb has not taken yet; owned */
	uint32_t uin;
	request_step *next, *then;	   /* then: when the account has been found */
	void (*resume)(struct request *q); /* to be called when the peer has read; or NULL */
	request_watch *watch;		   /* to be called with datagrams of uin; or NULL */
	struct job_account_list account;   /* of uin, as the store knows it */
	const struct codepage *page;	   /* of that account */
	union {				   /* of one verb each */
		struct {
			const char *text;
			uint32_t place, after;
			unsigned under_way;	   /* messages given to the store */
			unsigned sent, full, lost; /* lost: receivers who miss characters */
			bool online;		   /* only to those */
			bool reading, listed;	   /* an account; all of them */
		} broadcast;
		struct {
			uint32_t place;
			bool online;
			const char *filter;
		} list;
		struct {
			unsigned left;
			json_t *codes; /* owned */
		} invite;
		bool secrets;
	};
};

const struct control_env *request_env(const struct request *q);
struct now request_now(const struct request *q);

/* Takes arguments in jansson's unpack format; false after it has refused the request, because
 * they are not right or there are others beside. */
bool request_args(struct request *q, const char *format, ...);

/* Hands out a job; `next` is called with its answer, unless the request has ended by then. */
void request_job(struct request *q, struct job *job, request_step *next);

/* The row and the result are taken over; the result may be NULL. The request is over after
 * done and fail. A row may be one too many for a peer that does not read; false: it was, and the
 * request is over. */
bool request_row(struct request *q, json_t *row);
void request_done(struct request *q, json_t *result);
void request_fail(struct request *q, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* As above for an error of the store. */
void request_fail_err(struct request *q, int err);

/* Logs what was asked, and by whom; VERB_CHANGES does so at the end of the request. */
void request_audit(const struct request *q, const char *addition);

/* Reads the account of q->uin into q->account and q->page, then goes on. */
void request_account(struct request *q, request_step *next);

#endif
