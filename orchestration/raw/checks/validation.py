"""Validation: a row is valid or quarantined with all its problems; a file that cannot be read as rows is rejected."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from typing import Any, Literal, TypeVar

import polars as pl

from orchestration import months, years
from orchestration.raw import readers
from orchestration.raw.checks import area_names, completeness, contracts, month_formats, number_formats, old_months
from orchestration.raw.files.intake import Delivery
from orchestration.raw.findings import findings
from orchestration.raw.readers.header import LabelRows, Read, rejected
from orchestration.raw.sources.declarations import Extract, must_reach

BATCH_BYTES = 32_000_000
BATCH_ROWS = 200_000


Status = Literal["valid", "quarantined", "rejected"]
Item = TypeVar("Item")


@dataclass(frozen=True)
class Verdict:
    """What validation finds in one delivery.

    `valid`: every row is within the contract, and the delivery is complete. `quarantined`: there are problems with rows
    or with the whole; `doubtful` are rows that a person may vouch for, `too_old` those with no other problem.
    `rejected`: the file cannot be read as rows. The frames of rows hold `file_line`, the contract's columns, typed, and
    `markers` where the source marks figures as not known.
    """

    delivery: Delivery
    status: Status
    rows_in: int | None  # None where rejected
    rows: pl.DataFrame
    doubtful: pl.DataFrame
    too_old: pl.DataFrame
    problems: pl.DataFrame  # of findings.SCHEMA
    notes: pl.DataFrame  # of the same
    cells: pl.DataFrame  # `line` and, as JSON, the `cells` as delivered, of every row that is not among the rows
    left_out: int  # empty rows, footnotes, months that are not needed
    labels: tuple[LabelRows, ...]  # what its publisher wrote for words

    @property
    def all_rows(self) -> pl.DataFrame:
        """The rows that can be read, plausible or not."""
        others = [frame for frame in (self.doubtful, self.too_old) if frame.height]
        return pl.concat([self.rows, *others]) if others else self.rows


def batches(deliveries: Iterable[Delivery]) -> Iterator[list[Delivery]]:
    """Many small files together, large files alone: few checks, and little memory."""
    return _gathered(deliveries, lambda delivery: len(delivery.content), BATCH_BYTES)


@dataclass
class _Batch:
    """What is found in deliveries that are validated together; rows are counted by file."""

    extract: Extract
    problems: list[pl.DataFrame] = field(default_factory=list)
    rows_in: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    labels: dict[str, tuple[LabelRows, ...]] = field(default_factory=dict)


def check(extract: Extract, deliveries: list[Delivery]) -> list[Verdict]:
    """A verdict for each delivery, in their order; deliveries of one shape are validated together."""
    verdicts = []
    for shape, its in groupby(deliveries, lambda delivery: extract.at(delivery.month)):
        of_shape = [replace(delivery, extract=shape) for delivery in its]
        verdicts += [_with_every_column(extract, verdict) for verdict in _of_one_shape(shape, of_shape)]
    return verdicts


def _with_every_column(extract: Extract, verdict: Verdict) -> Verdict:
    """The verdict with nothing in the columns that deliveries for its month do not have."""
    if verdict.delivery.extract is extract:
        return verdict
    none, names = pl.DataFrame(schema=_types(extract)), ("rows", "doubtful", "too_old")
    return replace(
        verdict,
        **{name: pl.concat([none, getattr(verdict, name)], how="diagonal") for name in names},
    )


def _of_one_shape(extract: Extract, deliveries: list[Delivery]) -> list[Verdict]:
    """The text of small ones is validated together, that of a large one alone; then the typed rows of all of them."""
    batch = _Batch(extract)
    texts = _gathered(_texts(batch, deliveries), lambda text: text.height, BATCH_ROWS)
    typed = [_typed(batch, frames) for frames in texts]
    rows: dict[Any, pl.DataFrame] = {}
    if typed:
        every = _with_zeros(batch, _without_old_months(batch, pl.concat(typed)))
        batch.problems += number_formats.rounded(extract, every)
        batch.problems += contracts.problems(contracts.typed_contract(extract), completeness.prepared(extract, every))
        rows = every.select("file", *_types(extract)).partition_by("file", as_dict=True, include_key=False)
    found = findings.combined(batch.problems).partition_by("file", as_dict=True)
    return [
        _verdict(batch, delivery, rows.get((delivery.file,)), found.get((delivery.file,), findings.NONE))
        for delivery in deliveries
    ]


def _texts(batch: _Batch, deliveries: list[Delivery]) -> Iterator[pl.DataFrame]:
    """The rows as text, file by file."""
    files = pl.Enum([delivery.file for delivery in deliveries])
    for delivery in deliveries:
        read = _read(delivery)
        batch.problems += [found.with_columns(pl.lit(delivery.file).alias("file")) for found in read.problems]
        if read.rows is not None:
            batch.rows_in[delivery.file] = read.rows_in
            batch.left_out[delivery.file] = read.left_out
            batch.labels[delivery.file] = read.labels
            yield _with_origin(read.rows, delivery, files)


def _typed(batch: _Batch, texts: list[pl.DataFrame]) -> pl.DataFrame:
    """The rows once their text is validated; other notations and names are read only where a rule is broken."""
    extract, contract = batch.extract, contracts.text_contract(batch.extract)
    text = pl.concat(texts)
    if contracts.holds(contract, text):
        return contracts.typed(extract, text, valid=True)
    text = pl.concat([_in_contract_format(batch, each) for each in texts])
    text, notes = area_names.in_catalogue_words(extract, text)
    found = contracts.problems(contract, text)
    batch.problems += [*found, *notes]
    return contracts.typed(extract, text, valid=not found)


def _in_contract_format(batch: _Batch, text: pl.DataFrame) -> pl.DataFrame:
    """The text of a file with its months and figures in the format of the contract, where their notation is known."""
    text, of_months = month_formats.as_months(batch.extract, text)
    text, of_numbers = number_formats.as_numbers(batch.extract, text)
    batch.problems += of_months + of_numbers
    return text


def _without_old_months(batch: _Batch, typed: pl.DataFrame) -> pl.DataFrame:
    """The rows of months in the calendar; those before it are left out, whatever is wrong with them."""
    old = typed.select(old_months.before_calendar(batch.extract)).to_series()
    if not old.any():
        return typed
    counts, notes = old_months.left_out(batch.extract, typed.filter(old))
    batch.left_out.update(counts)
    lines = typed.filter(old).select(pl.col("file").cast(pl.String), pl.col("file_line").alias("line"))
    batch.problems = [*(found.join(lines, on=["file", "line"], how="anti") for found in batch.problems), notes]
    return typed.filter(~old)


def _with_zeros(batch: _Batch, typed: pl.DataFrame) -> pl.DataFrame:
    """The rows with those of 0 that stand for what need not be delivered; they count as rows of their file."""
    every = completeness.with_zeros(batch.extract, typed)
    batch.rows_in.update(every[typed.height :]["file"].cast(pl.String).to_list())
    return every


def _gathered(items: Iterable[Item], size: Callable[[Item], int], most: int) -> Iterator[list[Item]]:
    """The items in their order, as many together as are of that size at most; a larger one alone."""
    gathered: list[Item] = []
    together = 0
    for each in items:
        if gathered and together + size(each) > most:
            yield gathered
            gathered, together = [], 0
        gathered.append(each)
        together += size(each)
    if gathered:
        yield gathered


def _read(delivery: Delivery) -> Read:
    first, last = years.calendar()[0], years.calendar()[-1]
    if first <= delivery.month <= last:
        suffix = Path(delivery.file).suffix[1:].lower()
        return readers.read(delivery.extract, delivery.content, suffix, confirmed=delivery.confirmed)
    known = f"{months.key(first)} to {months.key(last)}"
    return rejected(
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


def _verdict(batch: _Batch, delivery: Delivery, rows: pl.DataFrame | None, found: pl.DataFrame) -> Verdict:
    extract, line = batch.extract, pl.col("file_line")
    found = findings.collapse_repeats(found)
    is_note = pl.col("code").is_in(findings.NOTES)
    problems, status = found.filter(~is_note), _status(found.filter(~is_note))
    if rows is None or status == "rejected":
        rows = pl.DataFrame(schema=_types(extract))
    doubtful = too_old = rows.clear()
    text = pl.DataFrame(schema={"file_line": pl.Int64, **dict.fromkeys(_names(extract), pl.String)})
    if status == "quarantined":
        of_rows = findings.with_scope(problems, "row")
        kept_out = line.is_in(of_rows["line"].implode())
        in_doubt = line.is_in(findings.with_scope(problems, "doubt")["line"].implode()) & ~kept_out
        otherwise = of_rows.filter(pl.col("code") != "too_old")["line"]
        too_old = rows.filter(kept_out & ~line.is_in(otherwise.implode()))
        # read again: of the rows that are not kept out the text is not kept either
        if findings.with_scope(problems, "row", "doubt").height and (read := _read(delivery).rows) is not None:
            text = read.filter(kept_out | in_doubt).select(text.columns)
        rows, doubtful = rows.filter(~kept_out & ~in_doubt), rows.filter(in_doubt)
    notes, cells, left_out = found.filter(is_note), _cells(text, problems), batch.left_out[delivery.file]
    rows_in = None if status == "rejected" else batch.rows_in[delivery.file]
    labels = batch.labels.get(delivery.file, ())
    return Verdict(delivery, status, rows_in, rows, doubtful, too_old, problems, notes, cells, left_out, labels)


def _status(problems: pl.DataFrame) -> Status:
    if problems.is_empty():
        return "valid"
    return "rejected" if findings.with_scope(problems, "file").height else "quarantined"


def _types(extract: Extract) -> dict[str, pl.DataType]:
    """The columns of the frames of rows in a verdict."""
    found = {"file_line": pl.Int64()} | {column.name: column.type for column in extract.columns}
    return found | dict.fromkeys([*number_formats.marker_columns(extract), *extract.across], pl.String())


def _cells(text: pl.DataFrame, problems: pl.DataFrame) -> pl.DataFrame:
    """The rows as delivered; one that could not be cut into cells stands as the value of its problem."""
    as_json = pl.struct(pl.exclude("file_line")).struct.json_encode()
    whole = text.select(pl.col("file_line").alias("line"), as_json.alias("cells"))
    uncut = findings.with_scope(problems, "row").filter(~pl.col("line").is_in(whole["line"].implode()))
    return pl.concat([whole, uncut.group_by("line").agg(pl.col("value").first().alias("cells"))]).sort("line")
