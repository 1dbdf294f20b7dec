"""Staging, measures and aggregates: the dbt project as assets, one model one asset, and its data tests as checks."""

import os
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from graphlib import TopologicalSorter
from typing import Any

import dagster as dg
import duckdb
from dagster_dbt import DagsterDbtTranslator, DbtCliInvocation, dbt_assets

from orchestration import built_with, catalogue, dbt_manifest, months, release, spark, warehouse
from orchestration.defs import dbt_at_work
from orchestration.defs.partitions import WAREHOUSE, partitions
from orchestration.defs.plainly import plainly
from orchestration.defs.previews import Previews
from orchestration.spark import handover, landed

RELEASE = dg.AssetKey("release")
# exactly these: the tests of what is kept look at what is new
ALREADY_MADE = ("--indirect-selection", "empty", "--exclude", "resource_type:seed config.materialized:view")
MODELS = ("--exclude-resource-type", "unit_test", "seed")
STAGING, MEASURES, AGGREGATES = (f"path:models/{layer}" for layer in ("staging", "measures", "aggregates"))


class ByFolder(DagsterDbtTranslator):
    """A folder of the dbt project is a group of assets."""

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """The folder right under models/ or seeds/; for a source, its name."""
        return dbt_resource_props["fqn"][1]


@dbt_assets(
    name="models",
    manifest=dbt_manifest.manifest(),
    partitions_def=partitions(),
    backfill_policy=dg.BackfillPolicy.single_run(),
    dagster_dbt_translator=ByFolder(),
    pool=WAREHOUSE,
    required_resource_keys={WAREHOUSE, "dbt"},
)
def models(context: dg.AssetExecutionContext) -> Iterator:
    """Build every model for the report months of the run, and test what it holds."""
    try:
        catalogue.check()
    except catalogue.CatalogueError as error:
        raise dg.Failure(f"The catalogue does not hold together.\n{error}", allow_retries=False) from None
    with plainly(), warehouse.writing() as connection:
        warehouse.set_report_months(connection, _report_months(context))
        same = built_with.the_same(connection)
        if not spark.chosen():
            _prepare_the_release(context, connection)
    warehouse.let_go()

    # a line of log for every statement would take 1 s of 4; what went wrong is in what dbt tells
    os.environ |= {"SCORECARD_RUN_PROCESS": str(os.getpid()), "SCORECARD_SAME": "", "DBT_LOG_LEVEL_FILE": "info"}
    if spark.chosen():
        yield from _on_a_cluster(context)
    else:
        yield from _here(context, same)


def _report_months(context: dg.AssetExecutionContext) -> list[date]:
    return [months.parse(key) for key in context.partition_keys]


def _prepare_the_release(context: dg.AssetExecutionContext, connection: duckdb.DuckDBPyConnection) -> None:
    """Begin what it needs, where the run comes to one; the deliveries are in the database."""
    if context.run.asset_selection is None or RELEASE in context.run.asset_selection:
        release.prepare(connection, _report_months(context))


def _here(context: dg.AssetExecutionContext, same: bool) -> Iterator:
    """All of it. Where the `same` made the database, the catalogue and the views stay, which are of no month."""
    os.environ["SCORECARD_SAME"] = str(int(same))
    arguments = ["build", "--exclude-resource-type", "unit_test", *(ALREADY_MADE if same else ())]
    yield from _built(context, arguments, context.selected_asset_keys if same else ())
    if not same:
        with warehouse.writing() as connection:
            built_with.keep(connection)


def _on_a_cluster(context: dg.AssetExecutionContext) -> Iterator:
    """Staging and measures there, on the deliveries as they landed; the catalogue before and the rest after it here."""
    with plainly():
        spark.check()
    with plainly(), landed.unchanged():
        with warehouse.writing() as connection:
            handover.show_deliveries(connection)
            _prepare_the_release(context, connection)
        yield from _built(context, ["build", "--resource-type", "seed"])
        with warehouse.writing() as connection:
            handover.give(connection)
        os.environ |= handover.environment()
        made = dbt_at_work.invoked(context, ["build", *MODELS, "--exclude", AGGREGATES], dbt_at_work.dbt_on_a_cluster)
        events = list(made.stream())
        if made.is_successful():
            # here as well, for what comes after: the views of staging, and the tables of measures without a new row
            dbt_at_work.done(dbt_at_work.invoked(context, ["run", "--exclude", f"{MEASURES} {AGGREGATES}"]))
            dbt_at_work.done(dbt_at_work.invoked(context, ["run", "--empty", "--exclude", f"{STAGING} {AGGREGATES}"]))
            with warehouse.writing() as connection:
                handover.take(connection)
        yield from _shown(context, events, made)
        # buildable: or a test would be left out with any table it reads
        others = ["--indirect-selection", "buildable", "--exclude", f"{STAGING} {MEASURES}"]
        yield from _built(context, ["build", *MODELS, *others])


def _built(context: dg.AssetExecutionContext, arguments: list[str], kept: Collection[dg.AssetKey] = ()) -> Iterator:
    invocation = dbt_at_work.invoked(context, arguments)
    # dbt holds the database until it ends: only then can it be asked what is in it
    events = list(invocation.stream())
    yield from _shown(context, events, invocation, kept)


def _shown(
    context: dg.AssetExecutionContext,
    events: list,
    invocation: DbtCliInvocation,
    kept: Collection[dg.AssetKey] = (),
) -> Iterator:
    """What dbt did, and what it found made, each table with what is in it. Raises Failure where dbt was stopped.

    Dagster takes outputs of what is read before outputs of what reads it.
    """
    failed = not invocation.is_successful()
    made = {event.output_name: event for event in events if isinstance(event, dg.Output)}
    with warehouse.reading() as connection:
        previews = Previews(connection)
        for key in TopologicalSorter(context.assets_def.asset_deps).static_order():
            if output := made.get(key.to_python_identifier()):
                # what a cluster made of a run that failed stays there
                seen = {} if failed and spark.chosen() else previews.of_table(".".join(key.path))
                yield output.with_metadata({**output.metadata, **seen})
            elif key in kept and not failed:
                seen = previews.of_table(".".join(key.path))
                yield dg.Output(None, key.to_python_identifier(), metadata=seen)
        yield from (event for event in events if not isinstance(event, dg.Output))
    if failed:
        raise dbt_at_work.failure(invocation)
