"""Validation: a row is valid or quarantined with all its problems; a file that cannot be read as rows is rejected."""

import dataclasses
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
NO_PROBLEM = pl.DataFrame(schema=findings.SCHEMA)


@dataclass(frozen=True)
class Verdict:
    """What validation finds in one delivery. Both frames hold `file_line` and the contract's columns, typed, and of a
    source that marks figures as not known the column `markers`.

    `valid`: every row is within the contract, and the delivery is complete. `quarantined`: something is wrong with some
    rows or with the whole; `doubtful` are the rows that a person may vouch for, `too_old` those in which nothing else
    is wrong. `rejected`: the file cannot be read as rows. Notes change nothing of that.
    """

    delivery: Delivery
    status: Literal["valid", "quarantined", "rejected"]
    rows_in: int | None  # None where refused
    rows: pl.DataFrame
    doubtful: pl.DataFrame
    problems: pl.DataFrame  # of findings.SCHEMA
    cells: pl.DataFrame  # `line` and, as JSON, the `cells` as delivered, of every row that is not among the rows
    left_out: int = 0  # rows that say nothing
    notes: pl.DataFrame = field(default_factory=lambda: NO_PROBLEM)
    too_old: pl.DataFrame | None = None

    @property
    def all_rows(self) -> pl.DataFrame:
        """The rows that can be read, believed or not."""
        doubtful = [self.doubtful, self.too_old] if self.too_old is not None else [self.doubtful]
        return pl.concat([self.rows, *doubtful]) if any(rows.height for rows in doubtful) else self.rows


def batches(deliveries: Iterable[Delivery]) -> Iterator[list[Delivery]]:
    """Many small files together, large files alone: few checks, and no more in memory than need be."""
    return _gathered(deliveries, lambda delivery: delivery.size, BATCH_BYTES)


def check(extract: Extract, deliveries: list[Delivery]) -> list[Verdict]:
    """A verdict for each delivery, in their order.

    The text of small ones is judged together, that of a large one in pieces; then the typed rows of all of them.
    """
    problems: list[pl.DataFrame] = []
    by_name = {delivery.file: delivery for delivery in deliveries}
    rows_in = dict.fromkeys(by_name, 0)
    heights, left_out = rows_in.copy(), rows_in.copy()

    def texts() -> Iterator[pl.DataFrame]:
        for delivery in deliveries:
            for read in _read(delivery):
                problems.extend(found.with_columns(pl.lit(delivery.file).alias("file")) for found in read.problems)
                if read.rows is not None:
                    rows_in[delivery.file] += read.rows_in
                    heights[delivery.file] += read.rows.height
                    left_out[delivery.file] += read.left_out
                    yield _with_origin(read.rows, delivery, pl.Enum(list(rows_in)))

    readings: dict[str, dict[str, month_formats.Reading]] = {}

    def plain(text: pl.DataFrame) -> pl.DataFrame:
        """The cells of a piece as the contract wants them, wherever they are written in another way that is known."""
        file = text["file"].first()
        if file not in readings and month_formats.to_be_read(extract, text):
            # whatever the piece, a month is read as the whole file writes them
            readings[file] = month_formats.of_file(extract, (read.rows for read in _read(by_name[file])))
            problems.extend(month_formats.note(file, readings[file]))
        text, of_months = month_formats.applied(text, readings.get(file, {}))
        text, of_numbers = number_formats.applied(extract, text)
        problems.extend(of_months + of_numbers)
        return text

    judged, read_as, contract = [], [], contracts.text_contract(extract)
    for frames in _gathered(texts(), lambda text: text.height, BATCH_ROWS):
        text = pl.concat(frames)
        if not (sound := contracts.holds(contract, text)):
            text, other_names = area_names.in_catalogue_words(extract, pl.concat(map(plain, frames)))
            read_as.append(other_names)
            problems += (found := contracts.problems(contract, text))
            sound = not found
        judged.append(contracts.typed(extract, text, sound=sound))
    problems += area_names.notes(read_as)
    typed = pl.concat(judged) if judged else _nothing(extract)
    old = typed.select(old_months.before_calendar(extract)).to_series()
    if old.any():
        counts, notes = old_months.left_out(extract, typed.filter(old))
        for file, count in counts.items():
            heights[file] -= count
            left_out[file] += count
        lines = typed.filter(old).select(pl.col("file").cast(pl.String), pl.col("file_line").alias("line"))
        problems = [*(found.join(lines, on=["file", "line"], how="anti") for found in problems), notes]
        typed = typed.filter(~old)
    problems += contracts.problems(contracts.typed_contract(extract), completeness.prepared(extract, typed))
    rows = typed.select("file_line", *_names(extract), *number_formats.companion(extract))
    by_file = findings.combined(problems).partition_by("file", as_dict=True)
    verdicts, begin = [], 0
    for delivery in deliveries:
        of_delivery = rows.slice(begin, heights[delivery.file])
        begin += of_delivery.height
        found = findings.collapse_repeats(by_file.get((delivery.file,), NO_PROBLEM))
        notes = findings.with_scope(found, "note")
        verdict = _verdict(
            delivery, rows_in[delivery.file], of_delivery, found.filter(~pl.col("code").is_in(notes["code"].implode()))
        )
        verdicts.append(dataclasses.replace(verdict, left_out=left_out[delivery.file], notes=notes))
    return verdicts


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
        *(pl.lit(None, pl.String).alias(name) for name in number_formats.companion(delivery.extract)),
    )


def _names(extract: Extract) -> list[str]:
    return [column.name for column in extract.columns]


def _no_text(extract: Extract) -> pl.DataFrame:
    return pl.DataFrame(schema={"file_line": pl.Int64, **dict.fromkeys(_names(extract), pl.String)})


def _nothing(extract: Extract) -> pl.DataFrame:
    """The typed rows of no delivery at all."""
    origin = {"file": pl.String, "delivery_month": pl.Date, "must_reach": pl.Date, "may_reach": pl.Date}
    origin |= dict.fromkeys(number_formats.companion(extract), pl.String)
    text = _no_text(extract).with_columns(pl.lit(None, type).alias(name) for name, type in origin.items())
    return contracts.typed(extract, text, sound=True)


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
