"""What the assets of a run share: the warehouse, held by one run at a time from its first step to its last."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from orchestration import release, settings, warehouse
from orchestration.defs.failures import FRAMES, user_errors_as_failures
from orchestration.defs.partitions import report_months
from orchestration.warehouse import file_system, run_lock


class Warehouse(dg.ConfigurableResource):
    """The lock on the warehouse. What a run that died left half done is completed or undone before the first step."""

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Warehouse"]:
        """Hold it as long as the run lasts. Fails with one sentence where another run, or program, holds it.

        Nothing is written where the run is of a month that there is not.
        """
        assert context.run is not None and context.log is not None
        with user_errors_as_failures():
            report_months(context.run.tags)
            file_system.check(settings.dagster_home())
        with user_errors_as_failures(), run_lock.held(f"the run {context.run.run_id}"):
            for repaired in release.recover():
                context.log.warning(repaired)
            # waits for whoever has the database open: a dbt whose run was killed needs a moment to notice it
            with warehouse.writing():
                pass
            try:
                yield self
            finally:
                warehouse.close()
                sys.tracebacklimit = FRAMES
