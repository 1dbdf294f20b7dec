"""Red, amber, green: the one place where a letter is given, and none without its reason in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from orchestration import months
from orchestration.scorecard import display, optional_rules
from orchestration.scorecard.kinds import KINDS, judged_by_size
from orchestration.scorecard.optional_rules import Evidence, Step
from orchestration.scorecard.shortfall import distance, due, is_range, meets, phased, shortfall, side, the_target

NO_EVIDENCE = Evidence()
NOT_JUDGED = "not judged"
TOO_OLD = "too old"

NOT_COMPARABLE = "not comparable"
NEITHER = "neither"  # as far from a target that is a range, or within it both times
TRAVEL = {  # the words for readers
    **{"improving": "better", "worsening": "worse", "unchanged": "unchanged"},
    NOT_COMPARABLE: NOT_COMPARABLE,
    NEITHER: "neither better nor worse",
}
ARROWS = {"up": "▲", "down": "▼", "unchanged": "=", NOT_COMPARABLE: "≠"}  # the way of the figure
COLOURS = {"G": "green", "A": "amber", "R": "red"}  # what the letters stand for


@dataclass(frozen=True)
class Judgement:
    """A letter (G, A, R, or None where none is given), the reason, and the shortfall relative to the target.

    `rule` is the one that gave the letter, `steps` are those applied up to it, `unrounded` is the letter that the
    figure would have got with all its digits.
    """

    letter: str | None
    reason: str
    shortfall: Decimal | None = None
    rule: str = NOT_JUDGED
    unrounded: str | None = None
    steps: tuple[Step, ...] = ()
    part: str = ""  # of a phased target what is due: `the 7,500 due by Jan-09 of `


def letter(indicator: dict, short: Decimal) -> str:
    """G where the target is met, A short by no more than the tolerance, R further."""
    if meets(indicator, short):
        return "G"
    tolerance = Decimal(repr(indicator["amber_tolerance"]))
    return "A" if tolerance and short <= tolerance else "R"


def judge(indicator: dict, latest: dict | None, evidence: Evidence = NO_EVIDENCE) -> Judgement:
    """The judgement of a line. `indicator` is its row of the catalogue, `latest` its latest figure.

    What is judged is what is printed: 59.7% printed as 60% against 60% is green, and the reason says so. The rules in
    order: the target; the optional ones that `evidence` names; the tolerance. The first that decides gives the letter.
    """
    if (reason := _not_judged(indicator, latest, evidence)) or latest is None:
        return Judgement(None, f"{NOT_JUDGED}: {reason}")
    indicator = judged_line(indicator, latest, evidence)
    unit, decimals = indicator["unit"], indicator["decimals"]
    tolerance = Decimal(repr(indicator["amber_tolerance"]))
    optional = optional_rules.steps(indicator, evidence)
    decided = optional[-1].letter if optional else None

    def short_at(places: int) -> Decimal:
        return shortfall(display.printed_value(latest["value"], unit, places), indicator)

    def letter_of(short: Decimal) -> str:
        return decided if decided and not meets(indicator, short) else letter(indicator, short)

    short = short_at(decimals)
    given = letter_of(short)
    reason, steps = _reasons(indicator, latest, short, tolerance, optional)
    unrounded = letter_of(short_at(display.EXACT_PLACES))
    if unrounded != given:
        # the fewest places that show why
        more = range(decimals + 1, display.EXACT_PLACES + 1)
        places = next(places for places in more if letter_of(short_at(places)) == unrounded)
        exact = display.printed(latest["value"], unit, indicator["sign"], places)
        rounded = f"; rounding decided: {exact} would be {unrounded}"
        reason += rounded
        steps[-1] = Step(steps[-1].rule, given, steps[-1].reason + rounded)
    part = the_target(indicator).rpartition("the target of ")[0]
    return Judgement(given, reason, short, steps[-1].rule, unrounded, tuple(steps), part)


def judged_line(indicator: dict, latest: dict, evidence: Evidence) -> dict:
    """The line with the target that its figure is judged against: of a phased one what is due by then."""
    part = evidence.due
    return due(indicator, part, latest["data_to"]) if phased(indicator) and part is not None else indicator


def _reasons(
    indicator: dict, latest: dict, short: Decimal, tolerance: Decimal, optional: list[Step]
) -> tuple[str, list[Step]]:
    """The reason of a letter, and the steps that led to it."""
    printed = display.printed(latest["value"], indicator["unit"], indicator["sign"], indicator["decimals"])
    target = the_target(indicator)
    if meets(indicator, short):
        further = short and short.is_finite() and not is_range(indicator)
        better = f", {_distance(short, tolerance)} better" if further else ""
        reason = f"{printed} meets {target}{better}"
        return reason, [Step("target", "G", reason)]
    if short.is_finite():
        way = "short of"
        if is_range(indicator):
            way = "above" if side(indicator, indicator | {"value": latest["value"]}) > 0 else "below"
        far = f"is {_distance(short, tolerance)} {way}" if short else "reaches, but does not pass,"
        missed = f"{printed} {far} {target}"
        place = "within" if letter(indicator, short) == "A" else "beyond"
        within = f"{place} the tolerance of {display.printed(indicator['amber_tolerance'], 'percent')}"
        reason = f"{missed}, {within}"
    else:
        missed = reason = f"{printed} misses {target}"
        within = "of a target of nothing there is no tolerance"
    steps = [Step("target", None, missed), *optional]
    if optional and optional[-1].letter:
        return f"{missed}; {optional[-1].reason}", steps
    return reason, [*steps, Step("tolerance", letter(indicator, short), within)]


def _not_judged(indicator: dict, latest: dict | None, evidence: Evidence) -> str | None:
    """Why the line has no letter; None where it has one."""
    if indicator["not_judged"]:
        return indicator["not_judged"]
    if indicator["target"] is None:
        return "no target is set"
    if latest is None or latest["value"] is None:
        return latest["missing_reason"] if latest else "the line has no measure"
    ends = display.month_label(latest["data_to"])
    limit = indicator.get("age_limit")  # which a rule recorded by an earlier version lacks
    if limit is not None and (age := months.difference(latest["data_to"], indicator["report_month"])) > limit:
        return f"{TOO_OLD}: ends {ends}, {age} month{'s' if age > 1 else ''} before the card"
    judged_from = indicator["judged_from"]
    if judged_from and latest["data_to"] < judged_from:
        applies = display.month_label(judged_from)
        return f"the figure ends in {ends}, before the target applies from {applies}"
    waits = phased(indicator) and evidence.due is None
    return f"what of the target is due by {ends} is not known" if waits else None


def _distance(short: Decimal, tolerance: Decimal) -> str:
    """The distance to the target, with as many places as distinguish it from nothing and from the tolerance."""
    for places in range(1, display.EXACT_PLACES):
        shown = display.printed_value(abs(short), "percent", places)
        if shown and (shown > tolerance) == (abs(short) > tolerance):
            break
    return display.printed(abs(short), "percent", None, places)


def direction_of_travel(indicator: dict, latest: dict | None, year_before: dict | None) -> str | None:
    """`improving`, `worsening` or `unchanged` against the same window a year before, as printed; None if unknown.

    A % change already compares with the year before: its own sign is the direction. With a target that is a range it is
    better to be nearer to it, and `neither` where both are as far from it, or within.
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
        if judged_by_size(indicator):
            before, now = abs(before), abs(now)
    if now == before:
        return "unchanged"
    if is_range(indicator):
        far_now, far_before = (max(distance(it, indicator), Decimal(0)) for it in (now, before))
        return NEITHER if far_now == far_before else "improving" if far_now < far_before else "worsening"
    return "improving" if (now > before) == (indicator["direction"] == "higher_is_better") else "worsening"


def arrow(travel: str | None, direction: str | None, *, rose: bool) -> str | None:
    """The way the figure itself went, whether that is better or worse; `travel` is its direction of travel.

    `rose` says it of a line with a target that is a range, where neither way is the better one.
    """
    if travel is None or travel in ARROWS:
        return ARROWS.get(travel or "")
    if direction == "in_range_is_better":
        return ARROWS["up" if rose else "down"]
    return ARROWS["up" if (travel == "improving") == (direction == "higher_is_better") else "down"]


def not_comparable(
    indicator: dict, latest: dict | None, year_before: dict | None, breaks: Iterable[tuple[date, str]]
) -> str | None:
    """Why the figure cannot be compared with the year before: the last of its measures' `breaks` between both windows.

    None where it can, or where there is nothing to compare.
    """
    if latest is None or latest["value"] is None:
        return None
    first = latest["against_from"] if KINDS[indicator["kind"]].change else None
    if first is None and year_before is not None and year_before["value"] is not None:
        first = months.shift(latest["data_from"], -12)
    within = [it for it in breaks if first and first < it[0] <= latest["data_to"]]
    if not within:
        return None
    month, reason = max(within)
    return f"{reason}, from {display.month_label(month)}"
