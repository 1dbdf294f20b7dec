"""The names in the first line of a delivery, whatever its format."""

import re
from typing import NamedTuple

import polars as pl

from orchestration.raw import confusables
from orchestration.raw.extracts import Extract
from orchestration.raw.findings import problem


class Read(NamedTuple):
    """A delivery or a piece of one as text: its rows with `file_line` (None where there is no reading them) and what is
    wrong with it.

    `rows_in` counts the rows of the file without looking at the frame: it is what the frame, the rows that a problem
    keeps out of it and those `left_out` because they say nothing must add up to.
    """

    rows: pl.DataFrame | None
    problems: list[pl.DataFrame]
    rows_in: int | None = None
    left_out: int = 0


def rejected(code: str, rule: str, line: int | None = None) -> Read:
    """No rows, for one reason."""
    return Read(None, [problem(code, rule, line)])


def header_problems(extract: Extract, header: list[str]) -> list[pl.DataFrame]:
    """What is wrong with the names in the first line; the order is free."""
    expected = [column.name for column in extract.columns]
    if sorted(header) == sorted(expected):
        return []
    wanted = f"the header must be {', '.join(expected)}"
    for sign, name in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if len(header) == 1 and len(expected) > 1 and sign in header[0]:
            return [
                problem("header", f"the columns are separated by {name}: save the file with commas between them", 1)
            ]
    if not set(header) & set(expected):
        return [problem("header", f"the first line is no header of this extract: {wanted}", 1)]
    wrong = [f"column {name} stands twice" for name in dict.fromkeys(header) if header.count(name) > 1]
    near = {_written(name): name for name in header if name not in expected}
    for name in expected:
        if name not in header:
            wrong.append(f"column {name} is missing{_as_written(near.get(name))}")
    unknown = [name for name in header if name not in expected and _written(name) not in expected]
    wrong += [
        f"column '{name}' is none of this extract's" if name else "a column has no name"
        for name in dict.fromkeys(unknown)
    ]
    return [problem("header", f"{sentence}: {wanted}", 1) for sentence in wrong]


def _written(name: str) -> str:
    """The name that somebody meant who wrote this one."""
    return re.sub(r"\W+", "_", confusables.plain(name).strip().lower())


def _as_written(name: str | None) -> str:
    if name is None:
        return ""
    strange = confusables.first_confusable(name)
    return f" (it is written '{name}'{f': {strange}' if strange else ''})"
