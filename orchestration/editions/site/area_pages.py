"""The content of the pages of areas: all lines of one, next to the whole and the others, and a table of all of them."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from orchestration import organisation
from orchestration.editions.content import Card
from orchestration.editions.site import addresses, by_area

FOLDER = "areas"


def contents(card: Card) -> Iterator[dict]:
    """The page of every area and region; none where no line of the card has figures by area."""
    lines = _lines(card)
    places, declared = _places(lines), organisation.declared()
    for place in places:
        area = place["area"]
        of_area = [line | _compared(card, line, area) for line in lines if area in line["by_area"]]
        yield {
            "card": card,
            **{name: place[name] for name in ("area", "file", "kind")},
            "called": declared.region if place["kind"] == "region" else declared.area,
            "same_region": [it for it in places if it["region"] and it["region"] == place["region"] and it != place],
            "sections": [(title, list(its)) for title, its in groupby(of_area, key=itemgetter("section"))],
            "others": len(card.rows) - len(of_area),
        }


def overview(card: Card) -> dict | None:
    """The table of all areas, each region before its own; None where no line of the card has figures by area."""
    lines = _lines(card)
    cells = [(place, [line["by_area"].get(place["area"]) for line in lines]) for place in _places(lines)]
    return {"card": card, "lines": lines, "areas": cells} if lines else None


def _places(lines: list[dict]) -> list[dict]:
    """The areas in alphabetical order, those of a region after it."""
    places = {area: it for line in lines for area, it in line["by_area"].items()}
    return sorted(
        places.values(), key=lambda it: (it["region"] is None, it["region"] or "", it["kind"] != "region", it["area"])
    )


def _lines(card: Card) -> list[dict]:
    """The lines with figures by area: what the card prints of each, its page, and each area's figure."""
    files = addresses.of_lines(card.rows)
    return [
        row | {"file": files[row["line"]], "by_area": {it["area"]: it for it in of_areas}}
        for row in card.rows
        if (of_areas := by_area.of_line(card, row["line"]))
    ]


def _compared(card: Card, line: dict, area: str) -> dict:
    """The figure of an area on a line, and the span of those of the others; of a region that of the other regions."""
    of_kind = "region" if line["by_area"][area]["kind"] == "region" else "area"
    others = [
        it["value"]
        for name, it in line["by_area"].items()
        if name != area and it["value"] is not None and it["kind"] == of_kind
    ]
    ends = [card.shows(line)(end(others)) for end in (min, max)] if others else []
    return {
        "own": line["by_area"][area],
        "range": " to ".join(dict.fromkeys(ends)),
        "compared": len(others),
    }
