"""Marks of papers in SQL, and the earlier requests that have a paper like one of these."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, insert, select
from sqlalchemy.orm import Session

from requests_portal.database.moments import to_text
from requests_portal.database.tables import case_papers, cases, paper_bands, paper_dockets, paper_marks
from requests_portal.database.visible import visible
from requests_portal.model.actor import Actor
from requests_portal.model.case import Case, Track
from requests_portal.model.paper_mark import RESEMBLES, Alike, Likeness, PaperMark, resemblance

# A form that very many use is compared with the newest of them.
MOST_COMPARED, MOST_SHOWN = 500, 20


class SqlPaperMarks:
    """Fulfils the PaperMarks port."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def unmarked(self, *, most: int) -> Sequence[str]:
        """Some papers of legal demands that have no mark yet, in no order: those that fail keep no other one back."""
        query = (
            select(case_papers.c.sha256)
            .join(cases, cases.c.id == case_papers.c.case_id)
            .outerjoin(paper_marks, paper_marks.c.sha256 == case_papers.c.sha256)
            .where(paper_marks.c.sha256.is_(None), cases.c.track == Track.LEGAL_DEMAND)
        )
        return list(dict.fromkeys(self._session.execute(query.order_by(func.random()).limit(most)).scalars()))

    def add(self, mark: PaperMark, *, at: datetime) -> None:
        """Keep a mark; a paper that has one keeps it."""
        if self._session.execute(select(paper_marks.c.sha256).where(paper_marks.c.sha256 == mark.sha256)).first():
            return
        values = {"text_digest": mark.text_digest, "words": mark.words, "sketch": json.dumps(mark.sketch)}
        self._session.execute(insert(paper_marks).values(sha256=mark.sha256, marked_at=to_text(at), **values))
        if mark.sketch:
            rows = [{"band": band, "sha256": mark.sha256} for band in mark.bands]
            self._session.execute(insert(paper_bands), rows)
        if mark.dockets:
            rows = [{"docket": docket, "sha256": mark.sha256} for docket in mark.dockets]
            self._session.execute(insert(paper_dockets), rows)

    def alike(self, case: Case, marks: Sequence[PaperMark], *, by: Actor) -> Sequence[Alike]:
        """The other demands that the actor may see with such a paper, each by its strongest likeness."""
        found = dict[str, Alike]()
        for each in self._found(case, marks, by):
            found.setdefault(each.reference, each)
        return list(found.values())[:MOST_SHOWN]

    def of_agency(self, agency_id: str, *, since: datetime, by: Actor) -> int:
        """How many demands matched with an agency came since then, of those that the actor may see."""
        mine = (cases.c.agency == agency_id, cases.c.received_at >= to_text(since), visible(by))
        return self._session.execute(select(func.count()).select_from(cases).where(*mine)).scalar_one()

    def _found(self, case: Case, marks: Sequence[PaperMark], by: Actor) -> Iterator[Alike]:
        papers = [mark.sha256 for mark in marks]
        yield from self._of(case, by, Likeness.BYTES, case_papers.c.sha256.in_(papers))
        digests = [mark.text_digest for mark in marks if mark.text_digest]
        same_text = select(paper_marks.c.sha256).where(paper_marks.c.text_digest.in_(digests))
        yield from self._of(case, by, Likeness.TEXT, case_papers.c.sha256.in_(same_text))
        numbers = [docket for mark in marks for docket in mark.dockets]
        numbers += [case.requester.plain_file_number] if case.requester.plain_file_number else []
        same_number = select(paper_dockets.c.sha256).where(paper_dockets.c.docket.in_(numbers))
        yield from self._of(case, by, Likeness.DOCKET, case_papers.c.sha256.in_(same_number))
        yield from self._of(case, by, Likeness.DOCKET, cases.c.file_number.in_(numbers))
        for mark in marks:
            yield from self._resembling(case, mark, by)

    def _resembling(self, case: Case, mark: PaperMark, by: Actor) -> Iterator[Alike]:
        near = select(paper_bands.c.sha256).where(paper_bands.c.band.in_(mark.bands))
        candidates = select(paper_marks).where(paper_marks.c.sha256.in_(near), paper_marks.c.sha256 != mark.sha256)
        newest = candidates.order_by(paper_marks.c.marked_at.desc()).limit(MOST_COMPARED)
        for row in self._session.execute(newest).all():
            other = PaperMark(
                sha256=row.sha256,
                text_digest=row.text_digest,
                words=row.words,
                sketch=tuple(json.loads(row.sketch)),
                dockets=(),
            )
            share = resemblance(mark, other)
            if share >= RESEMBLES:
                yield from self._of(case, by, Likeness.TEMPLATE, case_papers.c.sha256 == row.sha256, share)

    def _of(
        self, case: Case, by: Actor, kind: Likeness, condition: ColumnElement[bool], share: float = 1.0
    ) -> Iterator[Alike]:
        """The other demands of which this holds, among those that exist for the actor."""
        query = (
            select(cases.c.reference, cases.c.organisation)
            .outerjoin(case_papers, case_papers.c.case_id == cases.c.id)
            .where(condition, cases.c.id != case.id, cases.c.track == Track.LEGAL_DEMAND, visible(by))
            .order_by(cases.c.received_at.desc(), cases.c.reference)
            .limit(MOST_SHOWN)
        )
        for row in self._session.execute(query):
            yield Alike(kind=kind, reference=row.reference, organisation=row.organisation, share=share)
