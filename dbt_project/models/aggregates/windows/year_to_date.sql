{{ window_sums(ref('measure_months'), 'year_to_date', within='financial_year_start') }}
