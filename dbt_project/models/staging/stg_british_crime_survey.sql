{{ series_of('british_crime_survey', "concat(question, '_agreed')", 'agreed', area="'Metropolitan Police'") }}
union all
{{ series_of(
    'british_crime_survey',
    "concat(question, '_respondents')",
    'respondents',
    area="'Metropolitan Police'"
) }}
