"""How a column of a source is declared: what its cells hold, how they are written, and in which months it has any."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, NamedTuple

import polars as pl
from pydantic import BeforeValidator, ConfigDict, Field
from pydantic.dataclasses import dataclass
from pydantic.json_schema import SkipJsonSchema

from orchestration import months
from orchestration.raw.sources.kinds import KINDS, PLACES

Kind = Literal["month", "area", "peer", "word", "line", "count", "money", "percent", "measure", "comment"]
Meaning = Literal["suppressed", "not available", "zero"]
Range = tuple[float, float]
Text = Annotated[str, Field(min_length=1)]
Month = Annotated[date, BeforeValidator(lambda cell: months.parse(cell) if isinstance(cell, str) else cell, str)]
# fields of a column of a published file
OF_PUBLISHED = ("headers", "labels", "ignored_words", "empty", "decimal_comma", "signs")
STRICT = ConfigDict(extra="forbid")


class Name(NamedTuple):
    """What may be written for a word; dated where it meant another at other times."""

    name: str
    word: str
    first: date | None = None
    last: date | None = None


def field(description: str, default: Any = ..., **more: Any) -> Any:
    """A field with the description that editors show."""
    return Field(default, description=description, **more)


@dataclass(frozen=True, config=STRICT)
class DatedLabel:
    """A label that meant its word in some months only."""

    label: Text = field("what the publisher writes")
    since: Month | None = field("the first month whose rows mean this word by it, as 2017-04", None)
    until: Month | None = field("the last such month", None)


Label = Annotated[
    DatedLabel, BeforeValidator(lambda its: {"label": its} if isinstance(its, str) else its, Text | DatedLabel)
]


@dataclass(frozen=True, config=STRICT)
class Column:
    """One column: its kind decides how its text must look and what it becomes."""

    name: SkipJsonSchema[str]  # the key of its mapping
    kind: Kind = field("what its cells hold")
    title: Text = field("what it is, for the comment of the column in the database")
    words: tuple[Text, ...] = field(
        "what may stand in a column of words; an area or peer has those of the catalogue", ()
    )
    optional_words: tuple[Text, ...] = field("words that may stand there, and may be missing", ())
    most: int | None = field(
        "more than this is hard to believe: some ten times the largest of many months, so that no column passes that "
        "was delivered in thousandths of its unit",
        None,
    )
    least: int | None = field("less than this is hard to believe; without `negative` nothing is less than 0", None)
    typical: Range | None = field(
        "what a figure is on average over the rows of a month or period: some eight times less and more than usual, so "
        "that growth stays within it and another scale does not",
        None,
    )
    typical_of: Mapping[str, Range] = field("the same for each word of a source by itself", default_factory=dict)
    at_most: str = field("the column of the same row that it may not exceed", "")
    provisional: str = field("the word that marks a row that may still change", "")
    markers: Mapping[str, Meaning] = field(
        'what stands in place of a figure, and what it means: {"*": suppressed, "-": zero} (docs/values.md)',
        default_factory=dict,
    )
    thousands: str = field('the mark between thousands: "," in "1,204"', "")
    negative: bool = field("it may be below 0, as a count net of cancelled records; `least` is how far", False)
    brackets: bool = field('"(12)" is 12 below zero', False)
    headers: tuple[Text, ...] = field("what the header of its publisher calls it, one or several in turn", ())
    labels: Mapping[str, tuple[Label, ...]] = field(
        "for a word, what its publisher writes for it, in any case; labels that take turns are added up; "
        "{label: Burglary, until: 2017-03} for one that meant another word at other times",
        default_factory=dict,
    )
    ignored_words: tuple[Text, ...] = field("words whose rows are left out, with a note", ())
    empty: str = field("the word that an empty cell stands for", "")
    decimal_comma: bool = field("a comma stands before the decimals: 0,56", False)
    signs: str = field('signs before or behind a figure that are no part of it: "%", "£"', "")
    since: Month | None = field(
        "the first month whose delivery has it, as 2012-09; rows of months before it may have nothing in it", None
    )
    until: Month | None = field("the last month whose delivery has it; later ones may have it still, unread", None)
    decimals: int | None = field("how many decimals its figures keep in a series; 2 if not declared", None, ge=0, le=6)
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
