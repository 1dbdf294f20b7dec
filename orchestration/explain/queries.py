"""The queries of a story, each for every line of a card at once; $1 is its report month."""


def _of(table: str, order_by: str = "line", where: str = "true") -> str:
    """The rows of a table by line, without the rest of the card's key."""
    return (
        f"select columns(lambda name: name not in ('report_month', 'financial_year')) from {table} "
        f"where report_month = $1 and {where} order by {order_by}"
    )


# The months of the windows of each latest figure, with the file of each and where its rows stand in it.
MONTHS = """
    with
    latest as (
        select * from figures where report_month = $1 and name = 'latest'
    ),
    windows as (
        select line, 'own' as part, measure, data_from, data_to from latest
        union all
        select line, 'against', measure, against_from, against_to from latest where against_from is not null
        union all
        select line, 'compared', compare_measure, data_from, data_to from latest where compare_measure is not null
    )
    select
        windows.line, windows.part,
        monthly.month, monthly.numerator, monthly.denominator, monthly.provisional,
        list({
            'file': sources.file, 'sha256': sources.sha256,
            'first_line': sources.first_line, 'last_line': sources.last_line, 'lines': sources.lines
        } order by sources.file) as sources
    from windows
    inner join monthly_measures as monthly
        on
            monthly.report_month = $1
            and windows.measure = monthly.measure
            and monthly.month between windows.data_from and windows.data_to
    inner join areas on monthly.area = areas.area and areas.kind = 'whole'
    left join measure_sources as sources
        on
            sources.report_month = $1
            and monthly.measure = sources.measure
            and monthly.month = sources.month
    group by all
    order by windows.line, windows.part desc, monthly.month
"""
PEERS = """
    select
        peers.* exclude (report_month, financial_year, peer),
        (
            select list(others.peer order by others.peer)
            from peers as others
            where
                (others.report_month, others.line, others.name) = (peers.report_month, peers.line, peers.name)
                and others.value is null
        ) as without_a_value
    from peers
    inner join areas on peers.peer = areas.area and areas.kind = 'whole'
    where peers.report_month = $1
    order by peers.line, peers.name
"""
RESTATEMENTS = """
    select
        figures.line,
        restatements.* exclude (report_month, area)
    from restatements
    inner join areas on restatements.area = areas.area and areas.kind = 'whole'
    inner join figures
        on
            restatements.report_month = figures.report_month
            and restatements.measure in (figures.measure, figures.compare_measure)
    where figures.report_month = $1 and figures.name = 'latest'
    order by figures.line, restatements.month
"""
OF_LINES = {
    "card": "select * from scorecard where report_month = $1 order by position",
    "indicator": "select * from indicators where report_month = $1 order by line",
    "latest": _of("figures", where="name = 'latest'"),
    "judgement_steps": """
    select line, step, rule, outcome, explanation from judgement_steps where report_month = $1 order by line, step
    """,
    "judgement": _of("judgements"),
    "bridge": _of("bridge_months", "line, month"),
    "interval": _of("intervals", where="name = 'latest'"),
    "change": _of("changes"),
    "movements": _of("movements", "line, kind = 'month_in', kind = 'month_out', part desc, month"),
    "components": _of("component_movements", "line, kind, component"),
    "areas": _of("area_contributions", "line, abs(contribution) desc, area", "contribution is not null"),
    "run_rate": _of("run_rates"),
    "outturn": _of("outturns"),
    "trend": _of("trend_marks"),
    "peers": PEERS,
    "months": MONTHS,
    "restatements": RESTATEMENTS,
    "republished": """
    select line, release, card_column, text_before, text from republished where report_month = $1 order by all
    """,
}
# Every line with a measure, beside what it printed on the card before.
LINES = """
    select
        line, title, printed_before, printed, value_before,
        status_before, changes.status, changes.explanation, missing_reason
    from changes
    inner join scorecard using (report_month, line)
    where report_month = $1
    order by position
"""
