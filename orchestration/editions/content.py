"""A card as its editions are written from: its rows of every table of its release, and what they need of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from operator import itemgetter

import duckdb
import polars as pl

from orchestration import explain, months, working_days, years
from orchestration.editions import history
from orchestration.editions.dictionary import Table
from orchestration.editions.history import Trend
from orchestration.scorecard import definitions, display, status
from orchestration.scorecard.kinds import KINDS
from orchestration.scorecard.units import RATES_PER, UNITS


@dataclass(frozen=True, eq=False)
class Card:
    """A card, with the release whose editions of it these are."""

    release: str
    report_month: date
    title: str
    subtitle: str
    key: str
    dictionary: tuple[Table, ...]  # every table of the release
    rows: tuple[dict, ...]  # of the scorecard, in the order of the page
    year_so_far: Mapping[str, list[dict]]  # by line, its rows on the cards of the year up to this one, newest first
    tables: Mapping[str, pl.DataFrame]  # every table: the rows of this card, those of its year, or all

    @property
    def name(self) -> str:
        """Its month as folders and links name it: `2009-08`."""
        return months.key(self.report_month)

    @property
    def published_at(self) -> datetime:
        """When the release was published, in UTC."""
        return self.tables["release"]["published_at"].item().replace(tzinfo=UTC)

    @property
    def published_on(self) -> str:
        """The day of it, in words."""
        return display.day(self.published_at)

    @property
    def next_card(self) -> str:
        """Which card comes next, and when it is due."""
        return next_card(self.report_month)

    @property
    def label(self) -> str:
        """Its month as the page names it: `Aug-09`."""
        return display.month_label(self.report_month)

    @cached_property
    def glossary(self) -> dict[str, str]:
        """What each abbreviation stands for."""
        return dict(self.tables["glossary"].iter_rows())

    @cached_property
    def indicators(self) -> dict[str, dict]:
        """The catalogue's row of each line that applies to the card, with what its measure is a rate per."""
        rows = definitions.with_rate_unit(self.tables["indicators"], self.tables["definitions"])
        return {row["line"]: row for row in rows.iter_rows(named=True)}

    @cached_property
    def defined(self) -> dict[str, dict]:
        """The definition of each measure that applies to the card."""
        return definitions.effective(self.tables["definitions"], self.report_month)

    @cached_property
    def contributions(self) -> pl.DataFrame:
        """What each area did to the figure of each line, with its `kind` and `region`; regions are such a kind."""
        areas = pl.concat([self.tables["areas"], pl.DataFrame(schema={"region": pl.String})], how="diagonal")
        found = self.tables["area_contributions"].join(areas.select("area", "kind", "region"), on="area")
        if (of_regions := self.tables.get("region_contributions")) is not None:
            of_regions = of_regions.with_columns(area="region", kind=pl.lit("region"))
            found = pl.concat([found, of_regions.select(found.columns)])
        return found.with_columns(pl.col(pl.Decimal).cast(pl.Float64))

    def axis(self, unit: str, measure: str, of_a_month: bool = False) -> str:
        """What the axis of a chart of a measure is in: `per cent`, `offences per 1,000`, `networks a month`."""
        axis = UNITS[unit].axis
        if axis and unit not in RATES_PER:
            return axis
        return " ".join(filter(None, (self._counted.get(measure), axis, "a month" if of_a_month else "")))

    def averaged(self, measure: str) -> list[str]:
        """The parts of a measure that enter a window by their mean: those of stocks."""
        return self._averaged.get(measure, [])

    @cached_property
    def _averaged(self) -> dict[str, list[str]]:
        stocks = self.tables["measures"].join(self.tables["series"].filter(over_time="mean"), on="series")
        return dict(stocks.group_by("measure").agg(pl.col("part").unique()).iter_rows())

    @cached_property
    def _counted(self) -> dict[str, str]:
        """What each measure counts, in a word."""
        of_measures = self.tables["measures"].filter(part="numerator").join(self.tables["series"], on="series")
        return dict(of_measures.select("measure", "counts").iter_rows())

    def suppressed_areas(self, row: dict) -> set[str | None]:
        """The areas whose window of the figure of a row of the scorecard, or of a year before, is suppressed.

        The regions that they lie in are among them: one is either shown nevertheless, or suppressed for that reason.
        """
        compared = [row["data_to"], months.shift(row["data_to"], -12)]
        windows = self.tables[row["basis"]].filter(measure=row["measure"], suppressed=True)
        areas = set(windows.filter(pl.col("month").is_in(compared))["area"])
        return areas | {it.get("region") for it in self.tables["areas"].to_dicts() if it["area"] in areas}

    def arrow(self, row: dict) -> str | None:
        """The arrow of the way that the figure of a row of the scorecard went since a year before."""
        indicator = self.indicators.get(row["line"], {})
        change = KINDS[indicator["kind"]].change if indicator.get("kind") else False
        before = 0 if change else row["previous_value"]
        rose = row["value"] is not None and before is not None and row["value"] > before
        return status.arrow(row["direction_of_travel"], indicator.get("direction"), rose=rose)

    def breaks(self, row: dict) -> dict[date, str]:
        """The months from which the measures of a row of the scorecard are counted by other rules, with the reason."""
        of_line = self.indicators.get(row["line"], {})
        measures = {of_line.get(name) for name in ("measure", "compare_measure")}
        return {month: reason for measure, month, reason in self._breaks if measure in measures}

    @cached_property
    def _breaks(self) -> list[tuple[str, date, str]]:
        changed = self.tables["breaks"].filter(pl.col("from_month") <= self.report_month, kind="counting_rules")
        return changed.sort("from_month").select("measure", "from_month", "reason").rows()

    def targeted_from(self, row: dict) -> date | None:
        """The first month whose figure the target of a row of the scorecard judges; None where it judges none."""
        indicator = self.indicators.get(row["line"], {})
        if row["target"] is None or indicator.get("not_judged"):
            return None
        begins = years.start(row["financial_year"])
        return max(begins, indicator.get("judged_from") or begins)

    def targets(self, row: dict) -> list[float]:
        """The target of a row of the scorecard; of a range both ends; none where it has none."""
        to = self.indicators.get(row["line"], {}).get("target_to")
        return [end for end in (row["target"], to) if end is not None]

    def shows(self, row: dict) -> Callable[[float], str]:
        """How the figure of a row of the scorecard prints."""
        indicator = self.indicators[row["line"]]
        return lambda value: display.printed(value, row["unit"], indicator["sign"], indicator["decimals"])

    @cached_property
    def due(self) -> dict[str, str]:
        """What is due so far of the year's target, by line with a phased one."""
        phased = self.tables["figures"].filter(pl.col("name") == "phased_target")
        return dict(phased.select("line", "printed").iter_rows())

    def history(self, line: str, table: str = "history") -> list[dict]:
        """The rows of a table by month, `history` or `trends`, whose value is known, oldest first."""
        known = (row for row in self.of_line(table, line) if row["value"] is not None)
        return sorted(known, key=itemgetter("month"))

    def of_line(self, table: str, line: str) -> list[dict]:
        """The rows of a line in a table."""
        if table not in self._by_line:
            of_lines = self.tables[table].partition_by("line", as_dict=True, maintain_order=True)
            self._by_line[table] = {name: rows.to_dicts() for (name,), rows in of_lines.items()}
        return self._by_line[table].get(line, [])

    @cached_property
    def _by_line(self) -> dict[str, dict[str, list[dict]]]:
        return {}  # by table, as `of_line` is asked for it

    def trend(self, row: dict) -> Trend | None:
        """The small trend of a row of the scorecard, with its targets; None where no month of it is known."""
        return history.trend(
            self.history(row["line"]),
            self.report_month,
            row["basis"],
            breaks=self.breaks(row),
            targets=self.targets(row),
            targeted_from=self.targeted_from(row),
        )

    @cached_property
    def stories(self) -> dict[str, dict]:
        """The story of every line, as `make explain` shows it, by line in the order of the page."""
        with duckdb.connect() as connection:
            for name, rows in self.tables.items():
                connection.register(name, rows)
            return explain.of_lines(connection, self.report_month)


def next_card(after: date) -> str:
    """`The card of September 2009 is due on 12 October 2009.`"""
    report_month = months.shift(after, 1)
    return f"The card of {report_month:%B %Y} is due on {display.day(working_days.due_on(report_month))}."
