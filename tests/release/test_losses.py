"""The losses between a published card and its next version. Pure rules."""

from datetime import date

import polars as pl
import pytest

from orchestration.release import losses
from orchestration.scorecard import display

JULY, AUGUST = date(2009, 7, 1), date(2009, 8, 1)
LINE = {
    "report_month": AUGUST,
    "line": "4a",
    "title": "Robbery",
    "position": 1,
    "latest": "-5.1%",
    "status": "G",
    "target_text": "-2%",
    "direction_of_travel": "improving",
    "comment": "Robbery is down.",
    "data_to": AUGUST,
}
CELLS = {
    "latest": ("latest", "-5.1%"),
    "status": ("letter", "G"),
    "target_text": ("target", "-2%"),
    "direction_of_travel": ("on a year before", "improving"),
    "comment": ("comment", "Robbery is down."),
}
CARD = {name: pl.Date if isinstance(value, date) else None for name, value in LINE.items()}
FIGURE = {"report_month": AUGUST, "line": "4a", "name": "change", "printed": "-4.4%"}


def card(*rows: dict) -> pl.DataFrame:
    types = {date: pl.Date, int: pl.Int32, str: pl.String}
    return pl.DataFrame(rows, schema={name: types[type(value)] for name, value in LINE.items()})


def figures(*rows: dict) -> pl.DataFrame:
    return pl.DataFrame(
        rows, schema={"report_month": pl.Date, "line": pl.String, "name": pl.String, "printed": pl.String}
    )


def lost(*now: dict, was: tuple[dict, ...] = (LINE,)) -> list[tuple]:
    return [loss[1:] for loss in losses.losses(card(*was), card(*now))]


def test_a_card_that_has_all_it_had_loses_nothing_whatever_it_says_now():
    other = {"latest": "-4.9%", "status": "R", "comment": "Robbery is up.", "target_text": "-3%"}
    assert lost(LINE) == lost(LINE | other) == lost(LINE, LINE | {"line": "4b"}) == []


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("empty", [None, "", display.NOT_AVAILABLE])
def test_a_cell_that_was_printed_and_would_be_empty_is_a_loss(cell, empty):
    assert lost(LINE | {cell: empty}) == [("4a", *CELLS[cell])]
    assert lost(LINE | {cell: empty}, was=(LINE | {cell: None},)) == []
    assert lost(LINE, was=(LINE | {cell: empty},)) == []


def test_a_line_that_is_gone_is_one_loss():
    both = (LINE, LINE | {"line": "4b", "title": "Networks"})
    assert lost(LINE, was=both) == [("4b", "the whole line", "Networks")]
    assert lost(was=both) == [("4a", "the whole line", "Robbery"), ("4b", "the whole line", "Networks")]


def test_a_figure_that_ends_in_an_earlier_month_is_a_loss_and_one_that_ends_later_is_none():
    assert lost(LINE | {"data_to": JULY}) == [("4a", "data to", "Aug-09")]
    assert lost(LINE, was=(LINE | {"data_to": JULY},)) == lost(LINE | {"data_to": None}) == []


def test_a_figure_that_a_comment_names_is_lost_by_its_name_unless_its_line_is():
    def of(*now: dict, lines: tuple = ()) -> list[tuple]:
        return [loss[1:] for loss in losses.lost_figures(figures(FIGURE), figures(*now), list(lines))]

    assert of(FIGURE) == of(FIGURE | {"printed": "-4.5%"}) == []
    assert of() == of(FIGURE | {"printed": display.NOT_AVAILABLE}) == [("4a", "change", "-4.4%")]
    assert of(lines=(losses.Loss(AUGUST, "4a", losses.LINE, "Robbery"),)) == []


def test_a_release_of_an_earlier_version_may_lack_columns():
    was = card(LINE).select("report_month", "line", "comment")
    assert losses.losses(was, card(LINE | {"status": None, "comment": None})) == [
        (AUGUST, "4a", "comment", "Robbery is down.")
    ]


def test_the_message_is_a_sentence_a_line_shortened_and_counted():
    many = [losses.Loss(AUGUST, f"{number}", "comment", "x" * 500) for number in range(100)]
    said = losses.message(many).splitlines()
    assert said[1] == f"2009-08, line 0: comment (was {'x' * losses.LONGEST}…)"
    assert said[losses.SHOWN + 1] == f"... and {100 - losses.SHOWN} more lines"
    assert len(said) == losses.SHOWN + 3
