"""The editions of a card, one for each kind of reader, written into its release from the release's own rows.

    cards/2009-08/    all editions of one card, in one folder that never changes once it is published

Each module here writes one edition of one card: `write(card, folder)`. A card whose rows did not change keeps the files
that it has, under the release that wrote them; the table `editions` says which that is.
"""

from pathlib import Path

import duckdb

from orchestration import months, settings
from orchestration.editions import content, site, writing
from orchestration.warehouse import files

__all__ = ["CARDS", "write"]

CARDS = "cards"


def write(release: Path, before: Path | None) -> list[str]:
    """Write every edition of a release into its folder, whose database is finished.

    Cards that did not change keep the files they have in the release `before`, as the same files on the disk. Returns
    the names of those files.
    """
    with duckdb.connect(str(release / settings.SCORECARD), read_only=True) as connection:
        reading = content.Reading(connection)
        site.write_front(reading, release)
        cards = reading.cards()
    changed = [report_month for report_month, written_for in cards if written_for == reading.release]
    writing.write(release, changed, release / CARDS)
    kept = [months.key(report_month) for report_month, _ in cards if report_month not in changed]
    return [
        f"{CARDS}/{card}/{name}" for card in kept for name in files.link(before / CARDS / card, release / CARDS / card)
    ]
