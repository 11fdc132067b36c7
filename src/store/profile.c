/* SPDX-License-Identifier: MIT */
#include "store/profile.h"

#include <string.h>

void profile_preset(struct profile *p)
{
	*p = (struct profile){
#define X(part, name, type, preset) .name = (preset),
		PROFILE_NUMBERS(X)
#undef X
	};
}

void profile_copy(struct profile *to, const struct profile *from, unsigned parts)
{
#define X(part, name, ...)                                                                         \
	if (parts & PROFILE_##part)                                                                \
		memcpy(&to->name, &from->name, sizeof(to->name));
	PROFILE_TEXTS(X)
	PROFILE_NUMBERS(X)
#undef X
	if ((parts & PROFILE_CHARSET) || ((parts & PROFILE_GUESS) && !to->charset[0]))
		memcpy(to->charset, from->charset, sizeof(to->charset));
}
