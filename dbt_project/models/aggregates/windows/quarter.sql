{{ window_sums(ref('measure_months'), 'quarter', within='quarter_start', where='area = ' ~ the_whole()) }}
