/* SPDX-License-Identifier: Apache-2.0
 *
 * fixture.h - a study and its city, for the tests of this folder, which include
 * cmocka.h and standing.h first. */
#ifndef TESTS_ENGINE_FIXTURE_H
#define TESTS_ENGINE_FIXTURE_H

typedef struct fixture {
    stn_study *study;
    stn_city *city;
} fixture;

static fixture
fixture_new(const char *path)
{
    fixture f = { 0 };
    stn_report *report = stn_report_new();
    stn_error err = { 0 };
    int ret = stn_study_load(path, NULL, &f.study, report, &err);

    if (ret != 0) {
        for (int32_t i = 0; i < stn_report_count(report); i++) {
            print_error("%s\n", stn_report_text(report, i));
        }
        fail_msg("%s: %s", path, err.text);
    }
    stn_report_free(report);
    assert_int_equal(0, stn_city_new(f.study, NULL, &f.city, &err));
    return f;
}

static void
fixture_free(fixture *f)
{
    stn_city_free(f->city);
    stn_study_free(f->study);
}

#endif
