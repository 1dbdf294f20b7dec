"""Confusable characters: which characters a delivery may hold, and how others are described to a person.

English text as people type it needs few: ASCII, Latin letters with the accents of European names (é, ŵ, ș) and some
typographic marks, each one code point that normalising leaves alone. Everything else either looks like one of them
(Cyrillic а, Turkish ı, fullwidth １) or cannot be seen at all, and two words that look the same would not be the same.
"""

import re
import unicodedata

_LETTERS = "À-ÖØ-öø-İĴ-ķĹ-ľŁ-ňŊ-žȘ-țẀ-ẅỲỳ"
# also a class of the regular expressions of polars
STRANGE = f"[^ -~{_LETTERS}£€§°·–—‘’“”•…]"
_STRANGE = re.compile(STRANGE)

# Unicode's own folding knows fullwidth and mathematical letters; those of other scripts it holds to be what they are.
_TWINS = str.maketrans(
    "АВЕКМНОРСТУХЅІЈԚԜаеорсухѕіјһԁӏԛԝ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοαινρυκ" + "ıſĸɡɑօս" + "−‐‑‒―ˮʼ′ʹ",
    "ABEKMHOPCTYXSIJQWaeopcyxsijhdlqw" + "ABEZHIKMNOPTYXoaivpuk" + "isk" + "gaou" + "-----\"'''",
)
_UNSEEN = ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp")
_NAMELESS = {"Cc": "CONTROL CHARACTER", "Co": "PRIVATE USE CHARACTER"}


def first_confusable(text: str) -> str | None:
    """A description of the first character that is not allowed: `its letter 1 is U+0421 CYRILLIC ..., not C`."""
    found = _STRANGE.search(text)
    if found is None:
        return None
    place, character = found.start(), found[0]
    category = unicodedata.category(character)
    what = {"L": "letter", "N": "digit"}.get(category[0], "character")
    if character in "\r\n":
        return f"its {what} {place + 1} is a line break, which does not belong there"
    name = unicodedata.name(character, _NAMELESS.get(category, "UNASSIGNED CHARACTER"))
    return f"its {what} {place + 1} is U+{ord(character):04X} {name}{_remedy(text, place)}"


def _remedy(text: str, place: int) -> str:
    character = text[place]
    category = unicodedata.category(character)
    if category[0] == "M":
        whole = unicodedata.normalize("NFC", text[max(place - 1, 0) : place + 1])
        return f", apart from its letter: write {whole} as one character" if len(whole) == 1 else ""
    if category in _UNSEEN:
        return ", which cannot be seen"
    if category == "Zs":
        return ", not a blank"
    twin = plain(character)
    return f", not {twin}" if len(twin) == 1 and not _STRANGE.match(twin) else ""


def plain(text: str) -> str:
    """The text with each strange character as what it looks like; what cannot be seen is left out."""
    folded = unicodedata.normalize("NFKC", "".join(_digit(character) for character in text).translate(_TWINS))
    return "".join(
        "" if unicodedata.category(character) in _UNSEEN else character for character in folded.translate(_TWINS)
    )


def _digit(character: str) -> str:
    digit = unicodedata.digit(character, None)
    return character if digit is None else str(digit)


def shown(text: str) -> str:
    """The text with what cannot be seen, or would turn the line around, as its code point: `<U+202E>`."""
    return "".join(character if character.isprintable() else f"<U+{ord(character):04X}>" for character in text)
