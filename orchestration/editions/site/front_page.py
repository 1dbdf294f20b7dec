"""The content of the first page of a release, as plain values for its template: every card, newest first."""

from itertools import groupby

from orchestration import months
from orchestration.editions.content import Reading
from orchestration.scorecard import display, status

# Every card with its title, and how many of its lines have which letter.
COUNTED = f"""
    select
        scorecard.report_month,
        cards.title,
        {", ".join(f"count(*) filter (status = '{letter}') as {colour}" for letter, colour in status.COLOURS.items())}
    from scorecard
    inner join cards using (financial_year)
    group by all
    order by report_month desc
"""


def content(reading: Reading) -> dict:
    """The cards by financial year, each with how many of which letter it has."""
    cards = [
        card
        | {
            "name": months.key(card["report_month"]),
            "label": display.month_label(card["report_month"]),
            "counts": [(letter, colour, card[colour]) for letter, colour in status.COLOURS.items()],
        }
        for card in reading.rows(COUNTED)
    ]
    return {
        "release": reading.release,
        "cards": cards,
        "years": [(title, list(of_year)) for title, of_year in groupby(cards, key=lambda card: card["title"])],
    }
