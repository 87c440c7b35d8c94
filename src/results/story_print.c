/* SPDX-License-Identifier: Apache-2.0
 *
 * story_print.c - one made-up life for a person: who it is, what it comes to under
 * each regime, and a timeline with a column for each.
 *
 * What is the same under all regimes goes across all columns. Small things that
 * follow on each other (chances that nobody saw, closed doors knocked at) are told
 * in one sum. Where the columns would be too narrow, regimes stand one below the
 * other. */
#include "results/story.h"

#include <inttypes.h>
#include <string.h>

#include "engine/engine.h"
#include "base/text.h"

enum {
    WIDTH = 100,      /* when nobody asks for another */
    WIDTH_MIN = 40,
    COLUMN_MIN = 24,
    COLUMNS_MAX = 7,
    LABEL = 24,       /* room for "to year 200, day 365" */
    SMALL_MAX = 3 * STN_BEHAVIOURS_MAX + 2 * STN_DOORS_MAX /* small sayings that differ */
};

typedef struct page {
    FILE *out;
    const stn_story *story;
    int width;         /* of the whole */
    int label, column; /* widths; column 0: regimes one below the other */
    bool parted;
    bool failed;
} page;

static const char *
when(uint32_t time, const char *before, char text[LABEL])
{
    snprintf(text, LABEL, "%syear %u, day %u", before, (unsigned) (time / 525600 + 1),
        (unsigned) (time % 525600 / 1440 + 1));
    return text;
}

/* "2 years 41 days". */
static const char *
how_long(int64_t minutes, char text[STN__TEXT])
{
    int64_t years = minutes / 525600, days = minutes % 525600 / 1440;
    int at = 0;

    if (years == 0 && days == 0) {
        return "less than a day";
    }
    text[0] = '\0';
    if (years > 0) {
        at = snprintf(text, STN__TEXT, "%" PRId64 " year%s%s", years, years == 1 ? "" : "s", days > 0 ? " " : "");
    }
    if (days > 0) {
        snprintf(text + at, (size_t) (STN__TEXT - at), "%" PRId64 " day%s", days, days == 1 ? "" : "s");
    }
    return text;
}

static const char *
times(int64_t count, char text[STN__TEXT])
{
    char number[STN__TEXT];

    snprintf(text, STN__TEXT, count == 1 ? "once" : count == 2 ? "twice" : "%s times", stn__whole(count, number));
    return text;
}

static const char *
regime_name(const page *p, int32_t i)
{
    return stn_study_regime_name(p->story->study, p->story->tellings[i].regime);
}

/* A paragraph across the page. */
static void
paragraph_put(page *p, stn__growing *text)
{
    stn__cell_text cell = { text->text != NULL ? text->text : "", p->width };

    p->failed = p->failed || text->failed;
    stn__columns_put(p->out, &cell, 1);
    stn__growing_free(text);
}

/* -------------------------------------------------------------------- who it is */

static void
household_say(stn__growing *g, const stn__person *who)
{
    if (who->household_size == 1 && who->family) {
        stn__growing_add(g, " Lives alone.");
    } else if (who->household_size > 0) {
        stn__growing_add(g, " Lives in a %shousehold of %" PRId64 ".", who->family ? "" : "collective ", who->household_size);
    }
}

static void
representing_say(const page *p, stn__growing *g, const stn__person *who)
{
    const stn_representative_tie *tie = &p->story->study->world.representative;
    const uint32_t *representatives = stn_city_representatives(p->story->city);
    int64_t told = 0;

    if (who->representative >= 0) {
        stn__growing_add(g, " Represented by %s %" PRId64 ".", stn_study_population_name(p->story->study, tie->is),
            who->representative);
    }
    for (uint32_t row = 0; told < who->represents && told < 3; row++) {
        if (representatives[row] == p->story->row) {
            stn__growing_add(g, "%s %s %" PRIu32, told == 0 ? " Represents" : ",",
                stn_study_population_name(p->story->study, tie->of), row);
            told++;
        }
    }
    if (told > 0) {
        stn__growing_add(g, who->represents > told ? " and %" PRId64 " more." : ".", who->represents - told);
    }
}

static void
person_put(page *p)
{
    const stn_story *story = p->story;
    const stn_population *population = &story->study->world.populations[story->population];
    stn__person who = stn__person_of(story);
    stn__growing g = { NULL, 0, 0, false };
    char text[STN__TEXT], label[LABEL];

    stn__growing_add(&g, "%s %" PRIu32 ", of %s: made up, like everybody here.", population->name, story->row,
        stn__whole(stn_city_rows(story->city, story->population), text));
    paragraph_put(p, &g);
    for (int32_t a = 0; a < population->attribute_count; a++) {
        const stn_attribute *attribute = &population->attributes[a];
        stn__growing_add(&g, "%s%s %s", a > 0 ? ", " : "", attribute->name,
            attribute->levels[stn__cell_level(population, (int32_t) who.cell, a)]);
        if (attribute->has_ages && who.years >= 0) {
            stn__growing_add(&g, " (%d year%s old)", who.years, who.years == 1 ? "" : "s");
        }
    }
    stn__growing_add(&g, population->attribute_count > 0 ? "." : "Has no attributes.");
    if (who.coming > 0) {
        stn__growing_add(&g, " Comes in %s.", when(who.coming, "", label));
    }
    household_say(&g, &who);
    representing_say(p, &g, &who);
    paragraph_put(p, &g);
}

/* --------------------------------------------------------------------- in short */

/* ", all of them seen": `part` of `count`, in words where there are some. */
static void
part_say(stn__growing *g, int64_t part, int64_t count, const char *which)
{
    char text[STN__TEXT];

    if (part == 0 || count == 0) {
        return;
    }
    if (part == count) {
        stn__growing_add(g, count == 1 ? ", %s" : ", all of them %s", which);
    } else {
        stn__growing_add(g, ", %s of them %s", stn__whole(part, text), which);
    }
}

/* "Records: 4, 3 of them false.", if there are any. */
static void
count_say(stn__growing *g, const char *what, int64_t count, int64_t part, const char *which)
{
    char text[STN__TEXT];

    if (count > 0) {
        stn__growing_add(g, " %s: %s", what, stn__whole(count, text));
        part_say(g, part, count, which);
        stn__growing_add(g, ".");
    }
}

static void
restricted_say(stn__growing *g, const stn__sum *sum)
{
    char text[STN__TEXT];

    if (sum->restricted == 0) {
        stn__growing_add(g, " No door is ever closed.");
    } else {
        stn__growing_add(g, " Some door is closed for %s", how_long(sum->restricted, text));
        if (sum->wronged > 0 && sum->wronged < sum->restricted) {
            stn__growing_add(g, ", of which wrongly for %s", how_long(sum->wronged, text));
        }
        stn__growing_add(g, sum->wronged == sum->restricted ? ", wrongly all the time." : ".");
    }
    if (sum->blocked > 0) {
        stn__growing_add(g, " Turned away %s.", times(sum->blocked, text));
    }
    if (sum->refused > 0) {
        stn__growing_add(g, " Refused %s, the name being public.", times(sum->refused, text));
    }
}

static void
sum_put(page *p, int32_t i)
{
    const stn__sum *sum = &p->story->tellings[i].sum;
    stn__growing g = { NULL, 0, 0, false };
    char text[STN__TEXT], other[STN__TEXT];

    stn__growing_add(&g, "%s: takes %s of %s chances", regime_name(p, i), stn__whole(sum->acts, text),
        stn__whole(sum->chances, other));
    part_say(&g, sum->seen, sum->acts, "seen");
    stn__growing_add(&g, sum->seen == 0 && sum->acts > 0 ? ", all unseen." : ".");
    count_say(&g, "Records", sum->records + sum->false_records, sum->false_records, "false");
    count_say(&g, "Records of others in this file", sum->misfiled, 0, "");
    count_say(&g, "Times listed", sum->listings, sum->wrong_listings, "wrongly");
    restricted_say(&g, sum);
    count_say(&g, "Petitions", sum->petitions, sum->granted, "granted");
    count_say(&g, "Yuan paid in fines and debts", sum->yuan, 0, "");
    paragraph_put(p, &g);
}

static void
partings_put(page *p)
{
    const stn_story *story = p->story;
    int32_t behaviour = 0;
    uint32_t part = stn__story_parting(story), choice = stn__story_choice(story, &behaviour);
    stn__growing g = { NULL, 0, 0, false };
    char label[LABEL];

    if (story->count < 2) {
        return;
    }
    if (part == STN_NEVER) {
        stn__growing_add(&g, "The regimes never part: this life is the same under all of them.");
    } else {
        stn__growing_add(&g, "The regimes part in %s.", when(part, "", label));
        if (choice == STN_NEVER) {
            stn__growing_add(&g, " Every chance is decided alike under all of them.");
        } else {
            stn__growing_add(&g, " The first chance that is not decided alike comes in %s: %s.", when(choice, "", label),
                stn__behaviour_title(story->study, story->population, behaviour));
        }
    }
    paragraph_put(p, &g);
}

/* --------------------------------------------------------------------- timeline */

static const char *
text_of(const stn__growing *text)
{
    return text->text != NULL ? text->text : "";
}

/* The texts one below the other, regimes with the same one together. */
static void
stack_put(page *p, const char *label, const stn__growing *texts)
{
    for (int32_t i = 0; i < p->story->count; i++) {
        stn__growing g = { NULL, 0, 0, false };
        bool before = texts[i].text == NULL;
        for (int32_t j = 0; j < i; j++) {
            before = before || strcmp(text_of(&texts[j]), text_of(&texts[i])) == 0;
        }
        for (int32_t j = i; j < p->story->count && !before; j++) {
            if (strcmp(text_of(&texts[j]), text_of(&texts[i])) == 0) {
                stn__growing_add(&g, "%s%s", j == i ? "[" : ", ", regime_name(p, j));
            }
        }
        if (!before) {
            stn__growing_add(&g, "] %s", texts[i].text);
            stn__columns_put(p->out,
                (stn__cell_text[]){ { label, p->label }, { text_of(&g), p->width - p->label - 2 } }, 2);
            label = "";
        }
        p->failed = p->failed || g.failed;
        stn__growing_free(&g);
    }
}

/* One line of the timeline: a text for each regime; across if they are all one. */
static void
line_put(page *p, const char *label, stn__growing *texts)
{
    stn__cell_text cells[COLUMNS_MAX + 1] = { { label, p->label } };
    int32_t count = p->story->count;
    bool same = true;

    for (int32_t i = 0; i < count; i++) {
        p->failed = p->failed || texts[i].failed;
        same = same && strcmp(text_of(&texts[0]), text_of(&texts[i])) == 0;
    }
    if (same) {
        cells[1] = (stn__cell_text){ text_of(&texts[0]), p->width - p->label - 2 };
        stn__columns_put(p->out, cells, 2);
    } else if (p->column > 0) {
        for (int32_t i = 0; i < count; i++) {
            cells[1 + i] = (stn__cell_text){ text_of(&texts[i]), p->column };
        }
        stn__columns_put(p->out, cells, 1 + count);
    } else {
        stack_put(p, label, texts);
    }
    for (int32_t i = 0; i < count; i++) {
        stn__growing_free(&texts[i]);
    }
}

/* Whether only small things happen in a minute, and none that a comparison of
 * regimes must not drown in a sum. */
static bool
is_small(const page *p, const stn__moment *m)
{
    bool chances = false;

    for (int32_t i = 0; i < p->story->count; i++) {
        for (int32_t s = m->first[i]; s < m->end[i]; s++) {
            const stn__saying *saying = &p->story->tellings[i].sayings[s];
            if (saying->text != NULL && saying->head == NULL) {
                return false;
            }
            chances = chances || saying->event.kind == STN__EVENT_ACT || saying->event.kind == STN__REMARK_NOT_TAKEN;
        }
    }
    return !chances || stn__moment_is_same(p->story, m);
}

/* Small sayings with how often each is there. */
typedef struct tally {
    const stn__saying *sayings[SMALL_MAX];
    int64_t counts[SMALL_MAX];
    int32_t count;
} tally;

static void
tally_add(tally *t, const stn__saying *saying)
{
    int32_t at = 0;

    while (at < t->count
        && (t->sayings[at]->event.kind != saying->event.kind || t->sayings[at]->event.subject != saying->event.subject)) {
        at++;
    }
    if (at == t->count) {
        t->sayings[t->count] = saying;
        t->counts[t->count++] = 0;
    }
    t->counts[at]++;
}

/* "Head: a (twice), b. Other head: c." */
static void
tally_say(stn__growing *g, const tally *t)
{
    char text[STN__TEXT];

    for (int32_t i = 0; i < t->count; i++) {
        const char *head = t->sayings[i]->head;
        bool before = false;
        for (int32_t j = 0; j < i; j++) {
            before = before || strcmp(t->sayings[j]->head, head) == 0;
        }
        for (int32_t j = i; j < t->count && !before; j++) {
            if (strcmp(t->sayings[j]->head, head) == 0) {
                stn__growing_add(g, "%s%s%s%s", j > i ? ", " : g->size == 0 ? "" : i == 0 ? "\n" : " ", j > i ? "" : head, j > i ? "" : ": ",
                    t->sayings[j]->text);
                if (t->counts[j] > 1) {
                    stn__growing_add(g, " (%s)", times(t->counts[j], text));
                }
            }
        }
        stn__growing_add(g, before ? "" : ".");
    }
}

/* The sayings of a regime from one to another. */
static void
sayings_say(stn__growing *g, const stn__telling *telling, int32_t first, int32_t end)
{
    tally small = { .count = 0 };

    for (int32_t s = first; s < end; s++) {
        const stn__saying *saying = &telling->sayings[s];
        if (saying->head != NULL) {
            tally_add(&small, saying);
        } else if (saying->text != NULL && saying->text[0] != '\0') {
            stn__growing_add(g, "%s%s", g->size > 0 ? "\n" : "", saying->text);
        }
    }
    tally_say(g, &small);
}

/* The minutes from one to another as one line. */
static void
moments_put(page *p, const stn__moment *from, const stn__moment *to)
{
    stn__growing texts[STN__TELLINGS_MAX] = { { NULL, 0, 0, false } };
    char first[LABEL], last[LABEL], label[2 * LABEL];

    if (!p->parted && p->story->count > 1 && !stn__moment_is_same(p->story, from)) {
        p->parted = true;
        stn__columns_put(p->out,
            (stn__cell_text[]){ { "", p->label }, { "---- here the regimes part ----", p->width - p->label - 2 } }, 2);
    }
    for (int32_t i = 0; i < p->story->count; i++) {
        sayings_say(&texts[i], &p->story->tellings[i], from->first[i], to->end[i]);
    }
    when(from->time, "", first);
    snprintf(label, sizeof label, "%s", first);
    if (strcmp(first, when(to->time, "", last)) != 0) {
        snprintf(label, sizeof label, "%s\n%s", first, when(to->time, "to ", last));
    }
    line_put(p, label, texts);
}

static void
end_say(const page *p, int32_t i, stn__growing *g)
{
    const stn__telling *t = &p->story->tellings[i];
    const stn_regime *regime = &p->story->study->regimes[t->regime];
    const stn__sum *sum = &t->sum;
    char text[STN__TEXT];
    bool any = false;

    stn__growing_add(g, sum->gone ? "At the end of this life:" : "The study ends:");
    if (sum->rated) {
        stn__growing_add(g, " rating %s", stn__whole(sum->rating, text));
        if (sum->band >= 0) {
            stn__growing_add(g, " (%s)", stn__rating_of(regime, p->story->population)->bands[sum->band].name);
        }
        stn__growing_add(g, ";");
    }
    for (int32_t l = 0; l < STN_LISTS_MAX; l++) {
        if ((sum->on >> l & 1) != 0) {
            const stn_list *list = stn__list_of(regime, p->story->population, l);
            stn__growing_add(g, "%s%s", any ? ", " : " on ", stn__title(list->title, list->name));
            any = true;
        }
    }
    stn__growing_add(g, any ? ";" : " on no list;");
    any = false;
    for (int32_t d = 0; d < STN_DOORS_MAX; d++) {
        if ((sum->closed >> d & 1) != 0) {
            const stn_door *door = stn__door_of(p->story->study, p->story->population, d);
            stn__growing_add(g, "%s%s", any ? ", " : " closed: ", stn__title(door->title, door->name));
            any = true;
        }
    }
    stn__growing_add(g, any ? "." : " no door closed.");
    for (int32_t n = 0; n < sum->still_count; n++) {
        const stn_list *list = stn__list_of(regime, p->story->population, sum->still[n].list);
        const stn_agency *agency = &regime->agencies[sum->still[n].agency];
        stn__growing_add(g, "%s%s (%s)", n == 0 ? " Wrongly believed to be listed by: " : ", ",
            stn__title(agency->title, agency->name), stn__title(list->title, list->name));
    }
    stn__growing_add(g, sum->still_count > 0 ? "." : "");
}

static void
timeline_put(page *p)
{
    stn__growing texts[STN__TELLINGS_MAX] = { { NULL, 0, 0, false } };
    stn__moment now = { .time = 0 }, next;
    stn__person who = stn__person_of(p->story);
    char label[LABEL];
    uint32_t end = 0;

    for (int32_t i = 0; i < p->story->count; i++) {
        stn__growing_add(&texts[i], "%s", p->story->tellings[i].start);
        end = p->story->tellings[i].sum.end > end ? p->story->tellings[i].sum.end : end;
    }
    line_put(p, when(who.coming, "", label), texts);
    for (bool more = stn__moment_next(p->story, &now); more;) {
        stn__moment from = now;
        bool small = is_small(p, &now);
        next = now;
        while ((more = stn__moment_next(p->story, &next)) && small && is_small(p, &next)) {
            now = next;
        }
        moments_put(p, &from, &now);
        now = next;
    }
    for (int32_t i = 0; i < p->story->count; i++) {
        end_say(p, i, &texts[i]);
    }
    line_put(p, when(end - (end > 0), "", label), texts);
}

static void
names_put(page *p)
{
    stn__cell_text cells[COLUMNS_MAX + 1] = { { "", p->label } };

    if (p->column == 0 || p->story->count < 2) {
        return;
    }
    for (int32_t i = 0; i < p->story->count; i++) {
        cells[1 + i] = (stn__cell_text){ regime_name(p, i), p->column };
    }
    stn__columns_put(p->out, cells, 1 + p->story->count);
}

int
stn_story_print(FILE *out, const stn_story *story, int32_t width, stn_error *err)
{
    page p = { .out = out, .story = story, .width = width == 0 ? WIDTH : width < WIDTH_MIN ? WIDTH_MIN : width };
    char last[LABEL];
    int room;

    p.label = (int) strlen(when(story->study->horizon, "to ", last));
    p.label = p.label < 18 ? 18 : p.label;
    room = (p.width - p.label - 2 * story->count) / (story->count > 0 ? story->count : 1);
    p.column = story->count <= COLUMNS_MAX && room >= COLUMN_MIN ? room : 0;
    person_put(&p);
    putc('\n', out);
    for (int32_t i = 0; i < story->count; i++) {
        sum_put(&p, i);
    }
    partings_put(&p);
    putc('\n', out);
    names_put(&p);
    timeline_put(&p);
    return p.failed ? stn__fail(err, STN_E_MEMORY, "no memory to tell a life") : 0;
}
