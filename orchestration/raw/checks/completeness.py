"""Rules over many rows of a delivery: no key twice, no key missing, and every month it owes.

Each is written as a condition on single rows, broken on one row that can be named.
"""

from collections import Counter
from datetime import date
from functools import reduce
from itertools import product
from operator import mul

import polars as pl

from orchestration import months, years
from orchestration.raw.checks.rules import Message, Rule, in_its_months, month_text
from orchestration.raw.findings.wording import listed
from orchestration.raw.sources.columns import Column
from orchestration.raw.sources.declarations import Extract

LINE = pl.col("file_line")


def prepared(extract: Extract, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with the first and last line on which their key stands (null where the key has an unsound cell)."""
    same = ["file", *extract.key, *extract.across]
    # nearly always no key stands twice: to see that takes a fifth of the time of finding the lines of each (2m rows)
    if rows.select(pl.struct(pl.col(same).to_physical()).hash().n_unique() == pl.len()).item():
        first, last = LINE, LINE
        if not any(rows[name].null_count() for name in extract.key):
            return rows.with_columns(first.alias("first_line"), last.alias("last_line"))  # which takes no memory
    else:
        first, last = LINE.min().over(same), LINE.max().over(same)
    valid = pl.all_horizontal(
        pl.col(name).is_not_null() | ~_in_its_months(extract, extract.column(name)) for name in extract.key
    )
    return rows.with_columns(
        pl.when(valid).then(first).alias("first_line"), pl.when(valid).then(last).alias("last_line")
    )


def with_zeros(extract: Extract, rows: pl.DataFrame) -> pl.DataFrame:
    """The typed rows, and one of 0 for each combination that a month lacks and that its source need not deliver.

    That is every one where the source declares `absent_is_zero`, else those of areas that are no part of the whole.
    Such a row stands on the last line of its month, and has from there what is no figure.
    """
    groups = _groups(extract)
    areas = [name for name in groups if extract.column(name).kind == "area" and extract.column(name).optional_words]
    if not (extract.reading.absent_is_zero or areas):
        return rows
    within = ["file", *extract.whole_within]
    dated = [_in_its_months(extract, extract.column(name)) for name in groups if extract.column(name).dated]
    known = pl.all_horizontal(pl.col(name).is_not_null() for name in extract.whole_within)
    every = rows.filter(known).sort("file_line").unique(within, keep="last", maintain_order=True).drop(groups)
    for name in groups:
        column = extract.column(name)
        words = column.optional_words if name in areas and not extract.reading.absent_is_zero else column.all_words
        every = every.join(pl.DataFrame({name: words}, schema={name: rows.schema[name]}), how="cross")
    lacking = every.join(rows, on=["file", *extract.key], how="anti", maintain_order="left").filter(True, *dated)
    zeros = [pl.lit(0, rows.schema[column.name]).alias(column.name) for column in extract.figures]
    zeros += [pl.lit(None, pl.String).alias(name) for name in extract.across]
    return pl.concat([rows, lacking.with_columns(zeros).select(rows.columns)])


def rules(extract: Extract) -> list[Rule]:
    """The rules of one extract."""
    once = pl.col("first_line") == pl.col("last_line")
    found = [Rule("key_twice", None, once, _repeated(extract))]
    groups = _groups(extract)
    if groups:
        # optional words are over and above the set
        kept = pl.col("first_line") == LINE
        for column in groups:
            if extract.column(column).optional_words:
                kept &= ~pl.col(column).is_in(extract.column(column).optional_words).fill_null(value=False)
        expected = reduce(mul, (_words_in_a_month(extract, extract.column(name)) for name in groups))
        within = ["file", *extract.whole_within]
        known = pl.all_horizontal(pl.col(name).is_not_null() for name in extract.whole_within)
        if extract.dated:  # a month out of reach is refused as such, not for what it lacks
            known &= pl.col("month").is_between(pl.col("may_reach"), pl.col("delivery_month"))
            known &= pl.col("month").is_between(years.calendar()[0], years.calendar()[-1])
        complete = kept.sum().over(within) >= expected
        whole = ~known | (LINE.max().over(within) > LINE) | complete
        found.append(Rule("keys_missing", None, whole, _missing(extract)))
    if extract.dated:
        month = pl.col("month")
        last_line = LINE.max().over("file") == LINE
        newest = month.max().over("file")
        reached = ~last_line | (newest >= pl.col("must_reach"))
        found.append(Rule("not_reached", None, reached, _not_reached))
        if extract.months_held > 1:
            first_of_month = LINE.min().over("file", "month") == LINE
            held = (first_of_month & (month > newest.dt.offset_by(f"-{extract.months_held}mo"))).sum().over("file")
            since_start = months.column_difference(pl.lit(years.calendar()[0]), newest) + 1
            # where no month can be read there is no newest to count from
            whole = newest.is_null() | (held >= pl.min_horizontal(pl.lit(extract.months_held), since_start))
            found.append(Rule("months_missing", None, ~last_line | whole, _short(extract)))
    return found


def _in_its_months(extract: Extract, column: Column) -> pl.Expr:
    return in_its_months(column, pl.col(extract.period)) if column.dated and extract.period else pl.lit(True)


def _words_in_a_month(extract: Extract, column: Column) -> int | pl.Expr:
    """How many words of a column the month of a row must have."""
    number = len(column.words)
    return pl.when(_in_its_months(extract, column)).then(number).otherwise(1) if column.dated else number


def _groups(extract: Extract) -> list[str]:
    return [name for name in extract.key if name not in extract.whole_within] if extract.whole_within else []


def _expected(extract: Extract) -> list[tuple[str, ...]]:
    return list(product(*(extract.column(name).words for name in _groups(extract))))


def _named(extract: Extract, names: tuple[str, ...]) -> pl.Expr:
    """What a row is about, as a person writes it: `2009-08, Northtown, knife`."""
    return pl.concat_str(
        [month_text(name) if extract.column(name).kind == "month" else pl.col(name) for name in names], separator=", "
    )


def _repeated(extract: Extract) -> pl.Expr:
    # it is unknown which row is right, so each names another
    values = [column.name for column in extract.columns if column.name not in extract.key]
    other = pl.when(pl.col("first_line") == LINE).then("last_line").otherwise("first_line")
    stem = pl.format("the row for {} stands on line {} as well, ", _named(extract, extract.key), other)
    alike = pl.struct(values).n_unique().over("file", *extract.key) == 1
    what_to_do = pl.when(alike).then(pl.lit("with the same content: keep one"))
    return pl.concat_str(stem, what_to_do.otherwise(pl.lit("with other content: keep the one that is right")))


def _missing(extract: Extract) -> Message:
    groups = _groups(extract)
    within = ["file", *extract.whole_within]

    def message(rows: pl.DataFrame, failing: pl.DataFrame) -> list[str]:
        there = rows.join(failing.select(within), on=within, how="semi").partition_by(within, as_dict=True)
        named = failing.select(_named(extract, extract.whole_within)).to_series()
        keys, expected = failing.select(within).rows(), _expected(extract)
        return [
            sentence(name, expected, set(there[key].select(groups).iter_rows()))
            for name, key in zip(named, keys, strict=True)
        ]

    def sentence(name: str, expected: list[tuple], there: set[tuple]) -> str:
        absent = [key for key in expected if key not in there]
        return (
            f"{name} ends here with {len(expected) - len(absent)} of its {len(expected)} rows; missing: "
            f"{listed(_gathered(groups, expected, absent))}: send the whole of it, with a row for each, even of 0"
        )

    return message


def _gathered(groups: list[str], expected: list[tuple], absent: list[tuple]) -> list[str]:
    """The missing keys, a word of which every row is missing named once."""
    found, left = [], set(absent)
    if len(groups) > 1:
        for place, group in enumerate(groups):
            full, gone = Counter(key[place] for key in expected), Counter(key[place] for key in absent)
            for word in [word for word in gone if gone[word] == full[word] and len(gone) < len(full)]:
                found.append(f"every row of {group.replace('_', ' ')} '{word}'")
                left -= {key for key in left if key[place] == word}
    return found + [" ".join(key) for key in absent if key in left]


def _not_reached(rows: pl.DataFrame, failing: pl.DataFrame) -> list[str]:
    newest = dict(rows.group_by("file").agg(pl.col("month").max()).iter_rows())
    return [
        f"the newest month in the file is {newest[file]:%Y-%m}, but a delivery for {delivery:%Y-%m} "
        f"must reach {reach:%Y-%m}: is it an earlier file under a new name? Send the one that reaches it"
        for file, delivery, reach in failing.select("file", "delivery_month", "must_reach").iter_rows()
    ]


def _short(extract: Extract) -> Message:
    def message(rows: pl.DataFrame, failing: pl.DataFrame) -> list[str]:
        files = rows.group_by("file").agg(pl.col("month").max().alias("newest"), pl.col("month").unique())
        held = {file: (newest, set(there)) for file, newest, there in files.iter_rows()}
        return [sentence(*held[file]) for file in failing["file"]]

    def sentence(newest: date, there: set[date]) -> str:
        owed = [months.shift(newest, -back) for back in reversed(range(extract.months_held))]
        lacks = ", ".join(months.key(month) for month in owed if month not in there and month >= years.calendar()[0])
        return (
            f"the file lacks {lacks} of the {extract.months_held} months up to {newest:%Y-%m}: "
            "send the whole quarter in one file"
        )

    return message
