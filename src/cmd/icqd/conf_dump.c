/* SPDX-License-Identifier: MIT */
#include "cmd/icqd/conf_dump.h"

#include "cmd/icqd/conf_value.h"

#include <string.h>

static void dump_row(const struct conf *c, const struct conf *presets, const struct conf_row *row,
		     FILE *out)
{
	char text[CONF_TEXT_MAX], range[96];

	fprintf(out, "\n# %s\n# %s", row->meaning, conf_value_range(row, range, sizeof(range)));
	conf_value_text(presets, row, 0, text, sizeof(text));
	fprintf(out, "; preset: %s\n", *text ? text : "empty");
	for (int i = 0; i < conf_value_count(c, row); i++) {
		conf_value_text(c, row, i, text, sizeof(text));
		fprintf(out, "%s =%s%s\n", row->key, *text ? " " : "", text);
	}
}

void conf_dump(const struct conf *c, FILE *out)
{
	const char *section = "";
	struct conf presets;

	conf_preset(&presets);
	fputs("# All settings of icqd; see icqd.conf(5).\n", out);
	for (int i = 0; i < CONF_ROW_COUNT; i++) {
		const struct conf_row *row = &conf_rows[i];

		if (strcmp(row->section, section) != 0)
			fprintf(out, "\n[%s]\n", row->section);
		section = row->section;
		dump_row(c, &presets, row, out);
	}
}
