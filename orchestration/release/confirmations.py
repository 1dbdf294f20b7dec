"""What the ledger records of confirmations by a person: texts whose numbers changed, and losses of a published card."""

import getpass
from collections.abc import Iterable, Mapping
from datetime import date

from orchestration import months
from orchestration.warehouse import ledger

Lost = tuple[date, str, str, str]  # report month, line, cell or figure, its published text


def enter(report_month: date, texts: Mapping[str, str], lost: Iterable[Lost], reason: str) -> None:
    """Enter that these texts, by line, may be printed, and that exactly these cells, figures and lines may be lost."""
    common = {"report_month": months.key(report_month), "reason": reason, "by": getpass.getuser()}
    entries = [{"line": line, "text": text} for line, text in texts.items()]
    entries += [{"line": line, "lost": what, "was": was} for _, line, what, was in lost]
    ledger.append(("confirmation", common | entry) for entry in entries)


def texts() -> dict[tuple[date, str, str | None], str]:
    """The reasons for confirmed texts, by report month, line and printed text."""
    return {
        (months.parse(entry.body["report_month"]), entry.body["line"], entry.body["text"]): entry.body["reason"]
        for entry in ledger.entries("confirmation")
        if "text" in entry.body
    }


def losses() -> set[Lost]:
    """The confirmed losses."""
    return {
        (months.parse(entry.body["report_month"]), *(entry.body[name] for name in ("line", "lost", "was")))
        for entry in ledger.entries("confirmation")
        if "lost" in entry.body
    }
