"""The small trend of a line: its figure as printed on each month's card, as lines to draw and in words."""

from orchestration.editions import content, history
from orchestration.scorecard.shortfall import printed_target

MARGIN = 0.08  # of the height, above and below


def of_line(card: content.Card, row: dict) -> dict | None:
    """The trend of a line of the scorecard, in a square of 1 by 1: the runs to draw, its targets, and its text.

    None where no month of it is known.
    """
    known = history.two_years(card.history(row["line"]), card.report_month)
    if not known:
        return None
    values = {it["month"]: it["value"] for it in known}
    across = {it["month"]: it["across"] for it in known}
    breaks = card.breaks(row)
    begins = card.targeted_from(row)
    targets = card.targets(row) if begins else []
    heights = [*values.values(), *targets]
    low, high = min(heights), max(heights)

    def up(value: float) -> float:
        return 0.5 if high == low else MARGIN + (1 - 2 * MARGIN) * (value - low) / (high - low)

    runs = history.runs([*values], row["basis"], breaks)
    in_words = history.in_words(history.alike(known, breaks), card.shows(row))
    with_target = f" The target is {printed_target(card.indicators[row['line']])}." if targets else ""
    return {
        "runs": [[[across[month], up(values[month])] for month in run] for run in runs],
        "targets": [up(target) for target in targets],
        "targets_from": max(0.0, history.across(begins, card.report_month)) if begins else None,
        "alt": f"Trend of line {row['line']}: {in_words}.{with_target}",
    }
