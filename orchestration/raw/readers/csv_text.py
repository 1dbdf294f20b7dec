"""The bytes of a delivery as text: strict UTF-8, no control characters, line ends that end lines. Knows no cells.

A large file is gone through in pieces of whole lines, so that no more than one of them is in memory.
"""

import re
from collections.abc import Iterator
from io import SEEK_END
from itertools import islice
from typing import BinaryIO, NamedTuple

import numpy as np
import polars as pl

from orchestration.raw.findings.findings import problem

PIECE = 16_000_000  # bytes
LONGEST_END = 1_000_000  # bytes of the last line that are looked at
MARK = b"\xef\xbb\xbf"
# line feed and carriage return are looked at on their own
CONTROL = re.compile(rb"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f]")
MOST_CONTROLS = 1000
# é, { and ’ as UTF-7 writes them, in bytes that are ASCII: +AOk-, +AHs-, +IBk-
SEVEN_BITS = re.compile(rb"\+(?:A[A-P]|IB)[A-Za-z0-9+/]+-")


class Piece(NamedTuple):
    """Some whole lines of a file, and the number of the first."""

    line: int
    lines: int
    text: bytes


def pieces(file: BinaryIO) -> Iterator[Piece]:
    """The file from its beginning, without a byte order mark, every line of it with an end: one piece at least."""
    file.seek(0)
    line, text = 1, _lines(file).removeprefix(MARK)
    while True:
        lines = count(text, b"\n")
        yield Piece(line, lines, text)
        line, text = line + lines, _lines(file)
        if not text:
            return


def _lines(file: BinaryIO) -> bytes:
    text = file.read(PIECE) + file.readline()
    return text if text.endswith(b"\n") or not text else text + b"\n"


def last_line(file: BinaryIO) -> bytes:
    """What stands behind the last line end (of a long line its end): nothing in a file whose last line has one."""
    file.seek(max(0, file.seek(0, SEEK_END) - LONGEST_END))
    return file.read().rpartition(b"\n")[2]


def count(text: bytes, byte: bytes) -> int:
    """How often a byte stands in a text where it stands often: bytes.count looks for one after the other."""
    return int(np.count_nonzero(np.frombuffer(text, np.uint8) == ord(byte)))


def problems(file: BinaryIO) -> list[pl.DataFrame]:
    """Why the file is no text: the first of these reasons that there is, wherever in the file it shows."""
    encoding: list[pl.DataFrame] = []
    seven_bits: list[pl.DataFrame] = []
    controls: list[tuple[int, int]] = []
    ends: list[pl.DataFrame] = []
    for piece in pieces(file):
        encoding += _not_utf_8(piece)
        seven_bits += _seven_bits(piece)
        controls += islice(_controls(piece), MOST_CONTROLS - len(controls))
        ends += _line_ends(piece)
    return encoding[:1] or seven_bits[:1] or _control_characters(controls) or ends[:1]


def _not_utf_8(piece: Piece) -> Iterator[pl.DataFrame]:
    try:
        if not piece.text.isascii():
            piece.text.decode("utf-8")
    except UnicodeDecodeError as error:
        byte = f"byte 0x{piece.text[error.start]:02X} is not UTF-8 (Latin-1 or Windows-1252?)"
        yield problem("encoding", f"{byte}: save the file as CSV UTF-8", _line_of(piece, error.start))


def _seven_bits(piece: Piece) -> Iterator[pl.DataFrame]:
    if b"+" in piece.text and (found := SEVEN_BITS.search(piece.text)):
        rule = f"{found[0].decode()} is UTF-7: save the file as CSV UTF-8"
        yield problem("encoding", rule, _line_of(piece, found.start()))


def _controls(piece: Piece) -> Iterator[tuple[int, int]]:
    """Each control character: its line and its byte."""
    # to count the low bytes is twenty times faster than to look for one that is not there
    low = np.count_nonzero(np.frombuffer(piece.text, np.uint8) < ord(" "))
    if low in (piece.lines, piece.lines + piece.text.count(b"\r")) and b"\x7f" not in piece.text:
        return
    for found in CONTROL.finditer(piece.text):
        yield _line_of(piece, found.start()), found[0][0]


def _control_characters(found: list[tuple[int, int]]) -> list[pl.DataFrame]:
    names = {0: "a NUL byte", 9: "a tab"}
    first = dict(reversed(found))
    return [
        problem(
            "control_character",
            f"the line has {names.get(byte, f'a control character (0x{byte:02X})')} in it: take it out",
            line,
        )
        for line, byte in sorted(first.items())
    ]


def _line_ends(piece: Piece) -> Iterator[pl.DataFrame]:
    if b"\r" in piece.text and piece.text.count(b"\r") != piece.text.count(b"\r\n"):
        message = "the file has carriage returns that end no line: save it with LF or CRLF line ends"
        yield problem("line_ends", message)


def _line_of(piece: Piece, place: int) -> int:
    return piece.line + piece.text.count(b"\n", 0, place)
