/* SPDX-License-Identifier: MIT */
#ifndef ICQ_JSON_H
#define ICQ_JSON_H

#include "cmd/icq/app.h"

/* The face towards programs: objects in, objects out, one on each line. */
struct json_face {
	struct face face;
	struct app *app;
};

void json_face_init(struct json_face *j, struct app *a);

#endif
