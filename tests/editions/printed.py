"""The cells of a card as each of its editions prints them, read from its files."""

import csv
import html
import json
import re
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import openpyxl
import pypdf

COLUMNS = ("Section", "Line", "Indicator", "Target", "RAG", "Latest", "Period", "Comment")
HEADINGS = 4  # the row of them in the workbook


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


def of_row(row: dict) -> Cells:
    """Those of a row of the table `scorecard`."""
    names = ("section", "line", "title", "target_text", "status", "latest", "period")
    return Cells(*(row[name] or "" for name in names), row["comment"] or row["summary"] or "")


def of_json(card: Path) -> list[Cells]:
    """Those of a card by its JSON; `card` is its folder here and below."""
    document = json.loads((card / "scorecard.json").read_text(encoding="utf-8"))
    return [of_row(line) for line in document["lines"]]


def of_csv(card: Path) -> list[Cells]:
    """Those of its CSV."""
    with (card / "csv" / "scorecard.csv").open(encoding="utf-8", newline="") as file:
        return [of_row(row) for row in sorted(csv.DictReader(file), key=lambda row: int(row["position"]))]


def of_workbook(card: Path) -> list[Cells]:
    """Those of the first sheet of its workbook."""
    with closing(openpyxl.load_workbook(card / "scorecard.xlsx", read_only=True)) as workbook:
        headings, *rows = workbook["Scorecard"].iter_rows(min_row=HEADINGS, values_only=True)
    places = [headings.index(heading) for heading in COLUMNS]
    return [Cells(*("" if row[place] in ("[x]", "[z]") else row[place] for place in places)) for row in rows]


def of_page(card: Path) -> list[Cells]:
    """Those of its page."""
    text = re.sub(r"</?abbr[^>]*>", "", (card / "index.html").read_text(encoding="utf-8"))
    found = []
    for body in re.findall(r"<tbody.*?</tbody>", text, re.DOTALL):
        section = _between(r'rowheader">(.*?) <span', body)
        for row in re.findall(r"<tr [^>]*data-line=.*?</tr>", body, re.DOTALL):
            latest = _between(r'class="latest">(.*?)</td>', row, raw=True)
            comment = _between(r'class="comment">(.*?)</td>', row, raw=True)
            cells = Cells(
                section,
                _between(r'class="reference">(.*?)</th>', row),
                _between(r'class="indicator"><a [^>]*>(.*?)</a>', row),
                _between(r'data-label="Target">(.*?)(?: <span|</td>)', row),
                _between(r'<use href="#letter-(.)"', row),
                _between(r"<strong>(.*?)</strong>", latest),
                _between(r'<span class="period">(.*?)</span>', latest),
                _between(r"^(?:<em>)?(.*?)(?:</em>| <em>|$)", comment),
            )
            found.append(cells)
    return found


def _between(pattern: str, text: str, raw: bool = False) -> str:
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
        lacking = "(?:incomplete:[0-9]+of[0-9]+months)?"
        row = re.compile(
            f"{line}{title}{codes}{target}{amber}{letter or '–'}{latest}{lacking}{marks}{period}"
            f"{trend_and_travel}{comment}"
        )
        match = row.search(text, place)
        if match and re.search(section, text[: match.start()]):
            found.append(cells)
            place = match.end()
    return found
