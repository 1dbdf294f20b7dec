"""What senders do, by seed: every file that is put into the raw folder from the sample's end on, and when."""

import csv
import io
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

from tests.soak.calendar import between, month_of, shift

BEGINS = date(2009, 9, 1)  # the sample's last delivery is that of August
FIRST = "2008-07"
# what may happen to a delivery, and to how many of a hundred
TROUBLES = {"late": 10, "never": 2, "damaged": 3, "twice": 2, "restated": 10, "corrected": 2}
# each of these is off in three worlds of ten, so that one trouble may hide behind no other
OFF = 0.3
QUARTERLY = ("public_attitude_survey",)

Rows = dict[tuple[str, str], tuple[int, ...]]  # month and word of a row (empty where it has none): its figures


@dataclass(frozen=True)
class File:
    """A delivery as its sender writes it; `sound` where every row is as the source has it."""

    extract: str
    delivered: str
    header: tuple[str, ...]
    rows: Rows
    sound: bool = True
    trouble: str = ""

    @property
    def content(self) -> bytes:
        """Its bytes; what is damaged has lost the end of its last row."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(self.header)
        for (month, word), figures in sorted(self.rows.items()):
            writer.writerow([month, *([word] if word else []), *figures])
        whole = text.getvalue()
        return (whole if self.sound else whole[: whole.rstrip("\n").rindex(",")]).encode()

    def put(self, raw: Path) -> None:
        """Write it into the raw folder, as one rename: what is half written is another test's subject."""
        path = raw / self.extract / f"{self.delivered}.csv"
        path.parent.mkdir(exist_ok=True)
        part = path.with_name(f"{path.name}.part")
        part.write_bytes(self.content)
        part.replace(path)


@dataclass
class World:
    """The files of a seed by the day they are put, and what each source would say if it were asked then."""

    seed: int
    months: int
    base: dict[str, dict[str, File]]  # the sample's deliveries: extract, month
    on: set[str] = field(default_factory=set)
    agenda: dict[date, list[File]] = field(default_factory=dict)
    never: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        chance = random.Random(f"world {self.seed}")
        self.on = {trouble for trouble in TROUBLES if chance.random() > OFF}
        for extract in sorted(self.base):
            truth: Rows = {}
            for each in self.base[extract].values():
                truth |= each.rows
            for delivered in between("2009-09", shift("2009-09", self.months - 1)):
                if extract not in QUARTERLY or delivered[5:] in ("03", "06", "09", "12"):
                    self._plan(chance, extract, delivered, truth)

    def _plan(self, chance: random.Random, extract: str, delivered: str, truth: Rows) -> None:
        """Everything that is ever put for one delivery month of an extract."""

        def happens(trouble: str) -> bool:
            drawn = chance.random() < TROUBLES[trouble] / 100
            return drawn and trouble in self.on

        a_year_before = self.base[extract][max(each for each in self.base[extract] if each[5:] == delivered[5:])]
        by = (int(delivered[:4]) - int(a_year_before.delivered[:4])) * 12
        held = between(shift(delivered, -2), delivered) if extract in QUARTERLY else [delivered]
        rows: Rows = {}
        for (month, word), figures in a_year_before.rows.items():
            if shift(month, by) in held:
                rows[shift(month, by), word] = _moved(chance, figures)
        truth |= rows
        file = File(extract, delivered, a_year_before.header, rows)
        trouble = {name for name in TROUBLES if happens(name)}
        if "never" in trouble:
            self.never.append(f"{extract}/{delivered}")
            return
        if "restated" in trouble:
            # whole months, up to half a year back: all words of a month, or the delivery would be incomplete
            back = sorted({m for m, _ in truth if shift(delivered, -7) < m < held[0]})[-chance.randint(1, 6) :]
            restated = {key: _moved(chance, figures) for key, figures in truth.items() if key[0] in back}
            truth |= restated
            file = File(extract, delivered, file.header, rows | restated, trouble="restated")
        day = month_of(shift(delivered, 1)) + timedelta(days=chance.randint(2, 6))
        if "late" in trouble:
            day += timedelta(days=chance.randint(8, 45))
            file = replace(file, trouble=file.trouble or "late")
        if "damaged" in trouble:
            self._put(day, File(extract, delivered, file.header, file.rows, sound=False, trouble="damaged"))
            day += timedelta(days=chance.randint(2, 9))
        self._put(day, file)
        if "twice" in trouble:
            self._put(
                day + timedelta(days=chance.randint(1, 20)),
                File(extract, delivered, file.header, file.rows, trouble="twice"),
            )
        if "corrected" in trouble:
            corrected = {key: _moved(chance, figures) for key, figures in file.rows.items()}
            truth |= {key: figures for key, figures in corrected.items() if key[0] == delivered}
            day += timedelta(days=chance.randint(21, 90))
            self._put(day, File(extract, delivered, file.header, corrected, trouble="corrected"))

    def _put(self, day: date, file: File) -> None:
        self.agenda.setdefault(day, []).append(file)


def _moved(chance: random.Random, figures: tuple[int, ...]) -> tuple[int, ...]:
    """The figures a few percent up or down, all alike: a part stays no larger than its whole."""
    factor = 1 + chance.uniform(-0.04, 0.04)
    return tuple(round(figure * factor) for figure in figures)


def sample(raw: Path, names: tuple[str, ...]) -> dict[str, dict[str, File]]:
    """The last year of the sample's deliveries of these extracts, and what a rolling year needs before, as they are."""
    return {name: {file.delivered: file for file in _read(raw / name) if file.delivered >= FIRST} for name in names}


def _read(folder: Path) -> Iterator[File]:
    for path in sorted(folder.glob("2*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        words = len(header) - len([cell for cell in rows[0] if cell.isdigit()]) - 1
        by_key = {(row[0], row[1] if words else ""): tuple(map(int, row[1 + words :])) for row in rows}
        yield File(folder.name, path.stem, tuple(header), by_key)
