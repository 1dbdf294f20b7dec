"""A source is declared by one file; every mistake in it is named with its line before anything runs."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from orchestration import settings
from orchestration.raw.sources import declared_files
from orchestration.raw.sources.declarations import due
from tests.conftest import environment

SOURCE = """\
title: Calls answered, by station and kind of call.
cadence: monthly
first: 2009-04
columns:
  month:
    kind: month
    title: month counted
  kind_of_call:
    kind: word
    title: kind of call
    words: [fire, no, flood]
  calls:
    kind: count
    title: calls in the month
    most: 4000
    typical: [13, 640]
  in_time:
    kind: count
    title: of them, answered in time
    most: 4000
    at_most: calls
key: [month, kind_of_call]
series:
  "{kind_of_call}_calls": calls
  calls_in_time: in_time
"""
# what is edited in the file, and what is said of it
MISTAKES = {
    "a field": (("title: Calls", "titel: Calls"), "line 1, titel: is no field of a source; did you mean 'title'?"),
    "a word": (
        ("cadence: monthly", "cadence: mothly"),
        "line 2, cadence: 'mothly' is not known; did you mean 'monthly'?",
    ),
    "a month": (("2009-04", "2009-14"), "line 3, first: '2009-14' is not a month: there is no month 14 in a year"),
    "a last month": (("first: 2009-04", "first: 2009-04\nlast: 2009-03"), "line 4, last: 2009-03 is before the first"),
    "a kind": (
        ("kind: count\n    title: calls", "kind: cuont\n    title: calls"),
        "line 13, columns.calls.kind: 'cuont' is not known; did you mean 'count'?",
    ),
    "a field of a column": (
        ("most: 4000", "mots: 4000"),
        "line 15, columns.calls.mots: is no field of a column; did you mean 'most'?",
    ),
    "a number": (("most: 4000", "most: many"), "line 15, columns.calls.most: 'many' should be a whole number"),
    "a key that is empty": (("key: [month, kind_of_call]", "key: []"), "line 22, key: is empty"),
    "a key of no column": (("key: [month, kind", "key: [month, knid"), "line 22, key.1: 'knid_of_call' is no column"),
    "columns that are a list": (
        ("columns:", "columns: [month]\nmore:"),
        "line 4, columns: should be a name with its fields for each column",
    ),
    "a column that is a word": (
        ("  month:\n    kind: month\n    title: month counted\n", "  month: month\n"),
        "line 5, columns.month: 'month' should be fields with a value each, as {kind: count, title: ...}",
    ),
    "no title": (("    title: kind of call\n", ""), "line 8, columns.kind_of_call.title: is missing"),
    "no month": (
        ("  month:\n    kind: month\n    title: month counted\n", ""),
        "line 4, columns: a column 'month' of kind month is missing: every row counts in a month",
    ),
    "a month that is a word": (("kind: month", "kind: line"), "line 6, columns.month.kind: the column 'month' is of"),
    "an impossible range": (
        ("[13, 640]", "[640, 13]"),
        "line 16, columns.calls.typical: 640 to 13 is no range: the first is the smaller one",
    ),
    "half a range": (("[13, 640]", "[13]"), "line 16, columns.calls.typical.1: is missing"),
    "no possible figure": (("most: 4000", "most: 4\n    least: 5"), "line 16, columns.calls.least: 5 is more than"),
    "no most": (("    most: 4000\n    typical", "    typical"), "line 12, columns.calls.most: is missing: more than"),
    "a whole of no column": (("at_most: calls", "at_most: cals"), "line 21, columns.in_time.at_most: 'cals' is no"),
    "no words": (("    words: [fire, no, flood]\n", ""), "line 8, columns.kind_of_call.words: is missing"),
    "a word twice": (("no, flood", "no, fire"), "line 11, columns.kind_of_call.words: 'fire' stands there twice"),
    "a marker": (
        ("most: 4000", "most: 4000\n    markers: {'*': supressed}"),
        "line 16, columns.calls.markers.*: 'supressed' is not known; did you mean 'suppressed'?",
    ),
    "figures of a word": (
        ("words: [fire", "most: 3\n    words: [fire"),
        "line 11, columns.kind_of_call.most: is of figures; this is a column of kind word",
    ),
    "a series of no column": (
        ("in_time: in_time", "in_time: in_tme"),
        "line 25, series.calls_in_time: 'in_tme' is no figure of this source; its figures are calls, in_time",
    ),
    "a name of no column": (
        ('"{kind_of_call}_calls"', '"{kind}_calls"'),
        "line 24, series.{kind}_calls: '{kind}' is no column of words of this source",
    ),
    "a name without quotes": (
        ("calls_in_time:", "{kind_of_call}:"),
        "line 25, series.{...}: a name in braces needs quotation marks around it",
    ),
    "a list of fields": (("title: Calls", "title: [Calls]\nmore: {a: b}\nother: Calls"), "line 1, title: "),
    "a field twice": (("first: 2009-04", "first: 2009-04\ntitle: x"), "line 4, title: stands on line 1 already"),
    "what is derived": (("cadence", "name: calls\ncadence"), "line 2, name: is no field"),
    "no YAML": (("words: [fire", "words: [fire]]"), "line 11: it is not YAML (did not find expected key)"),
    "nothing": ((SOURCE, ""), "line 1: it declares nothing; write fields, each as 'title: ...'"),
}


def declared(folder: Path, **sources: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in sources.items():
        (folder / f"{name}.yml").write_text(text, encoding="utf-8")
    return folder


def test_a_file_declares_a_source_of_its_name_and_every_word_is_read_as_it_stands(tmp_path: Path):
    (source,) = declared_files.read(declared(tmp_path, calls=SOURCE))
    assert (source.name, source.first.isoformat(), source.at_most) == ("calls", "2009-04-01", (("in_time", "calls"),))
    assert [name for name, _ in source.series_names()] == ["fire_calls", "no_calls", "flood_calls", "calls_in_time"]


def test_after_its_last_month_a_source_owes_nothing(tmp_path: Path):
    (source,) = declared_files.read(declared(tmp_path, calls=SOURCE.replace("2009-04", "2009-04\nlast: 2009-06")))
    assert [due(source, date(2009, month, 1)) for month in range(3, 9)] == [False, True, True, True, False, False]


@pytest.mark.parametrize(("edit", "sentence"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_named_with_its_line_and_field(tmp_path: Path, edit: tuple[str, str], sentence: str):
    with pytest.raises(declared_files.DeclarationError) as error:
        declared_files.read(declared(tmp_path, calls=SOURCE.replace(*edit, 1)))
    assert any(each.startswith(f"calls.yml {sentence}") for each in str(error.value).splitlines()), str(error.value)


def test_the_mistakes_of_all_files_are_named_together(tmp_path: Path):
    folder = declared(tmp_path, calls=SOURCE.replace("count", "cuont"), other=SOURCE.replace("[13, 640]", "[9, 1]"))
    declared(folder, third=SOURCE, fourth=SOURCE.replace("{kind_of_call}_calls", "fire_calls"))
    with pytest.raises(declared_files.DeclarationError) as error:
        declared_files.read(folder)
    files = [line.partition(" ")[0].rstrip(",") for line in str(error.value).splitlines()]
    assert files == ["calls.yml", "calls.yml", "other.yml", "third.yml", "third.yml"]


def test_a_command_says_where_a_source_is_declared_with_a_mistake_and_nothing_else(tmp_path: Path):
    declared(tmp_path, calls=SOURCE.replace("count", "cuont"))
    program = (
        "import sys; from pathlib import Path; from orchestration import settings;"
        "settings.SOURCES = Path(sys.argv.pop());"
        "from orchestration.__main__ import main; sys.exit(main())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "show", str(tmp_path)],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("The declarations of sources do not hold together.\ncalls.yml line 13, columns.calls")
    assert "Traceback" not in done.stderr


def test_the_schema_for_editors_is_that_of_the_declarations():
    schema = json.loads((settings.ORGANISATIONS / "source.schema.json").read_text(encoding="utf-8"))
    assert schema == declared_files.schema(), "run `python -m tests.schemas`"
