"""What the typed contract says of figures, keys, months and lines; the reading of files in test_validation."""

import polars as pl
import pytest

from orchestration import months, years
from orchestration.raw.checks import validation
from orchestration.raw.files import intake
from orchestration.raw.findings import findings
from orchestration.raw.sources import catalogue
from orchestration.raw.sources.extracts import BY_NAME, EXTRACTS
from tests import histories
from tests.deliveries import header, lines, month, verdict

FILE = "weapon_enabled_crime/2009-08.csv"


@pytest.mark.parametrize("extract", EXTRACTS, ids=[extract.name for extract in EXTRACTS])
def test_no_column_of_the_sample_delivered_in_thousandths_passes_and_none_is_near_its_most(extract):
    for delivery in histories.delivered(extract.name):
        assert delivery.status == "valid"
        for column in extract.columns:
            if column.most is not None:
                largest = delivery.rows[column.name].cast(pl.Float64).max()
                assert largest * 3 <= column.most < largest * 1000, (delivery.delivery.file, column.name)


def test_a_figure_that_is_hard_to_believe_is_kept_out_until_somebody_vouches_for_it():
    content = lines("weapon_enabled_crime", "2009-08")
    content[6] = content[6].replace(",15", ",15000")
    said = verdict(content)
    assert said.status == "quarantined"
    assert findings.sentences(said.problems) == [
        f"{FILE} line 7, column offences: '15000' is more than 1,000, the highest plausible figure: "
        "correct it (is it in other units?), or confirm it"
    ]
    assert said.doubtful["offences"].to_list() == [15000]
    assert said.rows.height == said.rows_in - 1


def test_a_rate_below_nothing_is_hard_to_believe():
    forces = BY_NAME["peer_forces"].column("force").words
    content = [header(BY_NAME["peer_forces"])]
    content += [f"satisfaction_gap,2008-07,2009-06,{force},{'-' * (force == 'Kent')}0.04" for force in forces]
    said = verdict(content, name="peer_forces")
    assert said.problems["code"].to_list() == ["below_least"]
    assert said.doubtful["force"].to_list() == ["Kent"]


def test_of_rows_that_share_a_key_none_is_taken_and_each_names_another():
    content = lines("weapon_enabled_crime", "2009-08")
    content.append(content[6].replace(",15", ",16"))
    said = verdict(content)
    what = "the row for 2009-08, Barking and Dagenham, cs_gas_or_pepper_spray stands on line"
    assert findings.sentences(said.problems) == [
        f"{FILE} line 7: {what} 226 as well, with other content: keep the one that is right",
        f"{FILE} line 226: {what} 7 as well, with other content: keep the one that is right",
    ]
    assert said.cells["line"].to_list() == [7, 226]
    assert said.rows.height == said.rows_in - 2


def test_a_repeated_key_says_nothing_of_other_files_in_the_same_batch():
    extract = BY_NAME["weapon_enabled_crime"]
    content = "\n".join([*lines(extract.name, "2009-08"), ""]).encode()
    files = [f"{extract.name}/{name}.csv" for name in ("2009-08", "twin")]
    said = validation.check(extract, [intake.Delivery(extract, month("2009-08"), file, content, "") for file in files])
    assert [each.status for each in said] == ["valid", "valid"]


def comments(*known):
    return ["line,comment"] + [f"{line},fine" for line in known]


def test_a_comment_stands_beside_a_line_of_its_own_years_card():
    for year, delivered_for in (("2008/09", "2009-03"), ("2009/10", "2009-04")):
        content = comments(*catalogue.lines(year))
        assert verdict(content, name="commentary", delivered_for=delivered_for).status == "valid"
    only_of_the_year_before = next(
        line for line in catalogue.lines("2008/09") if line not in catalogue.lines("2009/10")
    )
    said = verdict(comments(only_of_the_year_before), name="commentary", delivered_for="2009-04")
    assert said.problems["code"].to_list() == ["unknown_word"]
    assert "is not a line of the card of 2009/10" in findings.message(said.problems)


def test_an_unknown_line_is_answered_with_the_nearest_there_is():
    known = catalogue.lines("2009/10")[0]
    said = verdict(comments(known.upper()), name="commentary")
    assert findings.message(said.problems) == (
        f"commentary/2009-08.csv line 2, column line: '{known.upper()}' is not a line of the card of 2009/10: "
        f"did you mean '{known}'?"
    )


def test_a_comment_of_a_year_without_a_card_has_no_line_to_stand_beside():
    said = verdict(comments("1"), name="commentary", delivered_for="2007-05")
    assert "'1' is not a line of the card of 2007/08, which has no lines in the catalogue" in findings.message(
        said.problems
    )


@pytest.mark.parametrize("by", [-1, 1])
def test_a_delivery_is_for_a_month_of_the_calendar(by):
    beyond = months.shift(years.calendar()[0 if by < 0 else -1], by)
    said = verdict(lines("weapon_enabled_crime", months.key(beyond)), delivered_for=months.key(beyond))
    assert said.status == "rejected"
    assert f"there is no month {months.key(beyond)} in the calendar" in findings.message(said.problems)


def test_a_delivery_of_nothing_but_months_before_the_calendar_is_refused():
    first = years.calendar()[0]
    said = verdict(lines("weapon_enabled_crime", "2007-01"), delivered_for=months.key(first))
    assert set(said.problems["code"]) == {"unknown_month", "not_reached"}
    assert "'2007-01' is no month of the calendar, which runs from 2007-02 to 2010-03" in findings.message(
        said.problems
    )


def test_a_month_of_another_century_is_no_month_of_a_history():
    content = lines("criminal_networks", "1907-02", "2007-02")
    said = verdict(content, name="criminal_networks", delivered_for="2007-02")
    assert said.problems["code"].to_list() == ["unknown_month", "too_old"]


def test_a_survey_without_a_month_that_can_be_read_is_refused_row_by_row():
    content = [text.replace("2009-0", "month ") for text in lines("user_satisfaction", "2009-04", "2009-05", "2009-06")]
    said = verdict(content, name="user_satisfaction", delivered_for="2009-06")
    assert set(said.problems["code"]) == {"badly_written"}


NUMBERS = {
    "015": "write it without leading zeros",
    "12.0": "write it without the decimals",
    " 15": "there is a blank before or behind it: take it out",
    "1e3": "write it in full, without an exponent",
    "£15": "write the number alone, without a sign",
    "1O": "there is a letter in it, O for 0 or l for 1",
    "#REF!": "this is a formula or an error of a spreadsheet: deliver its value",
}


@pytest.mark.parametrize("written, what_to_do", NUMBERS.items())
def test_a_number_written_otherwise_is_answered_with_what_to_do(written, what_to_do):
    content = lines("weapon_enabled_crime", "2009-08")
    content[6] = content[6].replace(",15", f",{written}")
    assert findings.message(verdict(content).problems).endswith(f"is not a whole number of 0 or more: {what_to_do}")


def test_every_code_has_one_scope_and_every_problem_of_a_rule_has_a_code():
    from orchestration.raw.checks import completeness, text_rules, typed_rules

    for extract in EXTRACTS:
        rules = [*typed_rules.rules(extract), *completeness.rules(extract)]
        rules += [rule for column in extract.columns for rule in text_rules.rules(column)]
        assert all(rule.code in findings.SCOPES for rule in rules)
