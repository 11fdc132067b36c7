/* SPDX-License-Identifier: MIT */
#include "harness.h"

/* The arguments, if any, pick the cases whose name holds one of them. */
int main(int argc, char **argv)
{
	return harness_run(argv[0], argv + (argc > 0));
}
