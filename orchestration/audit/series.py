"""How the rows of an extract become series: the declared pattern of their names, and what is counted.

A figure that its source suppresses or does not have is None, and so is every sum with it.
"""

from collections import defaultdict
from collections.abc import Iterable, Set
from decimal import ROUND_HALF_UP, Decimal

from orchestration.audit import months
from orchestration.audit.catalogue import Catalogue
from orchestration.audit.files import Row
from orchestration.audit.sources import Source

PLACES = 6  # no figure has more decimals: further digits are the noise of a formula
KEPT = "2"  # decimals of a figure in a series, where its column declares no others


def _figure(row: Row, column: str) -> Decimal | None:
    return None if row[column] is None else round(Decimal(row[column]), PLACES)


def _counted(row: Row, what: str, unit: Decimal) -> Decimal | None:
    """What a row adds to a series: a figure, 1 for every row, or 1 where one figure reaches another."""
    if what in row:  # as nearly all are
        figure = _figure(row, what)
        return figure if figure is None or figure == int(figure) else figure.quantize(unit, ROUND_HALF_UP)
    if what == "rows":
        return Decimal(1)
    figures = [_figure(row, column) for column in what.split(" >= ")]
    known = [figure for figure in figures if figure is not None]
    return None if len(known) < len(figures) else Decimal(known[0] >= known[1])


# by month and series: the value of each area that has rows, None where its source suppresses a part of it
Areas = dict[int, dict[str, dict[str, Decimal | None]]]
# by month: the whole's value of each complete series, None where its source suppresses a part of it
Months = dict[int, dict[str, Decimal | None]]
# a measure, and the first and last month that its values are of
Period = tuple[str, int, int]
# the value of each peer
Periods = dict[Period, dict[str, Decimal]]


def by_area(source: Source, rows: Iterable[Row], catalogue: Catalogue, first: int) -> Areas:
    """The series of every month from the first on that has rows."""
    found: Areas = {}
    of_area, absent = source.area, {}
    counted = [(pattern, what, _unit(source, what)) for pattern, what in source.series.items()]
    if source.dated:
        absent = {pattern: source.needed(pattern) & source.dated for pattern in source.series}
    for row in rows:
        month = months.parsed(row["month"])
        if month < first:
            continue
        its = found.setdefault(month, defaultdict(dict))
        area = catalogue.area(row[of_area], month) if of_area else catalogue.whole
        for pattern, what, unit in counted:
            if absent and any(row[name] == "" for name in absent[pattern]):
                continue  # of a month that has no such column
            values = its[pattern.format_map(row)]
            before, added = values.get(area, Decimal(0)), _counted(row, what, unit)
            values[area] = None if before is None or added is None else before + added
    if source.is_set("absent_is_zero") or catalogue.unallocated:
        own = {name for name, its in catalogue.series.items() if its.extract == source.name}
        for month, its in found.items():
            for series in own & {*source.made(month)} if source.dated else own:
                expected = _expected(catalogue, series)
                for area in expected if source.is_set("absent_is_zero") else expected & catalogue.unallocated:
                    its[series].setdefault(area, Decimal(0))
    return {
        month: {series: values for series, values in its.items() if series in catalogue.series}
        for month, its in found.items()
    }


def _unit(source: Source, what: str) -> Decimal:
    """The last place that a figure keeps."""
    return Decimal(1).scaleb(-int(source.columns.get(what, {}).get("decimals", KEPT)))


def of_the_whole(areas: Areas, catalogue: Catalogue) -> Months:
    """The series of each month; by area only if complete, as the sum."""
    found: Months = {month: {} for month in areas}
    for month, its in areas.items():
        for series, values in its.items():
            expected = _expected(catalogue, series)
            if expected <= values.keys():
                known = [value for area in expected if (value := values[area]) is not None]
                found[month][series] = sum(known, Decimal(0)) if len(known) == len(expected) else None
    return found


def _expected(catalogue: Catalogue, series: str) -> Set[str]:
    return catalogue.own_areas if catalogue.series[series].level == "area" else frozenset((catalogue.whole,))


def by_period(source: Source, rows: Iterable[Row], catalogue: Catalogue, first: int) -> Periods:
    """The values of the peers, by measure and period that ends in the month `first` or later."""
    found: Periods = {}
    (begins, ends), (measure,), (peer,) = (source.of_kind(kind) for kind in ("month", "word", "peer"))
    for row in rows:
        period = months.parsed(row[begins]), months.parsed(row[ends])
        if period[1] < first:
            continue
        value = _figure(row, source.figure)
        if value is not None:  # a peer whose value is suppressed published none
            found.setdefault((row[measure], *period), {})[catalogue.area(row[peer], period[1])] = value
    return found
