"""dagster-dbt without dbt, as it is made for too: our dbt is a process of its own, and to read it in here as well took
1 s of every start. All selections of dbt's are made there; here every node of the manifest is an asset.
"""

import sys
from importlib.metadata import version

from dagster_shared.libraries import DagsterLibraryRegistry

ASKED_FOR = "dbt.version"  # by which dagster-dbt sees whether there is one

there = sys.modules.get(ASKED_FOR)
sys.modules[ASKED_FOR] = None  # which Python takes for a module that cannot be imported
try:
    import dagster_dbt  # noqa: F401
finally:
    del sys.modules[ASKED_FOR]
    if there:
        sys.modules[ASKED_FOR] = there

# it takes dbt for the one that is no Python package; Dagster's page lists what there is
DagsterLibraryRegistry._libraries.pop("dbt-fusion", None)
DagsterLibraryRegistry.register("dbt-core", version("dbt-core"), is_dagster_package=False)
