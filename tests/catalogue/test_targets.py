"""What a target says in print is what its line is judged by, or the catalogue is refused."""

import pytest

from tests.catalogue.test_catalogue import Seeds, at, seeds

__all__ = ["seeds"]
REFUSED = {
    "> without strict": ("4d", {"strict": ""}, "target_text", "'> {target}' says that reaching the target is not"),
    "words without strict": ("4b", {"target_text": "More than {target}"}, "target_text", "'More than {target}' says"),
    "strict without words": ("4b", {"strict": "yes"}, "target_text", "a figure that reaches the target is not green"),
    "strict, but at least": ("4b", {"strict": "yes", "target_text": ">= {target}"}, "target_text", "a figure that"),
    "the other direction": (
        "4b",
        {"target_text": "at most {target}"},
        "target_text",
        "'at most {target}' is not the target of a line of which higher is better: turn one of them round",
    ),
    "no target": ("1b", {"strict": "yes"}, "strict", "'yes' has no effect on a line without a target: leave it empty"),
    "another word": ("4d", {"strict": "true"}, "strict", "'true' is not a strict the code knows"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_target_that_prints_otherwise_than_it_judges_is_refused(seeds: Seeds, what: str):
    line_name, cells, column, problem = REFUSED[what]
    line = seeds.line("indicators", financial_year="2009/10", line=line_name)
    for name, cell in cells.items():
        seeds.cell("indicators", line, name, cell)
    assert any(text.startswith(at("indicators", line, column) + problem) for text in seeds.problems())
