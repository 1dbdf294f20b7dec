"""Disclosure control: the months of a measure that no figure may rest on, from all deliveries of them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from orchestration.audit.catalogue import Catalogue, Part
from orchestration.audit.series import Areas

# a measure, an area, a month
Suppressed = frozenset[tuple[str, str, int]]
Counts = dict[str, Decimal]  # by area


class Held(NamedTuple):
    """What the deliveries hold of areas that are suppressed together, in a month: the counts of each, by series."""

    catalogue: Catalogue
    own_areas: frozenset[str]
    counts: dict[str, list[Counts]]

    def is_small(self, series: str) -> bool:
        """Whether an area's count is under the threshold, in whichever delivery."""
        under = self.catalogue.series[series].area_threshold
        return any(_small(count, under) for counts in self.counts.get(series, ()) for count in counts.values())

    def given_away_by(self, measure: str) -> Iterator[str]:
        """The wholes that would bound a small part: one that is small itself, or nearly all of which is the part."""
        parts = self.catalogue.measures[measure]
        small = [part.series for part in parts if part.part == "numerator" and self.is_small(part.series)]
        if not small:
            return
        threshold = max(self.catalogue.series[series].area_threshold or 0 for series in small)
        # the sums that are shown are weighted, and bound the counts of the heaviest series most
        weighted = threshold * max(part.weight for part in parts)
        nearly_all = self._left_over(parts) < threshold or self._left_over(parts, weighted=True) < weighted
        for part in parts:
            lowest = [min(counts.values()) for counts in self.counts.get(part.series, ())]
            if part.part == "denominator" and lowest and (nearly_all or min(lowest) < threshold):
                yield part.series

    def _left_over(self, parts: list[Part], *, weighted: bool = False) -> Decimal:
        """What the wholes of a measure hold more than its parts, at the least, in any two deliveries."""
        found = Decimal(0)
        for part in parts:
            totals = [sum(counts.values(), Decimal(0)) for counts in self.counts.get(part.series, ())]
            sign = (part.weight if weighted else 1) * (1 if part.part == "denominator" else -1)
            found += min((sign * total for total in totals), default=Decimal(0))
        return found


def suppressed(catalogue: Catalogue, delivered: Iterable[Areas]) -> Suppressed:
    """The measures, areas and months with a small count behind them, or one that they would give away."""
    counts: dict[int, dict[str, list[Counts]]] = defaultdict(lambda: defaultdict(list))
    for areas in delivered:
        for month, its in areas.items():
            for series, values in its.items():
                if known := {area: value for area, value in values.items() if value is not None}:
                    counts[month][series].append(known)
    found = set()
    for month, of_month in counts.items():
        for series, area in _small_series(catalogue, of_month):
            found |= {(measure, area, month) for measure in catalogue.measures_of[series]}
    return frozenset(found)


def _small_series(catalogue: Catalogue, of_month: dict[str, list[Counts]]) -> Iterator[tuple[str, str]]:
    """The series and areas of a month that are suppressed."""
    for series, deliveries in of_month.items():
        described = catalogue.series[series]
        if any(_small(sum(counts.values(), Decimal(0)), described.whole_threshold) for counts in deliveries):
            areas = catalogue.own_areas if described.level == "area" else frozenset()
            yield from ((series, area) for area in areas | {catalogue.whole})
    for areas in catalogue.suppressed_together:
        within = {
            series: [its for counts in deliveries if (its := {area: counts[area] for area in areas & counts.keys()})]
            for series, deliveries in of_month.items()
        }
        held = Held(catalogue, areas, within)
        together = {series for series in within if held.is_small(series)}
        for measure in {measure for series in together for measure in catalogue.measures_of[series]}:
            together |= set(held.given_away_by(measure))
        yield from ((series, area) for series in together for area in areas)


def _small(count: Decimal, threshold: int | None) -> bool:
    return threshold is not None and 0 < abs(count) < threshold
