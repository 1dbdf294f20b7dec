"""One run of the whole line for a range of months, in this process."""

import io
import time
from collections.abc import Collection
from contextlib import redirect_stdout, suppress
from datetime import date

import dagster as dg
import duckdb

from orchestration import dbt_manifest, warehouse
from orchestration.definitions import defs
from orchestration.defs.partitions import range_tags
from orchestration.defs.schedules import job
from orchestration.troubles import out_of

# how long a dbt whose run was killed may take to notice it, before the warehouse counts as in use
PATIENCE = 15


class Told(io.TextIOWrapper):
    """What dbt tells is worth keeping, and not worth a run: where the disk is full, it is lost in silence."""

    def write(self, text: str) -> int:
        """Write, if there is room."""
        with suppress(OSError):
            super().write(text)
        return len(text)

    def flush(self) -> None:
        """Have it in the file, if there is room."""
        with suppress(OSError):
            super().flush()

    def close(self) -> None:
        """Close the file, whether or not all of it found room."""
        with suppress(OSError):
            super().close()


def run(first: date, last: date, without: Collection[str] = ()) -> list[str]:
    """Run every asset, but those of the groups left out, for these report months. Returns what stopped it, in words."""
    if in_use := _wait_for_the_warehouse():
        return [in_use]
    # dbt tells all it does on the standard output; who wants to read it finds it beside its manifest
    log = dbt_manifest.target() / "run.log"
    with Told(log.open("wb"), encoding="utf-8") as told, redirect_stdout(told), dg.DagsterInstance.get() as instance:
        result = defs.resolve_job_def(job.name).execute_in_process(
            instance=instance,
            run_config={"loggers": {"progress": {}}},
            tags=range_tags(first, last),
            asset_selection=_assets(without),
            raise_on_error=False,
        )
    failures = [event for event in result.all_events if event.is_step_failure or event.is_run_failure]
    says = [said for event in failures if (said := _stopped(event))]
    if not result.success and not says:
        says = ["The run did not succeed; Dagster's page of the run (make dev) shows why."]
    return list(dict.fromkeys(says))


def _stopped(event: dg.DagsterEvent) -> str | None:
    """What the failure of a step says, or of the run where Dagster itself could not go on: its record needs room.

    None where the run failed because a step did.
    """
    failure = event.step_failure_data if event.is_step_failure else event.job_failure_data
    if event.is_step_failure and failure.user_failure_data and failure.user_failure_data.description:
        return failure.user_failure_data.description
    if not failure.error:
        return None
    told = failure.error.to_string()
    return out_of(told) or f"{'A step' if event.is_step_failure else 'The run'} failed unexpectedly: {told}"


def _assets(without: Collection[str]) -> list[dg.AssetKey]:
    graph = defs.resolve_asset_graph()
    return [key for key in graph.materializable_asset_keys if graph.get(key).group_name not in without]


def _wait_for_the_warehouse() -> str | None:
    """Wait for whoever has the working database open; a sentence where it stays open."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            with warehouse.writing():
                return None
        except duckdb.IOException as error:
            if said := out_of(str(error)):
                return said
            if "lock" not in str(error):
                raise
            if time.monotonic() > until:
                return f"The warehouse is in use: wait for what has it open, or close it there. DuckDB says: {error}"
        time.sleep(0.2)
