"""The typeface of the paper, and what stands in place of characters that it cannot show."""

import struct
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

import font_source_sans_pro

NAME = "Source Sans Pro"
# The package has every face as TTF and OTF, and which of two is taken would depend on the order of a folder.
FACES = tuple(
    Path(font_source_sans_pro.font_directory) / f"SourceSansPro-{face}.ttf" for face in ("Regular", "It", "Bold")
)
# Control, format (which reverse what is read, or hide it), private, unassigned characters.
UNSEEN = ("Cc", "Cf", "Co", "Cn", "Cs")


def shown(said: Any) -> Any:
    """The same JSON with every text as the paper can show it: white space as one blank, the rest seen or named."""
    if isinstance(said, str):
        return "".join(map(_shown, " ".join(said.split())))
    if isinstance(said, dict):
        return {name: shown(value) for name, value in said.items()}
    return [shown(value) for value in said] if isinstance(said, list) else said


@cache
def _shown(character: str) -> str:
    """The character, or its number and name: `[U+1F600 grinning face]`."""
    if ord(character) in _characters() and unicodedata.category(character) not in UNSEEN:
        return character
    name = unicodedata.name(character, "").lower()
    return f"[U+{ord(character):04X}{' ' if name else ''}{name}]"


@cache
def _characters() -> frozenset[int]:
    """What every face has."""
    return frozenset.intersection(*(_of_face(face.read_bytes()) for face in FACES))


def _of_face(face: bytes) -> frozenset[int]:
    """The characters of a TrueType file, from the table `cmap` in its format for the basic plane (4)."""
    (tables,) = struct.unpack_from(">H", face, 4)
    places = {tag: offset for tag, _, offset, _ in struct.iter_unpack(">4sIII", face[12 : 12 + 16 * tables])}
    start = places[b"cmap"]
    (encodings,) = struct.unpack_from(">H", face, start + 2)
    subtables = (
        start + offset for *_, offset in struct.iter_unpack(">HHI", face[start + 4 : start + 4 + 8 * encodings])
    )
    table = next(place for place in subtables if face[place : place + 2] == b"\0\4")
    (doubled,) = struct.unpack_from(">H", face, table + 6)
    segments = doubled // 2

    def column(number: int, kind: str = "H") -> tuple[int, ...]:
        # the ends are followed by a word that says nothing
        return struct.unpack_from(f">{segments}{kind}", face, table + 14 + number * doubled + (2 if number else 0))

    found = set()
    for number, (last, first, delta, offset) in enumerate(
        zip(column(0), column(1), column(2, "h"), column(3), strict=True)
    ):
        for character in range(first, last + 1):
            glyph = character
            if offset:
                place = table + 16 + 3 * doubled + 2 * number + offset + 2 * (character - first)
                (glyph,) = struct.unpack_from(">H", face, place)
            if (glyph or not offset) and (glyph + delta) % 65536:
                found.add(character)
    return frozenset(found - {0xFFFF})
