"""Rules for every table of the catalogue, cell by cell: known words, defined names, numbers, months, keys."""

import re
from collections.abc import Callable
from datetime import date

from orchestration.catalogue.tables import TABLES, Problems, Tables, values
from orchestration.raw.sources.extracts import EXTRACTS
from orchestration.scorecard.contracts import WORDS as KNOWN
from orchestration.scorecard.explanations.trend_words import REBASED
from orchestration.scorecard.kinds import KINDS, PHASINGS, STATISTICS
from orchestration.scorecard.optional_rules import RULES as JUDGING_RULES
from orchestration.scorecard.units import RATES_PER
from orchestration.yaml_files import nearest

OVER_TIME = ("sum", "mean", "last")  # how the values of several months enter a window
# the words that the code knows: a new one needs code that gives it a meaning
WORDS = {
    ("areas", "kind"): ("whole", "area", "unallocated"),
    ("series", "level"): ("whole", "area"),
    ("series", "unit"): ("count", "money", "share"),
    ("series", "over_time"): OVER_TIME,
    ("series", "extract"): tuple(extract.name for extract in EXTRACTS),
    ("breaks", "kind"): tuple(REBASED),
    ("measures", "part"): ("numerator", "denominator"),
    ("indicators", "kind"): tuple(KINDS),
    ("indicators", "basis"): KNOWN["bases"],
    ("indicators", "direction"): ("higher_is_better", "lower_is_better", "in_range_is_better"),
    ("indicators", "phasing"): (*PHASINGS, "none"),
    ("indicators", "strict"): ("yes",),
    ("indicators", "sign"): KNOWN["signs"],
    ("judging_rules", "rule"): tuple(JUDGING_RULES),
    ("definitions", "unit"): (*RATES_PER, "number"),
    **{("definitions", mark): ("yes", "no") for mark in ("assured", "complete", "timely")},
    ("figures", "statistic"): tuple(STATISTICS),
    ("figures", "basis"): KNOWN["bases"],
    ("figures", "ends"): (
        "latest",
        "quarter_before",
        "year_before",
        "last_march",
        *(f"quarter_{number}" for number in range(1, 5)),
    ),
    ("figures", "against"): ("year_before", "quarter_before", "last_march"),
    ("figures", "sign"): KNOWN["signs"],
}
# where the names in a column are defined
NAMES = {
    ("breaks", "measure"): ("measures", "measure"),
    ("measures", "series"): ("series", "series"),
    ("indicators", "financial_year"): ("cards", "financial_year"),
    ("indicators", "measure"): ("measures", "measure"),
    ("indicators", "compare_measure"): ("measures", "measure"),
    ("figures", "financial_year"): ("cards", "financial_year"),
    ("judging_rules", "financial_year"): ("cards", "financial_year"),
    ("figures", "compare_measure"): ("measures", "measure"),
    ("peer_groups", "peer"): ("peer_organisations", "peer"),
}
KEYS = {
    "areas": ("area",),
    "breaks": ("measure", "from_month"),
    "cards": ("financial_year",),
    "definitions": ("measure", "from_month"),
    "figures": ("financial_year", "line", "name"),
    "glossary": ("abbreviation",),
    "peer_organisations": ("peer",),
    "indicators": ("financial_year", "line", "from_month"),
    "judging_rules": ("financial_year", "line", "rule"),
    "measures": ("measure", "part", "series"),
    "peer_groups": ("peer_group", "peer", "from_month"),
    "series": ("series",),
    "units": ("unit",),
}
# the numbers that a column can hold, of one table or of every one, and why no others
MOST_DECIMALS = 6
RANGES: dict[tuple[str, str], tuple[Callable[[float], bool], str]] = {
    ("", "decimals"): (
        lambda it: 0 <= it <= MOST_DECIMALS,
        f"is not a number of decimals that can be printed: write 0 to {MOST_DECIMALS}",
    ),
    ("indicators", "amber_tolerance"): (
        lambda it: 0 <= it < 1,
        "is not a part of the target: write 0 or more and less than 1, as 0.05",
    ),
    ("indicators", "age_limit"): (
        lambda it: it >= 0,
        "is no number of months: write 0 or more, or leave it empty for what the source may lag and one delivery",
    ),
    ("measures", "weight"): (
        lambda it: 0 < it < 10**7 and it == round(it, 2),
        "is no weight: write a number above 0 with up to 2 decimals, as 0.5; take out the row of a series that does "
        "not count",
    ),
    ("units", "scale"): (lambda it: it > 0, "is no scale: write what a value is multiplied by, as 0.001 for thousands"),
    ("series", "months_covered"): (lambda it: it in (1, 3, 12), "is no cadence: write 1, 3 or 12"),
    ("series", "area_threshold"): (lambda it: it >= 0, "is below 0; leave it empty to suppress nothing"),
    ("series", "whole_threshold"): (lambda it: it >= 0, "is below 0; leave it empty to suppress nothing"),
}
GRAMMAR = {"number": ("number", r"-?[0-9]+(\.[0-9]+)?"), "whole": ("whole number", r"-?[0-9]+")}


def unknown(value: str, known: list[str] | tuple[str, ...], what: str) -> str:
    """The message for an unknown word, with the nearest known one, or all of them."""
    return f"'{value}' is not {what}; {nearest(value, sorted(set(known)))}"


def month(text: str | None) -> date | None:
    """The first day of a month written as 2008-04-01; None for anything else."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if re.fullmatch(r"[0-9]{4}-[0-9]{2}-01", text or "") else None


def _words(tables: Tables) -> Problems:
    for (table, column), known in WORDS.items():
        for line, row in tables[table]:
            if row[column] is not None and row[column] not in known:
                yield table, line, column, unknown(row[column], known, f"a {column} the code knows")


def _cells(tables: Tables) -> Problems:
    for table, columns in TABLES.items():
        for column, (kind, optional) in columns.items():
            name, grammar = GRAMMAR.get(kind, ("", ".*"))
            for line, row in tables[table]:
                cell = row[column]
                if cell is None:
                    if not optional:
                        yield table, line, column, "it is empty, but every row needs it"
                elif kind == "month" and month(cell) is None:
                    yield table, line, column, f"'{cell}' is not the first day of a month, as 2008-04-01"
                elif name and not re.fullmatch(grammar, cell):
                    yield table, line, column, f"'{cell}' is not a {name}"
                elif reason := _outside(table, column, cell):
                    yield table, line, column, f"'{cell}' {reason}"


def _outside(table: str, column: str, cell: str) -> str | None:
    """Why a number is none that its column can hold; None where it is one."""
    allowed, reason = RANGES.get((table, column)) or RANGES.get(("", column)) or (None, "")
    return None if allowed is None or allowed(float(cell)) else reason


def _names(tables: Tables) -> Problems:
    for (table, column), (defining, key) in NAMES.items():
        known = [name for name in values(tables[defining], key) if name]
        for line, row in tables[table]:
            if row[column] is not None and row[column] not in known:
                yield table, line, column, unknown(row[column], known, f"defined in {defining}.csv")


def _keys(tables: Tables) -> Problems:
    for table, key in KEYS.items():
        seen: dict[tuple, int] = {}
        for line, row in tables[table]:
            named = tuple(row[column] for column in key)
            if named in seen:
                yield table, line, key[-1], f"{' '.join(filter(None, named))} stands on line {seen[named]} already"
            seen.setdefault(named, line)


RULES = (_words, _cells, _names, _keys)
