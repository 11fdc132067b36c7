/* SPDX-License-Identifier: MIT */
#include "harness.h"

#include "base/err.h"
#include "io/lock.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct place {
	char folder[64], file[80];
};

static struct place new_place(void)
{
	struct place p = { .folder = "/tmp/seekyou-lock-XXXXXX" };

	assert_non_null(mkdtemp(p.folder));
	snprintf(p.file, sizeof(p.file), "%s/lock", p.folder);
	return p;
}

static void remove_place(const struct place *p)
{
	unlink(p->file);
	assert_int_equal(rmdir(p->folder), 0);
}

/* What another process is told that wants the same lock. */
static int taken_by_child(const char *file, pid_t expected_holder)
{
	pid_t child = fork(), holder;
	int fd, status, err;

	if (child == 0) {
		err = lock_take(file, &fd, &holder);
		_exit(holder == expected_holder ? -err : 255);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return -WEXITSTATUS(status);
}

TEST(second_process_is_refused_and_told_who)
{
	struct place p = new_place();
	pid_t holder;
	int fd;

	assert_int_equal(lock_take(p.file, &fd, &holder), 0);
	assert_int_equal(taken_by_child(p.file, getpid()), -ICQ_EBUSY);
	close(fd);
	assert_int_equal(taken_by_child(p.file, 0), 0);
	/* The child's end has freed it. */
	assert_int_equal(lock_take(p.file, &fd, &holder), 0);
	close(fd);
	remove_place(&p);
}

TEST(lock_file_is_for_its_owner_only)
{
	struct place p = new_place();
	struct stat st;
	pid_t holder;
	int fd;

	umask(0);
	assert_int_equal(lock_take(p.file, &fd, &holder), 0);
	assert_int_equal(stat(p.file, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	close(fd);
	remove_place(&p);
}

TEST(missing_folder_and_symbolic_link_are_errors)
{
	struct place p = new_place();
	pid_t holder;
	int fd;

	assert_int_equal(lock_take("/nonexistent/lock", &fd, &holder), -ICQ_ENOENT);
	assert_int_equal(symlink("elsewhere", p.file), 0);
	assert_int_equal(lock_take(p.file, &fd, &holder), -ICQ_EIO);
	remove_place(&p);
}
