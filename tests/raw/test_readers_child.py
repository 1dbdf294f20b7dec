"""The child that parses deliveries may die, hang or eat memory: that refuses the file at hand and nothing else."""

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from orchestration.raw import readers
from orchestration.raw.findings import findings
from orchestration.raw.readers import parser
from orchestration.raw.readers.child import limits
from orchestration.raw.readers.child.frames import Rejected
from orchestration.raw.sources.extracts import BY_NAME
from tests.hostile import RECRUITS, parquet, workbook

SOUND = workbook()
# the child as it is, but for what it does with a workbook
PROGRAM = """
import ctypes, importlib.util, os, signal, sys, time, types
sys.path.insert(0, {program!r})
named = importlib.util.spec_from_file_location("child", {program!r} + "/__main__.py")
child = importlib.util.module_from_spec(named)
named.loader.exec_module(child)
served = []
def as_it_is(about, content):
    return importlib.import_module("sheet").read(about, content)
def instead(about, content):
    served.append(about)
    {does}
    return as_it_is(about, content)
sys.modules["instead"] = types.SimpleNamespace(read=instead)
child.READERS["workbook"] = ("instead", "read", "broken")
try:
    child.main()
except MemoryError:
    os._exit(child.frames.OUT_OF_MEMORY)
"""


@pytest.fixture
def child(tmp_path, monkeypatch):
    """Lets the child do something before it reads a workbook; no delivery can."""

    def doing(does):
        parser.stop()
        program = tmp_path / "child.py"
        program.write_text(PROGRAM.format(program=str(parser.PROGRAM), does=does))
        monkeypatch.setattr(parser, "PROGRAM", program)

    yield doing
    parser.stop()


def read():
    return readers.read(BY_NAME["officer_recruitment"], SOUND, "xlsx")


def sentence():
    said = read()
    assert said.rows is None
    (problem,) = findings.combined(said.problems).iter_rows(named=True)
    assert problem["code"] == "unreadable"
    return problem["rule"]


DEATHS = {
    "a segmentation fault": ("ctypes.string_at(0)", "makes the parser fail (SIGSEGV): it is damaged, write it again"),
    "an abort": ("os.abort()", "makes the parser fail (SIGABRT)"),
    "a kill": ("os.kill(os.getpid(), signal.SIGKILL)", "makes the parser fail (SIGKILL)"),
    "an exit": ("os._exit(3)", "makes the parser fail (exit code 3)"),
    "too much memory": (
        "bytearray(10**10)",
        "takes more than 3 GB of memory to read",
    ),
    "noise for an answer": ("os.write(4, b'noise' * 99); os.write(3, b'noise' * 99)", "makes the parser fail"),
}


@pytest.mark.parametrize("does, said", DEATHS.values(), ids=DEATHS)
def test_a_child_that_dies_refuses_the_file_and_a_fresh_one_takes_over(child, monkeypatch, does, said):
    with monkeypatch.context():
        real = parser.PROGRAM
        child(does)
        assert said in sentence()
        monkeypatch.setattr(parser, "PROGRAM", real)
        assert read().rows.height == 2


def test_a_child_that_hangs_is_ended_by_the_clock(child, monkeypatch):
    monkeypatch.setattr(limits, "SECONDS", 0.3)
    child("time.sleep(60)")
    began = time.perf_counter()
    assert "takes more than 0.3 seconds to read" in sentence()
    assert time.perf_counter() - began < 5


def test_a_child_that_never_stops_reckoning_is_ended_by_its_processor_time(child):
    child("child.limits.PROCESSOR_SECONDS = 0; child.limit()\n    while True: pass")
    assert f"takes more than {limits.PROCESSOR_SECONDS} seconds to read" in sentence()


def test_what_a_library_prints_is_no_answer(child):
    child("print('noise', flush=True); os.write(1, b'noise')")
    assert read().rows.height == 2


def test_a_child_hurt_by_the_file_before_does_not_refuse_the_next(child):
    child("if len(served) > 1: os.abort()")
    assert [read().rows.height for _ in range(3)] == [2, 2, 2]


def test_an_interruption_leaves_no_child_that_answers_the_wrong_question(child, monkeypatch):
    child("")
    read()
    first = parser._running

    def interrupted(stream):
        raise KeyboardInterrupt

    with monkeypatch.context() as moment:
        moment.setattr(parser.frames, "receive", interrupted)
        with pytest.raises(KeyboardInterrupt):
            read()
    assert first.poll() is not None
    assert read().rows.height == 2


def test_a_program_that_does_not_start_is_no_fault_of_the_file(child, monkeypatch):
    child("")
    monkeypatch.setattr(parser, "PROGRAM", parser.PROGRAM.with_name("nothing.py"))
    with pytest.raises(RuntimeError, match="does not start"):
        read()


SHOWS = """if "crimes" not in about: return as_it_is(about, content)
    importlib.import_module("columns").footer({}, about["crimes"].encode("latin-1"))
    descriptors = [os.readlink("/proc/self/fd/" + name) for name in os.listdir("/proc/self/fd")[:-1]]
    openpyxl = sys.modules.get("openpyxl")
    xml = openpyxl and [openpyxl.DEFUSEDXML, openpyxl.LXML, openpyxl.xml.functions.fromstring.__module__]
    return {"modules": sorted(sys.modules), "descriptors": descriptors, "xml": xml}, b\"\""""


def in_the_child():
    found, _ = parser.parse("workbook", {"crimes": parquet().decode("latin-1")}, b"")
    return found, {name.split(".")[0] for name in found["modules"]}


def test_the_child_knows_nothing_of_the_pipeline_and_holds_nothing_but_its_pipes(child):
    child(SHOWS)
    with Path(os.devnull).open() as opened:
        os.set_inheritable(opened.fileno(), True)
        found, modules = in_the_child()
    assert "pyarrow" in modules
    assert not modules & {"orchestration", "dagster", "pandera", "duckdb", "polars"}
    assert sum(name.startswith("pipe:") for name in found["descriptors"]) == 2
    assert all(name.startswith("pipe:") or name == os.devnull for name in found["descriptors"])


def test_openpyxl_waits_for_the_first_workbook_and_parses_with_defusedxml_whatever_the_environment(child, monkeypatch):
    monkeypatch.setenv("OPENPYXL_DEFUSEDXML", "False")
    child(SHOWS)
    assert "openpyxl" not in in_the_child()[1]
    assert read().rows.height == 2
    found, modules = in_the_child()
    assert "openpyxl" in modules
    assert found["xml"] == [True, False, "defusedxml.common"]


def test_one_child_serves_many_files_and_ends_with_the_run():
    one = (
        "from orchestration.raw.readers import parser\n"
        "def asked():\n"
        "    try: parser.parse('workbook', {}, b'no workbook')\n"
        "    except parser.Rejected: return parser._running.pid\n"
        "assert asked() == asked()\n"
        "print(asked())"
    )
    done = subprocess.run(
        [sys.executable, "-c", one], capture_output=True, text=True, check=True, cwd=parser.PROGRAM.parents[3]
    )
    with contextlib.suppress(ProcessLookupError):
        os.kill(int(done.stdout), 0)
        pytest.fail("the child is still there")


def test_a_fork_starts_a_child_of_its_own():
    read()
    running = parser._running
    parser._forget()
    try:
        with pytest.raises(Rejected):
            parser.parse("workbook", {}, b"no workbook")
        assert parser._running.pid != running.pid
    finally:
        parser.stop()
        parser._running = running
    assert read().rows.height == len(RECRUITS) - 1
