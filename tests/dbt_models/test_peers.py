"""Periods of different length among the peers: the one that a figure declares counts, the other is kept apart."""

import csv
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import NamedTuple

import polars as pl
import pytest

from orchestration import audit, months
from orchestration.raw.files import vault
from tests.conftest import Built
from tests.rebuilt import Rebuilt, rebuilt

AUGUST = date(2009, 8, 1)
FILE = "peer_forces/2009-08.csv"


class Period(NamedTuple):
    """A period of a measure of the peers."""

    measure: str
    first: str
    last: str

    def of(self, first: str, last: str) -> "Period":
        """Another one of the same measure."""
        return Period(self.measure, first, last)


VIOLENCE = Period("most_serious_violence_rate", "2009-05", "2009-07")
CRIME = Period("serious_acquisitive_crime_rate", "2008-08", "2009-07")
DETECTIONS = Period("serious_sexual_offence_detection_rate", "2008-08", "2009-07")
KNIVES = Period("knife_crime_rate", "2008-04", "2009-03")
GAP = Period("satisfaction_gap", "2008-07", "2009-06")
A_YEAR_OF_VIOLENCE = VIOLENCE.of("2008-08", "2009-07")
# the period that a figure of the line declares, and another one that comes beside it
BESIDE = {
    "a year beside the quarter": ("3a", VIOLENCE, A_YEAR_OF_VIOLENCE),
    "a quarter beside the year": ("4a", CRIME, CRIME.of("2009-05", "2009-07")),
    "a month beside the year": ("3d", DETECTIONS, DETECTIONS.of("2009-07", "2009-07")),
    "a quarter that ends after the year": ("3b", KNIVES, KNIVES.of("2009-04", "2009-06")),
    "a quarter of England and Wales": ("2b", GAP, GAP.of("2009-04", "2009-06")),
}
WINDOW = ("value", "out_of", "data_from", "data_to", "printed")


@pytest.fixture(scope="module")
def copy(sample: Built):
    with rebuilt(sample) as copy:
        yield copy


@contextmanager
def beside(copy: Rebuilt, known: Period, other: Period) -> Iterator[bytes]:
    """August's delivery of the peers with a second period, the values upside down; gives the bytes of the file."""
    ends = [months.parse(end) for end in known[1:]]
    rows = copy.connection.execute(
        "select force, 1 - value from raw.peer_forces where (measure, from_month, to_month) = (?, ?, ?) "
        "qualify delivery_month = max(delivery_month) over () order by force",
        [known.measure, *ends],
    ).fetchall()
    assert len(rows) > 40
    ((sha256,),) = copy.connection.execute("select sha256 from raw.deliveries where file = ?", [FILE]).fetchall()
    lines = [f"{','.join(other)},{force},{value}\n" for force, value in rows]
    copy.connection.begin()
    copy.connection.executemany(
        "insert into raw.peer_forces (delivery_month, measure, from_month, to_month, force, value, file_line) "
        "values ('2009-08-01', ?, ?, ?, ?, ?, 0)",
        [(other.measure, *map(months.parse, other[1:]), *row) for row in rows],
    )
    try:
        yield vault.content(sha256) + "".join(lines).encode()
    finally:
        copy.connection.rollback()


def reading(copy: Rebuilt, content: bytes, sha256: str) -> bytes:
    ((changed,),) = copy.connection.execute("select sha256 from raw.deliveries where file = ?", [FILE]).fetchall()
    return content if sha256 == changed else vault.content(sha256)


def agreed(copy: Rebuilt, content: bytes, catalogue: Path | None = None) -> dict[str, pl.DataFrame]:
    """August's card, on which models and audit agree."""
    made = copy.scored([AUGUST])
    recomputed = copy.recomputed([AUGUST], lambda sha256: reading(copy, content, sha256), catalogue)
    assert audit.differences(recomputed, made["figures"].to_dicts()) == []
    return made


def figures(made: dict[str, pl.DataFrame], line: str) -> dict[str, dict]:
    of_peers = made["figures"].filter(pl.col("statistic").is_in(["rank", "peer_value"]), line=line)
    return {row["name"]: row for row in of_peers.iter_rows(named=True)}


@pytest.mark.slow
@pytest.mark.parametrize(("line", "known", "other"), BESIDE.values(), ids=BESIDE)
def test_another_length_beside_the_declared_one_changes_nothing(line: str, known: Period, other: Period, copy: Rebuilt):
    before = figures(copy.scored([AUGUST]), line)
    assert before
    assert all(row["value"] is not None for row in before.values())
    peers = "select * from aggregates.peers where report_month = '2009-08-01' order by all"
    places = copy.connection.sql(peers).pl()
    with beside(copy, known, other) as content:
        after = figures(agreed(copy, content), line)
        assert copy.connection.sql(peers).pl().equals(places)
    for name, row in before.items():
        assert {column: after[name][column] for column in WINDOW} == {column: row[column] for column in WINDOW}


@contextmanager
def declared(copy: Rebuilt, folder: Path, rows: list[dict[str, str]]) -> Iterator[Path]:
    """The catalogue with these figures in the place of the ranks of line 3a; in the database as well."""
    catalogue = Path(shutil.copytree(copy.catalogue, folder / "reference"))
    with (catalogue / "figures.csv").open(encoding="utf-8", newline="") as file:
        figures = list(csv.DictReader(file))
    (rank,) = [row for row in figures if (row["line"], row["statistic"]) == ("3a", "rank")]
    figures = [row for row in figures if row != rank] + [rank | row for row in rows]
    with (catalogue / "figures.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rank, lineterminator="\n")
        writer.writeheader()
        writer.writerows(figures)
    columns = dict(
        copy.connection.execute("select column_name, column_type from (describe reference.figures)").fetchall()
    )
    kept = copy.connection.sql("select * from reference.figures").pl()
    copy.connection.execute("delete from reference.figures")
    copy.connection.execute(
        "insert into reference.figures by name select * from read_csv(?, columns = ?)",
        [str(catalogue / "figures.csv"), columns],
    )
    try:
        yield catalogue
    finally:
        copy.connection.execute("delete from reference.figures")
        copy.connection.execute("insert into reference.figures by name select * from kept")
        assert kept.height


def test_a_rank_in_the_quarter_and_one_in_the_year_stand_beside_each_other(copy: Rebuilt, tmp_path):
    two = [{"name": "rank_msf", "basis": "quarter"}, {"name": "rank_year", "basis": "rolling_year"}]
    with declared(copy, tmp_path, two) as catalogue, beside(copy, VIOLENCE, A_YEAR_OF_VIOLENCE) as content:
        of_line = figures(agreed(copy, content, catalogue), "3a")
        places = dict(
            copy.connection.execute(
                "select name, list(peer order by rank) from aggregates.peers "
                "where report_month = '2009-08-01' and line = '3a' group by name"
            ).fetchall()
        )
    assert (of_line["rank_msf"]["printed"], of_line["rank_year"]["printed"]) == ("4th/4", "1st/4")
    assert of_line["rank_msf"]["data_from"] == date(2009, 5, 1)
    assert of_line["rank_year"]["data_from"] == date(2008, 8, 1)
    assert places["rank_msf"] == places["rank_year"][::-1]


def test_without_a_declaration_two_lengths_that_end_together_give_no_rank_and_the_reason_says_what_to_declare(
    copy: Rebuilt, tmp_path
):
    with declared(copy, tmp_path, [{"basis": ""}]) as catalogue:
        with beside(copy, VIOLENCE, A_YEAR_OF_VIOLENCE) as content:
            undeclared = figures(agreed(copy, content, catalogue), "3a")["rank_msf"]
        alone = figures(copy.scored([AUGUST]), "3a")["rank_msf"]
    assert (undeclared["value"], undeclared["printed"]) == (None, "not available")
    assert undeclared["missing_reason"] == (
        "peer values for most_serious_violence_rate to Jul-09 are of 2 lengths: "
        "figures.csv declares in its column basis which one is meant"
    )
    # where the source gives one length only, nothing need be declared
    assert alone["printed"] == "4th/4"
