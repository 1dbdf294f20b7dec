"""The release: what readers open, published whole or not at all."""

import dagster as dg

from orchestration import months, release
from orchestration.defs import plots
from orchestration.defs.failures import user_errors_as_failures
from orchestration.defs.partitions import WAREHOUSE, partitions
from orchestration.scorecard import mart


@dg.asset(
    name="release",
    group_name="release",
    partitions_def=partitions(),
    backfill_policy=dg.BackfillPolicy.single_run(),
    kinds={"duckdb"},
    pool=WAREHOUSE,
    required_resource_keys={WAREHOUSE},
    deps=[
        dg.AssetKey(["scorecard", "scorecard"]),
        dg.AssetKey(["scorecard", "figures"]),
        dg.AssetKey(["measures", "hidden_months"]),
        dg.AssetKey(["staging", "stg_commentary"]),
        *(
            dg.AssetKey(table.relation.split("."))
            for table in mart.TABLES.values()
            if not table.relation.startswith(("scorecard.", "raw."))
        ),
    ],
)
def published(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
    """The audit, what a person has to confirm, a folder with the mart and its manifest, then `current` moves to it."""
    report_months = [months.parse(key) for key in context.partition_keys]
    with user_errors_as_failures():
        agree = release.audit(report_months)
        release.check_confirmations(report_months)
        before = release.current()
        made = release.publish(report_months)
    context.log.info(made.summary)
    if failed := release.notify(made, before, report_months):
        context.log.warning(failed)
    return dg.MaterializeResult(
        metadata={
            "release": made.name,
            "what it says": made.summary,
            "figures recomputed again from the vault": agree,
            "folder": dg.MetadataValue.path(str(made.folder)),
            "rows": dg.MetadataValue.json(made.rows),
        }
        | plots.of_the_newest_card(made)
    )
