"""Findings about a delivery: problems, warnings and notes, as rows and as sentences. Validation finds them."""

import polars as pl

from orchestration.raw.findings import codes, confusables
from orchestration.raw.findings.codes import Scope

SCHEMA = pl.Schema(
    {
        "file": pl.String(),
        "line": pl.Int64(),
        "column": pl.String(),
        "value": pl.String(),
        "code": pl.String(),
        "rule": pl.String(),
    }
)
NONE = pl.DataFrame(schema=SCHEMA)

SCOPES: dict[str, Scope] = {code: row.scope for code, row in codes.CODES.items()}
# has one cause in a whole column, and is reported once, where it occurs first
ONCE = ("undeclared", "day_in_month", "ambiguous_month", "formula_tail")
REPEATED = "repeated"
NOTES = [code for code, scope in SCOPES.items() if scope == "note"]
SHOWN, LISTED = 20, 5
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


def on_rows(rows: pl.DataFrame, **columns: str | pl.Expr) -> pl.DataFrame:
    """A finding on each of these rows: `line`, `code`, `rule` and whatever else is known."""
    known = {name: columns.get(name, pl.lit("" if name == "file" else None)) for name in SCHEMA}
    return rows.select(**known).cast(SCHEMA)


def combined(problems: list[pl.DataFrame]) -> pl.DataFrame:
    """All problems as one frame, by file and line."""
    return pl.concat([NONE, *problems]).sort("file", "line", nulls_last=False, maintain_order=True)


def collapse_repeats(found: pl.DataFrame) -> pl.DataFrame:
    """The findings of one file, those in ONCE with how many rows have the same; a note is not repeated at all."""
    if not found["code"].is_in(ONCE).any():
        return found
    alike = ["column", "code", "rule"]
    once, is_note = pl.col("code").is_in(ONCE), pl.col("code").is_in(NOTES)
    again, more = pl.int_range(pl.len()).over(alike) > 0, pl.len().over(alike) - 1
    rows = pl.when(more == 1).then(pl.lit("row")).otherwise(pl.lit("rows"))
    return found.filter(~(once & is_note & again)).with_columns(
        pl.when(once & again).then(pl.lit(REPEATED)).otherwise("code").alias("code"),
        pl.when(once & again)
        .then(pl.format("has the same problem as line {}", pl.col("line").first().over(alike)))
        .when(once & ~is_note & (more > 0))
        .then(pl.format("{} (and {} more {})", "rule", more, rows))
        .otherwise("rule")
        .alias("rule"),
    )


def with_scope(problems: pl.DataFrame, *scopes: Scope) -> pl.DataFrame:
    """The problems that reach so far."""
    return problems.filter(pl.col("code").is_in([code for code, scope in SCOPES.items() if scope in scopes]))


def sentences(problems: pl.DataFrame) -> list[str]:
    """One sentence a problem: `crimes/2009-08.csv line 17, column offences: '1.5' is not ...`."""
    lines = []
    for file, line, column, value, _, rule in problems.select(*SCHEMA).iter_rows():
        place = file + (f" line {line}" if line is not None else "")
        place += f"{',' if line is not None else ''} column {column}" if column is not None else ""
        quoted = f"'{_shortened(value)}' " if value is not None and column is not None else ""
        lines.append(confusables.shown(f"{place}: {quoted}{rule}"))
    return lines


def _shortened(value: str) -> str:
    return value[:LONGEST_VALUE] + "…" if len(value) > LONGEST_VALUE else value


def in_one_line(problems: pl.DataFrame) -> str:
    """The first problems one after the other, and how many more there are."""
    more = [f"... and {problems.height - LISTED} more"] if problems.height > LISTED else []
    return "; ".join([*sentences(problems.head(LISTED)), *more])


def message(problems: pl.DataFrame) -> str:
    """The first problems, one a line, and how many more there are."""
    problems = problems.filter(pl.col("code") != REPEATED)
    lines = sentences(problems.head(SHOWN))
    if problems.height > SHOWN:
        lines.append(f"... and {problems.height - SHOWN} more")
    return "\n".join(lines)
