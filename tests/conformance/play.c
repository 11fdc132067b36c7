/* SPDX-License-Identifier: MIT */
#include "conformance/play.h"

#include "harness.h"

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
