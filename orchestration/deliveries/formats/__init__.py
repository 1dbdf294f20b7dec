"""The bytes of a delivery as text cells: one frame of strings and the line each row stands on. No contract here."""

from orchestration.deliveries.extracts import Extract
from orchestration.deliveries.formats import comma_separated, parquet, workbook
from orchestration.deliveries.formats.header import Read, refused

READERS = {"csv": comma_separated.read, "xlsx": workbook.read, "parquet": parquet.read}


def read(extract: Extract, content: bytes, suffix: str) -> Read:
    """The rows as text, with `file_line`, and what is wrong with the file itself; no frame where it is unreadable."""
    if not content.strip():
        return refused("empty_file", "the file is empty: send it again")
    return READERS[suffix](extract, content)
