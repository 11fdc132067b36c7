/* SPDX-License-Identifier: MIT */
#include "cmd/icq/filename.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "cmd/texts.h"

enum { ENDING_MAX = 16 }; /* of a name that is cut, this much behind the last dot stays */

static const char *last_part(const char *said)
{
	const char *part = said;

	for (const char *at = said; *at; at++)
		if (*at == '/' || *at == '\\')
			part = at + 1;
	if (isalpha((unsigned char)part[0]) && part[1] == ':')
		part += 2;
	return part;
}

/* Where the ending begins: at the last dot, unless it is far from the end, or the first character.
 */
static size_t stem_of(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot && dot != name && strlen(dot) <= ENDING_MAX ? (size_t)(dot - name)
							       : strlen(name);
}

/* Copies what fits, a whole character at a time. */
static size_t copy(char *out, size_t cap, const char *from, size_t n)
{
	size_t done = 0, len;
	uint32_t c;
	bool valid;

	for (const char *at = from; at < from + n; at += len) {
		len = texts_next(at, &c, &valid);
		bool plain = valid && !texts_is_dangerous(c);

		if (done + (plain ? len : 1) > cap)
			break;
		if (plain)
			memcpy(out + done, at, len);
		else
			out[done] = '_';
		done += plain ? len : 1;
	}
	return done;
}

/* What begins so is hidden, an option, a home folder, or overlooked. */
static void open_beginning(char *name)
{
	for (; *name && strchr(".-~ ", *name); name++)
		*name = '_';
}

static void cut_end(char *name)
{
	size_t n = strlen(name);

	while (n > 0 && strchr(". ", name[n - 1]))
		name[--n] = 0;
}

/* CON, LPT1.txt and the like mean devices on systems that this folder may be shared with. */
static bool is_device(const char *name)
{
	static const char *const devices[] = { "con", "prn", "aux", "nul", "clock$" };
	size_t n = strcspn(name, ".");

	for (size_t i = 0; i < sizeof(devices) / sizeof(*devices); i++)
		if (n == strlen(devices[i]) && strncasecmp(name, devices[i], n) == 0)
			return true;
	return n == 4 && isdigit((unsigned char)name[3]) &&
	       (strncasecmp(name, "com", 3) == 0 || strncasecmp(name, "lpt", 3) == 0);
}

/* Else somebody could lay out the beginning of what another one is to send. */
static void mark_part(char *name)
{
	size_t n = strlen(name);

	if (n >= 5 && strcasecmp(name + n - 5, ".part") == 0)
		memcpy(name + n, "_", 2);
}

bool filename_make(char out[FILENAME_SAFE_MAX], const char *said)
{
	const char *part = last_part(said);
	size_t stem = stem_of(part), n = 1, cap = FILENAME_SAFE_MAX - 2;

	if (strspn(part, ". ") == strlen(part))
		return false;
	out[0] = '_';
	n += copy(out + n, cap - n - ENDING_MAX, part, stem);
	n += copy(out + n, cap - n, part + stem, strlen(part + stem));
	out[n] = 0;
	open_beginning(out + 1);
	cut_end(out);
	mark_part(out);
	if (!is_device(out + 1))
		memmove(out, out + 1, strlen(out));
	return true;
}

void filename_numbered(char out[FILENAME_FULL_MAX], const char *name, unsigned number)
{
	size_t stem = stem_of(name);

	if (number == 1)
		snprintf(out, FILENAME_FULL_MAX, "%s", name);
	else
		snprintf(out, FILENAME_FULL_MAX, "%.*s (%u)%s", (int)stem, name, number,
			 name + stem);
}
