"""Staging, measures and aggregates: the dbt project as assets, one model one asset, and its data tests as checks."""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from importlib.metadata import version
from typing import Any
from unittest.mock import patch

import dagster as dg
import dagster_dbt
from dagster_dbt import DagsterDbtTranslator, DbtCliInvocation, DbtCliResource, dbt_assets
from packaging.version import Version

from orchestration import catalogue, dbt_manifest, months, settings, spark, warehouse
from orchestration.defs import previews
from orchestration.defs.partitions import WAREHOUSE, partitions
from orchestration.defs.plainly import plainly
from orchestration.spark import GAVE_NOTHING, handover, landed
from orchestration.troubles import out_of

MODELS = ("--exclude-resource-type", "unit_test", "seed")
STAGING, MEASURES, AGGREGATES = (f"path:models/{layer}" for layer in ("staging", "measures", "aggregates"))


class ByFolder(DagsterDbtTranslator):
    """A folder of the dbt project is a group of assets."""

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """The folder right under models/ or seeds/; for a source, its name."""
        return dbt_resource_props["fqn"][1]


class Dbt(DbtCliResource):
    """dbt as a command. Leaves out what is asked of it before each run only to look into tables: 4.6 s of 20."""

    @cached_property
    def _cli_version(self) -> Version:
        return Version(version("dbt-core"))

    def _initialize_dbt_core_adapter(self, args: Sequence[str]) -> None:
        return None


@contextmanager
def every_node() -> Iterator[None]:
    """Take the nodes from the manifest, which dagster-dbt does where dbt is not installed beside it.

    All of them are wanted; to be told so, dbt's selection would import networkx, 1 s of every start.
    """
    with patch.object(dagster_dbt.utils, "DBT_PYTHON_VERSION", None):
        yield


def _dbt(program: str, target: str) -> Dbt:
    return Dbt(
        project_dir=str(settings.DBT_PROJECT),
        profiles_dir=str(settings.DBT_PROJECT),
        target=target,
        dbt_executable=sys.executable,
        global_config_flags=[str(settings.PROJECT / "orchestration" / program)],
    )


os.environ |= dbt_manifest.environment()
dbt = _dbt("dbt_of_a_run.py", "warehouse")
dbt_on_a_cluster = _dbt("spark/dbt_on_a_cluster.py", "cluster")


with every_node():
    as_assets = dbt_assets(
        name="models",
        manifest=dbt_manifest.manifest(),
        partitions_def=partitions(),
        backfill_policy=dg.BackfillPolicy.single_run(),
        dagster_dbt_translator=ByFolder(),
        pool=WAREHOUSE,
        required_resource_keys={WAREHOUSE, "dbt"},
    )


@as_assets
def models(context: dg.AssetExecutionContext) -> Iterator:
    """Build every model for the report months of the run, and test what it holds."""
    try:
        catalogue.check()
    except catalogue.CatalogueError as error:
        raise dg.Failure(f"The catalogue does not hold together.\n{error}", allow_retries=False) from None
    with plainly(), warehouse.writing() as connection:
        warehouse.set_report_months(connection, [months.parse(key) for key in context.partition_keys])

    os.environ["SCORECARD_RUN_PROCESS"] = str(os.getpid())
    if spark.chosen():
        yield from _on_a_cluster(context)
    else:
        yield from _built(context, ["build", "--exclude-resource-type", "unit_test"])


def _on_a_cluster(context: dg.AssetExecutionContext) -> Iterator:
    """Staging and measures there, on the deliveries as they landed; the catalogue before and the rest after it here."""
    with plainly():
        spark.check()
    with plainly(), landed.unchanged():
        with warehouse.writing() as connection:
            handover.show_deliveries(connection)
        yield from _built(context, ["build", "--resource-type", "seed"])
        with warehouse.writing() as connection:
            handover.give(connection)
        os.environ |= handover.environment()
        made = _invoked(context, ["build", *MODELS, "--exclude", AGGREGATES], dbt_on_a_cluster)
        events = list(made.stream())
        if made.is_successful():
            # here as well, for what comes after: the views of staging, and the tables of measures without a new row
            _done(_invoked(context, ["run", "--exclude", f"{MEASURES} {AGGREGATES}"]))
            _done(_invoked(context, ["run", "--empty", "--exclude", f"{STAGING} {AGGREGATES}"]))
            with warehouse.writing() as connection:
                handover.take(connection)
        yield from _shown(context, events, made)
        # buildable: or a test would be left out with any table it reads
        others = ["--indirect-selection", "buildable", "--exclude", f"{STAGING} {MEASURES}"]
        yield from _built(context, ["build", *MODELS, *others])


def _built(context: dg.AssetExecutionContext, arguments: list[str]) -> Iterator:
    invocation = _invoked(context, arguments)
    # dbt holds the database until it ends: only then can it be asked what is in it
    events = list(invocation.stream())
    yield from _shown(context, events, invocation)


def _invoked(context: dg.AssetExecutionContext, arguments: list[str], dbt: Dbt | None = None) -> DbtCliInvocation:
    """A dbt under way: that of the run, or another one."""
    target = dbt_manifest.target() / ("on_a_cluster" if dbt else "run")
    (target / "run_results.json").unlink(missing_ok=True)  # or a run that stops early would tell of the one before
    return (dbt or context.resources.dbt).cli(arguments, context=context, raise_on_error=False, target_path=target)


def _done(invocation: DbtCliInvocation) -> None:
    """Wait for its end, without anything that Dagster would be told. Raises Failure."""
    list(invocation.stream_raw_events())
    if not invocation.is_successful():
        raise _failure(invocation)


def _shown(context: dg.AssetExecutionContext, events: list, invocation: DbtCliInvocation) -> Iterator:
    """What dbt did, each table with what is in it. Raises Failure where dbt was stopped."""
    with warehouse.reading() as connection:
        for event in events:
            if isinstance(event, dg.Output | dg.AssetMaterialization | dg.MaterializeResult):
                key = (
                    context.asset_key_for_output(event.output_name) if isinstance(event, dg.Output) else event.asset_key
                )
                # what a cluster made of a run that failed stays there
                seen = (
                    {}
                    if not invocation.is_successful() and spark.chosen()
                    else previews.of_table(connection, ".".join(key.path))
                )
                yield event.with_metadata({**event.metadata, **seen})
            else:
                yield event
    if not invocation.is_successful():
        raise _failure(invocation)


def _failure(invocation: DbtCliInvocation) -> dg.Failure:
    if invocation.process.returncode == GAVE_NOTHING:
        return dg.Failure(spark.gave_nothing(), allow_retries=False)
    said = _said(invocation)
    return dg.Failure(out_of(said) or f"dbt stopped.\n{said}", allow_retries=False)


def _said(invocation: DbtCliInvocation) -> str:
    """What dbt says of each node that failed, one line a node."""
    try:
        results = invocation.get_artifact("run_results.json")["results"]
    except FileNotFoundError:  # it stopped before the first node
        return str(invocation.get_error())
    return "\n".join(
        f"{result['unique_id'].split('.')[2]}: {result['message']}"
        for result in results
        if result["status"] in ("error", "fail")
    )
