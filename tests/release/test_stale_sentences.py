from datetime import date

import pytest

from orchestration.release import stale_sentences
from orchestration.release.stale_sentences import Sentence

AUGUST = date(2009, 8, 1)
WRITTEN = "Down marginally from {last_year}, robbery {robbery}."
PUBLISHED = {"last_year": "77.7%", "robbery": "not available"}
BEFORE = "Down marginally from 77.7%, robbery not available."
CASES = {  # as delivered, and as it would print now
    "other numbers": (WRITTEN, "Down marginally from 81.2%, robbery up 3.0%.", True),
    "the same numbers": (WRITTEN, BEFORE, False),
    "another word": (WRITTEN.replace("Down", "Up"), "Up marginally from 81.2%, robbery up 3.0%.", False),
    "other words": ("Robbery {robbery}.", "Robbery up 3.0%.", False),
    "no numbers": ("No comment.", "No comment.", False),
    "a figure that the published card did not have": ("Down marginally from {rank}.", "Down from 3rd.", False),
}


@pytest.mark.parametrize("delivered, now, stale", CASES.values(), ids=CASES)
def test_a_published_sentence_with_other_numbers_is_stale_and_a_new_sentence_is_not(delivered, now, stale):
    sentence = Sentence(AUGUST, "4a", delivered, "commentary/2009-08.csv", BEFORE, now)
    assert stale_sentences.is_stale(sentence, PUBLISHED) == stale


def test_every_stale_sentence_is_shown_with_what_to_do_about_each_card():
    message = stale_sentences.message(
        [
            Sentence(date(2009, 7, 1), "10 heroin", "", "commentary/7.csv", "It was 0.", "It is 1."),
            Sentence(AUGUST, "4a", "", "commentary/2009-08.csv", "It was 3.", "It is 2."),
            Sentence(AUGUST, "4b", "", "commentary/2009-08.csv", "It was 5.", "It is 4."),
        ]
    )
    assert message.splitlines()[1:] == [
        "2009-07, line 10 heroin",
        "  before: It was 0.",
        "  now:    It is 1.",
        'To keep the words: make confirm MONTH=2009-07 LINE="10 heroin" REASON="..."; '
        "to change them: deliver a corrected commentary/7.csv.",
        "2009-08, line 4a",
        "  before: It was 3.",
        "  now:    It is 2.",
        "2009-08, line 4b",
        "  before: It was 5.",
        "  now:    It is 4.",
        'To keep the words: make confirm MONTH=2009-08 [LINE=...] REASON="..."; '
        "to change them: deliver a corrected commentary/2009-08.csv.",
    ]
