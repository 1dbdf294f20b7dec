{{ contributions('area') }}
