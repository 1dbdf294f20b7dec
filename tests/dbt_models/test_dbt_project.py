"""dbt's manifest is parsed once, whichever processes ask for it, and never read half-written."""

import json
import os
import subprocess
import sys
from pathlib import Path

ASK = "from orchestration.dbt import project; project.prepare(); print(project.manifest())"


def asked(warehouse: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", ASK],
        env=os.environ | {"SCORECARD_WAREHOUSE": str(warehouse)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def whole(path: Path) -> bool:
    return "metadata" in json.loads(path.read_bytes())


def test_processes_that_ask_at_once_all_get_the_whole_of_it_and_one_of_them_parses(tmp_path: Path):
    """Also where a dbt died while it wrote."""
    half = tmp_path / "dbt" / "parsing" / "manifest.json"
    half.parent.mkdir(parents=True)
    half.write_text('{"metadata": {', encoding="utf-8")
    processes = [asked(tmp_path) for _ in range(2)]
    answers = [process.communicate(timeout=300) for process in processes]
    assert [(process.returncode, said[1]) for process, said in zip(processes, answers, strict=True)] == [(0, "")] * 2
    assert all(whole(Path(said[0].strip())) for said in answers)
    log = (tmp_path / "dbt" / "logs" / "dbt.log").read_text(encoding="utf-8")
    assert log.count("Command `dbt parse` succeeded") == 1
