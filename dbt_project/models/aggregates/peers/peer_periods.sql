with

wanted as (

    select
        definitions.report_month,
        calendar.financial_year_start,
        definitions.line,
        definitions.name,
        definitions.statistic,
        definitions.measure,
        definitions.peer_group,
        definitions.peer_basis
    from {{ ref('calendar') }} as calendar
    inner join {{ ref('figure_definitions') }} as definitions
        on calendar.month = definitions.report_month
    where definitions.statistic in ('rank', 'peer_value') and {{ in_this_run('calendar.month') }}

),

known as (

    select
        *,
        datediff('month', from_month, to_month) + 1 as months
    from {{ ref('peers_as_of') }}
    where {{ in_this_run() }}

),

-- of a rank the latest period that any peer has a value for, of a peer value the latest of that peer
latest as (

    select
        wanted.report_month,
        wanted.line,
        wanted.name,
        wanted.measure,
        wanted.peer_group,
        known.from_month,
        known.to_month
    from wanted
    inner join known
        on
            wanted.report_month = known.report_month
            and wanted.measure = known.measure
            and (wanted.statistic = 'rank' or wanted.peer_group = known.peer)
            and case wanted.peer_basis
                when 'rolling_year' then known.months = 12
                when 'quarter' then known.months = 3
                when 'latest' then known.months = 1
                when 'financial_year'
                    then known.months = 12 and month(known.from_month) = month(wanted.financial_year_start)
                when 'year_to_date'
                    then known.months <= 12 and month(known.from_month) = month(wanted.financial_year_start)
                else true
            end
    qualify known.to_month = max(known.to_month) over (partition by wanted.report_month, wanted.line, wanted.name)

)

select
    report_month,
    line,
    name,
    measure,
    peer_group,
    case when count(distinct from_month) = 1 then min(from_month) end as from_month,
    to_month,
    cast(count(distinct from_month) as integer) as lengths
from latest
group by report_month, line, name, measure, peer_group, to_month
