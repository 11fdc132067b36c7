/* SPDX-License-Identifier: MIT */
/* The files of transfers, whose disk never holds up the loop: the work is done on its threads. */
#ifndef ICQ_FILES_H
#define ICQ_FILES_H

#include <uv.h>

#include "client/client.h"
#include "cmd/icq/haul.h"

struct files; /* owned by whoever called files_open */

struct files *files_open(uv_loop_t *loop); /* NULL: out of memory */
/* Whose files they are; touched is called after each of its inputs. */
void files_attend(struct files *f, struct icq_client *client, void (*touched)(void *ctx),
		  void *ctx);
/* What is under way is still done; the loop must run until then. */
void files_close(struct files **at);

/* On the loop: the haul is the callee's to keep or to free; NULL: why not, in words; both NULL: the
 * program ends. */
typedef void files_ready(void *ctx, struct haul *haul, const char *why);
/* Opens files to be sent, or a folder for what is to come (see haul_await). Paths are copied.
 * `ready` is called later, in any case. */
void files_load(struct files *f, const char *const *paths, size_t count, files_ready *ready,
		void *ctx);
void files_await(struct files *f, const char *path, bool make, bool anew, files_ready *ready,
		 void *ctx);
/* This haul belongs to a transfer from now on. */
void files_keep(struct files *f, uint32_t transfer, struct haul *haul);
/* Where the last whole file of a transfer is, to be freed; NULL: nowhere. */
char *files_stored(const struct files *f, uint32_t transfer);

/* What the engine asks for (struct icq_client_env). */
int files_submit(struct files *f, const struct icq_client_file_job *job);
void files_end(struct files *f, uint32_t transfer);

#endif
