/* SPDX-License-Identifier: MIT */
/* What the user says to requests, of others and of his own. */
#include "client/engine.h"

/* An open request of somebody else; NULL, with the result, when there is none. */
static struct request *theirs(struct icq_client *c, uint64_t request, uint32_t number)
{
	struct request *r = request_find(c, number);

	if (r && !r->pub.ours)
		return r;
	client_result(c, request, ICQ_CLIENT_NOT_FOUND, "nobody asks this");
	return NULL;
}

static bool begin_session(struct icq_client *c, uint64_t request, struct request *r)
{
	bool chat = r->pub.kind == ICQ_CLIENT_CHAT;
	uint32_t number = r->pub.number;
	enum icq_client_error error = request_kind(r)->accept(c, r);

	if (error)
		client_result(c, request, error, "there is nowhere to connect to");
	else
		request_result(c, request, chat ? ICQ_CLIENT_SESSION : ICQ_CLIENT_TRANSFER, number);
	return !error;
}

/* Lists him; whoever is on the list already stays as he is. */
static void list(struct icq_client *c, uint64_t request, uint32_t uin)
{
	const struct icq_client_contact *known = icq_client_contact(c, uin);
	struct icq_client_contact contact = known ? *known
						  : (struct icq_client_contact){ .uin = uin };

	icq_client_put_contact(c, c->now, request, &contact);
}

bool icq_client_accept(struct icq_client *c, struct now now, uint64_t request, uint32_t number)
{
	struct request *r;
	bool begun = false;

	c->now = now;
	r = theirs(c, request, number);
	if (r && request_has_session(r)) {
		begun = begin_session(c, request, r);
	} else if (r) {
		request_drop(r);
		if (r->pub.kind == ICQ_CLIENT_AUTH)
			icq_client_send(c, now, request, r->pub.uin, T_auth_granted,
					(struct icq_str){ 0 });
		else
			list(c, request, r->pub.uin);
	}
	client_turn(c);
	return begun;
}

static void refuse(struct icq_client *c, uint64_t request, struct request *r, struct icq_str text)
{
	if (request_has_session(r)) {
		request_refuse(c, r, text);
		client_result(c, request, ICQ_CLIENT_OK, NULL);
		return;
	}
	request_drop(r);
	if (r->pub.kind == ICQ_CLIENT_AUTH)
		icq_client_send(c, c->now, request, r->pub.uin, T_auth_refused, text);
	else
		client_result(c, request, ICQ_CLIENT_OK, NULL);
}

void icq_client_refuse(struct icq_client *c, struct now now, uint64_t request, uint32_t number,
		       struct icq_str text)
{
	struct request *r;

	c->now = now;
	r = theirs(c, request, number);
	if (r)
		refuse(c, request, r, text);
	client_turn(c);
}

void icq_client_cancel(struct icq_client *c, struct now now, uint64_t request, uint32_t number)
{
	struct request *r = request_find(c, number);

	c->now = now;
	if (r && !r->pub.ours)
		refuse(c, request, r, (struct icq_str){ 0 });
	else if (r) {
		request_withdraw(c, r, "cancelled");
		client_result(c, request, ICQ_CLIENT_OK, NULL);
	} else {
		client_result(c, request,
			      request_cancel_session(c, number) ? ICQ_CLIENT_OK
								: ICQ_CLIENT_NOT_FOUND,
			      NULL);
	}
	client_turn(c);
}

bool icq_client_request_at(const struct icq_client *c, size_t i, struct icq_client_request *out)
{
	for (const struct request *r = c->direct.requests; r < c->direct.requests + REQUESTS_MAX;
	     r++) {
		if (!r->pub.number || i-- > 0)
			continue;
		*out = r->pub;
		return true;
	}
	return false;
}
