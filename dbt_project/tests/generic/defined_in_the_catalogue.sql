{# A name that a row uses is one that a table of the catalogue defines, in a column of the same name. #}
{% test defined_in_the_catalogue(model, name_column, definitions) %}
select named.*
from {{ model }} as named
left join {{ definitions }} as defined
    on named.{{ name_column }} = defined.{{ name_column }}
where named.{{ name_column }} is not null and defined.{{ name_column }} is null
{% endtest %}
