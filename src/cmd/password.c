/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* ppoll */
#include "cmd/password.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
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

struct handling {
	sigset_t mask;
	struct sigaction actions[SIGNALS];
};

/* Whoever leaves with Ctrl+C must find his terminal as it was: waiting ends, and the signal comes
 * once more when all is given back. They come only while one waits, or one could be missed just
 * before. */
static void catch_signals(struct handling *before)
{
	const struct sigaction catching = { .sa_handler = on_signal };
	sigset_t held;

	caught = 0;
	sigemptyset(&held);
	for (int i = 0; i < SIGNALS; i++) {
		sigaddset(&held, signals[i]);
		sigaction(signals[i], &catching, &before->actions[i]);
	}
	sigprocmask(SIG_BLOCK, &held, &before->mask);
}

static void give_signals_back(const struct handling *before)
{
	sigprocmask(SIG_SETMASK, &before->mask, NULL);
	for (int i = 0; i < SIGNALS; i++)
		sigaction(signals[i], &before->actions[i], NULL);
	if (caught)
		raise(caught);
}

/* False: a signal came first. */
static bool wait_for_line(int fd, const struct handling *before)
{
	struct pollfd line = { .fd = fd, .events = POLLIN };

	return ppoll(&line, 1, NULL, &before->mask) > 0;
}

const char *password_ask(const char *prompt, char out[PASSWORD_TEXT_MAX])
{
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	struct handling handling;
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
	catch_signals(&handling);
	tcsetattr(fd, TCSAFLUSH, &quiet);
	dprintf(fd, "%s", prompt);
	if (!wait_for_line(fd, &handling) || read_line(fd, out) < 0)
		why = "no password was given";
	tcsetattr(fd, TCSAFLUSH, &before);
	close(fd);
	give_signals_back(&handling);
	return why;
}
