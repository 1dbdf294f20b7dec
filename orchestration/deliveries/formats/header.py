"""The names in the first line of a delivery, whatever its format."""

import re

import polars as pl

from orchestration.deliveries.extracts import Extract
from orchestration.deliveries.refusals import problem

# the rows as text with `file_line`, or None where there is no reading them; and what is wrong with the file itself
Read = tuple[pl.DataFrame | None, list[pl.DataFrame]]


def refused(rule: str, line: int | None = None) -> Read:
    """No rows, for one reason."""
    return None, [problem(rule, line)]


def header_problems(extract: Extract, header: list[str]) -> list[pl.DataFrame]:
    """What is wrong with the names in the first line; the order is free."""
    expected = [column.name for column in extract.columns]
    if sorted(header) == sorted(expected):
        return []
    wanted = f"the header must be {', '.join(expected)}"
    for sign, name in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if len(header) == 1 and len(expected) > 1 and sign in header[0]:
            return [problem(f"the columns are separated by {name}, not commas", 1)]
    if not set(header) & set(expected):
        return [problem(f"the first line is no header of this extract: {wanted}", 1)]
    wrong = [f"column {name} stands twice" for name in dict.fromkeys(header) if header.count(name) > 1]
    near = {re.sub(r"\W+", "_", name.strip().lower()): name for name in header if name not in expected}
    for name in expected:
        if name not in header:
            written = f" (it is written '{near[name]}')" if name in near else ""
            wrong.append(f"column {name} is missing{written}")
    unknown = [name for name in header if name not in expected and near.get(name.strip().lower()) not in expected]
    wrong += [
        f"column '{name}' is none of this extract's" if name else "a column has no name"
        for name in dict.fromkeys(unknown)
        if re.sub(r"\W+", "_", name.strip().lower()) not in expected
    ]
    return [problem(f"{sentence}: {wanted}", 1) for sentence in wrong]
