"""Names without what people write in more ways than one: letter case, `&` for `and`, blanks around or doubled."""

import polars as pl


def plain(name: str) -> str:
    """A name in small letters, with `and` and single blanks."""
    return " ".join(part for part in name.lower().replace("&", " and ").split(" ") if part)


def plain_column(cell: pl.Expr) -> pl.Expr:
    """The same of the cells of a column."""
    written = cell.str.to_lowercase().str.replace_all("&", " and ", literal=True)
    return written.str.replace_all(" +", " ").str.strip_chars(" ")
