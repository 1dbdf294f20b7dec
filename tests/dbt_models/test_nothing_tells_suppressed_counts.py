"""Two warehouses that differ in suppressed counts alone publish the same: nothing printed depends on suppressed ones.

The counts of boroughs that are suppressed together change places, those of the force become others under its threshold.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl
import pytest

from orchestration import audit, months, release, settings
from orchestration.raw.files import vault
from orchestration.release import auditing
from orchestration.scorecard import mart
from tests import same
from tests.conftest import Built
from tests.rebuilt import Rebuilt, models_of

CARDS = tuple(map(months.parse, ("2008-10", "2009-03", "2009-04", "2009-07", "2009-08")))
# measures that count a part up to three times, and a threshold of the force for every third series that has none of the
# boroughs: its lowest month is under it
HARDER = (
    "update reference.measures set weight = 1 + coalesce(length(component), 0) % 3",
    """
    create temp table lowest as
    select series, min(total) as total
    from (
        select series, month, delivery_month, sum(value) as total
        from staging.stg_series
        join reference.series using (series)
        where over_time <> 'mean' and unit = 'count' and area_threshold is null
        group by all
    )
    group by series
    having min(total) > 1
    qualify row_number() over (order by series) % 3 = 0
    """,
    "update reference.series set whole_threshold = total + 2 from lowest where series.series = lowest.series",
)
CHANGE = """
    create temp table together as
    select delivered.*, areas.suppressed_with, whole_threshold,
        max(value <> 0 and abs(value) < area_threshold) over (partition by series, suppressed_with, month) as small,
        sum(value) over delivery as total,
        row_number() over (delivery order by value desc, area) as place
    from staging.stg_series as delivered
    join reference.series using (series)
    join reference.areas as areas using (area)
    window delivery as (partition by series, month, delivery_month);

    create temp table changed as
    select delivery_month, series, area, month,
        case
            when total > 0 and total < whole_threshold
                then value + case when place > 1 then 0 when total > 1 then -1 else 1 end
            when small then coalesce(lead(value) over turn, first_value(value) over turn)
        end as value
    from together
    window turn as (partition by series, suppressed_with, month, delivery_month order by area);

    update staging.stg_series as delivered set value = changed.value
    from changed
    where changed.value is not null and changed.series = delivered.series and changed.area = delivered.area
        and changed.month = delivered.month and changed.delivery_month = delivered.delivery_month
"""


@dataclass(frozen=True)
class World:
    """A working warehouse, with what a run would publish of it."""

    folder: Path
    made: dict[str, pl.DataFrame]

    def read(self, query: str) -> pl.DataFrame:
        with duckdb.connect(str(self.folder / "performance.duckdb"), read_only=True) as connection:
            return connection.sql(query).pl()

    def publish(self) -> Path:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SCORECARD_WAREHOUSE", str(self.folder))
            return release.publish([CARDS[-1]]).folder


def world(sample: Built, folder: Path, *changes: str) -> World:
    folder.mkdir()
    database = folder / "performance.duckdb"
    shutil.copy(sample.warehouse / "performance.duckdb", database)
    models = [model for model in models_of(sample) if not model[0].endswith('"stg_series"')]
    with duckdb.connect(str(database)) as connection:
        for change in (*HARDER, *changes):
            connection.execute(change)
        made = Rebuilt(connection, models, sample.catalogue).scored(CARDS)
        for table, frame in made.items():
            connection.register("made", frame)
            connection.execute(f"delete from scorecard.{table}")
            connection.execute(f"insert into scorecard.{table} by name from made")
            connection.unregister("made")
    return World(folder, made)


@pytest.fixture(scope="module")
def worlds(sample: Built, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, World]]:
    there = tmp_path_factory.mktemp("worlds")
    yield world(sample, there / "one"), world(sample, there / "other", CHANGE)
    shutil.rmtree(there)


def test_no_table_of_any_report_month_tells_the_two_apart(worlds):
    one, other = worlds
    assert {table: frame.equals(other.made[table]) for table, frame in one.made.items()} == dict.fromkeys(
        one.made, True
    )
    for table, source in mart.TABLES.items():
        if source.relation.startswith(("measures.", "aggregates.")):
            query = f"from {source.relation} where report_month in (from run.report_months) order by {source.order_by}"
            if table == "monthly_measures":  # what is suppressed of it, the release leaves out
                suppressed = "anti join measures.suppressed_months using (measure, area, month)"
                query = query.replace("where", f"{suppressed} where")
            assert one.read(query).equals(other.read(query)), table


def test_there_was_much_to_tell(worlds):
    one, other = worlds
    counts = "from measures.monthly_measures order by report_month, measure, area, month"
    before, after = one.read(counts), other.read(counts)
    force = pl.col("area").str.starts_with("Metropolitan")
    differs = before.filter(pl.Series(before["numerator"].ne_missing(after["numerator"])))
    assert differs.filter(force).height > 30
    assert differs.filter(~force).height > 2_000
    reasons = one.made["figures"].filter(pl.col("value").is_null())["missing_reason"]
    assert reasons.str.contains("it rests on a small count in ").sum() > 50
    assert one.made["figures"]["value"].count() > 100


def test_the_audit_suppresses_the_same(worlds, sample: Built, tmp_path: Path, monkeypatch):
    one, _ = worlds
    monkeypatch.setenv("SCORECARD_WAREHOUSE", str(sample.warehouse))
    shutil.copytree(sample.catalogue, tmp_path / "catalogue")
    with duckdb.connect(str(one.folder / "performance.duckdb"), read_only=True) as connection:
        for table in ("measures", "series"):
            connection.execute(f"copy reference.{table} to '{tmp_path}/catalogue/{table}.csv' (header)")
        delivered = auditing.effective(connection)
        shown = connection.execute(auditing.MONTHS, [CARDS]).fetchall()
    recomputed = audit.recompute(delivered, vault.content, list(CARDS), tmp_path / "catalogue", settings.ORGANISATION)
    figures = one.made["figures"].to_dicts()
    assert audit.differences(recomputed.figures, figures) == []
    assert audit.differences_in_suppression(recomputed.suppressed, shown) == []
    # and a difference has its sentence
    without = audit.recompute(delivered, vault.content, list(CARDS), sample.catalogue, settings.ORGANISATION)
    sentences = audit.differences(without.figures, figures)
    assert any("the card suppresses it; the deliveries give '" in sentence for sentence in sentences)
    assert audit.differences_in_suppression(without.suppressed, shown)


@pytest.mark.slow
def test_no_edition_tells_the_two_apart(worlds):
    one, other = worlds
    assert list(same.differences(one.publish(), other.publish(), same.Agreed())) == []
