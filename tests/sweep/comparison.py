"""What the three voices say of each figure of a case, and what a sweep must have met of all that there is."""

import math
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from orchestration.scorecard.kinds import KINDS, STATISTICS
from tests.sweep import case, definitions, generator, voices
from tests.sweep.case import Case
from tests.sweep.definitions import Card, Figure

RELATIVE, ABSOLUTE = 1e-9, 1e-12  # what two ways of dividing the same sums may differ by
# the sentence of the models for each reason
REASONS = {
    definitions.MARKED: r"(nothing to compare with: )?(suppressed by|not available from) its source in .*",
    definitions.NOTHING_KNOWN: r"no month of .* is known yet",
    definitions.YEAR_NOT_BEGUN: r"no month of ..../.. is complete yet",
    definitions.NOT_ENDED: r".* has not ended yet",
    definitions.TOO_OLD: r"\S+ is before the first month held",
    definitions.INCOMPLETE: r"\S+ is not known|\S+ to \S+ holds \d+ of \d+ months",
    definitions.OTHER_TOO_OLD: r"nothing to compare with: .* is before the first month held",
    definitions.OTHER_INCOMPLETE: r"nothing to compare with: .* holds .*",
    definitions.UNEQUAL: r"nothing to compare with: .*, not \d+",
    definitions.YEAR_OVER: r"the year is over",
    definitions.ZERO: r"it cannot be computed: .*",
    definitions.NO_TARGET: r"no target is set",
    definitions.NO_PEERS: r"(no )?peer values for .*",
}
VALUE = "a value"
FIGURE = ("value", "reason", "out_of", "first", "last", "against_first", "against_last")


def differences(made: Case, folder: Path, models: voices.Models) -> tuple[list[str], Counter]:
    """A sentence for each figure on which the voices differ, and what the case met.

    The catalogue of the case lies in the folder.
    """
    models.run(made)
    of_models, of_audit = models.figures(), voices.audited(made, folder)
    found: list[str] = []
    met: Counter = Counter()
    seen = set()
    for month in made.report_months:
        day = date.fromisoformat(case.text(month))
        rows = {(row["line"], row["name"]): row for row in definitions.definitions(made, month)}
        for (line, name), figure in Card(made, month).figures().items():
            key = day, line, name
            seen.add(key)
            row = rows[line, name]
            what = f"{day:%Y-%m}, line {line}, {name} ({row['statistic']}, {row.get('basis')})"
            found += [
                f"{what}: {voice} {value}; by definition {expected}"
                for voice, value, expected in _differing(row, figure, of_models.get(key), of_audit.get(key))
            ]
            _count(met, made, row, figure)
    found += [f"{key}: no figure of the catalogue" for key in (of_models.keys() | of_audit.keys()) - seen]
    return found + models.identities(), met


def missed(met: Counter, accepted: set[generator.Combination], reasons: bool) -> list[str]:
    """What can stand on a card and was not met: with a value, and for each reason why there may be none."""
    found = [f"{' '.join(map(str, each))}: a value" for each in sorted(accepted) if not met[each, VALUE]]
    if reasons:
        seen = {(line.kind, line.basis, outcome) for line, outcome in met if isinstance(line, generator.Combination)}
        possible = {(line.kind, line.basis, reason) for line in accepted for reason in _reasons(line)}
        found += [f"{kind} {basis}: {reason}" for kind, basis, reason in sorted(possible - seen)]
        statistics = {statistic for statistic, outcome in met if outcome == VALUE}
        found += [f"{statistic}: a value" for statistic in STATISTICS if statistic not in statistics | {*KINDS}]
    return found


def _reasons(line: generator.Combination) -> Iterator[str]:
    """Why the latest figure of such a line may be missing."""
    yield from (definitions.MARKED, definitions.NOTHING_KNOWN)
    if line.basis in ("year_to_date", "financial_year"):
        yield definitions.YEAR_NOT_BEGUN
    if line.basis in ("rolling_year", "year_to_date", "quarter"):
        yield definitions.INCOMPLETE
    kind = KINDS[line.kind]
    if kind.change:
        yield from (definitions.OTHER_TOO_OLD, definitions.OTHER_INCOMPLETE)
    if kind.shares or kind.change or line.kind == "k_of_n":
        yield definitions.ZERO


def _differing(row: dict, figure: Figure, model: Any, audited: Any) -> Iterator[tuple[str, object, object]]:
    """Each voice that has something else, with what it has and what it should be."""
    if model is None or audited is None:
        yield "the models or the audit have", None, figure
        return
    expected = _plain(figure)
    for voice, its in (("the models have", _of_model(model)), ("the audit has", _of_audit(audited))):
        for what, value in expected.items():
            # the audit states no reason; a figure less another one may lack either
            if what == "reason" and (its[what] is None or row.get("less")) and voice != "the models have":
                continue
            if what == "reason" and row.get("less"):
                continue
            if not _same(value, its[what]):
                yield f"{voice} {what}", its[what], value


def _plain(figure: Figure) -> dict[str, object]:
    days = {name: _day(getattr(figure, name)) for name in FIGURE[3:]}
    value = None if figure.value is None else float(figure.value)
    return {"value": value, "reason": figure.reason, "out_of": figure.out_of, **days}


def _day(month: int | None) -> date | None:
    return None if month is None else date.fromisoformat(case.text(month))


def _of_model(row: dict[str, Any]) -> dict[str, object]:
    said = re.sub(r"^less \w+, which has no value: ", "", row["missing_reason"] or "") or None
    reason = said and next((name for name, words in REASONS.items() if re.fullmatch(words, said)), said)
    days = (row["data_from"], row["data_to"], row["against_from"], row["against_to"])
    return dict(zip(FIGURE, (row["value"], reason, row["out_of"], *days), strict=True))


def _of_audit(figure: Any) -> dict[str, object]:
    days = (figure.data_from, figure.data_to, figure.against_from, figure.against_to)
    return dict(zip(FIGURE, (figure.value, None, figure.out_of, *days), strict=True))


def _same(one: object, other: object) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=RELATIVE, abs_tol=ABSOLUTE)
    return one == other


def _count(met: Counter, made: Case, row: dict, figure: Figure) -> None:
    if row["name"] == "latest":
        measures = {each["measure"]: each["series"] for each in made.tables["measures"]}
        series = {each["series"]: each for each in made.tables["series"]}[measures[row["measure"]]]
        target = "none" if row.get("target") is None else "zero" if Fraction(row["target"]) == 0 else "some"
        stock = series["over_time"] == "mean"
        line = generator.Combination(row["kind"], row["basis"], target, int(series["months_covered"]), stock)
        met[line, VALUE if figure.value is not None else figure.reason] += 1
    else:
        met[row["statistic"], VALUE if figure.value is not None else figure.reason] += 1
