"""The content of the page of a line, as plain values for its template: the story of the line, with its pictures."""

from collections.abc import Iterator
from urllib.parse import quote

import markupsafe

from orchestration import months
from orchestration.editions.content import Card
from orchestration.editions.data_files import delimited
from orchestration.editions.site import addresses, by_area, comparisons, funnels, pictures
from orchestration.explain import definition, numbers, words
from orchestration.scorecard import display, letters, status


def contents(card: Card) -> Iterator[dict]:
    """The page of every line, in the order of the card."""
    files = addresses.of_lines(card.rows)
    links = [{"file": files[row["line"]], "line": row["line"], "title": row["title"]} for row in card.rows]
    for number, row in enumerate(card.rows):
        file = files[row["line"]]
        yield _page(card, row) | {
            "file": file,
            "letters": _letters(card, row, file),
            "previous": links[number - 1] if number else None,
            "next": links[number + 1] if number + 1 < len(links) else None,
        }


def _page(card: Card, row: dict) -> dict:
    story = card.stories[row["line"]]
    page = {
        "card": card,
        "row": row,
        "colour": status.COLOURS.get(row["status"]),
        "travel": status.TRAVEL.get(row["direction_of_travel"]),
        "arrow": card.arrow(row),
        "story": story,
        "bridge": words.bridge(story),
        "year_end": words.year_end(story),
        "since": letters.since(card.year_so_far[row["line"]]),
    }
    if story["formula"] is None:
        return page
    return page | {
        "judgement": words.explanation(story["judgement"]) or words.UNEXPLAINED,
        "interval": words.interval(story),
        "formula": words.formula(story["formula"]),
        "definition": _definition(story),
        "change": words.explanation(story["change"]),
        "movements": words.movements(story),
        **_components(story),
        "outlook": _outlook(story),
        "pictures": _pictures(card, row),
        "peers": [words.sentence(words.peer(it)) for it in story["peers"]],
        "areas": [it for it in by_area.of_line(card, row["line"]) if it["known"]],
        "suppressed": [it for it in by_area.of_line(card, row["line"]) if not it["known"]],
        "restatements": [words.restatement(it) for it in story["restatements"]],
        "windows": _windows(story),
    }


def _definition(story: dict) -> list[tuple[str, str]]:
    if story["definition"] is None:
        return []
    return definition.facts(story["definition"], story["direction"], story["card"]["report_month"])


def _letters(card: Card, row: dict, file: str) -> list[dict]:
    """The line on the cards of its year, newest first: month, address, letter, figure and why."""
    return [
        {
            "label": display.month_label(it["report_month"]),
            "address": f"../{months.key(it['report_month'])}/{file}",
            "status": it["status"],
            "colour": status.COLOURS.get(it["status"]),
            "latest": it["latest"],
            "why": words.why(it),
        }
        for it in card.year_so_far[row["line"]]
    ]


def _components(story: dict) -> dict:
    """The contributions by component with their columns; which part of one they are only where one has parts."""
    rows = words.components(story)
    if any(part for _, part, _ in rows):
        return {"components": rows, "components_columns": ("Component", "Part", "Effect")}
    return {"components": [(name, effect) for name, _, effect in rows], "components_columns": ("Component", "Effect")}


def _outlook(story: dict) -> list[tuple[str, str | None]]:
    """Run rate and outturn, and why the line has no control chart where it has none: a picture shows it."""
    found = {words.OUTLOOK[name]: words.outlook(name, story[name]) for name in ("run_rate", "outturn") if story[name]}
    if story["trend"] and story["trend"]["variation"] is None:
        found[words.OUTLOOK["trend"]] = words.sentence(story["trend"]["missing_reason"])
    return list(found.items())


def _pictures(card: Card, row: dict) -> list[dict]:
    indicator = card.indicators[row["line"]]
    drawn = [
        pictures.of_the_figure(card, row, indicator),
        pictures.of_months(card, row, indicator),
        comparisons.of_the_year(card, row, indicator),
        funnels.of_areas(card, row, indicator),
        *comparisons.of_rankings(card, row),
    ]
    return [
        {
            "picture": picture,
            "drawing": markupsafe.Markup(picture.drawing),
            "id": f"picture-{number}",
            "data": "data:text/csv;charset=utf-8," + quote(delimited.of_chart(picture.data), safe=","),
        }
        for number, picture in enumerate((it for it in drawn if it), start=1)
    ]


def _windows(story: dict) -> list[dict]:
    """The months behind the figure by window, with the files that they come from."""
    return [
        {
            "title": title,
            "months": [
                {
                    "month": display.month_label(it["month"]),
                    "provisional": it["provisional"],
                    "value": numbers.ratio(it),
                    "sources": words.sources(it),
                }
                for it in rows
            ],
        }
        for part, title in words.WINDOWS.items()
        if (rows := [it for it in story["months"] if it["part"] == part])
    ]
