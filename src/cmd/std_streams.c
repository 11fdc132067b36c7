/* SPDX-License-Identifier: MIT */
#include "cmd/std_streams.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "cmd/exit_codes.h"

void std_streams_open(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) >= 0)
			continue;
		/* The lowest free number is this one: those below are open. */
		if (open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
			exit(EXIT_FAILED);
	}
}
