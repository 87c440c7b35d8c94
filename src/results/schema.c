/* SPDX-License-Identifier: Apache-2.0
 *
 * schema.c - the tables and views of a result file (docs/results.md).
 *
 * Tables hold numbers of things, views their names. A view has a column for
 * each attribute that the study groups by (or, of people, for each attribute
 * there is), so views are made to measure. */
#include "results/database.h"

#include <string.h>

#include "results/groups.h"

static const char tables[] =
    "CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE setting(number INTEGER PRIMARY KEY, key TEXT NOT NULL, value TEXT NOT NULL);"
    "CREATE TABLE file(path TEXT PRIMARY KEY, role TEXT NOT NULL, text TEXT NOT NULL);"
    "CREATE TABLE source(regime INTEGER, key TEXT NOT NULL, title TEXT NOT NULL, url TEXT, reliability TEXT);"
    "CREATE TABLE quantity(id INTEGER PRIMARY KEY, regime INTEGER, file TEXT NOT NULL, line INTEGER NOT NULL,"
    " key TEXT NOT NULL, text TEXT, value TEXT, cite TEXT, assumption INTEGER NOT NULL, why TEXT);"
    "CREATE TABLE regime(id INTEGER PRIMARY KEY, name TEXT NOT NULL, title TEXT NOT NULL);"
    "CREATE TABLE replicate(id INTEGER PRIMARY KEY, seed INTEGER NOT NULL, city_digest TEXT NOT NULL);"
    "CREATE TABLE run(replicate INTEGER, regime INTEGER, opportunities INTEGER NOT NULL, digest TEXT NOT NULL,"
    " seconds TEXT NOT NULL, bytes INTEGER NOT NULL, PRIMARY KEY(replicate, regime)) WITHOUT ROWID;"
    "CREATE TABLE population(id INTEGER PRIMARY KEY, name TEXT NOT NULL, size INTEGER NOT NULL);"
    "CREATE TABLE population_group(population INTEGER, grp INTEGER, attribute TEXT, level TEXT NOT NULL,"
    " PRIMARY KEY(population, grp, attribute)) WITHOUT ROWID;"
    "CREATE TABLE group_size(population INTEGER, grp INTEGER, people INTEGER NOT NULL,"
    " PRIMARY KEY(population, grp)) WITHOUT ROWID;"
    "CREATE TABLE fit(population TEXT NOT NULL, margin TEXT NOT NULL, rule TEXT NOT NULL, cells INTEGER NOT NULL,"
    " worst TEXT NOT NULL, worst_cell TEXT NOT NULL, ok INTEGER NOT NULL);"
    "CREATE TABLE counter(id INTEGER PRIMARY KEY, population INTEGER NOT NULL, name TEXT NOT NULL,"
    " subject TEXT NOT NULL, stock INTEGER NOT NULL, minutes INTEGER NOT NULL);"
    "CREATE TABLE window(id INTEGER PRIMARY KEY, start INTEGER NOT NULL, \"end\" INTEGER NOT NULL);"
    "CREATE TABLE series(replicate INTEGER NOT NULL, regime INTEGER NOT NULL, window INTEGER NOT NULL, population INTEGER NOT NULL,"
    " grp INTEGER NOT NULL, counter INTEGER NOT NULL, value INTEGER NOT NULL);"
    "CREATE TABLE histogram(replicate INTEGER NOT NULL, regime INTEGER NOT NULL, window INTEGER NOT NULL,"
    " population INTEGER NOT NULL, grp INTEGER NOT NULL, rating INTEGER NOT NULL, people INTEGER NOT NULL);"
    "CREATE TABLE fate(replicate INTEGER NOT NULL, regime INTEGER NOT NULL, population INTEGER NOT NULL, grp INTEGER NOT NULL,"
    " restricted INTEGER NOT NULL, wrong INTEGER NOT NULL, people INTEGER NOT NULL, acted INTEGER);"
    "CREATE TABLE effect(replicate INTEGER NOT NULL, regime_a INTEGER NOT NULL, regime_b INTEGER NOT NULL,"
    " population INTEGER NOT NULL, grp INTEGER NOT NULL, measure TEXT NOT NULL, subject TEXT NOT NULL, a INTEGER NOT NULL,"
    " b INTEGER NOT NULL, a_only INTEGER, b_only INTEGER, both INTEGER, added INTEGER, removed INTEGER);"
    "CREATE TABLE spell(replicate INTEGER NOT NULL, regime INTEGER NOT NULL, population INTEGER NOT NULL, grp INTEGER NOT NULL,"
    " kind TEXT NOT NULL, windows INTEGER NOT NULL, ended INTEGER NOT NULL, people INTEGER NOT NULL);"
    "CREATE INDEX spell_of ON spell(population, regime, kind, replicate);"
    "CREATE TABLE label(regime INTEGER, population INTEGER, kind TEXT, number INTEGER, name TEXT NOT NULL);"
    "CREATE INDEX label_of ON label(regime, population, kind, number);";

static const char people_tables[] =
    "CREATE TABLE person(replicate INTEGER, population INTEGER, row INTEGER, cell INTEGER NOT NULL, grp INTEGER NOT NULL,"
    " years INTEGER, household INTEGER, representative INTEGER, coming INTEGER NOT NULL,"
    " PRIMARY KEY(replicate, population, row)) WITHOUT ROWID;"
    "CREATE TABLE panel(replicate INTEGER, regime INTEGER, population INTEGER, row INTEGER, points INTEGER NOT NULL, rating INTEGER,"
    " band INTEGER, lists INTEGER NOT NULL, ever INTEGER NOT NULL, wrong INTEGER NOT NULL, closed INTEGER NOT NULL,"
    " open INTEGER NOT NULL, opportunities INTEGER NOT NULL, here INTEGER NOT NULL, restricted_minutes INTEGER,"
    " wrong_minutes INTEGER,"
    " PRIMARY KEY(replicate, regime, population, row)) WITHOUT ROWID;";

static const char event_tables[] =
    "CREATE TABLE event_kind(id INTEGER PRIMARY KEY, name TEXT NOT NULL, subject TEXT);"
    "INSERT INTO event_kind VALUES (1,'act','behaviour'),(2,'record born','behaviour'),(3,'confirmed','behaviour'),"
    " (4,'cleared','behaviour'),(5,'settled','behaviour'),(6,'list entered','list'),(7,'list left','list'),"
    " (8,'publication changed','list'),(9,'doors changed',NULL),(10,'attempt blocked','door'),"
    " (11,'copy born','behaviour'),(12,'misfiled record born','behaviour'),(13,'record ended','behaviour'),"
    " (14,'notice changed','list'),(15,'petition filed','behaviour'),(16,'petition decided','behaviour'),"
    " (17,'fine due','behaviour'),(18,'attempt refused','door'),(19,'tie changed',NULL),(20,'archive changed','list'),"
    " (21,'review moved the rating',NULL),(22,'clean slate',NULL),(23,'debt paid','behaviour'),(24,'came',NULL),"
    " (25,'aged',NULL),(26,'went',NULL);"
    "CREATE TABLE event(replicate INTEGER NOT NULL, regime INTEGER NOT NULL, population INTEGER NOT NULL, row INTEGER NOT NULL,"
    " time INTEGER NOT NULL, kind INTEGER NOT NULL, subject INTEGER NOT NULL, value INTEGER NOT NULL);";

/* Names of attributes without repetition. */
typedef struct names {
    const char *all[STN__NAMES_MAX];
    int32_t count;
} names;

static bool
names_have(const names *n, const char *name)
{
    for (int32_t i = 0; i < n->count; i++) {
        if (strcmp(n->all[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static names
by_names(const stn_study *study)
{
    names n = { .count = 0 };

    for (int32_t by = 0; by < study->by_count; by++) {
        STN_INVARIANT(n.count < STN__NAMES_MAX);
        n.all[n.count++] = study->by[by];
    }
    return n;
}

/* Writes the expression as a column of ours. An attribute may have its name;
 * then ours gets an underscore, with which no attribute begins. */
static void
column(sqlite3_str *out, const names *attributes, const char *expression, const char *name)
{
    sqlite3_str_appendf(out, "%s AS \"%s%w\"", expression, names_have(attributes, name) ? "_" : "", name);
}

static void
columns(sqlite3_str *out, const names *attributes, const char *const (*pairs)[2], int count)
{
    for (int i = 0; i < count; i++) {
        sqlite3_str_appendall(out, i == 0 ? "" : ", ");
        column(out, attributes, pairs[i][0], pairs[i][1]);
    }
}

/* A column for each attribute of `by`, of the group numbered x.population, x.grp. */
static void
group_columns(sqlite3_str *out, const stn_study *study)
{
    for (int32_t by = 0; by < study->by_count; by++) {
        sqlite3_str_appendf(out, ", (SELECT level FROM population_group g WHERE g.population = x.population AND"
            " g.grp = x.grp AND g.attribute = %Q) AS \"%w\"", study->by[by], study->by[by]);
    }
}

static void
person_columns(sqlite3_str *out, const names *attributes)
{
    for (int32_t i = 0; i < attributes->count; i++) {
        sqlite3_str_appendf(out, ", c.\"%w\"", attributes->all[i]);
    }
}

#define COUNT(a) ((int) (sizeof (a) / sizeof *(a)))

/* Views of what was counted. */
static void
count_views(sqlite3_str *out, const stn_study *study)
{
    static const char *const head[][2] = { { "x.replicate", "replicate" }, { "r.name", "regime" }, { "p.name", "population" } };
    static const char *const counted[][2] = { { "c.name", "counter" }, { "c.subject", "subject" },
        { "x.value", "value" } };
    static const char *const when[][2] = { { "x.replicate", "replicate" }, { "r.name", "regime" }, { "x.window", "window" }, { "w.start", "start" },
        { "w.\"end\"", "end" }, { "p.name", "population" } };
    static const char *const rated[][2] = { { "x.replicate", "replicate" }, { "r.name", "regime" }, { "x.window", "window" },
        { "w.\"end\"", "end" }, { "p.name", "population" } };
    static const char *const people[][2] = { { "x.rating", "rating" }, { "x.people", "people" } };
    names by = by_names(study);

    sqlite3_str_appendall(out, "CREATE VIEW totals AS SELECT ");
    columns(out, &by, head, COUNT(head));
    group_columns(out, study);
    sqlite3_str_appendall(out, ", ");
    columns(out, &by, counted, COUNT(counted));
    sqlite3_str_appendall(out, " FROM (SELECT s.replicate, s.regime, s.population, s.grp, s.counter, sum(s.value) AS value"
        " FROM series s JOIN counter k ON k.id = s.counter"
        " WHERE k.stock = 0 OR s.window = (SELECT max(id) FROM window) GROUP BY 1, 2, 3, 4, 5) x"
        " JOIN regime r ON r.id = x.regime JOIN population p ON p.id = x.population"
        " JOIN counter c ON c.id = x.counter;"
        "CREATE VIEW timeline AS SELECT ");
    columns(out, &by, when, COUNT(when));
    group_columns(out, study);
    sqlite3_str_appendall(out, ", ");
    columns(out, &by, counted, COUNT(counted));
    sqlite3_str_appendall(out, " FROM series x JOIN regime r ON r.id = x.regime JOIN window w ON w.id = x.window"
        " JOIN population p ON p.id = x.population JOIN counter c ON c.id = x.counter;"
        "CREATE VIEW ratings AS SELECT ");
    columns(out, &by, rated, COUNT(rated));
    group_columns(out, study);
    sqlite3_str_appendall(out, ", ");
    columns(out, &by, people, COUNT(people));
    sqlite3_str_appendall(out, " FROM histogram x JOIN regime r ON r.id = x.regime JOIN window w ON w.id = x.window"
        " JOIN population p ON p.id = x.population;");
}

/* Names of the bits of a mask, in the order of their numbers. */
#define NAMES(kind, mask) \
    "(SELECT group_concat(name, ' ') FROM (SELECT name FROM label b WHERE b.regime = x.regime AND b.population =" \
    " x.population AND b.kind = '" kind "' AND (x." mask " >> b.number & 1) = 1 ORDER BY b.number))"

static void
people_views(sqlite3_str *out, const names *attributes, bool lived)
{
    static const char *const who[][2] = { { "x.replicate", "replicate" }, { "p.name", "population" }, { "x.row", "row" } };
    static const char *const born[][2] = { { "x.years", "years" }, { "x.household", "household" },
        { "x.representative", "representative" }, { "x.coming", "coming" } };
    static const char *const whose[][2] = { { "x.replicate", "replicate" }, { "r.name", "regime" }, { "p.name", "population" }, { "x.row", "row" } };
    static const char *const state[][2] = { { "x.points", "points" }, { "x.rating", "rating" },
        { "(SELECT name FROM label b WHERE b.regime = x.regime AND b.population = x.population AND b.kind = 'band'"
          " AND b.number = x.band)", "band" },
        { NAMES("list", "lists"), "lists" }, { NAMES("list", "ever"), "ever" }, { NAMES("list", "wrong"), "wrong" },
        { NAMES("door", "closed"), "closed" }, { NAMES("door", "open"), "open" },
        { "x.opportunities", "opportunities" }, { "x.here", "here" }, { "x.restricted_minutes", "restricted_minutes" },
        { "x.wrong_minutes", "wrong_minutes" } };

    sqlite3_str_appendall(out, "CREATE TABLE cell(_population INTEGER, _cell INTEGER");
    for (int32_t i = 0; i < attributes->count; i++) {
        sqlite3_str_appendf(out, ", \"%w\" TEXT", attributes->all[i]);
    }
    sqlite3_str_appendall(out, ", PRIMARY KEY(_population, _cell) ON CONFLICT IGNORE) WITHOUT ROWID;"
        "CREATE VIEW people AS SELECT ");
    columns(out, attributes, lived ? who : who + 1, COUNT(who) - !lived); /* a city alone has no replicates */
    person_columns(out, attributes);
    sqlite3_str_appendall(out, ", ");
    columns(out, attributes, born, COUNT(born));
    sqlite3_str_appendall(out, " FROM person x JOIN cell c ON c._population = x.population AND c._cell = x.cell"
        " JOIN population p ON p.id = x.population;"
        "CREATE VIEW final AS SELECT ");
    columns(out, attributes, whose, COUNT(whose));
    person_columns(out, attributes);
    sqlite3_str_appendall(out, ", ");
    columns(out, attributes, state, COUNT(state));
    sqlite3_str_appendall(out, " FROM panel x JOIN person q ON q.replicate = x.replicate AND q.population = x.population AND q.row = x.row"
        " JOIN cell c ON c._population = q.population AND c._cell = q.cell"
        " JOIN population p ON p.id = x.population JOIN regime r ON r.id = x.regime;");
}

/* What the value of an event means (docs/semantics.md, section 11), in words. */
static const char event_view[] =
    "CREATE VIEW log AS SELECT x.replicate, r.name AS regime, p.name AS population, x.row, x.time, k.name AS event,"
    " (SELECT name FROM label b WHERE b.regime = x.regime AND b.population = x.population AND b.kind = k.subject"
    "  AND b.number = x.subject) AS subject,"
    " CASE WHEN x.kind IN (2, 3, 4, 5, 11, 12, 13, 14, 15, 16) THEN (SELECT name FROM label b WHERE b.regime = x.regime"
    "  AND b.population IS NULL AND b.kind = 'agency' AND b.number = x.value & 65535) END AS agency,"
    " CASE WHEN x.kind IN (2, 3, 4, 5, 11, 13, 15, 16) THEN x.value >> 16 & 1 WHEN x.kind = 12 THEN 1 END AS false_record,"
    " CASE WHEN x.kind = 6 THEN x.value END AS wrong,"
    " CASE WHEN x.kind = 8 THEN x.value END AS published,"
    " CASE WHEN x.kind = 9 THEN x.value & 4294967295 END AS closed,"
    " CASE WHEN x.kind = 9 THEN x.value >> 32 & 4294967295 END AS open,"
    " CASE x.kind"
    "  WHEN 13 THEN CASE x.value >> 32 WHEN 1 THEN 'told' WHEN 2 THEN 'granted' WHEN 3 THEN 'corrected'"
    "   WHEN 4 THEN 'repaired' ELSE 'pardoned' END"
    "  WHEN 14 THEN CASE x.value >> 16 WHEN 0 THEN 'off' WHEN 1 THEN 'off, misdirected' WHEN 65536 THEN 'on'"
    "   ELSE 'on, misdirected' END"
    "  WHEN 15 THEN CASE x.value >> 32 & 1 WHEN 0 THEN 'objection' ELSE 'appeal' END"
    "  WHEN 16 THEN CASE x.value >> 32 & 1 WHEN 0 THEN 'objection ' ELSE 'appeal ' END"
    "   || CASE x.value >> 33 WHEN 0 THEN 'denied' WHEN 1 THEN 'granted' ELSE 'void' END"
    "  WHEN 17 THEN CASE WHEN x.value < 0 THEN 'paid' ELSE 'unpaid' END"
    "  WHEN 20 THEN CASE x.value WHEN 0 THEN 'off' ELSE 'on' END"
    "  WHEN 24 THEN CASE x.value >> 32 WHEN 0 THEN 'born' ELSE 'arrived' END"
    "  WHEN 26 THEN CASE x.value WHEN 0 THEN 'died' ELSE 'departed' END END AS how,"
    " CASE WHEN x.kind IN (17, 23) THEN x.value & 9223372036854775807 END AS yuan"
    " FROM event x JOIN event_kind k ON k.id = x.kind JOIN regime r ON r.id = x.regime"
    " JOIN population p ON p.id = x.population;";

int
stn__schema_make(stn__db *db, const stn_study *study, bool people, bool events, stn_error *err)
{
    names attributes;
    sqlite3_str *out = sqlite3_str_new(db->sql);
    char *statements;
    int ret;

    attributes.count = stn__attribute_names(study, attributes.all);
    sqlite3_str_appendf(out, "PRAGMA application_id = %d; PRAGMA user_version = %d; BEGIN;", STN__APPLICATION_ID,
        STN__FORMAT);
    sqlite3_str_appendall(out, tables);
    count_views(out, study);
    if (people) {
        sqlite3_str_appendall(out, people_tables);
        people_views(out, &attributes, study->regime_count > 0);
    }
    if (events) {
        sqlite3_str_appendall(out, event_tables);
        sqlite3_str_appendall(out, event_view);
    }
    statements = sqlite3_str_finish(out);
    ret = statements == NULL ? stn__fail(err, STN_E_MEMORY, "%s: no memory", db->name) : stn__db_run(db, statements, err);
    sqlite3_free(statements);
    return ret;
}
