/* SPDX-License-Identifier: MIT */
/* What a user's client has beside the server: streams to others, and files. Part of user.h. */
#ifndef SIM_USER_DIRECT_H
#define SIM_USER_DIRECT_H

#include "sim/user.h"

void user_direct_env(const struct user *u, struct icq_client_env *env);
/* His computer is switched on, with a client; it goes off. */
void user_plug_in(struct user *u);
void user_plug_out(struct user *u);
/* The jobs for files that are due. */
void user_work_on_files(struct user *u);

#endif
