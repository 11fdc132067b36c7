/* SPDX-License-Identifier: MIT */
#include "cmd/password.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

/* One line, without its end. Returns whether there was one that fits. */
static int read_line(int fd, char *out)
{
	size_t n = 0;
	ssize_t got = 0;
	char c;

	while (n < PASSWORD_TEXT_MAX && (got = read(fd, &c, 1)) == 1 && c != '\n')
		out[n++] = c;
	if (got < 0 || n == 0 || n == PASSWORD_TEXT_MAX)
		return -1;
	if (out[n - 1] == '\r')
		n--;
	out[n] = 0;
	return 0;
}

static const char *check_owner(int fd)
{
	struct stat st;

	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return "the password file is no file";
	if (st.st_uid != geteuid())
		return "the password file belongs to somebody else";
	if (st.st_mode & 077)
		return "others may read the password file; chmod 600 it";
	return NULL;
}

const char *password_from_file(const char *file, char out[PASSWORD_TEXT_MAX])
{
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	const char *why;

	if (fd < 0)
		return "the password file cannot be opened";
	why = check_owner(fd);
	if (!why && read_line(fd, out) < 0)
		why = "the password file holds no password";
	close(fd);
	return why;
}

/* ---- the terminal ---------------------------------------------------------------------- */

static const int signals[] = { SIGINT, SIGTERM, SIGHUP };

enum { SIGNALS = sizeof(signals) / sizeof(*signals) };

static volatile sig_atomic_t caught;

static void on_signal(int number)
{
	caught = number;
}

/* Whoever leaves with Ctrl+C must find his terminal as it was: reading ends, and the signal comes
 * once more when all is given back. */
static void catch_signals(struct sigaction before[SIGNALS])
{
	const struct sigaction catching = { .sa_handler = on_signal };

	caught = 0;
	for (int i = 0; i < SIGNALS; i++)
		sigaction(signals[i], &catching, &before[i]);
}

static void give_signals_back(const struct sigaction before[SIGNALS])
{
	for (int i = 0; i < SIGNALS; i++)
		sigaction(signals[i], &before[i], NULL);
	if (caught)
		raise(caught);
}

const char *password_ask(const char *prompt, char out[PASSWORD_TEXT_MAX])
{
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	struct sigaction handlers[SIGNALS];
	struct termios before, quiet;
	const char *why = NULL;

	if (fd < 0 || tcgetattr(fd, &before) < 0) {
		if (fd >= 0)
			close(fd);
		return "there is no terminal to ask for a password";
	}
	quiet = before;
	quiet.c_lflag &= ~(tcflag_t)ECHO;
	quiet.c_lflag |= ICANON | ECHONL;
	quiet.c_iflag |= ICRNL;
	catch_signals(handlers);
	tcsetattr(fd, TCSAFLUSH, &quiet);
	dprintf(fd, "%s", prompt);
	if (read_line(fd, out) < 0)
		why = "no password was given";
	tcsetattr(fd, TCSAFLUSH, &before);
	close(fd);
	give_signals_back(handlers);
	return why;
}
