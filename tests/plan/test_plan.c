/* SPDX-License-Identifier: Apache-2.0
 *
 * test_plan.c - one town under one regime, compiled: what web.yaml's rules
 * mention and who sees it, over which agencies records and listings pass, how
 * records live, what is at stake while which measures are in force. All
 * expectations are worked out by hand. The study is given as the argument. */
#include "harness.h"

#include <stdlib.h>

#include <standing/standing.h>

#include "plan/plan.h"

enum { DAY = 1440, YEAR = 525600 };
enum { RESIDENT, COMPANY };
enum { COURT, AIR, RAIL, BANK, FAR };
enum { SLIP, DEBT, HELP };
enum { KIN, BLACK, WARNED };
enum { GATE = 1, LANE = 2 };

static const char *study_path;

enum { WEB, WAYS, OPEN, REGIMES };

/* `plan`, `resident` and `company` are of the first regime. */
typedef struct fixture {
    stn_study *study;
    stn__plan *plans[REGIMES];
    const stn__plan *plan;
    const stn__population_plan *resident, *company;
} fixture;

static int
fixture_new(void **state)
{
    static fixture f;
    stn_report *report = stn_report_new();
    stn_error err = { 0 };
    int ret = stn_study_load(study_path, NULL, &f.study, report, &err);

    for (int32_t i = 0; i < stn_report_count(report); i++) {
        print_error("%s\n", stn_report_text(report, i));
    }
    stn_report_free(report);
    for (int32_t regime = 0; ret == 0 && regime < REGIMES; regime++) {
        ret = stn__plan_new(f.study, regime, &f.plans[regime], &err);
    }
    if (ret != 0) {
        print_error("%s\n", err.text);
        return ret;
    }
    f.plan = f.plans[WEB];
    f.resident = &f.plan->populations[RESIDENT];
    f.company = &f.plan->populations[COMPANY];
    *state = &f;
    return 0;
}

static int
fixture_free(void **state)
{
    fixture *f = *state;

    if (f != NULL) { /* else it could not be made */
        for (int32_t regime = 0; regime < REGIMES; regime++) {
            stn__plan_free(f->plans[regime]);
        }
        stn_study_free(f->study);
    }
    return 0;
}

/* The one type of a kind; `debt`: whether it stems from a fine. */
static int32_t
type_of(const stn__population_plan *p, stn__record_kind kind, int32_t behaviour, int32_t origin, int32_t holder, bool debt)
{
    int32_t found = STN_NONE;

    for (int32_t t = 0; t < p->type_count; t++) {
        const stn__record_type *type = &p->types[t];
        if (type->kind == kind && type->behaviour == behaviour && type->origin == origin && type->agency == holder
            && (type->debt != STN_NONE) == debt) {
            assert_int_equal(STN_NONE, found);
            found = t;
        }
    }
    assert_int_not_equal(STN_NONE, found);
    return found;
}

static void
assert_offsets(const stn__record_type *type, const uint32_t *days, int32_t count)
{
    assert_int_equal(count, type->step_count);
    for (int32_t s = 0; s < count; s++) {
        assert_int_equal(days[s] * DAY, type->offsets[s]);
    }
}

/* ------------------------------------------------------------------- rules */

static void
test_terms_go_by_viewer(void **state)
{
    const fixture *f = *state;
    const struct {
        uint64_t behaviours;
        uint32_t within;
        int32_t viewer;
    } expected[] = { { 1 << SLIP, STN_NEVER, COURT }, { 1 << SLIP, STN_NEVER, AIR }, { 1 << SLIP, 90 * DAY, STN_NONE },
        { 1 << SLIP, STN_NEVER, RAIL }, { 1 << HELP, YEAR, COURT } };
    stn__term terms[STN_TERMS_MAX];

    assert_int_equal(5, stn__plan_terms(f->plan, RESIDENT, terms));
    assert_int_equal(5, f->resident->term_count);
    for (int32_t t = 0; t < 5; t++) {
        assert_int_equal(expected[t].behaviours, terms[t].what.behaviours);
        assert_int_equal(expected[t].within, terms[t].what.within);
        assert_int_equal(expected[t].viewer, terms[t].viewer);
        assert_false(terms[t].what.confirmed);
    }
    assert_int_equal(1 << 0, f->resident->measures[6].rule.terms); /* the court's part of `both` */
    assert_int_equal(1 << 3, f->resident->measures[5].rule.terms); /* the railway's */
    assert_int_equal(1 << 4, f->resident->processes[0].needs.terms);
}

static void
test_ladder_has_a_term(void **state)
{
    const stn__population_plan *p = ((fixture *) *state)->company;

    assert_int_equal(2, p->term_count);
    assert_true(p->ladder);
    assert_int_equal(1, p->review_term);
    assert_int_equal(YEAR, p->review);
    assert_int_equal(2, p->move_count[0]);
    assert_int_equal(3, p->move_count[1]);
    assert_int_equal(3, p->moves[0][0]);
    assert_int_equal(-2, p->moves[2][2]);
    assert_int_equal(STN_NEVER, p->redeem);
    assert_int_equal(2 * YEAR, ((fixture *) *state)->resident->redeem);
}

static void
test_notices_are_of_lists_kept_by_others(void **state)
{
    const stn__population_plan *p = ((fixture *) *state)->resident;
    const stn__notice_plan *n = p->notices;

    assert_int_equal(3, p->notice_count);
    for (int32_t i = 0; i < 3; i++) {
        assert_int_equal(BLACK, n[i].list);
        assert_int_equal(stn__hash("black"), n[i].hash);
    }
    assert_int_equal(AIR, n[0].agency);
    assert_int_equal(10 * DAY, n[0].delay);
    assert_int_equal(1, n[0].pass_count);
    assert_int_equal(BANK, n[1].agency);
    assert_int_equal(15 * DAY, n[1].delay);
    assert_int_equal(2, n[1].pass_count);
    assert_int_equal(stn__hash("court/rail"), n[1].passes[0].hash);
    assert_int_equal(stn__hash("rail/bank"), n[1].passes[1].hash);
    assert_int_equal(FAR, n[2].agency);
    assert_int_equal(0, n[2].pass_count);
    assert_int_equal(7, p->lists[BLACK].notices);
    assert_int_equal(0, p->lists[KIN].notices);
    assert_int_equal(0, ((fixture *) *state)->company->notice_count);
}

static void
test_rules_see_lists_as_told(void **state)
{
    const stn__population_plan *p = ((fixture *) *state)->resident;
    const stn__rule *air = &p->measures[0].rule, *bank = &p->measures[1].rule;
    uint16_t terms[STN_TERMS_MAX] = { 0 };
    stn__state s = { .terms = terms, .on = 1 << BLACK };

    assert_int_equal(1 << 0, air->notices);
    assert_int_equal(1 << BLACK, air->lists);
    assert_false(stn__rule_holds(air, &s));
    s.told = 1;
    assert_true(stn__rule_holds(air, &s));
    assert_int_equal(1 << 1, bank->notices);
    assert_false(stn__rule_holds(bank, &s));
    s.told = 2;
    assert_true(stn__rule_holds(bank, &s));
    s.published = 1 << BLACK; /* what is published, all see */
    assert_false(stn__rule_holds(bank, &s));
}

static void
test_ties_are_told_to_recipients(void **state)
{
    const fixture *f = *state;
    const stn__population_plan *p = f->resident;
    stn__state s = { .tied = 2 };

    assert_int_equal(2, p->tie_count);
    assert_true(p->ties[0].household);
    assert_int_equal(RESIDENT, p->ties[0].population);
    assert_int_equal(BLACK, p->ties[0].list);
    assert_false(p->ties[1].household);
    assert_int_equal(COMPANY, p->ties[1].population);
    assert_int_equal(0, p->ties[1].list);
    assert_int_equal(0, p->lists[BLACK].tie_household);
    assert_int_equal(STN_NONE, p->lists[BLACK].tie_representative);
    assert_int_equal(STN_NONE, p->lists[KIN].tie_household);
    assert_int_equal(1, f->company->lists[0].tie_representative);
    assert_int_equal(STN_NONE, f->company->lists[0].tie_household);
    assert_int_equal(0, f->company->tie_count);
    assert_int_equal(3, p->lists[KIN].enter.ties);
    assert_true(stn__rule_holds(&p->lists[KIN].enter, &s));
    assert_int_equal(KIN, p->list_order[0]); /* other people's lists come in no order */
}

static void
test_lists_name_and_archive(void **state)
{
    const fixture *f = *state;
    const stn__population_plan *p = f->resident;

    assert_int_equal(1 << BLACK, p->blacklists);
    assert_int_equal(0, f->company->blacklists);
    assert_int_equal(STN_NEVER, p->lists[BLACK].archive);
    assert_int_equal(0, p->lists[WARNED].archive);
    assert_true(p->archive_given);
    assert_false(f->company->archive_given);
    assert_int_equal(1 << SLIP, p->lists[BLACK].publicity);
    assert_int_equal(7, p->lists[KIN].publicity); /* names no records */
}

/* ----------------------------------------------------------------- records */

static void
test_types_are_for_each_maker_and_holder(void **state)
{
    const fixture *f = *state;
    const stn__population_plan *p = f->resident;

    assert_int_equal(22, p->type_count);
    assert_int_equal(7, f->company->type_count);
    assert_int_equal(0, type_of(p, STN__ROOT, SLIP, COURT, COURT, false));
    assert_int_equal(1, type_of(p, STN__ROOT, SLIP, AIR, AIR, false));
    assert_int_equal(2, type_of(p, STN__ROOT, SLIP, BANK, BANK, false));
    assert_int_equal(3, type_of(p, STN__ROOT, DEBT, COURT, COURT, false));
    assert_int_equal(4, type_of(p, STN__ROOT, DEBT, COURT, COURT, true));
    assert_int_equal(0, p->detections[0].type);
    assert_int_equal(1, p->detections[1].type);
    assert_int_equal(2, p->false_types[0]);
    assert_int_equal(stn__hash("court/slip"), p->types[type_of(p, STN__COPY, SLIP, COURT, BANK, false)].hash);
    assert_int_equal(stn__hash("bank/slip"), p->types[type_of(p, STN__COPY, SLIP, COURT, BANK, false)].holder_hash);
}

static void
assert_pass(const stn__population_plan *p, const stn__pass *pass, int32_t behaviour, int32_t origin, int32_t to,
    bool debt, const char *pair, uint32_t days)
{
    assert_int_equal(to, pass->to);
    assert_int_equal(stn__hash(pair), pass->hash);
    assert_int_equal(days * DAY, pass->delay);
    assert_int_equal(type_of(p, STN__COPY, behaviour, origin, to, debt), pass->copy_type);
    assert_int_equal(type_of(p, STN__MISFILED, behaviour, origin, to, false), pass->misfiled_type);
}

static void
test_ways_least_delay_then_fewest_steps(void **state)
{
    const stn__population_plan *p = ((fixture *) *state)->resident;
    const stn__record_type *root = &p->types[0], *air = &p->types[1];

    assert_int_equal(3, root->pass_count);
    assert_pass(p, &root->passes[0], SLIP, COURT, AIR, false, "court/air", 10);
    assert_pass(p, &root->passes[1], SLIP, COURT, RAIL, false, "court/rail", 10);
    assert_pass(p, &root->passes[2], SLIP, COURT, BANK, false, "court/bank", 15);
    assert_true(root->passes[0].coverage == 0.8 * 0.5);
    assert_true(root->passes[0].wrong_person == 0.1);
    assert_true(root->passes[0].clearing == 0.9);
    assert_int_equal(0, p->types[type_of(p, STN__COPY, SLIP, COURT, AIR, false)].pass_count);
    assert_int_equal(1, air->pass_count);
    assert_pass(p, &air->passes[0], SLIP, AIR, BANK, false, "air/bank", 5);
    assert_int_equal(0, p->types[2].pass_count); /* the bank tells nobody */
}

static void
test_ways_equal_ones_by_steps_then_place(void **state)
{
    const stn__population_plan *p = &((fixture *) *state)->plans[WAYS]->populations[RESIDENT];
    const stn__record_type *root = &p->types[0], *air = &p->types[type_of(p, STN__COPY, SLIP, COURT, AIR, false)],
        *rail = &p->types[type_of(p, STN__COPY, SLIP, COURT, RAIL, false)],
        *bank = &p->types[type_of(p, STN__COPY, SLIP, COURT, BANK, false)];

    /* rail/bank and air/bank come after 10 days both; the first in the file is it. */
    assert_int_equal(2, root->pass_count);
    assert_pass(p, &root->passes[0], SLIP, COURT, AIR, false, "court/air", 5);
    assert_pass(p, &root->passes[1], SLIP, COURT, RAIL, false, "court/rail", 5);
    assert_int_equal(0, air->pass_count);
    assert_int_equal(1, rail->pass_count);
    assert_pass(p, &rail->passes[0], SLIP, COURT, BANK, false, "rail/bank", 5);
    assert_int_equal(1, bank->pass_count);
    assert_pass(p, &bank->passes[0], SLIP, COURT, FAR, false, "bank/far", 0);
    assert_true(root->passes[0].coverage == 1 && root->passes[0].wrong_person == 0 && root->passes[0].clearing == 1);
    /* The verdict falls as the root takes effect, so what is sent is confirmed. */
    assert_offsets(root, (uint32_t[]){ 0, 30 }, 2);
    assert_int_equal(1, root->verdict_step);
    assert_int_equal(1, root->send_step);
    assert_int_equal(STN_NONE, rail->verdict_step);
    assert_int_equal(30 * DAY + 5 * DAY, rail->cause_delay);
    assert_false(rail->lasting);
}

static void
test_lists_seen_as_they_are(void **state)
{
    const fixture *f = *state;
    const stn__population_plan *ways = &f->plans[WAYS]->populations[RESIDENT];
    const stn__population_plan *open = &f->plans[OPEN]->populations[RESIDENT];
    stn__term terms[STN_TERMS_MAX];
    stn__state s = { .on = 1 };

    assert_int_equal(0, ways->notice_count); /* by the keeper, and by nobody */
    assert_true(stn__rule_holds(&ways->measures[0].rule, &s));
    assert_true(stn__rule_holds(&ways->measures[1].rule, &s));
    assert_int_equal(1, f->plans[WAYS]->epoch_count);
    assert_int_equal(0, open->notice_count); /* without sharing nobody is an island */
    assert_int_equal(1, stn__plan_terms(f->plans[OPEN], RESIDENT, terms));
    assert_int_equal(STN_NONE, terms[0].viewer);
    assert_int_equal(1, open->type_count);
    assert_int_equal(0, open->types[0].pass_count);
    assert_int_equal(1, open->types[0].terms[1][0]);
}

static void
test_ways_of_debts_share_what_is_misfiled(void **state)
{
    const stn__population_plan *p = ((fixture *) *state)->resident;

    for (int debt = 0; debt < 2; debt++) {
        const stn__record_type *root = &p->types[3 + debt];
        const stn__record_type *rail = &p->types[type_of(p, STN__COPY, DEBT, COURT, RAIL, debt)];
        assert_int_equal(2, root->pass_count);
        assert_pass(p, &root->passes[0], DEBT, COURT, AIR, debt, "court/air", 10);
        assert_pass(p, &root->passes[1], DEBT, COURT, RAIL, debt, "court/rail", 10);
        assert_int_equal(1, rail->pass_count);
        assert_pass(p, &rail->passes[0], DEBT, COURT, BANK, debt, "rail/bank", 5);
    }
    {
        const stn__record_type *misfiled = &p->types[type_of(p, STN__MISFILED, DEBT, COURT, RAIL, false)];
        assert_int_equal(1, misfiled->pass_count);
        assert_pass(p, &misfiled->passes[0], DEBT, COURT, BANK, false, "rail/bank", 5);
    }
}

static void
test_root_counts_from_notice_on(void **state)
{
    const stn__population_plan *p = ((fixture *) *state)->resident;
    const stn__record_type *type = &p->types[0];

    assert_offsets(type, (uint32_t[]){ 0, 20, 60, 90, 365 }, 5);
    assert_int_equal(1, type->send_step);
    assert_int_equal(2, type->verdict_step);
    for (int confirmed = 0; confirmed < 2; confirmed++) {
        assert_int_equal(0, type->terms[confirmed][0]);
        assert_int_equal(1 << 0 | 1 << 2, type->terms[confirmed][1]);
        assert_int_equal(1 << 0 | 1 << 2, type->terms[confirmed][2]);
        assert_int_equal(1 << 0, type->terms[confirmed][3]);
        assert_int_equal(1 << 0, type->terms[confirmed][4]);
        for (int32_t s = 0; s < 5; s++) {
            assert_false(type->counts[confirmed][s]); /* the bank rates, and does not see it */
        }
    }
    assert_int_equal(0, type->points);
    assert_false(type->steals);
    assert_int_equal(0, type->process);
    assert_int_equal(0, type->fine);
    assert_int_equal(3 * DAY, type->cause_delay);
    assert_false(type->lasting);
    assert_true(p->types[1].lasting); /* pardoned */
    assert_int_equal(STN_NONE, p->types[1].verdict_step);
    assert_offsets(&p->types[1], (uint32_t[]){ 0, 90, 365 }, 3);
}

static void
test_copies_hear_of_the_verdict(void **state)
{
    const stn__population_plan *p = ((fixture *) *state)->resident;
    const stn__record_type *air = &p->types[type_of(p, STN__COPY, SLIP, COURT, AIR, false)];
    const stn__record_type *bank = &p->types[type_of(p, STN__COPY, SLIP, COURT, BANK, false)];

    assert_offsets(air, (uint32_t[]){ 0, 40, 90, 365 }, 4);
    assert_int_equal(0, air->send_step);
    assert_int_equal(1, air->verdict_step);
    assert_true(air->acted == 0.9 && air->not_acted == 0.3);
    assert_int_equal(1 << 1, air->terms[0][0]);
    assert_int_equal(1 << 1, air->terms[1][3]);
    assert_int_equal(33 * DAY, air->cause_delay);
    assert_int_equal(STN_NONE, air->process);
    assert_int_equal(STN_NONE, air->fine);
    assert_true(air->lasting);
    assert_int_equal(0, bank->terms[1][0]);
    assert_true(bank->counts[0][0]);
    assert_false(bank->counts[0][3]);
    assert_int_equal(-10, bank->points);
    assert_true(bank->steals);
    assert_int_equal(38 * DAY, bank->cause_delay);
}

static void
test_misfiled_roots_live_by_their_holder(void **state)
{
    const stn__population_plan *p = ((fixture *) *state)->resident;
    const stn__record_type *air = &p->types[type_of(p, STN__MISFILED, SLIP, COURT, AIR, false)];
    const stn__record_type *bank = &p->types[type_of(p, STN__MISFILED, SLIP, COURT, BANK, false)];

    assert_offsets(air, (uint32_t[]){ 0, 40, 90, 365 }, 4);
    assert_int_equal(1 << 1 | 1 << 2, air->terms[0][0]);
    assert_int_equal(STN_NONE, air->process);
    assert_offsets(bank, (uint32_t[]){ 0, 2, 40, 90, 365 }, 5);
    assert_int_equal(1, bank->process);
    assert_int_equal(1, bank->send_step);
    assert_int_equal(2, bank->verdict_step);
    assert_int_equal(0, bank->terms[0][0]);
    assert_int_equal(1 << 2, bank->terms[0][1]);
    assert_false(bank->counts[1][0]);
    assert_true(bank->counts[0][1]);
    assert_int_equal(-10, bank->points);
    assert_int_equal(STN_NONE, bank->fine);
    assert_true(bank->lasting);
}

static void
test_fines_bring_debts(void **state)
{
    const stn__population_plan *p = ((fixture *) *state)->resident;
    const stn__record_type *root = &p->types[4];

    assert_int_equal(1, p->fine_count);
    assert_int_equal(15 * DAY, p->fines[0].due);
    assert_int_equal(90 * DAY, p->fines[0].after);
    assert_int_equal(stn__hash("court/slip"), p->fines[0].hash);
    assert_int_equal(4, p->fines[0].unpaid_type);
    assert_int_equal(0, root->debt);
    assert_int_equal(STN_NONE, root->fine);
    assert_true(root->settles);
    assert_int_equal(3 * DAY, root->settle_after);
    assert_int_equal(0, root->cause_delay);
    assert_int_equal(STN_NONE, p->types[3].debt);
    assert_offsets(root, (uint32_t[]){ 0, 5 }, 2);
    /* Copies do not pay; they hear of the end as far as it is passed on. */
    for (int debt = 0; debt < 2; debt++) {
        const stn__record_type *rail = &p->types[type_of(p, STN__COPY, DEBT, COURT, RAIL, debt)];
        const stn__record_type *bank = &p->types[type_of(p, STN__COPY, DEBT, COURT, BANK, debt)];
        assert_false(rail->settles);
        assert_true(rail->lasting);
        assert_false(bank->lasting);
        assert_int_equal(15 * DAY, bank->cause_delay);
    }
}

static void
test_due_process(void **state)
{
    const stn__population_plan *p = ((fixture *) *state)->resident;
    const stn__process_plan *process = &p->processes[0];
    const stn__petition_plan *objection = &process->petitions[0];

    assert_true(p->processed && p->pardoned);
    assert_int_equal(20 * DAY, process->notice);
    assert_true(objection->given && objection->suspends);
    assert_false(process->petitions[1].given);
    assert_true(objection->files[0] == 0.5 && objection->files[1] == 0.05);
    assert_true(objection->succeeds[0] == 0.6 && objection->succeeds[1] == 0.1);
    assert_int_equal(15 * DAY, objection->within);
    assert_int_equal(10 * DAY, objection->duration);
    assert_int_equal(20, objection->desks); /* 4 a day, for half a city, 10 days each */
    assert_int_equal(-5, objection->points);
    assert_int_equal(50, objection->fee);
    assert_true(process->repairs && process->needs_given);
    assert_int_equal(90 * DAY, process->repair_after);
    assert_int_equal(30 * DAY, process->repair_duration);
    assert_int_equal(2 * DAY, p->processes[1].notice);
    assert_false(p->processes[1].repairs);
    assert_false(((fixture *) *state)->company->processes[0].needs_given);
}

/* ------------------------------------------------------------------- cells */

static void
test_money_by_cell(void **state)
{
    const stn__population_plan *p = ((fixture *) *state)->resident;

    assert_true(p->money);
    assert_false(((fixture *) *state)->company->money);
    assert_true(p->savings == 0.5 && p->custom == 0.1);
    for (int32_t cell = 0; cell < 4; cell++) {
        bool poor = cell % 2 == 0;
        assert_true(p->purses[cell].income == (poor ? 98750 : 197500));
        assert_true(p->purses[cell].living == 60 * 365);
        assert_true(p->costs[cell * 2] == 0.1 && p->costs[cell * 2 + 1] == 0);
        assert_int_equal(poor ? 4001 : 8001, p->debts[cell * 3 + DEBT]);
        assert_int_equal(poor ? 101 : 201, p->fine_yuan[cell]);
        assert_true(p->stigma[cell * 2] == (poor ? 1 : 0.3));
    }
    assert_true(p->behaviours[DEBT].strains[1] == 1.3 && p->behaviours[DEBT].strains_poor[1] == 1.5);
    assert_null(((fixture *) *state)->company->stigma);
}

/* ------------------------------------------------------------------ epochs */

static void
test_epochs_begin_with_windows(void **state)
{
    const fixture *f = *state;
    const uint32_t windows[] = { 0, 4, 13, 24, 37 };
    const uint64_t measures[] = { 77, 109, 111, 107, 75 };

    assert_int_equal(5, f->plan->epoch_count);
    for (int32_t e = 0; e < 5; e++) {
        assert_int_equal(windows[e] * 30 * DAY, f->plan->epoch_starts[e]);
        assert_int_equal(measures[e], f->resident->epochs[e].measures);
        assert_int_equal(0, f->company->epochs[e].measures);
        assert_int_equal(0, f->resident->epochs[e].start[0].closed);
        assert_int_equal(e < 3 ? LANE : 0, f->resident->epochs[e].start[0].open);
    }
    assert_true(f->plan->learning_own == 0.3 && f->plan->learning_publicity == 5);
    assert_true(f->plan->sharing);
}

static void
test_stakes_see_what_ways_lead_to(void **state)
{
    const stn__population_plan *p = ((fixture *) *state)->resident;

    assert_int_equal(1, p->class_count);
    assert_int_equal(2, p->interval_count);
    for (int32_t e = 0; e < 5; e++) {
        for (int32_t b = 0; b < 3; b++) {
            const stn__stakes *stakes = &p->epochs[e].stakes[b * 4];
            assert_int_equal(b == SLIP ? GATE : 0, stakes->doors);
            assert_int_equal(b == SLIP && e < 3 ? LANE : 0, stakes->channels);
        }
    }
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_terms_go_by_viewer),
        cmocka_unit_test(test_ladder_has_a_term),
        cmocka_unit_test(test_notices_are_of_lists_kept_by_others),
        cmocka_unit_test(test_rules_see_lists_as_told),
        cmocka_unit_test(test_ties_are_told_to_recipients),
        cmocka_unit_test(test_lists_name_and_archive),
        cmocka_unit_test(test_types_are_for_each_maker_and_holder),
        cmocka_unit_test(test_ways_least_delay_then_fewest_steps),
        cmocka_unit_test(test_ways_equal_ones_by_steps_then_place),
        cmocka_unit_test(test_lists_seen_as_they_are),
        cmocka_unit_test(test_ways_of_debts_share_what_is_misfiled),
        cmocka_unit_test(test_root_counts_from_notice_on),
        cmocka_unit_test(test_copies_hear_of_the_verdict),
        cmocka_unit_test(test_misfiled_roots_live_by_their_holder),
        cmocka_unit_test(test_fines_bring_debts),
        cmocka_unit_test(test_due_process),
        cmocka_unit_test(test_money_by_cell),
        cmocka_unit_test(test_epochs_begin_with_windows),
        cmocka_unit_test(test_stakes_see_what_ways_lead_to),
    };

    if (argc != 2) {
        return EXIT_FAILURE;
    }
    study_path = argv[1];
    return cmocka_run_group_tests(tests, fixture_new, fixture_free);
}
