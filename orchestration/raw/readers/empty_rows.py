"""Rows that say nothing: empty ones anywhere, and footnotes at the end. They are left out, counted and noted."""

from collections.abc import Collection

import polars as pl

from orchestration.raw.findings.findings import problem


def leave_out(
    rows: pl.DataFrame, *, above: int, known: Collection[str] = ()
) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """The rows that say something, and a note on the others.

    `rows` holds `file_line` and then the cells of a row as text, in the order of the file; a cell of blanks or null is
    empty. `above` counts the empty rows above them. A footnote is text in the first cell alone, below an empty row
    with nothing but footnotes and empty rows after it. A value that the first column may have is none, one that other
    rows have or a `known` one.
    """
    first, *others = (_is_blank(name) for name in rows.columns if name != "file_line")
    if not rows.select(first.any()).item():  # neither an empty row nor, then, a footnote below one
        return rows, _notes(above, rows.clear())
    rows = rows.with_columns(
        pl.all_horizontal(first, *others).alias("empty"), pl.all_horizontal(~first, *others).alias("alone")
    )
    rows = rows.with_columns(_is_footnote(rows.columns[1], known).alias("footnote"))
    kept = rows.filter(~pl.col("empty") & ~pl.col("footnote")).drop("empty", "alone", "footnote")
    notes = _notes(above + int(rows["empty"].sum()), rows.filter("footnote").select(kept.columns))
    return kept, notes


def _is_blank(name: str) -> pl.Expr:
    return pl.col(name).fill_null("").str.strip_chars() == ""


def _is_footnote(first: str, known: Collection[str]) -> pl.Expr:
    """Text that is no value of its column: a row cut off after its first cell is no footnote.

    Text has a letter, or no digit either: dashes or stars set a footnote apart.
    """
    row = ~pl.col("empty") & ~pl.col("alone")
    below_rows = ~row.cum_max(reverse=True)
    below_empty = (pl.col("empty") & below_rows).cum_max()
    text = pl.col(first).str.strip_chars()
    is_text = text.str.contains(r"\p{L}|^\P{Nd}*$")
    is_value = pl.col(first).is_in(pl.col(first).filter(row).implode()) | text.is_in(list(known))
    return pl.col("alone") & below_rows & below_empty & is_text & ~is_value


def _notes(empty: int, footnotes: pl.DataFrame) -> list[pl.DataFrame]:
    rule = "1 empty row is left out" if empty == 1 else f"{empty:,} empty rows are left out"
    notes = [problem("empty_rows", rule)] if empty else []
    return notes + [
        problem("footnote", "is a footnote and left out", line, footnotes.columns[1], text)
        for line, text, *_ in footnotes.iter_rows()
    ]
