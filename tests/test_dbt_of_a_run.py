"""The dbt of a run writes what somebody reads, and nothing else."""

import io
import json
from types import SimpleNamespace

import pytest
from dbt.task import runnable
from dbt_common.events.base_types import EventLevel
from dbt_common.events.event_manager import EventManager
from dbt_common.events.logger import LineFormat, LoggerConfig
from dbt_common.events.types import Note

from orchestration import dbt_of_a_run
from orchestration.defs import dbt_at_work


def test_an_event_below_the_level_asked_for_is_not_even_written_out(monkeypatch):
    # both are put back afterwards
    monkeypatch.setattr(runnable, "write_manifest", runnable.write_manifest)
    monkeypatch.setattr(EventManager, "add_logger", EventManager.add_logger)
    dbt_of_a_run.write_only_what_is_read()
    written, told = [], io.StringIO()

    def scrubbed(line: str) -> str:
        written.append(line)
        return line

    events = EventManager()
    events.add_logger(
        LoggerConfig(
            "test",
            filter=lambda event: "not this one" not in event.info.msg,
            scrubber=scrubbed,
            line_format=LineFormat.Json,
            level=EventLevel.INFO,
            output_stream=told,
        )
    )
    for says, level in (("detail", "DEBUG"), ("done", "INFO"), ("not this one", "INFO"), ("broken", "ERROR")):
        events.fire_event(Note(msg=says), level=EventLevel[level])
    assert [json.loads(line)["info"]["msg"] for line in written] == ["done", "broken"]
    assert told.getvalue().splitlines() == written


def test_a_run_leaves_what_dbt_did_and_what_it_told(sample):
    dbt = sample.warehouse / "dbt"
    results = json.loads((dbt / "run" / "run_results.json").read_bytes())["results"]
    assert {"success", "pass"} <= {result["status"] for result in results}
    assert (dbt / "manifest.json").exists()
    assert not (dbt / "run" / "manifest.json").exists()
    told = (dbt / "run.log").read_text(encoding="utf-8")
    assert "Completed successfully" in told
    assert "leaked" not in told


def test_the_project_is_parsed_once_for_a_run_from_nothing(sample):
    parsed, ran = (
        (sample.warehouse / "dbt" / folder / "dbt.log").read_text(encoding="utf-8") for folder in ("logs", "run")
    )
    assert parsed.count("Starting full parse") == 1
    assert "Starting full parse" not in ran
    assert "no changes found, skipping parsing" in ran


@pytest.mark.parametrize("results", [None, "", '{"results": ['])
def test_a_disk_that_is_full_when_dbt_writes_what_came_of_its_nodes_is_what_is_told(tmp_path, results):
    place = tmp_path / "run_results.json"
    if results is not None:
        place.write_text(results, encoding="utf-8")
    stopped = SimpleNamespace(
        process=SimpleNamespace(returncode=1),
        get_artifact=lambda name: json.loads((tmp_path / name).read_bytes()),
        get_error=lambda: RuntimeError("Encountered an error:\n[Errno 28] No space left on device"),
    )
    assert dbt_at_work.failure(stopped).description.startswith("The disk is full: make room where ")
