"""The editions of a card, one for each kind of reader, written into its release from the release's own rows.

    cards/2009-08/    all editions of one card, in one folder that never changes once it is published

Each module here writes one edition of one card: `write(card, folder)`. A card whose rows did not change keeps the files
that it has, under the release that wrote them; `content.cards` says which that is.
"""

from collections.abc import Callable
from pathlib import Path

import duckdb

from orchestration import files, months, settings
from orchestration.editions import content, site, workbook

CARDS = "cards"
# Each writes its edition of a card into the card's folder.
EDITIONS: tuple[Callable[[content.Card, Path], None], ...] = (site.write, workbook.write)


def write(release: Path, before: Path | None) -> None:
    """Write every edition of a release into its folder, whose database is finished.

    `before` is the folder of the release before, of which the cards that did not change are taken over.
    """
    with duckdb.connect(str(release / settings.SCORECARD), read_only=True) as connection:
        reading = content.Reading(connection)
        for report_month, written_for in reading.cards():
            folder = release / CARDS / months.key(report_month)
            folder.mkdir(parents=True)
            if written_for != reading.release:
                files.same(before / CARDS / folder.name, folder)
                continue
            card = reading.card(report_month)
            for edition in EDITIONS:
                edition(card, folder)
        site.write_front(reading, release)
