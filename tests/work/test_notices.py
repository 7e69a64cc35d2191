"""When silence ends: who is reminded, what the customer is told, what waits; else they are told before disclosure."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from a_house import INES, JUNIPER, KETTLE, LETTERS, MARLOW, MARSH, MAYA, NOW, TOMAS, WARRANT
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from requests_portal.database.people import SqlCustomers
from requests_portal.database.tables import messages
from requests_portal.database.views.my import SqlMyViews
from requests_portal.errors import Conflict, Forbidden, NotFound, Unusable
from requests_portal.mail.texts import FolderTexts
from requests_portal.model.case import CaseState
from requests_portal.model.papers import Paper, PaperState
from requests_portal.work import watch_silence as watching
from requests_portal.work.assess import assess
from requests_portal.work.compose.notice import words_to_authority
from requests_portal.work.decide import Choice
from requests_portal.work.name_people import name_people
from requests_portal.work.nondisclosure import record_extension
from requests_portal.work.notify import enter_notice, leave_untold, record_told, tell
from requests_portal.work.outside import Outside
from requests_portal.work.release import Gated
from requests_portal.work.watch_silence import watch_silence

ENDS = date(2026, 12, 20)
SECRET = {
    **WARRANT,
    "nondisclosure_requested": True,
    "nondisclosure_order": True,
    "nondisclosure_issued_on": "2026-11-16",
    "nondisclosure_end_stated": True,
    "nondisclosure_ends_on": ENDS.isoformat(),
}
OPEN = {**WARRANT, "nondisclosure_requested": False, "nondisclosure_order": False, "customer_notice": None}
DAY = timedelta(days=1)
# In California the twentieth ends at eight in the morning of the twenty-first, UTC.
OVER = NOW.replace(month=12, day=21, hour=8, minute=1)
PAPER = Paper(sha256="e" * 64, filename="extension.pdf", size=1, received_at=NOW, state=PaperState.CLEAN, pages=1)


def within(made):
    """The house with what its rounds are given of the outside world."""
    made.outside = Outside(
        unit_of_work=made.ledger.unit_of_work,
        reading=made.ledger.reading,
        store=None,
        vault=None,
        spool=None,
        scratch=None,
        signer=None,
    )
    return made


@pytest.fixture
def house(house):
    return within(house)


@pytest.fixture
def any_house(any_house):
    """The house on each kind of database, for what its queries and tables say."""
    return within(any_house)


def answered(house, case):
    """The case decided, and answered."""
    house.cleared(case)
    return house.act(lambda work: work.cases.put(replace(work.cases.get(case.id, by=MAYA), state=CaseState.ANSWERED)))


def sent(house):
    with house.engine.connect() as connection:
        return [(row.to, row.template) for row in connection.execute(select(messages).order_by(messages.c.at))]


def watch_at(house, moment):
    house.now = moment
    watch_silence(house.outside)


def told(house, who=JUNIPER):
    return SqlMyViews(house.engine).notices(by=who)


def extend(house, case, *, until=ENDS + 90 * DAY, made_on=None, paper=PAPER.sha256, by=MAYA):
    """An order that extends the silence, among the papers of the case."""
    house.act(lambda work: work.cases.put(replace(work.cases.get(case.id, by=MAYA), papers=(PAPER,))))
    made_on = made_on or house.now.date()
    return house.act(record_extension, case.id, until=until, made_on=made_on, paper=paper, by=by)


def test_fourteen_and_three_days_before_the_end_somebody_is_reminded_once_each(any_house):
    case = answered(any_house, any_house.file(SECRET))

    watch_at(any_house, OVER - 15 * DAY)
    assert sent(any_house) == []
    for left in (14, 13, 3, 2):
        watch_at(any_house, OVER - left * DAY)

    assert sent(any_house) == [("", "silence_ends"), ("", "silence_ends")]
    assert told(any_house) == ()
    with any_house.ledger.reading() as work:
        ending = work.notices.ending(any_house.now + 14 * DAY, by=MAYA)
        assert [each.reference for each in ending] == [case.reference]
        assert any(case.reference in each for each in words_to_authority(work, any_house.case(case.id)))


def test_the_customer_is_told_once_by_itself_when_the_order_has_ended(house):
    answered(house, house.file(SECRET))

    watch_at(house, OVER - 2 * timedelta(minutes=1))
    assert told(house) == ()
    watch_at(house, OVER)
    watch_at(house, OVER + DAY)

    (notice,) = told(house)
    assert any("Alder County Sheriff" in each for each in notice.paragraphs)
    assert any("20 December 2026" in each and "§ 1546.2" in each for each in notice.paragraphs)
    assert sent(house).count((MARSH.email, "notice_waiting")) == 1
    assert house.acts().count("notice_given") == 1
    assert told(house, MARLOW) == ()


@pytest.mark.parametrize("broken", [0, 1])
def test_a_silence_that_breaks_its_watch_keeps_no_other_one_back(house, monkeypatch, broken):
    cases = [answered(house, house.file(SECRET)) for _ in range(2)]
    real = watching.silence_ends

    def breaks(work, case):
        if case.id == cases[broken].id:
            raise Unusable("It breaks.")
        return real(work, case)

    monkeypatch.setattr(watching, "silence_ends", breaks)
    with pytest.raises(Unusable):
        watch_at(house, OVER - 3 * DAY)

    assert [template for _, template in sent(house)] == ["silence_ends"]


def test_a_notice_is_its_customer_s_alone(any_house):
    answered(any_house, any_house.file(SECRET))
    watch_at(any_house, OVER)
    (notice,) = told(any_house)

    views = SqlMyViews(any_house.engine)

    assert views.notice(notice.id, by=JUNIPER) == notice
    with pytest.raises(NotFound):
        views.notice(notice.id, by=MARLOW)


def test_the_mail_says_nothing_of_the_demand(house):
    case = answered(house, house.file(SECRET))
    watch_at(house, OVER)

    with house.engine.connect() as connection:
        words = connection.execute(select(messages.c.words).where(messages.c.to == MARSH.email)).scalar_one()
    written = FolderTexts(LETTERS.parent / "mail").write("notice_waiting", {"company": "Hearthside", "link": "l"})

    assert case.reference not in words
    assert "Sheriff" not in words
    assert not {"demand", "authority", "police", "warrant"} & set(written.body.lower().split())


def test_the_table_itself_refuses_a_second_notice(any_house):
    case = answered(any_house, any_house.file(SECRET))
    watch_at(any_house, OVER)

    with pytest.raises(IntegrityError):
        any_house.act(lambda work: enter_notice(work, any_house.case(case.id), MARSH, by=MAYA))

    assert len(told(any_house)) == 1


def test_a_reassessment_brings_no_second_notice(house):
    case = answered(house, house.file(SECRET))
    watch_at(house, OVER)
    house.act(assess, case.id, by=MAYA)

    watch_at(house, OVER + DAY)

    assert len(told(house)) == 1
    assert house.acts().count("notice_given") == 1


def test_an_extension_moves_the_day_and_the_answer_stands(house):
    case = answered(house, house.file(SECRET))
    house.now = OVER - 5 * DAY

    extended = extend(house, case)

    assert extended.state is CaseState.ANSWERED
    assert extended.decision == house.case(case.id).decision is not None
    watch_at(house, OVER + DAY)
    assert told(house) == ()
    watch_at(house, OVER + 91 * DAY)
    assert len(told(house)) == 1
    assert "silence_extended" in house.acts()


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"until": ENDS}, Unusable),
        ({"until": date(2026, 11, 1)}, Unusable),
        ({"made_on": date(2027, 11, 1)}, Unusable),
        ({"paper": "f" * 64}, Unusable),
        ({"by": INES}, Forbidden),
    ],
    ids=["no longer than before", "over", "made in the future", "a paper of no case", "by intake"],
)
def test_an_extension_needs_a_later_day_a_paper_and_a_lawyer(house, wrong, refusal):
    case = answered(house, house.file(SECRET))

    with pytest.raises(refusal):
        extend(house, case, **wrong)

    assert house.case(case.id).facts["nondisclosure_ends_on"] == ENDS.isoformat()


@pytest.mark.parametrize(
    "facts",
    [
        {"nondisclosure_certified": True},
        {"accounts": []},
    ],
    ids=["a letter certifies harm", "no account"],
)
def test_what_cannot_go_out_by_itself_is_said_to_a_lawyer(house, facts):
    answered(house, house.file({**SECRET, **facts}))

    watch_at(house, OVER)
    watch_at(house, OVER + DAY)

    assert told(house) == told(house, MARLOW) == ()
    assert sent(house) == [("", "silence_ended")]


def test_an_order_whose_end_nobody_knows_is_never_taken_to_have_ended(house):
    unknown = {name: value for name, value in SECRET.items() if "_end" not in name}
    answered(house, house.file({**unknown, "issuer": "us_federal", "issuer_state": None}))

    watch_at(house, OVER + 1000 * DAY)

    assert told(house) == ()


def test_a_demand_that_nobody_has_decided_is_not_told_of(house):
    house.file(SECRET)

    watch_at(house, OVER)

    assert told(house) == ()


def test_a_decision_that_nobody_has_approved_is_not_told_of(house):
    case = house.file(SECRET)
    house.check(case)
    house.decide(case)

    watch_at(house, OVER)
    with pytest.raises(Conflict, match="not approved"):
        house.act(tell, case.id, by=MAYA)
    assert told(house) == ()
    house.now = NOW
    house.approve(case)
    watch_at(house, OVER + DAY)

    assert len(told(house)) == 1


def test_a_notice_waits_while_it_would_tell_of_another_secret_demand(house):
    answered(house, house.file(SECRET))
    later = answered(house, house.file({**SECRET, "nondisclosure_ends_on": "2027-01-20"}))

    watch_at(house, OVER)
    assert told(house) == ()
    watch_at(house, OVER + 31 * DAY)
    watch_at(house, OVER + 31 * DAY + timedelta(minutes=6))

    assert {each.case for each in told(house)} >= {later.id}
    assert len(told(house)) == 2


@pytest.mark.parametrize("sealed", [False, True])
def test_what_keeps_a_notice_back_reads_the_same_whether_or_not_one_may_know_of_it(house, sealed):
    case = answered(house, house.file(SECRET))
    other = answered(house, house.file({**SECRET, "nondisclosure_ends_on": "2027-01-20"}))
    if sealed:
        house.act(name_people, other.id, [TOMAS.id, INES.id], by=TOMAS)
    house.now = OVER

    with pytest.raises(Conflict) as refused:
        house.act(tell, case.id, by=MAYA)

    assert refused.value.sentence == "This cannot be told now; the desk tells by itself as soon as it may."


def test_data_do_not_leave_before_the_customer_is_told(house):
    case = house.offered(house.file(OPEN))

    with pytest.raises(Gated, match="has not been told"):
        house.release(case)
    assert "production_released" not in house.acts()
    house.act(tell, case.id, by=MAYA)
    house.release(case)

    (notice,) = told(house)
    assert any("policy of our house" in each for each in notice.paragraphs)


def test_or_a_lawyer_says_why_not(house):
    case = house.offered(house.file(OPEN))

    house.act(leave_untold, case.id, reason="A child is in danger.", by=MAYA)
    house.release(case)

    assert told(house) == ()
    (entry,) = [each for each in house.log() if each["act"] == "notice_left_out"]
    assert "child" not in str(entry)
    assert house.case(case.id).untold.reason == "A child is in danger."


@pytest.mark.parametrize(
    "facts", [{**SECRET, "customer_notice": None}, {**OPEN, "customer_notice": True}], ids=["an order", "told by them"]
)
def test_nobody_is_told_first_whom_an_order_or_the_authority_s_own_notice_takes_care_of(house, facts):
    case = house.offered(house.file(facts))

    house.release(case)

    assert told(house) == ()


def answered_otherwise(house, case):
    """The case decided anew, so that what was offered is no more, and another production is."""
    return house.offered(house.act(assess, case.id, by=MAYA))


def test_whoever_was_told_of_an_earlier_answer_is_told_of_the_next_before_data_leave(house):
    case = house.offered(house.file(OPEN))
    house.act(tell, case.id, by=MAYA)
    with pytest.raises(Conflict, match="has been told"):
        house.act(tell, case.id, by=MAYA)

    again = answered_otherwise(house, case)

    with pytest.raises(Gated, match="has not been told"):
        house.release(again)
    house.act(tell, case.id, by=MAYA)
    house.release(again)
    assert len(told(house)) == 2


def test_a_reason_is_about_the_answer_that_it_was_given_for(house):
    case = house.offered(house.file(OPEN))
    house.act(leave_untold, case.id, reason="A child is in danger.", by=MAYA)

    again = answered_otherwise(house, case)

    with pytest.raises(Gated, match="has not been told"):
        house.release(again)
    house.act(leave_untold, case.id, reason="She still is.", by=MAYA)
    house.release(again)


def test_a_reason_of_which_nobody_knows_the_answer_is_none(house):
    case = house.offered(house.file(OPEN))
    left = house.act(leave_untold, case.id, reason="A child is in danger.", by=MAYA).untold
    house.act(lambda work: work.cases.put(replace(house.case(case.id), untold=replace(left, decision=""))))

    with pytest.raises(Gated, match="has not been told"):
        house.release(case)


def test_where_nothing_is_decided_there_is_nothing_to_give_a_reason_for(house):
    case = house.file(OPEN)

    with pytest.raises(Conflict, match="Decide it first"):
        house.act(leave_untold, case.id, reason="A child is in danger.", by=MAYA)


DELAYED = {
    **OPEN,
    "issuer": "us_federal",
    "issuer_state": None,
    "notice_delayed_on": "2026-10-01",
}
ORDERED = {"nondisclosure_requested": True, "nondisclosure_order": True, "nondisclosure_end_stated": True}
# Ninety days on, in California.
DELAY_ENDS = OVER.replace(day=31)


@pytest.mark.parametrize(
    ("facts", "ends"),
    [
        ({}, DELAY_ENDS),
        ({**ORDERED, "nondisclosure_ends_on": "2026-12-20"}, DELAY_ENDS),
        ({**ORDERED, "nondisclosure_ends_on": "2027-01-20"}, DELAY_ENDS + 21 * DAY),
    ],
    ids=["no order", "an order until before", "an order for longer"],
)
def test_a_delay_of_notice_is_kept_to_its_end_and_an_order_beside_it_to_its_own(house, facts, ends):
    answered(house, house.file({**DELAYED, **facts}))

    watch_at(house, ends - 5 * timedelta(minutes=1))
    assert told(house) == ()
    watch_at(house, ends)

    assert len(told(house)) == 1


@pytest.mark.parametrize("unknown", ["nondisclosure_order", "nondisclosure_requested"])
def test_beside_a_delay_that_is_over_what_nobody_has_established_keeps_us_silent(house, unknown):
    case = answered(house, house.file(DELAYED))
    known = {name: value for name, value in case.facts.items() if name != unknown}
    house.act(lambda work: work.cases.put(replace(house.case(case.id), facts=known)))

    watch_at(house, DELAY_ENDS + 1000 * DAY)

    assert told(house) == ()


def test_a_delay_is_extended_too_and_the_answer_stands(house):
    case = answered(house, house.file(DELAYED))

    extended = extend(house, case, until=date(2027, 4, 10))

    assert extended.decision is not None
    assert extended.facts["notice_delay_renewed_on"] == house.now.date().isoformat()
    watch_at(house, DELAY_ENDS + DAY)
    assert told(house) == ()
    watch_at(house, DELAY_ENDS.replace(year=2027, month=4, day=11))
    assert len(told(house)) == 1


@pytest.mark.parametrize("facts", [{**SECRET, "customer_notice": None}, DELAYED], ids=["an order", "a delay"])
def test_what_was_approved_leaves_after_the_silence_was_extended(house, facts):
    case = house.offered(house.file(facts))

    extend(house, case, until=date(2027, 2, 10))
    house.release(house.case(case.id))

    assert "production_released" in house.acts()


def test_without_an_order_or_a_delay_nothing_is_extended(house):
    case = answered(house, house.file(OPEN))

    with pytest.raises(Conflict, match="Correct the facts"):
        extend(house, case)


def test_a_reason_needs_words_and_a_lawyer(house):
    case = house.offered(house.file(OPEN))

    with pytest.raises(Unusable):
        house.act(leave_untold, case.id, reason=" ", by=MAYA)
    with pytest.raises(Forbidden):
        house.act(leave_untold, case.id, reason="Why not.", by=INES)
    with pytest.raises(Forbidden):
        house.act(tell, case.id, by=INES)


BOTH = [MARSH.account, KETTLE.account]


def test_each_of_several_customers_is_told_of_their_own_account_alone(house):
    case = house.file({**SECRET, "accounts": BOTH})
    house.check(case)
    case = house.case(case.id)
    audio = next(line for line in case.lines if (line.account, line.data_class) == (KETTLE.account, "audio"))
    house.decide(case, reasons="Not hers.", **{f"line_{audio.id}": Choice(move="refuse")})
    house.approve(case)

    watch_at(house, OVER)
    watch_at(house, OVER + DAY)

    (hers,), (his,) = told(house), told(house, MARLOW)
    assert any("recordings" in each and each.startswith("What we gave") for each in hers.paragraphs)
    assert not any("recordings" in each and each.startswith("What we gave") for each in his.paragraphs)
    assert MARSH.name not in str(his.paragraphs)
    assert KETTLE.name not in str(hers.paragraphs)
    assert not any(account in str(each.paragraphs) for each in (hers, his) for account in BOTH)
    mailed = [to for to, template in sent(house) if template == "notice_waiting"]
    assert sorted(mailed) == sorted([MARSH.email, KETTLE.email])


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", ("Guten Tag", "20. Dezember 2026", "Durchsuchungsbeschluss", "Regel unseres Hauses")),
        ("fr-CA", ("Bonjour", "20 décembre 2026", "règle de notre maison")),
        ("es", ("Hola", "20 de diciembre de 2026", "norma de nuestra casa")),
        ("pt", ("Dear", "20 December 2026", "policy of our house")),
    ],
)
def test_a_notice_speaks_the_customer_s_language_or_else_english_whatever_the_authority_writes(house, language, words):
    with Session(house.engine) as session, session.begin():
        SqlCustomers(session).put(replace(MARSH, language=language))
    answered(house, house.file(SECRET))

    watch_at(house, OVER)

    (notice,) = told(house)
    assert all(any(each in paragraph for paragraph in notice.paragraphs) for each in words)


def by_hand(house, case, *, how="By a letter to 14 Saltbox Lane.", on=None, by=MAYA):
    return house.act(record_told, case.id, how=how, on=on or house.now.date(), by=by)


def ending(house):
    with house.ledger.reading() as work:
        return work.notices.ending(house.now + 14 * DAY, by=MAYA)


def test_what_no_notice_can_tell_leaves_the_list_once_it_was_told_by_hand_and_stays_away(house):
    case = answered(house, house.file({**SECRET, "accounts": []}))
    watch_at(house, OVER)
    assert [each.case for each in ending(house)] == [case.id]

    told_so = by_hand(house, case).by_hand

    assert ending(house) == []
    assert [(each.how, each.by) for each in told_so] == [("By a letter to 14 Saltbox Lane.", MAYA.id)]
    assert "Saltbox" not in str([each for each in house.log() if each["act"] == "told_by_hand"])
    house.act(assess, case.id, by=MAYA)
    watch_at(house, OVER + DAY)
    assert ending(house) == []
    assert sent(house) == [("", "silence_ended")]


def test_whoever_was_told_by_hand_is_not_told_again_and_data_may_leave(house):
    case = house.offered(house.file(OPEN))

    by_hand(house, case)

    with pytest.raises(Conflict, match="has been told"):
        house.act(tell, case.id, by=MAYA)
    house.release(case)
    assert told(house) == ()


@pytest.mark.parametrize(
    ("facts", "wrong", "refusal"),
    [
        (SECRET, {}, Conflict),
        (OPEN, {"how": " "}, Unusable),
        (OPEN, {"on": NOW.date() + DAY}, Unusable),
        (OPEN, {"on": NOW.date() - 9 * DAY}, Unusable),
        (OPEN, {"by": INES}, Forbidden),
    ],
    ids=["while silence lasts", "without saying how", "on a day ahead", "before it reached us", "by intake"],
)
def test_that_somebody_was_told_by_hand_needs_an_end_of_silence_words_a_day_and_a_lawyer(house, facts, wrong, refusal):
    case = answered(house, house.file(facts))
    before = house.dump()

    with pytest.raises(refusal):
        by_hand(house, case, **wrong)

    assert house.dump() == before


TWO = {**OPEN, "accounts": [MARSH.account, KETTLE.account]}


def test_of_two_accounts_the_one_told_by_hand_stands_not_for_the_other(house):
    case = house.offered(house.file(TWO))
    with pytest.raises(Unusable, match="Tick the accounts"):
        by_hand(house, case)

    house.act(record_told, case.id, how="A letter.", on=house.now.date(), accounts=[KETTLE.account], by=MAYA)

    with pytest.raises(Gated, match="has not been told"):
        house.release(case)
    house.act(tell, case.id, by=MAYA)
    assert (len(told(house)), told(house, MARLOW)) == (1, ())
    house.release(case)


def test_of_two_accounts_the_one_told_by_notice_stands_not_for_the_other(house):
    case = house.offered(house.file(TWO))
    house.act(lambda work: enter_notice(work, work.cases.get(case.id, by=MAYA), KETTLE, by=MAYA))

    with pytest.raises(Gated, match="has not been told"):
        house.release(case)
    house.act(leave_untold, case.id, reason="A child is in danger.", by=MAYA)
    house.release(case)


def test_a_silence_of_which_only_one_customer_was_told_by_hand_still_ends_for_the_other(house):
    case = answered(house, house.file({**SECRET, "accounts": TWO["accounts"]}))
    house.now = OVER

    house.act(record_told, case.id, how="A letter.", on=OVER.date(), accounts=[KETTLE.account], by=MAYA)
    watch_at(house, OVER)

    assert (len(told(house)), told(house, MARLOW)) == (1, ())
    assert ending(house) == []
