import csv
import errno
import hashlib
import subprocess
import sys

import dagster as dg
import duckdb
import pytest

from orchestration import months, settings
from orchestration.defs import raw as raw_assets
from orchestration.defs.partitions import BY_COMMAND, WAREHOUSE, partitions, range_tags
from orchestration.defs.resources import Warehouse
from orchestration.raw.files import open_files, vault
from orchestration.raw.files.folder import NoFolder
from orchestration.raw.landing import landing, raw_schema, raw_tables
from orchestration.raw.sources.declarations import due
from orchestration.raw.sources.extracts import BY_NAME, EXTRACTS
from orchestration.warehouse import files, ledger, run_lock
from tests.deliveries import ADDED_TO_DELIVERIES, lines, month, own_folders, write

NAME = "weapon_enabled_crime"
EXTRACT = BY_NAME[NAME]


@pytest.fixture
def connection():
    with duckdb.connect() as connection:
        yield connection


@pytest.fixture(autouse=True)
def rooms(tmp_path, monkeypatch):
    """Its own raw folder, and a warehouse for the vault and the ledger."""
    own_folders(tmp_path, monkeypatch)
    (tmp_path / "raw").mkdir()


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "raw"


def synced(connection, raw, first="2009-06", last="2009-08", extract=EXTRACT):
    return landing.sync(connection, extract, month(first), month(last), raw).landed


def unrecognised(connection, raw, extract=EXTRACT):
    return landing.sync(connection, extract, month("2009-06"), month("2009-08"), raw).unrecognised


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
def raw(folder):
    for each, offences in (("2009-06", 9), ("2009-07", 10), ("2009-08", 11)):
        write(folder, NAME, each, lines(NAME, each, offences=offences))
    return folder


def test_deliveries_are_loaded_with_where_they_came_from(connection, raw):
    assert statuses(synced(connection, raw)) == [("2009-06", "loaded"), ("2009-07", "loaded"), ("2009-08", "loaded")]
    assert listed(connection)[0] == ("2009-06", f"{NAME}/2009-06.csv", 224, 224, 0, True, "loaded")
    row = connection.execute(f"select * from raw.{NAME} where file_line = 2 order by delivery_month").fetchone()
    june = month("2009-06")
    assert row == (june, "Barking and Dagenham", "handgun", 9, june, 2, None)


def test_every_extract_has_a_table_with_its_types_and_comments_before_anything_came(connection, folder):
    for extract in EXTRACTS:
        synced(connection, folder, extract=extract)
        found = connection.execute(
            "select column_name, data_type, comment from duckdb_columns() where table_name = ? order by column_index",
            [extract.name],
        ).fetchall()
        assert found == raw_schema.columns(extract)
        assert all(comment for _, _, comment in found)
    said = connection.execute("select comment from duckdb_tables() where table_name = 'population'").fetchone()[0]
    assert said.startswith("Residents and the economically active")


def test_tables_of_an_earlier_version_keep_what_they_hold_and_gain_the_new_columns(connection, raw):
    synced(connection, raw)
    before = listed(connection)
    for column in ADDED_TO_DELIVERIES:
        connection.execute(f"alter table raw.deliveries drop column {column}")
    connection.execute(f"alter table raw.{NAME} drop column markers")
    for column in ("file", "sha256"):
        connection.execute(f"alter table raw.{NAME} add column {column} varchar")
    assert {status for _, status in statuses(synced(connection, raw))} == {"unchanged"}
    assert listed(connection) == before
    for table, its in (("deliveries", raw_schema.DELIVERIES), (NAME, raw_schema.columns(EXTRACT))):
        query = "select column_name, data_type, comment from duckdb_columns() where table_name = ? order by all"
        assert connection.execute(query, [table]).fetchall() == sorted(its)


def test_the_same_file_again_changes_nothing_and_says_so(connection, raw):
    synced(connection, raw)
    before = connection.execute(f"select * from raw.{NAME} order by all").fetchall(), listed(connection)
    assert {status for _, status in statuses(synced(connection, raw))} == {"unchanged"}
    assert (connection.execute(f"select * from raw.{NAME} order by all").fetchall(), listed(connection)) == before


def test_a_corrected_file_replaces_the_rows_of_its_delivery_only(connection, raw):
    synced(connection, raw)
    before = offences(connection)
    write(raw, NAME, "2009-07", lines(NAME, "2009-07", offences=25))
    assert statuses(synced(connection, raw)) == [
        ("2009-06", "unchanged"),
        ("2009-07", "replaced"),
        ("2009-08", "unchanged"),
    ]
    assert offences(connection) == {**before, "2009-07": 49}
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


def test_a_quarterly_extract_is_due_at_the_end_of_quarters_only(connection, folder):
    landed = synced(connection, folder, "2009-05", "2009-07", BY_NAME["user_satisfaction"])
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
    write(raw, NAME, "2009-06", lines(NAME, "2009-06", offences=100))
    assert statuses(synced(connection, raw, "2009-08", "2009-08")) == [("2009-08", "unchanged")]
    assert offences(connection) == before


def kept_out(connection):
    return connection.execute(
        "select file, line, column_name, value, code, sentence, cells from raw.quarantine order by all"
    ).fetchall()


def test_a_file_that_cannot_be_read_is_refused_and_the_others_are_loaded(connection, raw):
    write(raw, NAME, "2009-06", b"<html>")
    landed = synced(connection, raw)
    assert statuses(landed) == [("2009-06", "rejected"), ("2009-07", "loaded"), ("2009-08", "loaded")]
    assert landed[0].reason.startswith(f"{NAME}/2009-06.csv: the file is a web page")
    assert listed(connection)[0] == ("2009-06", f"{NAME}/2009-06.csv", None, 0, 0, True, "rejected")
    ((file, line, _, _, code, _, cells),) = kept_out(connection)
    assert (file, line, code, cells) == (f"{NAME}/2009-06.csv", None, "other_format", None)
    assert set(offences(connection)) == {"2009-07", "2009-08"}


def test_a_delivery_with_a_bad_row_is_held_with_its_sound_rows_beside_the_quarantined_one(connection, raw):
    content = lines(NAME, "2009-07")
    content[6] = content[6].replace(",15", ",1.5")
    write(raw, NAME, "2009-07", content)
    landed = synced(connection, raw)
    assert statuses(landed)[1] == ("2009-07", "quarantined")
    assert landed[1].reason.startswith(f"{NAME}/2009-07.csv line 7, column offences: '1.5' is not a whole number")
    assert listed(connection)[1] == ("2009-07", f"{NAME}/2009-07.csv", 224, 223, 1, True, "quarantined")
    (row, *_) = kept_out(connection)
    assert row[1:5] == (7, "offences", "1.5", "badly_written")
    assert row[6] == (
        '{"month":"2009-07","borough":"Barking and Dagenham","weapon":"cs_gas_or_pepper_spray","offences":"1.5"}'
    )


def test_every_row_of_a_file_is_loaded_or_quarantined_whatever_is_wrong_with_it(connection, raw):
    content = [*lines(NAME, "2009-07"), "", "x", ",,,", '"', lines(NAME, "2009-07")[5], "2009-07,Camden,knife,3,4"]
    write(raw, NAME, "2009-07", content)
    synced(connection, raw)
    _, _, rows_in, loaded, quarantined, _, status = listed(connection)[1]
    left_out = raw_tables.listed(connection, EXTRACT)[month("2009-07")]["rows_left_out"]
    assert (rows_in, loaded + quarantined, left_out, status) == (230, 228, 2, "quarantined")
    assert connection.execute(f"select count(*) from raw.{NAME} where delivery_month = '2009-07-01'").fetchone() == (
        loaded,
    )


def test_a_delivery_that_is_hard_to_believe_is_held_whole_until_somebody_vouches_for_it(connection, raw):
    write(raw, NAME, "2009-08", lines(NAME, "2009-08", offences=700))
    landed = synced(connection, raw)
    assert statuses(landed)[2] == ("2009-08", "quarantined")
    assert "is it in other units?" in landed[2].reason
    assert listed(connection)[2][2:] == (224, 224, 0, True, "quarantined")
    accepted(connection, "2009-08")
    assert statuses(synced(connection, raw))[2] == ("2009-08", "accepted")
    assert listed(connection)[2][2:] == (224, 224, 0, True, "accepted")
    assert statuses(synced(connection, raw))[2] == ("2009-08", "accepted")  # and stays it


def accepted(connection, of):
    (sha256,) = connection.execute(
        "select sha256 from raw.deliveries where delivery_month = ?", [month(of)]
    ).fetchall()[0]
    body = {"extract": NAME, "delivery_month": of, "sha256": sha256, "reason": "there was a riot"}
    ledger.append([("acceptance", body)])


def test_an_acceptance_is_of_those_bytes_alone(connection, raw):
    write(raw, NAME, "2009-08", lines(NAME, "2009-08", offences=700))
    synced(connection, raw)
    accepted(connection, "2009-08")
    write(raw, NAME, "2009-08", lines(NAME, "2009-08", offences=701))
    assert statuses(synced(connection, raw))[2] == ("2009-08", "quarantined")


def test_a_row_above_what_it_may_say_is_kept_out_and_counts_once_it_is_accepted(connection, raw):
    content = lines(NAME, "2009-08", offences=11)
    content[6] = content[6].replace(",16", ",1600")
    write(raw, NAME, "2009-08", content)
    assert statuses(synced(connection, raw))[2] == ("2009-08", "quarantined")
    assert listed(connection)[2][2:5] == (224, 223, 1)
    accepted(connection, "2009-08")
    assert statuses(synced(connection, raw))[2] == ("2009-08", "accepted")
    assert listed(connection)[2][2:5] == (224, 224, 0)
    assert offences(connection)["2009-08"] == 1600


def test_what_a_delivery_is_held_against_is_the_last_one_before_it_in_whatever_order_they_came(connection, raw):
    """August repeats July's figures; it is sound beside June's."""
    write(raw, NAME, "2009-08", lines(NAME, "2009-08", offences=10))
    july = (raw / NAME / "2009-07.csv").read_bytes()
    (raw / NAME / "2009-07.csv").unlink()
    assert statuses(synced(connection, raw))[2] == ("2009-08", "loaded")
    (raw / NAME / "2009-07.csv").write_bytes(july)
    assert statuses(synced(connection, raw))[1:] == [("2009-07", "loaded"), ("2009-08", "quarantined")]
    (raw / NAME / "2009-07.csv").write_bytes(b"")
    assert statuses(synced(connection, raw))[1:] == [("2009-07", "unchanged"), ("2009-08", "quarantined")]
    (raw / NAME / "2009-07.csv").unlink()
    assert statuses(synced(connection, raw))[1:] == [("2009-07", "removed"), ("2009-08", "loaded")]


SPRING = ("2009-04", "2009-05", "2009-06", "2009-07")


def deliver(raw, delivered_for, *held, **sizes):
    """A delivery of these months, each with figures of its own size: `2009_05=9`."""
    content = lines(NAME, delivered_for)[:1]
    for each in held:
        offences = sizes.get("of_" + each.replace("-", "_"), 10 + int(each[-1]))
        rows = lines(NAME, each, offences=max(offences, 0))[1:]
        content += [row.rpartition(",")[0] + ",0" for row in rows] if offences < 0 else rows
    return write(raw, NAME, delivered_for, content)


def noted(connection, of):
    return connection.execute("select notes from raw.deliveries where delivery_month = ?", [month(of)]).fetchall()[0][0]


@pytest.mark.parametrize("together", [True, False], ids=["in one run", "run by run"])
@pytest.mark.parametrize("restated", [("2009-07",), ("2009-05",), SPRING])
def test_months_restated_as_zero_wait_whichever_delivery_said_them_last(connection, folder, together, restated):
    for each in SPRING:
        deliver(folder, each, each)
        if not together:
            synced(connection, folder, each, each)
    deliver(folder, "2009-08", *restated, "2009-08", **{"of_" + each.replace("-", "_"): -1 for each in restated})
    landed = synced(connection, folder, "2009-04", "2009-08")[-1]
    assert landed.status == "quarantined"
    assert "are 0" in landed.reason
    assert "is known" in landed.reason
    accepted(connection, "2009-08")
    assert statuses(synced(connection, folder, "2009-04", "2009-08"))[-1] == ("2009-08", "accepted")


@pytest.mark.parametrize("together", [True, False], ids=["in one run", "run by run"])
def test_what_is_known_of_a_month_is_what_the_last_delivery_says_that_holds_it(connection, folder, together):
    deliver(folder, "2009-05", "2009-05", of_2009_05=14)
    deliver(folder, "2009-06", "2009-05", "2009-06", of_2009_05=15)
    deliver(folder, "2009-07", "2009-07")
    if not together:
        synced(connection, folder, "2009-05", "2009-07")
    deliver(folder, "2009-08", "2009-05", "2009-08", of_2009_05=15)
    synced(connection, folder, "2009-05", "2009-08")
    assert noted(connection, "2009-08") is None
    assert noted(connection, "2009-06") == (
        f"{NAME}/2009-06.csv: restates 1 month: offences of 2009-05 5,812 -> 6,036 in all"
    )
    deliver(folder, "2009-08", "2009-05", "2009-08", of_2009_05=14)
    synced(connection, folder, "2009-08", "2009-08")
    assert noted(connection, "2009-08") == (
        f"{NAME}/2009-08.csv: restates 1 month: offences of 2009-05 6,036 -> 5,812 in all"
    )


def test_what_a_quarantined_delivery_says_is_not_known(connection, folder):
    deliver(folder, "2009-06", "2009-06")
    deliver(folder, "2009-07", "2009-06", "2009-07", of_2009_06=-1)
    deliver(folder, "2009-08", "2009-06", "2009-08", of_2009_06=17)
    landed = synced(connection, folder, "2009-06", "2009-08")
    assert [each.status for each in landed] == ["loaded", "quarantined", "loaded"]
    assert "offences of 2009-06 6,260 -> 6,484 in all" in noted(connection, "2009-08")


def test_what_a_person_vouched_for_once_does_not_let_everything_in_ever_after(connection, folder):
    deliver(folder, "2009-05", "2009-05")
    deliver(folder, "2009-06", "2009-05", "2009-06", of_2009_05=-1)
    synced(connection, folder, "2009-05", "2009-06")
    accepted(connection, "2009-06")
    deliver(folder, "2009-07", "2009-06", "2009-07", of_2009_06=-1)
    landed = synced(connection, folder, "2009-05", "2009-07")
    assert [each.status for each in landed][1:] == ["accepted", "quarantined"]


def test_a_whole_history_counts_its_rows_that_are_left_out_and_keeps_no_month_twice(connection, folder):
    for held in ("2008-06", "2008-07", "2009-07"):
        deliver(folder, held, held)
    deliver(folder, "2009-08", "2006-12", "2008-06", "2008-07", "2009-07", "2009-08")
    assert statuses(synced(connection, folder, "2008-06", "2009-08"))[-1] == ("2009-08", "loaded")
    counted = connection.execute(
        "select rows_in, rows_loaded, rows_quarantined, rows_left_out from raw.deliveries "
        "where delivery_month = date '2009-08-01'"
    ).fetchall()
    assert counted == [(5 * 224, 2 * 224, 0, 3 * 224)]
    assert len(noted(connection, "2009-08").splitlines()) == 2
    held = connection.execute(f"select distinct month from raw.{NAME} where delivery_month = date '2009-08-01'")
    assert sorted(held.fetchall()) == [(month("2009-07"),), (month("2009-08"),)]


def test_the_sender_gets_a_file_with_every_problem_in_which_nothing_is_a_formula(connection, raw, tmp_path):
    content = lines(NAME, "2009-07")
    content[6] = content[6].replace(",15", ",=1+1")
    write(raw, NAME, "2009-07", content)
    synced(connection, raw)
    told = tmp_path / "warehouse" / "quarantine" / f"{NAME}-2009-07.csv"
    rows = list(csv.DictReader(told.read_text(encoding="utf-8-sig").splitlines()))
    assert (rows[0]["line"], rows[0]["column"], rows[0]["value"]) == ("7", "offences", "'=1+1")
    assert all(not cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())
    write(raw, NAME, "2009-07", lines(NAME, "2009-07"))
    synced(connection, raw)
    assert not told.exists()


def test_the_same_bad_file_again_is_not_told_to_the_ledger_twice(connection, raw):
    write(raw, NAME, "2009-07", b"<html>")
    synced(connection, raw)
    before = [entry.event for entry in ledger.entries()]
    assert before.count("delivery") == 3
    synced(connection, raw)
    assert [entry.event for entry in ledger.entries()] == before


def test_the_vault_keeps_every_file_that_was_ever_taken(connection, raw):
    first = (raw / NAME / "2009-07.csv").read_bytes()
    synced(connection, raw)
    write(raw, NAME, "2009-07", b"<html>")
    synced(connection, raw)
    for content in (first, b"<html>"):
        assert vault.content(hashlib.sha256(content).hexdigest()) == content


STRANGE = {
    "a folder like an extract": (
        "weapon_enabled_crimes/2009-08.csv",
        "weapon_enabled_crimes/: no extract has this name",
    ),
    "another folder": ("archive/x", "archive/: no extract has this name: start its name with _"),
    "another name": (f"{NAME}/September.csv", f"{NAME}/September.csv: deliveries of {NAME} are called <YYYY-MM>.csv"),
    "a folder within": (f"{NAME}/2009/08.csv", f"{NAME}/2009: this is a folder"),
}


@pytest.mark.parametrize("path, sentence", STRANGE.values(), ids=STRANGE)
def test_what_is_no_delivery_is_named_and_the_others_are_loaded(connection, raw, path, sentence):
    (raw / path).parent.mkdir(exist_ok=True)
    (raw / path).write_text("x\n")
    (said,) = unrecognised(connection, raw, EXTRACTS[0] if path.startswith("archive") else EXTRACT)
    assert said.startswith(sentence)
    synced(connection, raw)
    assert len(offences(connection)) == 3


def test_two_files_for_one_month_are_refused_and_neither_is_loaded(connection, folder):
    extract = BY_NAME["recorded_crime"]
    write(folder, extract.name, "2009-08", lines(extract.name, "2009-08"))
    write(folder, extract.name, "2009-08", b"x", "parquet")
    landed = synced(connection, folder, "2009-08", "2009-08", extract)
    assert statuses(landed) == [("2009-08", "rejected")]
    assert "2009-08.csv and 2009-08.parquet are deliveries for the same month: keep one" in landed[0].reason
    assert connection.execute("select count(*) from raw.recorded_crime").fetchone() == (0,)


def test_a_quarter_that_came_late_is_listed_in_the_month_it_came(connection, folder):
    extract = BY_NAME["user_satisfaction"]
    write(folder, extract.name, "2008-10", lines(extract.name, "2008-07", "2008-08", "2008-09", offences=300))
    landed = synced(connection, folder, "2008-09", "2008-10", extract)
    assert [(each.due, each.status) for each in landed] == [(True, "no delivery"), (False, "loaded")]


def test_a_raw_folder_that_is_not_there_stops_the_run(connection, tmp_path):
    with pytest.raises(NoFolder, match="There is no folder of deliveries"):
        synced(connection, tmp_path / "nowhere")


def test_a_table_of_an_earlier_contract_is_made_anew(connection, raw):
    synced(connection, raw)
    connection.execute(f"alter table raw.{NAME} add column extra integer")
    assert {status for _, status in statuses(synced(connection, raw))} == {"loaded"}
    assert connection.execute(f"select count(*) from raw.{NAME}").fetchone() == (3 * 224,)


def test_a_load_that_breaks_off_leaves_nothing_half_done(connection, raw, monkeypatch):
    synced(connection, raw, "2009-06", "2009-06")
    before = offences(connection), listed(connection)
    monkeypatch.setattr(raw_tables, "_lines", lambda *_: (_ for _ in ()).throw(OSError(errno.ENOSPC, "no room")))
    with pytest.raises(OSError, match="no room"):  # after the old rows are gone and the new ones are in
        synced(connection, raw)
    monkeypatch.undo()
    assert (offences(connection), listed(connection)) == before


# the assets


def materialised(first, last, **tags):
    asset = next(asset for asset in raw_assets.assets if asset.key == dg.AssetKey(["raw", NAME]))
    with dg.DagsterInstance.ephemeral() as instance:
        return dg.materialize(
            [asset],
            instance=instance,
            resources={WAREHOUSE: Warehouse()},
            raise_on_error=False,
            tags=range_tags(month(first), month(last)) | tags,
        )


def test_one_run_materialises_a_range_of_months_and_tells_of_each_what_came(raw):
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


@pytest.mark.parametrize("tags, waits", [({}, "3 s"), (BY_COMMAND, "2 s")], ids=["by Dagster", "by a command"])
def test_a_run_reports_which_files_it_waits_for_and_for_how_long(raw, monkeypatch, tags, waits):
    if open_files.open_for_writing(raw / NAME / "2009-08.csv") is None:
        pytest.skip("this file system does not tell who writes")
    monkeypatch.setenv("SCORECARD_SETTLE_SECONDS", "3")
    reported = []
    monkeypatch.setattr(dg.DagsterLogManager, "warning", lambda _, sentence: reported.append(sentence))
    result = materialised("2009-08", "2009-08", **tags)
    assert result.asset_materializations_for_node(f"raw__{NAME}")[0].metadata["status"].value == "loaded"
    assert reported[0].startswith(f"Waiting up to {waits} for {NAME}/2009-06.csv, ")
    assert f"and {NAME}/2009-08.csv: changed a moment ago" in reported[0]


def test_a_run_of_a_command_that_is_executed_again_from_dagster_keeps_the_whole_rule():
    first = dg.DagsterRun("scorecard_run", tags=BY_COMMAND)
    again = dg.DagsterRun("scorecard_run", tags=BY_COMMAND, parent_run_id=first.run_id, root_run_id=first.run_id)
    assert (raw_assets.by_hand(first), raw_assets.by_hand(again)) == (True, False)


@pytest.mark.parametrize("fails", [False, True])
def test_what_is_open_for_the_extracts_of_a_run_is_closed_at_its_end(raw, monkeypatch, fails):
    if fails:
        monkeypatch.setattr(landing, "sync", lambda *_, **__: 1 / 0)
    assert materialised("2009-08", "2009-08").success is not fails
    assert files.digest(settings.database())  # which refuses what is open in this process


def test_a_delivery_that_does_not_get_in_shows_on_the_asset_and_does_not_stop_the_run(raw):
    write(raw, NAME, "2009-08", b"<html>")
    result = materialised("2009-08", "2009-08")
    assert result.success
    check = next(it for it in result.get_asset_check_evaluations() if it.check_name == "valid")
    assert (check.passed, check.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert f"{NAME}/2009-08.csv: the file is a web page" in check.metadata["what is wrong"].value
    (materialisation,) = result.asset_materializations_for_node(f"raw__{NAME}")
    assert materialisation.metadata["status"].value == "rejected"


def test_a_second_run_finds_the_warehouse_held(raw):
    with run_lock.held("the first run"):
        held = subprocess.run(
            [sys.executable, "-c", "from orchestration.warehouse import run_lock\nwith run_lock.held('x'): pass"],
            capture_output=True,
            text=True,
            check=False,
        )
    assert "The warehouse is in use by the first run (process" in held.stderr


def test_an_asset_leaves_the_database_closed(raw, tmp_path):
    assert materialised("2009-08", "2009-08").success
    path = tmp_path / "warehouse" / "performance.duckdb"
    opened = [sys.executable, "-c", f"import duckdb; duckdb.connect({str(path)!r}).execute('create table t (x int)')"]
    subprocess.run(opened, check=True)


def test_every_extract_is_an_asset_that_takes_a_range_in_one_run():
    assert {asset.key.path[-1] for asset in raw_assets.assets} == set(BY_NAME)
    for asset in raw_assets.assets:
        assert asset.key.path[0] == "raw"
        assert asset.partitions_def == partitions()
        assert asset.backfill_policy == dg.BackfillPolicy.single_run()
