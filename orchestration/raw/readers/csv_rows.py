"""A CSV read piece by piece: what has to be known of the pieces before to know what a row of the next one is."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import polars as pl

from orchestration.raw.readers import csv_records, empty_rows, final_line, header
from orchestration.raw.readers.csv_text import Piece
from orchestration.raw.readers.header import Columns, Read, rejected
from orchestration.raw.sources.declarations import Extract


@dataclass
class CsvReader:
    """A file from the first row below its header on, of which some pieces are read."""

    extract: Extract
    columns: Columns
    header_line: int
    above: int  # empty rows above the header
    last_line: bytes  # of the file, if it has no line end
    confirmed: bool  # by a manifest
    rows: int = 0  # that are not left out
    empty: int = 0  # rows, with those above the header
    filled: set[str] = field(default_factory=set)  # columns that no contract has and that are not empty
    unfinished: Piece | None = None  # a record that may go on in the next piece
    kept_back: pl.DataFrame | None = None  # an empty row and what may be a footnote below it, unless a row follows
    last: tuple[int, str | None] = (0, None)  # line of the last record and its last cell; None if it cannot be cut
    decimals: int = 0  # of the last column, at most

    def __post_init__(self) -> None:
        self.empty = self.above

    def piece(self, piece: Piece, *, more: bool = True) -> Read:
        """The rows of the next piece; a record that may go on and what may be a footnote wait for `more` pieces."""
        if b"\r" in piece.text:
            piece = piece._replace(text=piece.text.replace(b"\r\n", b"\n"))
        if self.unfinished:
            begun, self.unfinished = self.unfinished, None
            piece = Piece(begun.line, begun.lines + piece.lines, begun.text + piece.text)
        elif self.kept_back is None and (cells := csv_records.cut(self.columns, piece)) is not None:
            self._keep_last(cells, piece.line + piece.lines - 1, "plain")
            return self._read(cells, [], piece.lines, 0)
        found, self.unfinished = csv_records.shaped(self.columns, piece, more=more)
        rows = self._without_end(found)
        cells = csv_records.cells(self.columns, rows)
        if found.height:
            self._keep_last(cells, found["file_line"][-1], found["shape"][-1])
        left_out = rows["shape"].eq("empty").sum()
        self.empty += left_out
        return self._read(cells, csv_records.not_cut(self.columns, rows), rows.height, left_out)

    def end(self, *notes: pl.DataFrame) -> Iterator[Read]:
        """What has waited for the end of the file, with the notes on the file as a whole."""
        if self.unfinished:
            yield self.piece(Piece(0, 0, b""), more=False)
        found = [*notes, *header.left_out(self.extract, self.columns, self.filled, self.header_line)]
        if self.kept_back is None and not self.empty:  # as in nearly every file
            last, cut = None, False
        else:
            last, cut = self._waited()
        if self.last_line:
            found.append(self._ending(cut=cut))
        if not self.rows:
            yield rejected("no_rows", "the file has a header and no rows: send it again with its rows")
        elif last:
            yield last._replace(problems=[*last.problems, *found])
        elif found:
            nothing = csv_records.cells(self.columns, csv_records.none())
            yield self._read(nothing, found, 0, 0)

    def _waited(self) -> tuple[Read, bool]:
        """What was kept back, with the notes on it, and whether the last record is a row after all: one cut off."""
        waited = csv_records.with_lone_text(csv_records.none()) if self.kept_back is None else self.kept_back
        first = pl.when(shape="empty").then(pl.lit("")).otherwise("alone").alias(self.columns.names[0])
        left, notes = empty_rows.leave_out(waited.select("file_line", first), above=self.empty, known=self._known())
        rows = waited.join(left, on="file_line", how="semi", maintain_order="left")
        left_out = self.above + waited.height - rows.height
        problems = [*csv_records.not_cut(self.columns, rows), *notes]
        read = self._read(csv_records.cells(self.columns, rows), problems, self.above + waited.height, left_out)
        return read, self.last[0] in rows["file_line"]

    def _read(self, cells: pl.DataFrame, problems: list[pl.DataFrame], rows_in: int, left_out: int) -> Read:
        self.rows += rows_in - left_out
        for name in self.columns.others:
            if name not in self.filled and (cells[name].str.strip_chars() != "").any():
                self.filled.add(name)
        names = [column.name for column in self.extract.columns]
        return Read(cells.select("file_line", *names), problems, rows_in, left_out)

    def _without_end(self, found: pl.DataFrame) -> pl.DataFrame:
        """The records of a piece up to the last that is a row; from the empty one below it on, they are kept back."""
        if self.kept_back is None and not found["shape"].eq("empty").any():
            return found
        found = csv_records.with_lone_text(found)
        if self.kept_back is not None:
            found = pl.concat([self.kept_back, found])
        empty = found["shape"] == "empty"
        last_row = (~empty & found["alone"].is_null()).arg_true().max()
        below = empty.arg_true()
        below = below if last_row is None else below.filter(below > last_row)
        begin = found.height if below.is_empty() else below[0]
        self.kept_back = None if below.is_empty() else found[begin:]
        return found[:begin]

    def _known(self) -> set[str]:
        """What may stand in the first column."""
        name = self.columns.names[0]
        return set() if name in self.columns.others else final_line.known_words(self.extract.column(name))

    def _keep_last(self, cells: pl.DataFrame, line: int, shape: str) -> None:
        """What the end of the file is judged by, where its last line has no end."""
        if not self.last_line:
            return
        name = self.columns.names[self.columns.width - 1]
        last = cells[name]
        self.decimals = max(self.decimals, last.str.extract(r"\.([0-9]+)$").str.len_chars().max() or 0)
        if self.kept_back is not None:  # nothing is lost with what may be missing of a footnote
            self.last = line, ""
        else:
            cell = last[-1] if shape in ("plain", "cells") else None
            self.last = line, cell if name in self.columns.others else cell or None

    def _ending(self, *, cut: bool) -> pl.DataFrame:
        line, cell = self.last[0], None if cut else self.last[1]
        name = self.columns.names[self.columns.width - 1]
        column = self.extract.column(name) if cell and name not in self.columns.others else None
        return final_line.finding(line, self.last_line, column, cell, self.decimals, confirmed=self.confirmed)
