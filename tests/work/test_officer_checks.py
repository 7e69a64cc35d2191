"""Who sends a demand is found out by checks alone, and neither a look-alike nor their own number confirms them."""

from dataclasses import replace
from datetime import date

import pytest
from a_house import ACCESS, INES, JUNIPER, MARSH, MAYA, NOW, PRIYA, SHERIFF, WARRANT, ruling
from who_asks import ALDER, NUMBER

from requests_portal.errors import Barred, Conflict, Forbidden, NotFound, Unusable
from requests_portal.model.agency import Domain, Phone
from requests_portal.model.case import Quote, Track
from requests_portal.model.lookalike import looks_like
from requests_portal.model.officer_check import MessageRead, Outcome, PaperSignature, RequestText, names_number
from requests_portal.model.papers import Paper, PaperState
from requests_portal.work.correct import correct_facts
from requests_portal.work.decide import Choice, decide
from requests_portal.work.officer_checks import (
    call_back,
    confirm_channel,
    match_agency,
    read_message,
    record_signatures,
)
from requests_portal.work.papers import add_paper
from requests_portal.work.receive import Filing, receive
from requests_portal.work.verify import note_check

GOV = replace(ALDER, domains=(Domain(name="alder-sheriff.example.gov", below=True),))
PAPER = Paper(sha256="b" * 64, size=9, filename="order.pdf", received_at=NOW, state=PaperState.CLEAN, pages=1)
CLEAN = RequestText(words="The People of the State of California to any peace officer.", unread=0)


@pytest.fixture
def known(any_house):
    any_house.act(lambda work: work.agencies.put(GOV))
    return any_house


def demand(house, email="records@alder-sheriff.example.gov", *, channel="email", **told):
    requester = replace(SHERIFF, email=email, **told)
    filing = Filing(
        track=Track.LEGAL_DEMAND,
        title="Search warrant",
        requester=requester,
        received_at=house.now,
        zone="America/Los_Angeles",
        language="en",
        facts=WARRANT | {"channel": channel},
        quotes=(Quote(words="Contact the undersigned deputy."),),
    )
    return house.act(receive, filing, by=INES)


def matched(house, *email, **told):
    case = demand(house, *email, **told)
    return house.act(match_agency, case.id, GOV.id, by=INES)


def call(house, case, number=NUMBER, *, outcome=Outcome.PASSED, request=CLEAN, by_eye=False, by=INES):
    told = "The watch commander confirmed Deputy Pinecone and file 26-118."
    return house.act(call_back, case.id, number, told=told, outcome=outcome, request=request, by_eye=by_eye, by=by)


def newest(house, case):
    with house.ledger.reading() as work:
        return work.officer_checks.of_case(case.id)[0]


def test_a_call_to_a_number_of_the_directory_confirms_who_asks_and_says_how_with_who_called_when(known):
    case = call(known, matched(known))

    check = newest(known, case)
    assert (case.facts["requester_verified"], case.facts["verified_how"]) == (True, "call_back")
    assert (check.kind, check.outcome, check.by, check.at) == ("call_back", "passed", "ines", known.now)
    assert NUMBER not in str(known.log())


@pytest.mark.parametrize(
    "words",
    [
        "Call me on 510-555-0142.",
        "Call me on (510) 555.0142!",
        "+1 (0)510 / 555 01 42",
        "5 1 0 5 5 5 0 1 4 2",
        "٥١٠٥٥٥٠١٤٢",
        "５１０ー５５５ー０１４２",
    ],
)
def test_a_number_that_stands_in_the_papers_is_refused_however_it_is_written(known, words):
    case = matched(known)

    with pytest.raises(Unusable, match="appears in the request"):
        call(known, case, request=RequestText(words=words, unread=0))

    assert "requester_verified" not in known.case(case.id).facts


def test_a_number_that_stands_in_the_request_s_own_form_is_refused(known):
    case = matched(known, address=("1 Courthouse Square", "Tel. 510 555 0142"))

    with pytest.raises(Unusable, match="appears in the request"):
        call(known, case)


def test_a_number_that_the_directory_has_not_is_refused(known):
    case = matched(known)

    for number in ("+1 510 555 0199", "", "510 555 0142"):
        with pytest.raises(Unusable, match="not one that the directory has"):
            call(known, case, number)


def test_a_scan_is_looked_through_by_eye_before_a_number_is_called(known):
    case, scan = matched(known), RequestText(words="", unread=1)

    with pytest.raises(Unusable, match="Look through them"):
        call(known, case, request=scan)

    assert call(known, case, request=scan, by_eye=True).facts["requester_verified"] is True


def test_nobody_is_called_before_their_agency_is_known_nor_by_whoever_may_not_check(known):
    with pytest.raises(Conflict, match="which agency"):
        call(known, demand(known))
    with pytest.raises(Forbidden):
        call(known, matched(known), by=PRIYA)
    with pytest.raises(NotFound):
        known.act(match_agency, demand(known).id, "01990000-0000-7000-8000-000000000000", by=INES)


@pytest.mark.parametrize(("outcome", "verified"), [(Outcome.FAILED, False), (Outcome.NOT_SHOWN, None)])
def test_a_call_that_confirms_nothing_leaves_nobody_confirmed(known, outcome, verified):
    case = call(known, matched(known), outcome=outcome)

    assert case.facts.get("requester_verified") is verified
    assert "verified_how" not in case.facts


def test_a_later_call_that_fails_takes_the_earlier_confirmation_away(known):
    case = call(known, matched(known))

    case = call(known, case, outcome=Outcome.FAILED)

    assert (case.facts["requester_verified"], "verified_how" in case.facts) == (False, False)


def test_a_call_to_one_agency_does_not_confirm_another(known):
    other = replace(GOV, id="01990000-0000-7000-8000-00000000beef", name="Tern Police", domains=())
    known.act(lambda work: work.agencies.put(other))
    case = call(known, matched(known))

    case = known.act(match_agency, case.id, other.id, by=INES)

    assert "requester_verified" not in case.facts


@pytest.mark.parametrize(
    ("email", "outcome"),
    [
        ("x@alder-sheriff.example.gov", Outcome.PASSED),
        ("x@Mail.ALDER-sheriff.example.gov", Outcome.PASSED),
        ("x@a1der-sheriff.example.gov", Outcome.FAILED),
        ("x@\u0430lder-sheriff.example.gov", Outcome.FAILED),
        ("x@xn--lder-sheriff-w9j.example.gov", Outcome.FAILED),
        ("x@alder-sheriff.example.gov.records-desk.example", Outcome.FAILED),
        ("x@alder-sheriff-example-gov.example", Outcome.FAILED),
        ("x@alder-sherif.example.gov", Outcome.FAILED),
        ("x@tingrove-police.example.gov", Outcome.NOT_SHOWN),
        ("x@example.com", Outcome.NOT_SHOWN),
        ("no address", Outcome.NOT_SHOWN),
        ("", Outcome.NOT_SHOWN),
    ],
)
def test_the_sender_s_domain_is_theirs_a_look_alike_or_unknown_and_alone_confirms_nobody(known, email, outcome):
    case = matched(known, email)

    assert newest(known, case).outcome is outcome
    assert case.facts.get("requester_verified") is (False if outcome is Outcome.FAILED else None)


@pytest.mark.parametrize(
    ("host", "domain", "alike"),
    [
        ("rnarin-police.gov", "marin-police.gov", True),
        ("marin-police.com", "marin-police.gov", True),
        ("marinpolice.gov", "marin-police.gov", True),
        ("mairn-police.gov", "marin-police.gov", True),
        ("kent.police.uk", "gwent.police.uk", False),
        ("fbi.gov", "dbi.gov", False),
        ("sheriff.marin-police.gov", "marin-police.gov", False),
        ("harbour-police.gov", "marin-police.gov", False),
    ],
)
def test_what_reads_alike_is_told_from_what_is_only_short_or_below(host, domain, alike):
    assert (looks_like(host, domain) is not None) is alike


def test_a_domain_that_the_directory_has_is_no_look_alike_of_a_neighbour(known):
    neighbour = replace(
        GOV,
        id="01990000-0000-7000-8000-00000000beef",
        name="Elder",
        domains=(Domain(name="elder-sheriff.example.gov", below=False),),
    )
    known.act(lambda work: work.agencies.put(neighbour))

    assert newest(known, matched(known, "x@elder-sheriff.example.gov")).outcome is Outcome.NOT_SHOWN


def test_a_channel_confirms_only_what_came_by_it(known):
    by_judex, by_mail = demand(known, channel="judex"), demand(known)

    case = known.act(confirm_channel, by_judex.id, reference="JUDEX-118, court of Alder", passed=True, by=INES)

    assert (case.facts["requester_verified"], case.facts["verified_how"]) == (True, "judex")
    with pytest.raises(Unusable, match="confirms nobody"):
        known.act(confirm_channel, by_mail.id, reference="R-1", passed=True, by=INES)


@pytest.mark.parametrize(("channel", "verified"), [("email", None), ("registered_agent", None), ("portal", True)])
def test_a_confirmation_by_a_channel_ends_with_the_channel(known, channel, verified):
    case = demand(known, channel="portal")
    known.act(confirm_channel, case.id, reference="Account 118", passed=True, by=INES)

    case = known.act(correct_facts, case.id, {"channel": channel}, reason="Read again.", by=MAYA)

    assert case.facts.get("requester_verified") is verified
    assert case.facts.get("verified_how") == ("portal_credentials" if verified else None)


def test_a_call_still_confirms_when_the_channel_turns_out_to_be_another(known):
    case = call(known, matched(known))

    case = known.act(correct_facts, case.id, {"channel": "portal"}, reason="Read again.", by=MAYA)

    assert (case.facts["requester_verified"], case.facts["verified_how"]) == (True, "call_back")


def test_no_fact_of_a_check_is_written_otherwise(known):
    case = demand(known)

    for fact in ({"requester_verified": True}, {"verified_how": "call_back"}, {"verified_how": None}):
        with pytest.raises(Unusable, match="established by a check"):
            known.act(correct_facts, case.id, fact, reason="It is so.", by=MAYA)
    with pytest.raises(Unusable, match="established by a check"):
        known.file(requester_verified=True)
    with pytest.raises(Unusable, match="confirm no authority"):
        known.act(note_check, case.id, how="He sounded honest.", by=INES)


def test_a_customer_s_own_request_is_not_checked_like_an_officer_s(known):
    own = known.ask(ACCESS, by=JUNIPER, account=MARSH.account)

    with pytest.raises(Conflict, match="own request"):
        known.act(confirm_channel, own.id, reference="R-1", passed=True, by=INES)


def test_whoever_is_not_confirmed_gets_nothing(known):
    case = known.case(matched(known, "x@a1der-sheriff.example.gov").id)
    record = case.assessment.lines[0]
    wanted = {f"line_{record.line.id}": Choice(move="narrow", scope=record.permitted or record.line.scope)}

    with pytest.raises(Barred, match="before we know who asks"):
        known.act(decide, case.id, ruling(case, reasons="They are in a hurry.", **wanted), by=MAYA)


def test_digits_that_only_resemble_a_number_are_not_it():
    assert not names_number("File 26-118, page 5, 10 May 1955, 014", NUMBER)
    assert names_number("0049 (0)30 / 23125-017", "+49 30 23125 017")


def test_a_number_found_on_the_day_of_the_request_is_still_only_a_warning(known):
    late = Phone(number="+1 510 555 0143", source="their web page", found_on=date(2026, 11, 23))
    known.act(lambda work: work.agencies.put(replace(GOV, phones=(*GOV.phones, late))))

    assert call(known, matched(known), late.number).facts["requester_verified"] is True


def message(
    house, case, *, address="records@alder-sheriff.example.gov", signed_by="alder-sheriff.example.gov", signatures=1
):
    host = address.rpartition("@")[2]
    read = MessageRead(address=address, host=host, signed_by=signed_by, signatures=signatures, sha256="a" * 64)
    return house.act(read_message, case.id, read, by=INES)


@pytest.mark.parametrize(
    ("told", "outcome", "verified"),
    [
        ({}, Outcome.PASSED, None),
        ({"signed_by": ""}, Outcome.NOT_SHOWN, None),
        ({"signed_by": "", "signatures": 0}, Outcome.NOT_SHOWN, None),
        ({"address": "x@mailer.example", "signed_by": "mailer.example"}, Outcome.NOT_SHOWN, None),
        ({"address": "x@a1der-sheriff.example.gov", "signed_by": "a1der-sheriff.example.gov"}, Outcome.FAILED, False),
    ],
)
def test_a_signed_message_shows_a_domain_and_confirms_no_person(known, told, outcome, verified):
    case = message(known, matched(known), **told)

    check = newest(known, case)
    assert (check.kind, check.outcome, check.subject) == ("message", outcome, "a" * 64)
    assert case.facts.get("requester_verified") is verified


@pytest.mark.parametrize(
    ("told", "outcome", "words", "verified"),
    [
        ({}, Outcome.NOT_SHOWN, "over the whole file, unchanged", True),
        ({"whole": False}, Outcome.NOT_SHOWN, "to which something was added", True),
        ({"intact": False}, Outcome.FAILED, "it was changed after", False),
    ],
)
def test_a_paper_s_signature_shows_what_was_signed_and_never_confirms_by_itself(known, told, outcome, words, verified):
    case = call(known, matched(known))
    known.act(add_paper, case.id, PAPER, by=INES)
    shown = {"signer": "Court", "issuer": "Root", "intact": True, "whole": True, "said_at": ""} | told

    case = known.act(record_signatures, case.id, {PAPER.sha256: (PaperSignature(**shown),)}, by=INES)

    check = newest(known, case)
    assert (check.kind, check.outcome, check.subject) == ("signature", outcome, PAPER.sha256)
    assert words in check.how
    assert case.facts["requester_verified"] is verified


def test_that_no_paper_is_signed_is_recorded_and_changes_nothing(known):
    case = known.act(record_signatures, matched(known).id, {}, by=INES)

    assert newest(known, case).how == "No paper has a signature that can be read."
    assert "requester_verified" not in case.facts
