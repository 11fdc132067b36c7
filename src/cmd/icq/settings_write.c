/* SPDX-License-Identifier: MIT */
#include "cmd/icq/settings.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Copies the lines that are not ours; the last one may lack its end. */
static void copy_rest(const struct settings *s, FILE *to)
{
	FILE *from = fopen(s->path, "re");
	char line[SETTINGS_PATH_MAX];
	bool ours = false, whole = true;

	while (from && fgets(line, sizeof(line), from)) {
		if (whole && *line == '[')
			ours = strncmp(line, "[contact ", 9) == 0;
		if (!ours)
			fputs(line, to);
		whole = strchr(line, '\n');
	}
	if (!whole)
		fputc('\n', to);
	if (from)
		fclose(from);
}

/* With the server it belongs to, if one was named. */
static void write_account(FILE *to, const struct settings *s)
{
	fprintf(to, "[account]\nuin = %s\n", s->uin);
	if (*s->host)
		fprintf(to, "host = %s\n", s->host);
	if (*s->port)
		fprintf(to, "port = %s\n", s->port);
	fputs("\n", to);
}

static void write_contact(FILE *to, const struct icq_client_contact *c)
{
	fprintf(to, "[contact %u]\n", c->uin);
	fprintf(to, "list = %s\n", icq_client_list_name(c->list));
	if (*c->nick)
		fprintf(to, "nick = %s\n", c->nick);
	if (*c->group)
		fprintf(to, "group = %s\n", c->group);
	if (c->charset)
		fprintf(to, "charset = %s\n", codepage_name(c->charset));
	fputs("\n", to);
}

static void write_all(const struct settings *s, const struct icq_client *client, FILE *to)
{
	copy_rest(s, to);
	if (s->new_account)
		write_account(to, s);
	for (size_t i = 0; i < icq_client_contact_count(client); i++)
		write_contact(to, icq_client_contact_at(client, i));
}

/* The folders above the file. */
static void make_folders(const char *path)
{
	char part[SETTINGS_PATH_MAX];

	for (const char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		snprintf(part, sizeof(part), "%.*s", (int)(slash - path), path);
		mkdir(part, 0700); /* what is wrong shows when the file is made */
	}
}

/* A rename is stable only when the folder is. */
static void sync_folder(const char *path)
{
	char copy[SETTINGS_PATH_MAX];
	int fd;

	snprintf(copy, sizeof(copy), "%s", path);
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
}

static FILE *open_new(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	FILE *f = fd >= 0 ? fdopen(fd, "w") : NULL;

	if (fd >= 0 && !f)
		close(fd);
	return f;
}

int settings_write(struct settings *s, const struct icq_client *client)
{
	char fresh[SETTINGS_PATH_MAX + 8];
	FILE *f;
	bool good;

	if (!*s->uin && icq_client_uin(client)) {
		snprintf(s->uin, sizeof(s->uin), "%u", icq_client_uin(client));
		s->new_account = true;
	}
	snprintf(fresh, sizeof(fresh), "%s.new", s->path);
	make_folders(s->path);
	f = open_new(fresh);
	if (!f)
		return -ICQ_EIO;
	write_all(s, client, f);
	good = fflush(f) == 0 && !ferror(f) && fsync(fileno(f)) == 0;
	good = fclose(f) == 0 && good;
	if (!good || rename(fresh, s->path) < 0) {
		unlink(fresh);
		return -ICQ_EIO;
	}
	s->new_account = false;
	sync_folder(s->path);
	return 0;
}
