"""The areas of a share side by side: which stand out, and which differ from the whole by no more than chance."""

import numpy as np
import polars as pl

from orchestration import organisation
from orchestration.editions import charts
from orchestration.editions.content import Card
from orchestration.editions.site.pictures import Picture, columns
from orchestration.scorecard import display
from orchestration.scorecard.explanations.confidence import wilson
from orchestration.scorecard.kinds import BASES_OF_A_YEAR_END, unit_of_sums

FEWEST = 5  # areas that make a funnel
OUTER, INNER = 0.998, 0.95  # of an area that differs by chance alone, how many in 1 lie within the limits
STEPS = 16  # points of a limit's line
WORDS = {"out": "outside the 99.8% limits", "near": "outside the 95% limits", "chance": "within: may be chance"}
NAMED = 8  # areas of a side that a sentence names, or in all that the chart does


def of_areas(card: Card, row: dict, indicator: dict) -> Picture | None:
    """The share of each area against its denominator, with limits around that of the whole; None where it has none.

    The limits are Wilson's for the share of the whole and the area's denominator. Of suppressed areas nothing is known.
    """
    if not _counts_events(card, indicator["measure"]):
        return None
    known = _in_the_window(card, row)
    whole = known.join(card.tables["areas"].filter(kind="whole"), on="area", how="semi")
    areas = known.join(card.tables["areas"].filter(kind="area"), on="area", how="semi")
    if whole.is_empty() or areas.height < FEWEST:
        return None
    if areas.filter(pl.col("numerator") > pl.col("denominator")).height:
        return None  # it is no share
    share = whole["numerator"].item() / whole["denominator"].item()
    placed = sorted(_placed(areas, share), key=lambda it: it["value"], reverse=_highest_first(indicator))
    unit = unit_of_sums(indicator["kind"], row["unit"], indicator["rate_unit"])
    places = display.places(share, unit, indicator["decimals"])

    def show(value: float) -> str:
        return display.with_unit(value, unit, None, places)

    one, many = organisation.declared().area.one, organisation.declared().area.many
    return Picture(
        f"{many.capitalize()} side by side",
        card.axis(unit, row["measure"]),
        charts.svg(
            "funnel",
            {"areas": placed, "middle": [{"value": share}], "limits": _lines(areas["denominator"].to_list(), share)},
            **charts.values(unit, places, max(it["value"] for it in placed)),
        ),
        _sentence(placed, share, show(share), many),
        (
            ("out", WORDS["out"]),
            ("near", WORDS["near"]),
            ("other", "within: may be chance"),
            ("mean", "the whole; across: the denominator"),
            ("limits", "control limits, 95% and 99.8%"),
        ),
        (one.capitalize(), "Value", "95% interval", "Against the whole"),
        tuple(
            (it["area"], show(it["value"]), f"{show(it['lower'])} to {show(it['upper'])}", WORDS[it["place"]])
            for it in placed
        ),
        columns(placed, "area", "numerator", "denominator", "value", "lower", "upper"),
    )


def _in_the_window(card: Card, row: dict) -> pl.DataFrame:
    """Numerator and denominator of the whole and of each area in the window of the figure, where all of it is known."""
    table = card.tables.get(row["basis"])
    if table is None or row["data_to"] is None or row["basis"] not in BASES_OF_A_YEAR_END:
        return pl.DataFrame(schema={"area": pl.String, "numerator": pl.Float64, "denominator": pl.Float64})
    return (
        table.filter(pl.col("months_present") == pl.col("months_expected"), pl.col("denominator") > 0)
        .filter(measure=row["measure"], month=row["data_to"])
        .select("area", "months_expected", pl.col("numerator", "denominator").cast(pl.Float64))
        .with_columns(pl.col(card.averaged(row["measure"])) / pl.col("months_expected"))
        .drop("months_expected")
        .drop_nulls()
    )


def _counts_events(card: Card, measure: str) -> bool:
    """Whether what a measure counts are events or people, not money or a stock."""
    series = card.tables["measures"].filter(measure=measure, part="numerator")["series"].to_list()
    counted = card.tables["series"].filter(pl.col("series").is_in(series))
    return bool(((counted["unit"] == "count") & (counted["over_time"] == "sum")).all())


def _highest_first(indicator: dict) -> bool:
    return indicator["direction"] != "lower_is_better"


def _placed(areas: pl.DataFrame, share: float) -> list[dict]:
    """Each area with its value, its 95% interval, and whether it lies outside the limits of its denominator."""
    numerators, denominators = areas["numerator"].to_numpy(), areas["denominator"].to_numpy()
    value = numerators / denominators
    lower, upper = wilson(numerators, denominators)
    outside = [(value < low) | (value > high) for low, high in _limits(denominators, share)]
    place = np.where(outside[1], "out", np.where(outside[0], "near", "chance"))
    columns = {"value": value, "lower": lower, "upper": upper, "place": place}
    few = (place == "out").sum() <= NAMED  # more names would lie over each other
    found = areas.with_columns(pl.Series(name, its) for name, its in columns.items())
    return found.with_columns(
        label=pl.when((pl.col("place") == "out") & few).then("area").otherwise(pl.lit(""))
    ).to_dicts()


def _limits(denominators: np.ndarray, share: float) -> list[tuple[np.ndarray, np.ndarray]]:
    """Lower and upper limit of an area that is like the whole, at 95% and 99.8%."""
    return [wilson(share * denominators, denominators, confidence) for confidence in (INNER, OUTER)]


def _lines(denominators: list[float], share: float) -> list[dict]:
    steps = np.geomspace(min(denominators), max(denominators), STEPS)  # close together where it bends
    inner, outer = _limits(steps, share)
    return [
        {"denominator": float(at), "side": side, "of_95": float(of_95), "of_998": float(of_998)}
        for side, of_both in zip(("lower", "upper"), zip(inner, outer, strict=True), strict=True)
        for at, of_95, of_998 in zip(steps, *of_both, strict=True)
    ]


def _sentence(placed: list[dict], share: float, whole: str, many: str) -> str:
    above, below = (
        sorted(it["area"] for it in placed if it["place"] == "out" and (it["value"] > share) is side)
        for side in (True, False)
    )
    sides = [
        f"{display.listed(names) if len(names) <= NAMED else len(names)} {side} them"
        for names, side in ((above, "above"), (below, "below"))
        if names
    ]
    near = sum(it["place"] == "near" for it in placed)
    out = "; ".join(sides) or "none lies outside the 99.8% limits"
    outside = f"{out}; {near} more outside the 95% limits" if near else out
    return (
        f"The whole is at {whole}. Of {len(placed)} {many} that are shown, against the 99.8% limits: {outside}. "
        "The others differ from it by no more than chance."
    )
