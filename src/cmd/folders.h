/* SPDX-License-Identifier: MIT */
/* Folders of our own, which nobody else may look into. */
#ifndef CMD_FOLDERS_H
#define CMD_FOLDERS_H

/* Makes the folder and those above it that are not there. 0, or -ICQ_EIO with errno. */
int folders_make(const char *path);

#endif
