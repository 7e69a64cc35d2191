"""Forget words: what a customer proposed for a transcript goes with the recording when that is erased.

It goes at once, held or not, so that nothing of it tells of a hold (I6). What a hold keeps is the recording, its
transcript, and what stands beside that: no more is ever given to whoever demands it.
"""

from dataclasses import replace

from requests_portal.model.actor import SYSTEM
from requests_portal.model.case import Case, ClosedBecause
from requests_portal.model.decision import Decision
from requests_portal.model.transcript import FORGOTTEN, ProposedWords
from requests_portal.work.close import close
from requests_portal.work.ports import Work


def forget_words(work: Work, account: str) -> None:
    """Keep of what the account proposed for erased recordings only its digest; a request still open is moot."""
    kept = [(case, case.proposed) for case in work.cases.correcting(account) if case.proposed]
    told = [(case, proposed) for case, proposed in kept if not proposed.is_forgotten]
    gone = work.erasures.erased_among([proposed.recording for _, proposed in told])
    for case, proposed in told:
        if proposed.recording in gone:
            _forget(work, case, proposed)


def _forget(work: Work, case: Case, proposed: ProposedWords) -> None:
    forgetting = _without_words(case, proposed)
    work.audit.add("words_forgotten", by=SYSTEM, case=case.id, private={"recording": proposed.recording})
    if case.is_open:
        close(work, forgetting, ClosedBecause.ERASED, by=SYSTEM)
    else:
        work.cases.put(forgetting)


def _without_words(case: Case, proposed: ProposedWords) -> Case:
    """The case without the words, and without each paragraph of its letters' texts that quotes them."""
    return replace(
        case,
        proposed=proposed.forgotten(),
        decision=_unquoted(case.decision, proposed),
        earlier=_unquoted(case.earlier, proposed),
        letters=tuple(
            replace(each, sections=tuple((name, _lines(text, proposed)) for name, text in each.sections))
            for each in case.letters
        ),
    )


def _unquoted(decision: Decision | None, proposed: ProposedWords) -> Decision | None:
    if decision is None:
        return None
    return replace(decision, letter=tuple(_lines(each, proposed) for each in decision.letter))


def _lines(text: str, proposed: ProposedWords) -> str:
    return "\n".join(FORGOTTEN if proposed.is_quoted_in(line) else line for line in text.split("\n"))
