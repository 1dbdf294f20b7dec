"""The longer questions that a story asks of the release; $1 is the report month, $2 the line."""

# The months of the figure's windows, with the file of each and where its rows stand in it.
MONTHS = """
    with
    latest as (
        select * from figures where report_month = $1 and line = $2 and name = 'latest'
    ),
    windows as (
        select 'own' as part, measure, data_from, data_to from latest
        union all
        select 'against', measure, against_from, against_to from latest where against_from is not null
        union all
        select 'compared', compare_measure, data_from, data_to from latest where compare_measure is not null
    )
    select
        windows.part,
        monthly.month,
        monthly.numerator,
        monthly.denominator,
        monthly.provisional,
        list({
            'file': sources.file,
            'sha256': sources.sha256,
            'first_line': sources.first_line,
            'last_line': sources.last_line,
            'lines': sources.lines
        } order by sources.file) as sources
    from windows
    inner join monthly_measures as monthly
        on
            monthly.report_month = $1
            and windows.measure = monthly.measure
            and monthly.month between windows.data_from and windows.data_to
    inner join areas on monthly.area = areas.area and areas.kind = 'force'
    left join measure_sources as sources
        on
            sources.report_month = $1
            and monthly.measure = sources.measure
            and monthly.month = sources.month
    group by all
    order by windows.part desc, monthly.month
"""
PEERS = """
    select
        peers.name,
        peers.peer_group,
        peers.measure,
        peers.from_month,
        peers.to_month,
        peers.place,
        peers.sharing_the_place,
        peers.forces,
        peers.members,
        peers.value,
        peers.median,
        peers.from_median,
        peers.missing_reason,
        (
            select list(others.force order by others.force)
            from peers as others
            where
                others.report_month = peers.report_month
                and others.line = peers.line
                and others.name = peers.name
                and others.value is null
        ) as without_a_value
    from peers
    inner join areas on peers.force = areas.area and areas.kind = 'force'
    where peers.report_month = $1 and peers.line = $2
    order by peers.name
"""
RESTATEMENTS = """
    select
        restatements.month,
        restatements.measure,
        restatements.numerator_before,
        restatements.numerator,
        restatements.denominator_before,
        restatements.denominator,
        restatements.delivery_month
    from restatements
    inner join areas on restatements.area = areas.area and areas.kind = 'force'
    inner join figures
        on
            restatements.report_month = figures.report_month
            and restatements.measure in (figures.measure, figures.compare_measure)
    where figures.report_month = $1 and figures.line = $2 and figures.name = 'latest'
    order by restatements.month
"""
# Every line with a measure, and whether it says something else than on the card before, or cannot be held against it.
LINES = """
    select
        line,
        title,
        printed_before,
        printed,
        status_before,
        changes.status,
        says,
        missing_reason,
        printed_before <> printed
        or status_before is distinct from changes.status
        or missing_reason is not null as changed
    from changes
    inner join scorecard using (report_month, line)
    where report_month = $1
    order by position
"""
