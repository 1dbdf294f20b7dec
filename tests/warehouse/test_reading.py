import hashlib
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import polars as pl
import pytest

from orchestration import connect, reading, settings
from tests.conftest import Built, told_by_another_process

FIRST, SECOND = "2009-07-r1", "2009-08-r1"


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a warehouse of two releases, files to steal, a home, and the folder one works in."""
    folder = tmp_path_factory.mktemp("untouched")
    for name in (FIRST, SECOND):
        release = folder / "warehouse" / "releases" / name
        release.mkdir(parents=True)
        with duckdb.connect(str(release / settings.SCORECARD)) as connection:
            connection.execute("create table scorecard as select range as line, ? as release from range(1000)", [name])
    (folder / "warehouse" / "current").symlink_to(f"releases/{SECOND}")
    for name in ("home", "here", "saved"):
        (folder / name).mkdir()
    (folder / "here" / "secret.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (folder / "here" / "secret.json").write_text('{"a": 1}\n', encoding="utf-8")
    pl.DataFrame({"a": [1]}).write_parquet(folder / "here" / "secret.parquet")
    with duckdb.connect(str(folder / "here" / "other.duckdb")) as connection:
        connection.execute("create table secret as select 1 as a")
    (folder / "saved" / "schema.sql").write_text("create table saved (a integer);\n", encoding="utf-8")
    (folder / "saved" / "load.sql").write_text("", encoding="utf-8")
    return folder


@pytest.fixture
def place(untouched: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it to attack."""
    shutil.copytree(untouched, tmp_path, symlinks=True, dirs_exist_ok=True)
    monkeypatch.setenv("SCORECARD_WAREHOUSE", str(tmp_path / "warehouse"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path


def everything_in(folder: Path) -> dict[str, str]:
    """Every file below the folder with what it holds, every folder and every link."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "no file"
        for path in folder.rglob("*")
    }


def settings_of(connection: duckdb.DuckDBPyConnection) -> list[tuple]:
    return connection.execute("select name, value, scope from duckdb_settings() order by all").fetchall()


def filled_in(sql: str) -> str:
    """{release}: the database that is open; {warehouse}: the folder."""
    database = settings.releases() / SECOND / settings.SCORECARD
    return sql.replace("{release}", str(database)).replace("{warehouse}", str(settings.warehouse()))


READING_FILES = [
    "from read_text('secret.csv')",
    "from read_text('/etc/passwd')",
    "from read_blob('secret.csv')",
    "from read_csv('secret.csv')",
    "from read_csv('/dev/null', columns = {'a': 'varchar'})",
    "from read_parquet('secret.parquet')",
    "from read_json('secret.json')",
    "from read_json_objects('secret.json')",
    "from read_ndjson_objects('secret.json')",
    "from read_duckdb('other.duckdb', table_name = 'secret')",
    "from glob('*')",
    "from glob('/etc/*')",
    "from sniff_csv('secret.csv')",
    "from parquet_metadata('secret.parquet')",
    "from parquet_schema('secret.parquet')",
    "from parquet_file_metadata('secret.parquet')",
    "from parquet_kv_metadata('secret.parquet')",
    "from parquet_full_metadata('secret.parquet')",
    "from 'secret.json'",
    "from 'secret.csv'",
    "from 'secret.parquet'",
    "from query('from read_text(''secret.csv'')')",
    "from query_table('secret.csv')",
    "from query_table(['secret.csv'])",
    "explain from 'secret.csv'",
    "summarize from 'secret.csv'",
    "create temp table stolen as from 'secret.csv'",
    "create temp view stolen as from 'secret.csv'",
    "create temp macro stolen() as table from read_text('secret.csv')",
    "prepare stolen as from 'secret.csv'",
    "with stolen as (from 'secret.csv') from stolen",
    "copy scorecard from 'secret.csv'",
    "from read_blob('{release}')",
    "from '{release}'",
    "from glob('{release}')",
]
WRITING_FILES = [
    "copy scorecard to 'taken.csv'",
    "copy scorecard to 'taken.parquet' (format parquet)",
    "copy scorecard to 'taken.json' (format json)",
    "copy scorecard to 'taken' (format csv, partition_by (release))",
    "copy scorecard to '/dev/stdout'",
    "copy (select 1) to '{release}' (format csv, use_tmp_file false)",
    "copy (select 1) to '{release}.wal' (format csv)",
    "copy (select 1) to '{release}.wal.checkpoint' (format csv)",
    "copy (select 1) to '{release}.wal.recovery' (format csv)",
    "copy (select 1) to '{warehouse}/taken.csv'",
    "explain analyze copy scorecard to 'taken.csv'",
    "prepare taking as copy scorecard to 'taken.csv'",
    "export database 'taken'",
    "import database '../saved'",
    "pragma import_database('../saved')",
    "attach 'other.duckdb' as other",
    "attach 'other.duckdb' as other (read_only)",
    "attach 'new.duckdb' as new",
    "attach '{release}' as again (read_only)",
    "attach '{release}.wal' as log",
    "attach '{warehouse}/releases/2009-07-r1/scorecard.duckdb' as earlier (read_only)",
    "attach ':memory:' as beside",
    "attach '' as beside",
]
NETWORK = [
    "from 'https://example.org/data.csv'",
    "from read_csv('https://example.org/data.csv')",
    "from read_text('http://127.0.0.1:1/data')",
    "from read_parquet('s3://bucket/data.parquet')",
    "copy scorecard to 'https://example.org/data.csv'",
    "attach 'https://example.org/data.duckdb' as far",
    "create persistent secret stays (type http, bearer_token 'x')",
    "install httpfs",
    "force install httpfs",
    "install httpfs from community",
    "install 'here.duckdb_extension'",
    "update extensions",
    "load httpfs",
    "load 'here.duckdb_extension'",
    "from read_xlsx('secret.xlsx')",
    "from duckdb_extensions()",
]
CONFIGURING = [
    "set enable_external_access = true",
    "set lock_configuration = false",
    "reset lock_configuration",
    "set global memory_limit = '1GB'",
    "reset memory_limit",
    "pragma memory_limit = '1GB'",
    "set threads = 1",
    "set temp_directory = 'spilt'",
    "set allowed_paths = ['/etc/passwd']",
    "set allowed_directories = ['/etc']",
    "set disabled_filesystems = ''",
    "reset disabled_filesystems",
    "set python_enable_replacements = true",
    "set secret_directory = 'secrets'",
    "set session profiling_output = 'profile.json'",
    "set profiling_output = 'profile.json'",
    "pragma enable_profiling",
    "pragma enable_profiling = 'json'",
    "pragma profiling_output = 'profile.json'",
    "set log_query_path = 'queries.log'",
    "call enable_logging()",
    "call enable_logging(storage_path = 'logs')",
    "call enable_logging('QueryLog', storage = 'file', storage_config = {'path': 'logs'})",
    "call enable_logging(storage = 'stdout')",
    "pragma enable_progress_bar",
    "pragma disable_optimizer",
    "pragma enable_checkpoint_on_shutdown",
]
CHANGING = [
    "create table mine as select 1",
    "create view mine as select 1",
    "create macro mine() as 1",
    "create schema mine",
    "create type mine as enum ('a')",
    "create sequence mine",
    "create index mine on scorecard (line)",
    "insert into scorecard values (1, 'mine')",
    "update scorecard set release = 'mine'",
    "delete from scorecard",
    "truncate scorecard",
    "merge into scorecard using (select 1 as line) as mine on scorecard.line = mine.line when matched then delete",
    "alter table scorecard add column mine integer",
    "alter table scorecard rename to mine",
    "comment on table scorecard is 'mine'",
    "comment on column scorecard.line is 'mine'",
    "drop table scorecard",
]
OF_THE_CALLER = ["from frame", "from numbers", "select * from frame", "from query_table('frame')"]
IN_PYTHON = {
    "read_csv": lambda connection: connection.read_csv("secret.csv").fetchall(),
    "read_json": lambda connection: connection.read_json("secret.json").fetchall(),
    "read_parquet": lambda connection: connection.read_parquet("secret.parquet").fetchall(),
    "from_parquet": lambda connection: connection.from_parquet("secret.parquet").fetchall(),
    "from_csv_auto": lambda connection: connection.from_csv_auto("secret.csv").fetchall(),
    "table_function": lambda connection: connection.table_function("read_text", ["secret.csv"]).fetchall(),
    "write_csv": lambda connection: connection.sql("from scorecard").write_csv("taken.csv"),
    "write_parquet": lambda connection: connection.sql("from scorecard").write_parquet("taken.parquet"),
    "to_csv": lambda connection: connection.table("scorecard").to_csv("taken.csv"),
    "create": lambda connection: connection.sql("select 1").create("mine"),
    "to_table": lambda connection: connection.sql("select 1").to_table("mine"),
    "insert_into": lambda connection: connection.sql("select 1, 'mine'").insert_into("scorecard"),
    "appender": lambda connection: connection.appender("scorecard"),
    "install_extension": lambda connection: connection.install_extension("httpfs"),
    "load_extension": lambda connection: connection.load_extension("httpfs"),
    "prepared": lambda connection: connection.execute("from read_text(?)", ["secret.csv"]),
    "cursor": lambda connection: connection.cursor().execute("from read_text('secret.csv')"),
    "many": lambda connection: connection.executemany("insert into scorecard values (?, ?)", [(1, "mine")]),
    "two": lambda connection: connection.execute("select 1; copy scorecard to 'taken.csv'"),
}


@pytest.mark.parametrize("sql", READING_FILES + WRITING_FILES + NETWORK + CONFIGURING + CHANGING)
def test_sql_that_reaches_out_or_changes_anything_is_refused(place: Path, sql: str):
    attack(place, lambda connection: connection.execute(filled_in(sql)).fetchall())


@pytest.mark.parametrize("sql", OF_THE_CALLER)
def test_a_variable_of_the_caller_is_no_table(place: Path, sql: str):
    frame = pl.DataFrame({"a": [1]})
    numbers = frame.to_arrow()
    assert frame.height == numbers.num_rows == 1
    attack(place, lambda connection: connection.execute(sql))
    with pytest.raises(duckdb.CatalogException), connect() as connection:
        connection.sql(sql)


@pytest.mark.parametrize("does", IN_PYTHON.values(), ids=IN_PYTHON)
def test_the_ways_of_the_python_interface_are_refused_as_well(place: Path, does):
    attack(place, does)


def attack(place: Path, does) -> None:
    """It is refused by DuckDB, and nothing is different: no setting, no file, no folder."""
    files = everything_in(place)
    with connect() as connection:
        before = settings_of(connection)
        with pytest.raises(duckdb.Error):
            does(connection)
        assert settings_of(connection) == before
        assert connection.execute("select count(*), min(release) from scorecard").fetchall() == [(1000, SECOND)]
    assert everything_in(place) == files


def test_no_setting_can_be_set_but_where_names_are_looked_up(place: Path):
    with connect() as connection:
        before = settings_of(connection)
        names = [name for name, *_ in before]
        free = set()
        for name in names:
            for sql in (f"set {name} = '1'", f"set global {name} = '1'", f"reset {name}", f"pragma {name} = '1'"):
                try:
                    connection.execute(sql)
                except duckdb.Error:
                    continue
                free.add(name)
        after = settings_of(connection)
    assert len(names) > 100
    assert free <= {"schema", "search_path"}
    assert after == before


# DuckDB answers these without an error. They do nothing to the release or to the disk.
WITHOUT_EFFECT = [
    "checkpoint",
    "force checkpoint",
    "vacuum",
    "vacuum analyze",
    "analyze",
    "set search_path = 'main'",
    "use main",
    "set variable mine = 1",
    "create secret mine (type http, bearer_token 'x')",
    "create temp table mine as from scorecard",
    "create temp view mine as from scorecard",
    "pragma enable_verification",
    "call truncate_duckdb_logs()",
    "select write_log('mine')",
    "load json",
]


@pytest.mark.parametrize("sql", WITHOUT_EFFECT)
def test_what_duckdb_answers_all_the_same_leaves_nothing_behind(place: Path, sql: str):
    files = everything_in(place)
    with connect() as connection:
        connection.execute(sql)
    assert everything_in(place) == files
    with connect() as connection:
        assert connection.execute("from duckdb_secrets()").fetchall() == []
        assert connection.execute("show tables").fetchall() == [("scorecard",)]


def test_profiling_by_the_python_interface_has_nowhere_to_write_but_the_terminal(place: Path):
    files = everything_in(place)
    with connect() as connection:
        connection.enable_profiling()
        with pytest.raises(duckdb.InvalidInputException):
            connection.execute("set profiling_output = 'profile.json'")
        connection.execute("select count(*) from scorecard").fetchall()
    assert everything_in(place) == files


def test_a_sort_larger_than_the_memory_fails_instead_of_writing_beside_the_release(place: Path, monkeypatch):
    sort = "select max(key) from (select md5(range::varchar) as key from range(2_000_000) order by key limit 1_900_000)"
    monkeypatch.setitem(reading.CONFIGURATION, "memory_limit", "64MB")
    files = everything_in(place)
    with connect() as connection, pytest.raises(duckdb.OutOfMemoryException):
        connection.execute(sort)
    assert everything_in(place) == files
    # it is the writing that is missing
    monkeypatch.delitem(reading.CONFIGURATION, "temp_directory")
    monkeypatch.setattr(reading, "LOCKS", ())
    with connect() as connection:
        assert len(connection.execute(sort).fetchall()) == 1


def test_without_the_locks_sql_could_overwrite_the_release(place: Path, monkeypatch):
    """What the attacks above would do if they were not refused."""
    monkeypatch.setattr(reading, "LOCKS", ())
    with connect() as connection:
        connection.execute(filled_in("copy (select 1) to '{release}' (format csv, use_tmp_file false)"))
    assert (settings.releases() / SECOND / settings.SCORECARD).read_text() == "1\n1\n"


@pytest.mark.parametrize("sql", [*READING_FILES, *WRITING_FILES, *CHANGING])
def test_an_attack_is_one_that_would_otherwise_work(place: Path, sql: str):
    """Refused for what it is, not for a slip in how it is written."""
    frame = place / "writable.duckdb"
    shutil.copy(settings.releases() / SECOND / settings.SCORECARD, frame)
    with duckdb.connect(str(frame)) as connection:
        connection.execute(filled_in(sql))


def test_plain_questions_are_answered(place: Path):
    with connect() as connection:
        asked = connection.execute("select line from scorecard where line > ? order by line limit 2", [41])
        assert asked.fetchall() == [(42,), (43,)]
        frame = connection.sql("select line, release from scorecard where line < $1", params=[3]).pl()
        assert frame.to_dict(as_series=False) == {"line": [0, 1, 2], "release": [SECOND] * 3}
        assert connection.sql("select sum(line) from scorecard").to_arrow_table().num_rows == 1
        connection.execute("create temp table mine as select line * 2 as twice from scorecard")
        connection.register("given", pl.DataFrame({"line": [1, 2]}))
        assert connection.sql("select sum(twice) from mine").fetchall() == [(999_000,)]
        assert connection.sql("select count(*) from scorecard join given using (line)").fetchall() == [(2,)]
        assert connection.execute("describe scorecard").fetchall()[0][0] == "line"


def test_a_release_is_opened_by_its_name(place: Path):
    with connect(FIRST) as connection:
        assert connection.execute("select distinct release from scorecard").fetchall() == [(FIRST,)]


def test_two_connections_of_one_process_do_not_disturb_each_other(place: Path):
    with connect() as one, connect() as two, connect(FIRST) as earlier:
        assert one.sql("select 1").fetchall() == two.sql("select 1").fetchall() == [(1,)]
        one.execute("create temp table mine as select 1 as here")
        with pytest.raises(duckdb.CatalogException):
            two.execute("from mine")
        one.close()
        assert two.execute("select count(*) from scorecard").fetchall() == [(1000,)]
        assert earlier.execute("select max(release) from scorecard").fetchall() == [(FIRST,)]
        with pytest.raises(duckdb.PermissionException):
            two.execute("from read_text('secret.csv')")


def test_many_threads_may_connect_at_once(place: Path):
    def read(_: int) -> int:
        with connect() as connection:
            with pytest.raises(duckdb.PermissionException):
                connection.execute(filled_in("from read_blob('{release}')"))
            return connection.execute("select count(*) from scorecard").fetchone()[0]

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(read, range(64))) == {1000}


def test_where_there_is_no_release_yet_one_sentence_says_what_to_do(monkeypatch, tmp_path: Path):
    monkeypatch.setenv("SCORECARD_WAREHOUSE", str(tmp_path / "none"))
    with pytest.raises(FileNotFoundError) as raised:
        connect()
    assert str(raised.value) == "There is no release yet: make one with `make scorecard`."
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("name", ["2009-09-r1", "../releases/2009-07-r1", ".2009-09-r1.part", "*", ""])
def test_a_release_that_is_not_there_gets_one_sentence_with_those_that_are(place: Path, name: str):
    (settings.releases() / ".2009-09-r1.part").mkdir()
    (settings.releases() / ".2009-09-r1.part" / settings.SCORECARD).touch()
    with pytest.raises(FileNotFoundError) as raised:
        connect(name)
    assert str(raised.value) == (
        f"There is no release '{name}' in {settings.releases()}: it holds 2009-07-r1, 2009-08-r1."
    )


def test_a_current_that_leads_nowhere_gets_the_same_sentence(place: Path):
    shutil.rmtree(settings.releases() / SECOND)
    with pytest.raises(FileNotFoundError) as raised:
        connect()
    assert str(raised.value).endswith("'2009-08-r1' in " + str(settings.releases()) + ": it holds 2009-07-r1.")


PUBLISHING = """
from datetime import date
from orchestration import release, warehouse

with warehouse.writing() as connection:
    connection.execute("update scorecard.scorecard set comment = 'another' where report_month = '2009-08-01'")
print(release.publish([date(2009, 8, 1)]).name)
"""


def test_a_connection_stays_on_its_release_while_another_process_publishes_the_next(
    sample: Built, tmp_path: Path, monkeypatch
):
    shutil.copytree(sample.warehouse, tmp_path / "warehouse", symlinks=True)
    monkeypatch.setenv("SCORECARD_WAREHOUSE", str(tmp_path / "warehouse"))
    comments = "select distinct comment from scorecard where report_month = '2009-08-01' order by all"
    with connect() as connection:
        before = connection.execute(comments).fetchall()
        assert told_by_another_process(PUBLISHING) == "2009-08-r2\n"
        assert connection.execute(comments).fetchall() == before
        with connect() as newer:
            assert newer.execute(comments).fetchall() == [("another",)] != before


def test_importing_the_package_waits_for_none_of_its_engines():
    asked = "import sys, orchestration; print(sorted({'duckdb', 'dagster', 'polars', 'pandera'} & set(sys.modules)))"
    assert told_by_another_process(asked) == "[]\n"
