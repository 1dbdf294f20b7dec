"""A CSV whose last line has no line end: whole, as many programs leave it, or cut off while it was written.

It counts, with a note, if its sender's manifest confirms it, if its last row is empty or a footnote, or if that row has
all its cells and the last of them cannot be the beginning of a longer one. That is so of a cell in quotation marks or
with an empty one behind it, of a month, of a known word with which no other begins, of a sentence with its full stop,
and of an amount with as many decimals as others in the file have. A whole number is compared with what was known last
of the same key: it must be nearer to that than it would be with one digit more. Where nothing is known, other rows of
the file must have numbers as short. All else is in doubt, and a person may vouch for it.
"""

import re
from decimal import Decimal

import polars as pl

from orchestration import years
from orchestration.raw.findings.findings import problem
from orchestration.raw.sources import catalogue
from orchestration.raw.sources.columns import Column
from orchestration.raw.sources.declarations import Extract
from orchestration.raw.sources.kinds import NUMBERS, WORDS

SENTENCE = re.compile(r"[.!?…][)\"'’”]*$|\)$")
CUT_OFF = "the file may have been cut off while it was written: send it again, or accept it if it is whole"


def finding(
    line: int, last_line: bytes, column: Column | None, cell: str | None, decimals: int, *, confirmed: bool
) -> pl.DataFrame:
    """The note on a file whose last row begins on that line, or the doubt about it.

    `cell` is the last cell of that row (None where the row cannot be cut into its cells), `decimals` how many the other
    cells of its column have at most. A note on a number has its column as its value: it is still to be compared.
    """
    if confirmed:
        return problem("no_final_line_end", "the last line has no line end; a manifest confirms that it is whole", line)
    if cell is None:  # a problem of the file, not of the row: what its last row lacks, it lacks because of that
        return problem("cut_off", f"line {line}, the last, has no line end and not all its cells: {CUT_OFF}")
    if column and not last_line.endswith((b'"', b",", b"\r")) and _may_go_on(column, cell, decimals):
        return problem("cut_off", f"line {line}, the last, has no line end, and its last cell may go on: {CUT_OFF}")
    whole = "the last line has no line end, but is complete: it counts"
    compared = None
    if column and column.kind in NUMBERS and last_line.endswith(cell.encode()):
        compared = column.name if cell.lstrip("-").isdecimal() and cell != "0" else None
    return problem("no_final_line_end", whole, line, value=compared)


def _may_go_on(column: Column, cell: str, decimals: int) -> bool:
    """Whether the last cell may be the beginning of a longer one, judging by its own file."""
    if column.kind == "comment":
        return not SENTENCE.search(cell)
    if column.kind in (*WORDS, "line"):
        return any(word != cell and word.startswith(cell) for word in known_words(column))
    if column.kind not in NUMBERS:
        return False
    most = min(decimals, column.places)
    return len(cell.partition(".")[2]) < most or cell in ("-", "+", "£") or cell.endswith(".")


def known_words(column: Column) -> set[str]:
    """What may stand in a column of words, or of lines of any year's card."""
    if column.kind == "line":
        return {line for year in years.months_by_year() for line in catalogue.lines(year)}
    return {*column.all_words}


def doubt(extract: Extract, rows: pl.DataFrame, notes: pl.DataFrame, before: pl.DataFrame | None) -> pl.DataFrame:
    """The doubt about a file without a final line end that its readers noted, by what it is compared with.

    `rows` are the typed rows of the file, `before` those of the last effective delivery before it, if there is one.
    """
    noted = notes.filter(code="no_final_line_end")
    last = rows.filter(pl.col("file_line").is_in(noted["line"].implode()))
    if last.is_empty():  # it has a line end, or ends with an empty row or a footnote
        return notes.clear()
    name, line = noted["value"].item(), noted["line"].item()
    others = rows.filter(pl.col("file_line") != line)
    found = None if before is None else _lost_words(extract, last, rows, before)
    if name is not None and last[name].item() is not None:
        found = found or _cut_short(extract, last, others, before, name)
    if not found:
        return notes.clear()
    return problem(
        "cut_off", f"line {line}, the last, has no line end, and {found}: {CUT_OFF}", file=noted["file"].item()
    )


def _cut_short(
    extract: Extract, last: pl.DataFrame, others: pl.DataFrame, before: pl.DataFrame | None, name: str
) -> str | None:
    """The reason why the last number may have been longer; None if there is none."""
    number = last[name].item()
    known = _last_known(extract, last, [frame for frame in (before, others) if frame is not None], name)
    if known is not None:
        return None if number**2 * 10 > known**2 else f"ends with {name} {number:,}, where {known:,} was known last"
    # rows of the same drug, or of the same place; all of them where each is of its own
    alike = [others.filter(_equal_in(last, [word])) for word in _words(extract)]
    longer = 10 ** len(str(abs(int(number))))
    for rows in [rows for rows in alike if not rows.is_empty()] or [others]:
        if not (rows[name].drop_nulls().cast(pl.Float64).abs() < longer).any():
            return f"ends with {name} {number:,}, while no other number of its kind in the file is as short"
    return None


def _last_known(extract: Extract, last: pl.DataFrame, frames: list[pl.DataFrame], name: str) -> int | Decimal | None:
    """What was known last of the key of the last row: for the same month, else for the newest that there is."""
    months = [column for column in extract.key if extract.column(column).kind == "month"]
    for keys in (list(extract.key), _words(extract)):
        for frame in frames:
            found = frame.filter(_equal_in(last, keys), pl.col(name).is_not_null()).sort(months)
            if not found.is_empty():
                return found[name].to_list()[-1]
    return None


def _lost_words(extract: Extract, last: pl.DataFrame, rows: pl.DataFrame, before: pl.DataFrame) -> str | None:
    """The optional words that the delivery before has, and this one not: no rule would find their rows missing."""
    for name in (each for each in extract.key if extract.column(each).optional_words):
        same_words = _equal_in(last, [word for word in _words(extract) if word != name])
        was, now = (set(frame.filter(same_words)[name].cast(pl.String)) for frame in (before, rows))
        if lost := sorted(was - now):
            return f"nothing stands there of {name} {' and '.join(lost)}, of which the delivery before has figures"
    return None


def _words(extract: Extract) -> list[str]:
    return [name for name in extract.key if extract.column(name).kind != "month"]


def _equal_in(last: pl.DataFrame, names: list[str]) -> pl.Expr:
    """Whether a row has in these columns what the last one has."""
    return pl.all_horizontal(
        pl.lit(True), *(pl.col(name).cast(pl.String) == pl.lit(last[name].item()).cast(pl.String) for name in names)
    )
