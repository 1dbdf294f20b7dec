{{ series_of('asset_recovery', "concat(step, '_cases')", 'cases', area="'Metropolitan Police'") }}
union all
{{ series_of('asset_recovery', "concat(step, '_value')", 'value_gbp', area="'Metropolitan Police'") }}
