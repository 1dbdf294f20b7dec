"""The editions of a card, one for each kind of reader, written into its release from the release's own rows.

    cards/2009-08/    all editions of one card, in one folder that never changes once it is published

Each module here writes one edition of one card: `write(card, folder)`. A card whose rows did not change keeps the files
that it has, under the release that wrote them; the table `editions` says which that is.
"""

from pathlib import Path
from typing import NamedTuple

import duckdb

from orchestration import files, months, settings
from orchestration.editions import content, site
from orchestration.editions.writing import Writers, writers

__all__ = ["CARDS", "Kept", "keep", "write", "writers"]

CARDS = "cards"


class Kept(NamedTuple):
    """The cards of a release in another folder as well: by name of a card, the names of the files that both have."""

    folder: Path
    files: dict[str, list[str]]


def keep(release: Path, folder: Path) -> Kept:
    """Have the cards of a release in that folder as well, for `write`: after 20 years they have some 20,000 files."""
    there = sorted(path.name for path in (release / CARDS).glob("*"))
    return Kept(folder, {card: files.same(release / CARDS / card, folder / card) for card in there})


def write(release: Path, before: Kept | None, writers: Writers) -> list[str]:
    """Write every edition of a release into its folder, whose database is finished.

    Cards that did not change are taken out of those kept of the release `before`. Returns the names of the files that
    both releases have.
    """
    with duckdb.connect(str(release / settings.SCORECARD), read_only=True) as connection:
        reading = content.Reading(connection)
        site.write_front(reading, release)
        cards = reading.cards()
    changed = [report_month for report_month, written_for in cards if written_for == reading.release]
    writers.write(release, changed, release / CARDS)
    kept = [months.key(report_month) for report_month, _ in cards if report_month not in changed]
    (release / CARDS).mkdir(exist_ok=True)
    for card in kept:
        (before.folder / card).rename(release / CARDS / card)
    return [f"{CARDS}/{card}/{name}" for card in kept for name in before.files[card]]
