"""Runs of the small pipeline in this process: the real rules in the order of the real jobs, without dbt."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import dagster as dg

from orchestration import release, settings, warehouse
from orchestration.catalogue import next_year
from orchestration.defs.jobs import UNASKED, job, landing
from orchestration.defs.partitions import report_months
from orchestration.errors import explanation
from orchestration.raw.landing import landing as landed
from orchestration.raw.landing import raw_tables
from orchestration.release import confirming, readiness
from orchestration.scorecard import contracts, scoring
from orchestration.warehouse import run_lock
from tests.soak import small
from tests.soak.faults import Killed

KILLED = "The process of the run was killed."
WAITING = ("quarantined", "rejected")
# of the tables that are made of the models, those that the small mart or a check before publication reads
KEPT = ("scorecard", "figures", "changes", "intervals", "run_rates")


@dg.op
def nothing() -> None: ...


def _named(name: str) -> dg.JobDefinition:
    @dg.job(name=name)
    def empty() -> None:
        nothing()

    return empty


JOBS = {name: _named(name) for name in (landing.name, job.name)}


class Runs:
    """What Dagster's daemon does with a request: a run, its record at the simulated time, and what it ended with."""

    def __init__(self, instance: dg.DagsterInstance, compiled: small.Compiled, everything: bool) -> None:
        self.instance, self.compiled, self.everything = instance, compiled, everything
        self.loaded: dict[str, bytes] = {}  # the catalogue that the working database holds
        self.repaired: list[str] = []
        self.warnings: list[str] = []
        self.landed: Callable[[str, date, date, set[str]], None] = lambda *_: None

    def execute(
        self, name: str, tags: dict[str, str], now: datetime
    ) -> tuple[dg.DagsterRun, dg.DagsterEvent, str | None]:
        """Run a job. Returns its record, its last event and, where it failed, what stopped it."""
        run = self.instance.create_run_for_job(JOBS[name], tags=tags)
        stopped = None
        try:
            self._run(name, tags)
        except Killed:
            stopped = KILLED
        except Exception as error:
            stopped = explanation(error)
            if stopped is None:
                raise
        finally:
            warehouse.close()
        if stopped is None:
            kind = dg.DagsterEventType.RUN_SUCCESS.value
            event = dg.DagsterEvent(event_type_value=kind, job_name=name)
        else:
            event = self.instance.report_run_failed(run, stopped)
        self.instance.handle_run_event(run.run_id, event, update_timestamp=now.astimezone(UTC))
        return run, event, stopped

    def _run(self, name: str, tags: dict[str, str]) -> None:
        of_run = report_months(tags)
        with run_lock.held("a simulated run"):
            self.repaired += release.recover()
            warehouse.keep_open()
            self._land(of_run[0], of_run[-1])
            if name == job.name:
                self._publish(of_run, unasked=tags.items() >= UNASKED.items())

    def _land(self, first: date, last: date) -> None:
        for extract in small.EXTRACTS:
            with warehouse.writing() as connection:
                landed.sync(connection, extract, first, last)
                lines = raw_tables.listed(connection, extract).values()
            waits = {line[f"{of}sha256"] for line in lines for of in ("", "waiting_") if line[f"{of}status"] in WAITING}
            self.landed(extract.name, first, last, waits)
        catalogue = {path.name: path.read_bytes() for path in settings.CATALOGUE.glob("*.csv")}
        with warehouse.writing() as connection:
            if catalogue != self.loaded or not warehouse.columns(connection, "reference", "cards"):
                small.load_the_catalogue(connection, self.compiled)
                self.loaded = catalogue

    def _publish(self, of_run: list[date], unasked: bool) -> None:
        with warehouse.writing() as connection:
            small.build(connection, self.compiled, of_run)
            read = {name: connection.sql(query).pl() for name, query in scoring.INPUTS.items()}
            made = scoring.tables(read, confirming.confirmed_texts())
            connection.execute("create schema if not exists scorecard")
            for table in made if self.everything else KEPT:
                columns = list(contracts.types(table, *contracts.OF_A_RELEASE))
                connection.register("made", made[table].select(columns))
                connection.execute(f"create table if not exists scorecard.{table} as from made limit 0")
                connection.execute(
                    f"delete from scorecard.{table} where report_month in (select month from run.report_months)"
                )
                connection.execute(f"insert into scorecard.{table} by name from made")
                connection.unregister("made")
        warehouse.close()
        with warehouse.reading():  # so that each of these need not open it
            if unasked:
                readiness.check(of_run)
            release.audit(of_run)
            release.check_confirmations(of_run)
        before = release.current()
        now = release.publish(of_run)
        ends = [sentence] if (sentence := next_year.ends_soon(max(of_run))) else []
        self.warnings += filter(None, [*ends, release.notify(now, before, of_run, ends)])


def current() -> str | None:
    """The release that readers see."""
    return settings.current().resolve().name if settings.current().is_symlink() else None
