"""Which deadlines one request has: each period on its own event and calendar, before and after each change of law."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from legal_rules.clocks import working_week
from legal_rules.facts import parse
from requests_portal.days import working_days
from tests.rules.test_cases import BOOK

PERSON = {"track": "data_subject", "right": "access"}
DEMAND = {"track": "legal_demand"}
LYON = DEMAND | {"issuer": "eu_state", "process": "epoc", "emergency_danger": False}
URGENT = LYON | {
    "emergency_danger": True,
    "emergency_immediate": True,
    "received_at": "2026-09-04T14:10:00+02:00",
}
OAKLAND = DEMAND | {"issuer": "us_state", "issuer_state": "CA", "process": "search_warrant"}
RESCUE = OAKLAND | {"process": "emergency_request", "received_at": "2026-11-24T09:30:00-08:00"}
CIVIL = DEMAND | {"issuer": "civil_party", "issuer_state": "US", "process": "civil_subpoena"}
LEEDS = PERSON | {"data_subject_country": "GB"}


def clocks(raw, on, calendars=working_days):
    return {clock.id: clock for clock in BOOK.assess(parse(raw), on=on, calendars=calendars).clocks}


def period(raw, on, name="answer"):
    return clocks(raw, on)[name].period


def day(text):
    return date.fromisoformat(text)


# --- the day before and the day of each change of law

CHANGES = [
    ("2018-05-25", PERSON | {"data_subject_country": "FR"}, "answer", "gdpr.response"),
    ("2018-05-25", PERSON | {"data_subject_country": "FR"}, "refusal_reasons", "gdpr.refusal_reasons"),
    ("2018-05-25", LEEDS, "answer", "ukgdpr.response_by_article_12"),
    ("2026-02-05", LEEDS, "answer", "ukgdpr.response"),
    ("2026-06-19", LEEDS | {"right": "complaint"}, "acknowledge", "ukgdpr.complaint_ack"),
    ("2020-01-01", PERSON | {"data_subject_country": "US-CA"}, "answer", "ccpa.response"),
    ("2020-08-14", PERSON | {"data_subject_country": "US-CA"}, "acknowledge", "ccpa.ack"),
    ("2023-01-01", PERSON | {"data_subject_country": "US-VA"}, "answer", "us.va.response"),
    ("2023-07-01", PERSON | {"data_subject_country": "US-CO"}, "answer", "us.co.response"),
    ("2023-07-01", PERSON | {"data_subject_country": "US-CT"}, "answer", "us.ct.response"),
    ("2024-07-01", PERSON | {"data_subject_country": "US-TX"}, "answer", "us.tx.response"),
    ("2024-07-01", PERSON | {"data_subject_country": "US-OR"}, "answer", "us.or.response"),
    ("2024-03-31", PERSON | {"data_subject_country": "US-WA"}, "answer", "us.wa.mhmda.response"),
    ("2020-09-18", PERSON | {"data_subject_country": "BR"}, "answer", "br.lgpd"),
    ("2023-09-01", PERSON | {"data_subject_country": "CH"}, "answer", "ch.fadp"),
    ("2011-09-30", PERSON | {"data_subject_country": "KR"}, "answer", "kr.pipa"),
    ("2014-03-12", PERSON | {"data_subject_country": "AU"}, "answer", "au.app12"),
    ("2027-05-13", PERSON | {"data_subject_country": "IN"}, "answer", "in.dpdp.grievance"),
    ("2026-08-18", LYON, "answer", "eu.epoc.due"),
    ("2026-08-18", URGENT, "answer", "eu.epoc.emergency"),
    ("2026-08-18", LYON, "conflict_objection", "eu.epoc.conflict_objection"),
    ("2026-08-18", LYON | {"process": "epoc_pr"}, "hold_expiry", "eu.epocpr.hold"),
    ("2018-03-23", OAKLAND | {"target_us_person": False}, "comity_motion", "us.cloud.comity_motion"),
    ("2000-01-01", OAKLAND, "answer", "us.ca.provider_return"),
    ("1991-12-01", CIVIL, "objection", "us.rule45.objection"),
    (
        "2022-10-03",
        DEMAND | {"issuer": "uk", "process": "agreement_order", "served_on": "2022-10-04"},
        "answer",
        "uk.copoa.comply",
    ),
]


@pytest.mark.parametrize(("since", "raw", "clock", "runs"), CHANGES, ids=lambda each: each if type(each) is str else "")
def test_a_clock_runs_from_the_day_its_law_applies(since, raw, clock, runs):
    before = clocks(raw, day(since) - timedelta(days=1)).get(clock)

    assert period(raw, day(since), clock) == runs
    assert before is None or before.period != runs


def test_whatever_ended_runs_no_more():
    eve = clocks(LEEDS, date(2026, 2, 4))["answer"]

    assert eve.period == "ukgdpr.response_by_article_12"
    assert "Data Protection Act 2018 s.205(2)" in eve.cite


# --- one calendar for each jurisdiction


@pytest.mark.parametrize(
    ("country", "due"),
    [
        ("DE", "2026-04-07"),  # Good Friday and Easter Monday are public holidays
        ("SE", "2026-04-07"),
        ("FR", "2026-04-03"),  # Good Friday is none
    ],
)
def test_a_month_rolls_over_the_holidays_of_the_data_subject_s_country(country, due):
    assert clocks(PERSON | {"data_subject_country": country}, date(2026, 3, 3))["answer"].due == day(due)


def test_each_clock_of_one_request_is_counted_with_its_own_calendar():
    asked = []

    def calendars(jurisdiction):
        asked.append(jurisdiction)
        return working_days(jurisdiction)

    clocks(OAKLAND | {"target_us_person": False, "served_on": "2026-11-12"}, date(2026, 11, 12), calendars)

    assert set(asked) == {"US-CA", "US"}


@pytest.mark.parametrize(
    ("raw", "whose"),
    [
        ({"issuer": "us_federal", "process": "d_order", "return_date_stated": False}, "US"),
        ({"issuer": "us_state", "issuer_state": "NH", "process": "d_order", "return_date_stated": False}, "US-NH"),
        ({"issuer": "uk", "process": "foreign_request"}, "GB"),
        ({"issuer": "foreign_state", "issuing_country": "NZ", "process": "foreign_request"}, "NZ"),
    ],
)
def test_the_house_counts_with_the_issuer_s_calendar(raw, whose):
    asked = []

    def calendars(jurisdiction):
        asked.append(jurisdiction)
        return working_days(jurisdiction)

    assert clocks(DEMAND | raw, date(2026, 3, 2), calendars)["answer"].period == "house.answer"
    assert asked == [whose]


def test_a_clock_that_ends_next_year_knows_next_year_s_holidays():
    # A month from 1 December 2026 ends on New Year's Day, a Friday.
    assert clocks(PERSON | {"data_subject_country": "DE"}, date(2026, 12, 1))["answer"].due == date(2027, 1, 4)


@pytest.mark.parametrize("jurisdiction", ["", "EU", "XX", "US-XX"])
def test_a_place_without_a_list_of_holidays_has_weekends(jurisdiction):
    assert not working_days(jurisdiction).is_working_day(date(2026, 9, 19))
    assert working_days(jurisdiction).is_working_day(date(2026, 9, 18))


@pytest.mark.parametrize("open_day", ["2028-02-15", "2027-10-29"])
def test_days_on_which_california_s_courts_sit_are_working_days(open_day):
    # Susan B. Anthony Day and Diwali are no judicial holidays of Cal. Code Civ. Proc. § 135.
    assert working_days("US-CA").is_working_day(day(open_day))


def test_a_state_without_a_list_of_its_own_keeps_its_country_s_days():
    assert not working_days("US-XX").is_working_day(date(2026, 11, 26))


# --- receipt


def test_sending_a_request_again_does_not_restart_its_clock():
    again = LYON | {"first_received_at": "2026-09-01T16:00:00+02:00"}

    answer = clocks(again, date(2026, 9, 7))["answer"]

    assert answer.due == date(2026, 9, 11)
    assert answer.working[0] == (
        "The same request first reached us on Tuesday 1 September 2026; sending it again starts nothing anew."
    )


def test_a_first_sending_later_than_the_receipt_moves_nothing():
    assert clocks(LYON | {"first_received_at": "2026-09-09"}, date(2026, 9, 7))["answer"].due == date(2026, 9, 17)


def test_a_second_copy_on_the_same_day_is_not_worth_a_word():
    same = clocks(LYON | {"first_received_at": "2026-09-07"}, date(2026, 9, 7))["answer"]

    assert same.working[0] == "Counted from receipt, Monday 7 September 2026."


def test_hours_too_count_from_the_first_sending():
    again = URGENT | {"first_received_at": "2026-09-04T13:00:00+02:00"}

    assert clocks(again, date(2026, 9, 4))["answer"].due == datetime(2026, 9, 4, 19, 0, tzinfo=UTC)
    unknown = {name: value for name, value in again.items() if name != "received_at"}
    assert clocks(unknown, date(2026, 9, 4))["answer"].due == datetime(2026, 9, 4, 19, 0, tzinfo=UTC)


# --- what is not known


def test_no_day_is_guessed_while_nobody_knows_whose_law_sets_it():
    warrant = {name: value for name, value in OAKLAND.items() if name != "issuer_state"} | {"return_date_stated": False}

    answer = clocks(warrant, date(2026, 3, 2))["answer"]

    assert (answer.due, answer.missing) == (None, ("issuer_state",))
    assert clocks(PERSON, date(2026, 3, 2))["answer"].missing == ("data_subject_country",)


def test_of_an_unread_request_only_the_answer_is_awaited():
    assert {name: clock.missing for name, clock in clocks({}, date(2026, 3, 2)).items()} == {"answer": ("track",)}


def test_a_federal_paper_needs_no_state_for_its_date():
    warrant = DEMAND | {"issuer": "us_federal", "process": "search_warrant", "return_date_stated": False}

    assert period(warrant, date(2026, 3, 2)) == "house.answer"


@pytest.mark.parametrize(
    "process", ["search_warrant", "d_order", "court_order", "grand_jury_subpoena", "civil_subpoena"]
)
def test_the_house_s_day_stands_until_somebody_has_looked_for_the_court_s(process):
    paper = DEMAND | {"issuer": "us_federal", "process": process}

    unread = clocks(paper, date(2026, 3, 2))["answer"]
    stated = clocks(paper | {"return_date_stated": True}, date(2026, 3, 2))["answer"]

    assert (unread.due, unread.missing) == (date(2026, 3, 16), ("return_date_stated",))
    assert (stated.due, stated.missing) == (None, ("court_return_on",))
    assert clocks(paper | {"court_return_on": "2026-03-20"}, date(2026, 3, 2))["answer"].due == date(2026, 3, 20)
    assert period(paper | {"return_date_stated": False}, date(2026, 3, 2)) == "house.answer"


def test_the_statute_s_day_stands_while_nobody_has_looked_for_the_court_s():
    answer = clocks(OAKLAND, date(2026, 11, 19))["answer"]

    assert (answer.due, answer.missing) == (date(2026, 11, 30), ("return_date_stated",))


def test_no_court_sets_the_day_of_a_european_order():
    assert clocks(LYON, date(2026, 9, 9))["answer"].missing == ()


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (CIVIL, "objection"),
        (DEMAND | {"issuer": "uk", "process": "agreement_order"}, "answer"),
        (OAKLAND | {"target_us_person": False}, "comity_motion"),
    ],
)
def test_what_counts_from_service_asks_for_its_day(raw, name):
    clock = clocks(raw, date(2026, 3, 2))[name]

    assert (clock.due, clock.missing) == (None, ("served_on",))


@given(st.sets(st.sampled_from(sorted(URGENT.keys() | {"enforcing_authority_notified", "issuer_role"}))))
def test_a_clock_without_a_day_names_what_is_missing(forgotten):
    full = URGENT | {"enforcing_authority_notified": True, "issuer_role": "police", "validated_by": "none"}
    some = {name: value for name, value in full.items() if name not in forgotten}

    for clock in clocks(some, date(2026, 9, 4)).values():
        assert clock.due is not None or clock.missing


# --- European orders


def test_a_european_order_s_ten_days_roll_over_the_weekend():
    assert clocks(LYON, date(2026, 9, 9))["answer"].due == date(2026, 9, 21)  # 19 September is a Saturday


def test_a_european_emergency_has_eight_hours_whatever_date_the_paper_sets():
    answer = clocks(URGENT | {"court_return_on": "2026-09-20"}, date(2026, 9, 4))["answer"]

    assert answer.due == datetime(2026, 9, 4, 20, 10, tzinfo=UTC)
    assert any("23:00 UTC+02:00 at the latest" in sentence for sentence in answer.working)


def test_the_working_of_a_european_order_says_that_weekends_alone_were_left_out():
    weekends = "Only weekends are left out: whose public holidays count (Reg. 1182/71 Art. 2(1)) is not settled."

    assert weekends in clocks(LYON, date(2026, 12, 15))["answer"].working  # ten days end on Christmas Day
    assert weekends in clocks(LYON | {"process": "epoc_pr"}, date(2026, 12, 15))["hold_expiry"].working
    assert weekends not in clocks(URGENT, date(2026, 9, 4))["answer"].working
    assert weekends not in clocks(PERSON | {"data_subject_country": "DE"}, date(2026, 12, 15))["answer"].working


def test_a_working_without_anybody_s_holidays_says_so():
    asked = PERSON | {"data_subject_country": "DE"}
    said = "Only weekends are left out: no public holidays of DE are known here."

    assert said in clocks(asked, date(2026, 3, 3), working_week)["answer"].working
    assert said not in clocks(asked, date(2026, 3, 3))["answer"].working


def test_what_we_ask_the_issuer_is_due_in_five_days_and_our_own_days_rest():
    asked = LYON | {"clarification_asked_on": "2026-09-09"}

    waiting = clocks(asked, date(2026, 9, 7))
    answered = clocks(asked | {"clarification_received_on": "2026-09-14"}, date(2026, 9, 7))

    assert waiting["clarification_by_issuer"].due == date(2026, 9, 14)
    assert (waiting["answer"].due, waiting["answer"].missing) == (None, ("clarification_received_on",))
    # 17 September, and the five days from the 10th to the 14th on which our duties rested.
    assert answered["answer"].due == date(2026, 9, 22)


def test_the_enforcing_authority_refuses_within_ten_days_or_ninety_six_hours():
    notified = {"enforcing_authority_notified": True}

    assert clocks(LYON | notified, date(2026, 9, 7))["authority_refusal"].due == date(2026, 9, 17)
    urgent = clocks(URGENT | notified, date(2026, 9, 4))["authority_refusal"]
    assert urgent.due == datetime(2026, 9, 8, 12, 10, tzinfo=UTC)
    assert "authority_refusal" not in clocks(LYON | {"enforcing_authority_notified": False}, date(2026, 9, 7))


def test_an_emergency_order_nobody_validated_is_validated_within_forty_eight_hours():
    police = URGENT | {"issuer_role": "police", "validated_by": "none"}

    assert clocks(police, date(2026, 9, 4))["validation"].due == datetime(2026, 9, 6, 12, 10, tzinfo=UTC)
    assert "validation" not in clocks(police | {"validated_by": "judge"}, date(2026, 9, 4))
    assert "validation" not in clocks(police | {"emergency_immediate": False}, date(2026, 9, 4))


# --- the United States


def test_a_californian_warrant_is_answered_in_five_business_days_of_california():
    # From Wednesday 18 November: Thanksgiving and the day after it are holidays of California.
    assert clocks(OAKLAND, date(2026, 11, 19))["answer"].due == date(2026, 11, 30)


def test_the_date_a_court_set_stands_before_the_statute_s_and_rolls_nowhere():
    answer = clocks(OAKLAND | {"court_return_on": "2026-11-28"}, date(2026, 11, 19))["answer"]

    assert (answer.due, answer.period) == (date(2026, 11, 28), "court.return")  # a Saturday


@pytest.mark.parametrize(
    ("known", "asked"),
    [
        ({}, None),
        ({"customer_lives_in": "US-CA", "circumstances": []}, None),
        ({"customer_lives_in": "FR"}, "target_us_person"),
        ({"circumstances": ["foreign_law_forbids"]}, "target_us_person"),
        ({"customer_lives_in": "FR", "target_us_person": True}, None),
    ],
)
def test_a_comity_motion_is_thought_of_only_where_something_foreign_is_known(known, asked):
    clock = clocks(OAKLAND | {"served_on": "2026-11-19"} | known, date(2026, 11, 19)).get("comity_motion")

    assert (clock and clock.missing) == (asked and (asked,))


def test_the_working_tells_the_event_in_words():
    served = clocks(CIVIL | {"served_on": "2026-11-09"}, date(2026, 11, 9))["objection"]

    assert served.working[0] == "Counted from the day the process was served on us, Monday 9 November 2026."


def test_after_an_emergency_disclosure_process_is_awaited_and_the_application_is_due():
    given = clocks(RESCUE | {"disclosed_at": "2026-11-24T12:00:00-08:00"}, date(2026, 11, 24))

    # Forty-eight hours end on Thanksgiving; Friday is a holiday in California; so Monday at noon.
    assert given["emergency_follow_up"].due == datetime(2026, 11, 30, 20, 0, tzinfo=UTC)
    assert given["emergency_follow_up"].basis == "policy"
    # Three court days of California: Wednesday, Monday, Tuesday.
    assert given["emergency_application"].due == date(2026, 12, 1)
    assert given["destruction_by_issuer"].due == date(2027, 2, 22)


def test_before_anything_is_given_nothing_follows_it_up():
    assert clocks(RESCUE, date(2026, 11, 24)).keys() == {"answer", "customer_notice"}


def test_only_california_s_emergencies_have_its_court_days():
    texas = RESCUE | {"issuer_state": "TX", "disclosed_at": "2026-11-24T12:00:00-08:00"}

    assert clocks(texas, date(2026, 11, 24)).keys() == {"answer", "emergency_follow_up"}


def test_illinois_police_destroy_what_a_household_said_in_sixty_days():
    chicago = OAKLAND | {"issuer_state": "IL", "disclosed_at": "2026-03-02T10:00:00-06:00"}

    assert clocks(chicago, date(2026, 2, 20))["destruction_by_issuer"].due == date(2026, 5, 1)


def test_a_civil_subpoena_is_objected_to_before_its_compliance_date_when_that_is_sooner():
    served = CIVIL | {"served_on": "2026-11-09"}

    assert clocks(served, date(2026, 11, 9))["objection"].due == date(2026, 11, 23)
    soon = clocks(served | {"court_return_on": "2026-11-19"}, date(2026, 11, 9))["objection"]
    assert soon.due == date(2026, 11, 18)
    assert soon.working[-1] == (
        "It must be before Thursday 19 November 2026, the day for compliance: by Wednesday 18 November 2026."
    )
    same = clocks(served | {"court_return_on": "2026-11-23"}, date(2026, 11, 9))["objection"]
    assert same.due == date(2026, 11, 22)
    far = clocks(served | {"court_return_on": "2026-12-18"}, date(2026, 11, 9))["objection"]
    assert far.due == date(2026, 11, 23)


def test_fourteen_days_that_end_on_a_federal_holiday_end_the_day_after():
    # From 12 November the fourteenth day is Thanksgiving.
    assert clocks(CIVIL | {"served_on": "2026-11-12"}, date(2026, 11, 12))["objection"].due == date(2026, 11, 27)


def test_a_customer_moves_within_fourteen_days_of_the_notice():
    subpoena = DEMAND | {"issuer": "us_federal", "process": "grand_jury_subpoena"}

    told = clocks(subpoena | {"customer_notified_on": "2026-03-02"}, date(2026, 2, 20))

    assert told["customer_motion"].due == date(2026, 3, 16)
    assert "customer_motion" not in clocks(subpoena, date(2026, 2, 20))


def test_notice_that_may_wait_waits_ninety_days_and_ninety_more():
    delayed = DEMAND | {"issuer": "us_federal", "process": "d_order", "notice_delayed_on": "2026-01-05"}

    assert clocks(delayed, date(2026, 1, 5))["customer_notice"].due == date(2026, 4, 5)
    longer = clocks(delayed | {"notice_delay_renewed_on": "2026-04-01"}, date(2026, 1, 5))["customer_notice"]
    assert longer.due == date(2026, 7, 4)


def test_the_customer_is_told_when_the_order_of_silence_ends():
    silent = OAKLAND | {"nondisclosure_order": True, "nondisclosure_issued_on": "2026-03-02"}

    assert clocks(silent, date(2026, 3, 3))["customer_notice"].due == date(2026, 5, 31)
    extended = clocks(silent | {"nondisclosure_extended_on": "2026-05-20"}, date(2026, 3, 3))["customer_notice"]
    assert extended.due == date(2026, 8, 29)
    ends = clocks(silent | {"nondisclosure_ends_on": "2026-04-15"}, date(2026, 3, 3))["customer_notice"]
    assert (ends.due, ends.period) == (date(2026, 4, 15), "nondisclosure.end")


def test_a_federal_order_of_silence_without_end_is_looked_at_after_a_year():
    silent = DEMAND | {"issuer": "us_federal", "process": "search_warrant", "nondisclosure_order": True}
    open_end = silent | {"nondisclosure_issued_on": "2026-03-02", "nondisclosure_end_stated": False}

    review = clocks(open_end, date(2026, 3, 3))["gag_review"]

    assert (review.due, review.basis) == (date(2027, 3, 2), "guidance")
    assert clocks(silent, date(2026, 3, 3))["gag_review"].missing == (
        "nondisclosure_end_stated",
        "nondisclosure_ends_on",
    )
    assert "gag_review" not in clocks(silent | {"nondisclosure_ends_on": "2026-09-01"}, date(2026, 3, 3))


def test_the_government_takes_a_letter_s_silence_to_court_within_thirty_days_of_our_notice():
    letter = DEMAND | {"issuer": "us_federal", "process": "nsl"}

    # The thirtieth day is Saturday 4 April 2026.
    asked = clocks(letter | {"nsl_review_asked_on": "2026-03-05"}, date(2026, 3, 2))
    assert asked["nondisclosure_application"].due == date(2026, 4, 6)
    assert "nondisclosure_application" not in clocks(letter, date(2026, 3, 2))


@pytest.mark.parametrize(("process", "ends"), [("wiretap_order", "2026-04-01"), ("pen_register_order", "2026-05-01")])
def test_an_order_for_the_future_ends_with_its_statute_s_days(process, ends):
    order = DEMAND | {"issuer": "us_federal", "process": process, "issued_on": "2026-03-02"}

    assert clocks(order, date(2026, 3, 3))["order_ends"].due == day(ends)


# --- a person's own request

TOLD = {"extension_notified_on": "2026-11-10"}


@pytest.mark.parametrize("state", ["VA", "CO", "CT", "TX", "OR", "WA"])
def test_a_state_s_forty_five_days_are_doubled_by_a_notice(state):
    person = PERSON | {"data_subject_country": f"US-{state}"}

    assert clocks(person, date(2026, 10, 5))["answer"].due == date(2026, 11, 19)
    assert clocks(person, date(2026, 10, 5))["extension_notice"].due == date(2026, 11, 19)
    assert clocks(person | TOLD, date(2026, 10, 5))["answer"].due == date(2027, 1, 3)


@pytest.mark.parametrize(("state", "days"), [("VA", 60), ("CO", 45), ("CT", 60), ("TX", 60), ("OR", 45)])
def test_an_appeal_is_answered_in_the_state_s_days(state, days):
    appeal = PERSON | {"data_subject_country": f"US-{state}", "appeal_received_on": "2026-09-01"}

    assert clocks(appeal, date(2026, 6, 1))["appeal_answer"].due == date(2026, 9, 1) + timedelta(days=days)


def test_colorado_s_appeal_may_take_sixty_days_more():
    told = {"appeal_received_on": "2026-09-01", "appeal_extended_on": "2026-10-01"}

    assert clocks(PERSON | {"data_subject_country": "US-CO"} | told, date(2026, 6, 1))["appeal_answer"].due == date(
        2026, 12, 15
    )
    assert clocks(PERSON | {"data_subject_country": "US-OR"} | told, date(2026, 6, 1))["appeal_answer"].due == date(
        2026, 10, 16
    )


def test_california_s_extension_makes_ninety_days_of_the_whole():
    told = PERSON | {"data_subject_country": "US-CA"} | TOLD

    answer = clocks(told, date(2026, 10, 5))["answer"]

    assert answer.due == date(2027, 1, 3)
    assert answer.cite.count("11 CCR § 7021(b)") == 2  # the period's, and the extension's
    assert "extension_notice" not in clocks(told, date(2026, 10, 5))


def test_an_extension_told_on_the_last_day_counts():
    last = PERSON | {"data_subject_country": "US-CA", "extension_notified_on": "2026-11-19"}

    assert clocks(last, date(2026, 10, 5))["answer"].due == date(2027, 1, 3)
    assert clocks(last | {"extension_notified_on": "2026-11-20"}, date(2026, 10, 5))["answer"].due == date(2026, 11, 19)


@pytest.mark.parametrize("right", ["opt_out", "limit"])
def test_a_californian_choice_is_heeded_in_fifteen_business_days_and_nothing_prolongs_it(right):
    choice = PERSON | {"data_subject_country": "US-CA", "right": right, "extension_notified_on": "2026-05-20"}

    running = clocks(choice, date(2026, 5, 6))

    # Monday 25 May is Memorial Day.
    assert (running["answer"].due, running["answer"].period) == (date(2026, 5, 28), "ccpa.opt_out")
    assert running.keys().isdisjoint({"acknowledge", "extension_notice"})


@pytest.mark.parametrize("right", ["access", "portability", "information", "erasure", "rectification"])
def test_a_californian_request_to_know_delete_or_correct_has_forty_five_days_and_is_acknowledged_in_ten(right):
    running = clocks(PERSON | {"data_subject_country": "US-CA", "right": right}, date(2026, 5, 6))

    assert (running["answer"].due, running["acknowledge"].due) == (date(2026, 6, 20), date(2026, 5, 20))


def test_no_californian_day_is_guessed_while_nobody_knows_which_right_it_is():
    answer = clocks({"track": "data_subject", "data_subject_country": "US-CA"}, date(2026, 5, 6))["answer"]

    assert (answer.due, answer.missing) == (None, ("right",))


def test_what_california_s_requests_leave_is_kept_two_years():
    answered = PERSON | {"data_subject_country": "US-CA", "disclosed_at": "2026-11-02T10:00:00-08:00"}

    assert clocks(answered, date(2026, 10, 5))["records_kept_until"].due == date(2028, 11, 2)


def test_no_extension_delays_a_refusal():
    extended = PERSON | {"data_subject_country": "DE", "extension_notified_on": "2026-09-20"}

    running = clocks(extended, date(2026, 9, 2))

    assert running["answer"].due == date(2026, 12, 2)
    assert running["refusal_reasons"].due == date(2026, 10, 2)


@pytest.mark.parametrize(
    ("country", "runs"), [("CA", "ca.pipeda"), ("CA-ON", "ca.pipeda"), ("CA-QC", "ca.qc"), ("CH-ZH", "ch.fadp")]
)
def test_a_province_has_its_country_s_clock_unless_it_has_its_own(country, runs):
    assert period(PERSON | {"data_subject_country": country}, date(2026, 3, 2)) == runs


def test_canada_s_extension_is_canada_s_and_not_quebec_s():
    told = PERSON | {"extension_notified_on": "2026-03-20"}

    assert clocks(told | {"data_subject_country": "CA"}, date(2026, 3, 2))["answer"].due == date(2026, 5, 1)
    assert clocks(told | {"data_subject_country": "CA-QC"}, date(2026, 3, 2))["answer"].due == date(2026, 4, 1)


def test_australia_s_thirty_days_are_guidance():
    assert clocks(PERSON | {"data_subject_country": "AU"}, date(2026, 3, 2))["answer"].basis == "guidance"


@pytest.mark.parametrize("country", ["JP", "US-NH", "IN"])
def test_where_no_law_we_know_sets_days_the_house_does(country):
    answer = clocks(PERSON | {"data_subject_country": country}, date(2026, 3, 2))["answer"]

    assert (answer.period, answer.due) == ("house.own_answer", date(2026, 4, 1))


# --- the United Kingdom


def test_the_british_month_counts_from_the_latest_of_request_identity_and_fee():
    proven = LEEDS | {"identity_asked_on": "2026-05-05", "identity_received_on": "2026-05-12"}
    paid = proven | {"fee_asked_on": "2026-05-06", "fee_received_on": "2026-05-15"}

    assert clocks(proven, date(2026, 5, 4))["answer"].due == date(2026, 6, 12)
    assert clocks(paid, date(2026, 5, 4))["answer"].due == date(2026, 6, 15)
    early = paid | {"fee_received_on": "2026-05-08"}
    assert clocks(early, date(2026, 5, 4))["answer"].due == date(2026, 6, 12)


def test_the_british_month_waits_for_the_fee():
    answer = clocks(LEEDS | {"fee_asked_on": "2026-05-06"}, date(2026, 5, 4))["answer"]

    assert (answer.due, answer.missing) == (None, ("fee_received_on",))


def test_before_article_12a_the_month_neither_waited_nor_stopped():
    asked = LEEDS | {"identity_asked_on": "2026-01-12", "clarification_asked_on": "2026-01-13"}

    assert clocks(asked, date(2026, 1, 12))["answer"].due == date(2026, 2, 12)


def test_the_clock_stops_a_second_time():
    twice = LEEDS | {
        "clarification_asked_on": "2026-05-06",
        "clarification_received_on": "2026-05-11",
        "clarification_again_asked_on": "2026-05-20",
        "clarification_again_received_on": "2026-05-21",
    }

    answer = clocks(twice, date(2026, 5, 4))["answer"]

    assert answer.due == date(2026, 6, 12)  # 4 June, six days and two
    waiting = {name: value for name, value in twice.items() if name != "clarification_again_received_on"}
    assert clocks(waiting, date(2026, 5, 4))["answer"].missing == ("clarification_again_received_on",)


def test_days_that_two_pauses_share_are_left_out_once():
    overlapping = LEEDS | {
        "clarification_asked_on": "2026-05-06",
        "clarification_received_on": "2026-05-11",
        "clarification_again_asked_on": "2026-05-11",
        "clarification_again_received_on": "2026-05-12",
    }

    # 4 June and the seven days from 6 to 12 May.
    assert clocks(overlapping, date(2026, 5, 4))["answer"].due == date(2026, 6, 11)


def test_a_pause_before_the_month_begins_takes_nothing_out_of_it():
    both = LEEDS | {
        "identity_asked_on": "2026-05-05",
        "identity_received_on": "2026-05-12",
        "clarification_asked_on": "2026-05-05",
        "clarification_received_on": "2026-05-11",
    }

    assert clocks(both, date(2026, 5, 4))["answer"].due == date(2026, 6, 12)


def test_a_question_after_the_last_day_stops_nothing():
    late = clocks(LEEDS | {"clarification_asked_on": "2026-06-08"}, date(2026, 5, 4))["answer"]

    assert late.due == date(2026, 6, 4)
    assert late.working[-1] == "What was asked on Monday 8 June 2026 was asked after that day and stops nothing."


def test_a_question_on_the_last_day_still_stops_the_clock():
    last = LEEDS | {"clarification_asked_on": "2026-06-04"}

    assert clocks(last, date(2026, 5, 4))["answer"].missing == ("clarification_received_on",)
    # The five days from 4 to 8 June are left out, so what was the last day is the 9th.
    answered = clocks(last | {"clarification_received_on": "2026-06-08"}, date(2026, 5, 4))["answer"]
    assert answered.due == date(2026, 6, 9)


def test_a_pause_and_an_extension_add_up():
    both = LEEDS | {
        "clarification_asked_on": "2026-05-06",
        "clarification_received_on": "2026-05-11",
        "extension_notified_on": "2026-06-09",
    }

    # Three months from 4 May are 4 August, and six days.
    assert clocks(both, date(2026, 5, 4))["answer"].due == date(2026, 8, 10)


def test_a_complaint_is_acknowledged_in_thirty_days():
    assert clocks(LEEDS | {"right": "complaint"}, date(2026, 9, 2))["acknowledge"].due == date(2026, 10, 2)
    assert "acknowledge" not in clocks(LEEDS, date(2026, 9, 2))
