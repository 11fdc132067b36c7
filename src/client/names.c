/* SPDX-License-Identifier: MIT */
/* Enums as words. */
#include "client/client.h"

#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const char *const lists[] = {
	[ICQ_CLIENT_NORMAL] = "none",
	[ICQ_CLIENT_VISIBLE] = "visible",
	[ICQ_CLIENT_INVISIBLE] = "invisible",
	[ICQ_CLIENT_IGNORE] = "ignore",
};

const char *icq_client_state_name(enum icq_client_state state)
{
	static const char *const names[] = {
		[ICQ_CLIENT_OFFLINE] = "offline", [ICQ_CLIENT_CONNECTING] = "connecting",
		[ICQ_CLIENT_ONLINE] = "online",	  [ICQ_CLIENT_WAITING] = "waiting",
		[ICQ_CLIENT_REFUSED] = "refused",
	};

	return names[state];
}

const char *icq_client_error_name(enum icq_client_error error)
{
	static const char *const names[] = {
		[ICQ_CLIENT_OK] = "ok",
		[ICQ_CLIENT_NOT_ONLINE] = "not_online",
		[ICQ_CLIENT_REFUSED_BY_SERVER] = "refused",
		[ICQ_CLIENT_TIMEOUT] = "timeout",
		[ICQ_CLIENT_TOO_LONG] = "too_long",
		[ICQ_CLIENT_BUSY] = "busy",
		[ICQ_CLIENT_NOT_FOUND] = "not_found",
		[ICQ_CLIENT_UNKNOWN_UIN] = "unknown_uin",
		[ICQ_CLIENT_BAD_FIELD] = "bad_field",
		[ICQ_CLIENT_DISK] = "disk",
		[ICQ_CLIENT_NO_DIRECT] = "no_direct",
	};

	return names[error];
}

const char *icq_client_sent_name(enum icq_client_sent sent)
{
	static const char *const names[] = {
		[ICQ_CLIENT_QUEUED] = "queued",	    [ICQ_CLIENT_SENT] = "sent",
		[ICQ_CLIENT_ACCEPTED] = "accepted", [ICQ_CLIENT_DELIVERED] = "delivered",
		[ICQ_CLIENT_RETURNED] = "returned",
	};

	return names[sent];
}

const char *icq_client_kind_name(enum icq_client_kind kind)
{
	static const char *const names[] = {
		[ICQ_CLIENT_CHAT] = "chat",
		[ICQ_CLIENT_FILE] = "file",
		[ICQ_CLIENT_AUTH] = "auth",
		[ICQ_CLIENT_ADDED] = "added",
	};

	return names[kind];
}

const char *icq_client_transfer_state_name(enum icq_client_transfer_state state)
{
	static const char *const names[] = {
		[ICQ_CLIENT_TRANSFER_WAITING] = "waiting",
		[ICQ_CLIENT_TRANSFER_RUNNING] = "running",
		[ICQ_CLIENT_TRANSFER_PAUSED] = "paused",
		[ICQ_CLIENT_TRANSFER_DONE] = "done",
		[ICQ_CLIENT_TRANSFER_STOPPED] = "stopped",
		[ICQ_CLIENT_TRANSFER_FAILED] = "failed",
	};

	return names[state];
}

const char *icq_client_chat_event_name(enum icq_client_chat_event event)
{
	static const char *const names[] = { "open", "text", "typing", "beep", "close" };

	return names[event];
}

const char *icq_client_peer_state_name(enum icq_client_peer_state state)
{
	static const char *const names[] = {
		[ICQ_CLIENT_PEER_OPEN] = "open",
		[ICQ_CLIENT_PEER_CLOSED] = "closed",
		[ICQ_CLIENT_PEER_REFUSED] = "refused",
	};

	return names[state];
}

const char *icq_client_list_name(enum icq_client_list list)
{
	return lists[list];
}

int icq_client_list_parse(const char *name, enum icq_client_list *out)
{
	for (size_t i = 0; i < COUNT(lists); i++) {
		if (strcmp(name, lists[i]) != 0)
			continue;
		*out = (enum icq_client_list)i;
		return 0;
	}
	return -ICQ_ENOENT;
}
