"""Sentences of a card whose words a person confirmed after their numbers had changed, as the ledger has them."""

import getpass
from collections.abc import Mapping
from datetime import date

from orchestration import ledger, months


def enter(report_month: date, texts: Mapping[str, str], reason: str) -> None:
    """Enter that the words of these texts hold, by line of a card: of exactly what would be printed now."""
    month, by = months.key(report_month), getpass.getuser()
    ledger.append(
        ("confirmation", {"report_month": month, "line": line, "text": text, "reason": reason, "by": by})
        for line, text in texts.items()
    )


def confirmed() -> dict[tuple[date, str, str], str]:
    """Why the words hold, by report month, line and printed text."""
    return {
        (months.parse(entry.body["report_month"]), entry.body["line"], entry.body["text"]): entry.body["reason"]
        for entry in ledger.entries("confirmation")
    }
