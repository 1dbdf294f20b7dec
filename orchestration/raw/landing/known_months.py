"""Known figures of months that a delivery restates: from deliveries just validated, and from the tables."""

from dataclasses import replace
from datetime import date

import duckdb
import polars as pl

from orchestration.raw.comparison import restatements
from orchestration.raw.comparison.paired_figures import adds_up
from orchestration.raw.comparison.restated_figures import History, rows_of_units
from orchestration.raw.comparison.restatements import Known
from orchestration.raw.landing import raw_tables
from orchestration.raw.landing.raw_tables import EFFECTIVE, Landing
from orchestration.raw.sources.declarations import Extract

# after the name of an extract: a view of its rows that lie in files of a cluster and are not loaded
NOT_LOADED = "_not_loaded"


class KnownMonths:
    """Known figures of an extract's months while a run validates its deliveries, one after the other."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, extract: Extract) -> None:
        """The tables are read only when needed."""
        self._connection, self._extract = connection, extract
        self._validated: dict[date, History] = {}  # how far each delivery of this run moves months
        self._before_run: tuple[list[date], History] = ([], {})

    def last(self, month: date, landings: list[Landing]) -> Landing | None:
        """The last effective delivery before that month: of `landings`, or of the tables if one lies nearer."""
        effective = [landing for landing in landings if landing.status in EFFECTIVE and landing.month < month]
        nearest = max(effective, key=lambda landing: landing.month, default=None)
        validated = [landing.month for landing in landings]
        first = nearest.month if nearest else date.min
        last = raw_tables.last_between(self._connection, self._extract, first, month, without=validated) or nearest
        return last and replace(last, rows=self._comparable(month, last.rows))

    def before(self, month: date, rows: pl.DataFrame, last: Landing | None, landings: list[Landing]) -> Known:
        """The known rows of the months, or periods, in these rows of the delivery for `month`.

        `last` is the last effective delivery before it, `landings` are those validated and not yet in the tables.
        """
        # nearly always all that is in a delivery came after the last one
        names = [*self._extract.key, *(column.name for column in self._extract.figures)]
        nothing = Known(rows.clear().select(names), {})
        if last is None or not self._extract.figures or self._extract.reading.across_deliveries:
            return nothing
        period = pl.col(self._extract.period)
        if rows.select((period > last.month).all()).item():
            return nothing
        unit = list(self._extract.whole_within)
        wanted, there = rows.select(unit).unique(), last.rows.select(unit).unique()
        found = [rows_of_units(self._extract, last.rows, wanted.join(there, on=unit, how="semi")).select(names)]
        # nothing is known of months after the last delivery
        others = wanted.filter(period <= last.month).join(there, on=unit, how="anti")
        if others.height:
            found.append(self._rows(month, others, landings).select(names))
        known = self._comparable(month, pl.concat(found))
        return Known(known, self._history(month, landings) if known.height else {})

    def add(self, month: date, history: History) -> None:
        """Remember how far the delivery for a month moves months before it, should it become effective."""
        self._validated[month] = history

    def _comparable(self, month: date, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows with the key that a delivery for that month has: one column more or less makes other rows."""
        extract = self._extract
        key, dated = extract.at(month).key, [name for name in extract.key if extract.column(name).dated]
        return rows.filter(pl.col(name).is_null() == (name not in key) for name in dated) if dated else rows

    def _rows(self, month: date, wanted: pl.DataFrame, landings: list[Landing]) -> pl.DataFrame:
        """The rows of these months in the last delivery before `month` that holds them."""
        unit = list(self._extract.whole_within)
        validated = {landing.month for landing in landings}
        deliveries = [each for each in self._effective() if each < month and each not in validated]
        rows = self._listed_rows(wanted, deliveries)
        held = [
            rows_of_units(self._extract, landing.rows, wanted).with_columns(delivery_month=pl.lit(landing.month))
            for landing in landings
            if landing.status in EFFECTIVE and landing.month < month
        ]
        both = pl.concat([rows, *(each.select(rows.columns) for each in held)])
        return both.filter(pl.col("delivery_month") == pl.col("delivery_month").max().over(unit))

    def _listed_rows(self, wanted: pl.DataFrame, deliveries: list[date]) -> pl.DataFrame:
        types = pl.Schema({**raw_tables.types(self._extract), "delivery_month": pl.Date()})
        if not deliveries:
            return pl.DataFrame(schema=types)
        unit, table = ", ".join(self._extract.whole_within), self._table()
        with raw_tables.registered(self._connection, "wanted", wanted.cast({pl.Categorical: pl.String})):
            found = self._connection.sql(
                f"with held as (select {unit}, max(delivery_month) as delivery_month from {table} "
                f"semi join wanted using ({unit}) where list_contains($1::date[], delivery_month) group by all) "
                f"select {', '.join(types)} from {table} semi join held using ({unit}, delivery_month)",
                params=[deliveries],
            )
            return raw_tables.typed(found, types)

    def _history(self, month: date, landings: list[Landing]) -> History:
        """How far the effective deliveries before that month moved months before them."""
        effective = {landing.month for landing in landings if landing.status in EFFECTIVE}
        effective |= set(self._effective()) - {landing.month for landing in landings}
        of_run = [self._validated[each] for each in sorted(effective & self._validated.keys()) if each < month]
        before_run = sorted(each for each in effective - self._validated.keys() if each < month)
        if self._before_run[0] != before_run:
            self._before_run = before_run, self._listed_history(before_run)
        return restatements.merged(self._before_run[1], *of_run)

    def _listed_history(self, deliveries: list[date]) -> History:
        unit, period = ", ".join(self._extract.whole_within), self._extract.period
        columns = self._extract.figures
        totals = ", ".join(
            f"{'sum' if adds_up(each) else 'avg'}({each.name})::double as {each.name}" for each in columns
        )
        moved = " union all ".join(
            f"select '{each.name}' as name, date_diff('month', {period}, delivery_month) as back, {each.name} as here, "
            f"lag({each.name}) over (partition by {unit} order by delivery_month) as known from totals"
            for each in columns
        )
        found = self._connection.execute(
            f"with totals as (select delivery_month, {unit}, {totals} from {self._table()} "
            f"where list_contains($1::date[], delivery_month) group by delivery_month, {unit}), moved as ({moved}) "
            "select name, back, max(abs(here - known) / abs(known)), count(*) from moved "
            "where known <> 0 and here <> known group by all",
            [deliveries],
        )
        return {(name, back): (furthest, often) for name, back, furthest, often in found.fetchall()}

    def _effective(self) -> list[date]:
        effective = "select delivery_month from raw.deliveries where extract = ? and list_contains(?, status)"
        found = self._connection.execute(effective, [self._extract.name, list(EFFECTIVE)])
        return [month for (month,) in found.fetchall()]

    def _table(self) -> str:
        """The rows of all deliveries: those of the table, and on a cluster those that are not loaded."""
        name = self._extract.name
        views = "select 1 from duckdb_views() where schema_name = 'raw' and view_name = ?"
        if self._connection.execute(views, [name + NOT_LOADED]).fetchall():
            return f'(from raw."{name}" union all by name from raw."{name}{NOT_LOADED}")'
        return f'raw."{name}"'
