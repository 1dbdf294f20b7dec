{{ series_of('domestic_violence', "'domestic_violence_offences'", 'offences', area='borough') }}
union all
{{ series_of('domestic_violence', "'domestic_violence_arrests'", 'arrests', area='borough') }}
