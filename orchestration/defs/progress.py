"""A run as one watches it in the terminal: a line for each step of the line of arrows, with the time it took."""

import logging
import os
import time

import dagster as dg
from rich.console import Console
from rich.text import Text


class StepLines(logging.Handler):
    """Prints a line when a step of the run has ended; the raw assets are one step to the eye."""

    def __init__(self) -> None:
        super().__init__()
        self.step: str | None = None
        self.began = 0.0
        # past Dagster's record of what steps print, which reaches the terminal late, and its last line at times never
        terminal = os.fdopen(os.dup(2), "w", encoding="utf-8")
        self.console = Console(file=terminal, highlight=False)
        self.status = self.console.status("starting")

    def emit(self, record: logging.LogRecord) -> None:
        """Follow the run's events; everything else that is logged shows where it warns."""
        logged = record.__dict__["dagster_meta"]  # what Dagster's documentation has a handler look at
        event = logged.get("dagster_event")
        if event is None:
            # what is worse than a warning stops the run, and is reported once, at its end
            if record.levelno == logging.WARNING:
                self.console.print(Text(f"  {logged['orig_message']}", "yellow"), soft_wrap=True)
            elif record.levelno == logging.INFO and self.step:
                self.status.update(Text(f"{self.step}: {logged['orig_message'][:60]}"))
        elif event.event_type_value == "STEP_START":
            self._begin("raw" if event.step_key.startswith("raw__") else event.step_key)
        elif event.event_type_value in ("STEP_SUCCESS", "STEP_FAILURE") and event.step_key == self.step:
            self._end()

    def _begin(self, step: str) -> None:
        if step != self.step:
            self._end()
            self.step, self.began = step, time.monotonic()
            if self.console.is_terminal:
                self.status.update(step)
                self.status.start()

    def _end(self) -> None:
        self.status.stop()
        if self.step:
            self.console.print(f"  {self.step:<12}[dim]{time.monotonic() - self.began:6.1f} s[/]")
        self.step = None


@dg.logger(None, description="A line for each step, for the terminal.")
def progress(_: dg.InitLoggerContext) -> logging.Logger:
    """The logger that `make scorecard` runs with."""
    logger = logging.Logger("progress", logging.DEBUG)  # Dagster logs its events at this level
    logger.addHandler(StepLines())
    return logger
