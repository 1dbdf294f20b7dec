import os
import signal
import subprocess
import sys
import time

import pytest

from orchestration.warehouse import run_lock
from tests.conftest import PROJECT, environment

HOLDER = """
import sys
from orchestration.warehouse import run_lock
with run_lock.held("a run over the report months 2009-01 to 2009-08"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def warehouse(tmp_path, monkeypatch):
    monkeypatch.setenv("SCORECARD_WAREHOUSE", str(tmp_path))


@pytest.fixture
def holder():
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ
    ) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_who_comes_second_is_told_at_once_who_holds_it_and_since_when(holder):
    began = time.monotonic()
    with pytest.raises(run_lock.InUse) as refused, run_lock.held("mine"):
        pass
    assert time.monotonic() - began < 0.5
    said = str(refused.value)
    assert "in use by a run over the report months 2009-01 to 2009-08" in said
    assert f"(process {holder.pid}, since 20" in said
    assert run_lock.is_held()


def test_the_lock_dies_with_its_holder(holder):
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    assert not run_lock.is_held()
    with run_lock.held("mine"):
        assert run_lock.is_held()


def test_what_runs_inside_a_run_takes_it_again_and_the_last_gives_it_back():
    with run_lock.held("a run"):
        with run_lock.held("its resource"):
            pass
        assert run_lock.is_held()
    assert not run_lock.is_held()


def test_a_program_started_from_a_run_does_not_keep_the_lock():
    with run_lock.held("a run"):
        child = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
    try:
        assert not run_lock.is_held()
    finally:
        child.communicate()


def test_asking_whether_it_is_held_never_turns_a_run_away(holder):
    holder.communicate()
    asking = "from orchestration.warehouse import run_lock\nwhile True: run_lock.is_held()"
    with subprocess.Popen([sys.executable, "-c", asking], env=os.environ) as asker:
        time.sleep(0.5)
        for _ in range(200):
            with run_lock.held("mine"):
                pass
        asker.kill()


OF_A_RUN = {
    "a writer of editions": (
        "-c",
        "from orchestration.processes import end_with_parent; end_with_parent({run}); input()",
    ),
    "dbt": ("-m", "orchestration.dbt.child", "{run}"),
    "a what-if": ("-m", "orchestration.cli.rehearsal", "{run}", "2009-08", "2009-08"),
}


@pytest.mark.parametrize("program", OF_A_RUN.values(), ids=OF_A_RUN)
def test_what_a_run_started_ends_where_the_run_was_killed_before_it_was_ready(program):
    gone = subprocess.Popen(["true"])
    gone.wait()
    process = subprocess.Popen(
        [sys.executable, *(part.format(run=gone.pid) for part in program)],
        cwd=PROJECT,
        env=environment(),
        stdin=subprocess.PIPE,  # and stays open: nothing else ends it
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert process.wait(30) == -signal.SIGKILL, process.stdout.read()
    finally:
        process.kill()
        process.communicate()
