"""The XmR chart of NHS Making Data Count as expressions: limits of a series, and what in it is more than chance.

A frame holds one row a point, in order, null where the point is missing; `segment` says which points share limits (one
series, one set of counting rules), `baseline` which of them the limits are taken from. A missing point stays a gap: no
moving range spans it, and a run, a trend or two of three neither cross it nor count it. Equal values break a trend, a
point on the mean breaks a run. Published values of the method are in tests/conformance/xmr.json.
"""

import polars as pl

TO_A_LIMIT = 2.66  # mean moving ranges from the mean to a limit
TO_NEAR_A_LIMIT = 2 * TO_A_LIMIT / 3
OUTLYING = 3.267  # a moving range of as many means or more is left out of the limits, once
IN_A_ROW = 7
OF_TRIAL = 12  # limits of fewer points are trial limits
NOISE = 1e-12  # what binary fractions add: 0.1 three times is not 0.3


def charted(points: pl.DataFrame, screen: bool = True) -> pl.DataFrame:
    """The points (segment, value and whatever else) with their centre, limits, and the rules they break.

    Limits are mean +/- 2.66 x mean moving range, and may lie where no value can (a share under 0). A moving range of
    nothing is never outlying: a series that never changes has its limits on its mean.
    """
    value, segment, centre = pl.col("value"), "segment", pl.col("centre")
    moved = pl.when(_goes_on()).then(value - value.shift(1))
    of_baseline = pl.when("baseline")
    moving_range = of_baseline.then("moving_range")
    to_a_limit = TO_A_LIMIT * pl.col("mean_moving_range")
    near = TO_NEAR_A_LIMIT * pl.col("mean_moving_range")
    return (
        points.with_columns(
            moved=_sign(moved, value),
            moving_range=moved.abs(),
            centre=of_baseline.then(value).mean().over(segment),
            points=of_baseline.then(value).count().over(segment),
        )
        .with_columns(
            screened=((moving_range >= OUTLYING * moving_range.mean().over(segment)) & (moving_range > 0) & screen)
        )
        .with_columns(mean_moving_range=pl.when(~pl.col("screened")).then("moving_range").mean().over(segment))
        .with_columns(
            screened=pl.col("screened").fill_null(False),
            lower_limit=centre - to_a_limit,
            upper_limit=centre + to_a_limit,
            side=_sign(value - centre, value),
            trial=pl.col("points") < OF_TRIAL,
        )
        .with_columns(
            outside=pl.when(_sign(value - pl.col("upper_limit"), value) > 0)
            .then(1)
            .when(_sign(value - pl.col("lower_limit"), value) < 0)
            .then(-1)
            .otherwise(0)
        )
        .with_columns(
            close=(pl.col("outside") == 0) & (_sign((value - centre).abs() - near, value) > 0).fill_null(False),
            run_length=in_a_row("side"),
            moves=in_a_row("moved"),
        )
        .with_columns(
            outside_limits=_named(pl.col("outside")),
            run=_named(pl.when(_whole("side", "run_length") >= IN_A_ROW).then("side")),
            trend=_named(_part_of_a_trend()),
            two_of_three=_named(pl.when(two_in_three("close", "side") & pl.col("close")).then("side")),
        )
    )


def in_a_row(sign: str) -> pl.Expr:
    """How many points up to and with this one have its sign, without a gap; 0 where the sign is 0 or missing."""
    place = pl.int_range(pl.len())
    so_far = place - pl.when(_starts(sign)).then(place).forward_fill() + 1
    return pl.when(pl.col(sign) != 0).then(so_far).otherwise(0)


def two_in_three(close: str, side: str) -> pl.Expr:
    """Whether the point is of three in a row, all on one side, of which two or more are close to the limit."""
    sides = pl.col(side)
    ends = (
        _goes_on()
        & _goes_on().shift(1)
        & ((sides + sides.shift(1) + sides.shift(2)).abs() == 3)
        & (pl.sum_horizontal(pl.col(close).cast(pl.Int8).shift(back) for back in range(3)) >= 2)
    ).fill_null(False)
    return ends | ends.shift(-1, fill_value=False) | ends.shift(-2, fill_value=False)


def _part_of_a_trend() -> pl.Expr:
    """The sign of the rise or fall that the point is part of, its first point included."""
    own = pl.when(_whole("moved", "moves") >= IN_A_ROW - 1).then("moved")
    return pl.coalesce(own, own.shift(-1))


def _goes_on() -> pl.Expr:
    """Whether the row before is of the same segment."""
    return pl.col("segment") == pl.col("segment").shift(1)


def _starts(sign: str) -> pl.Expr:
    """Whether the sign differs from that of the row before, or a segment begins."""
    return pl.col(sign).ne_missing(pl.col(sign).shift(1)) | ~_goes_on().fill_null(False)


def _whole(sign: str, so_far: str) -> pl.Expr:
    """The length of the whole row of equal signs that the point is in."""
    last = _starts(sign).shift(-1, fill_value=True)
    return pl.when(last).then(so_far).backward_fill()


def _sign(difference: pl.Expr, value: pl.Expr) -> pl.Expr:
    """1, -1, or 0 where the two are equal but for binary noise."""
    noise = NOISE * pl.max_horizontal(value.abs(), 1.0)
    return pl.when(difference.abs() <= noise).then(0).otherwise(difference.sign()).cast(pl.Int8)


def _named(sign: pl.Expr) -> pl.Expr:
    """`high`, `low` or null."""
    return sign.replace_strict({1: "high", -1: "low"}, default=None, return_dtype=pl.String)
