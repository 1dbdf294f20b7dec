"""A line of the card in one or two plain sentences, for where nobody wrote one. Pure rules over its rows."""

from datetime import date

from orchestration.scorecard import display
from orchestration.scorecard.status import Judgement

# How the latest figure of each kind reads; an amount that is a change says its direction: `down 5.1%`.
LATEST = {
    "total": "{amount} {window}",
    "monthly_average": "{amount} a month on average {window}",
    "percentage": "{amount} {window}",
    "percentage_change": "{amount} {window}, compared with the year before",
    "change_in_points": "{amount} {window}, compared with the year before",
    "gap": "a gap of {amount} {window}",
    "k_of_n": "{amount} {window}",
    "ratio_of_shares": "a ratio of {amount} to 1 {window}",
    "forecast": "{amount} is forecast {window}",
}
CHANGES = ("percentage_change", "change_in_points")
BEHIND = {"points": " percentage points"}
VERDICTS = {"G": "It meets", "A": "It narrowly misses", "R": "It clearly misses"}
COMPARED = {"improving": "better than", "worsening": "worse than", "unchanged": "the same as"}


def sentences(
    indicator: dict, latest: dict | None, year_before: dict | None, judgement: Judgement, travel: str | None
) -> str:
    """The latest figure, how it compares with the year before and with its target, or why that cannot be said.

    `indicator` is the line's row of the catalogue, `travel` its direction of travel.
    """
    why = judgement.reason.removeprefix("not judged: ")
    if latest is None:
        return f"There is no figure and no letter here: {why}."
    if latest["value"] is None:
        then = year_before if _has_value(year_before) else None
        earlier = f"; a year earlier it was {_amount(indicator, then)}" if then else ""
        judged = f"It is not judged: {why}." if indicator["not_judged"] or not _asks(indicator) else _waits(indicator)
        return f"There is no figure ({latest['missing_reason']}){earlier}. {judged}"

    of_window = window(latest["data_from"], latest["data_to"]) + (" (provisional)" if latest["provisional"] else "")
    said = LATEST[indicator["kind"]].format(amount=_amount(indicator, latest), window=of_window)
    said += _against_the_year_before(indicator, year_before, travel)
    if judgement.letter:
        judged = f"{VERDICTS[judgement.letter]} the target of {asked(indicator)}."
    elif _asks(indicator):
        judged = f"It is not judged against the target of {asked(indicator)}: {why}."
    else:
        judged = f"It is not judged: {why}."
    return f"{said[0].upper()}{said[1:]}. {judged}"


def asked(indicator: dict) -> str:
    """The target in words: `at least 80%`, `a fall of at least 2%`."""
    target, unit = indicator["target"], indicator["unit"]
    higher = indicator["direction"] == "higher_is_better"
    if indicator["kind"] not in CHANGES:
        return f"at {'least' if higher else 'most'} {display.printed(target, unit)}{BEHIND.get(unit, '')}"
    if target == 0:
        return "no fall" if higher else "no rise"
    bound = "least" if higher == (target > 0) else "most"
    size = display.printed(target, unit, "magnitude")
    return f"a {'rise' if target > 0 else 'fall'} of at {bound} {size}{BEHIND.get(unit, '')}"


def window(first: date, last: date) -> str:
    """A window in words: `in the 12 months to August 2009`, `from April to August 2009`, `in April 2009`."""
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if months == 1:
        return f"in {last:%B %Y}"
    if months == 12:
        return f"in the 12 months to {last:%B %Y}"
    return f"from {first:%B} to {last:%B %Y}" if first.year == last.year else f"from {first:%B %Y} to {last:%B %Y}"


def _amount(indicator: dict, figure: dict) -> str:
    """The value as the line prints it, a change with its direction in words."""
    unit, change = indicator["unit"], indicator["kind"] in CHANGES
    shown = display.printed(figure["value"], unit, "up_or_down" if change else indicator["sign"], indicator["decimals"])
    if change and shown == display.SIGNS["up_or_down"].zero:
        return shown
    return shown + (f" of {figure['out_of']}" if figure["out_of"] is not None else "") + BEHIND.get(unit, "")


def _against_the_year_before(indicator: dict, year_before: dict | None, travel: str | None) -> str:
    if year_before is None or not _has_value(year_before):
        why = f" ({year_before['missing_reason']})" if year_before and year_before["missing_reason"] else ""
        return f"; what it was a year earlier is not known{why}"
    amount = _amount(indicator, year_before)
    if indicator["kind"] in CHANGES:
        return f"; a year earlier it was {amount}"
    return f", {COMPARED[travel or 'unchanged']} the {amount} of a year earlier"


def _has_value(figure: dict | None) -> bool:
    return figure is not None and figure["value"] is not None


def _asks(indicator: dict) -> bool:
    return indicator["target"] is not None


def _waits(indicator: dict) -> str:
    return f"The target is {asked(indicator)}."
