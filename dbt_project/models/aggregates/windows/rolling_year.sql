{{ window_sums(ref('measure_months'), 'rolling_year') }}
