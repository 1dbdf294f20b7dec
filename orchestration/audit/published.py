"""The rows of a published file as those of the plain table that its source declares; of a plain table, as they are."""

import re
from collections.abc import Iterable, Iterator

from orchestration.audit.catalogue import normalised
from orchestration.audit.files import Row, heading
from orchestration.audit.sources import Source

OF_A_COLUMN = {"headers", "labels", "ignored_words", "empty", "decimal_comma"}


def rows(source: Source, delivered: Iterable[Row]) -> Iterable[Row]:
    """The rows with the columns of the table. Labels that share a word, and records, are one row each still."""
    is_plain = not source.reading and all(OF_A_COLUMN.isdisjoint(its) for its in source.columns.values())
    return delivered if is_plain else _rows(source, delivered)


def _rows(source: Source, delivered: Iterable[Row]) -> Iterator[Row]:
    labels = {name: _words(its.get("labels", {})) for name, its in source.columns.items()}
    with_comma = {name for name, its in source.columns.items() if its.get("decimal_comma")}
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
            cell = row[called] or its.get("empty", "")
            row[name] = labels[name].get(normalised(cell), cell)
            if name in with_comma:
                row[name] = cell.replace(",", ".")
        if any(row.get(name) in its.get("ignored_words", ()) for name, its in source.columns.items()):
            continue
        if source.reading.get("month_columns"):
            for label in [label for label in row if re.fullmatch("[12][0-9]{3}[_-]?[01][0-9]", label)]:
                cell = row[label].replace(",", ".") if source.figure in with_comma else row[label]
                yield {**row, "month": f"{label[:4]}-{label[-2:]}", source.figure: cell}
        else:
            if source.reading.get("dates") == "d/m/yyyy":
                _, month, year = row["month"].split("/")
                row["month"] = f"{year}-{int(month):02}"
            yield {**row, "month": row["month"][:7]} if source.reading.get("dates") else row


def _words(labels: dict[str, list[str]]) -> dict[str, str]:
    return {normalised(label): word for word, its in labels.items() for label in (word, *its)}
