"""Bridges: which change of a rule is bridged, and what the bridge puts side by side."""

from dataclasses import replace
from datetime import date

import pytest

from orchestration.scorecard import bridges, display, status
from orchestration.scorecard.bridges import Cards
from orchestration.scorecard.optional_rules import Evidence

APRIL, MAY, JUNE, JULY, AUGUST = (date(2009, month, 1) for month in range(4, 9))
RULE = {
    "financial_year": "2009/10",
    "from_month": None,
    "measure": "crime_rate",
    "compare_measure": None,
    "kind": "percentage",
    "basis": "rolling_year",
    "made_of": "numerator offences; denominator people",
    "direction": "lower_is_better",
    "target": 0.10,
    "target_text": "{target}",
    "amber_tolerance": 0.05,
    "judged_from": None,
    "not_judged": None,
    "unit": "percent",
    "sign": None,
    "decimals": 1,
    "judging_rules": None,
    "title": "Crime",
    "decided_by": None,
    "reason": None,
}
DATED = {"from_month": AUGUST, "decided_by": "Performance board", "reason": "as agreed in July"}
# 10% is the target: met in April, and missed by 3%, 8%, 20%, and 8% again
VALUES = {APRIL: 0.099, MAY: 0.103, JUNE: 0.108, JULY: 0.12, AUGUST: 0.108}
# by another definition
OTHERS = {APRIL: 0.04, MAY: 0.05, JUNE: 0.06, JULY: 0.07}


def cards(changed: dict, values=VALUES, history=OTHERS, evidence: dict | None = None) -> Cards:
    """The cards of a line from April to August, of which August has a changed rule, each judged by its own."""
    rules = {month: RULE | (changed if month == AUGUST else {}) for month in values}
    latest = {
        month: {
            "value": None if rules[month]["measure"] is None else value,
            "data_to": month,
            "missing_reason": None,
            "out_of": None,
            "printed": display.printed(value, rules[month]["unit"], rules[month]["sign"], rules[month]["decimals"]),
        }
        for month, value in values.items()
    }
    on = {month: tuple(filter(None, [rules[month]["judging_rules"]])) for month in values}
    of = {month: replace(it, rules=on[month]) for month, it in (evidence or {}).items()}
    judged = {month: status.judge(rules[month], latest[month], of.get(month, status.NO_EVIDENCE)) for month in values}
    return Cards(
        rows={(month, "4a"): {"financial_year": "2009/10", "status": judged[month].letter} for month in values},
        rules={(month, "4a"): rule for month, rule in rules.items()},
        latest={(month, "4a"): row for month, row in latest.items()},
        evidence={(month, "4a"): it for month, it in of.items()},
        history={(AUGUST, "4a"): history},
    )


def of(changed: dict, **others) -> bridges.Bridge | None:
    (found,) = list(bridges.bridges(cards(changed, **others), [AUGUST])) or [None]
    return found


def letters(bridge: bridges.Bridge) -> str:
    """The letters of all cards under the old rule, then under the new one; - for none."""
    old, new = ("".join(getattr(it, name) or "-" for it in bridge.compared) for name in ("status_before", "status"))
    return f"{old} {new}"


# what changes in August, the letters of all cards under both rules, and whether they only turn for the better
BRIDGED = {
    "a wider tolerance": ({"amber_tolerance": 0.1}, "GARRR GAARA", True),
    "a narrower tolerance": ({"amber_tolerance": 0.01}, "GARRR GRRRR", False),
    "no tolerance": ({"amber_tolerance": 0.0}, "GARRR GRRRR", False),
    "a tolerance of everything": ({"amber_tolerance": 0.5}, "GARRR GAAAA", True),
    "an easier target": ({"target": 0.11}, "GARRR GGGRG", True),
    "a harder target": ({"target": 0.09}, "GARRR RRRRR", False),
    "another target with the same letters": ({"target": 0.1001}, "GARRR GARRR", False),
    "a target in other words": ({"target_text": "Reduce to {target}"}, "GARRR GARRR", False),
    "no target": ({"target": None, "target_text": "Tracking"}, "GARRR -----", False),
    "the other direction": ({"direction": "higher_is_better"}, "GARRR AGGGG", False),
    "judged from later on": ({"judged_from": AUGUST}, "GARRR ----R", False),
    "judged no longer": ({"not_judged": "baseline year"}, "GARRR -----", False),
    "more decimals": ({"decimals": 2}, "GARRR GARRR", False),
    "fewer decimals": ({"decimals": 0}, "GARRR GGRRR", True),
    "another unit": ({"unit": "number", "decimals": 3}, "GARRR GARRR", False),
    "another measure": ({"measure": "theft_rate"}, "GARRR GGGGR", True),
    "another kind": ({"kind": "ratio"}, "GARRR GGGGR", True),
    "another window": ({"basis": "year_to_date"}, "GARRR GGGGR", True),
    "one series more": ({"made_of": "numerator offences; numerator thefts; denominator people"}, "GARRR GGGGR", True),
    "another threshold": ({"made_of": "numerator offences, force from 5; denominator people"}, "GARRR GGGGR", True),
    "a second measure": ({"compare_measure": "theft_rate"}, "GARRR GGGGR", True),
    "no measure any more": ({"measure": None, "target": None, "not_judged": "narrative"}, "GARRR -----", False),
    "two cells at once": ({"target": 0.09, "amber_tolerance": 0.5}, "GARRR AAAAA", False),
}


@pytest.mark.parametrize("name", BRIDGED)
def test_a_change_that_prints_otherwise_is_bridged_with_the_letters_of_both_rules(name):
    changed, expected, only_better = BRIDGED[name]
    bridge = of(changed | DATED)
    old, new = expected.split()
    found_old, found_new = letters(bridge).split()
    if {it.column_name for it in bridge.changes} & bridges.DEFINITION.keys():
        found_old, old, found_new, new = (
            text[:4] for text in (found_old, old, found_new, new)
        )  # August's is not known
    assert (found_old, found_new, bridge.only_better) == (old, new, only_better)
    # a row of indicators.csv dates what is in it, and nothing else
    assert (bridge.dated, bridge.reason) == (
        ("made_of" not in changed),
        None if "made_of" in changed else DATED["reason"],
    )


GREEN = dict.fromkeys(VALUES, 0.09)
NOT_BRIDGED = {
    "nothing": ({}, {}),
    "another title": ({"title": "Crime of all sorts"}, {}),
    "another tolerance of a line that meets its target": ({"amber_tolerance": 0.2}, {"values": GREEN}),
    "a sign that no figure shows": ({"sign": "magnitude"}, {}),
    "judged from the first card on": ({"judged_from": APRIL}, {}),
    "a series by another name": ({"made_of": "numerator all_offences; denominator people"}, {"history": VALUES}),
    "a judging rule that has nothing to decide": ({"judging_rules": "significance"}, {"values": GREEN}),
}


@pytest.mark.parametrize("name", NOT_BRIDGED)
def test_a_change_after_which_everything_prints_alike_makes_no_bridge(name):
    changed, others = NOT_BRIDGED[name]
    assert of(changed | DATED, **others) is None


def test_a_judging_rule_that_decides_is_bridged_on_the_evidence_of_each_card():
    evidence = {month: Evidence(interval=(value - 0.01, value + 0.01)) for month, value in VALUES.items()}
    bridge = of({"judging_rules": "significance"} | DATED, evidence=evidence)
    assert letters(bridge) == "GARRR GAARA"
    assert [it.table_name for it in bridge.changes] == ["judging_rules.csv"]


def test_the_sentence_names_what_changed_who_and_why_and_says_plainly_where_letters_only_improve():
    assert of({"amber_tolerance": 0.1} | DATED).explanation == (
        "Changed from Aug-09 on: tolerance 10% instead of 5% (Performance board: as agreed in July). Under the new "
        "rule the cards before would have printed Jun-09 amber, not red. Under the old rule this card would print "
        "10.8% (red), not 10.8% (amber). The change only turns letters for the better."
    )
    assert of({"target": 0.09, "amber_tolerance": 0.5} | DATED).explanation.startswith(
        "Changed from Aug-09 on: target 9% instead of 10%; tolerance 50% instead of 5% (Performance board: "
    )
    other = of({"measure": "theft_rate"} | DATED)
    assert "What this card would print under the old rule is not computed." in other.explanation


def test_a_rule_that_changes_back_is_bridged_each_time_and_compares_with_the_card_before():
    of_line = cards({"amber_tolerance": 0.1} | DATED)
    rules = {**of_line.rules, (JUNE, "4a"): RULE | {"amber_tolerance": 0.3, "from_month": JUNE}}
    rows = {**of_line.rows, (JUNE, "4a"): {"financial_year": "2009/10", "status": "A"}}
    found = list(bridges.bridges(replace(of_line, rules=rules, rows=rows), [JUNE, JULY, AUGUST]))
    assert [(it.report_month, it.what) for it in found] == [
        (JUNE, "tolerance 30% instead of 5%"),
        (JULY, "tolerance 5% instead of 30%"),
        (AUGUST, "tolerance 10% instead of 5%"),
    ]
    assert [it.dated for it in found] == [True, False, True]


def test_what_an_earlier_version_did_not_record_is_no_change():
    assert bridges.changes({"target": 0.1, "made_of": None}, RULE) == []


# what other code makes of the same cards: the figures and letters that were published before, and what it computes now
CODE = {
    "nothing else": ({}, VALUES, ""),
    "another letter": ({"status": "A"}, VALUES, "Jul-09 red, not amber"),
    "no letter any more": ({"status": "G"}, VALUES, "Jul-09 red, not green"),
    "another figure": ({}, VALUES | {JULY: 0.101}, "Jul-09 amber, not red"),
    "a month that is not known any more": ({}, {APRIL: 0.099}, ""),
}


@pytest.mark.parametrize("name", CODE)
def test_other_code_is_bridged_where_it_makes_something_else_of_the_cards_before(name):
    published, computed, turned = CODE[name]
    of_line = cards({}, history=computed)
    rows = {**of_line.rows, (JULY, "4a"): {**of_line.rows[JULY, "4a"], **published}}
    found = list(bridges.of_code(replace(of_line, rows=rows), AUGUST, {"4a"}, "1a2b", "3c4d"))
    assert len(found) == bool(turned)
    for bridge in found:
        assert bridge.changes == (bridges.Change("code", "version", "1a2b", "3c4d"),)
        assert (bridge.dated, bridge.decided_by) == (False, None)
        assert turned in bridge.explanation


def test_a_figure_whose_months_were_restated_is_not_put_down_to_the_code():
    of_line = cards({}, history=VALUES | {JULY: 0.101})
    assert list(bridges.of_code(of_line, AUGUST, set(), "1a2b", "3c4d")) == []


def test_figures_that_print_otherwise_by_other_code_are_bridged():
    of_line = cards({})
    latest = {**of_line.latest, (MAY, "4a"): {**of_line.latest[MAY, "4a"], "printed": "10.30%"}}
    (bridge,) = bridges.of_code(replace(of_line, latest=latest), AUGUST, set(), "1a2b", "3c4d")
    assert [it.month for it in bridge.compared if it.printed_before and it.differs] == [MAY]
