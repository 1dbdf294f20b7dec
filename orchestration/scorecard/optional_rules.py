"""The rules that a line may be judged by besides target and tolerance; each is off until the catalogue names it.

They are applied in the order of RULES, and only to a figure that misses its target. The first that decides gives the
letter; one that passes leaves it to the next, the last to the tolerance. So they can only move a letter between amber
and red: no rule makes a figure that meets its target anything but green, or one that misses it green.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from orchestration.scorecard import display
from orchestration.scorecard.kinds import judged_by_size
from orchestration.scorecard.shortfall import ends, figure_meets, the_target

A_YEAR = 12  # months of history under which "never reached" means little


@dataclass(frozen=True)
class Evidence:
    """What is known of a line besides its figure, and which optional rules are on."""

    rules: tuple[str, ...] = ()
    interval: tuple[float, float] | None = None  # the 95% confidence interval of the latest figure
    run_rate: Mapping | None = None  # its row of run_rates
    forecast: Mapping | None = None  # the figure that is its source's forecast of the year
    due: float | None = None  # the part of the year's target that is due by the end of the figure's window


@dataclass(frozen=True)
class Step:
    """A rule that was applied: the letter it gives, or None where it passes to the next rule; and its reason."""

    rule: str
    letter: str | None
    reason: str


def significance(indicator: dict, evidence: Evidence) -> Step:
    """Amber where the target lies within the figure's margin of error: such a shortfall may be chance.

    Passes where the target lies outside, and where no margin is known. As printed, like all that is judged.
    """
    if evidence.interval is None:
        return Step("significance", None, "no margin of error is known")
    unit, decimals = indicator["unit"], indicator["decimals"]
    lower, upper = (display.printed_value(end, unit, decimals) for end in evidence.interval)
    targets = [end for end in ends(indicator) if end is not None]
    targets += [-target for target in targets if judged_by_size(indicator)]
    within = any(lower <= target <= upper for target in targets)
    margin = " to ".join(display.printed(end, unit, indicator["sign"], decimals) for end in evidence.interval)
    reason = f"{the_target(indicator)} lies {'within' if within else 'outside'} the margin of error, {margin}"
    return Step("significance", "A" if within else None, reason)


def attainability(indicator: dict, evidence: Evidence) -> Step:
    """Red where the required run rate was never reached in a month, or can no longer be.

    Passes where it was reached, where the year's target is met whatever comes, where no run rate is known, and where
    fewer than twelve months are known to compare it with.
    """
    run_rate = evidence.run_rate
    if run_rate is None or run_rate["required"] is None:
        why = run_rate["missing_reason"] if run_rate else "none is known"
        return Step("attainability", None, f"no run rate to judge by: {why}")
    never = run_rate["times_reached"] == 0 and not run_rate["already_met"]
    if never and not run_rate["never_possible"] and run_rate["months_in_history"] < A_YEAR:
        known = f"only {run_rate['months_in_history']} months are known"
        return Step("attainability", None, f"{known}, too few to judge what can be reached; {run_rate['explanation']}")
    return Step("attainability", "R" if never or run_rate["never_possible"] else None, run_rate["explanation"])


def forecast(indicator: dict, evidence: Evidence) -> Step:
    """Amber where the year's forecast that the source supplies meets the target, red where it misses it.

    Passes where the source supplies none. The forecast is judged as it prints.
    """
    supplied = evidence.forecast
    if supplied is None:
        return Step("forecast", None, "the source supplies no forecast of the year")
    of_the_year = indicator | {"target": indicator.get("of_the_year", indicator["target"]), "of_the_year": None}
    meets = figure_meets(of_the_year, supplied)
    reason = (
        f"the source forecasts {supplied['printed']} for the year, which {'meets' if meets else 'misses'} "
        f"{the_target(of_the_year)}"
    )
    return Step("forecast", "A" if meets else "R", reason)


RULES: dict[str, Callable[[dict, Evidence], Step]] = {
    "significance": significance,
    "attainability": attainability,
    "forecast": forecast,
}


def steps(indicator: dict, evidence: Evidence) -> list[Step]:
    """The rules that are on, applied in order up to the one that decides."""
    applied = []
    for name, rule in RULES.items():
        if name in evidence.rules:
            applied.append(rule(indicator, evidence))
            if applied[-1].letter:
                break
    return applied
