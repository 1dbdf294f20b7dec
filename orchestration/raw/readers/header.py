"""The names in the first line of a delivery, whatever its format: which column of the contract stands where."""

import re
from collections.abc import Collection
from typing import NamedTuple

import polars as pl

from orchestration.raw.findings import confusables
from orchestration.raw.findings.findings import problem
from orchestration.raw.readers import delimiters
from orchestration.raw.sources.declarations import Extract

LISTED = 8
MOST = 256  # columns with a name; the widest extract has five


class LabelRows(NamedTuple):
    """How many rows of a file a label stood in, and the word that they were counted as."""

    column: str
    label: str
    word: str
    rows: int


class Read(NamedTuple):
    """A delivery as text: its rows with `file_line` (None where there is no reading them) and what is wrong with it.

    `rows_in` counts the rows of the file without looking at the frame: it is what the frame, the rows that a problem
    keeps out of it and those `left_out` because they say nothing must add up to.
    """

    rows: pl.DataFrame | None
    problems: list[pl.DataFrame]
    rows_in: int = 0
    left_out: int = 0
    labels: tuple[LabelRows, ...] = ()


class Columns(NamedTuple):
    """What stands at each place of a header.

    `names` has a name of its own for every place: that of the contract's column, whatever way it is written, or one
    that no contract has. `others` are the places of the latter kind and what the header calls them, nothing for one
    without a name: they are left out if they are empty, which their reader finds out (`left_out`).
    """

    names: list[str]
    others: dict[str, str]
    problems: list[pl.DataFrame]

    @property
    def width(self) -> int:
        """How many cells a row must have: the last place with a name."""
        return max(place for place, name in enumerate(self.names, start=1) if self.others.get(name) != "")

    @property
    def last(self) -> str:
        """The last place with a name."""
        return self.names[self.width - 1]


def rejected(code: str, rule: str, line: int | None = None) -> Read:
    """No rows, for one reason."""
    return Read(None, [problem(code, rule, line)])


def joined(records: list[list[str]]) -> list[str]:
    """The names of a header of several records: what stands one below the other.

    A merged cell stands in its first column only; it reaches to the next that is not empty.
    """
    names = [""] * max(map(len, records), default=0)
    for place, record in enumerate(records, start=1):
        above = ""
        for column in range(len(names)):
            cell = record[column].strip() if column < len(record) else ""
            above = cell or above
            names[column] += f" {cell if place == len(records) else above}"
    return [name.strip() for name in names] if len(records) > 1 else records[0] if records else []


def columns_of(extract: Extract, header: list[str], line: int = 1) -> Columns:
    """Which columns the header names, in any order; the problems are one sentence, or none."""
    expected = [column.name for column in extract.columns]
    meant = [_contract_column(name, expected) for name in header]
    names = [name or f"column {place}" for place, name in enumerate(meant, start=1)]
    others = {names[place]: header[place].strip() for place, name in enumerate(meant) if name is None}
    return Columns(names, others, [problem(*wrong, line) for wrong in _wrong(extract, header, meant)[:1]])


def _wrong(extract: Extract, header: list[str], meant: list[str | None]) -> list[tuple[str, str]]:
    """The code and the sentence for what is wrong with the names; nothing for names that are only too many."""
    expected = [column.name for column in extract.columns]
    named = [name for name in header if name.strip()]
    if len(named) == 1 and (separator := delimiters.other_than_comma(extract, named[0])):
        return [("delimiter", delimiters.save_with_commas(separator))]
    if len(named) > MOST:
        return [("header", f"the header has {len(named):,} columns, as many as no extract has: {_wanted(extract)}")]
    if not set(meant) & set(expected):
        return [("header", f"the first line is no header of this extract: {_wanted(extract)}")]
    unknown = [name for name, column in zip(header, meant, strict=True) if column is None and name.strip()]
    near = {_look_alike(name): name for name in unknown}
    wrong = [f"column {name} stands twice" for name in expected if meant.count(name) > 1]
    missing = [name for name in expected if name not in meant]
    wrong += [f"column {name} is missing{_as_written(near.get(name))}" for name in missing]
    if not wrong:
        return []
    wrong += _none_of_the_extract([name for name in unknown if _look_alike(name) not in missing])
    return [("header", f"{', and '.join(wrong)}: {_wanted(extract)}")]


def left_out(extract: Extract, columns: Columns, filled: Collection[str], line: int = 1) -> list[pl.DataFrame]:
    """One problem that names the columns which the contract does not know and in which something stands; or, where
    there is none, a note that names the empty ones, and one on each that came too early or should have gone.
    """
    known = {delimiters.canonical(name) for name in extract.unread}
    unread = [name for name in columns.others.values() if delimiters.canonical(name) in known]
    columns = columns._replace(others={place: name for place, name in columns.others.items() if name not in unread})
    notes = [
        problem("as_declared", f"left out, as declared: column '{name}', of which this month's delivery has none", line)
        for name in unread
    ]
    if unknown := [name for place, name in columns.others.items() if place in filled]:
        nameless = ["a column without a name has cells in it"] * (not all(unknown))
        wrong = ", and ".join([*_none_of_the_extract([name for name in unknown if name]), *nameless])
        return [problem("header", f"{wrong}: {_wanted(extract)}; take out what is not among them", line)]
    if not columns.others:
        return notes
    named = [f"'{name}'" for name in columns.others.values() if name]
    empty = []
    if number := len(columns.others) - len(named):
        empty.append(f"{number} column{'s' if number > 1 else ''} without a name")
    if named:
        empty.append(f"column{'s' if len(named) > 1 else ''} {' and '.join(named)}")
    verb = "is" if len(columns.others) == 1 else "are"
    return [*notes, problem("empty_columns", f"{' and '.join(empty)} {verb} empty and left out", line)]


def _wanted(extract: Extract) -> str:
    return f"the header must be {', '.join(column.name for column in extract.columns)}"


def _none_of_the_extract(names: list[str]) -> list[str]:
    quoted = [f"'{name}'" for name in dict.fromkeys(names)]
    if len(quoted) > LISTED:
        quoted[LISTED:] = [f"{len(quoted) - LISTED} more"]
    if len(quoted) < 2:
        return [f"column {name} is none of this extract's" for name in quoted]
    return [f"columns {', '.join(quoted[:-1])} and {quoted[-1]} are none of this extract's"]


def _contract_column(name: str, expected: list[str]) -> str | None:
    """The column that a name means beyond doubt: one with a letter that only looks like the right one means none."""
    meant = delimiters.canonical(name)
    plain = confusables.first_confusable(re.sub(r"\s", " ", name)) is None
    return meant if plain and meant in expected else None


def _look_alike(name: str) -> str:
    return re.sub(r"\W+", "_", confusables.plain(name).strip().lower())


def _as_written(name: str | None) -> str:
    if name is None:
        return ""
    strange = confusables.first_confusable(name)
    return f" (it is written '{name}'{f': {strange}' if strange else ''})"
