"""How tests find out who asks: a person in their account, an authority by its channel or a number of the directory."""

from datetime import date

from requests_portal.model.actor import Actor, Role
from requests_portal.model.agency import Agency, Domain, Phone
from requests_portal.model.attestation import Statement
from requests_portal.model.case import Track
from requests_portal.model.identity import Detail
from requests_portal.model.officer_check import Outcome, RequestText
from requests_portal.work.answer_agent import confirm_own, may_confirm
from requests_portal.work.attest import attest, call_supervisor
from requests_portal.work.four_eyes import is_emergency
from requests_portal.work.identify import compare_details
from requests_portal.work.officer_checks import CHANNELS, call_back, confirm_channel, match_agency

NUMBER = "+1 510 555 0142"
ALDER = Agency(
    id="01990000-0000-7000-8000-00000000a1de",
    name="Alder County Sheriff",
    country="US",
    state="CA",
    domains=(Domain(name="alder-sheriff.example.org", below=False),),
    phones=(Phone(number=NUMBER, source="the state's list", found_on=date(2026, 1, 20)),),
)
DECLARED = Statement(
    danger="A child of six, taken from a playground this morning.",
    why_now="The abductor wrote that she has until tonight.",
    why_no_process="The judge on duty cannot be reached before noon.",
    needed="Where the device was last used, and by which account.",
    officer="Deputy R. Pinecone",
    supervisor="Lieutenant A. Cone, watch commander",
)
NOTHING_READ = RequestText(words="", unread=0)


def confirm_who_asks(work, case_id, *, by, passed=True, how="Called the sheriff back."):
    """Record one check by which the requester is confirmed, or is not."""
    case = work.cases.get(case_id, by=by)
    if case.track is Track.DATA_SUBJECT:
        if not passed:
            return compare_details(work, case_id, (), by=by)
        if case.account is None:
            return compare_details(work, case_id, (Detail.NAME, Detail.EMAIL), by=by)
        return confirm_own(work, case_id, by=holder(case)) if may_confirm(case) else case
    if is_emergency(case) and passed:
        attested(work, case_id, by=by)
    if case.facts.get("channel") in CHANNELS:
        return confirm_channel(work, case_id, reference=how, passed=passed, by=by)
    work.agencies.put(ALDER)
    match_agency(work, case_id, ALDER.id, by=by)
    outcome = Outcome.PASSED if passed else Outcome.FAILED
    return call_back(work, case_id, NUMBER, told=how, outcome=outcome, request=NOTHING_READ, by_eye=False, by=by)


def holder(case):
    """Whoever has the account that a person's request is about, signed in to it."""
    return Actor(id=case.account, name=case.requester.name, roles=frozenset({Role.CUSTOMER}), account=case.account)


def attested(work, case_id, *, by, outcome=Outcome.PASSED, number=NUMBER, request=NOTHING_READ):
    """Put down what an emergency's officer declared, and call the supervisor."""
    work.agencies.put(ALDER)
    match_agency(work, case_id, ALDER.id, by=by)
    attest(work, case_id, DECLARED, declared=True, by=by)
    told = "The watch commander knows of it."
    return call_supervisor(work, case_id, number, told=told, outcome=outcome, request=request, by_eye=False, by=by)
