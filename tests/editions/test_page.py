import html
import io
import re
from datetime import date

import polars as pl
import pytest
from rich.cells import cell_len
from rich.console import Console

from orchestration.scorecard import contracts, page
from tests.conftest import GOLDEN

KEY = "G (green) = on/above target; A (amber) = marginally below target; R (red) = well below target"
SUBTITLE = "Key Performance Indicator performance for rolling year to Aug-09 unless otherwise stated"
PUBLISHED = pl.read_csv(GOLDEN / "rows.csv", infer_schema=False)
CARDS = ("2009-01", "2009-08")
# figures that the cards say are provisional
PROVISIONAL = {"2009-01": "5", "2009-08": "4e"}


def card(month: str) -> pl.DataFrame:
    """A published card as rows of the scorecard."""
    rows = PUBLISHED.filter(card=month).rename({"target": "target_text"})
    rows = rows.with_columns(provisional=pl.col("line") == PROVISIONAL[month])
    return rows.select(
        (pl.col(name) if name in rows.columns else pl.lit(None).alias(name)).cast(dtype)
        for name, dtype in contracts.types("scorecard").items()
    )


def line(**different) -> pl.DataFrame:
    """A card of one line."""
    row = {"position": 1, "line": "4a", "section": "Safety", "title": "Robbery", "latest": "-5.1%", "status": "G"}
    return pl.DataFrame([row | different], schema=contracts.types("scorecard"))


def shown(rows: pl.DataFrame, width: int = 80, **console) -> list[str]:
    text = io.StringIO()
    screen = Console(file=text, width=width, highlight=False, **console)
    shown = page.terminal(rows, "2009/10 Critical Performance Areas", SUBTITLE, KEY, width)
    screen.print(page.without_trailing_spaces(shown, screen), end="")
    return text.getvalue().splitlines()


def blocks(rows: pl.DataFrame, lines: list[str]) -> dict[str, list[str]]:
    """The screen's lines of each line of the card: from its reference to the next reference or heading."""
    found: dict[str, list[str]] = {}
    references = rows.sort("position")["line"].to_list()
    inside: list[str] | None = None
    for text in lines:
        reference = next((it for it in references[len(found) :] if re.match(rf"{re.escape(it)}\s", text)), None)
        if reference is not None:
            inside = found[reference] = []
        if not text.strip():
            inside = None
        if inside is not None:
            inside.append(text)
    assert list(found) == references
    return found


@pytest.mark.parametrize("month", CARDS)
@pytest.mark.parametrize("width", [60, 80, 100, 140])
def test_the_card_shows_the_letter_and_the_latest_figure_of_every_line(month, width):
    rows = card(month)
    for row, text in zip(
        rows.sort("position").iter_rows(named=True), blocks(rows, shown(rows, width)).values(), strict=True
    ):
        first_word, *others = (row["latest"] or "").split(" ")
        assert re.search(rf"\s{row['status'] or ''}\s+{re.escape(first_word)}", text[0]), text
        words = " ".join(text).split()
        assert all(word in words for word in others), text
        if row["status"] is None:
            assert not re.search(r"\s[GAR]\s", text[0].removeprefix(row["line"])), text


@pytest.mark.parametrize("month", CARDS)
@pytest.mark.parametrize("width", [60, 80, 140])
def test_the_card_shows_every_title_target_and_period_whole(month, width):
    rows = card(month)
    for row, text in zip(
        rows.sort("position").iter_rows(named=True), blocks(rows, shown(rows, width)).values(), strict=True
    ):
        words = " ".join(text).split()
        for cell in ("title", "target_text", "period"):
            assert [word for word in (row[cell] or "").split() if word not in words] == []


@pytest.mark.parametrize("month", CARDS)
@pytest.mark.parametrize("width", [60, 80, 100, 140])
def test_no_line_is_wider_than_the_screen(month, width):
    assert max(cell_len(text) for text in shown(card(month), width)) <= width


@pytest.mark.parametrize("month", CARDS)
@pytest.mark.parametrize("width", [119, 120, 140])
def test_the_comments_are_shown_whole_where_there_is_room_for_them_and_only_there(month, width):
    rows = card(month).filter(pl.col("comment").is_not_null())
    for row, text in zip(
        rows.sort("position").iter_rows(named=True), blocks(rows, shown(rows, width)).values(), strict=True
    ):
        words = " ".join(text).split()
        assert all(word in words for word in row["comment"].split()) == (width >= 120)


def test_where_there_is_no_comment_the_line_in_plain_words_stands_in_italics():
    said = line(summary=PLAIN)
    assert " ".join(PLAIN.split()) in " ".join(" ".join(text[79:] for text in shown(said, 140)).split())
    assert any("\x1b[3m" in text for text in shown(said, 140, force_terminal=True))
    said = line(summary=PLAIN, comment="Robbery fell.", confirmed="it still did")
    text = " ".join(" ".join(shown(said, 140)).split())
    assert "Robbery fell. (confirmed: it still did)" in text
    assert PLAIN not in text


@pytest.mark.parametrize(
    ("direction", "word"), [("improving", "better"), ("worsening", "worse"), ("unchanged", "same")]
)
def test_the_direction_of_travel_is_a_word_and_the_key_explains_the_words_that_stand_there(direction, word):
    text = shown(line(direction_of_travel=direction))
    assert any(re.search(rf"-5\.1% {word}$", it) for it in text)
    assert f"{word} = than in the same window a year before" in text
    assert not any("a year before" in it for it in shown(line()))


@pytest.mark.parametrize("width", [60, 80, 140])
@pytest.mark.parametrize("console", [{}, {"force_terminal": True, "color_system": "truecolor"}])
def test_no_line_ends_with_spaces(width, console):
    lines = [re.sub(r"\x1b\[[0-9;]*m", "", text) for text in shown(card("2009-08"), width, **console)]
    # the letter's own colour reaches to the end of its cell, which is never the last of a line with a figure
    assert [text for text in lines if text != text.rstrip()] == []


def test_the_letters_of_a_year_stand_month_by_month_within_the_screen():
    rows = [
        {"report_month": date(2009, month, 1), "status": letter} | line(position=position).row(0, named=True) | own
        for position, (reference, letters) in enumerate({"4a": "GAR", "4b": " A"}.items(), start=1)
        for month, letter in zip((4, 5, 6), letters, strict=False)
        for own in [{"line": reference, "status": letter.strip() or None, "report_month": date(2009, month, 1)}]
    ]
    text = io.StringIO()
    Console(file=text, width=40).print(page.letters_by_month(rows, "2009/10", 40))
    lines = [" ".join(it.split()) for it in text.getvalue().splitlines()]
    assert "Line Indicator Apr May Jun" in lines
    assert {"4a Robbery G A R", "4b Robbery - A"} <= {*lines}
    assert max(cell_len(it) for it in text.getvalue().splitlines()) <= 40


def test_a_piped_card_is_words_and_figures_and_no_frame():
    assert set("".join(shown(card("2009-08")))) & set("─━│┃|╭╮+_\x1b") <= {"+"}  # a signed figure


@pytest.mark.parametrize("month", CARDS)
def test_colours_do_not_change_what_is_written(month):
    coloured = shown(card(month), force_terminal=True, color_system="truecolor")
    assert [re.sub(r"\x1b\[[0-9;]*m", "", text) for text in coloured] == shown(card(month))
    assert any("\x1b[" in text for text in coloured)


@pytest.mark.parametrize("month", CARDS)
def test_every_section_is_a_heading_once(month):
    text = " ".join(" ".join(shown(card(month))).split())
    places = [text.find(section) for section in card(month)["section"].unique(maintain_order=True)]
    assert min(places) >= 0
    if month == "2009-08":
        assert [line.strip() for line in shown(card(month))].count("Safety") == 1


def test_the_lines_come_in_the_order_of_the_card_whatever_order_the_rows_have():
    rows = card("2009-08")
    assert shown(rows.reverse()) == shown(rows)
    assert page.markdown(rows.reverse()) == page.markdown(rows)


@pytest.mark.parametrize(
    ("month", "counts"), [("2009-01", "10 green, 2 amber, 2 red"), ("2009-08", "7 green, 8 amber, 2 red")]
)
def test_the_letters_are_counted(month, counts):
    assert counts in shown(card(month))


def test_title_subtitle_and_key_are_shown():
    text = " ".join(" ".join(shown(card("2009-08"))).split())
    assert text.startswith(f"2009/10 Critical Performance Areas {SUBTITLE}")
    assert KEY in text


def test_a_provisional_figure_is_marked_and_the_mark_explained():
    text = shown(line(provisional=True))
    assert any(it.rstrip().endswith("-5.1% p") for it in text)
    assert "p = a provisional month entered" in " ".join(text)
    assert "| -5.1% p |" in page.markdown(line(provisional=True))


@pytest.mark.parametrize("provisional", [False, None])
def test_no_mark_is_explained_where_there_is_none(provisional):
    text = " ".join(shown(line(provisional=provisional)))
    assert "-5.1% p" not in text
    assert "provisional" not in text


@pytest.mark.parametrize("column", ["line", "title", "target_text", "latest", "period", "section"])
@pytest.mark.parametrize("text", ["[per year]", "[/red]", "[b]x[/b]", ":cop:"])
def test_brackets_and_colons_are_shown_as_they_are(column, text):
    assert text in " ".join(" ".join(shown(line(**{column: text}), 120)).split())


def test_a_long_reference_is_shown_whole():
    text = " ".join(shown(line(line="10 crystal meth"))).split()
    assert [word for word in ("10", "crystal", "meth") if word not in text] == []


def test_a_card_without_letters_or_figures_is_shown():
    text = shown(line(status=None, latest=None, target_text=None, title="Counter Terrorism measure"))
    assert any("Counter Terrorism measure" in it for it in text)
    assert "0 green, 0 amber, 0 red" in text


def table(rows: pl.DataFrame) -> list[list[str]]:
    """The cells of the Markdown table, split as a reader of Markdown splits them."""
    lines = page.markdown(rows).split("\n")
    return [[cell.strip() for cell in re.split(r"(?<!\\)(?:\\\\)*\|", it)[1:-1]] for it in lines]


@pytest.mark.parametrize("month", CARDS)
def test_the_markdown_table_holds_every_cell_of_the_card(month):
    header, rule, *rows = table(card(month))
    assert header == ["Line", "Indicator", "Target", "", "Latest", "Period", "Comment"]
    assert set(rule) == {"---"}
    assert {len(row) for row in rows} == {7}
    lines = [row for row in rows if row[0]]
    for expected, row in zip(card(month).sort("position").iter_rows(named=True), lines, strict=True):
        mark = " p" if expected["provisional"] else ""
        assert row[3][-1:] == (expected["status"] or "")
        assert [html.unescape(cell) for cell in row[:3] + row[4:]] == [
            expected["line"],
            expected["title"],
            expected["target_text"] or "",
            (expected["latest"] or "") + mark,
            expected["period"] or "",
            expected["comment"] or "",
        ]
    sections = card(month)["section"].unique(maintain_order=True)
    assert [row[1] for row in rows if not row[0]] == [f"**{section}**" for section in sections]


PLAIN = "Down 5.1% in the 12 months to August 2009. It meets the target of a fall of at least 2%."


def test_the_line_in_plain_words_stands_in_italics_where_there_is_no_comment_and_only_there():
    assert table(line(summary=PLAIN))[-1][-1] == f"*{PLAIN}*"
    assert table(line(summary=PLAIN, comment="Robbery fell."))[-1][-1] == "Robbery fell."
    assert table(line(summary="5 * 2 | 3"))[-1][-1] == r"*5 \* 2 \| 3*"


def test_a_confirmed_comment_says_why():
    cell = table(line(comment="Robbery fell.", confirmed="it still did", summary=PLAIN))[-1][-1]
    assert cell == "Robbery fell. *(confirmed: it still did)*"


@pytest.mark.parametrize("column", ["line", "title", "target_text", "latest", "period", "comment"])
def test_a_pipe_stays_inside_its_cell(column):
    *_, row = table(line(**{column: "one | two || three"}))
    assert len(row) == 7
    assert r"one \| two \|\| three" in row


def test_a_pipe_after_a_backslash_stays_inside_its_cell():
    text = page.markdown(line(comment="a\\|b"))
    assert text.split("\n")[-1].endswith(r"| a\\\|b |")


@pytest.mark.parametrize("column", ["line", "title", "target_text", "latest", "period", "comment", "section"])
def test_a_script_is_text_and_nothing_else(column):
    text = page.markdown(line(**{column: "<script>alert('x')</script>"}))
    assert "<" not in text
    assert "&lt;script>alert('x')&lt;/script>" in text


def test_what_reads_like_an_entity_is_shown_as_it_is_written():
    assert "&amp;lt;" in page.markdown(line(comment="&lt;"))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_comment_of_several_lines_stays_one_row(end):
    text = page.markdown(line(comment=f"One.{end}Two."))
    assert len(text.splitlines()) == 4
    assert re.search(r"One\. +Two\.", text)
