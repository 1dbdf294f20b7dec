"""The command that prints what waits for a person."""

from datetime import UTC, datetime

from rich.table import Table
from rich.text import Text

from orchestration import connect
from orchestration.editions import content
from orchestration.release import folder, outstanding
from orchestration.scorecard import display


def summary() -> str:
    """The release to read, when it was published, and when the next card is due."""
    if folder.current() is None:
        return "There is no release yet."
    with connect() as connection:
        ((release, published_at),) = connection.execute("select release, published_at from release").fetchall()
        ((newest,),) = connection.execute("select max(report_month) from scorecard").fetchall()
    due = content.next_card(newest) if newest else "It holds no card yet."
    return f"{release}, published on {display.day(published_at)}. {due}"


def table() -> Table | None:
    """What waits now: what it is about, and what is to be done; None where nothing does."""
    found = outstanding.matters(datetime.now(UTC).date())
    shown = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, show_header=False)
    shown.add_column(no_wrap=True)
    shown.add_column(overflow="fold")
    for matter in found:
        shown.add_row(Text(matter.about, style="bold"), Text(matter.message))
    return shown if found else None
