/* SPDX-License-Identifier: MIT */
/*
 * A client under test: the engine, a history whose answers come when the test lets them, and a
 * diary of everything that came out. The test plays the server.
 */
#ifndef SCENE_H
#define SCENE_H

#include "client/client.h"

enum {
	ME = 20001,
	ANN = 10001,
	BOB = 10002,
	SCENE_JOBS = 256,
	SCENE_DIARY = 1 << 15,
};

/* Where a client is when it is not alone. */
struct scene_place {
	uint32_t uin, ip, inner_ip;
	struct addr server; /* port 0: port 4000 of this machine */
	enum icq_client_direct direct;
	uint16_t listen_port;
	bool peer_first;
	void *ctx; /* of the functions, which get the scene as theirs */
	int (*connect)(void *scene, uint32_t stream, const struct addr *to);
	void (*stream_send)(void *scene, uint32_t stream, const void *p, size_t n);
	void (*stream_close)(void *scene, uint32_t stream);
	void (*stream_end)(void *scene, uint32_t stream);
	size_t (*stream_room)(void *scene, uint32_t stream);
	void (*stream_hold)(void *scene, uint32_t stream, bool hold);
	int (*listen)(void *scene, uint32_t listener, uint16_t *port_out);
	void (*listen_end)(void *scene, uint32_t listener);
	int (*file)(void *scene, const struct icq_client_file_job *job);
	void (*file_end)(void *scene, uint32_t transfer);
	/* What it sends to the server, but acknowledgements. May be NULL. */
	void (*packet)(void *scene, enum icq_id id, uint16_t seq, const union icq_msg *msg);
};

struct scene {
	struct scene_place place;
	struct icq_client_conf conf;
	struct icq_client *client;
	struct now now;
	struct history_mem *history;
	bool hold_jobs; /* answers wait until this is false again */
	bool refuse_jobs;
	uint64_t last_msg;    /* of the last result of a send */
	uint32_t last_number; /* of the last request: asked, or in a result */
	uint16_t login_seq;
	uint16_t last_seq; /* of the client's last packet that wants an answer */
	size_t sent_n;
	uint8_t sent[8192]; /* the last datagram */
	bool matches;	    /* of the last message event */
	size_t text_n;
	uint8_t text[8192];		 /* of the last message event */
	struct icq_client_profile found; /* the last one; its texts are gone */
	/* Private. */
	size_t job_count;
	struct history_job *jobs[SCENE_JOBS];
	size_t diary_len;
	char diary[SCENE_DIARY];
};

/* The names of the commands in a result: "result 7 ok". */
void scene_open(struct scene *s);
void scene_open_at(struct scene *s, const struct scene_place *place);
void scene_close(struct scene *s);
/* The program ends and starts again; the history stays. */
void scene_restart(struct scene *s);

/* Lets the clock run, with a tick at every deadline. */
void scene_run(struct scene *s, int64_t ms);
/* Answers what the history was asked. */
void scene_answer(struct scene *s);

/* A packet of the server; msg NULL: its fields as preset. */
void scene_server(struct scene *s, enum icq_id id, uint16_t seq, const union icq_msg *msg);
void scene_server_bytes(struct scene *s, const void *p, size_t n);
void scene_server_hex(struct scene *s, const char *hex);
void scene_ack(struct scene *s, uint16_t seq);
/* A text from somebody; msgid 0: none. */
void scene_text(struct scene *s, uint16_t seq, uint32_t from, const char *text, uint64_t msgid);
void scene_stored(struct scene *s, uint16_t seq, uint32_t from, const char *text, uint64_t msgid);

/* Logs in; then the server also acknowledges everything that follows a login, until all is
 * quiet. The diary is empty afterwards. Returns the number of the client's next packet. */
void scene_login(struct scene *s);
uint16_t scene_online(struct scene *s);

void scene_add(struct scene *s, uint32_t uin, enum icq_client_list list);
/* Sends a text as request 7. */
void scene_send(struct scene *s, uint32_t to, const char *text);

/*
 * What happened since the last call, in words: "LOGIN/1" is a packet with its number,
 * "TEXT_CODE/2=B_MESSAGE_IDS" a text code, "[online]" a state with its reason if there is one,
 * "{7 ok}" a result, "<10001 hello>" a message, "(1 sent)" what became of a message,
 * "@10001 away" presence, "=10001+ ann" somebody found (+ online, ? not told) with his nick or
 * city, "new-port" that the engine wants to speak from another port.
 * "(1 returned dnd: go away)" has the answer of another client, "~10001 open" is a direct
 * connection, "?10001" somebody who has read our away text. "<asks 10001 file: a.txt/5 look>" is a
 * request with name, size and text, "{7 ok #2}" a result with a number, "#2 waiting" how it goes
 * with a transfer, "#2 stopped refused: no" has the reason and the text of the other side.
 * In a chat "&3 10001 open" is somebody who has come (close: left), "&3 10001: hello" a line,
 * "&3 10001.. hel" an unfinished one, "&3 over refused: no" the end with its reason and text.
 */
#define assert_diary(scene, expected)                                                              \
	do {                                                                                       \
		assert_string_equal((scene)->diary, expected);                                     \
		scene_forget(scene);                                                               \
	} while (0)

void scene_forget(struct scene *s);

#endif
