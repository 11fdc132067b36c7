/* SPDX-License-Identifier: MIT */
/* Packets on a stream that is cut anywhere. */
#include "link/peer.h"

#include <string.h>

#include "base/err.h"
#include "harness.h"

static const uint8_t stream[] = { 3, 0, 'o', 'n', 'e', 1, 0, '2', 5, 0, 't', 'h', 'r', 'e', 'e' };

/* Hands over n bytes; what comes out is appended to a text, with a slash behind each packet. */
static int take(struct peer_frames *f, const uint8_t *p, size_t n, char *out)
{
	const uint8_t *packet;
	int len;

	while ((len = peer_take(f, &p, &n, &packet)) > 0) {
		strncat(out, (const char *)packet, (size_t)len);
		strcat(out, "/");
	}
	return len;
}

TEST(stream_may_be_cut_at_every_two_places)
{
	for (size_t a = 0; a <= sizeof(stream); a++) {
		for (size_t b = a; b <= sizeof(stream); b++) {
			struct peer_frames f = { 0 };
			char out[32] = "";

			assert_int_equal(take(&f, stream, a, out), 0);
			assert_int_equal(take(&f, stream + a, b - a, out), 0);
			assert_int_equal(take(&f, stream + b, sizeof(stream) - b, out), 0);
			assert_string_equal(out, "one/2/three/");
			assert_false(peer_amid(&f));
		}
	}
}

TEST(stream_may_come_byte_by_byte)
{
	struct peer_frames f = { 0 };
	char out[32] = "";

	for (size_t i = 0; i < sizeof(stream); i++)
		assert_int_equal(take(&f, stream + i, 1, out), 0);
	assert_string_equal(out, "one/2/three/");
}

/* The longest packet, and one byte more. */
static void check_limit(bool named, uint16_t max)
{
	static uint8_t bytes[PEER_LENGTH + PEER_PACKET_MAX];
	struct peer_frames f = { .named = named };
	const uint8_t *p = bytes, *packet;
	size_t n = PEER_LENGTH + (size_t)max;

	peer_length(bytes, max);
	assert_int_equal(peer_take(&f, &p, &n, &packet), max);
	peer_length(bytes, (uint16_t)(max + 1));
	p = bytes;
	n = PEER_LENGTH;
	assert_int_equal(peer_take(&f, &p, &n, &packet), -ICQ_ERANGE);
}

TEST(lengths_have_their_limits)
{
	static const uint8_t none[] = { 0, 0 };
	struct peer_frames f = { .named = true };
	const uint8_t *p = none, *packet;
	size_t n = sizeof(none);

	check_limit(false, PEER_FIRST_MAX);
	check_limit(true, PEER_PACKET_MAX);
	assert_int_equal(peer_take(&f, &p, &n, &packet), -ICQ_ERANGE);
}

TEST(packet_that_has_begun_is_noticed)
{
	struct peer_frames f = { 0 };
	char out[32] = "";

	take(&f, stream, 1, out);
	assert_true(peer_amid(&f));
	take(&f, stream + 1, 4, out);
	assert_false(peer_amid(&f));
}
