"""The catalogue's own rules: every word in it is one the code knows, every name in it is one it defines."""

import difflib
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from orchestration import settings
from orchestration.display import SIGNS, UNITS
from orchestration.extracts import EXTRACTS
from orchestration.mart import BASES
from orchestration.vocabularies import PEER_MEASURES

TABLES = ("areas", "calendar", "cards", "figures", "indicators", "measures", "peer_groups", "series")

# The kinds an indicator may be of. What each computes is in the model figure_values.
KINDS = (
    "total",
    "monthly_average",
    "percentage",
    "percentage_change",
    "change_in_points",
    "gap",
    "k_of_n",
    "ratio_of_shares",
    "forecast",
)
# What a comment may quote besides.
STATISTICS = (
    *KINDS,
    "change",
    "change_in_monthly_average",
    "margin_of_error",
    "highest_month",
    "lowest_month",
    "required_rate",
    "rank",
    "peer_value",
    "target",
    "target_monthly_average",
)
OF_PEERS = ("rank", "peer_value")
OF_TWO_MEASURES = ("gap", "ratio_of_shares", "margin_of_error")
OF_NO_MEASURE = ("target", "target_monthly_average")

WORDS = {
    ("areas", "kind"): ("force", "borough"),
    ("series", "level"): ("force", "borough"),
    ("series", "unit"): ("count", "pounds"),
    ("series", "carry_forward"): ("true", "false"),
    ("series", "extract"): tuple(extract.name for extract in EXTRACTS),
    ("measures", "part"): ("numerator", "denominator"),
    ("indicators", "kind"): KINDS,
    ("indicators", "basis"): tuple(BASES),
    ("indicators", "direction"): ("higher_is_better", "lower_is_better"),
    ("indicators", "unit"): tuple(UNITS),
    ("indicators", "sign"): tuple(name for name in SIGNS if name),
    ("figures", "statistic"): STATISTICS,
    ("figures", "basis"): tuple(BASES),
    ("figures", "ends"): (
        "latest",
        "quarter_before",
        "year_before",
        "last_march",
        *(f"quarter_{number}" for number in range(1, 5)),
    ),
    ("figures", "against"): ("year_before", "quarter_before", "last_march"),
    ("figures", "unit"): tuple(UNITS),
    ("figures", "sign"): tuple(name for name in SIGNS if name),
}
NAMES = {
    ("measures", "series"): ("series", "series"),
    ("indicators", "financial_year"): ("cards", "financial_year"),
    ("indicators", "measure"): ("measures", "measure"),
    ("indicators", "compare_measure"): ("measures", "measure"),
    ("figures", "financial_year"): ("cards", "financial_year"),
    ("figures", "compare_measure"): ("measures", "measure"),
}
KEYS = {
    "areas": ("area",),
    "calendar": ("month",),
    "cards": ("financial_year",),
    "figures": ("financial_year", "line", "name"),
    "indicators": ("financial_year", "line"),
    "measures": ("measure", "part", "series"),
    "peer_groups": ("peer_group", "force", "from_month"),
    "series": ("series",),
}
# What an indicator with a measure must say; those with a target must also say how they are judged.
ALWAYS = ("kind", "basis", "direction", "unit", "decimals", "latest_text")
WITH_TARGET = ("target_text", "amber_tolerance")
NUMBERS = {"target", "amber_tolerance", "number", "decimals", "position", "weight", "months_covered"}


class CatalogueError(Exception):
    """The catalogue contradicts itself or the code; the message has one line for each problem."""


def check(folder: Path = settings.CATALOGUE) -> None:
    """Raise CatalogueError with every problem of the catalogue's tables, each with its file, line and column."""
    tables = {name: pl.read_csv(folder / f"{name}.csv", infer_schema=False) for name in TABLES}
    problems = [
        f"{table}.csv line {line}, column {column}: {says}"
        for rule in (_words, _names, _numbers, _keys, _calendar, _measures, _indicators, _figures)
        for table, line, column, says in rule(tables)
    ]
    if problems:
        raise CatalogueError("\n".join(problems))


Tables = dict[str, pl.DataFrame]
Problems = Iterator[tuple[str, int, str, str]]


def _rows(table: pl.DataFrame) -> Iterator[tuple[int, dict[str, str | None]]]:
    """The rows with the line each stands on in its file."""
    return enumerate(table.iter_rows(named=True), start=2)


def _unknown(value: str, known: list[str] | tuple[str, ...], what: str) -> str:
    near = difflib.get_close_matches(value, known, n=1)
    return f"'{value}' is not {what}" + (
        f"; did you mean '{near[0]}'?" if near else f"; known are {', '.join(sorted(known))}"
    )


def _words(tables: Tables) -> Problems:
    for (table, column), known in WORDS.items():
        for line, row in _rows(tables[table]):
            if row[column] is not None and row[column] not in known:
                yield table, line, column, _unknown(row[column], known, f"a {column} the code knows")


def _names(tables: Tables) -> Problems:
    for (table, column), (defining, key) in NAMES.items():
        known = tables[defining][key].unique().to_list()
        for line, row in _rows(tables[table]):
            if row[column] is not None and row[column] not in known:
                yield table, line, column, _unknown(row[column], known, f"defined in {defining}.csv")


def _numbers(tables: Tables) -> Problems:
    for table, rows in tables.items():
        for column in NUMBERS.intersection(rows.columns):
            for line, row in _rows(rows):
                if row[column] is not None and pl.Series([row[column]]).cast(pl.Float64, strict=False)[0] is None:
                    yield table, line, column, f"'{row[column]}' is not a number"


def _keys(tables: Tables) -> Problems:
    for table, key in KEYS.items():
        seen: dict[tuple, int] = {}
        for line, row in _rows(tables[table]):
            named = tuple(row[column] for column in key)
            if named in seen:
                yield table, line, key[-1], f"{' '.join(str(part) for part in named)} stands on line {seen[named]} already"
            seen.setdefault(named, line)


def _calendar(tables: Tables) -> Problems:
    months = tables["calendar"]["month"].to_list()
    for line, (before, month) in enumerate(zip(months, months[1:], strict=False), start=3):
        expected = pl.Series([before]).str.to_date().dt.offset_by("1mo").dt.to_string("%Y-%m-%d")[0]
        if month != expected:
            yield "calendar", line, "month", f"'{month}' does not follow {before}: every month has one row, in order"


def _measures(tables: Tables) -> Problems:
    level = dict(tables["series"].select("series", "level").iter_rows())
    first: dict[str, str] = {}
    for line, row in _rows(tables["measures"]):
        of_row = level.get(row["series"])
        if of_row and first.setdefault(row["measure"], of_row) != of_row:
            yield (
                "measures",
                line,
                "series",
                f"{row['series']} is known by {of_row}, the other series of {row['measure']} by {first[row['measure']]}",
            )


def _indicators(tables: Tables) -> Problems:
    for line, row in _rows(tables["indicators"]):
        if row["measure"] is None:
            if not row["not_judged"]:
                yield "indicators", line, "not_judged", "a row without a measure must say why it has no letter"
            continue
        for column in ALWAYS + (WITH_TARGET if row["target"] is not None else ()):
            if row[column] is None:
                yield "indicators", line, column, f"it is empty, but line {row['line']} needs it"
        if row["kind"] in OF_TWO_MEASURES and row["compare_measure"] is None:
            yield "indicators", line, "compare_measure", f"it is empty, but a {row['kind']} is of two measures"


def _figures(tables: Tables) -> Problems:
    lines = set(tables["indicators"].select("financial_year", "line").iter_rows())
    names = set(tables["figures"].select("financial_year", "line", "name").iter_rows())
    measures = tables["measures"]["measure"].unique().to_list()
    groups = tables["peer_groups"]["peer_group"].unique().to_list()
    for line, row in _rows(tables["figures"]):
        of_line = (row["financial_year"], row["line"])
        if of_line not in lines:
            yield "figures", line, "line", f"'{row['line']}' is not a line of the card of {row['financial_year']}"
        if row["name"] in ("latest", "target", "year_before"):
            yield "figures", line, "name", f"every line has a figure '{row['name']}' already; give this one another name"
        known = PEER_MEASURES if row["statistic"] in OF_PEERS else measures
        if row["statistic"] in OF_NO_MEASURE:
            pass
        elif row["measure"] not in known:
            where = "of the peers" if row["statistic"] in OF_PEERS else "defined in measures.csv"
            yield "figures", line, "measure", _unknown(row["measure"] or "", known, where)
        if row["statistic"] == "rank" and row["peer_group"] not in groups:
            yield "figures", line, "peer_group", _unknown(row["peer_group"] or "", groups, "defined in peer_groups.csv")
        if row["statistic"] in OF_TWO_MEASURES and row["compare_measure"] is None:
            yield "figures", line, "compare_measure", f"it is empty, but a {row['statistic']} is of two measures"
        if row["minus"] not in (None, "target") and (*of_line, row["minus"]) not in names:
            yield "figures", line, "minus", f"'{row['minus']}' is not a figure of line {row['line']}"
