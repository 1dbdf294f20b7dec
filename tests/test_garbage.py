"""What is read in with the definitions is kept to the end of the process, and nothing else is."""

import subprocess
import sys

import pytest

from tests.conftest import PROJECT


@pytest.mark.parametrize(("modules", "kept"), [("orchestration.definitions", True), ("duckdb, dagster", False)])
def test_what_is_read_in_with_the_definitions_is_kept_but_where_duckdb_is_among_it(modules, kept):
    said = _told(
        f"import {modules}, orchestration.definitions, gc; print(gc.isenabled(), gc.get_freeze_count() > 1000)"
    )
    assert said == f"True {kept}\n"


def test_what_comes_after_is_looked_through_still():
    said = _told(
        "import orchestration.definitions, gc, weakref\n"
        "class Round: pass\n"
        "one = Round(); one.itself = one; there = weakref.ref(one); del one\n"
        "many = [[] for _ in range(200_000)]\n"
        "print(there())"
    )
    assert said == "None\n"


def _told(program: str) -> str:
    """What a process says that ends as Python ends, and has nothing to complain about."""
    done = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout
