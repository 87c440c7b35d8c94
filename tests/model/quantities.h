/* SPDX-License-Identifier: Apache-2.0
 *
 * quantities.h - what a file gave and what it left out, for the tests of this
 * folder, which include cmocka.h and model.h first. */
#ifndef TESTS_MODEL_QUANTITIES_H
#define TESTS_MODEL_QUANTITIES_H

/* Doubles are equal to the bit: the file says what they are. */
#define assert_same(found, want) assert_true((found) == (want))

static void
given(const stn_quantity *quantity, double value, const char *key, const char *text)
{
    assert_true(quantity->given);
    assert_same(quantity->value, value);
    assert_string_equal(quantity->key, key);
    assert_string_equal(quantity->text, text);
    assert_true(quantity->place.line > 0 && quantity->place.column > 0);
}

static void
left_out(const stn_quantity *quantity, double value)
{
    assert_false(quantity->given);
    assert_same(quantity->value, value);
    assert_null(quantity->text);
    assert_int_equal(quantity->cite_count, 0);
}

#endif
