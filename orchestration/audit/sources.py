"""How sources are declared, as the audit reads it: the series that rows become, and whom they are of."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import yaml


class Source(NamedTuple):
    """What the audit needs of a declaration."""

    series: Mapping[str, str]  # by the pattern of their names: a column, `rows`, or `column >= column`
    area: str | None  # the column of the area, where it has one
    of_peers: bool


def read(folder: Path) -> dict[str, Source]:
    """The sources that the files of a folder declare, by extract, without any check of them."""
    found = {}
    for path in folder.glob("*.yml"):
        declared = yaml.load(path.read_text(encoding="utf-8"), yaml.CBaseLoader)
        kinds = {its["kind"]: name for name, its in declared["columns"].items()}
        found[path.stem] = Source(declared.get("series", {}), kinds.get("area"), "peer" in kinds)
    return found
