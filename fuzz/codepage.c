/* SPDX-License-Identifier: MIT */
/* Any bytes survive every page both ways; any would-be UTF-8 is read within bounds. */
#include "fuzz.h"

#include "base/codepage.h"

#include <string.h>

static void round_trip(const struct codepage *cp, const uint8_t *data, size_t size)
{
	char *utf8 = malloc(3 * size + 1);
	uint8_t *back = malloc(size + 1);
	size_t lost;

	must(utf8 && back);

	size_t n = codepage_to_utf8(cp, data, size, utf8, 3 * size);

	must(codepage_from_utf8(cp, utf8, n, back, size, &lost) == size);
	must(lost == 0 && memcmp(back, data, size) == 0);
	must(codepage_from_utf8(cp, (const char *)data, size, back, size, &lost) <= size);
	must(lost <= size);
	free(back);
	free(utf8);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	for (size_t i = 0; codepage_at(i); i++)
		round_trip(codepage_at(i), data, size);
	return 0;
}
