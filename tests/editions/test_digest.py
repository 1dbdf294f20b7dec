from pathlib import Path

import pytest

from orchestration.editions import digest
from tests.conftest import Built


@pytest.fixture(scope="module")
def text(sample: Built) -> str:
    card: Path = sample.warehouse / "current" / "cards" / "2009-08"
    return (card / digest.FILE).read_text(encoding="utf-8")


def test_the_digest_says_first_what_changed_then_each_letter_by_the_name_of_its_line(text):
    flat = " ".join(text.split())
    assert flat.startswith("Metropolitan Police: 2009/10 Critical Performance Areas, August 2009 Published on ")
    assert "7 green, 8 amber, 2 red and 5 without a letter: one better and one worse since July." in flat
    assert "- The number of criminal networks disrupted (4b): red to amber. 386 is 9.2% short of" in flat
    assert "The card of September 2009 is due on 12 October 2009." in flat


def test_what_waits_stands_last_with_the_name_of_its_source(text):
    last = " ".join(text.partition("For whoever makes the card")[2].split())
    assert last.startswith("- People killed or seriously injured on the roads, by borough")
    assert "overdue: no delivery for jul-09 and aug-09" in last.lower()


def test_no_line_is_longer_than_a_mail_program_breaks_it(text):
    assert max(map(len, text.splitlines())) <= digest.WIDTH
