"""Completing or undoing what a process that died left, before the next run changes anything."""

import re
from pathlib import Path

from orchestration import settings
from orchestration.release import folder, publishing
from orchestration.warehouse import files, ledger

NAME = r"[0-9]{4}-[0-9]{2}-r[0-9]+"


def recover() -> list[str]:
    """Complete or undo what was left. Returns a sentence for each. The caller holds the run lock.

    Raises LedgerBroken.
    """
    done = [repaired] if (repaired := ledger.repair()) else []
    for left in files.left_over(settings.releases()):
        files.remove(left)
        done.append(f"Undone: {left.name[1:].split('.')[0]} was half written when a run before this one died.")
    others = [settings.warehouse(), settings.warehouse() / "quarantine", *(settings.warehouse() / "vault").glob("*")]
    for left in (left for other in others for left in files.left_over(other)):
        files.remove(left)
    known, withdrawn = {body["release"] for body in folder.published()}, folder.withdrawn()
    unknown = []
    for there in folder.folders():
        if there.name in withdrawn:
            files.remove(there)
        elif there.name not in known and re.fullmatch(NAME, there.name):
            unknown.append(there)
    unknown.sort(key=lambda there: there.stat().st_mtime_ns)
    return done + [_complete_or_undo(there, newest=there == unknown[-1]) for there in unknown]


def _complete_or_undo(there: Path, newest: bool) -> str:
    """A folder that the ledger does not know: it was about to become the current release, or had just become it."""
    if folder.damage(there):
        files.remove(there)
        return f"Undone: {there.name} was not complete when a run before this one died."
    if newest and settings.current().resolve() != there.resolve():
        publishing.point_to(there)
    publishing.enter(there)
    publishing.keep_the_last()
    return f"Completed: {there.name} was complete when a run before this one died, and is entered into the ledger."
