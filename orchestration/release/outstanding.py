"""What waits for a person now, each with what to do: deliveries, cards, confirmations, what was not handed on."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from orchestration import months, settings, warehouse, years
from orchestration.reading import connect
from orchestration.release import confirming, copying, folder, readiness
from orchestration.scorecard import contracts, delivery_notices, display
from orchestration.working_days import due_on

# what is known of the newest report month that was computed
_KNOWN = """
    select extract, month from measures.measure_sources
    where report_month = (select max(report_month) from measures.measure_sources where report_month <= $1)
"""
_OF_THE_CARD = """
    select line, message from notices
    where report_month = (select max(report_month) from scorecard) and kind in ('too_old', 'hard_coded_number')
"""


class Matter(NamedTuple):
    """What waits: a source or a card with its line, and what is to be done about it."""

    about: str
    message: str


def matters(today: date) -> list[Matter]:
    """All that waits on a day, in the order in which it is best dealt with."""
    if not warehouse.exists():
        return [Matter("raw/", "nothing was delivered yet: put deliveries there, then run make scorecard")]
    return [*_deliveries(today), *_to_publish(), *to_confirm(), *_of_the_card(), *_not_handed_on()]


def _deliveries(today: date) -> Iterator[Matter]:
    with warehouse.reading() as connection:
        if not warehouse.columns(connection, "raw", "deliveries"):
            return
        deliveries = connection.sql("from raw.deliveries").pl()
        last_due = max((month for month in years.calendar() if due_on(month) <= today), default=None)
        has_sources = warehouse.columns(connection, "measures", "measure_sources")
        known = connection.execute(_KNOWN, [last_due]).fetchall() if has_sources else []
    known_months = {(last_due, *each) for each in known}
    alerts = [*(delivery_notices.overdue(last_due, deliveries, known_months) if last_due else ())]
    for alert in [*alerts, *delivery_notices.waiting(deliveries)]:
        yield Matter(alert["extract"], alert["message"])


def _to_publish() -> Iterator[Matter]:
    if of_run := readiness.read().to_publish():
        first, last = of_run
        run = f"make scorecard FROM={months.key(first)} TO={months.key(last)}"
        yield Matter(display.window_label(first, last), f"complete, and not published as it is delivered now: {run}")


def to_confirm() -> Iterator[Matter]:
    """The lines of cards that a run made and did not publish, as a person has to confirm them first."""
    if not (report_months := _printed_differently()):
        return
    lost, stale, changed = confirming.unconfirmed(report_months)
    waiting: dict[tuple[date, str], list[str]] = {}
    for what, found in (("would lose what it printed", lost), ("the numbers in its sentence changed", stale)):
        for each in found:
            waiting.setdefault((each.report_month, each.line), []).append(what)
    for rule in changed:
        waiting.setdefault((rule.report_month, rule.line), []).append("its rule changed without a date")
    for (month, line), whats in sorted(waiting.items()):
        key, what = months.key(month), "; ".join(dict.fromkeys(whats))
        advice = f'make scorecard FROM={key} TO={key} lists it; make confirm MONTH={key} REASON="..."'
        yield Matter(f"{display.month_label(month)} {line}", f"to confirm: {what}: {advice}")


def _printed_differently() -> list[date]:
    """The months whose cards a run made since the release, and did not publish as it made them."""
    if folder.current() is None:
        return []
    with warehouse.reading() as working, connect() as published:
        here = warehouse.columns(working, "scorecard", "scorecard")
        if not here:
            return []
        there = warehouse.columns(published, "main", "scorecard")
        cells = ", ".join(cell for cell in contracts.PRINTED if cell in here and cell in there)
        cells = f"select report_month, line, {cells} from "
        made, was = (
            {*connection.execute(cells + table).fetchall()}
            for connection, table in ((working, "scorecard.scorecard"), (published, "scorecard"))
        )
        return sorted({month for month, *_ in made ^ was} & {month for month, *_ in made})


def _of_the_card() -> Iterator[Matter]:
    if folder.current() is None:
        return
    with connect() as connection:
        if warehouse.columns(connection, "main", "notices"):
            for line, message in connection.execute(_OF_THE_CARD).fetchall():
                yield Matter(f"line {line}", message)


def _not_handed_on() -> Iterator[Matter]:
    if settings.unsent().exists() and settings.unsent().stat().st_size:
        lines = len(settings.unsent().read_text(encoding="utf-8").splitlines())
        what = "1 line" if lines == 1 else f"{lines} lines"
        yield Matter("SCORECARD_NOTIFY", f"did not take {what}: mend the command, it gets them the next time")
    if copying.is_due():
        yield Matter("SCORECARD_PUBLISH_TO", "the release is not copied there yet: the next run copies it")
