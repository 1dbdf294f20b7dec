"""The files that declare sources, one a source: read, and checked as a whole with the line of every mistake."""

import difflib
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from orchestration.errors import UserError
from orchestration.raw.sources import catalogue
from orchestration.raw.sources.declaration_rules import RULES, Place
from orchestration.raw.sources.declarations import Column, Extract, Reading

# fields that follow from others, and are not written
DERIVED = {"name", "names"}
BRACES = "{...}"  # a key that is no text
# of the kinds of mistake that are common, what pydantic says less plainly
EXPECTED = {
    "missing": "is missing",
    "too_short": "is empty",
    "string_too_short": "is empty",
    "int_parsing": "'{}' should be a whole number",
    "float_parsing": "'{}' should be a number",
    "bool_parsing": "'{}' should be true or false",
    "tuple_type": "'{}' should be a list: [first, second]",
    "string_type": "{} should be text",
    "mapping_type": "'{}' should be fields with a value each",
    "dataclass_type": "'{}' should be fields with a value each, as {{kind: count, title: ...}}",
    "columns": "should be a name with its fields for each column, as month: {{kind: month, title: ...}}",
}
PARTS = {Extract: "source", Column: "column", Reading: "reading"}
_EXTRACT = TypeAdapter(Extract)


class DeclarationError(UserError):
    """Sources are declared with mistakes; the message has one line for each."""

    heading = "The declarations of sources do not hold together.\n"


def read(folder: Path) -> tuple[Extract, ...]:
    """The sources that the files of a folder declare, by name. Raises DeclarationError with every mistake."""
    mistakes: list[str] = []
    extracts = [found for path in sorted(folder.glob("*.yml")) if (found := _extract(path, mistakes))]
    for other, extract, series in _made_twice(extracts):
        mistakes.append(f"{extract}.yml, series: '{series}' is made by {other}.yml already; give it another name")
    if mistakes:
        raise DeclarationError("\n".join(mistakes))
    return tuple(extracts)


def _extract(path: Path, mistakes: list[str]) -> Extract | None:
    """The source of a file; None where it has mistakes, which are added."""
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), yaml.CBaseLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f" line {mark.line + 1}" if mark else ""
        mistakes.append(f"{path.name}{line}: it is not YAML ({getattr(error, 'problem', error)})")
        return None
    if not isinstance(root, yaml.MappingNode):
        mistakes.append(f"{path.name} line 1: it declares nothing; a source has fields, as 'title: ...'")
        return None
    found = [*_repeated(root, ())]
    declared = _plain(root)
    found += [(place, "is no field") for place in _derived(declared)]
    columns = declared.get("columns", {})
    extract = None
    try:
        extract = _EXTRACT.validate_python({**declared, "name": path.stem, "columns": _with_names(columns)})
    except ValidationError as error:
        found += [_mistake(each, [*columns]) for each in error.errors()]
    else:
        found += [mistake for rule in RULES for mistake in rule(extract)]
    lines = sorted((_line(root, place), ".".join(place), what) for place, what in found)
    mistakes += [f"{path.name} line {line}, {place}: {what}" for line, place, what in lines]
    return None if extract is None or found else replace(extract, columns=tuple(map(_with_places, extract.columns)))


def _plain(node: yaml.Node) -> Any:
    """What a node holds, every scalar as the text that stands there: no `no` becomes false, no 08 a number."""
    if isinstance(node, yaml.MappingNode):
        return {_key(key): _plain(value) for key, value in node.value}
    return [_plain(each) for each in node.value] if isinstance(node, yaml.SequenceNode) else node.value


def _repeated(node: yaml.Node, place: Place) -> Iterator[tuple[Place, str]]:
    """The keys that stand in a mapping twice, and those that are none."""
    if isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key, value in node.value:
            here = (*place, _key(key))
            if here[-1] == BRACES:
                yield here, "a name in braces needs quotation marks around it"
            elif here[-1] in seen:
                yield here, f"stands on line {seen[here[-1]]} already"
            seen.setdefault(here[-1], key.start_mark.line + 1)
            yield from _repeated(value, here)


def _key(node: yaml.Node) -> str:
    return node.value if isinstance(node, yaml.ScalarNode) else BRACES


def _derived(declared: dict[str, Any]) -> Iterator[Place]:
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
    optional = (*column.optional_words, *(catalogue.unallocated() if column.kind == "area" else ()))
    words = tuple(word for word in catalogue.places(column.kind) if word not in optional)
    return replace(column, words=words, optional_words=optional, names=catalogue.names_of((*words, *optional)))


def _mistake(error: Any, columns: list[str]) -> tuple[Place, str]:
    """Where a mistake is, with columns by name, and what it is."""
    place, kind = list(error["loc"]), error["type"]
    if place[0] == "columns" and len(place) > 1 and isinstance(place[1], int):
        place[1] = columns[place[1]]
    of_column = place[0] == "columns" and len(place) > 1
    named = tuple(str(each) for each in place)
    context = error.get("ctx", {})
    if kind in ("unexpected_keyword_argument", "extra_forbidden"):
        part = Column if of_column else Reading if len(named) > 1 else Extract
        known = [each.name for each in fields(part) if each.name not in DERIVED]
        return named, f"is no field of a {PARTS[part]}; {nearest(named[-1], known)}"
    if kind == "literal_error":
        known = [word.strip("'") for word in context["expected"].replace(" or ", ", ").split(", ")]
        return named, f"'{error['input']}' is not known; {nearest(str(error['input']), known)}"
    if kind == "value_error":
        return named, str(context["error"])
    kind = "columns" if place == ["columns"] else kind
    other = f"{error['input']!r} {error['msg'].removeprefix('Input ')}"
    return named, EXPECTED[kind].format(error["input"]) if kind in EXPECTED else other


def nearest(word: str, known: list[str]) -> str:
    """The nearest known word, or all of them."""
    near = difflib.get_close_matches(word, known, n=1)
    return f"did you mean '{near[0]}'?" if near else f"known are {', '.join(known)}"


def _line(node: yaml.Node, place: Place) -> int:
    """The line that a place of a file stands on, or what it would stand in."""
    line = node.start_mark.line + 1
    for step in place:
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value[::-1] if _key(key) == step), None)
        else:
            items = dict(enumerate(node.value)) if isinstance(node, yaml.SequenceNode) and step.isdecimal() else {}
            found = (items[int(step)], items[int(step)]) if items and int(step) in items else None
        if not found:
            break
        line, node = found[0].start_mark.line + 1, found[1]
    return line


def _made_twice(extracts: list[Extract]) -> Iterator[tuple[str, str, str]]:
    """Each series that a second source makes: the first source, the second, the series."""
    made: dict[str, str] = {}
    for extract in extracts:
        for series in extract.series_names():
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
