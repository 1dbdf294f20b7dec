"""The rows of a published file as those of the plain table that its source declares; of a plain table, as they are."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from orchestration.audit import months
from orchestration.audit.catalogue import normalised
from orchestration.audit.files import Row, heading
from orchestration.audit.sources import Source, has

RECORD = " record"  # of a row, what makes it the same record as another; no header begins with a blank
OF_A_COLUMN = {"headers", "labels", "ignored_words", "empty", "decimal_comma", "signs"}


def rows(source: Source, delivered: Iterable[Row], january: int) -> Iterable[Row]:
    """The rows with the columns of the table. Labels that share a word, and records, are one row each still.

    `january` is where a year of two begins, as 2008/09: 3 for April.
    """
    is_plain = not source.reading and all(OF_A_COLUMN.isdisjoint(its) for its in source.columns.values())
    return delivered if is_plain else _rows(source, delivered, january)


def _rows(source: Source, delivered: Iterable[Row], january: int) -> Iterator[Row]:
    labels = {name: _labels(its["labels"]) for name, its in source.columns.items() if "labels" in its}
    ignored = {name: {*map(normalised, its.get("ignored_words", ()))} for name, its in source.columns.items()}
    seen: set[tuple[str, ...]] = set()
    for row in delivered:
        record = tuple(row[heading(name)] for name in source.reading.get("same_record", ()))
        if record and all(record) and record in seen:
            continue
        seen.add(record)
        row[RECORD] = record if record and all(record) else None
        if source.is_set("records"):
            row[source.figure] = "1"
        for name, its in source.columns.items():
            called = next((label for each in its.get("headers", ()) if (label := heading(each)) in row), name)
            if called in row:  # and is no month or figure that stands in the columns of months
                row[name] = _plain(row[called] or its.get("empty", ""), its)
        for of_month in _by_month(source, row, january):
            month = months.parsed(of_month["month"]) if labels and "month" in of_month else 0
            its_row = of_month | {name: _word(of_month[name], month, its) for name, its in labels.items()}
            if not any(normalised(its_row.get(name, "")) in words for name, words in ignored.items()):
                yield its_row


def _by_month(source: Source, row: Row, january: int) -> Iterator[Row]:
    """A row for each month that has a column, or the row with its month."""
    if source.is_set("month_columns"):
        others = {heading(name) for name in source.reading.get("ignored_columns", ())} | source.columns.keys()
        others |= {heading(name) for its in source.columns.values() for name in its.get("headers", ())} | {RECORD}
        figure = source.columns[source.figure]
        # whatever else has a number in its header
        for label in [label for label in row.keys() - others if re.search("[0-9]", label)]:
            month = months.written(months.parsed(label, january=january))
            yield {**row, "month": month, source.figure: _plain(row[label] or "", figure)}
    elif joined := source.reading.get("month_from"):
        month = " ".join(row[heading(name)] for name in joined)
        yield {**row, "month": months.written(months.parsed(month, january=january))}
    elif dates := source.reading.get("dates"):
        month_number = months.parsed(row["month"], month_first=dates == "m/d/yyyy", january=january)
        yield {**row, "month": months.written(month_number)}
    else:
        yield row


def _labels(declared: Mapping[str, list[Any]]) -> dict[str, list[tuple[Any, str]]]:
    """By what may be written, the labels that it is, each with its word; or a word itself that is spelt as no label."""
    found: dict[str, list[tuple[Any, str]]] = {}
    for word, its in declared.items():
        for label in its:
            written = label if isinstance(label, str) else label["label"]
            found.setdefault(normalised(written), []).append((label, word))
    return {normalised(word): [(word, word)] for word in declared} | found


def _word(cell: str, month: int, labels: Mapping[str, list[tuple[Any, str]]]) -> str:
    """The word that a cell means in the month of its row; the cell where it is no label."""
    return next((word for label, word in labels.get(normalised(cell), ()) if has(label, month)), cell)


def _plain(cell: str | None, its: Mapping[str, Any]) -> str:
    """A figure without its signs, with a decimal point."""
    cell = cell or ""
    cell = cell.strip(its["signs"] + " ") if "signs" in its else cell
    return cell.replace(",", ".") if its.get("decimal_comma") else cell
