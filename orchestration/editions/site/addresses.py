"""The files of pages that are named by a text of the catalogue."""

import re
from collections.abc import Iterable


def files(names: Iterable[str], own: tuple[str, ...] = ()) -> dict[str, str]:
    """By name, its file: lower case letters, digits and hyphens; with its number where two would be equal.

    `own` are the pages of the folder that no name may take.
    """
    found: dict[str, str] = {}
    for number, name in enumerate(names, start=1):
        word = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "page"
        if f"{word}.html" in found.values() or word in own:
            word = f"{word}-{number}"
        found[name] = f"{word}.html"
    return found


def of_lines(rows: Iterable[dict]) -> dict[str, str]:
    """By line, the file of its page in the folder of its card."""
    return files((row["line"] for row in rows), own=("index", "downloads"))


def of_areas(areas: list[dict]) -> dict[str, str]:
    """By area and region, the file of its page in the folder `areas` of a card; `areas` are the rows of that table."""
    regions = dict.fromkeys(filter(None, (row.get("region") for row in areas)))
    return files([*(row["area"] for row in areas), *regions], own=("index",))
