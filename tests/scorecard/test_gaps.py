"""A window that lacks months names them, and what became of their deliveries."""

from datetime import date

import polars as pl
import pytest

from orchestration import months
from orchestration.scorecard import gaps

AUGUST, JULY, JUNE = date(2009, 8, 1), date(2009, 7, 1), date(2009, 6, 1)
HELD = list(months.between(date(2007, 2, 1), AUGUST))
DELIVERY = {"extract": "recorded_crime", "delivery_month": JULY, "status": "loaded", "reason": None}


def reason(first, last, *lacking, because="holds some", extract="recorded_crime", **delivery):
    """The reason of a figure over a window that lacks these months, with what is known of the delivery of one."""
    figure = {
        **{"report_month": AUGUST, "measure": "crime", "compare_measure": None, "data_from": first, "data_to": last},
        **{"against_from": None, "against_to": None, "missing_reason": f"the window {because}"},
    }
    known = [month for month in HELD if month not in lacking]
    monthly = pl.DataFrame({"month": known}).with_columns(
        report_month=pl.lit(AUGUST), measure=pl.lit("crime"), complete=pl.lit(value=True)
    )
    deliveries = pl.DataFrame(
        [DELIVERY | delivery | {"extract": extract}],
        schema={**dict.fromkeys(DELIVERY, pl.String), "delivery_month": pl.Date},
    )
    schema = dict.fromkeys(("data_from", "data_to", "against_from", "against_to", "report_month"), pl.Date)
    values = pl.DataFrame([figure], schema_overrides=schema)
    extracts = pl.DataFrame({"measure": ["crime"], "extract": [extract]})
    return gaps.named(values, monthly, extracts, deliveries)["missing_reason"].item()


@pytest.mark.parametrize(
    ("delivery", "fate"),
    [
        ({"status": "no delivery"}, "was not delivered"),
        ({"status": "no delivery", "reason": "gone: it was there"}, "was delivered and is gone"),
        ({"status": "quarantined", "reason": "2 rows"}, "is quarantined"),
        ({"status": "rejected", "reason": "no CSV"}, "was delivered and rejected"),
        ({"status": "loaded"}, "is not in the delivery"),
        ({"delivery_month": JUNE}, "was not delivered"),
    ],
)
def test_a_month_that_is_missing_is_named_with_the_fate_of_its_delivery(delivery, fate):
    assert reason(date(2008, 9, 1), AUGUST, JULY, **delivery) == f"the window holds some: Jul-09 {fate}"


def test_months_of_another_fate_are_named_apart_and_many_are_counted():
    quarantined = reason(date(2009, 4, 1), AUGUST, JUNE, JULY, status="quarantined")
    assert quarantined == "the window holds some: Jun-09 was not delivered; Jul-09 is quarantined"
    early = reason(date(2006, 5, 1), date(2007, 4, 1))
    assert early == "the window holds some: 9 months from May-06 on are before the first delivery"


def test_a_month_of_a_quarter_is_missing_with_the_delivery_of_its_quarter():
    lacking = [date(2009, 4, 1), date(2009, 5, 1), JUNE]
    its = {"extract": "user_satisfaction", "delivery_month": JUNE, "status": "quarantined"}
    found = reason(date(2008, 9, 1), JUNE, *lacking, **its)
    assert found == "the window holds some: Apr-09, May-09 and Jun-09 are quarantined"


def test_a_reason_of_another_kind_stays_as_it_is():
    assert reason(date(2008, 9, 1), AUGUST, JULY, because="is suppressed") == "the window is suppressed"
