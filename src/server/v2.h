/* SPDX-License-Identifier: MIT */
/* The version 2 dialect: requests in (v2_requests.c), events out (v2_events.c). */
#ifndef SERVER_V2_H
#define SERVER_V2_H

#include "server/core.h"

enum { V2_MODE_THROUGH_SERVER = 6 };

extern const struct handler v2_handlers[M_COUNT];

/* Sends a packet once, past the queue: an answer to somebody without a session, or an ACK. msg
 * may be NULL for a packet without fields. */
void v2_send_once(struct server *srv, const struct addr *to, uint16_t version, uint16_t seq,
		  enum icq_id id, const union icq_msg *msg);
/* Queues a packet of this version for a session; as session_queue. */
int v2_queue_as(struct server *srv, struct session *to, enum icq_id id, const union icq_msg *msg,
		enum link_flag flags, uint64_t cookie, int64_t delay_ms);
/* The same for a packet that nobody asks about later. */
void v2_queue(struct server *srv, struct session *to, enum icq_id id, const union icq_msg *msg);

/* ---- the directory: v2_directory.c ----------------------------------------------------- */

void v2_on_info(struct server *srv, struct session *s, const struct request *r);
void v2_on_ext_info(struct server *srv, struct session *s, const struct request *r);
void v2_on_search_uin(struct server *srv, struct session *s, const struct request *r);
void v2_on_search_user(struct server *srv, struct session *s, const struct request *r);
void v2_on_new_user_info(struct server *srv, struct session *s, const struct request *r);
void v2_on_update_info(struct server *srv, struct session *s, const struct request *r);
void v2_on_update_ext_info(struct server *srv, struct session *s, const struct request *r);
void v2_on_auth_update(struct server *srv, struct session *s, const struct request *r);
void v2_on_change_password(struct server *srv, struct session *s, const struct request *r);

/* Their bodies break off. */
void v2_broken_info(struct server *srv, struct session *s, const struct request *r);
void v2_broken_search(struct server *srv, struct session *s, const struct request *r);
void v2_broken_update(struct server *srv, struct session *s, const struct request *r);

/* A wizard that has no session yet. */
void v2_stranger_ext_info(struct server *srv, const struct request *r);
void v2_stranger_new_user_info(struct server *srv, const struct request *r);

void v2_info(struct server *srv, struct session *to, uint16_t number, uint32_t uin,
	     enum profile_view view, const struct profile *p);
void v2_found(struct server *srv, struct session *to, uint16_t number, uint32_t uin,
	      const struct profile *p, bool online, int64_t delay_ms);
void v2_search_end(struct server *srv, struct session *to, uint16_t number, bool more);
void v2_updated(struct server *srv, struct session *to, enum directory_reply what, uint16_t number,
		bool ok);
void v2_updated_stranger(struct server *srv, const struct caller *to, enum directory_reply what,
			 bool ok);

#endif
