"""How a source is declared: an extract, its columns, and when a delivery is due."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import product
from string import Formatter
from typing import Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass
from pydantic.json_schema import SkipJsonSchema

from orchestration import months
from orchestration.raw.sources.columns import OF_PUBLISHED, STRICT, Column, Month, Text, field
from orchestration.raw.sources.kinds import NUMBERS

Cadence = Literal["monthly", "quarterly", "yearly"]
Format = Literal["csv", "parquet", "xlsx"]
HOW_OFTEN: dict[Cadence, str] = {"monthly": "every month", "quarterly": "every quarter", "yearly": "once a year"}
MONTHS_BETWEEN: dict[Cadence, int] = {"monthly": 1, "quarterly": 3, "yearly": 12}
Number = Annotated[int, Field(ge=0)]
# the column of what makes rows of several deliveries one record
ACROSS = "record"


@dataclass(frozen=True, config=STRICT)
class Reading:
    """What makes a published file differ from a plain table."""

    ignored_columns: tuple[str, ...] = field('headers of columns that nobody needs; "" for those without one', ())
    delimiter: Literal[",", ";", "\t", "|"] = field("what stands between two cells", ",")
    encoding: Literal["utf-8", "windows-1252", "utf-16"] = field("how its letters are written as bytes", "utf-8")
    title_lines: Number = field("lines above the header", 0)
    header_lines: int = field(
        "rows of the header: a name is what stands in them one below the other, merged cells in each of their columns",
        1,
        ge=1,
        le=3,
    )
    month_columns: bool = field("each month is a column, its header the month or the quarter that it ends", False)
    month_from: tuple[Text, ...] = field("headers of the columns that make the month together, as [Year, Month]", ())
    dates: Literal["d/m/yyyy", "m/d/yyyy", "yyyy-mm-dd", "quarter"] | None = field(
        "a day stands for its month, written so, or a quarter for its last: 2008/09 Q1 or 2008 Q2",
        None,
    )
    records: bool = field("each row is one record, without a count: the figure is how many there are", False)
    same_record: tuple[Text, ...] = field("headers: rows with the same cells in them, not empty, are one record", ())
    across_deliveries: bool = field(
        "with `same_record`: a delivery adds to those before it, and a record that several have counts once, as the "
        "newest has it",
        False,
    )
    absent_is_zero: bool = field("a combination of words without a row in a month is 0", False)


@dataclass(frozen=True, config=STRICT)
class Extract:
    """The contract of one folder of `raw/`."""

    name: SkipJsonSchema[str]  # that of its file
    title: Text = field("what it is, in a sentence")
    cadence: Cadence = field("how often a delivery is due")
    first: Month = field("the first month that a delivery is due for, as 2008-04")
    columns: tuple[Column, ...] = field("its columns, in the order of a delivery", min_length=1)
    key: tuple[str, ...] = field("the columns that no two rows of a delivery share", min_length=1)
    last: Month | None = field("the last month that a delivery is due for; without it none is", None)
    formats: tuple[Format, ...] = field("the kinds of file it is delivered as", ("csv",), min_length=1)
    file_name: Text = field(
        "the names of its files without their ending: {month} is the month they are delivered for, as 2009-08, and * "
        'is anything: "{month}-*-street"',
        "{month}",
    )
    months_held: int = field("how many months, up to its newest, a delivery must hold", 1, ge=1)
    may_lag: Number = field("months that its newest row may lie behind the delivery month", 0)
    restates: Number = field("months that it may reach back", 12)
    whole_within: tuple[str, ...] = field(
        "within each of these, every combination of the other columns of the key has a row", ("month",)
    )
    rows_independent: bool = field("each row counts by itself: what is wrong with one keeps no other out", False)
    reading: Reading = field("what makes its file differ from a plain table", default_factory=Reading)
    series: Mapping[Text, Text] = field(
        "the series that its rows become: a name, with {column} for the word of a column of its row, and what is "
        "counted: a column, `rows`, or the rows for which `column >= column`; rows that share a name are added up",
        default_factory=dict,
    )
    largest: int = field("bytes a delivery may have", 64_000_000, ge=1)
    earlier_readings: Mapping[Month, Reading] = field(
        "the `reading` of earlier files, by the last month whose delivery was of that shape", default_factory=dict
    )
    renamed_in: bool = field(
        "its sender writes `<file>.part` and renames it: a file without the ending is whole at once", False
    )

    unread: SkipJsonSchema[tuple[str, ...]] = ()  # headers of columns that deliveries for a month should not have

    def __hash__(self) -> int:
        """Of what identifies it; mappings have no hash."""
        return hash((self.name, self.columns, self.key))

    def at(self, month: date) -> "Extract":
        """The contract of a delivery for that month: without the columns that come later or have gone."""
        gone = [each for each in self.columns if not (each.since or month) <= month <= (each.until or month)]
        reading = next((its for last, its in sorted(self.earlier_readings.items()) if month <= last), self.reading)
        if not gone and reading is self.reading:
            return self
        there = {column.name: column for column in self.columns if column not in gone}
        return replace(
            self,
            columns=tuple(replace(it, at_most=it.at_most if it.at_most in there else "") for it in there.values()),
            key=tuple(name for name in self.key if name in there),
            whole_within=tuple(name for name in self.whole_within if name in there),
            reading=reading,
            series={name: counted for name, counted in self.series.items() if needed(name, counted) <= there.keys()},
            unread=tuple(name for column in gone for name in (column.name, *column.headers)),
        )

    @property
    def across(self) -> list[str]:
        """The column ACROSS, if its records are counted across deliveries; else nothing."""
        return [ACROSS] if self.reading.across_deliveries else []

    @property
    def published(self) -> bool:
        """Whether its file is read as its publisher publishes it, and is no plain table."""
        return self.reading != Reading() or any(getattr(it, field) for it in self.columns for field in OF_PUBLISHED)

    @property
    def at_most(self) -> tuple[tuple[str, str], ...]:
        """The part and the whole of each pair of columns of which one may not exceed the other."""
        return tuple((column.name, column.at_most) for column in self.columns if column.at_most)

    @property
    def oldest(self) -> int:
        """How many months before its delivery month the oldest row may lie."""
        return max(self.restates, self.may_lag + self.months_held - 1)

    @property
    def figures(self) -> list[Column]:
        """The columns that hold figures."""
        return [column for column in self.columns if column.kind in NUMBERS]

    @property
    def period(self) -> str:
        """The column of the month, or last month of the period, that a row is of; the comments have none: ""."""
        return next((column.name for column in self.columns if column.name in ("month", "to_month")), "")

    @property
    def dated(self) -> bool:
        """Whether each row counts one month (the comments and the peers' figures do not)."""
        return any(column.name == "month" for column in self.columns)

    def series_names(self) -> Iterator[tuple[str, str]]:
        """The names of the series that its rows become, by combination of words, each with what is counted."""
        for pattern, counted in self.series.items():
            named = [column for column in self.columns if f"{{{column.name}}}" in pattern]
            for words in product(*(column.all_words for column in named)):
                yield pattern.format_map(dict(zip((column.name for column in named), words, strict=True))), counted

    def column(self, name: str) -> Column:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)


def needed(series: str, counted: str) -> set[str]:
    """The columns that a series is made of: those that its name has braces for, and those that are counted."""
    named = {name for _, name, *_ in Formatter().parse(series) if name}
    return named | {*counted.split(" >= ")} - {"rows"}


def due(extract: Extract, month: date) -> bool:
    """Whether the source system owes a delivery for that month."""
    return extract.first <= month <= (extract.last or month) and _after_due(extract, month) == 0


def must_reach(extract: Extract, month: date) -> date:
    """The month that the newest row of a delivery for that month may not lie before.

    A delivery between two that are due is a late or corrected one, and reaches as far as the one before it.
    """
    late = _after_due(extract, month)
    return months.shift(month, -late - extract.may_lag)


def _after_due(extract: Extract, month: date) -> int:
    return (month.month - extract.first.month) % MONTHS_BETWEEN[extract.cadence]
