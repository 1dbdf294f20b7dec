from datetime import date

import pytest

from orchestration.release import staleness
from orchestration.release.staleness import Sentence

AUGUST = date(2009, 8, 1)
WRITTEN = "Down marginally from {last_year}, robbery {robbery}."
PUBLISHED = {"last_year": "77.7%", "robbery": "down 4.4%"}
BEFORE = "Down marginally from 77.7%, robbery down 4.4%."


def sentence(now: str, delivered: str = WRITTEN, before: str = BEFORE, **other) -> Sentence:
    made = Sentence(AUGUST, "4a", delivered, "commentary/2009-08.csv", before, now)
    return made._replace(**other)


def test_a_sentence_whose_numbers_changed_is_stale():
    assert staleness.is_stale(sentence("Down marginally from 81.2%, robbery up 3.0%."), PUBLISHED)


def test_a_sentence_whose_numbers_are_as_they_were_is_not():
    assert not staleness.is_stale(sentence(BEFORE), PUBLISHED)


@pytest.mark.parametrize(
    ("delivered", "now"),
    [
        ("Up markedly from {last_year}, robbery {robbery}.", "Up markedly from 81.2%, robbery up 3.0%."),
        ("Robbery {robbery}.", "Robbery up 3.0%."),
        ("No comment.", "No comment."),
    ],
)
def test_a_sentence_of_other_words_is_new_whatever_its_numbers(delivered, now):
    assert not staleness.is_stale(sentence(now, delivered), PUBLISHED)


def test_a_sentence_that_names_a_figure_the_published_card_did_not_have_is_new():
    assert not staleness.is_stale(sentence("Down marginally from 3rd.", "Down marginally from {rank}."), PUBLISHED)


def test_a_figure_that_was_not_available_and_now_is_makes_the_words_as_doubtful():
    figures = PUBLISHED | {"robbery": "not available"}
    before = "Down marginally from 77.7%, robbery not available."
    assert staleness.is_stale(sentence("Down marginally from 77.7%, robbery up 3.0%.", before=before), figures)


def test_a_confirmation_is_of_the_line_and_of_exactly_the_text():
    assert sentence("One.").printed == (AUGUST, "4a", "One.")


def test_every_stale_sentence_is_told_with_what_to_do_about_each_card():
    july = date(2009, 7, 1)
    said = staleness.told(
        [
            sentence(
                "Now it is 1.", before="Now it is 0.", report_month=july, line="10 heroin", file="commentary/7.csv"
            ),
            sentence("Now it is 2.", before="Now it is 3."),
            sentence("Now it is 4.", before="Now it is 5.", line="4b"),
        ]
    ).splitlines()
    assert said[1:] == [
        "2009-07, line 10 heroin",
        "  before: Now it is 0.",
        "  now:    Now it is 1.",
        'To keep the words: make confirm MONTH=2009-07 LINE="10 heroin" REASON="..."; '
        "to change them: deliver commentary/7.csv anew.",
        "2009-08, line 4a",
        "  before: Now it is 3.",
        "  now:    Now it is 2.",
        "2009-08, line 4b",
        "  before: Now it is 5.",
        "  now:    Now it is 4.",
        'To keep the words: make confirm MONTH=2009-08 [LINE=...] REASON="..."; '
        "to change them: deliver commentary/2009-08.csv anew.",
    ]
