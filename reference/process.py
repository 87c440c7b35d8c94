# SPDX-License-Identifier: Apache-2.0
"""What can be done about a record: objections and appeals, corrections, repairs, pardons (docs/semantics.md, section 15)."""
import math

import conditions
import draw as draws
from draw import NEVER, below, gap, later
from sharing import DECISION
from views import Real

DENIED, GRANTED, VOID = range(3)
OUTCOMES = ("denied", "granted", "void")
WORDS = ("objections", "appeals")           # by the number of the stage
PURPOSES = (draws.OBJECTION, draws.APPEAL)


class Petition:
    """An objection or appeal that was filed and is not decided."""

    def __init__(self, record, process, stage, filed):
        self.record, self.process, self.stage, self.filed = record, process, stage, filed
        self.wait = 0


class Queue:
    """The cases of one entry and stage, for the whole city."""

    def __init__(self, stage, scale):
        self.stage = stage
        self.desks = max(1, math.floor(stage.capacity * scale * float(stage.duration) + 0.5))
        self.cases = []               # (actor, petition) of this window
        self.begun = []               # when each case ever began

    def decide(self):
        """(actor, petition, when it is decided) of the cases of the window, in their order."""
        cases, self.cases = sorted(self.cases, key=self.order), []
        for actor, petition in cases:
            begins = petition.filed
            if len(self.begun) >= self.desks:
                begins = max(begins, later(self.begun[-self.desks], self.stage.duration))
            self.begun.append(begins)
            petition.wait = begins - petition.filed
            yield actor, petition, later(begins, self.stage.duration)

    @staticmethod
    def order(case):
        actor, petition = case
        record = petition.record
        return petition.filed, actor.population.number, actor.row, record.behaviour.number, record.key, record.false


class DueProcess:
    """The part of a life (life.py) that is about what can be done about records."""

    def start_queues(self):
        self.queues = {(id(process), stage.number): Queue(stage, self.study.scale) for process in self.regime.processes
                       for stage in process.stages() if stage.capacity is not None}

    def process_of(self, record):
        """The entry for a root."""
        return self.process_for(record.behaviour.name, record.holder)

    def process_for(self, behaviour, agency):
        for process in self.regime.processes:
            if process.agency == agency and (process.behaviours is None or behaviour in process.behaviours):
                return process
        return None

    def notice_for(self, behaviour, agency):
        process = self.process_for(behaviour, agency)
        return process.notice if process else 0

    def begin_process(self, actor, record, time):
        """At a root's birth: objection or appeal, correction, repair."""
        process = self.process_of(record)
        if process is None:
            return
        if process.stages():
            self.perhaps_file(actor, record, process, process.stages()[0], time)
        if record.false:
            words = self.process_draw(draws.CORRECTION, actor, record)
            actor.schedule(later(time, max(1, gap(words[0], process.correction))), "correction", self.correct, record)
        if process.repair:
            words = self.repair_draw(actor, record, time)
            first = later(later(time, process.repair.after), max(1, gap(words[1], process.repair.chances)))
            actor.schedule(first, "repair", self.chance_to_repair, record, process.repair)

    def process_draw(self, purpose, actor, record):
        return self.draw(purpose, actor, actor.row, record.key, draws.fnv(f"{record.holder}/{record.behaviour.name}"),
                         record.false)

    def repair_draw(self, actor, record, time):
        return self.draw(draws.REPAIR, actor, actor.row, record.key, time, record.false)

    # ---- petitions

    def perhaps_file(self, actor, record, process, stage, time):
        words = self.process_draw(PURPOSES[stage.number], actor, record)
        if below(words[0], stage.files[record.false]):
            actor.schedule(later(time, words[1] * stage.within >> 32), "petition", self.file, record, process, stage)

    def petition_value(self, record, stage):
        return self.record_value(record) + 2**32 * stage.number

    def file(self, actor, time, record, process, stage):
        if record.ended() or not self.can_pay(actor, stage.fee, time):
            return
        self.pay_fee(actor, stage.fee)
        petition = Petition(record, process, stage, time)
        actor.petitions.append(petition)
        self.count(actor, WORDS[stage.number] + "_filed", record.holder)
        self.log(actor, time, self.PETITION_FILED, record.behaviour.number, self.petition_value(record, stage))
        if stage.capacity is not None:
            self.queues[id(process), stage.number].cases.append((actor, petition))
        else:
            actor.schedule(later(time, stage.duration), "petition", self.decide, petition)
        if stage.suspends:
            before = self.before(actor)
            record.suspended = True
            self.after_records(actor, time, before, None)

    def go_through_queues(self):
        """At a window's end; the decisions are messages to those who filed."""
        for queue in self.queues.values():  # entries in file order, objection before appeal
            for actor, petition, decided in queue.decide():
                def arrives(recipient, then, petition=petition):
                    recipient.schedule(then, "petition", self.decide, petition)
                self.send(actor, actor, decided, DECISION, arrives)

    def decided(self, actor, petition, outcome):
        actor.petitions.remove(petition)
        word = WORDS[petition.stage.number]
        self.count(actor, f"{word}_{OUTCOMES[outcome]}", petition.record.holder)
        self.count(actor, f"{word}_wait_minutes", petition.record.holder, petition.wait)

    def decide(self, actor, time, petition):
        record, stage = petition.record, petition.stage
        words = self.process_draw(PURPOSES[stage.number], actor, record)
        if record.ended():
            outcome = VOID
        else:
            outcome = GRANTED if below(words[2], stage.succeeds[record.false]) else DENIED
        self.decided(actor, petition, outcome)
        self.log(actor, time, self.PETITION_DECIDED, record.behaviour.number,
                 self.petition_value(record, stage) + 2**33 * outcome)
        if outcome == GRANTED:
            self.end_in_event(actor, record, time, "granted")
        elif outcome == DENIED:
            self.deny(actor, time, petition)

    def deny(self, actor, time, petition):
        record, process, stage = petition.record, petition.process, petition.stage
        if record.suspended:
            before = self.before(actor)
            record.suspended = False
            self.after_records(actor, time, before, None)
        if stage.points:
            before = self.before(actor)
            actor.base += stage.points
            self.after_records(actor, time, before, None)
        if stage.number == 0 and process.appeal:
            self.perhaps_file(actor, record, process, process.appeal, time)

    # ---- the agency's own mistakes, and making good

    def correct(self, actor, time, record):
        if not record.ended():
            self.end_in_event(actor, record, time, "corrected")

    def chance_to_repair(self, actor, time, record, repair):
        if record.ended():
            return
        words = self.repair_draw(actor, record, time)
        if below(words[0], repair.taken) and conditions.holds(repair.needs, Real(actor)) and self.can_pay(actor, repair.fee, time):
            self.pay_fee(actor, repair.fee)
            actor.schedule(later(time, repair.duration), "repair", self.repaired, record)
        else:
            actor.schedule(later(time, max(1, gap(words[1], repair.chances))), "repair", self.chance_to_repair, record, repair)

    def repaired(self, actor, time, record):
        if not record.ended():
            self.end_in_event(actor, record, time, "repaired")

    def end_in_event(self, actor, record, time, how):
        """An event that is no step of the record ends it."""
        before = self.before(actor)
        self.end_otherwise(actor, record, time, how)
        self.after_records(actor, time, before, None)

    # ---- pardons

    def pardons_at(self, start):
        """Those that take place at the start of the window that starts then."""
        return [pardon for pardon in self.regime.pardons if start - self.window_length < pardon.at <= start]

    def pardon(self, actor, time, pardon):
        agencies = self.regime.agencies
        records = [record for record in actor.records
                   if record.is_root and record.born() and not record.ended()
                   and (pardon.behaviours is None or record.behaviour.name in pardon.behaviours)
                   and pardon.agency in (None, record.holder)]
        records.sort(key=lambda record: (record.birth, record.behaviour.number, agencies.index(record.holder), record.false,
                                         record.key))
        if records:
            before = self.before(actor)
            for record in records:
                self.end_otherwise(actor, record, time, "pardoned")
            self.after_records(actor, time, before, None)
