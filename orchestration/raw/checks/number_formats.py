"""Figures in the notations that a source declares, read as plain numbers; and what to declare for others.

A cell that a source marks as suppressed or not available becomes null, and the column MARKERS has the reason
(`offences=suppressed`). Whatever is computed from it is then not available, for that reason.
"""

import os
import re

import polars as pl

from orchestration import settings
from orchestration.dbt.declared import KEPT
from orchestration.raw.checks.rules import Rule, broken
from orchestration.raw.findings import findings
from orchestration.raw.sources.columns import Column
from orchestration.raw.sources.declarations import Extract

MARKERS = "markers"
KNOWN = "zero"  # of the meanings of a marker, the one that is a value
DECLARED_IN = os.path.relpath(settings.SOURCES, settings.PROJECT)
DIGITS = 15  # a number with so many is a double, printed in full
NOISE = 1e-11  # relative: what sums of doubles are off by

# what statistical offices and databases put in place of a figure, and what they nearly always mean by it
SUPPRESSED = ("*", "**", "c", "[c]", "x", "[x]", "s", "suppressed", "confidential", "disclosive")
NOT_AVAILABLE = (
    *("..", "...", "…", ".", ":", "n/a", "na", "[z]", "z", "u", "[u]", "null", "none", "nan"),
    *("not available", "not known", "unknown", "missing", "tbc", "?"),
)
ZERO = ("-", "–", "—", "nil", "nil return", "zero", "[low]", "~")
USUAL = {**dict.fromkeys(SUPPRESSED, "suppressed"), **dict.fromkeys(NOT_AVAILABLE, "not available")}
USUAL |= dict.fromkeys(ZERO, "zero")
LESS_THAN = r"^[<>≤≥] ?[0-9]+$"
MARKS = "[,' ’\u00a0\u202f]"  # between thousands; in whole numbers a point too


def marker_columns(extract: Extract) -> list[str]:
    """The column MARKERS, if any cell of the extract may be marked as not known; else nothing."""
    marked = any(meaning != KNOWN for column in extract.columns for meaning in column.markers.values())
    return [MARKERS] if marked else []


def as_numbers(extract: Extract, text: pl.DataFrame) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """The rows with their figures as plain numbers, and findings; null stands for what is not known or not declared."""
    if marker_columns(extract):
        why = [
            pl.col(column.name)
            .replace_strict(
                {marker: f"{column.name}={what}" for marker, what in column.markers.items() if what != KNOWN},
                default=None,
                return_dtype=pl.String,
            )
            .alias(column.name)
            for column in extract.figures
        ]
        marked = pl.concat_str(why, separator=";", ignore_nulls=True)
        text = text.with_columns(pl.when(marked != "").then(marked).alias(MARKERS))
    text = text.with_columns(_declared(column) for column in extract.figures)
    found = []
    for column in extract.figures:
        for rule, plain in (_formula_tail(column), _undeclared(extract.name, column)):
            if (failing := text.filter(~rule.passes)).height:
                reported = failing if findings.SCOPES[rule.code] == "row" else failing.head(1)
                found.append(broken(rule, text, reported.rechunk()))
                text = text.with_columns(pl.when(rule.passes).then(column.name).otherwise(plain).alias(column.name))
    return text, found


def rounded(extract: Extract, rows: pl.DataFrame) -> list[pl.DataFrame]:
    """A note for each file and column whose figures have more decimals than a series keeps of them, undeclared."""
    found = []
    for column in extract.figures:
        if column.decimals is not None or column.places <= KEPT or column.name not in extract.series.values():
            continue
        more = pl.col(column.name).cast(pl.String).str.contains(rf"\.[0-9]{{{KEPT}}}0*[1-9]")
        for (file,), its in rows.filter(more).group_by("file", maintain_order=True):
            number = its.select(pl.col(column.name).cast(pl.String).str.strip_chars_end("0")).item(0, 0)
            rule = f"figures such as {number} are rounded to {KEPT} decimals: declare `decimals` to keep more"
            found.append(findings.problem("decimals", rule, column=column.name, file=str(file)))
    return found


def _declared(column: Column) -> pl.Expr:
    """The cell as a plain number, by what its column declares."""
    cell = pl.col(column.name)
    plain = {marker: "0" if what == KNOWN else None for marker, what in column.markers.items()}
    cell = cell.replace(plain)
    if column.thousands:
        grouped = rf"^[(-]?[0-9]{{1,3}}(?:{re.escape(column.thousands)}[0-9]{{3}})+(?:\.[0-9]+)?\)?$"
        without = cell.str.replace_all(column.thousands, "", literal=True)
        cell = pl.when(cell.str.contains(grouped)).then(without).otherwise(cell)
    if column.brackets:
        inside = cell.str.extract(r"^\(([0-9.]+)\)$")
        cell = pl.when(inside.is_not_null()).then(pl.concat_str(pl.lit("-"), inside)).otherwise(cell)
    return cell.alias(column.name)


def _formula_tail(column: Column) -> tuple[Rule, pl.Expr]:
    """Whether a cell has no more digits than its kind, but for the tail of a formula; and the cell without it."""
    cell, places = pl.col(column.name), column.places
    value = cell.cast(pl.Float64, strict=False)
    digits = cell.str.extract(r"^-?0*\.?0*([0-9.]*)(?:[eE]-[0-9]+)?$").str.replace(".", "", literal=True)
    off = (value - value.round(places)).abs()
    noise = (digits.str.len_chars() >= DIGITS) & (off <= 10.0**-places / 1000) & (off <= NOISE * value.abs().clip(1))
    more = cell.str.contains(rf"\.[0-9]{{{places + 1},}}|[eE]")
    plain = value.round(places).cast(pl.Decimal(38, places)).cast(pl.String)
    passes = ~(more & noise).fill_null(value=False)
    message = "decimals, as others like it are: the digits behind them come from a calculation"
    return Rule("formula_tail", column.name, passes, f"is rounded to {places} {message}", cell), plain


def _undeclared(extract: str, column: Column) -> tuple[Rule, pl.Expr]:
    """Whether a cell is not in one of the ways that a source must declare; and null."""
    cell = pl.col(column.name)
    decimals, marks = (r"", rf"(?:{MARKS}|\.)") if column.kind == "count" else (r"(?:\.[0-9]+)?", MARKS)
    number = rf"(?:[0-9]+|[0-9]{{1,3}}(?:{marks}[0-9]{{3}})+){decimals}"
    grouped = cell.str.extract(rf"^[(-]?[0-9]{{1,3}}({marks})[0-9]{{3}}")
    marker = cell.str.to_lowercase().is_in(list(USUAL)) | cell.str.contains(LESS_THAN)
    otherwise = cell.str.contains(rf"^(?:-?{number}|\({number}\))$")
    otherwise &= grouped.is_not_null() | cell.str.contains(r"^[(-]")
    plain = cell.str.contains(column.pattern)
    message = pl.concat_str(
        pl.lit(column.complaint),
        pl.when(marker).then(_marker(cell)).otherwise(_number(cell, grouped, column)),
        pl.lit(f" for column {column.name} in {DECLARED_IN}/{extract}.yml"),
    )
    passes = cell.is_null() | plain | ~(marker | otherwise)
    return Rule("undeclared", column.name, passes, message, cell), pl.lit(None, pl.String)


def _marker(cell: pl.Expr) -> pl.Expr:
    usual = cell.str.to_lowercase().replace_strict(USUAL, default="suppressed", return_dtype=pl.String)
    marks = {"suppressed": "a suppressed value", "not available": "a value that is not available", "zero": "a zero"}
    return pl.concat_str(
        pl.lit(", and this source has not declared what it stands for: if it marks "),
        usual.replace_strict(marks),
        pl.lit(', declare markers: {"'),
        cell,
        pl.lit('": '),
        usual,
        pl.lit("}"),
    )


def _number(cell: pl.Expr, grouped: pl.Expr, column: Column) -> pl.Expr:
    below, bracketed = cell.str.starts_with("-"), cell.str.starts_with("(")
    why = (
        pl.when(below & (not column.below_zero))
        .then(pl.lit(": correct it, or if this source may go below 0 (as counts net of cancelled records do), "))
        .when(bracketed)
        .then(pl.lit(": if brackets mean below 0, "))
        .otherwise(pl.lit(": write it without marks between the thousands, or "))
    )
    to_add = pl.concat_str(
        pl.when(below & (not column.below_zero)).then(pl.lit("negative: true")),
        pl.when(bracketed).then(pl.lit("brackets: true")),
        pl.when(grouped.is_not_null()).then(pl.concat_str(pl.lit('thousands: "'), grouped, pl.lit('"'))),
        separator=" and ",
        ignore_nulls=True,
    )
    return pl.concat_str(why, pl.lit("declare "), to_add)
