"""Warehouses that have published a card or two, made once and copied for each test."""

import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest

from orchestration import release, settings
from tests.release.releases import AUGUST, JULY, change, full_mart, hold, make_empty, small_mart


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working database with every table a release takes, and nothing in them but a card with two lines."""
    database = tmp_path_factory.mktemp("empty") / "performance.duckdb"
    make_empty(database)
    return database


@pytest.fixture
def small_warehouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, empty: Path) -> Path:
    """A warehouse that has published nothing."""
    _own_folders(tmp_path, monkeypatch)
    settings.warehouse().mkdir()
    shutil.copy(empty, settings.database())
    return settings.warehouse()


@pytest.fixture(scope="session")
def published(empty: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[date, ...], Path]:
    """By the months it published, one release after the other, a warehouse that holds those months."""
    made: dict[tuple[date, ...], Path] = {}

    def publish(before: tuple[date, ...], month: date) -> None:
        of = (*before, month)
        made[of] = tmp_path_factory.mktemp("published") / "warehouse"
        with pytest.MonkeyPatch.context() as patch:
            small_mart(patch)
            patch.setenv("SCORECARD_WAREHOUSE", str(made[of]))
            if before:
                _copy(made[before], made[of])
            else:
                made[of].mkdir()
                shutil.copy(empty, settings.database())
            hold(*of)
            release.publish(list(of))

    publish((), JULY)
    publish((), AUGUST)
    publish((JULY,), AUGUST)
    return made


def _copy(warehouse: Path, there: Path) -> Path:
    subprocess.run(["cp", "-a", warehouse, there], check=True)  # with the links that releases share files by
    return there


@pytest.fixture
def july(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, published: dict[tuple[date, ...], Path]) -> Path:
    """A warehouse that has published July: 2009-07-r1."""
    return _begun(tmp_path, monkeypatch, published[JULY,])


@pytest.fixture
def august(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, published: dict[tuple[date, ...], Path]) -> Path:
    """A warehouse that has published August: 2009-08-r1."""
    return _begun(tmp_path, monkeypatch, published[AUGUST,])


@pytest.fixture
def both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, published: dict[tuple[date, ...], Path]) -> Path:
    """A warehouse that has published July, then August in a run over both: 2009-07-r1, 2009-08-r1."""
    return _begun(tmp_path, monkeypatch, published[JULY, AUGUST])


def _begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, published: Path) -> Path:
    _own_folders(tmp_path, monkeypatch)
    return _copy(published, settings.warehouse())


def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of deliveries without any, and a warehouse that is not there yet."""
    small_mart(monkeypatch)
    (tmp_path / "raw").mkdir()
    monkeypatch.setenv("SCORECARD_RAW", str(tmp_path / "raw"))
    monkeypatch.setenv("SCORECARD_WAREHOUSE", str(tmp_path / "the force's warehouse"))


@pytest.fixture(scope="session")
def whole(empty: Path, tmp_path_factory: pytest.TempPathFactory) -> release.Release:
    """The first release of two months with every table, of a warehouse in which nobody explained one table."""
    with pytest.MonkeyPatch.context() as patch:
        full_mart(patch)
        patch.setenv("SCORECARD_WAREHOUSE", str(tmp_path_factory.mktemp("whole")))
        shutil.copy(empty, settings.database())
        hold(JULY, AUGUST)
        change("comment on column reference.cards.title is null", "comment on table reference.cards is null")
        return release.publish([JULY, AUGUST])
