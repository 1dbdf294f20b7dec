"""From deliveries to figures: each file that a report month can see is read once."""

from collections.abc import Callable, Collection, Iterable
from datetime import date
from pathlib import Path
from typing import NamedTuple

from orchestration.audit import catalogue as definitions
from orchestration.audit import files, months, published, records, series
from orchestration.audit.catalogue import CannotAudit, Catalogue
from orchestration.audit.figures import BEFORE, Recomputed, figures
from orchestration.audit.files import Delivered
from orchestration.audit.known import Read
from orchestration.audit.letters import Letters, letters
from orchestration.audit.printing import SIGNS
from orchestration.audit.records import Records
from orchestration.audit.regions import RegionWindow, Sums, regions
from orchestration.audit.statistics import OF_WINDOWS
from orchestration.audit.suppression import suppressed


class Recomputation(NamedTuple):
    """Every figure, by report month, line and name; every letter; what is suppressed; the sums of regions."""

    figures: dict[tuple[date, str, str], Recomputed]
    letters: dict[tuple[date, str], Letters]
    suppressed: set[tuple[str, str, date]]
    regions: dict[RegionWindow, Sums]


def recompute(
    delivered: Iterable[Delivered],
    content: Callable[[str], bytes],
    report_months: list[date],
    catalogue: Path,
    organisation: Path,
    *,
    suppressed_before: Iterable[tuple[str, str, date]] = (),
) -> Recomputation:
    """Recompute the report months from the effective deliveries.

    `content` gives the bytes of a digest, `catalogue` is the folder of its tables, `organisation` that of the
    declarations. What was suppressed before stays suppressed. Raises CannotAudit with a sentence where the catalogue or
    a file has something that the audit has no rule for.
    """
    known = definitions.read(catalogue, organisation)
    _refuse_unknown_words(known)
    held = {name: Records({}, {}) for name in known.sources}
    seen = sorted((each for each in delivered if _seen(each, report_months, known)), key=lambda each: each.month)
    read = [_read(each, content, known, held[each.extract]) for each in seen]
    before = frozenset((measure, area, months.number(month)) for measure, area, month in suppressed_before)
    small = suppressed(known, [each.areas for each in read]) | before
    cards = {month: figures(known, read, month, small) for month in sorted(set(report_months))}
    judged = {
        month: letters(known.lines.get(number := months.number(month), []), its, number) for month, its in cards.items()
    }
    return Recomputation(
        {(month, line, name): figure for month, its in cards.items() for (line, name), figure in its.items()},
        {(month, line): right for month, its in judged.items() for line, right in its.items()},
        {(measure, area, day) for measure, area, month in small if (day := months.first_day(month))},
        {key: sums for month, its in cards.items() for key, sums in regions(known, read, month, small, its).items()},
    )


def _seen(delivered: Delivered, report_months: list[date], catalogue: Catalogue) -> bool:
    """Whether a delivery has anything for a report month. None of its rows lies after its own month."""
    if not report_months:
        return False
    if delivered.month > max(report_months):
        # a later one tells nothing but that a count of these months is small
        months_of_cards = delivered.oldest is None or delivered.oldest <= max(report_months)
        return months_of_cards and delivered.extract in catalogue.extracts_with_small_counts
    source = catalogue.sources.get(delivered.extract)
    if source is None or source.of_peers or delivered.extract in catalogue.carried:
        return source is not None
    return (
        bool(source.series)
        and months.number(delivered.month) > months.number(min(report_months)) - catalogue.organisation.history
    )


def _read(delivered: Delivered, content: Callable[[str], bytes], catalogue: Catalogue, held: Records) -> Read:
    # an export of the whole history holds more than counts
    first = min(catalogue.financial_years)
    if delivered.oldest is not None:
        first = max(first, months.number(delivered.oldest))
    whole = catalogue.sources[delivered.extract]
    source = whole.at(months.number(delivered.month))
    delivered_rows = files.rows(delivered, content(delivered.sha256), source.layout)
    cells = published.rows(source, delivered_rows, catalogue.organisation.january)
    its_rows = files.with_plain_figures(delivered, cells)
    try:
        if source.of_peers:
            return Read(delivered.extract, delivered.month, series.by_period(source, its_rows, catalogue, first), {})
        if source.is_set("across_deliveries"):
            its_rows = records.after(whole, held, its_rows, first)
            source, first = whole, min(catalogue.financial_years)
        areas = series.by_area(source, its_rows, catalogue, first)
        needed = catalogue.regions or delivered.extract in catalogue.extracts_with_small_counts
        small = areas if needed else {}
        return Read(delivered.extract, delivered.month, series.of_the_whole(areas, catalogue), small)
    except Exception as error:  # whatever the readers raise on a damaged file
        raise CannotAudit(
            f"{delivered.file}: the audit cannot read it ({type(error).__name__}: {error}); "
            "orchestration/audit states how its rows become series"
        ) from error


def _refuse_unknown_words(catalogue: Catalogue) -> None:
    """Otherwise a word that only the models know would be a figure that nobody recomputes."""
    declared = {extract for extract, source in catalogue.sources.items() if source.series}
    for extract in sorted({each.extract for each in catalogue.series.values()} - declared):
        raise CannotAudit(
            f"series.csv: the audit does not know how rows of {extract} become series: "
            f"declare it in the field `series` of {extract}.yml"
        )
    known: dict[str, Collection[str | None]] = {
        "statistic": {*OF_WINDOWS, "rank", "peer_value"},
        "basis": {None, "rolling_year", "year_to_date", "financial_year", "quarter", "latest"},
        "ends": {*BEFORE, "last_march", "quarter_1", "quarter_2", "quarter_3", "quarter_4"},
        "against": {None, "year_before", "quarter_before", "last_march"},
        "unit": catalogue.units.keys(),
        "sign": SIGNS.keys(),
    }
    of_years = {catalogue.financial_years[month]: its for month, its in catalogue.figures.items()}
    for year, its in of_years.items():
        for figure in its:
            for what, words in known.items():
                if (word := getattr(figure, what)) not in words:
                    raise CannotAudit(
                        f"{figure.name} of line {figure.line} in {year}: the audit knows no {what} '{word}': "
                        "state it in orchestration/audit"
                    )
