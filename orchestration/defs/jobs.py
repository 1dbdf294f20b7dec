"""The two jobs: one lands deliveries as they come, one makes and publishes cards."""

import dagster as dg

# The tag of a run that a schedule or a sensor requested, and that no person did: it publishes only what may be
# published unasked.
UNASKED = {"scorecard/requested_by": "automation"}

landing = dg.define_asset_job(
    "landing",
    selection=dg.AssetSelection.groups("raw", "reference", "staging"),
    description="Deliveries into schema raw, and into staging; publishes nothing.",
)
job = dg.define_asset_job(
    "scorecard_run",
    selection=dg.AssetSelection.all(),
    description="Everything from the deliveries to the release, for a month or a range of months.",
)
