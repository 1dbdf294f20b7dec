"""The charts of a line: which numbers go into each, what they say in words, and the same numbers as a table."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import median

import polars as pl

from orchestration import display, months, shortfall
from orchestration.display import month_label
from orchestration.editions import charts
from orchestration.editions.content import Card
from orchestration.explaining import words
from orchestration.explanations.trend_words import unit_of_months

LATEST = 48  # months that a chart shows at most
NAMED = 12  # forces that a chart can name
A_SMALL_TREND = 25  # the month, and two years before it
A_PART_OF_THE_YEAR = "year_to_date"


@dataclass(frozen=True)
class Picture:
    """A chart: its title, the drawing, what it says to who cannot see it, and its numbers as a table."""

    title: str
    drawn: str
    says: str
    key: tuple[tuple[str, str], ...]  # how a mark looks (a class of the style sheet), and what it stands for
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def small(card: Card) -> dict[str, str]:
    """By line, its figure over the last two years, as small as a word; nothing where there are not two months of it."""
    known = {row["line"]: _history(card, row["line"]).tail(A_SMALL_TREND) for row in card.rows}
    targets = {row["line"]: row["target"] for row in card.rows}
    series = {
        line: {"points": _pieces(of_line), "target": targets[line]}
        for line, of_line in known.items()
        if of_line.height > 1
    }
    return dict(zip(series, charts.small(list(series.values())), strict=True))


def history(card: Card, row: dict, indicator: dict) -> Picture | None:
    """The figure as each month's card would have said it, with the target and the band of amber."""
    known = _history(card, row["line"]).tail(LATEST)
    if known.height < 2:
        return None
    unit, places = row["unit"], indicator["decimals"] or 0
    band, target = [], None
    key = [("line", "the figure")]
    if row["target"] is not None:
        target = display.printed(row["target"], unit)
        limit = _amber_limit(row, indicator)
        band = [{"target": row["target"], "limit": limit}]
        key.append(("target", f"target {target}"))
        if limit != row["target"]:
            key.append(("amber", "amber: short of the target within the tolerance"))
    points = _pieces(known)
    if known["provisional"].any():
        key.append(("provisional", "provisional"))

    def show(value: float) -> str:
        return display.printed(value, unit, indicator["sign"], places)

    return Picture(
        "Year to date, month by month" if row["basis"] == A_PART_OF_THE_YEAR else "The figure, month by month",
        charts.svg(
            "history",
            {"points": points, "last": points[-1:], "band": band},
            **charts.values(unit, places, known["value"].abs().max()),
            **charts.months(known["month"].to_list()),
        ),
        _course(known, show) + (f" The target is {target}." if target else ""),
        tuple(key),
        ("Month", "Figure"),
        tuple((month_label(it["month"]), show(it["value"]) + _mark(it)) for it in known.iter_rows(named=True)),
    )


def of_months(card: Card, row: dict, indicator: dict) -> Picture | None:
    """Each month by itself as a bar, with its XmR limits."""
    known = card.tables["trends"].filter((pl.col("line") == row["line"]) & pl.col("value").is_not_null()).tail(LATEST)
    if known.height < 2:
        return None
    size = known["centre"].drop_nulls()
    unit, places = unit_of_months(indicator["kind"], row["unit"], indicator["decimals"], size[-1] if len(size) else 1)

    def show(value: float | None) -> str:
        return "" if value is None else display.printed(value, unit, None, places)

    points = known.select("month", "value", cause=pl.col("special_cause").fill_null("common")).to_dicts()
    limits = known.group_by("segment_from", maintain_order=True).agg(
        pl.col("month").min().alias("from"),
        pl.col("month").max().dt.offset_by("1mo").alias("to"),
        pl.col("centre").last(),
        pl.col("lower_limit").last().alias("lower"),
        pl.col("upper_limit").last().alias("upper"),
    )
    said = (card.stories[row["line"]].get("trend") or {}).get("says")
    causes = {it["cause"] for it in points}
    return Picture(
        "Each month by itself",
        charts.svg(
            "months" if _bars_can_show(unit, known) else "month_points",
            {"points": points, "limits": limits.to_dicts()},
            **charts.values(unit, places, known["value"].abs().max()),
            **charts.months(known["month"].to_list()),
        ),
        said or _course(known, show),
        (
            ("bar", "a month"),
            *([("improvement", "more than chance, for the better")] if "improvement" in causes else []),
            *([("concern", "more than chance, for the worse")] if "concern" in causes else []),
            ("mean", "mean"),
            ("limits", "XmR limits: chance stays between them"),
        ),
        ("Month", "Value", "Mean", "Lower limit", "Upper limit", "More than chance"),
        tuple(
            (
                month_label(it["month"]),
                show(it["value"]) + _mark(it),
                show(it["centre"]),
                show(it["lower_limit"]),
                show(it["upper_limit"]),
                it["special_cause"] or "",
            )
            for it in known.iter_rows(named=True)
        ),
    )


def years(card: Card, row: dict, indicator: dict) -> Picture | None:
    """The financial year so far beside the one before, month by month from April."""
    sums = _year_to_date(card, row, indicator)
    start = months.parse(f"{row['financial_year'][:4]}-04")
    names = [months.shift(start, number) for number in range(12)]
    now = [(month, sums.get(month)) for month in names]
    before = [(month, sums.get(months.shift(month, -12))) for month in names]
    if all(value is None for _, value in now):
        return None
    unit, places = _unit_of_a_year(row, indicator)

    def show(value: float | None) -> str:
        return "not known" if value is None else display.printed(value, unit, None, places)

    def drawn(values: list[tuple[date, float | None]]) -> list[dict]:
        return [{"name": f"{month:%b}", "value": value} for month, value in values if value is not None]

    last, reached = next((month, value) for month, value in reversed(now) if value is not None)
    then = dict(before)[last]
    this_year, last_year = row["financial_year"], f"{start.year - 1}/{start.year % 100:02}"
    return Picture(
        "The year to date, beside the year before",
        charts.svg(
            "years",
            {"now": drawn(now), "before": drawn(before)},
            **charts.values(unit, places, max(abs(value) for _, value in now + before if value is not None)),
        ),
        f"From April to {last:%B}: {show(reached)} in {this_year}, {show(then)} in {last_year}.",
        (("line", this_year), ("before", last_year)),
        ("April to", this_year, last_year),
        tuple((f"{month:%B}", show(value), show(dict(before)[month])) for month, value in now),
    )


def peers(card: Card, row: dict) -> list[Picture]:
    """The force among its peers, best first: one chart a ranking."""
    of_line = card.tables["peers"].filter(pl.col("line") == row["line"])
    own = set(card.tables["areas"].filter(kind="force")["area"])
    found = []
    for (_, group), ranking in of_line.group_by("name", "peer_group", maintain_order=True):
        ranked = ranking.filter(pl.col("value").is_not_null()).sort("place", "force")
        if ranked.height < 2:
            continue
        unit = "percent" if row["unit"] in ("percent", "points") and ranked["value"].abs().max() <= 1 else "number"
        places = 1 if unit == "percent" else 2
        forces = [
            {"rank": rank, "force": it["force"], "value": it["value"], "own": "own" if it["force"] in own else "other"}
            for rank, it in enumerate(ranked.iter_rows(named=True), start=1)
        ]
        middle = median(it["value"] for it in forces)
        found.append(
            Picture(
                f"Among its peers: {words.name(group)}",
                charts.svg(
                    "peers" if ranked.height <= NAMED else "ranking",
                    {"forces": forces, "median": [{"value": middle}]},
                    **charts.values(unit, places, ranked["value"].abs().max()),
                ),
                f"{ranked.height} forces, best first; the median is {display.printed(middle, unit, None, places)}.",
                (("own", "this force"), ("other", "another force"), ("limits", "median")),
                ("Place", "Force", "Value"),
                tuple(
                    (str(it["place"]), it["force"], display.printed(it["value"], unit, None, places))
                    for it in ranked.iter_rows(named=True)
                ),
            )
        )
    return found


def of_areas(card: Card, row: dict) -> dict[str, str]:
    """By borough, its rolling year over the last two years as a small trend; of ratios the rate, of counts the sum."""
    wanted = (
        card.tables["rolling_year"]
        .filter((pl.col("measure") == row["measure"]) & pl.col("numerator").is_not_null())
        .filter(pl.col("months_present") == pl.col("months_expected"))
    )
    valued = wanted.with_columns(
        value=pl.coalesce(pl.col("numerator") / pl.col("denominator"), pl.col("numerator")).cast(pl.Float64)
    ).sort("area", "month")
    series = {
        area: {"points": _pieces(of_area.tail(A_SMALL_TREND)), "target": None}
        for (area,), of_area in valued.group_by("area", maintain_order=True)
        if of_area.height > 1
    }
    return dict(zip(series, charts.small(list(series.values())), strict=True))


def _bars_can_show(unit: str, known: pl.DataFrame) -> bool:
    """Bars begin at zero: shares far from it, as of satisfaction, would all look the same, and points are drawn."""
    lower, upper = known["lower_limit"].min(), known["upper_limit"].max()
    return unit not in ("percent", "points") or lower is None or lower < upper / 2


def _history(card: Card, line: str) -> pl.DataFrame:
    return card.tables["history"].filter((pl.col("line") == line) & pl.col("value").is_not_null())


def _pieces(known: pl.DataFrame) -> list[dict]:
    """Points of a line; where a month is missing that its source should have brought, a new piece begins."""
    number = known["month"].dt.year() * 12 + known["month"].dt.month().cast(pl.Int32)
    steps = number.diff().drop_nulls()
    usual = steps.min() if len(steps) else 1
    piece = (number.diff().fill_null(usual) > usual).cum_sum()
    rows = known.with_columns(piece=piece)
    return rows.select("month", "value", "piece", "provisional").to_dicts()


def _amber_limit(row: dict, indicator: dict) -> float:
    """The value at which amber turns red; the target itself where no letter is given."""
    if indicator["amber_tolerance"] is None:
        return row["target"]
    target, tolerance = Decimal(repr(row["target"])), Decimal(repr(indicator["amber_tolerance"]))
    of_a_change = indicator["kind"] == "percentage_change"
    return float(shortfall.value_at(tolerance, target, indicator["direction"], of_a_change))


def _course(known: pl.DataFrame, show) -> str:
    """From where to where, with the extremes between."""
    first, last = known.row(0, named=True), known.row(-1, named=True)
    high, low = (known.sort("value", descending=down).row(0, named=True) for down in (True, False))
    return (
        f"From {show(first['value'])} in {month_label(first['month'])} to {show(last['value'])} in "
        f"{month_label(last['month'])}; the highest was {show(high['value'])} in {month_label(high['month'])}, "
        f"the lowest {show(low['value'])} in {month_label(low['month'])}."
    )


def _year_to_date(card: Card, row: dict, indicator: dict) -> dict[date, float]:
    """April to each month, as far as every month is known: the ratio where the line is of ratios, else the sum."""
    force = card.tables["areas"].filter(kind="force")["area"][0]

    def of(measure: str) -> dict[date, dict]:
        rows = card.tables["year_to_date"].filter(
            (pl.col("measure") == measure)
            & (pl.col("area") == force)
            & (pl.col("months_present") == pl.col("months_expected"))
            & pl.col("numerator").is_not_null()
        )
        return {it["month"]: it for it in rows.iter_rows(named=True)}

    own = of(row["measure"])
    if indicator["kind"] in ("percentage", "change_in_points"):
        return {month: float(it["numerator"] / it["denominator"]) for month, it in own.items() if it["denominator"]}
    if indicator["compare_measure"] is None:
        return {month: float(it["numerator"]) for month, it in own.items()}
    other = of(indicator["compare_measure"])
    found = {}
    for month in own.keys() & other.keys():
        shares = [it["numerator"] / it["denominator"] for it in (own[month], other[month]) if it["denominator"]]
        if len(shares) == 2:
            found[month] = float(shares[0] - shares[1] if indicator["kind"] == "gap" else shares[0] / shares[1])
    return found


def _unit_of_a_year(row: dict, indicator: dict) -> tuple[str, int]:
    places = indicator["decimals"] or 0
    if indicator["kind"] == "change_in_points":
        return "percent", places
    if indicator["kind"] in ("percentage_change", "k_of_n", "monthly_average"):
        return "number", 0
    return row["unit"], places


def _mark(row: dict) -> str:
    return " (provisional)" if row["provisional"] else ""
