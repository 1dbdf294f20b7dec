"""The sample, its declarations and deliveries: an installation may delete both, and what needs them is skipped then."""

from pathlib import Path

import pytest

from orchestration import settings

ORGANISATION = settings.ORGANISATIONS / "metropolitan_police"
RAW = settings.PROJECT / "raw"
# what reads the sample's program before a test runs
MODULES = ["test_benchmarks.py", "test_sample.py"]


def is_there() -> bool:
    """Deliveries that are missing beside a folder that is there fail the tests: that is nothing one does on purpose."""
    return ORGANISATION.is_dir()


def require() -> None:
    """Skip the test that runs, where the sample was deleted."""
    if not is_there():
        pytest.skip("needs the sample, which was deleted")


def deliveries(files: str) -> list[Path]:
    """Its deliveries whose path within raw/ matches. Skips the test that runs, where the sample was deleted."""
    require()
    found = sorted(RAW.glob(files))
    assert found, files
    return found
