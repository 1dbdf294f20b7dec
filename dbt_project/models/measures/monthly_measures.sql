with

known as (

    select * from {{ ref('series_as_of') }} where {{ in_this_run() }}

),

parts as (

    select
        measures.measure,
        measures.part,
        measures.series,
        -- a stock that a quarterly series is divided by holds in each of its months
        cast(measures.weight as decimal(9, 2))
        * case
            when measures.part = 'denominator' and series.over_time = 'mean'
                then max(series.months_covered) over (partition by measures.measure)
            else 1
        end as weight
    from {{ ref('measures') }} as measures
    left join {{ ref('series') }} as series
        on measures.series = series.series

),

parts_expected as (

    select measure, count(*) as parts from parts group by measure

),

areas as (

    select area from {{ ref('areas') }} where kind <> 'whole'

),

areas_expected as (

    select count(*) as areas from areas

),

summed_by_area as (

    select
        known.report_month,
        parts.measure,
        known.area,
        known.month,
        cast(
            sum(case when parts.part = 'numerator' then parts.weight * known.value end) as {{ amount() }}
        ) as numerator,
        cast(
            sum(case when parts.part = 'denominator' then parts.weight * known.value end) as {{ amount() }}
        ) as denominator,
        cast(
            sum(case when parts.part = 'numerator' then parts.weight * known.value_before end) as {{ amount() }}
        ) as numerator_before,
        cast(
            sum(case when parts.part = 'denominator' then parts.weight * known.value_before end) as {{ amount() }}
        ) as denominator_before,
        cast(count(known.value) as integer) as parts,
        cast(count(known.value_before) as integer) as parts_before,
        -- what its source does not say came, and is not known
        cast(count(known.unknown_reason) as integer) as parts_unknown,
        cast(count(known.unknown_reason_before) as integer) as parts_unknown_before,
        max(known.unknown_reason) as unknown_reason,
        max(known.unknown_reason_before) as unknown_reason_before,
        cast(max(known.months_covered) as integer) as months_covered,
        max(case when known.provisional then 1 else 0 end) as provisional,
        max(known.delivery_month) as latest_delivery
    from known
    inner join parts
        on known.series = parts.series
    group by known.report_month, parts.measure, known.area, known.month

),

by_area as (

    select
        summed_by_area.*,
        case when summed_by_area.parts = parts_expected.parts then 1 else 0 end as complete,
        case when summed_by_area.parts_before = parts_expected.parts then 1 else 0 end as complete_before,
        case when summed_by_area.parts + summed_by_area.parts_unknown = parts_expected.parts then 1 else 0 end as came,
        case
            when summed_by_area.parts_before + summed_by_area.parts_unknown_before = parts_expected.parts then 1
            else 0
        end as came_before
    from summed_by_area
    inner join parts_expected
        on summed_by_area.measure = parts_expected.measure

),

whole_as_sum_of_areas as (

    select
        by_area.report_month,
        by_area.measure,
        by_area.month,
        cast(sum(by_area.numerator) as {{ amount() }}) as numerator,
        cast(sum(by_area.denominator) as {{ amount() }}) as denominator,
        cast(sum(by_area.numerator_before) as {{ amount() }}) as numerator_before,
        cast(sum(by_area.denominator_before) as {{ amount() }}) as denominator_before,
        max(by_area.months_covered) as months_covered,
        max(by_area.provisional) as provisional,
        max(by_area.latest_delivery) as latest_delivery,
        sum(by_area.complete) as complete_areas,
        sum(by_area.complete_before) as complete_areas_before,
        sum(by_area.came) as areas_that_came,
        sum(by_area.came_before) as areas_that_came_before,
        max(by_area.unknown_reason) as unknown_reason,
        max(by_area.unknown_reason_before) as unknown_reason_before
    from by_area
    inner join areas
        on by_area.area = areas.area
    group by by_area.report_month, by_area.measure, by_area.month

),

all_areas as (

    select
        report_month,
        measure,
        area,
        month,
        numerator,
        denominator,
        numerator_before,
        denominator_before,
        months_covered,
        provisional,
        latest_delivery,
        complete,
        complete_before,
        came,
        came_before,
        unknown_reason,
        unknown_reason_before
    from by_area

    union all

    select
        whole_as_sum_of_areas.report_month,
        whole_as_sum_of_areas.measure,
        {{ the_whole() }} as area,
        whole_as_sum_of_areas.month,
        whole_as_sum_of_areas.numerator,
        whole_as_sum_of_areas.denominator,
        whole_as_sum_of_areas.numerator_before,
        whole_as_sum_of_areas.denominator_before,
        whole_as_sum_of_areas.months_covered,
        whole_as_sum_of_areas.provisional,
        whole_as_sum_of_areas.latest_delivery,
        case
            when whole_as_sum_of_areas.complete_areas = areas_expected.areas then 1
            else 0
        end as complete,
        case
            when whole_as_sum_of_areas.complete_areas_before = areas_expected.areas then 1
            else 0
        end as complete_before,
        case when whole_as_sum_of_areas.areas_that_came = areas_expected.areas then 1 else 0 end as came,
        case
            when whole_as_sum_of_areas.areas_that_came_before = areas_expected.areas then 1
            else 0
        end as came_before,
        whole_as_sum_of_areas.unknown_reason,
        whole_as_sum_of_areas.unknown_reason_before
    from whole_as_sum_of_areas
    cross join areas_expected

)

select
    report_month,
    measure,
    area,
    month,
    case when complete = 1 then numerator end as numerator,
    case when complete = 1 then denominator end as denominator,
    case when complete_before = 1 then numerator_before end as numerator_before,
    case when complete_before = 1 then denominator_before end as denominator_before,
    months_covered,
    complete = 1 as complete,
    complete_before = 1 as complete_before,
    case when came = 1 then unknown_reason end as unknown_reason,
    case when came_before = 1 then unknown_reason_before end as unknown_reason_before,
    provisional = 1 as provisional,
    latest_delivery
from all_areas
