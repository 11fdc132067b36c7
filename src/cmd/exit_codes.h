/* SPDX-License-Identifier: MIT */
/* What every program of Seekyou ends with. */
#ifndef CMD_EXIT_CODES_H
#define CMD_EXIT_CODES_H

enum exit_code {
	EXIT_OK,
	EXIT_FAILED,
	EXIT_USAGE,
	EXIT_SETTINGS,
	EXIT_NO_CONNECTION,
	EXIT_NOT_FOUND,
	EXIT_REFUSED,
};

#endif
