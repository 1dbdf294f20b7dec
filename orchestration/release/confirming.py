"""What a person has to confirm before cards are published: stale sentences, losses, and rules that changed."""

import getpass
from datetime import date

from orchestration import months, warehouse
from orchestration.errors import UserError
from orchestration.release import folder, losses, renamed, rule_changes, stale_sentences
from orchestration.release.losses import Loss
from orchestration.release.rule_changes import RuleChange
from orchestration.release.stale_sentences import Sentence
from orchestration.warehouse import justification, ledger


class NotConfirmed(UserError):
    """Published cards would print differently in a way that a person has to confirm; the message shows it."""


class CannotConfirm(ValueError):
    """There is nothing of that kind to confirm; the message lists what there is."""


def check(report_months: list[date]) -> None:
    """Raise NotConfirmed with all that a person has to confirm of these cards; return where there is nothing."""
    lost, stale, changed = unconfirmed(report_months)
    parts = [rule_changes.message(changed)] if changed else []
    parts += [losses.message(lost)] if lost else []
    parts += [stale_sentences.message(stale)] if stale else []
    if parts:
        raise NotConfirmed("\n".join(parts))


def unconfirmed(report_months: list[date]) -> tuple[list[Loss], list[Sentence], list[RuleChange]]:
    """What these cards would lose, their stale sentences and changed rules, but for what a person has confirmed."""
    before = folder.current()
    if before is None or not warehouse.exists():
        return [], [], []
    with warehouse.reading() as connection:
        is_older = renamed.attach(connection, before.database)
        lost = losses.of_cards(connection, report_months)
        stale = stale_sentences.of_cards(connection, report_months)
        changed = rule_changes.of_cards(connection, report_months)
        for database in ["published", *["as_published"] * is_older]:
            connection.execute(f"detach {database}")
    accepted, texts = confirmed_losses(), confirmed_texts()
    return (
        [loss for loss in lost if loss not in accepted],
        [each for each in stale if (each.report_month, each.line, each.now) not in texts],
        changed,
    )


def confirm(month: str, line: str, reason: str) -> str:
    """Enter into the ledger that what waits on a line of a card, or on all, may be published. Returns what it was.

    It covers exactly the text that would be printed now, exactly what would be lost, and exactly that change of a
    rule. Raises CannotConfirm, NoReason.
    """
    if not month:
        raise CannotConfirm("Name the card with MONTH=YYYY-MM.")
    report_month, reason = months.parse(month), justification.checked(reason)
    lost, stale, changed = unconfirmed([report_month])
    waiting = sorted({each.line for each in lost} | {each.line for each in stale} | {each.line for each in changed})
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
        confirmed += [f"Confirmed: {month}, line {each}: {it.effect}" for it in changed if it.line == each]
    common = {"report_month": months.key(report_month), "reason": reason, "by": getpass.getuser()}
    entries = [{"line": it.line, "text": it.now} for it in stale if it.line in chosen]
    entries += [{"line": it.line, "lost": it.what, "was": it.was} for it in lost if it.line in chosen]
    entries += [{"line": it.line, "rule": it.rule} for it in changed if it.line in chosen]
    ledger.append(("confirmation", common | entry) for entry in entries)
    return "\n".join([*confirmed, f"The next run publishes it: make scorecard FROM={month}"])


def confirmed_texts() -> dict[tuple[date, str, str | None], str]:
    """The reasons for confirmed texts, by report month, line and printed text."""
    return {
        (months.parse(entry.body["report_month"]), entry.body["line"], entry.body["text"]): entry.body["reason"]
        for entry in ledger.entries("confirmation")
        if "text" in entry.body
    }


def confirmed_losses() -> set[tuple]:
    """The confirmed losses: report month, line, cell or figure, its published text."""
    return {
        (months.parse(entry.body["report_month"]), *(entry.body[name] for name in ("line", "lost", "was")))
        for entry in ledger.entries("confirmation")
        if "lost" in entry.body
    }
