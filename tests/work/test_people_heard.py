"""Who is heard on a device of somebody else's account: what they alone are heard on, and nothing of the holder's."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from a_house import ACCESS, INES, JUNIPER, KETTLE, KITCHEN, LINK, MARLOW, MARSH, MAYA, PACIFIC, PLAYROOM, a_recording
from sqlalchemy.orm import Session

from requests_portal.database.catalogue import SqlCatalogue
from requests_portal.database.views.my import SqlMyViews
from requests_portal.errors import Conflict, Forbidden, NotFound, NotTheirs, Unusable
from requests_portal.model.case import CaseState, Requester, Track
from requests_portal.model.identity import Detail, HeardDetail
from requests_portal.model.letter import LetterKind
from requests_portal.model.listening import Needed, Purpose, Why
from requests_portal.model.recording import ReviewEntry
from requests_portal.model.silence import Silence
from requests_portal.work.ask_to_hear import ask_to_hear
from requests_portal.work.belongs import must_be_theirs
from requests_portal.work.compose.available import answer_letter, grants_erasure
from requests_portal.work.compose.bundle import bundle_contents
from requests_portal.work.compose.language import PHRASES
from requests_portal.work.compose.letter import standing_objections
from requests_portal.work.compose.source import load
from requests_portal.work.correct import correct_facts
from requests_portal.work.identify import compare_details, compare_heard
from requests_portal.work.listen import grant, play
from requests_portal.work.outside import Outside
from requests_portal.work.produce import begin_sealing
from requests_portal.work.receive import Filing, receive
from requests_portal.work.release import through_link
from requests_portal.work.tell_hearings import tell_hearings, who_listened

ENOUGH = (HeardDetail.TIME, HeardDetail.WORDS)
ALONE = a_recording("a", datetime(2026, 6, 6, 12, tzinfo=PACIFIC), voices=("visitor",))
TOGETHER = a_recording("t", datetime(2026, 6, 6, 13, tzinfo=PACIFIC), voices=("visitor", "account holder"))
ANOTHER = a_recording("o", datetime(2026, 6, 6, 14, tzinfo=PACIFIC), voices=("visitor", "family member"))
UNMARKED = replace(a_recording("u", datetime(2026, 6, 6, 15, tzinfo=PACIFIC)), speakers=None)
SILENT = replace(a_recording("s", datetime(2026, 6, 6, 16, tzinfo=PACIFIC)), speakers=())
VOICE = {
    **ACCESS,
    "requester_kind": "person_heard",
    "heard_as": "visitor",
    "data_subject_country": "FR",
    "seeks": ["audio", "transcript"],
    "channel": "email",
    "range_stated": True,
    "range_from": "2026-06-06T00:00:00-07:00",
    "range_to": "2026-06-07T00:00:00-07:00",
}
NOOR = Requester(name="Noor Vale", email="noor.vale@example.org", country="FR")


@pytest.fixture
def home(house):
    """The house, with a day on which visitors were heard at Juniper Marsh's."""
    with Session(house.engine) as session, session.begin():
        SqlCatalogue(session).add([ALONE, TOGETHER, ANOTHER, UNMARKED, SILENT])
    return house


def asked(home, *, account=None, **changed):
    filing = Filing(
        track=Track.DATA_SUBJECT,
        title="Copy of recordings of one's own voice",
        requester=NOOR,
        received_at=home.now,
        zone="America/Los_Angeles",
        language="en",
        facts={name: value for name, value in (VOICE | changed).items() if value is not None},
        account=account,
    )
    return home.act(receive, filing, by=INES)


def told(home, case, kinds=ENOUGH, fits=(ALONE.id,)):
    return home.act(compare_heard, case.id, kinds, fits=fits, by=INES)


def kept(home, *recordings):
    with Session(home.engine) as session, session.begin():
        SqlCatalogue(session).add(recordings)


def decided(home, **changed):
    case = told(home, asked(home, **changed))
    return home.decide(case)


def approved(home, **changed):
    return home.approve(decided(home, **changed))


def released(home):
    case = approved(home)
    home.gather(case)
    home.certify(case)
    home.sign(case)
    home.release(case, recipient=NOOR.name)
    return home.case(case.id)


def test_what_leaves_is_what_they_alone_are_heard_on_and_no_number_tells_of_the_rest(home):
    case = approved(home)

    production = home.production(case.id)
    assert [item.recording for item in production.items] == [ALONE.id]
    assert (production.withheld, case.decision.selection.withheld) == ((), 0)


def test_of_two_visitors_each_gets_what_their_own_telling_fits(home):
    kept(home, a_recording("n", datetime(2026, 6, 9, 12, tzinfo=PACIFIC), voices=("visitor",)))
    case = told(home, asked(home, range_to="2026-12-01T00:00:00-07:00"))

    home.approve(home.decide(case))

    assert case.heard_on == (ALONE.id,)
    assert [item.recording for item in home.production(case.id).items] == [ALONE.id]


def test_a_telling_that_fits_no_recording_shows_nobody(home):
    case = told(home, asked(home), fits=())

    assert (case.facts["identity_verified"], case.heard_on) == (False, ())
    assert not home.decide(case).decision.gives


def test_a_later_check_that_fails_takes_back_what_fitted_before(home):
    case = told(home, told(home, asked(home)), (HeardDetail.WORDS,))

    assert (case.facts["identity_verified"], case.heard_on) == (False, ())


@pytest.mark.parametrize("other", [TOGETHER, UNMARKED, SILENT], ids=lambda each: each.id)
def test_nothing_fits_on_which_they_are_not_the_only_one_marked(home, other):
    with pytest.raises(Unusable, match="nobody but them"):
        told(home, asked(home), fits=(ALONE.id, other.id))


def test_nothing_fits_of_other_days_or_of_another_account(home):
    later = a_recording("n", datetime(2026, 7, 6, 12, tzinfo=PACIFIC), voices=("visitor",))
    there = {"account": KETTLE.account, "device": PLAYROOM}
    elsewhere = a_recording("e", datetime(2026, 6, 6, 12, 30, tzinfo=PACIFIC), voices=("visitor",), **there)
    kept(home, later, elsewhere)

    for other in (later, elsewhere):
        with pytest.raises(Unusable, match="nobody but them"):
            told(home, asked(home), fits=(other.id,))


def test_one_request_reaches_one_home(home):
    for accounts in ([MARSH.account, KETTLE.account], []):
        with pytest.raises(Unusable, match="for each other home"):
            asked(home, accounts=accounts)
    both = {"accounts": [MARSH.account, KETTLE.account]}
    with pytest.raises(Unusable, match="for each other home"):
        home.act(correct_facts, asked(home).id, both, reason="Two homes.", by=INES)


def test_days_with_more_recordings_than_anybody_compares_are_asked_for_anew(home, monkeypatch):
    monkeypatch.setattr("requests_portal.work.identify.MOST_COMPARED", 4)

    with pytest.raises(Unusable, match="Ask them for fewer"):
        told(home, asked(home))


def test_silencing_the_holder_gives_a_visitor_nothing_more(home):
    case = told(home, asked(home))
    whole = Silence(recording=TOGETHER.id, start=0, end=5, reason="The holder speaks")
    home.act(lambda work: work.cases.put(replace(work.cases.get(case.id, by=MAYA), silences=(whole,))))

    home.approve(home.decide(home.case(case.id)))

    assert [item.recording for item in home.production(case.id).items] == [ALONE.id]


def test_a_second_lawyer_always_looks_at_it(home):
    assert decided(home).decision.approval_needed


@pytest.mark.parametrize(
    ("kinds", "passes"),
    [
        (ENOUGH, True),
        ((*ENOUGH, HeardDetail.PLACE), True),
        ((HeardDetail.TIME, HeardDetail.PLACE), False),
        ((HeardDetail.WORDS,), False),
        ((), False),
    ],
)
def test_the_time_and_the_words_together_show_that_it_is_them(home, kinds, passes):
    case = told(home, asked(home), kinds)

    assert case.facts["identity_verified"] is passes
    assert home.decide(case).decision.gives is passes


def test_without_days_there_is_a_question_and_no_answer(home):
    case = asked(home, range_stated=False, range_from=None, range_to=None)

    assert "CLARIFY" in {each.ground for each in case.assessment.findings}
    assert not home.decide(told(home, case)).decision.gives


def test_nothing_that_is_kept_of_the_holder_leaves(home):
    case = approved(home, seeks=["audio", "subscriber", "devices"])

    assert {line.line for line in case.decision.lines if line.scope is not None} == {
        line.id for line in case.lines if line.data_class == "audio"
    }
    assert home.production(case.id).record_sets == ()


def test_in_california_the_request_does_not_reach_another_s_account(home):
    case = told(home, asked(home, data_subject_country="US-CA"))

    refused = home.decide(case)

    assert not refused.decision.gives
    assert answer_letter(refused) is LetterKind.REFUSAL


def test_where_they_are_heard_alone_on_nothing_they_get_reasons_and_no_count(home):
    case = home.decide(told(home, asked(home, heard_as="family"), fits=()))

    assert (case.decision.selection.recordings, case.decision.selection.withheld) == (0, 0)
    assert answer_letter(case) is LetterKind.REFUSAL


def test_the_holder_of_the_account_sees_nothing_of_it(home):
    case = asked(home)

    with home.ledger.reading() as work, pytest.raises(NotFound):
        work.cases.get(case.id, by=JUNIPER)
    assert SqlMyViews(home.engine).requests(by=JUNIPER) == ()


def test_neither_the_account_nor_the_device_is_in_what_leaves(home):
    made = home.production(released(home).id)

    with home.ledger.reading() as work:
        assert through_link(work, LINK).documents
    source = load(home.ledger.reading, made.id)
    found = source.recordings[ALONE.id]
    assert (found.account, found.device) == ("n/a", "n/a")
    assert KITCHEN not in str(found)
    assert MARSH.account not in str(found)


@pytest.mark.parametrize("swapped", [TOGETHER, ANOTHER, UNMARKED, SILENT], ids=lambda each: each.id)
def test_a_recording_on_which_anybody_else_is_heard_is_stopped_at_the_gate(home, swapped):
    case = approved(home)
    production = home.production(case.id)
    items = tuple(replace(item, recording=swapped.id) for item in production.items)
    fitted = replace(home.case(case.id), heard_on=(ALONE.id, swapped.id))

    with home.ledger.reading() as work, pytest.raises(NotTheirs):
        must_be_theirs(work, fitted, replace(production, items=items))


def test_a_recording_that_their_telling_does_not_fit_is_stopped_at_the_gate(home):
    another = a_recording("n", datetime(2026, 6, 6, 17, tzinfo=PACIFIC), voices=("visitor",))
    kept(home, another)
    case = approved(home)
    production = home.production(case.id)
    items = tuple(replace(item, recording=another.id) for item in production.items)

    with home.ledger.reading() as work:
        must_be_theirs(work, home.case(case.id), production)
        with pytest.raises(NotTheirs):
            must_be_theirs(work, home.case(case.id), replace(production, items=items))


def test_nobody_erases_another_s_recordings_by_asking(home):
    case = told(home, asked(home, right="erasure"))

    assert case.assessment.disposition == "escalate"
    assert not grants_erasure(home.decide(case))


def test_it_is_filed_without_the_account_and_stays_a_request_of_its_own(home):
    with pytest.raises(Unusable, match="no part in the account"):
        asked(home, account=MARSH.account)
    with pytest.raises(Unusable, match="a request of their own"):
        home.act(correct_facts, asked(home).id, {"requester_kind": "data_subject"}, reason="It is so.", by=INES)
    with pytest.raises(Unusable, match="a request of their own"):
        home.act(correct_facts, home.ask().id, {"requester_kind": "person_heard"}, reason="It is so.", by=INES)


def test_they_are_not_compared_with_the_holder_s_records_nor_the_holder_with_theirs(home):
    with pytest.raises(Conflict, match="no records of them"):
        home.act(compare_details, asked(home).id, tuple(Detail), by=INES)
    with pytest.raises(Conflict, match="another's account"):
        told(home, home.ask())


CORRECTIONS = {
    "account": {"accounts": [KETTLE.account]},
    "period": {"range_to": "2026-11-01T00:00:00-07:00"},
    "device": {"devices": [KITCHEN]},
    "role": {"heard_as": "family"},
    "right": {"right": "portability"},
}


@pytest.mark.parametrize("corrected", CORRECTIONS.values(), ids=CORRECTIONS)
def test_what_they_told_is_compared_anew_once_they_ask_for_something_else(home, corrected):
    relative = a_recording("f", datetime(2026, 6, 6, 18, tzinfo=PACIFIC), voices=("family member",))
    kept(home, relative)
    case = told(home, asked(home))

    case = home.act(correct_facts, case.id, corrected, reason="It was misread.", by=INES)

    assert "identity_verified" not in case.facts
    assert case.heard_on == ()
    assert not home.decide(case).decision.gives


def test_what_they_told_stands_where_something_else_is_corrected(home):
    case = told(home, asked(home))

    case = home.act(correct_facts, case.id, {"channel": "post"}, reason="It was a letter.", by=INES)

    assert (case.facts["identity_verified"], case.heard_on) == (True, (ALONE.id,))


@pytest.mark.parametrize("account", [MARSH.account, None])
def test_details_compared_with_no_account_are_compared_anew_once_another_is_named(home, account):
    facts = ACCESS | {"right": "information", "channel": "email", "accounts": [MARSH.account]}
    filing = Filing(
        track=Track.DATA_SUBJECT,
        title="Information",
        requester=NOOR,
        received_at=home.now,
        zone="America/Los_Angeles",
        language="en",
        facts=facts,
        account=account,
    )
    case = home.act(receive, filing, by=INES)
    case = home.act(compare_details, case.id, (Detail.NAME, Detail.ORDER), by=INES)
    assert case.facts["identity_verified"] is True

    narrowed = (
        {"range_stated": True, "range_from": "2026-06-06T00:00:00-07:00"} if account else {"accounts": [KETTLE.account]}
    )
    case = home.act(correct_facts, case.id, narrowed, reason="It was misread.", by=INES)

    assert case.facts.get("identity_verified") is (True if account else None)
    assert case.facts.get("data_points_matched") == (2 if account else None)


def reasons_of(home, case):
    with home.ledger.reading() as work:
        return " ".join(each for point in standing_objections(work, case) for each in point.paragraphs)


@pytest.mark.parametrize(
    ("language", "nothing", "something"),
    [
        ("en", "We enclose nothing", "We enclose what"),
        ("de", "Wir legen nichts bei", "Wir legen bei"),
        ("fr", "Nous ne joignons rien", "Nous joignons"),
        ("es", "No adjuntamos nada", "Adjuntamos aquello"),
    ],
)
def test_the_reasons_say_what_is_enclosed_only_where_anything_is(home, language, nothing, something):
    refused = home.decide(told(home, asked(home, seeks=["subscriber"])))
    given = approved(home, seeks=["audio", "subscriber"])

    without, beside = (reasons_of(home, replace(case, language=language)) for case in (refused, given))

    assert answer_letter(refused) is LetterKind.REFUSAL
    assert (nothing in without, something in without) == (True, False)
    assert (nothing in beside, something in beside) == (False, True)


def test_whoever_has_not_shown_that_it_was_them_is_told_that_nothing_is_enclosed(home):
    reasons = reasons_of(home, home.decide(told(home, asked(home), fits=())))

    assert "We enclose nothing, and this says nothing of whether you were recorded." in reasons
    assert "We enclose what" not in reasons


def sealing(home, case):
    """What the bundle says of a case whose copy is being sealed."""
    home.gather(case)
    home.certify(case)
    made = home.production(case.id)
    home.act(begin_sealing, made.id)
    source = load(home.ledger.reading, made.id)
    with home.ledger.reading() as work:
        return bundle_contents(work, source, open_spooled=lambda _: iter((b"x",)))


def listened(home, case):
    """Maya hears a second and a half of what they alone are heard on."""
    home.act(ask_to_hear, case.id, needed=Needed.LAW, words="GDPR Art. 12(2)", by=MAYA)
    home.act(grant, case.id, ALONE.id, purpose=Purpose.CHECK_QUALITY, words="", by=MAYA)
    home.act(play, case.id, ALONE.id, from_ms=0, to_ms=1500, by=MAYA)


def holder_reads(home):
    others = dict.fromkeys(("store", "vault", "spool", "scratch", "signer"))
    tell_hearings(Outside(unit_of_work=home.ledger.unit_of_work, reading=home.ledger.reading, **others))
    return [(each.recording, each.why) for each in home.act(who_listened, by=JUNIPER)]


def test_nobody_listens_for_them_unless_the_law_needs_it(home):
    case = told(home, asked(home))

    with pytest.raises(Unusable, match="why somebody has to listen"):
        home.act(ask_to_hear, case.id, needed=Needed.CUSTOMERS_CHOICE, words="They agreed.", by=MAYA)
    with pytest.raises(Forbidden, match="which law"):
        home.act(grant, case.id, ALONE.id, purpose=Purpose.CHECK_QUALITY, words="", by=MAYA)
    listened(home, case)


def test_they_read_who_listened_for_them_or_to_improve_the_service_and_of_no_other_request(home):
    case = told(home, asked(home))
    listened(home, case)
    own = home.check(home.ask())
    home.act(ask_to_hear, own.id, needed=Needed.CUSTOMERS_CHOICE, words="", by=MAYA)
    home.act(grant, own.id, ALONE.id, purpose=Purpose.FIND_OTHERS, words="", by=MAYA)
    home.act(play, own.id, ALONE.id, from_ms=0, to_ms=1000, by=MAYA)

    said = sealing(home, home.approve(home.decide(case)))

    assert [each.note.purpose for each in said.human_review.heard] == ["checking the sound, for a request of yours"]
    assert [len(each.reviews) for each in said.exhibits] == [1]


def test_what_was_reviewed_to_improve_the_service_is_told_to_whom_it_lets_hear(home):
    review = ReviewEntry(at=datetime(2026, 6, 7, tzinfo=UTC), purpose="quality", role="annotator")
    reviewed = replace(
        a_recording("r", datetime(2026, 6, 6, 17, tzinfo=PACIFIC), voices=("visitor",)), reviews=(review,)
    )
    kept(home, reviewed)

    said = sealing(home, home.approve(home.decide(told(home, asked(home), fits=(reviewed.id,)))))

    assert [(each.note.purpose, each.note.role) for each in said.human_review.heard] == [("quality", "annotator")]


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_their_copy_says_neither_that_nobody_listened_nor_that_it_is_all_nor_that_anything_is_theirs(home, language):
    case = asked(home, seeks=["audio", "transcript"])
    case = home.act(lambda work: work.cases.put(replace(work.cases.get(case.id, by=MAYA), language=language)))

    said = sealing(home, home.approve(home.decide(told(home, case))))

    say = PHRASES[said.language]
    assert said.language == language
    assert said.human_review is None
    assert {each.disposition for each in said.legal_basis} == {say["produced_of_them_alone"]}
    information = " ".join(line for part in said.information for line in part.paragraphs)
    for theirs in (
        "Your devices",
        "your account",
        "Ihre Geräte",
        "Ihr Konto",
        "Vos appareils",
        "votre compte",
        "su cuenta y",
    ):
        assert theirs not in information


def test_the_holder_reads_that_somebody_listened_for_another_once_it_is_answered(home):
    case = told(home, asked(home))
    listened(home, case)
    before = holder_reads(home)
    home.approve(home.decide(case))
    home.act(lambda work: work.cases.put(replace(work.cases.get(case.id, by=MAYA), state=CaseState.ANSWERED)))

    assert before == []
    assert holder_reads(home) == [(ALONE.id, Why.ANOTHERS_REQUEST)]
    assert home.act(who_listened, by=MARLOW) == []


def test_the_holder_reads_nothing_of_a_request_that_is_sealed(home):
    case = told(home, asked(home))
    listened(home, case)
    sealed = {"state": CaseState.ANSWERED, "named": (MAYA.id,)}
    home.approve(home.decide(case))
    home.act(lambda work: work.cases.put(replace(work.cases.get(case.id, by=MAYA), **sealed)))

    assert holder_reads(home) == []
