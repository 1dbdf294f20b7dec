"""The months of the sample, as text (`2009-08`), and steps between them."""

FIRST = "2007-02"
LAST = "2009-08"


def shift(month: str, by: int) -> str:
    """The month `by` months later (earlier where negative)."""
    years, months = divmod(int(month[:4]) * 12 + int(month[5:]) - 1 + by, 12)
    return f"{years:04d}-{months + 1:02d}"


def between(first: str, last: str) -> list[str]:
    """Every month from the first to the last, both included."""
    found = []
    while first <= last:
        found.append(first)
        first = shift(first, 1)
    return found


def financial_year(month: str) -> int:
    """The year in which the month's financial year (April to March) began."""
    return int(month[:4]) - (month[5:] < "04")


def label(month: str) -> str:
    """The month as a comment writes it: `Jan-09`."""
    names = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return f"{names[int(month[5:]) - 1]}-{month[2:4]}"


def last_quarter_end(month: str) -> str:
    """The last March, June, September or December up to and including the month."""
    return shift(month, -(int(month[5:]) % 3))


MONTHS = between(FIRST, LAST)
QUARTER_ENDS = [month for month in MONTHS if int(month[5:]) % 3 == 0]
