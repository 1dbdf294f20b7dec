with

wanted as (

    select * from {{ ref('figure_windows') }}

),

windows as (

    select * from {{ ref('windows') }}

),

force as (

    select area from {{ ref('areas') }} where kind = 'force'

),

force_months as (

    select months.*
    from {{ ref('measure_months') }} as months
    inner join force
        on months.area = force.area

),

ranks as (

    select ranks.*
    from {{ ref('peer_ranks') }} as ranks
    inner join force
        on ranks.force = force.area
    where ranks.report_month in (select month from {{ source('run', 'report_months') }})

),

-- a peer value is the aggregate row of the source itself, such as England and Wales as a whole
peer_values as (

    select *
    from {{ ref('peers_as_known') }}
    where report_month in (select month from {{ source('run', 'report_months') }})

),

best_and_worst_months as (

    select
        wanted.report_month,
        wanted.line,
        wanted.name,
        max(coalesce(months.numerator / months.denominator, months.numerator)) as highest,
        min(coalesce(months.numerator / months.denominator, months.numerator)) as lowest
    from wanted
    inner join windows
        on
            wanted.report_month = windows.report_month
            and wanted.measure = windows.measure
            and wanted.window_basis = windows.basis
            and wanted.data_to = windows.month
            and windows.months_present = windows.months_expected
    inner join force_months as months
        on
            wanted.report_month = months.report_month
            and wanted.measure = months.measure
            and months.month between windows.data_from and wanted.data_to
    where wanted.statistic in ('highest_month', 'lowest_month')
    group by wanted.report_month, wanted.line, wanted.name

),

-- n / d: the window's own numerator and denominator; n0 / d0: of the window it is compared with;
-- cn / cd: of the other measure in the same window. A ratio is computed once, from sums.
gathered as (

    select
        wanted.*,
        own.data_from,
        own.numerator as n,
        own.denominator as d,
        coalesce(own.numerator / own.denominator, case when own.denominator is null then own.numerator end) as level,
        own.months_present,
        own.months_expected,
        against.data_from as against_from,
        against.numerator as n0,
        against.denominator as d0,
        coalesce(
            against.numerator / against.denominator,
            case when against.denominator is null then against.numerator end
        ) as level0,
        against.months_present as against_present,
        against.months_expected as against_expected,
        case when own.months_expected = compared.months_expected then compared.numerator end as cn,
        case when own.months_expected = compared.months_expected then compared.denominator end as cd,
        compared.data_from as compared_from,
        compared.months_present as compared_present,
        compared.months_expected as compared_expected,
        coalesce(own.provisional, false)
        or coalesce(against.provisional, false)
        or coalesce(compared.provisional, false) as provisional,
        greatest(own.hidden_under, against.hidden_under, compared.hidden_under) as hidden_under,
        coalesce(
            own.unknown_because,
            'nothing to compare with: ' || against.unknown_because,
            compared.unknown_because
        ) as unknown_because,
        best_and_worst_months.highest,
        best_and_worst_months.lowest,
        coalesce(ranks.from_month, peer_values.from_month) as period_from,
        coalesce(ranks.to_month, peer_values.to_month) as period_to,
        case
            when wanted.direction = 'higher_is_better' then ranks.rank_where_higher_is_better
            else ranks.rank_where_lower_is_better
        end as peer_rank,
        ranks.forces as peer_forces,
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
            and wanted.peer_group = peer_values.force
            and wanted.peer_from = peer_values.from_month
            and wanted.peer_to = peer_values.to_month
            and wanted.statistic = 'peer_value'

),

valued as (

    select
        *,
        case statistic
            when 'total' then n
            when 'forecast' then n
            when 'supplied_margin' then level
            when 'k_of_n' then case when d > 0 then n end
            when 'monthly_average' then n / months_expected
            when 'percentage' then n / d
            when 'percentage_change' then case when months_expected = against_expected then level / level0 - 1 end
            when 'change' then case when months_expected = against_expected then level - level0 end
            when 'change_in_monthly_average' then n / months_expected - n0 / against_expected
            when 'change_in_points' then case when months_expected = against_expected then n / d - n0 / d0 end
            when 'gap' then n / d - cn / cd
            when 'ratio_of_shares' then (n / d) / (cn / cd)
            -- 95% margin of the difference of two independent proportions
            when 'margin_of_error' then 1.959963984540054 * sqrt(n / d * (1 - n / d) / d + cn / cd * (1 - cn / cd) / cd)
            when 'highest_month' then highest
            when 'lowest_month' then lowest
            -- what the months left must bring, if as much comes in each of them as came in each month so far
            when 'required_rate'
                then (target * (d * 12 / months_expected) - n) / (d * (12 - months_expected) / months_expected)
            when 'rank' then peer_rank
            when 'peer_value' then peer_value
            when 'target' then number
            when 'target_monthly_average' then target / 12
        end as plain_value,
        case
            when statistic = 'k_of_n' then cast(nullif(d, 0) as integer)
            when statistic = 'rank' then peer_forces
        end as out_of
    from gathered

),

less_another as (

    select
        valued.* replace (
            greatest(valued.hidden_under, other.hidden_under) as hidden_under,
            coalesce(valued.unknown_because, other.unknown_because) as unknown_because
        ),
        case when valued.less is null then valued.plain_value else valued.plain_value - other.plain_value end as value
    from valued
    left join valued as other
        on
            valued.report_month = other.report_month
            and valued.line = other.line
            and valued.less = other.name

),

-- a small number behind it takes everything it could be worked out from
shown as (

    select
        * replace (
            case when hidden_under is null then n end as n,
            case when hidden_under is null then d end as d,
            case when hidden_under is null then n0 end as n0,
            case when hidden_under is null then d0 end as d0,
            case when hidden_under is null then cn end as cn,
            case when hidden_under is null then cd end as cd,
            case when hidden_under is null then out_of end as out_of,
            case when hidden_under is null then value end as value
        )
    from less_another

),

dated as (

    select
        *,
        case
            when statistic in ('rank', 'peer_value') then period_from
            when statistic = 'target_monthly_average' then null
            when from_month is not null then from_month
            when statistic = 'required_rate' then case when months_expected < 12 then data_to + interval 1 month end
            when basis = 'financial_year' then financial_year_start
            else data_from
        end as window_from,
        case
            when statistic in ('rank', 'peer_value') then period_to
            when statistic = 'target_monthly_average' then null
            when to_month is not null then to_month
            when statistic = 'required_rate'
                then case when months_expected < 12 then financial_year_start + interval 11 month end
            when basis = 'financial_year' then financial_year_start + interval 11 month
            else data_to
        end as window_to
    from shown

)

select
    report_month,
    financial_year,
    line,
    name,
    statistic,
    measure,
    compare_measure,
    basis,
    cast(window_from as date) as data_from,
    cast(window_to as date) as data_to,
    against_from,
    against_to,
    cast(n as decimal(18, 2)) as numerator,
    cast(d as decimal(18, 2)) as denominator,
    cast(n0 as decimal(18, 2)) as against_numerator,
    cast(d0 as decimal(18, 2)) as against_denominator,
    cast(cn as decimal(18, 2)) as compare_numerator,
    cast(cd as decimal(18, 2)) as compare_denominator,
    cast(case when isfinite(value) then value end as double) as value,
    out_of,
    unit,
    sign,
    decimals,
    months_present,
    months_expected,
    provisional,
    case
        when isfinite(value) then null
        when hidden_under is not null then 'hidden: it rests on a count under ' || hidden_under
        when peer_lengths > 1
            then
                'peer values for ' || measure || ' to ' || strftime(peer_to, '%b-%y') || ' are of ' || peer_lengths
                || ' lengths: figures.csv declares in its column basis which one is meant'
        when statistic in ('rank', 'peer_value')
            then
                'no peer values for ' || measure || coalesce(' of a ' || replace(peer_basis, '_', ' '), '')
                || ' are known yet'
        when statistic = 'target' or statistic = 'target_monthly_average' then 'no target is set'
        when unknown_because is not null then unknown_because
        when latest_month is null then 'no month of ' || measure || ' is known yet'
        when data_to is null then 'no month of ' || financial_year || ' is complete yet'
        when data_to > report_month then strftime(data_to, '%b-%y') || ' has not ended yet'
        when data_from is null
            then strftime(data_to, '%b-%y') || ' is before the first month held'
        when months_present < months_expected and data_from = data_to
            then strftime(data_to, '%b-%y') || ' is not known'
        when months_present < months_expected
            then
                strftime(data_from, '%b-%y') || ' to ' || strftime(data_to, '%b-%y') || ' holds '
                || months_present || ' of ' || months_expected || ' months'
        when against_to is not null and against_from is null
            then 'nothing to compare with: ' || strftime(against_to, '%b-%y') || ' is before the first month held'
        when against_present < against_expected
            then
                'nothing to compare with: ' || strftime(against_from, '%b-%y') || ' to '
                || strftime(against_to, '%b-%y') || ' holds ' || against_present || ' of '
                || against_expected || ' months'
        when against_expected <> months_expected and statistic <> 'change_in_monthly_average'
            then
                'nothing to compare with: ' || strftime(against_from, '%b-%y') || ' to '
                || strftime(against_to, '%b-%y') || ' has ' || against_expected || ' months, not ' || months_expected
        when compared_present < compared_expected
            then
                'nothing to compare with: ' || strftime(compared_from, '%b-%y') || ' to '
                || strftime(data_to, '%b-%y') || ' holds ' || compared_present || ' of ' || compared_expected
                || ' months of ' || compare_measure
        when compared_expected <> months_expected
            then
                'nothing to compare with: the latest value of ' || compare_measure || ' is of ' || compared_expected
                || case compared_expected when 1 then ' month' else ' months' end || ', not ' || months_expected
        when statistic = 'required_rate' and months_expected = 12 then 'the year is over'
        else 'it cannot be computed: a denominator is zero or what it is compared with is not known'
    end as missing_reason
from dated
