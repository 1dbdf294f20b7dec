"""The lines of a CSV as records and their cells: a quoted cell may have line breaks in it, a record any empty cells
behind it.

Lenient readers take almost any damaged file; each record here is held against the grammar before it is cut.
"""

import re
from functools import cache
from itertools import pairwise

import polars as pl

from orchestration.raw.findings.findings import on_rows
from orchestration.raw.readers import csv_text
from orchestration.raw.readers.header import Columns

QUOTED, PLAIN = r'"(?:[^"]|"")*"', r'[^",]*'
NOTHING = r'\s*(?:"\s*")?\s*'
EMPTY = f"^{NOTHING}(?:,{NOTHING})*$"
ALONE = f"^({QUOTED}|{PLAIN})(?:,{NOTHING})*$"  # a first cell followed by empty ones
# Characters of a record on several lines. A quotation mark that is never closed would else be looked for to the end of
# the file; no cell of a spreadsheet has more than 32,767.
LONGEST = 131_072


@cache
def _record(width: int, most: int) -> str:
    """The grammar of a record: so many cells, any in places of the header without a name, and empty ones."""
    cells = ",".join([f"({QUOTED}|{PLAIN})"] * width)
    beyond = f"(?:,(?:{QUOTED}|{PLAIN}))*" if most > width else ""
    return f"^{cells}({beyond})(?:,{NOTHING})*$"


@cache
def _whole(width: int, most: int) -> re.Pattern[str]:
    """The same, or a text alone in its record; in the dialect that takes a long cell without keeping ways back."""
    either = f"(?:{_record(width, most)})|(?:{ALONE})"
    return re.compile(either.replace(QUOTED, r'"(?:[^"]++|"")*+"').replace(PLAIN, r'[^",]*+'))


def cut(columns: Columns, text: bytes, line: int) -> pl.DataFrame | None:
    """The cells of lines without quotation marks, each as wide as the header; None where one is not, or is empty.

    `line` is the number of the first.
    """
    # as many commas as there must be and no line with too many: polars refuses those, and fills up those with too few
    lines = csv_text.count(text, b"\n")
    if b'"' in text or csv_text.count(text, b",") != (len(columns.names) - 1) * lines:
        return None
    if text.startswith(csv_text.MARK):  # which polars would take away
        return None
    try:
        cells = pl.read_csv(
            text,
            has_header=False,
            quote_char=None,
            empty_string_is_null=False,
            schema=dict.fromkeys(columns.names, pl.String),
        )
    except pl.exceptions.PolarsError:
        return None
    # the least of the first cells is a blank one where there is one, as there is in an empty row
    if cells.height != lines or not str(cells[columns.names[0]].min() or "").strip():
        return None
    return _numbered(cells, line)


def _numbered(rows: pl.DataFrame, line: int) -> pl.DataFrame:
    return rows.with_columns(pl.int_range(line, line + pl.len(), dtype=pl.Int64).alias("file_line"))


def shaped(columns: Columns, text: bytes, line: int) -> pl.DataFrame:
    """The records of these lines: the `file_line` each begins on, its `text` and its `shape`.

    The shapes: plain (no quotation mark, as wide as the header), cells, empty, or what cannot be cut: broken (by its
    quotation marks) and width.
    """
    lines = _with_shape(columns, _numbered(pl.DataFrame({"text": text[:-1].decode().split("\n")}), line))
    odd = (pl.col("shape") == "broken") & (pl.col("text").str.count_matches('"', literal=True) % 2 == 1)
    spans = _spans(columns, lines["text"], lines.select(odd.arg_true()).to_series().to_list())
    if not spans:
        return lines
    inside = [line + place for begin, end in spans for place in range(begin, end + 1)]
    texts = ["\n".join(lines["text"][begin : end + 1]) for begin, end in spans]
    joined = pl.DataFrame({"text": texts, "file_line": [line + begin for begin, _ in spans]})
    alone = lines.filter(~pl.col("file_line").is_in(inside))
    return pl.concat([alone, _with_shape(columns, joined)]).sort("file_line")


def _spans(columns: Columns, texts: pl.Series, odd: list[int]) -> list[tuple[int, int]]:
    """The first and the last line of each record on several lines.

    Of the lines with an odd number of quotation marks, one opens a cell and the next one closes it; where that makes no
    record, the first of them is broken by itself, and nothing else is lost with it.
    """
    whole = _whole(columns.width, len(columns.names))
    ends = (texts.str.len_chars() + 1).cum_sum().to_list() if odd else []
    spans: list[tuple[int, int]] = []
    for begin, end in pairwise(odd):
        if spans and spans[-1][1] == begin:
            continue
        length = ends[end] - (ends[begin - 1] if begin else 0)
        if length <= LONGEST and whole.fullmatch("\n".join(texts[begin : end + 1])):
            spans.append((begin, end))
    return spans


def _with_shape(columns: Columns, records: pl.DataFrame) -> pl.DataFrame:
    text, most = pl.col("text"), len(columns.names)
    quoted = text.str.contains('"', literal=True)
    plain = ~quoted & (text.str.count_matches(",", literal=True) == most - 1)
    shape = (
        pl.when(text.str.contains(EMPTY))
        .then(pl.lit("empty"))
        .when(plain)
        .then(pl.lit("plain"))
        .when(text.str.contains(_record(columns.width, most)))
        .then(pl.lit("cells"))
        .when(quoted)
        .then(pl.lit("broken"))
        .otherwise(pl.lit("width"))
    )
    return records.with_columns(shape.alias("shape"))


def cells(columns: Columns, records: pl.DataFrame) -> pl.DataFrame:
    """The cells of the records that can be cut, a column for each place of the header."""
    plain = pl.col("text").str.split_exact(",", len(columns.names) - 1).struct.rename_fields(columns.names)
    parts = [records.filter(shape="plain").select("file_line", plain).unnest("text")]
    if records["shape"].is_in(["cells"]).any():
        parts.append(_grouped(columns, records.filter(shape="cells")))
    return pl.concat(parts).sort("file_line")


def _grouped(columns: Columns, records: pl.DataFrame) -> pl.DataFrame:
    held, beyond = columns.names[: columns.width], columns.names[columns.width :]
    groups = pl.col("text").str.extract_groups(_record(columns.width, len(columns.names)))
    opened = pl.col(held).str.starts_with('"')
    inside = pl.col(held).str.slice(1).str.head(-1).str.replace_all('""', '"', literal=True)
    # of the nameless places at the end only whether they are empty matters
    rest = pl.col("(beyond)").str.replace_all(r'[\s,"]', "")
    cells = pl.when(opened).then(inside).otherwise(pl.col(held)).name.keep()
    return (
        records.select("file_line", groups.struct.rename_fields([*held, "(beyond)"]))
        .unnest("text")
        .with_columns(cells, *(rest.alias(name) for name in beyond))
        .drop("(beyond)")
    )


def with_lone_text(records: pl.DataFrame) -> pl.DataFrame:
    """The records with the text that stands `alone` in the first cell of each, null where it does not."""
    first = pl.col("text").str.extract(ALONE)
    bare = pl.when(first.str.starts_with('"')).then(first.str.slice(1).str.head(-1)).otherwise(first)
    on_one_line = bare.str.replace_all('""', '"', literal=True).str.replace_all(r"\s+", " ")
    alone = pl.when(pl.col("shape") != "empty").then(on_one_line)
    return records.with_columns(alone.alias("alone"))


def not_cut(columns: Columns, records: pl.DataFrame) -> list[pl.DataFrame]:
    """What is wrong with the records that cannot be cut."""
    wrong = records.filter(pl.col("shape").is_in(["broken", "width"]))
    if not wrong.height:
        return []
    width = columns.width
    number = pl.col("text").str.count_matches(",", literal=True) + 1
    broken = pl.lit(
        f"a quotation mark is out of place, or the line has not the {width} cells of the header: a text with "
        "a comma, a quotation mark or a line break in it stands in quotation marks, and those inside it are doubled"
        ' ("")'
    )
    too_many = pl.lit("a comma inside a cell needs the cell in quotation marks")
    too_few = pl.lit("complete it, with a comma between two cells")
    cells = pl.when(number == 1).then(pl.lit(" cell")).otherwise(pl.lit(" cells"))
    what_to_do = pl.when(number > width).then(too_many).otherwise(too_few)
    of_width = pl.format("the line has {}{} where the header has {}: {}", number, cells, pl.lit(width), what_to_do)
    is_broken = pl.col("shape") == "broken"
    code = pl.when(is_broken).then(pl.lit("quotation")).otherwise(pl.lit("line_width"))
    rule = pl.when(is_broken).then(broken).otherwise(of_width)
    return [on_rows(wrong, line="file_line", value="text", code=code, rule=rule)]
