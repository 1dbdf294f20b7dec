"""What a target says in print is what its line is judged by, or the catalogue is refused."""

import pytest

from orchestration import catalogue
from orchestration.catalogue import targets
from tests.catalogue.test_catalogue import Seeds, at, seeds

__all__ = ["seeds"]
RANGE = {
    **{"direction": "in_range_is_better", "target_to": "500"},
    "target_text": "between {target} and {target_to}",
}
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
    "phasing of a rolling year": (
        "4b",
        {"phasing": "linear"},
        "phasing",
        "'linear' has no effect on a line that",
    ),
    "months without targets": (
        "4b",
        {"basis": "year_to_date", "phasing": "monthly"},
        "phasing",
        "line 4b has no target for 2009-04-01: give it a row in figures.csv, a month each",
    ),
    "a range without its direction": ("4b", {"target_to": "450"}, "direction", "a target with an upper end is a range"),
    "a range without its end": (
        "4b",
        {"direction": RANGE["direction"]},
        "target_to",
        "in_range_is_better needs a range",
    ),
    "a range that ends before it begins": ("4b", RANGE | {"target_to": "385"}, "target_to", "the range ends at 385"),
    "a range that does not print": ("4b", RANGE | {"target_text": "{target}, or more"}, "target_text", "the cell does"),
    "a strict range that prints otherwise": ("4b", RANGE | {"strict": "yes"}, "target_text", "whether reaching an end"),
    "a range that comes due": ("4b", RANGE | {"basis": "year_to_date", "phasing": "linear"}, "phasing", "'linear' has"),
    "another word": ("4d", {"strict": "true"}, "strict", "'true' is not a strict the code knows"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_target_that_prints_otherwise_than_it_judges_is_refused(seeds: Seeds, what: str):
    line_name, cells, column, problem = REFUSED[what]
    line = seeds.line("indicators", financial_year="2009/10", line=line_name)
    for name, cell in cells.items():
        seeds.cell("indicators", line, name, cell)
    assert any(text.startswith(at("indicators", line, column) + problem) for text in seeds.problems())


def test_targets_of_months_add_up_to_that_of_the_year(seeds: Seeds):
    line = seeds.line("indicators", financial_year="2009/10", line="4e")
    seeds.cell("indicators", line, "basis", "year_to_date")
    seeds.cell("indicators", line, "phasing", "monthly")
    header, *rows = seeds.read("figures")
    months = [f"2009-{month:02}-01" for month in range(4, 13)] + [f"2010-{month:02}-01" for month in range(1, 4)]
    for number in ("276", "277"):  # twelve times 276 are 3,312, and 8 more are the year's 3,320
        cells = {"financial_year": "2009/10", "line": "4e", "statistic": "target", "unit": "number", "number": "276"}
        its = [cells | {"name": f"month_{place}", "from_month": it, "to_month": it} for place, it in enumerate(months)]
        its[0]["number"] = "284" if number == "276" else "285"
        added = [[row.get(column, "") for column in header] for row in its]
        seeds.write("figures", [header, *rows, *added])
        if number == "276":
            catalogue.check(seeds.folder)
        else:
            problem = "the targets of the months of line 4e add up to 3321, not to 3320: correct them"
            assert seeds.problems() == [at("indicators", line, "phasing") + problem]


def test_a_line_judged_by_the_whole_year_s_target_from_its_first_month_on_is_named_until_it_says_so(seeds: Seeds):
    assert targets.advice(seeds.folder) == []
    line = seeds.line("indicators", financial_year="2009/10", line="4b")
    seeds.cell("indicators", line, "basis", "year_to_date")
    (sentence,) = targets.advice(seeds.folder)
    assert sentence.startswith(f"indicators.csv line {line}, column phasing: line 4b of 2009/10 is a total of the year")
    seeds.cell("indicators", line, "phasing", "none")
    assert targets.advice(seeds.folder) == []


def test_a_range_that_prints_what_it_judges_is_accepted(seeds: Seeds):
    line = seeds.line("indicators", financial_year="2009/10", line="4e")
    for name, cell in (RANGE | {"target_to": "4000", "strict": ""}).items():
        seeds.cell("indicators", line, name, cell)
    catalogue.check(seeds.folder)
    seeds.cell("indicators", line, "strict", "yes")
    seeds.cell("indicators", line, "target_text", "more than {target} and less than {target_to}")
    catalogue.check(seeds.folder)
