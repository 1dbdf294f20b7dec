import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date
from pathlib import Path

import duckdb
import polars as pl
import pypdf
import pytest

from orchestration import organisation
from orchestration.editions import content, paper
from orchestration.editions.paper import wording
from orchestration.editions.reading import Reading
from orchestration.explain.words import overview
from orchestration.scorecard import display, status
from orchestration.scorecard.shortfall import printed_target

CARDS = (date(2009, 1, 1), date(2009, 8, 1))
A4_LANDSCAPE = (841.89, 595.28)


@pytest.fixture(scope="module", params=CARDS, ids=["2009-01", "2009-08"])
def card(request, sample) -> content.Card:
    return of_the_release(sample, request.param)


@pytest.fixture(scope="module")
def august(sample) -> content.Card:
    return of_the_release(sample, CARDS[-1])


def of_the_release(sample, month: date) -> content.Card:
    with duckdb.connect(str(sample.warehouse / "current" / "scorecard.duckdb"), read_only=True) as connection:
        card = Reading(connection).card(month)
        return replace(card, tables=dict(card.tables))


def written(card: content.Card, folder: Path) -> pypdf.PdfReader:
    paper.write(card, folder)
    return pypdf.PdfReader(folder / "scorecard.pdf")


def compact(text: str | None) -> str:
    """Without white space and the breaks within long words: a column breaks its text where it is full."""
    return re.sub(r"[\s\u200b]", "", text or "")


def words(pdf: pypdf.PdfReader) -> str:
    return compact("".join(page.extract_text() for page in pdf.pages))


def with_line(card: content.Card, **different) -> content.Card:
    """The card with its first line changed."""
    first, *others = card.rows
    return replace(card, rows=(first | different, *others))


def elements(pdf: pypdf.PdfReader) -> list[tuple[str, pypdf.generic.DictionaryObject]]:
    """Every element of the structure that screen readers follow, in reading order, by its kind."""
    found, ahead = [], [pdf.trailer["/Root"]["/StructTreeRoot"]["/K"]]
    while ahead:
        it = ahead.pop(0)
        it = it.get_object() if hasattr(it, "get_object") else it
        if isinstance(it, list):
            ahead = [*it, *ahead]
        elif isinstance(it, dict):
            if "/S" in it:
                found.append((it["/S"], it))
            ahead.insert(0, it.get("/K", []))
    return found


def test_marks_and_the_comparison_with_the_year_before_stand_beside_the_figure(card, tmp_path):
    text = words(written(card, tmp_path))
    place = 0
    for row in card.rows:
        marks = ("p" if row["provisional"] else "") + ("a" if row["accepted"] else "")
        place = text.index(compact(row["title"]), place)
        travel = compact(f"{card.arrow(row) or '–'}{status.TRAVEL.get(row['direction_of_travel'], '')}")
        figure = re.escape(compact(row["latest"]) + marks + compact(row["period"]))
        assert re.search(f"{figure}–?{re.escape(travel)}", text[place:]), row["line"]


def test_title_subtitle_key_release_and_counts_are_there(card, tmp_path):
    text = words(written(card, tmp_path))
    head = f"{organisation.declared().name}, {card.report_month:%B %Y}. Published on {card.published_on}."
    assert text.startswith(compact(head + card.next_card + card.title + card.subtitle))
    assert all(compact(sentence) in text for sentence in overview(card.stories))
    assert compact(card.key) in text
    letters = [row["status"] for row in card.rows]
    for letter, name in (("G", "green"), ("A", "amber"), ("R", "red")):
        assert f"{letter}{letters.count(letter)}{name}" in text
    assert f"{letters.count(None)}withoutaletter" in text


def test_how_far_amber_reaches_stands_once_and_beside_each_line_where_it_differs(card, tmp_path):
    usual = {date(2009, 1, 1): "5%", date(2009, 8, 1): "10%"}[card.report_month]
    text = words(written(card, tmp_path))
    assert f"Amber,wherethelinesaysnothingelse:upto{usual}shortofthetarget." in text
    assert "amberupto" not in text
    indicators = card.tables["indicators"].with_columns(
        amber_tolerance=pl.when(line=card.rows[0]["line"]).then(0.02).otherwise("amber_tolerance")
    )
    assert "amberupto2%short" in words(
        written(replace(card, tables={**card.tables, "indicators": indicators}), tmp_path)
    )


def test_a_comment_is_set_in_nine_points_and_no_words_in_less_than_eight(card, tmp_path):
    sizes: dict[str, float] = {}

    def look(text, current, matrix, _, size):
        sizes[text.strip()] = size * abs(matrix[3] * current[3])

    for page in written(card, tmp_path).pages:
        page.extract_text(visitor_text=look)
    assert min(size for text, size in sizes.items() if len(text) > 1) >= 8
    of_comments = [
        size for text, size in sizes.items() for row in card.rows if len(text) > 20 and text in (row["comment"] or "")
    ]
    assert len(of_comments) > 20
    assert min(of_comments) >= 9


def test_every_page_is_a4_landscape_repeats_the_head_of_the_table_and_says_what_it_is_of(card, tmp_path):
    pdf = written(card, tmp_path)
    pages = len(pdf.pages)
    assert pages in (2, 3)
    for number, page in enumerate(pdf.pages, 1):
        assert tuple(map(float, page.mediabox[2:])) == pytest.approx(A4_LANDSCAPE, abs=0.01)
        text = compact(page.extract_text())
        assert "LineIndicatorTargetRAGLatestTrendOnayearagoComment" in text
        assert f"Release{card.release}" in text
        assert compact(f"{organisation.declared().name}:{card.title},{card.label}Page{number}of{pages}") in text


def test_no_text_leaves_the_page(card, tmp_path):
    assert beyond_the_margins(written(card, tmp_path)) == []


@pytest.mark.parametrize("words_more", [0, 60, 150, 210])
def test_no_row_is_split_between_pages(card, tmp_path, words_more):
    rows = tuple(
        row | {"comment": f"Begin{row['position']}. {'word ' * words_more} End{row['position']}."} for row in card.rows
    )
    pages = [compact(page.extract_text()) for page in written(replace(card, rows=rows), tmp_path).pages]
    for row in rows:
        parts = compact(row["title"]), f"Begin{row['position']}.", f"End{row['position']}."
        assert sum(all(part in page for part in parts) for page in pages) == 1, row["line"]


def test_a_screen_reader_is_told_language_title_tables_and_trends(card, tmp_path):
    pdf = written(card, tmp_path)
    root = pdf.trailer["/Root"]
    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert pdf.metadata.title == f"{card.title}, {card.label}"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    kinds = elements(pdf)
    names = [kind for kind, _ in kinds]
    sections = {row["section"] for row in card.rows}
    assert names.count("/Table") == 1
    assert names.count("/TH") == 8 + len(sections)
    assert names.count("/TR") == 1 + len(sections) + len(card.rows)
    nested = [it for kind, it in kinds if kind == "/P" and it["/P"]["/S"] == "/P"]
    assert nested == []
    assert "/H1" in names
    assert "/H2" in names
    trends = [it["/Alt"] for kind, it in kinds if kind == "/Figure"]
    assert all(text.startswith("Trend of line ") for text in trends)
    assert len(trends) == sum(row["measure"] is not None for row in card.rows)


def test_a_trend_ends_at_the_figure_and_names_its_target(card, tmp_path):
    trends = [str(it["/Alt"]) for kind, it in elements(written(card, tmp_path)) if kind == "/Figure"]
    of_lines = {re.match(r"Trend of line (.+?): ", text)[1]: text for text in trends}
    for row in card.rows:
        if row["measure"] is None:
            continue
        indicator = card.indicators[row["line"]]
        last = display.printed(row["value"], row["unit"], indicator["sign"], indicator["decimals"])
        assert re.search(rf" to {re.escape(last)} in [A-Z][a-z][a-z]-\d\d; the highest", of_lines[row["line"]])
        judged = card.targeted_from(row) is not None
        assert (" The target is " in of_lines[row["line"]]) == judged
        if judged:
            assert of_lines[row["line"]].endswith(f" The target is {printed_target(indicator)}.")


def test_a_trend_has_two_years_at_most_and_names_where_it_was_highest_and_lowest(august, tmp_path):
    """The share of most serious violence detected is known from Apr-07 on, but its counting rules changed in Apr-08."""
    trends = [str(it["/Alt"]) for kind, it in elements(written(august, tmp_path)) if kind == "/Figure"]
    assert (
        "Trend of line 3c: from 34% in Apr-08 to 32% in Aug-09; the highest was 36% in Feb-09, the lowest 32% in "
        "Jul-09. The target is 32%."
    ) in trends


def test_a_trend_is_broken_where_a_month_is_missing_and_where_its_year_begins_anew(august):
    def runs(line: str, gone: date | None = None) -> list[int]:
        history = august.tables["history"].filter((pl.col("line") != line) | (pl.col("month") != (gone or date.min)))
        card = replace(august, tables=dict(august.tables) | {"history": history})
        lines = [line for section in wording.of(card)["sections"] for line in section["lines"]]
        return [len(run) for it in lines if it["line"] == line for run in it["trend"]["runs"]]

    assert runs("3c") == [8, 12, 5]
    assert runs("6a") == [12, 5]
    assert runs("3d") == [20]
    assert runs("3d", gone=date(2008, 6, 1)) == [5, 14]


def test_what_changed_since_last_month_is_told(august, tmp_path):
    text = words(written(august, tmp_path))
    assert "7green,8amber,2redand5withoutaletter:onebetterandoneworsesinceJuly." in text
    assert "4bR→AThenumberofcriminalnetworksdisrupted.386is9.2%shortofthetargetof425" in text
    assert "Nofigureoflastmonthwasrestated.12of20figuresdifferfromlastmonth" in text


def test_a_letter_gained_for_a_figure_that_was_not_there_is_named_with_its_reason(sample, tmp_path):
    text = words(written(of_the_release(sample, date(2009, 1, 1)), tmp_path))
    assert "threegainedalettersinceDecember." in text
    for line, title in (("4a", "Seriousacquisitivecrimerate"), ("6b", "Reductioninguncrime")):
        assert re.search(rf"{line}–→G{title}\.-[0-9.]+%meetsthetargetof-[0-9.]+%", text)


def test_a_restated_figure_is_told_with_both_values(sample, tmp_path):
    text = words(written(of_the_release(sample, date(2009, 4, 1)), tmp_path))
    assert "Restatedsince:3a-0.3%,bylessthanitprints;3aMSV+AWI-3.9%,now-4.3%;" in text


def test_a_card_with_nothing_before_it_says_so(august, tmp_path):
    alone = replace(august, tables=dict(august.tables) | {"changes": august.tables["changes"].clear()})
    assert "Thereisnocardbeforethisonetocompareitwith." in words(written(alone, tmp_path))


def test_why_there_is_no_figure_is_told_beside_it(sample, tmp_path):
    text = words(written(of_the_release(sample, date(2008, 4, 1)), tmp_path))
    assert "notavailableincomplete:11of12months" in text
    assert "notavailablenothingtocomparewith:May-06toApr-07holds3of12months" in text


def test_marks_are_explained_where_they_are_and_only_there(august, tmp_path):
    text = words(written(august, tmp_path))
    assert "p=aprovisionalmonthenteredthefigure,whichmaystillchange." in text
    assert "a=restson" not in text
    vouched = words(written(with_line(august, accepted="bcs/2009-08.csv: row 3 is right"), tmp_path))
    assert "a=restsonadelivery" in vouched
    assert f"a,line{august.rows[0]['line']}:bcs/2009-08.csv:row3isright" in vouched


def test_a_confirmed_comment_says_why(august, tmp_path):
    text = words(written(with_line(august, comment="It rose.", confirmed="it still did"), tmp_path))
    assert "Itrose.(confirmed:itstilldid)" in text


HOSTILE = [
    '#panic("no") #import "/x" #read("/etc/passwd")',
    "*bold* _soft_ `code` = heading\n- item",
    "<script>alert('x')</script> <label> @reference",
    "$x$ \\ \\u{41} // comment /* more */",
    "=cmd|' /C calc'!A0",
    '"], "sections": [] }',
    "{{ release }} [brackets] ~ --- ... 'quotes' \"double\"",
]


@pytest.mark.parametrize("column", ["line", "section", "title", "codes", "target_text", "latest", "period", "comment"])
@pytest.mark.parametrize("text", HOSTILE)
def test_mark_up_is_text_and_nothing_else(august, tmp_path, column, text):
    assert compact(text) in words(written(with_line(august, **{column: text}), tmp_path))


@pytest.mark.parametrize("name", ["title", "subtitle", "key", "release"])
def test_mark_up_in_the_head_is_text_and_nothing_else(august, tmp_path, name):
    pdf = written(replace(august, **{name: HOSTILE[0]}), tmp_path)
    assert compact(HOSTILE[0]) in words(pdf)


@pytest.mark.parametrize("column", ["line", "section", "title", "codes", "target_text", "latest", "period", "comment"])
def test_a_word_that_no_column_holds_is_broken_and_stays_on_the_page(august, tmp_path, column):
    word = "".join(chr(ord("a") + place % 26) for place in range(250))
    pdf = written(with_line(august, **{column: word}), tmp_path)
    assert word in words(pdf)
    assert beyond_the_margins(pdf) == []


def beyond_the_margins(pdf: pypdf.PdfReader) -> list[tuple[int, str]]:
    """Every piece of text that does not lie between the edges of its page, at the least that its letters take."""
    found = []
    for number, page in enumerate(pdf.pages, 1):

        def look(text, current, matrix, _, size, number=number):
            text = text.strip()
            x = matrix[4] * current[0] + current[4]
            y = matrix[5] * current[3] + current[5]
            end = x + 0.35 * size * len(text)
            if text and not (30 < x < end < A4_LANDSCAPE[0] - 30 and 15 < y < A4_LANDSCAPE[1] - 25):
                found.append((number, text))

        page.extract_text(visitor_text=look)
    return found


def test_a_comment_longer_than_a_page_goes_on_on_the_next_and_loses_no_word(august, tmp_path):
    comment = " ".join(f"word{number}" for number in range(1, 700))
    assert len(comment) > 5000
    for column in ("comment", "title"):
        pdf = written(with_line(august, **{column: comment}), tmp_path)
        text = words(pdf)
        assert [word for word in comment.split() if word not in text] == []
        assert beyond_the_margins(pdf) == []


def test_every_long_cell_of_a_card_at_once(august, tmp_path):
    long = dict.fromkeys(("title", "codes", "target_text", "latest", "period", "comment"), "long words and " * 60)
    pdf = written(replace(august, rows=tuple(row | long for row in august.rows)), tmp_path)
    assert beyond_the_margins(pdf) == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Fell 😀 again", "Fell [U+1F600 grinning face] again"),
        ("北", "[U+5317 cjk unified ideograph-5317]"),
        ("a\u202eb", "a[U+202E right-to-left override]b"),
        ("a\x07b", "a[U+0007]b"),
        ("a\ue000b", "a[U+E000]b"),
        ("café Łódź £ € – “so” ½ ≥ −", "café Łódź £ € – “so” ½ ≥ −"),
        ("one\r\n\ttwo", "one two"),
    ],
)
def test_a_character_that_the_typeface_lacks_is_named(august, tmp_path, text, shown):
    assert compact(shown) in words(written(with_line(august, comment=text), tmp_path))


def test_the_typeface_is_in_the_file_and_no_other(card, tmp_path):
    found = set()
    for page in written(card, tmp_path).pages:
        for font in page["/Resources"]["/Font"].values():
            found.add(font.get_object()["/BaseFont"].partition("+")[2])
    assert found - {"SourceSansPro-It"} == {"SourceSansPro-Regular", "SourceSansPro-Bold"}


def test_the_same_card_gives_the_same_bytes_in_every_process(sample, august, tmp_path):
    paper.write(august, tmp_path)
    again = tmp_path / "again"
    again.mkdir()
    program = (
        "import sys, pathlib, duckdb, datetime\n"
        "from orchestration.editions import paper\n"
        "from orchestration.editions.reading import Reading\n"
        "with duckdb.connect(sys.argv[1], read_only=True) as connection:\n"
        "    card = Reading(connection).card(datetime.date(2009, 8, 1))\n"
        "    paper.write(card, pathlib.Path(sys.argv[2]))\n"
    )
    database = str(sample.warehouse / "current" / "scorecard.duckdb")
    subprocess.run([sys.executable, "-c", program, database, str(again)], check=True, env={"TZ": "Asia/Tokyo"})
    assert (again / "scorecard.pdf").read_bytes() == (tmp_path / "scorecard.pdf").read_bytes()


def test_the_file_is_dated_when_its_release_was_published(august, tmp_path):
    pdf = written(august, tmp_path)
    published_at = august.tables["release"]["published_at"].item().replace(tzinfo=UTC, microsecond=0)
    assert pdf.metadata.creation_date == published_at
