"""Sums over the months of a window, and whether it is complete."""

from fractions import Fraction
from typing import NamedTuple

from orchestration.audit.known import Month
from orchestration.audit.organisation import Organisation


class Window(NamedTuple):
    """A window of a measure: its months, how many of them are known, and its sums."""

    first: int
    last: int
    present: int
    expected: int
    numerator: Fraction
    denominator: Fraction | None
    values: list[Month]
    suppressed: bool = False  # whether a small count stands behind one of its months

    @property
    def complete(self) -> bool:
        """Whether every month of it is known."""
        return self.present == self.expected


def window(known: dict[int, Month], basis: str, last: int, of: Organisation) -> Window:
    """The window of a kind that ends with a month."""
    if basis == "rolling_year":
        first, expected = last - 11, 12
    elif basis == "year_to_date":
        first = of.year_start(last)
        expected = last - first + 1
    elif basis == "quarter":
        first, expected = of.quarter_start(last), 3
    else:  # one value of the source, which may stand for a whole quarter
        expected = known[last].covered if last in known else 1
        first = last - expected + 1
    covered = range(last if basis == "latest" else first, last + 1)
    # a value of several months ends with its own, and counts where all of them lie in the window
    within = (known[month] for month in covered if month in known and month - known[month].covered >= first - 1)
    values = [value for value in within if value.numerator is not None]
    present = sum(value.covered for value in values)
    numerator = _combined("numerator", values)
    denominator = _combined("denominator", values)
    suppressed = any(month in known and known[month].suppressed for month in range(first, last + 1))
    return Window(first, last, present, expected, numerator or Fraction(0), denominator, values, suppressed)


def _combined(part: str, values: list[Month]) -> Fraction | None:
    """The sum of a part of the months, or its mean where it is a stock; None where they have none."""
    known = [Fraction(value) for month in values if (value := getattr(month, part)) is not None]
    if not known:
        return None
    total = sum(known, Fraction(0))
    return total / len(known) if part in values[0].stocks else total
