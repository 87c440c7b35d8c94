/* SPDX-License-Identifier: Apache-2.0
 *
 * harness.h - cmocka with the headers that it wants before it. */
#ifndef STN_TESTS_HARNESS_H
#define STN_TESTS_HARNESS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
