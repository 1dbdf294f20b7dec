"""How a source is declared: an extract, its columns, and when a delivery is due."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import product
from string import Formatter
from typing import Annotated, Any, Literal, NamedTuple

import polars as pl
from pydantic import BeforeValidator, ConfigDict, Field
from pydantic.dataclasses import dataclass
from pydantic.json_schema import SkipJsonSchema

from orchestration import months
from orchestration.raw.sources.kinds import KINDS, NUMBERS, PLACES

Cadence = Literal["monthly", "quarterly", "yearly"]
Kind = Literal["month", "area", "peer", "word", "line", "count", "money", "percent", "measure", "comment"]
Format = Literal["csv", "parquet", "xlsx"]
Meaning = Literal["suppressed", "not available", "zero"]
HOW_OFTEN: dict[Cadence, str] = {"monthly": "every month", "quarterly": "every quarter", "yearly": "once a year"}
Range = tuple[float, float]
MONTHS_BETWEEN: dict[Cadence, int] = {"monthly": 1, "quarterly": 3, "yearly": 12}
Text = Annotated[str, Field(min_length=1)]
Number = Annotated[int, Field(ge=0)]
Month = Annotated[date, BeforeValidator(lambda cell: months.parse(cell) if isinstance(cell, str) else cell, str)]
# fields of a column of a published file
OF_PUBLISHED = ("headers", "labels", "ignored_words", "empty", "decimal_comma", "signs")
# the column of what makes rows of several deliveries one record
ACROSS = "record"
STRICT = ConfigDict(extra="forbid")


class Name(NamedTuple):
    """What may be written for a word; dated where it meant another at other times."""

    name: str
    word: str
    first: date | None = None
    last: date | None = None


def _of(description: str, default: Any = ..., **more: Any) -> Any:
    """A field with the description that editors show."""
    return Field(default, description=description, **more)


@dataclass(frozen=True, config=STRICT)
class DatedLabel:
    """A label that meant its word in some months only."""

    label: Text = _of("what the publisher writes")
    since: Month | None = _of("the first month whose rows mean this word by it, as 2017-04", None)
    until: Month | None = _of("the last such month", None)


Label = Annotated[
    DatedLabel, BeforeValidator(lambda its: {"label": its} if isinstance(its, str) else its, Text | DatedLabel)
]


@dataclass(frozen=True, config=STRICT)
class Column:
    """One column: its kind decides how its text must look and what it becomes."""

    name: SkipJsonSchema[str]  # the key of its mapping
    kind: Kind = _of("what its cells hold")
    title: Text = _of("what it is, for the comment of the column in the database")
    words: tuple[Text, ...] = _of("what may stand in a column of words; an area or peer has those of the catalogue", ())
    optional_words: tuple[Text, ...] = _of("words that may stand there, and may be missing", ())
    most: int | None = _of(
        "more than this is hard to believe: some ten times the largest of many months, so that no column passes that "
        "was delivered in thousandths of its unit",
        None,
    )
    least: int | None = _of("less than this is hard to believe; without `negative` nothing is less than 0", None)
    typical: Range | None = _of(
        "what a figure is on average over the rows of a month or period: some eight times less and more than usual, so "
        "that growth stays within it and another scale does not",
        None,
    )
    typical_of: Mapping[str, Range] = _of("the same for each word of a source by itself", default_factory=dict)
    at_most: str = _of("the column of the same row that it may not exceed", "")
    provisional: str = _of("the word that marks a row that may still change", "")
    markers: Mapping[str, Meaning] = _of(
        'what stands in place of a figure, and what it means: {"*": suppressed, "-": zero} (docs/values.md)',
        default_factory=dict,
    )
    thousands: str = _of('the mark between thousands: "," in "1,204"', "")
    negative: bool = _of("it may be below 0, as a count net of cancelled records; `least` is how far", False)
    brackets: bool = _of('"(12)" is 12 below zero', False)
    headers: tuple[Text, ...] = _of("what the header of its publisher calls it, one or several in turn", ())
    labels: Mapping[str, tuple[Label, ...]] = _of(
        "for a word, what its publisher writes for it, in any case; labels that take turns are added up; "
        "{label: Burglary, until: 2017-03} for one that meant another word at other times",
        default_factory=dict,
    )
    ignored_words: tuple[Text, ...] = _of("words whose rows are left out, with a note", ())
    empty: str = _of("the word that an empty cell stands for", "")
    decimal_comma: bool = _of("a comma stands before the decimals: 0,56", False)
    signs: str = _of('signs before or behind a figure that are no part of it: "%", "£"', "")
    since: Month | None = _of(
        "the first month whose delivery has it, as 2012-09; rows of months before it may have nothing in it", None
    )
    until: Month | None = _of("the last month whose delivery has it; later ones may have it still, unread", None)
    decimals: int | None = _of("how many decimals its figures keep in a series; 2 if not declared", None, ge=0, le=6)
    names: SkipJsonSchema[tuple[Name, ...]] = ()  # what else its words may be called

    def __hash__(self) -> int:
        """Of what identifies it; mappings have no hash."""
        return hash((self.name, self.kind, self.words))

    @property
    def place(self) -> bool:
        """Whether it names places: the sum over all of them is compared from one delivery to the next."""
        return self.kind in PLACES

    @property
    def all_words(self) -> tuple[str, ...]:
        """Its words, the optional ones as well."""
        return (*self.words, *self.optional_words)

    @property
    def dated(self) -> bool:
        """Whether it came or went: it holds nothing in some months, which is no 0."""
        return bool(self.since or self.until)

    @property
    def below_zero(self) -> bool:
        """Whether its figures may be less than 0."""
        return self.negative or self.brackets or self.kind == "measure"

    @property
    def places(self) -> int:
        """How many decimals its figures may have."""
        return max(KINDS[self.kind].places, self.decimals or 0)

    @property
    def type(self) -> pl.DataType:
        """What it becomes in polars."""
        kind = KINDS[self.kind].type
        return pl.Decimal(18, self.places) if isinstance(kind, pl.Decimal) else kind

    @property
    def stored(self) -> str:
        """What it becomes in DuckDB."""
        return KINDS[self.kind].stored.replace(f",{KINDS[self.kind].places})", f",{self.places})")

    @property
    def pattern(self) -> str:
        """How its cells must look; a number may have a sign where it may be below zero."""
        text = KINDS[self.kind].pattern.replace(f"{{1,{KINDS[self.kind].places}}}", f"{{1,{self.places}}}")
        return text.replace("^", "^-?", 1) if self.below_zero else text

    @property
    def complaint(self) -> str:
        """The message about a cell that does not match."""
        text = KINDS[self.kind].message.replace(f"most {KINDS[self.kind].places} ", f"most {self.places} ")
        return text.replace(" of 0 or more", "") if self.below_zero else text


@dataclass(frozen=True, config=STRICT)
class Reading:
    """What makes a published file differ from a plain table."""

    ignored_columns: tuple[str, ...] = _of('headers of columns that nobody needs; "" for those without one', ())
    delimiter: Literal[",", ";", "\t", "|"] = _of("what stands between two cells", ",")
    encoding: Literal["utf-8", "windows-1252", "utf-16"] = _of("how its letters are written as bytes", "utf-8")
    title_lines: Number = _of("lines above the header", 0)
    header_lines: int = _of(
        "rows of the header: a name is what stands in them one below the other, merged cells in each of their columns",
        1,
        ge=1,
        le=3,
    )
    month_columns: bool = _of("each month is a column, its header the month or the quarter that it ends", False)
    month_from: tuple[Text, ...] = _of("headers of the columns that make the month together, as [Year, Month]", ())
    dates: Literal["d/m/yyyy", "m/d/yyyy", "yyyy-mm-dd", "quarter"] | None = _of(
        "a day stands for its month, written so, or a quarter for its last: 2008/09 Q1 or 2008 Q2",
        None,
    )
    records: bool = _of("each row is one record, without a count: the figure is how many there are", False)
    same_record: tuple[Text, ...] = _of("headers: rows with the same cells in them, not empty, are one record", ())
    across_deliveries: bool = _of(
        "with `same_record`: a delivery adds to those before it, and a record that several have counts once, as the "
        "newest has it",
        False,
    )
    absent_is_zero: bool = _of("a combination of words without a row in a month is 0", False)


@dataclass(frozen=True, config=STRICT)
class Extract:
    """The contract of one folder of `raw/`."""

    name: SkipJsonSchema[str]  # that of its file
    title: Text = _of("what it is, in a sentence")
    cadence: Cadence = _of("how often a delivery is due")
    first: Month = _of("the first month that a delivery is due for, as 2008-04")
    columns: tuple[Column, ...] = _of("its columns, in the order of a delivery", min_length=1)
    key: tuple[str, ...] = _of("the columns that no two rows of a delivery share", min_length=1)
    last: Month | None = _of("the last month that a delivery is due for; without it none is", None)
    formats: tuple[Format, ...] = _of("the kinds of file it is delivered as", ("csv",), min_length=1)
    file_name: Text = _of(
        "the names of its files without their ending: {month} is the month they are delivered for, as 2009-08, and * "
        'is anything: "{month}-*-street"',
        "{month}",
    )
    months_held: int = _of("how many months, up to its newest, a delivery must hold", 1, ge=1)
    may_lag: Number = _of("months that its newest row may lie behind the delivery month", 0)
    restates: Number = _of("months that it may reach back", 12)
    whole_within: tuple[str, ...] = _of(
        "within each of these, every combination of the other columns of the key has a row", ("month",)
    )
    rows_independent: bool = _of("each row counts by itself: what is wrong with one keeps no other out", False)
    reading: Reading = _of("what makes its file differ from a plain table", default_factory=Reading)
    series: Mapping[Text, Text] = _of(
        "the series that its rows become: a name, with {column} for the word of a column of its row, and what is "
        "counted: a column, `rows`, or the rows for which `column >= column`; rows that share a name are added up",
        default_factory=dict,
    )
    largest: int = _of("bytes a delivery may have", 64_000_000, ge=1)
    earlier_readings: Mapping[Month, Reading] = _of(
        "the `reading` of earlier files, by the last month whose delivery was of that shape", default_factory=dict
    )
    renamed_in: bool = _of(
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
