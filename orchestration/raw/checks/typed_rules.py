"""Rules over one typed row: months in reach, counts that can be believed, parts within their whole."""

from collections.abc import Iterator

import polars as pl

from orchestration import months
from orchestration.raw.checks.rules import Rule, month_text
from orchestration.raw.sources.declarations import Extract

DELIVERY = pl.col("delivery_month")
TAKE_OUT = "take the row out"


def of_rows(extract: Extract) -> list[Rule]:
    """The rules of one extract."""
    return [*_months(extract), *_ranges(extract), *_parts(extract)]


def _months(extract: Extract) -> Iterator[Rule]:
    newest = "month" if extract.dated else "to_month"
    if not any(column.name == newest for column in extract.columns):
        return
    month = pl.col(newest)
    first, last = months.calendar()[0], months.calendar()[-1]
    yield Rule(
        "after_delivery",
        "not after the delivery",
        newest,
        month <= DELIVERY,
        pl.format(
            "is after the month of the delivery, {}: a delivery cannot know it; take the row out, "
            "or name the file after the month it was delivered for",
            month_text("delivery_month"),
        ),
        month_text(newest),
    )
    yield Rule(
        "unknown_month",
        "of the calendar",
        newest,
        month.is_between(first, last),
        f"is no month of the calendar, which runs from {first:%Y-%m} to {last:%Y-%m}: correct it, or take the row out",
        month_text(newest),
    )
    if extract.dated:
        yield Rule(
            "too_old",
            "not too old",
            "month",
            month >= pl.col("may_reach"),
            pl.format(
                f"is more than {extract.oldest} months before the month of the delivery, which may reach back to {{}}: "
                f"{TAKE_OUT}",
                month_text("may_reach"),
            ),
            month_text("month"),
        )


def _ranges(extract: Extract) -> Iterator[Rule]:
    for column in extract.columns:
        cell = pl.col(column.name)
        if column.kind == "percent":
            yield Rule(
                "above_100_percent",
                f"{column.name} of 100",
                column.name,
                cell <= 100,
                "is more than 100 percent: correct it",
                cell,
            )
        if column.least is not None:
            yield Rule(
                "below_least",
                f"{column.name} not below what is believable",
                column.name,
                cell >= column.least,
                f"is less than {column.least}, the least that is believed here: correct it, or confirm it",
                cell,
            )
        if column.most is not None:
            yield Rule(
                "above_most",
                f"{column.name} not above what is believable",
                column.name,
                cell <= column.most,
                f"is more than {column.most:,}, the most that is believed here: "
                "correct it (is it in other units?), or confirm it",
                cell,
            )


def _parts(extract: Extract) -> Iterator[Rule]:
    for part, whole in extract.at_most:
        is_month = extract.column(part).kind == "month"
        within = pl.col(part) <= pl.col(whole)
        if extract.column(whole).below_zero:  # of less than nothing there is no part
            within |= pl.col(whole) < 0
        shown = {name: month_text(name) if is_month else pl.col(name).cast(pl.String) for name in (part, whole)}
        yield Rule(
            "part_above_whole",
            f"{part} at most {whole}",
            part,
            within,
            pl.format(
                f"is {'later' if is_month else 'more'} than {whole}, which is {{}}: correct one of the two",
                shown[whole],
            ),
            shown[part],
        )
