/* SPDX-License-Identifier: Apache-2.0
 *
 * story_json.c - one made-up life for a program: every event, decoded, by name. */
#include "results/story.h"

#include <inttypes.h>

#include "base/version.h"
#include "engine/engine.h"
#include "base/text.h"

/* What an event's subject and value mean. */
typedef enum { NOTHING, BEHAVIOUR, LIST, DOOR } subject_kind;

static const struct {
    int32_t kind;
    const char *name;
    subject_kind subject;
} kinds[] = {
    { STN__EVENT_ACT, "act", BEHAVIOUR }, { STN__EVENT_BORN, "record", BEHAVIOUR },
    { STN__EVENT_CONFIRMED, "confirmed", BEHAVIOUR }, { STN__EVENT_CLEARED, "cleared", BEHAVIOUR },
    { STN__EVENT_SETTLED, "settled", BEHAVIOUR }, { STN__EVENT_ENTERED, "list_entered", LIST },
    { STN__EVENT_LEFT, "list_left", LIST }, { STN__EVENT_PUBLISHED, "published", LIST },
    { STN__EVENT_DOORS, "doors", NOTHING }, { STN__EVENT_BLOCKED, "blocked", DOOR },
    { STN__EVENT_COPY, "copy", BEHAVIOUR }, { STN__EVENT_MISFILED, "misfiled", BEHAVIOUR },
    { STN__EVENT_ENDED, "ended", BEHAVIOUR }, { STN__EVENT_NOTICE, "notice", LIST },
    { STN__EVENT_FILED, "petition_filed", BEHAVIOUR }, { STN__EVENT_DECIDED, "petition_decided", BEHAVIOUR },
    { STN__EVENT_FINE, "fine", BEHAVIOUR }, { STN__EVENT_REFUSED, "refused", DOOR },
    { STN__EVENT_TIE, "tie", NOTHING }, { STN__EVENT_ARCHIVE, "archived", LIST },
    { STN__EVENT_REVIEW, "review", NOTHING }, { STN__EVENT_REDEEMED, "redeemed", NOTHING },
    { STN__EVENT_PAID, "debt_paid", BEHAVIOUR }, { STN__EVENT_CAME, "came", NOTHING },
    { STN__EVENT_AGED, "aged", NOTHING }, { STN__EVENT_WENT, "went", NOTHING },
    { STN__REMARK_NOT_TAKEN, "not_taken", BEHAVIOUR }, { STN__REMARK_SEEN, "seen", BEHAVIOUR },
    { STN__REMARK_RATING, "rating", NOTHING }, { STN__REMARK_SENT, "sent", BEHAVIOUR },
    { STN__REMARK_UNPAID, "not_paid", BEHAVIOUR },
};

typedef struct sheet {
    FILE *out;
    const stn_story *story;
    const stn_regime *regime;
} sheet;

static const char *
subject_name(const sheet *s, subject_kind kind, int32_t number)
{
    switch (kind) {
    case BEHAVIOUR:
        return stn__behaviour_of(s->story->study, s->story->population, number)->name;
    case LIST:
        return stn__list_of(s->regime, s->story->population, number)->name;
    case DOOR:
        return stn__door_of(s->story->study, s->story->population, number)->name;
    default:
        return NULL;
    }
}

static void
names_put(const sheet *s, const char *key, subject_kind kind, uint32_t mask)
{
    bool first = true;

    fprintf(s->out, ", \"%s\": [", key);
    for (int32_t bit = 0; bit < 32; bit++) {
        if ((mask >> bit & 1) != 0) {
            fputs(first ? "" : ", ", s->out);
            stn__json_text(s->out, subject_name(s, kind, bit));
            first = false;
        }
    }
    putc(']', s->out);
}

static void
bool_put(const sheet *s, const char *key, bool value)
{
    fprintf(s->out, ", \"%s\": %s", key, value ? "true" : "false");
}

static void
whole_put(const sheet *s, const char *key, int64_t value)
{
    fprintf(s->out, ", \"%s\": %" PRId64, key, value);
}

static void
agency_put(const sheet *s, uint64_t number)
{
    stn__json_pair(s->out, false, "agency", s->regime->agencies[number].name);
}

static void
band_put(const sheet *s, int32_t band)
{
    const stn_rating *rating = stn__rating_of(s->regime, s->story->population);

    if (band >= 0 && rating != NULL) {
        stn__json_pair(s->out, false, "band", rating->bands[band].name);
    }
}

/* Records and what becomes of them. */
static void
record_value_put(const sheet *s, const stn_event *e)
{
    static const char *const how[] = { "", "told", "granted", "corrected", "repaired", "pardoned" };
    static const char *const outcomes[] = { "denied", "granted", "void" };
    static const char *const fates[] = { "lost", "misdirected", "right" };

    agency_put(s, e->value & 0xffff);
    switch (e->kind) {
    case STN__REMARK_SEEN:
        return;
    case STN__REMARK_SENT:
        stn__json_pair(s->out, false, "fate", fates[e->value >> 32]);
        return;
    case STN__EVENT_NOTICE:
        bool_put(s, "mistaken", (e->value >> 16 & 1) != 0);
        bool_put(s, "listed", e->value >> 32 != 0);
        return;
    case STN__EVENT_ENDED:
        stn__json_pair(s->out, false, "how", how[e->value >> 32]);
        break;
    case STN__EVENT_FILED:
    case STN__EVENT_DECIDED:
        stn__json_pair(s->out, false, "stage", (e->value >> 32 & 1) != 0 ? "appeal" : "objection");
        if (e->kind == STN__EVENT_DECIDED) {
            stn__json_pair(s->out, false, "outcome", outcomes[e->value >> 33]);
        }
        break;
    default:
        break;
    }
    bool_put(s, "false_record", (e->value >> 16 & 1) != 0);
}

static void
value_put(const sheet *s, const stn_event *e)
{
    switch (e->kind) {
    case STN__EVENT_BORN: case STN__EVENT_CONFIRMED: case STN__EVENT_CLEARED: case STN__EVENT_SETTLED:
    case STN__EVENT_COPY: case STN__EVENT_MISFILED: case STN__EVENT_ENDED: case STN__EVENT_NOTICE:
    case STN__EVENT_FILED: case STN__EVENT_DECIDED: case STN__REMARK_SEEN: case STN__REMARK_SENT:
        record_value_put(s, e);
        break;
    case STN__EVENT_ENTERED:
        bool_put(s, "wrong", e->value != 0);
        break;
    case STN__EVENT_PUBLISHED: case STN__EVENT_ARCHIVE:
        bool_put(s, "now", e->value != 0);
        break;
    case STN__EVENT_DOORS:
        names_put(s, "closed", DOOR, (uint32_t) e->value);
        names_put(s, "open", DOOR, (uint32_t) (e->value >> 32));
        break;
    case STN__EVENT_FINE:
        bool_put(s, "paid", e->value >> 63 != 0);
        whole_put(s, "yuan", (int64_t) (e->value & ~(1ull << 63)));
        break;
    case STN__EVENT_PAID:
        whole_put(s, "yuan", (int64_t) e->value);
        break;
    case STN__EVENT_TIE:
        whole_put(s, "count", (int64_t) e->value);
        break;
    case STN__EVENT_WENT:
        stn__json_pair(s->out, false, "how", e->value == 0 ? "died" : "departed");
        break;
    case STN__EVENT_CAME:
        stn__json_pair(s->out, false, "how", e->value >> 32 == 0 ? "born" : "arrived");
        break;
    case STN__REMARK_RATING:
        whole_put(s, "rating", (int32_t) (uint32_t) e->value);
        band_put(s, (int32_t) (e->value >> 32) - 1);
        break;
    default:
        break;
    }
}

static void
event_put(const sheet *s, const stn__saying *saying)
{
    const stn_event *e = &saying->event;

    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        const char *subject;
        if (kinds[k].kind != e->kind) {
            continue;
        }
        fprintf(s->out, "{\"time\": %" PRIu32 ", \"year\": %u, \"day\": %u", e->time, e->time / 525600 + 1,
            e->time % 525600 / 1440 + 1);
        stn__json_pair(s->out, false, "kind", kinds[k].name);
        subject = subject_name(s, kinds[k].subject, e->subject);
        if (subject != NULL) {
            stn__json_pair(s->out, false, "subject", subject);
        }
        value_put(s, e);
        if (saying->text != NULL) {
            fputs(", \"text\": ", s->out);
            if (saying->head != NULL) {
                stn__growing text = { NULL, 0, 0, false };
                stn__growing_add(&text, "%s: %s.", saying->head, saying->text);
                stn__json_text(s->out, text.text != NULL ? text.text : "");
                stn__growing_free(&text);
            } else {
                stn__json_text(s->out, saying->text);
            }
        }
        putc('}', s->out);
    }
}

static void
telling_put(const sheet *s, const stn__telling *telling)
{
    const stn__sum *sum = &telling->sum;

    fputs("\n    {", s->out);
    stn__json_pair(s->out, true, "name", stn_study_regime_name(s->story->study, telling->regime));
    stn__json_pair(s->out, false, "title", stn_study_regime_title(s->story->study, telling->regime));
    stn__json_pair(s->out, false, "start", telling->start);
    fputs(",\n     \"events\": [", s->out);
    for (int32_t i = 0; i < telling->count; i++) {
        fputs(i > 0 ? ",\n       " : "\n       ", s->out);
        event_put(s, &telling->sayings[i]);
    }
    fprintf(s->out, "],\n     \"end\": {\"time\": %" PRIu32, sum->end);
    bool_put(s, "gone", sum->gone);
    if (sum->rated) {
        whole_put(s, "rating", sum->rating);
        band_put(s, sum->band);
    }
    names_put(s, "lists", LIST, sum->on);
    names_put(s, "closed", DOOR, sum->closed);
    names_put(s, "open", DOOR, sum->open);
    fputs(", \"still_told\": [", s->out);
    for (int32_t n = 0; n < sum->still_count; n++) {
        fputs(n > 0 ? ", {" : "{", s->out);
        stn__json_pair(s->out, true, "list", subject_name(s, LIST, sum->still[n].list));
        stn__json_pair(s->out, false, "agency", s->regime->agencies[sum->still[n].agency].name);
        putc('}', s->out);
    }
    putc(']', s->out);
    fprintf(s->out, "},\n     \"sums\": {\"chances\": %" PRId64, sum->chances);
    whole_put(s, "acts", sum->acts);
    whole_put(s, "acts_seen", sum->seen);
    whole_put(s, "records", sum->records);
    whole_put(s, "false_records", sum->false_records);
    whole_put(s, "misfiled", sum->misfiled);
    whole_put(s, "listings", sum->listings);
    whole_put(s, "wrong_listings", sum->wrong_listings);
    whole_put(s, "blocked", sum->blocked);
    whole_put(s, "refused", sum->refused);
    whole_put(s, "petitions", sum->petitions);
    whole_put(s, "petitions_granted", sum->granted);
    whole_put(s, "yuan_paid", sum->yuan);
    whole_put(s, "restricted_minutes", sum->restricted);
    if (sum->wronged >= 0) {
        whole_put(s, "wrong_minutes", sum->wronged);
    }
    fputs("}}", s->out);
}

static void
person_put(const sheet *s)
{
    const stn_story *story = s->story;
    stn__person person = stn__person_of(story);
    const stn_population *population = &story->study->world.populations[story->population];

    fputs("\"made_up\": true, \"person\": {", s->out);
    stn__json_pair(s->out, true, "population", population->name);
    whole_put(s, "row", story->row);
    fputs(", \"levels\": {", s->out);
    for (int32_t a = 0; a < population->attribute_count; a++) {
        int32_t level = stn__cell_level(population, (int32_t) person.cell, a);
        stn__json_pair(s->out, a == 0, population->attributes[a].name, population->attributes[a].levels[level]);
    }
    putc('}', s->out);
    if (person.coming > 0) {
        whole_put(s, "coming", person.coming);
    }
    if (person.years >= 0) {
        whole_put(s, "years", person.years);
    }
    if (person.household_size > 0) {
        whole_put(s, "household_size", person.household_size);
        bool_put(s, "family", person.family);
    }
    if (person.represents > 0) {
        whole_put(s, "represents", person.represents);
    }
    if (person.representative >= 0) {
        whole_put(s, "representative", person.representative);
    }
    putc('}', s->out);
}

/* A time, or null if it never comes. */
static void
time_put(const sheet *s, const char *key, uint32_t time)
{
    if (time == STN_NEVER) {
        fprintf(s->out, ", \"%s\": null", key);
    } else {
        whole_put(s, key, time);
    }
}

void
stn_story_json(FILE *out, const stn_story *story)
{
    sheet s = { out, story, NULL };
    const stn_study *study = story->study;

    fputs("{", out);
    stn__json_pair(out, true, "software", "standing");
    stn__json_pair(out, false, "version", stn__version());
    fprintf(out, ", \"results_epoch\": %d,\n  ", (int) stn__results_epoch());
    stn__json_pair(out, true, "study", stn_study_title(study));
    fprintf(out, ", \"years\": %.17g, \"scale\": %.17g, \"seed\": %" PRIu64 ", \"horizon_minutes\": %" PRIu32 ",\n  ",
        stn_study_years(study), stn_study_scale(study), stn_study_seed(study), stn_study_horizon_minutes(study));
    person_put(&s);
    time_put(&s, "parting", stn__story_parting(story));
    time_put(&s, "first_other_choice", stn__story_choice(story, NULL));
    fputs(",\n  \"regimes\": [", out);
    for (int32_t i = 0; i < story->count; i++) {
        s.regime = &study->regimes[story->tellings[i].regime];
        fputs(i > 0 ? "," : "", out);
        telling_put(&s, &story->tellings[i]);
    }
    fputs("]\n}\n", out);
}
