"""A line of the card in one or two plain sentences, for where nobody wrote one. Pure rules over its rows."""

from datetime import date

from orchestration import months
from orchestration.scorecard import display
from orchestration.scorecard.kinds import KINDS
from orchestration.scorecard.shortfall import is_range, printed_target
from orchestration.scorecard.status import NEITHER, Judgement

VERDICTS = {"G": "It meets", "A": "It narrowly misses", "R": "It clearly misses"}
COMPARED = {
    **{"improving": "better than", "worsening": "worse than", "unchanged": "the same as"},
    NEITHER: "neither better nor worse than",
}


def sentences(
    indicator: dict,
    latest: dict | None,
    year_before: dict | None,
    judgement: Judgement,
    travel: str | None,
    *,
    not_comparable: str | None = None,
) -> str:
    """The latest figure, how it compares with the year before and with its target, or why that is not known.

    `indicator` is the line's row of the catalogue, `travel` its direction of travel, `not_comparable` why
    it has none.
    """
    reason = judgement.reason.removeprefix("not judged: ")
    if latest is None:
        return f"There is no figure and no letter here: {reason}."
    has_target = indicator["target"] is not None
    if latest["value"] is None:
        earlier = f"; a year earlier it was {_amount(indicator, known)}" if (known := _known(year_before)) else ""
        waits = has_target and not indicator["not_judged"]
        judged = f"The target is {target(indicator)}." if waits else f"It is not judged: {reason}."
        return f"There is no figure ({latest['missing_reason']}){earlier}. {judged}"

    of_window = window(latest["data_from"], latest["data_to"]) + (" (provisional)" if latest["provisional"] else "")
    figure = KINDS[indicator["kind"]].sentence.format(amount=_amount(indicator, latest), window=of_window)
    if not_comparable:
        figure += f"; it is not comparable with the year before ({not_comparable})"
    else:
        figure += _against_the_year_before(indicator, year_before, travel)
    if judgement.letter:
        judged = f"{VERDICTS[judgement.letter]} {judgement.part}the target of {target(indicator)}."
    else:
        against = f" against the target of {target(indicator)}" if has_target else ""
        judged = f"It is not judged{against}: {reason}."
    return f"{figure[0].upper()}{figure[1:]}. {judged}"


def target(indicator: dict) -> str:
    """The target in words: `at least 80%`, `more than 2,516`, `a fall of at least 2%`."""
    value, unit = indicator["target"], indicator["unit"]
    noun = display.UNITS[unit].noun
    if is_range(indicator):
        return f"{'a change ' * KINDS[indicator['kind']].change}{printed_target(indicator)}{noun}"
    higher = indicator["direction"] == "higher_is_better"
    bounds = ("more than", "less than") if indicator.get("strict") else ("at least", "at most")
    if not KINDS[indicator["kind"]].change:
        return f"{bounds[not higher]} {display.printed(value, unit)}{noun}"
    if value == 0:
        return ("a rise" if higher else "a fall") if indicator.get("strict") else "no fall" if higher else "no rise"
    bound = bounds[higher != (value > 0)]
    return f"a {'rise' if value > 0 else 'fall'} of {bound} {display.printed(value, unit, 'magnitude')}{noun}"


def window(first: date, last: date) -> str:
    """A window in words: `in the 12 months to August 2009`, `from April to August 2009`, `in April 2009`."""
    apart = months.difference(first, last)
    if apart == 0:
        return f"in {last:%B %Y}"
    if apart == 11:
        return f"in the 12 months to {last:%B %Y}"
    return f"from {first:%B} to {last:%B %Y}" if first.year == last.year else f"from {first:%B %Y} to {last:%B %Y}"


def _amount(indicator: dict, figure: dict) -> str:
    """The value as the line prints it, a change with its direction in words."""
    unit, change = indicator["unit"], KINDS[indicator["kind"]].change
    shown = display.printed(figure["value"], unit, "up_or_down" if change else indicator["sign"], indicator["decimals"])
    if change and shown == display.SIGNS["up_or_down"].zero:
        return shown
    of = f" of {figure['out_of']}" if figure["out_of"] is not None else ""
    return shown + of + display.UNITS[unit].noun


def _against_the_year_before(indicator: dict, year_before: dict | None, travel: str | None) -> str:
    if (known := _known(year_before)) is None or travel is None:
        why = f" ({year_before['missing_reason']})" if year_before and year_before["missing_reason"] else ""
        return f"; what it was a year earlier is not known{why}"
    amount = _amount(indicator, known)
    if KINDS[indicator["kind"]].change:
        return f"; a year earlier it was {amount}"
    return f", {COMPARED[travel]} the {amount} of a year earlier"


def _known(figure: dict | None) -> dict | None:
    """The figure, if it has a value."""
    return figure if figure is not None and figure["value"] is not None else None
