/* SPDX-License-Identifier: MIT */
#ifndef IO_HARDEN_H
#define IO_HARDEN_H

/* What a process that holds passwords does first: no core dumps, no ptrace by others, new
 * files for the owner only; and a closed pipe is an error, not an end. */
void harden_process(void);

#endif
