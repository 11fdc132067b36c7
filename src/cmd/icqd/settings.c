/* SPDX-License-Identifier: MIT */
#include "cmd/icqd/settings.h"

#include "base/codepage.h"
#include "base/err.h"
#include "cmd/icqd/conf_read.h"

#include <errno.h>
#include <string.h>

static void read_file(struct conf_reader *r, const char *given)
{
	const char *name = given ? given : SETTINGS_FILE;
	FILE *f = fopen(name, "re");

	if (f) {
		conf_read_file(r, f, name);
		fclose(f);
	} else if (given || errno != ENOENT) {
		conf_complain(r, name, "%s", strerror(errno));
	}
}

static void read_args(struct conf_reader *r, const struct args *a)
{
	conf_next_source(r);
	for (int i = 0; i < a->setting_count; i++) {
		const struct arg_setting *s = &a->settings[i];

		if (s->key)
			conf_assign(r, s->flag, "server", s->key, s->value);
		else
			conf_read_option(r, s->value);
	}
}

static void read_listen(struct conf_reader *r, struct settings *s)
{
	for (int i = 0; i < s->conf.listen.count; i++) {
		const char *text = s->conf.listen.at[i];

		if (addr_parse(text, &s->listen[i]) < 0)
			conf_complain(
				r, "server.listen",
				"\"%s\" is no address and port; right would be \"0.0.0.0:4000\"",
				text);
		else if (!addr_is_v4(&s->listen[i]))
			conf_complain(r, "server.listen", "\"%s\" is IPv6, which is not served yet",
				      text);
	}
}

static void check_charset(struct conf_reader *r, const struct settings *s)
{
	if (!codepage_find(s->conf.charset))
		conf_complain(r, "accounts.charset",
			      "\"%s\" is no code page known here; right would be \"cp1251\"",
			      s->conf.charset);
}

static void check_types(struct conf_reader *r, const struct settings *s)
{
	if (s->conf.relay_types[strspn(s->conf.relay_types, "0123456789, ")])
		conf_complain(r, "relay.types",
			      "\"%s\" is no list of numbers; right would be \"2, 3, 26\"",
			      s->conf.relay_types);
}

int settings_read(struct settings *s, const struct args *a,
		  void (*tell)(void *ctx, const char *complaint), void *ctx)
{
	struct conf_reader r = conf_reader(&s->conf, tell, ctx);

	read_file(&r, a->file);
	read_args(&r, a);
	read_listen(&r, s);
	check_charset(&r, s);
	check_types(&r, s);
	return r.complaints ? -ICQ_ERANGE : 0;
}
