"""One seed: a clock that drives the real schedule and sensors day by day, with senders, people and faults."""

import hashlib
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple
from zoneinfo import ZoneInfo

import dagster as dg
import pytest

from orchestration import settings
from orchestration.defs import requests, sensors
from orchestration.defs.jobs import job, landing
from orchestration.release import folder, notifying
from tests.soak import checks, daemon, small, world
from tests.soak.calendar import between, month_of, shift
from tests.soak.checks import Cost, require
from tests.soak.faults import Faults
from tests.soak.kept_open import KeptOpen
from tests.soak.oracle import Oracle
from tests.soak.people import People
from tests.soak.rules_only import KILLED, Runs, current

LONDON = ZoneInfo("Europe/London")
HOURS = (7, 9, 12, 18)  # the later ones only while something waits to be tried again
# what stops a run that only a person can do something about
STOPS = ("make confirm", "is not complete", "outside the calendar")
MOST_RUNS = 8  # that one look may lead to: more would be runs without end


class Place(NamedTuple):
    """Where a seed is simulated: a folder of its own, what is patched meanwhile, and Dagster's record.

    And whether `everything` is published, with every edition of a card.
    """

    there: Path
    patch: pytest.MonkeyPatch
    instance: dg.DagsterInstance
    everything: bool = False


class Simulation:
    """The state of one seed."""

    def __init__(self, seed: int, months: int, compiled: small.Compiled, place: Place) -> None:
        there, patch, instance, self.everything = place
        small.set_up(patch, there, self.everything)
        self.there, self.events = there, Counter[str]()
        base = world.sample(settings.PROJECT / "raw", small.NAMES)
        self.world = world.World(seed, months, base)
        self.ends = month_of(shift("2009-09", months)) + timedelta(days=27)
        self.faults = Faults(seed, world.BEGINS, self.ends - timedelta(days=40))
        self.oracle, self.people = Oracle(), People(seed, self.events)
        self.raw = {name: dict(files) for name, files in base.items()}
        for file in (file for files in base.values() for file in files.values()):
            file.put(settings.raw())
        self.damaged: set[str] = set()
        self.held: set[bytes] = set()
        self.reported, self.now = there / "told", datetime.now(UTC)
        self.to_tell, self.told = Counter[str](), Counter[str]()
        self.costs: list[Cost] = []
        patch.setenv("SCORECARD_NOTIFY", f"tee -a {self.reported}")
        patch.setattr(sensors, "datetime", SimpleNamespace(now=lambda _: self.now))
        self.faults.plant(patch)
        self._count_what_is_to_be_told(patch)
        self.instance, self.runs, self.kept = instance, Runs(instance, compiled, self.everything), KeptOpen()
        self.runs.landed = self._landed
        self.down_until = world.BEGINS
        self.failed: list[tuple[datetime, str]] = []
        self.stopped: str | None = None  # what stopped the last run
        self.printed: checks.Printed = {}  # by the current release
        self.seen: set[str | None] = set()  # the releases that readers had
        self.unmet: set[str] = set()  # requests whose run failed

    def run(self) -> Counter[str]:
        """Every day from the sample's end on. Returns how often each named event was met; raises Broken."""
        day = world.BEGINS
        while day <= self.ends:
            try:
                self._day(day)
            except Exception as error:
                error.add_note(f"on {day}")
                raise
            day += timedelta(days=1)
        self._at_the_end()
        self.events.update(fault for _, fault in set(self.faults.met))
        self.events["never"] = len(self.world.never)
        self.events["a release is withdrawn"] = len(folder.withdrawn())
        completed = [each for each in self.runs.repaired if each.startswith("Completed: ")]
        self.events["a release is completed after a kill"] = len(completed)
        return self.events

    def _count_what_is_to_be_told(self, patch: pytest.MonkeyPatch) -> None:
        hand_over = notifying.hand_over

        def counted(lines: list[str], not_handed_over: str = "") -> str | None:
            self.to_tell.update(lines)
            return hand_over(lines, not_handed_over)

        patch.setattr(notifying, "hand_over", counted)

    def _day(self, day: date) -> None:
        files = self.world.agenda.get(day, [])
        for file in files:
            file.put(settings.raw())
            self.raw[file.extract][file.delivered] = file
            if not file.sound:
                self.damaged.add(hashlib.sha256(file.content).hexdigest())
            self.events[file.trouble or "a delivery comes"] += 1
            if file.trouble == "restated" and any(m[:7] < f"{file.delivered[:4]}-04" for m, _ in file.rows):
                self.events["a restatement across a year's end"] += file.delivered[5:] in ("04", "05", "06")
            late_survey = file.extract in world.QUARTERLY and file.delivered[5:] == "03" and day > date(day.year, 4, 14)
            self.events["a late survey in April"] += late_survey
            new = (file.extract, file.delivered) not in self.oracle.effective
            self.events["what comes late is for a published card"] += new and file.delivered in self.oracle.published
        with self.kept.closed():
            acted = self.people.act(day)
        self.faults.begin(day)
        if self.faults.happens("daemon down"):
            self.down_until = day + timedelta(days=4)
        if self.faults.happens("record of what landed lost"):
            settings.arrivals().unlink(missing_ok=True)
        waits = bool(self.failed and self.failed[-1][0].date() >= day - timedelta(days=1))
        # the 8th working day is one of these at the latest; on the others nothing can have changed
        due = day.day in (12, 16, 28)
        if day < self.down_until or not (files or acted or waits or due):
            return
        launched = self.events.total()
        for hour in HOURS:
            self.now = datetime(day.year, day.month, day.day, hour, tzinfo=LONDON)
            if hour == HOURS[0] or (self.failed and self.failed[-1][0].date() == day):
                self._tick()
        if self.events.total() > launched or day.day == 28:
            self._check(day)

    def _tick(self) -> None:
        """What the daemon evaluates: the schedule on the hour, the sensors until nothing more is requested."""
        self._evaluate("monthly_scorecard")
        for _ in range(MOST_RUNS):
            self.now += timedelta(minutes=1)
            if not any(map(self._evaluate, daemon.SENSORS)):
                return
        require(False, f"after {MOST_RUNS} runs more are requested")

    def _evaluate(self, evaluated: str) -> bool:
        """Whether the sensor or schedule requested a run, which then ran."""
        self.kept.open()
        tags = daemon.requested(evaluated, self.instance, self.now)
        if tags is None:
            return False
        if evaluated == "complete_months":
            for month in daemon.months_of(tags):
                known = month in self.oracle.published or month < "2009-09" or self.oracle.complete(month)
                require(known, f"the card of {month} is requested and incomplete")
        self._launch(landing.name if evaluated == "new_deliveries" else job.name, tags)
        return True

    def _launch(self, name: str, tags: dict[str, str]) -> None:
        before, printed = current(), self.printed
        of_run = daemon.months_of(tags)
        with self.kept.closed():
            run, event, stopped = self.runs.execute(name, tags, self.now)
        self.stopped = stopped
        self.seen.add(current())
        self.events[f"{name} {'failed' if stopped else 'succeeded'}"] += 1
        request = {tags[requests.REQUEST]}
        self.events["what failed succeeds when it is requested again"] += not stopped and request <= self.unmet
        self.unmet = self.unmet | request if stopped else self.unmet - request
        self.events["several cards in one run"] += name == job.name and not stopped and len(of_run) > 1
        if name == job.name and (stopped is None or current() != before):
            for month in of_run:
                if card := self.oracle.card(month, settings.CATALOGUE):
                    new = month not in self.oracle.published and month >= "2009-09"
                    self.events["an incomplete month is published on its day"] += new and not self.oracle.complete(
                        month
                    )
                    self.oracle.published[month] = card
        if current() != before:
            self.kept.open()
            self.printed = checks.printed_cells()
            if self.everything:
                checks.every_edition_says_the_same()
        if before and current() != before:
            checks.every_change_is_listed(printed, self.printed, current() or "")
            self.events["a published card is printed again"] += any(month in of_run for month in map(_key, printed))
        if stopped:
            self.failed.append((self.now, stopped))
            explained = any(day == self.now.date() for day, _ in self.faults.met)
            require(explained or any(each in stopped for each in STOPS), f"a run fails without a fault: {stopped}")
            if (reported := daemon.report(self.instance, run, event)) is None:
                self.events["a failure is not handed over"] += 1
            elif reported:
                text = self.reported.read_text(encoding="utf-8") if self.reported.exists() else ""
                require(stopped.splitlines()[-1] in text, f"not reported: {stopped}")
            self.people.hear(stopped, self.now.date())
        self._read_the_reports()

    def _read_the_reports(self) -> None:
        if self.reported.exists():
            text = self.reported.read_text(encoding="utf-8")
            self.people.hear(text, self.now.date())
            self.told.update(text.splitlines())
            self.reported.unlink()

    def _landed(self, extract: str, first: date, last: date, waits: set[str]) -> None:
        """Once an extract has landed: what counts now by the rules, but for what `waits`, by its digest."""
        there = self.raw[extract]
        held = {file.content for file in there.values() if hashlib.sha256(file.content).hexdigest() in waits}
        for file in (file for file in there.values() if file.sound and file.content in held):
            if self.people.look_at(file, self.now.date()):
                self.events["a sound delivery is held"] += 1
        self.oracle.land(extract, first.strftime("%Y-%m"), last.strftime("%Y-%m"), there, held)

    def _check(self, day: date) -> None:
        self.kept.open()
        checks.cards_are_the_oracles(self.oracle)
        checks.the_release_is_whole(self.there)
        checks.the_ledger_is_whole(self.seen)
        if current():
            checks.no_damaged_delivery_counts(self.damaged)
        if day.day == 28:
            self._nothing_is_overdue(day)
            checks.the_year_ends_as_a_rolling_year()
            # what a killed run left stays until the next one
            if day.month % 3 == 0 and self.stopped != KILLED:
                with self.kept.closed():
                    checks.everything_verifies()
            self.costs.append(Cost.now(self.costs, self.there))
            for record in self.instance.get_run_records()[40:]:
                self.instance.delete_run(record.dagster_run.run_id)

    def _nothing_is_overdue(self, day: date) -> None:
        """Late in a month without trouble, all that is complete is published as it was delivered."""
        last_trouble = max([at for at, _ in self.failed] + [datetime(2009, 1, 1, tzinfo=UTC)])
        if (day - last_trouble.date()).days < 4 or day < self.down_until + timedelta(days=4) or self.people.promised:
            return
        last = shift(day.strftime("%Y-%m"), -1)
        require(last in self.oracle.published, f"the card of {last} is not published on {day}")
        for month in between("2009-09", last):
            if not self.oracle.complete(month):
                return  # what changes an incomplete month is published with the next card
            now = self.oracle.card(month, settings.CATALOGUE)
            require(self.oracle.published.get(month) == now, f"the card of {month} is not as it was delivered")

    def _at_the_end(self) -> None:
        """Every published card can be made again as it is, and everything verifies."""
        self.faults.armed.clear()
        notifying.hand_over([])
        self._read_the_reports()
        require(
            self.told == self.to_tell, f"not reported: {self.to_tell - self.told}, twice: {self.told - self.to_tell}"
        )
        checks.costs_do_not_climb(self.costs)
        with self.kept.closed():
            if self.stopped != KILLED:
                checks.everything_verifies()
        before, printed = current(), checks.printed_cells()
        require(before is not None, "nothing was published")
        first, last = min(self.oracle.published), max(self.oracle.published)
        tags = {"dagster/asset_partition_range_start": first, "dagster/asset_partition_range_end": last}
        _, _, stopped = self.runs.execute(job.name, tags, self.now)
        require(stopped is None, f"the months cannot be made again: {stopped}")
        now = checks.printed_cells()
        changed = {key: (cells, now.get(key)) for key, cells in printed.items() if cells != now.get(key)}
        require(now.keys() == printed.keys() and not changed, f"made again, these lines are not the same: {changed}")


def _key(cell: tuple[date, str]) -> str:
    return cell[0].strftime("%Y-%m")
