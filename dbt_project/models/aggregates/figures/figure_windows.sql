with

report_months as (

    select * from {{ ref('calendar') }} where {{ in_this_run('month') }}

),

wanted as (

    select
        definitions.*,
        report_months.financial_year_start,
        latest_months.latest_month,
        -- a forecast for the year is supplied month by month: the latest one counts
        case when definitions.basis = 'financial_year' then 'latest' else definitions.basis end as window_basis,
        -- a year to date, or a forecast for the year, never reaches back into the year before
        definitions.basis in ('year_to_date', 'financial_year') as within_year
    from report_months
    inner join {{ ref('figure_definitions') }} as definitions
        on report_months.month = definitions.report_month
    left join {{ ref('latest_months') }} as latest_months
        on
            report_months.month = latest_months.report_month
            and definitions.measure = latest_months.measure

),

ended as (

    select
        *,
        case
            -- a fixed period ends where it says; that of a target or a forecast only says what it is for
            when to_month is not null and statistic not in ('target', 'forecast') then to_month
            when ends = 'last_march' then financial_year_start - interval 1 month
            when starts_with(ends, 'quarter_') and ends <> 'quarter_before'
                then financial_year_start + to_months(3 * cast(right(ends, 1) as integer) - 1)
            when within_year and latest_month < financial_year_start then null
            when ends = 'latest' then latest_month
            when ends = 'quarter_before' then latest_month - interval 3 month
            when ends = 'year_before' then latest_month - interval 1 year
        end - to_years(years_back) as data_to
    from wanted

),

compared as (

    select
        *,
        case against
            when 'year_before' then data_to - interval 1 year
            when 'quarter_before' then data_to - interval 3 month
            when 'last_march' then financial_year_start - interval 1 month - to_years(years_back)
        end as against_to
    from ended

)

select
    compared.report_month,
    compared.financial_year,
    compared.line,
    compared.name,
    compared.statistic,
    compared.measure,
    compared.compare_measure,
    compared.averaged,
    compared.basis,
    compared.window_basis,
    compared.financial_year_start,
    compared.latest_month,
    cast(compared.data_to as date) as data_to,
    compared.against,
    cast(compared.against_to as date) as against_to,
    compared.peer_group,
    compared.peer_basis,
    peer_periods.from_month as peer_from,
    peer_periods.to_month as peer_to,
    peer_periods.lengths as peer_lengths,
    compared.number,
    compared.less,
    compared.from_month,
    compared.to_month,
    compared.unit,
    compared.sign,
    compared.decimals,
    compared.direction,
    compared.target
from compared
left join {{ ref('peer_periods') }} as peer_periods
    on
        compared.report_month = peer_periods.report_month
        and compared.line = peer_periods.line
        and compared.name = peer_periods.name
