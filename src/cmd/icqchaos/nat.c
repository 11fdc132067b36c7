/* SPDX-License-Identifier: MIT */
#include "cmd/icqchaos/nat.h"

#include <stdlib.h>

enum { BUCKETS = 1024 };

struct nat {
	uv_loop_t *loop;
	nat_input_fn *input;
	void *ctx;
	uint32_t count;
	struct nat_client *buckets[BUCKETS];
};

struct nat *nat_new(uv_loop_t *loop, nat_input_fn *input, void *ctx)
{
	struct nat *n = calloc(1, sizeof(*n));

	if (!n)
		return NULL;
	n->loop = loop;
	n->input = input;
	n->ctx = ctx;
	return n;
}

static void close_client(struct nat_client **at)
{
	struct nat_client *c = *at;

	*at = c->next;
	port_close(&c->port);
	free(c);
}

void nat_free(struct nat **at)
{
	struct nat *n = *at;

	*at = NULL;
	for (unsigned i = 0; n && i < BUCKETS; i++) {
		while (n->buckets[i])
			close_client(&n->buckets[i]);
	}
	free(n);
}

static unsigned bucket_of(const struct addr *addr)
{
	return (unsigned)(addr_hash(addr, 0) % BUCKETS);
}

struct nat_client *nat_find(const struct nat *n, const struct addr *addr)
{
	struct nat_client *c = n->buckets[bucket_of(addr)];

	while (c && !addr_equal(&c->addr, addr))
		c = c->next;
	return c;
}

static void on_input(void *ctx, const struct addr *from, const void *p, size_t n)
{
	struct nat_client *c = ctx;

	c->nat->input(c->nat->ctx, c, from, p, n);
}

/* Any free port of any address: the kernel finds the one that leads to the server. */
static bool open_port(struct nat_client *c, struct port **out)
{
	const struct addr any = addr_v4(0, 0);

	return port_open(out, c->nat->loop, &any, on_input, c) == 0;
}

struct nat_client *nat_add(struct nat *n, const struct addr *addr)
{
	struct nat_client *c = calloc(1, sizeof(*c));
	struct nat_client **bucket = &n->buckets[bucket_of(addr)];

	if (!c)
		return NULL;
	c->nat = n;
	c->addr = *addr;
	if (!open_port(c, &c->port)) {
		free(c);
		return NULL;
	}
	c->number = ++n->count;
	c->next = *bucket;
	*bucket = c;
	return c;
}

bool nat_rebind(struct nat_client *c)
{
	struct port *fresh;

	if (!open_port(c, &fresh))
		return false;
	port_close(&c->port);
	c->port = fresh;
	return true;
}

void nat_close_idle(struct nat *n, int64_t since_ms)
{
	for (unsigned i = 0; i < BUCKETS; i++) {
		struct nat_client **at = &n->buckets[i];

		while (*at) {
			if ((*at)->heard_ms < since_ms)
				close_client(at);
			else
				at = &(*at)->next;
		}
	}
}

uint32_t nat_count(const struct nat *n)
{
	return n->count;
}
