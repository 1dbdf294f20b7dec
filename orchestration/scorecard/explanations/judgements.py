"""The reason chain: of each letter the rules that were applied, how far it is to the next one, and what would turn it.

No letter is given here: `status.judge` gives them all, also those that the figure would get if it moved.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from typing import NamedTuple

import polars as pl

from orchestration.scorecard import contracts, display, status
from orchestration.scorecard.explanations import years
from orchestration.scorecard.kinds import judged_by_size
from orchestration.scorecard.optional_rules import Evidence, Step
from orchestration.scorecard.shortfall import amber_limits, ends, is_range

LETTERS = tuple(status.COLOURS)  # from the best to the worst
Evidences = Mapping[tuple[date, str], Evidence]


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
        key = {name: indicator[name] for name in contracts.LINE}
        judged.append(key | _row(indicator, latest, evidence, judgement))
        steps = judgement.steps or (Step(judgement.rule, None, judgement.reason),)
        for number, step in enumerate(steps, start=1):
            outcome = "decides" if number == len(steps) else "passes"
            rows.append(key | {"step": number, "rule": step.rule, "outcome": outcome, "explanation": step.reason})
    made = pl.DataFrame(judged, schema=contracts.types("judgements"))
    return made, pl.DataFrame(rows, schema=contracts.types("judgement_steps"))


def _row(indicator: dict, latest: dict | None, evidence: Evidence, judgement: status.Judgement) -> dict:
    value = latest["value"] if latest else None
    run_rate = evidence.run_rate
    row = dict.fromkeys(contracts.types("judgements", *contracts.LINE)) | {
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
    if judgement.letter is None or judgement.shortfall is None or latest is None:
        return row | {"missing_reason": judgement.reason}
    row |= {
        "shortfall": float(judgement.shortfall),
        "rounding_decided": judgement.unrounded != judgement.letter,
        "unrounded_status": judgement.unrounded,
    }
    moves = _moves(indicator, latest, evidence, judgement.letter)
    for move in reversed(moves):
        way = "next" if _better(move.letter, judgement.letter) else "worse"
        row |= {f"{way}_status": move.letter, f"to_{way}": abs(move.by)}
    return row | {"explanation": _sentence(indicator, row, moves, run_rate)}


class Move(NamedTuple):
    """By how much the printed figure must move to get another letter."""

    by: float  # negative for less
    letter: str


def _better(letter: str, than: str) -> bool:
    return LETTERS.index(letter) < LETTERS.index(than)


def _moves(indicator: dict, latest: dict, evidence: Evidence, given: str) -> list[Move]:
    """The nearest better and the nearest worse letter, up and down, nearest first.

    Between two thresholds the letter stays as it is, so that only the printed values next to each need judging.
    """
    if judged_by_size(indicator) and latest["value"] < 0:
        latest, evidence = latest | {"value": -latest["value"]}, _mirrored(evidence)
    step = Decimal(1).scaleb(-indicator["decimals"]) / display.UNITS[indicator["unit"]].scale
    printed = display.printed_value(latest["value"], indicator["unit"], indicator["decimals"])
    nearby = {
        ((threshold / step).to_integral_value(ROUND_FLOOR) + by) * step
        for threshold in _thresholds(status.judged_line(indicator, latest, evidence), latest, evidence)
        for by in (-1, 0, 1)
    }
    if judged_by_size(indicator):
        nearby = {value for value in nearby if value >= 0}
    found: dict[tuple[bool, bool], Move] = {}
    for value in sorted(nearby - {printed}, key=lambda value: abs(value - printed)):
        letter = status.judge(indicator, latest | {"value": value}, _moved(evidence, value - printed)).letter
        if letter and letter != given:
            found.setdefault((_better(letter, given), value > printed), Move(float(value - printed), letter))
    return list(found.values())


def _mirrored(evidence: Evidence) -> Evidence:
    """The same with the margin of error of the opposite figure."""
    return replace(evidence, interval=(-evidence.interval[1], -evidence.interval[0])) if evidence.interval else evidence


def _thresholds(indicator: dict, latest: dict, evidence: Evidence) -> Iterator[Decimal]:
    """The values at which the letter may change: the target, the end of the tolerance, the end of the margin."""
    for target, limit in amber_limits(indicator):
        yield target
        yield limit
    if evidence.interval:
        for target_end, end in zip(ends(indicator), reversed(evidence.interval), strict=True):
            if target_end is not None:
                yield target_end - Decimal(repr(end - latest["value"]))


def _moved(evidence: Evidence, by: Decimal) -> Evidence:
    """The same with the margin of error around a figure that has moved."""
    if evidence.interval is None:
        return evidence
    lower, upper = evidence.interval
    return replace(evidence, interval=(lower + float(by), upper + float(by)))


def _sentence(indicator: dict, row: dict, moves: list[Move], run_rate: Mapping | None) -> str:
    sentence = row["explanation"]
    for by, letter in moves:
        better, of_a_range = _better(letter, row["status"]), is_range(indicator)
        way = ("more" if by > 0 else "less") if better or of_a_range else "worse"
        if better or row["status"] == "G":
            far = display.difference(abs(by), indicator["unit"], indicator["decimals"])
            sentence += f"; {far} {way} would be {status.COLOURS[letter]}"
    if row["status"] != "G" and run_rate and run_rate["explanation"] and run_rate["explanation"] not in sentence:
        sentence += f"; for a green year end {run_rate['explanation']}"
    return sentence
