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

from orchestration import catalogue, dbt_manifest, months, settings, warehouse
from orchestration.defs import previews
from orchestration.defs.partitions import WAREHOUSE, partitions
from orchestration.defs.plainly import plainly
from orchestration.troubles import out_of


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


os.environ |= dbt_manifest.environment()
dbt = Dbt(
    project_dir=str(settings.DBT_PROJECT),
    profiles_dir=str(settings.DBT_PROJECT),
    dbt_executable=sys.executable,
    global_config_flags=[str(settings.PROJECT / "orchestration" / "dbt_of_a_run.py")],
)


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
    target = dbt_manifest.target() / "run"
    (target / "run_results.json").unlink(missing_ok=True)  # or a run that stops early would tell of the one before
    invocation = context.resources.dbt.cli(
        ["build", "--exclude-resource-type", "unit_test"],
        context=context,
        raise_on_error=False,
        target_path=target,
    )
    # dbt holds the database until it ends: only then can it be asked what is in it
    events = list(invocation.stream())
    with warehouse.reading() as connection:
        for event in events:
            if isinstance(event, dg.Output | dg.AssetMaterialization | dg.MaterializeResult):
                key = (
                    context.asset_key_for_output(event.output_name) if isinstance(event, dg.Output) else event.asset_key
                )
                yield event.with_metadata({**event.metadata, **previews.of_table(connection, ".".join(key.path))})
            else:
                yield event
    if not invocation.is_successful():
        said = _said(invocation)
        raise dg.Failure(out_of(said) or f"dbt stopped.\n{said}", allow_retries=False)


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
