/* SPDX-License-Identifier: Apache-2.0
 *
 * lives_dump.c - makes the city of each study named and writes out all rows and
 * what becomes of each, for lives.py. With "brief" first: only how many are
 * born, die and so on, and how long it took. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "base/error.h"
#include "city/alike.h"
#include "city/lives.h"
#include "model/model.h"

static double
seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double) now.tv_sec + (double) now.tv_nsec * 1e-9;
}

static void
print_words(const char *name, const uint32_t *words, uint32_t count)
{
    printf("%s", name);
    for (uint32_t row = 0; words != NULL && row < count; row++) {
        printf(" %" PRIu32, words[row]);
    }
    printf("\n");
}

static void
print_lives(const stn_city *city, int32_t p)
{
    for (uint32_t row = 0; row < stn_city_rows(city, p); row++) {
        stn__life_event event = { STN__STAYS, stn_city_coming(city, p, row), stn_city_cells(city, p)[row] };
        printf("life %" PRIu32 " %" PRIu32 " %d", row, event.minute, stn__moved_in(city, p, row));
        do {
            event = stn__life_next(city, p, row, event.cell, event.minute);
            if (event.turn != STN__STAYS) {
                printf(" %d:%" PRIu32 ":%" PRIu32, (int) event.turn, event.minute, event.cell);
            }
        } while (event.turn == STN__AGES);
        printf("\n");
    }
}

static void
print_city(const stn_study *study, const stn_city *city)
{
    const stn_world *world = &study->world;

    for (int32_t p = 0; p < world->population_count; p++) {
        uint32_t rows = stn_city_rows(city, p);
        printf("population %" PRIu32 " %" PRIu32 "\n", stn_city_size(city, p), rows);
        print_words("cells", stn_city_cells(city, p), rows);
        printf("ages");
        for (uint32_t row = 0; stn_city_ages(city, p) != NULL && row < rows; row++) {
            printf(" %d", stn_city_ages(city, p)[row]);
        }
        printf("\n");
        print_lives(city, p);
    }
    print_words("households", stn_city_households(city),
        world->household.given ? stn_city_rows(city, world->household.of) : 0);
    print_words("representatives", stn_city_representatives(city),
        world->representative.given ? stn_city_rows(city, world->representative.of) : 0);
    printf("digest %" PRIu64 "\n", stn_city_digest(city));
}

static void
print_brief(const stn_city *city, double made)
{
    uint64_t counts[4] = { 0 }, moved = 0, born = 0;
    double start = seconds();
    struct rusage usage;

    for (uint32_t row = 0; row < stn_city_rows(city, 0); row++) {
        stn__life_event event = { STN__STAYS, stn_city_coming(city, 0, row), stn_city_cells(city, 0)[row] };
        moved += stn__moved_in(city, 0, row);
        born += row >= stn_city_size(city, 0) && !stn__moved_in(city, 0, row);
        do {
            event = stn__life_next(city, 0, row, event.cell, event.minute);
            counts[event.turn]++;
        } while (event.turn == STN__AGES);
    }
    getrusage(RUSAGE_SELF, &usage);
    printf("people %" PRIu32 " born %" PRIu64 " moved in %" PRIu64 " died %" PRIu64 " departed %" PRIu64 " aged %" PRIu64 "\n",
        stn_city_size(city, 0), born, moved, counts[STN__DIES], counts[STN__DEPARTS], counts[STN__AGES]);
    printf("digest %" PRIu64 " made in %.2f s, lived in %.2f s on one thread, %ld MiB\n", stn_city_digest(city), made,
        seconds() - start, usage.ru_maxrss / 1024);
}

static int
dump(const char *path, bool brief, int32_t threads)
{
    stn_city_options options = { .threads = threads };
    stn_report *report = stn_report_new();
    stn_study *study = NULL;
    stn_city *city = NULL;
    stn_error err = { 0 };
    double start;
    int ret = stn_study_load(path, NULL, &study, report, &err);

    start = seconds();
    if (ret == 0) {
        ret = stn_city_new(study, &options, &city, &err);
    }
    if (ret != 0) {
        printf("error %d %s\n", ret, err.text);
        for (int32_t i = 0; i < stn_report_count(report); i++) {
            fprintf(stderr, "%s\n", stn_report_text(report, i));
        }
    } else if (brief) {
        print_brief(city, seconds() - start);
    } else {
        print_city(study, city);
    }
    printf("end\n");
    stn_city_free(city);
    stn_study_free(study);
    stn_report_free(report);
    return 0;
}

int
main(int argc, char **argv)
{
    bool brief = argc > 1 && strcmp(argv[1], "brief") == 0;

    for (int path = brief ? 2 : 1; path < argc; path++) {
        dump(argv[path], brief, 1 + path % 3);
    }
    return 0;
}
