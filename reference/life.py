# SPDX-License-Identifier: Apache-2.0
"""One city lived under one regime: docs/semantics.md, sections 2 to 11, as it reads.

Nothing here is clever. A person keeps all their records in a list, and `records(fraud) >= 2` is answered by going through the
list and counting. "But for false records" is answered by going through it again without the false ones. How much is at stake
is answered by imagining somebody, giving them a record and looking which doors would close.

Reading order: Actor and Record (what there is), the views (how conditions look at somebody), then Life, which follows the
page section by section.

Where the page could be read in more than one way, a comment beginning with "Reading:" says which was chosen.
"""
import math

import conditions
import draw as draws
from draw import NEVER, U32, U64, below, gap, later, mix

# Which of the things that happen to one person at the same minute comes first.
RECORD_STEP, LIST_TERM, PUBLICATION, FALSE_ARRIVAL, OPPORTUNITY = range(5)

# Kinds of events in the log.
ACT, BORN, CONFIRMED, CLEARED, SETTLED, ENTERED, LEFT, PUBLISHED, DOORS, BLOCKED = range(1, 11)


# ---------------------------------------------------------------- what there is

class Record:
    """One record of one actor."""

    def __init__(self, behaviour, agency, false, key, birth, verdict, forgettings, order):
        self.behaviour = behaviour    # a Behaviour of the world
        self.agency = agency          # name
        self.false = false            # True: there was no act behind it
        self.key = key                # k of the opportunity, or j of the false arrival
        self.birth = birth
        self.verdict = verdict        # when it falls, or NEVER
        self.steps = sorted({birth, verdict} | set(forgettings))  # minutes at which something happens to it
        self.now = -1                 # the minute of its last step; -1: not born
        self.state = "unborn"         # then suspected, confirmed, cleared, settled
        self.chance = NEVER           # when the debt may next be paid
        self.end = NEVER              # when a payment under way ends it
        self.order = order            # when it was last scheduled, among all that is scheduled for the actor

    def over(self):
        return self.state in ("cleared", "settled")

    def next_step(self):
        """The next birth, verdict or forgetting."""
        if self.over():
            return NEVER
        return min((time for time in self.steps if time > self.now), default=NEVER)

    def next_payment(self):
        """The next chance to pay, or the end that a payment brings."""
        return NEVER if self.over() else min(self.chance, self.end)

    def next_time(self):
        return min(self.next_step(), self.next_payment())

    def counts(self, confirmed, forget):
        """Whether it counts for a rating or term that counts confirmed records only (or suspected ones too) and forgets
        them `forget` minutes after their birth.

        Reading: time passes for a record when its own step is handled. Of two records that would be forgotten at the
        same minute, the second still counts while the first one's step is settled."""
        if self.state not in ("suspected", "confirmed") or (confirmed and self.state != "confirmed"):
            return False
        return self.now < later(self.birth, forget)


def added_in_order(rates):
    """Their sum, each addition rounded; Python's own sum() is cleverer than that since 3.12."""
    total = 0.0
    for rate in rates:
        total = total + rate
    return total


class Stay:
    """Somebody's stay on a list."""

    def __init__(self, wrong):
        self.wrong = wrong


class Actor:
    """A resident or a company."""

    def __init__(self, population, row, cell):
        self.population = population  # a Rules
        self.row = row
        self.levels = population.world.levels_of_cell(cell)  # {attribute: level}
        self.zone = population.zone(self.levels)
        self.group = population.group(self.levels)
        self.rates = [b.opportunities.for_levels(self.levels) for b in population.behaviours]
        self.rate = added_in_order(self.rates)
        self.behaviour_table = draws.alias_build(self.rates) if self.rate > 0 else None
        self.attempt_rates = [d.attempts.for_levels(self.levels) for d in population.doors]
        self.attempt_rate = added_in_order(self.attempt_rates)
        self.door_table = draws.alias_build(self.attempt_rates) if self.attempt_rate > 0 else None
        self.rated = False
        self.base = 0                 # points without any record
        self.records = []
        self.stays = {}               # {name of a list: Stay}, for the lists they are on
        self.ever = set()             # lists they were ever on
        self.published = set()        # lists they were on at the last publication
        self.closed = set()           # doors
        self.open = set()             # channels
        self.wrongly_restricted = False
        self.ever_restricted = False
        self.scheduled = []           # (time, LIST_TERM or PUBLICATION, order, list, stay)
        self.order = 0                # how many things have been scheduled
        self.k = 0                    # opportunities so far
        self.next_opportunity = NEVER
        self.arrivals = []            # for each false-record entry: [next time, j]
        self.counted_until = 0        # the minute to which person-minutes have been counted
        self.doors_history = []       # (time, closed doors) in this window

    def schedule(self):
        self.order += 1
        return self.order

    def restricted(self):
        return bool(self.closed)

    def points(self, with_false=True):
        """The uncut sum; 0 if not rated."""
        if not self.rated:
            return 0
        rating = self.population.rating
        total = self.base
        for record in self.records:
            points = rating.points.get(record.behaviour.name)
            if points and (with_false or not record.false) and record.counts(self.population.confirmed, points.forget):
                total += points.value
        return total


# ---------------------------------------------------------------- how conditions look at somebody

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
        rating = self.actor.population.rating
        return min(max(self.points(), rating.least), rating.most)

    def band(self):
        """The name of the rating's band, or None."""
        if not self.actor.rated:
            return None
        for band in self.actor.population.rating.bands:
            if band.first <= self.rating() <= band.last:
                return band.name
        return None


class Real(View):
    """The actor as they are."""

    def points(self):
        return self.actor.points()

    def records(self, term):
        return sum(record.behaviour.name in term.behaviours and record.counts(term.confirmed, term.within)
                   for record in self.actor.records)

    def on(self, name):
        return name in self.actor.stays

    def published(self, name):
        return name in self.actor.published


class ButForFalse(View):
    """The actor as they would be if their false records did not count."""

    def points(self):
        return self.actor.points(with_false=False)

    def records(self, term):
        return sum(record.behaviour.name in term.behaviours and record.counts(term.confirmed, term.within)
                   for record in self.actor.records if not record.false)

    def on(self, name):
        return name in self.actor.stays and not self.actor.stays[name].wrong

    def published(self, name):
        wrongly = name in self.actor.stays and self.actor.stays[name].wrong
        return name in self.actor.published and not wrongly


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
        return int(self.behaviour is not None and self.behaviour.name in term.behaviours)

    def on(self, name):
        return name in self.lists

    def published(self, name):
        return name in self.lists and self.actor.population.list(name).publish != NEVER

    def settle(self):
        """Enters what lists they would enter; then which doors are closed and which channels open."""
        for some_list in self.actor.population.lists_in_order:
            if conditions.holds(some_list.enter, self) and not conditions.holds(some_list.leave, self):
                self.lists.add(some_list.name)
        return self.actor.population.doors_under_measures(self)


# ---------------------------------------------------------------- what holds for a whole population

class Rules:
    """The part of the world and the regime that concerns one population."""

    def __init__(self, study, regime, population):
        world, name = study.world, population.name
        self.world = population
        self.number = population.number
        self.behaviours = [b for b in world.behaviours if b.population == name]
        self.doors = [d for d in world.doors if d.population == name]
        mine = {b.name for b in self.behaviours}
        self.detections = [d for d in regime.detections if d.behaviour in mine]
        self.false_records = [f for f in regime.false_records if f.behaviour in mine]
        self.confirmed = regime.counts_confirmed
        self.rating = next((r for r in regime.ratings if r.population == name), None)
        self.lists = [one for one in regime.lists if one.population == name]
        self.lists_in_order = dependency_order(self.lists)
        self.measures = [m for m in regime.measures if m.population == name]
        self.terms = self.all_terms()
        self.by = [a for a in (population.attribute(by) for by in study.by) if a is not None]
        learning_by = population.attribute(world.learning.by) if world.learning and world.learning.by else None
        self.zone_attribute = learning_by
        self.zone_count = len(learning_by.levels) if learning_by else 1
        self.group_count = math.prod(len(a.levels) for a in self.by)

    def list(self, name):
        return next(one for one in self.lists if one.name == name)

    def behaviour(self, name):
        return next(b for b in self.behaviours if b.name == name)

    def all_terms(self):
        """Every different records(...) of the population's lists and measures."""
        trees = [tree for one in self.lists for tree in (one.enter, one.leave)] + [m.condition for m in self.measures]
        return list(dict.fromkeys(term for tree in trees for term in conditions.terms(tree)))

    def forgettings(self, behaviour, birth):
        """The minutes at which a record of this behaviour is forgotten, by the rating and by terms.

        Reading: whoever it is, and whether or not the record counts at that minute, it is a step of the record's."""
        spans = [term.within for term in self.terms if behaviour.name in term.behaviours]
        if self.rating and behaviour.name in self.rating.points:
            spans.append(self.rating.points[behaviour.name].forget)
        return [later(birth, span) for span in spans]

    def doors_under_measures(self, view):
        """Which doors the measures close, and which channels they open, for the person seen through `view`."""
        closed, opened = set(), set()
        for measure in self.measures:
            if conditions.holds(measure.condition, view):
                closed |= set(measure.closes)
                opened |= set(measure.opens)
        return closed, opened

    def group(self, levels):
        number = 0
        for attribute in self.by:
            number = number * len(attribute.levels) + attribute.levels.index(levels[attribute.name])
        return number

    def zone(self, levels):
        return self.zone_attribute.levels.index(levels[self.zone_attribute.name]) if self.zone_attribute else 0

    def mask(self, names, things):
        """The names as bits, in the order of the things' numbers."""
        return sum(1 << thing.number for thing in things if thing.name in names)

    def counters(self):
        """(name, subject) of every counter, in the order of the digest."""
        behaviours = [b.name for b in self.behaviours]
        bands = [band.name for band in self.rating.bands] if self.rating else []
        lists = [one.name for one in self.lists]
        rights = [d.name for d in self.doors if d.kind == "right"]
        channels = [d.name for d in self.doors if d.kind == "channel"]
        rows = [
            (["opportunities", "acts", "detected"], behaviours),
            (["records", "false_records"], behaviours),
            (["confirmed", "cleared", "false_confirmed", "false_cleared"], behaviours),
            (["settled"], behaviours),
            (["band"], bands),
            (["list_entries", "list_exits", "list_first"], lists),
            (["list_wrong_entries"], lists),
            (["list_published"], lists),
            (["list_stock", "list_wrong_stock", "list_minutes", "list_wrong_minutes"], lists),
            (["closed_stock", "closed_minutes", "blocked"], rights),
            (["open_stock", "open_minutes"], channels),
            (["restricted_entries", "restricted_first", "restricted_stock", "restricted_minutes", "wrong_stock",
              "wrong_minutes"], [""]),
        ]
        # Reading: "each with its items in order" goes through all items of a counter before the next counter.
        return [(name, subject) for names, subjects in rows for name in names for subject in subjects]


def dependency_order(lists):
    """A list after those that its conditions name; otherwise file order."""
    order, left = [], list(lists)
    while left:
        taken = {one.name for one in order}
        first = next(one for one in left
                     if all(name in taken for tree in (one.enter, one.leave) for name in conditions.lists(tree)))
        order.append(first)
        left.remove(first)
    return order


class Before:
    """What settling compares with: the actor as they were before the event."""

    def __init__(self, actor):
        view = Real(actor)
        self.records = {term: view.records(term) for term in actor.population.terms}
        self.points = actor.points()
        self.rating = view.rating()
        self.on = set(actor.stays)
        self.published = set(actor.published)


# ---------------------------------------------------------------- the life

class Life:
    """Lives a city (for each population, the cell of each row) under one regime, from minute 0 to the horizon."""

    def __init__(self, study, regime, cells):
        self.study, self.regime = study, regime
        self.horizon, self.window_length = study.horizon(), study.window
        self.window_count = -(-self.horizon // self.window_length)
        self.window = 0               # the one being lived
        self.events = []              # (population, row, time, kind, subject, value)
        self.counts = {}              # {(window, population, group, counter, subject): number}
        self.histogram = {}           # {(window, population, group, rating): people}
        self.rules = [Rules(study, regime, population) for population in study.world.populations]
        self.actors = [[Actor(rules, row, cell) for row, cell in enumerate(cells[rules.number])] for rules in self.rules]
        self.certainty = [[[b.prior for b in rules.behaviours] for _ in range(rules.zone_count)] for rules in self.rules]
        self.acts = {}                # {(population, zone, behaviour): [acts, detected]} in this window

    def run(self):
        for actor in self.everybody():
            self.begin(actor)
        for self.window in range(self.window_count):
            start, end = self.window * self.window_length, min((self.window + 1) * self.window_length, self.horizon)
            self.acts = {}
            for actor in self.everybody():
                self.live_until(actor, end)
                self.attempts(actor, start, end)
                self.take_stock(actor, end)
            self.learn()
        self.events.sort()

    def everybody(self):
        return (actor for population in self.actors for actor in population)

    # ---- noting down

    def draw(self, purpose, actor, c0, c1, c2):
        return draws.draw(self.study.seed, purpose, actor.population.number, c0, c1, c2)

    def log(self, actor, time, kind, subject, value):
        self.events.append((actor.population.number, actor.row, time, kind, subject, value))

    def count(self, actor, counter, subject, number=1):
        key = (self.window, actor.population.number, actor.group, counter, subject)
        self.counts[key] = self.counts.get(key, 0) + number

    def record_value(self, record):
        return self.regime.agencies.index(record.agency) + (65536 if record.false else 0)

    # ---- section 2: the start

    def begin(self, actor):
        self.begin_rating(actor)
        words = self.draw(draws.OPPORTUNITY, actor, actor.row, 0, 0)
        actor.next_opportunity = later(0, gap(words[0], actor.rate))
        actor.arrivals = [[self.arrival_after(actor, entry, 0, 0), 0] for entry in actor.population.false_records]
        self.settle(actor, 0, None)

    def begin_rating(self, actor):
        rating = actor.population.rating
        if rating is None or not conditions.holds(rating.covers, Real(actor)):
            return
        actor.rated = True
        words = self.draw(draws.BASE, actor, actor.row, 0, 0)
        halves = sum((word & 0xFFFF) + (word >> 16) for word in words)
        z = (float(halves) - 262140.0) / 53509.91992145008
        base = rating.base + math.floor(rating.spread * z + 0.5)
        actor.base = min(max(base, rating.least), rating.most)

    # ---- section 6: one event at a time

    def live_until(self, actor, end):
        """Everything that happens to an actor before minute `end`."""
        actor.doors_history = [(-1, set(actor.closed))]
        while True:
            time, rank, _, what = min(self.upcoming(actor), key=lambda event: event[:3])
            if time >= end:
                break
            self.count_minutes(actor, time)
            if rank == RECORD_STEP:
                self.record_step(actor, what, time)
            elif rank == LIST_TERM:
                self.term_ends(actor, what, time)
            elif rank == PUBLICATION:
                self.publish(actor, what, time)
            elif rank == FALSE_ARRIVAL:
                self.false_arrival(actor, what, time)
            else:
                self.opportunity(actor, time)
        self.count_minutes(actor, end)

    def upcoming(self, actor):
        """All that is to come, as (time, rank at the same time, order at the same rank, what)."""
        for record in actor.records:
            yield record.next_time(), RECORD_STEP, record.order, record
        for event in actor.scheduled:
            yield event[0], event[1], event[2], event
        for number, (time, _) in enumerate(actor.arrivals):
            yield time, FALSE_ARRIVAL, number, number
        yield actor.next_opportunity, OPPORTUNITY, 0, None

    # ---- section 3: opportunities

    def opportunity(self, actor, time):
        rules = actor.population
        actor.k += 1
        w0, w1, w2, w3 = self.draw(draws.OPPORTUNITY, actor, actor.row, actor.k, 0)
        actor.next_opportunity = later(time, gap(w0, actor.rate))
        behaviour = rules.behaviours[draws.alias_pick(actor.behaviour_table, w1)]
        self.count(actor, "opportunities", behaviour.name)
        if not below(w2, self.inclination(actor, behaviour)):
            return
        self.count(actor, "acts", behaviour.name)
        self.log(actor, time, ACT, behaviour.number, actor.k)
        detected = False
        for entry in rules.detections:
            if entry.behaviour == behaviour.name:
                if below(mix(w3 ^ draws.fnv(entry.agency)), entry.probability.chance_for_levels(actor.levels)):
                    detected = True
                    self.add_record(actor, behaviour, entry.agency, False, actor.k, later(time, entry.delay))
        tally = self.acts.setdefault((rules.number, actor.zone, behaviour.number), [0, 0])
        tally[0] += 1
        if detected:
            tally[1] += 1
            self.count(actor, "detected", behaviour.name)

    def inclination(self, actor, behaviour):
        """The chance that the actor acts."""
        stakes = self.stakes(actor, behaviour)
        if behaviour.kind == "merit":
            factor = draws.exp(behaviour.incentive * stakes)
        else:
            certainty = self.certainty[actor.population.number][actor.zone][behaviour.number]
            factor = draws.exp(-(certainty * (behaviour.certainty + behaviour.severity * stakes)))
        p = behaviour.taken.chance_for_levels(actor.levels) * factor
        return p * behaviour.strain if actor.restricted() else p

    # ---- section 4: false records

    def arrival_after(self, actor, entry, time, j):
        """When arrival j of an entry comes, the one before having come at `time`."""
        words = self.draw(draws.FALSE, actor, actor.row, j, draws.fnv(f"{entry.agency}/{entry.behaviour}"))
        return later(time, gap(words[0], entry.rate.for_levels(actor.levels)))

    def false_arrival(self, actor, number, time):
        entry = actor.population.false_records[number]
        j = actor.arrivals[number][1]
        actor.arrivals[number] = [self.arrival_after(actor, entry, time, j + 1), j + 1]
        record = self.add_record(actor, actor.population.behaviour(entry.behaviour), entry.agency, True, j, time)
        self.record_step(actor, record, time)

    # ---- section 5: a record's life

    def adjudication(self, record_behaviour, agency):
        general = None
        for entry in self.regime.adjudications:
            if entry.behaviour == record_behaviour.name:
                if entry.agency == agency:
                    return entry
                if entry.agency is None:
                    general = entry
        return general

    def add_record(self, actor, behaviour, agency, false, key, birth):
        entry = self.adjudication(behaviour, agency)
        verdict = later(birth, entry.after) if entry else NEVER
        forgettings = actor.population.forgettings(behaviour, birth)
        record = Record(behaviour, agency, false, key, birth, verdict, forgettings, actor.schedule())
        actor.records.append(record)
        return record

    def record_step(self, actor, record, time):
        """What happens to a record at this minute: birth, verdict and forgettings together, or else a payment."""
        before = Before(actor)
        if record.next_step() == time:
            born = record.now < record.birth
            record.now = time
            if born:
                self.birth(actor, record, time)
            if record.verdict == time:
                self.verdict(actor, record, time)
        elif record.end == time:
            record.state = "settled"
            self.count(actor, "settled", record.behaviour.name)
            self.log(actor, time, SETTLED, record.behaviour.number, self.record_value(record))
        else:
            self.chance_to_pay(actor, record, time)
        record.order = actor.schedule()
        after = Before(actor)
        if (after.records, after.points) != (before.records, before.points):
            self.settle(actor, time, before)

    def birth(self, actor, record, time):
        record.state = "suspected" if self.adjudication(record.behaviour, record.agency) else "confirmed"
        self.count(actor, "false_records" if record.false else "records", record.behaviour.name)
        self.log(actor, time, BORN, record.behaviour.number, self.record_value(record))
        if record.behaviour.settles and record.behaviour.name in self.regime.settlements:
            record.chance = self.next_chance(record, time, self.payment_words(actor, record, time))

    def verdict(self, actor, record, time):
        entry = self.adjudication(record.behaviour, record.agency)
        words = self.draw(draws.VERDICT_FALSE if record.false else draws.VERDICT, actor, actor.row, record.key,
                          draws.fnv(f"{record.agency}/{record.behaviour.name}"))
        confirmed = below(words[0], entry.not_acted if record.false else entry.acted)
        record.state = "confirmed" if confirmed else "cleared"
        self.count(actor, ("false_" if record.false else "") + record.state, record.behaviour.name)
        self.log(actor, time, CONFIRMED if confirmed else CLEARED, record.behaviour.number, self.record_value(record))

    def payment_words(self, actor, record, time):
        return self.draw(draws.PAY_FALSE if record.false else draws.PAY, actor, actor.row, record.key, time)

    def next_chance(self, record, time, words):
        return later(time, max(1, gap(words[1], record.behaviour.settles_chances)))

    def chance_to_pay(self, actor, record, time):
        words = self.payment_words(actor, record, time)
        p = record.behaviour.settles_taken
        if actor.restricted():
            p = p * record.behaviour.settles_strain
        if below(words[0], p):
            record.chance = NEVER
            record.end = later(time, self.regime.settlements[record.behaviour.name])
        else:
            record.chance = self.next_chance(record, time, words)

    # ---- section 6: lists, publications, measures

    def settle(self, actor, time, before, ended=None):
        """Puts lists, doors and channels in order. `before`: the actor before the event (None: the start of the life, when
        entry is open everywhere); `ended`: the list whose term's end this event is."""
        rules = actor.population
        for one in rules.lists_in_order:
            if one.name in actor.stays:
                stay = actor.stays[one.name]
                if conditions.holds(one.leave, Real(actor)):
                    self.leave(actor, one, time)
                elif stay.wrong and conditions.holds(one.enter, ButForFalse(actor)):
                    stay.wrong = False
            elif (conditions.holds(one.enter, Real(actor)) and not conditions.holds(one.leave, Real(actor))
                  and self.entry_is_open(actor, one, before, ended)):
                self.enter(actor, one, time)
        closed, opened = rules.doors_under_measures(Real(actor))
        closed_but_for, _ = rules.doors_under_measures(ButForFalse(actor))
        actor.wrongly_restricted = bool(closed - closed_but_for)
        if closed and not actor.closed:
            self.count(actor, "restricted_entries", "")
            if not actor.ever_restricted:
                self.count(actor, "restricted_first", "")
            actor.ever_restricted = True
        if (closed, opened) != (actor.closed, actor.open):
            actor.closed, actor.open = closed, opened
            actor.doors_history.append((time, closed))
            self.log(actor, time, DOORS, 0, rules.mask(closed, rules.doors) + 2**32 * rules.mask(opened, rules.doors))

    def entry_is_open(self, actor, one, before, ended):
        if before is None or one.name not in actor.ever:
            return True
        if one.reentry == "never":
            return False
        if one.reentry == "at_once":
            return True
        if ended is one:
            return False
        now = Real(actor)
        if any(now.records(term) > before.records[term] for term in conditions.terms(one.enter)):
            return True
        if conditions.mentions_rating(one.enter) and now.rating() != before.rating:
            return True
        return any(now.on(name) != (name in before.on) or now.published(name) != (name in before.published)
                   or (ended is not None and name == ended.name)
                   for name in conditions.lists(one.enter))

    def enter(self, actor, one, time):
        but_for = ButForFalse(actor)
        wrong = not (conditions.holds(one.enter, but_for) and not conditions.holds(one.leave, but_for))
        self.schedule_publication(actor, one, time)
        stay = actor.stays[one.name] = Stay(wrong)
        if one.term != NEVER:
            actor.scheduled.append((later(time, one.term), LIST_TERM, actor.schedule(), one, stay))
        self.count(actor, "list_entries", one.name)
        if one.name not in actor.ever:
            self.count(actor, "list_first", one.name)
        if wrong:
            self.count(actor, "list_wrong_entries", one.name)
        actor.ever.add(one.name)
        self.log(actor, time, ENTERED, one.number, int(wrong))

    def leave(self, actor, one, time):
        self.schedule_publication(actor, one, time)
        del actor.stays[one.name]
        self.count(actor, "list_exits", one.name)
        self.log(actor, time, LEFT, one.number, 0)

    def schedule_publication(self, actor, one, time):
        """Called just before somebody enters or leaves."""
        if one.publish == NEVER or (one.name in actor.stays) != (one.name in actor.published):
            return
        next_time = (time // one.publish + 1) * one.publish
        actor.scheduled.append((next_time, PUBLICATION, actor.schedule(), one, None))

    def term_ends(self, actor, event, time):
        actor.scheduled.remove(event)
        one, stay = event[3], event[4]
        if actor.stays.get(one.name) is stay:
            before = Before(actor)
            self.leave(actor, one, time)
            self.settle(actor, time, before, ended=one)

    def publish(self, actor, event, time):
        actor.scheduled.remove(event)
        one = event[3]
        on = one.name in actor.stays
        if on == (one.name in actor.published):
            return  # whoever entered has left again, or the other way round: nothing changes
        before = Before(actor)
        if on:
            actor.published.add(one.name)
            self.count(actor, "list_published", one.name)
        else:
            actor.published.remove(one.name)
        self.log(actor, time, PUBLISHED, one.number, int(on))
        self.settle(actor, time, before)

    # ---- section 7: what is at stake

    def stakes(self, actor, behaviour):
        rules = actor.population
        k1, o1 = Imagined(actor, behaviour).settle()
        k0, o0 = Imagined(actor, None).settle()
        k, o = actor.closed, actor.open
        if behaviour.kind == "merit":
            d = len((k0 - k1) & k) + len(o1 - o0 - o)
        else:
            d = len(k1 - k0 - k) + len((o0 - o1) & o)
        n = len(rules.doors)
        first = float(d) / float(n) if n else 0.0
        second = 0.0
        if actor.rated and behaviour.name in rules.rating.points:
            value = rules.rating.points[behaviour.name].value
            hurts = value > 0 if behaviour.kind == "merit" else value < 0
            width = rules.rating.most - rules.rating.least
            if hurts and width:
                second = float(abs(value)) / float(width)
        return first + second

    # ---- section 8: certainty

    def learn(self):
        learning = self.study.world.learning
        if learning is None:
            return
        rate = 1.0 - draws.exp(-(float(self.window_length) / float(learning.memory))) if learning.memory != NEVER else 0.0
        for rules in self.rules:
            for zone in range(rules.zone_count):
                for behaviour in rules.behaviours:
                    acts, detected = self.acts.get((rules.number, zone, behaviour.number), (0, 0))
                    a, d = float(acts), float(detected)
                    observed = behaviour.prior
                    if a + learning.weight != 0:
                        observed = (d + learning.weight * behaviour.prior) / (a + learning.weight)
                    field = self.certainty[rules.number][zone]
                    field[behaviour.number] = (1.0 - rate) * field[behaviour.number] + rate * observed

    # ---- section 9: attempts

    def attempts(self, actor, start, end):
        """Attempts at doors in the window just lived, and which of them were blocked."""
        rules, time, j = actor.population, start, 0
        if not any(closed for _, closed in actor.doors_history):
            return  # nobody stops them
        while True:
            words = self.draw(draws.ATTEMPT, actor, actor.row, j, self.window)
            time = later(time, gap(words[0], actor.attempt_rate))
            if time >= end:
                return
            door = rules.doors[draws.alias_pick(actor.door_table, words[1])]
            closed = [doors for since, doors in actor.doors_history if since <= time][-1]
            if door.name in closed:
                self.count(actor, "blocked", door.name)
                self.log(actor, time, BLOCKED, door.number, 0)
            j += 1

    # ---- section 10: what is counted

    def count_minutes(self, actor, time):
        """Person-minutes of the state that held since they were last counted."""
        minutes = time - actor.counted_until
        actor.counted_until = time
        if minutes == 0:
            return
        for name, stay in actor.stays.items():
            self.count(actor, "list_minutes", name, minutes)
            if stay.wrong:
                self.count(actor, "list_wrong_minutes", name, minutes)
        for name in actor.closed:
            self.count(actor, "closed_minutes", name, minutes)
        for name in actor.open:
            self.count(actor, "open_minutes", name, minutes)
        if actor.closed:
            self.count(actor, "restricted_minutes", "", minutes)
        if actor.wrongly_restricted:
            self.count(actor, "wrong_minutes", "", minutes)

    def take_stock(self, actor, end):
        view = Real(actor)
        band = view.band()
        if band is not None:
            self.count(actor, "band", band)
        for name, stay in actor.stays.items():
            self.count(actor, "list_stock", name)
            if stay.wrong:
                self.count(actor, "list_wrong_stock", name)
        for name in actor.closed:
            self.count(actor, "closed_stock", name)
        for name in actor.open:
            self.count(actor, "open_stock", name)
        if actor.closed:
            self.count(actor, "restricted_stock", "")
        if actor.wrongly_restricted:
            self.count(actor, "wrong_stock", "")
        if actor.rated and self.year_ends(end):
            key = (self.window, actor.population.number, actor.group, view.rating())
            self.histogram[key] = self.histogram.get(key, 0) + 1

    def year_ends(self, end):
        """Whether a year ends in the window that ends at `end`, or the run does."""
        start = self.window * self.window_length
        return end == self.horizon or end // 525600 > start // 525600

    # ---- section 11: the digest

    def opportunities(self):
        return sum(actor.k for actor in self.everybody())

    def digest(self):
        h = draws.DIGEST_START
        for value in (self.horizon, self.window_length, self.window_count):
            h = draws.absorb(h, value)
        for window in range(self.window_count):
            for rules in self.rules:
                for group in range(rules.group_count):
                    for counter, subject in rules.counters():
                        h = draws.absorb(h, self.counts.get((window, rules.number, group, counter, subject), 0))
        for rules in self.rules:
            h = draws.absorb(h, self.life_sum(rules.number))
            h = draws.absorb(h, self.final_sum(rules.number))
        return h

    def life_sum(self, population):
        total = 0
        for number, row, time, kind, subject, value in self.events:
            if number == population:
                x = draws.fin(row + 2**32 * time)
                x = draws.fin(x ^ (kind + 256 * subject))
                total += draws.fin((x + value) & U64)
        return total & U64

    def final_sum(self, population):
        total = 0
        for actor in self.actors[population]:
            rules = actor.population
            x = draws.fin(actor.row + 2**32 * actor.k)
            x = draws.fin(x ^ ((actor.points() & U32) + 2**32 * rules.mask(actor.stays, rules.lists)))
            total += draws.fin(x ^ (rules.mask(actor.closed, rules.doors) + 2**32 * rules.mask(actor.open, rules.doors)))
        return total & U64
