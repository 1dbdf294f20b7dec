with

report_months as (

    select * from {{ ref('calendar') }} where {{ in_this_run('month') }}

),

compared as (

    select
        report_months.month as report_month,
        definitions.financial_year,
        definitions.line,
        definitions.name,
        definitions.measure,
        definitions.peer_group,
        definitions.direction,
        periods.from_month,
        periods.to_month
    from report_months
    inner join {{ ref('figure_definitions') }} as definitions
        on
            report_months.month = definitions.report_month
            and definitions.statistic = 'rank'
    inner join {{ ref('peer_periods') }} as periods
        on
            report_months.month = periods.report_month
            and definitions.line = periods.line
            and definitions.name = periods.name
            and periods.from_month is not null

),

ranks as (

    select * from {{ ref('peer_ranks') }} where {{ in_this_run() }}

),

-- every member of the group in the period: a peer that published nothing is there, without a rank
members as (

    select
        compared.*,
        groups.peer
    from compared
    inner join {{ ref('peer_groups') }} as groups
        on
            compared.peer_group = groups.peer_group
            and {{ is_member('groups', 'compared.to_month') }}

),

ranked as (

    select
        members.*,
        ranks.value,
        case
            when members.direction = 'higher_is_better' then ranks.rank_where_higher_is_better
            else ranks.rank_where_lower_is_better
        end as rank,
        median(ranks.value) over of_group as median,
        count(ranks.value) over of_group as peers_ranked,
        count(*) over of_group as members
    from members
    left join ranks
        on
            members.report_month = ranks.report_month
            and members.measure = ranks.measure
            and members.peer_group = ranks.peer_group
            and members.from_month = ranks.from_month
            and members.to_month = ranks.to_month
            and members.peer = ranks.peer
    window of_group as (partition by members.report_month, members.line, members.name)

)

select
    report_month,
    financial_year,
    line,
    name,
    measure,
    peer_group,
    from_month,
    to_month,
    peer,
    value,
    rank,
    case
        when value is not null
            then cast(count(*) over (partition by report_month, line, name, rank) as integer)
    end as peers_at_rank,
    cast(peers_ranked as integer) as peers_ranked,
    cast(members as integer) as members,
    median,
    value - median as difference_from_median,
    case when value is null then 'it published no value for the period' end as missing_reason
from ranked
