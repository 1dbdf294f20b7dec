"""What a person has to confirm before a published card is published differently: stale sentences, and losses."""

from datetime import date

from orchestration import months
from orchestration.errors import UserError
from orchestration.release import confirmations, losses, stale_sentences
from orchestration.warehouse import justification


class NotConfirmed(UserError):
    """Published cards would print differently in a way that a person has to confirm; the message shows it."""


class CannotConfirm(ValueError):
    """There is nothing of that kind to confirm; the message lists what there is."""


def check(report_months: list[date]) -> None:
    """Raise NotConfirmed with all that a person has to confirm of these cards; return where there is nothing."""
    lost, stale = losses.unconfirmed(report_months), stale_sentences.unconfirmed(report_months)
    parts = [losses.message(lost)] if lost else []
    parts += [stale_sentences.message(stale)] if stale else []
    if parts:
        raise NotConfirmed("\n".join(parts))


def confirm(month: str, line: str, reason: str) -> str:
    """Enter into the ledger that what waits on a line of a card, or on all, may be published. Returns what it was.

    It covers exactly the text that would be printed now, and exactly what would be lost. Raises CannotConfirm,
    NoReason.
    """
    if not month:
        raise CannotConfirm("Name the card with MONTH=YYYY-MM.")
    report_month, reason = months.parse(month), justification.checked(reason)
    lost, stale = losses.unconfirmed([report_month]), stale_sentences.unconfirmed([report_month])
    waiting = sorted({each.line for each in lost} | {each.line for each in stale})
    chosen = [each for each in waiting if line in ("", each)]
    if not chosen:
        raise CannotConfirm(
            f"Nothing of {month} on line {line} waits to be confirmed; what waits is on {', '.join(waiting)}."
            if waiting
            else f"Nothing of {month} waits to be confirmed: `make scorecard` reports what does."
        )
    confirmed = []
    for each in chosen:
        confirmed += [f"Confirmed: {month}, line {each}: {it.now}" for it in stale if it.line == each]
        if of_line := [it for it in lost if it.line == each]:
            confirmed.append(f"Confirmed: {month}, line {each} loses what it had: {losses.listed(of_line)}")
    texts = {it.line: it.now for it in stale if it.line in chosen}
    confirmations.enter(report_month, texts, [it for it in lost if it.line in chosen], reason)
    return "\n".join([*confirmed, f"The next run publishes it: make scorecard FROM={month}"])
