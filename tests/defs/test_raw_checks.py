"""What the check of a raw asset shows in Dagster, beside the materialization of a month."""

import dagster as dg

from orchestration.defs import raw as raw_assets
from orchestration.defs.partitions import WAREHOUSE, range_tags
from orchestration.defs.resources import Warehouse
from tests.deliveries import lines, month, own_folders, write

NAME = "weapon_enabled_crime"


def check(of_month):
    asset = next(asset for asset in raw_assets.assets if asset.key == dg.AssetKey(["raw", NAME]))
    tags = range_tags(month(of_month), month(of_month))
    result = dg.materialize([asset], resources={WAREHOUSE: Warehouse()}, tags=tags)
    (evaluation,) = result.get_asset_check_evaluations()
    return evaluation


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
