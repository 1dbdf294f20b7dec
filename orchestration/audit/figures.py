"""The figures of a card, each over its window, as of its report month."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from orchestration.audit import months, peers
from orchestration.audit.catalogue import Catalogue, Definition
from orchestration.audit.known import Measures, Read, as_of, measure_months, spine
from orchestration.audit.peers import Standing
from orchestration.audit.printing import printed
from orchestration.audit.series import Periods
from orchestration.audit.statistics import Inputs, recomputed
from orchestration.audit.suppression import Suppressed
from orchestration.audit.windows import Window, window

BEFORE = {"latest": 0, "quarter_before": 3, "year_before": 12}  # months


@dataclass(frozen=True)
class Recomputed:
    """A figure as recomputed from the deliveries."""

    value: float | None
    out_of: int | None
    data_from: date | None
    data_to: date | None
    against_from: date | None
    against_to: date | None
    printed: str
    suppressed: bool  # it has no value, and rests on a small count


class Card(NamedTuple):
    """The inputs for the figures of one report month."""

    catalogue: Catalogue
    report_month: int
    within: list[int]
    measures: Measures
    peers: Periods


class Figure(NamedTuple):
    """A figure before it is printed, and before another one is subtracted from it."""

    value: Fraction | None
    out_of: int | None
    window: tuple[int | None, int | None]
    against: tuple[int | None, int | None]
    suppressed: bool = False  # a small count stands behind one of its windows


class Term(NamedTuple):
    """A figure by itself, and the name of the one that it is less."""

    own: Figure
    less: str | None


def figures(
    catalogue: Catalogue, deliveries: list[Read], report_month: date, suppressed: Suppressed
) -> dict[tuple[str, str], Recomputed]:
    """Every figure of a report month, by line and name; none where its year has no card."""
    definitions = catalogue.figures.get(months.number(report_month), [])
    known = as_of(deliveries, report_month)
    within = spine(catalogue, report_month)
    measures = measure_months(catalogue, known, within, suppressed)
    of_peers = [its for extract, its in known.items() if catalogue.sources[extract].of_peers]
    peers: Periods = {period: values for its in of_peers for period, values in its.items()}
    card = Card(catalogue, months.number(report_month), within, measures, peers)
    found = {(each.line, each.name): Term(_figure(card, each), each.less) for each in definitions}
    return {(each.line, each.name): _recomputed(catalogue, each, found) for each in definitions}


def _less(line: str, name: str, found: dict[tuple[str, str], Term]) -> Fraction | None:
    """The value of a figure, less the one that it names, which may be less another."""
    if (line, name) not in found:
        return None
    own, less = found[line, name]
    if own.value is None or less is None:
        return own.value
    subtracted = _less(line, less, found)
    return None if subtracted is None else own.value - subtracted


def _is_suppressed(line: str, name: str, found: dict[tuple[str, str], Term]) -> bool:
    """Whether a small count stands behind a figure, or behind one that it is less."""
    if (line, name) not in found:
        return False
    own, less = found[line, name]
    return own.suppressed or (less is not None and _is_suppressed(line, less, found))


def _recomputed(catalogue: Catalogue, definition: Definition, found: dict[tuple[str, str], Term]) -> Recomputed:
    figure = found[definition.line, definition.name].own
    value = _less(definition.line, definition.name, found)
    out_of = figure.out_of if definition.less is None else None  # what is left of k is not out of n
    return Recomputed(
        None if value is None else float(value),
        out_of,
        months.first_day(figure.window[0]),
        months.first_day(figure.window[1]),
        months.first_day(figure.against[0]),
        months.first_day(figure.against[1]),
        printed(value, catalogue.units[definition.unit], definition.sign, definition.decimals, out_of),
        value is None and _is_suppressed(definition.line, definition.name, found),
    )


def _figure(card: Card, definition: Definition) -> Figure:
    last, against_last = _ends(card, definition)
    against = _window(card, definition.measure, definition, against_last)
    against_months = (against and against.first, against_last)
    if definition.statistic in ("rank", "peer_value"):
        standing = _standing(card, definition)
        return Figure(standing.value, standing.out_of, (standing.first, standing.last), against_months)
    own = _window(card, definition.measure, definition, last)
    compared = _window(card, definition.compare_measure, definition, last)
    whole = definition._replace(basis="rolling_year")
    last_year = _window(card, definition.measure, whole, card.catalogue.organisation.year_start(card.report_month) - 1)
    number = _due(card, definition, last) if definition.statistic == "phased_monthly" else definition.number
    inputs = Inputs(own, against, compared, definition.target, number, last_year)
    value = recomputed(definition.statistic, inputs)
    of = own.denominator if own is not None and definition.statistic == "k_of_n" and value is not None else None
    out_of = None if of is None else int(of)
    suppressed = any(each is not None and each.suppressed for each in (own, against, compared))
    return Figure(value, out_of, _printed_window(card, definition, own, last), against_months, suppressed)


def _due(card: Card, definition: Definition, last: int | None) -> Fraction | None:
    """The sum of the targets that a line has for single months of the year, up to a month."""
    first = card.catalogue.organisation.year_start(card.report_month)
    found = [
        each.number
        for each in card.catalogue.figures[card.report_month]
        if (each.line, each.statistic) == (definition.line, "target") and each.number is not None
        if each.from_month is not None and each.from_month == each.to_month and last is not None
        if first <= each.from_month <= last
    ]
    return sum(found, Fraction(0)) if found else None


def _standing(card: Card, definition: Definition) -> Standing:
    if definition.statistic == "rank":
        return peers.rank(card.catalogue, card.peers, definition, card.report_month)
    return peers.peer_value(card.catalogue, card.peers, definition, card.report_month)


def _ends(card: Card, definition: Definition) -> tuple[int | None, int | None]:
    """The last months of a figure's window and of the one it is compared with."""
    year_start = card.catalogue.organisation.year_start(card.report_month)
    latest = max(card.measures.get(definition.measure or "", ()), default=None)
    back = 12 * definition.years_back
    # a year to date, or a forecast for the year, never reaches back into the year before
    of_another_year = (
        definition.basis in ("year_to_date", "financial_year") and latest is not None and latest < year_start
    )
    last = None
    if definition.to_month is not None and definition.statistic not in ("target", "forecast"):
        last = definition.to_month  # a fixed period, which a target and a forecast only say what they are for
    elif definition.ends == "last_march":
        last = year_start - 1 - back
    elif definition.ends not in BEFORE:  # quarter_1 to quarter_4 of the card's year
        last = year_start + 3 * int(definition.ends[-1]) - 1 - back
    elif latest is not None and not of_another_year:
        last = latest - BEFORE[definition.ends] - back
    if definition.against == "last_march":
        return last, year_start - 1 - back
    return last, None if last is None or definition.against is None else last - BEFORE[definition.against]


def _window(card: Card, measure: str | None, definition: Definition, last: int | None) -> Window | None:
    """The window of a measure that ends with a month; None outside of the months that the report month covers."""
    if measure not in card.measures or definition.basis is None or last not in card.within:
        return None
    # a forecast for the year comes month by month: the latest one counts
    basis = "latest" if definition.basis == "financial_year" else definition.basis
    return window(card.measures[measure], basis, last, card.catalogue.organisation)


def _printed_window(
    card: Card, definition: Definition, own: Window | None, last: int | None
) -> tuple[int | None, int | None]:
    """The months that a figure prints: those of its own window, unless it is about others."""
    year_start = card.catalogue.organisation.year_start(card.report_month)
    if definition.statistic == "target_monthly_average":
        return None, None
    covers: tuple[int | None, int | None]
    if definition.statistic == "required_rate":
        covers = (own.last + 1, year_start + 11) if own is not None and own.expected < 12 else (None, None)
    elif definition.basis == "financial_year":
        covers = year_start, year_start + 11
    else:
        covers = own and own.first, last
    return (
        covers[0] if definition.from_month is None else definition.from_month,
        covers[1] if definition.to_month is None else definition.to_month,
    )
