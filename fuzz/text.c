/* SPDX-License-Identifier: MIT */
/* Compound texts, as every form: joining what was split completes it and changes no part. */
#include "fuzz.h"

#include <string.h>

#include "wire/icqwire.h"

#define TEXT_MAX 8192
#define CONTACTS_TEXT_MAX (TEXT_MAX + 16 * ICQ_MAX_pairs)

static void split_and_join(enum icq_form form, struct icq_str text)
{
	static uint8_t first[TEXT_MAX + 8], second[TEXT_MAX + 8];
	union icq_text parts;

	icq_text_split(form, text, &parts);

	int n = icq_text_join(form, &parts, first, sizeof(first));

	must(n >= 0);
	must(form == F_contacts || icq_text_complete(form, (struct icq_str){ first, (uint16_t)n }));
	icq_text_split(form, (struct icq_str){ first, (uint16_t)n }, &parts);
	must(icq_text_join(form, &parts, second, sizeof(second)) == n);
	must(memcmp(first, second, (size_t)n) == 0);
}

static void list_contacts(struct icq_str text)
{
	static uint8_t out[CONTACTS_TEXT_MAX];
	struct icq_contacts contacts, again;

	icq_contacts_split(text, &contacts);
	must(contacts.count <= ICQ_MAX_pairs);

	int n = icq_contacts_join(&contacts, out, sizeof(out));

	must(n >= 0);
	must(icq_text_complete(F_contacts, (struct icq_str){ out, (uint16_t)n }));
	icq_contacts_split((struct icq_str){ out, (uint16_t)n }, &again);
	must(contacts.count == again.count);
	for (size_t i = 0; i < contacts.count; i++) {
		must(contacts.at[i].uin == again.at[i].uin);
		must(icq_str_equal(contacts.at[i].nick, again.at[i].nick));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct icq_str text = { data, (uint16_t)(size < TEXT_MAX ? size : TEXT_MAX) };

	for (enum icq_form form = F_NONE + 1; form < F_COUNT; form++)
		split_and_join(form, text);
	list_contacts(text);
	icq_text_code_of(text);
	return 0;
}
