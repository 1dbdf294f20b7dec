"""What a card was made from: the deliveries that it sees, counted and as a digest, which a release keeps with each."""

import hashlib
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

import duckdb

from orchestration import warehouse
from orchestration.raw.landing.raw_tables import EFFECTIVE

Key = tuple[str, date]  # extract, delivery month
Listed = dict[Key, tuple[str, str, str | None]]  # digest, status, reason


class MadeFrom(NamedTuple):
    """The effective deliveries up to a report month."""

    deliveries: int
    digest: str  # of their digests and statuses

    def is_out_of_date(self, now: "MadeFrom") -> bool:
        """Whether other deliveries are effective now, and no fewer: to do without one is for a person to decide."""
        return self.digest != now.digest and self.deliveries <= now.deliveries


def listed(connection: duckdb.DuckDBPyConnection, schema: str) -> Listed:
    """Every delivery that a schema lists; none where it has no list yet."""
    if not warehouse.columns(connection, schema, "deliveries"):
        return {}
    query = f"select extract, delivery_month, sha256, status, reason from {schema}.deliveries"
    return {(extract, month): (*its,) for extract, month, *its in connection.execute(query).fetchall()}


def effective(lines: Listed) -> dict[Key, str]:
    """Digest and status of each delivery of a list whose rows count."""
    return {key: f"{sha256} {status}" for key, (sha256, status, _) in lines.items() if status in EFFECTIVE}


def by_month(of_deliveries: dict[Key, str], report_months: Iterable[date]) -> dict[date, MadeFrom]:
    """What a card of each of these report months would be made from."""
    lines = sorted((month, name, state) for (name, month), state in of_deliveries.items())
    found, digest, counted = {}, hashlib.sha256(), 0
    for report_month in sorted(report_months):
        while counted < len(lines) and lines[counted][0] <= report_month:
            digest.update(f"{lines[counted]}\n".encode())
            counted += 1
        found[report_month] = MadeFrom(counted, digest.hexdigest())
    return found


def of_cards(connection: duckdb.DuckDBPyConnection, release: str) -> dict[date, MadeFrom]:
    """What each card of a release was made from; of an earlier version, what the release lists."""
    if "made_from" in warehouse.columns(connection, release, "editions"):
        found = connection.execute(f"select report_month, deliveries, made_from from {release}.editions").fetchall()
        return {month: MadeFrom(*its) for month, *its in found}
    if not warehouse.columns(connection, release, "scorecard"):
        return {}
    cards = connection.execute(f"select distinct report_month from {release}.scorecard").fetchall()
    return by_month(effective(listed(connection, release)), [month for (month,) in cards])
