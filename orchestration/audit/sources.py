"""How sources are declared, as the audit reads it: the series that rows become, whom they are of, how files differ."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from orchestration.audit.files import Layout

MONTHS_OF = {"monthly": 1, "quarterly": 3, "yearly": 12}


class Source(NamedTuple):
    """What the audit needs of a declaration."""

    name: str
    series: Mapping[str, str]  # by the pattern of their names: a column, `rows`, or `column >= column`
    columns: Mapping[str, Mapping[str, Any]]
    reading: Mapping[str, Any]
    age_limit: int  # months that a figure may be old: what the source may lag, and one delivery

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
        """Whether a field of its reading is declared to be so."""
        return self.reading.get(field) in ("true", "True", "yes", "on", "1", "t", "y")


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
        )
    return found
