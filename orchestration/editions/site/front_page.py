"""The content of the first page of a release, as plain values for its template: every card, newest first."""

from itertools import groupby
from operator import itemgetter

from orchestration import months, organisation
from orchestration.editions import changes
from orchestration.editions.reading import Reading
from orchestration.editions.site import addresses
from orchestration.editions.site.area_pages import FOLDER
from orchestration.scorecard import display, letters, status

LETTERS = """
    select report_month, financial_year, cards.title as card, position, line, section, scorecard.title, status
    from scorecard
    inner join cards using (financial_year)
    order by report_month desc, position
"""
# the areas of each card that has figures by area
AREAS = "select distinct report_month, area from area_contributions"
REGIONS = "select distinct report_month, region from region_contributions"
MONTHS_OF_LETTERS = 24  # so many of the newest cards are shown line by line


def content(reading: Reading) -> dict:
    """The cards by financial year, each with how many of which letter it has, and the letters of its lines."""
    files = addresses.of_areas(reading.rows("from areas order by area"))
    places = f"{AREAS} union all {REGIONS}" if organisation.declared().region else AREAS
    by_month = groupby(reading.rows(f"{places} order by all"), key=itemgetter("report_month"))
    areas = {month: {row["area"]: f"{FOLDER}/{files[row['area']]}" for row in rows} for month, rows in by_month}
    cards = [
        _card(list(rows), areas.get(month, {}))
        for month, rows in groupby(reading.rows(LETTERS), key=itemgetter("report_month"))
    ]
    years = [(title, list(of_year)) for title, of_year in groupby(cards, key=itemgetter("title"))]
    newest = {card["name"] for card in cards[:MONTHS_OF_LETTERS]}
    return {
        "cards": cards,
        "areas": cards[0]["areas"] if cards else {},
        "years": [
            {"title": title, "cards": of_year, "letters": _letters([it for it in of_year if it["name"] in newest])}
            for title, of_year in years
        ],
    }


def _card(rows: list[dict], areas: dict[str, str]) -> dict:
    month = rows[0]["report_month"]
    files = addresses.of_lines(rows)
    return {
        "report_month": month,
        "name": months.key(month),
        "label": display.month_label(month),
        "title": rows[0]["card"],
        "year": rows[0]["financial_year"],
        "areas": areas,
        "pages": ["index.html", *files.values(), *([f"{FOLDER}/index.html", *areas.values()] if areas else [])],
        "counts": changes.counts([row["status"] for row in rows]),
        "lines": [row | {"file": files[row["line"]], "colour": status.COLOURS.get(row["status"])} for row in rows],
    }


def _letters(cards: list[dict]) -> letters.Grid:
    return letters.grid([line for card in cards for line in card["lines"]])
