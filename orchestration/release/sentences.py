"""Sentences whose numbers changed since they were published: they hold the release until a person confirms them."""

from datetime import date

from orchestration import warehouse
from orchestration.release import confirmations, folder, staleness
from orchestration.release.staleness import Sentence


def waiting(report_months: list[date]) -> list[Sentence]:
    """The sentences of these cards, as they stand in the warehouse, that nobody has confirmed since they are stale."""
    before = folder.current()
    if before is None or not warehouse.exists():
        return []
    with warehouse.reading() as connection:
        connection.execute(f"attach {warehouse.literal(before.database)} as published (read_only)")
        differing = [Sentence(*row) for row in connection.execute(_DIFFERING, [report_months]).fetchall()]
        figures: dict[tuple[date, str], dict[str, str]] = {}
        for month, line, name, printed in connection.execute(_FIGURES, [report_months]).fetchall():
            figures.setdefault((month, line), {})[name] = printed
        connection.execute("detach published")
    known = confirmations.confirmed()
    return [
        sentence
        for sentence in differing
        if sentence.printed not in known
        and staleness.is_stale(sentence, figures.get((sentence.report_month, sentence.line), {}))
    ]


_DIFFERING = """
    select now.report_month, now.line, delivered.sentence, delivered.file, was.comment, now.comment
    from scorecard.scorecard as now
    join published.scorecard as was using (report_month, line)
    join staging.stg_commentary as delivered
        on now.report_month = delivered.delivery_month and now.line = delivered.line
    where list_contains(?::date[], now.report_month) and now.comment <> was.comment
    order by now.report_month, now.position
"""
_FIGURES = """
    select report_month, line, name, printed from published.figures where list_contains(?::date[], report_month)
"""
