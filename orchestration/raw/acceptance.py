"""Accepting a quarantined delivery: a person vouches for these bytes, with a reason that is printed on the card."""

import getpass

import duckdb

from orchestration import ledger, months, reasons, settings, warehouse
from orchestration.raw import findings, raw_tables
from orchestration.raw.extracts import BY_NAME


class CannotAccept(ValueError):
    """The delivery is not one that a person can vouch for; the message says why and what to do."""


def accept(file: str, reason: str) -> str:
    """Enter the acceptance of a delivery (`recorded_crime/2009-08.csv`) into the ledger. Returns what it will do.

    It is of the bytes that were judged: a corrected file is judged anew. Raises CannotAccept, NoReason.
    """
    name, _, delivery = file.partition("/")
    if name not in BY_NAME or not delivery:
        raise CannotAccept(f"'{file}' is no delivery: say which with FILE=<extract>/<YYYY-MM>.<ending>.")
    reason = reasons.checked(reason)
    if not settings.database().exists():
        raise CannotAccept("Nothing was delivered yet: run `make scorecard` first.")
    with warehouse.reading() as connection:
        line = _listed(connection, name, file)
        doubted, left_out = _rows(connection, name, line["delivery_month"])
    ledger.append(
        [
            (
                "acceptance",
                {
                    "extract": name,
                    "delivery_month": months.key(line["delivery_month"]),
                    "file": file,
                    "sha256": line["sha256"],
                    "reason": reason,
                    "by": getpass.getuser(),
                },
            )
        ]
    )
    month = months.key(line["delivery_month"])
    counts = line["rows_loaded"] + doubted
    out = f"; {left_out} cannot be read and stay out, what needs them has no value" if left_out else ""
    return (
        f"{file} (sha256 {line['sha256'][:12]}…) is accepted: {counts} of its {line['rows_in']} rows will count{out}.\n"
        f"Run `make scorecard FROM={month}` to use it; the rows it enters carry the mark a and your reason."
    )


def _listed(connection: duckdb.DuckDBPyConnection, name: str, file: str) -> dict:
    listed = raw_tables.listed(connection, BY_NAME[name])
    found = [line for line in listed.values() if line["file"] == file]
    if not found:
        raise CannotAccept(f"{file} was never taken: run `make scorecard` first, it lists what is quarantined.")
    (line,) = found
    if line["status"] != "quarantined":
        why = {
            "rejected": f"it cannot be read as rows, so there is nothing to vouch for: {line['reason']}",
            "loaded": "it is valid and counts already",
            "accepted": f"it was accepted already: {line['reason']}",
        }.get(line["status"], f"it is {line['status']}")
        raise CannotAccept(f"{file} is not quarantined: {why}.")
    return line


def _rows(connection: duckdb.DuckDBPyConnection, name: str, month) -> tuple[int, int]:
    """How many of the rows kept out can be read and are only in doubt, and how many cannot."""
    doubts = [code for code, scope in findings.CODES.items() if scope == "doubt"]
    return connection.execute(
        """
        with kept_out as (
            select line, bool_and(code in (select unnest(?::varchar[]))) as only_in_doubt
            from raw.quarantine
            where extract = ? and delivery_month = ? and cells is not null
            group by line
        )
        select count(*) filter (where only_in_doubt), count(*) filter (where not only_in_doubt) from kept_out
        """,
        [doubts, name, month],
    ).fetchall()[0]
