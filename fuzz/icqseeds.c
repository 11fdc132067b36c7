/* SPDX-License-Identifier: MIT */
/*
 * Writes the seed corpora of the packet and text fuzzers, made from the test vectors:
 * icqseeds FOLDER, where FOLDER holds client, server, peer and text.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"
#include "wire/icqwire.h"

#define SAME NULL
#define SEED_MAX 2048

static uint8_t digit(char c)
{
	return (uint8_t)(c <= '9' ? c - '0' : c - 'A' + 10);
}

static struct wr from_hex(const char *hex, uint8_t out[SEED_MAX])
{
	struct wr w = wr_to(out, SEED_MAX);

	for (; *hex; hex++) {
		if (*hex == ' ')
			continue;
		wr_u8(&w, (uint8_t)(digit(hex[0]) << 4 | digit(hex[1])));
		hex++;
	}
	return w;
}

static void write_seed(const char *folder, const char *kind, const char *name, struct wr seed)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s/%s", folder, kind, name);

	FILE *file = fopen(path, "wb");

	if (!file || seed.bad || fwrite(seed.p, 1, seed.len, file) != seed.len ||
	    fclose(file) != 0) {
		perror(path);
		exit(EXIT_FAILURE);
	}
}

static void write_text(const char *folder, const char *name, struct icq_str text)
{
	static uint8_t out[SEED_MAX];
	struct wr w = wr_to(out, sizeof(out));

	wr_bytes(&w, text.p, text.len);
	write_seed(folder, "text", name, w);
}

static void write_packet(const char *folder, const char *name, enum icq_channel channel,
			 const char *hex)
{
	static uint8_t out[SEED_MAX];
	struct wr w = from_hex(hex, out);
	struct icq_head head;
	union icq_msg msg;
	enum icq_id id;

	write_seed(folder, channel == ICQ_CLIENT ? "client" : "server", name, w);
	if (icq_unpack(channel, w.p, w.len, &head, &id, &msg) == 0 && id == M_s_message)
		write_text(folder, name, msg.s_message.text);
}

static void write_frame(const char *folder, const char *name, bool framed, const char *hex)
{
	static uint8_t out[SEED_MAX], packet[SEED_MAX];
	struct wr w = wr_to(out, sizeof(out)), p = from_hex(hex, packet);

	if (!framed)
		wr_u16(&w, (uint16_t)p.len);
	wr_bytes(&w, p.p, p.len);
	write_seed(folder, "peer", name, w);
}

static void write_any(const char *folder, const char *name, enum icq_channel channel, bool framed,
		      const char *hex)
{
	if (channel == ICQ_CLIENT || channel == ICQ_SERVER)
		write_packet(folder, name, channel, hex);
	else
		write_frame(folder, name, framed, hex);
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
		return 2;
	}
#define VECTOR(name, channel, id, bytes, ...)                                                      \
	write_any(argv[1], #name, ICQ_##channel, false, bytes);
#define FRAMED(name, channel, id, bytes, ...) write_any(argv[1], #name, ICQ_##channel, true, bytes);
#include "vectors.def"
	return EXIT_SUCCESS;
}
