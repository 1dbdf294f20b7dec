"""How sources are declared, as the audit reads it: the series that rows become, whom they are of, how files differ."""

from collections.abc import Iterator, Mapping, Set
from itertools import product
from pathlib import Path
from string import Formatter
from typing import Any, NamedTuple

import yaml

from orchestration.audit import months
from orchestration.audit.files import Layout

MONTHS_OF = {"monthly": 1, "quarterly": 3, "yearly": 12}


def has(its: Mapping[str, Any] | str, month: int) -> bool:
    """Whether a column, or a label, is declared for a month."""
    if isinstance(its, str):
        return True
    since, until = (months.parsed(its[end]) if end in its else month for end in ("since", "until"))
    return since <= month <= until


class Source(NamedTuple):
    """What the audit needs of a declaration."""

    name: str
    series: Mapping[str, str]  # by the pattern of their names: a column, `rows`, or `column >= column`
    columns: Mapping[str, Mapping[str, Any]]
    reading: Mapping[str, Any]
    age_limit: int  # months that a figure may be old: what the source may lag, and one delivery
    earlier: Mapping[str, Mapping[str, Any]] = {}

    def at(self, month: int) -> "Source":
        """The source as a delivery for a month is: without the columns that come later or have gone."""
        there = {name: its for name, its in self.columns.items() if has(its, month)}
        readings = sorted((months.parsed(last), its) for last, its in self.earlier.items())
        reading = next((its for last, its in readings if month <= last), self.reading)
        series = {pattern: what for pattern, what in self.series.items() if self.needed(pattern) <= there.keys()}
        return self._replace(columns=there, reading=reading, series=series)

    def needed(self, pattern: str) -> Set[str]:
        """The columns that a series is made of: those that its pattern names, and those that are counted."""
        named = {name for _, name, *_ in Formatter().parse(pattern) if name}
        return named | {*self.series[pattern].split(" >= ")} - {"rows"}

    def made(self, month: int) -> Iterator[str]:
        """The names of the series that rows of a month become."""
        for pattern in self.series:
            if all(has(self.columns[name], month) for name in self.needed(pattern)):
                named = [name for _, name, *_ in Formatter().parse(pattern) if name]
                words = [[*(its := self.columns[name])["words"], *its.get("optional_words", ())] for name in named]
                yield from (pattern.format_map(dict(zip(named, each, strict=True))) for each in product(*words))

    @property
    def dated(self) -> Set[str]:
        """The columns that came or went."""
        return {name for name, its in self.columns.items() if "since" in its or "until" in its}

    @property
    def area(self) -> str | None:
        """The column of the area, where it has one."""
        return next(iter(self.of_kind("area")), None)

    @property
    def of_peers(self) -> bool:
        """Whether its rows are of those that the whole is compared with."""
        return bool(self.of_kind("peer"))

    def of_kind(self, kind: str) -> list[str]:
        """The columns of a kind, in the order in which they are declared."""
        return [name for name, its in self.columns.items() if its["kind"] == kind]

    @property
    def figure(self) -> str:
        """The first of its columns that are counted or measured."""
        return next(
            name for name, its in self.columns.items() if its["kind"] in ("count", "money", "percent", "measure")
        )

    @property
    def layout(self) -> Layout:
        """How its CSV is written."""
        its: dict[str, Any] = {name: self.reading[name] for name in Layout._fields if name in self.reading}
        its |= {name: int(its[name]) for name in ("title_lines", "header_lines") if name in its}
        return Layout(**its)

    def is_set(self, field: str) -> bool:
        """Whether a field of its reading is declared to be so, in any letter case."""
        return self.reading.get(field, "").lower() in ("true", "yes", "on", "1", "t", "y")


def read(folder: Path) -> dict[str, Source]:
    """The sources that the files of a folder declare, by extract, without any check of them."""
    found = {}
    for path in folder.glob("*.yml"):
        declared = yaml.load(path.read_text(encoding="utf-8"), yaml.CBaseLoader)
        found[path.stem] = Source(
            path.stem,
            declared.get("series", {}),
            declared["columns"],
            declared.get("reading") or {},
            int(declared.get("may_lag", 0)) + MONTHS_OF[declared["cadence"]],
            declared.get("earlier_readings", {}),
        )
    return found
