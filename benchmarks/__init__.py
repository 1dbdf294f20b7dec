"""How long the work takes, beside the plainest way to do the same: a module a piece of work, run by turns with it."""

import tests  # noqa: F401  # their organisation, before orchestration.settings reads which it is
