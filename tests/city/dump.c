/* SPDX-License-Identifier: Apache-2.0
 *
 * dump.c - makes the cities of fixture.h's texts on standard input, one after
 * the other, and writes them out for twin.py: everybody, or (with "brief") only
 * the fits and how long it took. A second argument is the number of threads. */
#include <inttypes.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "city/inside.h"
#include "fixture.h"

static void
print_words(const char *name, const uint32_t *words, uint32_t count)
{
    printf("%s", name);
    for (uint32_t row = 0; row < count; row++) {
        printf(" %" PRIu32, words[row]);
    }
    printf("\n");
}

static void
print_people(const stn_study *study, const stn_city *city)
{
    const stn_world *world = &study->world;

    for (int32_t p = 0; p < world->population_count; p++) {
        print_words("cells", stn_city_cells(city, p), stn_city_size(city, p));
        printf("ages");
        for (uint32_t row = 0; stn_city_ages(city, p) != NULL && row < stn_city_size(city, p); row++) {
            printf(" %d", stn_city_ages(city, p)[row]);
        }
        printf("\n");
    }
    print_words("households", stn_city_households(city),
        stn_city_households(city) == NULL ? 0 : stn_city_size(city, world->household.of));
    print_words("representatives", stn_city_representatives(city),
        stn_city_representatives(city) == NULL ? 0 : stn_city_size(city, world->representative.of));
}

static int
dump(int brief, int threads)
{
    stn__arena *arena = stn__arena_new();
    stn_city_options options = { .threads = threads };
    stn_city *city = NULL;
    stn_error err = { 0 };
    struct timespec start, end;
    struct rusage usage;
    stn_study *study = fixture_read(stdin, arena);
    int ret;

    clock_gettime(CLOCK_MONOTONIC, &start);
    ret = stn_city_new(study, &options, &city, &err);
    clock_gettime(CLOCK_MONOTONIC, &end);
    if (ret != 0) {
        printf("error %d %s\n", ret, err.text);
    } else {
        if (!brief) {
            print_people(study, city);
        }
        for (int32_t i = 0; i < stn_city_fit_count(city); i++) {
            const stn_fit *fit = stn_city_fit(city, i);
            printf("fit %s|%s|%s|%d|%.3f|%s|%d\n", fit->population, fit->table, fit->rule, (int) fit->cells, fit->worst,
                fit->worst_cell, fit->ok);
        }
        printf("digest %" PRIu64 " %" PRIu32 " %" PRIu32 "\n", stn_city_digest(city),
            stn_city_family_household_count(city), stn_city_household_count(city));
    }
    if (brief) {
        getrusage(RUSAGE_SELF, &usage);
        printf("seconds %.3f peak_mib %ld\n",
            (double) (end.tv_sec - start.tv_sec) + (double) (end.tv_nsec - start.tv_nsec) * 1e-9, usage.ru_maxrss / 1024);
    }
    printf("end\n");
    stn_city_free(city);
    stn__arena_free(arena);
    return 0;
}

int
main(int argc, char **argv)
{
    int brief = argc > 1 && strcmp(argv[1], "brief") == 0, threads = argc > 2 ? atoi(argv[2]) : 2, cities;

    if (scanf("%d", &cities) != 1) {
        return 2;
    }
    for (int city = 0; city < cities; city++) {
        dump(brief, threads);
    }
    return 0;
}
