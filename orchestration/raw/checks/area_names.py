"""The names of places: what a delivery writes, and the catalogue's word for it. The one place where words are mapped.

A name of area_names.csv, another letter case, `&` for `and`, and blanks around or doubled are read as the catalogue's
word, with a note; what could be two of its words is none.
"""

import hashlib

import polars as pl

from orchestration.raw.findings import confusables, findings
from orchestration.raw.sources import catalogue
from orchestration.raw.sources.columns import Column
from orchestration.raw.sources.declarations import Extract
from orchestration.raw.sources.names import plain, word_of, words_by_name

LISTED = 3


def columns(extract: Extract) -> list[Column]:
    """The columns of an extract that name places."""
    return [column for column in extract.columns if column.place]


def version(extract: Extract) -> str | None:
    """A digest of the names that the rows of an extract are read with; None where it names no places."""
    named = [(column.name, column.all_words, column.names) for column in columns(extract)]
    return hashlib.sha256(repr(named).encode()).hexdigest()[:12] if named else None


def in_catalogue_words(extract: Extract, text: pl.DataFrame) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """The text with the catalogue's words for its places; and a note for each file and column with other words."""
    notes = []
    for column in columns(extract):
        cell, known = pl.col(column.name), pl.col(column.name).is_in(column.all_words)
        if text.select((known | cell.is_null()).all()).item():
            continue
        word = pl.when(known).then(cell).otherwise(pl.coalesce(_word(extract, column), cell))
        read = text.select("file", cell.alias("written"), word.alias("word")).filter(
            pl.col("written") != pl.col("word")
        )
        for (file,), rows in read.group_by("file", maintain_order=True):
            counted = rows.group_by("written", "word", maintain_order=True).len()
            notes.append(findings.problem("other_name", _note(counted), column=column.name, file=str(file)))
        text = text.with_columns(word.alias(column.name))
    return text, notes


def _note(counted: pl.DataFrame) -> str:
    parts = [
        f"'{written}' is read as '{word}' ({number} row{'' if number == 1 else 's'})"
        for written, word, number in counted.head(LISTED).iter_rows()
    ]
    parts += [f"... and {counted.height - LISTED} more"] if counted.height > LISTED else []
    return "; ".join(parts)


def hint(column: Column, value: str) -> str:
    """What to declare where a name that is not known is one of a place after all."""
    for name in column.names:
        if plain(name.name) == plain(value):
            first = f" from {name.first:%Y-%m}" if name.first else ""
            last = f" to {name.last:%Y-%m}" if name.last else ""
            return f"{catalogue.AREA_NAMES} has it as a name of '{name.word}'{first}{last} only"
    return f"if it is another name of one, add it to {catalogue.AREA_NAMES}"


def is_known(column: Column, word: str) -> bool:
    """Whether a word is one of the catalogue, or a name of one at some time."""
    return (
        word in column.all_words
        or plain(word) in words_by_name(column)
        or any(word == name.name for name in column.names)
    )


def _word(extract: Extract, column: Column) -> pl.Expr:
    """The word that a cell means; null where it is none, or could be two. Look-alike letters mean nothing."""
    # a name has its dates by the month that a row is of
    month = pl.col(extract.period).str.to_date("%Y-%m", strict=False) if extract.period else pl.col("delivery_month")
    return pl.when(~pl.col(column.name).str.contains(confusables.STRANGE)).then(word_of(column, month))
