/* SPDX-License-Identifier: MIT */
/* What the verbs do that need more than a few lines; the table is in control_verbs.c. */
#ifndef ICQD_CONTROL_VERBS_H
#define ICQD_CONTROL_VERBS_H

#include "cmd/icqd/control_request.h"

/* control_users.c */
void verb_user_add(struct request *q);
void verb_user_list(struct request *q);
void verb_user_show(struct request *q);
void verb_user_passwd(struct request *q);
void verb_user_kick(struct request *q);
void verb_user_block(struct request *q);
void verb_user_unblock(struct request *q);
void verb_user_delete(struct request *q);
void verb_password_end(struct request *q);

/* control_edit.c */
void verb_user_edit(struct request *q);
/* Adds the fields of a profile to an object, in UTF-8; numbers that were not entered are null. */
void profile_to_json(json_t *to, const struct profile *p, const struct codepage *page);

/* control_messages.c */
void verb_message_send(struct request *q);
void verb_message_broadcast(struct request *q);

/* "2026-11-21T13:38:00Z"; null for 0. */
json_t *time_to_json(int64_t unix_s);
/* Text of an account; NUL ends it. */
json_t *text_to_json(const struct codepage *page, const char *text);

#endif
