"""Acceptance of a quarantined delivery: a person vouches for its bytes, with a reason that is printed on the card."""

import getpass
from datetime import date

import duckdb

from orchestration import months, settings, warehouse
from orchestration.raw.findings import findings
from orchestration.raw.landing import raw_tables
from orchestration.raw.sources.extracts import BY_NAME
from orchestration.warehouse import justification, ledger


class CannotAccept(ValueError):
    """The delivery cannot be accepted; the message has the reason and what to do."""


def accept(file: str, reason: str) -> str:
    """Enter the acceptance of a delivery (`crimes/2009-08.csv`) into the ledger. Returns what it will do.

    It covers the bytes that were validated, whether or not another delivery is effective meanwhile: a corrected
    file is validated again. Raises CannotAccept, NoReason.
    """
    name, _, delivery = file.partition("/")
    if name not in BY_NAME or not delivery:
        raise CannotAccept(f"'{file}' is no delivery: say which with FILE=<extract>/<YYYY-MM>.<ending>.")
    reason = justification.checked(reason)
    if not settings.database().exists():
        raise CannotAccept("Nothing was delivered yet: run `make scorecard` first.")
    with warehouse.reading() as connection:
        waits = _waiting(connection, name, file)
        month, sha256 = waits["delivery_month"], waits["sha256"]
        unreadable = _unreadable(connection, name, month, sha256)
    verdict = _last_verdict(name, month, sha256)
    if waits["partly"] and unreadable and unreadable == verdict["rows_quarantined"]:
        raise CannotAccept(
            f"{file} has nothing to vouch for: {verdict['rows_loaded']} of its {verdict['rows_in']} rows count "
            f"already, {unreadable} cannot be read: {waits['reason']}."
        )
    entry = {"extract": name, "delivery_month": months.key(month), "file": file, "sha256": sha256}
    ledger.append([("acceptance", {**entry, "reason": reason, "by": getpass.getuser()})])
    rows_in = verdict["rows_in"]
    counts = rows_in - verdict.get("rows_left_out", 0) - unreadable
    out = f"; {unreadable} cannot be read and stay out, what needs them has no value" if unreadable else ""
    instead = "It takes the place of the delivery that is effective now. " if waits["replaces"] else ""
    return (
        f"{file} (sha256 {sha256[:12]}…) is accepted: {counts} of its {rows_in} rows will count{out}.\n"
        f"{instead}Run `make scorecard FROM={months.key(month)}` to use it; the rows it enters carry the mark a and "
        "your reason."
    )


def accepted() -> dict[tuple[str, date, str], str]:
    """Why a person vouched for a delivery, by its extract, its month and the digest of its bytes."""
    return {
        (entry.body["extract"], months.parse(entry.body["delivery_month"]), entry.body["sha256"]): entry.body["reason"]
        for entry in ledger.entries("acceptance")
    }


def _waiting(connection: duckdb.DuckDBPyConnection, name: str, file: str) -> dict:
    """What waits under that name: month, digest, and whether it is to replace an effective delivery."""
    lines = raw_tables.listed(connection, BY_NAME[name]).values()
    replacing = [line for line in lines if line.get("waiting_file") == file]
    found = replacing or [line for line in lines if line["file"] == file]
    if not found:
        raise CannotAccept(f"{file} was never taken: run `make scorecard` first, it lists what is quarantined.")
    (line,) = found
    prefix = "waiting_" if replacing else ""
    status, reason, sha256 = (line[prefix + column] for column in ("status", "reason", "sha256"))
    if status not in ("quarantined", "partly loaded"):
        why = {
            "rejected": f"it cannot be read as rows, so there is nothing to vouch for: {reason}",
            "loaded": "it is valid and counts already",
            "accepted": f"it was accepted already: {reason}",
        }.get(status, f"it is {status}")
        raise CannotAccept(f"{file} is not quarantined: {why}.")
    of_it = {"delivery_month": line["delivery_month"], "sha256": sha256, "reason": reason}
    return {**of_it, "replaces": bool(replacing), "partly": status == "partly loaded"}


def _last_verdict(name: str, month: date, sha256: str) -> dict:
    """The last verdict in the ledger on these bytes: the rows of what waits are in no table."""
    of_it = (name, months.key(month), sha256)
    for entry in reversed(ledger.entries("verdict")):
        if tuple(entry.body[key] for key in ("extract", "delivery_month", "sha256")) == of_it:
            return entry.body
    raise CannotAccept(f"The ledger has no verdict on {name} {months.key(month)}: run `make scorecard` first.")


def _unreadable(connection: duckdb.DuckDBPyConnection, name: str, month: date, sha256: str) -> int:
    """How many rows kept out of a delivery cannot be read; the others are only in doubt."""
    doubts = [code for code, scope in findings.SCOPES.items() if scope == "doubt"]
    return connection.execute(
        """
        select count(distinct line) from raw.quarantine
        where
            extract = ? and delivery_month = ? and sha256 = ? and cells is not null and not list_contains(?, code)
        """,
        [name, month, sha256, doubts],
    ).fetchall()[0][0]
