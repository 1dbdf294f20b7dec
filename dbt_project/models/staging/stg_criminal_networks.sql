with

criminal_networks as (

    select * from {{ source('raw', 'criminal_networks') }}

),

disruptions as (

    select
        'criminal_networks' as extract,
        delivery_month,
        file_line,
        'networks_disrupted' as series,
        'Metropolitan Police' as area,
        month,
        cast(networks_disrupted as decimal(18, 2)) as value,
        false as provisional
    from criminal_networks

)

select * from disruptions
