"""Red, amber, green: the one place where a letter is given, and none without its reason in words."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from orchestration.scorecard import display, optional_rules
from orchestration.scorecard.optional_rules import Evidence, Step
from orchestration.scorecard.shortfall import shortfall

NO_EVIDENCE = Evidence()
NOT_JUDGED = "not judged"

# a direction of travel, as readers are told it
TRAVEL = {"improving": "better", "worsening": "worse", "unchanged": "unchanged"}
COLOURS = {"G": "green", "A": "amber", "R": "red"}  # what the letters stand for


@dataclass(frozen=True)
class Judgement:
    """A letter (G, A, R, or None where none is given), why, and the shortfall relative to the target.

    `rule` is the one that gave the letter, `steps` are those that were asked before it and itself, `unrounded` is the
    letter that the figure would have got with all its digits.
    """

    letter: str | None
    reason: str
    shortfall: Decimal | None = None
    rule: str = NOT_JUDGED
    unrounded: str | None = None
    steps: tuple[Step, ...] = ()


def letter(short: Decimal, tolerance: Decimal) -> str:
    """G on or better than target, A short by no more than the tolerance, R further."""
    if short <= 0:
        return "G"
    return "A" if short <= tolerance else "R"


def judge(indicator: dict, latest: dict | None, evidence: Evidence = NO_EVIDENCE) -> Judgement:
    """The judgement of a line. `indicator` is its row of the catalogue, `latest` its latest figure.

    What is judged is what is printed: 59.7% printed as 60% against 60% is green, and the reason says so. The rules in
    order: the target; the optional ones that `evidence` names, each with what it looks at; the tolerance. The first
    that decides gives the letter.
    """
    if (why := _why_not(indicator, latest)) or latest is None:
        return Judgement(None, f"{NOT_JUDGED}: {why}")
    unit, decimals = indicator["unit"], indicator["decimals"]
    target, tolerance = Decimal(repr(indicator["target"])), Decimal(repr(indicator["amber_tolerance"]))
    of_a_change = indicator["kind"] == "percentage_change"
    optional = optional_rules.steps(indicator, evidence)
    decided = optional[-1] if optional and optional[-1].letter else None

    def short_at(places: int) -> Decimal:
        shown = display.printed_value(latest["value"], unit, places)
        return shortfall(shown, target, indicator["direction"], of_a_change)

    def letter_of(short: Decimal) -> str:
        return decided.letter if decided and decided.letter and short > 0 else letter(short, tolerance)

    short = short_at(decimals)
    given = letter_of(short)

    shown = display.printed(latest["value"], unit, indicator["sign"], decimals)
    asked = display.printed(indicator["target"], unit)
    if given == "G":
        better = short and short.is_finite()
        reason = f"{shown} meets the target of {asked}" + (f", {_far(short, tolerance)} better" if better else "")
        steps = [Step("target", given, reason)]
    else:
        missed = f"{shown} misses the target of {asked}"
        within = "of a target of nothing there is no tolerance"
        reason = missed
        if short.is_finite():
            missed = f"{shown} is {_far(short, tolerance)} short of the target of {asked}"
            place = "within" if letter(short, tolerance) == "A" else "beyond"
            within = f"{place} the tolerance of {display.printed(indicator['amber_tolerance'], 'percent')}"
            reason = f"{missed}, {within}"
        if decided:
            reason = f"{missed}; {decided.says}"
        steps = [Step("target", None, missed), *optional]
        steps += [] if decided else [Step("tolerance", given, within)]
    unrounded = letter_of(short_at(display.EXACT_PLACES))
    if unrounded != given:
        # the fewest places that show why
        places = next(
            places
            for places in range(decimals + 1, display.EXACT_PLACES + 1)
            if letter_of(short_at(places)) == unrounded
        )
        more = display.printed(latest["value"], unit, indicator["sign"], places)
        rounded = f"; rounding decided: {more} would be {unrounded}"
        reason += rounded
        steps[-1] = Step(steps[-1].rule, given, steps[-1].says + rounded)
    return Judgement(given, reason, short, steps[-1].rule, unrounded, tuple(steps))


def _why_not(indicator: dict, latest: dict | None) -> str | None:
    """Why the line has no letter; None where it has one."""
    if indicator["not_judged"]:
        return indicator["not_judged"]
    if indicator["target"] is None:
        return "no target is set"
    if latest is None or latest["value"] is None:
        return latest["missing_reason"] if latest else "the line has no measure"
    judged_from: date | None = indicator["judged_from"]
    if judged_from and latest["data_to"] < judged_from:
        return (
            f"the figure ends in {display.month_label(latest['data_to'])}, "
            f"before the target applies from {display.month_label(judged_from)}"
        )
    return None


def _far(short: Decimal, tolerance: Decimal) -> str:
    """The distance to the target, with as many places as tell it from nothing and from the tolerance."""
    for places in range(1, display.EXACT_PLACES):
        shown = display.printed_value(abs(short), "percent", places)
        if shown and (shown > tolerance) == (abs(short) > tolerance):
            break
    return display.printed(abs(short), "percent", None, places)


def direction_of_travel(indicator: dict, latest: dict | None, year_before: dict | None) -> str | None:
    """`improving`, `worsening` or `unchanged` against the same window a year before, as printed; None if unknown.

    A % change already compares with the year before: its own sign is the direction.
    """
    if latest is None or latest["value"] is None:
        return None
    unit, decimals = indicator["unit"], indicator["decimals"]
    now = display.printed_value(latest["value"], unit, decimals)
    if indicator["kind"] == "percentage_change":
        before = Decimal(0)
    elif year_before is None or year_before["value"] is None:
        return None
    else:
        before = display.printed_value(year_before["value"], unit, decimals)
    if now == before:
        return "unchanged"
    return "improving" if (now > before) == (indicator["direction"] == "higher_is_better") else "worsening"
