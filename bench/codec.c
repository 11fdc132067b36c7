/* SPDX-License-Identifier: MIT */
/*
 * What reading and writing a message costs, against the sending of its datagram: decode and
 * encode of a typical 010E, and one sendto() of the same size over loopback, taking turns.
 *
 * Usage: bench_codec [--json]
 */
#include "wire/icqwire.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS = 15, CODEC_TURNS = 200000, SEND_TURNS = 20000, BURST = 20, PACKET_MAX = 512 };

#define TEXT "See you at the harbour at six, bring the long rope and something warm."

static _Noreturn void die(const char *what)
{
	perror(what);
	exit(EXIT_FAILURE);
}

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static size_t make_packet(uint8_t packet[PACKET_MAX])
{
	struct icq_head head = { .version = 2, .seq = 1, .uin = 10001 };
	union icq_msg msg;

	icq_preset(M_c_send_message, &msg);
	msg.c_send_message.to = 10002;
	msg.c_send_message.text = icq_str_of(TEXT);
	return (size_t)icq_pack(M_c_send_message, &head, &msg, packet, PACKET_MAX);
}

/* One socket sends to itself, so that every datagram finds its reader. */
static int open_socket(void)
{
	struct sockaddr_in self = { .sin_family = AF_INET };
	socklen_t len = sizeof(self);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	self.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || bind(fd, (struct sockaddr *)&self, sizeof(self)) < 0 ||
	    getsockname(fd, (struct sockaddr *)&self, &len) < 0 ||
	    connect(fd, (struct sockaddr *)&self, len) < 0)
		die("socket");
	return fd;
}

static double time_codec(const uint8_t *packet, size_t n)
{
	uint8_t out[PACKET_MAX];
	double start = now_ns();

	for (int i = 0; i < CODEC_TURNS; i++) {
		struct icq_head head;
		union icq_msg msg;
		enum icq_id id;

		if (icq_unpack(ICQ_CLIENT, packet, n, &head, &id, &msg) < 0 ||
		    icq_pack(id, &head, &msg, out, sizeof(out)) != (int)n)
			abort();
		__asm__ volatile("" : : "r"(out) : "memory"); /* the result counts */
	}
	return (now_ns() - start) / CODEC_TURNS;
}

/* In bursts, so that reading the clock and the datagrams stays out of the measure. */
static double time_send(int fd, const uint8_t *packet, size_t n)
{
	uint8_t in[PACKET_MAX];
	double spent = 0;

	for (int turn = 0; turn < SEND_TURNS; turn += BURST) {
		double start = now_ns();

		for (int i = 0; i < BURST; i++)
			if (send(fd, packet, n, 0) < 0)
				die("send");
		spent += now_ns() - start;
		for (int i = 0; i < BURST; i++)
			if (recv(fd, in, sizeof(in), 0) != (ssize_t)n)
				die("recv");
	}
	return spent / SEND_TURNS;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double v[ROUNDS])
{
	qsort(v, ROUNDS, sizeof(v[0]), by_value);
	return v[ROUNDS / 2];
}

static void print_result(bool json, size_t bytes, double codec_ns, double send_ns, double ratio)
{
	if (json)
		printf("{\"bench\":\"codec\",\"bytes\":%zu,\"codec_ns\":%.1f,\"sendto_ns\":%.1f,"
		       "\"ratio\":%.4f}\n",
		       bytes, codec_ns, send_ns, ratio);
	else
		printf("codec: a message of %zu bytes, medians of %d rounds\n"
		       " decode+encode       sendto    ratio\n%11.1f ns %9.1f ns %8.4f\n",
		       bytes, ROUNDS, codec_ns, send_ns, ratio);
}

static void measure(bool json)
{
	double codec_ns[ROUNDS], send_ns[ROUNDS], ratio[ROUNDS];
	uint8_t packet[PACKET_MAX];
	size_t n = make_packet(packet);
	int fd = open_socket();

	for (int i = 0; i < ROUNDS; i++) {
		codec_ns[i] = time_codec(packet, n);
		send_ns[i] = time_send(fd, packet, n);
		ratio[i] = codec_ns[i] / send_ns[i];
	}
	print_result(json, n, median(codec_ns), median(send_ns), median(ratio));
	close(fd);
}

int main(int argc, char **argv)
{
	bool json = argc == 2 && strcmp(argv[1], "--json") == 0;

	if (argc > 1 && !json) {
		fprintf(stderr, "usage: %s [--json]\n", argv[0]);
		return 2;
	}
	measure(json);
	return 0;
}
