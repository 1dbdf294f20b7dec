"""The release: what readers open, published whole or not at all."""

import dagster as dg

from orchestration import mart, months, release


@dg.asset(
    name="release",
    group_name="release",
    partitions_def=months.partitions(),
    backfill_policy=dg.BackfillPolicy.single_run(),
    kinds={"duckdb"},
    deps=[
        dg.AssetKey(["scorecard", "scorecard"]),
        dg.AssetKey(["scorecard", "figures"]),
        *(
            dg.AssetKey(table.relation.split("."))
            for table in mart.TABLES.values()
            if not table.relation.startswith(("scorecard.", "raw."))
        ),
    ],
)
def published(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
    """A folder with the mart and its manifest, then one atomic move of `current` to it."""
    made = release.publish([months.parse(key) for key in context.partition_keys])
    context.log.info(made.says)
    return dg.MaterializeResult(
        metadata={
            "release": made.name,
            "what it says": made.says,
            "folder": dg.MetadataValue.path(str(made.folder)),
            "rows": dg.MetadataValue.json(made.rows),
        }
    )
