/* SPDX-License-Identifier: MIT */
#include "sim/scene.h"

#include <stdio.h>

#include "harness.h"

enum { NOBODY = 4711 }; /* no such account */

void scene_open(struct scene *s, uint64_t seed)
{
	s->world = world_new(seed);
	machine_init(&s->server, s->world);
	user_init(&s->ann, s->world, addr_v4(0x0A00000B, 5001), s->server.host.addr, "annpw");
	user_init(&s->bob, s->world, addr_v4(0x0A00000C, 5002), s->server.host.addr, "bobpw");
	machine_start(&s->server);
	user_start(&s->ann);
	user_start(&s->bob);
}

void scene_close(struct scene *s)
{
	user_free(&s->ann);
	user_free(&s->bob);
	machine_free(&s->server);
	world_free(&s->world);
}

static void step(struct scene *s)
{
	world_run(s->world, SCENE_STEP_MS);
}

void scene_meet(struct scene *s)
{
	user_register(&s->ann);
	step(s);
	user_register(&s->bob);
	step(s);
	user_list(&s->ann, s->bob.uin);
	user_list(&s->bob, s->ann.uin);
	user_login(&s->ann, ICQ_STATUS_online);
	step(s);
	user_login(&s->bob, ICQ_STATUS_away);
	step(s);
}

static void talk(struct scene *s)
{
	user_say(&s->ann, s->bob.uin, "Hello Bob");
	step(s);
	user_say(&s->bob, s->ann.uin, "Hello Ann");
	step(s);
	user_say(&s->ann, s->bob.uin, "one");
	user_say(&s->ann, s->bob.uin, "two");
	user_say(&s->ann, s->bob.uin, "three");
	step(s);
	user_say(&s->ann, NOBODY, "Is anybody there?");
	step(s);
}

static void change(struct scene *s)
{
	user_status(&s->ann, ICQ_STATUS_dnd);
	step(s);
	user_status(&s->bob, ICQ_STATUS_online | ICQ_STATUS_invisible);
	step(s);
	user_status(&s->bob, ICQ_STATUS_ffc);
	step(s);
	user_list(&s->bob, NOBODY);
	step(s);
	user_ping(&s->ann);
	step(s);
}

static void look_up(struct scene *s)
{
	user_describe(&s->bob, "bob", "Oslo");
	step(s);
	user_search(&s->ann, s->bob.uin);
	step(s);
	user_info(&s->ann, s->bob.uin);
	step(s);
	user_info(&s->ann, NOBODY);
	step(s);
	user_ask(&s->ann, s->bob.uin, "may I?");
	step(s);
	user_change_password(&s->bob, "newpw");
	step(s);
}

static void part(struct scene *s, struct user *u)
{
	user_logout(u);
	world_run(s->world, SCENE_PARTING_MS);
}

static void talk_to_the_absent(struct scene *s)
{
	part(s, &s->bob);
	user_say(&s->ann, s->bob.uin, "Are you there?");
	step(s);
	user_say(&s->ann, s->bob.uin, "Call me back");
	step(s);
	user_login(&s->bob, ICQ_STATUS_online);
	step(s);
	user_say(&s->bob, s->ann.uin, "Here I am");
	step(s);
}

void scene_converse(struct scene *s)
{
	scene_meet(s);
	talk(s);
	change(s);
	look_up(s);
	talk_to_the_absent(s);
	world_run(s->world, 3 * SCENE_STEP_MS); /* keep-alives */
	part(s, &s->ann);
	part(s, &s->bob);
	/* What had not been cleared away would come now. */
	user_login(&s->bob, ICQ_STATUS_online);
	step(s);
	part(s, &s->bob);
}

static void print_line(void *ctx, const char *line)
{
	(void)ctx;
	fprintf(stderr, "%s\n", line);
}

void scene_show(struct scene *s, world_fate_fn *fate, void *ctx)
{
	world_watch(s->world, fate, print_line, ctx);
}

size_t scene_lines(const struct user *u, const char *start, char out[SCENE_LINES])
{
	size_t count = 0, len = 0;

	for (const char *line = u->diary, *end; (end = strchr(line, '\n')); line = end + 1) {
		size_t n = (size_t)(end + 1 - line);

		if (strncmp(line, start, strlen(start)) != 0)
			continue;
		check(len + n < SCENE_LINES);
		memcpy(out + len, line, n);
		len += n;
		count++;
	}
	out[len] = '\0';
	return count;
}
