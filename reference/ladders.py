# SPDX-License-Identifier: Apache-2.0
"""Ratings that go up and down by reviews, and ratings that go back after a time (docs/semantics.md, section 18)."""
import draw as draws
from draw import NEVER, U32, later
from views import Real


class Ladders:
    """The part of a life (life.py) that is about ladders and redemption."""

    def next_review(self, actor, time):
        """The first after a minute."""
        interval = actor.population.rating.ladder.interval
        words = self.draw(draws.REVIEW, actor, actor.row, 0, 0)
        phase = words[0] * interval >> 32
        return time + 1 + (phase - time - 1) % interval

    def begin_reviews(self, actor, time):
        if actor.population.rating and actor.population.rating.ladder:
            actor.schedule(self.next_review(actor, time), "review", self.review)

    def review(self, actor, time):
        self.begin_reviews(actor, time)
        if not actor.rated:
            return
        before, view, rating = self.before(actor), Real(actor), actor.population.rating
        moves = rating.ladder.moves[view.band()]
        old, n = view.rating(), view.records(rating.ladder.term)
        # A rating with a ladder has no points for records, so that its points are its base.
        actor.base = rating.cut(actor.base + moves[min(n, len(moves) - 1)])
        self.count(actor, "reviews", "")
        if view.rating() != old:
            self.count(actor, "review_rises" if view.rating() > old else "review_falls", "")
            self.log(actor, time, self.REVIEWED, 0, actor.base & U32)
            self.settle(actor, time, before, None)

    def fix_redemption(self, actor, time, before):
        """After an event: if in it a record began to take points away."""
        rating = actor.population.rating
        if rating and rating.redeem != NEVER and actor.against() - before.against:
            actor.redemption = later(time, rating.redeem)

    def redeem(self, actor, time):
        actor.redemption = NEVER
        before = self.before(actor)
        for record in actor.records:
            if actor.counts_for_rating(record):
                record.redeemed = True
        # Reading: points "become base_i", so what denied petitions took away is given back as well.
        actor.base = self.first_base(actor)
        self.count(actor, "redemptions", "")
        self.log(actor, time, self.REDEEMED, 0, 0)
        self.after_records(actor, time, before, None)
