"""What the three voices say of each figure, letter and suppressed month of a case."""

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Set
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from orchestration.scorecard import status
from orchestration.scorecard.status import Judgement
from tests.sweep import case, coverage, definitions, formulas, letters, small_counts, voices
from tests.sweep.case import Case
from tests.sweep.definitions import Card, Figure
from tests.sweep.letters import Letter

RELATIVE, ABSOLUTE = 1e-9, 1e-12  # what two ways of dividing the same sums may differ by
# the sentence of the models for each reason
REASONS = {
    definitions.SMALL_COUNT: r"(nothing to compare with: )?suppressed: it rests on a small count in .*",
    definitions.SUPPRESSED: r"(nothing to compare with: )?suppressed by its source in .*",
    definitions.NOT_AVAILABLE: r"(nothing to compare with: )?not available from its source in .*",
    definitions.NOTHING_KNOWN: r"no month of .* is known yet",
    definitions.YEAR_NOT_BEGUN: r"no month of ..../.. is complete yet",
    definitions.NOT_ENDED: r".* has not ended yet",
    definitions.TOO_OLD: r"\S+ is before the first month held",
    definitions.INCOMPLETE: r"\S+ is not known|\S+ to \S+ holds \d+ of \d+ months.*",
    definitions.OTHER_TOO_OLD: r"nothing to compare with: .* is before the first month held",
    definitions.OTHER_INCOMPLETE: r"nothing to compare with: .* holds .*",
    definitions.UNEQUAL: r"nothing to compare with: .*, not \d+",
    definitions.YEAR_OVER: r"the year is over",
    formulas.ZERO: r"it cannot be computed: .*",
    formulas.NO_TARGET: r"no target is set",
    definitions.NOT_ON_THE_CARD: r"the line has none on this card",
    definitions.NO_PEERS: r"(no )?peer values for .*",
}
FIGURE = ("value", "reason", "out_of", "first", "last", "against_first", "against_last")


MISSES = r"(short of|above|below|does not pass,) the"
# the words of a judgement for each reason of a letter, or of none
LETTERS = {
    letters.NO_TARGET: r"not judged: no target is set",
    letters.TOO_EARLY: r"not judged: the figure ends in .* before the target applies from .*",
    letters.TOO_OLD: rf"not judged: {status.TOO_OLD}: .*",
    letters.NOT_JUDGED: r"not judged: for information",
    letters.NOT_DUE: r"not judged: what of the target is due by .* is not known",
    letters.NO_FIGURE: r"not judged: .*",
    letters.MEETS: r".* meets the (.* due by .* of the )?target of .*",
    letters.WITHIN: rf".* {MISSES} (.* due by .* of the )?target of .*, within the tolerance of .*",
    letters.BEYOND: rf".* {MISSES} (.* due by .* of the )?target of .*, beyond the tolerance of .*",
    letters.NOTHING: r".* misses the (.* due by .* of the )?target of .*",
}


class Expected(NamedTuple):
    """A figure by definition, and the row of the catalogue that asks for it."""

    figure: Figure
    row: dict


class Expectations(NamedTuple):
    """What a case is by definition: the figures by report month, line and name, the letters, what is not shown."""

    figures: dict[tuple[date, str, str], Expected]
    letters: dict[tuple[date, str], Letter]
    suppressed: set[tuple[str, str, date]]


def expected(made: Case) -> Expectations:
    """A case by definition."""
    figures, of_lines = {}, {}
    small = small_counts.suppressed(made)
    for month in made.report_months:
        rows = {(row["line"], row["name"]): row for row in definitions.definitions(made, month)}
        found, day = Card(made, month, small).figures(), date.fromisoformat(case.text(month))
        figures |= {(day, *key): Expected(figure, rows[key]) for key, figure in found.items()}
        for row in definitions.lines(made, month):
            latest, before = (found[row["line"], name] for name in ("latest", "year_before"))
            age = 0 if latest.last is None else month - latest.last
            due = found.get((row["line"], "phased_target"))
            of_lines[day, row["line"]] = letters.letter(row | _age_limit(made, row), age, latest, before, due)
    days = {(measure, area, date.fromisoformat(case.text(month))) for measure, area, month in small}
    return Expectations(figures, of_lines, days)


def _age_limit(made: Case, row: dict) -> dict:
    """How old a figure of the line may be: as its row says, else as old as the sources of its measure leave it."""
    if row.get("age_limit"):
        return {}
    of_measure = {part["series"] for part in made.tables["measures"] if part["measure"] == row["measure"]}
    series = [each for each in made.tables["series"] if each["series"] in of_measure]
    # a stock that others are divided by holds until the next one
    counted = [each for each in series if each["over_time"] != "mean"] or series
    return {"age_limit": max(each["age_limit"] for each in counted)}


def differences(made: Case, folder: Path, models: voices.Models) -> tuple[list[str], Counter]:
    """A sentence for each figure on which the voices differ, and what the case met.

    The catalogue of the case lies in the folder.
    """
    by_definition = expected(made)
    models.run(made)
    found = of_models(by_definition, models) + of_audit(by_definition, voices.audited(made, folder))
    return found, coverage.met(made, by_definition)


def of_models(by_definition: Expectations, models: voices.Models) -> list[str]:
    """Where the models, or the letters given to their figures, are something else."""
    found = _differing("the models have", by_definition.figures, models.figures(), _of_model)
    for (month, line), given in models.letters().items():
        its, wanted = _of_judgement(*given), by_definition.letters[month, line]
        if its != wanted:
            found.append(f"{month:%Y-%m}, line {line}: the scorecard has {its}; by definition {wanted}")
    return found + _not_shown("the models", by_definition, models.suppressed()) + models.identities()


def of_audit(by_definition: Expectations, audited: voices.Audited) -> list[str]:
    """Where the audit has something else; it states no reasons."""
    found = _differing("the audit has", by_definition.figures, audited.figures, _of_audit)
    found += [
        f"{month:%Y-%m}, line {line}: the audit gives {set(audited.letters[month, line])}; by definition {wanted}"
        for (month, line), wanted in by_definition.letters.items()
        if {wanted.letter} != audited.letters[month, line]
    ]
    return found + _not_shown("the audit", by_definition, audited.suppressed)


def _not_shown(voice: str, by_definition: Expectations, suppressed: Set) -> list[str]:
    return [
        f"{key[0]} of {key[1]} in {key[2]:%Y-%m}: {voice} {'suppresses' if key in suppressed else 'shows'} it"
        for key in sorted(by_definition.suppressed ^ suppressed)
    ]


def _of_judgement(judgement: Judgement, travel: str | None) -> Letter:
    said, rounding, _ = judgement.reason.partition("; rounding decided: ")
    why = next((name for name, words in LETTERS.items() if re.fullmatch(words, said)), said)
    return Letter(judgement.letter, why, bool(rounding), travel)


def _differing(voice: str, by_definition: Mapping, figures: Mapping, aspects: Callable) -> list[str]:
    found = [f"{key}: {voice} a figure that is not defined" for key in figures.keys() - by_definition.keys()]
    for key, (figure, row) in by_definition.items():
        month, line, name = key
        what = f"{month:%Y-%m}, line {line}, {name} ({row['statistic']}, {row.get('basis')}): {voice}"
        if key not in figures:
            found.append(f"{what} no figure")
            continue
        its = aspects(figures[key])
        found += [
            f"{what} {aspect} {its[aspect]}; by definition {value}"
            for aspect, value in _plain(figure).items()
            if aspect in its and not same(value, its[aspect])
        ]
    return found


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
    return {"value": figure.value, "out_of": figure.out_of, **dict(zip(FIGURE[3:], days, strict=True))}


def same(one: object, other: object) -> bool:
    """Whether two voices say the same, up to how they divide."""
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=RELATIVE, abs_tol=ABSOLUTE)
    return one == other
