"""What each figure is, in the plainest words: list the months, add them up, divide. Slow, and nothing to be clever at.

It shares no code with the models and the audit, and is read beside the published definitions of the card.
"""

from collections.abc import Set
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from tests.sweep.case import Case, Cells, number
from tests.sweep.formulas import NO_TARGET, STATISTICS, ZERO, Missing, Window
from tests.sweep.small_counts import Suppressed

HELD = 48  # months that a report month looks back on, its own among them

# why there is no figure
SMALL = "small count"
SMALL_COUNT, SUPPRESSED, NOT_AVAILABLE = "a small count", "its source suppresses a month", "its source lacks a month"
MARKED = {SMALL: SMALL_COUNT, "suppressed": SUPPRESSED, "not available": NOT_AVAILABLE}
NOTHING_KNOWN = "no month is known yet"
YEAR_NOT_BEGUN = "no month of the year is known yet"
NOT_ENDED = "the window has not ended"
TOO_OLD = "the window is before the first month held"
INCOMPLETE = "a month of the window is missing"
OTHER_TOO_OLD = "what it is compared with is before the first month held"
OTHER_INCOMPLETE = "a month of what it is compared with is missing"
UNEQUAL = "what it is compared with is of another length"
YEAR_OVER = "the year is over"
NOT_ON_THE_CARD = "the line has no such figure now"
NO_PEERS = "no value of the peers"


class Figure(NamedTuple):
    """A figure, its window and the other one; where it has no value, why."""

    value: Fraction | None
    reason: str | None = None
    out_of: int | None = None
    first: int | None = None
    last: int | None = None
    against_first: int | None = None
    against_last: int | None = None


class Month(NamedTuple):
    """A month of a measure."""

    numerator: Decimal
    denominator: Decimal | None


class Card:
    """The figures of one report month."""

    def __init__(self, case: Case, report_month: int, small: Set[Suppressed]) -> None:
        tables = case.tables
        self.small = small
        self.case, self.report_month = case, report_month
        self.april = report_month - (report_month - 3) % 12
        months = [number(row["month"]) for row in tables["calendar"]]
        self.held = [month for month in months if report_month - HELD < month <= report_month]
        self.calendar = set(months)
        self.whole = next(row["area"] for row in tables["areas"] if row["kind"] == "whole")
        self.areas = {row["area"] for row in tables["areas"] if row["kind"] == "area"}
        self.series = {row["series"]: row for row in tables["series"]}
        self.parts: dict[str, list[Cells]] = {}
        for row in tables["measures"]:
            self.parts.setdefault(row["measure"], []).append(row)
        self.values = self._values()
        self.of_series = {name: {month: self._of_series(name, month) for month in self.held} for name in self.series}
        self.months = {measure: {month: self._month(measure, month) for month in self.held} for measure in self.parts}

    def _values(self) -> dict[tuple[str, int], dict]:
        """By series and month the value of each area: a month of an extract counts as its last delivery has it."""
        last: dict[tuple[str, int], int] = {}
        for row in self.case.rows:
            if row.delivery <= self.report_month:
                key = row.extract, row.month
                last[key] = max(last.get(key, 0), row.delivery)
        found: dict[tuple[str, int], dict] = {}
        for row in self.case.rows:
            if last.get((row.extract, row.month)) == row.delivery:
                found.setdefault((row.series, row.month), {})[row.area] = row.value
        self.came: dict[str, set[int]] = {}
        for extract, month in last:
            self.came.setdefault(extract, set()).add(month)
        return found

    def _of_series(self, name: str, month: int) -> Decimal | str | None:
        """The value of a series for the whole; the word of its source; None where it is not known."""
        series = self.series[name]
        if series["over_time"] == "mean":  # a stock holds until the next one
            months = [each for each in self.came.get(series["extract"], ()) if each <= month and each in self.calendar]
            month = max(months, default=month)
        areas = self.areas if series["level"] == "area" else {self.whole}
        values = [self.values.get((name, month), {}).get(area) for area in areas]
        if None in values:
            return None
        words = [value for value in values if isinstance(value, str)]
        return max(words) if words else sum(values, Decimal(0))

    def _month(self, measure: str, month: int) -> Month | str | None:
        """A measure in a month; why it may not be known, in a word; None where it has not come."""
        sums: dict[str, Decimal] = {}
        values = [(part, self.of_series[part["series"]][month]) for part in self.parts[measure]]
        if any(value is None for _, value in values):
            return None
        words = [value for _, value in values if isinstance(value, str)]
        if words:
            return max(words)
        if (measure, self.whole, month) in self.small:
            return SMALL
        for part, value in values:
            sums[part["part"]] = sums.get(part["part"], Decimal(0)) + Decimal(part["weight"]) * value
        return Month(sums["numerator"], sums.get("denominator"))

    def _covers(self, measure: str) -> int:
        """How many months a value of a measure is of."""
        return max(int(self.series[part["series"]]["months_covered"]) for part in self.parts[measure])

    def _combined(self, measure: str, part: str, values: list[Decimal | None]) -> Fraction | None:
        """The sum of the values of a part; of a stock, which enters a window by its mean, the mean."""
        known = [Fraction(value) for value in values if value is not None]
        series = [self.series[row["series"]] for row in self.parts[measure] if row["part"] == part]
        if not series:
            return None
        stock = series[0]["over_time"] == "mean"
        return sum(known, Fraction(0)) / (max(len(known), 1) if stock else 1)

    def window(self, measure: str | None, basis: str | None, last: int | None) -> Window | None:
        """The window of a measure that ends with a month; None of none that is held."""
        if measure is None or last not in self.held:
            return None
        months = self.months[measure]
        covers = self._covers(measure)
        if basis == "rolling_year":
            first, length = last - 11, 12
        elif basis == "year_to_date":
            first = last - (last - 3) % 12
            length = last - first + 1
        elif basis == "quarter":
            first, length = last - last % 3, 3
        else:  # the latest value of the source
            # what its source marks is not known to be of more than its month
            length = covers if isinstance(months[last], Month) or months[last] == SMALL else 1
            first = last - length + 1
        known = {month: months[month] for month in range(first, last + 1) if month in months}
        # a value counts where all its months lie within the window
        values = {
            month: value for month, value in known.items() if isinstance(value, Month) and month - covers + 1 >= first
        }
        covered = {each for month in values for each in range(month - covers + 1, month + 1)}
        marked = [value for value in known.values() if isinstance(value, str)]
        return Window(
            first,
            last,
            length,
            covered == set(range(first, first + length)),
            marked[-1] if marked else None,
            self._combined(measure, "numerator", [value.numerator for value in values.values()]),
            self._combined(measure, "denominator", [value.denominator for value in values.values()]),
            list(values.values()),
        )

    def figures(self) -> dict[tuple[str, str], Figure]:
        """Every figure of the card, by line and name."""
        rows = definitions(self.case, self.report_month)
        own = {(row["line"], row["name"]): self._figure(row) for row in rows}
        less = {(row["line"], row["name"]): row.get("less") for row in rows}
        return {key: self._less(key, own, less) for key in own}

    def _less(self, key: tuple[str, str], own: dict, less: dict) -> Figure:
        """A figure, less the one that it names, which may be less another."""
        figure, (line, _) = own[key], key
        if less[key] is None:
            return figure
        subtracted = line, less[key]
        other = self._less(subtracted, own, less) if subtracted in own else Figure(None, NOT_ON_THE_CARD)
        figure = figure._replace(out_of=None)  # what is left of k is not out of n
        if figure.value is None or other.value is None:
            return figure._replace(value=None, reason=figure.reason or other.reason)
        return figure._replace(value=figure.value - other.value)

    def _figure(self, row: Cells) -> Figure:
        statistic, basis = row["statistic"], row.get("basis")
        if statistic in ("rank", "peer_value"):
            return self._peers(row)
        latest = None
        if row.get("measure"):
            latest = max((month for month, value in self.months[row["measure"]].items() if value), default=None)
        last, against_last = self._ends(row, latest)
        sums = "latest" if basis == "financial_year" else basis
        own = self.window(row.get("measure"), sums, last)
        against = self.window(row.get("measure"), sums, against_last)
        compared = self.window(row.get("compare_measure"), sums, last)
        value = reason = None
        try:
            value = self._value(row, (latest, last, against_last), (own, against, compared))
        except Missing as missing:
            reason = str(missing)
        except ZeroDivisionError:
            reason = ZERO
        first = own.first if own else None
        if statistic == "target_monthly_average":
            first = last = None
        elif statistic == "required_rate":
            first, last = (own.last + 1, self.april + 11) if own and own.months < 12 else (None, None)
        elif basis == "financial_year":
            first, last = self.april, self.april + 11
        first = number(row["from_month"]) if row.get("from_month") else first
        last = number(row["to_month"]) if row.get("to_month") else last
        out_of = int(own.denominator) if statistic == "k_of_n" and value is not None else None
        return Figure(value, reason, out_of, first, last, against.first if against else None, against_last)

    def _value(
        self, row: Cells, months: tuple[int | None, ...], windows: tuple[Window | None, Window | None, Window | None]
    ) -> Fraction:
        statistic, (own, against, compared) = row["statistic"], windows
        target = Fraction(row["target"]) if row.get("target") else None
        if statistic == "target":
            return Fraction(row["number"])
        if statistic == "target_monthly_average":
            if target is None:
                raise Missing(NO_TARGET)
            return target / 12
        phased = statistic.startswith("phased")
        if phased and (due := self._due(row, own, against)) is not None:
            return due  # though a month may be missing of what is judged
        self._check(statistic, months, windows)
        if phased:
            raise Missing(ZERO)
        return STATISTICS[statistic](own, compared if row.get("compare_measure") else against, target)

    def _due(self, row: Cells, own: Window | None, against: Window | None) -> Fraction | None:
        """What of the year's target is due by the end of a window; None where it is not known."""
        if own is None:
            return None
        if row["statistic"] == "phased_linear":
            return Fraction(row["target"]) * own.months / 12
        if row["statistic"] == "phased_monthly":
            of_line = (row["financial_year"], row["line"], "target")
            return sum(
                (
                    Fraction(each["number"])
                    for each in self.case.tables["figures"]
                    if (each["financial_year"], each["line"], each["statistic"]) == of_line
                    if each.get("from_month") and each["from_month"] == each.get("to_month")
                    if self.april <= number(each["from_month"]) <= own.last
                ),
                Fraction(0),
            )
        last_year = self.window(row["measure"], "rolling_year", self.april - 1)
        if not (against and against.complete and last_year and last_year.complete and last_year.numerator):
            return None
        return Fraction(row["target"]) * against.numerator / last_year.numerator

    def _ends(self, row: Cells, latest: int | None) -> tuple[int | None, int | None]:
        """The last months of the window and of the one it is compared with."""
        back = 12 if row["name"] == "year_before" else 0
        ends = row.get("ends") or "latest"
        last = None
        if row.get("to_month") and row["statistic"] not in ("target", "forecast"):
            last = number(row["to_month"])  # of a target or a forecast the period only says what it is for
        elif ends == "last_march":
            last = self.april - 1 - back
        elif ends in ("quarter_1", "quarter_2", "quarter_3", "quarter_4"):
            last = self.april + 3 * int(ends[-1]) - 1 - back
        elif latest is not None and not (row["basis"] in ("year_to_date", "financial_year") and latest < self.april):
            last = latest - {"latest": 0, "quarter_before": 3, "year_before": 12}[ends] - back
        against = row.get("against") or ("year_before" if "change" in row["statistic"] else None)
        if against == "last_march":
            return last, self.april - 1 - back
        if against is None or last is None:
            return last, None
        return last, last - {"quarter_before": 3, "year_before": 12}[against]

    def _check(self, statistic: str, months: tuple[int | None, ...], windows: tuple[Window | None, ...]) -> None:
        """Raise Missing where a window does not stand."""
        (latest, last, against_last), (own, against, compared) = months, windows
        for window in (own, against, compared):
            if window and window.marked:
                raise Missing(MARKED[window.marked])
        if latest is None:
            raise Missing(NOTHING_KNOWN)
        if last is None:
            raise Missing(YEAR_NOT_BEGUN)
        if last > self.report_month:
            raise Missing(NOT_ENDED)
        if own is None:
            raise Missing(TOO_OLD)
        if not own.complete:
            raise Missing(INCOMPLETE)
        if against_last is not None and against is None:
            raise Missing(OTHER_TOO_OLD)
        for other in filter(None, (against, compared)):
            if not other.complete:
                raise Missing(OTHER_INCOMPLETE)
            if other.months != own.months and statistic != "change_in_monthly_average":
                raise Missing(UNEQUAL)
        if statistic == "required_rate" and own.months == 12:
            raise Missing(YEAR_OVER)

    def _peers(self, row: Cells) -> Figure:
        """The rank among the peers of a group, or the value of one, of the period that ends last."""
        wanted = {
            "rolling_year": lambda first, last: last - first == 11,
            "quarter": lambda first, last: last - first == 2,
            "latest": lambda first, last: last == first,
            "financial_year": lambda first, last: last - first == 11 and first % 12 == 3,
            "year_to_date": lambda first, last: last - first <= 11 and first % 12 == 3,
        }.get(row.get("basis") or "", lambda *_: True)
        delivered: dict[tuple[int, int], int] = {}
        for peer in self.case.peers:
            if peer.measure == row["measure"] and max(peer.delivery, peer.last) <= self.report_month:
                period = peer.first, peer.last
                delivered[period] = max(delivered.get(period, 0), peer.delivery)
        values: dict[tuple[int, int], dict[str, Fraction]] = {}
        for peer in self.case.peers:
            period = peer.first, peer.last
            if peer.measure == row["measure"] and delivered.get(period) == peer.delivery and wanted(*period):
                values.setdefault(period, {})[peer.name] = Fraction(peer.value)
        if row["statistic"] == "peer_value":
            values = {period: its for period, its in values.items() if row["peer_group"] in its}
        last = max((period[1] for period in values), default=None)
        periods = [period for period in values if period[1] == last]
        if len(periods) != 1:
            return Figure(None, NO_PEERS)
        its = values[periods[0]]
        if row["statistic"] == "peer_value":
            return Figure(its[row["peer_group"]], None, None, *periods[0])
        group = {
            member["peer"]
            for member in self.case.tables["peer_groups"]
            if member["peer_group"] == row["peer_group"]
            and (not member.get("from_month") or number(member["from_month"]) <= last)
            and (not member.get("to_month") or number(member["to_month"]) >= last)
        }
        its = {peer: value for peer, value in its.items() if peer in group}
        if self.whole not in its:
            return Figure(None, NO_PEERS)
        higher = row["direction"] == "higher_is_better"
        better = [value for value in its.values() if (value > its[self.whole] if higher else value < its[self.whole])]
        return Figure(Fraction(len(better) + 1), None, len(its), *periods[0])


def lines(case: Case, report_month: int) -> list[Cells]:
    """The lines of the card of a month, each as the last of its rows says that begins by then."""
    year = next(row["financial_year"] for row in case.tables["calendar"] if number(row["month"]) == report_month)
    begun = [
        row
        for row in case.tables["indicators"]
        if row["financial_year"] == year and not (row.get("from_month") and number(row["from_month"]) > report_month)
    ]
    return list({row["line"]: row for row in sorted(begun, key=lambda row: row.get("from_month") or "")}.values())


def definitions(case: Case, report_month: int) -> list[Cells]:
    """The figures of the card of a month: of each line the latest, the one a year before, its target; and its own."""
    year = next(row["financial_year"] for row in case.tables["calendar"] if number(row["month"]) == report_month)
    found: list[Cells] = []
    for line in lines(case, report_month):
        of_line = line | {"statistic": line["kind"], "from_month": None}
        found += [of_line | {"name": name} for name in ("latest", "year_before")]
        for name in ("target", "target_to"):
            if line.get(name):
                target = {"statistic": "target", "number": line[name], "name": name, "line": line["line"]}
                found.append(target | {"unit": line["unit"], "direction": line["direction"], "basis": None})
        if line.get("phasing"):
            against = {"against": "year_before" if line["phasing"] == "as_before" else None}
            found.append(of_line | against | {"name": "phased_target", "statistic": f"phased_{line['phasing']}"})
        of_line = {"direction": line["direction"], "target": line.get("target")}
        found += [
            row | of_line
            for row in case.tables["figures"]
            if (row["financial_year"], row["line"]) == (year, line["line"])
        ]
    return found
