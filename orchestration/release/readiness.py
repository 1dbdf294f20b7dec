"""Which report months may be published without a person asking: those for which all that was due is effective."""

import hashlib
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

import duckdb

from orchestration import months, organisation, settings, warehouse, years
from orchestration.errors import UserError
from orchestration.raw.landing.raw_tables import EFFECTIVE
from orchestration.raw.sources.declarations import due
from orchestration.raw.sources.extracts import EXTRACTS
from orchestration.reading import connect
from orchestration.release import bridging, confirming
from orchestration.warehouse.versions import code_version

Key = tuple[str, date]  # extract, delivery month


class Incomplete(UserError):
    """A month that nobody asked to publish is not complete; the message lists what is missing."""


class Readiness(NamedTuple):
    """What the warehouse holds, and what of it the current release was made from."""

    effective: dict[Key, str]  # digest and status of each delivery whose rows count
    not_effective: dict[Key, str]  # why those do not that came and do not count, or are gone
    released: dict[Key, str]  # the same of those behind the current release
    published: frozenset[date]  # the months with a card
    with_card: frozenset[date]  # the months that the catalogue has a card for

    def missing(self, month: date) -> list[str]:
        """What is due for a month and not effective, each with the reason."""
        owed = [
            (each.name, month) for each in EXTRACTS if due(each, month) and (each.name, month) not in self.effective
        ]
        return [f"{name}: {self.not_effective.get((name, month), 'not delivered')}" for name, _ in owed]

    def has_deliveries(self, month: date) -> bool:
        """Whether any delivery for that month is effective."""
        return any(delivered == month for _, delivered in self.effective)

    def changed(self) -> set[date]:
        """The months for which other deliveries are effective than those behind the current release."""
        return {month for _, month in dict(self.effective.items() ^ self.released.items())}

    def to_publish(self) -> tuple[date, date] | None:
        """The first and last month of the earliest run that is due; None where there is none.

        One is due where a complete month is not published as it is delivered now. The run begins with the earliest such
        month, or with an earlier card that lacks what came since for a month that is incomplete still; it goes on over
        later ones as long as each is complete or has a card already, which the change may have made out of date.
        """
        changed, calendar = self.changed(), years.calendar()
        complete = {month for month in calendar if self.has_deliveries(month) and not self.missing(month)}
        due = complete & (changed | (self.with_card - self.published))
        if not due:
            return None
        came = {month for (_, month), _ in self.effective.items() - self.released.items()}
        last = first = min(due | (came & self.published).intersection(calendar))
        while (after := months.shift(last, 1)) in complete or after in self.published:
            last = after
        return first, last

    def waiting(self) -> dict[date, list[str]]:
        """The months for which something came and that have no card yet, with what each of them misses."""
        begun = {month for _, month in (*self.effective, *self.not_effective)} & (self.with_card - self.published)
        return {month: missing for month in sorted(begun) if (missing := self.missing(month))}

    def digest(self, first: date, last: date) -> str:
        """Names what a run over these months would be made from: the same as long as nothing of it changes."""
        made_from = sorted(f"{name} {month} {state}" for (name, month), state in self.effective.items())
        entered = (confirming.confirmed_texts(), confirming.confirmed_losses(), bridging.confirmed())
        confirmed = sorted(str(each) for entries in entered for each in entries)
        text = "\n".join([code_version(), str(first), str(last), *made_from, *confirmed])
        return hashlib.sha256(text.encode()).hexdigest()


def read(patience: float | None = None) -> Readiness:
    """Read the working database, waiting at most `patience` seconds for it, and the current release."""
    with warehouse.reading(patience) as connection:
        listed = _listed(connection, "raw", "deliveries")
        with_card = _months_with_card(connection)
    released: dict[Key, str] = {}
    published: frozenset[date] = frozenset()
    if settings.current().is_symlink():
        with connect() as connection:
            released = _effective(_listed(connection, "main", "deliveries"))
            published = frozenset(
                month for (month,) in connection.execute("select distinct report_month from scorecard").fetchall()
            )
    came = {key: line for key, line in listed.items() if line[1] != "no delivery" or line[2]}
    not_effective = {key: reason or status for key, (_, status, reason) in came.items() if status not in EFFECTIVE}
    return Readiness(_effective(listed), not_effective, released, published, with_card)


def check(report_months: Iterable[date]) -> None:
    """Raise Incomplete where one of these months has no card yet and may not be published unasked."""
    found = read()
    problems = []
    for month in report_months:
        if month in found.published or month not in found.with_card:
            continue
        missing = found.missing(month)
        if not found.has_deliveries(month) or (missing and organisation.declared().incomplete == "fail"):
            problems.append(f"{months.key(month)} is not complete:\n" + "\n".join(f"- {each}" for each in missing))
    if problems:
        raise Incomplete(
            "\n".join(problems) + "\nNothing is published. Have the deliveries sent, corrected or accepted, or publish "
            "the month as it is: make scorecard FROM=… TO=…"
        )


def _listed(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> dict[Key, tuple]:
    """Digest, status and reason of each delivery of a list; none where there is no such table yet."""
    if not warehouse.columns(connection, schema, table):
        return {}
    found = connection.execute(
        f"select extract, delivery_month, sha256, status, reason from {schema}.{table}"
    ).fetchall()
    return {(extract, month): tuple(rest) for extract, month, *rest in found}


def _effective(listed: dict[Key, tuple]) -> dict[Key, str]:
    return {key: f"{sha256} {status}" for key, (sha256, status, _) in listed.items() if status in EFFECTIVE}


def _months_with_card(connection: duckdb.DuckDBPyConnection) -> frozenset[date]:
    if not warehouse.columns(connection, "reference", "cards"):
        return frozenset()
    query = "select month from reference.calendar inner join reference.cards using (financial_year)"
    return frozenset(month for (month,) in connection.execute(query).fetchall())
