"""Any selection of assets and checks can be run by itself, and only the asset `release` publishes."""

import dagster as dg
import pytest

from orchestration.definitions import defs
from orchestration.defs.partitions import PARTITION
from tests.conftest import copied

CONTRACT = dg.AssetCheckKey(dg.AssetKey(["aggregates", "quarter"]), "contract")
SELECTIONS = {
    "one model, with its checks": (dg.AssetSelection.assets("aggregates/rolling_year"), {"aggregates/rolling_year"}),
    "one table of the card": (dg.AssetSelection.assets("scorecard/changes"), {"scorecard/changes"}),
    "a check alone": (dg.AssetSelection.checks(CONTRACT), set()),
}


@pytest.mark.slow
def test_any_selection_runs_by_itself_and_publishes_nothing(sample, tmp_path, monkeypatch):
    copy = copied(sample, tmp_path)
    monkeypatch.setenv("SCORECARD_RAW", str(copy.raw))
    monkeypatch.setenv("SCORECARD_WAREHOUSE", str(copy.warehouse))
    published = (copy.warehouse / "current").readlink()
    jobs = [dg.define_asset_job(f"selection_{n}", chosen) for n, (chosen, _) in enumerate(SELECTIONS.values())]
    selections = dg.Definitions.merge(defs, dg.Definitions(jobs=jobs))
    with dg.instance_for_test() as instance:
        for job, (name, (_, made)) in zip(jobs, SELECTIONS.items(), strict=True):
            resolved = selections.resolve_job_def(job.name)
            tags = {PARTITION: "2009-08"} if made else {}
            result = resolved.execute_in_process(instance=instance, tags=tags, raise_on_error=False)
            assert result.success, name
            events = result.get_asset_materialization_events()
            assert {event.asset_key.to_user_string() for event in events} == made, name
            assert all(check.passed for check in result.get_asset_check_evaluations()), name
            assert made or [check.asset_check_key for check in result.get_asset_check_evaluations()] == [CONTRACT]
    assert (copy.warehouse / "current").readlink() == published
    assert len(list((copy.warehouse / "releases").iterdir())) == 1
