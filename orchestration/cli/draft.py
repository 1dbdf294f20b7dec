"""The draft of a source's declaration, from a file of its publisher: what can be seen in it, and doubts as comments."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from orchestration import months, settings, years
from orchestration.errors import UserError
from orchestration.raw import readers
from orchestration.raw.readers.delimiters import canonical
from orchestration.raw.readers.published import DATES, HEADERS
from orchestration.raw.sources import catalogue, declared_files
from orchestration.raw.sources.names import plain
from orchestration.warehouse import files

MANY = 60  # different words: more are no list
SHOWN = 5


class NoDraft(UserError):
    """A file of which no draft can be made; the message says why."""


class Seen(NamedTuple):
    """A column as it stands in the file: the declaration of it, or that it is ignored, and what is in doubt."""

    header: str
    fields: dict[str, str]  # empty where it is ignored
    doubt: str = ""
    dates: str = ""
    is_record: bool = False


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
    try:
        header, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    except UnicodeDecodeError:
        raise NoDraft(f"{file} is not text in UTF-8: save it as CSV in UTF-8, and draft from that") from None
    except (ValueError, csv.Error):
        raise NoDraft(f"{file} has no header that can be read: take a CSV with a row of names above its rows") from None
    written = next((way for way in HEADERS if sum(bool(re.match(HEADERS[way], name)) for name in header) > 1), "")
    of_months = [place for place, name in enumerate(header) if written and re.match(HEADERS[written], name)]
    seen = [
        _seen(name, [row[place] for row in rows if place < len(row)])
        for place, name in enumerate(header)
        if name.strip() and place not in of_months
    ]
    records = any(each.is_record for each in seen)
    if records:  # what is measured of a record is no figure of the table
        seen = [
            each._replace(fields={}, doubt="figures of a record") if "most" in each.fields else each for each in seen
        ]
    columns = [each for each in seen if each.fields]
    if written:
        figures = [row[place] for row in rows for place in of_months if place < len(row)]
        columns = [Seen("month", {"kind": "month", "title": "month counted"}), *columns]
        columns.append(
            Seen("figure", _number(figures) or {"kind": "count", "most": "1000"}, "name it for what it counts")
        )
    records = records or not any("most" in each.fields for each in columns)
    if records:
        columns.append(Seen("records", {"kind": "count", "most": "100000"}, "name it for what a row is one of"))
    reading = {
        "month_columns": written,
        "dates": next((each.dates for each in seen if each.dates), ""),
        "records": "true" if records else "",
        "same_record": _listed(each.header for each in seen if each.is_record and records),
        "ignored_columns": _listed(
            [
                *(each.header for each in seen if not each.fields and not (each.is_record and records)),
                *([""] if any(not name.strip() for name in header) else []),
            ]
        ),
    }
    return (
        "\n".join(_lines(file, columns, [each for each in seen if not each.fields], reading, len(of_months) or 12))
        + "\n"
    )


def _lines(
    file: str, columns: list[Seen], ignored: list[Seen], reading: dict[str, str], restates: int
) -> Iterator[str]:
    named = {_name(each): each for each in columns}
    yield "# yaml-language-server: $schema=../../source.schema.json"
    yield f"# A draft made of {file}: read every line, take out the comments."
    yield f"title: {json.dumps(file)}  # what it is, in a sentence"
    yield "cadence: monthly  # or quarterly, yearly"
    yield f"first: {months.key(years.calendar()[0])}  # the first month that a delivery is due for"
    yield f"restates: {restates}  # how many months a delivery reaches back"
    yield "columns:"
    for name, each in named.items():
        yield f"  {name}:{f'  # {each.doubt}' if each.doubt else ''}"
        fields = {"title": json.dumps(each.header), **each.fields}
        if canonical(each.header) != name:
            fields["headers"] = _listed([each.header])
        yield from (f"    {field}: {value}" for field, value in fields.items())
    key = [name for name, each in named.items() if "most" not in each.fields]
    yield f"key: [{', '.join(key)}]"
    yield "whole_within: [month]  # within a month every combination has a row; else reading: absent_is_zero"
    yield "reading:"
    yield from (f"  {field}: {value}" for field, value in reading.items() if value)
    yield from (f"  # ignored: {each.header}, {each.doubt}" for each in ignored)
    words = "_".join(f"{{{name}}}" for name in key if named[name].fields["kind"] == "word")
    yield "series:  # a row each in series.csv"
    yield from (f'  "{words}_{name}": {name}' for name in named if name not in key)


def _seen(header: str, cells: list[str]) -> Seen:
    """What a column holds, judged by all of its cells."""
    filled = sorted({cell.strip() for cell in cells} - {""})
    has_empty = len(filled) > 0 and any(not cell.strip() for cell in cells)
    if len(filled) < 2 and all(_date(cell) is None for cell in filled):
        return Seen(header, {}, f"it is always '{filled[0]}'" if filled else "it is empty")
    if len(ways := {_date(cell) for cell in filled}) == 1 and (way := ways.pop()) is not None:
        return Seen(header, {"kind": "month"}, dates=way)
    if is_record := len(filled) > MANY and re.search(r"\bid\b", header.lower()) is not None:
        return Seen(header, {}, "it names a record", is_record=is_record)
    if number := _number(filled):
        return Seen(header, number, "some cells are empty: what do they stand for?" if has_empty else "")
    areas = {plain(area) for area in catalogue.places("area")}
    strange = [cell for cell in filled if plain(cell) not in areas]
    if len(strange) * 2 < len(filled):
        return Seen(header, {"kind": "area"}, f"not in areas.csv: {', '.join(strange)}" if strange else "")
    return _of_words(header, filled, has_empty=has_empty)


def _of_words(header: str, filled: list[str], *, has_empty: bool) -> Seen:
    """A column of texts: few are words, many are not needed."""
    if len(filled) > MANY:
        return Seen(header, {}, f"{len(filled):,} different texts")
    words: dict[str, list[str]] = {}
    for cell in filled:
        words.setdefault(re.sub(r"[^a-z0-9]+", "_", cell.lower()).strip("_"), []).append(cell)
    fields = {"kind": "word", "words": _listed(words), "labels": json.dumps(words, ensure_ascii=False)}
    if has_empty:
        fields["empty"] = next(iter(words))
    return Seen(header, fields, "which word does an empty cell stand for?" if has_empty else "")


def _date(cell: str) -> str | None:
    """How a cell writes a month: "" for 2009-08, a way of writing days, or None."""
    ways = {"": HEADERS["YYYY-MM"], **{way: written.replace("?<", "?P<") for way, written in DATES.items()}}
    return next((way for way, written in ways.items() if re.match(written, cell)), None)


def _number(cells: list[str]) -> dict[str, str]:
    """The fields of a column of figures; none if it holds others."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    if filled and all(re.match(r"^[0-9]+$", cell) for cell in filled):
        return {"kind": "count", "most": str(10 * max(1, *map(int, filled)))}
    for comma in (False, True):
        if filled and all(re.match(r"^[0-9]+([,.][0-9]{1,6})?$", cell) and ("," in cell) <= comma for cell in filled):
            most = max(float(cell.replace(",", ".")) for cell in filled)
            return {"kind": "measure", "most": str(int(most * 3) + 1), **({"decimal_comma": "true"} if comma else {})}
    return {}


def _name(seen: Seen) -> str:
    """The name of a column; that of months has one that is given."""
    if seen.fields["kind"] == "month":
        return "month"
    name = re.sub(r"[^a-z0-9]+", "_", seen.header.lower()).strip("_")
    return name if name[:1].isalpha() else f"column_{name}"


def _listed(texts: Iterable[str]) -> str:
    listed = ", ".join(json.dumps(text, ensure_ascii=False) for text in texts)
    return f"[{listed}]" if listed else ""


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
