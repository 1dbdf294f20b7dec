"""What people do when they read what is reported: accept, confirm, begin the year, agree its targets."""

import random
import re
import shutil
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from orchestration import catalogue, settings
from orchestration.catalogue import next_year
from orchestration.raw.landing import acceptance
from orchestration.release import confirm
from orchestration.warehouse import files
from tests.soak import small
from tests.soak.world import File

RESTORES = 0.1  # of the months have the warehouse restored from a backup
# made again, so that the backup of docs/operating.md leaves it out
NOT_IN_A_BACKUP = ("performance.duckdb*", "spill", "arrivals.json")


class People:
    """Whoever looks after the pipeline; what they will do, by day."""

    def __init__(self, seed: int, events: Counter[str]) -> None:
        self.chance, self.events = random.Random(f"people {seed}"), events
        self.promised: dict[str, tuple[date, Callable[[], None]]] = {}
        self.accepted: set[bytes] = set()

    def hear(self, text: str, today: date) -> None:
        """Read what was reported, and promise what it asks for."""
        for month in re.findall(r"make confirm MONTH=(\S+)", text):
            self._promise(f"confirm {month}", today, 2, lambda month=month: self._confirm(month))
        if "make year" in text:
            self._promise("begin the year", today, 20, self._begin_the_year)

    def look_at(self, file: File, today: date) -> bool:
        """A delivery waits that its source says is right: it will be accepted. Whether that is news."""
        key = f"accept {file.extract}/{file.delivered}"
        if key in self.promised or file.content in self.accepted:
            return False
        self._promise(key, today, 3, lambda: self._accept(file))
        return True

    def act(self, today: date) -> bool:
        """Keep the promises of the day. Whether there were any."""
        due = [key for key, (day, _) in self.promised.items() if day <= today]
        for key in due:
            _, keep = self.promised.pop(key)
            keep()
        if today.day == 20 and self.chance.random() < RESTORES:
            self._move_to_another_machine()
            return True
        if today.month == 4 and today.day == 2:
            return self._agree_targets(f"{today.year}/{(today.year + 1) % 100:02}") or bool(due)
        return bool(due)

    def _promise(self, key: str, today: date, within: int, keep: Callable[[], None]) -> None:
        if key not in self.promised:
            self.promised[key] = today + timedelta(days=self.chance.randint(1, within)), keep

    def _confirm(self, month: str) -> None:
        confirm(month, "", "it was read, and is right")
        self.events["a loss is confirmed"] += 1

    def _accept(self, file: File) -> None:
        acceptance.accept(f"{file.extract}/{file.delivered}.csv", "its source says that it is right")
        self.accepted.add(file.content)
        self.events["a delivery is accepted"] += 1

    def _move_to_another_machine(self) -> None:
        """Make a backup and begin again from it."""
        there, backup = settings.warehouse(), settings.warehouse().with_name("backup")
        if not there.exists():
            return
        shutil.copytree(there, backup, symlinks=True, ignore=shutil.ignore_patterns(*NOT_IN_A_BACKUP))
        files.remove(there)
        backup.rename(there)
        self.events["the warehouse is restored from a backup"] += 1

    def _begin_the_year(self) -> None:
        next_year.begin()
        small.as_in_a_new_process()
        self.events["a year is begun by the command"] += 1

    def _agree_targets(self, year: str) -> bool:
        """In April targets of the new year are agreed, before any card of it is published."""
        rows = small.read_table(settings.CATALOGUE, "indicators")
        of_year = [row for row in rows if row["financial_year"] == year]
        for row in of_year:
            row["target"] = str((Decimal(row["target"]) * Decimal("1.01")).quantize(Decimal("0.001")))
        if of_year:
            small.write_table(settings.CATALOGUE, "indicators", rows, list(rows[0]))
            catalogue.check(settings.CATALOGUE)
            small.as_in_a_new_process()
            self.events["the targets of a new year are agreed in April"] += 1
        return bool(of_year)
