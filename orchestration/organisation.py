"""What is declared of the organisation: its names, its year, and when its card is published."""

import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

import holidays
from pydantic import BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from orchestration import months, settings, yaml_files
from orchestration.errors import UserError

FILE = "organisation.yml"
Text = Annotated[str, Field(min_length=1)]
Month = Annotated[date, BeforeValidator(lambda cell: months.parse(cell) if isinstance(cell, str) else cell, str)]


def _of(description: str, default: Any = ..., **more: Any) -> Any:
    """A field with the description that editors show."""
    return Field(default, description=description, **more)


STRICT = ConfigDict(extra="forbid")
# what a year's name is made of: the year it begins and ends in, each whole or as its last two digits
PARTS = {"start": r"(?P<start>\d{4})", "end": r"(?P<end>\d{4})", "start_2": r"\d{2}", "end_2": r"(?P<end_2>\d{2})"}
CENTURY = 2000  # of a year that is written with two digits only


class OrganisationError(UserError):
    """The organisation is declared with mistakes; the message has one line for each."""

    heading = "The declaration of the organisation does not hold together.\n"


class NoOrganisation(OrganisationError):
    """No organisation is declared where one is looked for; the message says what to set or to link."""

    heading = ""


@dataclass(frozen=True, config=STRICT)
class Noun:
    """A thing and several of it, as they stand in a sentence."""

    one: Text
    many: Text


@dataclass(frozen=True, config=STRICT)
class Year:
    """The year that a card and its targets are for."""

    first_month: Annotated[int, Field(ge=1, le=12)] = _of("the month it begins with: 4 for April", 4)
    written: Text = _of("its name: {start}/{end_2} for 2008/09, {start} for 2009", "{start}/{end_2}")
    called: Text = _of("what it is called in a sentence", "financial year")


@dataclass(frozen=True, config=STRICT)
class Organisation:
    """One organisation. The whole that its areas add up to is the one row of that kind in areas.csv."""

    name: Text = _of("as it stands at the head of every page")
    first_month: Month = _of("the first month that is held, as 2007-02")
    area: Noun = _of("what one and many of its areas are called")
    region: Noun | None = _of("what one and many of the regions are called that areas.csv groups its areas in", None)
    peer: Noun = _of("what one and many of those it is compared with are called")
    year: Year = _of("the year that targets are for", default_factory=Year)
    months_of_history: Annotated[int, Field(ge=24)] = _of(
        "how many months a report month looks back: a rolling year, the year before, and what lags", 48
    )
    time_zone: Text = _of("in which the monthly schedule runs, as Europe/Dublin")
    bank_holidays: Text = _of("of which country, and after a stroke which part of it, as GB/ENG")
    working_day: Annotated[int, Field(ge=1, le=20)] = _of(
        "on which working day of a month the card of the month before is due", 8
    )
    incomplete: Literal["publish", "fail"] = _of(
        "whether the schedule publishes a month of which deliveries are missing", "publish"
    )
    contact: str = _of("whom to ask about a card", "")
    licence: str = _of("under which licence a card may be used", "")
    not_shown: str = _of("what a card does not show, in a sentence or two", "")


_ORGANISATION = TypeAdapter(Organisation)


@cache
def of_folder(folder: Path) -> Organisation:
    """The organisation that a folder declares. Raises OrganisationError with every mistake."""
    path = folder / FILE
    if not path.is_file():
        raise NoOrganisation(
            f"{path} is missing: set SCORECARD_ORGANISATION to the name of a folder in {settings.ORGANISATIONS}, or to "
            "the path of another, that has this file, or link `default` there to it."
        )
    root, mistakes = yaml_files.mapping(path)
    found = None
    if root is not None:
        declared = yaml_files.plain(root)
        wrong = [*yaml_files.repeated(root)]
        try:
            found = _ORGANISATION.validate_python(declared)
        except ValidationError as error:
            wrong += [_mistake(each) for each in error.errors()]
        else:
            wrong += [*_contradictions(found)]
        mistakes += yaml_files.sentences(path, root, wrong)
    if found is None or mistakes:
        raise OrganisationError("\n".join(mistakes))
    return found


def declared() -> Organisation:
    """The organisation that this installation is for. Raises OrganisationError with every mistake."""
    return of_folder(settings.ORGANISATION)


def schema() -> dict[str, Any]:
    """The JSON Schema of the file, for editors."""
    return _ORGANISATION.json_schema()


def _mistake(error: Any) -> tuple[yaml_files.Place, str]:
    place = tuple(map(str, error["loc"]))
    if len(place) == 1:
        return place, yaml_files.mistake(error, "an organisation", [each.name for each in fields(Organisation)])
    known = fields(Year if place[0] == "year" else Noun)
    return place, yaml_files.mistake(error, f"the {place[0]} of an organisation", [each.name for each in known])


def _contradictions(found: Organisation) -> Iterator[tuple[yaml_files.Place, str]]:
    parts = re.findall(r"\{(\w*)\}", found.year.written)
    if not set(parts) <= set(PARTS) or not {"start", "end", "end_2"} & set(parts):
        yield ("year", "written"), f"'{found.year.written}' should name the year by {{start}}, {{end}} or {{end_2}}"
    if found.time_zone not in available_timezones():
        near = yaml_files.nearest(found.time_zone, sorted(available_timezones()))
        yield ("time_zone",), f"'{found.time_zone}' is no time zone; {near[:300]}"
    country, _, part = found.bank_holidays.partition("/")
    known = holidays.list_supported_countries()
    if country not in known:
        yield ("bank_holidays",), f"'{country}' is no country whose holidays are known; write its two letters, as GB"
    elif part and part not in known[country]:
        yield ("bank_holidays",), f"'{part}' is no part of {country}; {yaml_files.nearest(part, known[country])}"
