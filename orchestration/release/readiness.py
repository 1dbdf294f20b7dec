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
from orchestration.release import bridging, confirming, made_from
from orchestration.release.made_from import MadeFrom
from orchestration.warehouse.versions import code_version


class Incomplete(UserError):
    """A month that nobody asked to publish is not complete; the message lists what is missing."""


class Readiness(NamedTuple):
    """What the warehouse holds, and what of it each published card was made from."""

    effective: dict[made_from.Key, str]  # digest and status of each delivery whose rows count
    not_effective: dict[made_from.Key, str]  # why those do not that came and do not count, or are gone
    of_cards: dict[date, MadeFrom]  # by published card
    with_card: frozenset[date]  # the months that the catalogue has a card for

    @property
    def published(self) -> set[date]:
        """The months with a card."""
        return set(self.of_cards)

    def missing(self, month: date) -> list[str]:
        """What is due for a month and not effective, each with the reason."""
        owed = [
            (each.name, month) for each in EXTRACTS if due(each, month) and (each.name, month) not in self.effective
        ]
        return [f"{name}: {self.not_effective.get((name, month), 'not delivered')}" for name, _ in owed]

    def has_deliveries(self, month: date) -> bool:
        """Whether any delivery for that month is effective."""
        return any(delivered == month for _, delivered in self.effective)

    def out_of_date(self) -> set[date]:
        """The published cards for which something came since they were made."""
        now = made_from.by_month(self.effective, self.of_cards)
        return {month for month, card in self.of_cards.items() if card.is_out_of_date(now[month])}

    def to_publish(self) -> tuple[date, date] | None:
        """The first and last month of the earliest run that is due; None where there is none.

        One is due where a complete month has no card, or one that is out of date. The run begins with the earliest such
        month, or with an earlier card that is out of date and whose month is incomplete still; it goes on over later
        months as long as each is complete or has a card already.
        """
        calendar, out_of_date = years.calendar(), self.out_of_date()
        complete = {month for month in calendar if self.has_deliveries(month) and not self.missing(month)}
        due = complete & (out_of_date | (self.with_card - self.published))
        if not due:
            return None
        last = first = min(due | out_of_date.intersection(calendar))
        while (after := months.shift(last, 1)) in complete or after in self.published:
            last = after
        return first, last

    def waiting(self) -> dict[date, list[str]]:
        """The months for which something came and that have no card yet, with what each of them misses."""
        begun = {month for _, month in (*self.effective, *self.not_effective)} & (self.with_card - self.published)
        return {month: missing for month in sorted(begun) if (missing := self.missing(month))}

    def digest(self, first: date, last: date) -> str:
        """Names what a run over these months would be made from: the same as long as nothing of it changes."""
        effective = sorted(f"{name} {month} {state}" for (name, month), state in self.effective.items())
        entered = (confirming.confirmed_texts(), confirming.confirmed_losses(), bridging.confirmed())
        confirmed = sorted(str(each) for entries in entered for each in entries)
        text = "\n".join([code_version(), str(first), str(last), *effective, *confirmed])
        return hashlib.sha256(text.encode()).hexdigest()


def read(patience: float | None = None) -> Readiness:
    """Read the working database, waiting at most `patience` seconds for it, and the current release."""
    with warehouse.reading(patience) as connection:
        listed = made_from.listed(connection, "raw")
        with_card = _months_with_card(connection)
    of_cards: dict[date, MadeFrom] = {}
    if settings.current().is_symlink():
        with connect() as connection:
            of_cards = made_from.of_cards(connection, "main")
    came = {key: line for key, line in listed.items() if line[1] != "no delivery" or line[2]}
    not_effective = {key: reason or status for key, (_, status, reason) in came.items() if status not in EFFECTIVE}
    return Readiness(made_from.effective(listed), not_effective, of_cards, with_card)


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


def _months_with_card(connection: duckdb.DuckDBPyConnection) -> frozenset[date]:
    if not warehouse.columns(connection, "reference", "cards"):
        return frozenset()
    query = "select month from reference.calendar inner join reference.cards using (financial_year)"
    return frozenset(month for (month,) in connection.execute(query).fetchall())
