"""Validation: a row is valid or quarantined with all its problems; a file that cannot be read as rows is rejected."""

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import polars as pl

from orchestration import months
from orchestration.raw import readers
from orchestration.raw.checks import area_names, completeness, contracts, month_formats, number_formats, old_months
from orchestration.raw.files.intake import Delivery
from orchestration.raw.findings import findings
from orchestration.raw.readers.header import Read, rejected
from orchestration.raw.sources.declarations import Extract, must_reach

BATCH_BYTES = 32_000_000
BATCH_ROWS = 200_000


@dataclass(frozen=True)
class Verdict:
    """What validation finds in one delivery.

    `valid`: every row is within the contract, and the delivery is complete. `quarantined`: there are problems with rows
    or with the whole; `doubtful` are rows that a person may vouch for, `too_old` those with no other problem.
    `rejected`: the file cannot be read as rows. The frames of rows hold `file_line`, the contract's columns, typed, and
    `markers` where the source marks figures as not known.
    """

    delivery: Delivery
    status: Literal["valid", "quarantined", "rejected"]
    rows_in: int | None  # None where rejected
    rows: pl.DataFrame
    doubtful: pl.DataFrame
    problems: pl.DataFrame  # of findings.SCHEMA
    cells: pl.DataFrame  # `line` and, as JSON, the `cells` as delivered, of every row that is not among the rows
    left_out: int = 0  # empty rows, footnotes, months that are not needed
    notes: pl.DataFrame = field(default_factory=lambda: findings.NONE)
    too_old: pl.DataFrame | None = None

    @property
    def all_rows(self) -> pl.DataFrame:
        """The rows that can be read, plausible or not."""
        doubtful = [self.doubtful, self.too_old] if self.too_old is not None else [self.doubtful]
        return pl.concat([self.rows, *doubtful]) if any(rows.height for rows in doubtful) else self.rows


def batches(deliveries: Iterable[Delivery]) -> Iterator[list[Delivery]]:
    """Many small files together, large files alone: few checks, and little memory."""
    return _gathered(deliveries, lambda delivery: delivery.size, BATCH_BYTES)


@dataclass
class _Batch:
    """Deliveries that are validated together, with what is found; rows are counted by file."""

    extract: Extract
    deliveries: list[Delivery]
    problems: list[pl.DataFrame] = field(default_factory=list)
    rows_in: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    months: dict[str, dict[str, month_formats.Reading]] = field(default_factory=dict)  # by file and column


def check(extract: Extract, deliveries: list[Delivery]) -> list[Verdict]:
    """A verdict for each delivery, in their order.

    The text of small ones is validated together, that of a large one in pieces; then the typed rows of all of them.
    """
    batch = _Batch(extract, deliveries)
    typed = _without_old_months(batch, _typed_rows(batch))
    batch.problems += contracts.problems(contracts.typed_contract(extract), completeness.prepared(extract, typed))
    rows = typed.select("file_line", *_names(extract), *number_formats.marker_columns(extract))
    by_file = findings.combined(batch.problems).partition_by("file", as_dict=True)
    verdicts, begin = [], 0
    for delivery in deliveries:
        of_delivery = rows.slice(begin, batch.kept[delivery.file])
        begin += of_delivery.height
        found = findings.collapse_repeats(by_file.get((delivery.file,), findings.NONE))
        notes = findings.with_scope(found, "note")
        problems = found.filter(~pl.col("code").is_in(notes["code"].implode()))
        verdict = _verdict(delivery, batch.rows_in[delivery.file], of_delivery, problems)
        verdicts.append(dataclasses.replace(verdict, left_out=batch.left_out[delivery.file], notes=notes))
    return verdicts


def _texts(batch: _Batch) -> Iterator[pl.DataFrame]:
    """The rows as text, file by file, large files in pieces."""
    files = pl.Enum([delivery.file for delivery in batch.deliveries])
    for delivery in batch.deliveries:
        for read in _read(delivery):
            batch.problems += [found.with_columns(pl.lit(delivery.file).alias("file")) for found in read.problems]
            if read.rows is not None:
                batch.rows_in[delivery.file] += read.rows_in
                batch.kept[delivery.file] += read.rows.height
                batch.left_out[delivery.file] += read.left_out
                yield _with_origin(read.rows, delivery, files)


def _typed_rows(batch: _Batch) -> pl.DataFrame:
    """The rows once their text is validated; other notations and names are read only where a rule is broken."""
    extract, contract = batch.extract, contracts.text_contract(batch.extract)
    typed, other_names = [], []
    for frames in _gathered(_texts(batch), lambda text: text.height, BATCH_ROWS):
        text = pl.concat(frames)
        if not (valid := contracts.holds(contract, text)):
            text = pl.concat([_in_contract_format(batch, frame) for frame in frames])
            text, renamed = area_names.in_catalogue_words(extract, text)
            other_names.append(renamed)
            batch.problems += (found := contracts.problems(contract, text))
            valid = not found
        typed.append(contracts.typed(extract, text, valid=valid))
    batch.problems += area_names.notes(other_names)
    return pl.concat(typed) if typed else _nothing(extract)


def _in_contract_format(batch: _Batch, text: pl.DataFrame) -> pl.DataFrame:
    """The text of a piece with its months and figures in the format of the contract, where their notation is known."""
    file = text["file"].first()
    if file not in batch.months and month_formats.needs_reading(batch.extract, text):
        # whatever the piece, a month is read as the whole file writes them
        delivery = next(each for each in batch.deliveries if each.file == file)
        batch.months[file] = month_formats.readings_of_file(batch.extract, (read.rows for read in _read(delivery)))
        batch.problems += month_formats.note(file, batch.months[file])
    text, of_months = month_formats.as_months(text, batch.months.get(file, {}))
    text, of_numbers = number_formats.as_numbers(batch.extract, text)
    batch.problems += of_months + of_numbers
    return text


def _without_old_months(batch: _Batch, typed: pl.DataFrame) -> pl.DataFrame:
    """The rows of months in the calendar; those before it are left out, whatever is wrong with them."""
    old = typed.select(old_months.before_calendar(batch.extract)).to_series()
    if not old.any():
        return typed
    counts, notes = old_months.left_out(batch.extract, typed.filter(old))
    batch.kept.subtract(counts)
    batch.left_out.update(counts)
    lines = typed.filter(old).select(pl.col("file").cast(pl.String), pl.col("file_line").alias("line"))
    batch.problems = [*(found.join(lines, on=["file", "line"], how="anti") for found in batch.problems), notes]
    return typed.filter(~old)


def _gathered(things: Iterable, size: Callable[[Any], int], most: int) -> Iterator[list]:
    """The things in their order, as many together as are of that size at most; a larger one alone."""
    gathered, together = [], 0
    for each in things:
        if gathered and together + size(each) > most:
            yield gathered
            gathered, together = [], 0
        gathered.append(each)
        together += size(each)
    if gathered:
        yield gathered


def _read(delivery: Delivery) -> Iterator[Read]:
    first, last = months.calendar()[0], months.calendar()[-1]
    if first <= delivery.month <= last:
        suffix = Path(delivery.file).suffix[1:].lower()
        yield from readers.read(delivery.extract, delivery.content, suffix, confirmed=delivery.confirmed)
        return
    known = f"{months.key(first)} to {months.key(last)}"
    yield rejected(
        "beyond_calendar",
        f"there is no month {months.key(delivery.month)} in the calendar, which runs from {known}: "
        "name the file after the month it was delivered for",
    )


def _with_origin(rows: pl.DataFrame, delivery: Delivery, files: pl.Enum) -> pl.DataFrame:
    return rows.with_columns(
        pl.lit(delivery.file, files).alias("file"),
        pl.lit(delivery.month, pl.Date).alias("delivery_month"),
        pl.lit(must_reach(delivery.extract, delivery.month), pl.Date).alias("must_reach"),
        pl.lit(months.shift(delivery.month, -delivery.extract.oldest), pl.Date).alias("may_reach"),
        *(pl.lit(None, pl.String).alias(name) for name in number_formats.marker_columns(delivery.extract)),
    )


def _names(extract: Extract) -> list[str]:
    return [column.name for column in extract.columns]


def _no_text(extract: Extract) -> pl.DataFrame:
    return pl.DataFrame(schema={"file_line": pl.Int64, **dict.fromkeys(_names(extract), pl.String)})


def _nothing(extract: Extract) -> pl.DataFrame:
    """The typed rows of no delivery at all."""
    origin = {"file": pl.String, "delivery_month": pl.Date, "must_reach": pl.Date, "may_reach": pl.Date}
    origin |= dict.fromkeys(number_formats.marker_columns(extract), pl.String)
    text = _no_text(extract).with_columns(pl.lit(None, type).alias(name) for name, type in origin.items())
    return contracts.typed(extract, text, valid=True)


def _verdict(delivery: Delivery, rows_in: int, rows: pl.DataFrame, problems: pl.DataFrame) -> Verdict:
    text = _no_text(delivery.extract)
    if not problems.height:
        return Verdict(delivery, "valid", rows_in, rows, rows.clear(), problems, _cells(text, problems))
    if findings.with_scope(problems, "file").height:
        return Verdict(delivery, "rejected", None, rows.clear(), rows.clear(), problems, _cells(text, problems))
    unsound = findings.with_scope(problems, "row")["line"].unique()
    doubted = findings.with_scope(problems, "doubt")["line"].unique()
    line = pl.col("file_line")
    kept_out = line.is_in(unsound.implode())
    doubtful = line.is_in(doubted.implode()) & ~kept_out
    otherwise = findings.with_scope(problems, "row").filter(pl.col("code") != "too_old")["line"].unique()
    too_old = rows.filter(kept_out & ~line.is_in(otherwise.implode()))
    if unsound.len() or doubted.len():
        # read again: of the rows that are not kept out the text is not kept either
        parts = [read.rows.filter(kept_out | doubtful).select(text.columns) for read in _read(delivery)]
        text = pl.concat(parts)
    return Verdict(
        delivery,
        "quarantined",
        rows_in,
        rows.filter(~kept_out & ~doubtful),
        rows.filter(doubtful),
        problems,
        _cells(text, problems),
        too_old=too_old if too_old.height else None,
    )


def _cells(text: pl.DataFrame, problems: pl.DataFrame) -> pl.DataFrame:
    """The rows as delivered; one that could not be cut into cells stands as the value of its problem."""
    as_json = pl.struct(pl.exclude("file_line")).struct.json_encode()
    whole = text.select(pl.col("file_line").alias("line"), as_json.alias("cells"))
    uncut = findings.with_scope(problems, "row").filter(~pl.col("line").is_in(whole["line"].implode()))
    return pl.concat([whole, uncut.group_by("line").agg(pl.col("value").first().alias("cells"))]).sort("line")
