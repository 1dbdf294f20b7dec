"""What a sweep has met of all that there is: every combination of a line and every reason, by count."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from orchestration.scorecard.kinds import KINDS, STATISTICS, STATISTICS_OF_PEERS
from tests.sweep import definitions, formulas, letters
from tests.sweep.case import Case, Cells
from tests.sweep.generator import Combination

VALUE = "a value"
NEVER_MARKED = {"mean", "mean/mean"}  # stocks have no threshold


def met(made: Case, by_definition: Any) -> Counter:
    """How often the lines, the figures and the letters of a case came out how."""
    found: Counter = Counter()
    measures: dict[str, dict[str, str]] = {}
    series = {row["series"]: row for row in made.tables["series"]}
    for row in made.tables["measures"]:
        measures.setdefault(row["measure"], {}).setdefault(row["part"], row["series"])
    for (month, line, name), (figure, row) in by_definition.figures.items():
        outcome = VALUE if figure.value is not None else figure.reason
        if name == "latest":
            parts = [series[each] for each in measures[row["measure"]].values()]
            covers = max(int(part["months_covered"]) for part in parts)
            made_of = "/".join(part["over_time"] for part in parts)
            combination = Combination(row["kind"], row["basis"], _form(row), covers, made_of)
            its = by_definition.letters[month, line]
            found.update([(combination, outcome), (f"letter of a {row['kind']}", its.why)])
            found.update([("rounding decided", its.rounding_decided), ("direction of travel", its.travel)])
            found["a row from within the year", bool(row.get("decided_by"))] += 1
        elif name != "year_before":
            found[row["statistic"], outcome] += 1
            if row.get("less"):
                found["less another figure", outcome == VALUE] += 1
            if row.get("to_month") and row["statistic"] not in ("target", "forecast"):
                found[f"a fixed period, {row['basis']}", outcome == VALUE] += 1
    found["suppressed", "months"] += len(by_definition.suppressed)
    return found


def _form(row: Cells) -> str:
    if row["target"] is None:
        return "none"
    if row["target_to"] or row["phasing"]:
        return row["phasing"] or "range"
    target = row["target"]
    return "zero" if float(target) == 0 else "some" if float(target) > 0 else "negative"


def missed(found: Counter, accepted: Iterable[Combination]) -> list[tuple[Any, Any]]:
    """What can stand on a card and was not met: each combination with each outcome, each statistic, each letter."""
    every = [(combination, outcome) for combination in accepted for outcome in _outcomes(combination)]
    every += [(statistic, outcome) for statistic in STATISTICS for outcome in _outcomes_of_a_figure(statistic)]
    every += [(f"letter of a {kind}", why) for kind in KINDS for why in letters.WHYS if why != letters.NOT_DUE]
    every += [("letter of a total", letters.NOT_DUE)]
    every += [
        ("direction of travel", travel) for travel in ("improving", "worsening", "unchanged", letters.NEITHER, None)
    ]
    flags = ["rounding decided", "a row from within the year", "less another figure"]
    flags += [f"a fixed period, {basis}" for basis in ("rolling_year", "year_to_date", "quarter", "latest")]
    every += [(flag, whether) for flag in flags for whether in (True, False)]
    return [each for each in every if not found[each]]


def _outcomes(line: Combination) -> Iterator[str]:
    """How the latest figure of such a line may come out."""
    yield from (VALUE, definitions.NOTHING_KNOWN, definitions.SUPPRESSED, definitions.NOT_AVAILABLE)
    kind = KINDS[line.kind]
    if line.made_of not in NEVER_MARKED:
        yield definitions.SMALL_COUNT
    if line.basis in ("year_to_date", "financial_year"):
        yield definitions.YEAR_NOT_BEGUN
    if line.basis in ("rolling_year", "year_to_date", "quarter"):
        yield definitions.INCOMPLETE
    if kind.change:
        yield from (definitions.OTHER_TOO_OLD, definitions.OTHER_INCOMPLETE)
    if ("/" in line.made_of and line.kind != "monthly_average") or line.kind == "percentage_change":
        yield formulas.ZERO


def _outcomes_of_a_figure(statistic: str) -> Iterator[str]:
    yield VALUE
    if statistic in STATISTICS_OF_PEERS:
        yield definitions.NO_PEERS
    elif STATISTICS[statistic].forms:
        yield from (*definitions.MARKED.values(), definitions.NOTHING_KNOWN)
    if "ends" in STATISTICS[statistic].takes:
        yield from (definitions.NOT_ENDED, definitions.TOO_OLD)
    if statistic == "required_rate":
        yield from (definitions.YEAR_OVER, formulas.ZERO)
