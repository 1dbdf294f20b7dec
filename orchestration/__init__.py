"""The scorecard pipeline: deliveries of an organisation turned into its red/amber/green page."""

import warnings

from orchestration.reading import connect

__all__ = ["connect"]

# single-run backfills and the like are marked beta; the versions are pinned, so nothing changes underneath
warnings.filterwarnings("ignore", message=".*is currently in (beta|preview)")
