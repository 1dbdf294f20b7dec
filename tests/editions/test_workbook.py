"""The workbook of a card, opened with another library than the one that writes it."""

import re
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from pathlib import Path

import duckdb
import openpyxl
import polars as pl
import pytest
from openpyxl.workbook.workbook import Workbook

from orchestration.editions import content, workbook
from orchestration.editions.workbook import number_formats
from orchestration.raw.findings import spreadsheet_text
from orchestration.scorecard import display
from orchestration.scorecard.units import UNITS
from tests.conftest import Built

pytestmark = pytest.mark.filterwarnings("ignore:Sparkline Group extension is not supported")

HEADINGS = 6  # the row of them
PRINTED = {
    "Line": "line",
    "Indicator": "title",
    "Target": "target_text",
    "RAG": "status",
    "Latest": "latest",
    "Period": "period",
    "Direction of travel": "direction_of_travel",
    "Reason for the letter": "status_reason",
}
LARGE = ("rolling_year", "year_to_date", "monthly_measures")
HOSTILE = {
    "=cmd|' /C calc'!A0": "'=cmd|' /C calc'!A0",
    "+1+1": "'+1+1",
    "-2+3+cmd|' /C calc'!A0": "'-2+3+cmd|' /C calc'!A0",
    "-2 cmd|' /C calc'!A0": "'-2 cmd|' /C calc'!A0",
    "-5.1% =1+1": "'-5.1% =1+1",
    "@SUM(1+1)*cmd|' /C calc'!A0": "'@SUM(1+1)*cmd|' /C calc'!A0",
    "＝1+1": "'＝1+1",
    " =1+1": "' =1+1",
    "\t=1+1": "'\t=1+1",
    "<script>alert(1)</script>": "<script>alert(1)</script>",
    "<r><t>mark-up</t></r>": "'<r><t>mark-up</t></r>",
    "<r><broken</r>": "'<r><broken</r>",
    "https://example.org/": "https://example.org/",
    "mailto:a@example.org": "mailto:a@example.org",
    "{=1+1}": "{=1+1}",
    "a & b ]]> &amp; <!-- \"c\" 'd'": "a & b ]]> &amp; <!-- \"c\" 'd'",
    "null\0, bell\7, escape\x1b and delete\x7f": "null␀, bell␇, escape␛ and delete␡",
    "no characters \ufffe\uffff": "no characters \ufffd\ufffd",
    "two\r\nlines\rand a third\n": "two\nlines\nand a third\n",
    "_x0041_ is not A": "_x0041_ is not A",
    " spaces before and behind ": " spaces before and behind ",
    "🚓 عربى \u202ereversed": "🚓 عربى \u202ereversed",
    "TRUE": "TRUE",
    "007": "007",
    "1e5": "1e5",
    "#REF!": "#REF!",
}


def cards(sample: Built) -> Path:
    return sample.warehouse / "current" / "cards"


def opened(path: Path) -> Workbook:
    """The workbook row by row: quick, and enough for what is in the cells."""
    return openpyxl.load_workbook(path, read_only=True)


def lines(book: Workbook) -> Iterator[dict]:
    """The lines of the card, each cell by its heading, sections and notes left out."""
    rows = book["Scorecard"].iter_rows(min_row=HEADINGS)
    headings = [cell.value for cell in next(rows)]
    for row in rows:
        by_heading = dict(zip(headings, row, strict=True))
        if by_heading["Indicator"].value is not None:
            yield by_heading


@pytest.fixture(scope="module")
def read(sample: Built) -> Iterator[Callable[[str], content.Card]]:
    """A function that reads a card of the release as the editions are given it."""
    with duckdb.connect(str(sample.warehouse / "current" / "scorecard.duckdb"), read_only=True) as connection:
        reading = content.Reading(connection)
        yield lambda month: reading.card(date.fromisoformat(f"{month}-01"))


@pytest.fixture
def small(read: Callable[[str], content.Card]) -> content.Card:
    """A card with the first rows of its large tables only, quick to write and to open in full."""
    card = read("2009-08")
    return replace(card, tables=dict(card.tables) | {name: card.tables[name].head(20) for name in LARGE})


def written(card: content.Card, folder: Path) -> Path:
    workbook.write(card, folder)
    return folder / "scorecard.xlsx"


def with_texts(card: content.Card, texts: list[str]) -> content.Card:
    """The card with a line for each text, which stands wherever text of a line can: on the card and in its table."""
    anywhere = ("title", "section", "target_text", "latest", "period", "comment", "status_reason")
    rows = tuple(card.rows[0] | dict.fromkeys(anywhere, text) for text in texts)
    table = (
        card.tables["figures"].head(1).drop("missing_reason").join(pl.DataFrame({"missing_reason": texts}), how="cross")
    )
    table = table.select(card.tables["figures"].columns)
    return replace(card, rows=rows, tables=dict(card.tables) | {"figures": table})


def test_the_first_sheet_says_what_every_published_card_says(sample: Built) -> None:
    published = sample.query("from scorecard order by report_month, position")
    for (month,), rows in published.group_by("report_month", maintain_order=True):
        shown = list(lines(opened(cards(sample) / f"{month:%Y-%m}" / "scorecard.xlsx")))
        for cells, row in zip(shown, rows.iter_rows(named=True), strict=True):
            where = (month, row["line"])
            assert {heading: cells[heading].value for heading in PRINTED} == {
                heading: row[name] for heading, name in PRINTED.items()
            }, where
            assert cells["Comment"].value == (row["comment"] or row["summary"]), where
            assert cells["Comment"].font.italic == (row["comment"] is None), where
            marks = {
                "provisional": row["provisional"],
                "accepted": row["accepted"],
                "incomplete": row["measure"] and row["value"] is None,
            }
            assert (cells["Marks"].value or "") == ", ".join(mark for mark, there in marks.items() if there), where


def test_sections_stand_above_their_lines_and_the_release_and_the_key_on_top(sample: Built) -> None:
    book = opened(cards(sample) / "2009-08" / "scorecard.xlsx")
    first = [[cell for cell in row if cell is not None] for row in book["Scorecard"].iter_rows(values_only=True)]
    assert first[:4] == [
        ["2009/10 Critical Performance Areas"],
        ["Key Performance Indicator performance for rolling year to Aug-09 unless otherwise stated"],
        ["Release", "2009-08-r1"],
        ["Key", "G (green) = on/above target; A (amber) = marginally below target; R (red) = well below target"],
    ]
    card = sample.query("select section, line from scorecard where report_month = '2009-08-01' order by position")
    expected = [
        text
        for (section,), of_it in card.group_by("section", maintain_order=True)
        for text in (section, *of_it["line"])
    ]
    assert [row[0] for row in first[HEADINGS:] if row][: len(expected)] == expected


def test_a_number_cell_holds_the_figure_and_shows_what_is_printed(sample: Built) -> None:
    """Of every figure and target of all cards, through a reader of the few formats that are used."""
    figures = sample.query("select * from figures where name in ('latest', 'target')")
    printed = {(row["report_month"], row["line"], row["name"]): row for row in figures.iter_rows(named=True)}
    compared = 0
    for folder in sorted(cards(sample).iterdir()):
        month = date.fromisoformat(f"{folder.name}-01")
        for cells in lines(opened(folder / "scorecard.xlsx")):
            for heading, name in (("Value", "latest"), ("Target (number)", "target")):
                figure = printed.get((month, cells["Line"].value, name), {"value": None})
                if figure["value"] is None:
                    assert cells[heading].value is None
                    continue
                compared += 1
                scale = 100 if figure["unit"] == "points" else 1
                assert cells[heading].value == pytest.approx(figure["value"] * scale, rel=1e-14)
                assert rendered(cells[heading].value, cells[heading].number_format) == figure["printed"]
    assert compared > 500


@pytest.mark.parametrize("sign", display.SIGNS)
@pytest.mark.parametrize("unit", UNITS)
def test_a_format_shows_any_value_as_the_page_prints_it(unit: str, sign: str | None) -> None:
    of = 8 if unit == "of" else None
    for decimals in (0, 1, 2):
        for exact in ("0", "0.04", "0.0004", "0.05", "0.773193", "1", "3", "11", "22", "386", "1234.5", "43816522.03"):
            for value in (float(exact), -float(exact)):
                shown = number_formats.shown(value, unit, sign, decimals, of)
                assert rendered(*shown) == display.printed(value, unit, sign, decimals, of), (value, decimals, shown)


def test_the_workbook_has_the_card_its_figures_and_trends_and_a_dictionary(sample: Built) -> None:
    """Every figure cell by cell; text as a spreadsheet may have it."""
    book = opened(cards(sample) / "2009-08" / "scorecard.xlsx")
    assert book.sheetnames == ["Scorecard", "Figures", "Trend data", "Data dictionary"]
    expected = sample.query("from figures where report_month = '2009-08-01'")
    headings, *rows = book["Figures"].iter_rows(values_only=True)
    assert headings == tuple(expected.columns)
    for row, figure in zip(rows, expected.iter_rows(), strict=True):
        # a workbook holds 16 digits of a number
        assert row == tuple(
            pytest.approx(it, rel=1e-15) if isinstance(it, float) else it for it in map(as_a_cell, figure)
        )


def as_a_cell(value: object) -> object:
    """A value of the database as openpyxl reads it out of a cell."""
    if isinstance(value, str):
        return spreadsheet_text.neutralised(value) or None
    if isinstance(value, datetime):
        return value.replace(microsecond=0)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    return float(value) if isinstance(value, Decimal) else value


def rendered(number: float, number_format: str) -> str:
    """What a spreadsheet shows of a number: the three parts of a format, text in quotes, thousands, places, % and ,,"""
    positive, negative, zero = re.findall(r'(?:"[^"]*"|[^;"])+', number_format)
    part = positive if number > 0 else negative if number < 0 else zero
    digits = re.search(r"#,##0(?:\.(0+))?(,*)(%?)", re.sub(r'"[^"]*"', lambda text: " " * len(text[0]), part))
    if digits is None:
        return part.replace('"', "")
    exact = Decimal(f"{abs(number):.15g}").scaleb(-3 * len(digits[2]) + 2 * len(digits[3]))
    places = len(digits[1] or "")
    shown = f"{exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):,f}{digits[3]}"
    return f"{part[: digits.start()]}{shown}{part[digits.end() :]}".replace('"', "")


def test_what_a_person_vouched_for_or_confirmed_stands_on_the_card_with_the_reason(
    small: content.Card, tmp_path: Path
) -> None:
    vouched = {"accepted": "recorded_crime 2009-08: the force agrees", "confirmed": "still so", "provisional": True}
    changed = replace(small, title="R&D = 1+1", rows=(small.rows[0] | vouched, *small.rows[1:]))
    sheet = openpyxl.load_workbook(written(changed, tmp_path))["Scorecard"]
    first = next(lines(sheet.parent))
    assert first["Marks"].value == "provisional, accepted"
    assert first["Comment"].value == f"{small.rows[0]['comment']} (confirmed: still so)"
    notes = [row[0].value for row in sheet.iter_rows(min_row=first["Marks"].row + len(small.rows))]
    assert "1a, accepted: recorded_crime 2009-08: the force agrees" in notes
    assert sum(str(note).startswith(("provisional: ", "accepted: ", "incomplete: ")) for note in notes) == 2
    assert sheet.oddHeader.left.text.strip() == "R&&D = 1+1, Aug-09"


def test_text_of_any_kind_is_shown_and_never_run(small: content.Card, tmp_path: Path) -> None:
    path = written(with_texts(small, list(HOSTILE)), tmp_path)
    book = opened(path)
    for cells, shown in zip(lines(book), HOSTILE.values(), strict=True):
        for heading in ("Indicator", "Target", "Latest", "Period", "Comment", "Reason for the letter"):
            assert (cells[heading].value, cells[heading].data_type) == (shown, "s"), heading
    headings, *rows = book["Figures"].iter_rows()
    reason = [cell.value for cell in headings].index("missing_reason")
    assert [(row[reason].value, row[reason].data_type) for row in rows] == [(it, "s") for it in HOSTILE.values()]
    assert formulas_and_links(path) == []


def test_a_text_that_is_too_long_for_a_cell_is_cut_where_everybody_sees_it(small: content.Card, tmp_path: Path) -> None:
    characters, whole = ("x", "é", "🚓"), "x" * 32_767
    card = with_texts(small, [*(character * 40_000 for character in characters), whole])
    *cut, last = (cells["Comment"].value for cells in lines(opened(written(card, tmp_path))))
    for comment, character in zip(cut, characters, strict=True):
        assert len(comment.encode("utf-16-le")) // 2 in (32_766, 32_767)
        assert comment.startswith(character * 10_000)
        assert comment.endswith(" [cut here: a cell holds no more than 32,767 characters]")
    assert last == whole


def test_a_published_workbook_holds_no_formula_and_no_link_out_of_it(sample: Built) -> None:
    for folder in cards(sample).iterdir():
        assert formulas_and_links(folder / "scorecard.xlsx") == []


def formulas_and_links(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as parts:
        return [
            name
            for name in parts.namelist()
            if (name.startswith("xl/worksheets/sheet") and re.search(rb"<f[ >/]", parts.read(name)))
            or (name.endswith(".rels") and b'TargetMode="External"' in parts.read(name))
            or "external" in name.lower()
        ]


def test_a_letter_that_is_changed_changes_its_colour(small: content.Card, tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(written(small, tmp_path))["Scorecard"]
    letters = [row[3] for row in sheet.iter_rows(min_row=HEADINGS + 1, max_col=4) if row[1].value is not None]
    assert {cell.value for cell in letters} == {None, "G", "A", "R"}
    assert {cell.fill.fill_type for cell in letters} == {None}  # no colour of their own
    rules = {}
    for cells in sheet.conditional_formatting:
        assert all(cell.coordinate in cells for cell in letters)
        rules |= {rule.formula[0]: rule for rule in cells.rules}
    assert sorted(rules) == ['"A"', '"G"', '"R"']
    assert {(rule.type, rule.operator) for rule in rules.values()} == {("cellIs", "equal")}
    backgrounds = {letter: lightness(rule.dxf.fill.bgColor.rgb) for letter, rule in rules.items()}
    for letter, rule in rules.items():
        assert contrast(backgrounds[letter], lightness(rule.dxf.font.color.rgb)) >= 4.5, letter
    by_lightness = sorted(backgrounds.values())
    assert min(contrast(*pair) for pair in pairwise(by_lightness)) >= 1.5


def lightness(colour: str) -> float:
    """The relative luminance of a colour (WCAG 2)."""
    shares = [int(colour[place : place + 2], 16) / 255 for place in (2, 4, 6)]
    red, green, blue = (it / 12.92 if it <= 0.04045 else ((it + 0.055) / 1.055) ** 2.4 for it in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def test_the_card_prints_on_a4_one_page_wide_with_its_headings_and_release(small: content.Card, tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(written(small, tmp_path))["Scorecard"]
    assert sheet.freeze_panes == "C7"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)
    assert sheet.print_title_rows == "$6:$6"
    notes = [row[0].row for row in sheet.iter_rows(min_row=HEADINGS) if str(row[0].value).startswith("Trend: ")]
    assert sheet.print_area == f"'Scorecard'!$A$1:$J${notes[0]}"
    assert sheet.cell(HEADINGS, 10).value == "Comment"
    assert sheet.oddHeader.left.text.strip() == "2009/10 Critical Performance Areas, Aug-09"
    assert sheet.oddHeader.right.text == "Release 2009-08-r1"
    assert sheet.oddFooter.right.text == "Page &P of &N"


def test_every_row_is_high_enough_for_its_comment(sample: Built) -> None:
    """At least a line of text for every 85 characters, more than the column can show in one."""
    with zipfile.ZipFile(cards(sample) / "2009-08" / "scorecard.xlsx") as parts:
        xml = parts.read("xl/worksheets/sheet1.xml").decode()
    heights = {int(row): float(points) for row, points in re.findall(r'<row r="(\d+)"[^>]* ht="([0-9.]+)"', xml)}
    for cells in lines(opened(cards(sample) / "2009-08" / "scorecard.xlsx")):
        text = cells["Comment"].value
        assert heights[cells["Comment"].row] >= 12 * -(-len(text) // 85), text


def test_every_line_with_a_history_has_a_small_trend_that_ends_with_its_figure(
    small: content.Card, tmp_path: Path
) -> None:
    path = written(small, tmp_path)
    with zipfile.ZipFile(path) as parts:
        xml = parts.read("xl/worksheets/sheet1.xml").decode()
    cells_of = dict(re.findall(r"<xm:f>'Trend data'!([A-Z0-9:]+)</xm:f><xm:sqref>(I\d+)</xm:sqref>", xml))
    cells_of = {drawn_in: cells for cells, drawn_in in cells_of.items()}
    book = openpyxl.load_workbook(path)
    sheet, trends = book["Scorecard"], book["Trend data"]
    values = {row["line"]: row["value"] for row in small.rows}
    history = small.tables["history"].drop_nulls("value")
    drawn = {}
    for cell, cells in cells_of.items():
        line = sheet[f"A{cell[1:]}"].value
        (points,) = trends[cells]
        assert trends.cell(points[0].row, 1).value == line
        drawn[line] = {
            trends.cell(2, point.column).value.date(): point.value for point in points if point.value is not None
        }
        scale = (
            100
            if small.tables["figures"].row(
                by_predicate=(pl.col("line") == line) & (pl.col("name") == "latest"), named=True
            )["unit"]
            == "points"
            else 1
        )
        expected = history.filter(line=line).select("month", pl.col("value") * scale)
        assert drawn[line] == pytest.approx(dict(expected.iter_rows()))
        assert drawn[line][max(drawn[line])] == pytest.approx(values[line] * scale)
    assert set(drawn) == set(history["line"]) == {line for line, value in values.items() if value is not None}


def test_the_columns_that_formulas_need_have_names(small: content.Card, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(written(small, tmp_path))
    names = {name: book.defined_names[name].attr_text for name in book.defined_names}
    assert sorted(names) == ["card_letters", "card_lines", "card_release", "card_targets", "card_values"]
    assert book["Scorecard"][names["card_release"].split("!")[1]].value == "2009-08-r1"
    for name, heading in (("card_lines", "Line"), ("card_letters", "RAG"), ("card_values", "Value")):
        cells = book["Scorecard"][names[name].split("!")[1]]
        assert book["Scorecard"].cell(HEADINGS, cells[0][0].column).value == heading
    lines_of_it = [cell[0].value for cell in book["Scorecard"][names["card_lines"].split("!")[1]]]
    assert [row["line"] for row in small.rows] == [
        it for it in lines_of_it if it in {row["line"] for row in small.rows}
    ]


def test_the_figures_are_an_excel_table_that_filters(small: content.Card, tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(written(small, tmp_path))["Figures"]
    (of_excel,) = sheet.tables.values()
    rows = small.tables["figures"]
    last = openpyxl.utils.get_column_letter(rows.width)
    assert (of_excel.name, of_excel.ref) == ("figures", f"A1:{last}{rows.height + 1}")
    assert of_excel.autoFilter.ref == of_excel.ref
    assert [column.name for column in of_excel.tableColumns] == rows.columns
    assert sheet.freeze_panes == "A2"


def test_the_dictionary_explains_every_column_and_leads_to_every_table(small: content.Card, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(written(small, tmp_path))
    sheet = book["Data dictionary"]
    assert book.sheetnames[-1] == "Data dictionary"
    rows = list(sheet.iter_rows(min_row=2))
    explained = {tuple(cell.value for cell in row) for row in rows if not str(row[1].value).startswith("csv/")}
    assert explained == {
        (table.name, column.name, column.type, "yes" if column.nullable else "no", column.description or None)
        for table in small.dictionary
        for column in table.columns
    }
    tables = {row[0].value: row for row in rows if str(row[1].value).startswith("csv/")}
    assert {(name, row[4].value) for name, row in tables.items()} == {
        (table.name, table.description) for table in small.dictionary
    }
    assert {row[1].value for row in tables.values()} == {f"csv/{table.name}.csv" for table in small.dictionary}
    assert [(row[0].value, row[0].hyperlink.location) for row in rows if row[0].hyperlink] == [
        ("figures", "'Figures'!A1")
    ]


def test_the_same_card_makes_the_same_bytes_whenever_it_is_written(
    small: content.Card, tmp_path: Path, sample: Built
) -> None:
    first = written(small, tmp_path).read_bytes()
    time.sleep(1.1)
    assert written(small, tmp_path).read_bytes() == first
    properties = openpyxl.load_workbook(tmp_path / "scorecard.xlsx").properties
    (when,) = sample.query("select published_at from release")["published_at"]
    assert properties.created == when.replace(microsecond=0)
    assert (properties.title, properties.subject) == ("2009/10 Critical Performance Areas, Aug-09", "2009-08-r1")


def test_a_card_without_figures_has_their_headings(small: content.Card, tmp_path: Path) -> None:
    figures = small.tables["figures"]
    none = dict(small.tables) | {"figures": figures.clear()}
    book = opened(written(replace(small, tables=none, rows=()), tmp_path))
    assert next(book["Figures"].iter_rows(values_only=True)) == tuple(figures.columns)
