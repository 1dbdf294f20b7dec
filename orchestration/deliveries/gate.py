"""The gate: a row is sound or kept out with every problem it has; a file that cannot be read as rows is refused."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import polars as pl

from orchestration import months
from orchestration.deliveries import contracts, formats, refusals
from orchestration.deliveries.extracts import Extract, must_reach
from orchestration.deliveries.formats.header import Read, refused

BATCH_BYTES = 64_000_000


@dataclass(frozen=True)
class Source:
    """A file as it was taken: the bytes that were hashed are the bytes that are parsed."""

    extract: Extract
    month: date
    file: str
    content: bytes
    sha256: str


@dataclass(frozen=True)
class Verdict:
    """What the gate says of one delivery. Both frames hold `file_line` and the contract's columns, typed.

    `sound`: every row is within the contract, and the delivery is whole. `held`: something is wrong with some rows or
    with the whole; `doubtful` are the rows that a person may vouch for. `refused`: the file cannot be read as rows.
    """

    source: Source
    status: Literal["sound", "held", "refused"]
    rows_in: int | None  # None where refused
    rows: pl.DataFrame
    doubtful: pl.DataFrame
    problems: pl.DataFrame  # of refusals.SCHEMA
    cells: pl.DataFrame  # `line` and, as JSON, the `cells` as delivered, of every row that is not among the rows


def batches(sources: Iterable[Source]) -> Iterator[list[Source]]:
    """Many small files together, large files alone: few checks, and no more in memory than need be."""
    batch: list[Source] = []
    size = 0
    for each in sources:
        if batch and size + len(each.content) > BATCH_BYTES:
            yield batch
            batch, size = [], 0
        batch.append(each)
        size += len(each.content)
    if batch:
        yield batch


def check(extract: Extract, sources: list[Source]) -> list[Verdict]:
    """A verdict for each source, in their order. All are checked as one frame."""
    frames, problems, rows_in = [], [], {}
    for each in sources:
        read = _read(extract, each)
        rows_in[each.file] = read.rows_in
        problems += [found.with_columns(pl.lit(each.file).alias("file")) for found in read.problems]
        if read.rows is not None and read.rows.height:
            frames.append(
                read.rows.with_columns(
                    pl.lit(each.file).alias("file"),
                    pl.lit(each.month, pl.Date).alias("delivery_month"),
                    pl.lit(must_reach(extract, each.month), pl.Date).alias("must_reach"),
                )
            )
    names = [column.name for column in extract.columns]
    text = pl.concat(frames) if frames else _nothing(extract)
    problems += contracts.problems(contracts.text_contract(extract), text)
    typed = contracts.typed(extract, text)
    problems += contracts.problems(contracts.typed_contract(extract), typed)
    found = refusals.together(problems).partition_by("file", as_dict=True)
    rows = typed.select("file", "file_line", *names).partition_by("file", as_dict=True, include_key=False)
    cells = text.select("file", "file_line", *names).partition_by("file", as_dict=True, include_key=False)
    none_typed, none_text = typed.select("file_line", *names).clear(), text.select("file_line", *names).clear()
    return [
        _verdict(
            each,
            rows_in[each.file],
            rows.get((each.file,), none_typed),
            cells.get((each.file,), none_text),
            found.get((each.file,), pl.DataFrame(schema=refusals.SCHEMA)),
        )
        for each in sources
    ]


def _read(extract: Extract, source: Source) -> Read:
    first, last = months.calendar()[0], months.calendar()[-1]
    if not first <= source.month <= last:
        known = f"{months.key(first)} to {months.key(last)}"
        return refused(
            "beyond_calendar",
            f"there is no month {months.key(source.month)} in the calendar, which runs from {known}: "
            "name the file after the month it was delivered for",
        )
    return formats.read(extract, source.content, Path(source.file).suffix[1:])


def _nothing(extract: Extract) -> pl.DataFrame:
    """The text of no delivery at all."""
    schema = {"file_line": pl.Int64, **{column.name: pl.String for column in extract.columns}}
    return pl.DataFrame(
        schema=schema | {"file": pl.String, "delivery_month": pl.Date, "must_reach": pl.Date},
    )


def _verdict(
    source: Source, rows_in: int | None, rows: pl.DataFrame, text: pl.DataFrame, problems: pl.DataFrame
) -> Verdict:
    if refusals.reaching(problems, "file").height:
        return Verdict(source, "refused", None, rows.clear(), rows.clear(), problems, _cells(text.clear(), problems))
    unsound = refusals.reaching(problems, "row")["line"].unique()
    doubted = refusals.reaching(problems, "doubt")["line"].unique()
    line = pl.col("file_line")
    kept_out = line.is_in(unsound.implode())
    doubtful = line.is_in(doubted.implode()) & ~kept_out
    return Verdict(
        source,
        "held" if problems.height else "sound",
        rows_in,
        rows.filter(~kept_out & ~doubtful),
        rows.filter(doubtful),
        problems,
        _cells(text.filter(kept_out | doubtful), problems),
    )


def _cells(text: pl.DataFrame, problems: pl.DataFrame) -> pl.DataFrame:
    """The rows as delivered; one that could not be cut into cells stands as the value of its problem."""
    as_json = pl.struct(pl.exclude("file_line")).struct.json_encode()
    whole = text.select(pl.col("file_line").alias("line"), as_json.alias("cells"))
    uncut = refusals.reaching(problems, "row").filter(~pl.col("line").is_in(whole["line"].implode()))
    return pl.concat([whole, uncut.group_by("line").agg(pl.col("value").first().alias("cells"))]).sort("line")
