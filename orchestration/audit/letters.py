"""The letters of a card, from its recomputed figures as they print."""

from collections.abc import Mapping
from fractions import Fraction

from orchestration.audit import months
from orchestration.audit.catalogue import Line
from orchestration.audit.figures import Recomputed
from orchestration.audit.printing import rounded

Letters = frozenset[str | None]  # those that are right: one, or amber and red where optional rules decide
NONE: Letters = frozenset([None])


def letters(lines: list[Line], figures: Mapping[tuple[str, str], Recomputed], report_month: int) -> dict[str, Letters]:
    """The letters of a card, by line, from its figures by line and name."""
    judged = [_as_due(each, figures.get((each.line, "phased_target"))) if each.phased else each for each in lines]
    return {each.line: _of_line(each, figures.get((each.line, "latest")), report_month) for each in judged}


def _as_due(line: Line, due: Recomputed | None) -> Line:
    """The line with what is due of its target, as that prints."""
    if due is None or due.value is None or not line.target:
        return line._replace(target=None)
    return line._replace(target=rounded(Fraction(repr(due.value)), line.unit, line.decimals))


def _of_line(line: Line, latest: Recomputed | None, report_month: int) -> Letters:
    if line.not_judged or line.target is None or latest is None or latest.value is None or latest.data_to is None:
        return NONE
    ends = months.number(latest.data_to)
    too_old = line.age_limit is not None and report_month - ends > line.age_limit
    if too_old or (line.judged_from is not None and ends < line.judged_from):
        return NONE
    value, target = rounded(Fraction(repr(latest.value)), line.unit, line.decimals), line.target
    lower = line.direction == "lower_is_better"
    if line.kind == "gap" and lower:
        value = abs(value)
    missing = value - target if lower else target - value
    if line.target_to is not None:
        # from the middle of a range to either of its ends it is equally far
        target, half = (line.target + line.target_to) / 2, (line.target_to - line.target) / 2
        missing = abs(value - target) - half
    if missing < 0 or (missing == 0 and not line.strict):
        return frozenset("G")
    if line.more_rules:
        return frozenset("AR")
    # a % change is judged by the volume that it leaves of 100
    whole = abs(1 + target if line.kind == "percentage_change" else target)
    return frozenset("A" if line.tolerance and missing <= line.tolerance * whole else "R")
