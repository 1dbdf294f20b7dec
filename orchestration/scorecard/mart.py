"""The mart, a contract: what downstream reads. Its tables, and the contracts of the scorecard and its figures."""

from dataclasses import dataclass

import pandera.polars as pa
import polars as pl

from orchestration.scorecard import explanations, notices, views
from orchestration.scorecard.columns import (
    A_FIGURE,
    DIRECTIONS,
    LETTERS,
    LINE,
    REPORT_MONTH,
    column,
    contract,
    descriptions,
    rule,
    types,
)
from orchestration.scorecard.display import SIGNS, UNITS
from orchestration.scorecard.kinds import BASES

SCORECARD = contract(
    "One row per report month and line: the red/amber/green card as printed, and what it stands on.",
    {
        "report_month": REPORT_MONTH,
        "financial_year": LINE["financial_year"],
        "position": column(pl.Int32, "Its place on the card, from 1.", pa.Check.ge(1), nullable=False),
        "line": column(
            pl.String,
            "Its reference on the card, as 4a; another year may mean another thing by it.",
            nullable=False,
        ),
        "section": column(pl.String, "The heading it stands under.", nullable=False),
        "title": column(pl.String, "What it is about.", nullable=False),
        "codes": column(pl.String, "Its national references, separated by semicolons."),
        "measure": column(pl.String, "The measure of the latest figure; null for a narrative row."),
        "basis": column(pl.String, "The kind of window of the latest figure.", pa.Check.isin(BASES)),
        "data_from": column(pl.Date, "First month of the latest figure's window."),
        "data_to": column(pl.Date, "Last month of the latest figure's window."),
        "period": column(pl.String, "The window as printed; null where it is the card's own."),
        "value": column(pl.Float64, f"The latest figure, unrounded; {A_FIGURE}."),
        "unit": column(pl.String, "How it prints.", pa.Check.isin(list(UNITS))),
        "latest": column(pl.String, "The latest figure as printed."),
        "target": column(pl.Float64, f"The target; {A_FIGURE}."),
        "target_text": column(pl.String, "The target cell as printed."),
        "status": column(
            pl.String,
            "G on or above target, A marginally below, R well below; null where not judged.",
            pa.Check.isin(LETTERS),
        ),
        "status_reason": column(pl.String, "Why this letter, or why none, in words.", nullable=False),
        "previous_value": column(pl.Float64, f"The same figure for the same window a year before; {A_FIGURE}."),
        "direction_of_travel": column(
            pl.String, "Against the same window a year before, as printed.", pa.Check.isin(DIRECTIONS)
        ),
        "months_present": column(pl.Int32, "Months of the window that are known.", pa.Check.ge(0)),
        "months_expected": column(pl.Int32, "Months the window has.", pa.Check.ge(1)),
        "provisional": column(pl.Boolean, "Whether a provisional month entered the latest figure."),
        "accepted": column(
            pl.String, "What a person vouched for that entered the row: the deliveries, each with the reason given."
        ),
        "replacement_waiting": column(
            pl.String,
            "The deliveries that entered the row and for which a replacement waits that is not valid, or not accepted.",
        ),
        "comment": column(pl.String, "The comment as printed, its numbers filled from figures."),
        "confirmed": column(
            pl.String, "Why its words still hold, where a person confirmed the comment after its numbers had changed."
        ),
        "summary": column(
            pl.String,
            "The line in one or two sentences made from its figures; printed where there is no comment.",
            nullable=False,
        ),
        "release": column(pl.String, "Which release first printed this row as it stands.", nullable=False),
    },
    rule(
        "a letter has a value and a target",
        pl.col("status").is_null() | (pl.col("value").is_not_null() & pl.col("target").is_not_null()),
    ),
    rule(
        "a value stands on a complete window",
        pl.col("value").is_null() | (pl.col("months_present") == pl.col("months_expected")).fill_null(True),
    ),
)

FIGURES = contract(
    "One row per report month, line and figure: every number the card prints, with the window it covers.",
    LINE
    | {
        "name": column(
            pl.String, "latest, target, year_before, or the name a comment gives in braces.", nullable=False
        ),
        "statistic": column(pl.String, "How it is computed.", nullable=False),
        "measure": column(pl.String, "What it is about (catalogue: measures; for a rank, the peers' measure)."),
        "compare_measure": column(pl.String, "The second measure of a gap or a ratio of shares."),
        "basis": column(pl.String, "The kind of window.", pa.Check.isin(BASES)),
        "data_from": column(pl.Date, "First month of its window."),
        "data_to": column(pl.Date, "Last month of its window."),
        "against_from": column(pl.Date, "First month of the window it is compared with."),
        "against_to": column(pl.Date, "Last month of the window it is compared with."),
        "numerator": column(pl.Decimal(18, 2), "Sum it is computed from."),
        "denominator": column(pl.Decimal(18, 2), "Sum it is divided by."),
        "against_numerator": column(pl.Decimal(18, 2), "Sum of the window it is compared with."),
        "against_denominator": column(pl.Decimal(18, 2), "Sum that one is divided by."),
        "compare_numerator": column(pl.Decimal(18, 2), "Sum of the second measure."),
        "compare_denominator": column(pl.Decimal(18, 2), "Sum that one is divided by."),
        "value": column(pl.Float64, f"The value, unrounded; {A_FIGURE}."),
        "out_of": column(pl.Int32, "The n of k of n, the m of n-th of m."),
        "unit": column(pl.String, "How it prints.", pa.Check.isin(list(UNITS)), nullable=False),
        "sign": column(pl.String, "How its sign prints.", pa.Check.isin([name for name in SIGNS if name])),
        "decimals": column(pl.Int32, "Places it is printed to; null for as set.", pa.Check.in_range(0, 6)),
        "months_present": column(pl.Int32, "Months of the window that are known."),
        "months_expected": column(pl.Int32, "Months the window has."),
        "provisional": column(pl.Boolean, "Whether a provisional value entered.", nullable=False),
        "missing_reason": column(pl.String, "Why there is no value, in words."),
        "printed": column(pl.String, "The value as printed.", nullable=False),
    },
    key=("report_month", "line", "name"),
)

REPUBLISHED = "One row per release and printed cell that came out differently from the release before."
REPUBLISHED_COLUMNS = {
    "release": "The release that prints the new text.",
    "report_month": "The month of the card.",
    "line": "The line of the card.",
    "card_column": "The column of the card.",
    "text_before": "As printed before.",
    "text": "As printed from this release on.",
}

EDITIONS = "One row per card: the page, workbook and other files of it that stand, and since when."
EDITIONS_COLUMNS = {
    "report_month": "The month of the card.",
    "release": "The release that its files were written for, and which they name; later ones keep them as they are.",
    "editions_version": "The version of what writes them.",
}

RELEASE = "One row: which release this database is."
RELEASE_COLUMNS = {
    "release": "Its name, as of its folder.",
    "published_at": "When it was written, UTC.",
    "code": "The version of the code, the models and the catalogue that made it.",
}

# The tables about the release itself and those before it, made when it is published.
OF_THE_RELEASE = {
    "republished": (REPUBLISHED, REPUBLISHED_COLUMNS),
    "notices": descriptions(notices.SCHEMA),
    "editions": (EDITIONS, EDITIONS_COLUMNS),
}

NOTICES = notices.SCHEMA
MADE_HERE = {"scorecard": SCORECARD, "figures": FIGURES} | explanations.SCHEMAS


@dataclass(frozen=True)
class Published:
    """A table of the release: the warehouse's table it comes from, and whether it is kept by report month."""

    relation: str
    by_report_month: bool
    order_by: str
    without: str | None = None  # columns that are the pipeline's own business


TABLES = {
    "scorecard": Published("scorecard.scorecard", True, "report_month, position"),
    "figures": Published("scorecard.figures", True, "report_month, line, name"),
    "judgements": Published("scorecard.judgements", True, "report_month, line"),
    "judgement_steps": Published("scorecard.judgement_steps", True, "report_month, line, step"),
    "intervals": Published("scorecard.intervals", True, "report_month, line, name"),
    "run_rates": Published("scorecard.run_rates", True, "report_month, line"),
    "outturns": Published("scorecard.outturns", True, "report_month, line"),
    "trends": Published("scorecard.trends", True, "report_month, line, month"),
    "trend_marks": Published("scorecard.trend_marks", True, "report_month, line"),
    "changes": Published("scorecard.changes", True, "report_month, line"),
    "rolling_year": Published("aggregates.rolling_year", True, "report_month, measure, area, month"),
    "year_to_date": Published("aggregates.year_to_date", True, "report_month, measure, area, month"),
    "monthly_measures": Published(
        "measures.monthly_measures",
        True,
        "report_month, measure, area, month",
        without="unknown_reason, unknown_reason_before",
    ),
    "history": Published("aggregates.history", True, "report_month, line, month"),
    "movements": Published("aggregates.movements", True, "report_month, line, kind, part, month"),
    "component_movements": Published("aggregates.component_movements", True, "report_month, line, component, kind"),
    "peers": Published("aggregates.peers", True, "report_month, line, name, rank, force"),
    "measure_sources": Published("measures.measure_sources", True, "report_month, measure, month, extract"),
    "indicators": Published("reference.indicators", False, "financial_year, position"),
    "measures": Published("reference.measures", False, "measure, part, series"),
    "series": Published("reference.series", False, "series"),
    "areas": Published("reference.areas", False, "area"),
    "breaks": Published("reference.breaks", False, "measure, from_month"),
    "judging_rules": Published("reference.judging_rules", False, "financial_year, line, rule"),
    "cards": Published("reference.cards", False, "financial_year"),
    "deliveries": Published(
        "raw.deliveries", False, "extract, delivery_month", without="code, compared_with, names, file_state"
    ),
}
VIEWS = views.VIEWS


def polars_schema(table: str, without: str | None = None) -> dict[str, pl.DataType]:
    """The columns and types of a table made here, in order."""
    return types(MADE_HERE[table], without=(without,) if without else ())
