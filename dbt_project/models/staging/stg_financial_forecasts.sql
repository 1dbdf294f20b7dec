{{ series_of('financial_forecasts', "concat(forecast, '_forecast')", 'value_gbp', area="'Metropolitan Police'") }}
