/* SPDX-License-Identifier: MIT */
#include "cmd/icqdump/capture.h"

#include "base/err.h"
#include "cmd/icqdump/ip.h"
#include "cmd/icqdump/stream.h"
#include "wire/icqwire.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

enum { SNAP_LENGTH = 65535, FILTER_MAX = 64 };

struct capture {
	const struct capture_plan *plan;
	packet_fn *each;
	void *ctx;
	pcap_t *pcap;
	int link_type;
	struct streams *streams;
	unsigned long frames, passed_over;
};

static pcap_t *running; /* for the signal handler */

static void stop(int signal_number)
{
	(void)signal_number;
	pcap_breakloop(running);
}

/* ---- opening --------------------------------------------------------------------------- */

static int complain(const char *what, const char *why, int err)
{
	fprintf(stderr, "icqdump: %s: %s\n", what, why);
	return err;
}

static int open_file(struct capture *c)
{
	const char *name = c->plan->file;
	char why[PCAP_ERRBUF_SIZE] = "";
	FILE *f = strcmp(name, "-") == 0 ? stdin : fopen(name, "rb");

	if (!f)
		return complain(name, strerror(errno),
				errno == ENOENT	  ? -ICQ_ENOENT
				: errno == EACCES ? -ICQ_EDENIED
						  : -ICQ_EIO);
	c->pcap = pcap_fopen_offline(f, why); /* which closes f when it closes */
	if (c->pcap)
		return 0;
	if (f != stdin)
		fclose(f);
	return complain(name, why, -ICQ_EIO);
}

static int activate(struct capture *c)
{
	const char *name = c->plan->interface;
	int status = pcap_activate(c->pcap);

	if (status >= 0)
		return 0;
	if (status == PCAP_ERROR_NO_SUCH_DEVICE)
		return complain(name, "there is no such interface", -ICQ_ENOENT);
	if (status == PCAP_ERROR_PERM_DENIED)
		return complain(name, "capturing needs root or CAP_NET_RAW", -ICQ_EDENIED);
	return complain(name, pcap_geterr(c->pcap), -ICQ_EIO);
}

static int open_interface(struct capture *c)
{
	char why[PCAP_ERRBUF_SIZE] = "";

	c->pcap = pcap_create(c->plan->interface, why);
	if (!c->pcap)
		return complain(c->plan->interface, why, -ICQ_EIO);
	pcap_set_snaplen(c->pcap, SNAP_LENGTH);
	pcap_set_immediate_mode(c->pcap, 1);
	return activate(c);
}

static int set_filter(struct capture *c)
{
	char standard[FILTER_MAX];
	const char *filter = c->plan->filter;
	struct bpf_program program;

	snprintf(standard, sizeof(standard), "udp port %u", c->plan->port);
	if (!filter && c->plan->file)
		return 0;
	if (!filter)
		filter = standard;
	if (pcap_compile(c->pcap, &program, filter, 1, PCAP_NETMASK_UNKNOWN) < 0)
		return complain(filter, pcap_geterr(c->pcap), -ICQ_ESYNTAX);

	int err = pcap_setfilter(c->pcap, &program);

	pcap_freecode(&program);
	return err < 0 ? complain(filter, pcap_geterr(c->pcap), -ICQ_EIO) : 0;
}

static int check_link(struct capture *c)
{
	char what[FILTER_MAX];

	c->link_type = pcap_datalink(c->pcap);
	if (ip_knows_link(c->link_type))
		return 0;
	snprintf(what, sizeof(what), "link type %d", c->link_type);
	return complain(what, "cannot be read; Ethernet, Linux cooked, loopback and raw IP can",
			-ICQ_EIO);
}

/* ---- reading --------------------------------------------------------------------------- */

static enum origin origin_of(const struct capture_plan *plan, const struct segment *seg)
{
	if (plan->origin != ORIGIN_UNKNOWN)
		return plan->origin;
	if (seg->to.port == plan->port)
		return ORIGIN_CLIENT;
	return seg->from.port == plan->port ? ORIGIN_SERVER : ORIGIN_UNKNOWN;
}

static bool take_datagram(struct capture *c, const struct segment *seg, struct packet *packet)
{
	packet->origin = origin_of(c->plan, seg);
	packet->p = seg->p;
	packet->n = seg->n;
	if (packet->origin == ORIGIN_UNKNOWN || packet->n > ICQ_MAX_datagram)
		return false;
	c->each(c->ctx, packet);
	return true;
}

static bool take_frame(struct capture *c, const struct pcap_pkthdr *head, const u_char *frame)
{
	struct segment seg;

	if (!ip_read(c->link_type, frame, head->caplen, &seg))
		return false;

	struct packet packet = {
		.captured = true,
		.unix_s = head->ts.tv_sec,
		.microseconds = (int32_t)head->ts.tv_usec,
		.from = seg.from,
		.to = seg.to,
	};

	if (seg.is_tcp)
		return streams_add(c->streams, &seg, &packet, c->each, c->ctx);
	return take_datagram(c, &seg, &packet);
}

static int read_frames(struct capture *c)
{
	struct pcap_pkthdr *head;
	const u_char *frame;
	int status;

	while ((status = pcap_next_ex(c->pcap, &head, &frame)) >= 0) {
		if (status == 0) /* live, and nothing came for a while */
			continue;
		c->frames++;
		c->passed_over += !take_frame(c, head, frame);
	}
	if (c->plan->file && c->passed_over)
		fprintf(stderr,
			"icqdump: %lu of %lu frames passed over: neither UDP of port %u nor "
			"a connection between clients\n",
			c->passed_over, c->frames, c->plan->port);
	return status == PCAP_ERROR ? complain("reading", pcap_geterr(c->pcap), -ICQ_EIO) : 0;
}

static void watch_signals(pcap_t *pcap)
{
	struct sigaction action = { .sa_handler = stop };

	running = pcap;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

int capture_run(const struct capture_plan *plan, packet_fn *each, void *ctx)
{
	struct capture c = { .plan = plan, .each = each, .ctx = ctx };
	int err = plan->file ? open_file(&c) : open_interface(&c);

	if (!err)
		err = check_link(&c);
	if (!err)
		err = set_filter(&c);
	if (!err && !(c.streams = streams_new()))
		err = complain("streams", icq_err_text(-ICQ_ENOMEM), -ICQ_ENOMEM);
	if (!err) {
		watch_signals(c.pcap);
		err = read_frames(&c);
	}
	streams_free(&c.streams);
	if (c.pcap)
		pcap_close(c.pcap);
	return err;
}
