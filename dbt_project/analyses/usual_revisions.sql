select
    measure,
    months_after,
    cast(count(*) as integer) as months,
    cast(count(*) filter (where numerator <> first_numerator) as integer) as changed,
    avg(since_first order by month) as mean_change,
    min(since_first) as lowest_change,
    max(since_first) as highest_change
from {{ source('release', 'revisions') }}
group by measure, months_after
