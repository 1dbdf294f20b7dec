"""What separates the columns of a text file, where it is not the comma: recognised by the names in its first line."""

import re

from orchestration.raw.sources.declarations import Extract

SEPARATORS = {
    ";": "semicolons",
    "\t": "tabs",
    "|": "bars",
    ":": "colons",
    "^": "carets",
    "~": "tildes",
    " ": "blanks",
}
LIKELY = ";\t|"  # what separates columns even where none of the names is known
# the line that declares the separator to a spreadsheet program; others add commas or quotation marks when they save it
DECLARED = re.compile(r'"?sep=(\\t|.)"?,*', re.IGNORECASE)


def canonical(name: str) -> str:
    """The name of a column as a contract writes it: case, blanks around it and the sign between words do not matter."""
    return re.sub(r"[\s_.\-]+", "_", name.strip()).strip("_").lower()


def declared(line: str) -> str | None:
    """The separator that the line `sep=;` declares; None for any other line."""
    found = DECLARED.fullmatch(line.strip(" \r"))
    return None if found is None else found[1].replace("\\t", "\t")


def other_than_comma(extract: Extract, header: str) -> str | None:
    """What separates the names of the header instead of commas; None where commas do, or nothing is recognised."""
    expected = {column.name for column in extract.columns}

    def recognised(separator: str) -> int:
        return sum(canonical(name.strip().strip("\"'")) in expected for name in header.split(separator))

    most = max(SEPARATORS, key=recognised)
    if recognised(most) > max(1, recognised(",")):
        return most
    return None if "," in header else next((each for each in LIKELY if each in header), None)


def save_with_commas(separator: str) -> str:
    """What is wrong with another separator, and what to do."""
    name = SEPARATORS.get(separator, f"the sign {separator}")
    return f"the columns are separated by {name}: save the file with commas between them"
