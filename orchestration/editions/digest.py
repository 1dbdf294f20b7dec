"""The card as a message for mail, in plain text: what changed since last month, with names, and what waits."""

import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path

from orchestration import organisation
from orchestration.editions import changes
from orchestration.editions.content import Card
from orchestration.explain import words
from orchestration.raw.sources.extracts import EXTRACTS
from orchestration.scorecard import notices, status

FILE = "digest.txt"
WIDTH = 76  # which no program for mail breaks again
COVERED = ("letter", "restated", *notices.WAITING)  # the kinds of notices that it makes superfluous
_TITLES = {extract.name: extract.title.rstrip(".") for extract in EXTRACTS}


def write(card: Card, folder: Path) -> None:
    """Write the message of a card into its folder."""
    (folder / FILE).write_text("".join(f"{line}\n" for line in _lines(card)), encoding="utf-8")


def matters(rows: Iterable[dict]) -> list[tuple[str, str]]:
    """Of notices, those that wait for a person: the line or the source by its name, and what is to be done."""
    return [
        (
            f"Line {row['line']}" if row["line"] else f"{_TITLES.get(row['extract'], '')} ({row['extract']})".strip(),
            words.sentence(row["message"]),
        )
        for row in rows
        if row["kind"] in notices.WAITING
    ]


def _lines(card: Card) -> Iterator[str]:
    changed = changes.of(card)
    yield f"{organisation.declared().name}: {card.title}, {card.report_month:%B %Y}"
    yield from textwrap.wrap(f"Published on {card.published_on}, release {card.release}. {card.next_card}", WIDTH)
    yield from ("", *textwrap.wrap(changed["sentence"], WIDTH))
    letters = [(it, f"{_letter(it['before'])} to {_letter(it['now'])}. {it['text']}") for it in changed["letters"]]
    restated = [(it, it["text"]) for it in changed["restated"]]
    for heading, items in (("Letters that changed", letters), ("Figures of last month that were restated", restated)):
        yield from _listed(heading, [f"{it['title']} ({it['line']}): {text}" for it, text in items])
    waiting = matters(card.tables["notices"].iter_rows(named=True))
    yield from _listed("For whoever makes the card", [f"{about}: {message}" for about, message in waiting])


def _listed(heading: str, items: list[str]) -> Iterator[str]:
    if items:
        yield from ("", heading)
    for item in items:
        yield from textwrap.wrap(item, WIDTH, initial_indent="- ", subsequent_indent="  ", break_on_hyphens=False)


def _letter(letter: str | None) -> str:
    return status.COLOURS[letter] if letter else "no letter"
