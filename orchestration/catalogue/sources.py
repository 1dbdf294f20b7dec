"""Rules for series: each that a source declares has a row, and each row is of one that its source makes."""

from orchestration.catalogue.cells import unknown
from orchestration.catalogue.tables import Problems, Tables, values
from orchestration.raw.sources.extracts import EXTRACTS
from orchestration.raw.sources.kinds import KINDS


def _series(tables: Tables) -> Problems:
    made = {extract.name: tuple(name for name, _ in extract.series_names()) for extract in EXTRACTS}
    for line, row in tables["series"]:
        if row["series"] and row["series"] not in made.get(row["extract"], (row["series"],)):
            yield (
                "series",
                line,
                "series",
                unknown(row["series"], made[row["extract"]], f"made by {row['extract']}.yml"),
            )
    known, last = values(tables["series"], "series"), max((line for line, _ in tables["series"]), default=1)
    for extract, names in made.items():
        for series in (name for name in names if name not in known):
            yield "series", last + 1, "series", f"a row for '{series}' is missing, which {extract}.yml makes"


def _levels(tables: Tables) -> Problems:
    """A series is known by area where rows of its source name one."""
    levels = {
        each.name: "area" if any(column.kind == "area" for column in each.columns) else "whole" for each in EXTRACTS
    }
    for line, row in tables["series"]:
        if row["level"] in levels.values() and row["level"] != (level := levels.get(row["extract"], row["level"])):
            has = "name areas" if level == "area" else "name no areas"
            yield "series", line, "level", f"the rows of {row['extract']} {has}: write {level}"


def _weights(tables: Tables) -> Problems:
    """A sum has two decimals and no more, and of so many systems there is no half."""
    finer = {
        name
        for extract in EXTRACTS
        for name, counted in extract.series_names()
        if any(column.name == counted and KINDS[column.kind].places for column in extract.columns)
    }
    states = {row["series"] for _, row in tables["series"] if row["over_time"] == "last"}
    for line, row in tables["measures"]:
        if row["series"] in finer | states and (row["weight"] or "").partition(".")[2].strip("0"):
            why = "has decimals itself" if row["series"] in finer else "is a state or a forecast"
            problem = f"'{row['weight']}' is of a series that {why}: write a whole number for {row['series']}"
            yield "measures", line, "weight", problem


RULES = (_series, _levels, _weights)
