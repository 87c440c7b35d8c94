/* SPDX-License-Identifier: Apache-2.0
 *
 * sha256.h - the digest by which anybody can tell a file (FIPS 180-4): what
 * `sha256sum` prints. */
#ifndef STN_BASE_SHA256_H
#define STN_BASE_SHA256_H

#include <stddef.h>

enum { STN__SHA256_TEXT = 65 }; /* 64 hexadecimal digits and the end */

void stn__sha256(const void *bytes, size_t size, char text[STN__SHA256_TEXT]);

#endif
