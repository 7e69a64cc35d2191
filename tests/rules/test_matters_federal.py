"""Real matters of federal law, told in our facts: what the court held, or what a careful lawyer would have answered."""

from datetime import date

from tests.rules.test_assessments import assess, grounds

# What every matter here has in common: a genuine paper, signed, served on the company that held the data.
FACTS = {
    "track": "legal_demand",
    "issuer_role": "judge",
    "issuer_named": True,
    "signed": True,
    "requester_verified": True,
    "channel": "registered_agent",
    "accounts": ["marsh"],
    "devices": [],
    "catch_all": False,
    "third_parties_sought": False,
    "nondisclosure_requested": False,
    "account_flags": [],
    "circumstances": [],
    "nexus_stated": True,
}
FEDERAL = FACTS | {"issuer": "us_federal", "issuer_state": "US"}
STATE = FACTS | {"issuer": "us_state", "care_attestation": True}
PARTY = FACTS | {"issuer": "civil_party", "process": "civil_subpoena"}


def dated(issued_on, period, incident=None):
    """The paper's day, the period it asks for, and the event's days; the event is undated where none is given."""
    first, last = incident or (None, None)
    when = {"incident_from": first, "incident_to": last} if incident else {"incident_stated": False}
    return {"issued_on": issued_on, "served_on": issued_on, "range_from": period[0], "range_to": period[1]} | when


def raised(assessment):
    return grounds(assessment) - {None}


def given(assessment):
    """The kinds of data of which something is proposed."""
    return {line.line.data_class for line in assessment.lines if line.proposed}


def test_united_states_v_warshak_631_f3d_266_6th_cir_2010():
    """27,000 e-mails on an order under § 2703(d): after this decision such an order reaches no contents.

    Adapted: recordings' transcripts instead of e-mails; the order's period is set to the fraud's last months.
    """
    order = FEDERAL | {"process": "d_order", "seeks": ["transcript", "subscriber"], "customer_notice": True}
    order |= {"probable_cause_found": False, "volume": 27_000}
    period = ("2004-06-01", "2004-08-15")

    then = assess(order | dated("2005-05-06", period, period), on=date(2005, 5, 6))
    now = assess(order | dated("2010-12-14", period, period), on=date(2010, 12, 14))

    # The statute of its day, with its delayed notice, allowed what the Fourth Amendment did not.
    assert (then.disposition, raised(then)) == ("comply", set())
    assert (now.disposition, raised(now)) == ("narrow", {"CATEGORY_NOT_REACHABLE"})
    assert given(now) == {"subscriber"}


def test_carpenter_v_united_states_585_us_296_2018():
    """Cell-site location for seven days on an order under § 2703(d): a search, so a warrant is needed.

    Adapted: the smaller of the two orders; a speaker's location history instead of cell sites.
    """
    order = FEDERAL | {"process": "d_order", "seeks": ["location", "connections"], "probable_cause_found": False}
    week = ("2011-03-01", "2011-03-07")

    then = assess(order | dated("2011-05-02", week, week), on=date(2011, 5, 2))
    now = assess(order | dated("2018-06-22", week, week), on=date(2018, 6, 22))

    assert then.disposition == "comply"
    assert (now.disposition, raised(now)) == ("narrow", {"CATEGORY_NOT_REACHABLE"})
    assert given(now) == {"connections"}
    warrant = order | {"process": "search_warrant"} | dated("2018-06-22", week, week)
    assert assess(warrant, on=date(2018, 6, 22)).disposition == "comply"


def test_commonwealth_v_pacheco_263_a3d_626_pa_2021():
    """Orders for a phone's location under a wiretap act, which found probable cause: as good as warrants."""
    order = STATE | {"issuer_state": "PA", "process": "court_order", "seeks": ["location"]}
    order |= dated("2021-11-22", ("2021-11-01", "2021-11-20"), ("2021-11-01", "2021-11-20"))

    assert assess(order | {"probable_cause_found": True}, on=date(2021, 11, 22)).disposition == "comply"
    less = assess(order | {"probable_cause_found": False}, on=date(2021, 11, 22))
    assert (less.disposition, raised(less)) == ("object", {"CATEGORY_NOT_REACHABLE"})


GEOFENCE = {
    "process": "search_warrant",
    "accounts": [],
    "named_people": [],
    "place_described": False,
    "area": True,
    "all_users": False,
    "keywords": [],
    "seeks": ["location", "identification"],
    "later_steps": "officer",
}


def test_chatrie_v_united_states_no_25_112_us_2026():
    """150 metres around a credit union for an hour, widened and named in two steps that the detective alone chose.

    Adapted: served on us on the day the Supreme Court decided; a speaker's location instead of a telephone's.
    """
    warrant = STATE | GEOFENCE | {"issuer_state": "VA"}
    hour = ("2019-05-20T16:20:00-04:00", "2019-05-20T17:20:00-04:00")

    then = assess(warrant | dated("2019-06-14", hour, hour), on=date(2019, 6, 14))
    now = assess(warrant | dated("2026-06-29", hour, hour), on=date(2026, 6, 29))

    assert then.disposition == "comply"
    assert raised(now) == {"AREA_DUMP", "LATER_STEP_WITHOUT_JUDGE"}
    # Not a ban: a lawyer reads the warrant's steps.
    assert now.disposition == "escalate"


def test_united_states_v_smith_110_f4th_817_5th_cir_2024():
    """An hour around a robbed mail carrier in Mississippi: in that circuit a general warrant, whatever its steps."""
    warrant = FEDERAL | GEOFENCE | {"court_seat": "MS", "later_steps": "judge"}
    hour = ("2018-02-05T17:00:00-06:00", "2018-02-05T18:00:00-06:00")

    then = assess(warrant | dated("2018-11-08", hour, hour), on=date(2018, 11, 8))
    now = assess(warrant | dated("2024-08-09", hour, hour), on=date(2024, 8, 9))
    elsewhere = assess(warrant | {"court_seat": "MN"} | dated("2024-08-09", hour, hour), on=date(2024, 8, 9))

    assert then.disposition == "comply"
    assert (now.disposition, raised(now)) == ("object", {"AREA_DUMP"})
    assert elsewhere.disposition == "comply"


def test_microsoft_v_united_states_829_f3d_197_2d_cir_2016_and_the_cloud_act():
    """Mail kept in Dublin, and the account's registration kept at home; then § 2713, and a second warrant.

    Adapted: the warrant is served on the day of the decision; recordings instead of mail.
    """
    warrant = FEDERAL | {"process": "search_warrant", "seeks": ["audio", "subscriber"], "data_location": "eu"}
    month = ("2013-11-01", "2013-11-30")

    abroad = assess(warrant | dated("2016-07-14", month, month), on=date(2016, 7, 14))
    later = assess(warrant | dated("2018-03-30", month, month), on=date(2018, 3, 30))

    assert (abroad.disposition, raised(abroad)) == ("narrow", {"TERRITORY"})
    assert given(abroad) == {"subscriber"}
    assert (later.disposition, raised(later)) == ("comply", set())


SILENCE = {"nondisclosure_requested": True, "nondisclosure_order": True}


def test_in_re_search_warrant_for_redacted_com_248_f_supp_3d_970_cd_cal_2017():
    """Adobe's customer was to be kept in the dark for ever; the court allowed 180 days, and the warrant stood."""
    week = ("2016-06-01", "2016-06-07")
    warrant = FEDERAL | {"process": "search_warrant", "seeks": ["audio"], "data_location": "us"}
    warrant |= dated("2017-03-31", week, week)
    silent = warrant | SILENCE | {"nondisclosure_issued_on": "2017-03-31"}

    for_ever = assess(silent | {"nondisclosure_end_stated": False}, on=date(2017, 3, 31))
    half_a_year = assess(silent | {"nondisclosure_ends_on": "2017-09-27"}, on=date(2017, 3, 31))

    assert (for_ever.nondisclosure.disposition, for_ever.nondisclosure.grounds) == ("object", ("NONDISCLOSURE_NO_END",))
    assert for_ever.disposition == "comply"
    assert half_a_year.nondisclosure.disposition == "comply"


def test_microsoft_v_department_of_justice_233_f_supp_3d_887_wd_wash_2017_and_the_memorandum_that_ended_it():
    """Thousands of secrecy orders, most without an end; the Department then promised a year, barring exceptions."""
    week = ("2018-01-01", "2018-01-07")
    order = FEDERAL | {"process": "d_order", "seeks": ["connections"]} | dated("2018-02-01", week, week)
    silent = order | SILENCE | {"nondisclosure_issued_on": "2018-02-01"}

    three_years = assess(silent | {"nondisclosure_ends_on": "2021-02-01"}, on=date(2018, 2, 1)).nondisclosure
    a_year = assess(silent | {"nondisclosure_ends_on": "2019-02-01"}, on=date(2018, 2, 1)).nondisclosure

    # Guidance binds nobody: we ask, and raise no ground.
    assert (three_years.disposition, three_years.grounds) == ("clarify", ())
    assert a_year.disposition == "comply"


def test_in_re_sealed_case_dc_cir_2025_07_18():
    """One order of silence for all subpoenas of a year's investigation, whomever they would name.

    Adapted: the dates, and that the service is a speaker's.
    """
    week = ("2025-06-01", "2025-06-07")
    subpoena = FEDERAL | {"process": "grand_jury_subpoena", "seeks": ["subscriber"]} | dated("2025-07-21", week, week)
    silent = subpoena | SILENCE | {"nondisclosure_ends_on": "2026-01-06"}

    omnibus = assess(silent | {"nondisclosure_issued_on": "2025-01-06"}, on=date(2025, 7, 21))
    its_own = assess(silent | {"nondisclosure_issued_on": "2025-07-21"}, on=date(2025, 7, 21))

    assert omnibus.nondisclosure.grounds == ("NONDISCLOSURE_NO_INDIVIDUAL_FINDING",)
    assert (omnibus.disposition, raised(omnibus)) == ("comply", {"NONDISCLOSURE_NO_INDIVIDUAL_FINDING"})
    assert its_own.nondisclosure.disposition == "comply"


def test_theofel_v_farey_jones_359_f3d_1066_9th_cir_2004():
    """A litigant's subpoena for every e-mail that anyone at a company ever sent or received.

    Adapted: the day of the decision; recordings instead of mail; the court's complaint is that there is no period.
    """
    subpoena = PARTY | {"issuer_state": "US", "seeks": ["audio"], "range_stated": False, "incident_stated": False}
    subpoena |= {"issued_on": "2004-02-17", "served_on": "2004-02-17", "volume": 339}

    assessment = assess(subpoena, on=date(2004, 2, 17))

    assert (assessment.disposition, raised(assessment)) == ("object", {"CIVIL_CONTENT_BARRED"})


def test_o_grady_v_superior_court_139_cal_app_4th_1423_2006():
    """Apple subpoenas a news site's mail provider for what its source wrote: contents stay, whoever asks."""
    subpoena = PARTY | {"issuer_state": "CA", "seeks": ["audio", "transcript"]}
    subpoena |= dated("2006-05-26", ("2004-10-01", "2004-11-30"), ("2004-11-01", "2004-11-30"))

    assessment = assess(subpoena, on=date(2006, 5, 26))

    assert (assessment.disposition, raised(assessment)) == ("object", {"CIVIL_CONTENT_BARRED"})
    who = assess(subpoena | {"seeks": ["subscriber"]}, on=date(2006, 5, 26))
    assert (who.disposition, raised(who)) == ("comply", set())


def test_ajemian_v_yahoo_478_mass_169_2017():
    """The administrators of a man who died ask for his mail: they may consent for him, and nothing compels us.

    Adapted: their letter of consent is the paper; a home state's court instead of Massachusetts's.
    """
    letter = PARTY | {"issuer_state": "CA", "process": "consent", "seeks": ["transcript"]}
    letter |= dated("2017-10-16", ("2006-01-01", "2006-08-10"), ("2006-08-10", "2006-08-10"))
    letter |= {"account_flags": ["deceased"]}

    siblings = assess(letter | {"consent_by": "personal_representative"}, on=date(2017, 10, 16))
    friend = assess(letter | {"consent_by": "somebody_else"}, on=date(2017, 10, 16))

    assert (siblings.disposition, raised(siblings)) == ("comply_voluntarily", set())
    assert (friend.disposition, raised(friend)) == ("object", {"CIVIL_CONTENT_BARRED"})


def test_state_v_bates_benton_county_arkansas_2016():
    """A warrant for two days of an Echo's recordings and answers after a death in a hot tub; in the end he consented.

    Adapted: the record of what it was asked stands for the answers; the purchases were in fact handed over.
    """
    days = ("2015-11-21", "2015-11-22")
    warrant = STATE | {"issuer_state": "AR", "process": "search_warrant", "expressive_need_shown": False}
    warrant |= dated("2016-01-29", days, days)

    audio = assess(warrant | {"seeks": ["audio", "transcript", "subscriber"]}, on=date(2016, 2, 1))
    asked = assess(warrant | {"seeks": ["audio", "search_terms", "subscriber"]}, on=date(2016, 2, 1))
    consent = warrant | {"process": "consent", "consent_by": "account_holder", "seeks": ["audio", "search_terms"]}

    assert (audio.disposition, raised(audio)) == ("comply", set())
    assert (asked.disposition, raised(asked)) == ("narrow", {"EXPRESSIVE_CONTENT"})
    assert given(asked) == {"audio", "subscriber"}
    assert assess(consent, on=date(2017, 3, 3)).disposition == "comply_voluntarily"


def test_state_v_verrill_strafford_county_new_hampshire_2018():
    """A court finds probable cause and directs Amazon to produce three days of an Echo's recordings and connections.

    Adapted: the paper is called what it was, an order; its finding makes it as good as a warrant.
    """
    days = ("2017-01-27", "2017-01-29")
    order = STATE | {"issuer_state": "NH", "process": "court_order", "seeks": ["audio", "connections"]}
    order |= dated("2018-11-05", days, days)

    found = assess(order | {"probable_cause_found": True}, on=date(2018, 11, 9))
    less = assess(order | {"probable_cause_found": False}, on=date(2018, 11, 9))

    assert (found.disposition, raised(found)) == ("comply", set())
    assert (less.disposition, raised(less)) == ("narrow", {"CATEGORY_NOT_REACHABLE"})
    assert given(less) == {"connections"}


def test_in_re_grand_jury_subpoena_to_amazon_com_246_frd_570_wd_wis_2007():
    """A grand jury wants the names of those who bought used books from one seller; the court let them volunteer.

    Adapted: the buyers' accounts are named; under the statute as we read it a subpoena reaches no purchases either.
    """
    subpoena = FEDERAL | {"process": "grand_jury_subpoena", "seeks": ["purchases", "identification"]}
    subpoena |= {"expressive_need_shown": False, "accounts": ["buyer-1", "buyer-2"]}
    subpoena |= dated("2006-08-07", ("2006-05-01", "2006-06-30"), ("2006-05-01", "2006-06-30"))

    assessment = assess(subpoena, on=date(2007, 11, 26))

    assert raised(assessment) == {"EXPRESSIVE_CONTENT", "CATEGORY_NOT_REACHABLE"}
    assert assessment.disposition == "narrow"
    assert given(assessment) == {"identification"}


def test_united_states_v_forrester_512_f3d_500_9th_cir_2008():
    """To, from and addresses visited, as they happen: a pen register's; what the messages say is not."""
    order = FEDERAL | {"process": "pen_register_order", "seeks": ["connections"]}
    order |= dated("2008-01-07", ("2008-01-07", "2008-03-06"))

    addresses = assess(order, on=date(2008, 1, 7))
    words = assess(order | {"seeks": ["connections", "transcript"]}, on=date(2008, 1, 7))

    assert (addresses.disposition, raised(addresses)) == ("comply", set())
    assert (words.disposition, raised(words)) == ("narrow", {"CATEGORY_NOT_REACHABLE"})


def test_in_re_search_warrant_issued_june_13_2019_942_f3d_159_4th_cir_2019():
    """A law firm's mail, sorted by the prosecutors' own filter team: privilege is for the court to guard.

    Adapted: the firm's speaker account instead of its rooms; one further account of the warrant is a home.
    """
    warrant = FEDERAL | {"process": "search_warrant", "seeks": ["audio"], "accounts": ["firm", "home"]}
    warrant |= {"account_flags": ["law_office"], "flagged_accounts": ["firm"]}
    warrant |= dated("2019-06-13", ("2019-05-20", "2019-06-10"), ("2019-06-01", "2019-06-02"))

    assessment = assess(warrant, on=date(2019, 6, 18))

    assert (assessment.disposition, raised(assessment)) == ("narrow", {"PRIVILEGE"})
    assert {line.line.account for line in assessment.lines if line.proposed} == {"home"}


def test_the_orders_for_reporters_connections_of_2020_and_2021():
    """Orders under § 2703(d) for four reporters' connections, with silence; the Department withdrew them.

    Source: the Department's statements of June 2021; 28 C.F.R. § 50.10. Adapted: a speaker's connections.
    """
    order = FEDERAL | {"process": "d_order", "seeks": ["connections"], "account_flags": ["journalist"]}
    order |= dated("2021-01-05", ("2017-01-14", "2017-04-10"), ("2017-01-14", "2017-04-10"))

    assessment = assess(order, on=date(2021, 1, 5))

    assert (assessment.disposition, raised(assessment)) == ("escalate", {"PRIVILEGE"})
    assert assess(order | {"account_flags": []}, on=date(2021, 1, 5)).disposition == "comply"


def test_office_of_legal_counsel_opinion_of_5_november_2008():
    """A national security letter reaches four kinds of records; the list of § 2709(b)(1) is exhaustive."""
    letter = FEDERAL | {"process": "nsl", "seeks": ["subscriber", "devices"]}
    letter |= dated("2008-11-05", ("2008-10-01", "2008-10-31"))

    assessment = assess(letter, on=date(2008, 11, 5))

    assert (assessment.disposition, raised(assessment)) == ("narrow", {"CATEGORY_NOT_REACHABLE"})
    assert given(assessment) == {"subscriber"}


def test_the_forged_emergency_requests_of_2021():
    """Young men wrote from a hijacked police mailbox, and confirmed themselves on the number they had given.

    Source: Bloomberg News, 30 March 2022; FBI Private Industry Notification of 4 November 2024.
    """
    forged = STATE | {"issuer_state": "CA", "process": "emergency_request", "seeks": ["subscriber"], "channel": "email"}
    forged |= {"emergency_danger": True, "emergency_immediate": True, "emergency_attested": True}
    forged |= {"verified_how": "contact_in_the_paper"}
    forged |= {"received_at": "2022-04-04T03:10:00Z"} | dated("2022-04-04", ("2022-04-01", "2022-04-04"))

    assessment = assess(forged, on=date(2022, 4, 4))

    assert (assessment.disposition, raised(assessment)) == ("verify_requester", {"AUTHENTICITY"})
    called = assess(forged | {"verified_how": "call_back"}, on=date(2022, 4, 4))
    assert called.disposition == "comply_voluntarily"
