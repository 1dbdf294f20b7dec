with

peers as (

    select * from {{ ref('peers_as_of') }} where {{ in_this_run() }}

),

-- the periods that a figure of a card is of: each is ranked by itself
periods as (

    select distinct report_month, measure, from_month, to_month from {{ ref('peer_periods') }}

),

-- a group is dated: its members are those of the period's last month
members as (

    select
        peers.report_month,
        peers.measure,
        groups.peer_group,
        peers.from_month,
        peers.to_month,
        peers.peer,
        peers.value
    from peers
    inner join periods
        on
            peers.report_month = periods.report_month
            and peers.measure = periods.measure
            and peers.from_month = periods.from_month
            and peers.to_month = periods.to_month
    inner join {{ ref('peer_groups') }} as groups
        on
            peers.peer = groups.peer
            and {{ is_member('groups', 'peers.to_month') }}

)

select
    report_month,
    measure,
    peer_group,
    from_month,
    to_month,
    peer,
    value,
    cast(rank() over highest_first as integer) as rank_where_higher_is_better,
    cast(rank() over lowest_first as integer) as rank_where_lower_is_better,
    cast(
        count(*) over (partition by report_month, measure, peer_group, from_month, to_month) as integer
    ) as peers_ranked
from members
window
    highest_first as (
        partition by report_month, measure, peer_group, from_month, to_month
        order by value desc
    ),
    lowest_first as (
        partition by report_month, measure, peer_group, from_month, to_month
        order by value
    )
