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
    by_line = card.tables["area_contributions"].with_columns(pl.col(pl.Decimal).cast(pl.Float64)).sort("area")
    of_lines = by_line.partition_by("line", as_dict=True)
    latest = {row["line"]: row for row in card.tables["figures"].filter(name="latest").iter_rows(named=True)}
    suppressed = {line["line"]: card.suppressed_areas(line) for line in card.rows if (line["line"],) in of_lines}
    rows = [
        _row(line, of_area, latest[line["line"]], of_area["area"] in suppressed[line["line"]])
        for line in card.rows
        if line["line"] in suppressed
        for of_area in of_lines[(line["line"],)].iter_rows(named=True)
    ]
    columns = [
        Column("Line", 12, {"bold": True}),
        Column("Indicator", 50, {"text_wrap": True}),
        Column(area.one.capitalize(), 26),
        *(Column(heading, 14, NUMBER) for heading in AMOUNTS.values()),
        Column("Effect on the figure", 14, {"align": "right"}),
    ]
    about = (
        f"The numbers behind the latest figure of each line, by {area.one}, and in the same window a year before.",
        "The effect is in the unit of the line, with one decimal place more than its figure.",
    )
    return Table(NAME, TABLE, f"{area.many.capitalize()}, {card.label}", about, columns, rows, frozen=3)


def _row(line: dict, of_area: dict, latest: dict, suppressed: bool) -> list[object]:
    """The cells of an area; what it has no value for is suppressed or not known, if the whole has one."""
    unknown = symbols.CONFIDENTIAL if suppressed else symbols.NOT_AVAILABLE
    cells: list[object] = [line["line"], line["title"], of_area["area"]]
    for name in AMOUNTS:
        whole = latest[name.removesuffix("_a_year_before")]
        none = symbols.NOT_APPLICABLE if whole is None else unknown
        cells.append(none if of_area[name] is None else of_area[name])
    effect = of_area["contribution"]
    if effect is None:
        return [*cells, unknown]
    number, shown = number_formats.shown(effect, latest["unit"], "signed", (latest["decimals"] or 0) + 1)
    return [*cells, Cell(number, {"num_format": shown})]
