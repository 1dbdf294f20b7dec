{{ series_of('population', "'population'", 'population', area='borough') }}
union all
{{ series_of('population', "'economically_active'", 'economically_active', area='borough') }}
union all
{{ series_of(
    'population',
    "'economically_active_minority_ethnic'",
    'economically_active_minority_ethnic',
    area='borough'
) }}
