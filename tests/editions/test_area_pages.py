import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from orchestration.scorecard.kinds import over_window
from tests.browser import chromium, watched
from tests.conftest import Built

AUGUST = "2009-08"


class Cells(HTMLParser):
    """The text of every cell of a page's tables, row by row."""

    def __init__(self, path: Path):
        super().__init__()
        self.rows: list[list[str]] = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_data(self, text):
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] = " ".join(f"{self.rows[-1][-1]} {text}".split())


@pytest.fixture(scope="module")
def areas(sample: Built) -> Path:
    return sample.warehouse / "current" / "cards" / AUGUST / "areas"


def rows_of(path: Path) -> dict[str, list[str]]:
    return {cells[0]: cells[1:] for cells in Cells(path).rows if len(cells) > 1}


def test_an_area_stands_next_to_the_whole_and_the_span_of_the_others(areas, sample):
    """Serious acquisitive crime in Camden: its % change, from the counts of its own twelve months."""
    own, least, most = sample.query(
        """
        with years as (
            select area, sum(numerator) filter (where month >= '2008-09-01') as now, sum(numerator) as both_years
            from monthly_measures join areas using (area)
            where
                report_month = '2009-08-01' and month >= '2007-09-01' and suppressed_with is not null
                and measure = (select measure from scorecard where report_month = '2009-08-01' and line = '4a')
            group by area
        ),
        changes as (select area, now / (both_years - now)::double - 1 as value from years)
        select
            any_value(value) filter (where area = 'Camden'), min(value) filter (where area <> 'Camden'),
            max(value) filter (where area <> 'Camden')
        from changes
        """
    ).row(0)
    _, figure, whole, others, effect, _ = rows_of(areas / "camden.html")["4a"]
    assert figure.startswith(f"{own:.1%} ")
    assert whole == "-5.1%"
    assert others == f"{least:.1%} to {most:.1%} of 31 boroughs"
    assert re.fullmatch(r"-0\.\d\d points", effect)
    assert rows_of(areas / "index.html")["Camden"][5] == f"{own:.1%}"


def test_what_is_suppressed_for_an_area_is_no_number_on_its_page(areas, sample):
    suppressed = sample.query(
        "select line, area from area_contributions "
        f"where report_month = '{AUGUST}-01' and numerator is null order by all"
    ).rows()
    pages = {path.stem: rows_of(path) for path in sorted(areas.glob("*.html"))}
    assert len(pages) == 33
    assert len(suppressed) > 80
    for line, area in suppressed:
        _, figure, *_, effect, _ = pages[area.lower().replace(" ", "-")][line]
        assert (figure, effect) == ("Suppressed", "Suppressed")
        assert "suppressed" in pages["index"][area]


def test_a_monthly_average_of_an_area_is_over_the_months_of_its_window():
    assert over_window("monthly_average", 50, None, (40, None), months=5) == 10


@pytest.mark.slow
def test_an_area_is_reached_from_a_line_and_leads_to_its_own_page_of_another_month(areas):
    with chromium() as browser, watched(browser, viewport={"width": 1280, "height": 900}) as seen:
        page = seen.open(areas.parent / "4a.html")
        page.get_by_role("link", name="Camden").click()
        page.wait_for_url("**/2009-08/areas/camden.html")
        page.locator(".months a[rel=prev]").click()
        page.wait_for_url("**/2009-07/areas/camden.html")
        assert page.locator("h1").inner_text() == "Camden"
        page.locator(".indicator a").last.click()
        page.wait_for_url("**/2009-07/4e.html")
        # a line's own months, as far as its year goes
        assert page.locator(".months option").all_inner_texts() == ["Aug-09", "Jul-09", "Jun-09", "May-09", "Apr-09"]
        assert seen.complaints == []
