"""The commands as a person meets them: what they print, and what they say to a mistake."""

import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import sys
import termios
import time

import pytest
from rich.cells import cell_len

from orchestration.raw.files import open_files
from tests.conftest import Built, copied, copy_of_the_project


@pytest.fixture(scope="session")
def empty(tmp_path_factory) -> Built:
    """The project before its first run."""
    return copy_of_the_project(tmp_path_factory.mktemp("empty"))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--from", "2009-13"], "'2009-13' is not a month: there is no month 13 in a year"),
        (["--from", "Aug-09"], "'Aug-09' is not a month: write it as YYYY-MM, for example 2009-08"),
        (["--from", "2009-08", "--to", "2009-07"], "The range runs backwards: 2009-08 is after 2009-07."),
        (
            ["--to", "2010-04"],
            "2010-04 is outside the calendar, which goes from 2007-02 to 2010-03: "
            "begin the next year of the catalogue with `make year`.",
        ),
    ],
)
def test_a_mistaken_range_gets_one_sentence(empty: Built, arguments, says):
    done = empty.command("scorecard", *arguments)
    assert done.returncode == 1
    assert done.stderr.strip() == says
    assert done.stdout == ""


def test_showing_a_card_before_the_first_release_says_what_to_do(empty: Built):
    done = empty.command("show")
    assert (done.returncode, done.stderr.strip()) == (1, "There is no release yet: make one with `make scorecard`.")


def test_showing_a_month_without_a_card_says_which_there_are(sample: Built):
    done = sample.command("show", "--month", "2008-03")
    assert done.returncode == 1
    assert done.stderr.strip() == "There is no card for 2008-03: cards are published for 2008-04 to 2009-08."


@pytest.mark.parametrize(("month", "lines"), [("2009-01", 18), ("", 22)])
def test_show_prints_every_line_of_the_card_without_colour_codes_when_piped(sample: Built, month, lines):
    done = sample.command("show", "--month", month)
    assert done.returncode == 0
    assert "\x1b" not in done.stdout
    assert max(len(line) for line in done.stdout.splitlines()) <= 80
    assert [line for line in done.stdout.splitlines() if line != line.rstrip()] == []
    card = sample.card(month or "2009-08")
    assert len(card) == lines
    for row in card.values():
        shown = next(line for line in done.stdout.splitlines() if line.startswith(f"{row['line']:<11}"))
        if row["status"]:
            assert f" {row['status']} " in shown


def on_a_terminal(built: Built, columns: int, **environment: str) -> str:
    """What `show` writes to a terminal of that many columns."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    without = {"COLUMNS", "NO_COLOR", "FORCE_COLOR"}
    with subprocess.Popen(
        [sys.executable, "-m", "orchestration", "show"],
        cwd=built.project,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={name: it for name, it in os.environ.items() if name not in without and not name.startswith("SCORECARD_")}
        | {"TERM": "xterm-256color"}
        | environment,
    ):
        os.close(theirs)
        written = b""
        while True:
            try:
                read = os.read(ours, 65536)
            except OSError:  # nobody is left to write
                break
            if not read:
                break
            written += read
    os.close(ours)
    return written.decode()


@pytest.mark.parametrize("columns", [60, 80, 140])
def test_show_on_a_terminal_has_the_letters_in_colour_and_keeps_to_its_width(sample: Built, columns):
    written = on_a_terminal(sample, columns)
    assert re.search(r"\x1b\[[0-9;]+m A \x1b\[0m", written)
    lines = re.sub(r"\x1b\[[0-9;]*m", "", written).splitlines()
    assert columns * 0.8 < max(cell_len(line) for line in lines) <= columns
    assert ("Comment" in written) == (columns == 140)


def test_show_has_no_colour_where_none_is_wanted(sample: Built):
    coded = set(re.findall(r"\x1b\[([0-9;]*)m", on_a_terminal(sample, 80, NO_COLOR="1")))
    assert coded <= {"0", "1", "2", "3"}  # bold, dim, italic


def test_show_is_as_wide_as_columns_says_when_piped_and_80_without(sample: Built):
    assert "Comment" in sample.command("show", COLUMNS="140").stdout
    assert sample.command("show", COLUMNS="").stdout == sample.command("show", COLUMNS="80").stdout


def test_the_release_holds_the_seventeen_cards_and_tells_about_itself(sample: Built):
    folder = sample.warehouse / "current"
    assert sorted(path.name for path in folder.iterdir()) == [
        "accessibility.html",
        "cards",
        "definitions.html",
        "glossary.html",
        "index.html",
        "methodology.html",
        "newest",
        "notices.txt",
        "release.json",
        "revisions.html",
        "scorecard.duckdb",
        "site",
        "status.html",
    ]
    manifest = json.loads((folder / "release.json").read_text(encoding="utf-8"))
    assert manifest["release"] == folder.resolve().name == "2009-08-r1"
    cards = sample.query("select count(distinct report_month), min(report_month), max(report_month) from scorecard")
    assert [str(value) for value in cards.row(0)] == ["17", "2008-04-01", "2009-08-01"]


def test_status_names_the_release_and_what_waits_with_what_to_do(sample: Built):
    shown = sample.command("status")
    assert shown.returncode == 0
    first, *matters = shown.stdout.splitlines()
    assert first.startswith("2009-08-r1, published on ")
    assert first.endswith(" The card of September 2009 is due on 12 October 2009.")
    assert re.search(r"^road_casualties\s+overdue: no delivery for Jul-09 ", "\n".join(matters), re.MULTILINE)


def test_every_table_view_and_column_of_the_release_explains_itself(sample: Built):
    assert sample.query("select table_name from duckdb_tables() where comment is null").is_empty()
    assert sample.query("select view_name from duckdb_views() where comment is null and not internal").is_empty()
    assert sample.query("select count(*) from duckdb_views() where not internal").item() > 3
    assert sample.query(
        "select table_name, column_name from duckdb_columns() where comment is null and not internal"
    ).is_empty()


def test_nothing_reports_to_anybody(sample: Built):
    assert "enabled: false" in (sample.warehouse / "dagster" / "dagster.yaml").read_text(encoding="utf-8")
    assert not list((sample.warehouse / "dagster").glob("**/telemetry*"))
    assert "send_anonymous_usage_stats: false" in (sample.project / "dbt_project" / "dbt_project.yml").read_text(
        "utf-8"
    )


def test_what_a_refusal_quotes_is_no_mark_up_of_the_terminal(sample: Built):
    done = sample.command("accept", "--file", "[bold]no file[/bold]", "--reason", "x")
    assert done.returncode == 1
    assert "'[bold]no file[/bold]' is no delivery" in done.stderr


@pytest.mark.slow
def test_a_dbt_project_that_does_not_parse_is_told_in_dbt_s_words(tmp_path):
    copy = copy_of_the_project(tmp_path / "copy")
    (copy.project / "dbt_project" / "models" / "staging" / "stg_broken.sql").write_text("select * from {{ ref( }}")
    done = copy.command("scorecard", "--from", "2009-08", "--to", "2009-08")
    assert done.returncode == 1
    assert done.stderr.splitlines()[1] == "The dbt project does not parse:"
    assert "stg_broken" in done.stderr
    assert done.stderr.rstrip().endswith("Nothing was published.")
    assert "Traceback" not in done.stderr


HOLDER = "import duckdb, sys; held = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"


def test_a_warehouse_that_is_in_use_is_left_alone_with_a_sentence(empty: Built):
    empty.warehouse.mkdir(exist_ok=True)
    database = empty.warehouse / "performance.duckdb"
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, database], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout.readline() == "held\n"
        done = empty.command("scorecard", "--from", "2009-08", "--to", "2009-08", SCORECARD_WAIT_SECONDS="1")
        holder.communicate("")
    database.unlink()
    assert done.returncode == 1
    assert "The warehouse is in use: " in done.stderr
    assert f"(process {holder.pid}) has it open" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_a_run_that_may_use_too_little_memory_says_how_to_allow_more(sample: Built, tmp_path):
    copy = copied(sample, tmp_path)
    done = copy.command("scorecard", "--from", "2009-08", SCORECARD_MEMORY="60MB", SCORECARD_SPILL="0KB")
    assert done.returncode == 1
    assert (
        "needs more than the 60MB of memory and 0KB of disk it may use: allow more with SCORECARD_MEMORY" in done.stderr
    )
    assert done.stderr.strip().endswith("Nothing was published. 2009-08-r1 stays the release to read.")
    assert "Traceback" not in done.stderr
    assert copy.command("verify").returncode == 0


NO_ROOM = """
from dagster import DagsterEventType
from dagster._core.storage.event_log import SqliteEventLogStorage
import sqlite3


class Broken(SqliteEventLogStorage):
    began = False

    @classmethod
    def from_config_value(cls, inst_data, config_value):
        return cls(inst_data=inst_data, **config_value)

    def store_event(self, event):
        if self.began and event.step_key == "models":
            raise sqlite3.OperationalError('database or disk is full')
        self.began |= event.step_key == "models" and event.dagster_event_type is DagsterEventType.STEP_START
        super().store_event(event)
"""
STORAGE = """
event_log_storage: {{module: broken_log, class: Broken, config: {{base_dir: "{}"}}}}
"""


@pytest.mark.slow
def test_what_stops_dagster_s_own_record_is_reported(sample, tmp_path):
    copy = copied(sample, tmp_path)
    (copy.project / "broken_log.py").write_text(NO_ROOM, encoding="utf-8")
    with (copy.project / "orchestration" / "dagster.yaml").open("a", encoding="utf-8") as configuration:
        configuration.write(STORAGE.format(tmp_path / "log"))
    done = copy.command("scorecard", "--from", "2009-08", "--to", "2009-08")
    assert done.returncode == 1
    assert "\nThe disk is full: make room where " in done.stderr
    assert done.stderr.strip().endswith("Nothing was published. 2009-08-r1 stays the release to read.")


STEP = r"^  ([a-z]+) +[0-9]+\.[0-9] s$"


@pytest.mark.slow
def test_a_command_reports_at_once_which_file_it_waits_for_and_goes_on_once_that_is_closed(landed, tmp_path):
    copy = copied(landed, tmp_path)
    delivery = copy.raw / "recorded_crime" / "2009-08.csv"
    if open_files.open_for_writing(delivery) is None:
        pytest.skip("this file system does not tell who writes")
    with copy.started("scorecard", "--from", "2009-08", "--to", "2009-08", SCORECARD_SETTLE_SECONDS="300") as run:
        with delivery.open("ab"):
            waiting = next((line for line in run.stderr if "Waiting" in line), None)
        closed = time.monotonic()
        after = next((line for line in run.stderr if re.match(STEP, line)), None)
        took = time.monotonic() - closed
        _, rest = run.communicate()
    assert waiting.strip() == (
        "Waiting up to 300 s for recorded_crime/2009-08.csv: open for writing in another program."
    )
    assert took < 60
    assert run.returncode == 0, rest
    # each step is reported as it ends
    assert re.match(STEP, after)[1] == "raw"
    assert re.findall(STEP, rest, re.MULTILINE) == ["models", "contracts", "scorecard", "release"]
