"""What-if: what it reports, and that it changes nothing in the warehouse."""

import hashlib
import shutil
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from orchestration.scorecard import contracts
from orchestration.whatif import comparison
from tests.conftest import READER, Built, copied, edit

AUGUST = date(2009, 8, 1)
LINE = {"report_month": AUGUST, "position": 1, "line": "4a", "section": "Safety", "title": "Robbery", "status": "G"}
LINE |= {"status_reason": "-5.1% meets the target of -2%", "target_text": "-2%", "latest": "-5.1%"}
FIGURE = {"report_month": AUGUST, "line": "4a", "name": "robbery_change", "printed": "down 4.4%"}


def cards(*lines: dict, figures: tuple[dict, ...] = (FIGURE,)) -> comparison.Cards:
    schemas = {table: contracts.types(table) for table in ("scorecard", "figures")}
    narrow = {name: schemas["figures"][name] for name in FIGURE}
    return {
        "scorecard": pl.DataFrame(list(lines), schema=schemas["scorecard"]),
        "figures": pl.DataFrame(list(figures), schema=narrow),
    }


LATEST = FIGURE | {"name": "latest", "printed": "-5.1%"}
A_LETTER = {"status": "A", "status_reason": "-5.1% is 1.0% short of the target of -6%", "target_text": "-6%"}
CASES = {
    "nothing": (cards(LINE), cards(LINE), [], "Nothing would change."),
    "a reason alone": (cards(LINE), cards(LINE | {"status_reason": "within another tolerance"}), [], "Nothing would"),
    "a letter, with its reason": (
        cards(LINE),
        cards(LINE | A_LETTER),
        [
            ("4a", "letter", "G", "A"),
            ("4a", "why", "-5.1% meets the target of -2%", "-5.1% is 1.0% short of the target of -6%"),
            ("4a", "target", "-2%", "-6%"),
        ],
        "1 letter and 1 other cell on 1 card would change.",
    ),
    "figures, each once": (
        cards(LINE, figures=(FIGURE, LATEST)),
        cards(LINE | {"latest": "-5.0%"}, figures=(FIGURE | {"printed": "down 4.3%"}, LATEST | {"printed": "-5.0%"})),
        [("4a", "latest", "-5.1%", "-5.0%"), ("4a", "robbery_change", "down 4.4%", "down 4.3%")],
        "2 figures on 1 card would change.",
    ),
}


@pytest.mark.parametrize("published, would_be, rows, summary", CASES.values(), ids=CASES)
def test_what_would_change_is_listed_by_cell_and_counted(published, would_be, rows, summary):
    differing = comparison.changes(published, would_be)
    assert differing.drop("report_month").rows() == rows
    assert comparison.summary(differing).startswith(summary)


def test_a_line_that_comes_or_goes_is_listed_cell_by_cell_in_its_place():
    before = LINE | {"position": 2}
    new = LINE | {"position": 1, "line": "4b", "status": None, "status_reason": "not judged: no target"}
    came, gone = (cards(before), cards(before, new)), (cards(before, new), cards(before))
    rows = comparison.changes(*came).drop("report_month").rows()
    assert ("4b", "indicator", None, "Robbery") in rows
    assert {(row[0], row[2]) for row in rows} == {("4b", None)}
    assert {row[4] for row in comparison.changes(*gone).rows()} == {None}


def of_everything(warehouse: Path) -> dict[str, str]:
    """The digest of every file, and where every link leads. The lock says who held it last: that is its purpose."""
    found = {}
    for path in sorted(warehouse.rglob("*")):
        if path.is_symlink():
            found[str(path)] = str(path.readlink())
        elif path.is_file() and path.name != "run.lock":
            found[str(path)] = hashlib.sha256(path.read_bytes()).hexdigest()
        elif path.is_dir():
            found[str(path)] = "folder"
    return found


@pytest.fixture(scope="module")
def proposed(sample: Built, tmp_path_factory: pytest.TempPathFactory) -> tuple[Built, Path]:
    """A copy of the sample, and a folder with one edited table: a harder target for one line."""
    place = tmp_path_factory.mktemp("whatif")
    copy = copied(sample, place)
    folder = place / "harder"
    folder.mkdir()
    (folder / "indicators.csv").write_bytes((copy.catalogue / "indicators.csv").read_bytes())
    edit(folder / "indicators.csv", harder)
    return copy, folder


def harder(rows: list[dict]) -> list[dict]:
    return [
        row | {"target": "-0.06"} if (row["financial_year"], row["line"]) == ("2009/10", "4a") else row for row in rows
    ]


@pytest.mark.slow
def test_a_harder_target_is_told_and_nothing_is_touched_while_others_read(proposed):
    copy, folder = proposed
    before = of_everything(copy.warehouse)
    rows = str(copy.query("select count(*) from scorecard").item())
    database = str(copy.warehouse / "current" / "scorecard.duckdb")
    with subprocess.Popen([sys.executable, "-c", READER, database, rows], stdout=subprocess.PIPE, text=True) as reader:
        done = copy.command("whatif", "--catalogue", str(folder))
        assert reader.poll() is None
        reader.terminate()
        assert set(reader.stdout.read().split()) == {"2009-08-r1"}
    assert done.returncode == 0, done.stderr
    told = [line.split() for line in done.stdout.splitlines()]
    assert ["Aug-09", "4a", "letter", "G", "A"] in told
    assert ["Aug-09", "4a", "target", "-2%", "-6%"] in told
    assert {words[1] for words in told if words[:1] == ["Aug-09"]} == {"4a"}
    assert "1 letter and 1 other cell on 1 card would change." in done.stdout
    assert "no dated row of the catalogue says from when" in " ".join(done.stdout.split())
    assert of_everything(copy.warehouse) == before
    assert copy.command("verify").returncode == 0


@pytest.mark.slow
def test_the_edited_or_another_catalogue_is_tried_over_a_range_of_cards(sample: Built, proposed):
    copy, _ = proposed
    edit(copy.catalogue / "indicators.csv", harder)
    before = of_everything(copy.warehouse)
    done = copy.command("whatif", "--from", "2009-07", "--to", "2009-08")
    assert done.returncode == 0, done.stderr
    assert {words[0] for line in done.stdout.splitlines() if (words := line.split())[1:2] == ["4a"]} == {
        "Jul-09",
        "Aug-09",
    }
    done = copy.command("whatif", "--catalogue", str(sample.catalogue), "--to", "2009-08")
    assert (done.returncode, done.stdout.strip()) == (0, "Nothing would change."), done.stderr
    assert of_everything(copy.warehouse) == before


HOLDER = "import duckdb, sys; held = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"


@pytest.mark.slow
def test_a_database_that_somebody_writes_to_is_not_copied(proposed):
    copy, folder = proposed
    database = copy.warehouse / "performance.duckdb"
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, database], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout.readline() == "held\n"
        done = copy.command("whatif", "--catalogue", str(folder), SCORECARD_WAIT_SECONDS="0")
        holder.communicate("")
    assert done.returncode == 1
    assert done.stderr.startswith("The warehouse is in use: ")
    assert "Traceback" not in done.stderr
    assert not list(copy.warehouse.glob(".whatif*"))


@pytest.mark.slow
def test_a_what_if_that_is_killed_leaves_nobody_running_and_what_lies_about_to_the_next_run(proposed):
    copy, folder = proposed
    with copy.started("whatif", "--catalogue", str(folder)) as started:
        until = time.monotonic() + 120
        while not list(copy.warehouse.glob(".whatif*/dagster")) and time.monotonic() < until:
            time.sleep(0.1)
        started.kill()
        # the run within holds the same pipes: they end when it has ended as well
        started.communicate(timeout=20)
    (left,) = copy.warehouse.glob(".whatif*")
    assert f"{left.name}: the next run clears it away" in copy.command("verify").stdout
    shutil.rmtree(left)


MISTAKES = {
    "no folder": ({}, ["--catalogue", "{0}/none"], "There is no folder {0}/none: name that of the edited tables"),
    "no table": ({}, ["--catalogue", "{0}"], "{0} holds no table of the catalogue: put at least one of areas.csv, "),
    "no such table": (
        {"figure.csv": "a"},
        ["--catalogue", "{0}"],
        "{0}/figure.csv: 'figure' is not a table of the catalogue; did you mean 'figures'?",
    ),
    "a damaged table": (
        {"areas.csv": "area\nCamden\n"},
        ["--catalogue", "{0}"],
        "The catalogue does not hold together.\n"
        "areas.csv line 1: the columns must be area, kind, region, suppressed_with (region may be left out)",
    ),
    "no card": ({}, ["--to", "2010-01"], "There is no card for 2010-01: cards are published for 2008-04 to 2009-08."),
    "backwards": ({}, ["--from", "2009-08", "--to", "2009-07"], "The range runs backwards: 2009-08 is after 2009-07."),
}


@pytest.mark.parametrize("files, asked, says", MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_gets_one_sentence(sample: Built, tmp_path: Path, files, asked, says):
    for name, content in files.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    done = sample.command("whatif", *(word.format(tmp_path) for word in asked))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(says.format(tmp_path)), done.stderr
    assert len(done.stderr.splitlines()) == says.count("\n") + 1
    assert not list(sample.warehouse.glob(".whatif*"))
