"""The tables of the catalogue: their columns and what a cell of each may hold, and reading them with line numbers."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# What a cell holds: text, a number, a whole number, or the first day of a month; `?` where it may be empty.
TABLES: dict[str, dict[str, str]] = {
    "areas": {"area": "text", "kind": "text", "hidden_with": "text?"},
    "area_names": {"name": "text", "area": "text", "from_month": "month?", "to_month": "month?"},
    "breaks": {"measure": "text", "from_month": "month", "because": "text"},
    "calendar": {
        "month": "month",
        "month_number": "whole number",
        "financial_year": "text",
        "financial_year_start": "month",
        "month_of_financial_year": "whole number",
        "quarter_of_financial_year": "whole number",
        "quarter_start": "month",
    },
    "cards": {
        "financial_year": "text",
        "title": "text",
        "subtitle": "text",
        "rolling_year_period": "text",
        "year_to_date_period": "text",
        "quarter_period": "text",
        "key": "text",
    },
    "figures": {
        "financial_year": "text",
        "line": "text",
        "name": "text",
        "statistic": "text",
        "measure": "text?",
        "compare_measure": "text?",
        "basis": "text?",
        "ends": "text?",
        "against": "text?",
        "peer_group": "text?",
        "number": "number?",
        "less": "text?",
        "from_month": "month?",
        "to_month": "month?",
        "unit": "text",
        "sign": "text?",
        "decimals": "whole number?",
    },
    "forces": {"force": "text"},
    "indicators": {
        "financial_year": "text",
        "position": "whole number",
        "line": "text",
        "section": "text",
        "title": "text",
        "codes": "text?",
        "measure": "text?",
        "compare_measure": "text?",
        "kind": "text?",
        "basis": "text?",
        "direction": "text?",
        "target": "number?",
        "target_text": "text?",
        "amber_tolerance": "number?",
        "judged_from": "month?",
        "not_judged": "text?",
        "unit": "text?",
        "sign": "text?",
        "decimals": "whole number?",
        "latest_text": "text?",
    },
    "measures": {
        "measure": "text",
        "part": "text",
        "series": "text",
        "weight": "whole number",
        "component": "text?",
    },
    "judging_rules": {
        "financial_year": "text",
        "line": "text",
        "rule": "text",
        "from_month": "month",
        "because": "text",
    },
    "peer_groups": {"peer_group": "text", "force": "text", "from_month": "month?", "to_month": "month?"},
    "series": {
        "series": "text",
        "extract": "text",
        "level": "text",
        "unit": "text",
        "months_covered": "whole number",
        "carry_forward": "text",
        "borough_threshold": "whole number?",
        "force_threshold": "whole number?",
    },
}

Row = dict[str, Any]  # cells are text, or None where they are empty
Rows = list[tuple[int, Row]]  # each with the line it stands on in its file
Tables = dict[str, Rows]
Problems = Iterator[tuple[str, int, str, str]]  # table, line, column, what is wrong


def read(folder: Path) -> tuple[Tables, list[str]]:
    """Every table, empty cells as None; and a sentence for each that is missing, or a line that does not fit."""
    tables: Tables = {}
    problems: list[str] = []
    for table, columns in TABLES.items():
        path = folder / f"{table}.csv"
        if not path.is_file():
            problems.append(f"{path.name} is missing: the catalogue needs it")
            continue
        try:
            text = path.read_bytes().decode("utf-8-sig")
            tables[table], wrong = _rows(text, columns)
        except (UnicodeDecodeError, csv.Error) as error:
            wrong = [f": it is not text in UTF-8 as a spreadsheet saves it ({error})"]
        problems += [f"{path.name}{says}" for says in wrong]
    return tables, problems


def _rows(text: str, columns: dict[str, str]) -> tuple[Rows, list[str]]:
    """The rows of a table's text, and what is wrong with its lines."""
    if "\0" in text:
        raise csv.Error("it has a NUL character")
    reader = csv.reader(text.splitlines(keepends=True))
    header = next(reader, [])
    if sorted(header) != sorted(columns):
        return [], [f" line 1: the columns must be {', '.join(columns)}"]
    rows: Rows = []
    wrong = []
    for cells in reader:
        if len(cells) == len(header):
            row = {column: cell or None for column, cell in zip(header, cells, strict=True)}
            rows.append((reader.line_num, row))
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
