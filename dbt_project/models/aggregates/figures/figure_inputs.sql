with recursive

wanted as (

    select * from {{ ref('figure_windows') }}

),

windows as (

    select * from {{ ref('windows') }}

),

months_of_the_whole as (

    select
        *,
        numerator / nullif(denominator, 0) as rate
    from {{ ref('measure_months') }}
    where area = {{ the_whole() }}

),

ranks as (

    select * from {{ ref('peer_ranks') }} where peer = {{ the_whole() }} and {{ in_this_run() }}

),

-- a peer value is the aggregate row of the source itself, such as a country as a whole
peer_values as (

    select * from {{ ref('peers_as_of') }} where {{ in_this_run() }}

),

best_and_worst_months as (

    select
        wanted.report_month,
        wanted.line,
        wanted.name,
        -- a month in which nothing was counted has no rate
        max(case when months.denominator is null then months.numerator else months.rate end) as highest,
        min(case when months.denominator is null then months.numerator else months.rate end) as lowest
    from wanted
    inner join windows
        on
            wanted.report_month = windows.report_month
            and wanted.measure = windows.measure
            and wanted.window_basis = windows.basis
            and wanted.data_to = windows.month
            and windows.numerator is not null
    inner join months_of_the_whole as months
        on
            wanted.report_month = months.report_month
            and wanted.measure = months.measure
            and months.month between windows.data_from and wanted.data_to
    where wanted.statistic in ('highest_month', 'lowest_month')
    group by wanted.report_month, wanted.line, wanted.name

),

targets_of_months as (

    select
        wanted.report_month,
        wanted.line,
        sum(months.number) as due
    from wanted
    inner join wanted as months
        on
            wanted.report_month = months.report_month
            and wanted.line = months.line
            and months.statistic = 'target'
            and months.from_month = months.to_month
            and months.from_month between wanted.financial_year_start and wanted.data_to
    where wanted.statistic = 'phased_monthly'
    group by wanted.report_month, wanted.line

),

gathered as (

    select
        wanted.*,
        own.data_from,
        own.numerator,
        own.denominator,
        own.months_present,
        own.months_expected,
        against.data_from as against_from,
        against.numerator as against_numerator,
        against.denominator as against_denominator,
        against.months_present as against_months_present,
        against.months_expected as against_months_expected,
        compared.data_from as compare_from,
        case when own.months_expected = compared.months_expected then compared.numerator end as compare_numerator,
        case when own.months_expected = compared.months_expected then compared.denominator end as compare_denominator,
        compared.months_present as compare_months_present,
        compared.months_expected as compare_months_expected,
        coalesce(own.provisional, false)
        or coalesce(against.provisional, false)
        or coalesce(compared.provisional, false) as provisional,
        coalesce(
            own.unknown_reason,
            'nothing to compare with: ' || against.unknown_reason,
            compared.unknown_reason
        ) as unknown_reason,
        last_year.numerator as last_year_numerator,
        targets_of_months.due,
        best_and_worst_months.highest,
        best_and_worst_months.lowest,
        coalesce(ranks.from_month, peer_values.from_month) as period_from,
        coalesce(ranks.to_month, peer_values.to_month) as period_to,
        case
            when wanted.direction = 'higher_is_better' then ranks.rank_where_higher_is_better
            else ranks.rank_where_lower_is_better
        end as peer_rank,
        ranks.peers_ranked as peer_count,
        peer_values.value as peer_value
    from wanted
    left join windows as own
        on
            wanted.report_month = own.report_month
            and wanted.measure = own.measure
            and wanted.window_basis = own.basis
            and wanted.data_to = own.month
    left join windows as against
        on
            wanted.report_month = against.report_month
            and wanted.measure = against.measure
            and wanted.window_basis = against.basis
            and wanted.against_to = against.month
    left join windows as compared
        on
            wanted.report_month = compared.report_month
            and wanted.compare_measure = compared.measure
            and wanted.window_basis = compared.basis
            and wanted.data_to = compared.month
    left join windows as last_year
        on
            wanted.report_month = last_year.report_month
            and wanted.measure = last_year.measure
            and last_year.basis = 'rolling_year'
            and last_year.month = wanted.financial_year_start - interval 1 month
            and wanted.statistic = 'phased_as_before'
    left join targets_of_months
        on
            wanted.report_month = targets_of_months.report_month
            and wanted.line = targets_of_months.line
            and wanted.statistic = 'phased_monthly'
    left join best_and_worst_months
        on
            wanted.report_month = best_and_worst_months.report_month
            and wanted.line = best_and_worst_months.line
            and wanted.name = best_and_worst_months.name
    left join ranks
        on
            wanted.report_month = ranks.report_month
            and wanted.measure = ranks.measure
            and wanted.peer_group = ranks.peer_group
            and wanted.peer_from = ranks.from_month
            and wanted.peer_to = ranks.to_month
            and wanted.statistic = 'rank'
    left join peer_values
        on
            wanted.report_month = peer_values.report_month
            and wanted.measure = peer_values.measure
            and wanted.peer_group = peer_values.peer
            and wanted.peer_from = peer_values.from_month
            and wanted.peer_to = peer_values.to_month
            and wanted.statistic = 'peer_value'

)

select * exclude (window_basis, against, peer_group, peer_from, direction)
from gathered
