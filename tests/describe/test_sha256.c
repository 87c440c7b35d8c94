/* SPDX-License-Identifier: Apache-2.0
 *
 * test_sha256.c - the digest of files, against the examples of FIPS 180-4 and
 * what sha256sum prints. */
#include "harness.h"

#include <stdlib.h>
#include <string.h>

#include "base/sha256.h"

static void
test_examples(void **state)
{
    static const struct {
        const char *text, *digest;
    } examples[] = {
        { "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
        { "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
        { "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
    };
    char text[STN__SHA256_TEXT];

    (void) state;
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        stn__sha256(examples[i].text, strlen(examples[i].text), text);
        assert_string_equal(text, examples[i].digest);
    }
}

static void
test_million(void **state)
{
    enum { MILLION = 1000000 };
    char text[STN__SHA256_TEXT], *bytes = malloc(MILLION);

    (void) state;
    assert_non_null(bytes);
    memset(bytes, 'a', MILLION);
    stn__sha256(bytes, MILLION, text);
    free(bytes);
    assert_string_equal(text, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

int
main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_examples), cmocka_unit_test(test_million) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
