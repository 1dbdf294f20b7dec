import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestration import settings
from orchestration.warehouse import versions
from tests.conftest import PROJECT, environment

DIGESTS = (versions.code_version, versions.validation_version, versions.editions_version)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the sources, which the digests are of."""
    for name in ("orchestration", "dbt_project"):
        ignored = shutil.ignore_patterns("__pycache__", "target")
        shutil.copytree(settings.PROJECT / name, tmp_path / name, symlinks=True, ignore=ignored)
    shutil.copytree(settings.ORGANISATION, tmp_path / settings.ORGANISATION.relative_to(settings.PROJECT))
    shutil.copy(settings.PROJECT / versions.LIBRARIES, tmp_path)
    for name in ("ORGANISATION", "CATALOGUE", "SOURCES"):
        monkeypatch.setattr(settings, name, tmp_path / getattr(settings, name).relative_to(settings.PROJECT))
    monkeypatch.setattr(settings, "DBT_PROJECT", tmp_path / "dbt_project")
    monkeypatch.setattr(settings, "PROJECT", tmp_path)
    return tmp_path


def digests() -> list[str]:
    """Of the code, of validation, of editions."""
    for digest in DIGESTS:
        digest.cache_clear()
    return [digest() for digest in DIGESTS]


@pytest.fixture(autouse=True)
def forgotten():
    yield
    for digest in DIGESTS:
        digest.cache_clear()


def added(line: str) -> Callable[[Path], None]:
    return lambda path: path.write_text(path.read_text(encoding="utf-8") + line, encoding="utf-8")


def with_other_docstrings(path: Path) -> None:
    reworded, count = re.subn(r'^( *""")(?=[A-Z])', r"\1Indeed: ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert count > 1
    path.write_text(f"# a line more\n{reworded}", encoding="utf-8")


CATALOGUE = "tests/golden/catalogue"
ORGANISATION = "tests/golden/organisation.yml"
CHANGES = {
    "a rule of validation": ("orchestration/raw/comparison/plausibility.py", added("\nX = 1\n"), {"validation"}),
    "what validation imports": ("orchestration/warehouse/justification.py", added("\nX = 1\n"), {"validation"}),
    "a page": ("orchestration/editions/site/line_page.py", added("\nX = 1\n"), {"editions"}),
    "a template": ("orchestration/editions/site/templates/card.html", added("<hr>\n"), {"editions"}),
    "a contract that the data files repeat": ("orchestration/scorecard/contracts.yml", added("# why\n"), {"editions"}),
    "a word that the pages import": ("orchestration/explain/words.py", added("\nX = 1\n"), {"editions"}),
    "what both import": ("orchestration/months.py", added("\nX = 1\n"), {"validation", "editions"}),
    "what neither imports": ("orchestration/release/recovery.py", added("\nX = 1\n"), set()),
    "docstrings of validation": ("orchestration/raw/comparison/plausibility.py", with_other_docstrings, set()),
    "docstrings of the pages": ("orchestration/explain/words.py", with_other_docstrings, set()),
    "a comment": ("orchestration/months.py", added("\n\n# why\n"), set()),
    "a model": ("dbt_project/models/measures/monthly_measures.sql", added("-- why\n"), set()),
    "a line of the catalogue": (f"{CATALOGUE}/indicators.csv", added("2010/11\n"), {"validation"}),
    "a target of the catalogue": (f"{CATALOGUE}/figures.csv", added("2010/11\n"), set()),
    "what the organisation is called": (ORGANISATION, added("# why\n"), {"validation", "editions"}),
    "a library": ("requirements.lock", added("another==1\n"), {"editions"}),
}


@pytest.mark.parametrize("path, change, affected", CHANGES.values(), ids=CHANGES)
def test_an_edit_affects_the_digest_of_what_rests_on_it_and_no_other(project, path, change, affected):
    code, validation, editions = digests()
    change(project / path)
    after = digests()
    assert {"validation"} & affected == ({"validation"} if after[1] != validation else set())
    assert {"editions"} & affected == ({"editions"} if after[2] != editions else set())
    assert (after[0] == code) == (path == versions.LIBRARIES)


def test_what_dbt_leaves_when_it_is_run_by_hand_changes_nothing(project):
    before = digests()
    compiled = project / "dbt_project" / "target" / "compiled" / "performance" / "measures.yml"
    compiled.mkdir(parents=True)  # dbt names a folder after each file of tests
    (compiled / "unique_key.sql").write_text("select 1")
    (project / "orchestration" / "raw" / "__pycache__").mkdir()
    (project / "orchestration" / "raw" / "__pycache__" / "x.cpython-311.pyc").write_bytes(b"compiled")
    assert digests() == before


def test_a_digest_is_the_same_in_every_process():
    """Sets of constants have no order of their own."""
    program = "from orchestration.warehouse import versions as v; print(v.validation_version(), v.editions_version())"
    found = {
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=PROJECT,
            env=environment() | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1
