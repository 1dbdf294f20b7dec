"""Sentences whose numbers changed since they were published: they hold the release until a person confirms them."""

from datetime import date

from orchestration import confirmations, months, reasons, staleness, warehouse
from orchestration.release import folder
from orchestration.staleness import Sentence


class StaleSentences(Exception):
    """Sentences of cards that are published would print other numbers; the message shows each of them."""


class CannotConfirm(ValueError):
    """There is no such sentence to confirm; the message says which there are."""


def check(report_months: list[date]) -> None:
    """Raise StaleSentences with every sentence of these cards that waits for a person; none where all keep up."""
    if stale := waiting(report_months):
        raise StaleSentences(staleness.told(stale))


def confirm(month: str, line: str, reason: str) -> str:
    """Enter into the ledger that the words of a card's stale sentences hold: of one line, or of all. Returns what was.

    It is of exactly the text that would be printed now. Raises CannotConfirm, NoReason.
    """
    if not month:
        raise CannotConfirm("Say which card with MONTH=YYYY-MM.")
    report_month, reason = months.parse(month), reasons.checked(reason)
    stale = waiting([report_month])
    chosen = [sentence for sentence in stale if line in ("", sentence.line)]
    if not chosen:
        there = ", ".join(sentence.line for sentence in stale)
        raise CannotConfirm(
            f"No sentence of {month} on line {line} waits to be confirmed; there are those of {there}."
            if stale
            else f"No sentence of {month} waits to be confirmed: `make scorecard` says which do."
        )
    confirmations.enter(report_month, {it.line: it.now for it in chosen}, reason)
    said = "\n".join(f"Confirmed: {month}, line {sentence.line}: {sentence.now}" for sentence in chosen)
    return f"{said}\nThe next run prints {'it' if len(chosen) == 1 else 'them'}: make scorecard FROM={month}"


def waiting(report_months: list[date]) -> list[Sentence]:
    """The sentences of these cards, as they stand in the warehouse, that nobody has confirmed since they are stale."""
    before = folder.current()
    if before is None or not warehouse.exists():
        return []
    with warehouse.reading() as connection:
        connection.execute(f"attach {warehouse.literal(before.database)} as published (read_only)")
        differing = [Sentence(*row) for row in connection.execute(_DIFFERING, [report_months]).fetchall()]
        figures: dict[tuple[date, str], dict[str, str]] = {}
        for month, line, name, printed in connection.execute(_FIGURES, [report_months]).fetchall():
            figures.setdefault((month, line), {})[name] = printed
        connection.execute("detach published")
    known = confirmations.confirmed()
    return [
        sentence
        for sentence in differing
        if sentence.printed not in known
        and staleness.is_stale(sentence, figures.get((sentence.report_month, sentence.line), {}))
    ]


_DIFFERING = """
    select now.report_month, now.line, delivered.sentence, delivered.file, was.comment, now.comment
    from scorecard.scorecard as now
    join published.scorecard as was using (report_month, line)
    join staging.stg_commentary as delivered
        on now.report_month = delivered.delivery_month and now.line = delivered.line
    where list_contains(?::date[], now.report_month) and now.comment <> was.comment
    order by now.report_month, now.position
"""
_FIGURES = """
    select report_month, line, name, printed from published.figures where list_contains(?::date[], report_month)
"""
