/* SPDX-License-Identifier: MIT */
/* Runs a fuzz target once on every file of a corpus: replay FOLDER. */
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>

#define INPUT_MAX (1u << 20)

static void replay(const char *folder, const char *name)
{
	char path[4096];
	uint8_t *input = malloc(INPUT_MAX);

	must(input);
	snprintf(path, sizeof(path), "%s/%s", folder, name);

	FILE *file = fopen(path, "rb");

	must(file);

	size_t size = fread(input, 1, INPUT_MAX, file);

	fclose(file);
	printf("%s\n", name);
	fflush(stdout); /* so that the last name is the one that failed */

	/* A block of the very size lets the sanitizers see a read behind the end. */
	uint8_t *exact = realloc(input, size ? size : 1);

	must(exact);
	LLVMFuzzerTestOneInput(exact, size);
	free(exact);
}

int main(int argc, char **argv)
{
	DIR *folder = argc == 2 ? opendir(argv[1]) : NULL;
	size_t count = 0;

	if (!folder) {
		fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
		return EXIT_FAILURE;
	}
	for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
		if (entry->d_name[0] == '.')
			continue;
		replay(argv[1], entry->d_name);
		count++;
	}
	closedir(folder);
	printf("%zu inputs\n", count);
	return count ? EXIT_SUCCESS : EXIT_FAILURE;
}
