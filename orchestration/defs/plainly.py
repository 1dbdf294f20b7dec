"""Troubles that a person can do something about, as failures of a Dagster step: one sentence, no retry."""

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from orchestration.troubles import sentence


@contextmanager
def plainly() -> Iterator[None]:
    """Turn what a person can do something about into a failure that says what; all else passes as it is."""
    try:
        yield
    except Exception as error:
        said = sentence(error)
        if said is None:
            raise
        raise dg.Failure(said, allow_retries=False) from error
