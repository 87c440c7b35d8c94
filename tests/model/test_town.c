/* SPDX-License-Identifier: Apache-2.0
 *
 * test_town.c - what is read of money, sharing, due process, ladders, ties and
 * joint measures, value by value.
 *
 * good/town/everything.yaml uses every key; less.yaml extends it and takes some
 * away. Called with the folder of this file. */
#include "harness.h"

#include <string.h>
#include <unistd.h>

#include <standing/study.h>

#include "model/model.h"
#include "quantities.h"

enum { HOUR = 60, DAY = 1440, YEAR = 525600 };
enum { RESIDENT, COMPANY, CLUB };
enum { COURT, TRAFFIC, OFFICE, AIR, MARKET };
enum { UNPAID_ORDER, TRAFFIC_OFFENCE, VOLUNTEERING, QUARREL, UNSAFE_FOOD, COMPANY_DEBT, NOISE };
enum { DEFAULTERS, KIN, FIRMS, SLOW };

static stn_study *town;

static int
load_town(void **state)
{
    stn_report *report = stn_report_new();
    stn_error err = { 0 };
    int code = stn_study_load("good/town/study.yaml", NULL, &town, report, &err);

    (void) state;
    for (int32_t index = 0; index < stn_report_count(report); index++) {
        print_error("%s\n", stn_report_text(report, index));
    }
    stn_report_free(report);
    return code;
}

static int
free_town(void **state)
{
    (void) state;
    stn_study_free(town);
    return 0;
}

static void
factor(const stn_quantity *quantity, int32_t number, int32_t attribute, int32_t level, double value)
{
    assert_true(number < quantity->factor_count);
    assert_int_equal(quantity->factors[number].attribute, attribute);
    assert_int_equal(quantity->factors[number].level, level);
    assert_same(quantity->factors[number].factor, value);
}

static void
test_money(void **state)
{
    const stn_money *resident = &town->world.populations[RESIDENT].money, *company = &town->world.populations[COMPANY].money,
                    *club = &town->world.populations[CLUB].money;

    (void) state;
    assert_true(resident->given);
    given(&resident->income, 60000, "populations.resident.money.income", "60000 yuan per year");
    assert_int_equal(resident->income.cite_count, 1);
    assert_int_equal(resident->income.factor_count, 3);
    factor(&resident->income, 0, 0, 1, 1.5); /* zone before income */
    factor(&resident->income, 1, 2, 0, 0.5);
    given(&resident->living, 30000, "populations.resident.money.living", "2500 yuan per month");
    assert_string_equal(resident->living.why, "a guess");
    given(&resident->savings, 4 * 43800, "populations.resident.money.savings", "4 months");
    given(&resident->custom, 10.0 / 100.0, "populations.resident.money.custom", "10 %");
    assert_false(company->given);
    left_out(&company->savings, YEAR / 2);
    left_out(&company->income, 0);
    assert_true(club->given);
    given(&club->income, 7.0 * 365, "populations.club.money.income", "7 yuan per day");
    given(&club->living, 3.5 * (525600.0 / 10080), "populations.club.money.living", "3.5 yuan per week");
    left_out(&club->savings, YEAR / 2);
    left_out(&club->custom, 0);
}

static void
test_behaviours_and_doors(void **state)
{
    const stn_behaviour *all = town->world.behaviours;
    const stn_door *flight = &town->world.doors[0], *job = &town->world.doors[1], *tender = &town->world.doors[3];

    (void) state;
    given(&all[UNPAID_ORDER].strain, 1.3, "behaviours.unpaid_order.strain.restricted", "1.3");
    assert_int_equal(all[UNPAID_ORDER].strain.cite_count, 1);
    given(&all[UNPAID_ORDER].strain_poor, 1.5, "behaviours.unpaid_order.strain.poor", "1.5");
    given(&all[UNPAID_ORDER].settles_amount, 8000, "behaviours.unpaid_order.settles.amount", "8000 yuan");
    factor(&all[UNPAID_ORDER].settles_amount, 0, 2, 1, 3);
    given(&all[TRAFFIC_OFFENCE].strain, 1.2, "behaviours.traffic_offence.strain", "1.2");
    assert_string_equal(all[TRAFFIC_OFFENCE].strain.why, "a guess");
    left_out(&all[TRAFFIC_OFFENCE].strain_poor, 1);
    left_out(&all[VOLUNTEERING].strain, 1);
    given(&all[VOLUNTEERING].strain_poor, 0.5, "behaviours.volunteering.strain.poor", "0.5");
    given(&all[QUARREL].strain, 1.1, "behaviours.quarrel.strain", "1.1");
    left_out(&all[UNSAFE_FOOD].strain, 1);
    left_out(&all[UNSAFE_FOOD].strain_poor, 1);
    left_out(&all[COMPANY_DEBT].settles_amount, 0);
    left_out(&flight->costs, 0);
    left_out(&flight->stigma, 0);
    given(&job->costs, 0.2, "doors.job.costs", "0.2");
    factor(&job->costs, 0, 1, 1, 1.5);
    given(&job->stigma, 30.0 / 100.0, "doors.job.stigma", "30 %");
    factor(&tender->stigma, 0, 1, 0, 2);
    given(&town->world.learning.own, 0.3, "learning.own", "0.3");
    given(&town->world.learning.publicity, 5, "learning.publicity", "5");
}

/* One route between two agencies, carrying these behaviours and lists (bits). */
static void
route(const stn_sharing *sharing, int32_t number, int32_t from, int32_t to, uint64_t resident, uint64_t company, unsigned lists)
{
    const stn_route *found = &sharing->routes[number];

    assert_int_equal(found->from, from);
    assert_int_equal(found->to, to);
    assert_true(found->behaviours[RESIDENT] == resident);
    assert_true(found->behaviours[COMPANY] == company);
    for (int32_t list = 0; list < 4; list++) {
        assert_int_equal(found->lists[list], lists >> list & 1);
    }
}

static void
test_sharing(void **state)
{
    const stn_sharing *sharing = &town->regimes[0].sharing;

    (void) state;
    assert_true(sharing->given);
    given(&sharing->level, 0.8, "sharing.level", "0.8");
    assert_int_equal(sharing->level.cite_count, 1);
    assert_int_equal(sharing->namesake_count[RESIDENT], 2); /* rising, whatever the order in the file */
    assert_int_equal(sharing->namesakes[RESIDENT][0], 0);
    assert_int_equal(sharing->namesakes[RESIDENT][1], 2);
    assert_int_equal(sharing->namesake_count[COMPANY], 1);
    assert_int_equal(sharing->namesakes[COMPANY][0], 0);
    assert_int_equal(sharing->namesake_count[CLUB], 0);
    assert_int_equal(sharing->route_count, 5);
    route(sharing, 0, COURT, AIR, 15, 3, 15);
    route(sharing, 1, COURT, OFFICE, 15, 3, 15);
    route(sharing, 2, COURT, TRAFFIC, 1 << UNPAID_ORDER, 1, 0);
    route(sharing, 3, COURT, TRAFFIC, 1 << VOLUNTEERING, 0, 1 << DEFAULTERS);
    route(sharing, 4, MARKET, OFFICE, 0, 0, 1 << FIRMS | 1 << SLOW);
    assert_true(sharing->routes[0].behaviours[CLUB] == 1);
    assert_true(sharing->routes[0].behaviours[CLUB + 1] == 0);
    given(&sharing->routes[0].delay, 10 * DAY, "sharing.routes.1.delay", "10 days");
    given(&sharing->routes[1].coverage, 0.95, "sharing.routes.1.coverage", "0.95");
    given(&sharing->routes[1].wrong_person, 0.0005, "sharing.routes.1.wrong_person", "0.0005");
    assert_string_equal(sharing->routes[1].wrong_person.why, "a guess");
    given(&sharing->routes[1].clearing, 90.0 / 100.0, "sharing.routes.1.propagates_clearing", "90 %");
    left_out(&sharing->routes[4].delay, 0);
    left_out(&sharing->routes[4].coverage, 1);
    left_out(&sharing->routes[4].wrong_person, 0);
    left_out(&sharing->routes[4].clearing, 1);
}

static void
test_fines(void **state)
{
    const stn_fine *fines = town->regimes[0].fines;

    (void) state;
    assert_int_equal(town->regimes[0].fine_count, 3);
    assert_int_equal(fines[0].behaviour, TRAFFIC_OFFENCE);
    assert_int_equal(fines[0].agency, STN_NONE);
    given(&fines[0].amount, 200, "fines.traffic_offence.amount", "200 yuan");
    factor(&fines[0].amount, 0, 0, 1, 1.5);
    given(&fines[0].due, 15 * DAY, "fines.traffic_offence.due", "15 days");
    assert_int_equal(fines[0].unpaid_behaviour, UNPAID_ORDER);
    assert_int_equal(fines[0].unpaid_agency, COURT);
    given(&fines[0].unpaid_after, 90 * DAY, "fines.traffic_offence.unpaid.after", "90 days");
    assert_int_equal(fines[1].agency, TRAFFIC);
    given(&fines[1].amount, 100.5, "fines.traffic_offence.traffic.amount", "100.5 yuan");
    left_out(&fines[1].due, 0);
    assert_int_equal(fines[1].unpaid_behaviour, STN_NONE);
    assert_int_equal(fines[1].unpaid_agency, STN_NONE);
    left_out(&fines[1].unpaid_after, 0);
    assert_int_equal(fines[2].behaviour, NOISE);
}

static void
test_due_process(void **state)
{
    const stn_process *court = &town->regimes[0].processes[0], *food = &town->regimes[0].processes[1],
                      *market = &town->regimes[0].processes[2];
    const stn_petition *objection = &court->petitions[0], *appeal = &court->petitions[1];

    (void) state;
    assert_int_equal(town->regimes[0].process_count, 3);
    assert_int_equal(court->agency, COURT);
    assert_true(court->behaviours[RESIDENT] == (1 << UNPAID_ORDER | 1 << TRAFFIC_OFFENCE));
    assert_true(court->behaviours[COMPANY] == 0);
    given(&court->notice, 10 * DAY, "due_process.1.notice", "10 days");
    given(&court->correction, 0.3 / YEAR, "due_process.1.correction", "0.3 per year");
    assert_true(objection->given);
    given(&objection->files_acted, 0.05, "due_process.1.objection.files.acted", "0.05");
    given(&objection->files_not_acted, 0.5, "due_process.1.objection.files.not_acted", "0.5");
    assert_int_equal(objection->files_not_acted.cite_count, 1);
    given(&objection->within, 15 * DAY, "due_process.1.objection.within", "15 days");
    given(&objection->duration, 12 * HOUR, "due_process.1.objection.duration", "12 hours");
    given(&objection->capacity, 40.0 / DAY, "due_process.1.objection.capacity", "40 per day");
    given(&objection->succeeds_acted, 0.06, "due_process.1.objection.succeeds.acted", "0.06");
    given(&objection->succeeds_not_acted, 0.6, "due_process.1.objection.succeeds.not_acted", "0.6");
    assert_true(objection->suspends);
    given(&objection->points, -5, "due_process.1.objection.points", "-5");
    given(&objection->fee, 50, "due_process.1.objection.fee", "50 yuan");
    assert_true(appeal->given);
    assert_false(appeal->suspends);
    given(&appeal->within, 1, "due_process.1.appeal.within", "1 minute");
    left_out(&appeal->duration, 0);
    left_out(&appeal->capacity, 0);
    left_out(&appeal->points, 0);
    left_out(&appeal->fee, 0);
    assert_true(food->behaviours[RESIDENT] == 0 && food->behaviours[COMPANY] == 1);
    assert_false(food->petitions[0].given || food->petitions[1].given);
    left_out(&food->notice, 0);
    left_out(&food->correction, 0);
    assert_true(market->behaviours[RESIDENT] == 15 && market->behaviours[COMPANY] == 3 && market->behaviours[CLUB] == 1);
}

static void
test_repair_and_pardons(void **state)
{
    const stn_regime *regime = &town->regimes[0];
    const stn_repair *repair = &regime->processes[0].repair;

    (void) state;
    assert_true(repair->given);
    given(&repair->after, 90 * DAY, "due_process.1.repair.after", "90 days");
    given(&repair->chances, 2.0 / YEAR, "due_process.1.repair.chances", "2 per year");
    given(&repair->taken, 0.3, "due_process.1.repair.taken", "0.3");
    given(&repair->duration, 30 * DAY, "due_process.1.repair.duration", "30 days");
    given(&repair->fee, 500, "due_process.1.repair.fee", "500 yuan");
    assert_int_equal(repair->population, RESIDENT);
    assert_int_equal(repair->needs.node_count, 1);
    assert_int_equal(repair->needs.nodes[0].value, 2);
    assert_true(repair->needs.terms[0].behaviours == 1 << VOLUNTEERING);
    assert_true(repair->needs.terms[0].within == YEAR);
    assert_true(repair->needs.terms[0].confirmed); /* `counts` of the regime */
    assert_int_equal(regime->processes[1].repair.population, COMPANY);
    assert_int_equal(regime->processes[1].repair.needs.node_count, 0);
    left_out(&regime->processes[1].repair.after, 0);
    left_out(&regime->processes[1].repair.duration, 0);
    left_out(&regime->processes[1].repair.fee, 0);
    assert_int_equal(regime->processes[2].repair.population, STN_NONE);
    assert_int_equal(regime->pardon_count, 2);
    given(&regime->pardons[0].at, 5 * YEAR, "pardons.1.at", "5 years");
    assert_int_equal(regime->pardons[0].agency, COURT);
    assert_true(regime->pardons[0].behaviours[RESIDENT] == 1 << UNPAID_ORDER);
    assert_true(regime->pardons[0].behaviours[COMPANY] == 1 << 1);
    given(&regime->pardons[1].at, 2 * YEAR, "pardons.2.at", "2 years");
    assert_int_equal(regime->pardons[1].agency, STN_NONE);
    assert_true(regime->pardons[1].behaviours[RESIDENT] == 15);
}

static void
test_ratings(void **state)
{
    const stn_rating *personal = &town->regimes[0].ratings[0], *licence = &town->regimes[0].ratings[1], *choir = &town->regimes[0].ratings[2];

    (void) state;
    assert_int_equal(personal->agency, OFFICE);
    given(&personal->redeem, 2 * YEAR, "ratings.personal.redeem", "2 years");
    assert_false(personal->ladder);
    assert_int_equal(licence->agency, STN_NONE);
    left_out(&licence->redeem, STN_NEVER);
    assert_true(licence->ladder);
    assert_int_equal(licence->points_count, 0);
    given(&licence->review, YEAR, "ratings.licence.ladder.review", "every 1 year");
    assert_true(licence->review_behaviours == 3);
    assert_int_equal(licence->move_count[0], 2);
    assert_int_equal(licence->moves[0][0], 3);
    assert_int_equal(licence->moves[0][1], 0);
    for (int32_t band = 1; band < 3; band++) { /* the others */
        assert_int_equal(licence->move_count[band], 3);
        assert_int_equal(licence->moves[band][2], -2);
    }
    given(&choir->review, 90 * DAY, "ratings.choir.ladder.review", "every 90 days");
    assert_true(choir->review_behaviours == 1);
    assert_int_equal(choir->move_count[0], 1);
}

static void
test_lists(void **state)
{
    const stn_list *lists = town->regimes[0].lists;
    const stn_condition *enter = &lists[KIN].enter, *leave = &lists[KIN].leave;

    (void) state;
    given(&lists[DEFAULTERS].archive, STN_NEVER, "lists.defaulters.archive", "forever");
    given(&lists[FIRMS].archive, YEAR, "lists.firms.archive", "1 year");
    left_out(&lists[SLOW].archive, 0);
    assert_int_equal(enter->node_count, 3);
    assert_int_equal(enter->nodes[0].op, STN_COND_HOUSEHOLD);
    assert_int_equal(enter->nodes[0].a, DEFAULTERS);
    assert_int_equal(enter->nodes[1].op, STN_COND_REPRESENTATIVE);
    assert_int_equal(enter->nodes[1].a, FIRMS);
    assert_int_equal(enter->nodes[enter->root].op, STN_COND_OR);
    assert_int_equal(leave->nodes[0].op, STN_COND_HOUSEHOLD); /* through a tie a list may lead back to itself */
    assert_int_equal(leave->nodes[0].a, KIN);
}

static void
test_measures(void **state)
{
    const stn_measure *measures = town->regimes[0].measures;

    (void) state;
    assert_int_equal(town->regimes[0].measure_count, 4);
    assert_string_equal(measures[0].name, "plain");
    assert_true(measures[0].from == YEAR && measures[0].until == STN_NEVER);
    assert_string_equal(measures[1].name, "memorandum.1");
    assert_string_equal(measures[2].name, "memorandum.2");
    for (int32_t part = 1; part < 3; part++) {
        assert_string_equal(measures[part].title, "together");
        assert_int_equal(measures[part].population, RESIDENT);
        assert_int_equal(measures[part].local, part);
        assert_int_equal(measures[part].condition.node_count, 3);
        assert_int_equal(measures[part].condition.term_count, 1);
    }
    assert_int_equal(measures[1].agency, AIR);
    assert_int_equal(measures[1].closes_count, 1);
    assert_int_equal(measures[1].opens_count, 0);
    assert_true(measures[1].from == 0 && measures[1].until == 3 * YEAR);
    assert_int_equal(measures[2].agency, OFFICE);
    assert_int_equal(measures[2].closes[0], 1);
    assert_int_equal(measures[2].opens[0], 2);
    assert_true(measures[2].from == 100 * DAY && measures[2].until == 200 * DAY);
    assert_true(measures[2].place.line > measures[1].place.line);
    assert_string_equal(measures[3].name, "last");
    assert_int_equal(measures[3].population, COMPANY);
    assert_int_equal(measures[3].local, 0);
    assert_true(measures[3].until == STN_NEVER);
}

/* A route to several agencies, and a measure's times, are evidence once. */
static void
test_quantities(void **state)
{
    int32_t delays = 0, until = 0;

    (void) state;
    for (int32_t number = 0; number < town->quantity_count; number++) {
        const stn_quantity *quantity = town->quantities[number];
        delays += quantity->regime == 0 && strcmp(quantity->key, "sharing.routes.1.delay") == 0;
        if (quantity->regime == 0 && strcmp(quantity->key, "measures.memorandum.joint.1.until") == 0) {
            assert_int_equal(quantity->cite_count, 1);
            until++;
        }
    }
    assert_int_equal(delays, 1);
    assert_int_equal(until, 1);
}

static void
test_extends(void **state)
{
    const stn_regime *less = &town->regimes[1];
    const stn_rating *licence = &less->ratings[1], *choir = &less->ratings[2];

    (void) state;
    assert_true(less->sharing.given);
    assert_same(less->sharing.level.value, 0.5);
    assert_int_equal(less->sharing.route_count, 0);
    assert_int_equal(less->sharing.namesake_count[RESIDENT], 0);
    assert_int_equal(less->fine_count + less->pardon_count, 0);
    assert_int_equal(less->process_count, 1);
    assert_int_equal(less->processes[0].agency, OFFICE);
    assert_int_equal(less->ratings[0].agency, STN_NONE);
    left_out(&less->ratings[0].redeem, STN_NEVER);
    assert_same(licence->review.value, 2 * YEAR);
    assert_int_equal(licence->move_count[0], 3); /* suspended is now among the others */
    assert_int_equal(licence->moves[2][1], -6);
    assert_false(choir->ladder);
    assert_int_equal(choir->points_count, 1);
    left_out(&less->lists[DEFAULTERS].archive, 0);
    assert_int_equal(less->measure_count, 3);
    assert_true(less->measures[0].from == YEAR && less->measures[0].until == 2 * YEAR);
    assert_int_equal(less->measures[0].agency, STN_NONE);
    assert_string_equal(less->measures[1].name, "memorandum.1");
    assert_int_equal(less->measures[1].agency, COURT);
    assert_string_equal(less->measures[2].name, "last.1");
    assert_int_equal(less->measures[2].agency, MARKET);
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_money), cmocka_unit_test(test_behaviours_and_doors), cmocka_unit_test(test_sharing),
        cmocka_unit_test(test_fines), cmocka_unit_test(test_due_process), cmocka_unit_test(test_repair_and_pardons),
        cmocka_unit_test(test_ratings), cmocka_unit_test(test_lists), cmocka_unit_test(test_measures),
        cmocka_unit_test(test_quantities), cmocka_unit_test(test_extends),
    };

    if (chdir(argc > 1 ? argv[1] : ".") != 0) {
        return 1;
    }
    return cmocka_run_group_tests(tests, load_town, free_town);
}
