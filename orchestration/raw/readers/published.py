"""A file as its publisher publishes it, turned into the plain table that its extract declares.

Every row of the table keeps the line of the file that it comes from; of rows that are added up or counted, the first.
"""

from collections.abc import Collection
from dataclasses import replace

import polars as pl

from orchestration.raw.findings.findings import problem
from orchestration.raw.findings.wording import listed
from orchestration.raw.readers.delimiters import canonical
from orchestration.raw.readers.header import LabelRows, Read
from orchestration.raw.readers.month_notations import month_of
from orchestration.raw.sources.columns import Column
from orchestration.raw.sources.declarations import ACROSS, Extract
from orchestration.raw.sources.names import plain, plain_column, word_of

ORDERS = {"d/m/yyyy": "day", "m/d/yyyy": "month"}
WHOLE = r"^[0-9]{1,15}$"
BETWEEN = "\x1f"  # cells of a record: no cell has it


def as_published(extract: Extract, header: list[str]) -> Extract:
    """The extract with the columns that its publisher's header has, those that are ignored and months as well."""
    if not extract.published:
        return extract
    labels = [canonical(name) for name in header]
    others = {canonical(name) for name in extract.reading.ignored_columns} & {*labels}
    others |= {canonical(name) for name in (*extract.reading.same_record, *extract.reading.month_from)}
    declared = _in_the_file(extract, labels)
    columns = [Column(name, column.kind, column.title) for name, column in declared.items()]
    others = (others | {*_months(extract, header)}) - {"", *declared}
    columns += [Column(label, "comment", label) for label in sorted(others)]
    return replace(extract, columns=tuple(columns))


def without_months(extract: Extract, header: list[str]) -> list[pl.DataFrame]:
    """The problem of a header that names no month, where each month is a column."""
    if not extract.reading.month_columns or _months(extract, header):
        return []
    return [problem("header", "no column is a month, as 2009-08, 200908, Aug-09 or 2009/10 Q1", 1)]


def as_declared(extract: Extract, header: list[str], rows: pl.DataFrame) -> Read:
    """The table of the extract, of the cells below a header."""
    if not extract.published:
        return Read(rows, [], rows.height)
    reading, delivered = extract.reading, rows.height
    in_the_file = _in_the_file(extract, [canonical(name) for name in header])
    names = {label: column.name for label, column in in_the_file.items()}
    rows, notes = _without_ignored(extract, rows.rename(names))
    if same := [names.get(canonical(name), canonical(name)) for name in reading.same_record]:
        once = pl.concat_str(same, separator="\0").is_first_distinct() | pl.any_horizontal(pl.col(same) == "")
        again = rows.height - (rows := rows.filter(once)).height
        notes += [f"rows that repeat the {' and '.join(reading.same_record)} of another ({again:,})"] if again else []
    left_out = delivered - rows.height
    found = [problem("as_declared", f"left out, as declared: {note}") for note in notes]
    if of_months := _months(extract, header):
        rows = rows.unpivot(
            list(of_months),
            index=[name for name in rows.columns if name not in of_months],
            variable_name="month",
            value_name=extract.figures[0].name,
        ).with_columns(pl.col("month").replace(of_months))
    elif reading.month_from:
        rows = rows.with_columns(pl.concat_str(map(canonical, reading.month_from), separator=" ").alias("month"))
    month = pl.lit(None, pl.Date)
    if extract.period in rows.columns:
        written, order = rows[extract.period].unique().to_list(), ORDERS.get(reading.dates or "", "")
        read = {text: found_month for text in written if (found_month := month_of(text, order))}
        if reading.month_from or reading.dates:
            rows = rows.with_columns(pl.col("month").replace(read))
        month = pl.col(extract.period).replace(read).str.to_date("%Y-%m", strict=False)
    labelled = [column for column in extract.columns if column.labels and column.name in rows.columns]
    as_labels = rows.select(extract.key).to_struct() if labelled and extract.figures and not reading.records else None
    labels = tuple(each for column in labelled for each in _label_rows(column, rows, month))
    there = [column for column in extract.columns if column.name in rows.columns]
    identified = pl.all_horizontal(pl.lit(bool(same)), *(pl.col(name) != "" for name in same))
    record = pl.when(identified).then(pl.concat_str(same or [pl.lit("")], separator=BETWEEN)).alias(ACROSS)
    rows = rows.with_columns(*(_cell(column, month) for column in there), record)
    if reading.records:
        rows = _counted(extract, rows)
    elif as_labels is not None:
        rows = _added_up(extract, rows, as_labels)
    kept = ("file_line", *(column.name for column in extract.columns), *extract.across)
    return Read(rows.select(kept), found, rows.height + left_out, left_out, labels)


def _in_the_file(extract: Extract, labels: Collection[str]) -> dict[str, Column]:
    """The columns that stand in the file, by the label that its header has; not those made of months or by counting."""
    figure = extract.figures[0].name if extract.figures else ""
    made = {figure} if extract.reading.month_columns or extract.reading.records else set()
    made |= {"month"} if extract.reading.month_columns or extract.reading.month_from else set()
    return {
        next((label for name in column.headers if (label := canonical(name)) in labels), column.name): column
        for column in extract.columns
        if column.name not in made
    }


def _months(extract: Extract, header: list[str]) -> dict[str, str]:
    """The columns of months, by label, where each month is a column."""
    if not extract.reading.month_columns:
        return {}
    ignored = {canonical(name) for name in extract.reading.ignored_columns}
    return {canonical(name): month for name in header if canonical(name) not in ignored and (month := month_of(name))}


def _label_rows(column: Column, rows: pl.DataFrame, month: pl.Expr) -> list[LabelRows]:
    """In how many rows of the file each label of a column stands, by the word that it means there."""
    spelt = {plain(it.label): it.label for its in column.labels.values() for it in its}
    label = plain_column(pl.col(column.name)).replace_strict(spelt, default=None, return_dtype=pl.String)
    found = rows.select(label.alias("label"), word_of(column, month).alias("word"), "file_line").drop_nulls()
    counted = found.group_by("label", "word").agg(pl.col("file_line").n_unique()).sort("label", "word")
    return [LabelRows(column.name, *each) for each in counted.iter_rows()]


def _without_ignored(extract: Extract, rows: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    """The rows without those whose word is ignored; and for each column which they are."""
    notes = []
    for column in (each for each in extract.columns if each.ignored_words and each.name in rows.columns):
        is_ignored = plain_column(pl.col(column.name)).is_in([plain(word) for word in column.ignored_words])
        counted = rows.filter(is_ignored).group_by(column.name, maintain_order=True).len().rows()
        rows = rows.filter(~is_ignored)
        words = [f"'{word}' ({number:,})" for word, number in counted]
        notes += [f"rows of the {column.name.replace('_', ' ')} {listed(words)}"] if words else []
    return rows, notes


def _cell(column: Column, month: pl.Expr) -> pl.Expr:
    """A cell in the contract's way of writing; one that is none of what is declared stays as it is."""
    cell = pl.col(column.name)
    if column.empty:
        cell = cell.replace({"": column.empty})
    if column.signs:
        cell = cell.str.strip_chars(column.signs + " ")
    if column.decimal_comma:
        cell = cell.str.replace(r"^(-?[0-9]+),([0-9]+)$", "$1.$2")
    if column.labels or column.place:
        cell = pl.coalesce(word_of(column, month), cell)
    return cell.alias(column.name)


def _counted(extract: Extract, rows: pl.DataFrame) -> pl.DataFrame:
    """A row a key, with the number of its records; those that other deliveries may have again have a row each."""
    number = pl.len().cast(pl.String).alias(extract.figures[0].name)
    by = [*extract.key, *extract.across]
    return rows.group_by(by, maintain_order=True).agg(pl.col("file_line").first(), number)


def _added_up(extract: Extract, rows: pl.DataFrame, labels: pl.Series) -> pl.DataFrame:
    """The rows with the whole numbers of different labels that stand for one word added up."""
    figures = [column.name for column in extract.figures]
    shared = pl.struct(extract.key).is_duplicated() & pl.all_horizontal(pl.col(figures).str.contains(WHOLE))
    shared &= ~labels.is_duplicated()
    sums = pl.col(figures).cast(pl.Int64).sum().cast(pl.String)
    added = rows.filter(shared).group_by(extract.key, maintain_order=True).agg(sums, pl.exclude(figures).first())
    return pl.concat([rows.filter(~shared), added.select(rows.columns)]).sort("file_line", maintain_order=True)
