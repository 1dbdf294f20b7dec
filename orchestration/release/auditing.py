"""The audit before a release: every figure and letter of its cards, recomputed from the vault by independent code."""

from datetime import date

import duckdb

from orchestration import audit, months, settings, warehouse
from orchestration.errors import UserError
from orchestration.raw.files import vault
from orchestration.raw.landing.raw_tables import EFFECTIVE
from orchestration.raw.sources.extracts import BY_NAME
from orchestration.scorecard import mart

SHOWN = 20

LETTERS = "select report_month, line, status from scorecard.scorecard where report_month in $1"

MONTHS = """
    select distinct measure, area, months.month, suppressed.month is not null
    from measures.monthly_measures as months
    left join measures.suppressed_months as suppressed using (measure, area, month)
    where months.report_month in $1
"""

REGIONS = """
    select report_month, basis, measure, region, month, numerator::double, denominator::double
    from ({windows}) as windows
    semi join scorecard.scorecard as card
        on windows.report_month = card.report_month and windows.measure = card.measure and windows.basis = card.basis
        and windows.month in (card.data_to, card.data_to - interval 1 year)
    where windows.report_month in $1
"""


class AuditFailed(UserError):
    """The cards differ from the deliveries; the message has a sentence for each figure."""


def check(report_months: list[date]) -> int:
    """Recompute every figure of these cards from the vault.

    Returns how many agree; raises AuditFailed where one does not.
    """
    with warehouse.reading() as connection:
        delivered = effective(connection)
        figures = connection.sql("select * from scorecard.figures where report_month in $1", params=[report_months])
        figures = figures.pl().to_dicts()
        before = connection.execute("from run.suppressed_before").fetchall()
        letters = connection.execute(LETTERS, [report_months]).fetchall()
        shown = connection.execute(MONTHS, [report_months]).fetchall()
        of_regions = _regions(connection, report_months) if "region_windows" in mart.VIEWS else {}
    try:
        recomputed = recompute(delivered, report_months, before)
    except audit.CannotAudit as error:
        raise AuditFailed(f"The cards cannot be audited, so they are not published: {error}") from error
    found = audit.differences(recomputed.figures, figures)
    found += audit.differences_in_letters(recomputed.letters, letters)
    found += audit.differences_of_regions(recomputed.regions, of_regions)
    if found := found + audit.differences_in_suppression(recomputed.suppressed, shown):
        more = [f"... and {len(found) - SHOWN} more"] if len(found) > SHOWN else []
        raise AuditFailed(
            "The cards differ from the deliveries, so they are not published. The mistake lies in the models or "
            "the audit, not in a delivery:\n" + "\n".join([*found[:SHOWN], *more])
        )
    return len(figures)


def _regions(connection: duckdb.DuckDBPyConnection, report_months: list[date]) -> dict[audit.RegionWindow, tuple]:
    """The sums of regions behind the latest figures of these cards, as the view of a release has them."""
    for table in ("rolling_year", "year_to_date", "areas"):
        connection.execute(f"create temp view {table} as from {mart.TABLES[table].relation}")
    rows = connection.execute(REGIONS.format(windows=mart.VIEWS["region_windows"].query), [report_months]).fetchall()
    return {audit.RegionWindow(*key): (numerator, denominator) for *key, numerator, denominator in rows}


def recompute(
    delivered: list[audit.Delivered], report_months: list[date], suppressed_before: list[tuple]
) -> audit.Recomputation:
    """Every figure of these cards, and what is suppressed, from the vault. Raises CannotAudit."""
    content, catalogue, declared = vault.content, settings.CATALOGUE, settings.ORGANISATION
    return audit.recompute(delivered, content, report_months, catalogue, declared, suppressed_before=suppressed_before)


def effective(connection: duckdb.DuckDBPyConnection) -> list[audit.Delivered]:
    """The effective deliveries, each with the lines that were left out."""
    lines = connection.execute(
        """
        select deliveries.extract, deliveries.delivery_month, deliveries.file, deliveries.sha256,
            coalesce(list(distinct quarantine.line) filter (where quarantine.line is not null), [])
        from raw.deliveries
        left join raw.quarantine
            on deliveries.extract = quarantine.extract
            and deliveries.delivery_month = quarantine.delivery_month
            and deliveries.sha256 = quarantine.sha256 -- not a waiting replacement
            and quarantine.cells is not null
        where deliveries.status in $1
        group by all
        """,
        [list(EFFECTIVE)],
    ).fetchall()
    return [
        audit.Delivered(
            name, month, file, sha256, frozenset(left_out), oldest=_oldest(name, month), notations=notations(name)
        )
        for name, month, file, sha256, left_out in lines
    ]


def _oldest(name: str, delivery_month: date) -> date | None:
    """The month before which a delivery may not restate any; None of an extract whose rows have no month."""
    extract = BY_NAME.get(name)
    return months.shift(delivery_month, -extract.oldest) if extract and extract.dated else None


def notations(extract: str) -> dict[str, audit.Notation]:
    """How the source of an extract writes figures, as declared, by column."""
    columns = BY_NAME[extract].columns if extract in BY_NAME else ()
    declared = {each.name: audit.Notation(each.markers, each.thousands, each.brackets) for each in columns}
    return {name: notation for name, notation in declared.items() if any(notation)}
