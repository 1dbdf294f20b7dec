"""Areas and months taken out of what was delivered: no figure may become another one without a word.

A missing month that is read as a month of nothing turns a rise into a fall. So a figure of fewer deliveries is that of
all of them, or it has no value and a reason, or it says that it is of another window. A whole month of a stock is not
taken out, since a stock holds until the next one by definition, and so does a forecast, which is not compared.
"""

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from orchestration.scorecard import display
from tests.sweep import comparison, voices
from tests.sweep.case import Case

Figures = Mapping[tuple[date, str, str], dict[str, Any]]
WINDOW = ("data_from", "data_to", "against_from", "against_to")
TIMES, AT_LEAST = 2, 16  # that each case is tried with other removals; how many those are in most cases
AS_WITH_ALL, WITHOUT_VALUE, OTHER_WINDOW = "as with all deliveries", "no value and a reason", "of another window"
TURNED = "of another window, by which its printed sign is turned round"


def removed(made: Case, chance: random.Random) -> tuple[Case, int]:
    """The case without an area in some months, or without a month, of each source; and how many those are."""
    stocks = {row["extract"] for row in made.tables["series"] if row["over_time"] == "mean"}
    months: dict[str, set[int]] = {}
    areas: dict[str, set[str]] = {}
    for row in made.rows:
        months.setdefault(row.extract, set()).add(row.month)
        areas.setdefault(row.extract, set()).add(row.area)
    gone: dict[str, set[tuple[str, int]]] = {}
    for extract, every in areas.items():
        some = chance.sample(sorted(months[extract]), min(len(months[extract]), chance.choice((1, 1, 2, 6))))
        if len(every) > 1 and (extract in stocks or chance.random() < 0.5):
            gone[extract] = {(chance.choice(sorted(every)), month) for month in some}
        elif extract not in stocks:
            gone[extract] = {(area, month) for area in every for month in some}
    kept = [row for row in made.rows if (row.area, row.month) not in gone.get(row.extract, ())]
    return made._replace(rows=kept), len(gone)


def differences(made: Case, models: voices.Models) -> tuple[list[str], Counter, int]:
    """Where fewer deliveries make another figure of the same windows; how the others came out; how many removals."""
    chance, count, found, outcomes = random.Random(made.seed), 0, [], Counter()
    models.run(made)
    whole = models.figures()
    for _ in range(TIMES):
        fewer, its = removed(made, chance)
        models.run(fewer)
        figures = models.figures()
        for key, outcome in _outcomes(whole, figures):
            outcomes[outcome] += 1
            if outcome not in (AS_WITH_ALL, WITHOUT_VALUE, OTHER_WINDOW, TURNED):
                found.append(f"{key[0]:%Y-%m}, line {key[1]}, {key[2]}: {outcome}")
        count += its
    return found, outcomes, count


def _outcomes(whole: Figures, fewer: Figures) -> Iterator[tuple[tuple[date, str, str], str]]:
    """How each figure that has a value with all deliveries comes out with fewer of them."""
    for key, before in whole.items():
        now = fewer[key]
        if before["value"] is None or any(each["statistic"] == "forecast" for each in _terms(whole, key)):
            continue
        if now["value"] is None:
            yield key, WITHOUT_VALUE if now["missing_reason"] else "no value, and no reason"
        elif _windows(whole, key) != _windows(fewer, key):
            yield key, TURNED if _sign(before) * _sign(now) < 0 else OTHER_WINDOW
        elif comparison.same(before["value"], now["value"]):
            yield key, AS_WITH_ALL
        else:
            yield key, f"{before['value']} with all deliveries, {now['value']} with fewer"


def _windows(figures: Figures, key: tuple[date, str, str]) -> list[Any]:
    return [figure[name] for figure in _terms(figures, key) for name in WINDOW]


def _terms(figures: Figures, key: tuple[date, str, str]) -> list[Mapping[str, Any]]:
    """A figure, and those that are taken off it."""
    figure, (month, line, _) = figures[key], key
    return [figure, *(_terms(figures, (month, line, figure["less"])) if figure["less"] else [])]


def _sign(figure: Mapping) -> int:
    shown = display.printed_value(figure["value"], figure["unit"], figure["decimals"] or 0)
    return (shown > 0) - (shown < 0)
