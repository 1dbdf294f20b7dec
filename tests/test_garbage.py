"""What is read in with the definitions is kept to the end of the process, and nothing else is."""

import pytest

from tests.conftest import told_by_another_process


@pytest.mark.parametrize(("modules", "kept"), [("orchestration.definitions", True), ("duckdb, dagster", False)])
def test_what_is_read_in_with_the_definitions_is_kept_but_where_duckdb_is_among_it(modules, kept):
    said = told_by_another_process(
        f"import {modules}, orchestration.definitions, gc; print(gc.isenabled(), gc.get_freeze_count() > 1000)"
    )
    assert said == f"True {kept}\n"


def test_what_comes_after_is_looked_through_still():
    said = told_by_another_process(
        "import orchestration.definitions, gc, weakref\n"
        "class Round: pass\n"
        "one = Round(); one.itself = one; there = weakref.ref(one); del one\n"
        "many = [[] for _ in range(200_000)]\n"
        "print(there())"
    )
    assert said == "None\n"
