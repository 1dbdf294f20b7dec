"""How a run and the child that parses for it talk: frames of bytes, with their number and lengths before them."""

import struct
from typing import BinaryIO

HEAD = struct.Struct("<I")
LENGTH = struct.Struct("<Q")
MOST_FRAMES = 1_000
OUT_OF_MEMORY = 77  # the exit code of a child that has none left
LONGEST = 4_000_000_000  # a longer one is noise, not a frame


class Rejected(Exception):
    """The file is not to be read: a code and a sentence, as in findings.SCOPES."""

    def __init__(self, code: str, rule: str) -> None:
        super().__init__(code, rule)
        self.code, self.rule = code, rule


def send(stream: BinaryIO, *frames: bytes) -> None:
    """Write the frames as one message."""
    stream.write(HEAD.pack(len(frames)))
    for frame in frames:
        stream.write(LENGTH.pack(len(frame)))
        stream.write(frame)
    stream.flush()


def receive(stream: BinaryIO) -> list[bytes]:
    """The frames of one message; EOFError where the other end is gone."""
    (number,) = HEAD.unpack(_exactly(stream, HEAD.size))
    if number > MOST_FRAMES:
        raise ValueError("this is no message")
    return [_frame(stream) for _ in range(number)]


def _frame(stream: BinaryIO) -> bytes:
    (length,) = LENGTH.unpack(_exactly(stream, LENGTH.size))
    if length > LONGEST:
        raise ValueError("this is no message")
    return _exactly(stream, length)


def _exactly(stream: BinaryIO, length: int) -> bytes:
    found = stream.read(length)
    if len(found) < length:
        raise EOFError
    return found
