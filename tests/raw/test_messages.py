"""The page of all messages: every code is on it, with an example that validation really says."""

import pytest

from orchestration.raw.findings.codes import CODES
from tests import messages


def test_every_code_has_an_example_and_every_example_a_code():
    assert set(CODES) - set(messages.EXAMPLES) == set(), "give an example in tests/messages.py"
    assert set(messages.EXAMPLES) - set(CODES) == set(), "say what they mean in orchestration/raw/findings/codes.csv"


@pytest.mark.parametrize("code", CODES)
def test_every_code_says_what_it_means_and_what_its_sender_can_do(code):
    its = CODES[code]
    assert its.meaning.endswith((".", "...")) and its.meaning[0].isupper()
    assert bool(its.remedy) == (its.scope != "note")


def test_the_page_is_what_the_examples_say_now():
    assert messages.PAGE.read_text(encoding="utf-8") == messages.page(), "write it again with `make messages`"
