"""What the check of a raw asset shows in Dagster, beside the materialization of a month."""

from datetime import date

import dagster as dg
import pytest

from orchestration.defs import freshness
from orchestration.defs import raw as raw_assets
from orchestration.defs.partitions import WAREHOUSE, range_tags
from orchestration.defs.resources import Warehouse
from orchestration.raw.sources.extracts import EXTRACTS
from tests.deliveries import lines, month, own_folders, write

NAME = "weapon_enabled_crime"


def check(of_month, name="valid"):
    asset = next(asset for asset in raw_assets.assets if asset.key == dg.AssetKey(["raw", NAME]))
    tags = range_tags(month(of_month), month(of_month))
    result = dg.materialize([asset], resources={WAREHOUSE: Warehouse()}, tags=tags)
    return next(each for each in result.get_asset_check_evaluations() if each.check_name == name)


def test_a_delivery_that_waits_stays_visible_when_another_month_is_run_until_it_is_dealt_with(tmp_path, monkeypatch):
    raw = own_folders(tmp_path, monkeypatch)
    write(raw, NAME, "2009-08", lines(NAME, "2009-08"))
    assert check("2009-08").passed
    write(raw, NAME, "2009-09", ["no delivery"])
    held = check("2009-09")
    assert not held.passed
    for of_month in ("2009-08", "2009-09"):
        assert "2009-09" in check(of_month).description
    write(raw, NAME, "2009-09", lines(NAME, "2009-09", offences=20))
    assert (check("2009-09").passed, check("2009-08").description) == (True, None)


def test_each_month_that_waits_is_named_and_the_first_problem_shows_as_text(tmp_path, monkeypatch):
    raw = own_folders(tmp_path, monkeypatch)
    write(raw, NAME, "2009-06", ["no delivery"])
    write(raw, NAME, "2009-07", lines(NAME, "2009-07", offences=9_999))
    check("2009-06"), check("2009-07")
    write(raw, NAME, "2009-08", lines(NAME, "2009-08"))
    found = check("2009-08")
    assert found.metadata["problems"].value == 2
    first = found.metadata["first problem"]
    assert isinstance(first, dg.TextMetadataValue)
    assert first.text.startswith("rejected: ")
    assert "(2009-06: nothing of it counts" in first.text
    assert "(2009-07: it reads as incomplete until it is accepted or replaced" in found.description


def test_a_source_is_fresh_once_the_newest_month_that_is_due_is_effective(tmp_path, monkeypatch):
    """Whatever month is run: a run over July changes nothing about a September that is owed."""
    raw = own_folders(tmp_path, monkeypatch)
    write(raw, NAME, "2009-08", lines(NAME, "2009-08"))
    write(raw, NAME, "2009-09", ["no delivery"])
    monkeypatch.setattr(freshness, "today", lambda: date(2009, 10, 9))
    assert check("2009-08", "fresh").passed
    monkeypatch.setattr(freshness, "today", lambda: date(2009, 10, 12))
    check("2009-09")
    late = check("2009-08", "fresh")
    assert not late.passed
    assert late.description == (
        f"{NAME} of 2009-09 was due on 12 October 2009 and is not effective; the newest effective month: 2009-08."
    )
    write(raw, NAME, "2009-09", lines(NAME, "2009-09", offences=20))
    assert check("2009-09", "fresh").passed


@pytest.mark.parametrize(
    "name, today, owed",
    [
        (NAME, date(2009, 10, 11), "2009-08"),
        (NAME, date(2009, 10, 12), "2009-09"),
        ("british_crime_survey", date(2009, 12, 31), "2009-09"),  # every quarter
        ("population", date(2009, 12, 31), "2009-04"),  # every year
        (NAME, date(2007, 2, 1), "none"),  # before its first delivery
    ],
)
def test_what_is_owed_follows_from_the_cadence_and_the_day_on_which_a_card_is_due(name, today, owed):
    extract = next(each for each in EXTRACTS if each.name == name)
    assert freshness.evaluation(extract, [], today)["metadata"]["newest month due"] == owed


def test_a_source_becomes_overdue_without_a_run_and_is_reported_once(tmp_path, monkeypatch):
    raw = own_folders(tmp_path, monkeypatch)
    write(raw, NAME, "2009-08", lines(NAME, "2009-08"))
    check("2009-08")
    monkeypatch.setattr(freshness, "today", lambda: date(2009, 10, 9))
    before = freshness.overdue_deliveries(dg.build_sensor_context())
    monkeypatch.setattr(freshness, "today", lambda: date(2009, 10, 12))
    after = freshness.overdue_deliveries(dg.build_sensor_context(cursor=before.cursor))
    passed = [
        {each.asset_key.path[-1]: each.passed for each in found.asset_events}.get(NAME) for found in (before, after)
    ]
    assert passed == [True, False]
    again = freshness.overdue_deliveries(dg.build_sensor_context(cursor=after.cursor))
    assert again.skip_message == "No source has become overdue, and none has caught up."


def test_a_month_outside_the_calendar_is_refused_before_anything_is_written(tmp_path, monkeypatch):
    raw = own_folders(tmp_path, monkeypatch)
    write(raw, NAME, "2010-04", lines(NAME, "2010-03"))
    asset = next(asset for asset in raw_assets.assets if asset.key == dg.AssetKey(["raw", NAME]))
    result = dg.materialize(
        [asset],
        resources={WAREHOUSE: Warehouse()},
        tags={"dagster/partition": "2010-04"},
        raise_on_error=False,
    )
    assert not result.success
    assert not (tmp_path / "warehouse" / "performance.duckdb").exists()
