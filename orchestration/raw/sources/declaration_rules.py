"""Rules for the fields of a source that belong together: columns that are named exist, ranges are possible."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import combinations
from string import Formatter

from orchestration.raw.sources import catalogue
from orchestration.raw.sources.columns import Name
from orchestration.raw.sources.declarations import ACROSS, Extract, Reading
from orchestration.raw.sources.kinds import NUMBERS
from orchestration.raw.sources.names import meanings, plain
from orchestration.yaml_files import Place

Mistakes = Iterator[tuple[Place, str]]
NAME = r"[a-z][a-z0-9_]*"
OF_FIGURES = (
    *("most", "least", "typical", "typical_of", "markers"),
    *("thousands", "negative", "brackets", "decimal_comma", "signs", "decimals"),
)
UNBOUNDED = ("count", "money", "measure")
# columns that every raw table has besides
OF_EVERY_TABLE = ("delivery_month", "file", "file_line", "markers", ACROSS)


def _names(extract: Extract) -> Mistakes:
    for name in (extract.name, *(column.name for column in extract.columns)):
        place = ("columns", name) if name != extract.name else ()
        if not re.fullmatch(NAME, name):
            yield place, f"'{name}' is not a name of small letters, digits and _"
        elif name in OF_EVERY_TABLE:
            yield place, f"every table has a column '{name}' of its own; give this one another name"


def _files(extract: Extract) -> Mistakes:
    if extract.file_name.count("{month}") != 1 or {*extract.file_name.replace("{month}", "")} & {*"{}/"}:
        yield ("file_name",), "should have {month} in it, once, and no other brace and no folder"


def _mentioned(extract: Extract) -> Mistakes:
    """Every column that a field names is declared, and fit for it."""
    columns = {column.name: column for column in extract.columns}

    def missing(place: Place, name: str) -> Mistakes:
        if name not in columns:
            yield place, f"'{name}' is no column of this source; its columns are {', '.join(columns)}"

    for field in ("key", "whole_within"):
        for place, name in enumerate(getattr(extract, field)):
            yield from missing((field, str(place)), name)
            if field == "whole_within" and name in columns and name not in extract.key:
                yield (field, str(place)), f"'{name}' is not in the key"
    for part, whole in extract.at_most:
        yield from missing(("columns", part, "at_most"), whole)
        if whole in columns and (columns[part].kind == "month") != (columns[whole].kind == "month"):
            yield (
                ("columns", part, "at_most"),
                f"a {columns[part].kind} cannot be compared with a {columns[whole].kind}",
            )


def _month(extract: Extract) -> Mistakes:
    """Rows are of a month, or of the card that their delivery is for."""
    if extract.last and extract.last < extract.first:
        yield ("last",), f"{extract.last:%Y-%m} is before the first month, {extract.first:%Y-%m}"
    kinds = {column.name: column.kind for column in extract.columns}
    if extract.period and kinds[extract.period] != "month":
        yield ("columns", extract.period, "kind"), f"the column '{extract.period}' is of kind month"
    elif extract.dated and "month" not in extract.key:
        yield ("key",), "the column 'month' belongs to it: a delivery holds several months"
    elif not extract.period and "line" not in kinds.values():
        yield ("columns",), "a column 'month' of kind month is missing: every row counts in a month"
    if extract.series and not extract.dated:
        yield ("series",), "rows become series by their month, but there is no column 'month'"


def _has_unallocated(extract: Extract) -> bool:
    return any(column.kind == "area" for column in extract.columns) and bool(catalogue.unallocated())


def _words(extract: Extract) -> Mistakes:
    for column in extract.columns:
        place: Place = ("columns", column.name)
        words = column.all_words
        if column.kind == "word" and not column.words:
            yield (*place, "words"), "is missing: a word that is in no list is kept out"
        if column.words and column.kind != "word":
            yield (*place, "words"), f"a column of kind {column.kind} has no list of words"
        if column.optional_words and column.kind == "area":
            yield (*place, "optional_words"), "areas that may be missing are of the kind unallocated in areas.csv"
        for word in sorted({word for word in words if words.count(word) > 1}):
            yield (*place, "words"), f"'{word}' stands there twice"
        if column.provisional and column.provisional not in words:
            yield (*place, "provisional"), f"'{column.provisional}' is none of its words, {', '.join(words)}"
    all_words = {word for column in extract.columns for word in column.all_words}
    for column in extract.columns:
        for word in column.typical_of.keys() - all_words:
            yield ("columns", column.name, "typical_of", word), f"'{word}' is no word of this source"


def _numbers(extract: Extract) -> Mistakes:
    for column in extract.columns:
        place: Place = ("columns", column.name)
        least, most = column.least, column.most
        if least is not None and most is not None and least > most:
            yield (*place, "least"), f"{least} is more than its `most`, {most}: no figure would be possible"
        if most is None and column.kind in UNBOUNDED:
            yield (*place, "most"), "is missing: more than this is hard to believe, so that another unit is noticed"
        if least is not None and least < 0 and not column.below_zero:
            yield (*place, "least"), f"{least} is below 0: declare `negative: true` as well"
        if least is None and (column.negative or column.brackets):
            yield (*place, "least"), "is missing: how far a figure may lie below 0"
        for word, (low, high) in {"": column.typical or (0, 0), **column.typical_of}.items():
            if low > high:
                where = ("typical_of", word) if word else ("typical",)
                yield (*place, *where), f"{low:g} to {high:g} is no range: the first is the smaller one"
        if column.kind not in NUMBERS:
            for field in (each for each in OF_FIGURES if getattr(column, each) not in (None, "", False, {})):
                yield (*place, field), f"is of figures; this is a column of kind {column.kind}"


def _series(extract: Extract) -> Mistakes:
    """The names of series are made of words, and what they count is a figure."""
    columns = {column.name: column for column in extract.columns}
    for pattern, counted in extract.series.items():
        place = ("series", pattern)
        try:
            named = [name for _, name, *_ in Formatter().parse(pattern) if name is not None]
        except ValueError:
            yield place, "a brace is open or closed that has no other"
            continue
        for name in named:
            if name not in columns or columns[name].kind != "word":
                yield place, f"'{{{name}}}' is no column of words of this source"
        if (counted == "rows" or " >= " in counted) and (extract.reading.absent_is_zero or _has_unallocated(extract)):
            yield place, "what counts rows would count those of 0 for what was not delivered; name a figure"
        for name in () if counted == "rows" else counted.split(" >= "):
            if name not in columns or columns[name].kind not in NUMBERS:
                figures = ", ".join(column.name for column in extract.figures)
                yield place, f"'{name}' is no figure of this source; its figures are {figures or 'none'}"


def _readings(extract: Extract) -> Mistakes:
    """What a published file is read with fits its columns; that of earlier files as well."""
    figures = extract.figures
    others = [column.name for column in extract.columns if column not in figures and column.name not in extract.key]
    readings: dict[Place, Reading] = {("reading",): extract.reading}
    readings |= {("earlier_readings", f"{month:%Y-%m}"): its for month, its in extract.earlier_readings.items()}
    for place, reading in readings.items():
        if replace(extract, reading=reading).published and extract.formats != ("csv",):
            yield ("formats",), "a file that is read as its publisher publishes it is csv, and nothing else"
        if reading.month_columns and (reading.month_from or reading.dates):
            yield (*place, "month_columns"), "the months are columns, and so in no other one"
        for field in ("month_columns", "records"):
            if getattr(reading, field) and len(figures) != 1:
                yield (*place, field), f"needs one figure for each row of the table, not {len(figures)}"
        if reading.records and others:
            yield (*place, "records"), f"'{others[0]}' is not in the key: it would differ from record to record"
        told_apart = reading.same_record or reading is not extract.reading
        if reading.across_deliveries and not (reading.records and told_apart and reading.absent_is_zero):
            yield (*place, "across_deliveries"), "needs `records`, `same_record` and `absent_is_zero` as well"
        if reading.across_deliveries != extract.reading.across_deliveries:
            yield place, "`across_deliveries` holds for all deliveries of a source: declare it in each reading"


def _labels(extract: Extract) -> Mistakes:
    """Every label means one word in a month."""
    for column in extract.columns:
        place: Place = ("columns", column.name)
        for word in column.labels.keys() - {*column.words}:
            yield (*place, "labels", word), f"'{word}' is none of its words, {', '.join(column.words)}"
        meant = [it for it in meanings(column) if it.word in column.labels]
        twice = {
            plain(one.name)
            for one, other in combinations(meant, 2)
            if plain(one.name) == plain(other.name) and one.word != other.word and _overlap(one, other)
        }
        for label in sorted(twice):
            yield (*place, "labels"), f"'{label}' stands for two words"
        if column.empty and column.empty not in column.all_words:
            yield (*place, "empty"), f"'{column.empty}' is none of its words, {', '.join(column.all_words)}"
        for word in {*column.ignored_words} & {*column.all_words}:
            yield (*place, "ignored_words"), f"'{word}' is one of its words as well"


def _overlap(one: Name, other: Name) -> bool:
    return (one.first or date.min) <= (other.last or date.max) and (other.first or date.min) <= (one.last or date.max)


def _dates(extract: Extract) -> Mistakes:
    """What came and went did so in this order, and the month of a row never did."""
    for column in extract.columns:
        place: Place = ("columns", column.name)
        if column.name == extract.period and column.dated:
            yield place, "the month of its rows has no `since` or `until`: every delivery has it"
        spans = [(place, column.since, column.until)]
        spans += [((*place, "labels", it.word), it.first, it.last) for it in meanings(column)]
        for where, first, last in spans:
            if first and last and first > last:
                yield where, f"its `until`, {last:%Y-%m}, is before its `since`, {first:%Y-%m}"


RULES = (_names, _files, _mentioned, _month, _words, _numbers, _series, _readings, _labels, _dates)
