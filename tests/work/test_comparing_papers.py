"""Papers are compared with all earlier papers that the person may see: the same bytes, words, number, or template."""

import hashlib
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from a_house import INES, MAYA, SHERIFF, TOMAS, WARRANT
from who_asks import ALDER

from requests_portal.errors import Away, Unusable
from requests_portal.model.case import Track
from requests_portal.model.paper_mark import Likeness, dockets_in, mark_of, resemblance
from requests_portal.model.papers import Paper, PaperState
from requests_portal.work.mark_papers import mark_papers
from requests_portal.work.name_people import name_people
from requests_portal.work.officer_checks import judge_papers, match_agency
from requests_portal.work.plausible import implausible
from requests_portal.work.receive import Filing, receive

WORDS = " ".join(f"word{n}" for n in range(300))
ORDER = f"Superior Court. Case No. 26-SW-00118. {WORDS}"
FORGED = ORDER.replace("word150", "another").replace("word151", "account").replace("00118", "00977")


def demand(house, name, text=None, *, requester=SHERIFF, **facts):
    """A demand with one paper; marked, as a worker does, where its text is given."""
    filing = Filing(
        track=Track.LEGAL_DEMAND,
        title="Search warrant",
        requester=requester,
        received_at=house.now,
        zone="America/Los_Angeles",
        language="en",
        facts={fact: value for fact, value in (WARRANT | facts).items() if value is not None},
        papers=(paper_of(name, house.now),),
    )
    case = house.act(receive, filing, by=INES)
    if text is not None:
        house.act(lambda work: work.paper_marks.add(mark_of(case.papers[0].sha256, text), at=house.now))
    return case


def paper_of(name, at):
    sha256 = hashlib.sha256(name.encode()).hexdigest()
    return Paper(sha256=sha256, size=9, filename="a.pdf", received_at=at, state=PaperState.CLEAN, pages=1)


def alike(house, case, text, *, by=MAYA):
    marks = [mark_of(each.sha256, text) for each in case.papers]
    with house.ledger.reading() as work:
        return {each.reference: each.kind for each in work.paper_marks.alike(case, marks, by=by)}


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("first", "", Likeness.BYTES),
        ("again", ORDER.upper().replace(" ", "\n"), Likeness.TEXT),
        ("other", "Cover sheet. Docket number: 26-sw-00118", Likeness.DOCKET),
        ("forged", FORGED, Likeness.TEMPLATE),
    ],
)
def test_each_way_in_which_a_paper_is_like_an_earlier_one_is_found(any_house, name, text, kind):
    first = demand(any_house, "first", ORDER)

    later = demand(any_house, name)

    assert alike(any_house, later, text) == {first.reference: kind}


def test_the_same_file_number_in_the_form_is_found_without_any_paper_s_words(any_house):
    mine = replace(SHERIFF, file_number="AZ 26/118")
    first = demand(any_house, "first", requester=mine)

    assert alike(any_house, demand(any_house, "scan", requester=replace(mine, file_number="az-26-118")), "") == {
        first.reference: Likeness.DOCKET
    }


def test_what_is_not_alike_is_not_said_to_be(any_house):
    demand(any_house, "first", ORDER)
    unlike = " ".join(f"other{n}" for n in range(300))

    assert alike(any_house, demand(any_house, "second"), unlike) == {}
    assert alike(any_house, demand(any_house, "third"), "Fax. One page follows.") == {}


def test_a_sealed_demand_is_found_by_nobody_whom_it_does_not_name(any_house):
    hidden = demand(any_house, "first", ORDER)
    any_house.act(name_people, hidden.id, (TOMAS.id, "noor"), by=TOMAS)
    later = demand(any_house, "first")

    assert alike(any_house, later, ORDER, by=MAYA) == {}
    assert alike(any_house, later, ORDER, by=TOMAS) == {hidden.reference: Likeness.BYTES}


def test_how_much_two_papers_share_is_estimated_and_short_ones_say_nothing():
    one, other = mark_of("a", ORDER), mark_of("b", FORGED)

    assert 0.85 < resemblance(one, other) < 1
    assert resemblance(one, mark_of("c", " ".join(f"x{n}" for n in range(300)))) < 0.1
    assert (mark_of("d", "word " * 39).text_digest, resemblance(one, mark_of("d", "word"))) == ("", 0.0)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Case No. 2:26-mj-01234-ABC", ("226MJ01234ABC",)),
        ("in 26-cr-118 the court", ("26CR118",)),
        ("Aktenzeichen: 35 Gs 118/26", ()),
        ("Az. 35Gs118/26", ("35GS11826",)),
        ("Docket # SW-2026-00118.", ("SW202600118",)),
        ("Call 510 555 0142, page 12 of 14, 23 November 2026", ()),
        ("no number 1", ()),
    ],
)
def test_numbers_of_a_matter_are_read_however_they_are_written(text, numbers):
    assert dockets_in(text) == numbers


def test_hostile_text_is_marked_within_a_moment():
    assert mark_of("a", "case no " * 100_000).words == 200_000
    assert len(dockets_in(" ".join(f"Case No. 26-118{n}" for n in range(1000)))) == 20


@pytest.mark.parametrize("space", ["\u00a0", " ", "\n", "\u2003\t"])
def test_a_text_of_nothing_but_spaces_is_looked_through_to_its_end(space):
    code = f"from requests_portal.model.paper_mark import dockets_in; print(dockets_in('case' + {space!r} * 900_000))"

    # In a process of its own: one that hangs in a pattern can be ended by nothing else.
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)

    assert done.stdout == "()\n"
    assert dockets_in(f"Case{space * 9}No.{space * 9}:{space * 9}26-118") == ("26118",)


def test_a_paper_that_breaks_its_reader_keeps_no_other_one_back_and_the_round_fails(any_house, tmp_path):
    for told in ("broken", "kept", "also kept"):
        demand(any_house, told)

    def words(path):
        if path.read_bytes() == b"broken":
            raise MemoryError
        return ORDER

    contents = {hashlib.sha256(each).hexdigest(): each for each in (b"broken", b"kept", b"also kept")}
    outside = SimpleNamespace(
        reading=any_house.ledger.reading,
        unit_of_work=any_house.ledger.unit_of_work,
        vault=SimpleNamespace(read_paper=lambda sha256: iter([contents[sha256]])),
        scratch=tmp_path,
    )
    with pytest.raises(MemoryError):
        mark_papers(outside, words_of=words)

    with any_house.ledger.reading() as work:
        assert work.paper_marks.unmarked(most=9) == [hashlib.sha256(b"broken").hexdigest()]


def test_a_worker_marks_what_is_unmarked_and_what_the_vault_lost_only_once(any_house, tmp_path):
    demand(any_house, "kept"), demand(any_house, "lost")

    def read_paper(sha256):
        if sha256 == hashlib.sha256(b"lost").hexdigest():
            raise Unusable("The vault has no such paper.")
        yield b"the paper"

    outside = SimpleNamespace(
        reading=any_house.ledger.reading,
        unit_of_work=any_house.ledger.unit_of_work,
        vault=SimpleNamespace(read_paper=read_paper),
        scratch=tmp_path,
    )
    mark_papers(outside, words_of=lambda path: ORDER if path.read_bytes() == b"the paper" else "")

    with any_house.ledger.reading() as work:
        assert work.paper_marks.unmarked(most=9) == []
    assert list(tmp_path.glob("*.paper")) == []


def test_while_the_vault_is_away_nothing_is_marked(house, tmp_path):
    demand(house, "kept")

    def away(_sha256):
        raise Away("The vault does not answer.")

    outside = SimpleNamespace(reading=house.ledger.reading, vault=SimpleNamespace(read_paper=away), scratch=tmp_path)
    mark_papers(outside, words_of=lambda _: ORDER)

    with house.ledger.reading() as work:
        assert len(work.paper_marks.unmarked(most=9)) == 1


def test_papers_made_from_an_earlier_one_leave_nobody_confirmed(any_house):
    case = any_house.check(demand(any_house, "forged"))

    case = any_house.act(judge_papers, case.id, told="The dates were painted over.", reused=True, by=INES)

    assert (case.facts["requester_verified"], "verified_how" in case.facts) == (False, False)


def test_how_many_an_agency_sends_is_counted_by_the_time(any_house):
    any_house.act(lambda work: work.agencies.put(ALDER))
    for hours in (0, 3, 50):
        any_house.now += timedelta(hours=hours)
        any_house.act(match_agency, demand(any_house, f"n{hours}").id, ALDER.id, by=INES)

    with any_house.ledger.reading() as work:
        since = [any_house.now - timedelta(hours=hours) for hours in (24, 24 * 7)]
        counted = [work.paper_marks.of_agency(ALDER.id, since=each, by=MAYA) for each in since]
    assert counted == [1, 3]


def test_dates_and_places_that_do_not_go_together_are_named(house):
    odd = demand(house, "odd", issued_on="2026-12-24", served_on=None, court_return_on="2026-12-01", issuer_state="NH")

    said = implausible(odd, ALDER)

    assert "It is dated after the day on which it reached us." in said
    assert "It orders an answer before the day on which it says it was issued." in said
    assert "The issuer is said to be of NH, and the agency is of CA." in said


def test_what_the_rules_find_of_the_form_is_named(house):
    assert implausible(demand(house, "unsigned", signed=False), None) != ()
    assert implausible(demand(house, "fine"), ALDER) == ()


@pytest.mark.parametrize(
    ("process", "words", "named"),
    [
        ("grand_jury_subpoena", "Pursuant to 18 U.S.C. § 2703(d), you shall", "§ 2703(d)"),
        ("emergency_request", "an emergency under 18 U.S.C. 2702(c)(4)", None),
        ("search_warrant", "an emergency under 18 U.S.C. § 2702(c)(4)", "§ 2702(b)(8) or (c)(4)"),
        ("administrative_subpoena", "under 18 USC § 2709 of the Code", "§ 2709"),
        ("emergency_request", "under § 2702(b)(8); preserve under § 2703(f)", None),
        ("search_warrant", "under § 2703(a); what was preserved under § 2703(f)", None),
        ("search_warrant", "room 27090, order 12703(d", None),
    ],
)
def test_a_statute_that_this_process_does_not_rest_on_stands_out(house, process, words, named):
    case = replace(demand(house, "fine"), assessment=None)
    case = replace(case, facts=case.facts | {"process": process})

    said = implausible(case, ALDER, words)

    assert said == ((f"It names {named}, on which this kind of process does not rest.",) if named else ())


@pytest.mark.parametrize(
    ("number", "stands_out"),
    [("27-SW-00118", True), ("26-SW-00118", False), ("3:2028-mj-118", True), ("99/118", False)],
)
def test_a_docket_of_a_year_after_its_issue_stands_out(house, number, stands_out):
    case = demand(house, "fine", requester=replace(SHERIFF, file_number=number))

    assert bool(implausible(case, ALDER)) is stands_out
