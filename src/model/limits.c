/* SPDX-License-Identifier: Apache-2.0
 *
 * limits.c - counts the different things that the conditions of one population
 * mention, for which the engine keeps a place in everybody's state. */
#include "model/regime.h"

/* A list and who sees it, or the tie through which it is seen. */
typedef struct mention {
    int32_t list, by;
} mention;

/* What the conditions of one population mention. */
typedef struct mentions {
    stn_term terms[STN_TERMS_MAX];
    int32_t viewers[STN_TERMS_MAX]; /* of each term */
    mention notices[STN_NOTICES_MAX], ties[STN_TIES_MAX];
    int32_t term_count, notice_count, tie_count;
    bool terms_told, notices_told, ties_told;
} mentions;

/* Who sees what is kept by an agency: without sharing everybody sees all. */
static int32_t
viewer_of(const stn__regime_reader *r, int32_t agency)
{
    return r->regime->sharing.given ? agency : STN_NONE;
}

static void
count_term(stn__regime_reader *r, mentions *m, const stn_term *term, int32_t viewer, stn_place place)
{
    for (int32_t number = 0; number < m->term_count; number++) {
        const stn_term *known = &m->terms[number];
        if (known->behaviours == term->behaviours && known->within == term->within && known->confirmed == term->confirmed
            && m->viewers[number] == viewer) {
            return;
        }
    }
    if (m->term_count < STN_TERMS_MAX) {
        m->viewers[m->term_count] = viewer;
        m->terms[m->term_count++] = *term;
    } else if (!m->terms_told) {
        m->terms_told = true;
        stn__mistake(r->reader, place, "found more than %d different records() terms of one population", STN_TERMS_MAX);
    }
}

/* Adds to a set of `max`; true if it is one too many. */
static bool
count_mention(mention *set, int32_t *count, int32_t max, mention added)
{
    for (int32_t number = 0; number < *count; number++) {
        if (set[number].list == added.list && set[number].by == added.by) {
            return false;
        }
    }
    if (*count == max) {
        return true;
    }
    set[(*count)++] = added;
    return false;
}

static void
count_node(stn__regime_reader *r, mentions *m, const stn_cond_node *node, int32_t viewer, stn_place place)
{
    bool tie = node->op == STN_COND_HOUSEHOLD || node->op == STN_COND_REPRESENTATIVE;

    if (tie && count_mention(m->ties, &m->tie_count, STN_TIES_MAX, (mention) { node->a, (int32_t) node->op }) && !m->ties_told) {
        m->ties_told = true;
        stn__mistake(r->reader, place, "found more than %d different household() and representative() of one population", STN_TIES_MAX);
    }
    if (node->op == STN_COND_ON && viewer != STN_NONE && r->regime->lists[node->a].agency != STN_NONE
        && r->regime->lists[node->a].agency != viewer
        && count_mention(m->notices, &m->notice_count, STN_NOTICES_MAX, (mention) { node->a, viewer }) && !m->notices_told) {
        m->notices_told = true;
        stn__mistake(r->reader, place, "found more than %d pairs of a list of one population and another agency that sees it", STN_NOTICES_MAX);
    }
}

/* Counts what a condition mentions that an agency, or STN_NONE, goes by. */
static void
count_condition(stn__regime_reader *r, mentions *all, int32_t population, int32_t agency, const stn_condition *condition)
{
    int32_t viewer = viewer_of(r, agency);

    if (population == STN_NONE) {
        return;
    }
    for (int32_t number = 0; number < condition->term_count; number++) {
        count_term(r, &all[population], &condition->terms[number], viewer, condition->place);
    }
    for (int32_t number = 0; number < condition->node_count; number++) {
        count_node(r, &all[population], &condition->nodes[number], viewer, condition->place);
    }
}

void
stn__limits_check(stn__regime_reader *r)
{
    const stn_regime *regime = r->regime;
    mentions *all;

    if (r->world == NULL) {
        return; /* who is who, is not known */
    }
    all = stn__take(r->reader, STN_POPULATIONS_MAX, sizeof *all);
    for (int32_t number = 0; number < regime->rating_count; number++) {
        const stn_rating *rating = &regime->ratings[number];
        stn_term term = { rating->review_behaviours, (uint32_t) rating->review.value, regime->counts_confirmed };
        if (rating->ladder && rating->population != STN_NONE) {
            count_term(r, &all[rating->population], &term, viewer_of(r, rating->agency), rating->place);
        }
    }
    for (int32_t number = 0; number < regime->list_count; number++) {
        const stn_list *list = &regime->lists[number];
        count_condition(r, all, list->population, list->agency, &list->enter);
        count_condition(r, all, list->population, list->agency, &list->leave);
    }
    for (int32_t number = 0; number < regime->measure_count; number++) {
        const stn_measure *measure = &regime->measures[number];
        count_condition(r, all, measure->population, measure->agency, &measure->condition);
    }
    for (int32_t number = 0; number < regime->process_count; number++) {
        const stn_process *process = &regime->processes[number];
        count_condition(r, all, process->repair.population, process->agency, &process->repair.needs);
    }
}
