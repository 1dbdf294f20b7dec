"""The types of series, and those of measures, which follow: what may be added up, divided, and combined over time."""

from collections.abc import Iterator
from typing import NamedTuple

from orchestration.catalogue.tables import Problems, Row, Tables
from orchestration.scorecard.kinds import FLOW, RATE, SHARE, STATE, STATES, STOCK


class MeasureType(NamedTuple):
    """What a measure is: the unit and the things that its parts count, and how many months a value covers."""

    form: str
    unit: str
    counts: str
    divided_by: tuple[str, str] | None
    months_covered: int
    over_time: tuple[str | None, ...]  # how its parts enter a window

    @property
    def prints_as(self) -> str:
        """The key of the units that its own values can be printed in."""
        if self.divided_by is None or self.form == STATES:
            return self.unit
        return "amount" if self.unit == "pounds" and self.divided_by[0] == "count" else "ratio"


def of_measures(tables: Tables) -> dict[str, MeasureType]:
    """The type of each measure whose series are all defined and agree."""
    series, wrong = _series(tables), {row["measure"] for _, row, _ in _disagreeing(tables)}
    parts: dict[str, dict] = {}
    for _, row in tables["measures"]:
        parts.setdefault(row["measure"], {}).setdefault(row["part"], series.get(row["series"]))
    return {
        measure: _type(its["numerator"], its.get("denominator"))
        for measure, its in parts.items()
        if measure not in wrong and its.get("numerator") and None not in its.values()
    }


def _type(numerator: Row, denominator: Row | None) -> MeasureType:
    over_time = numerator["over_time"]
    of = None if denominator is None else (denominator["unit"], denominator["counts"])
    if denominator is None:
        form = {"sum": FLOW, "mean": STOCK}.get(over_time, STATE)
    elif over_time == "last":
        form = STATES
    else:
        same = of == (numerator["unit"], numerator["counts"]) and denominator["over_time"] == over_time
        form = SHARE if same else RATE
    ways = tuple(part["over_time"] for part in (numerator, denominator) if part)
    return MeasureType(form, numerator["unit"], numerator["counts"], of, whole(numerator["months_covered"]), ways)


def whole(cell: str | None) -> int:
    """The number in the cell; 0 where there is none."""
    return int(cell) if cell and cell.isdecimal() else 0


def _series(tables: Tables) -> dict[str, Row]:
    return {row["series"]: row for _, row in tables["series"]}


def _disagreeing(tables: Tables) -> Iterator[tuple[int, Row, str]]:
    """The rows of measures whose series cannot be combined with the measure's others: line, row, and why."""
    series = _series(tables)
    first: dict[tuple, Row] = {}
    for line, row in tables["measures"]:
        if (its := series.get(row["series"])) is None:
            continue
        of_measure = first.setdefault((row["measure"], None), its)
        of_part = first.setdefault((row["measure"], row["part"]), its)
        if why := _cannot_be_combined(its, of_measure, row) or _cannot_be_added(its, of_part, row):
            yield line, row, f"{row['series']} {why}"


def _cannot_be_combined(series: Row, other: Row, row: Row) -> str | None:
    """Why a series can be neither added to another of its measure nor divided by it."""
    others = f"the other series of {row['measure']}"
    if series["level"] != other["level"]:
        return f"is known by {series['level']}, {others} by {other['level']}: take series of one level"
    covers, covered = whole(series["months_covered"]), whole(other["months_covered"])
    if covers and covered and covers != covered and "mean" not in (series["over_time"], other["over_time"]):
        return f"has values of {covers} months, {others} of {covered}: they cannot be added up or divided"
    over_time = {series["over_time"], other["over_time"]}
    if "last" in over_time and len(over_time) > 1:
        return f"counts by {series['over_time']} over time, {others} by {other['over_time']}: they cannot be combined"
    return None


def _cannot_be_added(series: Row, other: Row, row: Row) -> str | None:
    """Why a series cannot be added to the first one of its part."""
    others = f"the other series of the {row['part']} of {row['measure']}"
    if series["unit"] != other["unit"]:
        return f"is in {series['unit']}, {others} in {other['unit']}: divide one by the other, or take one unit"
    if series["counts"] != other["counts"]:
        added = f"{series['counts']} are not added to {other['counts']}"
        return f"counts {series['counts']}, {others} {other['counts']}: {added}; give them measures of their own"
    if series["over_time"] != other["over_time"]:
        return f"counts by {series['over_time']} over time, {others} by {other['over_time']}: they cannot be added up"
    return None


def _measures(tables: Tables) -> Problems:
    for line, _, why in _disagreeing(tables):
        yield "measures", line, "series", why
    parts: dict[str | None, dict] = {}
    for line, row in tables["measures"]:
        parts.setdefault(row["measure"], {}).setdefault(row["part"], (line, row["series"]))
    series = _series(tables)
    for measure, its in parts.items():
        numerator, denominator = its.get("numerator"), its.get("denominator")
        if numerator is None and denominator is not None:
            yield "measures", denominator[0], "part", f"{measure} has no numerator: write numerator for what it counts"
        elif denominator is not None and numerator is not None:
            over_time = [(series.get(name) or {}).get("over_time") for _, name in (numerator, denominator)]
            if over_time == ["mean", "sum"]:
                problem = f"{denominator[1]} adds up over time, {numerator[1]} is a stock: divide a stock by a stock"
                yield "measures", denominator[0], "series", problem
    yield from _components(tables)


def _components(tables: Tables) -> Problems:
    """Components add up to their measure only where every series of it belongs to one."""
    with_some = {row["measure"] for _, row in tables["measures"] if row["component"]}
    divided = {row["measure"] for _, row in tables["measures"] if row["part"] == "denominator"}
    parts: dict[tuple, set] = {}
    for _, row in tables["measures"]:
        parts.setdefault((row["measure"], row["component"]), set()).add(row["part"])
    for line, row in tables["measures"]:
        if row["measure"] not in with_some:
            continue
        if row["component"] is None:
            problem = f"it is empty, but other series of {row['measure']} belong to a component: this one must too"
            yield "measures", line, "component", problem
        elif row["measure"] in divided and len(parts[row["measure"], row["component"]]) == 1:
            problem = f"'{row['component']}' of {row['measure']} has a {row['part']} only: a rate needs both"
            yield "measures", line, "component", problem


def _series_rules(tables: Tables) -> Problems:
    stocks: dict[str | None, str | None] = {}  # by extract, how the first of its series counts over time
    for line, row in tables["series"]:
        first = stocks.setdefault(row["extract"], row["over_time"])
        if (first == "mean") != (row["over_time"] == "mean"):
            problem = f"the other series of {row['extract']} count by {first}, and an extract holds for later months as"
            yield "series", line, "over_time", f"{problem} a whole or not at all: write {first}, or declare a source"
        if row["over_time"] == "mean" and row["months_covered"] in ("3", "12"):
            problem = f"{row['series']} is a stock, which holds month by month until the next value is known: write 1"
            yield "series", line, "months_covered", problem
        if row["unit"] == "pounds" and row["counts"] not in (None, "pounds"):
            yield "series", line, "counts", f"{row['series']} is in pounds: write pounds"
        for column in ("area_threshold", "whole_threshold"):
            if row["over_time"] == "mean" and row[column] is not None:
                problem = f"{row['series']} holds for later months, which would stay shown: leave it empty"
                yield "series", line, column, problem
        if row["level"] == "whole" and row["area_threshold"] is not None:
            yield "series", line, "area_threshold", f"{row['series']} is not known by area: leave it empty"


RULES = (_series_rules, _measures)
