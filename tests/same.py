"""Whether two releases are the same: every table row by row, every edition byte by byte, workbooks cell by cell.

    python -m tests.same OLD NEW [--agreed tests/agreed_changes.toml]

OLD and NEW are release folders (`warehouse/current`). What is meant to differ stands in the file of agreed changes:

    [tables]              # old name = new name; "" where it is gone
    [columns.scorecard]   # of a table, by its new name: old name = new name; "" where it is gone
    [files]               # old name within a card's folder = new name; "" where it is gone
    [new]                 # tables = [...], files = [...], columns.<table> = [...]: not in OLD
    [texts]               # old text = new text, in cells and in text files

Exits with 1 and prints each difference where there is one that nobody agreed to.
"""

import argparse
import re
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import openpyxl
import polars as pl

AGREED = Path(__file__).with_name("agreed_changes.toml")
DATABASE = "scorecard.duckdb"
# When and by which code a release was made differs between any two; its manifest repeats both and every digest.
PASSING = {"release": ("published_at", "code")}
UNCOMPARED = ("release.json", "datapackage.json")
SHOWN = 3
# The moment of publication as JSON, PDF and workbook write it, and what a PDF derives from its own content.
MOMENT = re.compile(
    rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)|D:\d{14}Z|/ID ?\[[^\]]*\]"
    rb"|<xmpMM:[^>]*>[^<]*<|\d{1,2} [A-Z][a-z]+ 20[2-9]\d"
)


@dataclass(frozen=True)
class Agreed:
    """The changes that two releases may show."""

    tables: dict[str, str] = field(default_factory=dict)
    columns: dict[str, dict[str, str]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    new: dict = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)

    def text(self, old: str) -> str:
        """The old text with every agreed text in its place."""
        for was, now in self.texts.items():
            old = old.replace(was, now)
        return old


def differences(old: Path, new: Path, agreed: Agreed) -> Iterator[str]:
    """Every difference between two release folders that is not agreed, one sentence each."""
    yield from _tables(old / DATABASE, new / DATABASE, agreed)
    yield from _files(old, new, agreed)


def _tables(old: Path, new: Path, agreed: Agreed) -> Iterator[str]:
    with duckdb.connect() as connection:
        for name, path in (("old", old), ("new", new)):
            connection.execute(f"attach '{path}' as {name} (read_only)")
        before, after = (_relations(connection, name) for name in ("old", "new"))
        renamed = {agreed.tables.get(table, table): table for table in before if agreed.tables.get(table, table)}
        yield from (f"table {table} is gone" for table in sorted(renamed.keys() - after))
        yield from (f"table {it} is new" for it in sorted(after - renamed.keys() - set(agreed.new.get("tables", ()))))
        for table in sorted(renamed.keys() & after):
            yield from _rows(connection, renamed[table], table, agreed)


def _relations(connection: duckdb.DuckDBPyConnection, database: str) -> set[str]:
    query = "select table_name from information_schema.tables where table_catalog = ?"
    return {name for (name,) in connection.execute(query, [database]).fetchall()}


def _rows(connection: duckdb.DuckDBPyConnection, was: str, table: str, agreed: Agreed) -> Iterator[str]:
    old, new = connection.sql(f'from old."{was}"').pl(), connection.sql(f'from new."{table}"').pl()
    renames = agreed.columns.get(table, {})
    old = old.select(pl.col(name).alias(renames.get(name, name)) for name in old.columns if renames.get(name, name))
    added = agreed.new.get("columns", {}).get(table, ())
    new = new.drop([*added, *PASSING.get(table, ())], strict=False)
    old = old.drop(PASSING.get(table, ()), strict=False)
    if set(old.columns) != set(new.columns):
        yield f"table {table}: columns {', '.join(sorted(set(old.columns) ^ set(new.columns)))} are on one side only"
        return
    old = old.with_columns(pl.col(pl.String).replace(agreed.texts))
    texts = [name for name, kind in old.schema.items() if kind == pl.String]
    for name in texts:
        if any(old[name].str.contains(was, literal=True).any() for was in agreed.texts):
            old = old.with_columns(pl.col(name).map_elements(agreed.text, return_dtype=pl.String))
    # floats by their shortest text, so that a row is equal or not and nothing is nearly so
    left, right = (frame.select(pl.col(sorted(frame.columns)).cast(pl.String, strict=False)) for frame in (old, new))
    counted = [frame.group_by(pl.all()).len("rows") for frame in (left, right)]
    on = [*left.columns, "rows"]
    for side, here, there in (("old", *counted), ("new", *reversed(counted))):
        lost = here.join(there, on=on, how="anti", nulls_equal=True)
        if lost.height:
            yield f"table {table}: {lost.height} rows are in the {side} release only, as {lost.row(0, named=True)}"


def _files(old: Path, new: Path, agreed: Agreed) -> Iterator[str]:
    before = {agreed.files.get(path.name, path.name) and _renamed(path, agreed): old / path for path in _paths(old)}
    before.pop("", None)
    after = {str(path): new / path for path in _paths(new)}
    added = set(agreed.new.get("files", ()))
    yield from (f"{name} is gone" for name in sorted(before.keys() - after))
    yield from (f"{name} is new" for name in sorted(after.keys() - before) if Path(name).name not in added)
    for name in sorted(before.keys() & after):
        if not _same(before[name], after[name], agreed):
            yield f"{name} differs{_where(before[name], after[name], agreed)}"


def _renamed(path: Path, agreed: Agreed) -> str:
    return str(path.with_name(agreed.files.get(path.name, path.name)))


def _paths(folder: Path) -> list[Path]:
    """The editions: every file but the database, what repeats digests, and Parquet, whose rows the CSV files have."""
    paths = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return [path for path in paths if path.name not in (DATABASE, *UNCOMPARED) and path.suffix != ".parquet"]


def _same(old: Path, new: Path, agreed: Agreed) -> bool:
    if old.name == "release.csv":
        return True  # the table of that name was compared, but for its time
    if old.suffix == ".xlsx":
        return next(_cells(old, new, agreed), None) is None
    before, after = (MOMENT.sub(b"", path.read_bytes()) for path in (old, new))
    return before == after or (bool(agreed.texts) and _text(before, agreed) == after)


def _text(content: bytes, agreed: Agreed) -> bytes | None:
    try:
        return agreed.text(content.decode()).encode()
    except UnicodeDecodeError:
        return None


def _where(old: Path, new: Path, agreed: Agreed) -> str:
    """The first places where two files differ."""
    if old.suffix == ".xlsx":
        places = list(_cells(old, new, agreed))
        return f" in {len(places)} cells: {'; '.join(places[:SHOWN])}"
    try:
        before, after = agreed.text(old.read_text()).splitlines(), new.read_text().splitlines()
    except UnicodeDecodeError:
        return ""
    changed = [(n, *lines) for n, lines in enumerate(zip(before, after, strict=False), 1) if lines[0] != lines[1]]
    places = [f"line {n}: {was.strip()[:200]} -> {now.strip()[:200]}" for n, was, now in changed[:SHOWN]]
    return f" ({len(before)} and {len(after)} lines): " + "; ".join(places)


def _cells(old: Path, new: Path, agreed: Agreed) -> Iterator[str]:
    """The cells of two workbooks that differ in value or number format, and sheets that one of them lacks."""
    if _parts(old) == _parts(new):
        return  # which most are, and to read every cell of a card's workbook takes half a minute
    before, after = (openpyxl.load_workbook(path, read_only=True) for path in (old, new))
    yield from (f"sheet {name} is on one side only" for name in set(before.sheetnames) ^ set(after.sheetnames))
    for name in [name for name in before.sheetnames if name in after.sheetnames]:
        was, now = (
            {cell.coordinate: cell for row in book[name].iter_rows() for cell in row if cell.value is not None}
            for book in (before, after)
        )
        for place in was.keys() | now.keys():
            one, other = was.get(place), now.get(place)
            value = agreed.text(one.value) if one is not None and isinstance(one.value, str) else one and one.value
            if value != (other and other.value) or (one and one.number_format) != (other and other.number_format):
                yield f"{name}!{place}: {one and one.value!r} -> {other and other.value!r}"


def _parts(workbook: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(workbook) as archive:
        return {name: MOMENT.sub(b"", archive.read(name)) for name in archive.namelist()}


def agreed_changes(path: Path) -> Agreed:
    """The agreed changes of a file; none where there is no such file."""
    return Agreed(**tomllib.loads(path.read_text(encoding="utf-8"))) if path.exists() else Agreed()


def main() -> int:
    """Print every difference that nobody agreed to."""
    parser = argparse.ArgumentParser(prog="python -m tests.same", description="Compare two releases.")
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    parser.add_argument("--agreed", type=Path, default=AGREED)
    given = parser.parse_args()
    count = 0
    for count, difference in enumerate(differences(given.old, given.new, agreed_changes(given.agreed)), 1):  # noqa: B007
        print(difference)
    print(f"{count} differences" if count else "no differences but the agreed ones")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
