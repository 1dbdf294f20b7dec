"""Text as a cell holds it: never a formula, never mark-up, never longer than a cell can be."""

import re

from orchestration.raw.findings import spreadsheet_text

LONGEST = 32_767  # what Excel takes, counted as UTF-16 does
CUT = " [cut here: a cell holds no more than 32,767 characters]"
# What begins with a number as the card prints it is no formula, though it begins with a sign: "-5.1% meets the target".
# What follows must be words and numbers, without any of the signs by which a formula would call something.
BEGINS_WITH_A_NUMBER = re.compile(r"[+-]£?[0-9][0-9,]*(\.[0-9]+)?[%m]?( [\w\s%£.,;:+-]*)?")
# Control characters cannot stand in a workbook, or look like nothing: each has a picture of itself.
PICTURES = {code: 0x2400 + code for code in range(0x20) if chr(code) not in "\t\n"} | {0x7F: 0x2421}
PICTURES |= dict.fromkeys((0xFFFE, 0xFFFF), 0xFFFD)


def of_cell(text: str) -> str:
    """Text of a table for a cell: a formula is neutralised, a control character shown, what is too long is cut."""
    text = spreadsheet_text.neutralised(text).replace("\r\n", "\n").replace("\r", "\n").translate(PICTURES)
    # xlsxwriter takes a text between these for mark-up of its own and writes it unescaped
    if text.startswith("<r>") and text.endswith("</r>"):
        text = f"'{text}"
    return text if _length(text) <= LONGEST else _cut(text)


def of_card(text: str) -> str:
    """The same for a text that the card prints, where what begins with a number stays as printed."""
    return text if BEGINS_WITH_A_NUMBER.fullmatch(text) else of_cell(text)


def _length(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def _cut(text: str) -> str:
    units = text.encode("utf-16-le")[: 2 * (LONGEST - len(CUT))]
    return units.decode("utf-16-le", errors="ignore") + CUT  # half of a character at the end is left out
