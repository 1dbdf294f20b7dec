with

peers as (

    select * from {{ ref('peers_as_known') }}
    where report_month in (select month from {{ source('run', 'report_months') }})

),

-- of each measure, the latest period that any force has a value for
latest_periods as (

    select
        report_month,
        measure,
        max(to_month) as to_month
    from peers
    group by report_month, measure

),

-- a group is dated: its members are those of the period's last month
members as (

    select
        peers.report_month,
        peers.measure,
        groups.peer_group,
        peers.from_month,
        peers.to_month,
        peers.force,
        peers.value
    from peers
    inner join latest_periods
        on
            peers.report_month = latest_periods.report_month
            and peers.measure = latest_periods.measure
            and peers.to_month = latest_periods.to_month
    inner join {{ ref('peer_groups') }} as groups
        on
            peers.force = groups.force
            and {{ is_member('groups', 'peers.to_month') }}

)

select
    report_month,
    measure,
    peer_group,
    from_month,
    to_month,
    force,
    value,
    cast(rank() over highest_first as integer) as rank_where_higher_is_better,
    cast(rank() over lowest_first as integer) as rank_where_lower_is_better,
    cast(count(*) over (partition by report_month, measure, peer_group) as integer) as forces
from members
window
    highest_first as (partition by report_month, measure, peer_group order by value desc),
    lowest_first as (partition by report_month, measure, peer_group order by value)
