/* SPDX-License-Identifier: Apache-2.0
 *
 * page.c - a result file as one object, and the page around it.
 *
 * Texts of a result file may come from anybody. They are data of a script element of
 * type application/json, which ends only at "</script": so `<` is written as \u003c, and
 * what they say is never markup. */
#include <standing/page.h>

#include "report/page.h"

#include <stdlib.h>
#include <string.h>

#include <standing/audit.h>
#include <standing/describe.h>

#include "base/text.h"
#include "base/version.h"

static int
no_memory(const char *path, stn_error *err)
{
    return stn__fail(err, STN_E_MEMORY, "%s: no memory", path);
}

/* ---------------------------------------------------------------- provenance */

static int
meta_say(stn__book *book, FILE *out, stn_error *err)
{
    sqlite3_stmt *each = NULL;
    bool first = true;
    int step = SQLITE_DONE, ret = stn__db_prepare(&book->db, "SELECT key, value FROM meta ORDER BY key", &each, err);

    fprintf(out, ",\n\"meta\": {");
    while (ret == 0 && (step = sqlite3_step(each)) == SQLITE_ROW) {
        const char *key = (const char *) sqlite3_column_text(each, 0), *value = (const char *) sqlite3_column_text(each, 1);
        fputs(first ? "" : ", ", out);
        first = false;
        stn__json_text(out, key != NULL ? key : "");
        fputs(": ", out);
        stn__json_text(out, value != NULL ? value : "");
    }
    ret = ret == 0 && step != SQLITE_DONE ? stn__db_fail(&book->db, err) : ret;
    putc('}', out);
    sqlite3_finalize(each);
    return ret;
}

/* Rows of a query whose columns are texts, as objects. */
static int
rows_say(stn__book *book, const char *name, const char *query, FILE *out, stn_error *err)
{
    sqlite3_stmt *each = NULL;
    bool first = true;
    int step = SQLITE_DONE, ret = stn__db_prepare(&book->db, query, &each, err);

    fprintf(out, ",\n\"%s\": [", name);
    while (ret == 0 && (step = sqlite3_step(each)) == SQLITE_ROW) {
        fputs(first ? "{" : ", {", out);
        first = false;
        for (int column = 0; column < sqlite3_column_count(each); column++) {
            const char *text = (const char *) sqlite3_column_text(each, column);
            stn__json_pair(out, column == 0, sqlite3_column_name(each, column), text != NULL ? text : "");
        }
        putc('}', out);
    }
    ret = ret == 0 && step != SQLITE_DONE ? stn__db_fail(&book->db, err) : ret;
    putc(']', out);
    sqlite3_finalize(each);
    return ret;
}

static int
head_say(stn__book *book, const stn_page_options *options, FILE *out, stn_error *err)
{
    int ret;

    fprintf(out, "{");
    stn__json_pair(out, true, "software", "standing");
    stn__json_pair(out, false, "version", stn__version());
    stn__json_pair(out, false, "file", options->name != NULL ? options->name : book->path);
    stn__json_pair(out, false, "study", book->study);
    fprintf(out, ", \"replicates\": %d, \"windows\": %d, \"window_minutes\": %u, \"horizon_minutes\": %u", (int) book->replicates,
        (int) book->window_count, (unsigned) book->window, (unsigned) book->horizon);
    fprintf(out, ",\n\"by\": [");
    for (int32_t by = 0; by < book->by_count; by++) {
        fputs(by > 0 ? ", " : "", out);
        stn__json_text(out, book->by[by]);
    }
    fprintf(out, "],\n\"regimes\": [");
    for (int32_t regime = 0; regime < book->regime_count; regime++) {
        fputs(regime > 0 ? ", {" : "{", out);
        stn__json_pair(out, true, "name", book->regimes[regime].name);
        stn__json_pair(out, false, "title", book->regimes[regime].title);
        putc('}', out);
    }
    putc(']', out);
    ret = meta_say(book, out, err);
    if (ret == 0) {
        ret = rows_say(book, "populations", "SELECT name, size FROM population ORDER BY id", out, err);
    }
    if (ret == 0) {
        ret = rows_say(book, "files", "SELECT path, role FROM file ORDER BY path", out, err);
    }
    return ret != 0 ? ret
        : rows_say(book, "runs", "SELECT r.replicate AS replicate, p.seed AS seed, g.name AS regime, r.opportunities AS opportunities,"
            " r.digest AS digest FROM run r JOIN replicate p ON p.id = r.replicate JOIN regime g ON g.id = r.regime ORDER BY 1, r.regime",
            out, err);
}

/* ------------------------------------------------------------------ the parts */

static int
audit_say(const char *path, const stn_page_options *options, FILE *out, stn_error *err)
{
    int32_t count = stn_study_regime_count(options->study);
    stn_audit **audits = calloc((size_t) count + 1, sizeof(stn_audit *));
    stn_audit_options how = { path, options->below };
    int ret = audits == NULL ? no_memory(path, err) : 0;

    for (int32_t regime = 0; ret == 0 && regime < count; regime++) {
        ret = stn_audit_new(options->study, regime, &how, &audits[regime], err);
    }
    if (ret == 0) {
        fprintf(out, ",\n\"audit\": ");
        stn_audit_json(out, options->study, audits, count);
    }
    for (int32_t regime = 0; audits != NULL && regime < count; regime++) {
        stn_audit_free(audits[regime]);
    }
    free(audits);
    return ret;
}

static int
parts_say(const char *path, stn__book *book, const stn_page_options *options, FILE *out, stn_error *err)
{
    stn_compare_options compare = { .json = 1 };
    stn_disparity_options disparity = { .json = 1, .no_curves = 1 };
    int ret = stn__page_counts(book, out, err);

    if (ret == 0) {
        ret = stn__page_people(book, out, err);
    }
    if (ret == 0 && book->regime_count > 1) {
        fprintf(out, ",\n\"compare\": ");
        ret = stn_results_compare(path, &compare, out, err);
    }
    if (ret == 0) {
        fprintf(out, ",\n\"disparity\": ");
        ret = stn_results_disparity(path, &disparity, out, err);
    }
    if (ret == 0 && options->study != NULL) {
        fprintf(out, ",\n\"describe\": ");
        ret = stn_describe_json(out, options->study, err);
    }
    if (ret == 0 && options->study != NULL) {
        ret = audit_say(path, options, out, err);
    }
    if (ret == 0 && options->life != NULL) {
        fprintf(out, ",\n\"life\": ");
        stn_story_json(out, options->life);
    }
    return ret;
}

/* SQLite knows JSON. */
static int
map_check(stn__book *book, const char *map, stn_error *err)
{
    sqlite3_stmt *one = NULL;
    int ret = stn__db_prepare(&book->db,
        "SELECT CASE WHEN json_valid(?1) THEN json_extract(?1, '$.type') IS 'FeatureCollection' ELSE 0 END", &one, err);

    if (ret == 0) {
        sqlite3_bind_text(one, 1, map, -1, SQLITE_STATIC);
        ret = sqlite3_step(one) == SQLITE_ROW && sqlite3_column_int(one, 0) == 1 ? 0
            : stn__fail(err, STN_E_ARGUMENT, "the map: found no GeoJSON, expected an object of type FeatureCollection");
    }
    sqlite3_finalize(one);
    return ret;
}

/* The object, owned by the caller. */
static int
object_make(const char *path, const stn_page_options *options, char **text, size_t *size, char **title, stn_error *err)
{
    static const stn_page_options none = { .study = NULL };
    stn__book book;
    FILE *memory = NULL;
    int ret = stn__book_open(path, &book, err);

    *text = *title = NULL;
    options = options != NULL ? options : &none;
    if (ret == 0) {
        *title = strdup(book.study);
        memory = open_memstream(text, size);
        ret = memory == NULL || *title == NULL ? no_memory(path, err) : 0;
    }
    if (ret == 0) {
        ret = head_say(&book, options, memory, err);
    }
    if (ret == 0) {
        ret = parts_say(path, &book, options, memory, err);
    }
    if (ret == 0 && options->map != NULL) {
        ret = map_check(&book, options->map, err);
    }
    if (ret == 0 && options->map != NULL) {
        fprintf(memory, ",\n\"map\": %s", options->map);
    }
    if (ret == 0) {
        fprintf(memory, "}\n");
    }
    if (memory != NULL && fclose(memory) != 0 && ret == 0) {
        ret = no_memory(path, err);
    }
    stn__book_close(&book);
    return ret;
}

int
stn_page_json(const char *path, const stn_page_options *options, FILE *out, stn_error *err)
{
    char *text = NULL, *title = NULL;
    size_t size = 0;
    int ret = object_make(path, options, &text, &size, &title, err);

    if (ret == 0 && (fwrite(text, 1, size, out) != size || fflush(out) != 0)) {
        ret = stn__fail(err, STN_E_IO, "the output could not be written");
    }
    free(text);
    free(title);
    return ret;
}

int
stn_page_people(const char *path, int64_t *people, stn_error *err)
{
    stn__book book;
    sqlite3_stmt *one = NULL;
    int ret = stn__book_open(path, &book, err);

    *people = 0;
    if (ret == 0) {
        ret = stn__db_prepare(&book.db, "SELECT sum(size) FROM population", &one, err);
    }
    if (ret == 0) {
        ret = sqlite3_step(one) == SQLITE_ROW ? 0 : stn__db_fail(&book.db, err);
        *people = ret == 0 ? sqlite3_column_int64(one, 0) : 0;
    }
    sqlite3_finalize(one);
    stn__book_close(&book);
    return ret;
}

/* ------------------------------------------------------------------- the page */

int32_t
stn_page_built(void)
{
    return stn__page_template[0] != '\0';
}

static void
object_put(FILE *out, const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (text[i] == '<') {
            fputs("\\u003c", out);
        } else {
            putc(text[i], out);
        }
    }
}

static void
title_put(FILE *out, const char *title)
{
    for (; *title != '\0'; title++) {
        if (*title == '<' || *title == '>' || *title == '&') {
            fprintf(out, "&#%d;", *title);
        } else {
            putc(*title, out);
        }
    }
}

int
stn_page_html(const char *path, const stn_page_options *options, FILE *out, stn_error *err)
{
    const char *rest = stn__page_template, *mark = strstr(rest, STN__PAGE_TITLE), *data;
    char *text = NULL, *title = NULL;
    size_t size = 0;
    int ret;

    if (!stn_page_built()) {
        return stn__fail(err, STN_E_ARGUMENT,
            "this Standing was built without the page of reports: install nodejs and npm, and build it anew with -Dreport=enabled");
    }
    data = mark != NULL ? strstr(mark, STN__PAGE_DATA) : NULL;
    STN_INVARIANT(data != NULL);
    ret = object_make(path, options, &text, &size, &title, err);
    if (ret == 0) {
        fwrite(rest, 1, (size_t) (mark - rest), out);
        title_put(out, title);
        rest = mark + strlen(STN__PAGE_TITLE);
        fwrite(rest, 1, (size_t) (data - rest), out);
        object_put(out, text, size);
        fputs(data + strlen(STN__PAGE_DATA), out);
        if (fflush(out) != 0 || ferror(out)) {
            ret = stn__fail(err, STN_E_IO, "the output could not be written");
        }
    }
    free(text);
    free(title);
    return ret;
}
