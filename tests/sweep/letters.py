"""Which letter a line has, why, and in which direction it moves, by definition: what is judged is what is printed."""

from fractions import Fraction
from typing import NamedTuple

from tests.sweep.case import Cells, number
from tests.sweep.definitions import Figure

NOT_JUDGED, NO_TARGET, NO_FIGURE = "its row says so", "it has no target", "it has no figure"
TOO_EARLY, TOO_OLD = "the target does not apply yet", "its figure is too old"
NOT_DUE = "what is due of its target is not known"
MEETS, WITHIN, BEYOND, NOTHING = "meets the target", "within the tolerance", "beyond it", "misses a target of nothing"
WHYS = (NOT_JUDGED, NO_TARGET, NO_FIGURE, TOO_EARLY, TOO_OLD, NOT_DUE, MEETS, WITHIN, BEYOND, NOTHING)
NEITHER = "neither"  # as far from the range, or within it both times
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


def letter(row: Cells, age: int, latest: Figure, year_before: Figure, due: Figure | None) -> Letter:
    """The letter of a line by its row of the catalogue, its figure and the one of a year before.

    `age` is how many months before the card the figure ends, `due` what of a target that comes due over the year is.
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
    early = row.get("judged_from") and latest.last < number(row["judged_from"])
    if early or (due and (due.value is None or not Fraction(row["target"]))):
        return Letter(None, TOO_EARLY if early else NOT_DUE, False, travel)
    if due and due.value is not None:
        row = row | {"target": printed(row, due.value)}
    given, why = _judged(row, printed(row, latest.value))
    exact, _ = _judged(row, latest.value)
    return Letter(given, why, given != exact, travel)


def printed(row: Cells, value: Fraction) -> Fraction:
    """The value that the page shows: half a digit is rounded away from zero."""
    unit = Fraction(SHOWN_AS.get(row["unit"], 1)) * 10 ** int(row["decimals"])
    digits = int(abs(value) * unit + Fraction(1, 2))
    return (digits if value > 0 else -digits) / unit


def _judged(row: Cells, value: Fraction) -> tuple[str, str]:
    tolerance, (short, target) = Fraction(row["amber_tolerance"]), _short(row, value)
    if short < 0 or (short == 0 and not row.get("strict")):
        return "G", MEETS
    if target == 0 and short:
        return "R", NOTHING
    return ("A", WITHIN) if tolerance and short <= tolerance * abs(target) else ("R", BEYOND)


def _short(row: Cells, value: Fraction) -> tuple[Fraction, Fraction]:
    """How far a value is from its target on the wrong side of it, and the target that this is a part of."""
    target = Fraction(row["target"])
    if row["kind"] == "gap" and row["direction"] == "lower_is_better":
        value = abs(value)  # it is small whichever of the two is the larger
    volume = 1 if row["kind"] == "percentage_change" else 0  # the volumes: 101 against 96
    if row.get("target_to"):
        to = Fraction(row["target_to"])
        return max(target - value, value - to), volume + (target + to) / 2
    short = target - value if row["direction"] == "higher_is_better" else value - target
    return short, volume + target


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
    if row["direction"] == "in_range_is_better":
        far, far_before = (max(_short(row, value)[0], Fraction(0)) for value in (now, before))
        return NEITHER if far == far_before else "improving" if far < far_before else "worsening"
    return "improving" if (now > before) == (row["direction"] == "higher_is_better") else "worsening"
