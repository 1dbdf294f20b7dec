"""The codes of findings, from codes.csv: how much each keeps out, what it means and what its sender can do.

The meanings and remedies are the text of docs/messages.md.
"""

import csv
from pathlib import Path
from typing import Literal, NamedTuple, cast

# What a finding keeps out: the file (it cannot be read as rows), the delivery (rows are missing) or the row. A doubt is
# about a row, a whole_doubt about the delivery, that can be read and is hard to believe: a person may vouch for it. A
# warning keeps nothing out, nor does a note, which records what was left out or read differently.
Scope = Literal["file", "delivery", "row", "doubt", "whole_doubt", "warning", "note"]


class Code(NamedTuple):
    """A code does not change when its message is reworded. A note has no remedy."""

    code: str
    scope: Scope
    meaning: str
    remedy: str


with Path(__file__).with_name("codes.csv").open(encoding="utf-8", newline="") as _rows:
    CODES = {
        row["code"]: Code(row["code"], cast(Scope, row["scope"]), row["meaning"], row["remedy"])
        for row in csv.DictReader(_rows)
    }
