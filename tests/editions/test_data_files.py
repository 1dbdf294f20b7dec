import csv
import hashlib
import json
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from math import inf, nan
from pathlib import Path

import duckdb
import frictionless
import polars as pl
import pyarrow.parquet as pq
import pytest
from polars.testing import assert_frame_equal

from orchestration.editions import content, data_files, dictionary
from orchestration.editions.reading import Reading
from orchestration.raw.findings.spreadsheet_text import neutralised
from orchestration.scorecard import contracts, mart

AUGUST = date(2009, 8, 1)
LARGE = ("monthly_measures", "rolling_year", "year_to_date")


@pytest.fixture(scope="module")
def card(sample) -> content.Card:
    with duckdb.connect(str(sample.warehouse / "current" / "scorecard.duckdb"), read_only=True) as connection:
        card = Reading(connection).card(AUGUST)
        return replace(card, tables=dict(card.tables))


@pytest.fixture(scope="module")
def folder(card, tmp_path_factory) -> Path:
    return written(card, tmp_path_factory.mktemp("card"))


def written(card: content.Card, folder: Path) -> Path:
    data_files.write(card, folder)
    return folder


def package(folder: Path) -> dict:
    return json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))


def resource(folder: Path, table: str) -> dict:
    (found,) = [it for it in package(folder)["resources"] if it["name"] == table]
    return found


def document(folder: Path) -> dict:
    def no_number(text: str) -> None:
        raise AssertionError(f"{text} is no JSON")

    return json.loads((folder / "scorecard.json").read_text(encoding="utf-8"), parse_constant=no_number)


def of_the_database(sample, card: content.Card, table: dictionary.Table) -> pl.DataFrame:
    """What a reader of the release finds for the card, sorted."""
    if table.name in mart.VIEWS:
        return in_order(card.tables[table.name])  # a mean may end in another digit each time that it is asked for
    where = f"where report_month = date '{AUGUST}'" if table.by_card else ""
    if table.by_year:
        where = "where financial_year = '2009/10'"
    if table.name == "deliveries":
        where = f"where delivery_month <= date '{AUGUST}'"
    return in_order(sample.query(f"from {table.name} {where}"))


def in_order(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.sort(rows.columns, maintain_order=True)


def with_line(card: content.Card, **different) -> content.Card:
    """The card whose scorecard has one line, changed."""
    rows = (
        card.tables["scorecard"].head(1).with_columns(**{name: pl.lit(it, pl.String) for name, it in different.items()})
    )
    return replace(card, tables=dict(card.tables) | {"scorecard": rows}, rows=tuple(rows.iter_rows(named=True)))


def test_the_folder_is_a_valid_data_package_down_to_every_cell(card, folder):
    read = frictionless.Package(folder / "datapackage.json")
    report = read.validate()
    assert report.valid, report.flatten(["type", "message"])
    assert {task.name for task in report.tasks} == {table.name for table in card.dictionary}
    assert min(card.tables[table].height for table in LARGE) > 20_000


@pytest.mark.parametrize(("was", "now"), [(b"49.3%", b"49.4%"), (b",false,", b",maybe,")])
def test_a_changed_byte_makes_the_package_invalid(card, tmp_path, was, now):
    path = written(card, tmp_path) / "csv" / "scorecard.csv"
    assert was in path.read_bytes()
    path.write_bytes(path.read_bytes().replace(was, now, 1))
    read = frictionless.Package(tmp_path / "datapackage.json")
    assert not read.get_resource("scorecard").validate().valid


def test_the_package_says_what_it_is(card, folder):
    said = package(folder)
    assert said["profile"] == "tabular-data-package"
    assert said["name"] == "scorecard-2009-08"
    assert said["title"] == "2009/10 Critical Performance Areas, Aug-09"
    assert said["version"] == card.release
    assert datetime.fromisoformat(said["created"]).replace(tzinfo=None) == card.tables["release"]["published_at"].item()
    assert "an apostrophe stands before what a spreadsheet would run as a formula" in said["description"]


def test_every_table_and_column_is_described_as_the_release_describes_it(card, folder):
    said = package(folder)
    assert [it["name"] for it in said["resources"]] == [table.name for table in card.dictionary]
    for table, it in zip(card.dictionary, said["resources"], strict=True):
        assert it["profile"] == "tabular-data-resource"
        assert it["description"] == table.description
        content_of = (folder / it["path"]).read_bytes()
        assert (it["bytes"], it["hash"]) == (len(content_of), f"sha256:{hashlib.sha256(content_of).hexdigest()}")
        assert [field["name"] for field in it["schema"]["fields"]] == [column.name for column in table.columns]
        for field, column in zip(it["schema"]["fields"], table.columns, strict=True):
            assert field["description"].startswith(column.description)
            assert column.description


def test_keys_and_required_columns_are_those_of_the_contract(folder):
    for table, contract in contracts.SCORECARD.items():
        schema = resource(folder, table)["schema"]
        assert schema["primaryKey"] == contract.unique
        required = {field["name"] for field in schema["fields"] if field.get("constraints", {}).get("required")}
        assert required == {name for name, column in contract.columns.items() if not column.nullable}


def test_a_card_of_an_earlier_version_that_lacks_what_is_asked_for_now_is_a_valid_package_too(card, tmp_path):
    folder = written(with_line(card, summary=None), tmp_path)
    assert frictionless.Package(folder / "datapackage.json").get_resource("scorecard").validate().valid


def test_duckdb_reads_every_csv_row_for_row_as_the_database_has_it(sample, card, folder):
    for table in card.dictionary:
        expected = of_the_database(sample, card, table)
        types = {column.name: column.type for column in table.columns}
        nothing = resource(folder, table.name)["schema"]["missingValues"][0]
        read = duckdb.sql(
            f"from read_csv('{folder}/csv/{table.name}.csv', header = true, delim = ',', quote = '\"', escape = '\"', "
            f"nullstr = '{nothing}', columns = {types}, auto_detect = false, new_line = '\\r\\n')"
        ).pl()
        texts = [name for name, kind in expected.schema.items() if kind == pl.String]
        safe = expected.with_columns(
            pl.col(name).map_elements(neutralised, return_dtype=pl.String, skip_nulls=True) for name in texts
        )
        assert_frame_equal(in_order(read), in_order(safe), check_exact=True)


def test_a_csv_ends_its_lines_as_rfc_4180_says_and_begins_with_no_mark(folder):
    for path in (folder / "csv").iterdir():
        text = path.read_bytes()
        assert not text.startswith(b"\xef\xbb\xbf")
        assert text.endswith(b"\r\n")
        assert text.count(b"\n") == text.count(b"\r\n")
        text.decode("utf-8")


def test_parquet_holds_the_rows_of_the_database_with_their_types(sample, card, folder):
    for table in card.dictionary:
        read = pl.read_parquet(folder / "parquet" / f"{table.name}.parquet")
        assert_frame_equal(in_order(read), of_the_database(sample, card, table), check_exact=True)
        by_duckdb = duckdb.sql(f"describe from '{folder}/parquet/{table.name}.parquet'").fetchall()
        assert [row[:2] for row in by_duckdb] == [(column.name, column.type) for column in table.columns]


def test_parquet_is_compressed_and_describes_its_columns(card, folder):
    for table in card.dictionary:
        path = folder / "parquet" / f"{table.name}.parquet"
        said = pl.read_parquet_metadata(path)
        assert said["description"] == table.description
        assert said["release"] == card.release
        assert json.loads(said["columns"]) == {column.name: column.description for column in table.columns}
        metadata = pq.read_metadata(path)
        groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
        assert {group.column(place).compression for group in groups for place in range(group.num_columns)} <= {"ZSTD"}


def test_the_document_holds_every_line_as_the_scorecard_has_it(sample, card, folder):
    said = document(folder)
    rows = sample.query(f"from scorecard where report_month = date '{AUGUST}' order by position").to_dicts()
    assert [{name: line[name] for name in rows[0]} for line in said["lines"]] == [plainly(row) for row in rows]
    assert (said["release"], said["report_month"]) == (card.release, "2009-08-01")
    assert (said["title"], said["subtitle"], said["key"]) == (card.title, card.subtitle, card.key)


def plainly(row: dict) -> dict:
    """A row as JSON has it: months as text, sums as numbers."""
    return {
        name: str(it) if isinstance(it, date) else float(it) if isinstance(it, Decimal) else it
        for name, it in row.items()
    }


def test_the_document_holds_all_that_the_release_says_of_a_line(sample, card, folder):
    said = document(folder)
    by_line = {
        table.name: [
            column.name for column in table.columns if column.name not in ("report_month", "financial_year", "line")
        ]
        for table in card.dictionary
        if {"report_month", "line"} <= {column.name for column in table.columns} and table.name != "scorecard"
    }
    assert {"figures", "judgements", "judgement_steps", "intervals", "changes", "movements", "component_movements"} <= {
        *by_line
    }
    assert {"run_rates", "outturns", "trends", "trend_marks", "peers", "republished", "area_contributions"} <= {
        *by_line
    }
    for table, columns in by_line.items():
        rows = sample.query(f"select line, {', '.join(columns)} from {table} where report_month = date '{AUGUST}'")
        told = [
            {"line": line["line"], **row}
            for line in said["lines"]
            for row in (line[table] if isinstance(line[table], list) else [line[table]] if line[table] else [])
        ] + said["of_no_line"].get(table, [])
        assert sorted(told, key=repr) == sorted(map(plainly, rows.to_dicts()), key=repr), table
    assert {it["kind"] for it in said["of_no_line"]["notices"]} == {"overdue"}
    assert isinstance(said["lines"][0]["judgements"], dict)
    assert isinstance(said["lines"][0]["figures"], list)


def test_the_document_brings_the_dictionary(card, folder):
    said = document(folder)["dictionary"]
    assert [(it["table"], it["description"]) for it in said] == [
        (table.name, table.description) for table in card.dictionary
    ]
    assert [[column["name"] for column in it["columns"]] for it in said] == [
        [column.name for column in table.columns] for table in card.dictionary
    ]


FORMULAS = ["=cmd|' /C calc'!A0", "+1+1", "-5.1% =1", "@SUM(A1)", "\t=1", "＝1", "  =1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_neutral_in_csv_and_as_it_was_elsewhere(card, tmp_path, text):
    folder = written(with_line(card, comment=text), tmp_path)
    with (folder / "csv" / "scorecard.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["comment"] == f"'{text}"
    assert pl.read_parquet(folder / "parquet" / "scorecard.parquet")["comment"].item() == text
    assert document(folder)["lines"][0]["comment"] == text
    fields = {field["name"]: field["description"] for field in resource(folder, "scorecard")["schema"]["fields"]}
    assert "apostrophe" in fields["comment"]
    assert "apostrophe" not in fields["title"]


HOSTILE = [
    'quo"ted',
    "com,ma",
    "two\nlines",
    "two\r\nlines",
    "<script>",
    "'quoted",
    "NaN",
    "null",
    "é 😀 \u202e",
    "x" * 5000,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_any_other_text_is_exact_in_every_file(card, tmp_path, text):
    folder = written(with_line(card, comment=text), tmp_path)
    with (folder / "csv" / "scorecard.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file, strict=True)
    assert row["comment"] == text
    assert pl.read_parquet(folder / "parquet" / "scorecard.parquet")["comment"].item() == text
    assert document(folder)["lines"][0]["comment"] == text
    assert frictionless.Package(folder / "datapackage.json").get_resource("scorecard").validate().valid


@pytest.mark.parametrize(("also", "nothing"), [("", "NULL"), ("NULL", "\\N")])
def test_an_empty_text_is_told_from_none(card, tmp_path, also, nothing):
    folder = written(with_line(card, comment="", confirmed=None, title=also or "a"), tmp_path)
    assert resource(folder, "scorecard")["schema"]["missingValues"] == [nothing]
    (row,) = frictionless.Package(folder / "datapackage.json").get_resource("scorecard").read_rows()
    assert (row["comment"], row["confirmed"], row["title"]) == ("", None, also or "a")


def test_where_no_text_is_empty_nothing_is_written_for_none(folder):
    assert {tuple(it["schema"]["missingValues"]) for it in package(folder)["resources"]} == {("",)}


def test_a_number_without_bounds_is_told_in_csv_and_is_null_in_json(card, tmp_path):
    first = card.rows[0]["line"]
    for value, written_as in ((inf, "INF"), (-inf, "-INF"), (nan, "NaN"), (1.5e-9, "1.5e-9")):
        judgements = card.tables["judgements"].with_columns(
            shortfall=pl.when(pl.col("line") == first).then(pl.lit(value)).otherwise(pl.lit(inf))
        )
        folder = tmp_path / written_as
        folder.mkdir()
        data_files.write(replace(card, tables=dict(card.tables) | {"judgements": judgements}), folder)
        with (folder / "csv" / "judgements.csv").open(encoding="utf-8", newline="") as file:
            assert next(csv.DictReader(file))["shortfall"] == written_as
        assert document(folder)["lines"][0]["judgements"]["shortfall"] == (value if value == 1.5e-9 else None)
        assert frictionless.Package(folder / "datapackage.json").get_resource("judgements").validate().valid


def test_the_same_card_gives_the_same_bytes_in_whatever_order_a_view_comes(card, folder, tmp_path):
    turned = {name: card.tables[name].reverse() for name in mart.VIEWS}
    again = written(replace(card, tables=dict(card.tables) | turned), tmp_path)
    for path in sorted(folder.rglob("*.*")):
        assert path.read_bytes() == (again / path.relative_to(folder)).read_bytes(), path.name


def test_a_card_is_no_larger_than_people_can_send(folder):
    assert sum(path.stat().st_size for path in folder.rglob("*.*")) < 12_000_000
