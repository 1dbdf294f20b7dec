"""What is wrong with a delivery, as rows and as sentences. Finding it is the business of the gate."""

import polars as pl

SCHEMA = {
    "file": pl.String,
    "line": pl.Int64,
    "column": pl.String,
    "value": pl.String,
    "rule": pl.String,
}
SHOWN = 20
LONGEST_VALUE = 60


class DeliveryRefused(Exception):
    """Deliveries that were not loaded; `problems` has one row a problem, the message one line each."""

    def __init__(self, problems: pl.DataFrame):
        self.problems = problems
        super().__init__(message(problems))


def problem(
    rule: str, line: int | None = None, column: str | None = None, value: str | None = None, file: str = ""
) -> pl.DataFrame:
    """One problem as a frame of one row."""
    return pl.DataFrame([(file, line, column, value, rule)], schema=SCHEMA, orient="row")


def together(problems: list[pl.DataFrame]) -> pl.DataFrame:
    """All problems as one frame, in the order in which somebody reads the files."""
    return pl.concat([pl.DataFrame(schema=SCHEMA), *problems]).sort(
        "file", "line", nulls_last=False, maintain_order=True
    )


def sentences(problems: pl.DataFrame) -> list[str]:
    """One sentence a problem: `recorded_crime/2009-08.csv line 17, column offences: '1.5' is not ...`."""
    said = []
    for file, line, column, value, rule in problems.iter_rows():
        place = file + (f" line {line}" if line is not None else "")
        place += f"{',' if line is not None else ''} column {column}" if column is not None else ""
        if value is not None and len(value) > LONGEST_VALUE:
            value = value[:LONGEST_VALUE] + "…"  # noqa: PLW2901
        said.append(f"{place}: " + (f"'{value}' {rule}" if value is not None else rule))
    return said


def message(problems: pl.DataFrame) -> str:
    """The first problems, one a line, and how many more there are."""
    said = sentences(problems.head(SHOWN))
    if problems.height > SHOWN:
        said.append(f"... and {problems.height - SHOWN} more")
    return "\n".join(said)
