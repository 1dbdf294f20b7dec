"""What a card must print, from what was delivered: plain Python that shares nothing with the pipeline.

The oracle is told which files a run saw, and by the rules of the project's documentation it says which count, what is
known of each month as of a report month, and what each line of a card prints then.
"""

import csv
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from tests.soak.calendar import between, financial_year, shift
from tests.soak.world import File

# of each measure: the extract, the words whose rows it sums, and which figure of the row over which
MEASURES: dict[str, tuple[str, tuple[str, ...], int, int | None]] = {
    "class_a_trafficking_detections": (
        "class_a_trafficking",
        ("cocaine", "crack", "heroin", "ecstasy", "other_class_a"),
        0,
        None,
    ),
    "cocaine_trafficking_detections": ("class_a_trafficking", ("cocaine", "crack"), 0, None),
    "heroin_trafficking_detections": ("class_a_trafficking", ("heroin",), 0, None),
    "criminal_networks_disrupted": ("criminal_networks", ("",), 0, None),
    "treat_with_respect": ("public_attitude_survey", ("treat_with_respect",), 1, 0),
}


class Cell(NamedTuple):
    """What a line prints: its value, the last month of its data, and its letter."""

    value: Fraction | None
    data_to: str | None
    letter: str | None


class Oracle:
    """What counts now, by extract and delivery month; and each published card as it must read."""

    def __init__(self) -> None:
        self.effective: dict[tuple[str, str], File] = {}
        self.published: dict[str, dict[str, Cell]] = {}

    def land(self, extract: str, first: str, last: str, there: dict[str, File], held: set[bytes]) -> None:
        """A run looked at the files of an extract that are there, for the delivery months from first to last.

        What is damaged, or `held` for a person to look at, replaces nothing. Earlier months are only looked at where
        nothing counts for them yet.
        """
        for delivered, file in there.items():
            key = extract, delivered
            within = first <= delivered <= last or (delivered < first and key not in self.effective)
            if within and file.sound and file.content not in held:
                self.effective[key] = file
            elif within and file.content in held and self.effective.get(key) == file:
                del self.effective[key]  # compared with a corrected delivery before it, it surprises now

    def complete(self, month: str) -> bool:
        """Whether everything that is due for a month counts."""
        due = {extract for extract, *_ in MEASURES.values()}
        if month[5:] not in ("03", "06", "09", "12"):
            due.remove("public_attitude_survey")
        return all((extract, month) in self.effective for extract in due)

    def card(self, report_month: str, catalogue: Path) -> dict[str, Cell]:
        """Every line of the card of a month, from what counts now."""
        year = financial_year(report_month)
        with (catalogue / "indicators.csv").open(encoding="utf-8", newline="") as file:
            lines = [row for row in csv.DictReader(file) if row["financial_year"] == year]
        return {row["line"]: self._cell(row, report_month) for row in lines}

    def _cell(self, row: dict[str, str], report_month: str) -> Cell:
        known = self.months(row["measure"], report_month)
        if not known:
            return Cell(None, None, None)
        data_to = max(known)
        window = between(shift(data_to, -11), data_to)
        if not all(month in known for month in window):
            return Cell(None, data_to, None)
        counted, of = (sum(known[month][place] for month in window) for place in (0, 1))
        value = Fraction(counted, of) if MEASURES[row["measure"]][3] is not None else Fraction(counted)
        due_every = 3 if MEASURES[row["measure"]][0] == "public_attitude_survey" else 1
        judged = data_to >= row["judged_from"][:7] and shift(data_to, due_every) >= report_month
        return Cell(value, data_to, _letter(value, row) if judged else None)

    def months(self, measure: str, report_month: str) -> dict[str, tuple[int, int]]:
        """What is known of each month of a measure: of several deliveries up to the report month the last one wins."""
        extract, words, part, whole = MEASURES[measure]
        latest: dict[str, File] = {}
        for (name, delivered), file in sorted(self.effective.items()):
            if name == extract and delivered <= report_month:
                latest |= {month: file for month, _ in file.rows if month <= report_month}
        return {
            month: (
                sum(file.rows[month, word][part] for word in words),
                sum(file.rows[month, word][whole] for word in words) if whole is not None else 1,
            )
            for month, file in latest.items()
        }


def _letter(value: Fraction, row: dict[str, str]) -> str:
    """G on or above target, A short of it by no more than the tolerance, R further; of the value as printed."""
    places = int(row["decimals"]) + (2 if row["unit"] == "percent" else 0)
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    printed = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    target, tolerance = Decimal(row["target"]), Decimal(row["amber_tolerance"])
    short = (target - printed) / target
    if short < 0 or (short == 0 and not row["strict"]):
        return "G"
    return "A" if short <= tolerance else "R"
