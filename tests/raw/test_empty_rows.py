"""Rows without content and footnotes are told from rows, whatever the format."""

import polars as pl
import pytest

from orchestration.raw.findings import findings
from orchestration.raw.readers import empty_rows

ROW, EMPTY, NOTE = ("2009-07", "12"), ("", ""), ("Source: HR", "")
LEFT = {
    "nothing": ([ROW, ROW], [2, 3], ""),
    "a row between": ([ROW, EMPTY, ROW], [2, 4], "1 empty row is left out"),
    "a row under the header": ([EMPTY, ROW], [3], "1 empty row is left out"),
    "rows of blanks and of nothing": ([ROW, ("  ", "\xa0"), (None, None), EMPTY], [2], "3 empty rows are left out"),
    "a footnote below an empty row": (
        [ROW, EMPTY, NOTE],
        [2],
        "1 empty row is left out\nline 4, column month: 'Source: HR' is a footnote and left out",
    ),
    "footnotes one below the other, and apart": (
        [ROW, EMPTY, NOTE, ("* provisional", None), EMPTY, ("(c) 2009", "")],
        [2],
        "2 empty rows are left out\n"
        "line 4, column month: 'Source: HR' is a footnote and left out\n"
        "line 5, column month: '* provisional' is a footnote and left out\n"
        "line 7, column month: '(c) 2009' is a footnote and left out",
    ),
    "a footnote right below the rows is none": ([ROW, NOTE], [2, 3], ""),
    "only those below an empty row are": (
        [ROW, NOTE, EMPTY, NOTE],
        [2, 3],
        "1 empty row is left out\nline 5, column month: 'Source: HR' is a footnote and left out",
    ),
    "text above rows is no footnote": ([ROW, EMPTY, NOTE, ROW], [2, 4, 5], "1 empty row is left out"),
    "text with a figure is no footnote": ([ROW, EMPTY, ("Total", "12")], [2, 4], "1 empty row is left out"),
    "a figure alone is no footnote": ([ROW, EMPTY, ("2009-08", "")], [2, 4], "1 empty row is left out"),
    "a value of the column is no footnote": (
        [("Custody", "12"), EMPTY, ("Custody", "")],
        [2, 4],
        "1 empty row is left out",
    ),
    "a cell in another column is no footnote": ([ROW, EMPTY, ("", "12")], [2, 4], "1 empty row is left out"),
}


def leave_out(cells, above=0):
    rows = pl.DataFrame(cells, schema={"month": pl.String, "recruits": pl.String}, orient="row")
    rows = rows.select(pl.int_range(2, 2 + pl.len()).alias("file_line"), "month", "recruits")
    left, notes = empty_rows.leave_out(rows, above=above)
    assert left.columns == rows.columns
    sentences = findings.message(findings.combined(notes)).replace(": line", "line").strip()
    return left["file_line"].to_list(), "\n".join(line.strip(": ") for line in sentences.splitlines())


@pytest.mark.parametrize(("cells", "lines", "notes"), LEFT.values(), ids=LEFT)
def test_rows_that_say_nothing_are_left_out_with_a_note(cells, lines, notes):
    assert leave_out(cells) == (lines, notes)


def test_rows_above_the_header_are_counted_with_the_others():
    assert leave_out([ROW], above=1) == ([2], "1 empty row is left out")
    assert leave_out([EMPTY, ROW], above=2) == ([3], "3 empty rows are left out")


def test_a_long_footnote_is_shortened():
    (_, notes) = leave_out([ROW, EMPTY, ("x" * 500, "")])
    assert len(notes) < 200
