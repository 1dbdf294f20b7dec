"""What a measure is made of, in words, where no definition words it."""

from orchestration.explain import formula


def test_fractions_are_named_and_stand_behind_what_counts_whole():
    rows = [
        {"part": "numerator", "series": "bin_fires", "weight": 0.25},
        {"part": "numerator", "series": "dwelling_fires", "weight": 1.0},
        {"part": "numerator", "series": "false_alarms", "weight": 0.5},
        {"part": "numerator", "series": "rescues", "weight": 2.5},
        {"part": "denominator", "series": "calls", "weight": 1.0},
    ]
    assert str(formula.parts(None, rows)) == (
        "2.5 x rescues + dwelling fires + half of false alarms + a quarter of bin fires, divided by calls"
    )
