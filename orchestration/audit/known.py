"""Series and measures as of a report month: from the deliveries up to it, the latest one winning."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from orchestration.audit import months
from orchestration.audit.catalogue import Catalogue
from orchestration.audit.series import Areas, Months, Periods
from orchestration.audit.suppression import Suppressed


class Read(NamedTuple):
    """The content of a delivery: the months of its series, or the periods of the peers."""

    extract: str
    month: date
    content: Months | Periods
    areas: Areas  # of the extracts with small counts; of every one where there are regions


class Month(NamedTuple):
    """A complete month of a measure, for the whole."""

    numerator: Decimal | None  # None where a source suppresses a part of it, or a small count stands behind it
    denominator: Decimal | None
    covered: int
    suppressed: bool = False
    stocks: frozenset[str] = frozenset()  # of numerator and denominator, those that enter a window by their mean


# by measure and month
Measures = dict[str, dict[int, Month]]


def as_of(deliveries: Iterable[Read], report_month: date) -> dict[str, dict]:
    """By extract, its months or periods as of a report month: each from the latest delivery that has it."""
    known: dict[str, dict] = {}
    for each in sorted(deliveries, key=lambda each: each.month):
        if each.month <= report_month:
            known.setdefault(each.extract, {}).update(each.content)
    return known


def spine(catalogue: Catalogue, report_month: date) -> list[int]:
    """The months that a report month covers, whether or not anything was delivered for them."""
    last = months.number(report_month)
    return [month for month in catalogue.financial_years if last - catalogue.organisation.history < month <= last]


def measure_months(catalogue: Catalogue, known: dict[str, dict], within: list[int], suppressed: Suppressed) -> Measures:
    """The months of each measure for which all its series were delivered."""
    held = {
        extract: _carried(catalogue, its, within) if extract in catalogue.carried else its
        for extract, its in known.items()
    }
    found: Measures = {}
    for measure, parts in catalogue.measures.items():
        described = [catalogue.series[part.series] for part in parts]
        covered = max(series.months_covered for series in described)
        over_time = {part.part: series.over_time for part, series in zip(parts, described, strict=True)}
        stocks = frozenset(part for part, how in over_time.items() if how == "mean")
        of_extracts = [held.get(series.extract, {}) for series in described]
        by_month = found[measure] = {}
        for month in within:
            came = [its.get(month, {}) for its in of_extracts]
            if not all(part.series in its for its, part in zip(came, parts, strict=True)):
                continue
            values = [its[part.series] for its, part in zip(came, parts, strict=True)]
            whole = [value for value in values if value is not None]
            if len(whole) < len(values):
                by_month[month] = Month(None, None, covered=1)
            elif (measure, catalogue.whole, month) in suppressed:
                by_month[month] = Month(None, None, covered, suppressed=True)
            else:
                sums: dict[str, Any] = {"numerator": None, "denominator": None}
                for part, value in zip(parts, whole, strict=True):
                    sums[part.part] = (sums[part.part] or 0) + part.weight * value
                by_month[month] = Month(**sums, covered=covered, stocks=stocks)
    return found


def _carried(catalogue: Catalogue, held: Months, within: list[int]) -> Months:
    """A stock, such as a population, holds from its month until the next one is known."""
    found: Months = {}
    for month in within:
        before = [each for each in held if each <= month and each in catalogue.financial_years]
        if before:
            found[month] = held[max(before)]
    return found
