"""The files that declare sources, one a source: read, and checked as a whole with the line of every mistake."""

from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from orchestration import yaml_files
from orchestration.errors import UserError
from orchestration.raw.sources import catalogue
from orchestration.raw.sources.columns import Column, DatedLabel
from orchestration.raw.sources.declaration_rules import RULES
from orchestration.raw.sources.declarations import Extract, Reading

# fields that follow from others, and are not written
DERIVED = {"name", "names", "unread"}
EXPECTED = "should be a name with its fields for each column, as month: {kind: month, title: ...}"
PARTS = {Extract: "source", Column: "column", Reading: "reading", DatedLabel: "label"}
_EXTRACT = TypeAdapter(Extract)


class DeclarationError(UserError):
    """Sources are declared with mistakes; the message has one line for each."""

    heading = "The declarations of sources do not hold together.\n"


def read(folder: Path) -> tuple[Extract, ...]:
    """The sources that the files of a folder declare, by name. Raises DeclarationError with every mistake."""
    mistakes = [f"{path.name}: it is not read; call it {path.stem}.yml" for path in sorted(folder.glob("*.yaml"))]
    extracts = [found for path in sorted(folder.glob("*.yml")) if (found := _extract(path, mistakes))]
    for other, extract, series in _made_twice(extracts):
        mistakes.append(f"{extract}.yml, series: '{series}' is made by {other}.yml already; give it another name")
    if mistakes:
        raise DeclarationError("\n".join(mistakes))
    return tuple(extracts)


def _extract(path: Path, mistakes: list[str]) -> Extract | None:
    """The source of a file; None where it has mistakes, which are added."""
    root, unreadable = yaml_files.mapping(path)
    if root is None:
        mistakes += unreadable
        return None
    found = [*yaml_files.repeated(root)]
    declared = yaml_files.plain(root)
    found += [(place, "is no field") for place in _derived(declared)]
    columns = declared.get("columns", {})
    extract = None
    try:
        extract = _EXTRACT.validate_python({**declared, "name": path.stem, "columns": _with_names(columns)})
    except ValidationError as error:
        found += [_mistake(each, [*columns]) for each in error.errors()]
    else:
        found += [mistake for rule in RULES for mistake in rule(extract)]
    mistakes += yaml_files.sentences(path, root, found)
    return None if extract is None or found else replace(extract, columns=tuple(map(_with_places, extract.columns)))


def _derived(declared: dict[str, Any]) -> Iterator[yaml_files.Place]:
    columns = declared.get("columns")
    yield from ((name,) for name in DERIVED & declared.keys())
    for column, its in columns.items() if isinstance(columns, dict) else ():
        yield from (("columns", column, name) for name in DERIVED & (its.keys() if isinstance(its, dict) else set()))


def _with_names(columns: Any) -> Any:
    if not isinstance(columns, dict):
        return {}  # no list of columns, which pydantic reports
    return [{**its, "name": name} if isinstance(its, dict) else its for name, its in columns.items()]


def _with_places(column: Column) -> Column:
    """An area or a peer is one of the catalogue's words, or has another name there."""
    if not column.place:
        return column
    optional = catalogue.unallocated() if column.kind == "area" else column.optional_words
    words = tuple(word for word in catalogue.places(column.kind) if word not in optional)
    return replace(column, words=words, optional_words=optional, names=catalogue.names_of((*words, *optional)))


def _mistake(error: Any, columns: list[str]) -> tuple[yaml_files.Place, str]:
    """Where a mistake is, with columns by name, and what it is."""
    place = list(error["loc"])
    if place[0] == "columns" and len(place) > 1 and isinstance(place[1], int):
        place[1] = columns[place[1]]
    of_column = place[0] == "columns" and len(place) > 1
    named = tuple(str(each) for each in place)
    if place == ["columns"]:
        return named, EXPECTED
    part: type = Column if of_column else Reading if len(named) > 1 else Extract
    if of_column and len(named) > 4 and named[2] == "labels":
        part = DatedLabel
    known = [each.name for each in fields(part) if each.name not in DERIVED]
    return named, yaml_files.mistake(error, f"a {PARTS[part]}", known)


def _made_twice(extracts: list[Extract]) -> Iterator[tuple[str, str, str]]:
    """Each series that a second source makes: the first source, the second, the series."""
    made: dict[str, str] = {}
    for extract in extracts:
        for series, _ in extract.series_names():
            if made.setdefault(series, extract.name) != extract.name:
                yield made[series], extract.name, series


def schema() -> dict[str, Any]:
    """The JSON Schema of a file that declares a source, for editors."""
    made = _EXTRACT.json_schema()
    made["properties"]["columns"] |= {"type": "object", "additionalProperties": made["properties"]["columns"]["items"]}
    for unused in ("items", "minItems"):
        made["properties"]["columns"].pop(unused, None)
    for each in (made, made["$defs"]["Column"]):
        each["required"] = [name for name in each["required"] if name not in DERIVED]
    return made
