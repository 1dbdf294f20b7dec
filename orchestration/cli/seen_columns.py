"""What stands in the columns of a published file: months, figures, words, areas or records, by all their cells."""

import json
import re
from collections.abc import Iterable
from typing import NamedTuple

from orchestration import organisation
from orchestration.raw.checks.number_formats import USUAL
from orchestration.raw.readers.delimiters import canonical
from orchestration.raw.readers.month_notations import month_of
from orchestration.raw.sources import catalogue
from orchestration.raw.sources.names import plain

MANY = 60  # different words: more are no list
AREAS = re.escape(organisation.declared().area.many)
TOTAL = re.compile(rf"(grand |sub)?total\b|all (offences|{AREAS}|areas)\b", re.IGNORECASE)
NOT_STATED = "not_stated"
DAYS = {
    "d/m/yyyy": r"[0-9]{1,2}/[0-9]{1,2}/[12][0-9]{3}.*",
    "m/d/yyyy": r"[0-9]{1,2}/[0-9]{1,2}/[12][0-9]{3}.*",
    "yyyy-mm-dd": r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}.*|[0-9]{1,2}[- ][A-Za-z]+[- ][0-9]{2,4}",
    "quarter": r".*[Qq].*",
    "": r"(?!.*[Qq]).*[^0-9].*|[12][0-9]{5}",
}


class Seen(NamedTuple):
    """A column as it stands in the file: the declaration of it, or that it is ignored, and what is in doubt."""

    header: str
    fields: dict[str, str]  # empty where it is ignored
    doubt: str = ""
    dates: str = ""
    is_record: bool = False
    cells: tuple[str, ...] = ()

    @property
    def is_figure(self) -> bool:
        """Whether it holds figures."""
        return "most" in self.fields

    @property
    def months(self) -> set[str]:
        """The months that it names."""
        order = "month" if self.dates == "m/d/yyyy" else "day"
        cells = {*self.cells} if self.fields.get("kind") == "month" else ()
        return {month for cell in cells if (month := month_of(cell, order))}

    def ignored(self, why: str) -> "Seen":
        """The column as one that is left out."""
        return self._replace(fields={}, doubt=why)

    @property
    def name(self) -> str:
        """The name that the draft gives it; that of months has one that is given."""
        if self.fields["kind"] == "month":
            return "month"
        name = as_word(self.header)
        return name if name[:1].isalpha() else f"column_{name}"


def seen(header: str, cells: list[str]) -> Seen:
    """What a column holds."""
    found = _seen(header, cells)
    return found._replace(cells=tuple(cell.strip() for cell in cells))


def _seen(header: str, cells: list[str]) -> Seen:
    filled = sorted({cell.strip() for cell in cells} - {""})
    has_empty = bool(filled) and any(not cell.strip() for cell in cells)
    way = _dates(filled)
    areas = {plain(area) for area in catalogue.places("area")}
    if len(filled) < 2 and way is None and not {*map(plain, filled)} & areas:
        return Seen(header, {}, f"it is always '{filled[0]}'" if filled else "it is empty")
    if way is not None:
        return Seen(header, {"kind": "month"}, dates=way)
    if is_record := len(filled) > MANY and re.search(r"\bid\b", header.lower()) is not None:
        return Seen(header, {}, "it names a record", is_record=is_record)
    if fields := number(filled):
        return Seen(header, fields, "some cells are empty: what do they stand for?" if has_empty else "")
    totals = [cell for cell in filled if TOTAL.match(cell)]
    strange = [cell for cell in filled if plain(cell) not in areas and cell not in totals]
    if len(strange) * 2 < len(filled):
        fields = {"kind": "area"} | ({"ignored_words": listed(totals)} if totals else {})
        doubt = f"not in areas.csv: {', '.join(strange)}; another name is a row of area_names.csv"
        return Seen(header, fields, doubt if strange else "")
    return _of_words(header, filled, totals, has_empty=has_empty)


def _of_words(header: str, filled: list[str], totals: list[str], *, has_empty: bool) -> Seen:
    """A column of texts: few are words, many are not needed."""
    if len(filled) > MANY:
        return Seen(header, {}, f"{len(filled):,} different texts")
    words: dict[str, list[str]] = {}
    for cell in (cell for cell in filled if cell not in totals):
        words.setdefault(as_word(cell) or "other", []).append(cell)
    fields = {
        "kind": "word",
        "words": listed([*words, *([NOT_STATED] if has_empty else [])]),
        "labels": json.dumps(words, ensure_ascii=False),
        **({"ignored_words": listed(totals)} if totals else {}),
        **({"empty": NOT_STATED} if has_empty else {}),
    }
    without_areas = "" if catalogue.places("area") else "areas? then fill areas.csv first, and draft it again"
    return Seen(header, fields, "some cells are empty: what do they stand for?" if has_empty else without_areas)


def _dates(filled: list[str]) -> str | None:
    """How all cells write months: "" as such, or a way of `dates`; None where they are no months."""
    for way, pattern in DAYS.items():
        order = {"d/m/yyyy": "day", "m/d/yyyy": "month"}.get(way, "")
        if filled and all(re.fullmatch(pattern, cell) and month_of(cell, order) for cell in filled):
            return way
    return None


def number(cells: Iterable[str]) -> dict[str, str]:
    """The fields of a column of figures; none if it holds others."""
    filled = {cell.strip() for cell in cells} - {""}
    markers = {cell: USUAL[cell.lower()] for cell in filled if cell.lower() in USUAL}
    signs = "".join(sorted({sign for cell in filled for sign in "%£€$" if sign in cell}))
    fields = _number({cell.strip(signs + " ") if signs else cell for cell in filled - markers.keys()})
    fields |= {"signs": json.dumps(signs, ensure_ascii=False)} if fields and signs else {}
    return fields | ({"markers": json.dumps(markers, ensure_ascii=False)} if fields and markers else {})


def _number(filled: set[str]) -> dict[str, str]:
    if not filled:
        return {}
    negative = {"negative": "true"} if any(cell.startswith("-") for cell in filled) else {}
    for thousands in ("", ",", ".", " "):
        plain_cells = {cell.replace(thousands, "") if thousands else cell for cell in filled}
        written = rf"-?[0-9]{{1,3}}({re.escape(thousands)}[0-9]{{3}})*" if thousands else "-?[0-9]+"
        if all(re.fullmatch(written, cell) for cell in filled):
            figures = [int(cell) for cell in plain_cells]
            fields = {"kind": "count", "most": str(10 * max(1, *figures))} | negative
            fields |= {"least": str(10 * min(figures))} if negative else {}
            return fields | ({"thousands": json.dumps(thousands)} if thousands else {})
    for mark in (".", ","):
        if all(re.fullmatch(rf"-?[0-9]+([{mark}][0-9]{{1,6}})?", cell) for cell in filled):
            figures_ = [float(cell.replace(",", ".")) for cell in filled]
            fields = {"kind": "measure", "most": str(int(max(figures_) * 3) + 1)}
            fields |= {"least": str(int(min(figures_) * 3) - 1)} if negative else {}
            return fields | ({"decimal_comma": "true"} if mark == "," else {})
    return {}


def as_word(text: str) -> str:
    """A text as a name of small letters and digits."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


def listed(texts: Iterable[str]) -> str:
    """Texts as a list of YAML; nothing for none."""
    found = ", ".join(json.dumps(text, ensure_ascii=False) for text in texts)
    return f"[{found}]" if found else ""


def without_followers(columns: list[Seen]) -> list[Seen]:
    """The columns, ignoring those of words that follow from another: a group of its words, or its code."""
    words = [each for each in columns if each.fields.get("kind") == "word"]
    followed: dict[str, str] = {}
    for each in words:
        for other in words:
            if other.header != each.header and other.header not in followed and _follows(each, other):
                followed[each.header] = other.header
                break
    return [
        each.ignored(f"it follows from {followed[each.header]}") if each.header in followed else each
        for each in columns
    ]


def _follows(each: Seen, other: Seen) -> bool:
    meant: dict[str, str] = {}
    return all(meant.setdefault(key, cell) == cell for key, cell in zip(other.cells, each.cells, strict=True))


def canonical_differs(seen: Seen) -> bool:
    """Whether the header must be declared, since it is not the name."""
    return canonical(seen.header) != seen.name
