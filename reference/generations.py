# SPDX-License-Identifier: Apache-2.0
"""People who come, grow older and go (docs/semantics.md, section 19): what that does to a life under a regime.

When it happens is told in lives.py, and no regime can change it. It takes effect at the start of the next window.
"""
import draw as draws
import lives
from draw import gap, later

SHARES = ["never", "below_1_percent", "below_10_percent", "below_half", "half_or_more"]


def share(restricted, lived):
    """For how much of their life somebody was restricted, in words."""
    if restricted == 0:
        return "never"
    if 100 * restricted < lived:
        return "below_1_percent"
    if 10 * restricted < lived:
        return "below_10_percent"
    return "below_half" if 2 * restricted < lived else "half_or_more"


class Generations:
    """The part of a life (life.py) that is about coming, ageing and going."""

    COMES, DIES, DEPARTS, AGES = "comes", lives.DIES, lives.DEPARTS, lives.AGES

    @staticmethod
    def counters(population):
        """Rows of counters, behind all others."""
        ages = population.attribute(population.life.ages).levels
        return [(["there", "there_minutes", "born", "arrived", "died", "departed", "aged", "lived_minutes",
                  "lived_restricted_minutes"], [""]),
                (["lives"], SHARES),
                (["of_age", "of_age_minutes", "restricted_of_age", "restricted_of_age_minutes", "ever_listed", "first_listed"], ages)]

    def start_generations(self):
        self.to_take_effect = {}  # {(population, row, window's start): [(what, cell afterwards)]}
        for rules in self.rules:
            if not rules.world.life:
                continue
            size, comings = self.city.sizes[rules.number], self.city.comings[rules.number]
            for actor in self.actors[rules.number]:
                course = lives.course_of(self.study.world, self.city, rules.number, actor.row, self.study.seed, self.horizon)
                if actor.row >= size:
                    course.insert(0, (comings[actor.row - size][0], self.COMES, actor.first_cell))
                for minute, what, cell in course:
                    start = -(-minute // self.window_length) * self.window_length
                    self.to_take_effect.setdefault((rules.number, actor.row, start), []).append((what, cell))

    def take_effect(self, actor, start):
        """At a window's start, what happened since the one before."""
        happens = self.to_take_effect.get((actor.population.number, actor.row, start), [])
        whats = [what for what, _ in happens]
        if self.COMES in whats and whats[-1] in (self.DIES, self.DEPARTS):
            # Reading: nothing else is counted of somebody who was never there.
            actor.move_into(happens[-1][1])
            self.count_coming(actor)
            self.count(actor, "died" if whats[-1] == self.DIES else "departed", "")
            actor.gone = True
            return
        for what, cell in happens:
            if what == self.COMES:
                self.come(actor, start)
            elif what == self.AGES:
                self.grow(actor, start, cell)
            else:
                self.go(actor, start, what)

    def moved_in(self, actor):
        number = actor.population.number
        return self.city.comings[number][actor.row - self.city.sizes[number]][1]

    def count_coming(self, actor):
        self.count(actor, "arrived" if self.moved_in(actor) else "born", "")

    def come(self, actor, time):
        self.count_coming(actor)
        self.log(actor, time, self.CAME, 0, actor.cell + (2**32 if self.moved_in(actor) else 0))
        self.begin(actor, time)

    def grow(self, actor, time, cell):
        before = self.before(actor)
        self.account(actor, time)
        actor.move_into(cell)
        self.count(actor, "aged", "")
        self.log(actor, time, self.AGED, 0, cell)
        words = self.draw(draws.RESUME, actor, actor.row, actor.k, time)
        actor.next_opportunity = later(time, gap(words[0], actor.rate))
        j = draws.derive(actor.row, time, 2**34)
        actor.arrivals = [[self.arrival_after(actor, entry, time, j), j] for entry in actor.population.false_records]
        self.settle(actor, time, before, None)

    def go(self, actor, time, why):
        self.account(actor, time)
        if actor.has_money:
            self.count(actor, "left_yuan", "", actor.savings)
            actor.savings = 0
        for one in actor.population.lists_in_order:
            if one.name in actor.stays:
                self.leave(actor, one, time, None, publicly=False)
        if actor.closed or actor.open:
            actor.closed, actor.open = set(), set()
            self.log(actor, time, self.DOORS, 0, 0)
        actor.archived.clear()
        actor.wrongly_restricted = False
        # Reading: all of them are void now, those too that were to be decided after the end of the run.
        for petition in actor.petitions:
            self.count(actor, ("objections", "appeals")[petition.stage.number] + "_void", petition.record.holder)
        actor.petitions.clear()
        lived = time - actor.since
        self.count(actor, "died" if why == self.DIES else "departed", "")
        self.count(actor, "lived_minutes", "", lived)
        self.count(actor, "lived_restricted_minutes", "", actor.restricted_minutes)
        self.count(actor, "lives", share(actor.restricted_minutes, lived))
        self.log(actor, time, self.WENT, 0, 0 if why == self.DIES else 1)
        actor.there, actor.gone = False, True

    # ---- counters of all that goes by age

    def age_of(self, actor):
        return actor.levels[actor.population.world.life.ages]

    def ever_listed(self, actor):
        return any(one.kind == "blacklist" and one.name in actor.ever for one in actor.population.lists)

    def count_listing_of_age(self, actor):
        """Just before somebody enters a blacklist."""
        if actor.population.world.life and not self.ever_listed(actor):
            self.count(actor, "first_listed", self.age_of(actor))

    def count_minutes_of_life(self, actor, minutes):
        if actor.population.world.life:
            self.count(actor, "there_minutes", "", minutes)
            self.count(actor, "of_age_minutes", self.age_of(actor), minutes)
            if actor.closed:
                self.count(actor, "restricted_of_age_minutes", self.age_of(actor), minutes)

    def take_stock_of_life(self, actor):
        if actor.population.world.life:
            self.count(actor, "there", "")
            self.count(actor, "of_age", self.age_of(actor))
            if actor.closed:
                self.count(actor, "restricted_of_age", self.age_of(actor))
            if self.ever_listed(actor):
                self.count(actor, "ever_listed", self.age_of(actor))
