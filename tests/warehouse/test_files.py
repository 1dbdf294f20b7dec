"""Writing in one way, and leaving alone what DuckDB has open: a second process tries to come in after each helper."""

import ast
import hashlib
import subprocess
import sys
from contextlib import suppress

import duckdb
import pytest

from orchestration import settings, warehouse
from orchestration.raw.files import vault
from orchestration.release import folder as release_folder
from orchestration.warehouse import files, ledger, run_lock

SECOND_WRITER = "import duckdb, sys; duckdb.connect(sys.argv[1]).execute('create or replace table t (x int)')"


def second_writer_comes_in(path) -> bool:
    tried = subprocess.run([sys.executable, "-c", SECOND_WRITER, str(path)], capture_output=True, check=False)
    return tried.returncode == 0


def test_a_lock_of_duckdb_s_is_lost_where_its_file_is_opened_besides(tmp_path):
    """What all of this is about; if this ever fails, DuckDB has learned to keep its lock."""
    path = tmp_path / "held.duckdb"
    with duckdb.connect(str(path)):
        assert not second_writer_comes_in(path)
        path.open("rb").close()
        assert second_writer_comes_in(path)


HELPERS = {
    "digest": files.digest,
    "sync": files.sync,
    "seal": lambda path: files.seal(path.parent),
    "damage": lambda path: release_folder.damage(path.parent),
    "write_manifest": lambda path: release_folder.write_manifest(path.parent, {}),
    "replacing": lambda path: files.write(path, b"x"),
    "left_over": lambda path: files.left_over(path.parent),
    "repair": lambda path: ledger.repair(),
    "append": lambda path: ledger.append([("verdict", {})]),
    "receiving": lambda path: vault.store(b"x", hashlib.sha256(b"x").hexdigest()),
    "is_held": lambda path: run_lock.is_held(),
    "reading": lambda path: warehouse.reading().__enter__(),
}


@pytest.mark.parametrize("helper", HELPERS.values(), ids=HELPERS)
def test_no_helper_costs_duckdb_its_lock(tmp_path, monkeypatch, helper):
    monkeypatch.setenv("SCORECARD_WAREHOUSE", str(tmp_path))
    (tmp_path / "releases").mkdir()
    path = settings.database()
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table mine (x int)")
        with suppress(files.OpenHere, duckdb.ConnectionException):  # to be refused is well
            helper(path)
        assert not second_writer_comes_in(path)
        connection.execute("insert into mine values (1)")


def test_a_file_open_here_is_refused_under_any_name(tmp_path):
    path = tmp_path / "held.duckdb"
    with duckdb.connect(str(path)):
        link = tmp_path / "another name"
        link.symlink_to(path)
        for name in (path, link):
            with pytest.raises(files.OpenHere, match="is open in this process"):
                files.digest(name)
    assert len(files.digest(path)) == 64


def test_a_written_file_is_whole_read_only_where_asked_and_leaves_nothing_beside_it(tmp_path):
    files.write(tmp_path / "deep" / "a.txt", "one")
    files.write(tmp_path / "deep" / "a.txt", b"two", files.READ_ONLY)
    assert (tmp_path / "deep" / "a.txt").read_text() == "two"
    assert (tmp_path / "deep" / "a.txt").stat().st_mode & 0o777 == 0o444
    assert files.left_over(tmp_path / "deep") == []


@pytest.mark.parametrize("fails", ["write_bytes", "chmod", "rename"])
def test_whatever_fails_the_old_file_is_as_it_was(tmp_path, monkeypatch, fails):
    path = tmp_path / "a.txt"
    files.write(path, "old")

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch, pytest.raises(OSError, match="No space left"):
        patch.setattr(type(path), fails, full)
        files.write(path, "new", files.READ_ONLY)
    assert path.read_text() == "old"
    assert files.left_over(tmp_path) == []


def test_a_link_moves_in_one_step_and_may_point_anywhere(tmp_path):
    link = tmp_path / "current"
    files.point(link, tmp_path / "one")
    files.point(link, tmp_path / "two")
    assert link.readlink() == tmp_path / "two"
    assert [path.name for path in tmp_path.iterdir()] == ["current"]


# streams, the lock of a run, whose holder is written into the file that is locked, copies of a bucket's objects, which
# come in pieces, within `replacing`, and what waits to be handed over, to which two processes may append
STREAMS = {"__main__.py", "progress.py", "process.py", "run_lock.py", "mirror.py", "notifying.py"}


def test_nothing_else_writes_a_file():
    """Every write goes through `replacing`: no other module opens a file for writing, or has pathlib write one.

    The editions write into the folder of a release that is being made, which is synced and sealed as a whole.
    """
    found = []
    for path in (settings.PROJECT / "orchestration").rglob("*.py"):
        if "editions" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            modes = [each.value for each in [*node.args, *(key.value for key in node.keywords)] if _is_mode(each)]
            writes = name in ("write_text", "write_bytes", "write_csv", "write_parquet", "write_excel", "touch")
            if writes or (name in ("open", "fdopen") and modes):
                found.append(path.name)
    assert set(found) == STREAMS | {"files.py"}


def _is_mode(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value in ("w", "wb", "a", "ab", "x", "xb", "w+", "r+", "rb+", "a+b")
