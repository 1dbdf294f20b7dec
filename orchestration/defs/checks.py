"""The border where tables leave dbt: pandera's contracts as blocking checks, with the rows that break them."""

from collections.abc import Iterator

import dagster as dg
from pandera.errors import SchemaErrors

from orchestration import warehouse
from orchestration.defs.failures import failure
from orchestration.defs.partitions import report_months
from orchestration.scorecard.contracts import AGGREGATES as SCHEMAS
from orchestration.warehouse import broken_rules


def _key(table: str) -> dg.AssetKey:
    return dg.AssetKey(["aggregates", table])


@dg.multi_asset_check(
    name="contracts",
    can_subset=True,
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
def contracts(context: dg.AssetCheckExecutionContext) -> Iterator[dg.AssetCheckResult]:
    """Check each table against its pandera schema, all failures at once. Raises Failure, which names the rows.

    A run of checks alone is of no month, and checks those that were computed last.
    """
    of_run = report_months(context.run.tags)
    query = "select * from aggregates.{} where report_month in (select unnest($1::date[]))"
    broken = []
    with warehouse.reading() as connection:
        computed = [month for (month,) in connection.execute("select month from run.report_months").fetchall()]
        for table, schema in SCHEMAS.items():
            if dg.AssetCheckKey(_key(table), "contract") not in context.selected_asset_check_keys:
                continue
            rows = connection.sql(query.format(table), params=[of_run or computed]).pl()
            found = []
            try:
                schema.validate(rows, lazy=True)
            except SchemaErrors as errors:
                found = broken_rules.of_contract(f"aggregates.{table}", schema, rows, errors)
            broken += found
            yield dg.AssetCheckResult(
                passed=not found,
                asset_key=_key(table),
                check_name="contract",
                metadata={"rows checked": rows.height},
                description=broken_rules.in_words(found) if found else None,
            )
    if broken:
        raise failure(broken_rules.of_contracts(broken))
