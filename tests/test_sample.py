"""The sample deliveries: what the program writes is what stands in raw/, whole and consistent.

That they add up to the published figures, the golden tests and the audit say.
"""

import re
from functools import cache
from pathlib import Path
from statistics import mean

import polars as pl
import yaml

from orchestration import catalogue
from orchestration.scorecard.explanations import outturns
from raw._sample import __main__ as sample
from raw._sample import published
from raw._sample.boroughs import BOROUGHS
from raw._sample.months import LAST, MONTHS, between
from tests import sample as of_the_sample
from tests.conftest import GOLDEN
from tests.sample import RAW

READERS = {
    ".csv": pl.read_csv,
    ".parquet": pl.read_parquet,
    ".xlsx": lambda path: pl.read_excel(path, engine="openpyxl"),
}
VIOLENCE = ["most_serious_violence", "assault_with_injury"]


def files(extract: str) -> dict[str, Path]:
    return {path.stem: path for path in sorted((RAW / extract).iterdir()) if path.stem <= LAST}


@cache
def delivered(extract: str, month: str) -> pl.DataFrame:
    path = files(extract)[month]
    return READERS[path.suffix](path)


def test_a_month_in_a_delivery_is_whole():
    for extract in ("recorded_crime", "weapon_enabled_crime", "domestic_violence", "youth_violence", "road_casualties"):
        kind = [
            c for c in sample.COLUMNS[extract][2:3] if c in ("offence_group", "weapon", "offence_class", "severity")
        ]
        for month in files(extract):
            rows = delivered(extract, month)
            kinds = rows[kind[0]].n_unique() if kind else 1
            counts = rows.group_by("month").len()["len"].unique().to_list()
            assert counts == [len(BOROUGHS) * kinds]
            assert rows.select("month", "borough", *kind).is_unique().all()
            assert rows["month"].max() <= month


def test_detections_and_arrests_never_exceed_offences():
    for extract, part in (("recorded_crime", "sanction_detections"), ("domestic_violence", "arrests")):
        for month in files(extract):
            rows = delivered(extract, month)
            assert rows.filter((pl.col(part) > pl.col("offences")) | (pl.col(part) < 0)).is_empty()


def test_reclassified_offences_leave_the_sum_of_violence_alone():
    for month in between("2008-04", "2008-10"):
        for column in ("offences", "sanction_detections"):
            sums = [
                rows.filter(pl.col("month") == month, pl.col("offence_group").is_in(VIOLENCE))
                .group_by("borough")
                .agg(pl.col(column).sum())
                .sort("borough")
                for rows in (delivered("recorded_crime", month), delivered("recorded_crime", "2008-11"))
            ]
            assert sums[0].equals(sums[1])


def test_a_comment_holds_no_figure_of_its_own():
    month = r"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
    labels = [
        r"\{[a-z0-9_]+\}",
        r"\b(20)?\d\d/\d\d(-\d\d/\d\d)?",
        rf"{month}[-' ](\d{{4}}|\d{{2}})\b(?!/)",
        r"\b(February and )?March 2009\b",
        r"\bApr 2009\b|\b\w{3} ?- ?\w{3} 2009\b",
        r"\b\d{1,2} (months|month|yrs|yr)\b",
        r"paragraphs \d+ - \d+|Appendix 2 CM20|1994-98 baseline",
    ]
    for delivery in files("commentary"):
        for line, comment in delivered("commentary", delivery).select("line", "comment").iter_rows():
            assert not re.search(r"\d", re.sub("|".join(labels), "", comment)), f"{delivery} {line}: {comment}"


def test_the_sample_stands_in_raw_as_the_program_writes_it(tmp_path):
    written = {path.relative_to(tmp_path) for path in sample.write_all(tmp_path)}
    standing = {
        path.relative_to(RAW) for extract in sample.COLUMNS for path in (RAW / extract).iterdir() if path.stem <= LAST
    }
    assert written == standing
    for path in sorted(written):
        if path.suffix == ".parquet":  # the bytes may differ with the version of the library, the content may not
            assert pl.read_parquet(tmp_path / path).equals(pl.read_parquet(RAW / path)), path
        else:
            assert (tmp_path / path).read_bytes() == (RAW / path).read_bytes(), path


def test_gaps_are_where_they_are_meant_to_be():
    missing = {extract: sorted(set(MONTHS) - set(files(extract))) for extract in ("recorded_crime", "road_casualties")}
    assert missing == {"recorded_crime": [], "road_casualties": ["2009-04", "2009-05", "2009-07", "2009-08"]}
    assert "2008-09" not in files("user_satisfaction")
    assert "2008-10" in files("user_satisfaction")


def test_of_two_ways_to_fill_the_months_left_the_one_that_erred_less_on_the_true_totals_is_taken():
    """Of January to August 2009, after each month: the rest as it was in 2008, or scaled by the months so far."""
    plain, scaled = [], []
    for totals in published.LONDON.values():
        then, now = totals[:8], totals[12:20]
        for gone in range(1, 8):
            rest, scale = sum(then[gone:]), sum(now[:gone]) / sum(then[:gone])
            plain.append(abs((sum(now[:gone]) + rest) / sum(now) - 1))
            scaled.append(abs((sum(now[:gone]) + rest * scale) / sum(now) - 1))
    assert f"{mean(plain):.1%} on average, the second by {mean(scaled):.1%}" in " ".join(outturns.__doc__.split())
    assert mean(plain) < mean(scaled)


def test_the_sample_is_declared_as_when_its_pages_were_published():
    """What tests prove of its declarations holds for those that lie in tests/golden: a change is made in both."""

    def declared(folder: Path) -> dict[str, object]:
        files = [folder / "organisation.yml", *(folder / "sources").glob("*.yml")]
        return {path.name: yaml.safe_load(path.read_bytes()) for path in files}

    assert declared(of_the_sample.ORGANISATION) == declared(GOLDEN)


def test_the_catalogue_of_the_sample_holds_together():
    catalogue.check(of_the_sample.ORGANISATION / "catalogue")
