"""A workbook as lines of text, from the XML elements of its parts.

The readers use openpyxl instead: what that gets wrong shows here.
"""

import contextlib
import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from xml.etree import ElementTree  # validation let no document type in

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel, from_ISO8601

WHOLE = re.compile(r"-?[0-9]+")
PRINTED = re.compile(r'"[^"]*"|\\.')  # literal text in a format


def lines(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """The lines of all sheets, of which one has any text, each with its number; one that is not written is empty."""
    parts: dict[str, list[bytes]] = defaultdict(list)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for part in map(archive.read, archive.namelist()):
            with contextlib.suppress(ElementTree.ParseError, ValueError, LookupError):  # no XML, nor read
                _, first = next(ElementTree.iterparse(io.BytesIO(part), ["start"]))
                parts[_name(first)].append(part)
    styles = _whole(parts["styleSheet"])
    own = {its.get("numFmtId"): its.get("formatCode") for its in styles.iterfind("*/{*}numFmts/{*}numFmt")}
    numbers = [its.get("numFmtId", "0") for its in styles.iterfind("*/{*}cellXfs/{*}xf")]
    formats = [own.get(number) or BUILTIN_FORMATS.get(int(number), "") for number in numbers] or [""]
    texts = [_text(item) for item in _whole(parts["sst"]).iterfind("*/{*}si")]
    settings = _whole(parts["workbook"]).iterfind("*/{*}workbookPr")
    epoch = MAC_EPOCH if any(its.get("date1904") in ("1", "true") for its in settings) else WINDOWS_EPOCH
    place = 0
    for row in _rows(parts["worksheet"]):
        before, place = place, int(row.get("r", place + 1))
        yield from ((missing, []) for missing in range(before + 1, place))
        cells: list[str] = []
        for cell in row.iterfind("{*}c"):
            column = coordinate_to_tuple(cell.get("r"))[1] if "r" in cell.attrib else len(cells) + 1
            cells += [""] * (column - 1 - len(cells))
            cells.append(_cell(cell, texts, formats, epoch))
        yield place, cells


def _name(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _whole(parts: list[bytes]) -> ElementTree.Element:
    """The parts of a kind under one element."""
    root = ElementTree.Element("parts")
    root.extend(map(ElementTree.fromstring, parts))
    return root


def _rows(sheets: list[bytes]) -> Iterator[ElementTree.Element]:
    for sheet in sheets:
        for _, element in ElementTree.iterparse(io.BytesIO(sheet)):
            if _name(element) == "row":
                yield element
                element.clear()


def _text(item: ElementTree.Element) -> str:
    """The text, without formatting and phonetic hints."""
    return "".join(each.text or "" for path in ("{*}t", "{*}r/{*}t") for each in item.iterfind(path))


def _cell(cell: ElementTree.Element, texts: list[str], formats: list[str], epoch: date) -> str:
    kind, value = cell.get("t", "n"), cell.findtext("{*}v") or ""
    if kind == "inlineStr":
        return "".join(_text(each) for each in cell.iterfind("{*}is"))
    if not value or kind not in ("s", "d", "n"):
        return value
    if kind == "s":
        return texts[int(value)]
    with contextlib.suppress(ValueError, OverflowError):  # no day: its row was quarantined
        if kind == "d":
            return f"{from_ISO8601(value):%Y-%m}"
        if is_date_format(formats[int(cell.get("s", 0))]):
            return f"{from_excel(float(value), epoch):%Y-%m}"
    # a double in 17 digits differs from what was typed
    number = Decimal(value if WHOLE.fullmatch(value) else repr(float(value)))
    in_percent = "%" in PRINTED.sub("", formats[int(cell.get("s", 0))])
    return f"{(number * 100 if in_percent else number).normalize():f}" + "%" * in_percent
