"""The process of a run reads in no dbt, and what it says of the one beside it is true."""

from importlib.metadata import version

import pytest

from tests.conftest import told_by_another_process


@pytest.mark.parametrize("before", ["", "dbt.version, "])
def test_dbt_is_not_read_in_with_the_definitions_and_stays_where_it_was(before):
    said = told_by_another_process(
        f"import {before}orchestration.definitions, sys\n"
        "print('dbt.adapters' in sys.modules, 'dbt.version' in sys.modules)\n"
        "import dbt.version; print(dbt.version.__version__)"
    )
    assert said == f"False {bool(before)}\n{version('dbt-core')}\n"


def test_dagsters_page_lists_the_dbt_there_is():
    said = told_by_another_process(
        "import orchestration.definitions\n"
        "from dagster_shared.libraries import DagsterLibraryRegistry as libraries\n"
        "print(libraries.get().get('dbt-core'), libraries.get().get('dbt-fusion'))"
    )
    assert said == f"{version('dbt-core')} None\n"
