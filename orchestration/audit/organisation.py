"""The organisation's year and the months it holds, as the audit reads its declaration, without any check of it."""

from pathlib import Path
from typing import NamedTuple

import yaml

from orchestration.audit import months

FILE = "organisation.yml"


class Organisation(NamedTuple):
    """What the audit needs of the declaration; months are numbers."""

    first: int  # the first month that is held
    history: int  # months that a report month covers, up to its own
    january: int  # where a year begins: 0 for January, 3 for April
    written: str  # a year's name, with the year it begins and ends in

    def year_start(self, month: int) -> int:
        """The first month of the month's year."""
        return month - (month - self.january) % 12

    def quarter_start(self, month: int) -> int:
        """The first month of the month's quarter."""
        return month - (month - self.january) % 3

    def year(self, month: int) -> str:
        """The name of the month's year."""
        first = self.year_start(month)
        start, end = first // 12, (first + 11) // 12
        return self.written.format(start=start, end=end, start_2=f"{start % 100:02}", end_2=f"{end % 100:02}")

    def years(self, of_cards: set[str]) -> dict[int, str]:
        """The year of every month that is held, up to the end of the last year that has a card."""
        found: dict[int, str] = {}
        month, waiting = self.first, set(of_cards)
        while waiting or self.year(month) == found.get(month - 1):
            found[month] = self.year(month)
            waiting.discard(found[month])
            month += 1
        return found


def read(folder: Path) -> Organisation:
    """The organisation that a folder declares."""
    declared = yaml.load((folder / FILE).read_text(encoding="utf-8"), yaml.CBaseLoader)
    year = declared.get("year", {})
    return Organisation(
        months.parsed(declared["first_month"]),
        int(declared.get("months_of_history", 48)),
        int(year.get("first_month", 4)) - 1,
        year.get("written", "{start}/{end_2}"),
    )
