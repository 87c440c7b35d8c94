/* SPDX-License-Identifier: Apache-2.0
 *
 * settings.c - numbers that stand in place of those of the files. */
#include "model/settings.h"

#include <string.h>

#include "model/yaml.h"

void
stn__settings_begin(stn__reader *reader, const stn_setting *settings, int32_t count)
{
    reader->settings = settings;
    reader->setting_count = count;
    reader->settings_used = stn__take(reader, (size_t) count, sizeof *reader->settings_used);
}

/* Whether `name` is one of those before the colon, with commas between. */
static bool
named(const char *names, size_t size, const char *name)
{
    size_t at = 0, wanted = strlen(name);

    while (at <= size) {
        const char *comma = memchr(names + at, ',', size - at);
        size_t length = comma == NULL ? size - at : (size_t) (comma - names) - at;
        if (length == wanted && memcmp(names + at, name, wanted) == 0) {
            return true;
        }
        at += length + 1;
    }
    return false;
}

/* How well a setting fits a number: 0 not at all, 1 by its key, 2 by its regime too. */
static int
fits(const stn__reader *reader, const stn_setting *setting, const char *key)
{
    size_t size = strlen(setting->key), tail = strlen(key), head;

    if (strcmp(setting->key, key) == 0) {
        return 1;
    }
    if (size <= tail || strcmp(setting->key + size - tail, key) != 0 || setting->key[size - tail - 1] != ':') {
        return 0;
    }
    head = size - tail - 1;
    return reader->regime != STN_NONE && reader->regime_name != NULL && named(setting->key, head, reader->regime_name) ? 2 : 0;
}

static void
note_place(stn__reader *reader, stn_place place, int32_t setting)
{
    reader->set_places = stn__grow(reader, reader->set_places, reader->set_place_count, &reader->set_place_room,
        sizeof *reader->set_places);
    reader->set_places[reader->set_place_count++] = (stn__set_place) { place, setting };
}

const stn__node *
stn__setting_node(stn__reader *reader, const char *key, const stn__node *node, const stn__node *whole)
{
    stn__node *set;
    int32_t best = STN_NONE;
    int how = 0;

    if (reader->setting_count == 0 || node == NULL) {
        return node;
    }
    reader->settable = stn__grow(reader, reader->settable, reader->settable_count, &reader->settable_room,
        sizeof *reader->settable);
    reader->settable[reader->settable_count++] = key;
    for (int32_t index = 0; index < reader->setting_count; index++) {
        int fit = fits(reader, &reader->settings[index], key);
        if (fit > how) {
            how = fit;
            best = index;
        }
        reader->settings_used[index] = reader->settings_used[index] || fit > 0;
    }
    if (best == STN_NONE || node->kind != STN__SCALAR) {
        return node;
    }
    set = stn__take(reader, 1, sizeof *set);
    *set = *node;
    set->text = stn__text(reader, reader->settings[best].value, strlen(reader->settings[best].value));
    set->exact = false;
    note_place(reader, node->place, best);
    if (whole != NULL) {
        note_place(reader, whole->place, best);
    }
    return set;
}

const stn_setting *
stn__setting_blamed(const stn__reader *reader, stn_place place)
{
    for (int32_t index = 0; index < reader->set_place_count; index++) {
        const stn__set_place *set = &reader->set_places[index];
        if (set->place.file == place.file && set->place.line == place.line && set->place.column == place.column) {
            return &reader->settings[set->setting];
        }
    }
    return NULL;
}

int
stn__settings_end(stn__reader *reader, stn_error *err)
{
    for (int32_t index = 0; index < reader->setting_count; index++) {
        const char *key = reader->settings[index].key, *colon = strrchr(key, ':');
        const char *number = colon == NULL ? key : colon + 1;
        if (reader->settings_used[index]) {
            continue;
        }
        for (int32_t known = 0; known < reader->settable_count; known++) {
            if (strcmp(reader->settable[known], number) == 0) {
                return stn__fail(err, STN_E_ARGUMENT, "cannot set %s: no regime named before the colon has that number",
                    stn__quote(reader, key));
            }
        }
        return stn__fail(err, STN_E_ARGUMENT, "cannot set %s: the files give no number of that key%s", stn__quote(reader, key),
            stn__suggest(reader, number, reader->settable, reader->settable_count));
    }
    return 0;
}
