/* SPDX-License-Identifier: MIT */
#ifndef CMD_STD_STREAMS_H
#define CMD_STD_STREAMS_H

/*
 * What every program does first: a standard stream that its parent has closed is opened on
 * /dev/null, so that no socket or file gets its number and is taken for it. Each is opened the
 * wrong way round: reading the input and writing the outputs fail as on a closed one. Ends the
 * program when there is no /dev/null.
 */
void std_streams_open(void);

#endif
