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
from hypothesis import given
from hypothesis import strategies as some

from orchestration import audit, settings, years
from orchestration.audit import CannotAudit, Delivered, files, organisation, printing
from orchestration.audit import catalogue as definitions
from orchestration.audit.months import number
from orchestration.audit.statistics import Inputs, recomputed
from orchestration.audit.windows import Window
from orchestration.organisation import declared
from orchestration.scorecard import display
from orchestration.scorecard.units import UNITS
from tests.conftest import PROJECT, Built

NEWEST = date(2009, 8, 1)


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
        content = content or self.bytes_of.__getitem__
        return audit.recompute(deliveries, content, list(report_months), self.catalogue, settings.ORGANISATION).figures

    def differences(self, **changed) -> list[str]:
        """What differs on the newest card when the deliveries are changed under it."""
        return audit.differences(self.recompute(NEWEST, **changed), self.of(NEWEST))

    def lines(self, file: str) -> list[str]:
        return self.bytes_of[self.of_file(file).sha256].decode().splitlines()

    def differences_with(self, file: str, lines: list[str], **declared) -> list[str]:
        """What differs on the newest card when a delivery has other lines, or is declared otherwise."""
        changed = self.of_file(file)
        return self.differences(
            delivered=[replace(each, **declared) if each == changed else each for each in self.delivered],
            content=(self.bytes_of | {changed.sha256: "\n".join([*lines, ""]).encode()}).__getitem__,
        )

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


@pytest.fixture(scope="module")
def of_newest(release: Release) -> dict:
    """The figures of the newest card."""
    return release.recompute(NEWEST)


def test_every_figure_of_every_card_is_recomputed_alike_together_and_alone(release: Release):
    months = sorted({row["report_month"] for row in release.figures})
    together = release.recompute(*months)
    assert audit.differences(together, release.figures) == []
    assert len(together) == len(release.figures) > 1_000
    assert len(months) == 17
    for month in (months[0], months[-1]):
        assert release.recompute(month) == {key: figure for key, figure in together.items() if key[0] == month}


ANOTHER = date(2001, 1, 1)
WRONG = {
    "value": (lambda row: row["value"] * (1 + 1e-6), "value "),
    "no value": (lambda row: None, "value none"),
    "printed": (lambda row: "12.3%", "printed '12.3%'"),
    "out_of": (lambda row: 99, "out of 99"),
    "data_from": (lambda row: ANOTHER, "window 2001-01 to "),
    "data_to": (lambda row: ANOTHER, "window "),
    "against_from": (lambda row: ANOTHER, "compared with 2001-01 to "),
    "against_to": (lambda row: ANOTHER, "compared with "),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_figure_published_wrongly_is_named_with_both_sides_and_nothing_else(
    release: Release, of_newest: dict, wrong: str
):
    change, shown = WRONG[wrong]
    for name in ("latest", "target", "rank_msf"):
        published = release.of(NEWEST)
        row = next(row for row in published if row["name"] == name and row["value"])
        row[wrong.removeprefix("no ")] = change(row)
        (sentence,) = audit.differences(of_newest, published)
        assert sentence.startswith(f"{named(row)}: the card has {shown}")
        assert "; the deliveries give " in sentence
        assert sentence.count("printed") == 2 * (wrong == "printed")


def test_a_figure_that_the_card_lacks_or_has_too_many_is_named(release: Release, of_newest: dict):
    published = release.of(NEWEST)
    lacking = published.pop(7)
    published.append(lacking | {"name": "never_heard_of"})
    lacks, too_many = sorted(audit.differences(of_newest, published), key=lambda it: "no such" in it)
    assert lacks == f"{named(lacking)}: the card lacks it; the deliveries give '{lacking['printed']}'"
    assert too_many.startswith(f"{named(published[-1])}: the card has ")


CRIME = "recorded_crime/2009-08.csv"


def test_one_count_changed_in_one_delivery_is_found_in_every_figure_that_counts_it_and_in_no_other(release: Release):
    lines = release.lines(CRIME)
    month, borough, group, offences, detections = lines[1].split(",")
    lines[1] = ",".join((month, borough, group, str(int(offences) + 1), detections))
    in_the_month = {named(row) for row in release.of(NEWEST) if row["data_to"] == NEWEST}
    affected = release.figures_with({f"{group}_offences"}) & in_the_month
    assert len(affected) > 2
    assert names(release.differences_with(CRIME, lines)) == affected


def test_a_missing_delivery_or_line_is_found_in_every_figure_of_its_series(release: Release):
    with (release.catalogue / "series.csv").open(encoding="utf-8", newline="") as file:
        series = {row["series"] for row in csv.DictReader(file) if row["extract"] == "recorded_crime"}
    group = release.lines(CRIME)[1].split(",")[2]
    without = release.differences(delivered=[each for each in release.delivered if each.file != CRIME])
    left_out = release.differences_with(CRIME, release.lines(CRIME), left_out=frozenset({2}))
    assert names(without) == release.figures_with(series)
    assert names(left_out) == release.figures_with({f"{group}_offences", f"{group}_detections"})
    for sentence in (*without, *left_out):
        assert "latest" not in sentence or (" to 2009-08" in sentence and " to 2009-07" in sentence)


def test_a_line_left_out_of_a_delivery_need_not_be_readable(release: Release):
    first, *rest = release.lines(CRIME)
    assert release.differences_with(CRIME, [first, '2009-08,"Barnet,', *rest], left_out=frozenset({2})) == []


@pytest.mark.parametrize("oldest, agrees", [(date(2009, 6, 1), True), (None, False)])
def test_rows_older_than_may_be_restated_do_not_count(release: Release, oldest: date | None, agrees: bool):
    """The export of a whole history, with other figures in the part that does not count."""
    header, *rows = release.lines(CRIME)
    old = [row.replace("2009-08", "2009-05") for row in rows[:19]]
    assert (release.differences_with(CRIME, [header, *old, *rows], oldest=oldest) == []) is agrees


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
    # of what came later, a delivery that goes back to a month of the cards may hold a small count of it
    going_back = release.of_file("weapon_enabled_crime/2008-07.csv")
    delivered = [each if each == going_back else replace(each, oldest=each.month) for each in release.delivered]
    release.recompute(month, date(2008, 5, 1), delivered=[ancient, *delivered], content=content)
    assert len(asked) == len(set(asked))
    seen = {each.sha256 for each in release.delivered if each.month <= month and each.extract != "commentary"}
    assert set(asked) == seen | {going_back.sha256}


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
    its_rows = files.with_plain_figures(delivered, files.rows(delivered, text.encode()))
    read = [(row["offences"], row["arrests"]) for row in its_rows]
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
    table = [row.split(",") for row in release.lines(file)]
    table[line][table[0].index(column)] = "*"
    notations = {column: files.Notation({"*": "suppressed"}, "", brackets=False)}
    sentences = release.differences_with(file, list(map(",".join, table)), notations=notations)
    in_the_month = {named(row) for row in release.of(NEWEST) if row["data_to"] == NEWEST}
    assert names(sentences) == release.figures_with(series) & in_the_month
    assert all("the deliveries give printed 'not available', value none" in sentence for sentence in sentences)


def test_the_tail_of_a_formula_is_no_difference(release: Release):
    header, *rows = release.lines("peer_forces/2009-08.csv")
    with_tails = [header, *(f"{row}00000000004" for row in rows)]
    assert release.differences_with("peer_forces/2009-08.csv", with_tails) == []


KNOWN = definitions.read(settings.CATALOGUE, settings.ORGANISATION)


@given(
    some.builds(Fraction, some.integers(-(10**7), 10**7), some.integers(1, 10**4)),
    some.sampled_from([(unit, sign) for unit in UNITS for sign in printing.SIGNS]),
    some.integers(0, 4),
    some.sampled_from([None, 11]),
)
def test_the_audit_prints_as_the_card_does(value: Fraction, style: tuple, decimals: int, out_of: int | None):
    unit, sign = style
    by_the_audit = printing.printed(value, KNOWN.units[unit], sign, decimals, out_of)
    assert by_the_audit == display.printed(float(value), unit, sign, decimals, out_of)


def test_the_audit_knows_the_words_that_cards_can_print_and_reads_the_year_as_the_pipeline_does():
    assert {name: it[:3] for name, it in KNOWN.units.items()} == {
        name: (Fraction(it.scale), it.before, it.behind) for name, it in UNITS.items()
    }
    assert printing.SIGNS.keys() == display.SIGNS.keys()
    audited = organisation.read(settings.ORGANISATION)
    assert audited.history == declared().months_of_history
    assert audited.years({"2009/10"}) == {number(month): years.of_month(month) for month in years.calendar()}
    for month in years.calendar():
        row = years.row(month)
        starts = (audited.year_start(number(month)), audited.quarter_start(number(month)))
        assert starts == (number(row["financial_year_start"]), number(row["quarter_start"]))


@pytest.mark.parametrize(
    ("table", "change", "message"),
    [
        ("figures", (",margin_of_error,satisfaction", ",median,satisfaction"), "the audit knows no statistic 'median'"),
        ("figures", (",ordinal,", ",roman,"), "the audit knows no unit 'roman'"),
        ("series", (",recorded_crime,", ",stop_and_search,"), "how rows of stop_and_search become series"),
    ],
)
def test_a_word_that_the_audit_has_no_rule_for_stops_it_by_name(
    release: Release, tmp_path: Path, table: str, change: tuple[str, str], message: str
):
    for path in release.catalogue.glob("*.csv"):
        text = path.read_text(encoding="utf-8")
        changed = text.replace(*change, 1) if path.stem == table else text
        assert (changed != text) == (path.stem == table)
        (tmp_path / path.name).write_text(changed, encoding="utf-8")
    with pytest.raises(CannotAudit, match=message):
        replace(release, catalogue=tmp_path).recompute(NEWEST)


def test_a_file_that_the_audit_cannot_read_is_named(release: Release):
    spoilt = release.of_file("recorded_crime/2009-08.csv")
    for content in (b"", b"month,borough\n2009-08,Barnet\n", b"\x00\xff\n"):
        contents = release.bytes_of | {spoilt.sha256: content}
        with pytest.raises(CannotAudit, match=r"^recorded_crime/2009-08\.csv: the audit cannot read it"):
            release.recompute(NEWEST, content=contents.__getitem__)


def window(first: int, last: int, agreed: int, respondents: int) -> Window:
    months_of = last - first + 1
    return Window(first, last, months_of, months_of, Fraction(agreed), Fraction(respondents), [])


@pytest.mark.parametrize("statistic", ["gap", "ratio_of_shares", "margin_of_error"])
def test_a_month_is_not_compared_with_a_quarter(statistic: str):
    month, quarter = window(24113, 24113, 3, 4), window(24111, 24113, 6, 12)
    for own, compared in ((month, quarter), (quarter, month)):
        assert recomputed(statistic, Inputs(own, None, compared, None, None)) is None
    assert recomputed(statistic, Inputs(month, None, window(24113, 24113, 1, 4), None, None)) is not None


def test_the_audit_imports_nothing_but_the_standard_library_and_three_readers():
    """import-linter keeps it apart from the other rooms; here from the libraries that they compute with."""
    allowed = {*sys.stdlib_module_names, "openpyxl", "pyarrow", "yaml", "orchestration"}
    for path in (PROJECT / "orchestration" / "audit").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) else []
            assert {name.partition(".")[0] for name in names} <= allowed, path.name
