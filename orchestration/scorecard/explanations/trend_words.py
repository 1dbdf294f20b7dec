"""The marks of a line's chart as sentences for a person, with the months and numbers they rest on."""

import math
from collections.abc import Callable

from orchestration import months
from orchestration.scorecard.display import month_label, printed

POINTS = {1: "month", 3: "quarter"}
FOLLOWING = "a control chart needs {}s that follow each other"
ARTICLE = {"improvement": "an improvement", "concern": "a concern", "common cause": "common cause"}
ASSURED = {
    "pass": "any {point} within the limits meets the target of {target}",
    "inconsistent": "the target of {target} lies between the limits: chance decides which {point}s meet it",
    "fail": "no {point} within the limits meets the target of {target}",
}


def sentences(row: dict) -> str | None:
    """What the chart of a line says, such as `Aug-09 at 34 is common cause: ...`; None where it has no mark."""
    if row["variation"] is None:
        return None
    show = _printer(row)
    point = POINTS.get(row["step"], "point")
    month = month_label(row["month"])
    said = f"{month} at {show(row['value'])} is {ARTICLE[row['variation']]}: "
    said += "; ".join(_broken(row, point)) or "it breaks no rule"
    said += (
        f". The limits are {show(row['lower_limit'])} to {show(row['upper_limit'])} around a mean of "
        f"{show(row['centre'])}, of {row['points']} {point}s since {month_label(row['segment_from'])}"
    )
    if row["left_out"]:
        ranges = "1 outlying moving range" if row["left_out"] == 1 else f"{row['left_out']} outlying moving ranges"
        said += f", less {ranges}"
    if row["trial"]:
        said += ", and on trial until there are 12"
    said += "."
    if row["assurance"]:
        assured = ASSURED[row["assurance"]].format(point=point, target=show(row["target"]))
        said += f" {assured[0].upper()}{assured[1:]}."
    return f"{said} {month} is provisional." if row["provisional"] else said


def _broken(row: dict, point: str) -> list[str]:
    """The rules that the last point breaks."""
    broken = []
    if row["outside_limits"]:
        which = "above the upper" if row["outside_limits"] == "high" else "below the lower"
        broken.append(f"it lies {which} limit")
    if row["run"]:
        which = "above" if row["run"] == "high" else "below"
        count = row["run_length"]
        broken.append(f"{_since(row, count)} lie {count} {point}s in a row {which} the mean")
    if row["trend"]:
        which = "rise" if row["trend"] == "high" else "fall"
        count = row["moves"] + 1
        broken.append(f"{_since(row, count)} {which} {count} {point}s in a row")
    if row["two_of_three"]:
        which = "upper" if row["two_of_three"] == "high" else "lower"
        broken.append(f"2 of the 3 {point}s to {month_label(row['month'])} lie close to the {which} limit")
    return broken


def _since(row: dict, count: int) -> str:
    """The months from the first of so many points to the last, as `Feb-09 to Aug-09`."""
    first = months.shift(row["month"], -row["step"] * (count - 1))
    return f"{month_label(first)} to {month_label(row['month'])}"


def _printer(row: dict) -> Callable[[float], str]:
    unit, places = unit_of_months(row["kind"], row["unit"], row["decimals"], row["centre"])
    behind = " points" if unit == "points" else ""

    def show(value: float) -> str:
        whole = unit == "number" and value == round(value)
        return printed(value, unit, None, 0 if whole else places) + behind

    return show


def unit_of_months(kind: str, unit: str, decimals: int | None, size: float) -> tuple[str, int]:
    """How monthly values of about that size print: in the line's unit, or as a number where the line is a change."""
    if kind == "change_in_points":
        unit = "percent"
    elif kind in ("percentage_change", "k_of_n"):
        unit = "number"
    if unit != "number":
        return unit, max(decimals or 0, 1)
    # a rate is far under 1: three digits of it
    return unit, 2 - math.floor(math.log10(abs(size))) if 0 < abs(size) < 1 else 1
