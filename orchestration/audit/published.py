"""The rows of a published file as those of the plain table that its source declares; of a plain table, as they are."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from orchestration.audit import months
from orchestration.audit.catalogue import normalised
from orchestration.audit.files import Row, heading
from orchestration.audit.sources import Source

OF_A_COLUMN = {"headers", "labels", "ignored_words", "empty", "decimal_comma", "signs"}


def rows(source: Source, delivered: Iterable[Row], january: int) -> Iterable[Row]:
    """The rows with the columns of the table. Labels that share a word, and records, are one row each still.

    `january` is where a year of two begins, as 2008/09: 3 for April.
    """
    is_plain = not source.reading and all(OF_A_COLUMN.isdisjoint(its) for its in source.columns.values())
    return delivered if is_plain else _rows(source, delivered, january)


def _rows(source: Source, delivered: Iterable[Row], january: int) -> Iterator[Row]:
    labels = {name: _words(its.get("labels", {})) for name, its in source.columns.items()}
    ignored = {name: {*map(normalised, its.get("ignored_words", ()))} for name, its in source.columns.items()}
    others = {heading(name) for name in source.reading.get("ignored_columns", ())} | source.columns.keys()
    others |= {heading(name) for its in source.columns.values() for name in its.get("headers", ())}
    figure = source.columns[source.figure] if source.reading.get("month_columns") else {}
    seen: set[tuple[str, ...]] = set()
    for row in delivered:
        record = tuple(row[heading(name)] for name in source.reading.get("same_record", ()))
        if record and all(record) and record in seen:
            continue
        seen.add(record)
        if source.is_set("records"):
            row[source.figure] = "1"
        for name, its in source.columns.items():
            called = next((label for each in its.get("headers", ()) if (label := heading(each)) in row), name)
            if called not in row:
                continue  # a month or figure that stands in the columns of months
            cell: str = row[called] or its.get("empty", "")
            row[name] = _plain(labels[name].get(normalised(cell), cell), its)
        if any(normalised(row.get(name, "")) in words for name, words in ignored.items()):
            continue
        if source.is_set("month_columns"):
            # whatever else has a number in its header
            for label in [label for label in row.keys() - others if re.search("[0-9]", label)]:
                yield {
                    **row,
                    "month": months.written(months.parsed(label, january=january)),
                    source.figure: _plain(row[label] or "", figure),
                }
        elif joined := source.reading.get("month_from"):
            month = " ".join(row[heading(name)] for name in joined)
            yield {**row, "month": months.written(months.parsed(month, january=january))}
        elif dates := source.reading.get("dates"):
            month_number = months.parsed(row["month"], month_first=dates == "m/d/yyyy", january=january)
            yield {**row, "month": months.written(month_number)}
        else:
            yield row


def _plain(cell: str | None, its: Mapping[str, Any]) -> str:
    """A figure without its signs, with a decimal point."""
    cell = cell or ""
    cell = cell.strip(its["signs"] + " ") if "signs" in its else cell
    return cell.replace(",", ".") if its.get("decimal_comma") else cell


def _words(labels: dict[str, list[str]]) -> dict[str, str]:
    return {normalised(label): word for word, its in labels.items() for label in (word, *its)}
