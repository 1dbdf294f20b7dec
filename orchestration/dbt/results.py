"""What came of a dbt command, read from the artifacts that dbt documents: run_results.json. Pure but for that file."""

import json
from pathlib import Path
from typing import NamedTuple

FAILED = ("error", "fail")


class Result(NamedTuple):
    """What became of one node: a model, a seed or a test."""

    unique_id: str
    status: str  # success, pass, fail, error, warn, skipped
    message: str | None
    failures: int | None  # rows of a test
    seconds: float
    compiled_code: str | None

    @property
    def name(self) -> str:
        """The name of the node, as `rolling_year`."""
        return self.unique_id.split(".")[2]


class Results(NamedTuple):
    """The results by node, in the order in which they ended; whether dbt succeeded, and what it printed."""

    nodes: list[Result]
    succeeded: bool
    log: str


def read(target: Path, exit_code: int, log: str) -> Results:
    """The results of the last command in that target folder; none where dbt ended before it wrote them."""
    try:
        found = json.loads((target / "run_results.json").read_bytes())["results"]
    except (FileNotFoundError, ValueError):
        found = []
    nodes = [
        Result(
            node["unique_id"],
            str(node["status"]),
            node["message"],
            node["failures"],
            node["execution_time"],
            node.get("compiled_code"),
        )
        for node in found
    ]
    return Results(nodes, exit_code == 0, log)
