"""A value as the page prints it. Rounding happens here and nowhere else: once, half away from zero."""

import math
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

from orchestration import years

# A double is exact to 15 digits. Taking it to so many, and to 12 places, first undoes what binary fractions add (77.85
# held as 77.84999999999999, 66,952.725 as 66,952.72499999999), so that a tie is seen as the tie it is.
EXACT_DIGITS = 15
EXACT_PLACES = 12
NOISE = Decimal(1).scaleb(-EXACT_PLACES)


@dataclass(frozen=True)
class Unit:
    """How a unit prints: what a value is multiplied by, what stands before and behind it, and how it is called.

    `noun` follows a number in a sentence, `difference` one that is the distance between two values of the unit; `axis`
    names the unit of a chart, of counts behind what is counted.
    """

    scale: Decimal
    before: str = ""
    behind: str = ""
    noun: str = ""
    difference: str = ""
    axis: str = ""


UNITS = {
    "percent": Unit(Decimal(100), behind="%", difference="points", axis="per cent"),
    "points": Unit(Decimal(100), noun=" percentage points", difference="points", axis="percentage points"),
    "number": Unit(Decimal(1)),
    **{
        f"per_{number}": Unit(Decimal(number), behind=f" per {number:,}", axis=f"per {number:,}")
        for number in (1_000, 10_000, 100_000)
    },
    "pounds_millions": Unit(Decimal("1e-6"), before="£", behind="m", axis="£ million"),
    "of": Unit(Decimal(1)),
    "ordinal": Unit(Decimal(1)),
}


RATES_PER = tuple(unit for unit in UNITS if unit.startswith("per_"))


@dataclass(frozen=True)
class Sign:
    """How a sign prints: what stands before a positive or negative value, or for zero; whether the number follows."""

    positive: str
    negative: str
    zero: str | None = None
    number: bool = True


SIGNS = {
    None: Sign("", "-"),
    "signed": Sign("+", "-"),
    "magnitude": Sign("", ""),
    "up_or_down": Sign("up ", "down ", "unchanged"),
    "up_or_down_by": Sign("up by ", "down by ", "unchanged"),
    "reduced_or_increased_by": Sign("increased by ", "reduced by ", "not changed"),
    "increased_or_reduced": Sign("increased", "reduced", "not changed", number=False),
}

NOT_AVAILABLE = "not available"
DIGITS = 3  # of a rate, which may be far under 1
HUNDRED = 100  # from which on a mean or a limit of counts prints without decimals


def scaled(value: float | Decimal, unit: str, decimals: int | None) -> Decimal:
    """The value in the unit it prints in, rounded to its places; to as many as it needs where None."""
    given = value if isinstance(value, Decimal) else Decimal(f"{value:.{EXACT_DIGITS}g}")
    exact = (given * UNITS[unit].scale).quantize(NOISE, ROUND_HALF_EVEN)
    if decimals is None:
        return exact.normalize()
    return exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def printed_value(value: float | Decimal, unit: str, decimals: int | None) -> Decimal:
    """The value that the page shows, back in the unit of the tables: what is judged."""
    return scaled(value, unit, decimals) / UNITS[unit].scale


def printed(
    value: float | Decimal | None,
    unit: str,
    sign: str | None = None,
    decimals: int | None = None,
    out_of: int | None = None,
) -> str:
    """The value as the page prints it, such as `-3.2%`, `£12.5m`, `up 1.4%`, `5/6` or `3rd/10`."""
    if value is None:
        return NOT_AVAILABLE
    shown = scaled(value, unit, decimals)
    style = SIGNS[sign]
    if shown == 0 and style.zero is not None:
        return style.zero
    prefix = style.negative if shown < 0 else style.positive if shown > 0 else ""
    if not style.number:
        return prefix
    digits = f"{abs(shown):,f}"
    if unit == "ordinal":
        digits += ordinal_ending(int(abs(shown)))
    of = f"/{out_of}" if out_of is not None else ""
    return f"{prefix}{UNITS[unit].before}{digits}{UNITS[unit].behind}{of}"


def places(value: float, unit: str, decimals: int | None) -> int:
    """The places of values of about that size which a line does not print itself, such as means and limits.

    `decimals` are the line's; of numbers and rates, the size decides.
    """
    if unit not in ("number", *RATES_PER):
        return max(decimals or 0, 1)
    size = abs(value) * float(UNITS[unit].scale)
    if size >= HUNDRED:
        return 0
    small = 0 < size < 1 or unit in RATES_PER
    return max(DIGITS - 1 - math.floor(math.log10(size)), 0) if small and size else 1


def with_unit(value: float, unit: str, sign: str | None = None, decimals: int | None = None) -> str:
    """The value as it stands in a sentence, with the noun of its unit: `5.5 percentage points`."""
    return printed(value, unit, sign, decimals) + UNITS[unit].noun


def difference(value: float, unit: str, decimals: int | None, sign: str | None = None) -> str:
    """A distance between two values of a unit: between two shares it is in points, `2.3 points`."""
    noun = UNITS[unit].difference
    if not noun:
        return printed(value, unit, sign, decimals)
    number = printed(value, noun, sign, decimals)
    return f"{number} {noun.removesuffix('s') if number == '1' else noun}"


def ordinal_ending(number: int) -> str:
    """`st`, `nd`, `rd` or `th`."""
    if number % 100 in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def month_label(month: date) -> str:
    """A month as the page names it: `Jan-09`."""
    return f"{month:%b-%y}"


def day(moment: date) -> str:
    """A day in words: `3 September 2009`."""
    return f"{moment.day} {moment:%B %Y}"


def window_label(first: date, last: date) -> str:
    """A window as the page names it: `Sep-08 to Aug-09`, or its one month."""
    return month_label(last) if first == last else f"{month_label(first)} to {month_label(last)}"


def listed(names: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


# What a card's period may name, in braces.
PERIOD_WORDS = ("to", "from_name", "to_name", "to_year", "quarter", "financial_year")
# The column of the card's row in the catalogue that words the window of each basis.
PERIODS = {
    "rolling_year": "rolling_year_period",
    "year_to_date": "year_to_date_period",
    "quarter": "quarter_period",
    "latest": "quarter_period",
}


def period(card: dict[str, str], basis: str, data_from: date, data_to: date, report_month: date) -> str | None:
    """The window of the latest figure as printed; None where it is the card's own (the rolling year to its month).

    `card` is the row of the catalogue's cards for the report month's financial year.
    """
    if basis == "financial_year" or (basis == "rolling_year" and data_to == report_month):
        return None
    if basis == "latest" and data_from == data_to:
        return None if data_to == report_month else month_label(data_to)
    name = f"{data_to:%b}"
    text = card[PERIODS[basis]].format(
        to=month_label(data_to),
        from_name=f"{data_from:%b}",
        to_name=name,
        to_year=data_to.year,
        quarter=years.quarter(data_to),
        financial_year=years.of_month(data_to),
    )
    # in April a year to date is one month, not a span
    return text.replace(f"{name} - {name}", name).replace(f"{name}-{name}", name)
