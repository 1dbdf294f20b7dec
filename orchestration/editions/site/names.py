"""The file names of pages, which are also their addresses: lower case letters, digits and hyphens."""

import re


def files(rows: tuple[dict, ...]) -> dict[str, str]:
    """By line, the file of its page; where two would be the same, the place on the card tells the later one apart."""
    found: dict[str, str] = {}
    for row in rows:
        name = re.sub(r"[^a-z0-9]+", "-", row["line"].lower()).strip("-") or "line"
        if f"{name}.html" in found.values() or name == "index":
            name = f"{name}-{row['position']}"
        found[row["line"]] = f"{name}.html"
    return found
