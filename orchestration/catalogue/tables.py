"""The tables of the catalogue: their columns, what a cell of each may hold, and reading them with line numbers."""

import csv
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, Literal, NamedTuple

# The columns of each table. A cell holds text unless its kind stands behind the colon; `?` where it may be empty.
DECLARED = {
    "areas": "area kind region? suppressed_with?",
    "area_names": "name area from_month:month? to_month:month?",
    "breaks": "measure from_month:month kind baseline_to:month? reason",
    "cards": "financial_year title subtitle rolling_year_period year_to_date_period quarter_period key",
    "definitions": "measure from_month:month? name numerator denominator? unit? source why_it_matters caveats? "
    "owner checked_by reviewed:month review_due:month assured? complete? timely?",
    "figures": "financial_year line name statistic measure? compare_measure? basis? ends? against? peer_group? "
    "number:number? less? from_month:month? to_month:month? unit sign? decimals:whole?",
    "glossary": "abbreviation meaning",
    "peer_organisations": "peer",
    "indicators": "financial_year position:whole line from_month:month? section title codes? measure? "
    "compare_measure? kind? basis? direction? target:number? target_to:number? phasing? target_text? strict? "
    "amber_tolerance:number? judged_from:month? age_limit:whole? not_judged? unit? sign? decimals:whole? "
    "latest_text? decided_by? reason?",
    "measures": "measure part series weight:number component?",
    "judging_rules": "financial_year line rule from_month:month reason",
    "peer_groups": "peer_group peer from_month:month? to_month:month?",
    "series": "series extract level unit counts months_covered:whole over_time area_threshold:whole? "
    "whole_threshold:whole?",
    "units": "unit of scale:number before? behind? axis?",
}
# the tables that a catalogue may lack
MAY_BE_MISSING = ("units",)
# the columns that a table may lack, as if they were empty
MAY_LACK = {
    "areas": {"region"},
    "indicators": {"from_month", "target_to", "phasing", "strict", "age_limit", "decided_by", "reason"},
}


class Cell(NamedTuple):
    """What a cell of a column holds: text, a number, a whole number, or the first day of a month."""

    kind: Literal["", "number", "whole", "month"]
    optional: bool


def _columns(declared: str) -> dict[str, Cell]:
    cells: Iterator[Any] = (
        (*column.removesuffix("?").partition(":"), column.endswith("?")) for column in declared.split()
    )
    return {name: Cell(kind, optional) for name, _, kind, optional in cells}


TABLES = {table: _columns(declared) for table, declared in DECLARED.items()}

Row = dict[str, Any]  # cells are text, or None where they are empty
Rows = list[tuple[int, Row]]  # each with the line it stands on in its file
Tables = dict[str, Rows]
Problems = Iterator[tuple[str, int, str, str]]  # table, line, column, what is wrong


def read(folder: Path) -> tuple[Tables, list[str]]:
    """Every table, empty cells as None; and a sentence for each missing table and each line that does not fit."""
    tables: Tables = {}
    problems: list[str] = []
    for table, columns in TABLES.items():
        path = folder / f"{table}.csv"
        if not path.is_file() and table in MAY_BE_MISSING:
            tables[table] = []
            continue
        if not path.is_file():
            problems.append(f"{path.name} is missing: the catalogue needs it")
            continue
        try:
            text = path.read_bytes().decode("utf-8-sig")
            tables[table], wrong = _rows(text, columns, MAY_LACK.get(table, set()))
        except (UnicodeDecodeError, csv.Error) as error:
            wrong = [f": it is not text in UTF-8 as a spreadsheet saves it ({error})"]
        problems += [f"{path.name}{problem}" for problem in wrong]
    return tables, problems


def _rows(text: str, columns: Collection[str], may_lack: Collection[str] = ()) -> tuple[Rows, list[str]]:
    """The rows of a table's text, and what is wrong with its lines."""
    if "\0" in text:
        raise csv.Error("it has a NUL character")
    reader = csv.reader(text.splitlines(keepends=True))
    header = next(reader, [])
    lacking = {column for column in may_lack if column not in header}
    if sorted([*header, *lacking]) != sorted(columns):
        why = "; they are separated by semicolons: save it with commas" if ";" in "".join(header[:1]) else ""
        optional = f" ({', '.join(it for it in columns if it in may_lack)} may be left out)" if may_lack else ""
        return [], [f" line 1: the columns must be {', '.join(columns)}{optional}{why}"]
    rows: Rows = []
    wrong = []
    for cells in reader:
        if len(cells) == len(header):
            row = {column: cell or None for column, cell in zip(header, cells, strict=True)}
            rows.append((reader.line_num, row | dict.fromkeys(lacking)))
        else:
            wrong.append(
                f" line {reader.line_num}: it has {len(cells)} cells, not {len(header)}; "
                "a comma inside a text needs the text in quotes"
            )
    return rows, wrong


def values(rows: Rows, *columns: str) -> list:
    """The values of a column, or tuples of several, in order."""
    if len(columns) == 1:
        return [row[columns[0]] for _, row in rows]
    return [tuple(row[column] for column in columns) for _, row in rows]
