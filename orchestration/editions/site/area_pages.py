"""The content of the pages of areas: all lines of one, next to the whole and the others, and a table of all of them."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from orchestration.editions.content import Card
from orchestration.editions.site import addresses, by_area

FOLDER = "areas"


def contents(card: Card) -> Iterator[dict]:
    """The page of every area in alphabetical order; none where no line of the card has figures by area."""
    lines = _lines(card)
    files = addresses.of_areas(card.tables["areas"]["area"])
    areas = sorted({area for line in lines for area in line["by_area"]})
    for area in areas:
        of_area = [line | _compared(card, line, area) for line in lines if area in line["by_area"]]
        yield {
            "card": card,
            "area": area,
            "file": files[area],
            "sections": [(title, list(its)) for title, its in groupby(of_area, key=itemgetter("section"))],
            "others": len(card.rows) - len(of_area),
        }


def overview(card: Card) -> dict | None:
    """The table of all areas, a row each; None where no line of the card has figures by area."""
    lines = _lines(card)
    files = addresses.of_areas(card.tables["areas"]["area"])
    areas = sorted({area for line in lines for area in line["by_area"]})
    cells = [(area, files[area], [line["by_area"].get(area) for line in lines]) for area in areas]
    return {"card": card, "lines": lines, "areas": cells} if lines else None


def _lines(card: Card) -> list[dict]:
    """The lines with figures by area: what the card prints of each, its page, and each area's figure."""
    files = addresses.of_lines(card.rows)
    return [
        row | {"file": files[row["line"]], "by_area": {it["area"]: it for it in of_areas}}
        for row in card.rows
        if (of_areas := by_area.of_line(card, row["line"]))
    ]


def _compared(card: Card, line: dict, area: str) -> dict:
    """The figure of an area on a line, and the span of those of the others."""
    others = [it["value"] for name, it in line["by_area"].items() if name != area and it["value"] is not None]
    show = card.shows(line)
    return {
        "own": line["by_area"][area],
        "range": f"{show(min(others))} to {show(max(others))}" if others else None,
        "compared": len(others),
    }
