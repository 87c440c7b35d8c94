# SPDX-License-Identifier: Apache-2.0
"""One city lived under one regime: docs/semantics.md, sections 2 to 11 and 13 to 19, as it reads.

Nothing here is clever. A person keeps all their records in a list, and `records(fraud) >= 2` is answered by going through the
list and counting. "But for false records" is answered by going through it again without the false ones. How much is at stake
is answered by imagining somebody, giving them a record and looking which doors would close.

Reading order: Actor and Record (what there is), views.py (how conditions look at somebody), then Life, which follows the
page section by section; what agencies tell each other, due process, money, ladders, and coming and going are told in
modules of their own, each a part of Life.

Where the page could be read in more than one way, a comment beginning with "Reading:" says which was chosen.
"""
import math

import city as cities
import conditions
import draw as draws
from draw import NEVER, U32, U64, below, gap, later, mix
from generations import Generations
from ladders import Ladders
from money import Money
from process import DueProcess
from sharing import Sharing, Ways, pairs_carrying
from views import ButForFalse, Imagined, Real

# Which of the things that happen to one person at the same minute comes first.
RANKS = ["record", "petition", "correction", "repair", "fine", "term", "notice", "tie", "publication", "archive", "review",
         "redemption", "false arrival", "opportunity"]

# Kinds of events in the log.
(ACT, BORN, CONFIRMED, CLEARED, SETTLED, ENTERED, LEFT, PUBLISHED, DOORS, BLOCKED, COPY_BORN, MISFILED, ENDED, NOTICE_CHANGED,
 PETITION_FILED, PETITION_DECIDED, FINE_DUE, REFUSED, TIE_CHANGED, ARCHIVED, REVIEWED, REDEEMED, DEBT_PAID, CAME, AGED,
 WENT) = range(1, 27)

HOWS = ["told", "granted", "corrected", "repaired", "pardoned"]  # ends otherwise than by verdict or payment, from 1


# ---------------------------------------------------------------- what there is

class Record:
    """One record of one actor: a root, a copy of one, or (a root too) a misfiled one."""

    def __init__(self, behaviour, origin, holder, false, key, birth, order):
        self.behaviour = behaviour    # a Behaviour of the world
        self.origin = origin          # name of the agency that made it
        self.holder = holder          # name of the agency that has it
        self.false = false            # True: there was no act behind it
        self.key = key                # k of the opportunity, or j of the false arrival, or derived from that of another record
        self.birth = birth
        self.is_root = True           # False: a copy
        self.misfiled = False         # it is somebody else's
        self.from_misfiled = False    # misfiled, or a copy that stems from such a record
        self.source = None            # (row, key, false) of the root of which the verdict speaks
        self.act = None               # the minute of the act, if it is true
        self.owes = None              # the amount of the fine from which it follows, or None
        self.verdict = NEVER          # when it falls
        self.effect = birth           # before that it counts for nothing
        self.steps = []               # minutes at which something happens to it
        self.now = -1                 # the minute of its last step; -1: not born
        self.state = "unborn"         # then suspected, confirmed, or how it ended: cleared, settled, one of HOWS
        self.suspended = False        # by a petition
        self.redeemed = False         # counts for the rating no more
        self.sent = False
        self.copies = {}              # {agency: Record}: those made of it
        self.chance = NEVER           # when the debt may next be paid
        self.end = NEVER              # when a payment under way ends it
        self.told_end = NEVER         # when a copy or misfiled record ends because the other one did
        self.order = order            # when it was last scheduled, among all that is scheduled for the actor

    def born(self):
        return self.state != "unborn"

    def ended(self):
        return self.state not in ("unborn", "suspected", "confirmed")

    def stems_from_another(self):
        return self.misfiled or not self.is_root

    def next_step(self):
        """The next birth, verdict, taking effect or forgetting."""
        if self.ended():
            return NEVER
        return min((time for time in self.steps if time > self.now), default=NEVER)

    def next_time(self):
        """The same, or a chance to pay, or an end that is fixed."""
        return NEVER if self.ended() else min(self.next_step(), self.chance, self.end, self.told_end)

    def held_by(self, viewer):
        """Whether it is among what a viewer sees: an agency what it holds, nobody (None) the roots."""
        return self.is_root if viewer is None else self.holder == viewer

    def counts(self, viewer, confirmed, forget):
        """Whether it counts for a rating or term of this viewer that counts confirmed records only (or suspected ones too) and
        forgets them `forget` minutes after their birth.

        Reading: time passes for a record when its own step is handled. Of two records that would be forgotten at the
        same minute, the second still counts while the first one's step is settled."""
        if self.state not in ("suspected", "confirmed") or (confirmed and self.state != "confirmed"):
            return False
        return self.held_by(viewer) and not self.suspended and self.effect <= self.now < later(self.birth, forget)

    def counts_for(self, term):
        return self.behaviour.name in term.behaviours and self.counts(term.viewer, term.confirmed, term.within)


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


class Plan:
    """Something that is to happen: `what(actor, time, ...)`."""

    def __init__(self, time, rank, order, what, details):
        self.time, self.rank, self.order, self.what, self.details = time, rank, order, what, details


class Actor:
    """A resident or a company."""

    def __init__(self, population, row, cell):
        self.population = population  # a Rules
        self.row = row
        self.first_cell = cell        # at their coming
        self.move_into(cell)
        self.has_money = population.world.money is not None
        self.there = False            # came, and did not go
        self.gone = False
        self.since = 0                # when they came
        self.base = 0                 # points without any record
        self.records = []
        self.stays = {}               # {name of a list: Stay}, for the lists they are on
        self.ever = set()             # lists they were ever on
        self.published = set()        # lists they were on at the last publication
        self.archived = {}            # {name of a list: when that ends}
        self.told = set()             # (list, agency): what agencies were told about them
        self.misdirected = set()      # the same, about somebody else by their name
        self.ties = {}                # {(kind, list): how many of those tied to them are on it}
        self.closed = set()           # doors
        self.open = set()             # channels
        self.wrongly_restricted = False
        self.has_anothers = False     # somebody else's records or listings count, at the last settling
        self.ever_restricted = False
        self.plans = []               # what is to come, but for records, opportunities and false arrivals
        self.order = 0                # how many things have been scheduled
        self.k = 0                    # opportunities so far
        self.next_opportunity = NEVER
        self.arrivals = []            # for each false-record entry: [next time, j]
        self.redemption = NEVER
        self.experience = {}          # {behaviour: whether the last act of it counted as detected}
        self.petitions = []           # filed and not decided
        self.savings = 0
        self.accounted = None         # when savings were last brought up to date; None: they have none yet
        self.counted_until = 0        # the minute to which person-minutes have been counted
        self.restricted_minutes = 0   # in all their life
        self.history = []             # (time, closed doors, whether named) in this window

    def move_into(self, cell):
        """All that goes by the cell."""
        self.cell = cell
        self.levels = self.population.world.levels_of_cell(cell)  # {attribute: level}
        self.zone = self.population.zone(self.levels)
        self.group = self.population.group(self.levels)
        self.rates = [b.opportunities.for_levels(self.levels) for b in self.population.behaviours]
        self.rate = added_in_order(self.rates)
        self.behaviour_table = draws.alias_build(self.rates) if self.rate > 0 else None
        attempt_rates = [d.attempts.for_levels(self.levels) for d in self.population.doors]
        self.attempt_rate = added_in_order(attempt_rates)
        self.door_table = draws.alias_build(attempt_rates) if self.attempt_rate > 0 else None
        rating = self.population.rating
        self.rated = rating is not None and conditions.holds(rating.covers, Real(self))

    def next_order(self):
        self.order += 1
        return self.order

    def schedule(self, time, rank, what, *details):
        if time != NEVER:
            self.plans.append(Plan(time, RANKS.index(rank), self.next_order(), what, details))

    def restricted(self):
        return bool(self.closed)

    def all_closed(self):
        rights = self.population.rights()
        return bool(rights) and len(self.closed) == len(rights)

    def named(self):
        """Publicly named."""
        return any(one.kind == "blacklist" and (one.name in self.published or one.name in self.archived)
                   for one in self.population.lists)

    def counts_for_rating(self, record):
        rating = self.population.rating
        points = rating.points.get(record.behaviour.name) if rating else None
        return points is not None and not record.redeemed and record.counts(rating.by, self.population.confirmed, points.forget)

    def points_of_everybody(self, with_false=True):
        """The uncut sum, which is kept for those whom the rating does not cover, too."""
        rating = self.population.rating
        return self.base + sum(rating.points[record.behaviour.name].value for record in self.records
                               if (with_false or not record.false) and self.counts_for_rating(record))

    def points(self, with_false=True):
        """The uncut sum; 0 if not rated."""
        return self.points_of_everybody(with_false) if self.rated else 0

    def against(self):
        """The records that take points away."""
        return {record for record in self.records
                if self.counts_for_rating(record) and self.population.rating.points[record.behaviour.name].value < 0}

    def mistaken(self):
        return self.wrongly_restricted and self.has_anothers

    def holds_anothers(self):
        """Whether somebody else's records or listings count, which may be why they are restricted: told at each settling."""
        return bool(self.misdirected or any(
            record.from_misfiled and (self.counts_for_rating(record) or any(record.counts_for(term) for term in self.population.terms))
            for record in self.records))


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
        self.in_force = []            # measures in force in this window
        self.sharing, self.regime = regime.sharing, regime
        trees = self.trees(regime)
        self.terms = list(dict.fromkeys(term for tree in trees for term in conditions.terms(tree)))
        if self.rating and self.rating.ladder:
            self.terms = list(dict.fromkeys(self.terms + [self.rating.ladder.term]))
        self.notices = list(dict.fromkeys(notice for tree in trees for notice in conditions.notices(tree)))
        self.ties = list(dict.fromkeys(tie for tree in trees for tie in conditions.ties(tree)))
        self.ways = {}                # {(what is carried, its name, agency): Ways}
        self.by = [a for a in (population.attribute(by) for by in study.by) if a is not None]
        learning_by = population.attribute(world.learning.by) if world.learning and world.learning.by else None
        self.zone_attribute = learning_by
        self.zone_count = len(learning_by.levels) if learning_by else 1
        self.group_count = math.prod(len(a.levels) for a in self.by)

    def list(self, name):
        return next(one for one in self.lists if one.name == name)

    def behaviour(self, name):
        return next(b for b in self.behaviours if b.name == name)

    def rights(self):
        return [door for door in self.doors if door.kind == "right"]

    def trees(self, regime):
        """All conditions about the population, lists first, then measures, then what repairs need."""
        repairs = [process.repair.needs for process in regime.processes
                   if process.repair and process.repair.population == self.world.name]
        return [tree for one in self.lists for tree in (one.enter, one.leave)] + [m.condition for m in self.measures] + repairs

    def ways_of_record(self, behaviour, origin):
        if ("record", behaviour, origin) not in self.ways:
            self.ways["record", behaviour, origin] = Ways(origin, pairs_carrying(self.sharing, behaviour=behaviour))
        return self.ways["record", behaviour, origin]

    def way_of_list(self, name, agency):
        """The pairs from the agency that keeps a list to another one, or None."""
        keeper = self.list(name).by
        if ("list", name, keeper) not in self.ways:
            self.ways["list", name, keeper] = Ways(keeper, pairs_carrying(self.sharing, some_list=name))
        return self.ways["list", name, keeper].way_to(agency)

    def could_see(self, viewer, behaviour):
        """Whether a record of a behaviour might come to be held by a viewer."""
        return viewer is None or any(
            entry.agency == viewer or self.ways_of_record(behaviour, entry.agency).way_to(viewer) is not None
            for entry in self.detections if entry.behaviour == behaviour)

    def namesake_levels(self, cell):
        """What somebody mistaken for another has in common with them."""
        levels = self.world.levels_of_cell(cell)
        return tuple(levels[name] for name in (self.sharing.namesakes if self.sharing else []) if name in levels)

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
        for measure in self.in_force:
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
        rights = [d.name for d in self.rights()]
        channels = [d.name for d in self.doors if d.kind == "channel"]
        agencies = self.regime.agencies
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
            (["all_closed_entries", "all_closed_stock", "all_closed_minutes"], [""] if rights else []),
            (["doors_closed"], [str(number) for number in range(1, len(rights) + 1)]),
            (["reached", "reach_minutes"], [""]),
        ]
        if self.sharing:
            rows.append((["known", "misfiled", "clearings_lost"], agencies))
            rows.append((["mistaken_stock", "mistaken_minutes"], [""]))
        if any(door.stigma for door in self.rights()):
            rows.append((["refused"], rights))
        if any(one.archive for one in self.lists):
            rows.append((["archived_stock"], lists))
        if self.regime.processes:
            for word in ("objections", "appeals"):
                rows.append(([f"{word}_{what}" for what in ("filed", "granted", "denied", "void", "wait_minutes", "pending")],
                             agencies))
        if self.regime.processes or self.regime.pardons:
            rows.append((["corrected", "repaired", "pardoned"], behaviours))
        if self.world.money:
            rows.append((["fines_paid", "fines_unpaid", "fine_yuan", "debt_yuan"], behaviours))
            rows.append((["fee_yuan", "endowed_yuan", "saved_yuan", "left_yuan", "poor_stock", "poor_minutes"], [""]))
        if self.rating and self.rating.ladder:
            rows.append((["reviews", "review_rises", "review_falls"], [""]))
        if self.rating and self.rating.redeem != NEVER:
            rows.append((["redemptions"], [""]))
        if self.world.life:
            rows += Generations.counters(self.world)
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
        self.against = actor.against()
        self.rating = view.rating()
        self.on = set(actor.stays)
        self.published = set(actor.published)
        self.notices = {(notice, False) for notice in actor.told} | {(notice, True) for notice in actor.misdirected}
        self.ties = {tie for tie in actor.population.ties if view.tie(*tie)}


# ---------------------------------------------------------------- the life

class Life(Sharing, DueProcess, Money, Ladders, Generations):
    """Lives a city (a City of city.py) under one regime, from minute 0 to the horizon."""

    NOTICE_CHANGED, TIE_CHANGED, PETITION_FILED, PETITION_DECIDED = NOTICE_CHANGED, TIE_CHANGED, PETITION_FILED, PETITION_DECIDED
    FINE_DUE, REVIEWED, REDEEMED, CAME, AGED, WENT, LEFT, DOORS = FINE_DUE, REVIEWED, REDEEMED, CAME, AGED, WENT, LEFT, DOORS
    before = staticmethod(Before)

    def __init__(self, study, regime, city):
        self.study, self.regime, self.city = study, regime, city
        self.horizon, self.window_length = study.horizon(), study.window
        self.window_count = -(-self.horizon // self.window_length)
        self.window = 0               # the one being lived
        self.events = []              # (population, row, time, kind, subject, value)
        self.counts = {}              # {(window, population, group, counter, subject): number}
        self.histogram = {}           # {(window, population, group, rating): people}
        self.rules = [Rules(study, regime, population) for population in study.world.populations]
        self.actors = [[Actor(rules, row, cell) for row, cell in enumerate(city.cells[rules.number])] for rules in self.rules]
        self.certainty = [[[b.prior for b in rules.behaviours] for _ in range(rules.zone_count)] for rules in self.rules]
        self.acts = {}                # {(population, zone, behaviour): [acts, detected]} in this window
        self.names = {}               # {(population, zone, behaviour): publications} in this window
        self.messages = []
        self.members = {}             # {family household: rows}
        for row, household in enumerate(city.households or []):
            if household < city.family_households:
                self.members.setdefault(household, []).append(row)
        self.alike = []               # for each population: {levels of namesakes: actors}
        for actors in self.actors:
            self.alike.append({})
            for actor in actors:
                self.alike[-1].setdefault(actor.population.namesake_levels(actor.first_cell), []).append(actor)
        self.start_queues()
        self.start_generations()

    def run(self):
        self.put_in_force(0)
        for actor in self.everybody():
            if actor.row < self.city.sizes[actor.population.number]:
                self.begin(actor, 0)
        for self.window in range(self.window_count):
            start, end = self.window * self.window_length, min((self.window + 1) * self.window_length, self.horizon)
            self.acts, self.names = {}, {}
            changed = self.put_in_force(start)
            for actor in self.everybody():
                self.begin_window(actor, start, changed)
                if actor.there:
                    self.live_until(actor, end)
                    self.attempts(actor, start, end)
            if end == self.horizon:
                for actor in self.everybody():
                    if actor.there:
                        self.account(actor, end)
            for actor in self.everybody():
                if actor.there:
                    self.take_stock(actor, end)
            self.go_through_queues()
            self.deliver(end)
            self.learn()
            self.check_conservation()
        self.events.sort()

    def everybody(self):
        return (actor for population in self.actors for actor in population)

    def put_in_force(self, start):
        """The measures of the window that starts then; tells whether any are others than before."""
        changed = False
        for rules in self.rules:
            before, rules.in_force = rules.in_force, [measure for measure in rules.measures if measure.in_force(start)]
            changed = changed or before != rules.in_force
        return changed

    def begin_window(self, actor, start, changed):
        """What happens at a window's start before all else."""
        if start == 0:
            return
        self.take_effect(actor, start)
        if not actor.there:
            return
        if changed:
            self.settle(actor, start, Before(actor), None)
        for pardon in self.pardons_at(start):
            self.pardon(actor, start, pardon)

    # ---- noting down

    def draw(self, purpose, actor, c0, c1, c2, false=False):
        return draws.draw(self.study.seed, purpose, actor.population.number, c0, c1, c2, false)

    def log(self, actor, time, kind, subject, value):
        self.events.append((actor.population.number, actor.row, time, kind, subject, value))

    def count(self, actor, counter, subject, number=1):
        key = (self.window, actor.population.number, actor.group, counter, subject)
        self.counts[key] = self.counts.get(key, 0) + number

    def record_value(self, record):
        return self.regime.agencies.index(record.holder) + (65536 if record.false else 0)

    # ---- section 2: the start (and section 19: coming)

    def begin(self, actor, time):
        actor.there, actor.since, actor.counted_until = True, time, time
        ties, actor.ties = actor.ties, {}
        actor.base = self.first_base(actor)
        words = self.draw(draws.OPPORTUNITY, actor, actor.row, 0, 0)
        actor.next_opportunity = later(time, gap(words[0], actor.rate))
        actor.arrivals = [[self.arrival_after(actor, entry, time, 0), 0] for entry in actor.population.false_records]
        self.begin_reviews(actor, time)
        self.settle(actor, time, None, None)
        self.endow(actor, time)
        if any(ties.values()):
            before = Before(actor)
            actor.ties = ties
            self.settle(actor, time, before, None)

    def first_base(self, actor):
        """base_i: the points of somebody of whom nothing is known."""
        rating = actor.population.rating
        if rating is None:
            return 0
        words = self.draw(draws.BASE, actor, actor.row, 0, 0)
        halves = sum((word & 0xFFFF) + (word >> 16) for word in words)
        z = (float(halves) - 262140.0) / 53509.91992145008
        return rating.cut(rating.base + math.floor(rating.spread * z + 0.5))

    # ---- section 6: one event at a time

    def live_until(self, actor, end):
        """Everything that happens to an actor before minute `end`."""
        actor.history = []
        self.note_doors(actor, -1)
        while True:
            time, _, _, what = min(self.upcoming(actor), key=lambda event: event[:3])
            if time >= end:
                break
            self.count_minutes(actor, time)
            if isinstance(what, Plan):
                actor.plans.remove(what)
                what.what(actor, time, *what.details)
            elif isinstance(what, Record):
                self.record_step(actor, what, time)
            elif what == "redemption":
                self.redeem(actor, time)
            elif what == "opportunity":
                self.opportunity(actor, time)
            else:
                self.false_arrival(actor, what, time)
        self.count_minutes(actor, end)

    def upcoming(self, actor):
        """All that is to come, as (time, rank at the same time, order at the same rank, what)."""
        for record in actor.records:
            yield record.next_time(), RANKS.index("record"), record.order, record
        for plan in actor.plans:
            yield plan.time, plan.rank, plan.order, plan
        yield actor.redemption, RANKS.index("redemption"), 0, "redemption"
        for number, (time, _) in enumerate(actor.arrivals):
            yield time, RANKS.index("false arrival"), number, number
        yield actor.next_opportunity, RANKS.index("opportunity"), 0, "opportunity"

    def note_doors(self, actor, time):
        """For the attempts of this window."""
        actor.history.append((time, set(actor.closed), actor.named()))

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
                    self.add_record(actor, behaviour, entry.agency, entry.agency, False, actor.k, later(time, entry.delay), act=time)
        actor.experience[behaviour.name] = detected
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
            certainty = self.believed_certainty(actor, behaviour)
            factor = draws.exp(-(certainty * (behaviour.certainty + behaviour.severity * stakes)))
        p = behaviour.taken.chance_for_levels(actor.levels) * factor
        if actor.restricted():
            p = p * behaviour.strain
        return p * behaviour.strain_poor if self.poor(actor) else p

    def believed_certainty(self, actor, behaviour):
        """That of the zone, and (section 16) one's own last experience."""
        certainty = self.certainty[actor.population.number][actor.zone][behaviour.number]
        own = self.study.world.learning.own if self.study.world.learning else 0.0
        if own > 0 and behaviour.name in actor.experience:
            certainty = (1.0 - own) * certainty + own * float(actor.experience[behaviour.name])
        return certainty

    # ---- section 4: false records

    def arrival_after(self, actor, entry, time, j):
        """When arrival j of an entry comes, the one before having come at `time`."""
        words = self.draw(draws.FALSE, actor, actor.row, j, draws.fnv(f"{entry.agency}/{entry.behaviour}"))
        return later(time, gap(words[0], entry.rate.for_levels(actor.levels)))

    def false_arrival(self, actor, number, time):
        entry = actor.population.false_records[number]
        j = actor.arrivals[number][1]
        actor.arrivals[number] = [self.arrival_after(actor, entry, time, (j + 1) & U32), (j + 1) & U32]
        record = self.add_record(actor, actor.population.behaviour(entry.behaviour), entry.agency, entry.agency, True, j, time)
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

    def add_record(self, actor, behaviour, origin, holder, false, key, birth, stems_from=None, misfiled=False, act=None, owes=None):
        """A root, or (`stems_from` another record) a copy or a misfiled root."""
        record = Record(behaviour, origin, holder, false, key, birth, actor.next_order())
        record.act, record.owes = None if false else act, owes
        record.is_root, record.misfiled = stems_from is None or misfiled, misfiled
        record.source = stems_from.source if stems_from else (actor.row, key, false)
        if stems_from:
            record.from_misfiled = misfiled or stems_from.from_misfiled
            record.act = None if misfiled else stems_from.act
        if record.is_root:
            record.effect = later(birth, self.notice_for(behaviour.name, holder))
        entry = self.adjudication(behaviour, origin)
        if entry and not stems_from:
            record.verdict = later(birth, entry.after)
        elif entry and entry.after > self.notice_for(behaviour.name, origin):
            # Reading: "the root's notice" is that of records of this behaviour at the agency that made it.
            record.verdict = later(birth, entry.after - self.notice_for(behaviour.name, origin))
        record.steps = sorted({birth, record.verdict, record.effect} | set(actor.population.forgettings(behaviour, birth)))
        actor.records.append(record)
        return record

    def record_step(self, actor, record, time):
        """What happens to a record at this minute: birth, verdict, taking effect and forgettings together, or else an end that
        others told of, or else a payment."""
        before = Before(actor)
        if record.next_step() == time:
            born = not record.born()
            record.now = time
            if born:
                self.birth(actor, record, time)
            if record.verdict == time:
                self.verdict(actor, record, time)
            # Reading: of a record whose verdict falls when it takes effect, the verdict is first.
            if record.effect == time and not record.ended():
                self.pass_on(actor, record, time)
        elif record.told_end == time:
            self.end_otherwise(actor, record, time, "told")
        elif record.end == time:
            self.count(actor, "settled", record.behaviour.name)
            self.log(actor, time, SETTLED, record.behaviour.number, self.record_value(record))
            self.end(actor, record, time, "settled")
        else:
            self.chance_to_pay(actor, record, time)
        record.order = actor.next_order()
        self.after_records(actor, time, before, record.act)

    def after_records(self, actor, time, before, cause):
        """After what may have changed what counts."""
        self.fix_redemption(actor, time, before)
        after = Before(actor)
        if (after.records, after.points) != (before.records, before.points):
            self.settle(actor, time, before, cause)

    def birth(self, actor, record, time):
        if self.adjudication(record.behaviour, record.origin) is None:
            record.state = "confirmed"
        elif record.stems_from_another() and record.verdict == NEVER:
            record.state = "confirmed" if self.is_confirmed(actor, record) else "suspected"
        else:
            record.state = "suspected"
        if not record.stems_from_another():
            self.count(actor, "false_records" if record.false else "records", record.behaviour.name)
            self.log(actor, time, BORN, record.behaviour.number, self.record_value(record))
            if record.behaviour.settles and record.behaviour.name in self.regime.settlements:
                record.chance = self.next_chance(record, time, self.payment_words(actor, record, time))
        else:
            self.count(actor, "known", record.holder)
            if record.misfiled:
                self.count(actor, "misfiled", record.holder)
                self.log(actor, time, MISFILED, record.behaviour.number, self.regime.agencies.index(record.holder))
            else:
                self.log(actor, time, COPY_BORN, record.behaviour.number, self.record_value(record))
        if record.is_root:
            self.begin_process(actor, record, time)
            self.begin_fine(actor, record, time)

    def is_confirmed(self, actor, record):
        """What the verdict of the record it is, or stems from, says."""
        entry, (row, key, false) = self.adjudication(record.behaviour, record.origin), record.source
        words = self.draw(draws.VERDICT_FALSE if false else draws.VERDICT, actor, row, key,
                          draws.fnv(f"{record.origin}/{record.behaviour.name}"))
        return below(words[0], entry.not_acted if false else entry.acted)

    def verdict(self, actor, record, time):
        confirmed = self.is_confirmed(actor, record)
        if confirmed:
            record.state = "confirmed"
        if record.stems_from_another():
            return
        self.count(actor, ("false_" if record.false else "") + ("confirmed" if confirmed else "cleared"), record.behaviour.name)
        self.log(actor, time, CONFIRMED if confirmed else CLEARED, record.behaviour.number, self.record_value(record))
        if not confirmed:
            self.end(actor, record, time, "cleared")

    def end(self, actor, record, time, how):
        record.state = how
        self.pass_on_end(actor, record, time)

    def end_otherwise(self, actor, record, time, how):
        """Otherwise than by verdict or payment."""
        if how in ("corrected", "repaired", "pardoned"):
            self.count(actor, how, record.behaviour.name)
        self.log(actor, time, ENDED, record.behaviour.number, self.record_value(record) + 2**32 * (HOWS.index(how) + 1))
        self.end(actor, record, time, how)

    def payment_words(self, actor, record, time):
        return self.draw(draws.PAY_FALSE if record.false else draws.PAY, actor, actor.row, record.key, time)

    def next_chance(self, record, time, words):
        return later(time, max(1, gap(words[1], record.behaviour.settles_chances)))

    def chance_to_pay(self, actor, record, time):
        words = self.payment_words(actor, record, time)
        p = record.behaviour.settles_taken
        if actor.restricted():
            p = p * record.behaviour.settles_strain
        if below(words[0], p) and self.can_pay(actor, self.debt(actor, record), time):
            record.chance = NEVER
            if actor.has_money:
                debt = self.debt(actor, record)
                self.pay(actor, debt, "debt_yuan", record.behaviour.name)
                self.log(actor, time, DEBT_PAID, record.behaviour.number, debt)
            record.end = later(time, self.regime.settlements[record.behaviour.name])
        else:
            record.chance = self.next_chance(record, time, words)

    # ---- section 6: lists, publications, measures

    def settle(self, actor, time, before, cause, ended=None):
        """Puts lists, doors and channels in order. `before`: the actor before the event (None: the start of the life, when
        entry is open everywhere); `cause`: the event's; `ended`: the list whose term's end this event is."""
        rules = actor.population
        for one in rules.lists_in_order:
            if one.name in actor.stays:
                stay = actor.stays[one.name]
                if conditions.holds(one.leave, Real(actor)):
                    self.leave(actor, one, time, cause)
                elif stay.wrong and conditions.holds(one.enter, ButForFalse(actor)):
                    stay.wrong = False
            elif (conditions.holds(one.enter, Real(actor)) and not conditions.holds(one.leave, Real(actor))
                  and self.entry_is_open(actor, one, before, ended)):
                self.enter(actor, one, time, cause)
        closed, opened = rules.doors_under_measures(Real(actor))
        closed_but_for, _ = rules.doors_under_measures(ButForFalse(actor))
        actor.wrongly_restricted = bool(closed - closed_but_for)
        actor.has_anothers = actor.holds_anothers()
        if closed and not actor.closed:
            self.count(actor, "restricted_entries", "")
            if not actor.ever_restricted:
                self.count(actor, "restricted_first", "")
            actor.ever_restricted = True
            if cause is not None:
                self.count(actor, "reached", "")
                self.count(actor, "reach_minutes", "", time - cause)
        if (closed, opened) != (actor.closed, actor.open):
            if closed != actor.closed:
                self.account(actor, time)
            all_before = actor.all_closed()
            actor.closed, actor.open = closed, opened
            if actor.all_closed() and not all_before:
                self.count(actor, "all_closed_entries", "")
            self.note_doors(actor, time)
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
        now, after = Real(actor), Before(actor)
        if any(now.records(term) > before.records[term] for term in conditions.terms(one.enter)):
            return True
        if conditions.mentions_rating(one.enter) and now.rating() != before.rating:
            return True
        # Reading: a tie changes when there comes to be somebody, or nobody, for whom it holds.
        if any((tie in after.ties) != (tie in before.ties) for tie in conditions.ties(one.enter)):
            return True
        noticed = {notice[0] for notice, _ in before.notices ^ after.notices}
        return any(now.on(name) != (name in before.on) or now.published(name) != (name in before.published) or name in noticed
                   or (ended is not None and name == ended.name)
                   for name in conditions.lists(one.enter))

    def enter(self, actor, one, time, cause):
        but_for = ButForFalse(actor)
        wrong = not (conditions.holds(one.enter, but_for) and not conditions.holds(one.leave, but_for))
        self.schedule_publication(actor, one, time, cause)
        stay = actor.stays[one.name] = Stay(wrong)
        if one.term != NEVER:
            actor.schedule(later(time, one.term), "term", self.term_ends, one, stay)
        self.count(actor, "list_entries", one.name)
        if one.name not in actor.ever:
            self.count(actor, "list_first", one.name)
        if wrong:
            self.count(actor, "list_wrong_entries", one.name)
        if one.kind == "blacklist":
            self.count_listing_of_age(actor)
        actor.ever.add(one.name)
        self.log(actor, time, ENTERED, one.number, int(wrong))
        self.tell_listing(actor, one, time, True, cause)
        self.tell_tied(actor, one, time, 1)

    def leave(self, actor, one, time, cause, publicly=True):
        """`publicly`: a publication may follow."""
        if publicly:
            self.schedule_publication(actor, one, time, cause)
        del actor.stays[one.name]
        self.count(actor, "list_exits", one.name)
        self.log(actor, time, LEFT, one.number, 0)
        self.tell_listing(actor, one, time, False, cause)
        self.tell_tied(actor, one, time, -1)

    def schedule_publication(self, actor, one, time, cause):
        """Called just before somebody enters or leaves."""
        if one.publish != NEVER and (one.name in actor.stays) == (one.name in actor.published):
            actor.schedule((time // one.publish + 1) * one.publish, "publication", self.publish, one, cause)

    def term_ends(self, actor, time, one, stay):
        if actor.stays.get(one.name) is stay:
            before = Before(actor)
            self.leave(actor, one, time, None)
            self.settle(actor, time, before, None, ended=one)

    def publish(self, actor, time, one, cause):
        on = one.name in actor.stays
        if on == (one.name in actor.published):
            return  # whoever entered has left again, or the other way round: nothing changes
        before = Before(actor)
        self.account(actor, time)
        if on:
            actor.published.add(one.name)
            self.count(actor, "list_published", one.name)
            self.note_name(actor, one)
        else:
            actor.published.remove(one.name)
            if one.archive:
                self.archive(actor, time, one)
        self.log(actor, time, PUBLISHED, one.number, int(on))
        self.note_doors(actor, time)
        self.settle(actor, time, before, cause)

    # ---- section 16: being named

    def archive(self, actor, time, one):
        if one.name not in actor.archived:
            self.log(actor, time, ARCHIVED, one.number, 1)
        actor.archived[one.name] = later(time, one.archive)
        actor.schedule(actor.archived[one.name], "archive", self.archive_ends, one)

    def archive_ends(self, actor, time, one):
        if actor.archived.get(one.name) == time:
            self.account(actor, time)
            del actor.archived[one.name]
            self.log(actor, time, ARCHIVED, one.number, 0)
            self.note_doors(actor, time)

    def note_name(self, actor, one):
        """The neighbours read of it. Praise says nothing about who is caught."""
        if one.kind == "redlist":
            return
        terms = conditions.terms(one.enter)
        for behaviour in actor.population.behaviours:
            if not terms or any(behaviour.name in term.behaviours for term in terms):
                key = (actor.population.number, actor.zone, behaviour.number)
                self.names[key] = self.names.get(key, 0) + 1

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
                    named = learning.publicity * float(self.names.get((rules.number, zone, behaviour.number), 0))
                    a, d = float(acts) + named, float(detected) + named
                    observed = behaviour.prior
                    if a + learning.weight != 0:
                        observed = (d + learning.weight * behaviour.prior) / (a + learning.weight)
                    field = self.certainty[rules.number][zone]
                    field[behaviour.number] = (1.0 - rate) * field[behaviour.number] + rate * observed

    # ---- section 9: attempts

    def attempts(self, actor, start, end):
        """Attempts at doors in the window just lived, and which of them were blocked."""
        rules, time, j = actor.population, start, 0
        if not any(closed or named for _, closed, named in actor.history):
            return  # nobody stops them
        while True:
            words = self.draw(draws.ATTEMPT, actor, actor.row, j, self.window)
            time = later(time, gap(words[0], actor.attempt_rate))
            if time >= end:
                return
            door = rules.doors[draws.alias_pick(actor.door_table, words[1])]
            closed, named = [state for since, *state in actor.history if since <= time][-1]
            if door.name in closed:
                self.count(actor, "blocked", door.name)
                self.log(actor, time, BLOCKED, door.number, 0)
            elif door.stigma and named and below(words[2], door.stigma.chance_for_levels(actor.levels)):
                self.count(actor, "refused", door.name)
                self.log(actor, time, REFUSED, door.number, 0)
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
            actor.restricted_minutes += minutes
        if actor.wrongly_restricted:
            self.count(actor, "wrong_minutes", "", minutes)
        if actor.mistaken():
            self.count(actor, "mistaken_minutes", "", minutes)
        if actor.all_closed():
            self.count(actor, "all_closed_minutes", "", minutes)
        if self.poor(actor):
            self.count(actor, "poor_minutes", "", minutes)
        self.count_minutes_of_life(actor, minutes)

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
            self.count(actor, "doors_closed", str(len(actor.closed)))
        if actor.wrongly_restricted:
            self.count(actor, "wrong_stock", "")
        if actor.mistaken():
            self.count(actor, "mistaken_stock", "")
        if actor.all_closed():
            self.count(actor, "all_closed_stock", "")
        for name in actor.archived:
            self.count(actor, "archived_stock", name)
        for petition in actor.petitions:
            self.count(actor, ("objections", "appeals")[petition.stage.number] + "_pending", petition.record.holder)
        if self.poor(actor):
            self.count(actor, "poor_stock", "")
        self.take_stock_of_life(actor)
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
            if not actor.there:
                continue
            rules = actor.population
            x = draws.fin(actor.row + 2**32 * actor.k)
            x = draws.fin(x ^ ((actor.points() & U32) + 2**32 * rules.mask(actor.stays, rules.lists)))
            total += draws.fin(x ^ (rules.mask(actor.closed, rules.doors) + 2**32 * rules.mask(actor.open, rules.doors)))
        return total & U64

    # ---- what must always hold

    def total(self, counter, population, stock=False):
        """Until now, over all groups and subjects; of a stock, at the end of this window."""
        return sum(value for (window, number, _, name, _), value in self.counts.items()
                   if name == counter and number == population and (not stock or window == self.window))

    def check_conservation(self):
        """Nobody and nothing gets lost."""
        for rules in self.rules:
            def total(counter, stock=False, number=rules.number):
                return self.total(counter, number, stock)
            assert total("list_entries") - total("list_exits") == total("list_stock", True)
            for word in ("objections", "appeals"):
                decided = total(word + "_granted") + total(word + "_denied") + total(word + "_void")
                assert total(word + "_filed") == decided + total(word + "_pending", True)
            if rules.world.money:
                spent = total("fine_yuan") + total("debt_yuan") + total("fee_yuan") + total("left_yuan")
                kept = sum(actor.savings for actor in self.actors[rules.number] if actor.there)
                assert total("endowed_yuan") + total("saved_yuan") == spent + kept
