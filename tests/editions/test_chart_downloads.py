"""Each chart of a line's page as SVG, PNG and CSV, without a file of the release for any of them."""

import csv
import io
import re
import struct
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest

from tests.browser import chromium, watched
from tests.conftest import Built

SVG = "{http://www.w3.org/2000/svg}"
LINE = re.compile(r'<a href="data:text/csv;charset=utf-8,([^"]*)" download="([^"]+)"')


def page_of(sample: Built, name: str) -> Path:
    return sample.warehouse / "current" / "cards" / "2009-08" / name


def test_the_data_of_each_chart_is_a_csv_with_its_numbers_unrounded(sample: Built) -> None:
    found = LINE.findall(page_of(sample, "4c.html").read_text(encoding="utf-8"))
    assert [name for _, name in found] == [f"4c-2009-08-{number}.csv" for number in range(1, len(found) + 1)]
    rows = list(csv.DictReader(io.StringIO(unquote(found[0][0]), newline="")))
    history = sample.query(
        "select month::varchar as month, value from history where report_month = '2009-08-01' and line = '4c' "
        "and value is not null order by month"
    )
    assert [(row["month"], float(row["value"])) for row in rows] == history.rows()


def test_every_chart_has_its_numbers_and_says_what_it_shows(sample: Built) -> None:
    pages = sorted(page_of(sample, "index.html").parent.glob("*.html"))
    charts = 0
    for text in (path.read_text(encoding="utf-8") for path in pages):
        figures = text.count("<figure ")
        charts += figures
        assert len(LINE.findall(text)) == figures
        assert len(re.findall(r'role="img" aria-label="[^"]{20,}"', text)) == figures
    assert charts > 50


@pytest.mark.slow
def test_a_chart_is_saved_as_svg_with_its_titles_legend_and_words_and_as_png(sample: Built) -> None:
    with chromium() as browser, watched(browser, viewport={"width": 1280, "height": 900}, color_scheme="dark") as seen:
        page = seen.open(page_of(sample, "4c.html"))
        figure = page.locator("figure").first
        saved = {}
        for kind in ("SVG", "PNG"):
            with page.expect_download() as download:
                figure.get_by_role("button", name=f"{kind} of The figure, month by month").click()
            assert download.value.suggested_filename == f"4c-2009-08-1.{kind.lower()}"
            saved[kind] = Path(download.value.path()).read_bytes()
        assert seen.complaints == []
        alternative = figure.locator(".drawing").get_attribute("aria-label")
    drawn = ElementTree.fromstring(saved["SVG"])
    assert drawn.find(f"{SVG}desc").text == alternative
    assert drawn.find(f"{SVG}title").text.startswith("4c: The value of the assets recovered")
    texts = [it.text for it in drawn.iter(f"{SVG}text")]
    assert {"Aug-09", "the figure", "target £45m"} <= set(texts)
    assert any(text.startswith("Metropolitan Police, Aug-09. Published on") for text in texts)
    # light, though the page was dark
    assert drawn.find(f"{SVG}rect").get("fill") == "#ffffff"
    size = float(drawn.get("width")), float(drawn.get("height"))
    assert saved["PNG"].startswith(b"\x89PNG")
    assert struct.unpack(">II", saved["PNG"][16:24]) == (int(2 * size[0]), int(2 * size[1]))
