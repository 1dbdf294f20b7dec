"""The sample's deliveries of an extract up to one month, and that month's delivery with other rows."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache

import duckdb
import polars as pl

from orchestration import months
from orchestration.raw.checks import validation
from orchestration.raw.checks.validation import Verdict
from orchestration.raw.comparison import verdicts
from orchestration.raw.files.intake import Delivery
from orchestration.raw.findings import findings
from orchestration.raw.landing import raw_schema, raw_tables
from orchestration.raw.landing.known_months import KnownMonths
from orchestration.raw.sources.declarations import Extract
from orchestration.raw.sources.extracts import BY_NAME
from tests import sample
from tests.deliveries import month

FIGURES = ("count", "money", "percent", "measure")

Row = dict[str, object]


class History:
    """What is known of an extract before its delivery for a month, which the sample holds."""

    def __init__(self, name: str, until: str | None = None, *, known: bool = True):
        self.extract = BY_NAME[name]
        self.deliveries = [each for each in delivered(name) if until is None or each.delivery.month <= month(until)]
        self.month = self.deliveries[-1].delivery.month
        self.figures = [column.name for column in self.extract.columns if column.kind in FIGURES]
        self.landings = [
            raw_tables.Landing(each.delivery.month, "loaded", each.delivery.file, "", each.rows_in, rows=each.rows)
            for each in (self.deliveries[:-1] if known else [])
        ]

    def known(self, last: int | None = None) -> dict[date, list[Row]]:
        """The rows known of each month that the delivery may restate, or of the last so many of them."""
        found: dict[date, list[Row]] = {}
        for landing in self.landings:
            for row in _rows(self.extract, landing.rows):
                if row["month"] in found and found[row["month"]][0] is not landing:
                    del found[row["month"]]
                found.setdefault(row["month"], [landing]).append(row)
        first = months.shift(self.month, -self.extract.oldest)
        held = {each: found[each][1:] for each in sorted(found) if each >= first}
        return dict(list(held.items())[-last:]) if last else held

    def new(self) -> list[Row]:
        """The rows of the delivery itself, without those of months that were known before."""
        known = {row["month"] for landing in self.landings for row in _rows(self.extract, landing.rows)}
        return [row for row in self.rows() if row["month"] not in known]

    def rows(self) -> list[Row]:
        """The rows of the delivery itself."""
        return list(_rows(self.extract, self.deliveries[-1].rows))

    def verdict(self, rows: list[Row]) -> tuple[Verdict, list[str]]:
        """The verdict on a delivery of these rows, and its warnings."""
        file = f"{self.extract.name}/{months.key(self.month)}.csv"
        (found,) = validation.check(self.extract, [Delivery(self.extract, self.month, file, written(rows), "")])
        before = self.landings[-1] if self.landings else None
        known = _known_months(self.extract, self.landings).before(self.month, found.all_rows, before, [])
        verdict, warnings, _ = verdicts.after_comparison(found, before, known)
        counted = verdict.rows.height + verdict.cells.height + verdict.left_out
        assert verdict.rows_in in (None, counted)
        return verdict, findings.sentences(warnings)

    def times(self, rows: list[Row], factor: float, *columns: str) -> list[Row]:
        """The rows with the figures of these columns, or of all, times a factor."""
        return [
            row | {name: _times(row[name], factor) for name in columns or self.figures if name in self.figures}
            for row in rows
        ]


def written(rows: list[Row]) -> bytes:
    """A delivery of these rows."""
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0].keys(), lineterminator="\n")
    writer.writeheader()
    cells = ({name: f"{cell:%Y-%m}" if isinstance(cell, date) else cell for name, cell in row.items()} for row in rows)
    writer.writerows(cells)
    return text.getvalue().encode()


def sentences(verdict: Verdict) -> list[str]:
    """What is wrong with a delivery."""
    return findings.sentences(verdict.problems)


def notes(verdict: Verdict) -> list[str]:
    """What is noted of a delivery."""
    return findings.sentences(verdict.notes)


@cache
def delivered(name: str) -> list[Verdict]:
    """What validation finds in each of the sample's deliveries of an extract."""
    extract = BY_NAME[name]
    paths = sample.deliveries(f"{name}/2*")
    found = [Delivery(extract, month(path.stem), f"{name}/{path.name}", path.read_bytes(), "") for path in paths]
    return validation.check(extract, found)


# by extract and what is loaded of it: loading takes two thirds of the time of a verdict, and many are of the same
_LOADED: dict[tuple, tuple[KnownMonths, list[raw_tables.Landing]]] = {}


def _known_months(extract: Extract, landings: list[raw_tables.Landing]) -> KnownMonths:
    key = (extract.name, *((landing.status, id(landing.rows)) for landing in landings))
    if key not in _LOADED:
        connection = duckdb.connect()
        raw_schema.prepare(connection, extract)
        raw_tables.replace(connection, extract, landings)
        _LOADED[key] = KnownMonths(connection, extract), list(landings)
    return _LOADED[key][0]


def _rows(extract: Extract, rows: pl.DataFrame) -> Iterator[Row]:
    return rows.select(column.name for column in extract.columns).iter_rows(named=True)


def _times(figure: object, factor: float) -> object:
    if isinstance(figure, int):
        return round(figure * factor)
    return round(figure * Decimal(str(factor)), 2 if figure > 1000 else 6)
