"""Which deliveries a run validates: new and changed ones, and those validated by other code or after another one."""

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
    """The delivery months of a run over an extract: their files in raw/, and their rows in raw.deliveries."""

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

    # filled while the deliveries are ingested; the two in the middle hold what is not
    validated: set[date] = field(default_factory=set)
    waiting: dict[date, Landing] = field(default_factory=dict)  # for an effective delivery
    not_ingested: dict[date, Landing] = field(default_factory=dict)  # where nothing is effective
    states: dict[date, str | None] = field(default_factory=dict)  # of each file, from before it was read
    failed: dict[str, str] = field(default_factory=dict)  # by sentence, the trace of a check that failed

    @cached_property
    def effective(self) -> dict[date, dict]:
        """The deliveries that counted when the run began."""
        return stale_deliveries.effective(dict(self.known))

    def without_delivery(self) -> list[Landing]:
        """Landings for the months of the run that have no file in raw/."""
        there = {*self.files, *self.unusable}
        return [
            outcomes.without_delivery(month, self.known.get(month))
            for month in months.between(self.first, self.last)
            if month not in there
        ]

    def deliveries(self) -> Iterator[Delivery]:
        """Those to validate, by month; an effective one from the vault where its file is gone.

        Deliveries before the first month of the run are ingested where their month has no effective one.
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
            ingested = self._ingested(month, wanted[month], written) if month in wanted else self._unusable(month)
            if isinstance(ingested, Landing) and month not in self.effective:
                self.not_ingested[month] = ingested
                continue
            if isinstance(ingested, Landing):
                self.waiting[month] = ingested
            before = self._last_before(month)
            if before in self.validated or not self._is_known(month, ingested, before):
                self.validated.add(month)
                yield ingested if isinstance(ingested, Delivery) else self.effective_delivery(month)

    def keeps_effective(self, landing: Landing) -> bool:
        """Whether another delivery of its month is effective, and stays so until this one is."""
        return self.effective.get(landing.month, {}).get("sha256") not in (None, landing.sha256)

    def note_failure(self, landing: Landing) -> None:
        """Remember why a check failed, where it did."""
        if landing.cause:
            self.failed[landing.reason or ""] = landing.cause

    def effective_delivery(self, month: date) -> Delivery:
        """The effective delivery of a month, from the vault. Raises VaultBroken."""
        return from_vault(self.extract, month, self.known[month])

    def _ingested(self, month: date, path: Path, written: Mapping[Path, str]) -> Delivery | Landing:
        file = f"{self.extract.name}/{path.name}"
        self.states[month] = stale_deliveries.state_of(path)
        try:
            return intake.ingest(self.extract, path, month, written.get(path))
        except intake.NotIngested as why:
            if why.code is None:
                self.states[month] = None  # what it holds once it is complete is not known yet
            return outcomes.not_ingested(month, file, why)
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

    def _is_known(self, month: date, ingested: Delivery | Landing, before: date | None) -> bool:
        """Whether it was validated already, by this code, after the same delivery and with the same acceptance."""
        line, last = self.known.get(month), self.known.get(before) if before else None
        if (
            line is None
            or line["code"] != validation_version()
            or line["compared_with"] != (last["sha256"] if last else None)
            or line["names"] != area_names.version(self.extract)
        ):
            return False
        if isinstance(ingested, Landing):
            waits = (ingested.file, ingested.sha256, ingested.status, ingested.reason)
            return waits == tuple(line[f"waiting_{name}"] for name in ("file", "sha256", "status", "reason"))
        if ingested.confirmed and month in self.cut_off:
            return False
        accepted = (self.extract.name, month, ingested.sha256) in self.accepted
        if line["waiting_status"]:
            return (line["waiting_sha256"], line["waiting_file"]) == (ingested.sha256, ingested.file) and not accepted
        same = (line["sha256"], line["file"]) == (ingested.sha256, ingested.file)
        return same and (line["status"] == "accepted") == accepted


def from_vault(extract: Extract, month: date, line: dict) -> Delivery:
    """The effective delivery of a month, by its row in raw.deliveries, from the vault. Raises VaultBroken."""
    content, was_valid = vault.content(line["sha256"]), line["status"] == "loaded"
    return Delivery(extract, month, line["file"], content, line["sha256"], confirmed=was_valid)
