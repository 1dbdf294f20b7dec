"""Charts as vector pictures: each kind is a Vega-Lite specification next to this file, into which numbers are put."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from pathlib import Path

import vl_convert

from orchestration.editions.charts import fitting
from orchestration.editions.history import Trend
from orchestration.scorecard.units import RATES_PER, UNITS

KINDS = Path(__file__).parent
SPECIFICATION = ".vl.json"
THEME = "theme.json"  # what all of them have in common
MONTHS_NAMED = 5  # on an axis, at most
WIDEST_LETTER = 8.6  # of the labels, in points: measured of DejaVu Sans
KEPT = 200  # drawings, more than a card has: what its pages show, Dagster's plots show as well


def svg(kind: str, data: dict[str, list[dict]], **parameters: object) -> str:
    """A chart of that kind as an SVG element that scales with the page and is hidden from screen readers.

    `data` are the named data sets of its specification, `parameters` the values of its parameters. Months are dates.
    """
    return fitting.fitted(_drawn(kind, data, parameters))


def small(trends: Sequence[Trend]) -> list[str]:
    """Small trends, each as an SVG element: one picture of all of them takes little longer than a picture of one."""
    points: list[dict] = []
    for panel, it in enumerate(trends):
        for run in it.runs:
            points += [{"panel": panel, "x": x, "y": y} for x, y in run]
            points.append({"panel": panel, "x": run[-1][0], "y": None})  # where the line ends
    last = [{"x": x, "y": y} for x, y in (it.runs[-1][-1] for it in trends)]
    targets = [{"from": it.targets_from, "y": y} for it in trends for y in it.targets]
    drawn = _drawn("small", {"points": points, "last": last, "targets": targets}, {})
    return fitting.panels(drawn, [len(it.targets) for it in trends])


def values(unit: str, places: int, largest: float) -> dict[str, object]:
    """How the value axis of a chart prints a unit: parameters. With hundreds no decimals are needed.

    What a rate is per stands above the chart: beside every value it would have no room.
    """
    of_unit = UNITS[unit]
    scale = float(of_unit.scale)
    shown = 0 if abs(largest) * scale >= 100 else places
    return {
        "scale": scale,
        "before": of_unit.before,
        "behind": "" if unit in RATES_PER else of_unit.behind,
        "places": shown,
    }


def zero(unit: str) -> list[dict]:
    """The data set `zero` of a chart that compares lengths: of counts and amounts, whose axis then begins there."""
    return [] if UNITS[unit].difference else [{"value": 0}]


def room_for(names: list[str]) -> float:
    """The width that an axis of names needs in the widest typeface that a page may be shown in."""
    return WIDEST_LETTER * max(map(len, names))


def months(shown: list[date]) -> dict[str, object]:
    """Which months the axis of a chart names: the last one, and some at equal steps before it."""
    step = -(-len(shown) // MONTHS_NAMED)
    named = shown[::-1][::step]
    return {"ticks": [datetime(it.year, it.month, 1, tzinfo=UTC).timestamp() * 1000 for it in named]}


def _drawn(kind: str, data: dict[str, list[dict]], parameters: dict[str, object]) -> str:
    specification = json.loads(_compiled(kind))
    for source in specification["data"]:
        if source["name"] in data:
            source["values"] = data[source["name"]]
    for signal in specification.get("signals", ()):
        if signal["name"] in parameters:
            signal["value"] = parameters[signal["name"]]
    return _rendered(json.dumps(specification, default=str))


@lru_cache(maxsize=KEPT)
def _rendered(specification: str) -> str:
    return vl_convert.vega_to_svg(specification)


@cache
def _compiled(kind: str) -> str:
    theme, own = (json.loads((KINDS / name).read_text(encoding="utf-8")) for name in (THEME, kind + SPECIFICATION))
    return json.dumps(vl_convert.vegalite_to_vega(theme | own))
