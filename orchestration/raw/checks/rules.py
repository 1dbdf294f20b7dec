"""A rule of a contract: a condition on every row, and the message about a row that breaks it."""

from collections.abc import Callable, Hashable, Sequence
from datetime import date
from typing import NamedTuple, TypeVar

import polars as pl

from orchestration.raw.findings import confusables
from orchestration.raw.findings.findings import on_rows
from orchestration.raw.sources.columns import Column

Message = str | pl.Expr | Callable[[pl.DataFrame, pl.DataFrame], list[str]]

Value = TypeVar("Value", bound=Hashable)

HINTED = 100


class Rule(NamedTuple):
    """`message` is a text, an expression over the failing rows, or a function of all rows and the failing ones."""

    code: str
    column: str | None  # named in the message; None where it is about the whole row
    passes: pl.Expr
    message: Message
    value: pl.Expr | None = None  # quoted in the message

    @property
    def name(self) -> str:
        """The name of its check in the pandera schema."""
        return f"{self.column or 'rows'} {self.code}"


def hinted(message: str, values: Sequence[Value], hint: Callable[[Value], str]) -> list[str]:
    """The message for each value, with a hint for the first hundred different ones: each takes time to find."""
    hints = {value: hint(value) for value in list(dict.fromkeys(values))[:HINTED]}
    return [message + hints.get(value, "") for value in values]


def broken(rule: Rule, rows: pl.DataFrame, failing: pl.DataFrame) -> pl.DataFrame:
    """The failing rows of a rule as problems: file, line, column, value, code, rule."""
    message = rule.message
    if isinstance(message, str):
        message = pl.lit(message)
    elif not isinstance(message, pl.Expr):
        message = pl.lit(pl.Series(message(rows, failing), dtype=pl.String))
    value, code = pl.lit(None) if rule.value is None else rule.value, pl.lit(rule.code)
    if rule.code == "unknown_word":  # a known one, perhaps, but for a letter that looks like another
        code = pl.when(value.str.contains(confusables.STRANGE)).then(pl.lit("confusable")).otherwise(code)
    column = pl.lit(rule.column)
    return on_rows(failing, file="file", line="file_line", column=column, value=value, code=code, rule=message)


def in_its_months(column: Column, month: pl.Expr) -> pl.Expr:
    """Whether a row is of a month for which deliveries have a column; one whose month cannot be read is."""
    return month.is_between(column.since or date.min, column.until or date.max).fill_null(value=True)


def month_text(column: str) -> pl.Expr:
    """A month as it is written in a delivery."""
    return pl.col(column).dt.strftime("%Y-%m")
