"""A service runs for years: what it does every minute leaves no file open."""

from pathlib import Path

import dagster as dg

from orchestration import warehouse
from orchestration.defs.sensors import complete_months, new_deliveries
from orchestration.warehouse import ledger, run_lock
from tests.deliveries import copy_of_the_sample, own_folders


def test_ticks_locks_connections_and_entries_of_the_ledger_leave_no_descriptor_open(tmp_path, monkeypatch):
    copy_of_the_sample(own_folders(tmp_path, monkeypatch), "weapon_enabled_crime/2009-0*.csv")
    with dg.instance_for_test() as instance:

        def a_minute() -> int:
            with run_lock.held("a run"), warehouse.writing() as connection:
                connection.execute("create or replace table kept as select 1")
            ledger.append([("delivery", {"extract": "weapon_enabled_crime"})])
            requested = new_deliveries(dg.build_sensor_context(instance=instance))
            assert requested.run_requests
            assert complete_months(dg.build_sensor_context(instance=instance)).skip_message
            return len(list(Path("/proc/self/fd").iterdir()))

        first = a_minute()
        assert [a_minute() for _ in range(10)] == [first] * 10
