"""Tests run with an organisation of their own, whatever the installation is for: that of the two published pages."""

import os
from pathlib import Path

# before orchestration.settings reads it
os.environ["SCORECARD_ORGANISATION"] = str(Path(__file__).resolve().parent / "golden")
