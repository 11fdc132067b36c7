/* SPDX-License-Identifier: MIT */
#include "store/schema_sqlite.h"

#include "store/names.h"

enum { APPLICATION_ID = 0x49435164 }; /* "ICQd" */

/* Times are seconds since 1970. What is not explained here is explained in store.h. */
static const char *const steps[] = {
	/* One row. The last numbers given away: none is ever given twice. */
	"CREATE TABLE meta ("
	"  id INTEGER PRIMARY KEY CHECK (id = 1),"
	"  last_uin INTEGER NOT NULL,"
	"  last_epoch INTEGER NOT NULL,"
	"  last_g INTEGER NOT NULL,"
	"  secret BLOB,"
	"  charset BLOB NOT NULL" /* of accounts that have chosen none */
	") STRICT;"
	"INSERT INTO meta VALUES (1, 10000, 0, 0, NULL, CAST ('" STORE_CHARSET "' AS BLOB));"

	"CREATE TABLE account ("
	"  uin INTEGER PRIMARY KEY,"
	"  hash TEXT NOT NULL,"
	"  old_hash TEXT, old_until_s INTEGER," /* before a change of password */
	"  created_s INTEGER NOT NULL,"
	"  last_login_s INTEGER NOT NULL DEFAULT 0,"
	"  blocked INTEGER NOT NULL DEFAULT 0,"
	"  expired INTEGER, expired_g INTEGER" /* messages that this notice tells of */
	") STRICT;"
	"CREATE INDEX account_old ON account (old_until_s) WHERE old_until_s IS NOT NULL;"
	"CREATE TABLE retired (uin INTEGER PRIMARY KEY) STRICT;" /* had an account */

	"CREATE TABLE profile ("
	"  uin INTEGER PRIMARY KEY,"
/* clang-format off */
#define X(part, name, ...) "  " #name " BLOB NOT NULL,"
	PROFILE_TEXTS(X)
#undef X
#define X(part, name, ...) "  " #name " INTEGER NOT NULL,"
	PROFILE_NUMBERS(X)
#undef X
	/* clang-format on */
	"  charset BLOB NOT NULL" /* empty: that of meta */
	") STRICT;"
	/* The searched texts of a profile, as names_fold() makes them: a table of its own, since
	 * a search reads it from end to end. */
	"CREATE TABLE names ("
	"  uin INTEGER PRIMARY KEY,"
	"  letters INTEGER NOT NULL," /* names_letters() */
	"  nick BLOB NOT NULL, first BLOB NOT NULL, last BLOB NOT NULL, email BLOB NOT NULL"
	") STRICT;"
	"CREATE INDEX names_email ON names (email);"

	"CREATE TABLE registration (" /* the repeat keys */
	"  ip BLOB NOT NULL, port INTEGER NOT NULL,"
	"  seq INTEGER NOT NULL, tag INTEGER NOT NULL,"
	"  uin INTEGER NOT NULL,"
	"  until_s INTEGER NOT NULL,"
	"  PRIMARY KEY (ip, port, seq, tag)"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX registration_until ON registration (until_s);"

	"CREATE TABLE invite ("
	"  code TEXT PRIMARY KEY,"
	"  used INTEGER NOT NULL DEFAULT 0"
	") STRICT, WITHOUT ROWID;"

	"CREATE TABLE session ("
	"  uin INTEGER PRIMARY KEY,"
	"  epoch INTEGER NOT NULL,"
	"  ip BLOB NOT NULL, port INTEGER NOT NULL, door INTEGER NOT NULL,"
	"  tcp_port INTEGER NOT NULL, tcp_ip INTEGER NOT NULL," /* what the login said */
	"  tcp_version INTEGER NOT NULL, mode INTEGER NOT NULL, version INTEGER NOT NULL,"
	"  login_seq INTEGER NOT NULL, login_packet INTEGER NOT NULL,"
	"  began_s INTEGER NOT NULL,"
	"  status INTEGER NOT NULL,"
	"  reserved_n INTEGER NOT NULL,"	  /* server SEQs below are the session's */
	"  verified INTEGER NOT NULL DEFAULT 0,"  /* 005A was acknowledged */
	"  wants_ids INTEGER NOT NULL DEFAULT 0," /* B_MESSAGE_IDS was said */
	"  old INTEGER NOT NULL DEFAULT 0,"
	"  read_g INTEGER NOT NULL DEFAULT 0,"
	/* UINs as in JOB_SESSION_LIST. In this row, since all are read and end together. */
	"  list0 BLOB NOT NULL DEFAULT x'', list1 BLOB NOT NULL DEFAULT x'',"
	"  list2 BLOB NOT NULL DEFAULT x''"
	") STRICT;"

	"CREATE TABLE message ("
	"  g INTEGER PRIMARY KEY,"
	"  receiver INTEGER NOT NULL, sender INTEGER NOT NULL,"
	"  type INTEGER NOT NULL,"
	"  accepted_s INTEGER NOT NULL,"
	"  epoch INTEGER NOT NULL DEFAULT 0," /* struct flight in rules.h */
	"  n INTEGER NOT NULL DEFAULT 0, part INTEGER NOT NULL DEFAULT 0,"
	"  old INTEGER NOT NULL DEFAULT 0,"
	"  text BLOB NOT NULL"
	") STRICT;"
	"CREATE INDEX message_receiver ON message (receiver);"

	/* What waits, from whom. Kept by the triggers, so that it always equals the rows. */
	"CREATE TABLE mailbox ("
	"  receiver INTEGER NOT NULL, sender INTEGER NOT NULL,"
	"  messages INTEGER NOT NULL, bytes INTEGER NOT NULL,"
	"  PRIMARY KEY (receiver, sender)"
	") STRICT, WITHOUT ROWID;"
	"CREATE TRIGGER message_in AFTER INSERT ON message BEGIN"
	"  INSERT INTO mailbox VALUES (new.receiver, new.sender, 1, length(new.text))"
	"    ON CONFLICT (receiver, sender)"
	"    DO UPDATE SET messages = messages + 1, bytes = bytes + excluded.bytes;"
	"END;"
	"CREATE TRIGGER message_out AFTER DELETE ON message BEGIN"
	"  UPDATE mailbox SET messages = messages - 1, bytes = bytes - length(old.text)"
	"    WHERE receiver = old.receiver AND sender = old.sender;"
	"  DELETE FROM mailbox"
	"    WHERE receiver = old.receiver AND sender = old.sender AND messages = 0;"
	"END;"

	"CREATE TABLE message_key (" /* see message_key() in rules.h */
	"  sender INTEGER NOT NULL, epoch INTEGER NOT NULL, id INTEGER NOT NULL,"
	"  until_s INTEGER NOT NULL,"
	"  PRIMARY KEY (sender, epoch, id)"
	") STRICT, WITHOUT ROWID;"
	"CREATE INDEX message_key_until ON message_key (until_s);"

	"CREATE TRIGGER account_out AFTER DELETE ON account BEGIN"
	"  INSERT INTO retired VALUES (old.uin);"
	"  DELETE FROM profile WHERE uin = old.uin;"
	"  DELETE FROM names WHERE uin = old.uin;"
	"  DELETE FROM registration WHERE uin = old.uin;"
	"  DELETE FROM session WHERE uin = old.uin;"
	"  DELETE FROM message WHERE receiver = old.uin;"
	"  DELETE FROM message_key WHERE sender = old.uin;"
	"END;",
};

const struct schema store_schema = { sizeof(steps) / sizeof(steps[0]), steps, APPLICATION_ID };
