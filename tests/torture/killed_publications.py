"""Publications killed (-9) at a random moment: a whole release is current, and what is left half done is mended.

A publication is the shortest part of a run; killed on their own, many more of them are hit at every one of its steps.
"""

import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.conftest import Built
from tests.torture.readers import PUBLISHER, small_warehouse
from tests.torture.rooms import Outcome, damage

SEED = 2009
MEND = """
from datetime import date
from orchestration import release, settings
from orchestration.scorecard import mart
from orchestration.release import verifying
small = ("scorecard", "rolling_year", "changes", "measure_sources", "definitions", "deliveries")
mart.TABLES, mart.VIEWS = {name: mart.TABLES[name] for name in small}, {}
print("; ".join(release.recover()))
print([found for _, found in verifying.proofs() if found])
"""


def run(times: int, sample: Built) -> Outcome:
    """Kill a process that publishes one release after the other, so many times, and mend what it left each time."""
    chance, broken, said = random.Random(SEED), [], []
    with tempfile.TemporaryDirectory() as there:
        built = Built(Path(there))
        built.warehouse.mkdir()
        small_warehouse(sample, built.warehouse / "performance.duckdb")
        environment = {"SCORECARD_WAREHOUSE": str(built.warehouse), "PATH": "", "PYTHONPATH": str(sample.project)}
        subprocess.run([sys.executable, "-c", PUBLISHER, "1"], env=environment, check=True, stdout=subprocess.DEVNULL)
        for number in range(times):
            publishing = subprocess.Popen(
                [sys.executable, "-c", PUBLISHER, "1000", str(number)],
                env=environment,
                stdout=subprocess.PIPE,
                text=True,
            )
            publishing.stdout.readline()  # the first is done; from here on it is in the midst of one
            time.sleep(chance.uniform(0, 0.6))
            publishing.kill()
            publishing.communicate()
            broken += [f"kill {number}: {says}" for says in damage(built)]
            mended = subprocess.run(
                [sys.executable, "-c", MEND], env=environment, capture_output=True, text=True, check=False
            )
            told, wrong = [*mended.stdout.splitlines(), "", ""][:2]
            said.append(told.partition(":")[0] or "nothing left")
            if mended.returncode or wrong != "[]":
                broken.append(f"kill {number}: {wrong} {mended.stderr}")
    counted = ", ".join(f"{said.count(each)} {each.lower()}" for each in sorted(set(said)))
    return Outcome("kill -9 in the midst of a publication", times, broken, counted)
