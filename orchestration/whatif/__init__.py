"""What-if: the cards under an edited catalogue, compared with those published. Publishes nothing."""

from datetime import date

import duckdb
import polars as pl

from orchestration import connect, settings
from orchestration.whatif import comparison, proposal, scratch
from orchestration.whatif.comparison import summary
from orchestration.whatif.scratch import CannotRehearse

__all__ = ["CannotRehearse", "changes", "summary"]

READ = {
    "scorecard": "select * from {0}scorecard where report_month between ? and ?",
    "figures": "select report_month, line, name, printed from {0}figures where report_month between ? and ?",
}


def changes(catalogue: str, first: date, last: date) -> pl.DataFrame:
    """What the cards from first to last would print differently with this catalogue, one row a cell.

    `catalogue` is a folder with edited tables, empty for those of the project as they are. The caller holds the run
    lock. Raises CannotPropose, CatalogueError, CannotRehearse.
    """
    with connect() as connection:
        published = _read(connection, "", first, last)
    with scratch.warehouse() as place:
        proposal.write(catalogue, scratch.catalogue(place))
        scratch.run(place, first, last)
        with duckdb.connect(str(place / settings.database().name), read_only=True) as connection:
            would_be = _read(connection, "scorecard.", first, last)
    return comparison.changes(published, would_be)


def _read(connection: duckdb.DuckDBPyConnection, schema: str, first: date, last: date) -> comparison.Cards:
    return {table: connection.sql(query.format(schema), params=[first, last]).pl() for table, query in READ.items()}
