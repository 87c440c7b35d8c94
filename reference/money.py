# SPDX-License-Identifier: Apache-2.0
"""Income, savings, debts, fines and fees (docs/semantics.md, section 17). Whole yuan."""
import math

import draw as draws
from draw import later

PAID = 2**63


class Money:
    """The part of a life (life.py) that is about money."""

    def left_over(self, actor):
        """D: what is left over of a year's income, with the doors closed now and the name as public as it is now."""
        money = actor.population.world.money
        income = money.income.for_levels(actor.levels)
        for door in actor.population.doors:
            if door.name in actor.closed:
                income = income * (1.0 - door.costs.chance_for_levels(actor.levels))
        if actor.named():
            income = income * (1.0 - money.custom)
        return math.floor(max(0.0, income - money.living.for_levels(actor.levels)))

    def most_savings(self, actor):
        return math.floor(float(self.left_over(actor)) * (float(actor.population.world.money.savings) / 525600.0))

    def poor(self, actor):
        return actor.has_money and self.left_over(actor) == 0

    def endow(self, actor, time):
        if actor.has_money:
            actor.savings, actor.accounted = self.most_savings(actor), time
            self.count(actor, "endowed_yuan", "", actor.savings)

    def account(self, actor, time):
        """Adds what was saved since the last time, with the income of until now."""
        if not actor.has_money:
            return
        rate, cap = self.left_over(actor), self.most_savings(actor)
        new = actor.savings + rate * time // 525600 - rate * actor.accounted // 525600
        if new > cap:
            new = max(actor.savings, cap)
        self.count(actor, "saved_yuan", "", new - actor.savings)
        actor.savings, actor.accounted = new, time

    def can_pay(self, actor, amount, time):
        """Without money nothing costs anything."""
        if not actor.has_money:
            return True
        self.account(actor, time)
        return actor.savings >= amount

    def pay(self, actor, amount, counter, subject):
        if actor.has_money:
            actor.savings -= amount
            self.count(actor, counter, subject, amount)

    def pay_fee(self, actor, fee):
        self.pay(actor, fee, "fee_yuan", "")

    # ---- debts and fines

    def debt(self, actor, record):
        """What a root with `settles` owes."""
        if record.owes is not None:
            return record.owes
        return math.floor(record.behaviour.settles_amount.for_levels(actor.levels) + 0.5)

    def fine_for(self, record):
        general = None
        for entry in self.regime.fines:
            if entry.behaviour == record.behaviour.name:
                if entry.agency == record.holder:
                    return entry
                if entry.agency is None:
                    general = entry
        return general

    def begin_fine(self, actor, record, time):
        fine = self.fine_for(record)
        if fine and not record.misfiled:
            actor.schedule(later(time, fine.due), "fine", self.fine_due, record, fine)

    def fine_due(self, actor, time, record, fine):
        if record.ended():
            return
        amount = math.floor(fine.amount.for_levels(actor.levels) + 0.5)
        paid = self.can_pay(actor, amount, time)
        behaviour = record.behaviour
        self.count(actor, "fines_paid" if paid else "fines_unpaid", behaviour.name)
        self.log(actor, time, self.FINE_DUE, behaviour.number, amount + (PAID if paid else 0))
        if paid:
            self.pay(actor, amount, "fine_yuan", behaviour.name)
        elif fine.unpaid:
            what = draws.fnv(f"{record.origin}/{behaviour.name}") + 2**33 + (2**32 if record.false else 0)
            birth = later(time, fine.unpaid.after)
            self.add_record(actor, actor.population.behaviour(fine.unpaid.behaviour), fine.unpaid.agency, fine.unpaid.agency,
                            record.false, draws.derive(actor.row, record.key, what), birth, act=birth, owes=amount)
