/* SPDX-License-Identifier: MIT */
#include "base/err.h"

const char *icq_err_text(int err)
{
	switch (err) {
	case 0:
		return "success";
#define X(name, text)                                                                              \
	case -ICQ_E##name:                                                                         \
		return text;
		ICQ_ERRORS(X)
#undef X
	default:
		return "unknown error";
	}
}
