"""Papers: another document reaches a case that is already open."""

from dataclasses import replace

from requests_portal.model.actor import Act, Actor
from requests_portal.model.case import Case
from requests_portal.model.papers import Paper
from requests_portal.work.ports import Work


def add_paper(work: Work, case_id: str, paper: Paper, *, by: Actor) -> Case:
    """Add a stored paper to a case; the same bytes a second time change nothing."""
    by = by.must(Act.FILE_DEMAND)
    case = work.cases.get(case_id, by=by)
    if any(known.sha256 == paper.sha256 for known in case.papers):
        return case
    work.audit.add("paper_added", by=by, case=case.id, subjects={"paper": paper.sha256}, numbers={"bytes": paper.size})
    return work.cases.put(replace(case, papers=(*case.papers, paper)))
