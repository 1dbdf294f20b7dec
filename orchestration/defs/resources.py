"""What the assets of a run share: the warehouse, held by one run at a time from its first step to its last."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from orchestration import release, warehouse
from orchestration.defs.failures import FRAMES, user_errors_as_failures
from orchestration.warehouse import run_lock


class Warehouse(dg.ConfigurableResource):
    """The lock on the warehouse. What a run that died left half done is completed or undone before the first step."""

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["Warehouse"]:
        """Hold it as long as the run lasts. Fails at once, with a sentence, where another run holds it."""
        assert context.run is not None and context.log is not None
        with user_errors_as_failures(), run_lock.held(f"the run {context.run.run_id}"):
            for said in release.recover():
                context.log.warning(said)
            try:
                yield self
            finally:
                warehouse.close()
                sys.tracebacklimit = FRAMES
