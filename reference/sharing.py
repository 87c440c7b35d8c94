# SPDX-License-Identifier: Apache-2.0
"""Agencies that tell each other: ways, copies, records in the wrong file, notices, and what one actor causes another.

docs/semantics.md, sections 13 and 14. `Ways` says which way a record or a listing goes; `Sharing` is the part of a life in
which it goes there.
"""
from dataclasses import dataclass

import draw as draws
from draw import NEVER, below, later, mix

# Kinds of messages, in the order in which those of one sender and one minute are taken.
LANDING, WITHDRAWAL, NOTICE, TIE, DECISION = range(1, 6)

LOST, MISDIRECTED, RIGHT = range(3)


# ---------------------------------------------------------------- ways

@dataclass(frozen=True)
class Pair:
    """One step of a way: from an agency to the next."""
    from_: str
    to: str
    delay: int
    coverage: float         # with the level
    wrong_person: float
    propagates_clearing: float

    def hash(self):
        return draws.fnv(f"{self.from_}/{self.to}")


class Ways:
    """From one agency on, for one thing carried: the pairs in the order in which the ways are found."""

    def __init__(self, start, pairs):
        self.found = []
        self.delays, self.steps, self.last = {start: 0}, {start: 0}, {}
        while True:
            candidates = [(later(self.delays[pair.from_], pair.delay), self.steps[pair.from_], number, pair)
                          for number, pair in enumerate(pairs)
                          if pair.from_ in self.delays and pair.to not in self.delays]
            candidates = [candidate for candidate in candidates if candidate[0] != NEVER]
            if not candidates:
                return
            delay, steps, _, pair = min(candidates, key=lambda candidate: candidate[:3])
            self.found.append(pair)
            self.delays[pair.to], self.steps[pair.to], self.last[pair.to] = delay, steps + 1, pair

    def next_pairs(self, agency):
        return [pair for pair in self.found if pair.from_ == agency]

    def way_to(self, agency):
        """The pairs from the start to an agency, or None."""
        if agency not in self.last:
            return None
        pair = self.last[agency]
        return (self.way_to(pair.from_) or []) + [pair]


def pairs_carrying(sharing, behaviour=None, some_list=None):
    """The pairs of the routes that carry a behaviour or a list, in file order."""
    pairs = []
    for route in sharing.routes if sharing else []:
        carried, thing = (route.behaviours, behaviour) if some_list is None else (route.lists, some_list)
        if carried is None or thing in carried:
            pairs += [Pair(route.from_, to, route.delay, route.coverage * sharing.level, route.wrong_person,
                           route.propagates_clearing) for to in route.to]
    return pairs


# ---------------------------------------------------------------- messages

@dataclass
class Message:
    """What one actor causes another; `arrives(actor, time)` puts it into the recipient's life."""
    recipient: object
    time: int
    sender: object
    kind: int
    arrives: object

    def order(self):
        return (self.recipient.population.number, self.recipient.row, self.time,
                self.sender.population.number, self.sender.row, self.kind)


class Sharing:
    """The part of a life (life.py) in which agencies tell each other."""

    def send(self, sender, recipient, time, kind, arrives):
        self.messages.append(Message(recipient, time, sender, kind, arrives))

    def deliver(self, end):
        """At a window's end."""
        messages, self.messages = sorted(self.messages, key=Message.order), []
        for message in messages:
            time = max(message.time, end)
            if message.recipient.there:
                if time < self.horizon:
                    message.arrives(message.recipient, time)
            elif message.kind == TIE and not message.recipient.gone:
                message.arrives(message.recipient, None)  # kept up for somebody who is yet to come

    # ---- namesakes

    def namesake(self, actor, word):
        """The one for whom somebody is mistaken, or None. They go by the levels that people have when they come."""
        rules = actor.population
        alike = self.alike[rules.number][rules.namesake_levels(actor.first_cell)]
        others = [other for other in alike if other is not actor]
        return others[word * len(others) >> 32] if others else None

    # ---- records

    def fates(self, actor, record):
        """For each next pair of a record: (pair, what becomes of it, the namesake, whether clearing passes)."""
        words = self.draw(draws.SHARE, actor, actor.row, record.key, draws.fnv(f"{record.origin}/{record.behaviour.name}"),
                          record.false)
        for pair in actor.population.ways_of_record(record.behaviour.name, record.origin).next_pairs(record.holder):
            h, fate, other = pair.hash(), RIGHT, None
            if not below(mix(words[0] ^ h), pair.coverage):
                fate = LOST
            elif below(mix(words[1] ^ h), pair.wrong_person):
                other = self.namesake(actor, mix(words[2] ^ h))
                fate = MISDIRECTED if other else LOST
            yield pair, fate, other, below(mix(words[3] ^ h), pair.propagates_clearing)

    def misfiled_key(self, actor, record, pair):
        return draws.derive(actor.row, record.key, pair.hash() + (2**32 if record.false else 0))

    def pass_on(self, actor, record, time):
        """A record takes effect, or a copy is born: others get to know."""
        record.sent = True
        for pair, fate, other, _ in self.fates(actor, record):
            birth = later(time, pair.delay)
            if fate == RIGHT:
                record.copies[pair.to] = self.add_record(actor, record.behaviour, record.origin, pair.to, record.false,
                                                         record.key, birth, stems_from=record)
            elif fate == MISDIRECTED:
                key = self.misfiled_key(actor, record, pair)

                def land(recipient, when, pair=pair, key=key):
                    self.add_record(recipient, record.behaviour, record.origin, pair.to, True, key, when, stems_from=record,
                                    misfiled=True)
                self.send(actor, other, birth, LANDING, land)

    def pass_on_end(self, actor, record, time):
        """A record has ended: those who were told of it are told of that, or not."""
        if not record.sent:
            return
        for pair, fate, other, passes in self.fates(actor, record):
            if fate == LOST:
                continue
            when = later(time, pair.delay)
            if not passes:
                self.count(actor, "clearings_lost", pair.to)
            elif fate == RIGHT:
                self.fix_end(actor, record.copies[pair.to], when)
            else:
                key = self.misfiled_key(actor, record, pair)

                def withdraw(recipient, then, pair=pair, key=key):
                    for its in recipient.records:
                        if its.misfiled and (its.behaviour, its.origin, its.holder, its.key) == (
                                record.behaviour, record.origin, pair.to, key):
                            self.fix_end(recipient, its, then)
                self.send(actor, other, when, WITHDRAWAL, withdraw)

    def fix_end(self, actor, record, time):
        """A copy or misfiled record will end as told, unless it ends earlier."""
        if record.ended() or time == NEVER:
            return
        if record.told_end == NEVER:
            record.order = actor.next_order()
        record.told_end = min(record.told_end, time)

    # ---- listings

    def tell_listing(self, actor, one, time, listed, cause):
        """Somebody enters or leaves a list: the agencies that look at it are told."""
        rules = actor.population
        words = None
        for agency in self.regime.agencies:
            if (one.name, agency) not in rules.notices:
                continue
            way = rules.way_of_list(one.name, agency)
            if way is None:
                continue
            words = words or self.draw(draws.NOTICE, actor, actor.row, 0, draws.fnv(one.name))
            self.tell_agency(actor, one, agency, way, words, time, listed, cause)

    def tell_agency(self, actor, one, agency, way, words, time, listed, cause):
        about = actor
        for pair in way:
            h = pair.hash()
            if not below(mix(words[0] ^ h), pair.coverage):
                return
            if about is actor and below(mix(words[1] ^ h), pair.wrong_person):
                about = self.namesake(actor, mix(words[2] ^ h))
                if about is None:
                    return
        if not listed and not all(below(mix(words[3] ^ pair.hash()), pair.propagates_clearing) for pair in way):
            self.count(actor, "clearings_lost", agency)
            return
        when = time
        for pair in way:
            when = later(when, pair.delay)
        if about is actor:
            actor.schedule(when, "notice", self.notice_changes, one, agency, listed, False, cause)
        else:
            self.send(actor, about, when, NOTICE, lambda recipient, then: recipient.schedule(
                then, "notice", self.notice_changes, one, agency, listed, True, None))

    def notice_changes(self, actor, time, one, agency, listed, misdirected, cause):
        notices = actor.misdirected if misdirected else actor.told
        if ((one.name, agency) in notices) == listed:
            return
        before = self.before(actor)
        if listed:
            notices.add((one.name, agency))
        else:
            notices.remove((one.name, agency))
        self.log(actor, time, self.NOTICE_CHANGED, one.number,
                 self.regime.agencies.index(agency) + (65536 if misdirected else 0) + (2**32 if listed else 0))
        self.settle(actor, time, before, cause)

    # ---- ties

    def tell_tied(self, actor, one, time, more):
        """Somebody enters (more: 1) or leaves (-1) a list: those who are tied to them notice."""
        for kind, others in (("household", self.housemates(actor)), ("representative", self.representative(actor))):
            for other in others:
                if (kind, one.name) in other.population.ties:
                    def arrives(recipient, then, tie=(kind, one.name)):
                        if then is None:
                            recipient.ties[tie] = recipient.ties.get(tie, 0) + more
                        else:
                            recipient.schedule(then, "tie", self.tie_changes, tie, more)
                    self.send(actor, other, time, TIE, arrives)

    def tie_changes(self, actor, time, tie, more):
        before, held = self.before(actor), actor.ties.get(tie, 0) != 0
        actor.ties[tie] = actor.ties.get(tie, 0) + more
        self.log(actor, time, self.TIE_CHANGED, actor.population.ties.index(tie), actor.ties[tie])
        if (actor.ties[tie] != 0) != held:
            self.settle(actor, time, before, None)

    def housemates(self, actor):
        tie, city = self.study.world.household, self.city
        if tie is None or tie.of != actor.population.world.name or city.households is None:
            return []
        household = city.households[actor.row]
        return [self.actors[actor.population.number][row] for row in self.members.get(household, []) if row != actor.row]

    def representative(self, actor):
        tie, city = self.study.world.representative, self.city
        if tie is None or tie.of != actor.population.world.name or city.representatives is None:
            return []
        people = self.actors[self.study.world.population(tie.is_).number]
        row = city.representatives[actor.row]
        return [people[row]] if row < len(people) else []
