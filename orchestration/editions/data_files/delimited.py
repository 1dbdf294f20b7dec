"""A table as CSV (RFC 4180, UTF-8): no text that a spreadsheet would run, null distinct from empty text."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf

import polars as pl

from orchestration.raw.findings.spreadsheet_text import neutralised

# How what is missing may be written: as nothing, unless the table has texts that are empty.
MISSING = ("", "NULL", "\\N", "\\NULL")
LINE_END = "\r\n"
# How a moment, in UTC, is written, and how Table Schema names that; infinities as Table Schema spells them.
MOMENT, MOMENT_PATTERN = "%Y-%m-%dT%H:%M:%S%.6fZ", "%Y-%m-%dT%H:%M:%S.%fZ"
INFINITE = {inf: "INF", -inf: "-INF"}


@dataclass(frozen=True)
class Written:
    """The file, how it writes what is missing, and the columns in which it put an apostrophe before a text."""

    content: bytes
    missing: str
    neutralised: frozenset[str]


def of(rows: pl.DataFrame) -> Written:
    """The rows, in order, as a file with a header. Raises StopIteration for texts that leave no word for missing."""
    missing = next(word for word in MISSING if not _has_text(rows, word))
    safe = {name: _safe(rows[name]) for name, kind in rows.schema.items() if kind == pl.String}
    changed = {name: column for name, column in safe.items() if column is not None}
    shown = rows.with_columns(
        *changed.values(),
        *(pl.col(name).dt.strftime(MOMENT) for name, kind in rows.schema.items() if isinstance(kind, pl.Datetime)),
        *(
            pl.col(name).replace_strict(INFINITE, default=pl.col(name).cast(pl.String), return_dtype=pl.String)
            for name, kind in rows.schema.items()
            if kind.is_float() and rows[name].is_infinite().any()
        ),
    )
    file = io.BytesIO()
    shown.write_csv(file, line_terminator=LINE_END, null_value=missing)
    return Written(file.getvalue(), missing, frozenset(changed))


def of_chart(rows: Sequence[Mapping]) -> str:
    """The numbers of a chart in the same form: some dozens of rows, for which a table costs more than the file."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator=LINE_END)
    writer.writerow(rows[0])
    writer.writerows(map(_cell, row.values()) for row in rows)
    return file.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return str(value).lower()
    return neutralised(value) if isinstance(value, str) else value


def _has_text(rows: pl.DataFrame, word: str) -> bool:
    return any((rows[name] == word).any() for name, kind in rows.schema.items() if kind == pl.String)


def _safe(texts: pl.Series) -> pl.Series | None:
    """The texts with none that a spreadsheet would run; None where there was none."""
    formulas = {text: safe for text in texts.unique() if (safe := neutralised(text)) != text}
    return texts.replace(formulas) if formulas else None
