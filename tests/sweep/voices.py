"""The two engines on a case: the models' compiled SQL on one DuckDB connection, and the audit."""

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import polars as pl

from orchestration import audit, settings
from orchestration.audit import catalogue as audited_catalogue
from orchestration.audit import figures as audited_figures
from orchestration.audit import letters as audited_letters
from orchestration.audit import months as audit_months
from orchestration.audit import organisation as audited_organisation
from orchestration.audit import series as audited_series
from orchestration.audit import suppression as audited_suppression
from orchestration.audit.known import Read
from orchestration.audit.sources import Source
from orchestration.scorecard import status
from orchestration.scorecard.optional_rules import Evidence
from tests.rebuilt import ordered_models
from tests.soak import small
from tests.sweep import case
from tests.sweep.case import Case

DATABASE = "performance"  # as the compiled SQL names it
# what a case fills itself; and what is compared in the end
GIVEN = {
    "staging.stg_series": "extract varchar, delivery_month date, file_line integer, series varchar, area varchar, "
    "month date, value decimal(18, 2), unknown_reason varchar, provisional boolean",
    "staging.stg_peers": "extract varchar, delivery_month date, measure varchar, from_month date, "
    "to_month date, peer varchar, value double",
    "run.report_months": "month date",
    "run.suppressed_before": "measure varchar, area varchar, month date",
}
WANTED = ("aggregates.figure_values", "aggregates.history", "aggregates.movements", "aggregates.changes")


IDENTITIES = """
    select * from (
        select
            report_month,
            line,
            'its movements are not its change' as what,
            (
                select coalesce(sum(contribution), 0)
                from aggregates.movements
                where movements.report_month = changes.report_month and movements.line = changes.line
            ) as one,
            value - value_before as other
        from aggregates.changes
        where missing_reason is null
        union all
        select
            figures.report_month,
            figures.line,
            'its history does not end with it',
            max_by(history.value, history.month),
            figures.value
        from aggregates.figure_values as figures
        left join aggregates.history as history
            on figures.report_month = history.report_month and figures.line = history.line
        where figures.name = 'latest' and figures.value is not null
        group by figures.report_month, figures.line, figures.value
    )
    where coalesce(abs(one - other) > 1e-9 * greatest(1, abs(one), abs(other)), true)
"""


class Model(NamedTuple):
    """A model as dbt compiled it."""

    name: str
    sql: str


class Compiled(NamedTuple):
    """The models that the figures come from, in the order of reading, and the types of the catalogue's columns."""

    models: list[Model]
    seeds: dict[str, dict[str, str]]


def compiled(keep: Path) -> Compiled:
    """The dbt project as dbt compiles it, kept in a folder until the project changes."""
    there = keep / _digest()
    if not (there / "run_results.json").exists():
        there.mkdir(parents=True, exist_ok=True)
        small.compiled(there)
    nodes = json.loads((there / "manifest.json").read_bytes())["nodes"]
    seeds = {node["name"]: node["config"]["column_types"] for node in nodes.values() if node["resource_type"] == "seed"}
    seeds["measures"]["weight"] = "double"  # as dbt reads weights that are not all whole
    names = {node["relation_name"]: f"{node['schema']}.{node['name']}" for node in nodes.values()}
    needed = _before([key for key, node in nodes.items() if f"{node['schema']}.{node['name']}" in WANTED], nodes)
    models = [
        Model(names[relation], sql)
        for relation, _, sql in ordered_models(there / "manifest.json", there / "run_results.json")
        if names[relation] in needed
    ]
    return Compiled(models, seeds)


def _digest() -> str:
    files = sorted(path for path in settings.DBT_PROJECT.rglob("*.*") if path.suffix in (".sql", ".yml"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]


def _before(waiting: list[str], nodes: dict[str, Any]) -> set[str]:
    """The models that these read, and those that they read, up to what a case fills."""
    found = set()
    while waiting:
        node = nodes[waiting.pop()]
        name = f"{node['schema']}.{node['name']}"
        if node["resource_type"] == "model" and name not in found and name not in GIVEN:
            found.add(name)
            waiting += [key for key in node["depends_on"]["nodes"] if key in nodes]
    return found


class Models:
    """The models on a connection of their own, which every case fills anew."""

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled
        self.connection = duckdb.connect(config={"threads": 1})
        self.connection.execute(f"attach ':memory:' as {DATABASE}; use {DATABASE}")
        schemas = {name.partition(".")[0] for name in (*GIVEN, *(model.name for model in compiled.models))}
        for schema in sorted(schemas | {"reference"}):
            self.connection.execute(f"create schema {schema}")
        for table, columns in GIVEN.items():
            self.connection.execute(f"create table {table} ({columns})")
        for table, types in compiled.seeds.items():
            columns = ", ".join(f'"{name}" {kind}' for name, kind in types.items())
            self.connection.execute(f"create table reference.{table} ({columns})")
        # of a few rows: planning takes longer than what it saves
        self.connection.execute("pragma disable_optimizer")
        for place, model in enumerate(compiled.models):
            self.connection.execute(f"create table {model.name} as from ({model.sql}) limit 0")
            self.connection.execute(f"prepare model_{place} as insert into {model.name} {model.sql}")

    def run(self, made: Case) -> None:
        """Build every model of the report months of a case."""
        for table, types in self.compiled.seeds.items():
            rows = [tuple(row.get(column) or None for column in types) for row in made.tables.get(table, [])]
            self._fill(f"reference.{table}", rows)
        self._fill("run.report_months", [(case.text(month),) for month in made.report_months])
        self._fill("staging.stg_series", [_staged(row) for row in made.rows])
        self._fill("staging.stg_peers", [_staged_peer(peer) for peer in made.peers])
        for place, model in enumerate(self.compiled.models):
            self.connection.execute(f"truncate {model.name}")
            self.connection.execute(f"execute model_{place}")

    def figures(self) -> dict[tuple[date, str, str], dict[str, Any]]:
        """The figures by report month, line and name."""
        rows = self._rows("from aggregates.figure_values")
        return {(row["report_month"], row["line"], row["name"]): row for row in rows}

    def suppressed(self) -> set[tuple[str, str, date]]:
        """The measures, areas and months that are not shown."""
        return set(self.connection.execute("from measures.suppressed_months").fetchall())

    def letters(self) -> dict[tuple[date, str], tuple[status.Judgement, str | None]]:
        """By report month and line, what the scorecard makes of the figures: its judgement, its direction of travel."""
        figures, found = self.figures(), {}
        for row in self._rows("from aggregates.indicators_as_of"):
            key = row["report_month"], row["line"]
            latest, before = figures.get((*key, "latest")), figures.get((*key, "year_before"))
            due = (figures.get((*key, "phased_target")) or {}).get("value")
            evidence = Evidence(due=due / row["target"] if due is not None and row["target"] else None)
            found[key] = status.judge(row, latest, evidence), status.direction_of_travel(row, latest, before)
        return found

    def _rows(self, query: str) -> list[dict[str, Any]]:
        result = self.connection.execute(query)
        columns = [column[0] for column in result.description]
        return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]

    def identities(self) -> list[str]:
        """Where movements are not the change of their figure, or a history does not end with it."""
        return [
            f"{month:%Y-%m}, line {line}: {what}: {one} is not {other}"
            for month, line, what, one, other in self.connection.execute(IDENTITIES).fetchall()
        ]

    def _fill(self, table: str, rows: list[tuple]) -> None:
        self.connection.execute(f"truncate {table}")
        if rows:  # as text, which the table's types are read from
            schema = {f"column_{place}": pl.String for place in range(len(rows[0]))}
            text = pl.DataFrame([tuple(map(_text, row)) for row in rows], schema, orient="row")
            self.connection.register("rows_of_a_case", text)
            self.connection.execute(f"insert into {table} from rows_of_a_case")


def _text(cell: object) -> str | None:
    return None if cell is None else str(cell)


def _staged(row: case.Delivered) -> tuple:
    marked = isinstance(row.value, str)
    value, word = (None, row.value) if marked else (row.value, None)
    return row.extract, case.text(row.delivery), 2, row.series, row.area, case.text(row.month), value, word, "false"


def _staged_peer(peer: case.Peer) -> tuple:
    months = case.text(peer.first), case.text(peer.last)
    return PEERS, case.text(peer.delivery), peer.measure, *months, peer.name, peer.value


PEERS = "peers"  # their extract


class Audited(NamedTuple):
    """What the audit has: figures by report month, line and name; letters by month and line; what is not shown."""

    figures: dict[tuple[date, str, str], audit.Recomputed]
    letters: dict[tuple[date, str], audited_letters.Letters]
    suppressed: set[tuple[str, str, date | None]]


def audited(made: Case, folder: Path) -> Audited:
    """The figures as the audit has them, from the catalogue that lies in the folder."""
    first_month = made.tables["calendar"][0]["month"][:7]
    (folder / audited_organisation.FILE).write_text(f"first_month: {first_month}", encoding="utf-8")
    if not (declared := folder / settings.SOURCES.name).exists():
        declared.symlink_to(settings.SOURCES)  # how old a figure of theirs may be
    known = audited_catalogue.read(folder, folder)
    # a row of each source is one value of one series
    plain = {row["extract"]: {"area": {"kind": "area"}} for row in made.tables["series"]}
    plain |= {row["extract"]: {} for row in made.tables["series"] if row["level"] == "whole"}
    kinds = {"measure": "word", "from_month": "month", "to_month": "month", "peer": "peer", "value": "measure"}
    plain[PEERS] = {column: {"kind": kind} for column, kind in kinds.items()}
    sources = {extract: Source(extract, {"{series}": "value"}, columns, {}, 0) for extract, columns in plain.items()}
    known = known._replace(sources=sources)
    reads = [*_delivered(made, known), *_peers(made, known)]
    small = audited_suppression.suppressed(known, [each.areas for each in reads])
    figures, letters = {}, {}
    for number in made.report_months:
        day = date.fromisoformat(case.text(number))
        its = audited_figures.figures(known, reads, day, small)
        figures |= {(day, *key): figure for key, figure in its.items()}
        of_lines = audited_letters.letters(known.lines.get(number, []), its, number)
        letters |= {(day, line): right for line, right in of_lines.items()}
    hidden = {(measure, area, audit_months.first_day(month)) for measure, area, month in small}
    return Audited(figures, letters, hidden)


def _delivered(made: Case, known: audited_catalogue.Catalogue) -> Iterator[Read]:
    by_delivery: dict[tuple[str, int], list[dict]] = {}
    for row in made.rows:
        plain = {"month": case.text(row.month), "area": row.area, "series": row.series}
        value = None if isinstance(row.value, str) else str(row.value)
        by_delivery.setdefault((row.extract, row.delivery), []).append(plain | {"value": value})
    for (extract, delivery), rows in by_delivery.items():
        areas = audited_series.by_area(known.sources[extract], rows, known, 0)
        content = audited_series.of_the_whole(areas, known)
        yield Read(extract, date.fromisoformat(case.text(delivery)), content, areas)


def _peers(made: Case, known: audited_catalogue.Catalogue) -> Iterator[Read]:
    by_delivery: dict[int, list[dict]] = {}
    for peer in made.peers:
        row = {"measure": peer.measure, "from_month": case.text(peer.first), "to_month": case.text(peer.last)}
        by_delivery.setdefault(peer.delivery, []).append(row | {"peer": peer.name, "value": str(peer.value)})
    for delivery, rows in by_delivery.items():
        content = audited_series.by_period(known.sources[PEERS], rows, known, 0)
        yield Read(PEERS, date.fromisoformat(case.text(delivery)), content, {})
