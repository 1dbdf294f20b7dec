"""Which months a window lacks, and what became of their deliveries: `Jul-09 was not delivered`."""

from collections.abc import Iterator, Mapping
from datetime import date

import polars as pl

from orchestration import months
from orchestration.raw.sources.declarations import MONTHS_BETWEEN, Extract, due
from orchestration.raw.sources.extracts import BY_NAME
from orchestration.scorecard import display

INCOMPLETE = " holds "  # in the reason of a window that lacks months
NAMED = 3  # more months than these are counted, not named
A_YEAR = 12  # no delivery is due less often
# the fates of a month, the one that explains most first
FATES = (
    GONE := "{was} delivered and {are} gone",
    QUARANTINED := "{are} quarantined",
    REJECTED := "{was} delivered and rejected",
    NOT_DELIVERED := "{was} not delivered",
    BEFORE := "{are} before the first delivery",
    NOT_IN_IT := "{are} not in the delivery",
)
Deliveries = Mapping[tuple[str, date], dict]


def named(
    values: pl.DataFrame, monthly: pl.DataFrame, extracts: pl.DataFrame, deliveries: pl.DataFrame
) -> pl.DataFrame:
    """The figures, with the months in the reason of one whose windows lack some, and why they are not known.

    `extracts` names those of each measure, `monthly` says which of its months are complete.
    """
    known = set(monthly.filter("complete").select("report_month", "measure", "month").iter_rows())
    by_month = {(row["extract"], row["delivery_month"]): row for row in deliveries.iter_rows(named=True)}
    of_measure = dict(extracts.group_by("measure").agg(pl.col("extract").sort()).iter_rows())

    def reason(figure: dict) -> str | None:
        because = figure["missing_reason"]
        if because is None or INCOMPLETE not in because:
            return because
        for measure, window in _expected(figure):
            lacking = [it for it in window if (figure["report_month"], measure, it) not in known]
            if lacking:
                return f"{because}: {_why(lacking, of_measure.get(measure, []), figure['report_month'], by_month)}"
        return because

    reasons = [reason(figure) for figure in values.iter_rows(named=True)]
    return values.with_columns(missing_reason=pl.Series(reasons, dtype=pl.String))


def _expected(figure: dict) -> Iterator[tuple[str, list[date]]]:
    """The windows of a figure: a measure, and the months that it needs."""
    for measure, first, last in (
        ("measure", "data_from", "data_to"),
        ("measure", "against_from", "against_to"),
        ("compare_measure", "data_from", "data_to"),
    ):
        if figure[measure] and figure[first] and figure[last]:
            yield figure[measure], list(months.between(figure[first], figure[last]))


def _why(lacking: list[date], extracts: list[str], report_month: date, deliveries: Deliveries) -> str:
    """What became of the deliveries of months that are not known, months of one fate together."""
    fates: dict[str, list[date]] = {}
    for month in lacking:
        found = [_fate(BY_NAME[name], month, report_month, deliveries) for name in extracts if name in BY_NAME]
        fates.setdefault(min(found, key=FATES.index, default=NOT_DELIVERED), []).append(month)
    return "; ".join(_sentence(fate, of_fate) for fate, of_fate in fates.items())


def _fate(extract: Extract, month: date, report_month: date, deliveries: Deliveries) -> str:
    """What became of the delivery that a month was due with."""
    if months.difference(month, extract.first) >= MONTHS_BETWEEN[extract.cadence]:
        return BEFORE
    due_with = next((it for it in months.between(month, months.shift(month, A_YEAR)) if due(extract, it)), month)
    row = deliveries.get((extract.name, due_with)) if due_with <= report_month else None
    if row is None or row["status"] == "no delivery":
        return GONE if row and row["reason"] else NOT_DELIVERED
    return {"quarantined": QUARANTINED, "partly loaded": QUARANTINED, "rejected": REJECTED}.get(
        row["status"], NOT_IN_IT
    )


def _sentence(fate: str, of_fate: list[date]) -> str:
    one = len(of_fate) == 1
    named = display.listed([display.month_label(month) for month in of_fate])
    if len(of_fate) > NAMED:
        named = f"{len(of_fate)} months from {display.month_label(of_fate[0])} on"
    return f"{named} {fate.format(was='was' if one else 'were', are='is' if one else 'are')}"
