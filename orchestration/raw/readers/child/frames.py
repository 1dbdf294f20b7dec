"""How a run and the child that parses for it talk: frames of bytes, with their number and lengths before them."""

import struct
from typing import IO

HEAD = struct.Struct("<I")
LENGTH = struct.Struct("<Q")
MOST_FRAMES = 1_000
OUT_OF_MEMORY = 77  # the exit code of a child that has none left
LONGEST = 4_000_000_000  # a longer one is noise, not a frame
BROKEN_PARQUET = "the file is no Parquet file that can be opened: it is cut off or of another format"
BROKEN_SHEET = "the sheet cannot be read: save the workbook again as XLSX"


class Rejected(Exception):
    """The file is not to be read: a code and a sentence, as in findings.SCOPES."""

    def __init__(self, code: str, rule: str) -> None:
        super().__init__(code, rule)
        self.code, self.rule = code, rule


def send(stream: IO[bytes], *frames: bytes) -> None:
    """Write the frames as one message."""
    stream.write(HEAD.pack(len(frames)))
    for frame in frames:
        stream.write(LENGTH.pack(len(frame)))
        stream.write(frame)
    stream.flush()


def receive(stream: IO[bytes]) -> list[bytes]:
    """The frames of one message; EOFError where the other end is gone."""
    (number,) = HEAD.unpack(_exactly(stream, HEAD.size))
    if number > MOST_FRAMES:
        raise ValueError("this is no message")
    return [_frame(stream) for _ in range(number)]


def _frame(stream: IO[bytes]) -> bytes:
    (length,) = LENGTH.unpack(_exactly(stream, LENGTH.size))
    if length > LONGEST:
        raise ValueError("this is no message")
    return _exactly(stream, length)


def _exactly(stream: IO[bytes], length: int) -> bytes:
    found = stream.read(length)
    if len(found) < length:
        raise EOFError
    return found
