"""The catalogue as the audit reads it: the definitions of measures, figures and groups, without any check of them."""

import csv
import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from orchestration.audit import months, organisation
from orchestration.audit.organisation import Organisation
from orchestration.audit.printing import UNITS, Unit
from orchestration.audit.sources import Source
from orchestration.audit.sources import read as read_sources


class CannotAudit(Exception):
    """Something that the audit has no rule for; the message names it, and where to state the rule."""


class Series(NamedTuple):
    """One thing counted: its extract, by area or for the whole, the months a value covers, and how they combine.

    A count under its threshold is suppressed.
    """

    extract: str
    level: str
    months_covered: int
    over_time: str
    area_threshold: int | None
    whole_threshold: int | None


class Part(NamedTuple):
    """A series that enters a measure."""

    part: str
    series: str
    weight: Decimal


class Dated(NamedTuple):
    """A peer in a group of peers, or an area that a name means, from a month to a month, each of them if any."""

    name: str
    first: int | None = None
    last: int | None = None

    def holds_in(self, month: int) -> bool:
        """Whether the month lies between its first and its last."""
        return (self.first is None or self.first <= month) and (self.last is None or self.last >= month)


class Definition(NamedTuple):
    """A figure of a card."""

    line: str
    name: str
    statistic: str
    unit: str
    direction: str | None
    target: Fraction | None
    measure: str | None = None
    compare_measure: str | None = None
    basis: str | None = None
    ends: str = "latest"
    against: str | None = None
    years_back: int = 0
    peer_group: str | None = None
    number: Fraction | None = None
    less: str | None = None
    from_month: int | None = None
    to_month: int | None = None
    sign: str | None = None
    decimals: int | None = None


class Line(NamedTuple):
    """A line of a card, as it is judged."""

    line: str
    kind: str | None
    direction: str | None
    unit: Unit
    decimals: int
    target: Fraction | None
    target_to: Fraction | None  # the upper end of a target that is a range
    phased: bool
    tolerance: Fraction
    strict: bool  # the target has to be passed
    judged_from: int | None
    age_limit: int | None  # months before the card that its figure may end
    not_judged: str | None
    more_rules: bool  # others than target and tolerance may decide


class Catalogue(NamedTuple):
    """What the cards are made of."""

    sources: dict[str, Source]  # by extract
    organisation: Organisation
    financial_years: dict[int, str]  # of every month there is
    whole: str
    own_areas: frozenset[str]
    unallocated: frozenset[str]  # those of them that are no part of the whole: what did not come of them is 0
    regions: dict[str, frozenset[str]]  # the areas of each
    suppressed_together: list[frozenset[str]]  # areas: none of them is suppressed alone
    names: dict[str, list[Dated]]  # by name, normalised: the areas and peers that it means
    series: dict[str, Series]
    carried: frozenset[str]  # extracts whose values hold until the next ones are known
    measures: dict[str, list[Part]]
    measures_of: dict[str, set[str]]  # that a series enters
    groups: dict[str, list[Dated]]  # peers by group of peers
    units: dict[str, Unit]
    figures: dict[int, list[Definition]]  # by report month
    lines: dict[int, list[Line]]  # by report month

    def area(self, name: str, month: int) -> str:
        """The area that a name means in a month; the name itself where the catalogue does not have it."""
        meant = {each.name for each in self.names.get(normalised(name), []) if each.holds_in(month)}
        return meant.pop() if len(meant) == 1 else name

    @property
    def extracts_with_small_counts(self) -> set[str]:
        """The extracts whose counts suppress something, or are suppressed with one."""
        small = {name for name, it in self.series.items() if it.area_threshold or it.whole_threshold}
        measures = {measure for series in small for measure in self.measures_of[series]}
        return {self.series[part.series].extract for measure in measures for part in self.measures[measure]}


@cache
def normalised(name: str) -> str:
    """A name in lower case, with `and` for `&` and single blanks, as sources differ in writing the same one."""
    return re.sub(" +", " ", name.lower().replace("&", " and ")).strip(" ")


def read(folder: Path, declared: Path) -> Catalogue:
    """The catalogue in a folder of tables, and what the folder of an organisation declares."""
    of = organisation.read(declared)
    areas = _table(folder, "areas")
    series = _table(folder, "series")
    names: dict[str, list[Dated]] = {}
    own = [row["area"] for row in areas] + [row["peer"] for row in _table(folder, "peer_organisations")]
    # the name of all peers together stands where their value is quoted
    own += [row["peer_group"] for row in _table(folder, "figures") if row["statistic"] == "peer_value"]
    for name in dict.fromkeys(own):
        names.setdefault(normalised(name), []).append(Dated(name))
    for row in _table(folder, "area_names"):
        names.setdefault(normalised(row["name"]), []).append(_dated(row, "area"))
    measures: dict[str, list[Part]] = {}
    measures_of: dict[str, set[str]] = {row["series"]: set() for row in series}
    for row in _table(folder, "measures"):
        measures_of.setdefault(row["series"], set()).add(row["measure"])
        measures.setdefault(row["measure"], []).append(Part(row["part"], row["series"], Decimal(row["weight"])))
    together: dict[str, set[str]] = {}
    regions: dict[str, set[str]] = {}
    for row in areas:
        if row["kind"] != "whole":
            together.setdefault(row["suppressed_with"], set()).add(row["area"])
        if row.get("region"):  # the column may be missing
            regions.setdefault(row["region"], set()).add(row["area"])
    groups: dict[str, list[Dated]] = {}
    for row in _table(folder, "peer_groups"):
        groups.setdefault(row["peer_group"], []).append(_dated(row, "peer"))
    known_sources = read_sources(declared / "sources")
    known_series = {row["series"]: _series(row) for row in series}
    limits = {
        measure: _age_limit([known_series[part.series] for part in parts if part.series in known_series], known_sources)
        for measure, parts in measures.items()
    }
    figures, rules = _table(folder, "figures"), _table(folder, "judging_rules")
    units = UNITS | (_units(_table(folder, "units")) if (folder / "units.csv").is_file() else {})
    financial_years = of.years({row["financial_year"] for row in _table(folder, "cards")})
    cards = _cards(financial_years, _table(folder, "indicators"))
    return Catalogue(
        known_sources,
        of,
        financial_years,
        next(row["area"] for row in areas if row["kind"] == "whole"),
        frozenset(row["area"] for row in areas if row["kind"] != "whole"),
        frozenset(row["area"] for row in areas if row["kind"] == "unallocated"),
        {region: frozenset(its) for region, its in regions.items()},
        list(map(frozenset, together.values())),
        names,
        known_series,
        frozenset(row["extract"] for row in series if row["over_time"] == "mean"),
        measures,
        measures_of,
        groups,
        units,
        {
            month: _figures(lines, [row for row in figures if row["financial_year"] == financial_years[month]])
            for month, lines in cards.items()
        },
        {month: [_line(row, month, units, limits, rules) for row in lines] for month, lines in cards.items()},
    )


def _units(rows: list[dict[str, Any]]) -> dict[str, Unit]:
    return {row["unit"]: Unit(Fraction(row["scale"]), row["before"] or "", row["behind"] or "") for row in rows}


def _series(row: dict[str, Any]) -> Series:
    thresholds = (_as(int, row[column]) for column in ("area_threshold", "whole_threshold"))
    return Series(row["extract"], row["level"], int(row["months_covered"]), row["over_time"], *thresholds)


def _cards(years: dict[int, str], indicators: list[dict]) -> dict[int, list[dict]]:
    """The rows of each month's card: of a line the last of its rows that begins by then."""
    found = {}
    for month, year in years.items():
        of_year = [row for row in indicators if row["financial_year"] == year and _begins(row) <= month]
        if lines := {row["line"]: row for row in sorted(of_year, key=_begins)}:
            found[month] = list(lines.values())
    return found


def _begins(row: dict) -> int:
    return months.parsed(row["from_month"]) if row.get("from_month") else 0  # the column may be missing


def _figures(indicators: list[dict], figures: list[dict]) -> list[Definition]:
    """For each line the latest figure, the one a year before and the target, and the figures that have a row."""
    found: list[Definition] = []
    lines = {}
    for row in indicators:
        of_line = {"line": row["line"], "direction": row["direction"], "target": _as(Fraction, row["target"])}
        lines[row["line"]] = of_line
        if row["measure"]:
            # from when on the row holds is no period of its figure
            latest = _definition(row | of_line | {"name": "latest", "statistic": row["kind"], "from_month": None})
            found += [latest, latest._replace(name="year_before", years_back=1)]
        if row["target"] and row["measure"] and (phasing := row.get("phasing") or "none") != "none":
            its = {name: row[name] for name in ("measure", "basis", "unit", "decimals")}
            its |= {"name": "phased_target", "statistic": f"phased_{phasing}"}
            its |= {"against": "year_before" if phasing == "as_before" else None}
            found.append(_definition(of_line | its))
        for name in ("target", "target_to"):
            if row.get(name):
                target = {"name": name, "statistic": "target", "unit": row["unit"], "number": row[name]}
                found.append(_definition(of_line | target))
    return found + [_definition(row | lines[row["line"]]) for row in figures if row["line"] in lines]


def _line(
    row: dict[str, Any], month: int, units: dict[str, Unit], limits: dict[str, int | None], rules: list[dict]
) -> Line:
    """A line as the row of the catalogue judges it on the card of a month."""
    its = (rule for rule in rules if (rule["financial_year"], rule["line"]) == (row["financial_year"], row["line"]))
    return Line(
        row["line"],
        row["kind"],
        row["direction"],
        units.get(row["unit"] or "number", UNITS["number"]),
        _as(int, row["decimals"]) or 0,
        _as(Fraction, row["target"]),
        _as(Fraction, row.get("target_to")),
        row.get("phasing") not in (None, "none"),
        _as(Fraction, row["amber_tolerance"]) or Fraction(0),
        row.get("strict") == "yes",
        _as(months.parsed, row["judged_from"]),
        limits.get(row["measure"]) if row.get("age_limit") is None else int(row["age_limit"]),
        row["not_judged"],
        any(months.parsed(rule["from_month"]) <= month for rule in its),
    )


def _age_limit(series: list[Series], sources: dict[str, Source]) -> int | None:
    """How old a figure of these series may be; a stock that others are divided by holds until the next one."""
    counted = [each for each in series if each.over_time != "mean"] or series
    return max((sources[each.extract].age_limit for each in counted if each.extract in sources), default=None)


def _definition(row: dict[str, Any]) -> Definition:
    """The figure that a row of the catalogue defines."""
    cells: dict[str, Any] = {name: row[name] for name in Definition._fields if name in row}
    return Definition(**cells)._replace(
        ends=row.get("ends") or "latest",
        # a change that leaves it open is one on the year before
        against=row.get("against") or ("year_before" if "change" in row["statistic"] else None),
        number=_as(Fraction, row.get("number")),
        from_month=_as(months.parsed, row.get("from_month")),
        to_month=_as(months.parsed, row.get("to_month")),
        decimals=_as(int, row.get("decimals")),
    )


def _table(folder: Path, name: str) -> list[dict[str, Any]]:
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return [{column: cell or None for column, cell in row.items()} for row in csv.DictReader(file)]


def _dated(row: dict[str, Any], name: str) -> Dated:
    return Dated(row[name], _as(months.parsed, row["from_month"]), _as(months.parsed, row["to_month"]))


def _as(kind: Callable, text: str | None) -> Any:
    return None if text is None else kind(text)
