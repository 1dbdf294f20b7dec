"""Stops that a person can do something about, as failures of a Dagster step: one explanation, no retry, no trace."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from orchestration.errors import explanation

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


def failure(explained: str) -> dg.Failure:
    """The failure of a step that stops for a known reason.

    Dagster records the trace of whatever stops a step. One that only leads through Dagster to this line hides the
    explanation, so Python is told to record none until the next step begins.
    """
    sys.tracebacklimit = 0
    return dg.Failure(explained, allow_retries=False)
