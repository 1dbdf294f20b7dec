"""A rule that changes on a real card: refused without a date, and with one on every edition of the card."""

import csv
import json

import duckdb
import pytest

from tests.conftest import Built, edit

pytestmark = pytest.mark.slow

LINE, WAS, NOW = "2a", "0.1", "0.01"  # both cards are 3.4% short of its target
WHO_AND_WHY = {"decided_by": "Performance board", "reason": "the survey is steadier than in 2008"}


def is_line(row: dict) -> bool:
    return (row["financial_year"], row["line"]) == ("2009/10", LINE)


def without_a_date(rows: list[dict]) -> list[dict]:
    return [row | {"amber_tolerance": NOW} if is_line(row) else row for row in rows]


def dated(rows: list[dict]) -> list[dict]:
    """The row as it was, and another from August on."""
    blank = {"from_month": "", "decided_by": "", "reason": ""}
    rows = [blank | row | ({"amber_tolerance": WAS} if is_line(row) else {}) for row in rows]
    again = next(row for row in rows if is_line(row))
    return [*rows, again | {"from_month": "2009-08-01", "amber_tolerance": NOW} | WHO_AND_WHY]


def test_a_tolerance_that_changes_in_august_leaves_july_alone_and_is_bridged_wherever_august_is_read(variant):
    copy: Built = variant(lambda _: None, "2009-07", "2009-07")
    july = copy.card("2009-07")
    edit(copy.catalogue / "indicators.csv", without_a_date)
    again = copy.command("scorecard", "--from", "2009-07", "--to", "2009-07")
    assert again.returncode == 1
    assert f"2009-07, line {LINE}: It is published, and would print letter red, not amber." in again.stderr
    refused = copy.command("scorecard", "--from", "2009-08", "--to", "2009-08")
    assert refused.returncode == 1
    assert f"2009-08, line {LINE}: Changed from Aug-09 on: tolerance 1% instead of 10%." in refused.stderr
    assert 'make confirm MONTH=2009-08 [LINE=...] REASON="..."' in refused.stderr

    edit(copy.catalogue / "indicators.csv", dated)
    would = copy.command("whatif", "--from", "2009-07", "--to", "2009-07")
    assert "Nothing would change." in would.stdout
    copy.publish("2009-07", "2009-08")
    assert copy.card("2009-07") == july
    august = copy.card("2009-08")[LINE]
    (bridge,) = copy.query("from bridges").to_dicts()
    assert (bridge["line"], bridge["before"], bridge["after"], bridge["only_better"]) == (LINE, "10%", "1%", False)
    assert {name: bridge[name] for name in WHO_AND_WHY} == WHO_AND_WHY
    assert (august["status"], august["rule_change"]) == ("R", bridge["explanation"])
    compared = copy.query("select month, status_before, status from bridge_months order by month").rows()
    assert [row[1:] for row in compared] == [("A", "R"), ("A", "R")]

    card = copy.warehouse / "current" / "cards" / "2009-08"
    text = "tolerance 1% instead of 10% (Performance board: the survey is steadier than in 2008)"
    assert text in (card / "index.html").read_text(encoding="utf-8")
    page = (card / f"{LINE}.html").read_text(encoding="utf-8")
    assert text in page and "The cards of the year under the old and the new rule" in page
    lines = {line["line"]: line for line in json.loads((card / "scorecard.json").read_text(encoding="utf-8"))["lines"]}
    assert text in lines[LINE]["rule_change"] and len(lines[LINE]["bridge_months"]) == 2
    with (card / "csv" / "bridges.csv").open(encoding="utf-8", newline="") as file:
        assert [row["column_name"] for row in csv.DictReader(file)] == ["amber_tolerance"]
    explained = copy.command("explain", "--month", "2009-08", "--line", LINE).stdout
    assert "tolerance 1% instead of 10%" in " ".join(explained.split())

    database = copy.warehouse / "current" / "scorecard.duckdb"
    database.chmod(0o644)
    with duckdb.connect(str(database)) as connection:
        connection.execute("delete from bridges")
    verified = copy.command("verify")
    assert verified.returncode == 1
    assert "table bridges is not what was published" in verified.stdout + verified.stderr
