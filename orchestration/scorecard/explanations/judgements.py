"""The reason chain: of each letter the rules that were asked, how far it is to the next one, and what would turn it.

No letter is given here: every one is asked of `status.judge`, also those that the figure would get if it moved.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import ROUND_FLOOR, Decimal

import pandera.polars as pa
import polars as pl

from orchestration.scorecard import display, status
from orchestration.scorecard.columns import A_FIGURE, LETTERS, column
from orchestration.scorecard.explanations import years
from orchestration.scorecard.optional_rules import RULES, Evidence, Step
from orchestration.scorecard.shortfall import value_at

NAMES = ["target", *RULES, "tolerance", status.NOT_JUDGED]
_KEY = {
    "report_month": column(pl.Date, "The month on the title of the card; all is as known then.", nullable=False),
    "financial_year": column(pl.String, "The financial year of the card, as 2008/09.", nullable=False),
    "line": column(pl.String, "The line of the card.", nullable=False),
}
JUDGEMENTS = pa.DataFrameSchema(
    _KEY
    | {
        "status": column(pl.String, "The letter, as on the scorecard.", pa.Check.isin(LETTERS)),
        "rule": column(pl.String, "The rule that gave it.", pa.Check.isin(NAMES), nullable=False),
        "target": column(pl.Float64, f"The target; {A_FIGURE}."),
        "value": column(pl.Float64, f"The latest figure, unrounded; {A_FIGURE}."),
        "printed_value": column(pl.Float64, "The latest figure as printed, which is what is judged; in the same unit."),
        "shortfall": column(
            pl.Float64, "How far it misses the target, relative to it; negative where it is better, infinite for 0."
        ),
        "tolerance": column(pl.Float64, "How far short is still amber, relative to the target."),
        "rounding_decided": column(pl.Boolean, "Whether the unrounded figure would have another letter."),
        "unrounded_status": column(pl.String, "The letter of the unrounded figure.", pa.Check.isin(LETTERS)),
        "next_status": column(pl.String, "The next better letter; null for green.", pa.Check.isin(["G", "A"])),
        "to_next": column(pl.Float64, f"How far the printed figure must move to get it; {A_FIGURE}.", pa.Check.gt(0)),
        "worse_status": column(
            pl.String, "The next worse letter; null where moving alone would not get it.", pa.Check.isin(["A", "R"])
        ),
        "to_worse": column(pl.Float64, f"How far the printed figure must move to get it; {A_FIGURE}.", pa.Check.gt(0)),
        "needed_for_green": column(
            pl.Float64, "What the months left must bring for the year end to be green: `required` of run_rates."
        ),
        "says": column(pl.String, "All this in a sentence.", nullable=False),
        "missing_reason": column(pl.String, "Why there is no letter, in words."),
    },
    checks=[
        pa.Check(
            lambda data: data.lazyframe.select(pl.col("status").is_null() == pl.col("missing_reason").is_not_null()),
            name="a letter or a reason why there is none",
        ),
        pa.Check(
            lambda data: data.lazyframe.select((pl.col("rule") == status.NOT_JUDGED) == pl.col("status").is_null()),
            name="a letter has a rule that gave it",
        ),
    ],
    unique=["report_month", "line"],
    strict=True,
    ordered=True,
    description="One row per report month and line: which rule gave the letter, and how far it is to the next.",
)
REASONS = pa.DataFrameSchema(
    _KEY
    | {
        "step": column(pl.Int32, "In which order it was asked, from 1.", pa.Check.ge(1), nullable=False),
        "rule": column(pl.String, "The rule that was asked.", pa.Check.isin(NAMES), nullable=False),
        "outcome": column(
            pl.String,
            "Whether it gave the letter or passed the question on to the next. A rule that is off is not here.",
            pa.Check.isin(["decides", "passes"]),
            nullable=False,
        ),
        "says": column(pl.String, "What it found, in words.", nullable=False),
    },
    unique=["report_month", "line", "step"],
    strict=True,
    ordered=True,
    description="One row per report month, line and rule that was asked for the letter, in order; the last decides.",
)

Evidences = Mapping[tuple[date, str], Evidence]


def judgements(
    indicators: pl.DataFrame, figures: pl.DataFrame, of_lines: Evidences, report_months: list[tuple[date, str]]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The tables `judgements` and `reasons` of each report month's card, from the evidence of its lines."""
    judged, asked = [], []
    for indicator, latest, known in _of_lines(indicators, figures, of_lines, report_months):
        judgement = status.judge(indicator, latest, known)
        key = {name: indicator[name] for name in _KEY}
        judged.append(key | _row(indicator, latest, known, judgement))
        steps = judgement.steps or (Step(judgement.rule, None, judgement.reason),)
        asked += [
            key
            | {
                "step": number,
                "rule": step.rule,
                "outcome": "decides" if number == len(steps) else "passes",
                "says": step.says,
            }
            for number, step in enumerate(steps, start=1)
        ]
    return pl.DataFrame(judged, schema=_types(JUDGEMENTS)), pl.DataFrame(asked, schema=_types(REASONS))


def _types(schema: pa.DataFrameSchema) -> dict[str, pl.DataType]:
    return {name: it.dtype.type for name, it in schema.columns.items()}


def _of_lines(
    indicators: pl.DataFrame, figures: pl.DataFrame, of_lines: Evidences, report_months: list[tuple[date, str]]
) -> Iterator[tuple[dict, dict | None, Evidence]]:
    """Each line of each card with its latest figure and what else it may be judged by."""
    latest = {(row["report_month"], row["line"]): row for row in figures.filter(name="latest").iter_rows(named=True)}
    for indicator in years.lines(indicators, report_months).iter_rows(named=True):
        key = (indicator["report_month"], indicator["line"])
        yield indicator, latest.get(key), of_lines.get(key, status.NO_EVIDENCE)


def _row(indicator: dict, latest: dict | None, known: Evidence, judgement: status.Judgement) -> dict:
    value = latest["value"] if latest else None
    run_rate = known.run_rate
    row = dict.fromkeys(name for name in JUDGEMENTS.columns if name not in _KEY) | {
        "status": judgement.letter,
        "rule": judgement.rule,
        "target": indicator["target"],
        "value": value,
        "tolerance": indicator["amber_tolerance"],
        "says": judgement.reason,
    }
    if value is not None:
        row["printed_value"] = float(display.printed_value(value, indicator["unit"], indicator["decimals"]))
    if run_rate and not run_rate["never_possible"]:
        row["needed_for_green"] = run_rate["required"]
    if judgement.letter is None or judgement.shortfall is None or latest is None:
        return row | {"missing_reason": judgement.reason}
    row |= {
        "shortfall": float(judgement.shortfall),
        "rounding_decided": judgement.unrounded != judgement.letter,
        "unrounded_status": judgement.unrounded,
    }
    row |= _distances(indicator, latest, known, judgement.letter)
    return row | {"says": _says(indicator, row, run_rate)}


def _distances(indicator: dict, latest: dict, known: Evidence, given: str) -> dict:
    """How far the printed figure must move, better and worse, to get another letter.

    Between two thresholds the letter stays as it is, so that the printed values beside each of them are enough to ask.
    """
    scale = display.UNITS[indicator["unit"]].scale
    step = Decimal(1).scaleb(-indicator["decimals"]) / scale
    shown = display.printed_value(latest["value"], indicator["unit"], indicator["decimals"])
    beside = {
        ((threshold / step).to_integral_value(ROUND_FLOOR) + by) * step
        for threshold in _thresholds(indicator, latest, known)
        for by in (-1, 0, 1)
    }
    better = 1 if indicator["direction"] == "higher_is_better" else -1
    found: dict[str, str | float | None] = {}
    for value in sorted(beside, key=lambda value: abs(value - shown)):
        if value == shown:
            continue
        letter = status.judge(indicator, latest | {"value": value}, _moved(known, value - shown)).letter
        if letter != given:
            way = "next" if (value - shown) * better > 0 else "worse"
            found.setdefault(f"{way}_status", letter)
            found.setdefault(f"to_{way}", float(abs(value - shown)))
    return found


def _thresholds(indicator: dict, latest: dict, known: Evidence) -> Iterator[Decimal]:
    """The values at which the letter may change: the target, the end of the tolerance, the end of the margin."""
    target, direction = Decimal(repr(indicator["target"])), indicator["direction"]
    yield target
    of_a_change = indicator["kind"] == "percentage_change"
    yield value_at(Decimal(repr(indicator["amber_tolerance"])), target, direction, of_a_change)
    if known.interval:
        reach = known.interval[1 if direction == "higher_is_better" else 0] - latest["value"]
        yield target - Decimal(repr(reach))


def _moved(known: Evidence, by: Decimal) -> Evidence:
    """The same with the margin of error around a figure that has moved."""
    if known.interval is None:
        return known
    lower, upper = (end + float(by) for end in known.interval)
    return Evidence(known.rules, (lower, upper), known.run_rate, known.forecast)


def _says(indicator: dict, row: dict, run_rate: Mapping | None) -> str:
    says = row["says"]
    if row["next_status"]:
        way = "more" if indicator["direction"] == "higher_is_better" else "less"
        says += f"; {_apart(indicator, row['to_next'])} {way} would be {status.COLOURS[row['next_status']]}"
    if row["worse_status"] and row["status"] == "G":
        says += f"; {_apart(indicator, row['to_worse'])} worse would be {status.COLOURS[row['worse_status']]}"
    if row["status"] != "G" and run_rate and run_rate["says"] and run_rate["says"] not in says:
        says += f"; for a green year end {run_rate['says']}"
    return says


def _apart(indicator: dict, distance: float) -> str:
    """A distance between two figures of the line; between two shares it is in points."""
    if indicator["unit"] in ("percent", "points"):
        points = display.printed(distance, "points", None, indicator["decimals"])
        return f"{points} point" if points == "1" else f"{points} points"
    return display.printed(distance, indicator["unit"], None, indicator["decimals"])
