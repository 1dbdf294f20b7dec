"""The workbook of a card, opened with another library than the one that writes it."""

import re
import shutil
import subprocess
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
import pypdf
import pytest
from openpyxl.workbook.workbook import Workbook

from orchestration import organisation
from orchestration.editions import content, workbook
from orchestration.editions.reading import Reading
from orchestration.editions.workbook import figures_sheet, number_formats, symbols
from orchestration.explain import words
from orchestration.raw.findings import spreadsheet_text
from orchestration.scorecard import display
from orchestration.scorecard.units import UNITS
from tests.conftest import Built

pytestmark = pytest.mark.filterwarnings("ignore:Sparkline Group extension is not supported")

HEADINGS = 4  # the row of them, on every sheet but the cover
NO_VALUE = set(symbols.MEANINGS)
SHEETS = {
    "Cover": "contents",
    "Scorecard": "scorecard",
    "Letters by month": "letters",
    "Trend data": "trends",
    "Areas": "areas",
    "Notes": "notes",
    "Figures": "figures",
    "Data dictionary": "dictionary",
}
AMOUNTS = [f"{prefix}{part}" for prefix in ("", "against_", "compare_") for part in ("numerator", "denominator")]
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


def rows_of(book: Workbook, sheet: str) -> Iterator[dict]:
    """The rows of the table on a sheet, each cell by its heading."""
    rows = book[sheet].iter_rows(min_row=HEADINGS)
    headings = [cell.value for cell in next(rows)]
    for row in rows:
        yield dict(zip(headings, row, strict=True))


def lines(book: Workbook) -> Iterator[dict]:
    """The lines of the card, each cell by its heading."""
    return rows_of(book, "Scorecard")


@pytest.fixture(scope="module")
def read(sample: Built) -> Iterator[Callable[[str], content.Card]]:
    """A function that reads a card of the release as the editions are given it."""
    with duckdb.connect(str(sample.warehouse / "current" / "scorecard.duckdb"), read_only=True) as connection:
        reading = Reading(connection)
        yield lambda month: reading.card(date.fromisoformat(f"{month}-01"))


@pytest.fixture(scope="module")
def august(read: Callable[[str], content.Card]) -> content.Card:
    """The card of August 2009."""
    return read("2009-08")


@pytest.fixture(scope="module")
def path(august: content.Card, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(august, tmp_path_factory.mktemp("august"))


@pytest.fixture(scope="module")
def book(path: Path) -> Workbook:
    """That of the card of August 2009 with everything about its sheets."""
    return openpyxl.load_workbook(path)


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


def test_a_line_says_how_it_moved_why_it_has_its_letter_and_who_wrote_its_comment(sample: Built) -> None:
    published = sample.query("from scorecard where report_month = '2009-01-01' order by position")
    shown = lines(opened(cards(sample) / "2009-01" / "scorecard.xlsx"))
    for cells, row in zip(shown, published.iter_rows(named=True), strict=True):
        nothing = "[x]" if row["measure"] else "[z]"
        assert cells["Direction of travel"].value == (row["direction_of_travel"] or nothing)
        assert cells["Reason for the letter"].value == row["status_reason"]
        assert cells["Comment"].font.italic == (row["comment"] is None)
        assert cells["Marks"].value == ("provisional" if row["provisional"] else "[z]")


def test_what_is_not_known_and_what_does_not_apply_have_symbols_of_their_own(sample: Built) -> None:
    unknown = {row["Line"].value: row for row in lines(opened(cards(sample) / "2008-04" / "scorecard.xlsx"))}["4a"]
    assert (unknown["Latest"].value, unknown["Value"].value, unknown["RAG"].value) == ("not available", "[x]", "[x]")
    in_development = {row["Line"].value: row for row in lines(opened(cards(sample) / "2009-08" / "scorecard.xlsx"))}[
        "5a"
    ]
    assert {in_development[heading].value for heading in ("Target", "RAG", "Latest", "Value", "Trend")} == {"[z]"}


def test_every_sheet_holds_one_marked_table_without_merged_or_empty_cells(book: Workbook) -> None:
    assert {sheet.title: [*sheet.tables] for sheet in book} == {sheet: [table] for sheet, table in SHEETS.items()}
    for sheet in book:
        (table,) = sheet.tables.values()
        assert table.ref.endswith(sheet.dimensions.split(":")[1])
        assert table.autoFilter.ref == table.ref
        assert sheet.merged_cells.ranges == set()
        headings, *rows = sheet[table.ref]
        assert headings[0].row == (sheet.print_title_rows and int(sheet.print_title_rows.split("$")[-1]))
        assert sheet.freeze_panes[1:] == str(headings[0].row + 1)
        assert [column.name for column in table.tableColumns] == [cell.value for cell in headings]
        empty = {headings[place].value for row in rows for place, cell in enumerate(row) if cell.value in (None, "")}
        may_be = {"Scorecard": {"Trend"}, "Trend data": {cell.value for cell in headings[3:]}}
        assert empty <= may_be.get(sheet.title, set()), sheet.title


def test_the_cover_says_whose_card_it_is_and_leads_to_every_sheet(august: content.Card, tmp_path: Path) -> None:
    by = replace(organisation.declared(), contact="performance@example.org", licence="Open Government Licence v3.0")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(organisation, "declared", lambda: by)
        book = openpyxl.load_workbook(written(august, tmp_path))
    told = [row[0].value for row in book["Cover"].iter_rows(max_row=13, max_col=1)]
    assert told[:9] == [
        "2009/10 Critical Performance Areas",
        "Metropolitan Police",
        "Key Performance Indicator performance for rolling year to Aug-09 unless otherwise stated",
        "Report month: August 2009",
        f"Published on: {august.published_on}",
        "Release: 2009-08-r1",
        "Contact: performance@example.org",
        "Licence: Open Government Licence v3.0",
        "The card of September 2009 is due on 12 October 2009.",
    ]
    assert told[10:13] == words.overview(august.stories)
    assert told[10].startswith("Year-end target: ")
    links = {cell.value: cell.hyperlink.location for row in book["Cover"].iter_rows() for cell in row if cell.hyperlink}
    assert links == {sheet: f"'{sheet}'!A1" for sheet in book.sheetnames if sheet != "Cover"}


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
                    assert cells[heading].value in NO_VALUE
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


def test_the_figures_are_those_of_the_release_cell_by_cell(sample: Built) -> None:
    """Text as a spreadsheet may have it."""
    found = list(rows_of(opened(cards(sample) / "2009-08" / "scorecard.xlsx"), "Figures"))
    expected = sample.query("from figures where report_month = '2009-08-01'")
    assert sorted(found[0]) == sorted(expected.columns)
    assert any(row["missing_reason"] for row in expected.iter_rows(named=True))
    for cells, figure in zip(found, expected.iter_rows(named=True), strict=True):
        missing = figure["missing_reason"] is not None
        for name, value in figure.items():
            shown = cells[name].value
            if value is not None:
                # a workbook holds 16 digits of a number
                assert shown == (pytest.approx(value, rel=1e-15) if isinstance(value, float) else as_a_cell(value))
            else:
                assert shown == ("[x]" if missing and name in ("value", *AMOUNTS) else "[z]"), (name, figure)


def test_an_area_that_is_suppressed_is_marked_as_confidential(august: content.Card, book: Workbook) -> None:
    """Of the months behind a figure and those a year before, each by itself; a plain count is out of nothing."""
    released = august.tables["area_contributions"]
    found = {
        (row["Line"].value, row["Borough"].value): {name: cell.value for name, cell in row.items()}
        for row in rows_of(book, "Areas")
    }
    assert len(found) == released.height
    for row in released.iter_rows(named=True):
        cells = found[row["line"], row["area"]]
        for heading, name in (("Now", "numerator"), ("A year before", "numerator_a_year_before")):
            assert cells[heading] == ("[c]" if row[name] is None else float(row[name])), row
        assert (cells["Effect on the figure"] == "[c]") == (row["contribution"] is None), row
    assert {released["numerator"].null_count() > 0, released["contribution"].null_count() > 0} == {True}
    assert found["4a", "Barnet"]["Out of"] == "[z]"
    assert isinstance(found["3b", "Barnet"]["Out of"], int | float)


def test_a_figure_that_is_suppressed_is_marked_as_confidential_and_one_that_is_not_known_as_missing(
    august: content.Card,
):
    lacking = {"value": None, "missing_reason": "suppressed: it rests on a small count in Aug-08"}
    unknown = lacking | {"missing_reason": "Sep-08 to Aug-09 holds 11 of 12 months: Jul-09 was not delivered"}
    figures = august.tables["figures"].head(2)
    figures = pl.DataFrame(
        [row | its for row, its in zip(figures.to_dicts(), (lacking, unknown), strict=True)], schema=figures.schema
    )
    table = figures_sheet.of(replace(august, tables=dict(august.tables) | {"figures": figures}))
    place = [column.heading for column in table.columns].index("value")
    assert [row[place] for row in table.rows] == ["[c]", "[x]"]


def test_the_letters_are_those_of_every_card_of_the_year_up_to_this_one(sample: Built) -> None:
    published = sample.query(
        "select line, strftime(report_month, '%b-%y') as month, coalesce(status, '[z]') as letter from scorecard "
        "where financial_year = '2008/09' and report_month <= '2009-01-01'"
    )
    found = list(rows_of(opened(cards(sample) / "2009-01" / "scorecard.xlsx"), "Letters by month"))
    shown = {
        (row["Line"].value, month): cell.value
        for row in found
        for month, cell in row.items()
        if month not in ("Section", "Line", "Indicator")
    }
    assert shown == {(line, month): letter for line, month, letter in published.iter_rows()}
    assert len({month for _, month in shown}) == 10


def test_the_notes_explain_every_symbol_and_mark_that_is_used(sample: Built) -> None:
    for month in ("2008-04", "2009-08"):
        book = opened(cards(sample) / month / "scorecard.xlsx")
        explained = {row["Note"].value for row in rows_of(book, "Notes")}
        assert explained >= NO_VALUE
        assert explained >= {
            mark for row in lines(book) for mark in str(row["Marks"].value).split(", ") if mark != "[z]"
        }


def test_other_programs_read_a_table_by_its_name_with_symbols_as_nothing(august: content.Card, path: Path) -> None:
    read = pl.read_excel(path, table_name="scorecard", engine="openpyxl", infer_schema_length=None)
    values = read["Value"].cast(pl.Float64, strict=False)
    points = [row["unit"] == "points" for row in august.rows]
    assert values.to_list() == pytest.approx(
        [
            None if row["value"] is None else row["value"] * (100 if scaled else 1)
            for row, scaled in zip(august.rows, points, strict=True)
        ]
    )


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice")
def test_libreoffice_opens_it_and_prints_it_within_its_pages(august: content.Card, path: Path, tmp_path: Path) -> None:
    """Where a sheet were wider than a page, its last columns would stand on pages of their own, without the first."""
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    pages = [re.sub(r"\s+", " ", page.extract_text()) for page in pypdf.PdfReader(tmp_path / "scorecard.pdf").pages]
    of_sheets = {sheet: [page for page in pages if re.search(rf"{sheet} Page \d+ of", page)] for sheet in SHEETS}
    assert sum(map(len, of_sheets.values())) == len(pages)
    for sheet, first, last in (("Scorecard", "Section", "Comment"), ("Data dictionary", "Table", "Meaning")):
        assert of_sheets[sheet]
        assert all(first in page and last in page for page in of_sheets[sheet]), sheet
    for row in august.rows:
        assert any(row["line"] in page and (row["latest"] or "") in page for page in of_sheets["Scorecard"]), row[
            "line"
        ]


def as_a_cell(value: object) -> object:
    """A value of the database as openpyxl reads it out of a cell."""
    if isinstance(value, str):
        return spreadsheet_text.neutralised(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
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
    august: content.Card, tmp_path: Path
) -> None:
    vouched = {"accepted": "recorded_crime 2009-08: the force agrees", "confirmed": "still so", "provisional": True}
    changed = replace(august, title="R&D = 1+1", rows=(august.rows[0] | vouched, *august.rows[1:]))
    book = openpyxl.load_workbook(written(changed, tmp_path))
    first = next(lines(book))
    assert first["Marks"].value == "provisional, accepted"
    assert first["Comment"].value == f"{august.rows[0]['comment']} (confirmed: still so)"
    notes = {(row["Note"].value, row["Applies to"].value): row["Meaning"].value for row in rows_of(book, "Notes")}
    assert notes["accepted", "line 1a"] == "recorded_crime 2009-08: the force agrees"
    assert ("incomplete", "column Marks") not in notes


def test_text_of_any_kind_is_shown_and_never_run(august: content.Card, tmp_path: Path) -> None:
    path = written(with_texts(august, list(HOSTILE)), tmp_path)
    book = opened(path)
    for cells, shown in zip(lines(book), HOSTILE.values(), strict=True):
        for heading in ("Indicator", "Target", "Latest", "Period", "Comment", "Reason for the letter"):
            assert (cells[heading].value, cells[heading].data_type) == (shown, "s"), heading
    reasons = [row["missing_reason"] for row in rows_of(book, "Figures")]
    assert [(cell.value, cell.data_type) for cell in reasons] == [(it, "s") for it in HOSTILE.values()]
    assert formulas_and_links(path) == []


def test_a_text_that_is_too_long_for_a_cell_is_cut_where_everybody_sees_it(
    august: content.Card, tmp_path: Path
) -> None:
    characters, whole = ("x", "é", "🚓"), "x" * 32_767
    card = with_texts(august, [*(character * 40_000 for character in characters), whole])
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


def test_a_letter_that_is_changed_changes_its_colour(book: Workbook) -> None:
    sheet = book["Scorecard"]
    letters = [row["RAG"] for row in lines(book)]
    assert {cell.value for cell in letters} == {"[z]", "G", "A", "R"}
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


def test_every_sheet_prints_on_a4_one_page_wide(august: content.Card, book: Workbook) -> None:
    for sheet in book:
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)
        assert sheet.oddFooter.right.text == "Page &P of &N"
    card = book["Scorecard"]
    assert card.print_area == f"'Scorecard'!$A$1:$K${HEADINGS + len(august.rows)}"
    assert card.cell(HEADINGS, 11).value == "Comment"


def test_every_row_is_high_enough_for_its_comment(sample: Built) -> None:
    """At least a line of text for every 85 characters, more than the column can show in one."""
    with zipfile.ZipFile(cards(sample) / "2009-08" / "scorecard.xlsx") as parts:
        xml = parts.read("xl/worksheets/sheet2.xml").decode()
    heights = {int(row): float(points) for row, points in re.findall(r'<row r="(\d+)"[^>]* ht="([0-9.]+)"', xml)}
    for cells in lines(opened(cards(sample) / "2009-08" / "scorecard.xlsx")):
        text = cells["Comment"].value
        assert heights[cells["Comment"].row] >= 12 * -(-len(text) // 85), text


def test_every_line_with_a_history_has_a_small_trend_that_ends_with_its_figure(
    august: content.Card, path: Path, book: Workbook
) -> None:
    with zipfile.ZipFile(path) as parts:
        xml = parts.read("xl/worksheets/sheet2.xml").decode()
    cells_of = dict(re.findall(r"<xm:f>'Trend data'!([A-Z0-9:]+)</xm:f><xm:sqref>(J\d+)</xm:sqref>", xml))
    cells_of = {drawn_in: cells for cells, drawn_in in cells_of.items()}
    sheet, trends = book["Scorecard"], book["Trend data"]
    values = {row["line"]: row["value"] for row in august.rows}
    history = august.tables["history"].drop_nulls("value")
    drawn = {}
    for cell, cells in cells_of.items():
        line = sheet[f"B{cell[1:]}"].value
        (points,) = trends[cells]
        assert trends.cell(points[0].row, 1).value == line
        drawn[line] = {
            trends.cell(HEADINGS, point.column).value: point.value for point in points if point.value is not None
        }
        scale = (
            100
            if august.tables["figures"].row(
                by_predicate=(pl.col("line") == line) & (pl.col("name") == "latest"), named=True
            )["unit"]
            == "points"
            else 1
        )
        of_line = history.filter((pl.col("line") == line) & (pl.col("month") >= date(2007, 8, 1))).sort("month")
        expected = {
            display.month_label(month): value * scale for month, value in of_line.select("month", "value").rows()
        }
        assert drawn[line] == pytest.approx(expected)
        assert [*drawn[line].values()][-1] == pytest.approx(values[line] * scale)
    assert set(drawn) == set(history["line"]) == {line for line, value in values.items() if value is not None}


def test_the_dictionary_explains_every_table_and_column_and_leads_to_the_file(
    august: content.Card, book: Workbook
) -> None:
    rows = list(rows_of(book, "Data dictionary"))
    assert [tuple(cell.value for cell in row.values()) for row in rows] == [
        row
        for table in august.dictionary
        for row in (
            (table.name, "(the table)", f"csv/{table.name}.csv", table.description),
            *((table.name, column.name, column.type, column.description) for column in table.columns),
        )
    ]
    links = [row["Table"] for row in rows if row["Table"].hyperlink]
    assert [(cell.value, cell.hyperlink.location) for cell in links] == [("figures", "'Figures'!A1")]


def test_the_same_card_makes_the_same_bytes_whenever_it_is_written(
    august: content.Card, tmp_path: Path, sample: Built
) -> None:
    first = written(august, tmp_path).read_bytes()
    time.sleep(1.1)
    assert written(august, tmp_path).read_bytes() == first
    properties = openpyxl.load_workbook(tmp_path / "scorecard.xlsx").properties
    (when,) = sample.query("select published_at from release")["published_at"]
    assert properties.created == when.replace(microsecond=0)
    assert (properties.title, properties.creator) == (
        "2009/10 Critical Performance Areas, Aug-09",
        "Metropolitan Police",
    )
    assert properties.subject.startswith("Key Performance Indicator performance for rolling year to Aug-09")
    custom = openpyxl.load_workbook(tmp_path / "scorecard.xlsx").custom_doc_props
    assert custom["Language"].value == "en-GB"


def test_a_table_without_rows_has_its_headings_and_one_row_that_says_so(august: content.Card, tmp_path: Path) -> None:
    none = dict(august.tables) | {"figures": august.tables["figures"].clear()}
    book = opened(written(replace(august, tables=none, rows=()), tmp_path))
    for sheet in ("Scorecard", "Figures"):
        assert [{cell.value for cell in row.values()} for row in rows_of(book, sheet)] == [{"[z]"}]
