{{ contributions('region') }}
