{# Whether a run found that the database was built with all that would build it now (orchestration/built_with.py). #}
{% macro is_the_same() -%}
    {{ return(env_var('SCORECARD_SAME', '') == '1') }}
{%- endmacro %}

{# Any other dbt may change what it likes: the next run then makes all of it. #}
{% macro forget_what_built_it() -%}
    {% if target.type == 'duckdb' and not is_the_same() -%}
        drop table if exists run.built_with
    {%- endif %}
{%- endmacro %}
