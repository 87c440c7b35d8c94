/* SPDX-License-Identifier: Apache-2.0
 *
 * sharing.c - records and listings that travel from agency to agency, or into
 * a namesake's file, and people tied to those who are listed.
 * docs/semantics.md, sections 13 and 14.
 *
 * Whether a pair of agencies passes something on, and to whose file, is a pure
 * function of the record (or of the person and the list). So when a record
 * ends, where its copies went is worked out again instead of being kept. */
#include "engine/engine.h"

/* ----------------------------------------------------------------- fate */

typedef enum { LOST, MISDIRECTED, RIGHT } fate;

typedef struct passage {
    fate fate;
    bool clears;         /* its end is passed on too */
    uint32_t namesake;   /* row, if misdirected */
} passage;

static uint32_t
namesake_of(const stn__actor *actor, const stn__pass *pass, const stn__words *draw)
{
    return stn__namesake(actor->worker->run->namesakes[actor->population], actor->row,
        stn__mix(draw->w[2] ^ pass->hash));
}

static passage
passage_of(const stn__actor *actor, const stn__pass *pass, const stn__words *draw)
{
    passage p = { .fate = LOST, .clears = stn__below(stn__mix(draw->w[3] ^ pass->hash), pass->clearing) };

    if (!stn__below(stn__mix(draw->w[0] ^ pass->hash), pass->coverage)) {
        return p;
    }
    p.fate = RIGHT;
    if (stn__below(stn__mix(draw->w[1] ^ pass->hash), pass->wrong_person)) {
        p.namesake = namesake_of(actor, pass, draw);
        p.fate = p.namesake != STN__NOBODY ? MISDIRECTED : LOST;
    }
    return p;
}

static uint32_t
namesake_key(const stn__actor *actor, const stn__node *record, const stn__pass *pass)
{
    return stn__derive(actor->row, record->key, pass->hash + ((uint64_t) stn__node_is_false(record) << 32));
}

/* ---------------------------------------------------------------- records */

void
stn__send(stn__actor *actor, const stn__node *record, uint32_t time)
{
    const stn__record_type *type = &actor->plan->types[record->type];
    stn__words draw;
    uint8_t fate_flag;

    if (type->pass_count == 0) {
        return;
    }
    draw = stn__record_draw(actor, record, STN_DRAW_SHARE, type->hash);
    fate_flag = type->kind == STN__ROOT ? (stn__verdict_confirms(actor, type, record) ? STN__FLAG_FATE : 0)
                                        : record->flags & STN__FLAG_FATE;
    for (int32_t i = 0; i < type->pass_count; i++) {
        const stn__pass *pass = &type->passes[i];
        passage p = passage_of(actor, pass, &draw);
        uint32_t born = stn__later(time, pass->delay);
        stn__node node = { .time = born, .born = born, .key = record->key, .pay = STN_NEVER,
            .type = (uint16_t) pass->copy_type, .kind = STN__NODE_RECORD,
            .flags = (uint8_t) (fate_flag | (record->flags & (STN__FLAG_FALSE | STN__FLAG_STRAY))) };
        stn__remark(actor, time, STN__REMARK_SENT, type->behaviour, (uint64_t) pass->to + ((uint64_t) p.fate << 32));
        if (p.fate == RIGHT) {
            (void) stn__schedule(actor, &node);
        } else if (p.fate == MISDIRECTED) {
            node.key = namesake_key(actor, record, pass);
            node.type = (uint16_t) pass->misfiled_type;
            node.flags = fate_flag | STN__FLAG_FALSE | STN__FLAG_STRAY;
            stn__message_send(actor, &(stn__message){ .population = actor->population, .row = p.namesake, .time = born,
                .kind = STN__LANDING, .node = node });
        }
    }
}

void
stn__send_end(stn__actor *actor, const stn__node *record, uint32_t time)
{
    const stn__record_type *type = &actor->plan->types[record->type];
    const stn__counters *c = &actor->people->counters;
    stn__words draw;

    if (type->pass_count == 0) {
        return;
    }
    draw = stn__record_draw(actor, record, STN_DRAW_SHARE, type->hash);
    for (int32_t i = 0; i < type->pass_count; i++) {
        const stn__pass *pass = &type->passes[i];
        passage p = passage_of(actor, pass, &draw);
        stn__node named = { .key = record->key, .type = (uint16_t) pass->copy_type, .kind = STN__NODE_RECORD,
            .flags = record->flags & STN__FLAG_FALSE };
        if (p.fate == LOST) {
            continue;
        }
        if (!p.clears) {
            actor->counts[c->clearings_lost + pass->to]++;
        } else if (p.fate == RIGHT) {
            uint32_t number = stn__record_find(actor, &named);
            if (number != 0) {
                stn__record_fix_end(actor, number, stn__later(time, pass->delay));
            }
        } else {
            named.key = namesake_key(actor, record, pass);
            named.type = (uint16_t) pass->misfiled_type;
            named.flags = STN__FLAG_FALSE;
            stn__message_send(actor, &(stn__message){ .population = actor->population, .row = p.namesake,
                .time = stn__later(time, pass->delay), .kind = STN__WITHDRAWAL, .node = named });
        }
    }
}

/* ---------------------------------------------------------------- listings */

/* Tells one agency that a stay began or ended. */
static void
notice_send(stn__actor *actor, int32_t number, uint32_t time, bool enters, uint32_t cause)
{
    const stn__notice_plan *notice = &actor->plan->notices[number];
    stn__words draw = stn__draw(actor->seed, STN_DRAW_NOTICE, (uint32_t) actor->population, actor->row, 0, notice->hash);
    bool clears = true, misdirected = false;
    uint32_t namesake = 0;
    stn__node node = { .time = stn__later(time, notice->delay), .born = cause, .type = (uint16_t) number,
        .step = enters, .kind = STN__NODE_NOTICE };

    for (int32_t i = 0; i < notice->pass_count; i++) {
        const stn__pass *pass = &notice->passes[i];
        clears = clears && stn__below(stn__mix(draw.w[3] ^ pass->hash), pass->clearing);
        if (!stn__below(stn__mix(draw.w[0] ^ pass->hash), pass->coverage)) {
            return;
        }
        if (!misdirected && stn__below(stn__mix(draw.w[1] ^ pass->hash), pass->wrong_person)) {
            misdirected = true;
            namesake = namesake_of(actor, pass, &draw);
        }
    }
    if (misdirected && namesake == STN__NOBODY) {
        return;
    }
    if (!enters && !clears) {
        actor->counts[actor->people->counters.clearings_lost + notice->agency]++;
    } else if (!misdirected) {
        (void) stn__schedule(actor, &node);
    } else {
        node.flags = STN__FLAG_STRAY;
        node.born = STN_NEVER;
        stn__message_send(actor, &(stn__message){ .population = actor->population, .row = namesake, .time = node.time,
            .kind = STN__NOTICED, .node = node });
    }
}

/* Tells one who is tied to the actor. */
static void
tie_send(stn__actor *actor, int32_t population, uint32_t row, int32_t tie, uint32_t time, bool enters)
{
    stn__message_send(actor, &(stn__message){ .population = population, .row = row, .time = time, .kind = STN__TIED,
        .node = { .type = (uint16_t) tie, .step = enters, .kind = STN__NODE_TIE } });
}

static void
ties_send(stn__actor *actor, int32_t list, uint32_t time, bool enters)
{
    const stn_run *run = actor->worker->run;
    const stn__list_plan *plan = &actor->plan->lists[list];

    if (plan->tie_household != STN_NONE) {
        uint32_t count = 0, household = stn_city_households(run->city)[actor->row];
        const uint32_t *members = NULL;
        if (household < stn_city_family_household_count(run->city)) {
            members = stn__members_of(run->household, household, &count);
        }
        for (uint32_t i = 0; i < count; i++) {
            if (members[i] != actor->row) {
                tie_send(actor, actor->population, members[i], plan->tie_household, time, enters);
            }
        }
    }
    if (plan->tie_representative != STN_NONE) {
        uint32_t representative = stn_city_representatives(run->city)[actor->row];
        if (representative != STN__NOBODY) { /* newcomers have none */
            tie_send(actor, run->study->world.representative.is, representative, plan->tie_representative, time, enters);
        }
    }
}

void
stn__tell_stay(stn__actor *actor, int32_t list, uint32_t time, bool enters, uint32_t cause)
{
    const stn__list_plan *plan = &actor->plan->lists[list];

    for (uint32_t rest = plan->notices; rest != 0; rest &= rest - 1) {
        int32_t number = __builtin_ctz(rest);
        if (actor->plan->notices[number].pass_count > 0) {
            notice_send(actor, number, time, enters, cause);
        }
    }
    ties_send(actor, list, time, enters);
}

void
stn__notice(stn__actor *actor, const stn__node *node, uint32_t time)
{
    const stn__notice_plan *notice = &actor->plan->notices[node->type];
    bool misdirected = (node->flags & STN__FLAG_STRAY) != 0;
    uint32_t told = misdirected ? actor->file->web.mistold : actor->file->web.told, bit = 1u << node->type;
    stn__change change = STN__NO_CHANGE;

    if (((told & bit) != 0) == (node->step != 0)) {
        return;
    }
    *(misdirected ? &stn__file_own(actor)->web.mistold : &stn__file_own(actor)->web.told) ^= bit;
    change.notices = bit;
    change.cause = node->born;
    stn__note(actor, time, STN__EVENT_NOTICE, notice->list,
        (uint64_t) notice->agency + (misdirected ? 65536u : 0u) + ((uint64_t) node->step << 32));
    stn__settle(actor, time, &change);
}

void
stn__tie(stn__actor *actor, const stn__node *node, uint32_t time)
{
    uint16_t *count = &stn__file_own(actor)->tied[node->type];
    stn__change change = STN__NO_CHANGE;
    bool was = *count != 0;

    *count = (uint16_t) (*count + (node->step != 0 ? 1 : -1));
    stn__note(actor, time, STN__EVENT_TIE, node->type, *count);
    if (was != (*count != 0)) {
        stn__file_own(actor)->web.tied ^= 1u << node->type;
        change.ties = 1u << node->type;
        stn__settle(actor, time, &change);
    }
}
