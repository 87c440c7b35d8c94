/* SPDX-License-Identifier: Apache-2.0
 *
 * read.c - the reader: loads a study and all that it names, or checks a file. */
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include <standing/study.h>

#include "model/decode.h"
#include "model/parts.h"
#include "model/settings.h"

enum { EXTENDS_MAX = 64, REGIMES_MAX = 1000, REGIME_DROPPED = -2 };

static const stn_place NOWHERE = { STN_NONE, 0, 0 };

typedef struct job {
    /* What is asked. */
    const char *path, *world;
    const stn_study_options *options;
    bool load;
    /* What comes of it. */
    stn_study *study;         /* in the reader's arena */
    const char *kind;
    stn_error *err;
    int code;                 /* a failure other than mistakes in files */
} job;

static const char *const kinds[] = { "world", "regime", "study" };
static const char *const versions[] = { "world/1", "regime/1", "study/1" };
enum { KINDS = 3, VERSION = 1 };

/* Tells the kind of a file from its `standing` key; NULL after a mistake. */
static const char *
file_kind(stn__reader *reader, const stn__node *tree)
{
    const char *expected = "world/1, regime/1 or study/1", *text;
    const stn__node *standing;

    if (!stn__expect(reader, tree, STN__MAPPING, "a mapping with the key \"standing\"")) {
        return NULL;
    }
    standing = stn__yaml_child(tree, "standing");
    if (standing == NULL) {
        stn__mistake(reader, tree->place, "missing key \"standing\", expected %s", expected);
        return NULL;
    }
    text = stn__scalar(reader, standing, expected);
    for (int32_t kind = 0; kind < KINDS && text != NULL; kind++) {
        size_t size = strlen(kinds[kind]), digits;
        if (strcmp(text, versions[kind]) == 0) {
            return kinds[kind];
        }
        digits = strncmp(text, kinds[kind], size) == 0 && text[size] == '/' ? strspn(text + size + 1, "0123456789") : 0;
        if (digits > 0 && text[size + 1 + digits] == 0) {
            bool older = strspn(text + size + 1, "0") == digits;
            stn__mistake(reader, standing->place, "found %s, which is from %s Standing, expected %s", stn__quote(reader, text),
                older ? "no known" : "a newer", versions[kind]);
            return NULL;
        }
    }
    if (text != NULL) {
        stn__mistake(reader, standing->place, "found %s, expected %s%s", stn__quote(reader, text), expected,
            stn__suggest(reader, text, versions, KINDS));
    }
    return NULL;
}

/* The tree of a file that must be of a kind. */
static const stn__node *
tree_of_kind(stn__reader *reader, int32_t file, const char *kind)
{
    const stn__node *tree = file == STN_NONE ? NULL : stn__yaml_tree(reader, file);
    const char *found = tree == NULL ? NULL : file_kind(reader, tree);

    if (found == NULL) {
        return NULL;
    }
    if (strcmp(found, kind) != 0) {
        stn__mistake(reader, stn__yaml_child(tree, "standing")->place, "found a %s, expected a %s", found, kind);
        return NULL;
    }
    return tree;
}

static void
tell_extends_cycle(stn__reader *reader, const int32_t *chain, int32_t depth, int32_t file, stn_place named)
{
    const char *steps = reader->loaded[file].shown;
    int32_t at = 0;

    while (chain[at] != file) {
        at++;
    }
    for (at++; at < depth; at++) {
        steps = stn__print(reader, "%s -> %s", steps, reader->loaded[chain[at]].shown);
    }
    stn__mistake(reader, named, "extends leads back to the same file: %s -> %s", steps, reader->loaded[file].shown);
}

/* A regime's tree with all that it extends laid below it. */
static const stn__node *
regime_tree(stn__reader *reader, int32_t file, int32_t *chain, int32_t depth)
{
    const stn__node *tree = tree_of_kind(reader, file, "regime"), *extends, *base;
    const char *name, *path;
    int32_t other;

    chain[depth++] = file;
    extends = tree == NULL ? NULL : stn__yaml_child(tree, "extends");
    if (extends == NULL || stn__yaml_is_null(extends)) {
        return tree == NULL ? NULL : stn__yaml_prune(reader, tree);
    }
    name = stn__scalar(reader, extends, "a regime's path or name");
    path = name == NULL ? NULL : stn__path_regime(reader, name, extends->place);
    other = path == NULL ? STN_NONE : stn__file_read(reader, path, "regime", STN__YAML_BYTES_MAX, extends->place);
    if (other == STN_NONE) {
        return NULL;
    }
    for (int32_t index = 0; index < depth; index++) {
        if (chain[index] == other) {
            tell_extends_cycle(reader, chain, depth, other, extends->place);
            return NULL;
        }
    }
    if (depth == EXTENDS_MAX) {
        stn__mistake(reader, extends->place, "found more than %d regimes that extend each other", EXTENDS_MAX);
        return NULL;
    }
    base = regime_tree(reader, other, chain, depth);
    return base == NULL ? NULL : stn__yaml_prune(reader, stn__yaml_merge(reader, base, tree));
}

/* Reads a regime whose file is read; false if there is nothing to read. */
static bool
read_regime(stn__reader *reader, int32_t file, int32_t number, const stn_world *world, stn_regime *out)
{
    int32_t chain[EXTENDS_MAX];
    const stn__node *tree = regime_tree(reader, file, chain, 0);

    if (tree == NULL) {
        return false;
    }
    reader->regime = number;
    stn__regime_read(reader, tree, world, out);
    out->file = file;
    return true;
}

/* Reads a world; false if what it declares is not known. */
static bool
read_world(stn__reader *reader, int32_t file, stn_world *out)
{
    const stn__node *tree = tree_of_kind(reader, file, "world");

    if (tree == NULL) {
        return false;
    }
    stn__world_read(reader, tree, out);
    return out->population_count > 0;
}

/* A whole number of up to 64 bits, without sign. */
static bool
whole(const char *text, uint64_t max, uint64_t *value)
{
    *value = 0;
    for (const char *byte = text; *byte != 0; byte++) {
        uint64_t digit = (uint64_t) (*byte - '0');
        if (*byte < '0' || *byte > '9' || *value > (max - digit) / 10) {
            return false;
        }
        *value = *value * 10 + digit;
    }
    return text[0] != 0 && (text[0] != '0' || text[1] == 0);
}

static void
read_seed(stn__reader *reader, const stn__node *node, stn_study *study)
{
    const char *text = stn__scalar(reader, node, "a whole number from 0 to 9223372036854775807");

    study->seed = 1;
    if (text != NULL && !whole(text, INT64_MAX, &study->seed)) {
        stn__mistake(reader, node->place, "found %s, expected a whole number from 0 to 9223372036854775807", stn__quote(reader, text));
    }
}

static uint32_t
minutes_of_years(double years)
{
    return (uint32_t) (years * STN_MINUTES_PER_YEAR + 0.5);
}

/* The numbers of a study: how long, how large, from what seed. */
static void
read_numbers(stn__reader *reader, const stn__node *tree, stn_study *study)
{
    const stn__node *years = stn__yaml_child(tree, "years"), *scale = stn__yaml_child(tree, "scale"),
                    *window = stn__yaml_child(tree, "window"), *replicates = stn__yaml_child(tree, "replicates");
    double count = 1;
    stn_quantity *period = stn__take(reader, 1, sizeof *period);
    int32_t quantities = reader->quantity_count;

    study->scale = 1;
    if (years != NULL && stn__plain_number(reader, years, STN__YEARS, &study->years) && minutes_of_years(study->years) == 0) {
        stn__mistake(reader, years->place, "found %s years, expected at least one minute", stn__quote(reader, years->text));
    }
    if (scale != NULL) {
        (void) stn__plain_number(reader, scale, STN__SCALE, &study->scale);
    }
    if (replicates != NULL) {
        (void) stn__plain_number(reader, replicates, STN__REPLICATES, &count);
    }
    study->replicates = (int32_t) count;
    stn__quantity(reader, stn__shape_field(&stn__shape_study, "window"), window, "window", NULL, period, NULL);
    reader->quantity_count = quantities; /* a choice of the study, no evidence of the model */
    if (period->text != NULL && (period->value < 60 || period->value > STN_MINUTES_PER_YEAR)) {
        stn__mistake(reader, window->place, "found a window of %s, expected 1 hour to 1 year", stn__quote(reader, period->text));
    }
    study->window = (uint32_t) period->value;
    read_seed(reader, stn__yaml_child(tree, "seed"), study);
}

static void
read_by(stn__reader *reader, const stn__node *node, bool known, stn_study *study)
{
    const stn__node *const *items, *one;
    stn__names attributes = { NULL, 0, 0 }, by = { NULL, 0, 0 };
    int32_t count;

    for (int32_t number = 0; number < study->world.population_count; number++) {
        const stn_population *population = &study->world.populations[number];
        for (int32_t attribute = 0; attribute < population->attribute_count; attribute++) {
            stn__names_add(reader, &attributes, population->attributes[attribute].name);
        }
    }
    stn__one_or_many(node, &items, &count, &one);
    for (int32_t item = 0; item < count; item++) {
        const char *name = stn__scalar(reader, items[item], "the name of an attribute");
        if (name == NULL || (known && stn__ref(reader, items[item], "attribute", &attributes) == STN_NONE)) {
            continue;
        }
        if (stn__names_find(&by, name) != STN_NONE) {
            stn__mistake(reader, items[item]->place, "duplicate attribute %s", stn__quote(reader, name));
        } else {
            stn__names_add(reader, &by, name);
        }
    }
    study->by = by.names;
    study->by_count = by.count;
}

/* The place of a regime among those to keep, or REGIME_DROPPED. */
static int32_t
place_kept(const stn_study_options *options, const char *name, int32_t number)
{
    if (options == NULL || options->regimes == NULL) {
        return number;
    }
    for (int32_t kept = 0; kept < options->regime_count; kept++) {
        if (strcmp(options->regimes[kept], name) == 0) {
            return kept;
        }
    }
    return REGIME_DROPPED;
}

/* Reads all regimes; those that are kept go to their places. */
static void
read_regimes(stn__reader *reader, job *j, const stn__node *node, const stn_world *world)
{
    const stn_study_options *options = j->options;
    bool chosen = options != NULL && options->regimes != NULL;
    const stn__node *const *items, *one;
    stn__names names = { NULL, 0, 0 };
    stn_regime *regimes, unused;
    int32_t count;

    stn__one_or_many(node, &items, &count, &one);
    if (node != NULL && (count == 0 || count > REGIMES_MAX)) {
        stn__mistake(reader, node->place, "found a list of %d, expected 1 to %d regimes", (int) count, REGIMES_MAX);
        count = 0;
    }
    j->study->regime_count = chosen ? options->regime_count : count;
    regimes = stn__take(reader, (size_t) j->study->regime_count + (size_t) count, sizeof *regimes);
    for (int32_t item = 0; item < count; item++) {
        const char *value = stn__scalar(reader, items[item], "a regime's path or name");
        const char *path = value == NULL ? NULL : stn__path_regime(reader, value, items[item]->place);
        int32_t file = path == NULL ? STN_NONE : stn__file_read(reader, path, "regime", STN__YAML_BYTES_MAX, items[item]->place);
        const char *name = path == NULL ? "" : stn__path_stem(reader, path);
        int32_t kept = place_kept(options, name, item);
        stn_regime *out = kept == REGIME_DROPPED ? &unused : &regimes[kept];
        if (file == STN_NONE) {
            continue;
        }
        if (stn__names_find(&names, name) != STN_NONE) {
            stn__mistake(reader, items[item]->place, "duplicate regime %s; their names must differ", stn__quote(reader, name));
            continue;
        }
        stn__names_add(reader, &names, name);
        memset(out, 0, sizeof *out);
        reader->regime_name = name;
        (void) read_regime(reader, file, kept, world, out);
        out->name = name;
    }
    j->study->regimes = regimes;
    for (int32_t kept = 0; chosen && kept < options->regime_count && j->code == 0; kept++) {
        if (stn__names_find(&names, options->regimes[kept]) == STN_NONE) {
            const char *near = stn__suggest(reader, options->regimes[kept], names.names, names.count);
            j->code = stn__fail(j->err, STN_E_ARGUMENT, "unknown regime %s%s", stn__quote(reader, options->regimes[kept]), near);
        }
    }
}

static int
by_place(const void *left, const void *right)
{
    const stn_quantity *a = *(const stn_quantity *const *) left, *b = *(const stn_quantity *const *) right;
    const int32_t from[4] = { a->regime, a->place.file, a->place.line, a->place.column };
    const int32_t to[4] = { b->regime, b->place.file, b->place.line, b->place.column };

    for (int32_t index = 0; index < 4; index++) {
        if (from[index] != to[index]) {
            return from[index] < to[index] ? -1 : 1;
        }
    }
    return strcmp(a->key, b->key); /* an alias: one place, several keys */
}

/* Leaves the quantities of the world and of the regimes kept, in file order. */
static void
sort_quantities(stn__reader *reader)
{
    int32_t kept = 0;

    for (int32_t number = 0; number < reader->quantity_count; number++) {
        if (reader->quantities[number]->regime != REGIME_DROPPED) {
            reader->quantities[kept++] = reader->quantities[number];
        }
    }
    reader->quantity_count = kept;
    if (kept > 0) {
        qsort(reader->quantities, (size_t) kept, sizeof(const stn_quantity *), by_place);
    }
}

/* What the command line changes. */
static void
apply_options(stn_study *study, const stn_study_options *options)
{
    if (options != NULL && options->scale > 0) {
        study->scale = options->scale;
    }
    if (options != NULL && options->years > 0) {
        study->years = options->years;
    }
    if (options != NULL && options->seed >= 0) {
        study->seed = (uint64_t) options->seed;
    }
    if (options != NULL && options->replicates > 0) {
        study->replicates = options->replicates;
    }
    study->horizon = minutes_of_years(study->years);
}

/* From here on numbers are those of the model, which may be set. */
static void
begin_settings(stn__reader *reader, const job *j)
{
    if (j->options != NULL && j->options->setting_count > 0) {
        stn__settings_begin(reader, j->options->settings, j->options->setting_count);
    }
}

static void
finish_study(stn__reader *reader, job *j, stn_study *study)
{
    apply_options(study, j->options);
    sort_quantities(reader);
    if (j->load) {
        stn__numbers_gather(reader, study);
    }
    if (j->code == 0 && !stn__mistaken(reader)) { /* else not all that there is was read */
        j->code = stn__settings_end(reader, j->err);
    }
}

static void
read_study(stn__reader *reader, job *j, const stn__node *tree)
{
    stn_study *study = stn__take(reader, 1, sizeof *study);
    const stn__node *world;
    const char *name, *path;
    int32_t file;
    bool known;

    j->study = study;
    if (!stn__shape_check(reader, &stn__shape_study, tree, "")) {
        return;
    }
    study->title = stn__title_read(reader, stn__yaml_child(tree, "title"));
    read_numbers(reader, tree, study);
    begin_settings(reader, j);
    world = stn__yaml_child(tree, "world");
    name = stn__scalar(reader, world, "a world's path or name");
    path = name == NULL ? NULL : stn__path_world(reader, name, world->place);
    file = path == NULL ? STN_NONE : stn__file_read(reader, path, "world", STN__YAML_BYTES_MAX, world->place);
    known = read_world(reader, file, &study->world);
    read_by(reader, stn__yaml_child(tree, "by"), known, study);
    read_regimes(reader, j, stn__yaml_child(tree, "regimes"), known ? &study->world : NULL);
    finish_study(reader, j, study);
}

/* Checks a regime, against a world if the caller names one. */
static void
check_regime(stn__reader *reader, const job *j, int32_t file)
{
    stn_world *world = stn__take(reader, 1, sizeof *world);
    stn_regime *regime = stn__take(reader, 1, sizeof *regime);
    bool known = false;

    if (j->world != NULL) {
        const char *path = stn__path_folder(reader, j->world);
        known = read_world(reader, stn__file_read(reader, path, "world", STN__YAML_BYTES_MAX, NOWHERE), world);
    }
    (void) read_regime(reader, file, 0, known ? world : NULL, regime);
}

/* A study of one year, with all else as a study that leaves it out would have it. */
static stn_study *
study_of_a_year(stn__reader *reader, job *j)
{
    stn_study *study = stn__take(reader, 1, sizeof *study);

    j->study = study;
    begin_settings(reader, j);
    study->years = 1;
    study->window = 30 * 1440;
    study->seed = 1;
    study->replicates = 1;
    study->scale = 1;
    return study;
}

/* A world alone as a study of it, without regimes. */
static void
read_world_alone(stn__reader *reader, job *j, int32_t file)
{
    stn_study *study = study_of_a_year(reader, j);

    (void) read_world(reader, file, &study->world);
    study->title = study->world.title;
    if (j->options != NULL && j->options->regimes != NULL) {
        j->code = stn__fail(j->err, STN_E_ARGUMENT, "found a world, which has no regimes to choose from, expected a study");
    }
    finish_study(reader, j, study);
}

/* A regime alone as a study of it in the caller's world. */
static void
read_regime_alone(stn__reader *reader, job *j, int32_t file)
{
    stn_study *study = study_of_a_year(reader, j);
    const char *path = stn__path_folder(reader, j->world);
    stn_regime *regime = stn__take(reader, 1, sizeof *regime);
    bool known = read_world(reader, stn__file_read(reader, path, "world", STN__YAML_BYTES_MAX, NOWHERE), &study->world);

    (void) read_regime(reader, file, 0, known ? &study->world : NULL, regime);
    regime->name = stn__path_stem(reader, reader->files[file].path);
    study->title = regime->title;
    study->regimes = regime;
    study->regime_count = 1;
    finish_study(reader, j, study);
}

static void
do_job(stn__reader *reader, job *j)
{
    const char *path = stn__path_folder(reader, j->path);
    int32_t file = stn__file_read(reader, path, "study", STN__YAML_BYTES_MAX, NOWHERE);
    const stn__node *tree;

    if (file == STN_NONE) {
        return;
    }
    tree = stn__yaml_tree(reader, file);
    j->kind = tree == NULL ? NULL : file_kind(reader, tree);
    if (j->kind == NULL) {
        return;
    }
    reader->files[file].role = j->kind;
    if (j->load && j->world != NULL) {
        if (strcmp(j->kind, "regime") == 0) {
            read_regime_alone(reader, j, file);
        } else {
            stn__mistake(reader, stn__yaml_child(tree, "standing")->place, "found a %s, expected a regime", j->kind);
        }
    } else if (strcmp(j->kind, "study") == 0) {
        read_study(reader, j, tree);
    } else if (j->load && strcmp(j->kind, "world") == 0) {
        read_world_alone(reader, j, file);
    } else if (j->load) {
        stn__mistake(reader, stn__yaml_child(tree, "standing")->place, "found a %s, expected a study or a world", j->kind);
    } else if (strcmp(j->kind, "world") == 0) {
        (void) read_world(reader, file, stn__take(reader, 1, sizeof(stn_world)));
    } else {
        check_regime(reader, j, file);
    }
}

/* Everything that jumps when memory runs out happens in here; what it changes
 * lives with its callers. */
static int
guarded(stn__reader *reader, job *j, stn_report *report)
{
    if (setjmp(reader->on_memory) != 0) {
        stn__file_abandon(reader);
        stn__yaml_abandon(reader);
        return stn__fail(j->err, STN_E_MEMORY, "not enough memory to read %s", j->path);
    }
    do_job(reader, j);
    if (reader->unreadable) {
        return stn__fail(j->err, STN_E_IO, "%s", reader->messages[reader->message_count - 1].text);
    }
    if (stn__mistaken(reader)) {
        stn__mistakes_report(reader, report);
        if (reader->setting_count > 0 && !reader->setting_told) {
            stn__report_add(report, j->path, 0, 0, "read with %s=%s%s", reader->settings[0].key,
                stn__quote(reader, reader->settings[0].value), reader->setting_count > 1 ? " and other settings" : "");
        }
        return stn__fail(j->err, STN_E_INPUT, "%s: %s", j->path, stn_error_text(STN_E_INPUT));
    }
    return j->code;
}

/* Runs a job with a reader of its own; on success the study takes its arena. */
static int
run(job *j, stn_report *report)
{
    stn__reader reader = { .regime = STN_NONE, .fd = -1 };
    locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t) 0), before; /* for strtod and printf */
    int code = STN_E_MEMORY;

    reader.arena = stn__arena_new();
    if (plain == (locale_t) 0 || reader.arena == NULL) {
        stn__fail(j->err, code, "not enough memory to read %s", j->path);
        goto out;
    }
    before = uselocale(plain);
    code = guarded(&reader, j, report);
    uselocale(before);
    if (code == 0 && j->load) {
        j->study->files = reader.files;
        j->study->file_count = reader.file_count;
        j->study->quantities = reader.quantities;
        j->study->quantity_count = reader.quantity_count;
        j->study->arena = reader.arena;
        reader.arena = NULL;
    }
out:
    stn__arena_free(reader.arena);
    if (plain != (locale_t) 0) {
        freelocale(plain);
    }
    return code;
}

void
stn_study_options_init(stn_study_options *options)
{
    *options = (stn_study_options) { .seed = -1 };
}

static int
check_options(const stn_study_options *options, stn_error *err)
{
    if (options == NULL) {
        return 0;
    }
    if (!(options->scale >= 0 && options->scale <= 1)) {
        return stn__fail(err, STN_E_ARGUMENT, "found the scale %g, expected above 0, at most 1", options->scale);
    }
    if (!(options->years >= 0 && options->years <= 200) || (options->years > 0 && minutes_of_years(options->years) == 0)) {
        return stn__fail(err, STN_E_ARGUMENT, "found %g years, expected above 0, at most 200", options->years);
    }
    if (options->seed < -1) {
        return stn__fail(err, STN_E_ARGUMENT, "found the seed %lld, expected 0 or more", (long long) options->seed);
    }
    for (int32_t number = 0; number < options->setting_count; number++) {
        for (int32_t other = 0; other < number; other++) {
            if (strcmp(options->settings[number].key, options->settings[other].key) == 0) {
                return stn__fail(err, STN_E_ARGUMENT, "found a setting of \"%s\" twice", options->settings[number].key);
            }
        }
    }
    if (options->replicates < 0 || options->replicates > STN_REPLICATES_MAX) {
        return stn__fail(err, STN_E_ARGUMENT, "found %d replicates, expected 1 to %d", (int) options->replicates,
            STN_REPLICATES_MAX);
    }
    if (options->regimes != NULL && options->regime_count < 1) {
        return stn__fail(err, STN_E_ARGUMENT, "found no regime to keep, expected one at least");
    }
    for (int32_t number = 0; options->regimes != NULL && number < options->regime_count; number++) {
        for (int32_t other = 0; other < number; other++) {
            if (strcmp(options->regimes[number], options->regimes[other]) == 0) {
                return stn__fail(err, STN_E_ARGUMENT, "found the regime \"%s\" twice", options->regimes[number]);
            }
        }
    }
    return 0;
}

int
stn_study_load(const char *path, const stn_study_options *options, stn_study **out, stn_report *report, stn_error *err)
{
    job j = { .path = path, .options = options, .load = true, .err = err };
    int code;

    STN_INVARIANT(path != NULL && out != NULL && report != NULL);
    *out = NULL;
    code = check_options(options, err);
    if (code == 0) {
        code = run(&j, report);
    }
    if (code == 0) {
        *out = j.study;
    }
    return code;
}

int
stn_study_load_regime(const char *path, const char *world, stn_study **out, stn_report *report, stn_error *err)
{
    job j = { .path = path, .world = world, .load = true, .err = err };
    int code;

    STN_INVARIANT(path != NULL && world != NULL && out != NULL && report != NULL);
    code = run(&j, report);
    *out = code == 0 ? j.study : NULL;
    return code;
}

int
stn_check(const char *path, const char *world, const char **kind, stn_report *report, stn_error *err)
{
    job j = { .path = path, .world = world, .err = err };
    int code;

    STN_INVARIANT(path != NULL && kind != NULL && report != NULL);
    code = run(&j, report);
    *kind = j.kind;
    return code;
}

void
stn_study_free(stn_study *study)
{
    if (study != NULL) {
        stn__arena_free(study->arena);
    }
}

const char *
stn_study_title(const stn_study *study)
{
    return study->title;
}

double
stn_study_years(const stn_study *study)
{
    return study->years;
}

double
stn_study_scale(const stn_study *study)
{
    return study->scale;
}

/* A step that is odd and so near to the golden part of 2^63 that its multiples
 * stay apart: the seeds of 10,000 replicates lie at least 4e14 from each other,
 * and so do not meet those of another study whose seed is nearer than that. */
#define REPLICATE_STEP UINT64_C(0x4f1bbcdcbfa53e0b)

int
stn_study_replicate_new(const stn_study *study, int32_t replicate, stn_study **out, stn_error *err)
{
    stn__arena *arena = stn__arena_new();
    stn_study *copy = arena != NULL ? stn__arena_take(arena, 1, sizeof *copy) : NULL;

    STN_INVARIANT(replicate >= 0 && replicate < study->replicates);
    *out = NULL;
    if (copy == NULL) {
        stn__arena_free(arena);
        return stn__fail(err, STN_E_MEMORY, "no memory for replicate %d", (int) replicate);
    }
    *copy = *study;
    copy->arena = arena;
    copy->seed = (study->seed + (uint64_t) replicate * REPLICATE_STEP) & (uint64_t) INT64_MAX;
    *out = copy;
    return 0;
}

int32_t
stn_study_replicates(const stn_study *study)
{
    return study->replicates;
}

uint64_t
stn_study_seed(const stn_study *study)
{
    return study->seed;
}

uint32_t
stn_study_window_minutes(const stn_study *study)
{
    return study->window;
}

uint32_t
stn_study_horizon_minutes(const stn_study *study)
{
    return study->horizon;
}

int32_t
stn_study_regime_count(const stn_study *study)
{
    return study->regime_count;
}

const char *
stn_study_regime_name(const stn_study *study, int32_t regime)
{
    STN_INVARIANT(regime >= 0 && regime < study->regime_count);
    return study->regimes[regime].name;
}

const char *
stn_study_regime_title(const stn_study *study, int32_t regime)
{
    STN_INVARIANT(regime >= 0 && regime < study->regime_count);
    return study->regimes[regime].title;
}

int32_t
stn_study_population_count(const stn_study *study)
{
    return study->world.population_count;
}

const char *
stn_study_population_name(const stn_study *study, int32_t population)
{
    STN_INVARIANT(population >= 0 && population < study->world.population_count);
    return study->world.populations[population].name;
}

/* The levels of the population's attribute `by`; 1 if it lacks it. */
static int32_t
by_levels(const stn_study *study, int32_t population, int32_t by, const stn_attribute **found)
{
    const stn_population *of = &study->world.populations[population];
    int32_t attribute = stn__find_attribute(of, study->by[by]);

    *found = attribute == STN_NONE ? NULL : &of->attributes[attribute];
    return attribute == STN_NONE ? 1 : of->attributes[attribute].level_count;
}

int32_t
stn_study_group_count(const stn_study *study, int32_t population)
{
    const stn_attribute *attribute;
    int32_t count = 1;

    STN_INVARIANT(population >= 0 && population < study->world.population_count);
    for (int32_t by = 0; by < study->by_count; by++) {
        count *= by_levels(study, population, by, &attribute);
    }
    return count;
}

int32_t
stn_study_by_count(const stn_study *study)
{
    return study->by_count;
}

const char *
stn_study_by(const stn_study *study, int32_t by)
{
    STN_INVARIANT(by >= 0 && by < study->by_count);
    return study->by[by];
}

const char *
stn_study_group_level(const stn_study *study, int32_t population, int32_t group, int32_t by)
{
    const stn_attribute *attribute;
    int32_t after = 1, levels;

    STN_INVARIANT(group >= 0 && group < stn_study_group_count(study, population));
    STN_INVARIANT(by >= 0 && by < study->by_count);
    for (int32_t later = study->by_count - 1; later > by; later--) {
        after *= by_levels(study, population, later, &attribute);
    }
    levels = by_levels(study, population, by, &attribute);
    return attribute == NULL ? NULL : attribute->levels[group / after % levels];
}
