"""The kinds a column can be of: how a cell of each is written, and what it becomes in polars and in DuckDB."""

from typing import NamedTuple

import polars as pl

NUMBERS = ("count", "money", "percent", "measure")
PLACES = ("area", "peer")  # words of the catalogue
WORDS = ("word", *PLACES)


class Kind(NamedTuple):
    """How a cell must look as text (of words and lines, their list is the rule), and the types it becomes."""

    type: pl.DataType
    stored: str
    pattern: str = ""
    message: str = ""

    @property
    def places(self) -> int:
        """How many decimals a number of it may have."""
        return self.type.scale if isinstance(self.type, pl.Decimal) else 0


# ASCII only: \d would let other scripts' digits through. So many digits fit the types and no more.
KINDS = {
    "month": Kind(pl.Date(), "DATE", r"^[12][0-9]{3}-(?:0[1-9]|1[0-2])$", "is not a month written as YYYY-MM"),
    # a few words many times: a row holds the number of its word
    **dict.fromkeys((*WORDS, "line"), Kind(pl.Categorical(), "VARCHAR")),
    "count": Kind(pl.Int64(), "BIGINT", r"^(?:0|[1-9][0-9]{0,17})$", "is not a whole number of 0 or more"),
    "money": Kind(
        pl.Decimal(18, 2),
        "DECIMAL(18,2)",
        r"^(?:0|[1-9][0-9]{0,15})(?:\.[0-9]{1,2})?$",
        "is not an amount of 0 or more with at most 2 decimals",
    ),
    "percent": Kind(
        pl.Decimal(18, 6),
        "DECIMAL(18,6)",
        r"^(?:0|[1-9][0-9]{0,2})(?:\.[0-9]{1,6})?$",
        "is not a percentage with at most 6 decimals",
    ),
    "measure": Kind(
        pl.Decimal(18, 6),
        "DECIMAL(18,6)",
        r"^(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,6})?$",
        "is not a number with at most 6 decimals",
    ),
    "comment": Kind(
        pl.String(),
        "VARCHAR",
        r"^\S(?:[^\t\r\n]*\S)?$",
        "has a blank at its start or end, or a line break in it: take it out",
    ),
}
