"""The small trend of a line: the figure as each month's card would have said it, as lines to draw and in words."""

from datetime import date

from orchestration.editions import content, history
from orchestration.scorecard import display

MARGIN = 0.08  # of the height, above and below


def of_line(card: content.Card, row: dict) -> dict | None:
    """The trend of a line of the scorecard, in a square of 1 by 1: the runs to draw, its target, and what it says.

    None where no month of it is known.
    """
    known = history.last_two_years(history.known(card, row["line"]).to_dicts())
    values = {it["month"]: it["value"] for it in known}
    if not values:
        return None
    last, target = max(values), row["target"]
    heights = [*values.values(), *([] if target is None else [target])]
    low, high = min(heights), max(heights)

    def across(month: date) -> float:
        apart = (last.year - month.year) * 12 + last.month - month.month
        return 1 - apart / (history.TWO_YEARS - 1)

    def up(value: float) -> float:
        return 0.5 if high == low else MARGIN + (1 - 2 * MARGIN) * (value - low) / (high - low)

    return {
        "runs": [
            [[across(month), up(values[month])] for month in run] for run in history.runs([*values], row["basis"])
        ],
        "target": None if target is None else up(target),
        "alt": _in_words(card, row, values),
    }


def _in_words(card: content.Card, row: dict, values: dict[date, float]) -> str:
    indicator = card.indicator(row["line"])

    def show(value: float) -> str:
        return display.printed(value, row["unit"], indicator["sign"], indicator["decimals"])

    target = "" if row["target"] is None else f" The target is {display.printed(row['target'], row['unit'])}."
    return f"Trend of line {row['line']}: {history.in_words(values, show)}.{target}"
