"""Somebody who asks in a customer's name gets nothing before the customer says so in their account, nor afterwards."""

import json
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from a_house import ACCESS, INES, JUNIPER, LETTERS, LINK, MARLOW, MARSH, MAYA, ruling
from sqlalchemy import select

from requests_portal.database.tables import messages
from requests_portal.errors import Conflict, Forbidden, NotFound, Unusable
from requests_portal.mail.texts import FolderTexts
from requests_portal.model.actor import COMMAND_LINE
from requests_portal.model.agent import Said
from requests_portal.model.case import CaseState, Requester, Track
from requests_portal.model.identity import Detail
from requests_portal.model.letter import LetterKind
from requests_portal.model.papers import Paper, PaperState
from requests_portal.work.answer_agent import answer_agent, confirm_own
from requests_portal.work.compose.available import answer_letter, available
from requests_portal.work.compose.bundle import bundle_contents
from requests_portal.work.compose.letter import letter_contents
from requests_portal.work.compose.source import load
from requests_portal.work.correct import correct_facts
from requests_portal.work.decide import Choice, decide
from requests_portal.work.identify import compare_details, namings, record_declaration, show_naming, show_permission
from requests_portal.work.name_agent import name_agent, take_back
from requests_portal.work.papers import add_paper
from requests_portal.work.put_customers import put_customer
from requests_portal.work.receive import Filing, receive
from requests_portal.work.release import LinkRevoked, in_account, through_link
from requests_portal.work.standing import MovedOn
from requests_portal.work.verify import is_known, note_check
from requests_portal.work.write import finish_letter

SHA = "ab" * 32
UNTIL = date(2027, 11, 30)
POWER = {"en": "power of attorney", "de": "Generalvollmacht", "fr": "procuration générale", "es": "poder notarial"}
IN_YOUR_NAME = ACCESS | {"requester_kind": "agent", "channel": "email"}


def asked(house, **changed):
    """A request that an agent made in Juniper Marsh's name."""
    return house.ask(IN_YOUR_NAME, by=INES, **changed)


def shown(house, case, **how):
    """The agent's paper was looked at, and shows their permission."""
    paper = Paper(sha256=SHA, size=9, filename="p.pdf", received_at=house.now, state=PaperState.CLEAN, pages=1)
    house.act(add_paper, case.id, paper, by=INES)
    return house.act(show_permission, case.id, SHA, **{"passed": True} | how, by=INES)


def proven(house, case):
    """Every detail of the customer's was given, and the declaration signed."""
    named = {"language": "en", "signed_by": MARSH.name, "signed_on": date(2026, 11, 20)}
    house.act(record_declaration, case.id, SHA, **named, by=INES)
    return house.act(compare_details, case.id, tuple(Detail), by=INES)


def said(house, case, what, *, by=JUNIPER, **more):
    return house.act(answer_agent, case.id, what, by=by, **more)


def named(house, *, rights=("access",), until=UNTIL, by=JUNIPER, name="Rights Desk"):
    return house.act(name_agent, name=name, organisation="Butterknife Agents", rights=rights, until=until, by=by)


def gives(house, case):
    """Whether data leave when a lawyer accepts what is proposed."""
    return house.decide(case).decision.gives


def offered(house, case):
    """What the agent asked for, signed and offered."""
    decided = house.decide(case)
    if not decided.is_cleared:
        house.approve(decided)
    house.gather(case)
    house.certify(case)
    house.sign(case)
    return house.case(case.id)


def mails(house):
    with house.engine.connect() as connection:
        found = connection.execute(select(messages.c.to, messages.c.template, messages.c.words)).all()
    return [row for row in found if row.template.startswith("asked_in_your_name")]


@pytest.mark.parametrize(
    ("permission", "confirmation", "leaves"), [(True, True, True), (True, False, False), (False, True, False)]
)
def test_data_leave_to_an_agent_s_request_with_permission_and_the_customer_s_word_and_not_with_one_of_them(
    house, permission, confirmation, leaves
):
    case = asked(house)
    if permission:
        case = shown(house, case)
    if confirmation:
        case = said(house, case, Said.CONFIRMED)

    assert is_known(case) is leaves
    assert gives(house, case) is leaves


def test_nobody_lets_data_leave_past_a_missing_confirmation(house):
    case = proven(house, shown(house, asked(house)))
    choices = {record.line.id: Choice(move="narrow", scope=record.line.scope) for record in case.assessment.lines}

    with pytest.raises(Unusable, match="law forbids"):
        house.act(decide, case.id, replace(ruling(case), choices=choices, reasons="They seem honest."), by=MAYA)


def test_what_the_customer_has_not_answered_is_unknown_and_not_no(house):
    case = shown(house, asked(house))

    assert "agent_confirmed" not in case.facts
    missing = {name for finding in case.assessment.findings for name in finding.missing}
    assert "agent_confirmed" in missing


@pytest.mark.parametrize(("country", "leaves"), [("US-CA", True), ("DE", False)])
def test_a_power_of_attorney_needs_no_confirmation_in_california(house, country, leaves):
    case = asked(house, data_subject_country=country)
    shown(house, case, is_power_of_attorney=True)
    proven(house, case)

    assert is_known(house.case(case.id)) is leaves
    assert gives(house, house.case(case.id)) is leaves


def test_a_power_of_attorney_that_the_customer_disowns_is_none(house):
    case = shown(house, asked(house), is_power_of_attorney=True)

    refused = said(house, case, Said.REFUSED)

    assert (refused.facts["agent_confirmed"], refused.facts["agent_power_of_attorney"]) == (False, False)
    assert not gives(house, refused)
    with pytest.raises(Conflict, match="did not send"):
        house.act(show_permission, case.id, SHA, passed=True, is_power_of_attorney=True, by=INES)


@pytest.mark.parametrize("right", ["opt_out", "limit"])
def test_an_opt_out_in_california_needs_the_signed_permission_alone(house, right):
    unshown = asked(house, right=right, seeks=[])
    case = shown(house, asked(house, right=right, seeks=[]))

    assert "AGENT_AUTHORITY" not in {each.ground for each in case.assessment.findings}
    assert answer_letter(house.decide(case)) is LetterKind.GRANTED
    assert answer_letter(house.decide(unshown)) is LetterKind.REFUSAL


@pytest.mark.parametrize("right", ["opt_out", "limit"])
def test_an_opt_out_that_the_customer_disowns_is_not_done(house, right):
    case = said(house, shown(house, asked(house, right=right, seeks=[])), Said.REFUSED)

    assert case.assessment.disposition == "verify_identity"
    assert answer_letter(house.decide(case)) is LetterKind.REFUSAL


@pytest.mark.parametrize("right", ["opt_out", "limit"])
def test_an_opt_out_rests_on_no_naming_that_was_taken_back(house, right):
    naming = named(house, rights=(right,))
    unanswered, refused = (asked(house, right=right, seeks=[]) for _ in range(2))
    for case in (unanswered, refused):
        house.act(show_naming, case.id, naming.id, by=INES)
    said(house, refused, Said.REFUSED)

    house.act(take_back, naming.id, by=JUNIPER)

    for now in (house.case(unanswered.id), house.case(refused.id)):
        assert (now.facts["agent_authority"], now.assessment.disposition) == (False, "verify_identity")
    # A word of the customer's afterwards brings back no permission that is over.
    assert not is_known(said(house, unanswered, Said.CONFIRMED))


@pytest.mark.parametrize("country", ["US-CA", "DE", "GB", "FR"])
@pytest.mark.parametrize("answer", [None, Said.REFUSED])
def test_nothing_is_erased_for_an_agent_whom_the_customer_did_not_send(house, country, answer):
    case = shown(house, asked(house, right="erasure", seeks=["audio"], data_subject_country=country))
    if answer:
        case = said(house, case, answer)

    house.release(offered(house, case), recipient="Rights Desk")

    assert answer_letter(house.case(case.id)) is LetterKind.REFUSAL
    assert (house.dump()["erasures"], "erasure_asked" in house.acts()) == ([], False)


def test_a_confirmation_that_is_taken_back_stops_what_is_signed_and_has_not_left(any_house):
    house = any_house
    case = offered(house, said(house, shown(house, asked(house)), Said.CONFIRMED))

    taken = said(house, case, Said.REVOKED)

    assert (taken.state, taken.decision) == (CaseState.ASSESSED, None)
    with pytest.raises(MovedOn):
        house.release(case)
    assert not gives(house, house.case(case.id))
    assert "production_released" not in house.acts()


def test_the_answer_opens_in_the_account_and_by_no_link(house):
    case = offered(house, said(house, shown(house, asked(house)), Said.CONFIRMED))
    house.release(case, recipient="Rights Desk")

    with house.ledger.reading() as work:
        assert in_account(work, house.production(case.id).id, by=JUNIPER).documents
        with pytest.raises(NotFound):
            through_link(work, LINK)


def test_the_agent_s_link_opens_where_the_customer_allows_it_until_they_take_it_back(house):
    case = offered(house, said(house, shown(house, asked(house)), Said.CONFIRMED, receives=True))
    house.release(case, recipient="Rights Desk")
    with house.ledger.reading() as work:
        assert through_link(work, LINK).documents

    said(house, case, Said.REVOKED)

    with house.ledger.reading() as work:
        with pytest.raises(LinkRevoked):
            through_link(work, LINK)
        assert in_account(work, house.production(case.id).id, by=JUNIPER).documents
    assert house.case(case.id).state is CaseState.ANSWERED


def test_nobody_but_the_account_s_holder_answers(house):
    case = asked(house)

    with pytest.raises(NotFound):
        said(house, case, Said.CONFIRMED, by=MARLOW)
    with pytest.raises(Forbidden):
        said(house, case, Said.CONFIRMED, by=INES)

    assert house.case(case.id).agent_answer is None


@pytest.mark.parametrize(
    ("before", "then"),
    [
        ((), Said.REVOKED),
        ((Said.CONFIRMED,), Said.REFUSED),
        ((Said.CONFIRMED,), Said.CONFIRMED),
        ((Said.REFUSED,), Said.REVOKED),
    ],
)
def test_an_answer_that_does_not_follow_is_refused(house, before, then):
    case = asked(house)
    for each in before:
        said(house, case, each)

    with pytest.raises(Conflict, match="answered already"):
        said(house, case, then)


def test_every_word_of_the_customer_s_is_in_the_log_and_no_name_is(house):
    case = asked(house)
    for what in (Said.REFUSED, Said.CONFIRMED, Said.REVOKED):
        said(house, case, what, receives=True)
    naming = named(house)
    house.act(take_back, naming.id, by=JUNIPER)

    acts = [entry for entry in house.log() if entry["act"].startswith("agent_")]
    assert [each["act"] for each in acts] == [
        *("agent_refused", "agent_confirmed", "agent_revoked", "agent_named", "agent_taken_back")
    ]
    assert [each["words"].get("may_receive") for each in acts[:3]] == ["no", "yes", "no"]
    assert "Rights Desk" not in str(acts)
    assert {each["role"] for each in acts} == {"customer"}


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_the_customer_hears_in_their_language_that_somebody_asked_and_nothing_else(house, language):
    house.act(put_customer, replace(MARSH, language=language), by=COMMAND_LINE)

    asked(house)

    ((to, template, words),) = mails(house)
    assert (to, template) == (MARSH.email, f"asked_in_your_name_{language}")
    written = FolderTexts(LETTERS.parent / "mail").write(template, json.loads(words))
    assert "https://desk.example/my/agents" in written.body
    for secret in (MARSH.name, MARSH.account, "DS-2026", "Rights Desk"):
        assert secret not in f"{written.subject} {written.body}"
    # A power of attorney is enough in California alone, and an opt-out needs less there.
    exception = next(each for each in written.body.replace("\n", " ").split(". ") if POWER[language] in each)
    assert re.search("[CK]alifornia|californienne|kalifornisch", exception)


def test_somebody_who_asks_for_themselves_gets_no_such_mail(house):
    house.ask()

    assert mails(house) == []


def test_an_account_that_nobody_has_is_not_filed_and_nobody_is_written_to(house):
    with pytest.raises(Unusable, match="We know no account"):
        asked(house, accounts=["A-00000-0"])

    assert mails(house) == []


def test_whom_the_customer_named_has_shown_a_permission_and_the_customer_is_asked_all_the_same(house):
    naming = named(house)
    case = asked(house)

    case = house.act(show_naming, case.id, naming.id, by=INES)

    assert (case.facts["agent_authority"], case.named_agent) == (True, naming.id)
    assert not is_known(case)
    assert is_known(said(house, case, Said.CONFIRMED))


@pytest.mark.parametrize(
    "naming",
    [
        {"rights": ("erasure",)},
        {"until": date(2026, 11, 23), "late": True},
        {"by": MARLOW},
        {"taken_back": True},
    ],
    ids=str,
)
def test_a_naming_for_something_else_or_over_or_of_another_shows_nothing(house, naming):
    late, taken_back = naming.pop("late", False), naming.pop("taken_back", False)
    made = named(house, **naming)
    if late:
        house.now += timedelta(days=30)
    if taken_back:
        house.act(take_back, made.id, by=JUNIPER)
    case = asked(house)

    with house.ledger.reading() as work:
        assert namings(work, case) == []
    with pytest.raises(Unusable, match="named no such agent"):
        house.act(show_naming, case.id, made.id, by=INES)


def test_a_naming_that_is_taken_back_takes_with_it_what_rests_on_it(house):
    naming = named(house)
    unanswered, confirmed, by_paper = asked(house), asked(house), asked(house)
    for case in (unanswered, confirmed):
        house.act(show_naming, case.id, naming.id, by=INES)
    for case in (confirmed, shown(house, by_paper)):
        said(house, case, Said.CONFIRMED)

    house.act(take_back, naming.id, by=JUNIPER)

    assert house.case(unanswered.id).agent_answer.said is Said.REFUSED
    assert house.case(confirmed.id).agent_answer.said is Said.REVOKED
    assert house.case(by_paper.id).agent_answer.said is Said.CONFIRMED


def test_a_customer_takes_back_their_own_naming_alone(house):
    naming = named(house)

    with pytest.raises(NotFound):
        house.act(take_back, naming.id, by=MARLOW)
    with pytest.raises(Forbidden):
        named(house, by=INES)


def test_naming_is_bounded_and_a_second_press_names_nobody_anew(house):
    first = named(house)
    assert named(house) == first
    for number in range(19):
        named(house, name=f"Agent {number}")

    with pytest.raises(Conflict, match="20 agents"):
        named(house, name="One more")
    with pytest.raises(Unusable, match="still to come"):
        named(house, until=date(2026, 11, 22))
    with pytest.raises(Unusable, match="Say who may ask"):
        named(house, name=" ")


def test_who_asks_for_something_else_than_the_customer_confirmed_is_confirmed_anew(house):
    case = said(house, shown(house, asked(house)), Said.CONFIRMED)

    case = house.act(correct_facts, case.id, {"seeks": ["audio", "transcript"]}, reason="They ask for more.", by=INES)

    assert (case.agent_answer, case.facts.get("agent_confirmed")) == (None, None)
    assert len(mails(house)) == 2
    assert not gives(house, case)


def test_a_refusal_outlives_a_correction(house):
    case = said(house, shown(house, asked(house)), Said.REFUSED)

    case = house.act(correct_facts, case.id, {"seeks": ["audio", "transcript"]}, reason="They ask for more.", by=INES)

    assert case.facts["agent_confirmed"] is False


def test_who_turns_out_to_be_an_agent_has_shown_nothing(house):
    case = house.ask(ACCESS | {"channel": "email"}, by=INES)
    house.act(confirm_own, case.id, by=JUNIPER)

    case = house.act(correct_facts, case.id, {"requester_kind": "agent"}, reason="An agent wrote.", by=INES)

    assert "identity_verified" not in case.facts
    assert len(mails(house)) == 1


def test_a_request_that_came_by_mail_is_confirmed_by_the_customer_in_their_account(house):
    case = house.ask(ACCESS | {"channel": "email"}, by=INES)

    confirmed = house.act(confirm_own, case.id, by=JUNIPER)

    assert gives(house, confirmed)
    with pytest.raises(Conflict, match="nothing to confirm"):
        house.act(confirm_own, case.id, by=JUNIPER)
    with pytest.raises(NotFound):
        house.act(confirm_own, house.ask(by=INES).id, by=MARLOW)
    with pytest.raises(Conflict, match="nothing to confirm"):
        house.act(confirm_own, asked(house).id, by=JUNIPER)


def test_words_confirm_nobody(house):
    case = house.ask(ACCESS | {"channel": "email"}, by=INES)

    noted = house.act(note_check, case.id, how="She sounded like herself.", by=INES)

    assert noted.checks[-1].passed is None
    assert "identity_verified" not in noted.facts
    assert not gives(house, noted)
    entry = next(each for each in house.log() if each["act"] == "check_noted")
    assert "sounded" not in str(entry)


def test_a_colleague_files_nobody_as_verified(house):
    with pytest.raises(Unusable, match="established by a check"):
        house.ask(by=INES, identity_verified=True)


BUREAU = Requester(
    name="Rights Desk", organisation="Butterknife", email="desk@butterknife.example", address=("2 Quay",)
)


def asked_by_bureau(house):
    """The same with how the agent is reached, and nothing of how the customer is."""
    filing = Filing(
        track=Track.DATA_SUBJECT,
        title="Copy",
        requester=BUREAU,
        received_at=house.now,
        zone=MARSH.zone,
        language="en",
        facts=IN_YOUR_NAME | {"seeks": ["audio", "subscriber"]},
        account=MARSH.account,
    )
    return house.act(receive, filing, by=INES)


def letters(house, case):
    with house.ledger.reading() as work:
        return available(house.case(case.id), work.clocks.of_case(case.id))


def written(house, case, kind=None):
    with house.ledger.reading() as work:
        return letter_contents(
            work, house.case(case.id), kind=kind, made_at=house.now, document_id="", draft=False, as_assembled=True
        )


def bundled(house, case):
    source = load(house.ledger.reading, house.production(case.id).id)
    with house.ledger.reading() as work:
        return bundle_contents(work, source, open_spooled=lambda _: iter([b""]))


@pytest.mark.parametrize("answer", [None, Said.REFUSED, Said.REVOKED])
def test_an_agent_whom_the_customer_does_not_stand_by_gets_no_letter(house, answer):
    case = shown(house, asked_by_bureau(house))
    if answer is Said.REVOKED:
        said(house, case, Said.CONFIRMED)
    if answer:
        said(house, case, answer)

    assert letters(house, case) == ()
    with pytest.raises(NotFound, match="no such letter"):
        house.act(finish_letter, case.id, LetterKind.ACKNOWLEDGEMENT, seen="", by=MAYA)


def test_an_agent_whom_the_customer_sent_is_written_to_at_their_own_address(house):
    case = said(house, shown(house, asked_by_bureau(house)), Said.CONFIRMED)

    assert LetterKind.ACKNOWLEDGEMENT in letters(house, case)
    assert written(house, case, LetterKind.ACKNOWLEDGEMENT).recipient == ("Rights Desk", "Butterknife", "2 Quay")


@pytest.mark.parametrize("receives", [True, False])
def test_an_answer_is_written_to_whoever_can_open_it(house, receives):
    case = said(house, shown(house, asked_by_bureau(house)), Said.CONFIRMED, receives=receives)

    found = bundled(house, offered(house, case))

    to_agent, to_customer = ("Rights Desk", "Butterknife", "2 Quay"), (MARSH.name, *MARSH.address)
    assert found.recipient == (to_agent if receives else to_customer)
    greeted = " ".join(each for part in found.letter_parts for each in part.paragraphs) + " ".join(found.letter)
    assert f"Dear {'Rights Desk' if receives else MARSH.name}," in greeted


def test_a_refusal_of_an_agent_whom_nobody_confirmed_is_the_customer_s_to_read(house):
    case = shown(house, asked_by_bureau(house))
    decided = house.decide(case, reasons="Nobody confirmed it.")

    assert answer_letter(decided) is LetterKind.REFUSAL
    assert written(house, decided).recipient == (MARSH.name, *MARSH.address)
    assert written(house, decided).paragraphs[0] == f"Dear {MARSH.name},"
