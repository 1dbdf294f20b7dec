from datetime import date

import pytest

from orchestration.scorecard import letters


def row(month: int, letter: str | None, line: str = "4a", position: int = 1, section: str = "Safety") -> dict:
    return {
        "report_month": date(2009, month, 1),
        "line": line,
        "position": position,
        "section": section,
        "status": letter,
    }


@pytest.mark.parametrize(
    ("newest_first", "since"),
    [
        ([(8, "A"), (7, "A"), (6, "A"), (5, "R"), (4, "A")], ("Jun-09", 3)),
        ([(8, "A"), (7, "A")], ("Jul-09", 2)),
        ([(8, "A"), (7, "R"), (6, "A")], None),
        ([(8, "A"), (6, "A")], None),
        ([(8, None), (7, None)], None),
    ],
    ids=["ends with another letter", "since the year began", "a new letter", "a month without a card", "no letter"],
)
def test_cards_in_a_row_are_counted_back_from_the_newest(newest_first, since):
    assert letters.since([row(*it) for it in newest_first]) == since


def test_the_grid_has_a_place_for_every_line_on_every_card_in_the_order_of_the_newest():
    rows = [row(8, "G", "4b", 1), row(8, "A", "4a", 2), row(7, "R", "4a", 1), row(7, "R", "9", 3, "Gone")]
    report_months, sections = letters.grid(rows)
    assert report_months == [date(2009, 7, 1), date(2009, 8, 1)]
    shown = [
        (section, [(line["line"], [cell and cell["status"] for cell in cells]) for line, cells in lines])
        for section, lines in sections
    ]
    assert shown == [("Safety", [("4b", [None, "G"]), ("4a", ["R", "A"])]), ("Gone", [("9", ["R", None])])]
