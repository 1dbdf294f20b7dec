"""The audit agrees with every card of the sample, finds what is made wrong, and shares nothing with what it audits."""

import ast
import csv
import hashlib
import io
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import openpyxl
import polars as pl
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as some

from orchestration import audit
from orchestration.audit import CannotAudit, Delivered, files, known, printing
from orchestration.audit.statistics import Given, recomputed
from orchestration.audit.windows import Window
from orchestration.scorecard import display
from tests.conftest import PROJECT, Built

NEWEST = date(2009, 8, 1)
AUDIT = PROJECT / "orchestration" / "audit"


@dataclass(frozen=True)
class Release:
    """What the sample published, and the deliveries it stands on."""

    figures: list[dict]
    delivered: list[Delivered]
    bytes_of: dict[str, bytes]
    catalogue: Path

    def of(self, report_month: date) -> list[dict]:
        return [dict(row) for row in self.figures if row["report_month"] == report_month]

    def recompute(
        self, *report_months: date, delivered: list[Delivered] | None = None, content: Callable | None = None
    ):
        deliveries = self.delivered if delivered is None else delivered
        return audit.recompute(deliveries, content or self.bytes_of.__getitem__, list(report_months), self.catalogue)

    def differences(self, **changed) -> list[str]:
        """What the newest card is found to say wrong when the deliveries are changed under it."""
        return audit.differences(self.recompute(NEWEST, **changed), self.of(NEWEST))

    def of_file(self, file: str) -> Delivered:
        return next(each for each in self.delivered if each.file == file)

    def figures_with(self, series: set[str]) -> set[str]:
        """The figures of the newest card, as sentences name them, that count one of the series in the newest month."""
        with (self.catalogue / "measures.csv").open(encoding="utf-8", newline="") as file:
            measures = {row["measure"] for row in csv.DictReader(file) if row["series"] in series}
        return {
            named(row)
            for row in self.of(NEWEST)
            if measures & {row["measure"], row["compare_measure"]} and row["statistic"] not in ("rank", "peer_value")
        }


def named(row: dict) -> str:
    return f"{row['report_month']:%Y-%m}, line {row['line']}, figure {row['name']}"


def names(sentences: list[str]) -> set[str]:
    return {sentence.partition(": ")[0] for sentence in sentences}


@pytest.fixture(scope="module")
def release(sample: Built) -> Release:
    delivered, bytes_of = [], {}
    for path in sorted(sample.raw.glob("[a-z]*/*.*")):
        content = path.read_bytes()
        sha256 = hashlib.sha256(content).hexdigest()
        bytes_of[sha256] = content
        month = date.fromisoformat(f"{path.stem}-01")
        delivered.append(Delivered(path.parent.name, month, f"{path.parent.name}/{path.name}", sha256))
    figures = list(sample.query("select * from figures").iter_rows(named=True))
    return Release(figures, delivered, bytes_of, sample.catalogue)


def test_every_figure_of_every_card_is_what_the_deliveries_say(release: Release):
    recomputed = release.recompute(*sorted({row["report_month"] for row in release.figures}))
    assert audit.differences(recomputed, release.figures) == []
    assert len(recomputed) == len(release.figures) > 1_000
    assert len({report_month for report_month, _, _ in recomputed}) == 17


def test_one_card_alone_is_recomputed_as_it_is_among_others(release: Release):
    months = sorted({row["report_month"] for row in release.figures})
    together = release.recompute(*months)
    for month in (months[0], months[-1]):
        assert release.recompute(month) == {key: figure for key, figure in together.items() if key[0] == month}


WRONG = {
    "value": lambda row: row["value"] * (1 + 1e-6),
    "printed": lambda row: row["printed"] + "0",
    "out_of": lambda row: (row["out_of"] or 0) + 1,
    "data_from": lambda row: date(2001, 1, 1),
    "data_to": lambda row: date(2001, 1, 1),
    "against_from": lambda row: date(2001, 1, 1),
    "against_to": lambda row: date(2001, 1, 1),
}


@pytest.mark.parametrize("column", WRONG)
def test_a_figure_published_wrongly_is_named_with_what_both_sides_say(release: Release, column: str):
    recomputed = release.recompute(NEWEST)
    for name in ("latest", "target", "rank_msf"):
        published = release.of(NEWEST)
        row = next(row for row in published if row["name"] == name and row["value"])
        row[column] = WRONG[column](row)
        (sentence,) = audit.differences(recomputed, published)
        assert sentence.startswith(f"{named(row)}: the card says ")
        assert "; the deliveries say " in sentence


def test_what_differs_is_said_and_nothing_else(release: Release):
    published = release.of(NEWEST)
    row = next(row for row in published if row["name"] == "latest" and row["value"])
    was, row["printed"] = row["printed"], "12.3%"
    (sentence,) = audit.differences(release.recompute(NEWEST), published)
    assert sentence == f"{named(row)}: the card says printed '12.3%'; the deliveries say printed '{was}'"


def test_a_figure_that_the_card_lacks_or_has_too_many_is_named(release: Release):
    published = release.of(NEWEST)
    lacking = published.pop(7)
    published.append(lacking | {"name": "never_heard_of"})
    lacks, too_many = sorted(audit.differences(release.recompute(NEWEST), published), key=lambda it: "no such" in it)
    assert lacks == f"{named(lacking)}: the card does not have it; the deliveries say '{lacking['printed']}'"
    assert too_many.startswith(f"{named(published[-1])}: the card says ")


def test_a_figure_without_a_value_differs_from_one_with_a_value(release: Release):
    published = release.of(NEWEST)
    row = next(row for row in published if row["value"])
    row["value"] = None
    (sentence,) = audit.differences(release.recompute(NEWEST), published)
    assert "the card says value none; the deliveries say value " in sentence


def test_one_count_changed_in_one_delivery_is_found_in_every_figure_that_counts_it_and_in_no_other(release: Release):
    changed = release.of_file("recorded_crime/2009-08.csv")
    lines = release.bytes_of[changed.sha256].decode().splitlines(keepends=True)
    month, borough, group, offences, detections = lines[1].split(",")
    lines[1] = ",".join((month, borough, group, str(int(offences) + 1), detections))

    def content(sha256: str) -> bytes:
        return "".join(lines).encode() if sha256 == changed.sha256 else release.bytes_of[sha256]

    in_the_month = {named(row) for row in release.of(NEWEST) if row["data_to"] == NEWEST}
    affected = release.figures_with({f"{group}_offences"}) & in_the_month
    assert len(affected) > 2
    assert names(release.differences(content=content)) == affected


def test_a_delivery_that_is_missing_is_found_in_every_figure_of_its_series(release: Release):
    with (release.catalogue / "series.csv").open(encoding="utf-8", newline="") as file:
        series = {row["series"] for row in csv.DictReader(file) if row["extract"] == "recorded_crime"}
    without = [each for each in release.delivered if each.file != "recorded_crime/2009-08.csv"]
    sentences = release.differences(delivered=without)
    assert names(sentences) == release.figures_with(series)
    assert all(
        " to 2009-08" in sentence and " to 2009-07" in sentence for sentence in sentences if "latest" in sentence
    )


def test_a_line_left_out_makes_its_series_incomplete_in_that_month(release: Release):
    short = release.of_file("recorded_crime/2009-08.csv")
    group = release.bytes_of[short.sha256].decode().splitlines()[1].split(",")[2]
    delivered = [replace(each, left_out=frozenset({2})) if each == short else each for each in release.delivered]
    sentences = release.differences(delivered=delivered)
    assert names(sentences) == release.figures_with({f"{group}_offences", f"{group}_detections"})
    assert all(
        " to 2009-08" in sentence and " to 2009-07" in sentence for sentence in sentences if "latest" in sentence
    )


def test_a_line_left_out_of_a_delivery_need_not_be_readable(release: Release):
    spoilt = release.of_file("recorded_crime/2009-08.csv")
    lines = release.bytes_of[spoilt.sha256].split(b"\n")
    lines.insert(1, b'2009-08,"Barnet,\xff')
    put_aside = replace(spoilt, left_out=frozenset({2}))
    delivered = [put_aside if each == spoilt else each for each in release.delivered]
    contents = release.bytes_of | {spoilt.sha256: b"\n".join(lines)}
    assert release.differences(delivered=delivered, content=contents.__getitem__) == []


@pytest.mark.parametrize("oldest, agrees", [(date(2009, 6, 1), True), (None, False)])
def test_rows_older_than_may_be_restated_count_for_nothing(release: Release, oldest: date | None, agrees: bool):
    """The export of a whole history, a part of which is left out; here it says something else, to prove it is."""
    exported = release.of_file("recorded_crime/2009-08.csv")
    lines = release.bytes_of[exported.sha256].decode().splitlines()
    old = [line.replace("2009-08", "2009-05") for line in lines[1:20]]
    delivered = [replace(each, oldest=oldest) if each == exported else each for each in release.delivered]
    contents = release.bytes_of | {exported.sha256: "\n".join([lines[0], *old, *lines[1:], ""]).encode()}
    assert (release.differences(delivered=delivered, content=contents.__getitem__) == []) is agrees


def test_months_before_the_calendar_count_for_nothing_and_need_not_be_readable(release: Release):
    contents = dict(release.bytes_of)
    for name in ("recorded_crime", "criminal_networks", "population", "peer_forces"):
        newest = max((each for each in release.delivered if each.extract == name), key=lambda each: each.month)
        lines = contents[newest.sha256].decode().splitlines()
        cells = lines[1].split(",")
        dated = [place for place, column in enumerate(lines[0].split(",")) if "month" in column]
        old = ["2006-12" if place in dated else cell for place, cell in enumerate(cells)]
        contents[newest.sha256] = "\n".join([lines[0], ",".join([*old[:-1], "a dozen"]), *lines[1:], ""]).encode()
    assert release.differences(content=contents.__getitem__) == []


def test_only_what_the_report_months_can_see_is_read_and_each_file_once(release: Release):
    asked = []

    def content(sha256: str) -> bytes:
        asked.append(sha256)
        return release.bytes_of[sha256]

    month = date(2008, 6, 1)
    ancient = Delivered("criminal_networks", date(2004, 5, 1), "criminal_networks/2004-05.csv", "never asked for")
    release.recompute(month, date(2008, 5, 1), delivered=[ancient, *release.delivered], content=content)
    assert len(asked) == len(set(asked))
    seen = {each.sha256 for each in release.delivered if each.month <= month and each.extract != "commentary"}
    assert set(asked) == seen


HEADER = ("month", "borough", "offences")
HELD = [("2009-07", "Barnet", "1204"), ("2009-07", "Camden", "0"), ("2009-08", "Tower, the", "7")]


def comma_separated() -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([HEADER, *HELD])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def workbook() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(HEADER)
    for month, borough, offences in HELD:
        book.active.append((date.fromisoformat(f"{month}-01"), borough, int(offences)))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def parquet() -> bytes:
    months, boroughs, offences = zip(*HELD, strict=True)
    days = [date.fromisoformat(f"{month}-01") for month in months]
    file = io.BytesIO()
    counts = [int(number) for number in offences]
    pl.DataFrame({"month": days, "borough": boroughs, "offences": counts}).write_parquet(file)
    return file.getvalue()


@pytest.mark.parametrize(("suffix", "content"), [("csv", comma_separated), ("xlsx", workbook), ("parquet", parquet)])
def test_the_same_rows_are_read_from_every_format_and_their_lines_counted_alike(suffix: str, content: Callable):
    delivered = Delivered("any", NEWEST, f"any/2009-08.{suffix}", "")
    rows = [dict(zip(HEADER, row, strict=True)) for row in HELD]
    assert list(files.rows(delivered, content())) == rows
    assert list(files.rows(replace(delivered, left_out=frozenset({3})), content())) == [rows[0], rows[2]]


def test_figures_are_read_as_their_source_declares_to_write_them_and_one_that_it_does_not_say_is_none():
    text = 'borough,offences,arrests\nBarnet,*,(12)\nCamden,"1,204",-\nEnfield,-1,..\n'
    markers = {"*": "suppressed", "..": "not available", "-": "zero"}
    notations = {name: files.Notation(markers, ",", brackets=True) for name in ("offences", "arrests")}
    delivered = Delivered("any", NEWEST, "any/2009-08.csv", "", notations=notations)
    read = [(row["offences"], row["arrests"]) for row in files.rows(delivered, text.encode())]
    assert read == [(None, "-12"), ("1204", "0"), ("-1", None)]


SUPPRESSED = {
    # of the force alone, of one borough among others, of one of two figures of a row
    "class_a_trafficking/2009-08.csv": ("sanction_detections", 4, {"ecstasy_trafficking_detections"}),
    "recorded_crime/2009-08.csv": ("offences", 1, {"residential_burglary_offences"}),
    "domestic_violence/2009-08.csv": ("arrests", 7, {"domestic_violence_arrests"}),
}


@pytest.mark.parametrize(("file", "suppressed"), SUPPRESSED.items())
def test_a_figure_that_its_source_suppresses_takes_the_value_of_every_figure_with_it_and_of_no_other(
    release: Release, file: str, suppressed: tuple
):
    column, line, series = suppressed
    changed = release.of_file(file)
    table = [row.split(",") for row in release.bytes_of[changed.sha256].decode().splitlines()]
    table[line][table[0].index(column)] = "*"
    contents = release.bytes_of | {changed.sha256: "\n".join(map(",".join, table)).encode()}
    marked = replace(changed, notations={column: files.Notation({"*": "suppressed"}, "", brackets=False)})
    delivered = [marked if each == changed else each for each in release.delivered]
    sentences = release.differences(delivered=delivered, content=contents.__getitem__)
    in_the_month = {named(row) for row in release.of(NEWEST) if row["data_to"] == NEWEST}
    assert names(sentences) == release.figures_with(series) & in_the_month
    assert all("the deliveries say printed 'not available', value none" in sentence for sentence in sentences)


def test_the_tail_of_a_formula_is_no_difference(release: Release):
    changed = release.of_file("peer_forces/2009-08.csv")
    text = release.bytes_of[changed.sha256].decode().splitlines()
    rows = [text[0], *(f"{row}00000000004" for row in text[1:])]
    contents = release.bytes_of | {changed.sha256: "\n".join(rows).encode()}
    assert release.differences(content=contents.__getitem__) == []


@given(
    some.builds(Fraction, some.integers(-(10**7), 10**7), some.integers(1, 10**4)),
    some.sampled_from([(unit, sign) for unit in printing.UNITS for sign in printing.SIGNS]),
    some.integers(0, 4),
    some.sampled_from([None, 11]),
)
def test_the_audit_prints_as_the_card_does(value: Fraction, style: tuple, decimals: int, out_of: int | None):
    by_the_audit = printing.printed(value, *style, decimals, out_of)
    assert by_the_audit == display.printed(float(value), *style, decimals, out_of)


def test_the_audit_knows_every_word_that_the_card_can_print(release: Release):
    assert printing.UNITS.keys() == display.UNITS.keys()
    assert printing.SIGNS.keys() == display.SIGNS.keys()


def test_the_audit_looks_back_as_far_as_the_models():
    project = yaml.safe_load((PROJECT / "dbt_project" / "dbt_project.yml").read_text(encoding="utf-8"))
    assert project["vars"]["months_of_history"] == known.HISTORY


@pytest.mark.parametrize(
    ("table", "change", "says"),
    [
        ("figures", (",margin_of_error,satisfaction", ",median,satisfaction"), "the audit knows no statistic 'median'"),
        ("figures", (",ordinal,", ",roman,"), "the audit knows no unit 'roman'"),
        ("series", (",recorded_crime,", ",stop_and_search,"), "how rows of stop_and_search become series"),
    ],
)
def test_a_word_that_the_audit_has_no_rule_for_stops_it_by_name(
    release: Release, tmp_path: Path, table: str, change: tuple[str, str], says: str
):
    for path in release.catalogue.glob("*.csv"):
        text = path.read_text(encoding="utf-8")
        changed = text.replace(*change, 1) if path.stem == table else text
        assert (changed != text) == (path.stem == table)
        (tmp_path / path.name).write_text(changed, encoding="utf-8")
    with pytest.raises(CannotAudit, match=says):
        replace(release, catalogue=tmp_path).recompute(NEWEST)


def test_a_file_that_the_audit_cannot_read_is_named(release: Release):
    spoilt = release.of_file("recorded_crime/2009-08.csv")
    for content in (b"", b"month,borough\n2009-08,Barnet\n", b"\x00\xff\n"):
        contents = release.bytes_of | {spoilt.sha256: content}
        with pytest.raises(CannotAudit, match=r"^recorded_crime/2009-08\.csv: the audit cannot read it"):
            release.recompute(NEWEST, content=contents.__getitem__)


def asked(first: int, last: int, agreed: int, respondents: int) -> Window:
    months_of = last - first + 1
    return Window(first, last, months_of, months_of, Fraction(agreed), Fraction(respondents), [])


@pytest.mark.parametrize("statistic", ["gap", "ratio_of_shares", "margin_of_error"])
def test_a_month_is_not_compared_with_a_quarter(statistic: str):
    month, quarter = asked(24113, 24113, 3, 4), asked(24111, 24113, 6, 12)
    for own, compared in ((month, quarter), (quarter, month)):
        assert recomputed(statistic, Given(own, None, compared, None, None)) is None
    assert recomputed(statistic, Given(month, None, asked(24113, 24113, 1, 4), None, None)) is not None


def test_the_audit_shares_nothing_with_what_it_audits():
    may = {*sys.stdlib_module_names, "openpyxl", "pyarrow"}
    modules = sorted(AUDIT.rglob("*.py"))
    assert modules
    for path in modules:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            found = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{path.name} has a relative import"
                found = [f"{node.module}.{alias.name}" for alias in node.names]
            for name in found:
                own = name.startswith("orchestration.audit.") or name == "orchestration.audit"
                assert own or name.partition(".")[0] in may, f"{path.name} imports {name}"
