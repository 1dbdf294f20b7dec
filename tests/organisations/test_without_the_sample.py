"""An installation that deleted the sample: its tests pass, and without an organisation a command says what to set."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.dbt import project
from tests import sample
from tests.conftest import Built, copy_files, environment

# of each kind: a catalogue that is edited, deliveries that are damaged, letters; and what needs the sample, skipped
CHOSEN = (
    "catalogue/test_dated.py",
    "raw/test_validation.py",
    "raw/test_stale_deliveries.py",
    "scorecard/test_status.py",
)
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def without(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A copy of the project without the sample, its deliveries and any organisation."""
    built = Built(tmp_path_factory.mktemp("without") / "project")
    copy_files(built.project)
    organisations = built.project / "dbt_project" / "organisations"
    shutil.rmtree(organisations / sample.ORGANISATION.name, ignore_errors=True)
    (organisations / "default").unlink(missing_ok=True)
    for folder in built.raw.iterdir():
        if folder.is_dir():
            shutil.rmtree(folder)
    return built


def run(built: Built, *command: str | Path) -> str:
    """What a program prints that ends well in the copy."""
    done = subprocess.run(
        command,
        cwd=built.project,
        env=environment() | {"PYTHONPATH": str(built.project)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_without_an_organisation_a_command_says_in_one_sentence_what_to_set(without):
    done = without.command("status")
    missing = f"{without.project}/dbt_project/organisations/default/organisation.yml is missing: set SCORECARD_ORG"
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.startswith(missing)


def test_with_another_organisation_the_tests_of_the_engine_pass_and_dagster_loads_it(without):
    (without.project / "dbt_project" / "organisations" / "default").symlink_to("../../tests/organisations/police_force")
    tests = [without.project / "tests" / name for name in CHOSEN]
    said = run(without, sys.executable, "-m", "pytest", "-n", "0", "-p", "no:cacheprovider", *tests)
    assert "what needs the sample is skipped" in said
    assert "passed" in said.splitlines()[-1] and "skipped" in said.splitlines()[-1]
    assert without.command("prepare").returncode == 0
    run(without, project.EXECUTABLE.with_name("dagster"), "definitions", "validate")
