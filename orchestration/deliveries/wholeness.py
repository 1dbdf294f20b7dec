"""Rules over many rows of a delivery: no key twice, no key missing, and every month it owes.

Each is written as a condition on single rows, broken on one row that can be named.
"""

from collections import Counter
from itertools import product

import polars as pl

from orchestration.deliveries.extracts import START, Extract

LISTED = 3


def prepared(extract: Extract, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with the line on which their key first stands (null where the key has an unsound cell)."""
    sound = pl.all_horizontal(pl.col(name).is_not_null() for name in extract.key)
    first = pl.col("file_line").min().over("file", *extract.key)
    return rows.with_columns(pl.when(sound).then(first).alias("first_line"))


def rules(extract: Extract) -> list[tuple]:
    """The rules as (name, column, passes, says, shows)."""
    line = pl.col("file_line")
    found = [("no key twice", None, pl.col("first_line") == line, _repeated(extract))]
    groups = _groups(extract)
    if groups:
        # optional words are over and above the set
        kept = pl.col("first_line") == line
        for column in groups:
            if extract.column(column).optional_words:
                kept &= ~pl.col(column).is_in(extract.column(column).optional_words)
        expected = len(_expected(extract))
        within = ["file", *extract.whole_within]
        known = pl.all_horizontal(pl.col(name).is_not_null() for name in extract.whole_within)
        if extract.dated:  # a month out of reach is refused as such, not for what it lacks
            known &= pl.col("month").is_between(
                pl.col("delivery_month").dt.offset_by(f"-{extract.oldest}mo"), pl.col("delivery_month")
            )
        complete = kept.sum().over(within) >= expected
        found.append(("no key missing", None, ~known | (line < line.max().over(within)) | complete, _missing(extract)))
    if extract.dated:
        month = pl.col("month")
        last_line = line == line.max().over("file")
        newest = month.max().over("file")
        found.append(("reaches its month", None, ~last_line | (newest >= pl.col("must_reach")), _too_old))
        if extract.months_held > 1:
            first_of_month = line == line.min().over("file", "month")
            held = (first_of_month & (month > newest.dt.offset_by(f"-{extract.months_held}mo"))).sum().over("file")
            since_start = (newest.dt.year() - START.year) * 12 + newest.dt.month() - START.month + 1
            whole = held >= pl.min_horizontal(pl.lit(extract.months_held), since_start)
            found.append(("holds its quarter", None, ~last_line | whole, _short(extract)))
    return found


def _groups(extract: Extract) -> list[str]:
    return [name for name in extract.key if name not in extract.whole_within] if extract.whole_within else []


def _expected(extract: Extract) -> list[tuple[str, ...]]:
    return list(product(*(extract.column(name).words for name in _groups(extract))))


def _key_words(extract: Extract) -> pl.Expr:
    dates = {column.name for column in extract.columns if column.kind == "month"}
    return pl.concat_str(
        [pl.col(name).dt.strftime("%Y-%m") if name in dates else pl.col(name) for name in extract.key], separator=", "
    )


def _repeated(extract: Extract):
    says = pl.format("the row for {} stands on line {} already", _key_words(extract), "first_line")
    return lambda _, failing: failing.select(says).to_series().to_list()


def _missing(extract: Extract):
    groups = _groups(extract)

    def says(rows: pl.DataFrame, failing: pl.DataFrame) -> list[str]:
        return [sentence(rows, row) for row in failing.iter_rows(named=True)]

    def sentence(rows: pl.DataFrame, row: dict) -> str:
        same = [pl.col("file") == row["file"], *(pl.col(name) == row[name] for name in extract.whole_within)]
        there = set(rows.filter(*same).select(groups).iter_rows())
        expected = _expected(extract)
        absent = [key for key in expected if key not in there]
        what = ", ".join(
            f"{row[name]:%Y-%m}" if extract.column(name).kind == "month" else row[name] for name in extract.whole_within
        )
        listed = _gathered(groups, expected, absent)
        more = f" ... and {len(listed) - LISTED} more" if len(listed) > LISTED else ""
        return (
            f"{what} ends here with {len(expected) - len(absent)} of its {len(expected)} rows; missing: "
            + "; ".join(listed[:LISTED])
            + more
        )

    return says


def _gathered(groups: list[str], expected: list[tuple], absent: list[tuple]) -> list[str]:
    """The missing keys, a word of which every row is missing named once."""
    said, left = [], set(absent)
    if len(groups) > 1:
        for place, group in enumerate(groups):
            full, gone = Counter(key[place] for key in expected), Counter(key[place] for key in absent)
            for word in [word for word in gone if gone[word] == full[word] and len(gone) < len(full)]:
                said.append(f"every row of {group.replace('_', ' ')} '{word}'")
                left -= {key for key in left if key[place] == word}
    return said + [" ".join(key) for key in absent if key in left]


def _too_old(rows: pl.DataFrame, failing: pl.DataFrame) -> list[str]:
    newest = dict(rows.group_by("file").agg(pl.col("month").max()).iter_rows())
    return [
        f"the newest month in the file is {newest[file]:%Y-%m}, but a delivery for {delivery:%Y-%m} "
        f"must reach {reach:%Y-%m}"
        for file, delivery, reach in failing.select("file", "delivery_month", "must_reach").iter_rows()
    ]


def _short(extract: Extract):
    def says(rows: pl.DataFrame, failing: pl.DataFrame) -> list[str]:
        newest = dict(rows.group_by("file").agg(pl.col("month").max()).iter_rows())
        return [
            f"the file lacks one of the {extract.months_held} months up to {newest[file]:%Y-%m}, "
            "the whole quarter belongs in a delivery"
            for file in failing["file"]
        ]

    return says
