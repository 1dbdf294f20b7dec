"""One run of the whole line for a range of months, in this process."""

import io
import time
from collections.abc import Collection
from contextlib import redirect_stdout, suppress
from datetime import date

import dagster as dg
import duckdb

from orchestration import warehouse
from orchestration.dbt import project
from orchestration.definitions import defs
from orchestration.defs.partitions import BY_COMMAND, range_tags
from orchestration.defs.schedules import job
from orchestration.errors import INTERRUPTED, explanation, explanation_of

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
    log = project.target() / "run.log"
    with Told(log.open("wb"), encoding="utf-8") as told, redirect_stdout(told), dg.DagsterInstance.get() as instance:
        try:
            result = defs.resolve_job_def(job.name).execute_in_process(
                instance=instance,
                run_config={"loggers": {"progress": {}}},
                tags=range_tags(first, last) | BY_COMMAND,
                asset_selection=_assets(without),
                raise_on_error=False,
            )
        except dg.DagsterExecutionInterruptedError as error:
            raise KeyboardInterrupt from error
    if result.success:
        return []
    failed = [event for event in result.all_events if event.is_step_failure]
    # the failure of the run says again what the step's said, unless it is Dagster itself that could not go on
    failed = failed or [event for event in result.all_events if event.is_run_failure]
    stopped = [sentence for event in failed if (sentence := _stopped(event))]
    return list(dict.fromkeys(stopped)) or ["The run did not succeed; Dagster's page of the run (make dev) shows why."]


def _stopped(event: dg.DagsterEvent) -> str | None:
    """What stopped a step, or the run; None where nothing is known of it."""
    failure = event.step_failure_data if event.is_step_failure else event.job_failure_data
    error = failure.error
    while error:  # that of a resource lies within one of Dagster's
        if error.cls_name == dg.Failure.__name__:
            return error.message.partition(": ")[2].strip()
        if error.cls_name == dg.DagsterExecutionInterruptedError.__name__:
            return INTERRUPTED
        error = error.cause
    if not failure.error:
        return None
    trace = event.step_failure_data.error_display_string if event.is_step_failure else failure.error.to_string()
    who = f"The step {event.step_key}" if event.is_step_failure else "The run"
    return explanation_of(trace) or f"{who} failed unexpectedly: {trace}"


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
            explained = explanation(error)
            if explained is None:
                raise
            if "lock" not in str(error) or time.monotonic() > until:
                return explained
        time.sleep(0.2)
