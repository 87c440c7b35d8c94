# SPDX-License-Identifier: Apache-2.0
"""How conditions look at somebody: as they are, as they would be but for false records, as they imagine themselves.

docs/semantics.md, sections 6 (but for false records), 7 (stakes), 13 and 14 (who sees what).
"""
import conditions
from draw import NEVER


class View:
    """What conditions.holds() asks; the three below say how they answer."""

    def __init__(self, actor):
        self.actor = actor

    def level(self, attribute):
        return self.actor.levels[attribute]

    def rating(self):
        """The points cut to the range, or None for somebody not rated."""
        if not self.actor.rated:
            return None
        return self.actor.population.rating.cut(self.points())

    def band(self):
        """The name of the rating's band, or None."""
        rating = self.rating()
        if rating is None:
            return None
        for band in self.actor.population.rating.bands:
            if band.first <= rating <= band.last:
                return band.name
        return None


class Real(View):
    """The actor as they are."""

    def points(self):
        return self.actor.points()

    def records(self, term):
        return sum(record.counts_for(term) for record in self.actor.records)

    def on(self, name):
        return name in self.actor.stays

    def notice(self, name, agency):
        return (name, agency) in self.actor.told or (name, agency) in self.actor.misdirected

    def published(self, name):
        return name in self.actor.published

    def tie(self, kind, name):
        return self.actor.ties.get((kind, name), 0) > 0


class ButForFalse(Real):
    """The actor as they would be if their false records did not count."""

    def points(self):
        return self.actor.points(with_false=False)

    def records(self, term):
        return sum(record.counts_for(term) for record in self.actor.records if not record.false)

    def wrongly_on(self, name):
        return name in self.actor.stays and self.actor.stays[name].wrong

    def on(self, name):
        return name in self.actor.stays and not self.wrongly_on(name)

    def notice(self, name, agency):
        return (name, agency) in self.actor.told and not self.wrongly_on(name)

    def published(self, name):
        return name in self.actor.published and not self.wrongly_on(name)


class Imagined(View):
    """Somebody of the actor's cell and rating, on no list, with one record of `behaviour` or (None) with no record."""

    def __init__(self, actor, behaviour):
        super().__init__(actor)
        self.behaviour = behaviour
        self.lists = set()

    def points(self):
        rating = self.actor.population.rating
        total = Real(self.actor).rating()
        if self.behaviour is not None and self.behaviour.name in rating.points:
            total += rating.points[self.behaviour.name].value
        return total

    def records(self, term):
        return int(self.behaviour is not None and self.behaviour.name in term.behaviours
                   and self.actor.population.could_see(term.viewer, self.behaviour.name))

    def on(self, name):
        return name in self.lists

    def notice(self, name, agency):
        return name in self.lists and self.actor.population.way_of_list(name, agency) is not None

    def published(self, name):
        return name in self.lists and self.actor.population.list(name).publish != NEVER

    def tie(self, kind, name):
        return False

    def settle(self):
        """Enters what lists they would enter; then which doors are closed and which channels open."""
        for some_list in self.actor.population.lists_in_order:
            if conditions.holds(some_list.enter, self) and not conditions.holds(some_list.leave, self):
                self.lists.add(some_list.name)
        return self.actor.population.doors_under_measures(self)
