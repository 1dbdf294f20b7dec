"""The content of the first page of a release, as plain values for its template: every card, newest first."""

from itertools import groupby
from operator import itemgetter

from orchestration import months
from orchestration.editions import changes
from orchestration.editions.content import Reading
from orchestration.editions.site.card_page import files_of_lines
from orchestration.scorecard import display, status

LETTERS = """
    select report_month, financial_year, cards.title as card, position, line, section, scorecard.title, status
    from scorecard
    inner join cards using (financial_year)
    order by report_month desc, position
"""
MONTHS_OF_LETTERS = 24  # so many of the newest cards are shown line by line


def content(reading: Reading) -> dict:
    """The cards by financial year, each with how many of which letter it has, and the letters of its lines."""
    cards = [_card(list(rows)) for _, rows in groupby(reading.rows(LETTERS), key=itemgetter("report_month"))]
    years = [(title, list(of_year)) for title, of_year in groupby(cards, key=itemgetter("title"))]
    newest = {card["name"] for card in cards[:MONTHS_OF_LETTERS]}
    return {
        "cards": cards,
        "years": [
            {"title": title, "cards": of_year, "letters": _letters([it for it in of_year if it["name"] in newest])}
            for title, of_year in years
        ],
    }


def _card(rows: list[dict]) -> dict:
    month = rows[0]["report_month"]
    files = files_of_lines(rows)
    return {
        "report_month": month,
        "name": months.key(month),
        "label": display.month_label(month),
        "title": rows[0]["card"],
        "counts": changes.counts([row["status"] for row in rows]),
        "lines": [row | {"file": files[row["line"]], "colour": status.COLOURS.get(row["status"])} for row in rows],
    }


def _letters(cards: list[dict]) -> dict:
    """The lines of a year's cards, in the order of the newest: each with its letter on each of them, oldest first."""
    oldest_first = cards[::-1]
    by_card = {card["name"]: {line["line"]: line for line in card["lines"]} for card in cards}
    lines = {line["line"]: line for card in oldest_first for line in card["lines"]}
    ordered = sorted(lines.values(), key=itemgetter("position"))
    return {
        "cards": oldest_first,
        "sections": [
            (section, [(line, [by_card[card["name"]].get(line["line"]) for card in oldest_first]) for line in of_it])
            for section, of_it in groupby(ordered, key=itemgetter("section"))
        ],
    }
