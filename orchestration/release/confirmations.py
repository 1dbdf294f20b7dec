"""What a person confirmed of a published card, as the ledger has it: words whose numbers changed, and losses."""

import getpass
from collections.abc import Iterable, Mapping
from datetime import date

from orchestration import months
from orchestration.warehouse import ledger

Lost = tuple[date, str, str, str]  # report month, line, what is lost, what it said


def enter(report_month: date, texts: Mapping[str, str], lost: Iterable[Lost], reason: str) -> None:
    """Enter that the words of these texts hold, by line of a card: of exactly what would be printed now.

    And that exactly these cells, figures and lines of it may go.
    """
    word = {"report_month": months.key(report_month), "reason": reason, "by": getpass.getuser()}
    entries = [{"line": line, "text": text} for line, text in texts.items()]
    entries += [{"line": line, "lost": what, "was": was} for _, line, what, was in lost]
    ledger.append(("confirmation", word | entry) for entry in entries)


def confirmed() -> dict[tuple[date, str, str | None], str]:
    """Why the words hold, by report month, line and printed text."""
    return {
        (months.parse(entry.body["report_month"]), entry.body["line"], entry.body["text"]): entry.body["reason"]
        for entry in ledger.entries("confirmation")
        if "text" in entry.body
    }


def let_go() -> set[Lost]:
    """What may go."""
    return {
        (months.parse(entry.body["report_month"]), *(entry.body[name] for name in ("line", "lost", "was")))
        for entry in ledger.entries("confirmation")
        if "lost" in entry.body
    }
