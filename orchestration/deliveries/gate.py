"""The gate: a row is sound or kept out with every problem it has; a file that cannot be read as rows is refused."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

import polars as pl

from orchestration import months
from orchestration.deliveries import contracts, formats, refusals, wholeness
from orchestration.deliveries.extracts import Extract, must_reach
from orchestration.deliveries.formats.header import Read, refused

BATCH_BYTES = 32_000_000
BATCH_ROWS = 200_000
NO_PROBLEM = pl.DataFrame(schema=refusals.SCHEMA)


@dataclass(frozen=True)
class Source:
    """A file as it was taken: the bytes that were hashed are the bytes that are parsed."""

    extract: Extract
    month: date
    file: str
    content: bytes | Path  # of a large one, where the vault keeps it
    sha256: str

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return len(self.content) if isinstance(self.content, bytes) else self.content.stat().st_size


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
    return _gathered(sources, lambda source: source.size, BATCH_BYTES)


def check(extract: Extract, sources: list[Source]) -> list[Verdict]:
    """A verdict for each source, in their order.

    The text of small ones is judged together, that of a large one in pieces; then the typed rows of all of them.
    """
    problems: list[pl.DataFrame] = []
    rows_in = dict.fromkeys((source.file for source in sources), 0)
    heights = rows_in.copy()

    def texts() -> Iterator[pl.DataFrame]:
        for source in sources:
            for read in _read(source):
                problems.extend(found.with_columns(pl.lit(source.file).alias("file")) for found in read.problems)
                if read.rows is not None:
                    rows_in[source.file] += read.rows_in
                    heights[source.file] += read.rows.height
                    yield _with_origin(read.rows, source, pl.Enum(list(rows_in)))

    judged = []
    for frames in _gathered(texts(), lambda text: text.height, BATCH_ROWS):
        text = pl.concat(frames)
        found = contracts.problems(contracts.text_contract(extract), text)
        judged.append(contracts.typed(extract, text, sound=not found))
        problems += found
    typed = pl.concat(judged) if judged else _nothing(extract)
    problems += contracts.problems(contracts.typed_contract(extract), wholeness.prepared(extract, typed))
    rows = typed.select("file_line", *_names(extract))
    by_file = refusals.together(problems).partition_by("file", as_dict=True)
    verdicts, begin = [], 0
    for source in sources:
        its = rows.slice(begin, heights[source.file])
        begin += its.height
        verdicts.append(_verdict(source, rows_in[source.file], its, by_file.get((source.file,), NO_PROBLEM)))
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


def _read(source: Source) -> Iterator[Read]:
    first, last = months.calendar()[0], months.calendar()[-1]
    if first <= source.month <= last:
        yield from formats.read(source.extract, source.content, Path(source.file).suffix[1:])
        return
    known = f"{months.key(first)} to {months.key(last)}"
    yield refused(
        "beyond_calendar",
        f"there is no month {months.key(source.month)} in the calendar, which runs from {known}: "
        "name the file after the month it was delivered for",
    )


def _with_origin(rows: pl.DataFrame, source: Source, files: pl.Enum) -> pl.DataFrame:
    return rows.with_columns(
        pl.lit(source.file, files).alias("file"),
        pl.lit(source.month, pl.Date).alias("delivery_month"),
        pl.lit(must_reach(source.extract, source.month), pl.Date).alias("must_reach"),
        pl.lit(months.shift(source.month, -source.extract.oldest), pl.Date).alias("may_reach"),
    )


def _names(extract: Extract) -> list[str]:
    return [column.name for column in extract.columns]


def _no_text(extract: Extract) -> pl.DataFrame:
    return pl.DataFrame(schema={"file_line": pl.Int64, **dict.fromkeys(_names(extract), pl.String)})


def _nothing(extract: Extract) -> pl.DataFrame:
    """The typed rows of no delivery at all."""
    origin = {"file": pl.String, "delivery_month": pl.Date, "must_reach": pl.Date, "may_reach": pl.Date}
    text = _no_text(extract).with_columns(pl.lit(None, type).alias(name) for name, type in origin.items())
    return contracts.typed(extract, text, sound=True)


def _verdict(source: Source, rows_in: int, rows: pl.DataFrame, problems: pl.DataFrame) -> Verdict:
    text = _no_text(source.extract)
    if not problems.height:
        return Verdict(source, "sound", rows_in, rows, rows.clear(), problems, _cells(text, problems))
    if refusals.reaching(problems, "file").height:
        return Verdict(source, "refused", None, rows.clear(), rows.clear(), problems, _cells(text, problems))
    unsound = refusals.reaching(problems, "row")["line"].unique()
    doubted = refusals.reaching(problems, "doubt")["line"].unique()
    line = pl.col("file_line")
    kept_out = line.is_in(unsound.implode())
    doubtful = line.is_in(doubted.implode()) & ~kept_out
    if unsound.len() or doubted.len():
        # read again: of the rows that are not kept out the text is not kept either
        parts = [read.rows.filter(kept_out | doubtful).select(text.columns) for read in _read(source)]
        text = pl.concat(parts)
    return Verdict(
        source,
        "held",
        rows_in,
        rows.filter(~kept_out & ~doubtful),
        rows.filter(doubtful),
        problems,
        _cells(text, problems),
    )


def _cells(text: pl.DataFrame, problems: pl.DataFrame) -> pl.DataFrame:
    """The rows as delivered; one that could not be cut into cells stands as the value of its problem."""
    as_json = pl.struct(pl.exclude("file_line")).struct.json_encode()
    whole = text.select(pl.col("file_line").alias("line"), as_json.alias("cells"))
    uncut = refusals.reaching(problems, "row").filter(~pl.col("line").is_in(whole["line"].implode()))
    return pl.concat([whole, uncut.group_by("line").agg(pl.col("value").first().alias("cells"))]).sort("line")
