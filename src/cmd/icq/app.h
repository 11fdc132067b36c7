/* SPDX-License-Identifier: MIT */
/*
 * The program behind its faces: commands come in and events go out as JSON objects of the schema
 * in doc/json.md, whoever is at the other end. --json passes them on as they are; the other
 * modes turn words into commands, and events into lines.
 */
#ifndef ICQ_APP_H
#define ICQ_APP_H

#include <jansson.h>

#include "cmd/icq/attend.h"
#include "cmd/icq/commands/tally.h"
#include "cmd/icq/net.h"
#include "cmd/icq/notifier.h"
#include "cmd/icq/settings/settings.h"
#include "cmd/icq/transcript.h"
#include "cmd/password.h"

/* How the program meets its user. Owned by main. */
struct face {
	/* ev is borrowed. No command may be given from inside. */
	void (*event)(struct face *f, json_t *ev);
	/* A line of standard input, without its end; too_long: only its beginning. */
	void (*line)(struct face *f, char *line, size_t n, bool too_long);
	/* Standard input is over, and what it asked for is done. */
	void (*end)(struct face *f);
	/* After events, when commands may be given again. May be NULL. */
	void (*quiet)(struct face *f);
	bool watches; /* wants to see what others type in a chat before it is a line */
	/* What the engine notes. NULL: goes to standard error. */
	void (*log)(struct face *f, const char *line);
};

struct pending; /* a command whose result is due */

struct app {
	uv_loop_t *loop;
	uv_async_t later; /* what may not be done inside an event */
	struct settings *settings;
	struct face *face;
	struct archive *archive;
	struct files *files;
	struct net *net;
	const char *profile;
	const char *status; /* of the command line; NULL: as the settings say */
	char *secret;	    /* a password that was typed already; wiped when it is used */
	struct pending *pending;
	uint64_t requests; /* given out so far */
	uint64_t events;   /* likewise */
	unsigned waiting;  /* messages of this run that no server has accepted yet, and files */
	uint64_t first;	   /* the first of them; 0: none yet */
	int verbose;
	bool ended;	     /* input is over: stop when nothing is due any more */
	uv_timer_t patience; /* runs when there is no user who could give up */
	struct attend attend;
	struct notifier notifier;
	struct tally tally;
	bool leaving;
	const char *why_leaving;
	uint64_t goodbye; /* the request that ends with the server's knowing; 0: none yet */
	bool warned;	  /* that nothing is secret */
	bool ready;	  /* contacts of the settings are in: from now on events count */
	int exit_code;
};

/* Looks the server up and makes the client. 0 or an exit code, after a complaint on stderr. */
int app_open(struct app *a, const char *host_and_port, uint32_t uin);
void app_close(struct app *a);
struct icq_client *app_client(struct app *a);
/* Settings have changed: what can change while running does. */
void app_reconf(struct app *a);
/* What contacts are told in a status, for this run. False: it has none, or the text is too long. */
bool app_set_away_text(struct app *a, uint32_t status, const char *text);
/* Says hello. */
void app_hello(struct app *a);
/* Takes a command; its result comes as an event, perhaps before this returns. Borrows it, and
 * wipes the passwords in it. */
void app_command(struct app *a, json_t *command);
/* A command that could not even be read. */
void app_reject(struct app *a, const char *error, const char *detail);
/* From now on without progress for longer than a command may take, it gives up (exit code 4). */
void app_hurry(struct app *a);
/* Input is over: leaves once all results are there and all messages accepted. */
void app_end(struct app *a);
/* Logs out; once the server knows, or does not answer, says bye and stops the loop. */
void app_leave(struct app *a, const char *reason, int exit_code);
/* Does not wait for the server, if it is leaving. */
void app_gone(struct app *a);
/* Says once, before a password is typed or sent, that version 2 hides nothing. */
void app_warn_clear(struct app *a);
/* The password of the settings, into out. NULL, or why there is none. */
const char *app_password(struct app *a, char out[PASSWORD_TEXT_MAX]);

/* ---- for commands.c and events.c ------------------------------------------------------- */

struct pending {
	struct pending *next;
	uint64_t request;
	json_t *id;			/* NULL: none was given */
	json_t *messages;		/* rows of a history so far */
	struct transcript *transcript;	/* or where they go */
	bool backwards;			/* they come newest first */
	json_t *hits;			/* of a search so far */
	json_t *info;			/* of somebody so far */
	size_t bytes;			/* the length of messages or hits */
	const struct codepage *charset; /* in which old messages are read; NULL: as they came */
	uint64_t drop;			/* a message that leaves the outbox by it; 0: none */
	/* A message to several is a command for each. */
	uint64_t whole;	   /* of which this one is a part; 0: none */
	uint32_t to;	   /* whom this part is for */
	unsigned parts;	   /* that are still due */
	json_t *msgs;	   /* those that are done */
	const char *error; /* the first there was; static text */
};

/* Tells the face; adds time and number. Takes ev over. */
void app_emit(struct app *a, json_t *ev);
/* A sentence for the user, beside all that was asked for. code: one word. */
void app_notice(struct app *a, enum log_level level, const char *code, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* The result of a command. extra: more fields, taken over, or NULL. */
void app_result(struct app *a, uint64_t request, const char *error, const char *detail,
		json_t *extra);
struct pending *app_pending(struct app *a, uint64_t request);
/* One more command, with an id or NULL. NULL: out of memory. */
struct pending *app_pend(struct app *a, json_t *id);
/* It is over, and nobody is told. */
void app_forget(struct app *a, uint64_t request);

/* Runs a command under a request id; its result may be due at once. */
void command_run(struct app *a, json_t *command, uint64_t request);
/* What the engine tells, as events. */
void events_take(void *ctx, const struct icq_client_event *ev);
/* The result of a message to one of several; false: it is of another kind (several.c). */
bool several_take(struct app *a, const struct icq_client_event *ev);
/* Somebody found, into the result of its command (directory.c). */
void directory_take(struct app *a, const struct icq_client_event *ev);
/* What happens in a chat (chats.c). */
void chats_take(struct app *a, const struct icq_client_event *ev);
/* A request, without `ev`, and a contact, as the schema has them. */
json_t *events_request(const struct icq_client_request *r, const struct codepage *page);
json_t *events_contact(const struct icq_client_contact *c);

/* A packet as an event (events_packet.c). */
json_t *events_packet(const struct icq_client_event *ev);

#endif
