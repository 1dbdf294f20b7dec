"""What a cell means, whatever the letter case, `&` for `and`, and blanks around it or doubled."""

from datetime import date
from functools import cache

import polars as pl

from orchestration.raw.sources.columns import Column, Name


def plain(name: str) -> str:
    """A name in small letters, with `and` and single blanks."""
    return " ".join(part for part in name.lower().replace("&", " and ").split(" ") if part)


def plain_column(cell: pl.Expr) -> pl.Expr:
    """The same of the cells of a column."""
    written = cell.str.to_lowercase().str.replace_all("&", " and ", literal=True)
    return written.str.replace_all(" +", " ").str.strip_chars(" ")


def meanings(column: Column) -> list[Name]:
    """All that may be written for the words of a column: labels, other names of places, and the words themselves.

    A word that is spelt as a label means what is declared of the label.
    """
    labels = [Name(it.label, word, it.since, it.until) for word, its in column.labels.items() for it in its]
    spelt = {plain(it.name) for it in labels}
    return [*labels, *column.names, *(Name(word, word) for word in column.all_words if plain(word) not in spelt)]


def word_of(column: Column, month: pl.Expr) -> pl.Expr:
    """The word that a cell means in the month of its row; null where it is none, or could be two."""
    written = plain_column(pl.col(column.name))
    dated = [
        pl.when(written == plain(it.name), month.is_between(it.first or date.min, it.last or date.max)).then(
            pl.lit(it.word)
        )
        for it in meanings(column)
        if it.first or it.last
    ]
    meant = words_by_name(column)
    word = written.replace_strict(list(meant), list(meant.values()), default=None, return_dtype=pl.String)
    return pl.coalesce([*dated, word])


@cache
def words_by_name(column: Column) -> dict[str, str]:
    """The word for each name without dates, as `plain` has it; of what could be two there is none."""
    found: dict[str, set[str]] = {}
    for it in meanings(column):
        if not (it.first or it.last):
            found.setdefault(plain(it.name), set()).add(it.word)
    return {name: next(iter(meant)) for name, meant in found.items() if len(meant) == 1}
