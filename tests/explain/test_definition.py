"""The definition of a measure in words."""

from datetime import date

import pytest

from orchestration.catalogue.cells import WORDS
from orchestration.explain import definition

MEASURE = dict.fromkeys((*definition.PARTS, *definition.FACTS, *definition.QUALITY)) | {
    "source": "the register",
    "complete": "yes",
    "reviewed": date(2025, 1, 1),
    "review_due": date(2026, 1, 1),
}


@pytest.mark.parametrize("direction", WORDS["indicators", "direction"])
def test_every_direction_that_a_line_may_have_has_words(direction: str):
    (heading, words), *others = definition.facts(MEASURE, direction, date(2025, 6, 1))
    assert heading == "Which way is better"
    assert words.endswith("is better.")
    assert others == [
        ("Source", "The register."),
        ("Quality of the source", "Assured: not assessed. Complete: yes. Timely: not assessed."),
        ("Review", "Reviewed in January 2025, due again by January 2026."),
    ]
