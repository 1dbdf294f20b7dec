"""The draft of a source's declaration, from a file of its publisher: what can be seen in it, and doubts as comments."""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise, product
from math import prod
from pathlib import Path
from typing import NamedTuple

from orchestration import months, settings, years
from orchestration.cli.seen_columns import Seen, canonical_differs, listed, number, seen, without_followers
from orchestration.errors import UserError
from orchestration.raw import readers
from orchestration.raw.readers.delimiters import LIKELY, canonical
from orchestration.raw.readers.header import joined
from orchestration.raw.readers.month_notations import month_of
from orchestration.raw.sources import declared_files
from orchestration.raw.sources.declarations import MONTHS_BETWEEN
from orchestration.warehouse import files

SHOWN = 5
IN_MONTH = "it is part of the month"
TITLE_LINES = 40


class NoDraft(UserError):
    """A file of which no draft can be made; the message says why."""


class Layout(NamedTuple):
    """How a file is written, and what stands in it: the names of its header and its rows."""

    reading: dict[str, str]
    names: list[str]
    rows: list[list[str]]


def write(file: Path, name: str) -> tuple[Path, str]:
    """Write the draft of the source that a file is of; returns where, and its first rows as they would be read."""
    path = settings.SOURCES / f"{name or canonical(file.stem)}.yml"
    if path.exists():
        raise NoDraft(f"{path} is there already: give the source another name with NAME=...")
    if file.suffix.lower() != ".csv":
        raise NoDraft(f"{file.name} is no CSV: a draft is made of a CSV; other formats are declared by hand")
    if not file.is_file():
        raise NoDraft(f"There is no file {file}: name a published CSV with FILE=...")
    content = file.read_bytes()
    files.write(path, drafted(content, file.name))
    return path, _first_rows(path, content)


def drafted(content: bytes, file: str) -> str:
    """The declaration as YAML. Raises NoDraft."""
    layout = _layout(content, file)
    reading, rows = dict(layout.reading), layout.rows
    of_months = {name: month for name in layout.names if (month := month_of(name))}
    of_months = of_months if len(of_months) > 1 else {}
    columns = [
        seen(name, [row[place] for row in rows])
        for place, name in enumerate(layout.names)
        if name and name not in of_months
    ]
    if records := any(each.is_record for each in columns):  # what is measured of a record is no figure of the table
        columns = [each.ignored("figures of a record") if each.is_figure else each for each in columns]
    columns = without_followers(columns)
    held = {*of_months.values(), *(month for each in columns for month in each.months)}
    if not held and (parts := _month_in_parts(columns)):
        columns = [each._replace(fields={}, doubt=IN_MONTH) if each in parts else each for each in columns]
        cells = tuple(map(" ".join, zip(*(each.cells for each in parts), strict=True)))
        columns.insert(0, Seen("month", {"kind": "month"}, cells=cells))
        held = columns[0].months
        reading["month_from"] = listed(each.header for each in parts)
    if of_months:
        places = [place for place, name in enumerate(layout.names) if name in of_months]
        columns = [each.ignored("a figure besides those of the months") if each.is_figure else each for each in columns]
        figures = number(row[place] for row in rows for place in places) or {"kind": "count", "most": "1000"}
        columns = [Seen("month", {"kind": "month", "title": "month counted"}), *columns]
        columns.append(Seen("figure", figures, "name it for what it counts"))
        reading["month_columns"] = "true"
    records = records or not any(each.is_figure for each in columns)
    if records:
        columns.append(Seen("records", {"kind": "count", "most": "100000"}, "name it for what a row is one of"))
        reading["records"] = "true"
        reading["same_record"] = listed(each.header for each in columns if each.is_record)
    reading["dates"] = next((each.dates for each in columns if each.dates), "")
    ignored = [each for each in columns if not each.fields]
    nameless = [""] if "" in layout.names else []
    reading["ignored_columns"] = listed(
        [*(each.header for each in ignored if not ((each.is_record and records) or each.doubt == IN_MONTH)), *nameless]
    )
    used = [each for each in columns if each.fields]
    return "\n".join(_lines(file, used, ignored, reading, sorted(held))) + "\n"


def _month_in_parts(columns: list[Seen]) -> list[Seen]:
    """The columns of the year and of the month or quarter in it, where they name a month together."""
    years = [each for each in columns if "year" in each.header.lower()]
    others = [each for each in columns if re.search("month|quarter|period", each.header.lower()) and each not in years]
    for year, other in product(years, others):
        if all(map(month_of, map(" ".join, {*zip(year.cells, other.cells, strict=True)}))):
            return [year, other]
    return []


def _layout(content: bytes, file: str) -> Layout:
    """How the file is written: its encoding, its delimiter, what stands above its rows."""
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    try:
        text = content.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError:
        encoding, text = "windows-1252", content.decode("windows-1252", errors="replace")
    lines = text.splitlines()[:1000]

    def columns(delimiter: str) -> int:
        """How many columns most lines have."""
        counts = Counter(line.count(delimiter) for line in lines if line.strip(delimiter + " "))
        return counts.most_common(1)[0][0] if counts else 0

    delimiter = max(("," + LIKELY), key=columns)
    try:
        reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
        records = [(record, reader.line_num) for record in reader if any(cell.strip() for cell in record)]
    except csv.Error:
        records = []
    filled = [sum(bool(cell.strip()) for cell in record) for record, _ in records]
    usual = Counter(filled).most_common(1)[0][0] if filled else 0
    top = next((place for place, many in enumerate(filled[:TITLE_LINES]) if 2 * many >= usual and many > 1), None)
    if top is None or top + 1 >= len(records) or usual < 2:
        raise NoDraft(f"{file} has no header that can be read: take a CSV with a row of names above its rows")
    header, line = records[top]
    # years in one row, their months in the next
    pairs = {place: joined([records[place][0], records[place + 1][0]]) for place in (top - 1, top) if place >= 0}
    in_two = [place for place, names in pairs.items() if sum(month_of(name) is not None for name in names) > 1]
    if in_two and not any(map(month_of, header)):
        top, (header, line) = in_two[0], records[in_two[0]]
    else:
        in_two = []
    names = [name.strip() for name in (pairs[top] if in_two else header)]
    first = top + 1 + bool(in_two)
    below = [record for record, _ in records[first:] if sum(bool(cell.strip()) for cell in record) > 1]
    title_lines = line - 1 - sum(cell.count("\n") for cell in header)
    return Layout(
        {
            "delimiter": json.dumps(delimiter) if delimiter != "," else "",
            "encoding": encoding if encoding != "utf-8" else "",
            "title_lines": str(title_lines) if title_lines else "",
            "header_lines": "2" if in_two else "",
        },
        names,
        [(record + [""] * len(names))[: len(names)] for record in below],
    )


def _lines(
    file: str, columns: list[Seen], ignored: list[Seen], reading: dict[str, str], held: list[str]
) -> Iterator[str]:
    named = {each.name: each for each in columns}
    yield "# yaml-language-server: $schema=../../source.schema.json"
    yield f"# A draft made of {file}: read every line, take out the comments."
    yield f"title: {json.dumps(file)}  # what it is, in a sentence"
    yield f"cadence: {_cadence(held)}  # monthly, quarterly or yearly"
    first = held[-1] if held else months.key(years.calendar()[0])
    yield f"first: {first}  # the first month that a delivery is due for"
    reach = months.difference(months.parse(held[0]), months.parse(held[-1])) + 1 if held else 12
    yield f"restates: {reach}  # how many months a delivery reaches back"
    yield "columns:"
    for name, each in named.items():
        yield f"  {name}:{f'  # {each.doubt}' if each.doubt else ''}"
        fields = {"title": json.dumps(each.header), **each.fields}
        if canonical_differs(each):
            fields["headers"] = listed([each.header])
        yield from (f"    {field}: {value}" for field, value in fields.items())
    key = [name for name, each in named.items() if not each.is_figure]
    yield f"key: [{', '.join(key)}]"
    within, absent = _whole_within(named, key, of_months="month_columns" in reading)
    yield f"whole_within: [{', '.join(within)}]  # within each of these, every combination of the others has a row"
    if absent:
        reading["absent_is_zero"] = f"true  # {absent:,} combinations have no row: are they 0, or missing?"
    if any(reading.values()):
        yield "reading:"
    yield from (f"  {field}: {value}" for field, value in reading.items() if value)
    yield from (f"  # ignored: {each.header}, {each.doubt}" for each in ignored)
    words = "_".join(f"{{{name}}}" for name in key if named[name].fields["kind"] == "word")
    yield "series:  # a row each in series.csv"
    yield from (f'  "{words}{"_" if words else ""}{name}": {name}' for name in named if name not in key)


def _cadence(held: list[str]) -> str:
    """How often figures come, by the nearest months that the file holds."""
    days = [months.parse(month) for month in held]
    between = min((months.difference(*both) for both in pairwise(days)), default=1)
    return next((name for name, months_between in MONTHS_BETWEEN.items() if between <= months_between), "yearly")


def _whole_within(named: dict[str, Seen], key: list[str], *, of_months: bool) -> tuple[list[str], int]:
    """Within which columns every combination of the others has a row; and how many absent ones must be zeros."""
    kept = [name for name in key if named[name].cells]
    if not kept:
        return ["month"], 0
    rows = set(zip(*(named[name].cells for name in kept), strict=True))
    others = [name for name in kept if name != "month"]
    places = {name: place for place, name in enumerate(kept)}
    months_held = {row[places["month"]] for row in rows} if "month" in places else {""}
    expected = prod(len({row[places[name]] for row in rows}) for name in others) * len(months_held)
    absent = expected - len(rows)
    if not absent or all(named[name].fields["kind"] != "measure" for name in named):
        return ["month"], absent
    return key, 0


def _first_rows(path: Path, content: bytes) -> str:
    """The first rows of the table that the draft makes of the file, or what is wrong with either."""
    try:
        extract = next(each for each in declared_files.read(path.parent) if each.name == path.stem)
    except declared_files.DeclarationError as error:
        return f"To be mended first:\n{error}"
    found = readers.read(extract, content, "csv")
    problems = [text for each in found.problems for text in each["rule"]]
    rows = [] if found.rows is None else [found.rows.columns, *found.rows.head(SHOWN).iter_rows()]
    return "\n".join([*problems, *("  ".join(map(str, row)) for row in rows)])
