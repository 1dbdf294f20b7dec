"""docs/messages.md: every code of a finding, with what validation says of a small broken delivery.

`python -m tests.messages` writes it again.
"""

import io
import itertools
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import duckdb
import polars as pl
import pytest

from orchestration import settings
from orchestration.raw.checks import validation
from orchestration.raw.findings.codes import CODES, Scope
from orchestration.raw.landing import landing
from orchestration.raw.sources.columns import DatedLabel
from orchestration.raw.sources.extracts import BY_NAME
from tests import sample
from tests.conftest import PROJECT
from tests.deliveries import declaring, encoded, lines, month
from tests.hostile import replaced, with_parts, with_rows, workbook

PAGE = PROJECT / "docs" / "messages.md"
WEAPONS, CRIME, RECRUITS, COMMENTS = "weapon_enabled_crime", "recorded_crime", "officer_recruitment", "commentary"
SOUND = lines(WEAPONS, "2009-08")

Content = bytes | list[str] | Callable[[Path], object]


class Example(NamedTuple):
    """Files within raw/ (what they hold, or how they are made), and the extract that meets them."""

    files: dict[str, Content]
    extract: str = WEAPONS
    fault: bool = False
    declared: dict[str, dict] = {}  # more than its extract declares, by column  # noqa: RUF012


def one(content: Content, suffix: str = "csv", extract: str = WEAPONS) -> Example:
    """The delivery of August 2009."""
    return Example({f"{extract}/2009-08.{suffix}": content}, extract)


def edited(old: str, new: str, name: str = WEAPONS) -> Example:
    """A sound CSV in which something is replaced once, below the header."""
    header, *rows = lines(name, "2009-08")
    text = "\n".join(rows)
    assert old in text, text
    return one([header, *text.replace(old, new, 1).split("\n")], extract=name)


def after_july(august: list[str], july: list[str] = lines(WEAPONS, "2009-07", offences=12)) -> Example:  # noqa: B008
    """Two deliveries, one after the other."""
    return Example({f"{WEAPONS}/2009-07.csv": july, f"{WEAPONS}/2009-08.csv": august})


def crime_as_parquet(**types: pl.DataType) -> bytes:
    """Recorded crime as Parquet, with some columns stored as other types."""
    table = pl.read_csv(io.BytesIO(encoded(lines(CRIME, "2009-08")))).cast(types)
    saved = io.BytesIO()
    table.write_parquet(saved)
    return saved.getvalue()


def larger_than_allowed(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(BY_NAME[WEAPONS].largest + 1)


def with_another_digest(path: Path) -> None:
    path.write_bytes(encoded(SOUND))
    path.with_name(f"{path.name}.sha256").write_text("0" * 64)


def two_sheets(book) -> None:
    book.create_sheet("August (2)")["A1"] = "month"


def with_formula(book) -> None:
    book.active["B3"] = "=B2"


def with_error(book) -> None:
    book.active["B3"] = "#REF!"


def beside_the_columns(book) -> None:
    book.active["F2"] = "checked"


def availability(percent: str) -> bytes:
    """Whether each system was there in the quarter to June 2009, and one of them for that share of it."""
    systems = BY_NAME["ict_availability"].column("system").words
    rows = [["2009-06", system, percent if system == "Radio" else "99.5", "99"] for system in systems]
    return workbook([[column.name for column in BY_NAME["ict_availability"].columns], *rows])


def peers(*values: str) -> list[str]:
    """As many measures of all forces, with these values."""
    of_peers = BY_NAME["peer_forces"]
    measures = of_peers.column("measure").words
    rows = [
        f"{measure},2008-07,2009-06,{force},{value}"
        for measure, value in zip(measures, values, strict=False)
        for force in of_peers.column("force").words
    ]
    return [",".join(column.name for column in of_peers.columns), *rows]


def _with_labels(labels: tuple[str, ...]) -> list[str]:
    """The weapons of July or August as a publisher calls them: a knife by its labels in turn."""
    month = "2009-08" if len(labels) == 2 else "2009-07"
    knives, handgun = itertools.cycle(labels[:-1]), labels[-1]
    rows = lines(WEAPONS, month, offences=12 + len(labels))
    return [rows[0], *(row.replace("knife", next(knives)).replace("handgun", handgun) for row in rows[1:])]


LABELS = {
    "weapon": {
        "labels": {
            "knife": (DatedLabel("Knives"), DatedLabel("Blades")),
            "handgun": (DatedLabel("Handguns"),),
        }
    }
}
WITH_DECIMALS = [SOUND[0], *(f"{row}.125" for row in SOUND[1:])]
EXAMPLES: dict[str, Example] = {
    "unknown_folder": Example({f"{WEAPONS}s/2009-08.csv": SOUND}),
    "misnamed": Example({f"{WEAPONS}/August 2009.csv": SOUND}),
    "two_files": Example(
        {f"{CRIME}/2009-08.csv": lines(CRIME, "2009-08"), f"{CRIME}/2009-08.parquet": crime_as_parquet()}, CRIME
    ),
    "beyond_calendar": Example({f"{WEAPONS}/2029-08.csv": SOUND}),
    "not_a_file": one(lambda path: path.symlink_to("elsewhere.csv")),
    "unreadable": one(workbook()[:-200], "xlsx", RECRUITS),
    "too_large": one(larger_than_allowed),
    "digest": one(with_another_digest),
    "empty_file": one(b""),
    "other_format": one(b"<!DOCTYPE html><title>Please log in</title>"),
    "encoding": one("\n".join(SOUND).replace("knife", "knifé", 1).encode("latin-1") + b"\n"),
    "control_character": edited("Camden,", "Camden\t,"),
    "line_ends": one("\r".join(SOUND).encode() + b"\r\n"),
    "cut_off": one(encoded(SOUND)[:-9]),
    "delimiter": one([line.replace(",", ";") for line in SOUND]),
    "failed_check": Example({f"{WEAPONS}/2009-08.csv": SOUND}, fault=True),
    "header": one(["month,borough,weapon,number", *SOUND[1:]]),
    "no_rows": one(SOUND[:1]),
    "stored_type": one(crime_as_parquet(offences=pl.Float32()), "parquet", CRIME),
    "document_type": one(
        replaced("xl/workbook.xml", "<workbook", '<!DOCTYPE workbook [<!ENTITY a "b">]><workbook'), "xlsx", RECRUITS
    ),
    "foreign_part": one(with_parts(**{"xl/vbaProject.bin": b"x"}), "xlsx", RECRUITS),
    "sheets": one(workbook(edit=two_sheets), "xlsx", RECRUITS),
    "far_cell": one(with_rows('<row r="1048576"><c r="A1048576"><v>1</v></c></row>'), "xlsx", RECRUITS),
    "keys_missing": one([line for line in SOUND if "Camden" not in line]),
    "months_missing": Example(
        {"user_satisfaction/2009-06.csv": lines("user_satisfaction", "2009-04", "2009-06")}, "user_satisfaction"
    ),
    "not_reached": one(lines(WEAPONS, "2009-07")),
    "line_width": edited("Camden,knife,", "Camden,knife,extra,"),
    "quotation": edited("Camden,knife", 'Camden,"knife'),
    "beside_columns": one(workbook(edit=beside_the_columns), "xlsx", RECRUITS),
    "formula": one(workbook(edit=with_formula), "xlsx", RECRUITS),
    "spreadsheet_error": one(workbook(edit=with_error), "xlsx", RECRUITS),
    "empty_cell": one([*SOUND[:-1], SOUND[-1].rpartition(",")[0] + ","]),
    "badly_written": one([*SOUND[:-1], SOUND[-1].rpartition(",")[0] + ",1.5"]),
    "confusable": edited("Camden", "Саmden"),
    "unknown_word": edited("Camden", "Camdem"),
    "hard_coded_number": one(["line,comment", "4a,Burglary is down by 5.1%."], extract=COMMENTS),
    "stray_brace": one(["line,comment", "4a,Burglary is down by {change."], extract=COMMENTS),
    "after_delivery": one([*SOUND, *lines(WEAPONS, "2009-09")[1:]]),
    "unknown_month": one(lines(WEAPONS, "2006-09")),
    "too_old": one([*lines(WEAPONS, "2008-01"), *SOUND[1:]]),
    "part_above_whole": one(
        [*lines(CRIME, "2009-08")[:-1], "2009-08,Westminster,serious_sexual_offences,3,5"], "csv", CRIME
    ),
    "above_100_percent": one(availability("100.5"), "xlsx", "ict_availability"),
    "key_twice": one([*SOUND, SOUND[9]]),
    "above_most": one([*SOUND[:-1], SOUND[-1].rpartition(",")[0] + ",1204000"]),
    "below_least": one([*peers("0.2")[:-1], peers("0.2")[-1].rpartition(",")[0] + ",-0.2"], extract="peer_forces"),
    "implausible": after_july(lines(WEAPONS, "2009-08", offences=700)),
    "vanished": Example(
        {"peer_forces/2009-07.csv": peers("0.2", "0.3"), "peer_forces/2009-08.csv": peers("0.2")}, "peer_forces"
    ),
    "drift": after_july(lines(WEAPONS, "2009-08", offences=30)),
    "vanished_label": after_july(
        *map(_with_labels, (("Knives", "Handguns"), ("Knives", "Blades", "Handguns")))
    )._replace(declared=LABELS),
    "undeclared": one([*SOUND[:-1], SOUND[-1].rpartition(",")[0] + ",*"]),
    "repeated": one([*SOUND[:-2], *(line.rpartition(",")[0] + ",*" for line in SOUND[-2:])]),
    "day_in_month": edited("2009-08,", "2009-08-17,"),
    "ambiguous_month": one([SOUND[0], *(line.replace("2009-08", "07/08/2009") for line in SOUND[1:])]),
    "empty_rows": one([*SOUND[:9], "", *SOUND[9:]]),
    "footnote": one([*SOUND, "", "Source: crime recording system"]),
    "empty_columns": one([f"{line},," for line in SOUND]),
    "separator_line": one(["sep=,", *SOUND]),
    "no_final_line_end": one(encoded([*SOUND[:-1], SOUND[-1].rpartition(",")[0] + ',"3"'])[:-1]),
    "restated": after_july([*lines(WEAPONS, "2009-08", offences=12), *lines(WEAPONS, "2009-07", offences=13)[1:]]),
    "known_already": Example(
        {
            f"{WEAPONS}/2008-06.csv": lines(WEAPONS, "2008-06", offences=12),
            f"{WEAPONS}/2009-08.csv": [*lines(WEAPONS, "2008-06", offences=12), *SOUND[1:]],
        }
    ),
    "before_calendar": one([*SOUND, *lines(WEAPONS, "2006-09")[1:]]),
    "other_name": edited("Hammersmith and Fulham", "Hammersmith & Fulham"),
    "month_written": one([line.replace("2009-08", "Aug-09") for line in SOUND]),
    "as_declared": one(
        [*lines("class_a_trafficking", "2009-08"), "2009-08,cannabis,9"],
        extract="class_a_trafficking",
    )._replace(declared={"drug": {"ignored_words": ("cannabis",)}}),
    "decimals": one(WITH_DECIMALS)._replace(declared={"offences": {"kind": "measure"}}),
    "formula_tail": one(availability("99.93999999999999"), "xlsx", "ict_availability"),
}


def said(example: Example) -> list[tuple[str | None, str]]:
    """What the raw layer says of the files: code and sentence; of warnings and notes the sentence alone."""
    with _room(example.fault) as raw:
        for name, content in example.files.items():
            path = raw / name
            path.parent.mkdir(parents=True, exist_ok=True)
            content(path) if callable(content) else path.write_bytes(encoded(content))
        first, last = month("2009-06"), month("2009-08")
        delivered = [month(Path(name).stem) for name in example.files if Path(name).stem[:2] == "20"]
        with duckdb.connect() as connection:
            extract = declaring(example.extract, **example.declared)
            synced = landing.sync(connection, extract, min([first, *delivered]), max([last, *delivered]), raw)
            found = connection.execute("select code, sentence from raw.quarantine order by rowid").fetchall()
    notes = [note for landed in synced.landed for note in (landed.notes or "").splitlines()]
    return [*found, *((None, sentence) for sentence in (*synced.warnings, *notes))]


def _failing(*_: object) -> None:
    raise KeyError("offences")


@contextmanager
def _room(fault: bool) -> Iterator[Path]:
    """An empty raw folder, and a warehouse of its own; with a `fault`, validation has a mistake."""
    with tempfile.TemporaryDirectory() as there:
        own = {"SCORECARD_RAW": f"{there}/raw", "SCORECARD_WAREHOUSE": f"{there}/w", "SCORECARD_SETTLE_SECONDS": "0"}
        with pytest.MonkeyPatch.context() as patch:
            for name, value in own.items():
                patch.setenv(name, value)
            if fault:
                patch.setattr(validation, "check", _failing)
            (Path(there) / "raw").mkdir()
            yield Path(there) / "raw"


def sentence(code: str) -> str:
    """The first sentence with that code; of a warning or a note, the only one there is."""
    found = said(EXAMPLES[code])
    coded = [text for its, text in found if its == code]
    if coded:
        return coded[0]
    uncoded = [text for its, text in found if its is None]
    assert CODES[code].scope in ("warning", "note") and len(uncoded) >= 1, (code, found)
    return uncoded[-1]  # below an empty row stands a footnote


BECOMES: dict[Scope, tuple[str, str]] = {
    "file": (
        "Rejected: the file cannot be read as rows",
        "None of it counts, and nobody can vouch for it. A corrected file is validated again.",
    ),
    "delivery": (
        "Quarantined: the rows are valid, but some are missing",
        "The delivery does not count until a whole one takes its place or somebody accepts it (`make accept`): then "
        "what is there counts, and what needs the rest has no value.",
    ),
    "row": (
        "Quarantined: something is wrong with a row",
        "The delivery does not count until a corrected one takes its place or somebody accepts it (`make accept`): "
        "then its other rows count, and these stay out.",
    ),
    "doubt": (
        "Quarantined: a row is hard to believe",
        "The delivery does not count until a corrected one takes its place or somebody accepts it (`make accept`): "
        "then these rows count as well.",
    ),
    "whole_doubt": (
        "Quarantined: the delivery is hard to believe",
        "The delivery does not count until a corrected one takes its place or somebody accepts it (`make accept`): "
        "then it counts as it stands.",
    ),
    "warning": ("Warning: it counts", "The delivery counts. Somebody who knows the source should look at it."),
    "note": ("Note: it counts", "The delivery counts. What was left out or read differently is only recorded."),
}
INTRODUCTION = """\
# Messages about deliveries

Every file in `raw/` is validated before it counts. Each finding is one message, in the run's output, in Dagster and in
`warehouse/quarantine/<extract>-<month>.csv`, a file to send back to the sender of the delivery. Each finding has a
code, which does not change when its message is reworded. This page lists them all: what each means, what the sender
can do, and an example, which is the message about a small broken delivery.

A delivery that was valid before stays in use as long as its replacement is rejected or quarantined.

This page is written by `make messages` and checked by a test; the texts stand in
`orchestration/raw/findings/codes.csv`, the examples in `tests/messages.py`.
"""


def page() -> str:
    """The whole page."""
    parts = [INTRODUCTION]
    for scope, (heading, becomes) in BECOMES.items():
        parts.append(f"## {heading}\n\n{becomes}\n")
        for code, its in CODES.items():
            if its.scope == scope:
                remedy = f" {its.remedy}" if its.remedy else ""
                parts.append(f"### `{code}`\n\n{its.meaning}{remedy}\n\n    {sentence(code)}\n")
    # what users edit, not what the tests read
    its = (str(folder.relative_to(PROJECT)) for folder in (settings.ORGANISATION, sample.ORGANISATION))
    return "\n".join(parts).replace(*its)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
