/* SPDX-License-Identifier: Apache-2.0
 *
 * measured.c - what a run measured that bears on a criterion, from the counters of a
 * result file, of natural persons only. Where no counter tells, that is said. */
#include "audit/inside.h"

#include <string.h>

#include "results/database.h"
#include "base/text.h"

enum { FIGURES_MAX = 64 };

typedef struct reading {
    stn_audit *audit;
    stn__db db;
    stn_error *err;
    int ret;
    int64_t regime, last; /* numbers in the file */
    stn__figure_found *all;
    int32_t count;
} reading;

static void
figure_add(
    reading *r, stn__figure figure, const char *name, const char *counters, bool known, double value, const char *text)
{
    STN_INVARIANT(r->count < FIGURES_MAX);
    r->all[r->count++] = (stn__figure_found){ figure, text, counters, name, known, known ? value : 0 };
}

/* The number that a query about one regime (?1) and, if it says so, the last window (?2) gives. */
static double
ask(reading *r, const char *query)
{
    sqlite3_stmt *each = NULL;
    double value = 0;
    int step;

    if (r->ret != 0 || (r->ret = stn__db_prepare(&r->db, query, &each, r->err)) != 0) {
        return 0;
    }
    sqlite3_bind_int64(each, 1, r->regime);
    if (sqlite3_bind_parameter_count(each) > 1) {
        sqlite3_bind_int64(each, 2, r->last);
    }
    step = sqlite3_step(each);
    if (step == SQLITE_ROW) {
        value = sqlite3_column_double(each, 0);
    } else if (step != SQLITE_DONE) {
        r->ret = stn__db_fail(&r->db, r->err);
    }
    sqlite3_finalize(each);
    return value;
}

/* Populations that are natural persons, as SQL has a set. */
static const char *
persons_set(reading *r)
{
    const char *set = "-1";

    for (int32_t p = 0; p < r->audit->c.study->world.population_count; p++) {
        if (r->audit->c.persons[p]) {
            set = stn__case_text(&r->audit->c, "%s, %d", set, (int) p);
        }
    }
    return set;
}

/* What was counted in all; of a stock, at the end. `more` is a further condition. */
static double
counted(reading *r, const char *name, bool stock, const char *more)
{
    return ask(r,
        stn__case_text(&r->audit->c,
            "SELECT sum(s.value) FROM series s JOIN counter c ON c.id = s.counter AND"
            " c.population = s.population WHERE s.regime = ?1 AND c.name = '%s' AND s.population IN (%s)%s%s",
            name, persons_set(r), stock ? " AND s.window = ?2" : "", more));
}

static const char *
number(reading *r, double value)
{
    char text[STN__TEXT];

    return stn__case_text(&r->audit->c, "%s", stn__decimal(value, text));
}

static const char *
whole(reading *r, double value)
{
    char text[STN__TEXT];

    return stn__case_text(&r->audit->c, "%s", stn__whole((int64_t) value, text));
}

static double
years(double minutes)
{
    return minutes / STN_MINUTES_PER_YEAR;
}

/* A condition that leaves only some lists of persons, by what `wanted` says. */
static const char *
lists_set(reading *r, bool published)
{
    const stn_regime *regime = r->audit->c.regime;
    const char *set = "''";

    for (int32_t l = 0; l < regime->list_count; l++) {
        if (regime->lists[l].kind == STN_BLACKLIST
            && (!published || regime->lists[l].publish.value < (double) STN_NEVER)) {
            set = stn__case_text(&r->audit->c, "%s, '%s'", set, regime->lists[l].name);
        }
    }
    return stn__case_text(&r->audit->c, " AND c.subject IN (%s)", set);
}

static void
restricted_read(reading *r)
{
    double minutes = counted(r, "restricted_minutes", false, ""), ever = counted(r, "restricted_first", false, "");
    double wrong = counted(r, "wrong_minutes", false, ""), now = counted(r, "restricted_stock", true, "");

    figure_add(r, STN__RESTRICTED, "restricted_person_years", "restricted_minutes", true, years(minutes),
        stn__case_text(&r->audit->c, "%s person-years with a door closed", number(r, years(minutes))));
    figure_add(r, STN__RESTRICTED, "ever_restricted", "restricted_first", true, ever,
        stn__case_text(&r->audit->c, "%s persons to whom a door ever closed", whole(r, ever)));
    figure_add(r, STN__WRONGLY, "wrongly_restricted_person_years", "wrong_minutes", true, years(wrong),
        stn__case_text(&r->audit->c, "%s person-years with a door closed that would be open but for false records",
            number(r, years(wrong))));
    wrong = counted(r, "list_wrong_minutes", false, lists_set(r, false));
    figure_add(r, STN__WRONGLY, "wrongly_listed_person_years", "list_wrong_minutes", true, years(wrong),
        stn__case_text(&r->audit->c, "%s person-years on blacklists for false records", number(r, years(wrong))));
    if (ever > 0) {
        figure_add(r, STN__RETURNED, "restricted_at_the_end_share", "restricted_stock, restricted_first", true,
            now / ever,
            stn__case_text(
                &r->audit->c, "%s %% of those ever restricted are so at the end", number(r, 100 * now / ever)));
    }
    figure_add(r, STN__RETURNED, "never_returned_share", "", false, 0,
        "how many of them never return, no counter tells: a run ends, and who goes and comes back is not followed");
    if (ever == 0) {
        figure_add(r, STN__RETURNED, "restricted_at_the_end_share", "restricted_first", false, 0,
            "nobody was ever restricted");
    }
}

static void
suspected_read(reading *r)
{
    double true_ones = counted(r, "cleared", false, ""), false_ones = counted(r, "false_cleared", false, "");

    figure_add(r, STN__SUSPECTED, "records_cleared", "cleared, false_cleared", true, true_ones + false_ones,
        stn__case_text(&r->audit->c, "%s records cleared by a verdict, %s of them false ones",
            whole(r, true_ones + false_ones), whole(r, false_ones)));
    figure_add(r, STN__SUSPECTED, "cleared_after_restriction_person_years", "", false, 0,
        "person-years restricted on suspicion and later cleared, no counter tells: doors are counted without the "
        "record that closed them");
}

static void
contested_read(reading *r)
{
    static const char *const stages[] = { "objections", "appeals" };

    for (int s = 0; s < 2; s++) {
        stn__case *c = &r->audit->c;
        double filed = counted(r, stn__case_text(c, "%s_filed", stages[s]), false, "");
        double granted = counted(r, stn__case_text(c, "%s_granted", stages[s]), false, "");
        double denied = counted(r, stn__case_text(c, "%s_denied", stages[s]), false, "");
        double void_ones = counted(r, stn__case_text(c, "%s_void", stages[s]), false, "");
        double wait = counted(r, stn__case_text(c, "%s_wait_minutes", stages[s]), false, "");
        double decided = granted + denied + void_ones;
        if (filed == 0) {
            figure_add(r, STN__CONTESTED, stn__case_text(c, "%s_granted_share", stages[s]),
                stn__case_text(c, "%s_filed", stages[s]), false, 0, stn__case_text(c, "no %s were filed", stages[s]));
            continue;
        }
        figure_add(r, STN__CONTESTED, stn__case_text(c, "%s_filed", stages[s]),
            stn__case_text(c, "%s_filed", stages[s]), true, filed,
            stn__case_text(c, "%s %s filed", whole(r, filed), stages[s]));
        if (granted + denied > 0) {
            figure_add(r, STN__CONTESTED, stn__case_text(c, "%s_granted_share", stages[s]),
                stn__case_text(c, "%s_granted, %s_denied", stages[s], stages[s]), true, granted / (granted + denied),
                stn__case_text(c, "%s %% of those decided granted", number(r, 100 * granted / (granted + denied))));
        }
        if (decided > 0) {
            figure_add(r, STN__CONTESTED, stn__case_text(c, "%s_wait_days", stages[s]),
                stn__case_text(c, "%s_wait_minutes", stages[s]), true, wait / decided / 1440,
                stn__case_text(c, "%s days waited for a desk, in the mean", number(r, wait / decided / 1440)));
        }
    }
}

static void
named_read(reading *r)
{
    double published = counted(r, "list_published", false, lists_set(r, true));
    double archived = counted(r, "archived_stock", true, lists_set(r, true));

    figure_add(r, STN__NAMED, "names_published", "list_published", true, published,
        stn__case_text(&r->audit->c, "%s names newly published on blacklists", whole(r, published)));
    figure_add(r, STN__NAMED, "names_archived", "archived_stock", true, archived,
        stn__case_text(&r->audit->c, "%s names still public at the end though off the list", whole(r, archived)));
}

static void
blocked_read(reading *r)
{
    const stn_world *world = &r->audit->c.study->world;

    for (int32_t d = 0; d < world->door_count && r->count < FIGURES_MAX - 24; d++) {
        double blocked;
        if (!r->audit->c.persons[world->doors[d].population] || world->doors[d].kind != STN_RIGHT) {
            continue;
        }
        blocked = counted(
            r, "blocked", false, stn__case_text(&r->audit->c, " AND c.subject = '%s'", world->doors[d].name));
        if (blocked > 0) {
            figure_add(r, STN__BLOCKED, stn__case_text(&r->audit->c, "blocked_%s", world->doors[d].name), "blocked",
                true, blocked,
                stn__case_text(&r->audit->c, "%s attempts blocked at %s", whole(r, blocked), world->doors[d].name));
        }
    }
}

static void
unequal_read(reading *r)
{
    const char *each = stn__case_text(&r->audit->c,
        "(SELECT CAST(coalesce((SELECT sum(s.value) FROM series s JOIN counter c ON"
        " c.id = s.counter AND c.population = s.population WHERE s.regime = ?1 AND c.name = 'restricted_minutes' AND"
        " s.population = g.population AND s.grp = g.grp), 0) AS REAL) / g.people AS x FROM group_size g WHERE g.people "
        "> 0 AND"
        " g.population IN (%s))",
        persons_set(r));
    double least = ask(r, stn__case_text(&r->audit->c, "SELECT min(x) FROM %s WHERE ?1 >= 0", each));
    double most = ask(r, stn__case_text(&r->audit->c, "SELECT max(x) FROM %s WHERE ?1 >= 0", each));
    double groups = ask(r, stn__case_text(&r->audit->c, "SELECT count(*) FROM %s WHERE ?1 >= 0", each));

    if (groups < 2 || most <= 0) {
        figure_add(r, STN__UNEQUAL, "restricted_most_over_least", "restricted_minutes", false, 0,
            groups < 2 ? "the study parts nobody into groups (`by`)" : "nobody was restricted");
    } else if (least <= 0) {
        figure_add(r, STN__UNEQUAL, "restricted_most_over_least", "restricted_minutes", false, 0,
            stn__case_text(&r->audit->c, "of %s groups, some are never restricted, and one for %s days a person",
                whole(r, groups), number(r, most / 1440)));
    } else {
        figure_add(r, STN__UNEQUAL, "restricted_most_over_least", "restricted_minutes", true, most / least,
            stn__case_text(&r->audit->c,
                "of %s groups, the one restricted longest is so %s times as long a person as the least",
                whole(r, groups), number(r, most / least)));
    }
}

static void
rest_read(reading *r)
{
    static const char *const ends[] = { "settled", "corrected", "repaired", "pardoned" };
    double mistaken = counted(r, "mistaken_minutes", false, ""), rated = counted(r, "band", true, "");
    double listed = counted(r, "list_first", false, lists_set(r, false)),
           lost = counted(r, "clearings_lost", false, "");

    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        double count = counted(r, ends[i], false, "");
        figure_add(r, STN__MENDED, stn__case_text(&r->audit->c, "records_%s", ends[i]), ends[i], true, count,
            stn__case_text(&r->audit->c, "%s records %s", whole(r, count), ends[i]));
    }
    figure_add(r, STN__MISTAKEN, "mistaken_person_years", "mistaken_minutes", true, years(mistaken),
        stn__case_text(
            &r->audit->c, "%s person-years restricted by somebody else's record", number(r, years(mistaken))));
    figure_add(r, STN__MISTAKEN, "clearings_lost", "clearings_lost", true, lost,
        stn__case_text(&r->audit->c, "%s ends of records or listings that an agency never heard of", whole(r, lost)));
    figure_add(r, STN__RATED, "rated", "band", true, rated,
        stn__case_text(&r->audit->c, "%s persons rated in some band at the end", whole(r, rated)));
    figure_add(r, STN__LISTED, "ever_listed", "list_first", true, listed,
        stn__case_text(&r->audit->c, "%s first entries on blacklists", whole(r, listed)));
}

/* The number of the regime in the file, by its name. */
static void
regime_find(reading *r)
{
    sqlite3_stmt *each = NULL;
    int step;

    if ((r->ret = stn__db_prepare(&r->db, "SELECT id FROM regime WHERE name = ?1", &each, r->err)) != 0) {
        return;
    }
    sqlite3_bind_text(each, 1, r->audit->c.regime->name, -1, SQLITE_STATIC);
    step = sqlite3_step(each);
    if (step == SQLITE_ROW) {
        r->regime = sqlite3_column_int64(each, 0);
    } else if (step == SQLITE_DONE) {
        r->ret = stn__fail(r->err, STN_E_ARGUMENT, "%s: it has no regime '%s'", r->db.name, r->audit->c.regime->name);
    } else {
        r->ret = stn__db_fail(&r->db, r->err);
    }
    sqlite3_finalize(each);
}

int
stn__figures_read(stn_audit *audit, const char *path, stn_error *err)
{
    reading r = { .audit = audit, .err = err, .all = stn__arena_take(audit->arena, FIGURES_MAX, sizeof *r.all) };
    const char *name = stn__arena_text(audit->arena, path, strlen(path));

    if (r.all == NULL || name == NULL) {
        return stn__fail(err, STN_E_MEMORY, "no memory for an audit");
    }
    if ((r.ret = stn__db_open(name, &r.db, err)) != 0) {
        return r.ret;
    }
    regime_find(&r);
    r.last = (int64_t) ask(&r, "SELECT max(id) FROM window WHERE ?1 >= 0");
    restricted_read(&r);
    suspected_read(&r);
    contested_read(&r);
    named_read(&r);
    blocked_read(&r);
    unequal_read(&r);
    rest_read(&r);
    stn__db_close(&r.db);
    audit->measured = r.ret == 0;
    audit->result = name;
    audit->figures = r.all;
    audit->figure_count = r.count;
    return r.ret;
}
