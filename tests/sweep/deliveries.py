"""What comes of the sources of a generated catalogue: late, restated, marked, of nothing, or not at all."""

import random
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import product
from typing import NamedTuple

from orchestration.raw.sources.extracts import PEER_MEASURES
from tests.sweep.case import Delivered, Peer

TROUBLES = ("missing", "late", "restated", "marked", "zeros", "negative", "areas", "series")
TROUBLES += ("small", "silent", "stopped", "dated")
MARKERS = ("suppressed", "not available")


class Source(NamedTuple):
    """What the series of one extract have in common."""

    extract: str
    level: str
    covers: int
    over_time: str
    unit: str


class Deliveries:
    """The rows of one catalogue's sources; what is no trouble there shows what another trouble does."""

    def __init__(self, chance: random.Random, months: range, areas: dict[str, list[str]], troubles: set[str]) -> None:
        self.random, self.months, self.areas, self.troubles = chance, months, areas, troubles

    def happens(self, trouble: str, chance: float) -> bool:
        """Whether a trouble strikes that this catalogue has."""
        return trouble in self.troubles and self.random.random() < chance

    def rows(self, series: dict[str, Source]) -> list[Delivered]:
        """Every row of the series, by source and delivery."""
        found = []
        for source in dict.fromkeys(series.values()):
            names = [name for name, its in series.items() if its == source]
            nothing = {name for name in names if self.happens("zeros", 0.3)}  # of which nothing is ever counted
            for delivery, months in self._deliveries(source).items():
                for month in sorted(months):
                    found += self._month(source, names, nothing, delivery, month)
        return found

    def _deliveries(self, source: Source) -> dict[int, set[int]]:
        """By month of delivery, the months that it holds."""
        found: dict[int, set[int]] = {}
        ends = self.random.choice((2, 11)) if source.covers == 12 else -1  # a year to March, or to December
        dated = [month for month in self.months if (month - ends) % source.covers == 0]
        if source.over_time == "mean":  # a stock is known from the first month on, or from some time later
            dated = [self.months[0], *self.random.sample(self.months[1:], 2)]
        begins = self.random.choice(self.months[-14:]) if self.happens("silent", 0.4) else self.months[0]
        last = self.random.choice(self.months[-16:]) if self.happens("stopped", 0.4) else self.months[-1]
        for month in (each for each in dated if begins <= each <= last):
            if self.happens("missing", 0.06):
                continue
            delivery = month + (self.random.choice((0, 1, 2)) if self.happens("late", 0.4) else 0)
            if delivery <= self.months[-1]:
                its = found.setdefault(delivery, set())
                its.add(month)
                if self.happens("restated", 0.3):
                    earlier = [each for each in dated if max(begins, month - 14) <= each < month]
                    its.update(self.random.sample(earlier, min(len(earlier), 2)))
        return found

    def _month(
        self, source: Source, names: list[str], nothing: set[str], delivery: int, month: int
    ) -> Iterator[Delivered]:
        areas = self.areas[source.level]
        without_area = self.random.choice(areas) if self.happens("areas", 0.04) else None
        without_series = self.random.choice(names) if self.happens("series", 0.03) else None
        zeros = self.happens("zeros", 0.15)
        for area in areas:
            for name in names:
                if area == without_area or name == without_series:
                    continue
                value: Decimal | str = self._value(source, zeros or name in nothing)
                if self.happens("marked", 0.04 if (source.covers, source.over_time) == (1, "sum") else 0.1):
                    value = self.random.choice(MARKERS)
                yield Delivered(source.extract, delivery, name, area, month, value)

    def _value(self, source: Source, nothing: bool) -> Decimal:
        if nothing:
            return Decimal(0)
        if self.happens("negative", 0.1):
            return Decimal(-self.random.randint(1, 3))
        if source.unit == "money":
            return Decimal(self.random.randint(0, 9_000_000)) / 100
        small = source.over_time != "mean"
        return Decimal(self.random.choice((0, 1, 2, 3, 5, 8, 20, 40)) if small else self.random.randint(0, 90))


def of_peers(chance: random.Random, months: range, peers: Iterable[str]) -> list[Peer]:
    """What is delivered of peers: some periods of two measures, of several lengths, delivered twice."""
    found = []
    for measure in PEER_MEASURES[:2]:
        for last in chance.sample(months[3:], 4):
            length = chance.choice((1, 3, 12, last % 12 - 2 if last % 12 > 2 else last % 12 + 10))
            delivery = min(last + chance.randrange(3), months[-1])
            again = min(delivery + chance.randrange(4), months[-1])  # corrected
            for month, peer in product(sorted({delivery, again}), peers):
                if chance.random() < 0.9:
                    value = Decimal(chance.randint(1, 9)) / 10
                    found.append(Peer(month, measure, last - length + 1, last, peer, value))
    return found
