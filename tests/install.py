#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Installs the build into an empty folder and uses the libraries as a stranger would.

Usage: install.py BUILD_FOLDER
"""

import os
import pathlib
import subprocess
import sys
import tempfile

import tap

BUILD = sys.argv[1]
PROGRAMS = {
    "libicqwire": """
        #include <stdio.h>
        #include <wire/icqwire.h>
        int main(void)
        {
                struct icq_head head = { .version = 2, .seq = 1, .uin = 10001 };
                union icq_msg msg;
                enum icq_id id;
                char packet[64];
                int n;

                icq_preset(M_c_status, &msg);
                n = icq_pack(M_c_status, &head, &msg, packet, sizeof(packet));
                return puts(icq_err_text(icq_unpack(ICQ_CLIENT, packet, (size_t)n, &head, &id,
                                                    &msg))) < 0;
        }
    """,
    "libicqclient": """
        #include <stdio.h>
        #include <client/client.h>
        #include <string.h>
        static unsigned sent;
        static void on_send(void *ctx, const struct addr *to, const void *p, size_t n)
        {
                (void)ctx, (void)to, (void)p, sent += n > 0;
        }
        static int on_submit(void *ctx, const struct history_job *job)
        {
                (void)ctx;
                return history_job_size(job) > 0 ? 0 : -ICQ_EFULL;
        }
        static void on_random(void *ctx, void *p, size_t n) { (void)ctx, memset(p, 1, n); }
        static void on_log(void *ctx, const struct log_event *ev) { (void)ctx, (void)ev; }
        static void on_event(void *ctx, const struct icq_client_event *ev) { (void)ctx, (void)ev; }
        int main(void)
        {
                const struct now now = { .mono_ms = 1000, .unix_s = 1735689600 };
                const struct icq_client_env env = { .send = on_send, .submit = on_submit,
                                                    .random = on_random, .log = on_log,
                                                    .event = on_event };
                struct icq_client_conf conf = { .charset = codepage_find("cp1251") };
                struct icq_client *client;

                addr_parse("192.0.2.1:4000", &conf.server);
                client = icq_client_new(&conf, &env);
                icq_client_login(client, now, 1, 10001, icq_str_of("secret"), ICQ_STATUS_online);
                icq_client_tick(client, now);
                icq_client_free(&client);
                return sent != 1 || puts(icq_err_text(0)) < 0;
        }
    """,
}


def told(command, **more):
    return subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, **more).stdout


def use(library, folder):
    told(["meson", "install", "-C", BUILD, "--no-rebuild", "--destdir", folder])
    pc = next(pathlib.Path(folder).rglob(f"{library}.pc"))
    env = {**os.environ, "PKG_CONFIG_PATH": str(pc.parent), "PKG_CONFIG_SYSROOT_DIR": folder,
           "LD_LIBRARY_PATH": str(pc.parent.parent)}
    flags = told(["pkg-config", "--cflags", "--libs", library], env=env).split()
    source = pathlib.Path(folder, "stranger.c")
    source.write_text(PROGRAMS[library], encoding="utf-8")
    told(["cc", "-Wall", "-Werror", "-o", f"{folder}/stranger", source, *flags])
    return told([f"{folder}/stranger"], env=env)


def works(library):
    def case():
        with tempfile.TemporaryDirectory() as folder:
            try:
                answer = use(library, folder)
            except subprocess.CalledProcessError as error:
                return [str(error), *error.stdout.splitlines()]
        return [] if answer == "success\n" else [f"unexpected: {answer}"]

    return case


tap.run([(f"{library}_serves_strangers", works(library)) for library in PROGRAMS])
