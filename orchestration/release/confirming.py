"""What a person has to confirm before a published card is published otherwise: stale sentences, and losses."""

from datetime import date

from orchestration import months
from orchestration.errors import UserError
from orchestration.release import confirmations, losses, sentences, staleness
from orchestration.warehouse import justification


class NotConfirmed(UserError):
    """Cards that are published would print otherwise in a way that a person has to confirm; the message shows it."""


class CannotConfirm(ValueError):
    """There is nothing of that kind to confirm; the message says what there is."""


def check(report_months: list[date]) -> None:
    """Raise NotConfirmed with all of these cards that waits for a person; nothing where all of it is confirmed."""
    parts = []
    if lost := losses.waiting(report_months):
        parts.append(losses.told(lost))
    if stale := sentences.waiting(report_months):
        parts.append(staleness.told(stale))
    if parts:
        raise NotConfirmed("\n".join(parts))


def confirm(month: str, line: str, reason: str) -> str:
    """Enter into the ledger that what waits on a line of a card, or on all, is right as it is. Returns what that was.

    It is of exactly the text that would be printed now, and of exactly what would be lost. Raises CannotConfirm,
    NoReason.
    """
    if not month:
        raise CannotConfirm("Say which card with MONTH=YYYY-MM.")
    report_month, reason = months.parse(month), justification.checked(reason)
    lost, stale = losses.waiting([report_month]), sentences.waiting([report_month])
    there = sorted({it.line for it in lost} | {it.line for it in stale})
    chosen = [it for it in there if line in ("", it)]
    if not chosen:
        raise CannotConfirm(
            f"Nothing of {month} on line {line} waits to be confirmed; what waits is on {', '.join(there)}."
            if there
            else f"Nothing of {month} waits to be confirmed: `make scorecard` says what does."
        )
    said = []
    for each in chosen:
        said += [f"Confirmed: {month}, line {each}: {it.now}" for it in stale if it.line == each]
        if of_line := [it for it in lost if it.line == each]:
            said.append(f"Confirmed: {month}, line {each} loses what it had: {losses.listed(of_line)}")
    confirmations.enter(
        report_month,
        {it.line: it.now for it in stale if it.line in chosen},
        [it for it in lost if it.line in chosen],
        reason,
    )
    return "\n".join([*said, f"The next run publishes it: make scorecard FROM={month}"])
