{{ series_of('officer_recruitment', "'recruits'", 'recruits', area="'Metropolitan Police'") }}
union all
{{ series_of(
    'officer_recruitment',
    "'minority_ethnic_recruits'",
    'minority_ethnic_recruits',
    area="'Metropolitan Police'"
) }}
