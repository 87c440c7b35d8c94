/* SPDX-License-Identifier: Apache-2.0
 *
 * outsider.c - a program that uses the installed library, with nothing of the
 * source tree. Its argument is the version that pkg-config gave. */
#include <standing/standing.h>
#include <stdio.h>
#include <string.h>

int
main(int count, char **arguments)
{
    stn_report *report = stn_report_new();
    stn_study *study = NULL;
    stn_error err = { 0 };
    int ret;

    if (count != 2 || strcmp(arguments[1], STN_VERSION) != 0 || strcmp(stn_version(), STN_VERSION) != 0) {
        fprintf(stderr, "versions differ: header %s, library %s\n", STN_VERSION, stn_version());
        return 1;
    }
    if (stn_results_epoch() != STN_RESULTS_EPOCH || report == NULL) {
        return 1;
    }
    ret = stn_study_load("there-is-no-such-study.yaml", NULL, &study, report, &err);
    if (ret == 0 || study != NULL) {
        fprintf(stderr, "a study that is not there was loaded\n");
        return 1;
    }
    stn_report_free(report);
    return 0;
}
