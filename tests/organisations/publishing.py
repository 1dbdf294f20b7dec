"""A card of an organisation, made from its own files alone."""

from pathlib import Path

from tests.conftest import PROJECT, Built


def publish(organisation: Path, room: Path, month: str) -> None:
    """Publish a month from the raw files in a folder, into that folder; nothing of the project changes by it."""
    of_organisation = {
        "SCORECARD_ORGANISATION": str(organisation),
        "SCORECARD_RAW": str(room / "raw"),
        "SCORECARD_WAREHOUSE": str(room / "warehouse"),
    }
    was = _project()
    done = Built(PROJECT).command("scorecard", "--from", month, "--to", month, **of_organisation)
    assert done.returncode == 0, done.stdout + done.stderr
    assert _project() == was


def _project() -> dict[Path, bytes]:
    """Every file of the code, the models and the sample that a run reads, with its content."""
    rooms = [path for room in ("orchestration", "dbt_project", "raw") for path in (PROJECT / room).rglob("*.*")]
    return {path: path.read_bytes() for path in rooms if path.is_file() and path.suffix != ".pyc"}
