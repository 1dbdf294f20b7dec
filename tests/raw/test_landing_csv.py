"""CSV files as people and programs leave them, from the raw folder into the tables; and the audit reads the same."""

import hashlib

import duckdb
import pytest

from orchestration import months
from orchestration.audit import files
from orchestration.raw.files import vault
from orchestration.raw.findings import findings
from orchestration.raw.landing import landing, raw_tables
from orchestration.raw.sources.extracts import BY_NAME
from orchestration.release import auditing
from orchestration.warehouse import ledger
from tests.deliveries import lines, month, write

CLASS_A = "class_a_trafficking"
SOUND = [
    "month,drug,sanction_detections",
    "2009-08,cocaine,69",
    "2009-08,crack,78",
    "2009-08,heroin,66",
    "2009-08,ecstasy,5",
    "2009-08,other_class_a,4",
]
JULY = [
    "month,drug,sanction_detections",
    "2009-07,cocaine,71",
    "2009-07,crack,75",
    "2009-07,heroin,68",
    "2009-07,ecstasy,5",
    "2009-07,other_class_a,4",
]


@pytest.fixture
def connection():
    with duckdb.connect() as connection:
        yield connection


@pytest.fixture
def raw(tmp_path, monkeypatch):
    monkeypatch.setenv("SCORECARD_WAREHOUSE", str(tmp_path / "warehouse"))
    monkeypatch.setenv("SCORECARD_SETTLE_SECONDS", "0")
    (tmp_path / "raw").mkdir()
    return tmp_path / "raw"


def landed(connection, raw, name=CLASS_A):
    """What became of August."""
    return landing.sync(connection, BY_NAME[name], month("2009-07"), month("2009-08"), raw).landed[-1]


def listed(connection, name=CLASS_A):
    return raw_tables.listed(connection, BY_NAME[name])[month("2009-08")]


def table(connection, name=CLASS_A):
    """The rows of August in the table, without the line on which each stands and what it marks."""
    query = (
        f"select * exclude (delivery_month, file_line, markers) from raw.{name} where delivery_month = ? order by all"
    )
    return connection.execute(query, [month("2009-08")]).fetchall()


def audited(connection, name=CLASS_A):
    """The rows of August as the audit reads them from the vault."""
    (delivered,) = (
        each for each in auditing.effective(connection) if (each.extract, each.month) == (name, month("2009-08"))
    )
    extract = BY_NAME[name]
    values = {"month": months.parse, "count": int}
    return sorted(
        tuple(values.get(column.kind, str)(row[column.name]) for column in extract.columns)
        for row in files.rows(delivered, vault.content(delivered.sha256))
    )


def accept(connection, name=CLASS_A):
    line = listed(connection, name)
    body = {"extract": name, "delivery_month": "2009-08", "sha256": line["sha256"], "reason": "confirmed", "by": "me"}
    ledger.append([("acceptance", {**body, "file": line["file"]})])


HEADER, *ROWS = SOUND
HONEST = {
    "a header in another case": (["Month,Drug,Sanction Detections", *ROWS], None),
    "no final line end": ("\n".join(SOUND).encode(), "the last line has no line end"),
    "a blank last line": ([*SOUND, ""], "1 empty row is left out"),
    "empty columns at the right": ([f"{line},," for line in SOUND], "2 columns without a name are empty"),
    "empty rows of any width": ([HEADER, ",", *ROWS[:2], ",,,,", *ROWS[2:], " ,,"], "3 empty rows are left out"),
    "empty rows above the header": (["", ",,", *SOUND], "2 empty rows are left out"),
    "a footnote": ([*SOUND, "", "Source: CRIS, provisional".replace(",", ";"), "* see below"], "is a footnote"),
    "a footnote of two lines": ([*SOUND, ",,", '"Source: CRIS,', 'provisional",,'], "is a footnote"),
    "commas declared": (["sep=,", *SOUND], "only declares that commas"),
    "an empty column with a name": ([f"Remarks,{HEADER}", *(f",{row}" for row in ROWS)], "column 'Remarks' is empty"),
    "a header on two lines": (['month,drug,"Sanction', 'detections"', *ROWS], None),
    "Windows line ends and a byte order mark": (("\ufeff" + "\r\n".join([*SOUND, "", ""])).encode(), "1 empty row"),
}


@pytest.mark.parametrize(("content", "note"), HONEST.values(), ids=HONEST)
def test_an_honest_file_is_loaded_with_a_note_and_the_audit_reads_the_same(connection, raw, content, note):
    write(raw, CLASS_A, "2009-07", JULY)
    write(raw, CLASS_A, "2009-08", SOUND)
    assert landed(connection, raw).status == "loaded"
    sound = table(connection)
    write(raw, CLASS_A, "2009-08", content)
    assert landed(connection, raw).status == "replaced"
    line = listed(connection)
    assert (note is None) == (line["notes"] is None)
    assert note is None or note in line["notes"]
    assert line["rows_in"] == line["rows_loaded"] + line["rows_left_out"]
    assert table(connection) == audited(connection) == sound


def test_a_file_separated_by_tabs_is_rejected_with_one_sentence(connection, raw):
    write(raw, CLASS_A, "2009-08", [line.replace(",", "\t") for line in SOUND])
    found = landed(connection, raw)
    assert (found.status, found.reason) == (
        "rejected",
        "class_a_trafficking/2009-08.csv line 1: the columns are separated by tabs: save the file with commas "
        "between them",
    )
    assert connection.execute("select count(*) from raw.quarantine").fetchone() == (1,)


@pytest.mark.parametrize("ending", ["CSV", "Csv"])
def test_a_file_whose_ending_is_in_capitals_is_loaded_and_audited(connection, raw, ending):
    write(raw, CLASS_A, "2009-08", SOUND, suffix=ending)
    assert landed(connection, raw).file == f"{CLASS_A}/2009-08.{ending}"
    assert table(connection) == audited(connection)


LINE_BREAKS = {
    "a problem in a row of two lines": (['2009-08,"cra\nck",78', '2009-08,heroin,"x"'], {"crack", "heroin"}),
    "a quotation mark that is never closed": (['2009-08,"crack,78', "2009-08,heroin,66"], {"crack"}),
    "two that close each other to no record": (['2009-08,"crack,78', '2009-08,"heroin,66'], {"crack", "heroin"}),
    "a row of three lines between": (['2009-08,"crack",78', '2009-08,"her\n\noin",66'], {"heroin"}),
}


@pytest.mark.parametrize(("crack_and_heroin", "missing"), LINE_BREAKS.values(), ids=LINE_BREAKS)
def test_what_a_person_vouches_for_is_what_the_audit_reads(connection, raw, crack_and_heroin, missing):
    write(raw, CLASS_A, "2009-08", [*SOUND[:2], *crack_and_heroin, *SOUND[4:]])
    assert landed(connection, raw).status == "quarantined"
    accept(connection)
    assert landed(connection, raw).status == "accepted"
    loaded = {drug for _, drug, _ in table(connection)}
    assert loaded == {"cocaine", "crack", "heroin", "ecstasy", "other_class_a"} - missing
    assert table(connection) == audited(connection)


# without a final line end


def test_a_last_number_that_may_be_cut_short_is_quarantined_and_counts_once_a_person_vouches_for_it(connection, raw):
    write(raw, CLASS_A, "2009-07", [*JULY[:-1], "2009-07,other_class_a,45"])
    write(raw, CLASS_A, "2009-08", "\n".join(SOUND).encode())
    found = landed(connection, raw)
    assert found.status == "quarantined"
    assert found.reason == (
        "class_a_trafficking/2009-08.csv: line 6, the last, has no line end, and ends with sanction_detections 4, "
        "where 45 was known last: the file may have been cut off while it was written: send it again, or accept it if "
        "it is whole"
    )
    assert found.notes is None
    accept(connection)
    found = landed(connection, raw)
    assert (found.status, found.rows) == ("accepted", 5)
    assert len(table(connection)) == 5


def test_a_file_cut_within_its_last_row_is_quarantined_and_its_other_rows_can_be_vouched_for(connection, raw):
    write(raw, CLASS_A, "2009-08", "\n".join(SOUND).encode()[:-8])
    assert landed(connection, raw).status == "quarantined"
    line = listed(connection)
    assert (line["rows_in"], line["rows_loaded"], line["rows_quarantined"]) == (5, 4, 1)
    accept(connection)
    assert (landed(connection, raw).status, len(table(connection))) == ("accepted", 4)
    assert table(connection) == audited(connection)


def manifest(path):
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    path.with_name(f"{path.name}.sha256").write_text(f"{digest}  {path.name}\n")


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [
        ("criminal_networks", ["month,networks_disrupted", "2009-08,3"], "quarantined"),
        ("commentary", ["line,comment", "1a,Up by {change}", "1b,Down by"], "partly loaded"),
        ("domestic_violence", [*lines("domestic_violence", "2009-08")[:-1], "2009-08,Westminster,41,4"], "quarantined"),
    ],
)
def test_a_manifest_settles_the_doubt_about_a_missing_line_end_even_if_it_comes_later(
    connection, raw, name, content, status
):
    write(raw, "criminal_networks", "2009-07", ["month,networks_disrupted", "2009-07,31"])
    write(raw, "domestic_violence", "2009-07", lines("domestic_violence", "2009-07", offences=12))
    path = write(raw, name, "2009-08", "\n".join(content).encode())
    assert landed(connection, raw, name).status == status
    codes = connection.execute("select distinct code from raw.quarantine").fetchall()
    assert (codes, findings.SCOPES["cut_off"]) == ([("cut_off",)], "whole_doubt")
    manifest(path)
    found = landed(connection, raw, name)
    assert found.status == "loaded"
    assert "a manifest confirms that it is whole" in found.notes
    assert landed(connection, raw, name).status == "unchanged"
