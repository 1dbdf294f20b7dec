"""The gate: a file becomes checked rows whole, or is refused with every problem it has."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from orchestration.deliveries import contracts, formats, refusals
from orchestration.deliveries.extracts import Extract, must_reach
from orchestration.deliveries.refusals import DeliveryRefused

BATCH_BYTES = 64_000_000


@dataclass(frozen=True)
class Source:
    """A file as it was when it was read: these bytes are hashed, and these bytes are parsed."""

    extract: Extract
    month: date
    file: str
    content: bytes
    sha256: str


@dataclass(frozen=True)
class Delivery:
    """The rows of one delivery that passed: the contract's columns, typed, and `file_line`."""

    extract: str
    month: date
    file: str
    sha256: str
    rows: pl.DataFrame


def source(extract: Extract, path: Path, delivery_month: date) -> Source:
    """Read a file once."""
    file = f"{extract.name}/{path.name}"
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DeliveryRefused(refusals.problem(f"the file cannot be read: {error.strerror}", file=file)) from error
    return Source(extract, delivery_month, file, content, hashlib.sha256(content).hexdigest())


def read(extract: Extract, path: Path, delivery_month: date) -> Delivery:
    """The rows of a file, or DeliveryRefused."""
    delivered, problems = check(extract, [source(extract, path, delivery_month)])
    if problems.height:
        raise DeliveryRefused(problems)
    return delivered[0]


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


def check(extract: Extract, sources: list[Source]) -> tuple[list[Delivery], pl.DataFrame]:
    """The deliveries that passed, and the problems of the others. All are checked as one frame."""
    delivered, problems = _check(extract, sources)
    return delivered, refusals.together(problems)


def _check(extract: Extract, sources: list[Source]) -> tuple[list[Delivery], list[pl.DataFrame]]:
    frames, problems = [], []
    for each in sources:
        rows, wrong = formats.read(extract, each.content, Path(each.file).suffix[1:])
        problems += [found.with_columns(pl.lit(each.file).alias("file")) for found in wrong]
        if rows is not None and rows.height:
            frames.append(
                rows.with_columns(
                    pl.lit(each.file).alias("file"),
                    pl.lit(each.month, pl.Date).alias("delivery_month"),
                    pl.lit(must_reach(extract, each.month), pl.Date).alias("must_reach"),
                )
            )
    if not frames:
        return [], problems
    text = pl.concat(frames)
    problems += contracts.problems(contracts.text_contract(extract), text)
    typed = contracts.typed(extract, text)
    problems += contracts.problems(contracts.typed_contract(extract), typed)
    refused = {file for found in problems for file in found["file"].unique()}
    rows = typed.select("file", "file_line", *(column.name for column in extract.columns))
    by_file = rows.partition_by("file", as_dict=True, include_key=False)
    return [
        Delivery(extract.name, each.month, each.file, each.sha256, by_file[(each.file,)])
        for each in sources
        if each.file not in refused
    ], problems
