"""Each act writes its audit entry in its own transaction; each refusal writes nothing at all."""

from dataclasses import replace

import pytest
from a_house import (
    ADA,
    EVERYBODY,
    INES,
    JUNIPER,
    KETTLE,
    LINK,
    MARLOW,
    MARSH,
    MAYA,
    NOW,
    PIN,
    PRIYA,
    SHERIFF,
    SUBPOENA,
    TOMAS,
    WARRANT,
    ruling,
)
from who_asks import confirm_who_asks

from legal_rules.errors import RuleBookError
from requests_portal.errors import Conflict, Forbidden, NotFound, Refused, Unusable
from requests_portal.model.case import CaseState, Requester, Track
from requests_portal.model.letter import LetterKind
from requests_portal.model.listening import Purpose
from requests_portal.model.papers import Paper, PaperState
from requests_portal.model.silence import Silence
from requests_portal.work import produce
from requests_portal.work.approve import approve, refuse_approval
from requests_portal.work.assess import assess
from requests_portal.work.assign import assign, wait_for_requester
from requests_portal.work.correct import correct_facts
from requests_portal.work.decide import Choice, decide
from requests_portal.work.listen import grant, play
from requests_portal.work.mark_up import change, undo
from requests_portal.work.papers import add_paper
from requests_portal.work.recall import recall
from requests_portal.work.receive import Filing, receive
from requests_portal.work.reissue import reissue
from requests_portal.work.release import release
from requests_portal.work.revoke import revoke
from requests_portal.work.silence import mark
from requests_portal.work.write import edit_letter, finish_letter, seen_as, take_back

FILING = Filing(
    track=Track.LEGAL_DEMAND,
    title="Search warrant",
    requester=SHERIFF,
    received_at=NOW,
    zone="America/Los_Angeles",
    language="en",
    facts=dict(WARRANT),
)
OWN = replace(
    FILING,
    track=Track.DATA_SUBJECT,
    requester=Requester(name=MARSH.name),
    facts={"right": "access", "accounts": [MARSH.account], "seeks": ["audio"]},
    account=MARSH.account,
)
PAPER = Paper(sha256="a" * 64, size=9, filename="warrant.pdf", received_at=NOW, state=PaperState.CLEAN, pages=1)
RECORDING, NOT_MARSH_S = "i-03142104", "n-03142200"
FOR_QUALITY = {"purpose": Purpose.CHECK_QUALITY, "words": ""}
PART = Silence(recording=RECORDING, start=1.5, end=2.25, reason="A visitor speaks")


def filed(house):
    return house.file()


def checked(house):
    return house.check(house.file())


def marked(house):
    case = checked(house)
    house.act(change, case.id, {RECORDING: [PART]}, by=MAYA)
    return house.case(case.id)


def heard(house):
    case = checked(house)
    house.act(grant, case.id, RECORDING, **FOR_QUALITY, by=MAYA)
    return case


def decided(house):
    return house.decide(checked(house))


def approved(house):
    return house.approve(decided(house))


def gathered(house):
    case = approved(house)
    house.gather(case)
    return case


def certified(house):
    case = gathered(house)
    house.certify(case)
    return case


def signing(house):
    case = certified(house)
    house.act(produce.begin_sealing, house.production(case.id).id)
    return case


def offered(house):
    case = signing(house)
    made = house.production(case.id)
    house.act(produce.record_signed, made.id, house.documents(made), [])
    return case


def released(house):
    case = offered(house)
    house.release(case)
    return case


def revoked(house):
    case = released(house)
    house.act(on_release(revoke, reason="The wrong office.", by=MAYA)(house, case))
    return case


def failed(house):
    case = approved(house)
    house.act(produce.record_failure, house.production(case.id).id, "The store does not answer.")
    return case


def nobody(house):
    return None


def begun(house):
    case = approved(house)
    house.act(produce.begin_gathering, house.production(case.id).id)
    return case


def do(verb, *arguments, **named):
    """A verb on a case, with these arguments."""
    return lambda _house, case: lambda work: verb(work, case.id, *arguments, **named)


def on_production(verb, *arguments, **named):
    return lambda house, case: lambda work: verb(work, house.production(case.id).id, *arguments, **named)


def on_release(verb, *arguments, **named):
    """A verb on the newest release of a case."""

    def run(house, case):
        with house.ledger.reading() as work:
            given = work.productions.releases(house.production(case.id).id)[-1]
        return lambda work: verb(work, given.id, *arguments, **named)

    return run


def approving(verb, **named):
    return lambda house, case: lambda work: verb(work, case.id, digest=house.case(case.id).decision.digest, **named)


def deciding(*, by=MAYA, reasons="", **moves):
    return lambda house, case: (
        lambda work: decide(work, case.id, ruling(house.case(case.id), reasons=reasons, **moves), by=by)
    )


def certifying(*, by=PRIYA, digest=None):
    def act(house, case):
        made = house.production(case.id)
        right = produce.certified_digest(made)
        return lambda work: produce.certify(
            work, made.id, paragraphs=("I certify.",), pages=(), digest=digest or right, by=by
        )

    return act


def signed(house, case):
    made = house.production(case.id)
    return lambda work: produce.record_signed(work, made.id, house.documents(made), [])


def on_letter(verb, *arguments, kind=LetterKind.OBJECTION):
    def act(house, case):
        seen = seen_as(house.case(case.id), kind)
        return lambda work: verb(work, case.id, kind, *arguments, seen=seen, by=MAYA)

    return act


def edited(house):
    case = decided(house)
    house.act(on_letter(edit_letter, {"closing": "We would rather talk."})(house, case))
    return house.case(case.id)


# Each act, where it starts, and the entries it leaves.
ACTS = {
    "receive": (nobody, lambda *_: lambda w: receive(w, FILING, by=INES), "case_received hold_placed case_assessed"),
    "receive own": (nobody, lambda *_: lambda w: receive(w, OWN, by=JUNIPER), "case_received case_assessed"),
    "verify": (filed, do(confirm_who_asks, by=INES), "requester_checked case_assessed"),
    "assess": (filed, do(assess, by=MAYA), "case_assessed"),
    "correct": (
        checked,
        do(correct_facts, {"signed": False}, reason="Page 2 is not signed.", by=INES),
        "facts_corrected case_assessed",
    ),
    "assign": (filed, do(assign, to="maya", by=INES), "case_assigned"),
    "wait": (checked, do(wait_for_requester, for_what="The dates.", by=MAYA), "waiting_for_requester"),
    "add paper": (filed, do(add_paper, PAPER, by=INES), "paper_added"),
    "mark silences": (checked, do(mark, {RECORDING: [PART]}, by=MAYA), "silences_marked"),
    "undo a change of silences": (marked, do(undo, RECORDING, by=MAYA), "silences_marked"),
    "grant listening": (checked, do(grant, RECORDING, **FOR_QUALITY, by=MAYA), "listening_granted"),
    "play": (heard, do(play, RECORDING, from_ms=0, to_ms=10, by=MAYA), "recording_played"),
    "decide": (checked, deciding(), "case_decided"),
    "approve": (decided, approving(approve, by=TOMAS), "decision_approved production_reserved"),
    "refuse approval": (decided, approving(refuse_approval, reason="Too wide.", by=TOMAS), "approval_refused"),
    "edit letter": (
        decided,
        on_letter(edit_letter, {"closing": "We would rather talk."}),
        "letter_edited case_decided",
    ),
    "take letter back": (edited, on_letter(take_back), "letter_edit_taken_back case_decided"),
    "finish letter": (filed, on_letter(finish_letter, kind=LetterKind.ACKNOWLEDGEMENT), "letter_finished"),
    "begin gathering": (approved, on_production(produce.begin_gathering), "gathering_started"),
    "record gathered": (begun, on_production(produce.record_gathered, []), "gathering_finished"),
    "certify": (gathered, certifying(), "certificate_signed_off"),
    "begin sealing": (certified, on_production(produce.begin_sealing), "signing_intended"),
    "record signed": (signing, signed, "document_signed document_signed production_offered"),
    "cancel": (approved, on_production(produce.cancel, by=MAYA), "production_cancelled"),
    "record failure": (begun, on_production(produce.record_failure, "It stopped."), "production_failed"),
    "retry": (failed, on_production(produce.retry, by=MAYA), "production_retried"),
    "release": (
        offered,
        on_production(release, recipient="Deputy R. Pinecone", token=LINK, pin=PIN, by=MAYA),
        "production_released",
    ),
    "recall": (
        released,
        on_production(recall, reason="The wrong month.", replaced_by=None, by=MAYA),
        "production_recalled link_revoked",
    ),
    "revoke": (released, on_release(revoke, reason="The wrong office.", by=MAYA), "link_revoked"),
    "reissue": (
        released,
        on_release(reissue, token="another", pin=PIN, by=MAYA),
        "link_revoked link_reissued",
    ),
}


class Killed(Exception):  # noqa: N818 — it stands for a process that is gone
    pass


@pytest.mark.parametrize("act", ACTS)
def test_an_act_leaves_its_audit_entries(house, act):
    start, verb, entries = ACTS[act]
    case = start(house)
    before = len(house.log())

    house.act(verb(house, case))

    assert house.acts()[before:] == entries.split()
    assert house.log_is_sound()


@pytest.mark.parametrize("act", ACTS)
def test_an_act_whose_transaction_dies_leaves_nothing(house, act):
    start, verb, _ = ACTS[act]
    case = start(house)
    run = verb(house, case)
    before = house.dump()

    def dies(work):
        run(work)
        raise Killed

    with pytest.raises(Killed):
        house.act(dies)

    assert house.dump() == before


@pytest.mark.parametrize("act", ACTS)
def test_when_the_entry_cannot_be_written_the_act_does_not_happen(house, act, monkeypatch):
    """No log, no act: the log's key is gone in the moment of the commit."""
    start, verb, _ = ACTS[act]
    case = start(house)
    run = verb(house, case)
    before = house.dump()

    class Broken:
        public_key = house.ledger.log.key.public_key

        def sign(self, _message):
            raise Killed

    house.ledger = replace(house.ledger, log=replace(house.ledger.log, key=Broken()))
    with pytest.raises(Killed):
        house.act(run)

    assert house.dump() == before


WIDER = {**WARRANT, "range_to": "2026-08-01T00:00:00-07:00"}


def beyond(house, case):
    """More than line 1 demands: another month."""
    line = house.case(case.id).lines[0].scope
    wider = replace(line, interval=replace(line.interval, end=NOW))
    return deciding(reasons="Because.", line_1=Choice(move="narrow", scope=wider))(house, case)


def somebody_else_s(house, case):
    line = house.case(case.id).lines[0].scope
    return deciding(
        reasons="Because.", line_1=Choice(move="narrow", scope=replace(line, accounts=frozenset({KETTLE.account})))
    )(house, case)


def undecided_line(house, case):
    made = ruling(house.case(case.id), reasons="Because.")
    return lambda work: decide(work, case.id, replace(made, choices={"1": made.choices["1"]}), by=MAYA)


def contents(house):
    return house.check(house.file(SUBPOENA))


def all_of_line_1(house, case):
    line = house.case(case.id).lines[0].scope
    return deciding(reasons="They asked nicely.", line_1=Choice(move="narrow", scope=line))(house, case)


def answered(house):
    case = offered(house)
    house.release(case)
    return case


def stale(house):
    return decided(house)


REFUSALS = {
    "a customer files a demand": (nobody, lambda *_: lambda w: receive(w, FILING, by=JUNIPER), Forbidden),
    "a customer asks for another's data": (nobody, lambda *_: lambda w: receive(w, OWN, by=MARLOW), Forbidden),
    "a customer adds another's account": (
        nobody,
        lambda *_: (
            lambda w: receive(
                w, replace(OWN, facts={**OWN.facts, "accounts": [MARSH.account, KETTLE.account]}), by=JUNIPER
            )
        ),
        Forbidden,
    ),
    "an auditor files": (nobody, lambda *_: lambda w: receive(w, FILING, by=ADA), Forbidden),
    "an unknown account is named": (
        nobody,
        lambda *_: lambda w: receive(w, replace(FILING, facts={**WARRANT, "accounts": ["A-00000-0"]}), by=INES),
        Unusable,
    ),
    "the dates are reversed": (
        nobody,
        lambda *_: (
            lambda w: receive(w, replace(FILING, facts={**WARRANT, "range_to": "2025-01-01T00:00:00-08:00"}), by=INES)
        ),
        RuleBookError,
    ),
    "a custodian checks": (filed, do(confirm_who_asks, by=PRIYA), Forbidden),
    "a correction without a reason": (checked, do(correct_facts, {"signed": False}, reason=" ", by=INES), Unusable),
    "a correction of an unknown fact": (
        checked,
        do(correct_facts, {"sined": False}, reason="r", by=INES),
        RuleBookError,
    ),
    "a correction of no such case": (
        nobody,
        lambda *_: lambda w: correct_facts(w, "none", {"signed": False}, reason="r", by=INES),
        NotFound,
    ),
    "an auditor assigns": (filed, do(assign, to="maya", by=ADA), Forbidden),
    "waiting for nothing": (checked, do(wait_for_requester, for_what="", by=MAYA), Unusable),
    "intake marks silences": (checked, do(mark, {RECORDING: [PART]}, by=INES), Forbidden),
    "intake undoes silences": (marked, do(undo, RECORDING, by=INES), Forbidden),
    "undoing what was not changed": (checked, do(undo, RECORDING, by=MAYA), Conflict),
    "intake listens": (checked, do(grant, RECORDING, **FOR_QUALITY, by=INES), Forbidden),
    "listening to another's recording": (checked, do(grant, NOT_MARSH_S, **FOR_QUALITY, by=MAYA), NotFound),
    "playing without a grant": (checked, do(play, RECORDING, from_ms=0, to_ms=10, by=MAYA), Forbidden),
    "playing under a colleague's grant": (heard, do(play, RECORDING, from_ms=0, to_ms=10, by=TOMAS), Forbidden),
    "marking after the decision": (decided, do(mark, {RECORDING: [PART]}, by=MAYA), Conflict),
    "marking after the approval": (approved, do(mark, {RECORDING: []}, by=MAYA), Conflict),
    "marking another customer's recording": (
        checked,
        do(mark, {NOT_MARSH_S: [replace(PART, recording=NOT_MARSH_S)]}, by=MAYA),
        NotFound,
    ),
    "marking a recording that there is not": (checked, do(mark, {"none": []}, by=MAYA), NotFound),
    "marking one recording for another": (checked, do(mark, {"i-03142137": [PART]}, by=MAYA), Unusable),
    "marking a part that ends before it begins": (
        checked,
        do(mark, {RECORDING: [replace(PART, end=1.0)]}, by=MAYA),
        Unusable,
    ),
    "marking a part without an end": (
        checked,
        do(mark, {RECORDING: [replace(PART, end=float("nan"))]}, by=MAYA),
        Unusable,
    ),
    "marking without a reason": (checked, do(mark, {RECORDING: [replace(PART, reason=" ")]}, by=MAYA), Unusable),
    "marking without end": (checked, do(mark, {RECORDING: [PART] * 1_001}, by=MAYA), Unusable),
    "intake decides": (checked, deciding(by=INES), Forbidden),
    "more than was demanded": (checked, beyond, Unusable),
    "another account than was demanded": (checked, somebody_else_s, Unusable),
    "contents on a subpoena": (contents, all_of_line_1, Unusable),
    "a line without a decision": (checked, undecided_line, Unusable),
    "leaving the proposal without a reason": (checked, deciding(line_1=Choice(move="refuse")), Unusable),
    "deciding twice": (decided, deciding(), Conflict),
    "approving one's own decision": (decided, approving(approve, by=MAYA), Forbidden),
    "a custodian approves": (decided, approving(approve, by=PRIYA), Forbidden),
    "approving what one has not read": (decided, do(approve, digest="0" * 64, by=TOMAS), Conflict),
    "approving twice": (approved, approving(approve, by=TOMAS), Forbidden),
    "refusing an approval without a reason": (decided, approving(refuse_approval, reason="", by=TOMAS), Unusable),
    "producing what is not approved": (
        decided,
        lambda _h, c: lambda w: produce.reserve(w, w.cases.get(c.id, by=MAYA), by=MAYA),
        Conflict,
    ),
    "a lawyer certifies": (gathered, certifying(by=MAYA), Forbidden),
    "certifying something else": (gathered, certifying(digest="0" * 64), Conflict),
    "certifying twice": (certified, certifying(), Conflict),
    "certifying what is not gathered": (approved, certifying(), Conflict),
    "signing what is not certified": (gathered, on_production(produce.begin_sealing), Conflict),
    "recording what was not intended": (certified, signed, Conflict),
    "recording signatures twice": (offered, signed, Conflict),
    "cancelling what is signed": (offered, on_production(produce.cancel, by=MAYA), Conflict),
    "a custodian cancels": (approved, on_production(produce.cancel, by=PRIYA), Forbidden),
    "retrying what runs": (begun, on_production(produce.retry, by=MAYA), Conflict),
    "retrying what is offered": (offered, on_production(produce.retry, by=MAYA), Conflict),
    "intake releases": (offered, on_production(release, recipient="X", token=LINK, pin=PIN, by=INES), Forbidden),
    "intake recalls": (released, on_production(recall, reason="No.", replaced_by=None, by=INES), Forbidden),
    "recalling without a reason": (released, on_production(recall, reason=" ", replaced_by=None, by=MAYA), Conflict),
    "recalling what never left": (offered, on_production(recall, reason="No.", replaced_by=None, by=MAYA), Conflict),
    "replacing by nothing of ours": (released, on_production(recall, reason="No.", replaced_by="x", by=MAYA), NotFound),
    "intake revokes": (released, on_release(revoke, reason="Why not.", by=INES), Forbidden),
    "intake reissues": (released, on_release(reissue, token="another", pin=PIN, by=INES), Forbidden),
    "revoking without a reason": (released, on_release(revoke, reason=" ", by=MAYA), Conflict),
    "revoking twice": (revoked, on_release(revoke, reason="Again.", by=MAYA), Conflict),
    "reissuing for what is no certificate": (
        released,
        on_release(reissue, token="another", pin=PIN, certificate=b"none", by=MAYA),
        Unusable,
    ),
    "releasing to nobody": (offered, on_production(release, recipient=" ", token=LINK, pin=PIN, by=MAYA), Conflict),
    "releasing what is not signed": (
        certified,
        on_production(release, recipient="X", token=LINK, pin=PIN, by=MAYA),
        Conflict,
    ),
    "releasing twice": (
        answered,
        on_production(release, recipient="Deputy R. Pinecone", token="another", pin=PIN, by=MAYA),
        Conflict,
    ),
}


@pytest.mark.parametrize("act", REFUSALS)
def test_a_refusal_writes_nothing(house, act):
    start, verb, refusal = REFUSALS[act]
    case = start(house)
    before = house.dump()
    queued = list(house.queue.jobs)

    with pytest.raises(refusal) as refused:
        house.act(verb(house, case))

    assert house.dump() == before
    assert house.queue.jobs == queued
    sentence = str(refused.value)
    assert sentence.endswith((".", "?"))
    assert not any(person in sentence for person in (MARSH.name, MARSH.email, SHERIFF.name))


def test_who_may_not_act_on_a_case_may_not_by_any_verb(house):
    """For a customer an authority's case does not exist, whatever is tried."""
    case = offered(house)
    made = house.production(case.id)
    before = house.dump()
    tries = [
        lambda work: work.cases.get(case.id, by=JUNIPER),
        lambda work: work.cases.by_reference(case.reference, by=JUNIPER),
        lambda work: confirm_who_asks(work, case.id, by=JUNIPER),
        lambda work: correct_facts(work, case.id, {"signed": False}, reason="r", by=JUNIPER),
        lambda work: approve(work, case.id, digest="0" * 64, by=JUNIPER),
        lambda work: produce.cancel(work, made.id, by=JUNIPER),
        lambda work: release(work, made.id, recipient="me", token="t", pin="1", by=JUNIPER),
    ]
    for attempt in tries:
        with pytest.raises(Refused):
            house.act(attempt)

    assert house.dump() == before


def test_one_s_own_decision_is_not_approved_and_the_sentence_says_so(house):
    case = decided(house)

    with pytest.raises(Forbidden) as refusal:
        house.approve(case, by=MAYA)

    assert refusal.value.sentence == "You made this decision, so a different person has to approve it."


def test_a_refused_approval_gives_the_case_back_with_the_reason(house):
    case = decided(house)

    back = house.act(refuse_approval, case.id, digest=case.decision.digest, reason="Too wide.", by=TOMAS)

    assert (back.state, back.decision, back.approval) == (CaseState.ASSESSED, None, None)
    assert (back.approvals[0].granted, back.approvals[0].reason) == (False, "Too wide.")


def test_the_log_holds_no_personal_data(house):
    """Every entry of a whole life, both tracks, with reasons, recipients and downloads."""
    warrant = answered(house)
    own = house.offered(house.ask())
    house.release(own, token="another")
    later = house.check(house.file())
    house.act(correct_facts, later.id, {"signed": False}, reason="Juniper Marsh called.", by=INES)
    house.act(wait_for_requester, later.id, for_what="Deputy R. Pinecone's signature", by=MAYA)

    everything = "\n".join(map(str, house.log())).lower()

    people = [person.name for person in EVERYBODY] + [SHERIFF.name, SHERIFF.organisation, KETTLE.name]
    private = [MARSH.account, MARSH.email, SHERIFF.email, "juniper", "saltbox", "called", "signature"]
    references = [warrant.reference, own.reference, later.reference]
    assert [word for word in (*people, *private, *references) if word.lower() in everything] == []
