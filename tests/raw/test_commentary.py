"""Each comment counts by itself: the others of its file are loaded, what waits is reported, corrected or accepted."""

import csv

import duckdb
import pytest

from orchestration import months, years
from orchestration.raw.landing import acceptance, landing
from orchestration.raw.landing.raw_tables import EFFECTIVE
from orchestration.raw.sources import catalogue
from orchestration.raw.sources.extracts import BY_NAME
from orchestration.warehouse import ledger
from tests.conftest import Built, copied, edit
from tests.deliveries import encoded, month, own_folders, verdict, write

COMMENTARY = BY_NAME["commentary"]
TYPED = "is a figure typed by hand: put a {figure} in its place"


@pytest.fixture(autouse=True)
def rooms(tmp_path, monkeypatch):
    own_folders(tmp_path, monkeypatch)
    (tmp_path / "warehouse").mkdir()


@pytest.fixture
def raw(tmp_path):
    return tmp_path / "raw"


@pytest.fixture
def connection(tmp_path):
    with duckdb.connect(str(tmp_path / "warehouse" / "performance.duckdb")) as connection:
        yield connection


def of_month(delivered_for, **comments):
    """A file with a comment for each line of the card; `line_4a` gives that of 4a."""
    year = next(year for year, its in years.months_by_year().items() if month(delivered_for) in its)
    changed = {key.removeprefix("line_").replace("_", " "): text for key, text in comments.items()}
    return ["line,comment", *(f'{line},"{changed.get(line, "Fine.")}"' for line in catalogue.lines(year))]


def landed(connection, raw, first="2009-08", last=None):
    found = landing.sync(connection, COMMENTARY, month(first), month(last or first), raw).landed
    return {months.key(each.month): (each.status, each.rows, each.reason) for each in found}


def in_quarantine(raw, delivered_for="2009-08"):
    path = raw.parent / "warehouse" / "quarantine" / f"commentary-{delivered_for}.csv"
    return list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines())) if path.exists() else []


def test_names_dates_and_references_in_several_comments_and_months_are_loaded(connection, raw):
    write(raw, "commentary", "2009-01", of_month("2009-01", line_4a="SO15 and TP21.", line_5="Since 1 April, see 4a."))
    write(raw, "commentary", "2009-07", of_month("2009-07", line_4d="SO15 supported this.", line_3b="Section 60."))
    write(raw, "commentary", "2009-08", of_month("2009-08", line_1a="The G20.", line_2a="999 calls, 24/7, in Q2."))
    found = landed(connection, raw, "2009-01", "2009-08")
    assert {key: its[:2] for key, its in found.items() if its[0] != "no delivery"} == {
        "2009-01": ("loaded", 18),
        "2009-07": ("loaded", 22),
        "2009-08": ("loaded", 22),
    }


def test_of_a_mixed_file_the_figure_typed_by_hand_waits_and_the_other_comments_count(connection, raw):
    write(raw, "commentary", "2009-08", of_month("2009-08", line_4d="SO15 supported this.", line_4a="Up 453, see 4a."))
    status, rows, reason = landed(connection, raw)["2009-08"]
    assert (status, rows) == ("partly loaded", 21)
    assert reason == f"commentary/2009-08.csv line 12, column comment: '453' {TYPED}"
    assert status in EFFECTIVE
    ((code, line, value, cells),) = [
        (row["code"], row["line"], row["value"], row["row as delivered"]) for row in in_quarantine(raw)
    ]
    assert (code, line, value) == ("hard_coded_number", "12", "453")
    assert cells == '{"line":"4a","comment":"Up 453, see 4a."}'


def test_every_row_that_waits_is_named(connection, raw):
    changed = {"line_1a": "Up 453.", "line_2a": "Down 16.5%.", "line_4d_cocaine": "Up by {change."}
    write(raw, "commentary", "2009-08", of_month("2009-08", **changed))
    status, rows, reason = landed(connection, raw)["2009-08"]
    assert (status, rows) == ("partly loaded", 19)
    assert all(f"line {line}, column comment" in reason for line in (2, 4, 16))


TWICE = [*of_month("2009-08"), "4a,Fine again."]
OTHERS = {
    "a stray brace": (of_month("2009-08", line_4a="Up by {change."), 21, "stray_brace"),
    "a look-alike letter": (of_month("2009-08", line_4a="It fеll."), 21, "confusable"),
    "an empty comment": (of_month("2009-08", line_4a=""), 21, "empty_cell"),
    "a line that is none": ([*of_month("2009-08"), "9z,Fine."], 22, "unknown_word"),
    "two comments for a line": (TWICE, 21, "key_twice"),
}


@pytest.mark.parametrize("content, count, code", OTHERS.values(), ids=OTHERS)
def test_whatever_is_wrong_with_a_comment_keeps_no_other_out(connection, raw, content, count, code):
    write(raw, "commentary", "2009-08", content)
    status, rows, _ = landed(connection, raw)["2009-08"]
    assert (status, rows) == ("partly loaded", count)
    assert {row["code"] for row in in_quarantine(raw)} == {code}


def test_a_comment_that_last_month_had_and_this_one_lacks_waits_for_a_person_and_the_others_count(connection, raw):
    write(raw, "commentary", "2009-07", of_month("2009-07"))
    without = [text for text in of_month("2009-08") if not text.startswith("4a,")]
    write(raw, "commentary", "2009-08", without)
    status, rows, reason = landed(connection, raw, "2009-07", "2009-08")["2009-08"]
    assert (status, rows) == ("partly loaded", 21)
    assert "line '4a' was in commentary/2009-07.csv and is not here" in reason


FILES = {
    "a web page": (b"<html>", "rejected"),
    "nothing": (b"", "rejected"),
    "no comment that can count": (["line,comment", "4a,Up 453."], "quarantined"),
}


@pytest.mark.parametrize("content, becomes", FILES.values(), ids=FILES)
def test_what_is_wrong_with_the_whole_file_keeps_all_of_it_out(connection, raw, content, becomes):
    write(raw, "commentary", "2009-08", content)
    assert landed(connection, raw)["2009-08"][:2] == (becomes, 0)


def accept(connection, reason="the figure of the day"):
    connection.close()  # who accepts opens the warehouse himself
    return acceptance.accept("commentary/2009-08.csv", reason)


def test_a_person_vouches_for_a_hard_coded_number_and_it_counts_as_it_stands(connection, raw, tmp_path):
    write(raw, "commentary", "2009-08", of_month("2009-08", line_4a="Up 453."))
    landed(connection, raw)
    assert "is accepted: 22 of its 22 rows will count.\n" in accept(connection)
    with duckdb.connect(str(tmp_path / "warehouse" / "performance.duckdb")) as again:
        assert landed(again, raw)["2009-08"] == ("accepted", 22, "the figure of the day")
        assert ("Up 453.",) in again.execute("select comment from raw.commentary where line = '4a'").fetchall()
        assert landed(again, raw)["2009-08"][0] == "accepted"  # and stays it
    assert in_quarantine(raw) == []


def test_what_cannot_be_read_stays_out_when_the_doubt_beside_it_is_accepted(connection, raw):
    write(raw, "commentary", "2009-08", of_month("2009-08", line_4a="Up 453.", line_4b="Up by {change."))
    landed(connection, raw)
    assert "21 of its 22 rows will count; 1 cannot be read and stay out" in accept(connection)


def test_where_nothing_is_in_doubt_there_is_nothing_to_vouch_for(connection, raw):
    write(raw, "commentary", "2009-08", of_month("2009-08", line_4a="Up by {change."))
    landed(connection, raw)
    with pytest.raises(acceptance.CannotAccept) as raised:
        accept(connection)
    assert str(raised.value).startswith(
        "commentary/2009-08.csv has nothing to vouch for: 21 of its 22 rows count already, 1 cannot be read: "
        "commentary/2009-08.csv line 12, column comment: "
    )
    assert ledger.entries("acceptance") == []


def test_a_corrected_file_is_loaded_whole_and_no_more_in_quarantine(connection, raw):
    write(raw, "commentary", "2009-08", of_month("2009-08", line_4a="Up 453."))
    landed(connection, raw)
    write(raw, "commentary", "2009-08", of_month("2009-08", line_4a="Up {burglary_difference}."))
    assert landed(connection, raw)["2009-08"] == ("replaced", 22, None)
    assert in_quarantine(raw) == []


def test_a_figure_in_doubt_is_read_and_what_a_comment_may_not_hold_is_not():
    said = verdict(encoded(of_month("2009-08", line_4a="Up 453.", line_4b="Up {453.")), name="commentary")
    assert said.doubtful.select("line", "comment").rows() == [("4a", "Up 453.")]
    assert (said.rows.height, said.cells.height) == (20, 2)


# the whole way


def typed(copy: Built, **comments: str) -> None:
    def change(rows: list[dict]) -> list[dict]:
        return [row | {"comment": f"{comments.get(row['line'], '')}{row['comment']}"} for row in rows]

    edit(copy.raw / "commentary" / "2009-08.csv", change)


@pytest.mark.slow
def test_one_hard_coded_number_costs_the_card_that_comment_until_a_person_vouches_for_it(sample, landed, tmp_path):
    copy = copied(landed, tmp_path)
    typed(copy, **{"4d": "SO15 supported this. ", "4a": "Robbery fell by 12. ", "3c": "Section 32 applies. "})
    done = copy.command("scorecard", "--from", "2009-08", "--to", "2009-08")
    assert done.returncode == 0, done.stderr
    said = " ".join(done.stderr.split())
    assert f"partly loaded: commentary/2009-08.csv line 12, column comment: '12' {TYPED}" in said
    assert "2009-08: its other rows count; these wait until they are accepted or replaced" in said
    before, card = sample.card("2009-08"), copy.card("2009-08")
    assert [line for line, row in card.items() if row["comment"] is None and before[line]["comment"]] == ["4a"]
    assert card["4d"]["comment"] == f"SO15 supported this. {before['4d']['comment']}"
    notices = copy.query("from notices where report_month = '2009-08-01'").to_dicts()
    (waiting,) = [row for row in notices if row["extract"] == "commentary"]
    assert (waiting["kind"], waiting["message"].partition(":")[0]) == ("quarantined", "partly loaded")
    assert 'make accept FILE=commentary/2009-08.csv REASON="..."' in waiting["message"]
    # 32% is what 3c prints: by its form the number is a reference, and only beside the figure it is noticed
    (equal,) = [row for row in notices if row["kind"] == "hard_coded_number"]
    assert (equal["line"], "'32' equals the figure latest and is typed" in equal["message"]) == ("3c", True)

    done = copy.command("accept", "--file", "commentary/2009-08.csv", "--reason", "as the borough reported it")
    assert done.returncode == 0, done.stderr
    copy.publish("2009-08", "2009-08")
    card = copy.card("2009-08")
    assert card["4a"]["comment"] == f"Robbery fell by 12. {before['4a']['comment']}"
    marked = {line: row["accepted"] for line, row in card.items() if row["accepted"]}
    assert marked == {"4a": "commentary 2009-08: as the borough reported it"}
