"""The bytes of a delivery as text cells: frames of strings and the line each row stands on. No contract here."""

import io
from collections.abc import Iterator
from pathlib import Path

from orchestration.raw.extracts import Extract
from orchestration.raw.readers import comma_separated, parquet, workbook
from orchestration.raw.readers.header import Read, rejected

WHOLE = {"xlsx": workbook.read, "parquet": parquet.read}
BLOCK = 1 << 20


def read(extract: Extract, content: bytes | Path, suffix: str) -> Iterator[Read]:
    """The rows as text, with `file_line`, and what is wrong with the file itself; no frame where it is unreadable.

    A large CSV (of which `content` says where it is) comes in pieces.
    """
    with io.BytesIO(content) if isinstance(content, bytes) else content.open("rb") as file:
        if not any(block.strip() for block in iter(lambda: file.read(BLOCK), b"")):
            yield rejected("empty_file", "the file is empty: send it again")
            return
        file.seek(0)
        if suffix == "csv":
            yield from comma_separated.read(extract, file)
        else:
            yield WHOLE[suffix](extract, file.read())
