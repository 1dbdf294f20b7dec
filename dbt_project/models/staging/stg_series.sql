with

effective as (

    select extract, delivery_month from {{ ref('stg_deliveries') }} where effective

),

delivered as (

    select * from {{ ref('stg_recorded_crime') }}
    union all
    select * from {{ ref('stg_weapon_enabled_crime') }}
    union all
    select * from {{ ref('stg_domestic_violence') }}
    union all
    select * from {{ ref('stg_youth_violence') }}
    union all
    select * from {{ ref('stg_class_a_trafficking') }}
    union all
    select * from {{ ref('stg_criminal_networks') }}
    union all
    select * from {{ ref('stg_asset_recovery') }}
    union all
    select * from {{ ref('stg_road_casualties') }}
    union all
    select * from {{ ref('stg_user_satisfaction') }}
    union all
    select * from {{ ref('stg_public_attitude_survey') }}
    union all
    select * from {{ ref('stg_british_crime_survey') }}
    union all
    select * from {{ ref('stg_officer_recruitment') }}
    union all
    select * from {{ ref('stg_financial_forecasts') }}
    union all
    select * from {{ ref('stg_ict_availability') }}
    union all
    select * from {{ ref('stg_population') }}

)

select delivered.*
from delivered
inner join effective
    on
        delivered.extract = effective.extract
        and delivered.delivery_month = effective.delivery_month
