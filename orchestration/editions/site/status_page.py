"""The content of the status page, as plain values for its template: what waits for a person, and the sources."""

from orchestration.editions import digest
from orchestration.editions.reading import Reading
from orchestration.raw.landing.raw_tables import EFFECTIVE
from orchestration.raw.sources.declarations import HOW_OFTEN
from orchestration.raw.sources.extracts import EXTRACTS
from orchestration.scorecard import display

NOTICES = "from notices where report_month = (select max(report_month) from notices)"
DELIVERIES = "select extract, delivery_month, status, rows_loaded, rows_quarantined from deliveries"


def content(reading: Reading) -> dict:
    """What waited at the publication, and each source with the newest delivery that counts and the newest of all."""
    return {"matters": digest.matters(reading.rows(NOTICES)), "sources": _sources(reading.rows(DELIVERIES))}


def _sources(deliveries: list[dict]) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for extract in EXTRACTS:
        came = [it for it in deliveries if it["extract"] == extract.name and it["status"] != "no delivery"]
        came.sort(key=lambda it: it["delivery_month"])
        counts = [it["delivery_month"] for it in came if it["status"] in EFFECTIVE]
        newest = came[-1] if came else None
        found.append(
            (
                extract.name,
                HOW_OFTEN[extract.cadence],
                display.month_label(counts[-1]) if counts else "none",
                f"{display.month_label(newest['delivery_month'])}: {newest['status']}" if newest else "none",
                f"{newest['rows_loaded'] or 0:,}" if newest else "",
                f"{newest['rows_quarantined'] or 0:,}" if newest else "",
            )
        )
    return found
