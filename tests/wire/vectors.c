/* SPDX-License-Identifier: MIT */
/* Packets of real programs, both ways. */
#include <stdio.h>
#include <string.h>

#include "harness.h"
#include "wire/icqwire.h"

#define SAME NULL
#define LENGTH_SIZE 2

static const struct vector {
	const char *name;
	enum icq_channel channel;
	enum icq_id id;
	bool framed;
	const char *bytes, *canonical, *line;
} vectors[] = {
#define VECTOR(name, channel, id, ...) { #name, ICQ_##channel, M_##id, false, __VA_ARGS__ },
#define FRAMED(name, channel, id, ...) { #name, ICQ_##channel, M_##id, true, __VA_ARGS__ },
#include "vectors.def"
};

#define VECTOR_COUNT (sizeof(vectors) / sizeof(vectors[0]))

static bool is_udp(const struct vector *v)
{
	return v->channel == ICQ_CLIENT || v->channel == ICQ_SERVER;
}

/* The packet, without its LENGTH. */
static struct hex packet_of(const struct vector *v)
{
	struct hex h = hex_bytes(v->bytes);

	if (!v->framed)
		return h;
	assert_int_equal(h.b[0] | h.b[1] << 8, h.n - LENGTH_SIZE);
	h.n -= LENGTH_SIZE;
	memmove(h.b, h.b + LENGTH_SIZE, h.n);
	return h;
}

static int unpack(const struct vector *v, const struct hex *h, struct icq_head *head,
		  union icq_msg *msg)
{
	size_t skip = v->channel == ICQ_STREAM;
	enum icq_id id = v->id;
	int err = is_udp(v) ? icq_unpack(v->channel, h->b, h->n, head, &id, msg)
			    : icq_decode(id, h->b + skip, h->n - skip, msg);

	if (v->channel == ICQ_STREAM)
		id = icq_find(ICQ_STREAM, 2, h->b[0]);
	assert_int_equal(id, v->id);
	return err;
}

static void assert_reads_and_writes(const struct vector *v, const struct hex *in,
				    const struct hex *expected)
{
	struct icq_head head;
	union icq_msg msg;
	uint8_t out[2048];

	assert_int_equal(unpack(v, in, &head, &msg), 0);
	int n = is_udp(v) ? icq_pack(v->id, &head, &msg, out, sizeof(out))
			  : icq_pack_peer(v->id, &msg, out, sizeof(out));

	assert_true(n >= 0);
	assert_bytes(expected->b, expected->n, out, (size_t)n);
}

TEST(vectors_are_read_and_written_in_canonical_form)
{
	for (const struct vector *v = vectors; v < vectors + VECTOR_COUNT; v++) {
		struct hex packet = packet_of(v);
		struct hex canonical = v->canonical ? hex_bytes(v->canonical) : packet;

		printf("# %s\n", v->name);
		assert_reads_and_writes(v, &packet, &canonical);
		assert_reads_and_writes(v, &canonical, &canonical);
	}
}

TEST(vectors_mean_what_is_written_beside_them)
{
	for (const struct vector *v = vectors; v < vectors + VECTOR_COUNT; v++) {
		struct hex packet = packet_of(v);
		char line[1024];

		size_t n = icq_show_line(v->channel, packet.b, packet.n, true, line, sizeof(line));

		assert_string_equal(line, v->line);
		assert_int_equal(n, strlen(line));
	}
}

static size_t count_of(enum icq_id id)
{
	size_t n = 0;

	for (const struct vector *v = vectors; v < vectors + VECTOR_COUNT; v++)
		n += v->id == id;
	return n;
}

TEST(vectors_cover_what_a_session_needs)
{
	const enum icq_id needed[] = {
		M_c_login,	   M_c_register,    M_c_contact_list, M_c_send_message,
		M_c_text_code,	   M_c_status,	    M_c_ack_messages, M_c_keep_alive,
		M_s_login_reply,   M_s_user_online, M_s_message,      M_s_stored_message,
		M_s_not_connected, M_t_init,	    M_t_message,
	};

	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
		assert_true(count_of(needed[i]) > 0);
}
