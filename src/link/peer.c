/* SPDX-License-Identifier: MIT */
#include "link/peer.h"

#include <string.h>

#include "base/cursor.h"
#include "base/err.h"

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Moves bytes over until there are `want`. */
static bool fill(struct peer_frames *f, const uint8_t **p, size_t *n, size_t want)
{
	size_t more = smaller(want - f->have, *n);

	if (more)
		memcpy(f->bytes + f->have, *p, more);
	f->have = (uint16_t)(f->have + more);
	*p += more;
	*n -= more;
	return f->have == want;
}

int peer_take(struct peer_frames *f, const uint8_t **p, size_t *n, const uint8_t **packet_out)
{
	struct rd r = rd_from(f->bytes, PEER_LENGTH);
	uint16_t len;

	if (f->have < PEER_LENGTH && !fill(f, p, n, PEER_LENGTH))
		return 0;
	len = rd_u16(&r);
	if (len == 0 || len > (f->named ? PEER_PACKET_MAX : PEER_FIRST_MAX))
		return -ICQ_ERANGE;
	if (!fill(f, p, n, PEER_LENGTH + (size_t)len))
		return 0;
	f->have = 0;
	*packet_out = f->bytes + PEER_LENGTH;
	return len;
}

bool peer_amid(const struct peer_frames *f)
{
	return f->have > 0;
}

void peer_length(uint8_t out[PEER_LENGTH], uint16_t n)
{
	struct wr w = wr_to(out, PEER_LENGTH);

	wr_u16(&w, n);
}
