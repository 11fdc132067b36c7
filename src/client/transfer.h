/* SPDX-License-Identifier: MIT */
/* The inside of file transfers. Part of engine.h; nobody else includes it. */
#ifndef CLIENT_TRANSFER_H
#define CLIENT_TRANSFER_H

#include "client/request.h"

enum { TRANSFERS_MAX = 16 };

/* Owned by the table in struct direct. */
struct transfer {
	uint32_t number, uin;
	bool sending;
	enum icq_client_transfer_state state;
	struct addr host;  /* the other side; its port does not count */
	uint32_t stream;   /* its branch; 0: none yet */
	int64_t until_ms;  /* then the other side must have come */
	uint64_t size;	   /* of all files */
	uint16_t name_len; /* of the request */
	uint8_t name[REQUEST_NAME_MAX];
};

#endif
