"""The marks of a line's control chart as sentences, with the months and numbers they rest on."""

from collections.abc import Callable

from orchestration import months
from orchestration.scorecard.display import difference, month_label, places, with_unit
from orchestration.scorecard.explanations import xmr
from orchestration.scorecard.explanations.monthly_series import FOLLOWING, POINTS
from orchestration.scorecard.kinds import unit_of_sums

RULE_SET = "NHS Making Data Count"
ARTICLE = {
    "improvement": "an improvement",
    "concern": "a concern",
    "change": "a change",
    "common cause": "common cause",
}
REBASED = {
    "counting_rules": "counting rules changed",
    "step_change": "a step change",
    "baseline": "the baseline agreed",
}
ASSURED = {
    "pass": "any {point} within the limits meets the target of {target}",
    "inconsistent": "the target of {target} lies between the limits: chance decides which {point}s meet it",
    "fail": "no {point} within the limits meets the target of {target}",
}


def sentences(row: dict) -> str | None:
    """The marks of a line in words, such as `Aug-09 at 34 is common cause: ...`; None where it has no mark."""
    if row["variation"] is None:
        return None
    show = _printer(row)
    point = POINTS.get(row["step"], "point")
    month = month_label(row["month"])
    sentence = f"{month} at {show(row['value'])} is {ARTICLE[row['variation']]}: "
    sentence += "; ".join(_broken(row, point)) or f"it breaks no rule of {RULE_SET}"
    sentence += (
        f". The limits are {show(row['lower_limit'])} to {show(row['upper_limit'])} around a mean of "
        f"{show(row['centre'])}, of {row['points']} {point}s {_baseline(row)}"
    )
    if row["left_out"]:
        ranges = "1 outlying moving range" if row["left_out"] == 1 else f"{row['left_out']} outlying moving ranges"
        sentence += f", less {ranges}"
    if row["trial"]:
        sentence += ", and on trial until there are 12"
    sentence += "."
    if row["assurance"]:
        ends = [show(row[name]) for name in ("target", "target_to") if row[name] is not None]
        assured = ASSURED[row["assurance"]].format(point=point, target=" to ".join(ends))
        sentence += f" {assured[0].upper()}{assured[1:]}."
    return f"{sentence} {month} is provisional." if row["provisional"] else sentence


def _baseline(row: dict) -> str:
    """The months that the limits are taken from, and why from these: `since Apr-08 (counting rules changed: ...)`."""
    first = month_label(row["segment_from"])
    period = f"from {first} to {month_label(row['baseline_to'])}" if row["baseline_to"] else f"since {first}"
    return f"{period} ({REBASED[row['kind_of_break']]}: {row['reason_of_break']})" if row["kind_of_break"] else period


def missing_reason(row: dict) -> str | None:
    """Why the line has no mark, or none against its target; None where it has both."""
    if row["no_series"] or row["month"] is None:
        return row["no_series"] or f"no month of {row['measure']} is known yet"
    since = month_label(row["segment_from"])
    if row["points"] < xmr.IN_A_ROW:
        # with fewer no run or trend could show, and "common cause" would be a guess
        return f"a chart needs {xmr.IN_A_ROW} points, known since {since}: {row['points']}"
    if not row["can_tell"]:
        half, point = (row["upper_limit"] - row["lower_limit"]) / 2, POINTS.get(row["step"], "point")
        near, error = (difference(far, "points", 1) for far in (half, row["sampling_error"]))  # only shares have one
        chance = f"chance alone moves a {point} by {error} (at 95%)"
        return f"the chart cannot tell: its limits lie {near} from the mean, and {chance}"
    if not row["enough"]:
        needed = FOLLOWING.format(POINTS.get(row["step"], "point"))
        known = f"{row['moving_ranges']} of the {row['points']} known since {since} follow the one before"
        return f"{needed}: {known}, {xmr.IN_A_ROW - 1} must"
    return row["no_target"]


def _broken(row: dict, point: str) -> list[str]:
    """The rules that the last point breaks."""
    month, moves, run = month_label(row["month"]), row["moves"] + 1, row["run_length"]
    rules = {
        "outside_limits": ("it lies above the upper limit", "it lies below the lower limit"),
        "run": [f"{_since(row, run)} lie {run} {point}s in a row {side} the mean" for side in ("above", "below")],
        "trend": [f"{_since(row, moves)} {way} {moves} {point}s in a row" for way in ("rise", "fall")],
        "two_of_three": [f"2 of the 3 {point}s to {month} lie close to the {end} limit" for end in ("upper", "lower")],
    }
    return [sentences[row[rule] != "high"] for rule, sentences in rules.items() if row[rule]]


def _since(row: dict, count: int) -> str:
    """The months from the first of so many points to the last, as `Feb-09 to Aug-09`."""
    first = months.shift(row["month"], -row["step"] * (count - 1))
    return f"{month_label(first)} to {month_label(row['month'])}"


def _printer(row: dict) -> Callable[[float], str]:
    unit = unit_of_sums(row["kind"], row["unit"], row.get("rate_unit"))
    decimals = places(row["centre"], unit, row["decimals"])

    def show(value: float) -> str:
        whole = unit == "number" and value == round(value)
        return with_unit(value, unit, None, 0 if whole else decimals)

    return show
