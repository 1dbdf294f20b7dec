"""Views of a release: questions that analysts ask again and again, over the tables beside them and nothing else.

What a view shows is what its tables show: a small number that is hidden there is hidden here.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class View:
    """A query over the tables of a release, its grain first, and what each of its columns holds."""

    says: str
    columns: dict[str, str]
    query: str


_REPORT_MONTH = "The month on the title of the card; all is as known then."
_MEASURE = "What is measured (catalogue: measures)."

RESTATEMENTS = View(
    "One row per report month, measure, area and month whose value a delivery of that report month changed.",
    {
        "report_month": _REPORT_MONTH,
        "measure": _MEASURE,
        "area": "A borough, or the force as the sum of its boroughs.",
        "month": "The month that is known differently.",
        "numerator_before": "Its numerator as known one report month before.",
        "numerator": "Its numerator as known now.",
        "denominator_before": "Its denominator as known one report month before.",
        "denominator": "Its denominator as known now.",
        "delivery_month": "The delivery that changed it.",
    },
    """
    select
        report_month,
        measure,
        area,
        month,
        numerator_before,
        numerator,
        denominator_before,
        denominator,
        latest_delivery as delivery_month
    from monthly_measures
    where
        complete
        and complete_before
        and (
            numerator is distinct from numerator_before
            or denominator is distinct from denominator_before
        )
    """,
)

REVISIONS = View(
    "One row per measure, month and report month, for the force: the triangle of what the month was known as, from its "
    "first figure on.",
    {
        "measure": _MEASURE,
        "month": "The month.",
        "report_month": "As known at this report month.",
        "months_after": "Report months since the first that knew it: 0 for the first figure, the last is the current.",
        "numerator": "The numerator as known then.",
        "denominator": "The denominator as known then.",
        "first_numerator": "The numerator of the first figure.",
        "since_first": "How far the numerator has moved from the first figure, relative to it.",
    },
    """
    select
        *,
        (numerator - first_numerator) / nullif(first_numerator, 0)::double as since_first
    from (
        select
            monthly.measure,
            monthly.month,
            monthly.report_month,
            (datediff('month', min(monthly.report_month) over known, monthly.report_month))::integer as months_after,
            monthly.numerator,
            monthly.denominator,
            first(monthly.numerator) over known as first_numerator
        from monthly_measures as monthly
        where monthly.complete and monthly.area in (select area from areas where kind = 'force')
        window known as (partition by monthly.measure, monthly.month order by monthly.report_month)
    )
    """,
)

USUAL_REVISIONS = View(
    "One row per measure and number of report months after the first figure: how far first figures have moved by then.",
    {
        "measure": _MEASURE,
        "months_after": "Report months after the first figure.",
        "months": "How many months have been known that long.",
        "changed": "How many of them are known differently from their first figure.",
        "mean_change": "The mean relative change since the first figure.",
        "lowest_change": "The lowest.",
        "highest_change": "The highest.",
    },
    """
    select
        measure,
        months_after,
        count(*)::integer as months,
        (count(*) filter (numerator <> first_numerator))::integer as changed,
        avg(since_first order by month) as mean_change,
        min(since_first) as lowest_change,
        max(since_first) as highest_change
    from revisions
    group by measure, months_after
    """,
)

AREA_CONTRIBUTIONS = View(
    "One row per report month, line and borough, of lines over a rolling year or a year to date: what the borough did "
    "to the figure since the same window a year before. The contributions of a line add up to its change, where none "
    "is hidden.",
    {
        "report_month": _REPORT_MONTH,
        "line": "The line of the card.",
        "area": "The borough.",
        "numerator": "Its numerator in the window of the latest figure; null where it is hidden.",
        "denominator": "Its denominator.",
        "numerator_a_year_before": "Its numerator in the same window a year before.",
        "denominator_a_year_before": "Its denominator.",
        "by_rate": "Of a ratio, what the change of its own rate did to the figure.",
        "by_mix": "Of a ratio, what the change of its share of the whole did.",
        "contribution": "What it did to the figure: to a % change its part of it, to a total or a rate the change.",
    },
    """
    with
    -- both sums of both windows in one look at each table: a join of either with itself takes eight times as long
    windows as (
        select 'rolling_year' as basis, * from rolling_year
        union all by name
        select 'year_to_date' as basis, * from year_to_date
    ),
    sums as (
        select
            card.report_month,
            card.line,
            indicators.kind,
            windows.area,
            areas.kind as area_kind,
            max(windows.numerator) filter (windows.month = card.data_to) as numerator,
            max(windows.denominator) filter (windows.month = card.data_to) as denominator,
            max(windows.months_expected) filter (windows.month = card.data_to) as months_expected,
            max(windows.numerator) filter (windows.month < card.data_to) as numerator_a_year_before,
            max(windows.denominator) filter (windows.month < card.data_to) as denominator_a_year_before
        from scorecard as card
        inner join indicators
            on card.financial_year = indicators.financial_year and card.line = indicators.line
        inner join windows
            on
                card.report_month = windows.report_month
                and card.measure = windows.measure
                and card.basis = windows.basis
                and windows.month in (card.data_to, card.data_to - interval 1 year)
        inner join areas on windows.area = areas.area
        where indicators.kind in ('total', 'monthly_average', 'percentage', 'percentage_change')
        group by all
        having count(*) = 2
    ),
    of_areas as (
        select
            sums.*,
            sums.numerator / nullif(sums.denominator, 0)::double as rate,
            sums.numerator_a_year_before / nullif(sums.denominator_a_year_before, 0)::double as rate_before,
            whole.numerator::double as n,
            whole.denominator::double as d,
            whole.numerator_a_year_before::double as n0,
            whole.denominator_a_year_before::double as d0
        from sums
        inner join sums as whole
            on
                sums.report_month = whole.report_month
                and sums.line = whole.line
                and whole.area_kind = 'force'
        where sums.area_kind = 'borough'
    ),
    effects as (
        select
            *,
            case when kind = 'percentage' then
                (rate - rate_before)
                * (denominator / d + denominator_a_year_before / d0) / 2
            end as by_rate,
            case when kind = 'percentage' then
                (denominator / d - denominator_a_year_before / d0)
                * (
                    (rate + rate_before) / 2
                    - (n / d + n0 / d0) / 2
                )
            end as by_mix
        from of_areas
    )
    select
        report_month,
        line,
        area,
        numerator,
        denominator,
        numerator_a_year_before,
        denominator_a_year_before,
        by_rate,
        by_mix,
        case kind
            when 'percentage' then by_rate + by_mix
            when 'total' then (numerator - numerator_a_year_before)::double
            when 'monthly_average' then (numerator - numerator_a_year_before) / months_expected::double
            when 'percentage_change' then
                case
                    when d is null then (numerator - numerator_a_year_before) / n0
                    else (numerator / d - numerator_a_year_before / d0) / (n0 / d0)
                end
        end as contribution
    from effects
    """,
)

# In this order: a view may read those before it.
VIEWS = {
    "restatements": RESTATEMENTS,
    "revisions": REVISIONS,
    "usual_revisions": USUAL_REVISIONS,
    "area_contributions": AREA_CONTRIBUTIONS,
}
