/* SPDX-License-Identifier: MIT */
#include "harness.h"

#include "base/uintab.h"

TEST(unset_uins_have_no_value)
{
	struct uintab *t = uintab_new();

	assert_non_null(t);
	assert_int_equal(uintab_get(t, 0), 0);
	assert_int_equal(uintab_get(t, UINT32_MAX), 0);
	assert_int_equal(uintab_set(t, 1001, 0), 0);
	assert_int_equal(uintab_get(t, 1001), 0);
	uintab_free(&t);
	assert_null(t);
	uintab_free(&t);
}

TEST(every_uin_keeps_its_value)
{
	static const uint32_t uins[] = { 0, 1, 1001, 16383, 16384, 0x7fffffff, UINT32_MAX };
	struct uintab *t = uintab_new();

	assert_non_null(t);
	for (uint32_t i = 0; i < sizeof(uins) / sizeof(uins[0]); i++)
		assert_int_equal(uintab_set(t, uins[i], i + 1), 0);
	for (uint32_t i = 0; i < sizeof(uins) / sizeof(uins[0]); i++)
		assert_int_equal(uintab_get(t, uins[i]), i + 1);
	assert_int_equal(uintab_set(t, 1001, 0), 0);
	assert_int_equal(uintab_get(t, 1001), 0);
	assert_int_equal(uintab_get(t, 1002), 0);
	uintab_free(&t);
}
