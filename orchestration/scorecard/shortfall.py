"""How far a value misses its target. Pure, and no letters: those are given in status."""

from collections.abc import Mapping
from decimal import Decimal

from orchestration.scorecard import display


def shortfall(value: Decimal, target: Decimal, direction: str, of_a_change: bool) -> Decimal:
    """How far the value misses the target, relative to it; negative where it is better than asked.

    A target that is itself a change is compared by the volumes it implies: +1% against -4% is
    101 against 96, 5.2% too many. A target of nothing can only be met or missed.
    """
    if of_a_change:
        value, target = 1 + value, 1 + target
    missing = target - value if direction == "higher_is_better" else value - target
    if target == 0:
        return Decimal(0) if missing == 0 else Decimal("inf").copy_sign(missing)
    return missing / abs(target)


def value_at(short: Decimal, target: Decimal, direction: str, of_a_change: bool) -> Decimal:
    """The value that misses the target by so much: what `shortfall` gives this for."""
    volume = 1 + target if of_a_change else target
    missing = short * abs(volume)
    return target - missing if direction == "higher_is_better" else target + missing


def of_figure(indicator: Mapping, figure: Mapping) -> Decimal:
    """How far a figure, as it prints itself, misses the target of its line."""
    shown = display.printed_value(figure["value"], figure["unit"], figure["decimals"])
    target = Decimal(repr(indicator["target"]))
    return shortfall(shown, target, indicator["direction"], indicator["kind"] == "percentage_change")
