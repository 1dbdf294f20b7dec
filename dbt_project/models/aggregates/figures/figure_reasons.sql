with

inputs as (

    select * from {{ ref('figure_inputs') }} where {{ in_this_run() }}

),

printed as (

    select
        *,
        strftime(data_from, '%b-%y') as first_month,
        strftime(data_to, '%b-%y') as last_month,
        strftime(against_from, '%b-%y') as against_first_month,
        strftime(against_to, '%b-%y') as against_last_month
    from inputs

)

-- the first that applies
select
    report_month,
    line,
    name,
    case
        when peer_lengths > 1
            then
                'peer values for ' || measure || ' to ' || strftime(peer_to, '%b-%y') || ' are of ' || peer_lengths
                || ' lengths: figures.csv declares in its column basis which one is meant'
        when statistic in ('rank', 'peer_value')
            then
                'no peer values for ' || measure || coalesce(' of a ' || replace(peer_basis, '_', ' '), '')
                || ' are known yet'
        when statistic in ('target', 'target_monthly_average') then 'no target is set'
        when unknown_reason is not null then unknown_reason
        when latest_month is null then 'no month of ' || measure || ' is known yet'
        when data_to is null then 'no month of ' || financial_year || ' is complete yet'
        when data_to > report_month then last_month || ' has not ended yet'
        when data_from is null then last_month || ' is before the first month held'
        when months_present < months_expected and data_from = data_to then last_month || ' is not known'
        when months_present < months_expected
            then
                first_month || ' to ' || last_month || ' holds ' || months_present || ' of ' || months_expected
                || ' months'
        when against_to is not null and against_from is null
            then 'nothing to compare with: ' || against_last_month || ' is before the first month held'
        when against_months_present < against_months_expected
            then
                'nothing to compare with: ' || against_first_month || ' to ' || against_last_month || ' holds '
                || against_months_present || ' of ' || against_months_expected || ' months'
        when against_months_expected <> months_expected and statistic <> 'change_in_monthly_average'
            then
                'nothing to compare with: ' || against_first_month || ' to ' || against_last_month || ' has '
                || against_months_expected || ' months, not ' || months_expected
        when compare_months_present < compare_months_expected
            then
                'nothing to compare with: ' || strftime(compare_from, '%b-%y') || ' to ' || last_month || ' holds '
                || compare_months_present || ' of ' || compare_months_expected || ' months of ' || compare_measure
        when compare_months_expected <> months_expected
            then
                'nothing to compare with: the latest value of ' || compare_measure || ' is of '
                || compare_months_expected || case compare_months_expected when 1 then ' month' else ' months' end
                || ', not ' || months_expected
        when statistic = 'required_rate' and months_expected = 12 then 'the year is over'
        else 'it cannot be computed: a denominator is zero or what it is compared with is not known'
    end as reason
from printed
