"""The release: what readers open, published whole or not at all."""

import dagster as dg

from orchestration import months, release
from orchestration.catalogue import next_year, targets
from orchestration.defs import plots
from orchestration.defs.failures import user_errors_as_failures
from orchestration.defs.jobs import UNASKED
from orchestration.defs.partitions import WAREHOUSE, partitions, report_months
from orchestration.release import readiness
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
        dg.AssetKey(["measures", "suppressed_months"]),
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
    of_run = report_months(context.run.tags)
    with user_errors_as_failures():
        if context.run.tags.items() >= UNASKED.items():
            readiness.check(of_run)
        agree = release.audit(of_run)
        release.check_confirmations(of_run)
        before = release.current()
        now = release.publish(of_run)
    context.log.info(now.summary)
    ends = [sentence] if (sentence := next_year.ends_soon(max(of_run))) else []
    ends += targets.advice()
    for sentence in (*ends, release.notify(now, before, of_run, ends)):
        if sentence:
            context.log.warning(sentence)
    # of the last month alone: Dagster keeps what it is given with every month of the run, and pictures are large
    context.add_asset_metadata(plots.of_the_newest_card(now), partition_key=months.key(max(of_run)))
    with user_errors_as_failures():
        copied_to = release.copy(now)
    return dg.MaterializeResult(
        metadata={
            "release": now.name,
            "what is new": now.summary,
            "figures recomputed from the vault": agree,
            "folder": dg.MetadataValue.path(str(now.folder)),
            "rows": dg.MetadataValue.json(now.rows),
        }
        | ({"copied to": copied_to} if copied_to else {})
    )
