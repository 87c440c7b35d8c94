/* SPDX-License-Identifier: Apache-2.0
 *
 * wrong.c - never compiled: a lower layer that includes a higher one, for the
 * test that the check of layers finds it. */
#include "engine/engine.h"
