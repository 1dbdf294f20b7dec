"""The reason chain: of each letter the rules that were applied, how far it is to the next one, and what would turn it.

No letter is given here: `status.judge` gives them all, also those that the figure would get if it moved.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import ROUND_FLOOR, Decimal

import pandera.polars as pa
import polars as pl

from orchestration.scorecard import display, status
from orchestration.scorecard.columns import A_FIGURE, LETTERS, LINE, column, contract, either, rule, types
from orchestration.scorecard.explanations import years
from orchestration.scorecard.optional_rules import RULES
from orchestration.scorecard.shortfall import amber_limit

NAMES = ["target", *RULES, "tolerance", status.NOT_JUDGED]
JUDGEMENTS = contract(
    "One row per report month and line: which rule gave the letter, and how far it is to the next.",
    LINE
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
        "explanation": column(pl.String, "All this in a sentence.", nullable=False),
        "missing_reason": column(pl.String, "Why there is no letter, in words."),
    },
    either("status", "missing_reason", "a letter or a reason why there is none"),
    rule("a letter has a rule that gave it", (pl.col("rule") == status.NOT_JUDGED) == pl.col("status").is_null()),
)
JUDGEMENT_STEPS = contract(
    "One row per report month, line and rule that was applied for the letter, in order; the last decides.",
    LINE
    | {
        "step": column(pl.Int32, "In which order it was applied, from 1.", pa.Check.ge(1), nullable=False),
        "rule": column(pl.String, "The rule that was applied.", pa.Check.isin(NAMES), nullable=False),
        "outcome": column(
            pl.String,
            "Whether it gave the letter or passed to the next rule. A rule that is off is not here.",
            pa.Check.isin(["decides", "passes"]),
            nullable=False,
        ),
        "explanation": column(pl.String, "What it found, in words.", nullable=False),
    },
    key=("report_month", "line", "step"),
)

Evidences = Mapping[tuple[date, str], status.Evidence]


def judgements(
    indicators: pl.DataFrame, figures: pl.DataFrame, of_lines: Evidences, report_months: list[tuple[date, str]]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The tables `judgements` and `judgement_steps` of each report month's card, from the evidence of its lines."""
    by_line = {(row["report_month"], row["line"]): row for row in figures.filter(name="latest").iter_rows(named=True)}
    judged, rows = [], []
    for indicator in years.lines(indicators, report_months).iter_rows(named=True):
        line = (indicator["report_month"], indicator["line"])
        latest, evidence = by_line.get(line), of_lines.get(line, status.NO_EVIDENCE)
        judgement = status.judge(indicator, latest, evidence)
        key = {name: indicator[name] for name in LINE}
        judged.append(key | _row(indicator, latest, evidence, judgement))
        steps = judgement.steps or (status.Step(judgement.rule, None, judgement.reason),)
        for number, step in enumerate(steps, start=1):
            outcome = "decides" if number == len(steps) else "passes"
            rows.append(key | {"step": number, "rule": step.rule, "outcome": outcome, "explanation": step.reason})
    return pl.DataFrame(judged, schema=types(JUDGEMENTS)), pl.DataFrame(rows, schema=types(JUDGEMENT_STEPS))


def _row(indicator: dict, latest: dict | None, evidence: status.Evidence, judgement: status.Judgement) -> dict:
    value = latest["value"] if latest else None
    run_rate = evidence.run_rate
    row = dict.fromkeys(name for name in JUDGEMENTS.columns if name not in LINE) | {
        "status": judgement.letter,
        "rule": judgement.rule,
        "target": indicator["target"],
        "value": value,
        "tolerance": indicator["amber_tolerance"],
        "explanation": judgement.reason,
    }
    if value is not None:
        row["printed_value"] = float(display.printed_value(value, indicator["unit"], indicator["decimals"]))
    if run_rate and not run_rate["never_possible"]:
        row["needed_for_green"] = run_rate["required"]
    if judgement.letter is None:
        return row | {"missing_reason": judgement.reason}
    row |= {
        "shortfall": float(judgement.shortfall),
        "rounding_decided": judgement.unrounded != judgement.letter,
        "unrounded_status": judgement.unrounded,
    }
    row |= _distances(indicator, latest, evidence, judgement.letter)
    return row | {"explanation": _sentence(indicator, row, run_rate)}


def _distances(indicator: dict, latest: dict, evidence: status.Evidence, given: str) -> dict:
    """How far the printed figure must move, better and worse, to get another letter.

    Between two thresholds the letter stays as it is, so that only the printed values next to each need judging.
    """
    step = Decimal(1).scaleb(-indicator["decimals"]) / display.UNITS[indicator["unit"]].scale
    printed = display.printed_value(latest["value"], indicator["unit"], indicator["decimals"])
    nearby = {
        ((threshold / step).to_integral_value(ROUND_FLOOR) + by) * step
        for threshold in _thresholds(indicator, latest, evidence)
        for by in (-1, 0, 1)
    }
    better = 1 if indicator["direction"] == "higher_is_better" else -1
    found = {}
    for value in sorted(nearby - {printed}, key=lambda value: abs(value - printed)):
        letter = status.judge(indicator, latest | {"value": value}, _moved(evidence, value - printed)).letter
        if letter != given:
            way = "next" if (value - printed) * better > 0 else "worse"
            found.setdefault(f"{way}_status", letter)
            found.setdefault(f"to_{way}", float(abs(value - printed)))
    return found


def _thresholds(indicator: dict, latest: dict, evidence: status.Evidence) -> Iterator[Decimal]:
    """The values at which the letter may change: the target, the end of the tolerance, the end of the margin."""
    target = Decimal(repr(indicator["target"]))
    yield target
    yield amber_limit(indicator)
    if evidence.interval:
        reach = evidence.interval[1 if indicator["direction"] == "higher_is_better" else 0] - latest["value"]
        yield target - Decimal(repr(reach))


def _moved(evidence: status.Evidence, by: Decimal) -> status.Evidence:
    """The same with the margin of error around a figure that has moved."""
    if evidence.interval is None:
        return evidence
    return replace(evidence, interval=tuple(end + float(by) for end in evidence.interval))


def _sentence(indicator: dict, row: dict, run_rate: Mapping | None) -> str:
    sentence = row["explanation"]

    def distance(name: str) -> str:
        return display.difference(row[name], indicator["unit"], indicator["decimals"])

    if row["next_status"]:
        way = "more" if indicator["direction"] == "higher_is_better" else "less"
        sentence += f"; {distance('to_next')} {way} would be {status.COLOURS[row['next_status']]}"
    if row["worse_status"] and row["status"] == "G":
        sentence += f"; {distance('to_worse')} worse would be {status.COLOURS[row['worse_status']]}"
    if row["status"] != "G" and run_rate and run_rate["explanation"] and run_rate["explanation"] not in sentence:
        sentence += f"; for a green year end {run_rate['explanation']}"
    return sentence
