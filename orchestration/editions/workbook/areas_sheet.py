"""The sheet of areas: for each line, what each area did to its figure since the year before."""

import polars as pl

from orchestration import organisation
from orchestration.editions import content
from orchestration.editions.workbook import number_formats, symbols
from orchestration.editions.workbook.table_sheet import Cell, Column, Table

NAME, TABLE = "Areas", "areas"
NUMBER = {"num_format": number_formats.THOUSANDS, "align": "right"}
AMOUNTS = {
    "numerator": "Now",
    "denominator": "Out of",
    "numerator_a_year_before": "A year before",
    "denominator_a_year_before": "Out of, a year before",
}


def of(card: content.Card) -> Table:
    """The areas of every line that has them, in the order of the card, then of their names."""
    area = organisation.declared().area
    region = organisation.declared().region
    in_order = card.contributions.sort("region", pl.col("kind") != "region", "area", nulls_last=True)
    of_lines = in_order.partition_by("line", as_dict=True)
    latest = {row["line"]: row for row in card.tables["figures"].filter(name="latest").iter_rows(named=True)}
    suppressed = {line["line"]: card.suppressed_areas(line) for line in card.rows if (line["line"],) in of_lines}
    rows = [
        _row(
            [line["line"], line["title"], *_names(of_area, region is not None)],
            of_area,
            latest[line["line"]],
            of_area["area"] in suppressed[line["line"]],
        )
        for line in card.rows
        if line["line"] in suppressed
        for of_area in of_lines[(line["line"],)].iter_rows(named=True)
    ]
    columns = [
        Column("Line", 12, {"bold": True}),
        Column("Indicator", 50, {"text_wrap": True}),
        *([Column(region.one.capitalize(), 26)] if region else []),
        Column(area.one.capitalize(), 26),
        *(Column(heading, 14, NUMBER) for heading in AMOUNTS.values()),
        Column("Effect on the figure", 14, {"align": "right"}),
    ]
    about: tuple[str, ...] = (
        f"The numbers behind the latest figure of each line, by {area.one}, and in the same window a year before.",
        "The effect is in the unit of the line, with one decimal place more than its figure.",
    )
    if region:
        about = (*about, f"Each {region.one} stands before its {area.many}, in a row of its own.")
    return Table(
        NAME, TABLE, f"{area.many.capitalize()}, {card.label}", about, columns, rows, frozen=4 if region else 3
    )


def _names(of_area: dict, with_region: bool) -> list[object]:
    """The name of an area, and the region before it where there are some."""
    names = [of_area["region"], None if of_area["kind"] == "region" else of_area["area"]]
    return [name or symbols.NOT_APPLICABLE for name in (names if with_region else names[1:])]


def _row(cells: list[object], of_area: dict, latest: dict, suppressed: bool) -> list[object]:
    """The cells of an area; what it has no value for is suppressed or not known, if the whole has one."""
    unknown = symbols.CONFIDENTIAL if suppressed else symbols.NOT_AVAILABLE
    for name in AMOUNTS:
        whole = latest[name.removesuffix("_a_year_before")]
        none = symbols.NOT_APPLICABLE if whole is None else unknown
        cells.append(none if of_area[name] is None else of_area[name])
    effect = of_area["contribution"]
    if effect is None:
        return [*cells, unknown]
    number, shown = number_formats.shown(effect, latest["unit"], "signed", (latest["decimals"] or 0) + 1)
    return [*cells, Cell(number, {"num_format": shown})]
