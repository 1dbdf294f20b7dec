"""Staging, measures and aggregates: a run of dbt as the materializations and checks of its assets."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from typing import Any

import dagster as dg
from dagster_dbt import dbt_assets
from pydantic import PrivateAttr

from orchestration import catalogue, spark, warehouse
from orchestration.dbt import process, project
from orchestration.dbt.results import FAILED, Results
from orchestration.defs.dbt_graph import CHECKS, MANIFEST, NODES, ByFolder
from orchestration.defs.failures import failure, user_errors_as_failures
from orchestration.defs.partitions import WAREHOUSE, report_months
from orchestration.defs.previews import Previews
from orchestration.errors import explanation_of
from orchestration.release import suppression
from orchestration.spark import handover, landed
from orchestration.warehouse import broken_rules
from orchestration.warehouse.broken_rules import Broken

MODELS = ("--exclude-resource-type", "unit_test", "seed")
STAGING, MEASURES, AGGREGATES = (f"path:models/{layer}" for layer in ("staging", "measures", "aggregates"))
ROWS_ARE_GONE = (
    "The rows are gone with what the cluster made: run the months with SCORECARD_ENGINE=duckdb to have them named."
)
ON_A_CLUSTER = "orchestration.spark.dbt_on_a_cluster"


class Dbt(dg.ConfigurableResource):
    """dbt in a child process, which imports dbt and parses the project while the deliveries of the run land."""

    _process: process.Process = PrivateAttr()

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Dbt"]:
        """Start it with the run and end it with the run."""
        with process.started(project.target() / "run") as self._process:
            yield self

    def build(self, arguments: list[str]) -> Results:
        """Run `dbt` with these arguments to its end. Once a run: DuckDB is released by the end of the process."""
        return self._process.run(arguments)


@dbt_assets(
    name="models",
    manifest=MANIFEST,
    backfill_policy=dg.BackfillPolicy.single_run(),
    dagster_dbt_translator=ByFolder(),
    pool=WAREHOUSE,
    required_resource_keys={WAREHOUSE, "dbt"},
)
def models(context: dg.AssetExecutionContext) -> Iterator:
    """Build the models of the run for its report months, and test what they hold."""
    with user_errors_as_failures():
        catalogue.check()
    # a run of staging alone is of no month
    if of_run := report_months(context.run.tags):
        with user_errors_as_failures(), warehouse.writing() as connection:
            warehouse.set_report_months(connection, of_run)
            suppression.remember(connection)
    warehouse.close()
    if spark.chosen():
        yield from _on_a_cluster(context)
    else:
        yield from _events(context, context.resources.dbt.build(["build", *_selection(context)]))


def _selection(context: dg.AssetExecutionContext) -> list[str]:
    """The arguments by which dbt builds and tests what the run selects; a whole project is not listed node by node."""
    if not context.is_subset:
        return ["--exclude-resource-type", "unit_test"]
    tests = [CHECKS[check] for check in context.selected_asset_check_keys if check in CHECKS]
    selected = [unique_id for key, unique_id in NODES.items() if key in context.selected_asset_keys]
    names = [".".join(MANIFEST["nodes"][unique_id]["fqn"]) for unique_id in (*selected, *tests)]
    # a test runs where its check is selected, not with every table that it reads
    return ["--indirect-selection", "empty", "--select", *(f"fqn:{name}" for name in names)]


def _on_a_cluster(context: dg.AssetExecutionContext) -> Iterator:
    """Staging and measures there, on the deliveries as they landed; the catalogue before and the rest after it here."""
    with user_errors_as_failures():
        spark.check()
    with user_errors_as_failures(), landed.unchanged():
        with warehouse.writing() as connection:
            handover.show_deliveries(connection)
        yield from _events(context, context.resources.dbt.build(["build", "--resource-type", "seed"]))
        with warehouse.writing() as connection:
            handover.write_inputs(connection)
        made = _run(
            ["build", *MODELS, "--exclude", AGGREGATES, "--target", "cluster"],
            target="on_a_cluster",
            program=ON_A_CLUSTER,
            environment=handover.environment(),
        )
        if made.succeeded:
            # here as well, for what comes after: the views of staging, and the tables of measures without a new row
            for arguments in (
                ["--exclude", f"{MEASURES} {AGGREGATES}"],
                ["--empty", "--exclude", f"{STAGING} {AGGREGATES}"],
            ):
                shown = _run(["run", *arguments])
                if not shown.succeeded:
                    raise _failure(shown, {})
            with warehouse.writing() as connection:
                handover.take_results(connection)
        yield from _events(context, made, on_a_cluster=True)
        # buildable: or a test would be left out with any table it reads
        others = ["--indirect-selection", "buildable", "--exclude", f"{STAGING} {MEASURES}"]
        yield from _events(context, _run(["build", *MODELS, *others]))


def _run(arguments: list[str], target: str = "run", **options: Any) -> Results:
    with process.started(project.target() / target, **options) as dbt:
        return dbt.run(arguments)


def _events(context: dg.AssetExecutionContext, results: Results, on_a_cluster: bool = False) -> Iterator:
    """What dbt built and tested as events of Dagster, each table with what is in it. Raises Failure where it failed."""
    translator = ByFolder()
    done = {node.unique_id: node for node in results.nodes}
    with warehouse.reading() as connection:
        previews = Previews(connection)
        # Dagster takes the outputs of what is read before those of what reads it, as dbt reports them
        for node in results.nodes:
            properties = MANIFEST["nodes"].get(node.unique_id)
            if properties is None or properties["resource_type"] == "test":
                continue
            key = translator.get_asset_key(properties)
            if node.status == "success" and key in context.selected_asset_keys:
                # what a cluster made of a run that failed stays there
                seen = {} if on_a_cluster and not results.succeeded else previews.of_table(".".join(key.path))
                yield dg.MaterializeResult(asset_key=key, metadata={"seconds": round(node.seconds, 2), **seen})
    broken = _broken_rules(results, on_a_cluster)
    for check in context.selected_asset_check_keys:
        tested = done.get(CHECKS.get(check, ""))
        if tested and tested.status != "skipped":
            yield dg.AssetCheckResult(
                passed=tested.status not in FAILED,
                asset_key=check.asset_key,
                check_name=check.name,
                metadata={"rows that break it": tested.failures or 0},
                description=broken[tested.unique_id].message if tested.unique_id in broken else None,
            )
    if not results.succeeded:
        raise _failure(results, broken)


def _broken_rules(results: Results, on_a_cluster: bool) -> dict[str, Broken]:
    """By the id of the test, what each data test that failed found, with its first rows.

    dbt has ended and let go of the database. What a cluster made of a run that failed is gone with it.
    """
    failed = [node for node in results.nodes if node.status == "fail"]
    if not failed:
        return {}
    with nullcontext() if on_a_cluster else warehouse.reading() as connection:
        return {
            node.unique_id: broken_rules.of_data_test(
                node.unique_id, node.failures, node.compiled_code, MANIFEST, connection
            )
            for node in failed
        }


def _failure(results: Results, broken: Mapping[str, Broken]) -> dg.Failure:
    """What stopped dbt, for the person who ran it: what dbt reports of each error, which rows each data test found."""
    if spark.NO_EXECUTOR in results.log:
        return failure(spark.gave_nothing())
    problems = [f"{node.name}: {node.message}" for node in results.nodes if node.status == "error"]
    problems += [broken_rules.in_words(list(broken.values()))] if broken else []
    problems += [ROWS_ARE_GONE] if any(not each.rows for each in broken.values()) else []
    explanation = "\n".join(problems) or results.log.strip()
    return failure(explanation_of(explanation) or f"dbt stopped.\n{explanation}")
