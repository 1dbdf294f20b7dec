"""The contract of an extract as pandera schemas: one over the text of a delivery, one over its typed rows."""

import difflib
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import pandera.polars as pa
import polars as pl
from pandera.errors import SchemaErrorReason, SchemaErrors

from orchestration.deliveries import wholeness
from orchestration.deliveries.extracts import Column, Extract
from orchestration.deliveries.kinds import KINDS
from orchestration.deliveries.typed_figures import stray_brace, typed_figure

Says = str | Callable[[pl.DataFrame, pl.DataFrame], list[str]]


class Rule(NamedTuple):
    """What must hold of every row, and what is said of a row (from the whole frame and the failing rows)."""

    name: str
    column: str | None  # named in the sentence
    passes: pl.Expr
    says: Says
    shows: pl.Expr | None = None  # the value shown


class Contract(NamedTuple):
    """A pandera schema, and the rules behind its checks by name."""

    schema: pa.DataFrameSchema
    rules: dict[str, Rule]


def _text_rules(column: Column) -> list[Rule]:
    cell = pl.col(column.name)
    empty = Rule(f"{column.name} filled", column.name, cell != "", "the cell is empty")
    if column.kind == "word":
        allowed = (*column.words, *column.optional_words)
        return [
            empty,
            Rule(f"{column.name} known", column.name, (cell == "") | cell.is_in(allowed), _unknown(column), cell),
        ]
    kind = KINDS[column.kind]
    written = (cell == "") | cell.str.contains(kind.pattern)
    rules = [empty, Rule(f"{column.name} written", column.name, written, kind.says, cell)]
    if column.kind == "comment":
        figure = typed_figure(cell)
        rules += [
            Rule(
                f"{column.name} without typed figures",
                column.name,
                figure.is_null(),
                "is a figure typed by hand: put a {figure} in its place",
                figure,
            ),
            Rule(
                f"{column.name} with whole placeholders",
                column.name,
                ~stray_brace(cell),
                "has a brace that is part of no {placeholder} of small letters, digits and _",
                cell,
            ),
        ]
    return rules


def _unknown(column: Column) -> Says:
    what = column.name.replace("_", " ")
    allowed = (*column.words, *column.optional_words)

    @cache
    def sentence(value: str) -> str:
        near = difflib.get_close_matches(value.strip(), allowed, n=1)
        if not near:
            near = [word for word in allowed if word.casefold() == value.strip().casefold()]
        hint = f": did you mean '{near[0]}'?" if near else f"; known are {', '.join(allowed[:8])}"
        return f"is not a known {what}" + hint + (" ..." if not near and len(allowed) > 8 else "")

    return lambda _, failing: [sentence(value) for value in failing[column.name]]


def _month_text(column: str) -> pl.Expr:
    return pl.col(column).dt.strftime("%Y-%m")


def _typed_rules(extract: Extract) -> list[Rule]:
    delivery = pl.col("delivery_month")
    rules = []
    newest = "month" if extract.dated else "to_month"
    if any(column.name == newest for column in extract.columns):
        month = pl.col(newest)
        rules.append(
            Rule(
                "not after the delivery",
                newest,
                month <= delivery,
                "is after the month of the delivery",
                _month_text(newest),
            )
        )
    if extract.dated:
        rules.append(
            Rule(
                "not too old",
                "month",
                pl.col("month") >= delivery.dt.offset_by(f"-{extract.oldest}mo"),
                f"is more than {extract.oldest} months before the month of the delivery",
                _month_text("month"),
            )
        )
    for part, whole in extract.at_most:
        is_month = extract.column(part).kind == "month"
        shown = {name: _month_text(name) if is_month else pl.col(name).cast(pl.String) for name in (part, whole)}
        rules.append(
            Rule(
                f"{part} at most {whole}",
                part,
                pl.col(part) <= pl.col(whole),
                _more_than(whole, shown[whole]),
                shown[part],
            )
        )
    rules.extend(
        Rule(
            f"{column.name} of 100",
            column.name,
            pl.col(column.name) <= 100,
            "is more than 100 percent",
            pl.col(column.name),
        )
        for column in extract.columns
        if column.kind == "percent"
    )
    rules.extend(Rule(*rule) for rule in wholeness.rules(extract))
    return rules


def _more_than(whole: str, shown: pl.Expr) -> Says:
    return lambda _, failing: [f"is more than {whole}, which is {value}" for value in failing.select(shown).to_series()]


def _check(rule: Rule) -> pa.Check:
    # n_failure_cases: pandera turns each failure case into a Python dict, all we need is which rows failed
    return pa.Check(lambda data: data.lazyframe.select(rule.passes), name=rule.name, n_failure_cases=1)


@cache
def text_contract(extract: Extract) -> Contract:
    """Over the cells as they stand in the file: is each filled, written as its kind, and a known word."""
    rules = {column.name: _text_rules(column) for column in extract.columns}
    schema = pa.DataFrameSchema(
        {name: pa.Column(pl.String, [_check(rule) for rule in its]) for name, its in rules.items()},
        name=extract.name,
    )
    return Contract(schema, {rule.name: rule for its in rules.values() for rule in its})


@cache
def typed_contract(extract: Extract) -> Contract:
    """Over the typed rows: months in reach, parts within their whole, no key twice, no key missing."""
    rules = _typed_rules(extract)
    schema = pa.DataFrameSchema(
        {column.name: pa.Column(KINDS[column.kind].type, nullable=True) for column in extract.columns},
        checks=[_check(rule) for rule in rules],
        name=extract.name,
    )
    return Contract(schema, {rule.name: rule for rule in rules})


def typed(extract: Extract, text: pl.DataFrame) -> pl.DataFrame:
    """The text as the types of the contract; a cell that broke its text rule becomes null."""

    def cell(column: Column) -> pl.Expr:
        sound = pl.col(column.name) != ""
        for rule in _text_rules(column):
            sound &= rule.passes
        value = pl.when(sound).then(pl.col(column.name))
        if column.kind == "month":
            value = (value + "-01").str.to_date("%Y-%m-%d", strict=False)
        return value.cast(KINDS[column.kind].type).alias(column.name)

    rows = text.with_columns(cell(column) for column in extract.columns)
    return wholeness.prepared(extract, rows)


def problems(contract: Contract, rows: pl.DataFrame) -> list[pl.DataFrame]:
    """Every row that breaks the contract: file, line, column, value, rule."""
    try:
        contract.schema.validate(rows, lazy=True)
    except SchemaErrors as errors:
        found = []
        for error in errors.schema_errors:
            if error.reason_code is not SchemaErrorReason.DATAFRAME_CHECK:
                raise  # a mistake of the contract itself, not of the delivery
            rule = contract.rules[error.check.name]
            failing = rows.filter(~error.check_output.to_series())
            says = rule.says if isinstance(rule.says, str) else pl.Series(rule.says(rows, failing), dtype=pl.String)
            found.append(
                failing.select(
                    "file",
                    pl.col("file_line").alias("line"),
                    pl.lit(rule.column, pl.String).alias("column"),
                    (pl.lit(None) if rule.shows is None else rule.shows).cast(pl.String).alias("value"),
                    (pl.lit(says) if isinstance(says, str) else says).alias("rule"),
                )
            )
        return found
    return []
