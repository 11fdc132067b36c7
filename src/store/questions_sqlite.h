/* SPDX-License-Identifier: MIT */
/* What the store of the server asks its database: its SQL, but for the schema. */
#ifndef STORE_QUESTIONS_SQLITE_H
#define STORE_QUESTIONS_SQLITE_H

#include "store/db_sqlite.h"
#include "store/profile.h"

#define PROFILE_COLUMN(part, name, ...) #name ", "
#define PROFILE_PLACE(part, name, ...) "?, "
#define PROFILE_COLUMNS PROFILE_TEXTS(PROFILE_COLUMN) PROFILE_NUMBERS(PROFILE_COLUMN) "charset"

/* Names as a part (?1, ?2, ?3). The letters (?4) sort out most accounts before their texts are
 * looked at; the order of the join is told, so that only those who match are looked up. */
#define SEARCH_FOR(condition)                                                                      \
	"SELECT uin FROM names CROSS JOIN account USING (uin) WHERE " condition                    \
	" (length(?1) = 0 OR instr(nick, ?1)) AND (length(?2) = 0 OR instr(first, ?2))"            \
	" AND (length(?3) = 0 OR instr(last, ?3)) AND NOT blocked ORDER BY uin LIMIT ?6"

#define STORE_SQL(X)                                                                               \
	X(BEGIN, "BEGIN IMMEDIATE")                                                                \
	X(BEGIN_READING, "BEGIN")                                                                  \
	X(COMMIT, "COMMIT")                                                                        \
	X(ROLLBACK, "ROLLBACK")                                                                    \
	X(NUMBERS, "SELECT last_uin, last_epoch, last_g FROM meta")                                \
	X(SET_NUMBERS, "UPDATE meta SET last_uin = ?1, last_epoch = ?2, last_g = ?3")              \
	X(SECRET, "SELECT secret FROM meta")                                                       \
	X(SET_SECRET, "UPDATE meta SET secret = ?1 WHERE secret IS NULL")                          \
                                                                                                   \
	X(ACCOUNT, "SELECT hash, blocked FROM account WHERE uin = ?1")                             \
	X(ADD_ACCOUNT, "INSERT OR IGNORE INTO account (uin, hash, created_s) SELECT ?1, ?2, ?3"    \
		       " WHERE NOT EXISTS (SELECT 1 FROM retired WHERE uin = ?1)")                 \
	X(RETIRED, "SELECT 1 FROM retired WHERE uin = ?1")                                         \
	X(BLOCK_ACCOUNT, "UPDATE account SET blocked = ?2 WHERE uin = ?1")                         \
	X(DELETE_ACCOUNT, "DELETE FROM account WHERE uin = ?1")                                    \
	X(SET_LAST_LOGIN, "UPDATE account SET last_login_s = ?2 WHERE uin = ?1")                   \
	X(LIST_ACCOUNT, "SELECT uin, created_s, last_login_s, blocked,"                            \
			" (SELECT sum(messages) FROM mailbox WHERE receiver = uin), profile.nick," \
			" iif(length(profile.charset), profile.charset,"                           \
			" (SELECT charset FROM meta))"                                             \
			" FROM names CROSS JOIN account USING (uin) JOIN profile USING (uin)"      \
			" WHERE uin > ?1 AND (instr(names.nick, ?2) OR instr(names.first, ?2)"     \
			" OR instr(names.last, ?2) OR instr(names.email, ?2))"                     \
			" ORDER BY uin LIMIT 1")                                                   \
	X(STATS, "SELECT (SELECT count(*) FROM account), (SELECT sum(messages) FROM mailbox),"     \
		 " (SELECT page_count * page_size FROM pragma_page_count, pragma_page_size)")      \
                                                                                                   \
	X(SET_HASH, "UPDATE account SET"                                                           \
		    " old_hash = iif(old_until_s > ?3, old_hash, hash),"                           \
		    " old_until_s = iif(old_until_s > ?3, old_until_s, ?4),"                       \
		    " hash = ?2 WHERE uin = ?1")                                                   \
	X(HASH_BACK, "UPDATE account SET hash = old_hash, old_hash = NULL, old_until_s = NULL"     \
		     " WHERE uin = ?1 AND old_until_s > ?2")                                       \
	X(PURGE_OLD_HASHES, "UPDATE account SET old_hash = NULL, old_until_s = NULL"               \
			    " WHERE old_until_s <= ?1")                                            \
                                                                                                   \
	X(PROFILE, "SELECT " PROFILE_COLUMNS " FROM profile WHERE uin = ?1")                       \
	X(SAVE_PROFILE,                                                                            \
	  "INSERT OR REPLACE INTO profile (" PROFILE_COLUMNS                                       \
	  ", uin) VALUES (" PROFILE_TEXTS(PROFILE_PLACE) PROFILE_NUMBERS(PROFILE_PLACE) "?, ?)")   \
	X(CHARSET, "SELECT coalesce((SELECT charset FROM profile WHERE uin = ?1"                   \
		   " AND length(charset) > 0), charset) FROM meta")                                \
	X(SET_CHARSET, "UPDATE meta SET charset = ?1 WHERE charset <> ?1")                         \
	X(NEXT_PRESET, "SELECT uin FROM profile WHERE uin > ?1 AND length(charset) = 0"            \
		       " ORDER BY uin LIMIT 1")                                                    \
	X(SAVE_NAMES, "INSERT OR REPLACE INTO names (uin, nick, first, last, letters, email)"      \
		      " VALUES (?1, ?2, ?3, ?4, ?5, ?6)")                                          \
	X(SEARCH, SEARCH_FOR("letters & ?4 = ?4 AND"))                                             \
	X(SEARCH_EMAIL, SEARCH_FOR("email = ?5 AND letters & ?4 = ?4 AND"))                        \
                                                                                                   \
	X(REGISTRATION, "SELECT uin FROM registration"                                             \
			" WHERE ip = ?1 AND port = ?2 AND seq = ?3 AND tag = ?4 AND until_s > ?5") \
	X(ADD_REGISTRATION, "INSERT OR REPLACE INTO registration"                                  \
			    " (ip, port, seq, tag, uin, until_s)"                                  \
			    " VALUES (?1, ?2, ?3, ?4, ?5, ?6)")                                    \
	X(PURGE_REGISTRATIONS, "DELETE FROM registration WHERE until_s <= ?1")                     \
	X(ADD_INVITE, "INSERT OR IGNORE INTO invite (code) VALUES (?1)")                           \
	X(USE_INVITE, "UPDATE invite SET used = 1 WHERE code = ?1 AND NOT used")                   \
                                                                                                   \
	X(BEGIN_SESSION, "INSERT OR REPLACE INTO session"                                          \
			 " (uin, epoch, ip, port, door, tcp_port, tcp_ip, tcp_version, mode,"      \
			 " version, login_seq, login_packet, began_s, status, reserved_n)"         \
			 " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13,"        \
			 " ?14, ?15)")                                                             \
	X(END_SESSION, "DELETE FROM session WHERE uin = ?1 AND epoch = ?2")                        \
	X(END_SESSIONS, "DELETE FROM session")                                                     \
	X(SAVE_SESSION, "UPDATE session SET status = ?3, verified = ?4, wants_ids = ?5, old = ?6"  \
			" WHERE uin = ?1 AND epoch = ?2")                                          \
	X(RESERVE, "UPDATE session SET reserved_n = max(reserved_n, ?3)"                           \
		   " WHERE uin = ?1 AND epoch = ?2")                                               \
	X(LIST, "SELECT CASE ?3 WHEN 0 THEN list0 WHEN 1 THEN list1 ELSE list2 END"                \
		" FROM session WHERE uin = ?1 AND epoch = ?2")                                     \
	X(SET_LIST, "UPDATE session SET list0 = iif(?2 = 0, ?3, list0),"                           \
		    " list1 = iif(?2 = 1, ?3, list1), list2 = iif(?2 = 2, ?3, list2)"              \
		    " WHERE uin = ?1")                                                             \
	X(SESSIONS, "SELECT uin, session.epoch, ip, port, door, tcp_port, tcp_ip, tcp_version,"    \
		    " mode, version, login_seq, login_packet, began_s, status, reserved_n,"        \
		    " verified, wants_ids, session.old, read_g, list0, list1, list2,"              \
		    " g, message.epoch, n, part, message.old"                                      \
		    " FROM session LEFT JOIN message ON receiver = uin ORDER BY uin, g")           \
	X(READ, "SELECT epoch, read_g FROM session WHERE uin = ?1")                                \
	X(SET_READ, "UPDATE session SET read_g = ?2 WHERE uin = ?1")                               \
                                                                                                   \
	X(ADD_KEY, "INSERT INTO message_key (sender, epoch, id, until_s)"                          \
		   " VALUES (?1, ?2, ?3, ?4) ON CONFLICT (sender, epoch, id)"                      \
		   " DO UPDATE SET until_s = excluded.until_s WHERE until_s <= ?5")                \
	X(DROP_KEY, "DELETE FROM message_key WHERE sender = ?1 AND epoch = ?2 AND id = ?3")        \
	X(PURGE_KEYS, "DELETE FROM message_key WHERE (sender, epoch, id) IN"                       \
		      " (SELECT sender, epoch, id FROM message_key WHERE until_s <= ?1"            \
		      " ORDER BY until_s LIMIT ?2)")                                               \
	X(MAILBOX, "SELECT EXISTS (SELECT 1 FROM account WHERE uin = ?1),"                         \
		   " sum(messages) FILTER (WHERE sender <> ?3),"                                   \
		   " sum(bytes) FILTER (WHERE sender <> ?3),"                                      \
		   " sum(messages) FILTER (WHERE sender = ?2),"                                    \
		   " sum(messages) FILTER (WHERE sender = ?3)"                                     \
		   " FROM mailbox WHERE receiver = ?1")                                            \
	X(ADD_MESSAGE, "INSERT INTO message"                                                       \
		       " (g, receiver, sender, type, accepted_s, text, epoch, n)"                  \
		       " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")                                 \
	X(NEXT_MESSAGE, "SELECT g, sender, type, accepted_s, text FROM message"                    \
			" WHERE receiver = ?1 AND g > ?2 AND g < ?3"                               \
			" AND NOT (old AND epoch = ?4 AND g <= ?5) ORDER BY g LIMIT 1")            \
	X(SET_FLIGHT, "UPDATE message SET epoch = ?2, n = ?3, part = ?4, old = ?5"                 \
		      " WHERE g = ?1")                                                             \
	X(DROP_MESSAGES, "DELETE FROM message WHERE receiver = ?1 AND g BETWEEN ?2 AND ?3")        \
	X(EXPIRED, "SELECT receiver FROM"                                                          \
		   " (SELECT receiver, accepted_s FROM message ORDER BY g LIMIT 1)"                \
		   " WHERE accepted_s <= ?1")                                                      \
	X(EXPIRY_TOLD, "SELECT expired FROM account JOIN message ON g = expired_g WHERE uin = ?1") \
	X(COUNT_EXPIRED, "SELECT count(*) FROM message"                                            \
			 " WHERE receiver = ?1 AND accepted_s <= ?2 AND sender <> ?3")             \
	X(DROP_EXPIRED, "DELETE FROM message WHERE receiver = ?1 AND accepted_s <= ?2")            \
	X(DROP_EXPIRY_NOTICE, "DELETE FROM message"                                                \
			      " WHERE g = (SELECT expired_g FROM account WHERE uin = ?1)")         \
	X(SET_EXPIRED, "UPDATE account SET expired = ?2, expired_g = ?3 WHERE uin = ?1")

enum sql {
#define X(name, text) SQL_##name,
	STORE_SQL(X)
#undef X
		SQL_COUNT
};

#endif
