"""Files as publishers publish them: small made-up ones of each shape become the plain table that is declared."""

from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from orchestration import settings
from orchestration.audit import files, months, published, sources
from orchestration.audit.files import Delivered, Notation
from orchestration.raw.readers import month_notations
from orchestration.raw.sources import declared_files
from orchestration.raw.sources.declarations import Extract
from tests.deliveries import encoded, month, verdict

PLAIN = """\
title: Offences, by kind.
cadence: monthly
first: 2009-04
restates: 120
columns:
  month: {kind: month, title: month counted, <month>}
  kind: {kind: word, title: kind of offence, words: [burglary, robbery], <kind>}
  offences: {kind: count, title: offences, most: 9000, <offences>}
key: [month, kind]
reading: {<reading>}
series:
  "{kind}_offences": offences
"""
LABELS = (
    "headers: [Minor Category], "
    "labels: {burglary: [Burglary in a Dwelling, Burglary - Residential], robbery: [Robbery]}"
)


class Shape:
    """A declaration and a file of its shape."""

    def __init__(self, content: list[str], month: str = "", kind: str = "", offences: str = "", reading: str = ""):
        self.content = content
        self.text = PLAIN
        for name, fields in {"month": month, "kind": kind, "offences": offences, "reading": reading}.items():
            self.text = self.text.replace(f", <{name}>", f", {fields}" if fields else "").replace(f"<{name}>", fields)

    def extract(self, folder: Path) -> Extract:
        (folder / "offences_by_kind.yml").write_text(self.text, encoding="utf-8")
        (extract,) = declared_files.read(folder)
        return extract


WIDE = Shape(
    [
        "Major Category,Minor Category,200906,200907,200908",
        "Burglary,Burglary in a Dwelling,1,2,0",
        "Burglary,BURGLARY - RESIDENTIAL,0,0,4",
        "Drugs,Possession Of Drugs,7,7,7",
        "Robbery,Robbery,5,6,8",
    ],
    kind=f"{LABELS}, ignored_words: [Possession Of Drugs]",
    reading="month_columns: true, ignored_columns: [Major Category]",
)
RECORDS = Shape(
    [
        "Crime ID,Month,Crime type,Context",
        "a1,2009-08,Burglary,",
        ",2009-08,,",
        ",2009-08,,",
        "a1,2009-08,Burglary,",
        "b2,2009-08,Burglary,seen",
    ],
    kind="headers: [Crime type], labels: {burglary: [Burglary]}, empty: robbery",
    reading="records: true, same_record: [Crime ID], ignored_columns: [Context, Location]",
)
SURVEY = Shape(
    [
        "Date,District,kind,Proportion,,",
        '31/8/2009,North,burglary,"0,56%",,',
        '31/08/2009,North,robbery,"0,6 %",,see above',
        '31/8/2009,South,burglary,"0,56%",,',
    ],
    month="headers: [Date]",
    offences="headers: [Proportion], decimal_comma: true, signs: '%'",
    reading='dates: d/m/yyyy, same_record: [Date, kind], ignored_columns: [District, ""]',
)
SURVEY.text = SURVEY.text.replace("kind: count", "kind: measure")
SEMICOLONS = Shape(
    [
        "Recorded offences;;;",
        "Region;;;",
        ";2009/10;;",
        "Kind;Jul;Aug;Total",
        'burglary;"1.204";2;1.206',
        "ROBBERY;5;6;11",
        "Total;1.209;8;1.217",
        "",
        "Source: annual returns, revised",
    ],
    kind="headers: [Kind], ignored_words: [total], labels: {robbery: [Robbery]}",
    offences='thousands: "."',
    reading="delimiter: ';', title_lines: 2, header_lines: 2, month_columns: true, ignored_columns: [2009/10 Total]",
)
TABS = Shape(
    ["Year\tMonth\tkind\toffences", "2009/10\tAugust\tburglary\t3", "2009/10\tAugust\trobbery\t4"],
    reading='delimiter: "\\t", month_from: [Year, Month]',
)
ABSENT = Shape(
    ["month,kind,offences,note", "2009-07,robbery,3,x", "2009-08,burglary,1,"],
    reading="absent_is_zero: true, ignored_columns: [note]",
)
RECODED = Shape(
    ["Minor Category,200906,200907,200908", "Burglary,9,7,1", "BURGLARY - RESIDENTIAL,0,0,4", "Robbery,5,6,8"],
    kind="headers: [Minor Category], labels: {burglary: [{label: Burglary, until: 2009-07}, Burglary - Residential], "
    "robbery: [Robbery, {label: Burglary, since: 2009-08}]}",
    reading="month_columns: true",
)
# month, word, figure, and the line of the publisher's file it comes from
BECOMES = {
    "a month a column, labels that take turns": (
        WIDE,
        [
            ("2009-06", "burglary", 1, 2),
            ("2009-06", "robbery", 5, 5),
            ("2009-07", "burglary", 2, 2),
            ("2009-07", "robbery", 6, 5),
            ("2009-08", "burglary", 4, 2),
            ("2009-08", "robbery", 8, 5),
        ],
        ["rows of the kind 'Possession Of Drugs' (1)"],
    ),
    "a record a row": (
        RECORDS,
        [("2009-08", "burglary", 2, 2), ("2009-08", "robbery", 2, 3)],
        ["rows that repeat the Crime ID of another (1)"],
    ),
    "decimal commas, days, and the whole's share in the row of each of its parts": (
        SURVEY,
        [("2009-08", "burglary", Decimal("0.56"), 2), ("2009-08", "robbery", Decimal("0.6"), 3)],
        ["rows that repeat the Date and kind of another (1)"],
    ),
    "semicolons, a title, two lines of header, totals": (
        SEMICOLONS,
        [
            ("2009-07", "burglary", 1204, 5),
            ("2009-07", "robbery", 5, 6),
            ("2009-08", "burglary", 2, 5),
            ("2009-08", "robbery", 6, 6),
        ],
        ["rows of the kind 'Total' (1)"],
    ),
    "a label that is another word's from a month on": (
        RECODED,
        [
            ("2009-06", "burglary", 9, 2),
            ("2009-06", "robbery", 5, 4),
            ("2009-07", "burglary", 7, 2),
            ("2009-07", "robbery", 6, 4),
            ("2009-08", "burglary", 4, 3),
            ("2009-08", "robbery", 9, 2),
        ],
        [],
    ),
    "tabs, and the year in a column of its own": (
        TABS,
        [("2009-08", "burglary", 3, 2), ("2009-08", "robbery", 4, 3)],
        [],
    ),
    "zeros left out": (
        ABSENT,
        [
            ("2009-07", "burglary", 0, 2),
            ("2009-07", "robbery", 3, 2),
            ("2009-08", "burglary", 1, 3),
            ("2009-08", "robbery", 0, 3),
        ],
        [],
    ),
}


@pytest.mark.parametrize(("shape", "rows", "left_out"), BECOMES.values(), ids=BECOMES)
def test_a_published_file_becomes_the_table_that_is_declared(tmp_path: Path, shape: Shape, rows: list, left_out: list):
    said = verdict(shape.content, extract=shape.extract(tmp_path))
    assert (said.status, said.problems["rule"].to_list()) == ("valid", [])
    found = said.rows.select("month", "kind", "offences", "file_line").sort("month", "kind").rows()
    assert [(f"{when:%Y-%m}", str(kind), figure, line) for when, kind, figure, line in found] == rows
    assert said.rows_in == said.rows.height + said.left_out
    notes = said.notes.filter(code="as_declared")["rule"].to_list()
    assert notes == [f"left out, as declared: {note}" for note in left_out]


@pytest.mark.parametrize(("shape", "rows"), [its[:2] for its in BECOMES.values()], ids=BECOMES)
def test_the_audit_reads_the_same_figures_from_the_same_bytes_by_itself(tmp_path: Path, shape: Shape, rows: list):
    shape.extract(tmp_path)
    (source,) = sources.read(tmp_path).values()
    notations = {"offences": Notation({}, source.columns["offences"].get("thousands", ""), brackets=False)}
    delivered = Delivered("offences_by_kind", month("2009-08"), "offences_by_kind/2009-08.csv", "", notations=notations)
    sums: dict[tuple[str, str], Decimal] = {}
    cells = published.rows(source, files.rows(delivered, encoded(shape.content), source.layout), 3)
    for row in files.with_plain_figures(delivered, cells):
        key = row["month"], row["kind"]
        sums[key] = sums.get(key, Decimal(0)) + Decimal(row["offences"])
    assert sums == {(when, kind): figure for when, kind, figure, _ in rows if figure}


QUARTERS = {
    "2008/09 Q1": "2008-06",
    "Q4 2008-09": "2009-03",
    "2008 Q1": "2008-03",
    "2008/09 Apr": "2008-04",
    "January 2008/09": "2009-01",
    "31-Dec-04": "2004-12",
}


@pytest.mark.parametrize("written", QUARTERS)
def test_where_it_is_declared_a_quarter_a_month_of_a_financial_year_and_a_day_are_months_as_to_the_audit(written: str):
    assert month_notations.month_of(written) == QUARTERS[written] == months.written(months.parsed(written, january=3))


def test_a_year_or_a_day_that_may_be_two_is_no_month():
    assert [month_notations.month_of(text) for text in ("2008/09", "03/04/2009", "2008", "Total")] == [None] * 4


def test_rows_that_stand_there_twice_are_not_added_up_as_two_labels_are(tmp_path: Path):
    said = verdict([*WIDE.content, WIDE.content[1]], extract=WIDE.extract(tmp_path))
    assert (said.status, {*said.problems["code"]}) == ("quarantined", {"key_twice"})


def test_a_label_in_no_list_is_kept_out_and_one_that_is_ignored_is_counted(tmp_path: Path):
    content = [text.replace("Possession Of Drugs", "Drug Trafficking") for text in WIDE.content]
    said = verdict(content, extract=WIDE.extract(tmp_path))
    assert said.status == "quarantined"
    (unknown,) = set(said.problems.filter(code="unknown_word")["value"])
    assert unknown == "Drug Trafficking"
    assert set(said.problems.filter(code="unknown_word")["line"]) == {4}


def test_how_many_rows_each_label_stands_in_is_counted_by_the_word_that_it_means(tmp_path: Path):
    said = verdict(RECODED.content, extract=RECODED.extract(tmp_path))
    assert said.labels == (
        ("kind", "Burglary", "burglary", 1),
        ("kind", "Burglary", "robbery", 1),
        ("kind", "Burglary - Residential", "burglary", 1),
        ("kind", "Robbery", "robbery", 1),
    )


def test_a_label_in_a_month_that_it_is_not_declared_for_is_kept_out(tmp_path: Path):
    shape = Shape(RECODED.content)
    shape.text = RECODED.text.replace(", {label: Burglary, since: 2009-08}", "")
    said = verdict(RECODED.content, extract=shape.extract(tmp_path))
    unknown = said.problems.filter(code="unknown_word").select("value", "line").rows()
    assert (said.status, unknown) == ("quarantined", [("Burglary", 2)])


def test_a_file_whose_months_are_gone_and_one_with_a_new_column_are_rejected(tmp_path: Path):
    extract = WIDE.extract(tmp_path)
    without = verdict([",".join(text.split(",")[:2]) for text in WIDE.content], extract=extract)
    assert (without.status, without.problems["rule"].to_list()) == (
        "rejected",
        ["no column is a month, as 2009-08, 200908, Aug-09 or 2009/10 Q1"],
    )
    another = verdict(
        [f"{text},{'Total' if place == 0 else 9}" for place, text in enumerate(WIDE.content)], extract=extract
    )
    assert (another.status, another.problems["code"].to_list()) == ("rejected", ["header"])
    assert "column 'Total' is none of this extract's" in another.problems["rule"][0]


MISTAKES = {
    "a workbook": (
        ("key:", "formats: [xlsx]\nkey:"),
        "formats: a file that is read as its publisher publishes it is csv",
    ),
    "a label of no word": (
        ("labels: {burglary", "labels: {burglry"),
        "columns.kind.labels.burglry: 'burglry' is none of",
    ),
    "a label of two words at a time": (
        ("[Robbery]", "[Robbery, {label: Burglary in a Dwelling, since: 2009-08}]"),
        "columns.kind.labels: 'burglary in a dwelling' stands for two words",
    ),
    "a label that ends before it begins": (
        ("[Robbery]", "[{label: Robbery, since: 2009-08, until: 2009-07}]"),
        "columns.kind.labels.robbery: its `until`, 2009-07, is before its `since`, 2009-08",
    ),
    "a field of a label": (
        ("[Robbery]", "[{label: Robbery, from: 2009-08}]"),
        "is no field of a label; known are label, since, until",
    ),
    "records of several deliveries without what makes two one": (
        ("month_columns: true", "across_deliveries: true"),
        "reading.across_deliveries: needs `records`, `same_record` and `absent_is_zero` as well",
    ),
    "an ignored word": (("[Possession Of Drugs]", "[robbery]"), "columns.kind.ignored_words: 'robbery' is one of its"),
    "a way to write months": (
        ("month_columns: true", "month_columns: often"),
        "reading.month_columns: 'often' should be true or false",
    ),
    "a field": (("month_columns", "months_columns"), "reading.months_columns: is no field of a reading; did you mean"),
    "two figures": (
        ("key:", "  more: {kind: count, title: more, most: 9}\nkey:"),
        "reading.month_columns: needs one figure for each row of the table, not 2",
    ),
}


@pytest.mark.parametrize(("edit", "sentence"), MISTAKES.values(), ids=MISTAKES)
def test_a_reading_that_does_not_fit_its_columns_is_a_mistake(tmp_path: Path, edit: tuple[str, str], sentence: str):
    shape = Shape(WIDE.content)
    shape.text = WIDE.text.replace(*edit, 1)
    assert shape.text != WIDE.text
    with pytest.raises(declared_files.DeclarationError) as error:
        shape.extract(tmp_path)
    assert sentence in str(error.value)


BY_AREA = """\
title: Offences, by area and kind.
cadence: monthly
first: 2009-04
columns:
  month: {kind: month, title: month counted}
  area: {kind: area, title: where}
  kind: {kind: word, title: kind of offence, words: [burglary, robbery]}
  offences: {kind: count, title: offences, most: 9000}
key: [month, area, kind]
series:
  "{kind}_offences": offences
"""
AREAS = ("All,whole,", "North,area,a", "South,area,a", "Airport,unallocated,a", "Unknown,unallocated,a", "")


@pytest.fixture
def by_area(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a source by area, some of which are no part of the whole."""
    (tmp_path / "areas.csv").write_text("\n".join(("area,kind,suppressed_with", *AREAS)), encoding="utf-8")
    (tmp_path / "offences_by_area.yml").write_text(BY_AREA, encoding="utf-8")
    monkeypatch.setattr(settings, "CATALOGUE", tmp_path)
    return tmp_path


def test_what_is_not_delivered_of_an_area_that_is_no_part_of_the_whole_is_0(by_area: Path):
    (extract,) = declared_files.read(by_area)
    parts = [f"2009-08,{area},{kind},3" for area in ("North", "South") for kind in ("burglary", "robbery")]
    said = verdict(["month,area,kind,offences", *parts, "2009-08,airport,robbery,9"], extract=extract)
    assert (said.status, said.rows_in) == ("valid", 8)
    found = said.rows.filter(pl.col("area").cast(pl.String).is_in(["Airport", "Unknown"]))
    assert set(found.select("area", "kind", "offences", "file_line").iter_rows()) == {
        ("Airport", "robbery", 9, 6),
        ("Airport", "burglary", 0, 6),
        ("Unknown", "burglary", 0, 6),
        ("Unknown", "robbery", 0, 6),
    }


def test_a_part_of_the_whole_is_missing_where_nothing_is_delivered_of_it(by_area: Path):
    (extract,) = declared_files.read(by_area)
    said = verdict(["month,area,kind,offences", "2009-08,North,burglary,1", "2009-08,North,robbery,2"], extract=extract)
    assert (said.status, {*said.problems["code"]}) == ("quarantined", {"keys_missing"})


OF_AREAS = {
    "rows that are counted": ("offences\n", "rows\n", "series.{kind}_offences: what counts rows would count"),
    "areas that may be missing": (
        "kind: area,",
        "kind: area, optional_words: [Docks],",
        "columns.area.optional_words: areas that may be missing are of the kind unallocated",
    ),
}


@pytest.mark.parametrize(("field", "instead", "sentence"), OF_AREAS.values(), ids=OF_AREAS)
def test_what_would_count_what_is_not_delivered_is_a_mistake(by_area: Path, field: str, instead: str, sentence: str):
    head, _, tail = BY_AREA.rpartition(field)
    (by_area / "offences_by_area.yml").write_text(head + instead + tail, encoding="utf-8")
    with pytest.raises(declared_files.DeclarationError) as error:
        declared_files.read(by_area)
    assert sentence in str(error.value)
