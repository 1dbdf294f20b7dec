"""Organisations and catalogues by seed: whatever the catalogue's own declarations allow.

Lines and figures are drawn from the declared kinds, statistics, bases, units, ends and comparisons, so that a new word
of the catalogue enters the sweep by itself; what the catalogue check refuses is left out (tests/sweep/checked.py).
"""

import random
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from orchestration import catalogue, csv_files, settings
from orchestration.catalogue import WORDS, measure_types
from orchestration.catalogue.measure_types import MeasureType
from orchestration.raw.sources.extracts import EXTRACTS, OTHER_PEERS, PEER_MEASURES
from orchestration.scorecard import units
from orchestration.scorecard.kinds import BASES, KINDS, PHASINGS, STATISTICS, STATISTICS_OF_PEERS
from tests.sweep import case
from tests.sweep.case import Case, Cells, Delivered
from tests.sweep.deliveries import TROUBLES, Deliveries, Source, of_peers

# so many share an organisation and one run of the SQL, which costs half as much for nothing as for all of them
CATALOGUES, LINES = 8, 8  # lines of each and financial year
WHOLE, ALL_PEERS, GROUP = "The Whole", OTHER_PEERS[-1], "neighbours"
TARGETS = ("none", "some", "zero", "negative", "range", *PHASINGS)
SOURCES = [
    *[("area", 1, "sum", "count")] * 2,
    *[("whole", 1, "sum", "count")] * 2,
    ("whole", 1, "sum", "money"),
    ("whole", 3, "sum", "count"),
    ("area", 3, "sum", "count"),
    *[("whole", 12, "sum", "count")] * 2,
    ("area", 1, "mean", "count"),
    ("whole", 1, "mean", "count"),
    ("whole", 1, "last", "count"),
    ("area", 3, "last", "count"),
    ("whole", 1, "last", "money"),
]
# how many months old a figure of a source may be
LIMITS = {each.name: each.may_lag + {"monthly": 1, "quarterly": 3, "yearly": 12}[each.cadence] for each in EXTRACTS}
NAMES = [extract.name for extract in EXTRACTS if any(column.kind == "month" for column in extract.columns)]


RANGE = "in_range_is_better"
OF_A_TARGET = ("target", "target_to", "phasing", "target_text", "strict", "amber_tolerance", "age_limit")
OF_A_TARGET += ("judged_from", "not_judged")


class Combination(NamedTuple):
    """What a line of a card is made of; `made_of` is how its parts enter a window: `sum/mean` for a rate per head."""

    kind: str
    basis: str
    target: str
    covers: int
    made_of: str


class Generator:
    """The case of a seed, made step by step; `combinations` are those that a line may be of."""

    def __init__(self, seed: int, combinations: Iterable[Combination] = ()) -> None:
        self.seed, self.combinations = seed, sorted(combinations)
        self.random = random.Random(seed)
        self.first = 2007 * 12 + self.random.randrange(24)
        length = self.random.randint(50, 56) if self.random.random() < 0.05 else self.random.randint(14, 30)
        self.months = range(self.first, self.first + length)
        last = self.months[-14:]
        march = [month for month in last if month % 12 == 2][-1:]  # what a whole year is known in
        spring = [self.random.choice([month for month in last if month % 12 in (3, 4)])]  # a year has just begun
        self.report_months = sorted({*march, *spring, self.random.choice(last)})
        self.areas = [f"Area {number}" for number in range(1, self.random.randint(2, 4) + 1)]
        self.extracts = self.random.sample(NAMES, len(NAMES))
        self.tables: dict[str, list[Cells]] = {table: [] for table in catalogue.TABLES}
        self.deliveries = self._deliveries(set())

    def case(self) -> Case:
        """The case; some of its lines and figures the catalogue check may refuse."""
        self.organisation()
        rows: list[Delivered] = []
        for part in range(CATALOGUES):
            troubles = {trouble for trouble in TROUBLES if self.random.random() < 0.3}
            self.deliveries = self._deliveries(troubles)
            self.sources(self._some_sources())
            for year in dict.fromkeys(financial_year(month) for month in self.report_months):
                self._lines(year, part)
            rows += self.deliveries.rows(self.series)
        peers = of_peers(self.random, self.months, (*self.peers, ALL_PEERS))
        return Case(self.seed, self.tables, rows, peers, self.report_months)

    def _deliveries(self, troubles: set[str]) -> Deliveries:
        areas = {"area": self.areas, "whole": [WHOLE]}
        return Deliveries(self.random, self.months, areas, troubles)

    def organisation(self) -> None:
        """The tables that all catalogues share."""
        self.tables["calendar"] = [_calendar_row(month, self.first) for month in self.months]
        # two groups of two and more, or one
        groups = self.random.randint(1, len(self.areas) // 2)
        self.tables["areas"] = [{"area": WHOLE, "kind": "whole"}] + [
            {"area": area, "kind": "area", "suppressed_with": f"group {place % groups}"}
            for place, area in enumerate(self.areas)
        ]
        self.peers = [WHOLE, "Another", "A third", "A fourth"]
        self.tables["peer_organisations"] = [{"peer": peer} for peer in self.peers]
        self.tables["peer_groups"] = [
            {"peer_group": GROUP, "peer": peer} for peer in self.peers if self.random.random() < 0.9
        ] or [{"peer_group": GROUP, "peer": WHOLE}]
        self.tables["units"] = csv_files.rows(settings.CATALOGUE / units.FILE, "unit")
        self.tables["cards"] = [
            {"financial_year": year, "title": "A card", "subtitle": "to {to}", "key": "G, A, R"}
            | dict.fromkeys(("rolling_year_period", "year_to_date_period", "quarter_period"), "to {to}")
            for year in dict.fromkeys(financial_year(month) for month in self.report_months)
        ]

    def _some_sources(self) -> Sequence[tuple]:
        """Sources of two kinds, such that some combination can be made of them: all are as frequent."""
        self.wanted = wanted = self.random.choice(self.combinations)
        numerator, _, denominator = wanted.made_of.partition("/")
        one = self.random.choice([each for each in SOURCES if each[1:3] == (wanted.covers, numerator)])
        others = [each for each in SOURCES if (each[0], each[2]) == (one[0], denominator) and _divisible(one, each)]
        return [one, self.random.choice(others or SOURCES)]

    def sources(self, wanted: Iterable[tuple]) -> None:
        """The series of some sources, and measures of them."""
        sources = [Source(self.extracts.pop(), *each) for each in wanted]
        self.series: dict[str, Source] = {}
        self.measures: dict[str, str] = {}  # how the parts of each enter a window
        for source in sources:
            names = [f"{source.extract}_{letter}" for letter in "abc"[: self.random.randint(2, 3)]]
            for name in names:
                self.series[name] = source
                self.tables["series"].append(
                    source._asdict()
                    | {"series": name, "months_covered": str(source.covers), "age_limit": LIMITS[source.extract]}
                    | {"counts": "pounds" if source.unit == "money" else "things"}
                    | self._thresholds(source)
                )
            self._measure(f"all_{source.extract}", names[: self.random.randint(1, 3)], ())
            for number in (1, 2):
                top, bottom = self.random.sample(names, 2)
                more = [name for name in names if name not in (top, bottom) and self.random.random() < 0.3]
                self._measure(f"share_{number}_{source.extract}", [top], [bottom, *more])
        for one in sources:
            for other in sources:
                if one.level == other.level and one != other and _divisible(one[1:], other[1:]):
                    of_one, of_other = ([name for name, its in self.series.items() if its == it] for it in (one, other))
                    for number in (1, 2):
                        name = f"rate_{number}_{one.extract}_{other.extract}"
                        self._measure(name, [self.random.choice(of_one)], [self.random.choice(of_other)])
        rows = {name: list(enumerate(self.tables[name], start=2)) for name in ("series", "measures")}
        self.types: dict[str, MeasureType] = measure_types.of_measures(rows)

    def _thresholds(self, source: Source) -> Cells:
        found = {}
        for level in ("area", "whole"):
            if source.over_time != "mean" and source.level in (level, "area") and self._happens("small"):
                most = "200000" if source.unit == "money" else "40" if source.level != level else "6"
                found[f"{level}_threshold"] = self.random.choice(("0", "4", most))
        return found

    def _happens(self, trouble: str) -> bool:
        """Whether a trouble strikes a series or a line of this catalogue."""
        return self.deliveries.happens(trouble, 0.5)

    def _measure(self, name: str, numerators: Iterable[str], denominators: Iterable[str]) -> None:
        ways = []
        for part, names in (("numerator", numerators), ("denominator", denominators)):
            for series in names:
                its = self.series[series]
                third = "0.5" if its.unit == "count" and its.over_time != "last" else "3"
                weight = self.random.choice(("1", "1", "1", "2", third)) if part == "numerator" else "1"
                row = {"measure": name, "part": part, "series": series, "weight": weight}
                self.tables["measures"].append(row)
            ways += [self.series[series].over_time for series in names][:1]
        self.measures[name] = "/".join(ways)

    def _lines(self, year: str, part: int) -> None:
        held = {(self.types[name].months_covered, made_of) for name, made_of in self.measures.items()}
        every = [each for each in self.combinations if (each.covers, each.made_of) in held]
        # whatever is made of two sources could be made of one as well, and would be rare
        rare = [each for each in every if (each.covers, each.made_of) == (self.wanted.covers, self.wanted.made_of)]
        for position in range(part * LINES + 1, part * LINES + LINES + 1):
            line = self.line(self.random.choice(rare if self.random.random() < 0.75 else every), year, position)
            if line is None:
                continue
            self.tables["indicators"].append(line)
            self.tables["figures"] += self.targets_of_months(line)
            if self._happens("dated"):
                self.tables["indicators"] += self._from_within_the_year(line)
            for number in range(self.random.randint(0, 3)):
                self.tables["figures"] += self._figure(line, f"figure_{number}")

    def line(self, wanted: Combination, year: str, position: int) -> Cells | None:
        """A line of a combination; None where the catalogue has no measure for it."""
        measure = self._measure_of(wanted.kind, wanted.covers, wanted.made_of)
        if measure is None:
            return None
        line = {"financial_year": year, "position": str(position), "line": str(position), "title": "A line"}
        line |= {"section": "A section", "measure": measure, "kind": wanted.kind, "basis": wanted.basis}
        if KINDS[wanted.kind].two_measures and (other := self._other(measure)):
            line["compare_measure"] = other
        line |= {"unit": self._unit(wanted.kind, measure), "decimals": self._decimals(wanted.kind)}
        ways = [way for way in WORDS["indicators", "direction"] if (way == RANGE) == (wanted.target == "range")]
        line |= {"direction": self.random.choice(ways), "latest_text": "{latest}"}
        if KINDS[wanted.kind].change:
            line["sign"] = self.random.choice((None, *WORDS["indicators", "sign"]))
        return line | self._target(wanted.target, line)

    def _target(self, form: str, line: Cells) -> Cells:
        unit, kind = line["unit"], line["kind"]
        if form == "none":
            return dict.fromkeys(OF_A_TARGET)
        some = {"percent": ("0.35", "0.8", "1"), "points": ("0.04", "0.2"), "pounds_millions": ("25000", "3000000")}
        target = self.random.choice(
            ("0.02", "0.2", "1") if kind == "percentage_change" else some.get(unit, ("7", "60"))
        )
        target = {"zero": "0", "negative": f"-{target}"}.get(form, target)
        its = dict.fromkeys(OF_A_TARGET) | {"target": target, "target_text": "{target}"}
        its["amber_tolerance"] = self.random.choice(("0", "0.1", "0.9"))
        its["phasing"] = form if form in PHASINGS else None
        words = {"higher_is_better": "> {target}", "lower_is_better": "< {target}"}.get(line["direction"], "")
        if form == "range":  # on one side of nothing, or round it
            its["target"] = self.random.choice((f"-{target}", "0", str(Decimal(target) / 2)))
            its |= {"target_to": target, "target_text": "between {target} and {target_to}"}
            words = "more than {target} and less than {target_to}"
        if self.random.random() < 0.15:
            its |= {"strict": "yes", "target_text": words}
        if self.random.random() < 0.2:
            its["age_limit"] = self.random.choice(("0", "1", "24"))
        if self.random.random() < 0.2:
            its["judged_from"] = case.text(self.random.choice(self.months))
        if self.random.random() < 0.05:
            its["not_judged"] = "for information"
        return its

    def _from_within_the_year(self, line: Cells) -> list[Cells]:
        """Another row of the line, which holds from a month of its year on."""
        year = [month for month in self.months if financial_year(month) == line["financial_year"] and month % 12 != 3]
        if not year:
            return []
        its = self._target("range" if line["direction"] == RANGE else self.random.choice(TARGETS), line)
        of_line = line["measure"]
        measure = self._measure_of(line["kind"], self.types[of_line].months_covered, self.measures[of_line])
        its |= {"measure": measure} if not line.get("compare_measure") else {}
        who = {"from_month": case.text(self.random.choice(year)), "decided_by": "the board", "reason": "a new plan"}
        return [line | its | who | {"decimals": self._decimals(line["kind"])}]

    def targets_of_months(self, line: Cells) -> list[Cells]:
        """A target for each month of the year of a line whose target comes due by them."""
        if line["phasing"] != "monthly":
            return []
        row = {"financial_year": line["financial_year"], "line": line["line"], "statistic": "target"}
        row |= {"unit": line["unit"], "decimals": line["decimals"], "sign": None}
        first = int(line["financial_year"][:4]) * 12 + 3
        numbers = [Decimal(self.random.randrange(9)) for _ in range(11)]
        numbers.append(Decimal(line["target"]) - sum(numbers))
        return [
            row | {"name": f"month_{place}", "number": str(number)} | dict.fromkeys(("from_month", "to_month"), month)
            for place, number in enumerate(numbers)
            for month in [case.text(first + place)]
        ]

    def _figure(self, line: Cells, name: str) -> list[Cells]:
        """A figure of the line, by itself or less others, of which each may be less the next."""
        row = {"financial_year": line["financial_year"], "line": line["line"], "sign": None}
        of_a_year = (line["kind"], line["basis"]) == ("percentage", "year_to_date") and line["target"]
        often = ["required_rate"] * 10 if of_a_year else []  # which few lines can have
        row |= self._asked(self.random.choice([*STATISTICS, *often]), line)
        chain = [row | {"name": name}]
        while self.random.random() < 0.4 and len(chain) < 4:
            ends = {"ends": self.random.choice((None, "year_before"))} if row.get("ends") else {}
            chain[-1]["less"] = f"{name}_{len(chain)}"
            chain.append(row | ends | {"name": f"{name}_{len(chain)}"})
        if self.random.random() < 0.1:
            chain[-1]["less"] = self.random.choice(("latest", "year_before", "target"))
        return chain

    def _asked(self, statistic: str, line: Cells) -> Cells:
        """What a row states that asks for the statistic: what that takes, as the catalogue declares."""
        rule = STATISTICS[statistic]
        its: Cells = {"statistic": statistic, "decimals": self._decimals(statistic), "unit": line["unit"]}
        if statistic in STATISTICS_OF_PEERS:
            its |= {"measure": self.random.choice(PEER_MEASURES[:2]), "basis": self.random.choice((None, *BASES))}
            its["peer_group"] = GROUP if statistic == "rank" else ALL_PEERS
            return its | {"unit": "ordinal" if statistic == "rank" else "percent"}
        if "number" in rule.takes:
            its |= {"number": self.random.choice(("0", "12", "-3"))}
        if statistic == "required_rate":  # what its line is about, in the year of the card
            return its | {column: line[column] for column in ("measure", "basis")}
        if "measure" in rule.takes:
            fitting = [name for name in self.measures if self.types[name].form in rule.forms] or [line["measure"]]
            its |= {"measure": self.random.choice(fitting), "basis": self.random.choice(rule.bases)}
            its["unit"] = self._unit(statistic, its["measure"])
            if "ends" in rule.takes and its["basis"] != "financial_year":
                its["ends"] = self.random.choice((None, None, *WORDS["figures", "ends"]))
        if "compare_measure" in rule.takes:
            its["compare_measure"] = self._other(its["measure"])
        if "against" in rule.takes:
            its["against"] = self.random.choice((None, *WORDS["figures", "against"]))
        if "from_month" in rule.takes and self.random.random() < 0.3:
            its |= self._period(its) | {"ends": None}
        return its

    def _period(self, its: Cells) -> Cells:
        last = self.random.choice(self.months)
        covers = self.types[its["measure"]].months_covered if its.get("measure") else 1
        if its.get("basis") == "quarter":
            last += 2 - last % 3
        to_date = (last - 3) % 12 + 1
        length = {"rolling_year": 12, "quarter": 3, "year_to_date": to_date, "latest": covers}.get(its.get("basis"), 6)
        return {"from_month": case.text(last - length + 1), "to_month": case.text(last)}

    def _measure_of(self, kind: str, covers: int, made_of: str) -> str | None:
        forms = STATISTICS[kind].forms
        fitting = [
            name
            for name, its in self.measures.items()
            if its == made_of and self.types[name].months_covered == covers and self.types[name].form in forms
        ]
        return self.random.choice(fitting) if fitting else None

    def _other(self, measure: str) -> str | None:
        """The measure that a gap is to: another one of the same type."""
        own = self.types[measure]._replace(over_time=())
        others = [name for name in self.measures if name != measure and self.types[name]._replace(over_time=()) == own]
        return self.random.choice(others) if others else None

    def _unit(self, statistic: str, measure: str) -> str:
        prints_as, value = self.types[measure].prints_as, STATISTICS[statistic].value
        if value == "own" or (value == "points" and prints_as != "ratio"):
            value = prints_as
        return self.random.choice(units.of_values(value))

    def _decimals(self, statistic: str) -> str:
        return "0" if STATISTICS[statistic].whole else str(self.random.randint(0, 2))


def _divisible(one: tuple, other: tuple) -> bool:
    """Whether values of one kind of source, given without its name, can be divided by those of the other."""
    covers = one[1] == other[1] or other[2] == "mean"
    return covers and one[2] == "sum" and other[2] in ("sum", "mean")


def financial_year(month: int) -> str:
    """As the catalogue writes the year of a month."""
    began = (month - 3) // 12
    return f"{began}/{(began + 1) % 100:02}"


def _calendar_row(month: int, first: int) -> Cells:
    of_year = (month - 3) % 12
    return {
        "month": case.text(month),
        "month_number": str(month - first + 1),
        "financial_year": financial_year(month),
        "financial_year_start": case.text(month - of_year),
        "month_of_financial_year": str(of_year + 1),
        "quarter_of_financial_year": str(of_year // 3 + 1),
        "quarter_start": case.text(month - of_year % 3),
    }
