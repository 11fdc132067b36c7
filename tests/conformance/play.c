/* SPDX-License-Identifier: MIT */
#include "conformance/play.h"

#include "harness.h"

void play_add_cases(const struct table *t, void (*run)(void))
{
	static struct harness_case cases[TABLE_ROWS];

	for (size_t i = 0; i < t->count; i++) {
		cases[i] = (struct harness_case){ .name = t->rows[i].name,
						  .run = run,
						  .subject = &t->rows[i] };
		harness_add(&cases[i]);
	}
}

void play(const struct conversation *c, struct script *s)
{
	const char *text = c->shows;
	unsigned code, version;

	script_play(s, c->steps);
	while (table_next_code(&text, &code, &version)) {
		check(code < SCRIPT_CODES && version <= 2);
		if (!s->saw[version][code] && !s->saw[1][code])
			fail_msg("it does not show %04X", code);
	}
}
