"""A table of the release as a sheet, all its rows.

polars makes the rows as XML, and xlsxwriter takes them in one piece: cell by cell, a card took 12 s.
"""

from collections.abc import Iterator
from datetime import datetime

import polars as pl
from xlsxwriter.utility import xl_col_to_name, xl_range
from xlsxwriter.worksheet import Worksheet

from orchestration import mart
from orchestration.editions import content
from orchestration.editions.workbook import cell_text
from orchestration.editions.workbook.styles import A4, DAY, HEADING, TABLE_STYLE, TIME, Styles

MOST_ROWS = 1_048_575  # of a sheet, less the row of headings
TOO_MANY = (
    "The table {table} has {rows:,} rows, more than a sheet holds ({most:,}): read it in the database of the release."
)
AT_ONCE = 50_000
DAY_ZERO = datetime(1899, 12, 30)
SECONDS_OF_A_DAY = 86_400
ROW = "row of the sheet"
NARROWEST, WIDEST = 10, 60


class TableSheet(Worksheet):
    """A sheet with a row of headings, below which the rows of a table follow as one piece of XML."""

    below: pl.DataFrame | None = None  # texts as their places in the workbook's list of texts

    def fill(self, table: content.Table, rows: pl.DataFrame, styles: Styles) -> None:
        """Write the table; if it has more rows than a sheet holds, the sentence that says so."""
        if rows.height > MOST_ROWS:
            self.write_string(0, 0, TOO_MANY.format(table=table.name, rows=rows.height, most=MOST_ROWS))
            return
        last = max(rows.height, 1)  # an Excel table has at least one row, if an empty one
        look = styles(**HEADING)
        columns = [{"header": name, "header_format": look} for name in rows.columns]
        self.add_table(0, 0, 1, rows.width - 1, {"name": table.name, "columns": columns, "style": TABLE_STYLE})
        # said afterwards, because xlsxwriter notes every single cell of a table that it is given, which takes 1 s
        self.tables[-1] |= dict.fromkeys(("range", "a_range", "autofilter"), xl_range(0, 0, last, rows.width - 1))
        self.freeze_panes(1, 0)
        self.set_landscape()
        self.set_paper(A4)
        self.fit_to_pages(1, 0)
        self.repeat_rows(0)
        for place, column in enumerate(rows):
            self.set_column(place, place, _width(column))
        self.ignore_errors({"number_stored_as_text": f"A2:{xl_col_to_name(rows.width - 1)}{last + 1}"})
        if table.name in mart.VIEWS:  # whose rows come in any order
            rows = rows.sort(rows.columns)
        self.texts = rows.select(pl.col(pl.String)).columns
        self.below = rows.with_columns(self._placed(rows[name]) for name in self.texts)
        self.looks = {
            name: styles(num_format=TIME if kind == pl.Datetime else DAY, align="left")
            for name, kind in rows.schema.items()
            if kind.is_temporal()
        }
        self.dim_rowmax = rows.height

    def _placed(self, column: pl.Series) -> pl.Series:
        """A column of texts as their places in the workbook's list of texts."""
        texts = column.to_list()
        place: dict[str | None, int | None] = {
            text: None if text is None else self.str_table._get_shared_string_index(cell_text.of_cell(text))
            for text in dict.fromkeys(texts)
        }
        return pl.Series(column.name, [place[text] for text in texts], dtype=pl.UInt32)

    def _write_sheet_data(self) -> None:
        """What xlsxwriter calls for the cells of a sheet: those it has itself, then the rows below."""
        self._xml_start_tag("sheetData")
        self._write_rows()
        if self.below is not None:
            for xml in self._rows_as_xml(self.below):
                self.fh.write(xml)
        self._xml_end_tag("sheetData")

    def _rows_as_xml(self, below: pl.DataFrame) -> Iterator[str]:
        cells = [
            self._cell(xl_col_to_name(place), name, below.schema[name]) for place, name in enumerate(below.columns)
        ]
        row = pl.concat_str(pl.lit('<row r="'), ROW, pl.lit('">'), *cells, pl.lit("</row>"), ignore_nulls=True)
        for some in below.with_row_index(ROW, offset=2).iter_slices(AT_ONCE):
            yield "".join(some.select(row).to_series())

    def _cell(self, letters: str, name: str, kind: pl.DataType) -> pl.Expr:
        """A cell of a column as XML; null where it is empty."""
        value = pl.col(name)
        if name in self.texts:
            return _element(letters, value, ' t="s"')
        if kind == pl.Boolean:
            return _element(letters, value.cast(pl.UInt8), ' t="b"')
        if kind.is_temporal():
            since = (value.cast(pl.Datetime("us")) - pl.lit(DAY_ZERO)).dt.total_seconds()
            days = since / SECONDS_OF_A_DAY if kind == pl.Datetime else since // SECONDS_OF_A_DAY
            return _element(letters, days, f' s="{self.looks[name]._get_xf_index()}"')
        if kind.is_float():  # a spreadsheet has no number for infinity
            no_number = value.is_infinite() | value.is_nan()
            return (
                pl.when(no_number)
                .then(_element(letters, pl.lit("#NUM!"), ' t="e"'))
                .otherwise(_element(letters, value))
            )
        return _element(letters, value)


def _element(letters: str, value: pl.Expr, attributes: str = "") -> pl.Expr:
    return pl.concat_str(pl.lit(f'<c r="{letters}'), ROW, pl.lit(f'"{attributes}><v>'), value, pl.lit("</v></c>"))


def _width(column: pl.Series) -> int:
    """Of a column in digits: its heading with the button of the filter, its texts, a date or a number."""
    texts = column.str.len_chars().max() or 0 if column.dtype == pl.String else 0
    return min(max(len(column.name) + 4, texts + 2, NARROWEST), WIDEST)
