"""How far a value misses its target. No letters: those are given in status."""

from collections.abc import Mapping
from decimal import Decimal

from orchestration.scorecard import display
from orchestration.scorecard.kinds import compared, judged_by_size


def shortfall(value: Decimal, target: Decimal, direction: str, kind: str) -> Decimal:
    """How far the value misses the target, relative to it; negative where it is better than required.

    A target that is itself a change is compared by the volumes it implies: +1% against -4% is
    101 against 96, 5.2% too many. A gap that is to be small is judged by its size. A target of nothing can only be met
    or missed.
    """
    if judged_by_size({"kind": kind, "direction": direction}):
        value = abs(value)
    value, target = compared(kind, value), compared(kind, target)
    missing = target - value if direction == "higher_is_better" else value - target
    if target == 0:
        return Decimal(0) if missing == 0 else Decimal("inf").copy_sign(missing)
    return missing / abs(target)


def amber_limit(indicator: dict) -> Decimal:
    """The value at which amber turns red: the one whose shortfall is the tolerance."""
    target = Decimal(repr(indicator["target"]))
    missing = Decimal(repr(indicator["amber_tolerance"])) * abs(compared(indicator["kind"], target))
    return target - missing if indicator["direction"] == "higher_is_better" else target + missing


def of_figure(indicator: dict, figure: Mapping) -> Decimal:
    """How far a figure, as it prints itself, misses the target of its line."""
    printed = display.printed_value(figure["value"], figure["unit"], figure["decimals"])
    return shortfall(printed, Decimal(repr(indicator["target"])), indicator["direction"], indicator["kind"])
