"""The parts of a workbook around its sheet: where it lies, its one visible sheet, its shared text, its formats."""

import posixpath
from collections.abc import Callable
from xml.parsers import expat

import cell_text
import frames
import limits

BROKEN = "the sheet cannot be read: save the workbook again as XLSX"
MAIN = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main ",
    "http://purl.oclc.org/ooxml/spreadsheetml/main ",
)
RELATION = " id"  # of the namespace of relationships, whichever of the two
# what a relationship may be called that brings in something from outside or that runs
FOREIGN = ("externallink", "connections", "querytable", "oleobject", "package", "control", "vbaproject", "macrosheet")

Start = Callable[[str, dict[str, str]], None]


def parse(xml: bytes, start: Start, end: Callable[[str], None] | None = None, text=None) -> None:
    """Call back for each element of the main namespace, or of none of ours by its full name; no DTD, no entities."""
    parser = expat.ParserCreate("utf-8", " ")  # whatever it declares
    parser.buffer_text = True
    names = _Names()  # the same few all the time
    parser.StartElementHandler = lambda name, attributes: start(names[name], attributes)
    if end:
        parser.EndElementHandler = lambda name: end(names[name])
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _no_document_type
    try:
        parser.Parse(xml, True)
    except expat.ExpatError as error:
        raise broken() from error


class _Names(dict[str, str]):
    """The name within the main namespace, the full name elsewhere."""

    def __missing__(self, name: str) -> str:
        self[name] = next((name[len(space) :] for space in MAIN if name.startswith(space)), name)
        return self[name]


def broken() -> frames.Rejected:
    """What is said of a workbook whose parts do not fit together."""
    return frames.Rejected("unreadable", BROKEN)


def _no_document_type(*_) -> None:
    raise frames.Rejected("document_type", "the workbook declares a document type: save its values as a new workbook")


def relations(part: str, parts: dict[str, bytes]) -> dict[str, tuple[str, str]]:
    """What a part refers to: by id, the type of what is there and its name."""
    folder, name = posixpath.split(part)
    found = {}

    def start(element: str, its: dict[str, str]) -> None:
        if element.endswith(" Relationship"):
            kind = its.get("Type", "").rsplit("/", 1)[-1].lower()
            outside = its.get("TargetMode", "").lower() == "external" and kind != "hyperlink"
            if outside or any(word in kind for word in FOREIGN):
                raise frames.Rejected(
                    "foreign_part", "the workbook refers to something outside it: paste the values into a new workbook"
                )
            target = posixpath.normpath(posixpath.join("/", folder, its.get("Target", "")))[1:]
            found[its.get("Id", "")] = (kind, target)

    listed = parts.get(f"{folder}/_rels/{name}.rels".lstrip("/"))
    if listed is not None:
        parse(listed, start)
    return found


def sheet_part(parts: dict[str, bytes]) -> tuple[str, str, bool]:
    """The names of the workbook's part and of its only sheet's, and whether its days count from 1904."""
    books = [target for kind, target in relations("", parts).values() if kind == "officedocument"]
    if len(books) != 1 or books[0] not in parts:
        raise broken()
    sheets: list[tuple[str, bool, str]] = []
    since_1904 = False

    def start(element: str, its: dict[str, str]) -> None:
        nonlocal since_1904
        if element == "sheet":
            place = next((value for name, value in its.items() if name.endswith(RELATION)), "")
            sheets.append((its.get("name", ""), its.get("state", "visible") != "visible", place))
        elif element == "workbookPr":
            since_1904 = its.get("date1904", "0") in ("1", "true", "on")

    parse(parts[books[0]], start)
    if len(sheets) > 1:
        names = ", ".join(name + " (hidden)" * hidden for name, hidden, _ in sheets[:10])
        raise frames.Rejected("sheets", f"the workbook has the sheets {names}: a delivery has one, delete the others")
    if not sheets:
        raise broken()
    if sheets[0][1]:
        raise frames.Rejected("sheets", "the only sheet of the workbook is hidden: a delivery has one that can be seen")
    kind, target = relations(books[0], parts).get(sheets[0][2], ("", ""))
    if kind != "worksheet" or target not in parts:
        raise broken()
    relations(target, parts)
    return books[0], target, since_1904


def of_kind(book: str, kind: str, parts: dict[str, bytes]) -> bytes | None:
    """The part of a kind that the workbook refers to."""
    return next((parts.get(target) for its, target in relations(book, parts).values() if its == kind), None)


def shared_texts(xml: bytes | None) -> list[str]:
    """The texts that cells refer to by number, without their formatting and their phonetic guides."""
    texts: list[str] = []
    pieces: list[str] = []
    inside, guide = False, False

    def start(element: str, _) -> None:
        nonlocal inside, guide
        if element == "t":
            inside = not guide
        elif element == "rPh":
            guide = True

    def end(element: str) -> None:
        nonlocal inside, guide
        if element == "t":
            inside = False
        elif element == "rPh":
            guide = False
        elif element == "si":
            texts.append(cell(pieces))
            pieces.clear()

    if xml is not None:
        parse(xml, start, end, lambda text: pieces.append(text) if inside else None)
    return texts


def cell(pieces: list[str]) -> str:
    """The pieces as the text of one cell."""
    text = pieces[0] if len(pieces) == 1 else "".join(pieces)
    if len(text) > limits.CELL:
        raise frames.Rejected("too_large", f"a cell holds {len(text):,} characters, at most {limits.CELL:,} fit in one")
    return cell_text.unescaped(text)


def formats(xml: bytes | None) -> list[str]:
    """What each style makes of a number: number, date or percent."""
    codes: dict[str, str] = {}
    styles: list[str] = []
    used = False

    def start(element: str, its: dict[str, str]) -> None:
        nonlocal used
        if element == "numFmt":
            codes[its.get("numFmtId", "")] = its.get("formatCode", "")
        elif element == "cellXfs":
            used = True
        elif element == "xf" and used:
            styles.append(its.get("numFmtId", "0"))

    def end(element: str) -> None:
        nonlocal used
        if element == "cellXfs":
            used = False

    if xml is not None:
        parse(xml, start, end)
    return [cell_text.shows(int(style) if style.isdecimal() else 0, codes.get(style)) for style in styles]
