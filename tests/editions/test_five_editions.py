"""Every cell that a card prints is the same on its page, in its PDF, workbook, CSV and JSON."""

import csv
import html
import json
import re
from pathlib import Path
from typing import NamedTuple

import openpyxl
import pypdf
import pytest

from tests.conftest import Built

pytestmark = pytest.mark.filterwarnings("ignore:Sparkline Group extension is not supported")

COLUMNS = ("Section", "Line", "Indicator", "Target", "RAG", "Latest", "Period", "Comment")
HEADINGS = 4  # the row of them in the workbook
FIGURES = re.compile(r"[0-9]")


class Cells(NamedTuple):
    """The cells of a line as an edition prints them; nothing where it prints none."""

    section: str
    line: str
    title: str
    target: str
    letter: str
    latest: str
    period: str
    comment: str


@pytest.fixture(params=["2009-01", "2009-08"])
def card(request: pytest.FixtureRequest, sample: Built) -> Path:
    return sample.warehouse / "current" / "cards" / request.param


def of_row(row: dict) -> Cells:
    """Those of a row of the table `scorecard`."""
    names = ("section", "line", "title", "target_text", "status", "latest", "period")
    return Cells(*(row[name] or "" for name in names), row["comment"] or row["summary"] or "")


def of_json(card: Path) -> list[Cells]:
    document = json.loads((card / "scorecard.json").read_text(encoding="utf-8"))
    return [of_row(line) for line in document["lines"]]


def of_csv(card: Path) -> list[Cells]:
    with (card / "csv" / "scorecard.csv").open(encoding="utf-8", newline="") as file:
        return [of_row(row) for row in sorted(csv.DictReader(file), key=lambda row: int(row["position"]))]


def of_workbook(card: Path) -> list[Cells]:
    rows = openpyxl.load_workbook(card / "scorecard.xlsx", read_only=True)["Scorecard"].iter_rows(
        min_row=HEADINGS, values_only=True
    )
    headings = next(rows)
    places = [headings.index(heading) for heading in COLUMNS]
    return [Cells(*("" if row[place] in ("[x]", "[z]") else row[place] for place in places)) for row in rows]


def of_page(card: Path) -> list[Cells]:
    text = re.sub(r"</?abbr[^>]*>", "", (card / "index.html").read_text(encoding="utf-8"))
    found = []
    for body in re.findall(r"<tbody.*?</tbody>", text, re.DOTALL):
        section = between(r'rowheader">(.*?) <span', body)
        for row in re.findall(r"<tr [^>]*data-line=.*?</tr>", body, re.DOTALL):
            latest = between(r'class="latest">(.*?)</td>', row, raw=True)
            comment = between(r'class="comment">(.*?)</td>', row, raw=True)
            cells = Cells(
                section,
                between(r'class="reference">(.*?)</th>', row),
                between(r'class="indicator"><a [^>]*>(.*?)</a>', row),
                between(r'data-label="Target">(.*?)(?: <span|</td>)', row),
                between(r'<use href="#letter-(.)"', row),
                between(r"<strong>(.*?)</strong>", latest),
                between(r'<span class="period">(.*?)</span>', latest),
                between(r"^(?:<em>)?(.*?)(?:</em>| <em>|$)", comment),
            )
            found.append(cells)
    return found


def between(pattern: str, text: str, raw: bool = False) -> str:
    match = re.search(pattern, text, re.DOTALL)
    return "" if match is None else match[1] if raw else html.unescape(match[1])


def printed_in_the_pdf(card: Path, expected: list[Cells]) -> list[Cells]:
    """Those that its PDF prints, each line as one run of text: it has no cells, but reads from left to right."""
    pages = pypdf.PdfReader(card / "scorecard.pdf").pages
    text = re.sub(r"[\s\u200b]", "", "".join(page.extract_text() for page in pages))
    found, place = [], 0
    for cells in expected:
        section, line, title, target, letter, latest, period, comment = (
            re.escape(re.sub(r"\s", "", cell)) for cell in cells
        )
        codes, amber, marks, trend_and_travel = r".{0,40}?", r"(?:amberupto.+?short)?", "[pawc]*", r".{0,20}?"
        row = re.compile(
            f"{line}{title}{codes}{target}{amber}{letter or '–'}{latest}{marks}{period}{trend_and_travel}{comment}"
        )
        match = row.search(text, place)
        if match and re.search(section, text[: match.start()]):
            found.append(cells)
            place = match.end()
    return found


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
