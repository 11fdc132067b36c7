/* SPDX-License-Identifier: MIT */
#include "cmd/icqctl/print.h"

#include "cmd/texts.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_COLUMN = 12, TIME_COLUMN = 20 };

static json_int_t number(const json_t *o, const char *key)
{
	return json_integer_value(json_object_get(o, key));
}

static void print_text(const char *text)
{
	char *shown = texts_shown(text, false);

	fputs(shown ? shown : "?", stdout);
	free(shown);
}

static void print_value(const json_t *v)
{
	const json_t *one;
	size_t i;

	json_array_foreach(v, i, one)
	{
		fputs(i ? " " : "", stdout);
		print_value(one);
	}
	if (json_is_string(v))
		print_text(json_string_value(v));
	else if (json_is_integer(v))
		printf("%" JSON_INTEGER_FORMAT, json_integer_value(v));
	else if (json_is_boolean(v))
		fputs(json_is_true(v) ? "yes" : "no", stdout);
	else if (json_is_null(v))
		putchar('-');
}

static void print_object(const json_t *o, int indent)
{
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)o, name, value)
	{
		printf("%*s%-*s ", indent, "", NAME_COLUMN - indent, name);
		if (json_is_object(value)) {
			putchar('\n');
			print_object(value, indent + 2);
		} else {
			print_value(value);
			putchar('\n');
		}
	}
}

void print_members(struct call *c, const json_t *result)
{
	(void)c;
	print_object(result, 0);
}

static const char *counter_meaning(const char *wanted)
{
	static const struct {
		const char *name, *meaning;
	} counters[] = {
#define COUNTER(name, meaning) { #name, meaning },
#include "counters.def"
	};

	for (size_t i = 0; i < sizeof(counters) / sizeof(counters[0]); i++)
		if (strcmp(counters[i].name, wanted) == 0)
			return counters[i].meaning;
	return ""; /* of another version */
}

static void print_counter(const char *name, const json_t *value, const char *meaning)
{
	printf("%-22s %14" JSON_INTEGER_FORMAT "  %s\n", name, json_integer_value(value), meaning);
}

void print_stats(struct call *c, const json_t *result)
{
	const json_t *store = json_object_get(result, "store");
	const char *name;
	json_t *value;

	(void)c;
	print_counter("sessions", json_object_get(result, "sessions"), "users online");
	print_counter("accounts", json_object_get(store, "accounts"), "users");
	print_counter("messages", json_object_get(store, "messages"), "messages waiting");
	print_counter("bytes", json_object_get(store, "bytes"), "size of the database");
	json_object_foreach(json_object_get(result, "counters"), name, value)
		print_counter(name, value, counter_meaning(name));
}

static const char *state_of(const json_t *user)
{
	const json_t *session = json_object_get(user, "session");

	if (json_is_true(json_object_get(user, "blocked")))
		return "blocked";
	return json_is_object(session) ? json_string_value(json_object_get(session, "status"))
				       : "-";
}

/* What may be of any width comes last. */
void print_user(struct call *c, const json_t *row)
{
	const char *login = json_string_value(json_object_get(row, "last_login"));
	char uin[16];

	if (c->rows == 1)
		printf("%-10s  %-9s  %-*s  %7s  %s\n", "UIN", "STATE", TIME_COLUMN, "LAST LOGIN",
		       "WAITING", "NICK");
	snprintf(uin, sizeof(uin), "%" JSON_INTEGER_FORMAT, number(row, "uin"));
	printf("%-10s  %-9s  %-*s  %7" JSON_INTEGER_FORMAT "  ", uin, state_of(row), TIME_COLUMN,
	       login ? login : "-", number(row, "waiting"));
	print_value(json_object_get(row, "nick"));
	putchar('\n');
}

void print_codes(struct call *c, const json_t *result)
{
	const json_t *code;
	size_t i;

	(void)c;
	json_array_foreach(json_object_get(result, "codes"), i, code)
	{
		print_value(code);
		putchar('\n');
	}
}

void print_uin(struct call *c, const json_t *result)
{
	(void)c;
	printf("%" JSON_INTEGER_FORMAT "\n", number(result, "uin"));
}

void print_sent(struct call *c, const json_t *result)
{
	bool online = json_is_true(json_object_get(result, "online"));

	printf("%s\n", online ? "sent" : "stored; it is sent when he logs in");
	if (number(result, "lost"))
		printf("%" JSON_INTEGER_FORMAT " characters are not in the user's code page\n",
		       number(result, "lost"));
	(void)c;
}

void print_broadcast(struct call *c, const json_t *result)
{
	(void)c;
	printf("sent to %" JSON_INTEGER_FORMAT " users\n", number(result, "sent"));
	if (number(result, "full"))
		printf("%" JSON_INTEGER_FORMAT " have too many notices waiting\n",
		       number(result, "full"));
	if (number(result, "lost"))
		printf("%" JSON_INTEGER_FORMAT " miss characters that their code page lacks\n",
		       number(result, "lost"));
}

void print_stopped(struct call *c, const json_t *result)
{
	(void)c;
	printf("stopped; %" JSON_INTEGER_FORMAT " sessions were ended\n",
	       number(result, "sessions"));
}

void print_complaint(struct call *c, const json_t *row)
{
	const char *text = json_string_value(json_object_get(row, "complaint"));
	char *shown = texts_shown(text ? text : "", false);

	(void)c;
	fprintf(stderr, "icqctl: %s\n", shown ? shown : "?");
	free(shown);
}
