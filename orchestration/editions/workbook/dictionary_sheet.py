"""The last sheet: the description of every table and column of the release, and where each table is."""

from orchestration.editions import content
from orchestration.editions.workbook import figures_sheet
from orchestration.editions.workbook.table_sheet import Cell, Column, Table

NAME, TABLE = "Data dictionary", "dictionary"
OF_A_TABLE = "(the table)"  # in place of a column


def of(card: content.Card) -> Table:
    """The dictionary of the release: a row for each table, then one for each of its columns."""
    rows: list[list[object]] = []
    for table in card.dictionary:
        sheet = figures_sheet.NAME if table.name == figures_sheet.TABLE else None
        file = f"csv/{table.name}.csv"
        bold = {"bold": True}
        rows.append([Cell(table.name, bold, sheet), *(Cell(it, bold) for it in (OF_A_TABLE, file, table.description))])
        rows.extend([table.name, it.name, it.type, it.description] for it in table.columns)
    wrapped = {"text_wrap": True}
    columns = [
        Column("Table", 24),
        Column("Column", 28, wrapped),
        Column("Type or file", 30, wrapped),
        Column("Meaning", 110, wrapped),
    ]
    about = (
        "The tables of the release. Each is a CSV file next to this workbook, and in parquet/ with its types.",
        "A table's own row is the first of its rows; it is a link where the table has a sheet here.",
    )
    return Table(NAME, TABLE, "Data dictionary", about, columns, rows, frozen=2)
