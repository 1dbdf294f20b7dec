"""Errors that a person can act on: as failures of a Dagster step, and as the sentences in which they are reported."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import dagster as dg

from orchestration.errors import INTERRUPTED, explanation, explanation_of

FRAMES = 1000  # Python's own limit of a trace


@contextmanager
def user_errors_as_failures() -> Iterator[None]:
    """Turn what a person can do something about into a failure that explains it; all else passes as it is."""
    sys.tracebacklimit = FRAMES
    try:
        yield
    except Exception as error:
        explained = explanation(error)
        if explained is None:
            raise
        raise failure(explained) from None


def sentences(events: Iterable[dg.DagsterEvent]) -> list[str]:
    """What stopped a run, from its events: each sentence once, in order."""
    failed = [event for event in events if event.is_step_failure or event.is_run_failure]
    # the failure of the run repeats that of the step, unless it is Dagster itself that could not go on
    failed = [event for event in failed if event.is_step_failure] or failed
    stopped = [sentence for event in failed if (sentence := _stopped(event))]
    return list(dict.fromkeys(stopped)) or ["The run did not succeed; Dagster's page of the run (make dev) shows why."]


def _stopped(event: dg.DagsterEvent) -> str | None:
    """What stopped a step, or the run; None where nothing is known of it."""
    failure = event.step_failure_data if event.is_step_failure else event.job_failure_data
    # a run that the daemon gives up, as its process died, has a message and no more
    error = failure.error if failure else None
    while error:  # that of a resource lies within one of Dagster's
        if error.cls_name == dg.Failure.__name__:
            return error.message.partition(": ")[2].strip()
        if error.cls_name == dg.DagsterExecutionInterruptedError.__name__:
            return INTERRUPTED
        error = error.cause
    if not (failure and failure.error):
        return event.message if event.is_run_failure else None
    trace = failure.error_display_string if event.is_step_failure else failure.error.to_string()
    who = f"The step {event.step_key}" if event.is_step_failure else "The run"
    return explanation_of(trace) or f"{who} failed unexpectedly: {trace}"


def failure(explained: str) -> dg.Failure:
    """The failure of a step that stops for a known reason.

    Dagster records the trace of whatever stops a step. One that only leads through Dagster to this line hides the
    explanation, so Python is told to record none until the next step begins.
    """
    sys.tracebacklimit = 0
    return dg.Failure(explained, allow_retries=False)
