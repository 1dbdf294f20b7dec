"""A release copied into a bucket: whole, the pointer last, whatever happens on the way."""

import json
import os
import signal
import subprocess
import sys

import duckdb
import pytest

from orchestration import release
from orchestration.release import copying
from orchestration.warehouse import files
from tests.bucket import ADDRESS
from tests.conftest import PROJECT

LARGE = "cards/2009-08/scorecard.pdf"  # sent in two parts
COPY = """
import sys, pathlib
from orchestration.release import copying, folder
there = pathlib.Path(sys.argv[1])
copying.copy(folder.Release(there.name, there, "", {}))
"""


@pytest.fixture(autouse=True)
def publish_to(tmp_path, monkeypatch):
    monkeypatch.setenv("SCORECARD_WAREHOUSE", str(tmp_path / "warehouse"))
    monkeypatch.setenv("SCORECARD_PUBLISH_TO", ADDRESS)


@pytest.fixture
def august(tmp_path):
    return made_up(tmp_path / "2009-08-r1", lines=20, large=6_000_000)


def made_up(folder, lines, large=1):
    (folder / LARGE).parent.mkdir(parents=True)
    (folder / LARGE).write_bytes(os.urandom(large))
    (folder / "index.html").write_text("A card")
    with duckdb.connect(str(folder / release.DATABASE)) as connection:
        connection.execute(f"create table scorecard as select * from range({lines}) as t(line)")
    there = {name: files.digest(folder / name) for name in files.names(folder)}
    (folder / release.MANIFEST).write_text(json.dumps({"release": folder.name, "files": there}))
    return release.Release(folder.name, folder, "", {})


def object_of(network, key):
    return bytes(network.store.get(key).bytes())


def keys(network):
    return {each["path"] for each in network.store.list().collect()}


def test_readers_elsewhere_find_the_newest_release_by_its_pointer_which_is_written_last(network, august, tmp_path):
    assert copying.copy(august) == f"{ADDRESS}/releases/2009-08-r1"
    newest = object_of(network, "current.txt").decode().strip()
    (tmp_path / "elsewhere.duckdb").write_bytes(object_of(network, f"releases/{newest}/scorecard.duckdb"))
    with duckdb.connect(str(tmp_path / "elsewhere.duckdb"), read_only=True) as connection:
        assert connection.sql("select count(*) from scorecard").fetchall() == [(20,)]
    for name in files.names(august.folder):
        assert object_of(network, f"releases/{newest}/{name}") == (august.folder / name).read_bytes()
    written = [request.partition("?")[0].rpartition("/")[2] for request in network.requests if "GET" not in request]
    assert written[-2:] == ["release.json", "current.txt"]
    assert set(written[:-2]) == {"index.html", "scorecard.duckdb", "scorecard.pdf"}


def test_a_release_that_was_copied_is_not_copied_again(network, august):
    copying.copy(august)
    del network.requests[:]
    copying.copy(august)
    assert [request.rpartition("/")[2] for request in network.requests] == ["release.json", "current.txt"]


@pytest.mark.parametrize(
    "disturbed", ["partNumber=2", "PUT /performance/the-force/releases/2009-08-r1/release.json", "current.txt"]
)
def test_a_copy_that_fails_moves_no_pointer_says_so_in_a_sentence_and_is_completed_by_the_next(
    network, august, tmp_path, disturbed
):
    copying.copy(made_up(tmp_path / "2009-07-r1", lines=10))
    network.disturb(disturbed, "refused")
    with pytest.raises(copying.NotCopied) as stopped:
        copying.copy(august)
    reason = f"SCORECARD_PUBLISH_TO ({ADDRESS}) cannot be used: its server answers: 503 Service Unavailable."
    assert str(stopped.value).startswith(f"2009-08-r1 is published, but not copied. {reason}")
    assert "\n" not in str(stopped.value)
    assert object_of(network, "current.txt") == b"2009-07-r1\n"
    assert (f"releases/2009-08-r1/{LARGE}" in keys(network)) == (disturbed != "partNumber=2")
    network.disturb("nothing", "")
    copying.copy(august)
    assert object_of(network, "current.txt") == b"2009-08-r1\n"
    assert object_of(network, f"releases/2009-08-r1/{LARGE}") == (august.folder / LARGE).read_bytes()


@pytest.mark.slow
def test_a_copy_that_is_killed_moves_no_pointer(network, august, tmp_path):
    copying.copy(made_up(tmp_path / "2009-07-r1", lines=10))
    command = subprocess.Popen([sys.executable, "-c", COPY, august.folder], cwd=PROJECT)
    network.fault = lambda request: "partNumber=2" in request and command.send_signal(signal.SIGKILL)
    assert command.wait(timeout=300) == -signal.SIGKILL
    assert object_of(network, "current.txt") == b"2009-07-r1\n"
    assert f"releases/2009-08-r1/{LARGE}" not in keys(network)


def test_another_release_of_the_same_name_is_never_written_over(network, august, tmp_path):
    copying.copy(august)
    before = {key: object_of(network, key) for key in keys(network)}
    other = made_up(tmp_path / "restored" / "2009-08-r1", lines=30)
    with pytest.raises(copying.NotCopied, match=f"{ADDRESS} holds another release of that name"):
        copying.copy(other)
    assert {key: object_of(network, key) for key in keys(network)} == before


def test_a_copy_is_due_until_it_was_made_into_the_bucket_that_is_set(network, august, monkeypatch):
    monkeypatch.setattr(copying.folder, "current", lambda: august)
    network.disturb("current.txt", "refused")
    with pytest.raises(copying.NotCopied):
        copying.copy(august)
    assert copying.is_due()
    network.disturb("nothing", "")
    copying.copy(august)
    assert not copying.is_due()
    monkeypatch.setenv("SCORECARD_PUBLISH_TO", f"{ADDRESS}/elsewhere")
    assert copying.is_due()
    monkeypatch.delenv("SCORECARD_PUBLISH_TO")
    assert not copying.is_due()


def test_a_bucket_that_is_gone_gives_one_sentence(network, august, monkeypatch):
    monkeypatch.setenv("SCORECARD_PUBLISH_TO", "s3://nowhere")
    with pytest.raises(copying.NotCopied, match="its server answers: The specified bucket does not exist"):
        copying.copy(august)
