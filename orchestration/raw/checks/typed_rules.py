"""Rules over one typed row: months in reach, counts that can be believed, parts within their whole."""

from collections.abc import Iterator

import polars as pl

from orchestration import years
from orchestration.raw.checks.rules import Rule, month_text
from orchestration.raw.sources.declarations import Extract

DELIVERY = pl.col("delivery_month")
TAKE_OUT = "take the row out"


def rules(extract: Extract) -> list[Rule]:
    """The rules of one extract."""
    return [*_months(extract), *_ranges(extract), *_parts(extract)]


def _months(extract: Extract) -> Iterator[Rule]:
    if not extract.period:
        return
    name, month, text = extract.period, pl.col(extract.period), month_text(extract.period)
    first, last = years.calendar()[0], years.calendar()[-1]
    after = pl.format(
        "is after the month of the delivery, {}: a delivery cannot know it; take the row out, or name the file after "
        "the month it was delivered for",
        month_text("delivery_month"),
    )
    yield Rule("after_delivery", name, month <= DELIVERY, after, text)
    calendar = f"is no month of the calendar, which runs from {first:%Y-%m} to {last:%Y-%m}"
    within = month.is_between(first, last)
    yield Rule("unknown_month", name, within, f"{calendar}: correct it, or take the row out", text)
    if extract.dated:
        old = pl.format(
            f"is more than {extract.oldest} months before the month of the delivery, which may reach back to {{}}: "
            f"{TAKE_OUT}",
            month_text("may_reach"),
        )
        yield Rule("too_old", name, month >= pl.col("may_reach"), old, text)


def _ranges(extract: Extract) -> Iterator[Rule]:
    for column in extract.columns:
        name, cell = column.name, pl.col(column.name)
        if column.kind == "percent":
            yield Rule("above_100_percent", name, cell <= 100, "is more than 100 percent: correct it", cell)
        if column.least is not None:
            least = f"is less than {column.least}, the lowest plausible figure: correct it, or confirm it"
            yield Rule("below_least", name, cell >= column.least, least, cell)
        if column.most is not None:
            most = f"is more than {column.most:,}, the highest plausible figure"
            message = f"{most}: correct it (is it in other units?), or confirm it"
            yield Rule("above_most", name, cell <= column.most, message, cell)


def _parts(extract: Extract) -> Iterator[Rule]:
    for part, whole in extract.at_most:
        is_month = extract.column(part).kind == "month"
        within = pl.col(part) <= pl.col(whole)
        if extract.column(whole).below_zero:  # a whole below zero has no part
            within |= pl.col(whole) < 0
        text = {name: month_text(name) if is_month else pl.col(name).cast(pl.String) for name in (part, whole)}
        more = f"is {'later' if is_month else 'more'} than {whole}, which is {{}}: correct one of the two"
        yield Rule("part_above_whole", part, within, pl.format(more, text[whole]), text[part])
