/* SPDX-License-Identifier: MIT */
/*
 * Conversations of the engine with other clients as text, one step a line. The user is 20001,
 * online at 203.0.113.9, and takes connections at port 5601, those of chats and files at 8250.
 *
 *   licq is 8100000 at 198.51.100.149:25149 tcp 3   he is on the list, and the server says where
 *   licq connects from 198.51.100.149   over a stream of this name; one name, one stream
 *   licq joins from 198.51.100.149      the same, to where a chat or transfer is awaited
 *   we connect to licq                  the user's client has asked for that stream, and gets it
 *   licq > FF.03000000 *                a packet without its LENGTH, which is put before it
 *   licq raw 1A00.FF                    bytes as they stand
 *   licq < A0987B00 "text" .. FFFFFFFF  the next packet that was sent to it, likewise
 *   licq << 68.69.0D                    all bytes that were sent to it, as they stand
 *   licq quiet                          nothing more was sent to it
 *   licq closed                         the user's client has closed the stream
 *   licq hangs up
 *   user sends 8100000 text             a text of his, which goes directly; or: sends urgently
 *   user peeks 8100000                  at an away text
 *   user offers 8100000 a.txt 5 text    a file of 5 bytes
 *   user accepts 1                      a request; or: refuses 1 text, cancels 1
 *   user types 1 text                   a line in a chat
 *   user is away: back at ten           his status, and what contacts are told
 *   told <8100000 hello>                what the user was told since then (client/scene.h); told
 *                                       alone: nothing
 *   wait 9.5                            seconds
 *
 * Bytes: hex digits with dots anywhere; "text", a string with length and NUL; in what is expected
 * .. is any byte, and * at the end any rest.
 */
#ifndef TALK_H
#define TALK_H

/* At the end, nothing may have been sent that nobody expected. */
void talk_play(const char *steps);

#endif
