"""dbt by hand: in a copy of the working database, whatever the command."""

import os
import subprocess

import duckdb
import pytest

from orchestration.dbt import project
from tests.conftest import PROJECT, copied, environment


def dbt(folder, *arguments, **settings):
    """What a person types in dbt_project/, with none of the pipeline's variables set."""
    return subprocess.run(
        [project.EXECUTABLE, *arguments],
        cwd=folder,
        env=environment() | settings,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_target_production_is_out_of_reach_without_a_run(tmp_path):
    outside = {"DBT_TARGET_PATH": str(tmp_path), "DBT_LOG_PATH": str(tmp_path)}
    done = dbt(PROJECT / "dbt_project", "run", "--target", "production", **outside)
    assert done.returncode == 2
    assert "Env var required but not provided: 'SCORECARD_DATABASE'" in done.stdout


@pytest.mark.slow
def test_dbt_by_hand_builds_its_months_in_a_copy_and_changes_nothing_of_a_run(sample, tmp_path):
    copy = copied(sample, tmp_path)
    working = copy.warehouse / "performance.duckdb"
    before = working.read_bytes()
    filled = copy.command("development", "--from", "2009-07")
    assert filled.returncode == 0, filled.stderr
    built = copy.command("dbt", "build", "--select", "rolling_year", "--quiet")
    assert built.returncode == 0, built.stdout
    by_hand = dbt(copy.project / "dbt_project", "run", "--select", "quarter", "--quiet")
    assert by_hand.returncode == 0, by_hand.stdout
    with duckdb.connect(str(copy.warehouse / "development" / "performance.duckdb"), read_only=True) as connection:
        assert connection.execute("select strftime(month, '%Y-%m') from run.report_months").fetchall() == [("2009-07",)]
        (rows,) = connection.execute(
            "select count(*) from aggregates.quarter where report_month = date '2009-07-01'"
        ).fetchone()
    assert rows
    assert working.read_bytes() == before
    assert os.path.lexists(copy.project / "dbt_project" / "target")  # a run passes over it
