"""The bytes of a CSV as text: strict UTF-8, no control characters, line ends that end lines. Knows no cells."""

import re
from itertools import islice

import numpy as np
import polars as pl

from orchestration.raw.findings.findings import problem

MARK = b"\xef\xbb\xbf"
# line feed and carriage return are looked at on their own
CONTROL = re.compile(rb"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f]")
CONTROL_NAMES = {0: "a NUL byte", 9: "a tab"}
MOST_CONTROLS = 1000
# é, { and ’ as UTF-7 writes them, in bytes that are ASCII: +AOk-, +AHs-, +IBk-
SEVEN_BITS = re.compile(rb"\+(?:A[A-P]|IB)[A-Za-z0-9+/]+-")


def whole_lines(content: bytes) -> bytes:
    """The file without a byte order mark, its last line ended like the others."""
    text = content.removeprefix(MARK)
    return text if text.endswith(b"\n") else text + b"\n"


def with_commas(content: bytes, delimiter: str) -> bytes:
    """The file with commas for the declared delimiter, and that for the commas, which then stand inside cells."""
    if delimiter == ",":
        return content
    return content.translate(bytes.maketrans(f",{delimiter}".encode(), f"{delimiter},".encode()))


def as_delivered(cell: str, delimiter: str) -> str:
    """A cell of such a file as it was."""
    return cell if delimiter == "," else cell.translate(str.maketrans(f",{delimiter}", f"{delimiter},"))


def count(text: bytes, byte: bytes) -> int:
    """How often a byte stands in a text where it stands often: bytes.count looks for one after the other."""
    return int(np.count_nonzero(np.frombuffer(text, np.uint8) == ord(byte)))


def problems(text: bytes) -> list[pl.DataFrame]:
    """Why these lines are no text: the first of the reasons that there is."""
    return _not_utf_8(text) or _seven_bits(text) or _control_characters(text) or _line_ends(text)


def _not_utf_8(text: bytes) -> list[pl.DataFrame]:
    try:
        if not text.isascii():
            text.decode()
    except UnicodeDecodeError as error:
        byte = f"byte 0x{text[error.start]:02X} is not UTF-8 (Latin-1 or Windows-1252?)"
        return [problem("encoding", f"{byte}: save the file as CSV UTF-8", _line_of(text, error.start))]
    return []


def _seven_bits(text: bytes) -> list[pl.DataFrame]:
    if b"+" not in text or not (found := SEVEN_BITS.search(text)):
        return []
    rule = f"{found[0].decode()} is UTF-7: save the file as CSV UTF-8"
    return [problem("encoding", rule, _line_of(text, found.start()))]


def _control_characters(text: bytes) -> list[pl.DataFrame]:
    """The first control character of each line that has any."""
    # to count the low bytes is twenty times faster than to look for one that is not there
    low, lines = np.count_nonzero(np.frombuffer(text, np.uint8) < ord(" ")), count(text, b"\n")
    if low in (lines, lines + text.count(b"\r")) and b"\x7f" not in text:
        return []
    first: dict[int, int] = {}
    line, place = 1, 0
    for found in islice(CONTROL.finditer(text), MOST_CONTROLS):
        line, place = line + text.count(b"\n", place, found.start()), found.start()
        first.setdefault(line, found[0][0])
    names = {line: CONTROL_NAMES.get(byte, f"a control character (0x{byte:02X})") for line, byte in first.items()}
    return [
        problem("control_character", f"the line has {name} in it: take it out", line) for line, name in names.items()
    ]


def _line_ends(text: bytes) -> list[pl.DataFrame]:
    if b"\r" not in text or text.count(b"\r") == text.count(b"\r\n"):
        return []
    message = "the file has carriage returns that end no line: save it with LF or CRLF line ends"
    return [problem("line_ends", message)]


def _line_of(text: bytes, place: int) -> int:
    return 1 + text.count(b"\n", 0, place)
