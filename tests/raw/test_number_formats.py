"""Figures as sources write them: what is declared is read, what is not is told once with the declaration to add."""

from decimal import Decimal

import duckdb
import polars as pl
import pyarrow as pa
import pytest

from orchestration.raw.checks import number_formats
from orchestration.raw.comparison import plausibility
from orchestration.raw.comparison.paired_figures import Delivered
from orchestration.raw.findings import findings
from orchestration.raw.landing import landing
from orchestration.raw.sources.extracts import BY_NAME
from orchestration.warehouse import ledger
from tests.deliveries import declaring, lines, month, own_folders, verdict, with_cells, write
from tests.hostile import parquet, workbook

MEANINGS = {"*": "suppressed", "<5": "suppressed", "..": "not available", "n/a": "not available", "-": "zero"}


NOT_DECLARED = ", and this source has not declared what it stands for: if it marks"
BELOW_ZERO = ": correct it, or if this source may go below 0 (as counts net of cancelled records do), declare"
UNDECLARED = {
    "*": f'{NOT_DECLARED} a suppressed value, declare markers: {{"*": suppressed}}',
    "c": f'{NOT_DECLARED} a suppressed value, declare markers: {{"c": suppressed}}',
    "<5": f'{NOT_DECLARED} a suppressed value, declare markers: {{"<5": suppressed}}',
    "[x]": f'{NOT_DECLARED} a suppressed value, declare markers: {{"[x]": suppressed}}',
    "..": f'{NOT_DECLARED} a value that is not available, declare markers: {{"..": not available}}',
    "n/a": f'{NOT_DECLARED} a value that is not available, declare markers: {{"n/a": not available}}',
    "NULL": f'{NOT_DECLARED} a value that is not available, declare markers: {{"NULL": not available}}',
    "-": f'{NOT_DECLARED} a zero, declare markers: {{"-": zero}}',
    "–": f'{NOT_DECLARED} a zero, declare markers: {{"–": zero}}',
    "-1": f"{BELOW_ZERO} negative: true",
    "-1,204": f'{BELOW_ZERO} negative: true and thousands: ","',
    "(12)": ": if brackets mean below 0, declare brackets: true",
    "(1,204)": ': if brackets mean below 0, declare brackets: true and thousands: ","',
    "1,204": ': write it without marks between the thousands, or declare thousands: ","',
    "1 204": ': write it without marks between the thousands, or declare thousands: " "',
    "1'204": ': write it without marks between the thousands, or declare thousands: "\'"',
}


@pytest.mark.parametrize("cell, why", UNDECLARED.items())
def test_what_is_not_declared_keeps_its_rows_out_and_is_told_once_with_the_declaration_to_add(cell, why):
    content = with_cells(lines("weapon_enabled_crime", "2009-08"), "offences", "9", cell, "8", cell, cell)
    said = verdict(content)
    assert (said.status, said.rows.height, said.doubtful.height) == ("quarantined", 221, 0)
    assert findings.message(said.problems) == (
        f"weapon_enabled_crime/2009-08.csv line 3, column offences: '{cell}' is not a whole number of 0 or more{why} "
        f"for column offences in {number_formats.DECLARED_IN}/weapon_enabled_crime.yml (and 2 more rows)"
    )
    assert said.problems["code"].to_list() == ["undeclared", "repeated", "repeated"]
    assert said.problems["rule"].to_list()[1:] == ["has the same problem as line 3"] * 2


OTHER_FORMATS = {
    "money in CSV": (with_cells(lines("asset_recovery", "2009-08"), "value_gbp", "-0.01"), "asset_recovery", "csv"),
    "money in a workbook": (
        workbook([["month", "forecast", "value_gbp"], *(["2009-08", each, "(9.50)"] for each in "ab")]),
        "financial_forecasts",
        "xlsx",
    ),
    "a count in a workbook": (
        workbook([["month", "recruits", "minority_ethnic_recruits"], ["2009-08", 100, "<5"]]),
        "officer_recruitment",
        "xlsx",
    ),
    "a percentage in a workbook": (
        workbook([["month", "system", "availability_percent", "target_percent"], ["2009-06", "Email", "..", 99]]),
        "ict_availability",
        "xlsx",
    ),
    "a count in Parquet": (
        parquet(
            pa.table(
                {
                    "month": ["2009-08"] * 2,
                    "borough": ["Barnet", "Camden"],
                    "offence_group": ["personal_robbery"] * 2,
                    "offences": [4, -3],
                    "sanction_detections": [1, -3],
                }
            )
        ),
        "recorded_crime",
        "parquet",
    ),
}


@pytest.mark.parametrize("content, name, suffix", OTHER_FORMATS.values(), ids=OTHER_FORMATS)
def test_the_declaration_to_add_is_told_whatever_the_format(content, name, suffix):
    said = verdict(content, name, suffix=suffix)
    told = said.problems.filter(code="undeclared")
    assert told.height
    assert all(", declare " in rule and ".yml" in rule for rule in told["rule"])
    assert said.rows.filter(pl.col("file_line").is_in(told["line"].implode())).is_empty()


def test_two_markers_of_a_column_and_one_of_another_are_three_things_to_declare():
    content = with_cells(lines("domestic_violence", "2009-08"), "offences", "*", "..", "*")
    content = with_cells(content, "arrests", "1", "1", "1", "*")
    told = verdict(content, "domestic_violence").problems.filter(code="undeclared")
    assert told.select("line", "column", "value").rows() == [
        (2, "offences", "*"),
        (3, "offences", ".."),
        (5, "arrests", "*"),
    ]


@pytest.mark.parametrize("cell", ["x1", "1.5", "1e3", "TRUE", "#REF!", "1,2", "12,34,567", "(1.5)", "--", "-0x1f"])
def test_what_no_declaration_could_let_in_is_told_without_one(cell):
    said = verdict(with_cells(lines("weapon_enabled_crime", "2009-08"), "offences", cell))
    assert "badly_written" in set(said.problems["code"])
    assert "declare" not in findings.message(said.problems)


def drugs(*cells, **declared):
    return {
        "content": with_cells(lines("class_a_trafficking", "2009-08"), "sanction_detections", *cells),
        "extract": declaring("class_a_trafficking", sanction_detections=declared),
    }


def test_a_declared_marker_is_a_figure_that_is_there_and_not_known():
    said = verdict(**drugs("*", "7", "..", "-", "<5", markers=MEANINGS))
    assert (said.status, said.problems.height, said.notes.height) == ("valid", 0, 0)
    assert said.rows.select("sanction_detections", "markers").rows() == [
        (None, "sanction_detections=suppressed"),
        (7, None),
        (None, "sanction_detections=not available"),
        (0, None),
        (None, "sanction_detections=suppressed"),
    ]


def test_a_file_without_a_marker_has_none_although_its_source_declares_some():
    assert verdict(**drugs(markers=MEANINGS)).rows["markers"].null_count() == 5
    assert "markers" not in verdict(lines("class_a_trafficking", "2009-08"), "class_a_trafficking").rows.columns


def test_a_marker_may_be_an_empty_cell_or_look_like_a_number():
    rows = verdict(**drugs("", "9999", "0", "1", "1", markers={"": "not available", "9999": "suppressed"})).rows
    assert rows["sanction_detections"].to_list() == [None, None, 0, 1, 1]
    assert rows["markers"].to_list()[:3] == [
        "sanction_detections=not available",
        "sanction_detections=suppressed",
        None,
    ]


def test_two_figures_of_a_row_each_say_why_they_are_not_known():
    markers = {"markers": {"*": "suppressed", "..": "not available"}}
    extract = declaring("domestic_violence", offences=markers, arrests=markers)
    content = with_cells(with_cells(lines("domestic_violence", "2009-08"), "offences", "*"), "arrests", "..", "*")
    rows = verdict(content, extract=extract).rows
    assert rows["markers"].to_list()[:3] == [
        "offences=suppressed;arrests=not available",
        "arrests=suppressed",
        None,
    ]
    assert rows["offences"].to_list()[1] is not None


def test_another_marker_than_the_declared_one_stays_out():
    said = verdict(**drugs("*", "c", markers=MEANINGS))
    assert said.problems["code"].to_list()[:1] == ["undeclared"]
    assert said.problems["value"].to_list()[0] == "c"


DECLARED = {
    "below zero": (("-1", "-20", "0"), {"negative": True, "least": -20}, [-1, -20, 0]),
    "brackets": (("(12)", "12", "(0)"), {"brackets": True, "least": -20}, [-12, 12, 0]),
    "thousands": (("1,204", "12", "999,999"), {"thousands": ",", "most": 1_000_000}, [1204, 12, 999_999]),
    "thousands with a blank": (
        ("1 204", "12", "1 204 000"),
        {"thousands": " ", "most": 2_000_000},
        [1204, 12, 1204000],
    ),
    "brackets and thousands": (("(1,204)", "1,204"), {"thousands": ",", "brackets": True, "most": 2000}, [-1204, 1204]),
}


@pytest.mark.parametrize("cells, declared, figures", DECLARED.values(), ids=DECLARED)
def test_what_is_declared_is_read_as_the_number_it_is(cells, declared, figures):
    said = verdict(**drugs(*cells, **declared))
    assert findings.message(said.problems) == ""
    assert said.rows["sanction_detections"].to_list()[: len(figures)] == figures


def test_a_figure_further_below_zero_than_is_declared_waits_for_a_person():
    said = verdict(**drugs("-1", "-21", negative=True, least=-20))
    assert said.problems.select("line", "code").rows() == [(3, "below_least")]
    assert said.doubtful["sanction_detections"].to_list() == [-21]


def test_declared_notations_are_read_in_workbooks_and_in_parquet():
    money = {"thousands": ",", "brackets": True, "markers": {"n/a": "not available"}}
    extract = declaring("financial_forecasts", value_gbp=money)
    kinds = extract.column("forecast").words
    rows = [["2009-08", kind, cell] for kind, cell in zip(kinds, ("1,204.50", "(12)", "n/a", 7), strict=True)]
    said = verdict(workbook([["month", "forecast", "value_gbp"], *rows]), extract=extract, suffix="xlsx")
    assert said.rows["value_gbp"].to_list() == [Decimal("1204.50"), Decimal("-12"), None, Decimal(7)]

    counts = {"markers": {"": "suppressed"}, "negative": True}
    extract = declaring("recorded_crime", offences=counts, sanction_detections=counts)
    cells = [text.split(",") for text in lines("recorded_crime", "2009-08")]
    frame = pl.DataFrame(cells[1:], schema=cells[0], orient="row").with_columns(
        pl.col("offences", "sanction_detections").cast(pl.Int64)
    )
    place = pl.int_range(pl.len())
    frame = frame.with_columns(
        offences=pl.when(place != 0).then(pl.when(place == 1).then(-2).otherwise("offences")),
        sanction_detections=pl.when(place == 1).then(-1).otherwise("sanction_detections"),
    )
    said = verdict(parquet(frame), extract=extract, suffix="parquet")
    assert findings.message(said.problems) == ""
    assert said.rows["offences"].to_list()[:3] == [None, -2, 12]
    assert said.rows["markers"].to_list()[:2] == ["offences=suppressed", None]


TAILS = {
    "99.93999999999999": "99.94",
    "70.30000000000001": "70.3",
    "99.940000000000012": "99.94",
    "100.00000000000001": "100",
}


@pytest.mark.parametrize("cell, figure", TAILS.items())
def test_the_tail_that_a_formula_leaves_is_rounded_off_with_one_note(cell, figure):
    names = BY_NAME["ict_availability"].column("system").words
    rows = [["2009-06", name, cell, "99.93999999999999"] for name in names]
    said = verdict(
        workbook([["month", "system", "availability_percent", "target_percent"], *rows]),
        "ict_availability",
        "2009-06",
        "xlsx",
    )
    assert findings.message(said.problems) == ""
    assert set(said.rows["availability_percent"]) == {Decimal(figure)}
    assert said.notes.select("column", "line", "code").rows() == [
        ("availability_percent", 2, "formula_tail"),
        ("target_percent", 2, "formula_tail"),
    ]


@pytest.mark.parametrize(
    "kind, name, column, cell, figure",
    [
        ("money", "asset_recovery", "value_gbp", "4975152.7400000002", Decimal("4975152.74")),
        ("a count", "weapon_enabled_crime", "offences", "41.99999999999999", 42),
        ("a count", "weapon_enabled_crime", "offences", "12.000000000000002", 12),
    ],
)
def test_a_tail_is_rounded_to_the_places_of_its_kind(kind, name, column, cell, figure):
    said = verdict(with_cells(lines(name, "2009-08"), column, cell), name)
    assert (findings.message(said.problems), said.rows[column].to_list()[0]) == ("", figure)


@pytest.mark.parametrize(
    "cell", ["33.333333333333336", "1234567.891", "99.9412345678901", "0.005000000000000001", "99.941"]
)
def test_digits_that_are_no_noise_are_not_rounded_off(cell):
    said = verdict(with_cells(lines("asset_recovery", "2009-08"), "value_gbp", cell), "asset_recovery")
    assert "badly_written" in set(said.problems["code"])


def test_cells_that_are_alike_are_one_problem_that_counts_them():
    content = with_cells(lines("weapon_enabled_crime", "2009-08"), "offences", *["*", "3", "12.000000000000002"] * 70)
    assert "(and 69 more rows)" in findings.message(verdict(content).problems)


def delivered(held, *cells):
    content = [text.replace("2009-08", held) for text in drugs(*cells)["content"]]
    said = verdict(content, delivered_for=held, extract=drugs(markers=MEANINGS)["extract"])
    return Delivered(month(held), said.delivery.file, said.rows)


def test_a_suppressed_figure_is_no_fall_to_nothing():
    extract = drugs(markers=MEANINGS)["extract"]
    july = delivered("2009-07", "690", "70", "8", "9", "1")
    august = delivered("2009-08", "*", "80", "9", "9", "..")
    september = delivered("2009-09", "700", "75", "7", "9", "2")
    for now, before in ((august, july), (september, august)):
        found = plausibility.compare(extract, now, before)
        assert findings.message(findings.combined([found.problems, found.warnings])) == ""


def test_a_delivery_that_comes_again_is_recognised_although_it_does_not_say_all():
    august = delivered("2009-08", "*", "80", "9", "9", "..")
    again = plausibility.compare(drugs(markers=MEANINGS)["extract"], august._replace(month=month("2009-09")), august)
    assert "every row is that of class_a_trafficking/2009-08.csv again" in findings.message(again.problems)


@pytest.fixture
def rooms(tmp_path, monkeypatch):
    own_folders(tmp_path, monkeypatch)
    return tmp_path


def test_the_table_of_an_extract_says_why_a_figure_is_not_known(rooms):
    declared = drugs("*", "..", markers=MEANINGS)
    write(rooms / "raw", "class_a_trafficking", "2009-08", declared["content"])
    with duckdb.connect() as connection:
        (landed,) = landing.sync(
            connection, declared["extract"], month("2009-08"), month("2009-08"), rooms / "raw"
        ).landed
        assert (landed.status, landed.rows) == ("loaded", 5)
        found = connection.execute(
            "select sanction_detections, markers from raw.class_a_trafficking order by file_line limit 3"
        )
        assert found.fetchall() == [
            (None, "sanction_detections=suppressed"),
            (None, "sanction_detections=not available"),
            (12, None),
        ]


def test_nothing_undeclared_gets_in_even_when_somebody_vouches_for_the_delivery(rooms):
    path = write(rooms / "raw", "class_a_trafficking", "2009-08", drugs("*", "-1", "1,204", "-2")["content"])
    extract, held = BY_NAME["class_a_trafficking"], month("2009-08")
    with duckdb.connect() as connection:
        (landed,) = landing.sync(connection, extract, held, held, rooms / "raw").landed
        assert landed.status == "quarantined"
        file = (rooms / "warehouse" / "quarantine" / "class_a_trafficking-2009-08.csv").read_text(encoding="utf-8-sig")
        assert file.count(",undeclared,") == len(file.splitlines()) - 1 == 3
        (sha256,) = connection.execute("select sha256 from raw.deliveries").fetchone()
        vouched = {"extract": extract.name, "delivery_month": "2009-08", "file": path.name, "sha256": sha256}
        ledger.append([("acceptance", vouched | {"reason": "let it in", "by": "somebody"})])
        (landed,) = landing.sync(connection, extract, held, held, rooms / "raw").landed
        assert (landed.status, landed.rows) == ("accepted", 1)
