"""Which letter a line has, why, and in which direction it moves, by definition: what is judged is what is printed."""

from fractions import Fraction
from typing import NamedTuple

from tests.sweep.case import Cells, number
from tests.sweep.definitions import Figure

NOT_JUDGED, NO_TARGET, NO_FIGURE = "its row says so", "it has no target", "it has no figure"
TOO_EARLY, TOO_OLD = "the target does not apply yet", "its figure is too old"
MEETS, WITHIN, BEYOND, NOTHING = "meets the target", "within the tolerance", "beyond it", "misses a target of nothing"
WHYS = (NOT_JUDGED, NO_TARGET, NO_FIGURE, TOO_EARLY, TOO_OLD, MEETS, WITHIN, BEYOND, NOTHING)
SHOWN_AS = {  # times the value
    "percent": 100,
    "points": 100,
    "per_1000": 1_000,
    "per_10000": 10_000,
    "per_100000": 100_000,
    "pounds_millions": Fraction(1, 1_000_000),
}


class Letter(NamedTuple):
    """A letter or none, why, whether the digits that are not printed would give another; the direction of travel."""

    letter: str | None
    why: str
    rounding_decided: bool = False
    travel: str | None = None


def letter(row: Cells, age: int, latest: Figure, year_before: Figure) -> Letter:
    """The letter of a line by its row of the catalogue, its figure and the one of a year before.

    `age` is how many months before the card the figure ends.
    """
    travel = _travel(row, latest, year_before)
    if row.get("not_judged"):
        return Letter(None, NOT_JUDGED, False, travel)
    if row.get("target") is None:
        return Letter(None, NO_TARGET, False, travel)
    if latest.value is None or latest.last is None:
        return Letter(None, NO_FIGURE)
    if age > int(row["age_limit"]):
        return Letter(None, TOO_OLD, False, travel)
    if row.get("judged_from") and latest.last < number(row["judged_from"]):
        return Letter(None, TOO_EARLY, False, travel)
    given, why = _judged(row, printed(row, latest.value))
    exact, _ = _judged(row, latest.value)
    return Letter(given, why, given != exact, travel)


def printed(row: Cells, value: Fraction) -> Fraction:
    """The value that the page shows: half a digit is rounded away from zero."""
    unit = Fraction(SHOWN_AS.get(row["unit"], 1)) * 10 ** int(row["decimals"])
    digits = int(abs(value) * unit + Fraction(1, 2))
    return (digits if value > 0 else -digits) / unit


def _judged(row: Cells, value: Fraction) -> tuple[str, str]:
    target, tolerance = Fraction(row["target"]), Fraction(row["amber_tolerance"])
    higher = row["direction"] == "higher_is_better"
    if row["kind"] == "gap" and not higher:
        value = abs(value)  # it is small whichever of the two is the larger
    if row["kind"] == "percentage_change":
        value, target = 1 + value, 1 + target  # the volumes: 101 against 96
    short = target - value if higher else value - target
    if short < 0 or (short == 0 and not row.get("strict")):
        return "G", MEETS
    if target == 0 and short:
        return "R", NOTHING
    return ("A", WITHIN) if tolerance and short <= tolerance * abs(target) else ("R", BEYOND)


def _travel(row: Cells, latest: Figure, year_before: Figure) -> str | None:
    if latest.value is None:
        return None
    now, before = printed(row, latest.value), Fraction(0)
    if row["kind"] != "percentage_change":  # which is itself the change on the year before
        if year_before.value is None:
            return None
        before = printed(row, year_before.value)
        if row["kind"] == "gap" and row["direction"] == "lower_is_better":
            now, before = abs(now), abs(before)
    if now == before:
        return "unchanged"
    return "improving" if (now > before) == (row["direction"] == "higher_is_better") else "worsening"
