/* SPDX-License-Identifier: MIT */
/* Keys and their names, and what they may do. Knows no terminal. */
#ifndef ICQ_KEYS_H
#define ICQ_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A key is a character (Ctrl+A is 1) or one of these; with bits beside it, of which those for Ctrl
 * and Shift stand beside keys that are no characters only. */
enum {
	PRESS_ALT = 1 << 24,
	PRESS_CTRL = 1 << 25,
	PRESS_SHIFT = 1 << 26,
	PRESS_BARE = PRESS_ALT - 1,

	PRESS_ESCAPE = 27,
	PRESS_UP = 0x110000,
	PRESS_DOWN,
	PRESS_LEFT,
	PRESS_RIGHT,
	PRESS_HOME,
	PRESS_END,
	PRESS_INSERT,
	PRESS_DELETE,
	PRESS_BACKSPACE,
	PRESS_PAGE_UP,
	PRESS_PAGE_DOWN,
	PRESS_F1, /* and eleven more behind it */
	PRESS_F12 = PRESS_F1 + 11,
	PRESS_PASTE_BEGIN, /* what follows until PRESS_PASTE_END was not typed */
	PRESS_PASTE_END,
	PRESS_MOUSE, /* see terminal_mouse */
	PRESS_UNKNOWN,
};

enum { KEY_NAME_MAX = 32 };

/* "Ctrl+R", in any case, of n bytes; 0: there is no such key, or it would be typed as text. */
uint32_t key_parse(const char *name, size_t n);
/* The other way round; "" for what has no name. */
void key_write(uint32_t key, char out[KEY_NAME_MAX]);

/* A list of keys has blanks between them; "none" is none. */
bool key_list_valid(const char *list);
bool key_list_has(const char *list, uint32_t key);

enum action {
#define ACTION(id, name, keys, help) ACTION_##id,
#include "cmd/icq/actions.def"
#undef ACTION
	ACTIONS
};

struct action_row {
	const char *name, *keys, *help;
};

extern const struct action_row action_rows[ACTIONS];

/* ACTIONS: there is none of this name. */
enum action action_find(const char *name);

#endif
