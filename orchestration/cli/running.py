"""One run of the whole line for a range of months, in this process."""

from collections.abc import Collection
from datetime import date

import dagster as dg

from orchestration.definitions import defs
from orchestration.defs.failures import sentences
from orchestration.defs.jobs import job
from orchestration.defs.partitions import BY_COMMAND, range_tags


def run(first: date, last: date, without: Collection[str] = ()) -> list[str]:
    """Run every asset, but those of the groups left out, for these report months. Returns what stopped it, in words."""
    graph = defs.resolve_asset_graph()
    with dg.DagsterInstance.get() as instance:
        try:
            result = defs.resolve_job_def(job.name).execute_in_process(
                instance=instance,
                run_config={"loggers": {"progress": {}}},
                tags=range_tags(first, last) | BY_COMMAND,
                asset_selection=[
                    key for key in graph.materializable_asset_keys if graph.get(key).group_name not in without
                ],
                raise_on_error=False,
            )
        except dg.DagsterExecutionInterruptedError as error:
            raise KeyboardInterrupt from error
    return [] if result.success else sentences(result.all_events)
