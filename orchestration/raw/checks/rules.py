"""A rule of a contract: what must hold of every row, and what is said of a row where it does not."""

from collections.abc import Callable, Hashable, Sequence
from typing import NamedTuple

import polars as pl

Message = str | pl.Expr | Callable[[pl.DataFrame, pl.DataFrame], list[str]]

HINTED = 100


class Rule(NamedTuple):
    """What must hold of every row, and what is said of a row: a text, an expression over the failing rows, or what a
    function makes of the whole frame and the failing rows.
    """

    code: str | pl.Expr
    name: str
    column: str | None  # named in the sentence
    passes: pl.Expr
    message: Message
    shows: pl.Expr | None = None  # the value shown


def hinted(rule: str, values: Sequence[Hashable], hint: Callable[[Hashable], str]) -> list[str]:
    """The rule for each value, for the first hundred different ones with a hint: looking for one takes its time."""
    hints: dict[Hashable, str] = {}
    for value in values:
        if len(hints) == HINTED:
            break
        if value not in hints:
            hints[value] = hint(value)
    return [rule + hints.get(value, "") for value in values]


def broken(rule: Rule, rows: pl.DataFrame, failing: pl.DataFrame) -> pl.DataFrame:
    """The failing rows of a rule as problems: file, line, column, value, code, rule."""
    if callable(rule.message):
        message = pl.Series(rule.message(rows, failing), dtype=pl.String)
    else:
        message = pl.lit(rule.message) if isinstance(rule.message, str) else rule.message
    return failing.select(
        pl.col("file").cast(pl.String),
        pl.col("file_line").alias("line"),
        pl.lit(rule.column, pl.String).alias("column"),
        (pl.lit(None) if rule.shows is None else rule.shows).cast(pl.String).alias("value"),
        (pl.lit(rule.code) if isinstance(rule.code, str) else rule.code).alias("code"),
        message.alias("rule"),
    )


def month_text(column: str) -> pl.Expr:
    """A month as it is written in a delivery."""
    return pl.col(column).dt.strftime("%Y-%m")
