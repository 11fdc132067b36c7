/* SPDX-License-Identifier: MIT */
/*
 * Logins and registrations on their way through the store and the password workers. A live
 * session of the user is untouched until the password has proved right.
 */
#ifndef SERVER_LOGIN_H
#define SERVER_LOGIN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "store/store.h"

struct server;

enum {
	LOGINS_MAX = 1024,
	NEWCOMERS = 256, /* registrations remembered by their address */
};

enum login_answer {
	ANSWER_REGISTERED,
	ANSWER_CHECKED,
	ANSWER_WRONG_PASSWORD,
	ANSWER_TRY_AGAIN,
	ANSWER_NOT_CONNECTED,
	ANSWER_NONE, /* silence */
};

enum login_purpose {
	LOGIN_SESSION,
	LOGIN_CHECK,	/* only: is the password right? */
	LOGIN_REGISTER, /* uin is 0 */
};

/* Somebody who is being let in. */
struct login {
	enum login_purpose purpose;
	struct addr addr;
	uint32_t uin;
	uint32_t port, ip, status, tcp_version;
	uint32_t generation; /* of this place: answers for its former owners are late */
	uint16_t version, seq, number;
	uint8_t mode, password_len;
	uint8_t password[JOB_PASSWORD_MAX];
	bool used;
	int32_t credit; /* bytes that answers may still have: three for each that came */
};

/* Owned by the server. */
struct logins {
	uint32_t count;
	struct login at[LOGINS_MAX];
	uint32_t newcomer; /* where the next one goes */
	struct {
		struct addr addr;
		uint32_t uin;
		int64_t since_ms;
	} newcomers[NEWCOMERS];
};

/* Someone wants in; what a version's packet says is in `wanted`. Repeats are acknowledged and
 * wait for the first one's answer. */
void login_start(struct server *srv, const struct login *wanted);
/* Whoever is on the way in with this UIN is not let in, and gets no answer. */
void login_forget(struct server *srv, uint32_t uin);
/* Was this account registered from this address and port, less than 10 minutes ago? */
bool login_registered_here(const struct server *srv, const struct addr *addr, uint32_t uin);

#endif
