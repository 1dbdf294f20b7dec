"""How a source is declared: an extract, its columns, and when a delivery is due."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import product
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BeforeValidator, ConfigDict, Field
from pydantic.dataclasses import dataclass
from pydantic.json_schema import SkipJsonSchema

from orchestration import months
from orchestration.raw.sources.kinds import NUMBERS, PLACES

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
STRICT = ConfigDict(extra="forbid")


class Name(NamedTuple):
    """A name that a place has besides the catalogue's word for it; dated where it meant another at other times."""

    name: str
    word: str
    first: date | None
    last: date | None


def _of(description: str, default: Any = ..., **more: Any) -> Any:
    """A field with the description that editors show."""
    return Field(default, description=description, **more)


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
    labels: Mapping[str, tuple[Text, ...]] = _of(
        "for a word, what its publisher writes for it, in any case; labels that take turns are added up",
        default_factory=dict,
    )
    ignored_words: tuple[Text, ...] = _of("words whose rows are left out, with a note", ())
    empty: str = _of("the word that an empty cell stands for", "")
    decimal_comma: bool = _of("a comma stands before the decimals: 0,56", False)
    signs: str = _of('signs before or behind a figure that are no part of it: "%", "£"', "")
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
    def below_zero(self) -> bool:
        """Whether its figures may be less than 0."""
        return self.negative or self.brackets or self.kind == "measure"


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
    renamed_in: bool = _of(
        "its sender writes `<file>.part` and renames it: a file without the ending is whole at once", False
    )

    def __hash__(self) -> int:
        """Of what identifies it; mappings have no hash."""
        return hash((self.name, self.columns, self.key))

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
