import re
import shutil
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import duckdb
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from orchestration import editions, organisation, settings
from orchestration.editions import site
from orchestration.scorecard import status
from tests.browser import chromium, watched
from tests.conftest import Built

AUGUST = "2009-08"
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
NARROWEST = {"width": 320, "height": 640}  # 1280 at 400%: what WCAG calls reflow
ZOOMED, *TABLETS = ({"width": width, "height": 800} for width in (640, 1024, 1120, 1200))
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SCRIPT = "<script>document.title = 'taken'</script>"
HOSTILE = f"=cmd|' /C calc'!A0 {SCRIPT}<img src=x onerror=\"document.title='taken'\"> & {{{{ 7*7 }}}}"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as launched:
        yield launched


@pytest.fixture(scope="module")
def release(sample: Built) -> Path:
    return (sample.warehouse / "current").resolve()


@pytest.fixture(scope="module")
def card(release: Path) -> Path:
    return release / "cards" / AUGUST


@pytest.fixture(scope="module")
def rows(sample: Built) -> list[dict]:
    return sample.query(f"select * from scorecard where report_month = '{AUGUST}-01' order by position").to_dicts()


@pytest.fixture(scope="module")
def hostile(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A card whose every text is an attack on whatever reads it."""
    folder = tmp_path_factory.mktemp("hostile")
    shutil.copyfile(release / settings.SCORECARD, folder / settings.SCORECARD)
    with duckdb.connect(str(folder / settings.SCORECARD)) as connection:
        for column in ("comment", "title", "section", "latest", "target_text", "codes", "period", "summary"):
            connection.execute(f"update scorecard set {column} = ? where {column} is not null", [HOSTILE])
        connection.execute(
            "update changes set explanation = ?, printed_before = 'x' where explanation is not null", [HOSTILE]
        )
        connection.execute("update areas set area = area || ?", [HOSTILE])
        connection.execute("update measure_sources set file = ?", [HOSTILE])
        connection.execute("update judgement_steps set explanation = ?", [HOSTILE])
        connection.execute("delete from editions where report_month <> ?", [date(2009, 8, 1)])
        connection.execute("update editions set release = (select release from release)")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(editions, "EDITIONS", (site.write,))
        editions.write(folder, None)
    return folder / "cards" / AUGUST


def text_of(page: Page, selector: str) -> str:
    return " ".join(page.locator(selector).inner_text().split())


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]})
    return [
        f"{it['id']}: {node['html'][:120]} {node['failureSummary']}"
        for it in found.response["violations"]
        for node in it["nodes"]
    ]


@pytest.mark.slow
def test_every_cell_of_the_card_stands_on_its_page(browser, card, rows):
    with watched(browser, viewport=WIDE) as seen:
        page = seen.open(card / "index.html")
        shown = page.locator("table.card tr[data-line]")
        assert shown.count() == len(rows)
        for place, row in enumerate(rows):
            text = " ".join(shown.nth(place).inner_text().split())
            assert shown.nth(place).get_attribute("data-line") == row["line"]
            said = row["comment"] or row["summary"]
            for cell in (row["line"], row["title"], row["target_text"], row["latest"], row["period"], said):
                assert " ".join((cell or "").split()) in text
            assert (status.COLOURS[row["status"]].capitalize() if row["status"] else "No letter") in text
            assert ("Provisional" in text) is bool(row["provisional"])
        assert seen.complaints == []


@pytest.mark.slow
def test_the_pages_show_the_release_and_nothing_else_is_asked_for(browser, release, card, rows):
    with watched(browser, viewport=WIDE) as seen:
        pages = [*sorted(release.glob("*.html")), *sorted(card.glob("*.html"))]
        assert len(pages) == len(rows) + 9
        for path in pages:
            page = seen.open(path)
            assert text_of(page, "header") == organisation.declared().name
            assert re.search(
                rf"{organisation.declared().name}. Published on \d+ \w+ \d{{4}}, release {release.name}",
                text_of(page, "footer"),
            )
        assert seen.complaints == []
        inside = release.as_uri() + "/"
        assert [it for it in seen.requests if not it.startswith(inside)] == []


def test_no_page_holds_or_names_anything_from_elsewhere(release):
    for path in sorted(release.rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"https?:|//www|<style|style=|onclick|javascript:", text), path.name
        scripts = re.findall(r"<script src=\"[./]*site/(\w+)\.js\"", text)
        assert len(re.findall("<script", text)) == len(scripts)
        assert scripts in (["months", "site"], ["charts", "months", "site"])


def test_every_link_leads_to_a_file_of_the_release(release):
    class Links(HTMLParser):
        def handle_starttag(self, tag, attributes):
            found.extend(value for name, value in attributes if name in ("href", "src") and value)

    for path in sorted(release.rglob("*.html")):
        found: list[str] = []
        Links().feed(path.read_text(encoding="utf-8"))
        ids = set(re.findall(r'id="([^"]+)"', path.read_text(encoding="utf-8")))
        for link in found:
            if link.startswith("data:text/csv"):
                continue
            parts = urlsplit(link)
            if parts.path:
                assert (path.parent / unquote(parts.path)).resolve().is_file(), f"{path.name}: {link}"
            else:
                assert parts.fragment in ids, f"{path.name}: {link}"


@pytest.mark.slow
def test_every_line_is_reached_and_opened_by_the_keyboard(browser, card, rows):
    with watched(browser, viewport=WIDE) as seen:
        page = seen.open(card / "index.html")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
        assert page.evaluate("document.activeElement.getBoundingClientRect().height") > 20
        reached = set()
        for _ in range(len(rows) + 60):
            page.keyboard.press("Tab")
            focused = page.evaluate(
                "[document.activeElement.closest('tr')?.dataset.line, document.activeElement.tagName]"
            )
            if focused[0]:
                reached.add(focused[0])
        assert reached == {row["line"] for row in rows}
        page.locator("table.card a").first.focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/*.html")
        assert text_of(page, "h1") == f"{rows[0]['line']}: {rows[0]['title']}"


@pytest.mark.slow
def test_where_the_focus_is_can_be_seen(browser, card):
    with watched(browser, viewport=WIDE) as seen:
        page = seen.open(card / "index.html")
        for selector in ("table.card a", "[name=letter]", "select[name=section]", ".months button"):
            page.keyboard.press("Tab")  # so that what is focused next counts as reached by the keyboard
            page.locator(selector).first.focus()
            look = "e => { const s = getComputedStyle(e); return s.outlineStyle !== 'none' || s.boxShadow !== 'none'; }"
            assert page.locator(selector).first.evaluate(look), selector


@pytest.mark.slow
def test_the_filter_shows_the_letters_and_the_section_asked_for(browser, card, rows):
    with watched(browser, viewport=WIDE) as seen:
        page = seen.open(card / "index.html")

        def shown() -> list[str]:
            return page.locator("table.card tr[data-line]:visible").evaluate_all("all => all.map(e => e.dataset.line)")

        everything = [row["line"] for row in rows]
        assert shown() == everything
        assert text_of(page, "[data-shown]") == f"All {len(rows)} lines are shown."
        page.get_by_label("Green").uncheck()
        page.get_by_label("No letter").uncheck()
        left = [row["line"] for row in rows if row["status"] in ("A", "R")]
        assert shown() == left
        assert text_of(page, "[data-shown]") == f"{len(left)} of {len(rows)} lines are shown."
        page.get_by_label("Section").select_option(label="Improvement")
        assert shown() == [
            row["line"] for row in rows if row["status"] in ("A", "R") and row["section"] == "Improvement"
        ]
        assert page.locator("tr.heading:visible").all_inner_texts() == ["Improvement\n2 green and 1 red"]
        # a page opened from here and Back, or the address in another window, shows the same lines
        address, chosen = page.url, shown()
        page.locator("table.card a:visible").first.click()
        page.wait_for_url("**/cards/**/*.html")
        page.go_back()
        assert shown() == chosen
        assert not page.get_by_label("Green").is_checked()
        page.goto("about:blank")
        page.goto(address)
        assert shown() == chosen
        page.get_by_label("Section").select_option("")
        page.get_by_label("Green").check()
        page.get_by_label("No letter").check()
        assert shown() == everything
        page.get_by_label("Changed lines only").check()
        assert 0 < len(shown()) < len(everything)
        assert {"4b", "4c"} <= {*shown()}
        assert seen.complaints == []


@pytest.mark.slow
def test_the_months_lead_to_every_card_of_the_release(browser, release, card, sample):
    months = [row[0] for row in sample.query("select strftime(report_month, '%Y-%m') from editions order by 1").rows()]
    with watched(browser, viewport=WIDE) as seen:
        page = seen.open(card / "index.html")
        offered = page.locator(".months option").evaluate_all("all => all.map(e => e.value)")
        assert sorted(offered) == months
        page.get_by_label("Card of").select_option("2009-01")
        page.get_by_role("button", name="Go").click()
        page.wait_for_url("**/2009-01/index.html")
        assert "January 2009" in text_of(page, "main")
        page.locator(".months a[rel=prev]").click()
        page.wait_for_url("**/2008-12/index.html")
        page.goto((release / "index.html").as_uri())
        assert page.locator(".cards a").count() == len(months)
        # every line of every card is counted, and is a cell of the table of letters
        lines = sample.query("select count(*) from scorecard").item()
        assert sum(map(int, page.locator(".cards td").all_inner_texts())) == lines
        page.locator(".heat a").filter(has_text="4b, Jul-09: red").click()
        page.wait_for_url("**/2009-07/4b.html")
        page.goto((release / "newest" / "4b.html").as_uri())
        page.wait_for_url("**/2009-08/4b.html")
        assert seen.complaints == []


@pytest.mark.slow
def test_without_scripts_the_card_is_whole(browser, card, rows):
    with watched(browser, viewport=WIDE, java_script_enabled=False) as seen:
        page = seen.open(card / "index.html")
        assert page.locator("table.card tr[data-line]:visible").count() == len(rows)
        assert page.locator("[data-filter]:visible, [data-months]:visible").count() == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    "file",
    [
        "index.html",
        "4a.html",
        "4c.html",
        "2a.html",
        "5a.html",
        "downloads.html",
        "areas/camden.html",
        "../../index.html",
        "../../revisions.html",
        "../../status.html",
    ],
)
@pytest.mark.parametrize(
    "how",
    [{}, {"color_scheme": "dark"}, {"forced_colors": "active"}, {"viewport": PHONE}],
    ids=["wide", "dark", "forced colours", "phone"],
)
def test_axe_finds_nothing(browser, card, file, how):
    with watched(browser, **({"viewport": WIDE} | how)) as seen:
        page = seen.open((card / file).resolve())
        for details in page.locator("details").all()[:1]:
            details.locator("summary").click()
        assert violations(page) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "file", ["index.html", "4a.html", "downloads.html", "areas/camden.html", "areas/index.html", "../../index.html"]
)
@pytest.mark.parametrize("viewport", [NARROWEST, ZOOMED, *TABLETS], ids=lambda viewport: f"{viewport['width']} wide")
def test_nothing_runs_out_of_a_page(browser, card, file, viewport):
    """640 points wide is a page 1280 wide at 200%; from 1120 on the card is a table."""
    with watched(browser, viewport=viewport) as seen:
        page = seen.open((card / file).resolve())
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"]


@pytest.mark.slow
@pytest.mark.parametrize("file", ["definitions.html", "glossary.html", "methodology.html", "accessibility.html"])
def test_the_pages_about_the_card_fit_and_axe_finds_nothing(browser, release, file):
    with watched(browser, viewport=NARROWEST, color_scheme="dark") as seen:
        page = seen.open(release / file)
        assert page.evaluate("document.documentElement.scrollWidth") == NARROWEST["width"]
        assert violations(page) == []
        page.set_viewport_size(WIDE)
        page.emulate_media(color_scheme="light")
        assert violations(page) == []


@pytest.mark.slow
def test_a_line_explains_its_abbreviations_and_leads_to_its_definition(browser, card):
    with watched(browser, viewport=WIDE) as seen:
        page = seen.open(card / "3b.html")
        assert page.locator(".comment abbr[title='most similar forces']").inner_text() == "MSF"
        page.get_by_role("link", name="All definitions").click()
        page.wait_for_url("**/definitions.html#knife_crime_rate")
        assert "Lead for violent crime" in text_of(page, "section[aria-labelledby=knife_crime_rate]")


@pytest.mark.slow
def test_a_rate_is_told_per_1000_wherever_it_stands(browser, card):
    with watched(browser, viewport=WIDE) as seen:
        text = text_of(seen.open(card / "3b.html"), "main")
    for told in (
        "Aug-09 at 0.127 per 1,000",
        "In offences per 1,000",
        "From April to August: 0.695 per 1,000 in 2009/10",
        "Sep-08 to Aug-09: 12,059 of 7,568,892 (1.59 per 1,000)",
        "A rate of no more than 0.119 per 1,000 is needed",
        "4th of 4; 1.62 per 1,000 against a median of 1.56 per 1,000",
    ):
        assert told in text


@pytest.mark.slow
def test_a_card_is_small_and_there_at_once(browser, card):
    with watched(browser, viewport=WIDE) as seen:
        page = seen.open(card / "index.html")
        loaded = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
        assert loaded < 1000
    weight = sum(path.stat().st_size for path in [card / "index.html", *(card.parent.parent / "site").iterdir()])
    assert weight < 500_000
    assert max(path.stat().st_size for path in card.glob("*.html")) < 500_000


@pytest.mark.slow
def test_the_numbers_on_a_line_s_page_are_those_of_the_release(browser, card, sample):
    told = sample.query(
        f"select strftime(month, '%b-%y') as month, value from history where report_month = '{AUGUST}-01'"
        " and line = '4c' and value is not null order by history.month"
    ).rows()
    trends = sample.query(
        f"select strftime(month, '%b-%y') as month, value, centre from trends where report_month = '{AUGUST}-01'"
        " and line = '4c' order by trends.month"
    ).rows()
    with watched(browser, viewport=WIDE) as seen:
        page = seen.open(card / "4c.html")
        figure, months = page.locator("figure").nth(0), page.locator("figure").nth(1)
        for each in (figure, months):
            each.locator("summary").click()
        cells = [row.locator("th, td").all_inner_texts() for row in figure.locator("tbody tr").all()]
        assert [(month, text) for month, text, *_ in cells] == [
            (month, f"£{value / 1e6:.1f}m") for month, value in told
        ]
        cells = [row.locator("th, td").all_inner_texts()[:3] for row in months.locator("tbody tr").all()]
        assert cells == [[month, f"£{value / 1e6:.1f}m", f"£{centre / 1e6:.1f}m"] for month, value, centre in trends]
        # one mark a month in the drawing itself
        assert figure.locator(".drawing svg path[fill='#1d70b8']").count() >= len(told)


@pytest.mark.slow
def test_a_line_s_page_tells_its_whole_story(browser, card, sample):
    with watched(browser, viewport=WIDE) as seen:
        page = seen.open(card / "4a.html")
        headings = page.locator("main h2").all_inner_texts()
        for asked in (
            "The figure, month by month",
            "Monthly control chart",
            "Year to date, compared with the year before",
            "Comparison with peers: Most Similar Forces",
            "Why this letter",
            "How it is computed",
            "What changed since last month",
            "Contributions by borough, against the year before",
            "Months and source files of the window",
        ):
            assert asked in headings
        for drawing in page.locator(".drawing").all():
            assert len(drawing.get_attribute("aria-label")) > 20
            assert drawing.locator("svg").count() == 1
        boroughs = page.locator("section:has(#areas) tbody tr")
        assert boroughs.count() == 32
        trends = page.locator("section:has(#areas) td.trend")
        assert trends.locator("svg").count() > 25
        assert re.fullmatch(r"(Rose|Fell) from [\d,]+ in Jan-08 to [\d,]+ in Aug-09\.", trends.first.text_content())
        files = sample.query(
            "select distinct file from measure_sources join scorecard using (report_month, measure) "
            f"where report_month = '{AUGUST}-01' and line = '4a' and month between data_from and data_to"
        ).to_series()
        page.locator("section:has(#window-1) summary").click()
        cells = page.locator("section:has(#window-1) td:nth-child(3)").all_inner_texts()
        assert {file for cell in cells for file in cell.split("\n")} == set(files)


@pytest.mark.slow
@pytest.mark.parametrize("file", ["index.html", "4a.html"])
def test_a_hostile_text_is_shown_as_the_text_it_is(browser, hostile, file):
    with watched(browser, viewport=WIDE) as seen:
        page = seen.open(hostile / file)
        assert page.title() != "taken"
        assert SCRIPT in page.locator("main").inner_text()
        assert "{{ 7*7 }}" in page.locator("main").inner_text()
        assert page.locator("main script, main img").count() == 0
        assert seen.complaints == []


@pytest.mark.slow
def test_dark_is_dark_and_print_is_black_on_white(browser, card):
    paper = "getComputedStyle(document.body).backgroundColor"
    with watched(browser, viewport=WIDE, color_scheme="dark") as seen:
        page = seen.open(card / "4a.html")
        assert page.evaluate(paper) == "rgb(18, 20, 22)"
        page.emulate_media(media="print", color_scheme="dark")
        assert page.evaluate(paper) == "rgb(255, 255, 255)"
        assert page.locator(".beside:visible, .masthead:visible, summary:visible").count() == 0
        assert page.locator("details table").first.is_visible()  # what is folded is printed


@pytest.mark.slow
@pytest.mark.parametrize(
    ("month", "first", "letters"),
    [
        (
            "2009-08",
            "7 green, 8 amber, 2 red and 5 without a letter: one better and one worse since July.",
            ["4b", "4c"],
        ),
        ("2009-01", "10 green, 2 amber, 2 red and 4 without a letter: three gained a letter", ["4a", "5", "6b"]),
    ],
)
def test_what_changed_is_one_sentence_then_each_letter_with_its_name_and_why(browser, release, month, first, letters):
    with watched(browser, viewport=WIDE) as seen:
        page = seen.open(release / "cards" / month / "index.html")
        assert text_of(page, ".changed p").startswith(first)
        shown = page.locator(".changed .turned li").all_inner_texts()
        assert [text.split(":")[0] for text in shown] == letters
        assert all(re.search(r"the target of", text) for text in shown)
        assert page.locator(".changed li:visible").count() == len(letters)


@pytest.mark.slow
def test_on_a_phone_the_first_indicator_is_on_the_first_screen(browser, card):
    with watched(browser, viewport={"width": 390, "height": 844}) as seen:
        page = seen.open(card / "index.html")
        box = page.locator("table.card .indicator a").first.bounding_box()
        assert box["y"] + box["height"] < 844
        page.get_by_text("Choose lines").click()
        page.get_by_label("Green").uncheck()
        assert page.locator("tr[data-letter=G]:visible").count() == 0


def test_the_arrow_is_the_way_of_the_figure_and_the_word_what_it_means(card):
    """Serious acquisitive crime fell, which is better."""
    text = (card / "4a.html").read_text(encoding="utf-8")
    assert re.search(r'class="travel better"><span aria-hidden="true">▼</span> Better', text)


def test_small_trends_share_one_axis_that_ends_at_the_report_month(card):
    """2a ends in June, two months before the card; 4a in its month: of 24 months, 120 wide, two are 10."""
    text = (card / "index.html").read_text(encoding="utf-8")
    for line, end in (("4a", 120), ("2a", 110)):
        (row,) = re.findall(rf'data-line="{line}">.*?</tr>', text, re.DOTALL)
        assert re.findall(r'translate\(([0-9.]+),[0-9.]+\)" d="M3', row) == [str(end)]


@pytest.mark.slow
def test_the_page_of_downloads_leads_to_every_table_with_its_rows_and_their_description(browser, card, sample):
    tables = sample.query(
        "select table_name from duckdb_tables() union select view_name from duckdb_views() where not internal"
    )
    with watched(browser, viewport=WIDE) as seen:
        page = seen.open(card / "index.html")
        page.get_by_role("link", name="downloads").click()
        page.wait_for_url("**/downloads.html")
        cells = {
            row.locator("th").inner_text(): row.locator("td").all_inner_texts()
            for row in page.locator("tbody tr").all()
        }
        assert {*cells} == {*tables.to_series()}
        lines = sample.query(f"select count(*) from scorecard where report_month = '{AUGUST}-01'").item()
        assert cells["scorecard"][1] == str(lines)
        assert all(len(description) > 20 for description, *_ in cells.values())


@pytest.mark.slow
def test_no_name_of_a_peer_is_clipped_and_a_year_to_date_of_counts_begins_at_zero(browser, card):
    with watched(browser, viewport=WIDE) as seen:
        page = seen.open(card / "4d.html")
        year = page.locator("figure").filter(has_text="Year to date, compared").locator("svg text").all_text_contents()
        assert "0" in year
        page = seen.open(card / "3b.html")
        peers = page.locator("figure").filter(has_text="Comparison with peers").locator("svg").first
        left = peers.bounding_box()["x"]
        names = peers.locator("text", has_text="Greater Manchester")
        assert names.bounding_box()["x"] >= left
