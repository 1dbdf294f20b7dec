"""What a card prints differently from the card before, as every edition words it: letters first, with names and why."""

from orchestration import months
from orchestration.editions.content import Card
from orchestration.explain import words
from orchestration.scorecard import display, status

SPELLED = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
BEST_FIRST = (*status.COLOURS, None)


def of(card: Card) -> dict:
    """A sentence, then lists in the order of the card: letters that changed, figures restated, figures that moved.

    Each item has line, title and text; a letter also `before` and `now`. `not_compared` counts lines without a figure
    to compare; `first` is whether there is no card before this one.
    """
    by_line = {row["line"]: row for row in card.tables["changes"].to_dicts()}
    rows = [row | by_line[row["line"]] for row in card.rows if row["line"] in by_line]
    compared = sum(row["missing_reason"] is None for row in rows)
    letters = [_letter(row) for row in rows if words.letter_changed(row, card.report_month)]
    return {
        "sentence": _sentence(card, letters),
        "first": all(row["value_before"] is None for row in rows),
        "letters": letters,
        "restated": [_item(row, _restated(row)) for row in rows if row["restatement"] not in (None, 0)],
        "moved": [
            _item(row, row["explanation"] or f"{row['printed']}, {row['printed_before']} last month.")
            for row in rows
            if row["printed_before"] != row["printed"]
        ],
        "compared": compared,
        "not_compared": len(rows) - compared,
    }


def counts(letters: list[str | None]) -> list[tuple[str | None, str, int]]:
    """How many lines have each letter, and how many none: the letter, its word, the count."""
    return [
        *((letter, name, letters.count(letter)) for letter, name in status.COLOURS.items()),
        (None, "without a letter", letters.count(None)),
    ]


def _sentence(card: Card, letters: list[dict]) -> str:
    """`7 green, 8 amber, 2 red and 5 without a letter: one better and one worse than in July.`"""
    counted = display.listed([f"{count} {name}" for _, name, count in counts([row["status"] for row in card.rows])])
    if words.first_of_its_year(card.report_month):
        return f"{counted}. It is the first card of {card.rows[0]['financial_year']}: its lines and targets are new."
    ways = [_way(it["before"], it["now"]) for it in letters]
    turned = [f"{_spelled(ways.count(way))} {way}" for way in ("better", "worse") if way in ways]
    turned += [f"{_spelled(ways.count(way))} {way} a letter" for way in ("gained", "lost") if way in ways]
    month_before = f"{months.shift(card.report_month, -1):%B}"
    if not turned:
        return f"{counted}: every letter is that of {month_before}."
    since = (
        f"than in {month_before}" if ways[0] in ("better", "worse") and len(turned) == 1 else f"since {month_before}"
    )
    return f"{counted}: {display.listed(turned)} {since}."


def _way(before: str | None, now: str | None) -> str:
    if before is None or now is None:
        return "gained" if before is None else "lost"
    return "better" if BEST_FIRST.index(now) < BEST_FIRST.index(before) else "worse"


def _spelled(number: int) -> str:
    return SPELLED[number] if number < len(SPELLED) else str(number)


def _letter(row: dict) -> dict:
    """A letter that changed, why it is what it is now, and the figure before."""
    return _item(row, f"{words.why(row)} Last month: {row['printed_before']}.") | {
        "before": row["status_before"],
        "now": row["status"],
    }


def _restated(row: dict) -> str:
    before, now = row["printed_before"], row["printed_restated"]
    return f"{before}, now {now}" if before != now else f"{before}, by less than it prints"


def _item(row: dict, text: str) -> dict:
    return {"line": row["line"], "title": row["title"], "text": text}
