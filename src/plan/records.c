/* SPDX-License-Identifier: Apache-2.0
 *
 * records.c - how records live: behaviours, detections, fines, record types.
 *
 * A record type is a behaviour, the agency that made the record (origin) and
 * the one that holds it, and the fine that it stems from, if any. What a record
 * of it counts for changes only at birth, notice, verdict and forgetting, all at
 * fixed times after birth, so a table of steps says it all and a record in the
 * engine needs just its step and its status.
 *
 * Types are numbered thus: first all roots, in the order in which behaviours'
 * detections, false records and fines' consequences name their pairs of
 * behaviour and agency; then root by root, in the order of the ways, a copy and
 * a misfiled root for each agency reached (of a root that stems from a fine just
 * a copy: what is misfiled of it is like any other). */
#include "plan/inside.h"

#include <string.h>

static const stn_points *
points_of(const stn_rating *rating, int32_t behaviour)
{
    for (int32_t p = 0; rating != NULL && p < rating->points_count; p++) {
        if (rating->points[p].behaviour == behaviour) {
            return &rating->points[p];
        }
    }
    return NULL;
}

static const stn_adjudication *
adjudication_of(const stn_regime *regime, int32_t behaviour, int32_t agency)
{
    const stn_adjudication *found = NULL;

    for (int32_t a = 0; a < regime->adjudication_count; a++) {
        const stn_adjudication *one = &regime->adjudications[a];
        if (one->behaviour == behaviour && one->agency == agency) {
            return one;
        }
        if (one->behaviour == behaviour && one->agency == STN_NONE) {
            found = one;
        }
    }
    return found;
}

static const stn_fine *
fine_of(const stn_regime *regime, int32_t behaviour, int32_t agency)
{
    const stn_fine *found = NULL;

    for (int32_t f = 0; f < regime->fine_count; f++) {
        const stn_fine *one = &regime->fines[f];
        if (one->behaviour == behaviour && one->agency == agency) {
            return one;
        }
        if (one->behaviour == behaviour && one->agency == STN_NONE) {
            found = one;
        }
    }
    return found;
}

/* Adds an offset to a rising list without doubles; finite ones only. */
static int32_t
offset_add(uint32_t *offsets, int32_t count, uint32_t offset)
{
    int32_t at = 0;

    if (offset == STN_NEVER) {
        return count;
    }
    while (at < count && offsets[at] < offset) {
        at++;
    }
    if (at < count && offsets[at] == offset) {
        return count;
    }
    memmove(offsets + at + 1, offsets + at, (size_t) (count - at) * sizeof *offsets);
    offsets[at] = offset;
    return count + 1;
}

/* ------------------------------------------------------------------- types */

/* What is at hand while the records of one population are compiled. */
typedef struct builder {
    stn__plan *plan;
    int32_t number;               /* of the population */
    stn__population_plan *p;
    const stn_rating *rating;     /* or NULL */
    stn__term terms[STN_TERMS_MAX];
    stn__record_type *types;      /* room for `room` of them */
    int32_t room;
    int32_t root_count;
    int32_t *copies;              /* [root]: its first copy */
    stn__fine_plan *fines;
    const stn_fine **fine_entries; /* [fine] of the plan */
} builder;

/* A node of the engine names a record's type in 16 bits. */
enum { TYPES_MAX = 65536 };

/* Number of a behaviour in the world by its number in the population. */
static int32_t
behaviour_number(const builder *b, int32_t local)
{
    const stn_world *world = &b->plan->study->world;
    int32_t number = 0;

    while (world->behaviours[number].population != b->number || world->behaviours[number].local != local) {
        number++;
    }
    return number;
}

static uint32_t
notice_of(const builder *b, int32_t behaviour, int32_t agency)
{
    int32_t entry = stn__process_of(b->plan, behaviour, agency);

    return entry != STN_NONE ? b->p->processes[entry].notice : 0;
}

/* What a type's records count for, by their age. */
typedef struct life_span {
    uint32_t effect;              /* counts for nothing before */
    uint32_t verdict;             /* STN_NEVER: confirmed at birth */
    uint32_t forget;              /* of points */
    bool points;
} life_span;

/* Whether a viewer (of a term or the rating) sees a type's records. */
static bool
sees(int32_t viewer, const stn__record_type *type)
{
    return viewer == STN_NONE ? type->kind != STN__COPY : viewer == type->agency;
}

static bool
term_counts(const stn__term *term, const stn__record_type *type, uint32_t age, int confirmed)
{
    return (term->what.behaviours >> type->behaviour & 1) != 0 && age < term->what.within
        && (confirmed || !term->what.confirmed) && sees(term->viewer, type);
}

/* Fills the steps of a type. Forgetting is a step whoever looks. */
static bool
type_steps(const builder *b, stn__record_type *type, const life_span *span)
{
    uint32_t offsets[STN_TERMS_MAX + 4] = { 0 };
    int32_t count = 1;
    uint32_t *kept;

    count = offset_add(offsets, count, span->effect);
    count = offset_add(offsets, count, span->verdict);
    count = offset_add(offsets, count, span->forget);
    for (int32_t t = 0; t < b->p->term_count; t++) {
        if ((b->terms[t].what.behaviours >> type->behaviour & 1) != 0) {
            count = offset_add(offsets, count, b->terms[t].what.within);
        }
    }
    kept = stn__arena_take(b->plan->arena, (size_t) count, sizeof *kept);
    if (kept == NULL) {
        return false;
    }
    memcpy(kept, offsets, (size_t) count * sizeof *kept);
    type->offsets = kept;
    type->step_count = count;
    type->verdict_step = STN_NONE;
    for (int32_t s = 0; s < count; s++) {
        if (kept[s] == span->effect) {
            type->send_step = s;
        }
        if (kept[s] == span->verdict) {
            type->verdict_step = s;
        }
    }
    for (int confirmed = 0; confirmed < 2; confirmed++) {
        uint32_t *masks = stn__arena_take(b->plan->arena, (size_t) count, sizeof *masks);
        bool *counts = stn__arena_take(b->plan->arena, (size_t) count, sizeof *counts);
        if (masks == NULL || counts == NULL) {
            return false;
        }
        for (int32_t s = type->send_step; s < count; s++) {
            for (int32_t t = 0; t < b->p->term_count; t++) {
                masks[s] |= (uint32_t) term_counts(&b->terms[t], type, kept[s], confirmed) << t;
            }
            counts[s] = span->points && kept[s] < span->forget && (confirmed || !b->plan->regime->counts_confirmed);
        }
        type->terms[confirmed] = masks;
        type->counts[confirmed] = counts;
    }
    return true;
}

static void
settles_fill(const stn_regime *regime, const stn_behaviour *behaviour, int32_t number, stn__record_type *type)
{
    for (int32_t s = 0; behaviour->settles && s < regime->settlement_count; s++) {
        if (regime->settlements[s].behaviour == number) {
            type->settles = true;
            type->chances = behaviour->settles_chances.value;
            type->taken = behaviour->settles_taken.value;
            type->strain = behaviour->settles_strain.value;
            type->settle_after = (uint32_t) regime->settlements[s].after.value;
        }
    }
}

/* Fills a type of which kind, behaviour, holder, origin and debt are known. */
static bool
type_fill(const builder *b, stn__record_type *type)
{
    const stn_regime *regime = b->plan->regime;
    int32_t number = behaviour_number(b, type->behaviour);
    const stn_behaviour *behaviour = &b->plan->study->world.behaviours[number];
    const stn_adjudication *verdict = adjudication_of(regime, number, type->origin);
    const stn_points *points = points_of(b->rating, number);
    life_span span = { .verdict = STN_NEVER, .forget = points != NULL ? points->forget : STN_NEVER };

    type->hash = stn__hash_pair(regime->agencies[type->origin].name, behaviour->name);
    type->holder_hash = stn__hash_pair(regime->agencies[type->agency].name, behaviour->name);
    type->process = type->kind == STN__COPY ? STN_NONE : stn__process_of(b->plan, number, type->agency);
    type->fine = STN_NONE;
    if (type->process != STN_NONE) {
        span.effect = b->p->processes[type->process].notice;
    }
    if (verdict != NULL) {
        /* Who is told hears of it when the root takes effect. */
        uint32_t after = (uint32_t) verdict->after.value;
        uint32_t notice = type->kind == STN__ROOT ? 0 : notice_of(b, number, type->origin);
        type->acted = verdict->acted.value;
        type->not_acted = verdict->not_acted.value;
        span.verdict = type->kind == STN__ROOT || after > notice ? after - notice : STN_NEVER;
    }
    span.points = points != NULL && sees(stn__viewer(b->plan, b->rating->agency), type);
    if (span.points) {
        type->points = (int32_t) points->points.value;
        type->steals = type->points < 0 && b->p->redeem != STN_NEVER;
    }
    if (type->kind == STN__ROOT) {
        settles_fill(regime, behaviour, number, type);
    }
    return type_steps(b, type, &span);
}

/* The number of a new type; negative: an error, already said. */
static int
type_new(builder *b, stn__record_type type, stn_error *err)
{
    if (b->p->type_count == TYPES_MAX) {
        return stn__fail(err, STN_E_LIMIT, "regime %s: more than %d kinds of records of %s, by behaviour, maker and holder",
            b->plan->regime->name, (int) TYPES_MAX, b->plan->study->world.populations[b->number].name);
    }
    if (b->p->type_count == b->room) {
        int32_t room = b->room == 0 ? 32 : 2 * b->room;
        stn__record_type *types = stn__arena_take(b->plan->arena, (size_t) room, sizeof *types);
        if (types == NULL) {
            return stn__fail(err, STN_E_MEMORY, "no memory for the kinds of records");
        }
        if (b->room > 0) {
            memcpy(types, b->types, (size_t) b->room * sizeof *types);
        }
        b->types = types;
        b->room = room;
    }
    if (!type_fill(b, &type)) {
        return stn__fail(err, STN_E_MEMORY, "no memory for the kinds of records");
    }
    b->types[b->p->type_count] = type;
    return b->p->type_count++;
}

/* ------------------------------------------------------------------- roots */

/* Minutes from act to birth, as far as somebody sees it happen. */
static uint32_t
detection_delay(const stn_regime *regime, int32_t behaviour, int32_t agency)
{
    for (int32_t d = 0; d < regime->detection_count; d++) {
        if (regime->detections[d].behaviour == behaviour && regime->detections[d].agency == agency) {
            return (uint32_t) regime->detections[d].delay.value;
        }
    }
    return 0;
}

/* The fine of a root's pair, an entry of its own, or STN_NONE. */
static int32_t
fine_add(builder *b, int32_t behaviour, int32_t agency, uint32_t hash)
{
    const stn_fine *entry = fine_of(b->plan->regime, behaviour, agency);

    if (entry == NULL) {
        return STN_NONE;
    }
    b->fine_entries[b->p->fine_count] = entry;
    b->fines[b->p->fine_count] = (stn__fine_plan){ (uint32_t) entry->due.value, (uint32_t) entry->unpaid_after.value,
        hash, STN_NONE };
    return b->p->fine_count++;
}

/* The root for a behaviour (number in the world) and an agency, made if it is
 * new, stemming from no fine. */
static int
root_of(builder *b, int32_t behaviour, int32_t agency, stn_error *err)
{
    int32_t local = b->plan->study->world.behaviours[behaviour].local;
    int root;

    for (int32_t t = 0; t < b->root_count; t++) {
        if (b->types[t].behaviour == local && b->types[t].agency == agency && b->types[t].debt == STN_NONE) {
            return t;
        }
    }
    root = type_new(b, (stn__record_type){ .kind = STN__ROOT, .behaviour = local, .agency = agency, .origin = agency,
        .debt = STN_NONE, .cause_delay = detection_delay(b->plan->regime, behaviour, agency) }, err);
    if (root >= 0) {
        b->types[root].fine = fine_add(b, behaviour, agency, b->types[root].hash);
        b->root_count++;
    }
    return root;
}

/* The roots that unpaid fines bring; they may be fined themselves. The act, as
 * it were, is not to have paid: its minute is that of the birth. */
static int
debts_add(builder *b, stn_error *err)
{
    for (int32_t f = 0; f < b->p->fine_count; f++) {
        const stn_fine *entry = b->fine_entries[f];
        int plain, root;
        if (entry->unpaid_behaviour == STN_NONE) {
            continue;
        }
        if ((plain = root_of(b, entry->unpaid_behaviour, entry->unpaid_agency, err)) < 0) {
            return plain;
        }
        root = type_new(b, (stn__record_type){ .kind = STN__ROOT, .behaviour = b->types[plain].behaviour,
            .agency = entry->unpaid_agency, .origin = entry->unpaid_agency, .debt = f }, err);
        if (root < 0) {
            return root;
        }
        b->types[root].fine = b->types[plain].fine;
        b->fines[f].unpaid_type = root;
        b->root_count++;
    }
    return 0;
}

/* ------------------------------------------------------------------ copies */

static bool
pardoned(const builder *b, const stn__record_type *type)
{
    for (int32_t i = 0; i < b->plan->regime->pardon_count; i++) {
        const stn_pardon *pardon = &b->plan->regime->pardons[i];
        if ((pardon->agency == STN_NONE || pardon->agency == type->agency)
            && (pardon->behaviours[b->number] >> type->behaviour & 1) != 0) {
            return true;
        }
    }
    return false;
}

/* Whether due process or a pardon may end a root (a misfiled one, too). */
static bool
may_be_ended(const builder *b, const stn__record_type *type)
{
    const stn__process_plan *process;

    if (pardoned(b, type)) {
        return true;
    }
    if (type->process == STN_NONE) {
        return false;
    }
    process = &b->p->processes[type->process];
    return process->petitions[0].given || process->petitions[1].given || process->correction > 0 || process->repairs;
}

static bool
root_may_end(const builder *b, const stn__record_type *root)
{
    bool cleared = root->verdict_step != STN_NONE && (root->acted < 1 || root->not_acted < 1);

    return cleared || root->settles || may_be_ended(b, root);
}

/* The root with the same behaviour and agency that stems from no fine. */
static int32_t
plain_root(const builder *b, const stn__record_type *root)
{
    int32_t t = 0;

    while (b->types[t].behaviour != root->behaviour || b->types[t].agency != root->agency
        || b->types[t].debt != STN_NONE) {
        t++;
    }
    return t;
}

/* Hands out the ways' passes: those from one agency on stand together, in the
 * order in which they were found. */
static bool
passes_fill(builder *b, int32_t root, const stn__ways *ways, int32_t plain_copies)
{
    bool plain = b->types[root].debt == STN_NONE;
    stn__pass *passes = stn__arena_take(b->plan->arena, (size_t) ways->count, sizeof *passes);
    int32_t stride = plain ? 2 : 1;

    if (passes == NULL) {
        return false;
    }
    for (int32_t holder = -1; holder < ways->count; holder++) {
        int32_t agency = holder < 0 ? b->types[root].agency : ways->legs[holder].to, count = 0;
        stn__record_type *copy = &b->types[holder < 0 ? root : b->copies[root] + stride * holder];
        for (int32_t i = 0; i < ways->count; i++) {
            if (ways->legs[i].from == agency) {
                passes[count] = stn__ways_pass(b->plan->regime, &ways->legs[i]);
                passes[count].copy_type = b->copies[root] + stride * i;
                passes[count].misfiled_type = plain_copies + 2 * i + 1;
                count++;
            }
        }
        copy->passes = passes;
        copy->pass_count = count;
        if (holder >= 0 && plain) {
            copy[1].passes = passes; /* misfiled there, it goes the same way */
            copy[1].pass_count = count;
        }
        passes += count;
    }
    return true;
}

/* Which copies may end before their time: those of whose forebears one may, if
 * the end is passed on. Misfiled ones are told as copies are, but besides the
 * holder may end them, and so what was copied from them. */
static void
lasting_fill(builder *b, int32_t root, const stn__ways *ways, int32_t plain_copies)
{
    bool plain = b->types[root].debt == STN_NONE;
    bool ends[STN_AGENCIES_MAX]; /* [leg]: something of which its copies stem may end */

    for (int32_t i = 0; i < ways->count; i++) {
        const stn__leg *leg = &ways->legs[i];
        int32_t before = stn__ways_leg(ways, leg->from);
        stn__record_type *copy = &b->types[b->copies[root] + (plain ? 2 : 1) * i];
        const stn__record_type *misfiled = &b->types[plain_copies + 2 * i + 1];
        bool told = leg->route->clearing.value > 0
            && (before == STN_NONE ? root_may_end(b, &b->types[root]) : ends[before]);
        copy->lasting = told;
        ends[i] = told || (plain && may_be_ended(b, misfiled));
        if (plain) {
            copy[1].lasting = told || pardoned(b, misfiled);
        }
    }
}

/* Adds the copies of a root and, of one that stems from no fine, the misfiled
 * roots that may come of it. */
static int
copies_add(builder *b, int32_t root, stn_error *err)
{
    const stn__record_type from = b->types[root];
    stn__cargo cargo = { b->number, from.behaviour, STN_NONE };
    uint32_t sent = stn__later(from.cause_delay, from.offsets[from.send_step]);
    int32_t plain_copies;
    stn__ways ways;

    b->copies[root] = b->p->type_count;
    stn__ways_find(b->plan->regime, from.origin, &cargo, &ways);
    for (int32_t i = 0; i < ways.count; i++) {
        stn__record_type type = { .kind = STN__COPY, .behaviour = from.behaviour, .agency = ways.legs[i].to,
            .origin = from.origin, .debt = from.debt, .cause_delay = stn__later(sent, ways.legs[i].delay) };
        int made = type_new(b, type, err);
        type.kind = STN__MISFILED;
        type.cause_delay = 0; /* nobody's act */
        if (made >= 0 && from.debt == STN_NONE) {
            made = type_new(b, type, err);
        }
        if (made < 0) {
            return made;
        }
    }
    plain_copies = b->copies[plain_root(b, &from)];
    if (!passes_fill(b, root, &ways, plain_copies)) {
        return stn__fail(err, STN_E_MEMORY, "no memory for the ways of records");
    }
    lasting_fill(b, root, &ways, plain_copies);
    return 0;
}

/* Copies of roots that stem from no fine come first, for the others name what
 * is misfiled of them. */
static int
all_copies_add(builder *b, stn_error *err)
{
    int ret;

    for (int debts = 0; debts < 2; debts++) {
        for (int32_t root = 0; root < b->root_count; root++) {
            if ((b->types[root].debt != STN_NONE) == debts && (ret = copies_add(b, root, err)) != 0) {
                return ret;
            }
        }
    }
    for (int32_t root = 0; root < b->root_count; root++) {
        b->types[root].lasting = pardoned(b, &b->types[root]);
    }
    return 0;
}

/* ------------------------------------------------------------------- whole */

static void
behaviour_fill(const stn__plan *plan, int32_t number, stn__behaviour_plan *out)
{
    const stn_behaviour *b = &plan->study->world.behaviours[number];
    const stn_points *points = points_of(stn__plan_rating(plan, b->population), number);
    bool merit = b->kind == STN_MERIT;

    *out = (stn__behaviour_plan){ .kind = b->kind, .certainty = b->certainty.value, .severity = b->severity.value,
        .prior = b->prior.value, .incentive = b->incentive.value, .strains = { 1, b->strain.value },
        .strains_poor = { 1, b->strain_poor.value } };
    out->points = points != NULL ? (int32_t) points->points.value : 0;
    if ((merit && out->points > 0) || (!merit && out->points < 0)) {
        out->stake_points = out->points < 0 ? -out->points : out->points;
    }
}

/* Behaviours with their detections, and the roots that these make. */
static int
detections_fill(builder *b, stn__behaviour_plan *behaviours, stn__detection *detections, stn_error *err)
{
    const stn_world *world = &b->plan->study->world;
    const stn_regime *regime = b->plan->regime;

    for (int32_t number = 0; number < world->behaviour_count; number++) {
        stn__behaviour_plan *out;
        if (world->behaviours[number].population != b->number) {
            continue;
        }
        out = &behaviours[world->behaviours[number].local];
        behaviour_fill(b->plan, number, out);
        out->detection_first = b->p->detection_count;
        for (int32_t d = 0; d < regime->detection_count; d++) {
            const stn_detection *one = &regime->detections[d];
            int type;
            if (one->behaviour != number) {
                continue;
            }
            if ((type = root_of(b, number, one->agency, err)) < 0) {
                return type;
            }
            detections[b->p->detection_count++] = (stn__detection){ type,
                stn__hash(regime->agencies[one->agency].name), (uint32_t) one->delay.value };
        }
        out->detection_count = b->p->detection_count - out->detection_first;
    }
    return 0;
}

static int
falses_fill(builder *b, int32_t *false_types, stn_error *err)
{
    const stn_regime *regime = b->plan->regime;

    for (int32_t f = 0; f < regime->false_record_count; f++) {
        const stn_false_record *one = &regime->false_records[f];
        if (b->plan->study->world.behaviours[one->behaviour].population == b->number) {
            int type = root_of(b, one->behaviour, one->agency, err);
            if (type < 0) {
                return type;
            }
            false_types[b->p->false_count++] = type;
        }
    }
    return 0;
}

/* What each fine is in each cell; without money nobody can be fined. */
static bool
fine_yuan_fill(builder *b)
{
    const stn_population *population = &b->plan->study->world.populations[b->number];
    int32_t count = b->p->fine_count;
    int64_t *yuan;

    if (!population->money.given) {
        return true;
    }
    yuan = stn__arena_take(b->plan->arena, (size_t) population->cell_count * (size_t) count, sizeof *yuan);
    if (yuan == NULL) {
        return false;
    }
    for (int32_t cell = 0; cell < population->cell_count; cell++) {
        int32_t levels[STN_ATTRIBUTES_MAX];
        stn__cell_levels(population, cell, levels);
        for (int32_t f = 0; f < count; f++) {
            yuan[(size_t) cell * (size_t) count + (size_t) f]
                = stn__yuan(stn__cell_value(&b->fine_entries[f]->amount, levels));
        }
    }
    b->p->fine_yuan = yuan;
    return true;
}

int
stn__plan_records(stn__plan *plan, int32_t number, stn_error *err)
{
    const stn_regime *regime = plan->regime;
    stn__population_plan *p = &plan->populations[number];
    size_t detections_max = (size_t) regime->detection_count, falses_max = (size_t) regime->false_record_count;
    /* Every fine brings one pair at most; every pair has one fine at most, which
     * brings one root that stems from it. */
    size_t pairs_max = detections_max + falses_max + (size_t) regime->fine_count;
    builder b = { .plan = plan, .number = number, .p = p, .rating = stn__plan_rating(plan, number),
        .copies = stn__arena_take(plan->arena, 2 * pairs_max, sizeof *b.copies),
        .fines = stn__arena_take(plan->arena, pairs_max, sizeof *b.fines),
        .fine_entries = stn__arena_take(plan->arena, pairs_max, sizeof *b.fine_entries) };
    stn__behaviour_plan *behaviours = stn__arena_take(plan->arena, (size_t) p->behaviour_count, sizeof *behaviours);
    stn__detection *detections = stn__arena_take(plan->arena, detections_max, sizeof *detections);
    int32_t *false_types = stn__arena_take(plan->arena, falses_max, sizeof *false_types);
    uint32_t *false_keys = stn__arena_take(plan->arena, falses_max + 8, sizeof *false_keys);
    int ret;

    if (behaviours == NULL || detections == NULL || false_types == NULL || false_keys == NULL || b.copies == NULL || b.fines == NULL
        || b.fine_entries == NULL) {
        goto memory;
    }
    stn__plan_terms(plan, number, b.terms);
    if ((ret = detections_fill(&b, behaviours, detections, err)) != 0 || (ret = falses_fill(&b, false_types, err)) != 0
        || (ret = debts_add(&b, err)) != 0 || (ret = all_copies_add(&b, err)) != 0) {
        return ret;
    }
    if (!fine_yuan_fill(&b)) {
        goto memory;
    }
    p->behaviours = behaviours;
    p->detections = detections;
    for (int32_t entry = 0; entry < p->false_count; entry++) {
        false_keys[entry] = b.types[false_types[entry]].hash;
    }
    p->false_types = false_types;
    p->false_keys = false_keys;
    p->types = b.types;
    p->fines = b.fines;
    return 0;
memory:
    return stn__fail(err, STN_E_MEMORY, "no memory for the records of %s",
        plan->study->world.populations[number].name);
}
