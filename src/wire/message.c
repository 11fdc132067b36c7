/* SPDX-License-Identifier: MIT */
/* The rows of icq.def as tables, and the way from a code to its row. */
#include "wire/icqwire.h"

enum { V1 = 1 << 1, V2 = 1 << 2 };

enum {
	NEED = ICQ_NEED,
	OPT = ICQ_OPT,
	TAIL = ICQ_TAIL,
	SECRET = ICQ_SECRET,
	UNNUM = ICQ_UNNUM,
	SHORT = ICQ_SHORT,
	LOOSE = ICQ_LOOSE,
	NULLESS = ICQ_NULLESS,
	STOP0 = ICQ_STOP0,
	SELECT = ICQ_SELECT,
	CHAT = ICQ_CHAT,
	FILES = ICQ_FILES,
};

/* A block for each message, in which `self` names its struct: so no field need say whose it is.
 * Everything is constant; at run time only the jump is left. */
const struct icq_message *icq_describe(enum icq_id id)
{
	switch (id) {
#define MESSAGE(own_id, own_channel, own_versions, own_code, OWN_NAME, own_source, own_meaning)    \
	case M_##own_id: {                                                                         \
		typedef struct icq_##own_id self __attribute__((unused));                          \
		enum { SELF = M_##own_id, CHANNEL = ICQ_##own_channel };                           \
		enum { VERSIONS = (own_versions), CODE = (own_code) };                             \
		static const char ident[] = #own_id, name[] = OWN_NAME;                            \
		static const char source[] = own_source, meaning[] = own_meaning;                  \
		static const struct icq_field fields[] = {
#define FIELD(own_name, own_kind, own_flags, own_arg, own_element, own_meaning)                    \
	{ .name = #own_name,                                                                       \
	  .meaning = (own_meaning),                                                                \
	  .kind = (own_kind),                                                                      \
	  .flags = (own_flags),                                                                    \
	  .offset = offsetof(self, own_name),                                                      \
	  .arg = (own_arg),                                                                        \
	  .element = (own_element) },
#define U8(name, flags, preset, meaning) FIELD(name, K_U8, flags, preset, M_NONE, meaning)
#define U16(name, flags, preset, meaning) FIELD(name, K_U16, flags, preset, M_NONE, meaning)
#define U32(name, flags, preset, meaning) FIELD(name, K_U32, flags, preset, M_NONE, meaning)
#define U64(name, flags, preset, meaning) FIELD(name, K_U64, flags, preset, M_NONE, meaning)
#define IP(name, flags, meaning) FIELD(name, K_IP, flags, 0, M_NONE, meaning)
#define STR(name, flags, limit, meaning) FIELD(name, K_STR, flags, ICQ_MAX_##limit, M_NONE, meaning)
#define UINS(name, flags, limit, meaning)                                                          \
	FIELD(name, K_UINS, flags, ICQ_MAX_##limit, M_NONE, meaning)
#define LIST(name, flags, element, limit, meaning)                                                 \
	FIELD(name, K_LIST, flags, ICQ_MAX_##limit, M_##element, meaning)
#define RAW(name, flags, size, meaning) FIELD(name, K_RAW, flags, size, M_NONE, meaning)
#define REST(name, flags, limit, meaning)                                                          \
	FIELD(name, K_REST, flags, ICQ_MAX_##limit, M_NONE, meaning)
/* The nameless row gives messages without fields a table, too. */
#define END                                                                                        \
	{                                                                                          \
		.name = NULL                                                                       \
	}                                                                                          \
	}                                                                                          \
	;                                                                                          \
	static const struct icq_message self_row = {                                               \
		.id = (enum icq_id)SELF,                                                           \
		.channel = (enum icq_channel)CHANNEL,                                              \
		.versions = VERSIONS,                                                              \
		.code = CODE,                                                                      \
		.ident = ident,                                                                    \
		.name = name,                                                                      \
		.source = source,                                                                  \
		.meaning = meaning,                                                                \
		.fields = fields,                                                                  \
		.field_count = sizeof(fields) / sizeof(fields[0]) - 1,                             \
	};                                                                                         \
	return &self_row;                                                                          \
	}
#include "icq.def"
	case M_NONE:
	case M_COUNT:
		break;
	}
	return NULL;
}

/* Which codes are told apart from which: those with and without UIN share one room. */
enum room { ROOM_CLIENT, ROOM_BARE = ROOM_CLIENT, ROOM_SERVER, ROOM_STREAM, ROOM_PEER, ROOM_PART };

#define KEY(room, version, code) ((uint32_t)(room) << 24 | (uint32_t)(version) << 16 | (code))
/* Where no packet has its key: for rows that a code does not find. */
#define NO_KEY(version, id) ((uint32_t)0xFF << 24 | (uint32_t)(version) << 16 | (uint32_t)(id))
#define KEY_IF(id, room, versions, version, code)                                                  \
	((versions)&1 << (version) && (room) < ROOM_PEER ? KEY(room, version, code)                \
							 : NO_KEY(version, id))

/* As a switch, because the compiler then makes the search and refuses a code given twice. */
static enum icq_id find(uint32_t key)
{
	switch (key) {
#define MESSAGE(id, channel, versions, code, ...)                                                  \
	case KEY_IF(M_##id, ROOM_##channel, versions, 1, code):                                    \
	case KEY_IF(M_##id, ROOM_##channel, versions, 2, code):                                    \
		return M_##id;
#include "icq.def"
	default:
		return M_NONE;
	}
}

enum icq_id icq_find(enum icq_channel channel, uint16_t version, uint16_t code)
{
	static const enum room rooms[] = {
		[ICQ_CLIENT] = ROOM_CLIENT, [ICQ_BARE] = ROOM_BARE,	[ICQ_SERVER] = ROOM_SERVER,
		[ICQ_PEER] = ROOM_PEER,	    [ICQ_STREAM] = ROOM_STREAM, [ICQ_PART] = ROOM_PART,
	};

	if (version != 1 && version != 2)
		return M_NONE;
	return find(KEY(rooms[channel], version, code));
}
