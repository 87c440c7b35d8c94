/* SPDX-License-Identifier: Apache-2.0
 *
 * test_limits.c - files made to hurt: empty, huge, noise, bombs, links. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include <standing/study.h>

static void
write_file(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

/* Checks a file that must fail; the first message must be `want`, or begin
 * with it if it ends in "...". Takes less than `seconds`. */
static void
refused(const char *path, const char *want, int code, double seconds)
{
    stn_report *report = stn_report_new();
    stn_error err = { 0, "" };
    const char *kind, *got;
    clock_t start = clock();

    assert_non_null(report);
    assert_int_equal(stn_check(path, NULL, &kind, report, &err), code);
    assert_int_equal(err.code, code);
    assert_true((double) (clock() - start) / CLOCKS_PER_SEC < seconds);
    got = code == STN_E_INPUT ? stn_report_text(report, 0) : err.text;
    if (strlen(want) > 3 && strcmp(want + strlen(want) - 3, "...") == 0) {
        if (strncmp(got, want, strlen(want) - 3) != 0) {
            fail_msg("found \"%s\", expected \"%s\"", got, want);
        }
    } else {
        assert_string_equal(got, want);
    }
    stn_report_free(report);
}

static void
test_empty(void **state)
{
    (void) state;
    write_file("empty.yaml", "", 0);
    refused("empty.yaml", "empty.yaml:1:1: found an empty file", STN_E_INPUT, 1);
    write_file("comment.yaml", "# nothing\n", 10);
    refused("comment.yaml", "comment.yaml:1:1: found an empty file", STN_E_INPUT, 1);
    write_file("null.yaml", "~\n", 2);
    refused("null.yaml", "null.yaml:1:1: found nothing, expected a mapping with the key \"standing\"", STN_E_INPUT, 1);
}

static void
test_not_files(void **state)
{
    (void) state;
    refused("nowhere.yaml", "cannot read \"nowhere.yaml\": No such file or directory", STN_E_IO, 1);
    assert_int_equal(mkdir("folder.yaml", 0700), 0);
    refused("folder.yaml", "cannot read \"folder.yaml/world.yaml\": No such file or directory", STN_E_IO, 1);
    assert_int_equal(symlink("loop.yaml", "loop.yaml"), 0);
    refused("loop.yaml", "cannot read \"loop.yaml\": Too many levels of symbolic links", STN_E_IO, 1);
    assert_int_equal(mkfifo("pipe.yaml", 0600), 0);
    refused("pipe.yaml", "pipe.yaml: \"pipe.yaml\" is not an ordinary file", STN_E_INPUT, 1);
    refused("/dev/zero", "/dev/zero: \"/dev/zero\" is not an ordinary file", STN_E_INPUT, 1);
}

static void
test_huge(void **state)
{
    (void) state;
    write_file("huge.yaml", "standing: world/1\n", 18);
    assert_int_equal(truncate("huge.yaml", 100 << 20), 0);
    refused("huge.yaml", "huge.yaml: \"huge.yaml\" is too large: found 104857600 bytes, expected at most 16777216", STN_E_INPUT, 1);
}

static void
test_noise(void **state)
{
    unsigned char noise[4096];
    uint32_t word = 1;

    (void) state;
    for (size_t index = 0; index < sizeof noise; index++) {
        word = word * 1664525u + 1013904223u;
        noise[index] = (unsigned char) (word >> 24);
    }
    for (size_t start = 0; start < sizeof noise - 64; start += 64) {
        write_file("noise.yaml", noise + start, 64);
        refused("noise.yaml", "noise.yaml:...", STN_E_INPUT, 1);
    }
    write_file("nul.yaml", "standing: wor\0ld/1\n", 19);
    refused("nul.yaml", "nul.yaml:1:14: found the control character U+0000, expected text", STN_E_INPUT, 1);
    write_file("escaped.yaml", "standing: \"wor\\0ld/1\"\n", 22);
    refused("escaped.yaml", "escaped.yaml:1:11: found a text with a NUL character, which may not be used", STN_E_INPUT, 1);
    write_file("utf16.yaml", "\xff\xfes\0t\0", 6);
    refused("utf16.yaml", "utf16.yaml:1:1: found the byte 0xff, expected text in UTF-8", STN_E_INPUT, 1);
    write_file("long.yaml", "a: \xed\xa0\x80\n", 7);
    refused("long.yaml", "long.yaml:1:4: found the byte 0xed, expected text in UTF-8", STN_E_INPUT, 1);
}

static void
test_bombs(void **state)
{
    enum { SIZE = 8 << 20 };
    char *text = malloc(SIZE + 64);
    size_t size = 0;

    (void) state;
    assert_non_null(text);
    size += (size_t) sprintf(text, "a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for (int level = 1; level < 20; level++) {
        size += (size_t) sprintf(text + size, "a%d: &a%d [", level, level);
        for (int item = 0; item < 9; item++) {
            size += (size_t) sprintf(text + size, "*a%d,", level - 1);
        }
        size += (size_t) sprintf(text + size, "]\n");
    }
    write_file("bomb.yaml", text, size);
    refused("bomb.yaml", "bomb.yaml:7:...", STN_E_INPUT, 2);

    memset(text, '[', SIZE);
    write_file("deep.yaml", text, SIZE);
    refused("deep.yaml", "deep.yaml:1:65: found more than 64 levels of nesting, aliases written out", STN_E_INPUT, 5);

    size = (size_t) sprintf(text, "a0: &a0 {x: 1}\n");
    for (int level = 1; level < 80; level++) {
        size += (size_t) sprintf(text + size, "a%d: &a%d {x: *a%d}\n", level, level, level - 1);
    }
    write_file("chain.yaml", text, size);
    refused("chain.yaml", "chain.yaml:64:...", STN_E_INPUT, 2);

    memcpy(text, "a: [", 4);
    for (size = 4; size < SIZE - 2; size += 2) {
        memcpy(text + size, "x,", 2);
    }
    write_file("wide.yaml", text, size);
    refused("wide.yaml", "wide.yaml:1:1999999: found more than 1000000 values, aliases written out", STN_E_INPUT, 20);

    size = 0;
    for (int number = 0; number < 200000; number++) {
        size += (size_t) sprintf(text + size, "key%d: 1\n", number);
    }
    write_file("keys.yaml", text, size);
    refused("keys.yaml", "keys.yaml:1:1: missing key \"standing\", expected world/1, regime/1 or study/1", STN_E_INPUT, 10);
    memcpy(text, "standing: world/1\nbehaviours: {a: &a {x: 1}}\n#", 45);
    for (size = 44; size < 100000; size += 0) {
        size += (size_t) sprintf(text + size, "\nd%zu: *a", size);
    }
    write_file("unknown.yaml", text, size);
    refused("unknown.yaml", "unknown.yaml:1:1: missing key \"title\"", STN_E_INPUT, 5);
    free(text);
}

static void
test_tables(void **state)
{
    const char *world = "standing: world/1\ntitle: x\npopulations: {a: {size: 1, attributes: {b: {table: t.csv}}}}\n";

    (void) state;
    write_file("w.yaml", world, strlen(world));
    write_file("t.csv", "b,count\n", 8);
    assert_int_equal(truncate("t.csv", 300 << 20), 0);
    refused("w.yaml", "w.yaml:3:52: \"t.csv\" is too large: found 314572800 bytes, expected at most 268435456", STN_E_INPUT, 1);
    write_file("t.csv", "b,count\nx,1\0,\n", 14);
    refused("w.yaml", "t.csv:2:4: found the control character U+0000, expected text", STN_E_INPUT, 1);
}

static char made[] = "/tmp/standing-limits-XXXXXX";

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_empty), cmocka_unit_test(test_not_files), cmocka_unit_test(test_huge),
        cmocka_unit_test(test_noise), cmocka_unit_test(test_bombs), cmocka_unit_test(test_tables),
    };
    int failures;
    char command[128];

    if (mkdtemp(made) == NULL || chdir(made) != 0) {
        return 1;
    }
    failures = cmocka_run_group_tests(tests, NULL, NULL);
    snprintf(command, sizeof command, "rm -r %s", made);
    return system(command) != 0 || failures != 0;
}
