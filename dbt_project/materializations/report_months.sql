{#
What is kept by report month: a run replaces its own months, all of them or none.
A table of an earlier version has nothing in the columns that came since. What a table says of itself is written where
something changed.
#}
{% materialization report_months, adapter='duckdb' %}
    {%- set kept = load_cached_relation(this) -%}
    {%- set target_relation = this.incorporate(type='table') -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}

    {%- if kept is none -%}
        {% call statement('main') %}{{ create_table_as(False, target_relation, compiled_code) }}{% endcall %}
    {%- elif is_the_same() -%}
        {% call statement('main') %}{{ with_these_months(target_relation, compiled_code) }}{% endcall %}
    {%- else -%}
        {%- set made = make_temp_relation(target_relation) -%}
        {% do run_query(create_table_as(True, made, compiled_code)) %}
        {% do process_schema_changes('append_new_columns', made, kept) %}
        {% call statement('main') %}{{ with_these_months(target_relation, 'from ' ~ made) }}{% endcall %}
        {% do run_query('drop table ' ~ made) %}
    {%- endif -%}
    {%- if kept is none or not is_the_same() -%}
        {% do persist_docs(target_relation, model) %}
    {%- endif %}

    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {% do adapter.commit() %}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}


{% macro with_these_months(relation, rows) -%}
    delete from {{ relation }} where report_month in (select month from {{ source('run', 'report_months') }});
    insert into {{ relation }} by name {{ rows }}
{%- endmacro %}

