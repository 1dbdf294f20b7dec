"""Messages between a run and the child that parses for it: a line of JSON, and bytes."""

import json
from typing import IO

OUT_OF_MEMORY = 77  # the exit code of a child that has none left
LONGEST = 4_000_000_000  # bytes; more is noise, not a message
BROKEN_PARQUET = "the file is no Parquet file that can be opened: it is cut off or of another format"
BROKEN_SHEET = "the sheet cannot be read: save the workbook again as XLSX"


class Rejected(Exception):
    """The file is not to be read: a code and a sentence, as in findings.SCOPES."""

    def __init__(self, code: str, rule: str) -> None:
        super().__init__(code, rule)
        self.code, self.rule = code, rule


def send(stream: IO[bytes], message: dict, content: bytes = b"") -> None:
    """Write a message, as one line of JSON, and the bytes that belong to it."""
    stream.write(json.dumps({**message, "size": len(content)}).encode() + b"\n")
    stream.write(content)
    stream.flush()


def receive(stream: IO[bytes]) -> tuple[dict, bytes]:
    """A message and its bytes; EOFError where the other end is gone, ValueError where this is no message."""
    line = stream.readline(LONGEST)
    if not line.endswith(b"\n"):
        raise EOFError
    message = json.loads(line)
    size = message.pop("size", None) if isinstance(message, dict) else None
    if not isinstance(size, int) or not 0 <= size <= LONGEST:
        raise ValueError("this is no message")
    content = stream.read(size)
    if len(content) < size:
        raise EOFError
    return message, content
