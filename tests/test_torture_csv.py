"""A small part of the torture of CSV deliveries; the whole is `python -m tests.torture.damaged_csv`."""

from collections import Counter

import pytest

from tests.torture import damaged_csv
from tests.torture.damaged_rows import HARMLESS


def became(outcomes):
    return Counter(each.became for each in outcomes)


def test_no_damage_gets_past_the_gate_that_anything_in_the_file_betrays():
    damages = {kind: damage for kind, damage in damaged_csv.DAMAGES.items() if kind not in damaged_csv.COULD_BE_SOUND}
    outcomes = list(damaged_csv.judged(damaged_csv.kinds(3, damages)))
    assert Counter(each.case.kind for each in outcomes) == dict.fromkeys(damages, 3)
    assert [(each.case.kind, each.case.base.extract.name) for each in outcomes if each.became == "wrong"] == []
    assert all(each.said for each in outcomes if each.became != "same")


def test_most_of_what_nothing_betrays_is_held_or_warned_of():
    damages = {kind: damage for kind, damage in damaged_csv.DAMAGES.items() if kind in damaged_csv.COULD_BE_SOUND}
    outcomes = list(damaged_csv.judged(damaged_csv.kinds(10, damages)))
    unnoticed = [each for each in outcomes if each.became == "wrong" and not each.warned]
    assert len(unnoticed) < len(outcomes) / 4


@pytest.mark.parametrize("kind", HARMLESS)
def test_a_harmless_change_gives_the_same_rows(kind):
    outcomes = list(damaged_csv.judged(damaged_csv.kinds(len(damaged_csv.bases()) // 20, {kind: HARMLESS[kind]})))
    assert became(outcomes) == {"same": len(outcomes)}


def test_damaged_bytes_raise_nothing_and_hardly_any_get_past():
    outcomes = list(damaged_csv.judged(damaged_csv.damaged_bytes(600)))
    assert len(outcomes) == 600
    assert became(outcomes)["wrong"] + became(outcomes)["doubted"] <= 0.02 * len(outcomes)
