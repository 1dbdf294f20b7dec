"""Which cards a release has, and the one that is meant."""

from datetime import date

import duckdb

from orchestration import months


class NoCard(ValueError):
    """The release has no card of that month; the message says which it has."""


def card_month(connection: duckdb.DuckDBPyConnection, wanted: date | None) -> date:
    """The month of a published card: the wanted one, else the newest. Raises NoCard."""
    query = "select distinct report_month from scorecard order by 1"
    published = [month for (month,) in connection.execute(query).fetchall()]
    if not published:
        raise NoCard("The release holds no card yet: no month of it lies in a year of the catalogue's cards.")
    if wanted is not None and wanted not in published:
        raise NoCard(
            f"There is no card for {months.key(wanted)}: cards are published "
            f"for {months.key(published[0])} to {months.key(published[-1])}."
        )
    return wanted or published[-1]
