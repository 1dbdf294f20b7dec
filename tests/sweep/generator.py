"""Organisations, catalogues and deliveries by seed: whatever the catalogue's own declarations and check allow.

Lines and figures are drawn from the declared kinds, statistics, bases, units, ends and comparisons; what the catalogue
check refuses is left out, so that a new word of the catalogue, or a new rule, enters the sweep by itself.
"""

import random
import re
from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from itertools import product
from pathlib import Path
from typing import NamedTuple

import pytest

from orchestration import catalogue
from orchestration.catalogue import WORDS
from orchestration.raw.sources.extracts import EXTRACTS, OTHER_PEERS, PEER_MEASURES
from orchestration.scorecard.kinds import BASES, KINDS, STATISTICS, STATISTICS_OF_PEERS
from tests.sweep import case
from tests.sweep.case import Case, Cells, Delivered, Peer

CATALOGUES, LINES = 4, 12  # so many share an organisation and one run of the SQL; lines of each and financial year
FORCE, ALL_FORCES, GROUP = "The Force", OTHER_PEERS[-1], "neighbours"
TARGETS = ("none", "some", "zero")
TROUBLES = ("missing", "late", "restated", "marked", "zeros", "negative", "areas", "series")
MARKERS = ("suppressed", "not available")


class Source(NamedTuple):
    """What the series of one extract have in common."""

    extract: str
    level: str
    covers: int
    stock: bool
    unit: str
    state: bool = False  # a forecast, or k of n at one time

    @property
    def over_time(self) -> str:
        """How the values of several months enter a window."""
        return "mean" if self.stock else "last" if self.state else "sum"


SOURCES = [
    ("borough", 1, False, "count"),
    ("borough", 1, False, "count"),
    ("force", 1, False, "count"),
    ("force", 1, False, "pounds"),
    ("force", 3, False, "count"),
    ("borough", 3, False, "count"),
    ("force", 12, False, "count"),
    ("borough", 1, True, "count"),
    ("force", 1, True, "count"),
    ("force", 3, False, "count", True),
    ("force", 1, False, "pounds", True),
]
NAMES = [extract.name for extract in EXTRACTS if any(column.kind == "month" for column in extract.columns)]


class Combination(NamedTuple):
    """What a line of a card is made of."""

    kind: str
    basis: str
    target: str
    covers: int
    stock: bool


@cache
def combinations() -> tuple[Combination, ...]:
    """Every combination that can stand on a card, in a fixed order."""
    every = product(KINDS, BASES, TARGETS, ((1, False), (3, False), (12, False), (1, True)))
    return tuple(
        Combination(kind, basis, target, covers, stock)
        for kind, basis, target, (covers, stock) in every
        if sensible(kind, basis, covers, stock)
    )


def sensible(statistic: str, basis: str, covers: int, stock: bool) -> bool:
    """Whether a statistic of such a measure means something over such a window."""
    if basis == "financial_year":
        return statistic == "forecast" and covers == 1
    if statistic == "forecast":
        return basis == "latest"
    if (covers, basis) == (12, "quarter"):
        return False
    return statistic != "k_of_n" or basis in ("latest", "quarter")


class Generator:
    """The case of a seed, made step by step."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.random = random.Random(seed)
        self.first = 2007 * 12 + self.random.randrange(24)
        length = self.random.randint(50, 56) if self.random.random() < 0.05 else self.random.randint(14, 30)
        self.months = range(self.first, self.first + length)
        last = self.months[-14:]
        march = [month for month in last if month % 12 == 2][-1:]  # what a whole year is known in
        self.report_months = sorted({*march, *self.random.sample(last, 3)})
        self.boroughs = [f"Area {number}" for number in range(1, self.random.randint(2, 5) + 1)]
        self.extracts = self.random.sample(NAMES, len(NAMES))
        self.tables: dict[str, list[Cells]] = {table: [] for table in catalogue.TABLES}
        self.rows: list[Delivered] = []

    def case(self) -> Case:
        """The case, with a catalogue that the check accepts."""
        self._organisation()
        for part in range(CATALOGUES):
            self._catalogue(part)
        return Case(self.seed, self.tables, self.rows, self._peers(), self.report_months)

    def _catalogue(self, part: int) -> None:
        """The sources, measures, lines and deliveries of one catalogue."""
        # what is no trouble here shows what another trouble does
        self.troubles = {trouble for trouble in TROUBLES if self.random.random() < 0.35}
        self._sources(self.random.sample(SOURCES, len(NAMES) // CATALOGUES))
        for year in dict.fromkeys(_financial_year(month) for month in self.report_months):
            self._lines(year, part)
        self.rows += self._rows()

    def _organisation(self) -> None:
        self.tables["calendar"] = [_calendar_row(month, self.first) for month in self.months]
        self.tables["areas"] = [{"area": FORCE, "kind": "force"}] + [
            {"area": area, "kind": "borough", "suppressed_with": "all of them"} for area in self.boroughs
        ]
        self.forces = [FORCE, "Another", "A third", "A fourth"]
        self.tables["forces"] = [{"force": force} for force in self.forces]
        self.tables["peer_groups"] = [
            {"peer_group": GROUP, "force": force} for force in self.forces if self.random.random() < 0.9
        ] or [{"peer_group": GROUP, "force": FORCE}]
        self.tables["cards"] = [
            {"financial_year": year, "title": "A card", "subtitle": "to {to}", "key": "G, A, R"}
            | dict.fromkeys(("rolling_year_period", "year_to_date_period", "quarter_period"), "to {to}")
            for year in dict.fromkeys(_financial_year(month) for month in self.report_months)
        ]

    def _sources(self, wanted: Iterable[tuple]) -> None:
        self.sources = [Source(self.extracts.pop(), *each) for each in wanted]
        self.series: dict[str, Source] = {}
        self.measures: dict[str, Source] = {}
        for source in self.sources:
            names = [f"{source.extract}_{letter}" for letter in "abc"[: self.random.randint(2, 3)]]
            for name in names:
                self.series[name] = source
                self.tables["series"].append(
                    source._asdict()
                    | {"series": name, "months_covered": str(source.covers)}
                    | {"over_time": source.over_time, "counts": "pounds" if source.unit == "pounds" else "things"}
                )
            self._measure(f"all_{source.extract}", source, names[: self.random.randint(1, 3)], ())
            for number in (1, 2):
                top, bottom = self.random.sample(names, 2)
                more = [name for name in names if name not in (top, bottom) and self.random.random() < 0.3]
                self._measure(f"rate_{number}_{source.extract}", source, [top], [bottom, *more])

    def _measure(self, name: str, source: Source, numerators: Iterable[str], denominators: Iterable[str]) -> None:
        self.measures[name] = source
        for part, names in (("numerator", numerators), ("denominator", denominators)):
            for series in names:
                weight = self.random.choice((1, 1, 1, 2, 3)) if part == "numerator" else 1
                row = {"measure": name, "part": part, "series": series, "weight": str(weight)}
                self.tables["measures"].append(row)

    def _lines(self, year: str, part: int) -> None:
        held = {(source.covers, source.stock) for source in self.sources}
        every = [each for each in combinations() if (each.covers, each.stock) in held]
        for position in range(part * LINES + 1, part * LINES + LINES + 1):
            wanted = self.random.choice(every)
            line = self._line(wanted, year, position)
            if line is None:
                continue
            self.tables["indicators"].append(line)
            for number in range(self.random.randint(0, 3)):
                self.tables["figures"] += self._figure(line, f"figure_{number}")

    def _line(self, wanted: Combination, year: str, position: int) -> Cells | None:
        measure = self._measure_for(wanted.kind, wanted.covers, wanted.stock)
        if measure is None:
            return None
        other = self._other(wanted.kind, measure)
        if KINDS[wanted.kind].two_measures and other is None:
            return None
        unit = self._unit(wanted.kind, measure)
        target = {"none": None, "zero": "0", "some": self._target(unit, wanted.kind)}[wanted.target]
        line = {"financial_year": year, "position": str(position), "line": str(position), "title": "A line"}
        line |= {"section": "A section", "measure": measure, "compare_measure": other, "kind": wanted.kind}
        line |= {"basis": wanted.basis, "unit": unit, "decimals": str(self.random.randint(0, 2)), "target": target}
        line |= {"direction": self.random.choice(WORDS["indicators", "direction"]), "latest_text": "{latest}"}
        line["sign"] = self.random.choice((None, *WORDS["indicators", "sign"]))
        if target is not None:
            line |= {"target_text": "{target}", "amber_tolerance": self.random.choice(("0", "0.05", "0.1"))}
        return line

    def _figure(self, line: Cells, name: str) -> list[Cells]:
        """A figure of the line, by itself or with the one that is taken off it."""
        statistic = self.random.choice([name for name in STATISTICS if name not in ("target",)])
        row = {"financial_year": line["financial_year"], "line": line["line"], "name": name, "statistic": statistic}
        row |= {"decimals": str(self.random.randint(0, 2)), "sign": None}
        if statistic in STATISTICS_OF_PEERS:
            row |= {"measure": self.random.choice(PEER_MEASURES[:2]), "basis": self.random.choice((None, *BASES))}
            row["peer_group"] = GROUP if statistic == "rank" else ALL_FORCES
            return [row | {"unit": "ordinal" if statistic == "rank" else "percent"}]
        if statistic == "target_monthly_average":
            return [row | {"unit": line["unit"]}] if line["kind"] in ("total", "monthly_average") else []
        source = self.measures[line["measure"]]
        measure = self._measure_for(statistic, source.covers, source.stock)
        basis = self.random.choice(BASES)
        if statistic == "required_rate":
            # what its line is about, in the year of the card
            of_a_year = (line["kind"], line["basis"]) == ("percentage", "year_to_date") and line["target"] is not None
            return [row | {name: line[name] for name in ("measure", "basis", "unit")}] if of_a_year else []
        if measure is None or not sensible(statistic, basis, source.covers, source.stock):
            return []
        row |= {"measure": measure, "basis": basis, "unit": self._unit(statistic, measure)}
        if KINDS[statistic].two_measures if statistic in KINDS else statistic == "margin_of_error":
            row["compare_measure"] = self._other("gap", measure)  # without one the check refuses it
        if "change" in statistic:
            row["against"] = self.random.choice((None, *WORDS["figures", "against"]))
        if basis != "financial_year":
            row["ends"] = self.random.choice((None, None, *WORDS["figures", "ends"]))
        taken_off = [row | {"name": f"{name}_taken_off", "ends": self.random.choice((None, "year_before"))}]
        if self.random.random() < 0.2:
            return [row | {"less": f"{name}_taken_off"}, *taken_off]
        return [row]

    def _measure_for(self, statistic: str, covers: int, stock: bool) -> str | None:
        """A measure that the statistic can be of: a rate, a sum, or either."""
        rates = statistic == "k_of_n" or statistic in ("margin_of_error", "required_rate", "supplied_margin")
        rates = rates or (statistic in KINDS and KINDS[statistic].shares)
        either = statistic in ("percentage_change", "change")
        fitting = [
            name
            for name, source in self.measures.items()
            if (source.covers, source.stock) == (covers, stock)
            and source.state == (statistic in ("k_of_n", "forecast"))
            and (either or name.startswith("rate_") == rates)
            and (source.unit == "count" or not name.startswith("rate_"))
        ]
        return self.random.choice(fitting) if fitting else None

    def _other(self, statistic: str, measure: str) -> str | None:
        """The measure that a gap is to: the other rate of the same source."""
        if statistic not in KINDS or not KINDS[statistic].two_measures:
            return None
        others = [name for name in self.measures if name.startswith("rate_") and name != measure]
        same = [name for name in others if self.measures[name] == self.measures[measure]]
        return self.random.choice(same) if same else None

    def _unit(self, statistic: str, measure: str) -> str:
        pounds = self.measures[measure].unit == "pounds"
        if statistic in ("percentage_change", "percentage", "required_rate"):
            return "percent"
        if statistic in ("gap", "change_in_points", "margin_of_error", "supplied_margin"):
            return "points"
        if statistic == "k_of_n":
            return "of"
        if statistic in ("change", "highest_month", "lowest_month") and measure.startswith("rate_"):
            return "percent"
        return "pounds_millions" if pounds else "number"

    def _target(self, unit: str, kind: str) -> str:
        if kind == "percentage_change":
            return self.random.choice(("-0.05", "-0.02", "0.03", "0.2"))
        return {"percent": "0.35", "points": "0.04", "pounds_millions": "25000"}.get(unit, "7")

    def _rows(self) -> list[Delivered]:
        found = []
        for source in self.sources:
            names = [name for name, its in self.series.items() if its == source]
            for delivery, months in self._deliveries(source).items():
                for month in months:
                    found += self._month(source, names, delivery, month)
        return found

    def _deliveries(self, source: Source) -> dict[int, set[int]]:
        """By month of delivery, the months that it holds."""
        found: dict[int, set[int]] = {}
        # a stock is known from the first month on, or from some time later
        ends = self.random.choice((2, 11)) if source.covers == 12 else -1  # a year to March, or to December
        dated = [month for month in self.months if (month - ends) % source.covers == 0]
        if source.stock:
            dated = [self.first, *self.random.sample(self.months[1:], 2)]
        begins = self.random.randrange(8) if self.random.random() < 0.2 else 0
        for month in dated[begins if not source.stock else 0 :]:
            if self._happens("missing", 0.06):
                continue
            delivery = month + (self.random.choice((0, 1, 2)) if self._happens("late", 0.3) else 0)
            if delivery <= self.months[-1]:
                its = found.setdefault(delivery, set())
                its.add(month)
                if self._happens("restated", 0.3):
                    earlier = [each for each in dated if month - 14 <= each < month]
                    its.update(self.random.sample(earlier, min(len(earlier), 2)))
        return found

    def _month(self, source: Source, names: list[str], delivery: int, month: int) -> Iterable[Delivered]:
        areas = self.boroughs if source.level == "borough" else [FORCE]
        without_area = self.random.choice(areas) if self._happens("areas", 0.04) else None
        without_series = self.random.choice(names) if self._happens("series", 0.03) else None
        nothing = self._happens("zeros", 0.2)
        for area in areas:
            for name in names:
                if area == without_area or name == without_series:
                    continue
                value: Decimal | str = self._value(source, nothing)
                if self._happens("marked", 0.01):
                    value = self.random.choice(MARKERS)
                yield Delivered(source.extract, delivery, name, area, month, value)

    def _value(self, source: Source, nothing: bool) -> Decimal:
        if nothing and self.random.random() < 0.9:
            return Decimal(0)
        if self._happens("negative", 0.1):
            return Decimal(-self.random.randint(1, 3))
        if source.unit == "pounds":
            return Decimal(self.random.randint(0, 9_000_000)) / 100
        return Decimal(
            self.random.choice((0, 1, 2, 3, 5, 8, 20, 40)) if not source.stock else self.random.randint(0, 90)
        )

    def _happens(self, trouble: str, chance: float) -> bool:
        return trouble in self.troubles and self.random.random() < chance

    def _peers(self) -> list[Peer]:
        found = []
        for measure in PEER_MEASURES[:2]:
            for last in self.random.sample(self.months[3:], 4):
                length = self.random.choice((1, 3, 12, last % 12 - 2 if last % 12 > 2 else last % 12 + 10))
                delivery = min(last + self.random.randrange(3), self.months[-1])
                for force in (*self.forces, ALL_FORCES):
                    if self.random.random() < 0.9:
                        value = Decimal(self.random.randint(1, 9)) / 10
                        found.append(Peer(delivery, measure, last - length + 1, last, force, value))
        return found


def generate(seed: int, folder: Path) -> Case:
    """The case of a seed; the catalogue check accepts its catalogue, which is left in the folder."""
    made = Generator(seed).case()
    while refused := refusals(made, folder):
        # what may not stand on a card is left out, as long as it is a line or a figure
        for table, line in sorted(refused, key=lambda it: (it[0] == "indicators", -it[1])):
            if table not in ("indicators", "figures"):
                raise AssertionError(f"seed {seed}: {refused[table, line]}")
            row = made.tables[table].pop(line - 2)
            if table == "indicators":
                key = row["financial_year"], row["line"]
                figures = made.tables["figures"]
                figures[:] = [each for each in figures if (each["financial_year"], each["line"]) != key]
    return made


def accepted(folder: Path) -> set[Combination]:
    """Every combination that the catalogue check accepts on a card."""
    generator = Generator(0)
    generator._organisation()
    generator._sources(dict.fromkeys(SOURCES))
    year = _financial_year(generator.report_months[-1])
    offered = []
    for combination in combinations():
        if (line := generator._line(combination, year, len(offered) + 1)) is not None:
            offered.append(combination)
            generator.tables["indicators"].append(line)
    made = Case(0, generator.tables, [], [], generator.report_months)
    refused = refusals(made, folder)
    assert {table for table, _ in refused} <= {"indicators"}, refused
    return {combination for line, combination in enumerate(offered, start=2) if ("indicators", line) not in refused}


def refusals(made: Case, folder: Path) -> dict[tuple[str, int], str]:
    """What the catalogue check says, by table and line."""
    case.write(made, folder)
    try:
        with pytest.MonkeyPatch.context() as patch:
            # what the organisation's own sources make is no matter of generated ones
            patch.setattr(catalogue.sources, "RULES", ())
            catalogue.check(folder)
    except catalogue.CatalogueError as error:
        said = re.findall(r"^(\w+)\.csv line (\d+), (.*)$", str(error), re.MULTILINE)
        if not said:
            raise
        return {(table, int(line)): f"{table}.csv line {line}, {problem}" for table, line, problem in said}
    return {}


def _financial_year(month: int) -> str:
    began = (month - 3) // 12
    return f"{began}/{(began + 1) % 100:02}"


def _calendar_row(month: int, first: int) -> Cells:
    of_year = (month - 3) % 12
    return {
        "month": case.text(month),
        "month_number": str(month - first + 1),
        "financial_year": _financial_year(month),
        "financial_year_start": case.text(month - of_year),
        "month_of_financial_year": str(of_year + 1),
        "quarter_of_financial_year": str(of_year // 3 + 1),
        "quarter_start": case.text(month - of_year % 3),
    }
