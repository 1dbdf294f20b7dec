"""The typeface of the paper, and what stands in place of characters that it cannot show."""

import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

import font_source_sans_pro
from fontTools.ttLib import TTFont

NAME = "Source Sans Pro"
# The package has every face as TTF and OTF, and which of two is taken would depend on the order of a folder.
FACES = tuple(
    Path(font_source_sans_pro.font_directory) / f"SourceSansPro-{face}.ttf" for face in ("Regular", "It", "Bold")
)
# Control, format (which reverse what is read, or hide it), private, unassigned characters.
UNSEEN = ("Cc", "Cf", "Co", "Cn", "Cs")


def shown(content: Any) -> Any:
    """The same JSON with every text as the paper can show it: white space as one blank, the rest seen or named."""
    if isinstance(content, str):
        return "".join(map(_shown, " ".join(content.split())))
    if isinstance(content, dict):
        return {name: shown(value) for name, value in content.items()}
    return [shown(value) for value in content] if isinstance(content, list) else content


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
    return frozenset.intersection(*(frozenset(TTFont(face, lazy=True).getBestCmap()) for face in FACES))
