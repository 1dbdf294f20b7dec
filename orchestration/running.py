"""One run of the whole line for a range of months, in this process."""

from contextlib import redirect_stdout
from datetime import date

import dagster as dg
import duckdb

from orchestration import dbt_manifest, months, warehouse
from orchestration.definitions import defs
from orchestration.defs.schedules import job


def run(first: date, last: date) -> list[str]:
    """Run every asset for the report months from first to last. Returns what stopped it, in words."""
    try:
        with warehouse.writing():
            pass
    except duckdb.IOException as error:
        if "lock" not in str(error):
            raise
        return [f"The warehouse is in use: wait for the run that holds it, or close it there. DuckDB says: {error}"]
    # dbt tells all it does on the standard output; who wants to read it finds it beside its manifest
    log = dbt_manifest.target() / "run.log"
    with log.open("w", encoding="utf-8") as told, redirect_stdout(told), dg.DagsterInstance.get() as instance:
        result = defs.resolve_job_def(job.name).execute_in_process(
            instance=instance,
            run_config={"loggers": {"progress": {}}},
            tags=months.range_tags(first, last),
            raise_on_error=False,
        )
    failures = [event.step_failure_data for event in result.all_events if event.is_step_failure]
    says = [
        failure.user_failure_data.description
        if failure.user_failure_data and failure.user_failure_data.description
        else f"A step failed unexpectedly: {failure.error.to_string()}"
        for failure in failures
    ]
    if not result.success and not says:
        says = ["The run did not succeed; Dagster's page of the run (make dev) shows why."]
    return says
