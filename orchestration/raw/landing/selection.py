"""Which deliveries a run validates: those that are new or changed, or that other code or another last one judged."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

import polars as pl

from orchestration import months
from orchestration.raw.checks import area_names
from orchestration.raw.files import intake, settling, vault
from orchestration.raw.files.intake import Delivery
from orchestration.raw.landing import failures, outcomes, stale_deliveries
from orchestration.raw.landing.raw_tables import Landing
from orchestration.raw.sources.declarations import Extract
from orchestration.warehouse.versions import validation_version


@dataclass
class Selection:
    """The delivery months of a run over an extract: what raw/ holds for them, and what the list of deliveries says."""

    extract: Extract
    first: date
    last: date
    files: Mapping[date, Path]
    unusable: Mapping[date, pl.DataFrame]  # what lies there in place of a file
    known: Mapping[date, dict]
    accepted: Mapping[tuple[str, date, str], str]
    cut_off: Collection[date] = ()  # months of deliveries that may have been cut off: a manifest settles that
    by_hand: bool = False  # whether a person waits for the run
    report: Callable[[str], None] = lambda _: None  # receives at once which files are waited for

    # filled while the deliveries are taken
    validated: set[date] = field(default_factory=set)
    waiting: dict[date, Landing] = field(default_factory=dict)  # beside an effective delivery: what cannot be taken
    not_taken: dict[date, Landing] = field(default_factory=dict)  # the same, where nothing is effective
    states: dict[date, str | None] = field(default_factory=dict)  # of each file, from before it was read
    failed: dict[str, str] = field(default_factory=dict)  # by sentence, the trace of a check that failed

    @cached_property
    def effective(self) -> dict[date, dict]:
        """The deliveries that counted when the run began."""
        return stale_deliveries.effective(dict(self.known))

    def nothing_came(self) -> list[Landing]:
        """What is said of the months of the run for which raw/ holds nothing."""
        there = {*self.files, *self.unusable}
        return [
            outcomes.nothing_came(month, self.known.get(month))
            for month in months.between(self.first, self.last)
            if month not in there
        ]

    def deliveries(self) -> Iterator[Delivery]:
        """Those to validate, in the order of their months; an effective one from the vault where its file is gone.

        Deliveries before the first month of the run are taken where none of their month is effective.
        """
        wanted = {
            month: path
            for month, path in self.files.items()
            if month <= self.last and not (month < self.first and month in self.effective)
        }
        unusable = {month for month in self.unusable if self.first <= month <= self.last} - set(self.files)
        paths = list(wanted.values())
        written = settling.still_written(self.extract, paths, by_hand=self.by_hand, report=self.report)
        for month in sorted({*wanted, *unusable}):
            taken = self._taken(month, wanted[month], written) if month in wanted else self._unusable(month)
            if isinstance(taken, Landing) and month not in self.effective:
                self.not_taken[month] = taken
                continue
            if isinstance(taken, Landing):
                self.waiting[month] = taken
            before = self._last_before(month)
            if before in self.validated or not self._is_known(month, taken, before):
                self.validated.add(month)
                yield taken if isinstance(taken, Delivery) else self.from_the_vault(month)

    def stays_beside(self, landing: Landing) -> bool:
        """Whether another delivery of its month was effective, which stays so until this one is."""
        return self.effective.get(landing.month, {}).get("sha256") not in (None, landing.sha256)

    def note_failure(self, landing: Landing) -> None:
        """Remember why a check failed, where it did."""
        if landing.cause:
            self.failed[landing.reason] = landing.cause

    def from_the_vault(self, month: date) -> Delivery:
        """The effective delivery of a month, as it was taken. Raises VaultBroken."""
        line = self.known[month]
        content, was_valid = vault.content(line["sha256"]), line["status"] == "loaded"
        return Delivery(self.extract, month, line["file"], content, line["sha256"], confirmed=was_valid)

    def _taken(self, month: date, path: Path, written: Mapping[Path, str]) -> Delivery | Landing:
        file = f"{self.extract.name}/{path.name}"
        self.states[month] = stale_deliveries.state_of(path)
        try:
            return intake.take(self.extract, path, month, written.get(path))
        except intake.NotIngested as why:
            if why.code is None:
                self.states[month] = None  # what it holds once it is complete is not known yet
            return outcomes.not_taken(month, file, why)
        except failures.UNEXPECTED as error:
            if failures.stops_the_run(error):
                raise
            landing = outcomes.failed(month, file, None, error)
            self.note_failure(landing)
            return landing

    def _unusable(self, month: date) -> Landing:
        return outcomes.rejected(month, None, self.unusable[month])

    def _last_before(self, month: date) -> date | None:
        """The last delivery before that month which counts, as far as is known before all are validated."""
        there = {each for each in self.effective if each < self.first or each in self.files or each in self.unusable}
        return max((each for each in there | self.validated if each < month), default=None)

    def _is_known(self, month: date, taken: Delivery | Landing, before: date | None) -> bool:
        """Whether this was judged already: by this code, beside the same last delivery, with the same word on it."""
        line, last = self.known.get(month), self.known.get(before)
        if (
            line is None
            or line["code"] != validation_version()
            or line["compared_with"] != (last["sha256"] if last else None)
            or line["names"] != area_names.version(self.extract)
        ):
            return False
        if isinstance(taken, Landing):
            waits = (taken.file, taken.sha256, taken.status, taken.reason)
            return waits == tuple(line[f"waiting_{name}"] for name in ("file", "sha256", "status", "reason"))
        if taken.confirmed and month in self.cut_off:
            return False
        accepted = (self.extract.name, month, taken.sha256) in self.accepted
        if line["waiting_status"]:
            return (line["waiting_sha256"], line["waiting_file"]) == (taken.sha256, taken.file) and not accepted
        same = (line["sha256"], line["file"]) == (taken.sha256, taken.file)
        return same and (line["status"] == "accepted") == accepted
