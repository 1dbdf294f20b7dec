"""The border where tables leave dbt: pandera's contracts as blocking checks, the failing rows in their metadata."""

from collections.abc import Iterator

import dagster as dg
import polars as pl
from pandera.errors import SchemaErrors

from orchestration import warehouse
from orchestration.aggregates import SCHEMAS
from orchestration.defs import previews

SHOWN = 10


def _key(table: str) -> dg.AssetKey:
    return dg.AssetKey(["aggregates", table])


@dg.multi_asset_check(
    name="contracts",
    specs=[
        dg.AssetCheckSpec(
            "contract",
            asset=_key(table),
            blocking=True,
            description="Types, ranges and words of what is about to be scored, for the report months of the run.",
        )
        for table in SCHEMAS
    ],
)
def contracts() -> Iterator[dg.AssetCheckResult]:
    """Check each table against its pandera schema, all failures at once."""
    with warehouse.reading() as connection:
        for table, schema in SCHEMAS.items():
            rows = connection.sql(
                f"select * from aggregates.{table} where report_month in (select month from run.report_months)"
            ).pl()
            passed, metadata = True, {"rows checked": rows.height}
            try:
                schema.validate(rows, lazy=True)
            except SchemaErrors as errors:
                passed = False
                cases = errors.failure_cases
                metadata |= {
                    "failures": cases.height,
                    "what failed": previews.markdown(["check", "column", "value", "row"], _cases(cases, rows)),
                }
            yield dg.AssetCheckResult(passed=passed, asset_key=_key(table), check_name="contract", metadata=metadata)


def _cases(cases: pl.DataFrame, rows: pl.DataFrame) -> list[tuple]:
    """The first failures, each with the key of the row it stands in."""
    return [
        (
            case["check"],
            case["column"],
            case["failure_case"],
            ", ".join(str(value) for value in rows.row(case["index"])[:4]) if case["index"] is not None else "",
        )
        for case in cases.head(SHOWN).iter_rows(named=True)
    ]
