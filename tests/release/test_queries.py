"""The questions of docs/queries.md, asked of the sample's release as an analyst asks them."""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from orchestration import connect
from tests import documented_queries
from tests.conftest import Built

TEXT = documented_queries.DOCUMENT.read_text(encoding="utf-8")
QUERIES = documented_queries.queries(TEXT)
MILLISECONDS = 50
OLDEST = (
    Path(sys.prefix) / "beside" / "duckdb-1.5"
)  # the oldest DuckDB that readers are promised; make test-all installs it
ANSWERS = """
import json, sys
import duckdb
from tests.documented_queries import DOCUMENT, answer, queries
with duckdb.connect(sys.argv[1], read_only=True) as release:
    answers = [answer(release, query["sql"]) for query in queries(DOCUMENT.read_text(encoding="utf-8"))]
print(json.dumps([duckdb.__version__, answers]))
"""


@pytest.fixture
def release(sample: Built, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SCORECARD_WAREHOUSE", str(sample.warehouse))
    with connect() as connection:
        yield connection


def test_every_query_of_the_document_is_found_with_its_question():
    assert len(QUERIES) == TEXT.count("```") / 2 >= 12
    assert [it["question"] for it in QUERIES if not re.fullmatch(r"[A-Z][^|]*\?", it["question"])] == []
    assert len({it["question"] for it in QUERIES}) == len({it["sql"] for it in QUERIES}) == len(QUERIES)


@pytest.mark.parametrize("query", QUERIES, ids=[it["question"] for it in QUERIES])
def test_a_query_gives_the_rows_that_are_printed_below_it(release: duckdb.DuckDBPyConnection, query):
    assert release.execute(query["sql"]).fetchall()
    assert documented_queries.answer(release, query["sql"]) == query["table"]


@pytest.mark.parametrize("query", QUERIES, ids=[it["question"] for it in QUERIES])
def test_a_query_says_in_which_order_its_rows_come(query):
    assert re.search(r"\norder by |from notices", query["sql"])  # which is stored in the order in which it is told


@pytest.mark.parametrize("query", QUERIES, ids=[it["question"] for it in QUERIES])
def test_a_query_takes_no_time(release: duckdb.DuckDBPyConnection, query):
    took = []
    for _ in range(5):
        began = time.process_time()  # of all its threads, whatever else the machine does meanwhile
        release.execute(query["sql"]).fetchall()
        took.append(time.process_time() - began)
    assert min(took) * 1000 < MILLISECONDS


def test_writing_the_rows_anew_changes_nothing(release: duckdb.DuckDBPyConnection):
    assert documented_queries.with_answers(TEXT, lambda sql: documented_queries.answer(release, sql)) == TEXT


@pytest.mark.slow
@pytest.mark.skipif(not OLDEST.is_dir(), reason="DuckDB 1.5 is not installed: make test-all installs it")
def test_the_oldest_duckdb_that_readers_may_have_gives_the_same_answers(sample: Built):
    done = subprocess.run(
        [sys.executable, "-c", ANSWERS, str(sample.warehouse / "current" / "scorecard.duckdb")],
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(OLDEST), *sys.path])},
        capture_output=True,
        text=True,
        check=True,
    )

    version, answers = json.loads(done.stdout)
    assert version.startswith("1.5.")
    assert answers == [query["table"] for query in QUERIES]
