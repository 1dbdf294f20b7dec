"""What the sheets look like: the fonts, colours and heights they share, and how high a row must be to show its text."""

from math import ceil
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_pixel_width

# Arial is on nearly every computer, and where it is not there is a font of the same widths.
DEFAULT = {"font_name": "Arial", "font_size": 10, "font_scheme": False}
ROW_PIXELS = 17
A4 = 9
INK, QUIET, RULE = "#1F2A44", "#505A5F", "#BFC6D4"
HEADING = {"bold": True, "font_color": "white", "bg_color": INK, "text_wrap": True, "valign": "vcenter"}
DAY = "yyyy-mm-dd"

# They differ in lightness too, for readers who see no difference between red and green.
LETTERS = {
    "G": {"bg_color": "#5CC489", "font_color": "#000000"},
    "A": {"bg_color": "#FFD24D", "font_color": "#000000"},
    "R": {"bg_color": "#A3121F", "font_color": "#FFFFFF"},
}

LINE_POINTS = 12.75
PADDING_POINTS = 5
HIGHEST_POINTS = 409  # what Excel allows
PIXELS_OF_A_DIGIT = 7
MARGIN_PIXELS = 16  # on both sides, an indent of 1 included
# Widths are Excel's own for a font that is nearly as wide: what it may be wider, and what bold letters add.
WIDER, WIDER_BOLD = 1.01, 1.08


class Styles:
    """The formats of a workbook, each made once."""

    def __init__(self, workbook: Workbook):
        self._workbook = workbook
        self._made: dict[tuple, Format] = {}

    def __call__(self, **properties: Any) -> Format:
        """The format with these properties of xlsxwriter."""
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._workbook.add_format(properties)
        return self._made[key]


def height(text: str, width: float, bold: bool = False) -> float:
    """The points that a row needs to show a text, wrapped in a column of this width (in digits)."""
    return min(_lines(text, width, bold) * LINE_POINTS + PADDING_POINTS, HIGHEST_POINTS)


def _lines(text: str, width: float, bold: bool) -> int:
    room = width * PIXELS_OF_A_DIGIT - MARGIN_PIXELS
    return sum(_wrapped(paragraph, room, WIDER_BOLD if bold else WIDER) for paragraph in text.split("\n"))


def _wrapped(paragraph: str, room: float, wider: float) -> int:
    """How many lines a paragraph takes, words kept whole where they fit."""
    lines, used, space = 1, 0.0, xl_pixel_width(" ") * wider
    for word in paragraph.split(" "):
        pixels = xl_pixel_width(word) * wider
        if used and used + space + pixels > room:
            lines, used = lines + 1, 0.0
        used += pixels + (space if used else 0)
        if used > room:
            lines, used = lines + ceil(used / room) - 1, used % room
    return lines
