"""Damage to the text of a delivery: its encoding, line ends, quotation marks and commas, or another file instead."""

import base64
import gzip
import json
from random import Random

from tests.torture.ways import NUMBERS, WORDS, Base, cell, line, put, text


def _encoded(encoding: str, letter: str):
    """With one letter that is not ASCII in it."""
    return lambda random, base: (
        (cell(WORDS, lambda _, value: put(random, value, letter))(random, base) or b"").decode().encode(encoding)
        or None
    )


def _mixed(random: Random, base: Base) -> bytes | None:
    lines = base.content.splitlines()
    one, two = (random.randrange(1, len(lines)) for _ in range(2))
    lines[one] += "é".encode()
    lines[two] += "é".encode("latin-1")
    return b"\n".join(lines) + b"\n"


def _overlong(random: Random, base: Base) -> bytes:
    place = random.randrange(len(base.content))
    byte = base.content[place]
    return base.content[:place] + bytes((0xC0 | byte >> 6, 0x80 | byte & 0x3F)) + base.content[place + 1 :]


def _html(random: Random, base: Base) -> bytes:
    return f"<!DOCTYPE html>\n<html><body>{random.choice((404, 502, 503))}, try again</body></html>\n".encode()


def _json(random: Random, base: Base) -> bytes:
    names, *its = base.table
    return json.dumps([dict(zip(names, row, strict=True)) for row in its], indent=random.choice((None, 1))).encode()


def _shifted(random: Random, row: str) -> str:
    cells = row.split(",")
    return ",".join(random.choice((["", *cells[:-1]], [*cells[1:], ""])))


CONFLICT = "<<<<<<< mine", "=======", ">>>>>>> theirs"
DAMAGES = {
    "Latin-1": _encoded("latin-1", "é"),
    "Windows-1252": _encoded("cp1252", "’"),
    "UTF-16": text(lambda _, all: all.encode("utf-16")),
    "UTF-16 without a mark": text(lambda random, all: all.encode(random.choice(("utf-16-le", "utf-16-be")))),
    "UTF-32": text(lambda _, all: all.encode("utf-32")),
    "UTF-7": lambda random, base: (
        (cell(WORDS, lambda _, value: put(random, value, "é"))(random, base) or base.content).decode().encode("utf-7")
    ),
    "two encodings": _mixed,
    "encoded twice": cell(WORDS, lambda random, value: put(random, value, "é".encode().decode("latin-1"))),
    "an overlong byte": _overlong,
    "two byte order marks": lambda _, base: b"\xef\xbb\xbf" * 2 + base.content,
    "a NUL": line(lambda random, row: put(random, row, "\0")),
    "a form feed": line(lambda random, row: put(random, row, random.choice("\f\v\x1a\x1c"))),
    "a tab": line(lambda random, row: put(random, row, "\t")),
    "Unicode line ends": text(lambda random, all: all.replace("\n", random.choice("\u2028\u2029\x85")).encode()),
    "a Unicode line end": line(lambda random, row: put(random, row, random.choice("\u2028\u2029\x85"))),
    "carriage returns only": text(lambda _, all: all.replace("\n", "\r").encode()),
    "an open quotation mark": line(lambda random, row: '"' + row if '"' not in row else None),
    "a quotation mark inside": line(lambda random, row: put(random, row, '"')),
    "apostrophes around": line(lambda _, row: ",".join(f"'{value}'" for value in row.split(","))),
    "curly quotation marks": line(lambda _, row: ",".join(f"“{value}”" for value in row.split(","))),
    "lines in quotation marks": text(lambda _, all: "".join(f'"{row}"\n' for row in all.splitlines()).encode()),
    "a line break in a cell": cell(
        ("word", "line", *NUMBERS), lambda random, value: put(random, value, random.choice(("\n", "\r\n")))
    ),
    "a cell too few": line(lambda _, row: row.rsplit(",", 1)[0]),
    "a cell too many": line(lambda _, row: row + ",1"),
    "shifted cells": line(_shifted),
    "semicolons": text(lambda random, all: all.replace(",", random.choice(";\t|")).encode()),
    "thousands with a comma": line(
        lambda _, row: ",".join((*row.split(",")[:-1], "1,234")) if row[-1:].isdigit() else None
    ),
    "cut inside a line": lambda random, base: base.content[: random.randrange(1, len(base.content))].rstrip(b"\n"),
    "cut at the end of a line": lambda random, base: base.content[
        : base.content.index(b"\n", random.randrange(len(base.content) - 1)) + 1
    ],
    "a web page": _html,
    "JSON": _json,
    "compressed": lambda _, base: gzip.compress(base.content, mtime=0),
    "base64": lambda _, base: base64.encodebytes(base.content),
    "nothing": lambda random, _: b" \n" * random.randrange(3),
    "a remark": text(
        lambda random, all: (
            all + random.choice(("# exported by night\n", "End of file\n", "NB: provisional\n"))
        ).encode()
    ),
    "a conflict of versions": line(lambda _, row: "\n".join((CONFLICT[0], row, CONFLICT[1], row, CONFLICT[2]))),
}
