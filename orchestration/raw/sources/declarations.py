"""How a source is declared: an extract, its columns, and when a delivery is due."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple, get_args

from orchestration import months
from orchestration.raw.sources.kinds import NUMBERS

Cadence = Literal["monthly", "quarterly", "yearly"]
Kind = Literal["month", "word", "line", "count", "money", "percent", "measure", "comment"]
Meaning = Literal["suppressed", "not available", "zero"]
HOW_OFTEN: dict[Cadence, str] = {"monthly": "every month", "quarterly": "every quarter", "yearly": "once a year"}
Range = tuple[float, float]
MONTHS_BETWEEN: dict[Cadence, int] = {"monthly": 1, "quarterly": 3, "yearly": 12}


class Name(NamedTuple):
    """A name that a place has besides the catalogue's word for it; dated where it meant another at other times."""

    name: str
    word: str
    first: date | None
    last: date | None


@dataclass(frozen=True)
class Column:
    """One column: its kind decides how its text must look and what it becomes."""

    name: str
    kind: Kind
    title: str
    words: tuple[str, ...] = ()
    optional_words: tuple[str, ...] = ()  # may stand there, and may be missing
    # more than this is hard to believe: some ten times the largest of the 31 sample months (three times for the peers'
    # rates, most of which are fractions), so that no column passes whole that was delivered in thousandths of its unit.
    most: int | None = None
    least: int | None = None  # less than this is; what is not declared negative cannot be less than 0
    # what a figure is on average over the rows of a month (or period): some eight times less and more than in the
    # sample, so that growth stays within it and another scale does not. Where words differ, those of each by itself.
    typical: Range | None = None
    typical_of: tuple[tuple[str, Range], ...] = ()
    place: bool = False  # a word for a place: the sum over all places is compared from one delivery to the next
    names: tuple[Name, ...] = ()  # what else its words may be called
    # How figures are written where that is not plain digits; what is not declared keeps its row out (docs/values.md).
    markers: Mapping[str, Meaning] = field(default_factory=dict, hash=False)  # {"*": "suppressed", "-": "zero"}
    thousands: str = ""  # the mark between thousands: "," in "1,204"
    negative: bool = False  # may be below 0, as a count net of cancelled records; `least` is how far
    brackets: bool = False  # "(12)" is 12 below zero

    def __post_init__(self) -> None:
        """Raises ValueError for a marker that means nothing known."""
        if unknown := {*self.markers.values()} - {*get_args(Meaning)}:
            raise ValueError(
                f"column {self.name}: a marker means {' or '.join(get_args(Meaning))}, not {unknown.pop()}"
            )

    @property
    def all_words(self) -> tuple[str, ...]:
        """Its words, the optional ones as well."""
        return (*self.words, *self.optional_words)

    @property
    def below_zero(self) -> bool:
        """Whether its figures may be less than 0."""
        return self.negative or self.brackets or self.kind == "measure"


@dataclass(frozen=True)
class Extract:
    """The contract of one folder of `raw/`."""

    name: str
    title: str
    cadence: Cadence
    first: date  # the first month a delivery is due for
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    formats: tuple[str, ...] = ("csv",)
    months_held: int = 1  # how many months, up to its newest, a delivery must hold (of those in the calendar)
    may_lag: int = 0  # months its newest row may lie behind the delivery month
    restates: int = 12  # months it may reach back
    whole_within: tuple[str, ...] = ("month",)  # within each of these, every combination of the other keys
    at_most: tuple[tuple[str, str], ...] = ()  # (part, whole): the part may not exceed the whole
    rows_independent: bool = False  # whether each row counts by itself: what is wrong with one keeps no other out

    largest: int = 64_000_000  # bytes a delivery may have
    renamed_in: bool = False  # whether its sender writes `<file>.part` and renames it: a name without is whole at once

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

    def column(self, name: str) -> Column:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)


def due(extract: Extract, month: date) -> bool:
    """Whether the source system owes a delivery for that month."""
    return month >= extract.first and _after_due(extract, month) == 0


def must_reach(extract: Extract, month: date) -> date:
    """The month that the newest row of a delivery for that month may not lie before.

    A delivery between two that are due is a late or corrected one, and reaches as far as the one before it.
    """
    late = _after_due(extract, month)
    return months.shift(month, -late - extract.may_lag)


def _after_due(extract: Extract, month: date) -> int:
    return (month.month - extract.first.month) % MONTHS_BETWEEN[extract.cadence]
