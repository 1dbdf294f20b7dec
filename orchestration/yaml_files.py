"""YAML files that declare something: read as text, and checked as a whole with the line of every mistake."""

import difflib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

Place = tuple[str, ...]  # the keys that lead to a value
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
    "dict_type": "'{}' should be names with what belongs to each, as {{name: ...}}",
    "dataclass_type": "'{}' should be fields with a value each, as {{kind: count, title: ...}}",
}


def mapping(path: Path) -> tuple[yaml.MappingNode | None, list[str]]:
    """What a file holds, or None and why it cannot be read."""
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), yaml.CBaseLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f" line {mark.line + 1}" if mark else ""
        return None, [f"{path.name}{line}: it is not YAML ({getattr(error, 'problem', error)})"]
    if not isinstance(root, yaml.MappingNode):
        return None, [f"{path.name} line 1: it declares nothing; write fields, each as 'title: ...'"]
    return root, []


def plain(node: yaml.Node) -> Any:
    """What a node holds, every scalar as the text that stands there: no `no` becomes false, no 08 a number."""
    if isinstance(node, yaml.MappingNode):
        return {_key(key): plain(value) for key, value in node.value}
    return [plain(each) for each in node.value] if isinstance(node, yaml.SequenceNode) else node.value


def repeated(node: yaml.Node, place: Place = ()) -> Iterator[tuple[Place, str]]:
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
            yield from repeated(value, here)


def mistake(error: Any, part: str, known: list[str]) -> str:
    """What an error of pydantic says of a field of a part of a declaration, which has the known fields."""
    kind, given = error["type"], error["input"]
    if kind in ("unexpected_keyword_argument", "extra_forbidden"):
        return f"is no field of {part}; {nearest(str(error['loc'][-1]), known)}"
    context = error.get("ctx", {})
    if kind == "literal_error":
        words = [word.strip("'") for word in context["expected"].replace(" or ", ", ").split(", ")]
        return f"'{given}' is not known; {nearest(str(given), words)}"
    if kind == "value_error":
        return str(context["error"])
    other = f"{given!r} {error['msg'].removeprefix('Input ')}"
    return EXPECTED[kind].format(given) if kind in EXPECTED else other


def nearest(word: str, known: list[str]) -> str:
    """The nearest known word, or all of them."""
    near = difflib.get_close_matches(word, known, n=1)
    return f"did you mean '{near[0]}'?" if near else f"known are {', '.join(known)}" if known else "none is known"


def sentences(path: Path, root: yaml.Node, mistakes: list[tuple[Place, str]]) -> list[str]:
    """Each mistake with its file, line and field."""
    lines = sorted((_line(root, place), ".".join(place), what) for place, what in mistakes)
    return [f"{path.name} line {line}{f', {place}' if place else ''}: {what}" for line, place, what in lines]


def _key(node: yaml.Node) -> str:
    return node.value if isinstance(node, yaml.ScalarNode) else BRACES


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
