"""What the page of a line shows, as plain values for its template: the story of the line, with its pictures."""

from collections.abc import Iterator
from typing import Any

import markupsafe
import polars as pl

from orchestration.editions.content import Card
from orchestration.editions.site import names, peer_pictures, pictures, small_trends, year_picture
from orchestration.explain import numbers, words
from orchestration.scorecard import display, status

DIGITS_SHOWN = 12  # of a file's digest
SENTENCES = (
    ("What the year end asks", "run_rate"),
    ("Where the year would end", "outturn"),
)


def contents(card: Card) -> Iterator[dict]:
    """The page of every line, in the order of the card."""
    files = names.files(card.rows)
    lines = list(card.rows)
    for number, row in enumerate(lines):
        yield _page(card, row) | {
            "file": files[row["line"]],
            "previous": _link(lines[number - 1], files) if number else None,
            "next": _link(lines[number + 1], files) if number + 1 < len(lines) else None,
        }


def _link(row: dict, files: dict[str, str]) -> dict:
    return {"file": files[row["line"]], "line": row["line"], "title": row["title"]}


def _page(card: Card, row: dict) -> dict:
    story = card.stories[row["line"]]
    told = story["formula"] is not None
    return {
        "card": card,
        "row": row,
        "colour": status.COLOURS.get(row["status"]),
        "travel": status.TRAVEL.get(row["direction_of_travel"]),
        "story": story,
        "judgement": _says(story["judgement"]) or words.UNEXPLAINED if told else None,
        "interval": words.interval(story) if told else None,
        "formula": [it[:1].upper() + it[1:] for it in words.computed(story["formula"])] if told else [],
        "change": _says(story["change"]) or None if told else None,
        "movements": words.movements(story) if told else [],
        "components": words.components(story) if told else [],
        "sentences": _sentences(story) if told else [],
        "pictures": _pictures(card, row) if told else [],
        "peers": [words.sentence(words.peer(it)) for it in story["peers"]] if told else [],
        "areas": _areas(card, row, story) if told else [],
        "restatements": _restatements(story) if told else [],
        "republished": story["republished"] if told else [],
        "windows": _windows(story) if told else [],
    }


def _says(row: dict | None) -> str:
    """The row's sentence, or why there is none; nothing of no row."""
    return words.sentence(row["says"] or row["missing_reason"]) if row else ""


def _sentences(story: dict) -> list[tuple[str, str]]:
    """What the line's outlook is, and why its months have no control chart where they have none."""
    found = [(title, _says(story[name])) for title, name in SENTENCES if story[name]]
    trend = story["trend"]
    without = trend and trend["variation"] is None
    return [*found, ("The months by themselves", words.sentence(trend["missing_reason"]))] if without else found


def _pictures(card: Card, row: dict) -> list[dict]:
    indicator = card.indicator(row["line"])
    drawn = [
        pictures.of_the_figure(card, row, indicator),
        pictures.of_months(card, row, indicator),
        year_picture.of_the_year(card, row, indicator),
        *peer_pictures.of_rankings(card, row),
    ]
    return [
        {"picture": picture, "drawn": markupsafe.Markup(picture.drawn), "id": f"picture-{number}"}
        for number, picture in enumerate((it for it in drawn if it), start=1)
    ]


def _areas(card: Card, row: dict, story: dict) -> list[dict]:
    """The boroughs by what they did to the figure on the year before; those that are hidden say so, at the end."""
    of_line = card.tables["area_contributions"].filter(pl.col("line") == row["line"])
    if of_line.is_empty():
        return []
    trends = small_trends.of_areas(card, row)
    sorted_rows = of_line.sort(pl.col("contribution").abs(), "area", descending=[True, False], nulls_last=True)

    def ratio(numerator: Any, denominator: Any) -> str:
        return numbers.ratio(*(None if it is None else float(it) for it in (numerator, denominator)))

    return [
        {
            "area": it["area"],
            "hidden": it["numerator"] is None,
            "before": ratio(it["numerator_a_year_before"], it["denominator_a_year_before"]),
            "now": ratio(it["numerator"], it["denominator"]),
            "did": "" if it["contribution"] is None else numbers.moved(it["contribution"], story),
            "trend": markupsafe.Markup(trends.get(it["area"], "")),
        }
        for it in sorted_rows.iter_rows(named=True)
    ]


def _restatements(story: dict) -> list[tuple[str, ...]]:
    return [
        (
            display.month_label(it["month"]),
            numbers.ratio(it["numerator_before"], it["denominator_before"]),
            numbers.ratio(it["numerator"], it["denominator"]),
            display.month_label(it["delivery_month"]),
        )
        for it in story["restatements"]
    ]


def _windows(story: dict) -> list[dict]:
    """The months behind the figure by window, with the files that they come from."""
    return [
        {
            "title": words.WINDOWS[part],
            "months": [
                {
                    "month": display.month_label(it["month"]),
                    "provisional": it["provisional"],
                    "value": numbers.ratio(it["numerator"], it["denominator"]),
                    "sources": [
                        (source["file"], words.lines(source), source["sha256"][:DIGITS_SHOWN])
                        for source in it["sources"]
                        if source["file"]
                    ],
                }
                for it in rows
            ],
        }
        for part in words.WINDOWS
        if (rows := [it for it in story["months"] if it["part"] == part])
    ]
