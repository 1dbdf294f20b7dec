import dagster as dg
import duckdb
import polars as pl
import pytest
from deliveries import lines, month, write

from orchestration import months
from orchestration.defs import raw as raw_assets
from orchestration.deliveries import landing
from orchestration.deliveries.extracts import BY_NAME, EXTRACTS, due
from orchestration.deliveries.refusals import DeliveryRefused

NAME = "weapon_enabled_crime"
EXTRACT = BY_NAME[NAME]


@pytest.fixture
def connection():
    with duckdb.connect() as connection:
        yield connection


def synced(connection, raw, first="2009-06", last="2009-08", extract=EXTRACT):
    return landing.sync(connection, extract, month(first), month(last), raw)


def statuses(landed):
    return [(months.key(each.month), each.status) for each in landed]


def listed(connection):
    return connection.execute(
        "select strftime(delivery_month, '%Y-%m'), file, rows_in, rows_loaded, rows_quarantined, due, status "
        "from raw.deliveries order by delivery_month"
    ).fetchall()


def offences(connection):
    return dict(
        connection.execute(
            f"select strftime(delivery_month, '%Y-%m'), max(offences) from raw.{NAME} group by all"
        ).fetchall()
    )


@pytest.fixture
def raw(tmp_path):
    for each in ("2009-06", "2009-07", "2009-08"):
        write(tmp_path, NAME, each, lines(NAME, each))
    return tmp_path


def test_deliveries_are_loaded_with_where_they_came_from(connection, raw):
    assert statuses(synced(connection, raw)) == [("2009-06", "loaded"), ("2009-07", "loaded"), ("2009-08", "loaded")]
    assert listed(connection)[0] == ("2009-06", f"{NAME}/2009-06.csv", 224, 224, 0, True, "loaded")
    row = connection.execute(f"select * from raw.{NAME} where file_line = 2 order by delivery_month").fetchone()
    digest = connection.execute("select sha256 from raw.deliveries order by delivery_month").fetchone()[0]
    june = month("2009-06")
    assert row == (june, "Barking and Dagenham", "handgun", 10, june, f"{NAME}/2009-06.csv", digest, 2)


def test_every_extract_has_a_table_with_its_types_and_comments_before_anything_came(connection, tmp_path):
    for extract in EXTRACTS:
        synced(connection, tmp_path, extract=extract)
        found = connection.execute(
            "select column_name, data_type, comment from duckdb_columns() where table_name = ? order by column_index",
            [extract.name],
        ).fetchall()
        assert found == landing.columns(extract)
        assert all(comment for _, _, comment in found)
    said = connection.execute("select comment from duckdb_tables() where table_name = 'population'").fetchone()[0]
    assert said.startswith("Residents and the economically active")


def test_the_same_file_again_changes_nothing_and_says_so(connection, raw):
    synced(connection, raw)
    before = connection.execute(f"select * from raw.{NAME} order by all").fetchall(), listed(connection)
    assert {status for _, status in statuses(synced(connection, raw))} == {"unchanged"}
    assert (connection.execute(f"select * from raw.{NAME} order by all").fetchall(), listed(connection)) == before


def test_a_corrected_file_replaces_the_rows_of_its_delivery_only(connection, raw):
    synced(connection, raw)
    before = offences(connection)
    write(raw, NAME, "2009-07", lines(NAME, "2009-07", offences=500))
    assert statuses(synced(connection, raw)) == [
        ("2009-06", "unchanged"),
        ("2009-07", "replaced"),
        ("2009-08", "unchanged"),
    ]
    assert offences(connection) == {**before, "2009-07": 723}
    assert connection.execute(f"select count(*) from raw.{NAME}").fetchone() == (3 * 224,)


def test_a_file_that_has_gone_takes_its_rows_with_it(connection, raw):
    synced(connection, raw)
    (raw / NAME / "2009-07.csv").unlink()
    assert statuses(synced(connection, raw))[1] == ("2009-07", "removed")
    assert set(offences(connection)) == {"2009-06", "2009-08"}
    assert listed(connection)[1] == ("2009-07", None, 0, 0, 0, True, "no delivery")
    assert statuses(synced(connection, raw))[1] == ("2009-07", "no delivery")


def test_a_month_in_which_nothing_came_is_listed_as_due(connection, raw):
    assert statuses(synced(connection, raw, last="2009-09"))[-1] == ("2009-09", "no delivery")
    assert listed(connection)[-1] == ("2009-09", None, 0, 0, 0, True, "no delivery")


def test_a_quarterly_extract_is_due_at_the_end_of_quarters_only(connection, tmp_path):
    landed = synced(connection, tmp_path, "2009-05", "2009-07", BY_NAME["user_satisfaction"])
    assert [each.due for each in landed] == [False, True, False]


def test_what_is_due_when():
    assert due(BY_NAME["population"], month("2009-04")) and not due(BY_NAME["population"], month("2009-05"))
    assert not due(BY_NAME["peer_forces"], month("2008-03")) and due(BY_NAME["peer_forces"], month("2008-04"))
    assert not due(BY_NAME["british_crime_survey"], month("2007-03"))


def test_a_late_file_is_loaded_when_it_is_there(connection, raw):
    late = (raw / NAME / "2009-07.csv").rename(raw / "late")
    assert statuses(synced(connection, raw))[1] == ("2009-07", "no delivery")
    late.rename(raw / NAME / "2009-07.csv")
    assert statuses(synced(connection, raw))[1] == ("2009-07", "loaded")


def test_one_month_on_a_fresh_machine_loads_what_came_before_and_nothing_after(connection, raw):
    assert statuses(synced(connection, raw, "2009-07", "2009-07")) == [("2009-06", "loaded"), ("2009-07", "loaded")]
    assert set(offences(connection)) == {"2009-06", "2009-07"}


def test_a_delivery_before_the_range_that_is_loaded_is_left_as_it_is(connection, raw):
    synced(connection, raw)
    before = offences(connection)
    write(raw, NAME, "2009-06", lines(NAME, "2009-06", offences=500))
    assert statuses(synced(connection, raw, "2009-08", "2009-08")) == [("2009-08", "unchanged")]
    assert offences(connection) == before


def test_good_files_are_loaded_before_the_bad_ones_are_refused_together(connection, raw):
    write(raw, NAME, "2009-06", b"<html>")
    write(raw, NAME, "2009-07", lines(NAME, "2009-07")[:-1])
    with pytest.raises(DeliveryRefused) as refused:
        synced(connection, raw)
    said = str(refused.value).splitlines()
    assert said[0].startswith(f"{NAME}/2009-06.csv: the file is a web page")
    assert "missing: Westminster knife" in said[1]
    assert set(offences(connection)) == {"2009-08"}


def test_a_refused_correction_keeps_the_rows_there_were(connection, raw):
    synced(connection, raw)
    before = offences(connection), listed(connection)
    write(raw, NAME, "2009-07", b"")
    with pytest.raises(DeliveryRefused):
        synced(connection, raw)
    assert (offences(connection), listed(connection)) == before


STRANGE = {
    "a folder like an extract": (
        "weapon_enabled_crimes/2009-08.csv",
        "weapon_enabled_crimes/: no extract has this name",
    ),
    "another folder": ("archive/x", "archive/: no extract has this name: start its name with _"),
    "another format": (f"{NAME}/2009-09.xlsx", f"{NAME}/2009-09.xlsx: deliveries of {NAME} are called <YYYY-MM>.csv"),
    "another name": (f"{NAME}/September.csv", f"{NAME}/September.csv: deliveries of {NAME} are called <YYYY-MM>.csv"),
    "a copy": (f"{NAME}/2009-08 (1).csv", f"{NAME}/2009-08 (1).csv: deliveries of {NAME} are called"),
    "month 13": (f"{NAME}/2009-13.csv", f"{NAME}/2009-13.csv: deliveries of {NAME} are called <YYYY-MM>.csv"),
    "a folder within": (f"{NAME}/2009/08.csv", f"{NAME}/2009: this is a folder"),
}


@pytest.mark.parametrize("path, sentence", STRANGE.values(), ids=STRANGE)
def test_what_is_no_delivery_is_named_and_the_others_are_loaded(connection, raw, path, sentence):
    (raw / path).parent.mkdir(exist_ok=True)
    (raw / path).write_text("x\n")
    with pytest.raises(DeliveryRefused) as refused:
        synced(connection, raw)
    assert str(refused.value).startswith(sentence)
    assert len(offences(connection)) == 3


@pytest.mark.parametrize("path", [f"{NAME}/2009-09.csv.part", f"{NAME}/.DS_Store", "_sample/make.py", "README.md"])
def test_files_set_aside_are_no_business_of_the_pipeline(connection, raw, path):
    (raw / path).parent.mkdir(exist_ok=True)
    (raw / path).write_text("x\n")
    assert len(synced(connection, raw)) == 3


def test_two_files_for_one_month_are_refused_and_neither_is_loaded(connection, tmp_path):
    write(tmp_path, "recorded_crime", "2009-08", lines("recorded_crime", "2009-08"))
    write(tmp_path, "recorded_crime", "2009-08", b"x", "parquet")
    with pytest.raises(DeliveryRefused, match=r"2009-08.csv and 2009-08.parquet are deliveries for the same month"):
        synced(connection, tmp_path, extract=BY_NAME["recorded_crime"])
    assert connection.execute("select count(*) from raw.recorded_crime").fetchone() == (0,)


def test_a_quarter_that_came_late_is_listed_in_the_month_it_came(connection, tmp_path):
    extract = BY_NAME["user_satisfaction"]
    write(tmp_path, extract.name, "2008-10", lines(extract.name, "2008-07", "2008-08", "2008-09"))
    landed = synced(connection, tmp_path, "2008-09", "2008-10", extract)
    assert [(each.due, each.status) for each in landed] == [(True, "no delivery"), (False, "loaded")]


def test_a_raw_folder_that_is_not_there_is_refused(connection, tmp_path):
    with pytest.raises(DeliveryRefused, match="the folder of deliveries does not exist"):
        synced(connection, tmp_path / "nowhere")


def test_a_table_of_an_earlier_contract_is_made_anew(connection, raw):
    synced(connection, raw)
    connection.execute(f"alter table raw.{NAME} add column extra integer")
    assert {status for _, status in statuses(synced(connection, raw))} == {"loaded"}
    assert connection.execute(f"select count(*) from raw.{NAME}").fetchone() == (3 * 224,)


def test_a_load_that_breaks_off_leaves_nothing_half_done(connection, raw, monkeypatch):
    synced(connection, raw, "2009-06", "2009-06")
    before = offences(connection), listed(connection)
    monkeypatch.setattr(landing, "_line", lambda extract, delivery: [extract.name, delivery.month])
    with pytest.raises(pl.exceptions.PolarsError):  # after the old rows are gone and the new ones are in
        synced(connection, raw)
    monkeypatch.undo()
    assert (offences(connection), listed(connection)) == before
    assert len(synced(connection, raw)) == 3


# the assets


@pytest.fixture
def rooms(raw, tmp_path, monkeypatch):
    monkeypatch.setenv("SCORECARD_RAW", str(raw))
    monkeypatch.setenv("SCORECARD_WAREHOUSE", str(tmp_path / "_warehouse"))
    return raw


def materialised(first, last):
    asset = next(asset for asset in raw_assets.assets if asset.key == dg.AssetKey(["raw", NAME]))
    with dg.DagsterInstance.ephemeral() as instance:
        return dg.materialize(
            [asset],
            instance=instance,
            raise_on_error=False,
            tags={"dagster/asset_partition_range_start": first, "dagster/asset_partition_range_end": last},
        )


def test_one_run_materialises_a_range_of_months_and_tells_of_each_what_came(rooms):
    result = materialised("2009-07", "2009-09")
    assert result.success
    materialisations = result.asset_materializations_for_node(f"raw__{NAME}")
    assert [each.partition for each in materialisations] == ["2009-07", "2009-08", "2009-09"]
    told = [{name: value.value for name, value in each.metadata.items()} for each in materialisations]
    assert [(month["dagster/row_count"], month["delivery"], month["status"], month["due"]) for month in told] == [
        (224, f"{NAME}/2009-07.csv", "loaded", True),
        (224, f"{NAME}/2009-08.csv", "loaded", True),
        (0, "no delivery", "no delivery", True),
    ]
    assert told[0]["months due without a delivery"] == "2009-09"
    assert "Barking and Dagenham" in told[0]["preview"]


def test_a_refused_delivery_fails_the_asset_with_its_problems(rooms):
    write(rooms, NAME, "2009-08", b"<html>")
    result = materialised("2009-08", "2009-08")
    assert not result.success
    failure = result.get_step_failure_events()[0].event_specific_data
    said = failure.user_failure_data
    assert said.description.startswith(f"{NAME}/2009-08.csv: the file is a web page")
    assert f"| {NAME}/2009-08.csv |" in said.metadata["first problems"].value


def test_an_asset_leaves_the_database_closed(rooms, tmp_path):
    import subprocess
    import sys

    assert materialised("2009-08", "2009-08").success
    path = tmp_path / "_warehouse" / "performance.duckdb"
    opened = [sys.executable, "-c", f"import duckdb; duckdb.connect({str(path)!r}).execute('create table t (x int)')"]
    subprocess.run(opened, check=True)


def test_every_extract_is_an_asset_that_takes_a_range_in_one_run():
    assert {asset.key.path[-1] for asset in raw_assets.assets} == set(BY_NAME)
    for asset in raw_assets.assets:
        assert asset.key.path[0] == "raw"
        assert asset.partitions_def == months.partitions()
        assert asset.backfill_policy == dg.BackfillPolicy.single_run()
