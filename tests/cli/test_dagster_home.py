"""Where Dagster keeps its record, in the warehouse or where a service has its own home for it, and how much of it."""

import os

import dagster as dg
import pytest

from orchestration import settings
from orchestration.cli import commands
from orchestration.warehouse import file_system


def test_the_warehouse_has_a_home_for_dagster_whose_settings_are_the_project_s(tmp_path, monkeypatch):
    monkeypatch.setenv("SCORECARD_WAREHOUSE", str(tmp_path))
    monkeypatch.setenv("DAGSTER_HOME", "")
    commands.prepare_dagster()
    assert os.environ["DAGSTER_HOME"] == str(tmp_path / "dagster")
    placed = (tmp_path / "dagster" / "dagster.yaml").read_bytes()
    assert placed == (settings.PROJECT / "orchestration" / "dagster.yaml").read_bytes()


def test_a_home_of_its_own_is_taken_as_it_is(tmp_path, monkeypatch):
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    commands.prepare_dagster()
    assert list(tmp_path.iterdir()) == []


def test_a_home_that_is_not_there_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "none"))
    with pytest.raises(commands.Refused, match=r"DAGSTER_HOME is .*/none, which is not a folder"):
        commands.prepare_dagster()


def test_a_home_on_a_network_file_system_is_refused(tmp_path, monkeypatch):
    (tmp_path / "mounts").write_text("server:/export /mnt/shared nfs4 rw 0 0\n")
    monkeypatch.setattr(file_system, "MOUNTS", tmp_path / "mounts")
    monkeypatch.setenv("DAGSTER_HOME", "/mnt/shared/dagster")
    with pytest.raises(file_system.OverANetwork, match="/mnt/shared/dagster lies on a network file system"):
        commands.prepare_dagster()


@dg.job
def nothing(): ...


def test_pruning_keeps_the_last_runs_and_deletes_what_others_printed_as_well(tmp_path, monkeypatch):
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    with dg.DagsterInstance.get() as instance:
        runs = [nothing.execute_in_process(instance=instance).run_id for _ in range(3)]
        for run in runs:
            printed = tmp_path / "storage" / run / "compute_logs" / "step.out"
            printed.parent.mkdir(parents=True, exist_ok=True)
            printed.write_text("printed")
        commands.prune(keep=1)
        assert [run.run_id for run in instance.get_runs()] == runs[-1:]
    assert [path.name for path in (tmp_path / "storage").iterdir() if any(path.rglob("*.out"))] == runs[-1:]
