{{ series_of('public_attitude_survey', "concat(question, '_agreed')", 'agreed', area="'Metropolitan Police'") }}
union all
{{ series_of(
    'public_attitude_survey',
    "concat(question, '_respondents')",
    'respondents',
    area="'Metropolitan Police'"
) }}
