"""Many seeds: each a coordinate that can be replayed alone; together they must meet everything that is worth a test."""

import tempfile
from collections import Counter
from pathlib import Path

import dagster as dg
import pytest

from orchestration.warehouse import files
from tests.soak.bugs import BUGS, Bug
from tests.soak.simulation import Place, Simulation
from tests.soak.small import Compiled, as_in_a_new_process

# what a sweep that proves something has met, each at least once
EVENTS = (
    "a delivery comes",
    "late",
    "damaged",
    "twice",
    "restated",
    "corrected",
    "never",
    "a restatement across a year's end",
    "a late survey in April",
    "landing succeeded",
    "landing failed",
    "scorecard_run succeeded",
    "scorecard_run failed",
    "what failed succeeds when it is requested again",
    "several cards in one run",
    "a published card is printed again",
    "what comes late is for a published card",
    "a release is withdrawn",
    "an incomplete month is published on its day",
    "a year is begun by the command",
    "the targets of a new year are agreed in April",
    "killed before the ledger",
    "killed while landing",
    "a release is completed after a kill",
    "disk full",
    "in use",
    "notifier fails",
    "a failure is not handed over",
    "record of what landed lost",
    "daemon down",
    "the warehouse is restored from a backup",
)


def replay(
    seed: int, months: int, compiled: Compiled, bug: Bug | None = None, everything: bool = False
) -> Counter[str]:
    """Simulate so many months of one seed, by rules only or with `everything` that is published.

    Returns the events it met; raises Broken where something does not hold.
    """
    with (
        pytest.MonkeyPatch.context() as patch,
        tempfile.TemporaryDirectory() as there,
        dg.DagsterInstance.ephemeral() as instance,
    ):
        if bug:
            bug.plant(patch)
            compiled = bug.compiled(compiled)
        try:
            return Simulation(seed, months, compiled, Place(Path(there), patch, instance, everything)).run()
        except Exception as error:
            broken = error  # raised outside: the record of the test would print it a second time
        finally:
            for sealed in (Path(there) / "warehouse" / "releases").glob("*"):
                files.remove(sealed)
            patch.undo()
            as_in_a_new_process()
    raise broken


def found(name: str, compiled: Compiled) -> str | None:
    """By what a planted bug is found where it is met; None where it is not."""
    bug = BUGS[name]
    try:
        replay(bug.seed, bug.months, compiled, bug)
    except Exception as error:
        where = "; ".join(getattr(error, "__notes__", []))
        return f"{type(error).__name__} {where}: {str(error).splitlines()[0] if str(error) else ''}"
    return None


def not_met(events: Counter[str]) -> list[str]:
    """The events that a sweep should have met and did not."""
    return [event for event in EVENTS if not events[event]]
