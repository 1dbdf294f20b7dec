"""From dbt's tables to all that Python makes of them: figures as printed, what explains them, and the card."""

from datetime import date

import polars as pl

from orchestration.raw.sources.declarations import MONTHS_BETWEEN
from orchestration.raw.sources.extracts import EXTRACTS
from orchestration.scorecard import card, definitions, gaps
from orchestration.scorecard.explanations import (
    changes,
    evidence,
    intervals,
    judgements,
    outturns,
    run_rates,
    track_record,
    trend,
    years,
)

# What is read of the warehouse, for the report months of the run.
OF_THE_RUN = "(select month from run.report_months)"
INPUTS = {
    "values": f"select * from aggregates.figure_values where report_month in {OF_THE_RUN}",
    "changes": f"select * from aggregates.changes where report_month in {OF_THE_RUN}",
    "movements": f"select * from aggregates.movements where report_month in {OF_THE_RUN}",
    "sentences": f"select * from staging.stg_commentary where delivery_month in {OF_THE_RUN}",
    "indicators": f"""
        select indicators.*, definitions.averaged
        from aggregates.indicators_as_of as indicators
        left join aggregates.figure_definitions as definitions
            on
                indicators.report_month = definitions.report_month
                and indicators.line = definitions.line
                and definitions.name = 'latest'
        where indicators.report_month in {OF_THE_RUN}
    """,
    "cards": "select * from reference.cards",
    "definitions": "select * from reference.definitions",
    "breaks": "select * from reference.breaks",
    "extracts": "select distinct measure, extract from reference.measures inner join reference.series using (series)",
    "deliveries": "select extract, delivery_month, status, reason from raw.deliveries",
    # measures that are a part of what is counted with them, over the same months
    "samples": """
        select measure, any_value(extract) as extract
        from reference.measures
        inner join reference.series using (series)
        group by measure
        having count(distinct extract) = 1 and count(distinct part) = 2 and bool_and(over_time = 'sum')
    """,
    "judging_rules": "select * from reference.judging_rules",
    "years": f"select month, financial_year from reference.calendar where month in {OF_THE_RUN} order by month",
    "no_events": """
        select measure, any_value(case unit when 'pounds' then 'money' else 'a stock' end) as what
        from reference.measures
        inner join reference.series using (series)
        where part = 'numerator' and (unit = 'pounds' or over_time = 'mean')
        group by measure
    """,
    "remarks": """
        with of_deliveries as (
            select distinct
                report_month,
                line,
                extract || ' ' || strftime(delivery_month, '%Y-%m') || ': ' as delivery,
                accepted_reason,
                'its replacement is ' || replacement_waiting as waits
            from aggregates.flagged_deliveries
            where report_month in (select month from run.report_months)
        )
        select
            report_month,
            line,
            string_agg(delivery || accepted_reason, '; ' order by delivery) as accepted,
            string_agg(delivery || waits, '; ' order by delivery) as replacement_waiting
        from of_deliveries
        group by all
    """,
    "monthly": """
        select
            months.report_month,
            months.measure,
            months.month,
            months.numerator,
            months.denominator,
            months.complete,
            months.months_covered,
            months.provisional
        from aggregates.measure_months as months
        inner join reference.areas as areas on months.area = areas.area and areas.kind = 'whole'
    """,
}


def _sampled(read: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """The measures that are samples of several months, with how many, and the month of the year in which one ends."""
    cadences = [(it.name, MONTHS_BETWEEN[it.cadence], it.first.month) for it in EXTRACTS]
    of_extracts = pl.DataFrame(
        cadences, schema={"extract": pl.String, "cadence": pl.Int32, "phase": pl.Int32}, orient="row"
    )
    return read["samples"].join(of_extracts.filter(pl.col("cadence") > 1), on="extract").drop("extract")


def tables(
    read: dict[str, pl.DataFrame], confirmed: dict[tuple[date, str, str | None], str]
) -> dict[str, pl.DataFrame]:
    """The tables of the mart that are made here, by name. `read` holds the results of INPUTS.

    Raises card.UnknownFigures where a text names a figure that its line does not have.
    """
    report_months = list(read["years"].iter_rows())
    breaks = read["breaks"].filter(kind="counting_rules")
    indicators = definitions.with_rate_unit(read["indicators"], read["definitions"])
    monthly = years.since_breaks(read["monthly"], breaks)
    figures = card.printed_figures(gaps.named(read["values"], monthly, read["extracts"], read["deliveries"]))
    limits = intervals.intervals(figures, dict(read["no_events"].iter_rows()))
    trends, marks = trend.trend_tables(monthly, indicators, read["breaks"], report_months, _sampled(read))
    rates = run_rates.run_rates(indicators, monthly, report_months)
    known = evidence.of_lines(read["judging_rules"], figures, limits, rates, report_months)
    judged, steps = judgements.judgements(indicators, figures, known, report_months)
    return {
        "figures": figures,
        "scorecard": card.scorecard(
            figures,
            indicators,
            read["cards"],
            read["sentences"],
            report_months,
            remarks={(row["report_month"], row["line"]): row for row in read["remarks"].iter_rows(named=True)},
            confirmed=confirmed,
            breaks=breaks,
            evidence=known,
        ),
        "judgements": judged,
        "judgement_steps": steps,
        "intervals": limits,
        "run_rates": rates,
        "outturns": outturns.outturns(
            indicators, monthly, figures, report_months, track_record.of_lines(indicators, monthly, report_months)
        ),
        "trends": trends,
        "trend_marks": marks,
        "changes": changes.changes(read["changes"], read["movements"], figures, indicators),
    }
