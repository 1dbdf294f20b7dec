"""Findings about a delivery: problems, warnings and notes, as rows and as sentences. Validation finds them."""

from typing import Literal

import polars as pl

from orchestration.raw import confusables

Scope = Literal["file", "delivery", "row", "doubt", "whole_doubt", "warning", "note"]

SCHEMA = {
    "file": pl.String,
    "line": pl.Int64,
    "column": pl.String,
    "value": pl.String,
    "code": pl.String,
    "rule": pl.String,
}

# What is wrong, in a word that stays the same whatever the sentence says, and how far it reaches: the file (nothing in
# it counts as rows), the delivery (its rows are sound, but it is not whole), the row; or what can be read and is only
# hard to believe, a row or the whole delivery: a person may vouch for it. A warning keeps nothing out, and no more does
# a note: it records what was left out or read differently because it says nothing, and asks nothing of anybody.
CODES: dict[str, Scope] = {
    **dict.fromkeys(
        (
            "no_folder",
            "unknown_folder",
            "misnamed",
            "two_files",
            "beyond_calendar",
            "not_a_file",
            "unreadable",
            "too_large",
            "digest",
            "empty_file",
            "other_format",
            "encoding",
            "control_character",
            "line_ends",
            "cut_off",
            "header",
            "no_rows",
            "stored_type",
            "document_type",
            "foreign_part",
            "sheets",
            "far_cell",
        ),
        "file",
    ),
    **dict.fromkeys(("keys_missing", "months_missing", "not_reached"), "delivery"),
    **dict.fromkeys(
        (
            "line_width",
            "quotation",
            "empty_line",
            "beside_columns",
            "formula",
            "spreadsheet_error",
            "empty_cell",
            "badly_written",
            "confusable",
            "unknown_word",
            "hard_coded_number",
            "stray_brace",
            "after_delivery",
            "unknown_month",
            "too_old",
            "part_above_whole",
            "above_100_percent",
            "key_twice",
        ),
        "row",
    ),
    **dict.fromkeys(("above_most", "below_least"), "doubt"),
    **dict.fromkeys(("implausible", "vanished"), "whole_doubt"),
    "drift": "warning",
    **dict.fromkeys(("empty_rows", "footnote"), "note"),
}
SHOWN = 20
LONGEST_VALUE = 60


def problem(
    code: str,
    rule: str,
    line: int | None = None,
    column: str | None = None,
    value: str | None = None,
    *,
    file: str = "",
) -> pl.DataFrame:
    """One problem as a frame of one row."""
    return pl.DataFrame([(file, line, column, value, code, rule)], schema=SCHEMA, orient="row")


def combined(problems: list[pl.DataFrame]) -> pl.DataFrame:
    """All problems as one frame, in the order in which somebody reads the files."""
    return pl.concat([pl.DataFrame(schema=SCHEMA), *problems]).sort(
        "file", "line", nulls_last=False, maintain_order=True
    )


def with_scope(problems: pl.DataFrame, *scopes: Scope) -> pl.DataFrame:
    """The problems that reach so far."""
    return problems.filter(pl.col("code").is_in([code for code, scope in CODES.items() if scope in scopes]))


def sentences(problems: pl.DataFrame) -> list[str]:
    """One sentence a problem: `recorded_crime/2009-08.csv line 17, column offences: '1.5' is not ...`."""
    said = []
    for file, line, column, value, _, rule in problems.select(*SCHEMA).iter_rows():
        place = file + (f" line {line}" if line is not None else "")
        place += f"{',' if line is not None else ''} column {column}" if column is not None else ""
        quoted = f"'{_shortened(value)}' " if value is not None and column is not None else ""
        said.append(confusables.shown(f"{place}: {quoted}{rule}"))
    return said


def _shortened(value: str) -> str:
    return value[:LONGEST_VALUE] + "…" if len(value) > LONGEST_VALUE else value


def message(problems: pl.DataFrame) -> str:
    """The first problems, one a line, and how many more there are."""
    said = sentences(problems.head(SHOWN))
    if problems.height > SHOWN:
        said.append(f"... and {problems.height - SHOWN} more")
    return "\n".join(said)
