"""Every cell that a card prints is the same on its page, in its PDF, workbook, CSV and JSON."""

import csv
import json
import re
from pathlib import Path

import openpyxl
import pytest

from tests.conftest import Built
from tests.editions.printed import HEADINGS, of_csv, of_json, of_page, of_workbook, printed_in_the_pdf

pytestmark = pytest.mark.filterwarnings("ignore:Sparkline Group extension is not supported")

FIGURES = re.compile(r"[0-9]")


@pytest.fixture(params=["2009-01", "2009-08"])
def card(request: pytest.FixtureRequest, sample: Built) -> Path:
    return sample.warehouse / "current" / "cards" / request.param


def test_every_cell_of_the_card_is_the_same_on_its_page_in_pdf_workbook_csv_and_json(card: Path) -> None:
    expected = of_json(card)
    assert sum(len(FIGURES.findall("".join(cells))) for cells in expected) > 250
    assert of_csv(card) == expected
    assert of_workbook(card) == expected
    assert of_page(card) == expected
    assert printed_in_the_pdf(card, expected) == expected


def test_the_figures_as_numbers_are_the_same_in_workbook_csv_and_json(card: Path) -> None:
    document = json.loads((card / "scorecard.json").read_text(encoding="utf-8"))["lines"]
    with (card / "csv" / "scorecard.csv").open(encoding="utf-8", newline="") as file:
        of_csv = {row["line"]: row for row in csv.DictReader(file)}
    rows = openpyxl.load_workbook(card / "scorecard.xlsx", read_only=True)["Scorecard"].iter_rows(
        min_row=HEADINGS, values_only=True
    )
    headings = next(rows)
    of_workbook = {row["Line"]: row for row in (dict(zip(headings, row, strict=True)) for row in rows)}
    compared = 0
    for line in document:
        for name, heading in (("value", "Value"), ("target", "Target (number)")):
            number, cell = line[name], of_workbook[line["line"]][heading]
            if number is None:
                assert (of_csv[line["line"]][name], cell) in (("", "[x]"), ("", "[z]"))
                continue
            compared += 1
            assert float(of_csv[line["line"]][name]) == number
            # percentage points are in points there: no format of a spreadsheet multiplies by a hundred
            assert cell == pytest.approx(number * (100 if line["unit"] == "points" else 1), rel=1e-14)
    assert compared > 25
