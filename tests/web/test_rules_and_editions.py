"""The rules as lawyers read and search them, the pages on which two of them adopt an edition, and the replay."""

import re
from dataclasses import replace
from datetime import date

import pytest
from a_casework import ADA, INES, JUNIPER, MAYA, PRIYA, TOMAS, Desk
from an_edition import SHIPPED, of_other_software, put_in_use, reviewed, with_files, without
from sqlalchemy.orm import Session

from legal_rules.book import read
from legal_rules.edition import COMPANY_POLICY
from requests_portal.web.desk.rules import KINDS

BOOK = read(SHIPPED)
TWO_DAYS = with_files({COMPANY_POLICY: "incident_padding_days = 2\n"})
RULE = "any-excessive-date-range"
FILE = "any/excessive_date_range.toml"
OFFERED = "/rules/editions/offered"


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def put(desk, edition):
    with Session(desk.engine) as session, session.begin():
        put_in_use(session, edition)


def shown(page) -> set[str]:
    """The ids of the rules on the page."""
    return set(re.findall(r'<article class="rule" id="([^"]+)"', page.html))


def article(page, rule) -> str:
    inside = re.search(rf'<article class="rule" id="{rule}".*?</article>', page.html, re.DOTALL)[0]
    return " ".join(re.sub(r"<[^>]+>", " ", inside).split())


def proposed(desk, edition=TWO_DAYS, *, by=MAYA):
    """The address of the proposal that somebody makes on the page of the rules on offer."""
    desk.on_offer = edition
    looked = desk.as_(by).open(OFFERED)
    answer = desk.as_(by).send(OFFERED, edition=looked.hidden("edition"), reason="Two days are enough.")
    assert answer.status == 303
    return answer.location


# Reading


def test_a_rule_shows_its_law_words_dates_kind_certainty_cases_and_letter(desk):
    said = article(desk.as_(INES).open("/rules"), RULE)

    (rule,) = [each for each in BOOK.rules if each.id == RULE]
    letter = desk.ledger.letters.text(rule.letter, "en")
    assert all(words in said for words in (*rule.cite, *rule.when, rule.remedy, rule.ground, *rule.narrow))
    assert f"since {rule.in_force_from.day} August {rule.in_force_from.year}" in said
    assert KINDS[rule.kind][2] in said
    assert "taken from a secondary source" in said
    assert "six months of recordings for one evening" in said
    assert " ".join(letter.split())[:60] in said


def test_every_exception_is_shown_with_its_authority(desk):
    page = desk.as_(MAYA).open("/rules")

    for rule in BOOK.rules:
        for exception in rule.unless:
            said = page.main
            assert " ".join(exception.label.split()) in said
            assert " ".join(exception.cite.split()) in said


def test_how_often_a_rule_fired_is_counted_over_the_requests_on_record(desk):
    desk.warrant()
    desk.warrant(checked=False)

    page = desk.as_(MAYA).open("/rules")

    assert "counted over all 2 requests on record" in page.main
    assert "Fired in 2 requests" in article(page, RULE)
    assert "Fired in 0 requests, asked in 2" in article(page, "any-authenticity")


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        ("?find=EXCESSIVE_date", lambda rule: rule.ground == "EXCESSIVE_DATE_RANGE"),
        ("?ground=UNSIGNED", lambda rule: rule.ground == "UNSIGNED"),
        ("?ground=none", lambda rule: rule.ground is None),
        ("?kind=forbid", lambda rule: rule.kind == "forbid"),
        ("?on=2017-08-20", lambda rule: rule.in_force(date(2017, 8, 20))),
        ("?kind=prefer&on=2017-08-21", lambda rule: rule.kind == "prefer" and rule.in_force(date(2017, 8, 21))),
    ],
)
def test_the_address_says_which_rules_are_shown(desk, address, wanted):
    page = desk.as_(MAYA).open(f"/rules{address}")

    assert shown(page) == {rule.id for rule in BOOK.rules if wanted(rule)}
    assert f"Showing {len(shown(page))} of {len(BOOK.rules)} rules" in page.main


def test_a_region_is_the_folder_of_its_rules(desk):
    page = desk.as_(MAYA).open("/rules?region=eu")

    assert shown(page) == {raw["id"] for path, raw in SHIPPED.rules() if path.startswith("eu/")}
    assert "European Union" in page.main


def test_a_search_without_an_answer_leads_back(desk):
    page = desk.as_(MAYA).open("/rules?find=zzz")

    assert shown(page) == set()
    assert "No rule matches these filters" in page.main


def test_a_day_that_is_none_is_refused_beside_its_field(desk):
    page = desk.as_(MAYA).open("/rules?on=soon")

    assert "Enter a day as 2026-05-01" in page.main
    assert shown(page) == {rule.id for rule in BOOK.rules}


def test_house_policy_is_shown_as_policy_with_each_value_and_whose_it_is(desk):
    put(desk, TWO_DAYS)

    page = desk.as_(MAYA).open("/rules?find=zzz")

    assert "none of them law" in page.main
    assert "Incident padding days: 2" in page.main
    assert page.main.count("Our own value") == 1
    assert "more than this in one demand is bulk" in page.main


def test_a_finding_leads_to_its_rule_in_the_edition_that_said_it(desk):
    reference = desk.warrant()
    put(desk, without(FILE))

    case = desk.as_(MAYA).open(f"/requests/{reference}")
    (address,) = set(re.findall(rf'href="(/rules\?edition=[0-9a-f]{{64}})#{RULE}"', case.html))
    page = desk.as_(MAYA).open(address)

    assert RULE in shown(page)
    assert "another edition than the one in use" in page.main
    assert RULE not in shown(desk.as_(MAYA).open("/rules"))
    assert "Assessed by an earlier edition" in case.main


def test_an_edition_that_is_not_kept_is_said_so(desk):
    page = desk.as_(MAYA).open(f"/rules?edition={'0' * 64}")

    assert "not kept here" in page.main
    assert SHIPPED.digest[:16] in page.main


def test_an_edition_of_other_software_can_be_read_all_the_same(desk):
    put(desk, of_other_software())

    page = desk.as_(MAYA).open("/rules")

    assert RULE in shown(page)
    assert "nothing can be assessed until its rules are adopted" in page.main


# Adopting


def test_rules_on_offer_that_differ_are_announced_and_others_are_not(desk):
    before = desk.as_(MAYA).open("/rules")
    desk.on_offer = TWO_DAYS

    after = desk.as_(MAYA).open("/rules")

    assert "differ from those in use" not in before.main
    assert "differ from those in use" in after.main
    assert f'href="{OFFERED}"' in after.html


def test_a_broken_file_is_announced_and_the_rules_in_use_stay_readable(desk):
    def broken():
        raise OSError("no such file")

    object.__setattr__(desk.ledger, "on_offer", broken)

    assert "The rules on offer cannot be read" in desk.as_(MAYA).open("/rules").main
    assert desk.as_(MAYA).open(OFFERED).status == 422


def test_what_the_rules_on_offer_would_change_is_shown_case_by_case(desk):
    reference = desk.warrant()
    desk.on_offer = TWO_DAYS

    page = desk.as_(MAYA).open(OFFERED)

    assert reference in page.main
    assert "<del>Narrow: 28 February 2026, 20:00 to 28 March 2026, 23:30" in page.html
    assert "<ins>Narrow: 12 March 2026, 21:00 to 16 March 2026, 23:30" in page.html
    assert "incident_padding_days is 2 instead of 14" in page.main


def test_where_nothing_changes_the_page_says_so(desk):
    desk.warrant()
    desk.on_offer = reviewed()

    page = desk.as_(MAYA).open(OFFERED)

    assert "Nothing changes in the open requests" in page.main
    assert "1 open request stays as it is" in page.main


def test_where_the_rules_on_offer_are_in_use_there_is_nothing_to_propose(desk):
    page = desk.as_(MAYA).open(OFFERED)

    assert "There is nothing to adopt" in page.main
    assert "Propose this edition" not in page.main


def test_two_lawyers_adopt_an_edition_through_the_pages(desk):
    desk.warrant()
    address = proposed(desk)

    own = desk.as_(MAYA).open(address)
    second = desk.as_(TOMAS).open(address)
    answer = desk.as_(TOMAS).send(address, answer="adopt", seen=second.hidden("seen"))

    assert "You proposed this edition, so a different lawyer has to adopt it" in own.main
    assert "Adopt this edition" not in own.main
    assert "Two days are enough." in second.main
    assert (answer.status, answer.location) == (303, "/rules/editions")
    told = desk.as_(ADA).open("/rules/editions").main
    assert "Proposed by Maya Okafor, adopted by Tomás Rey" in told
    assert "differ from those in use" not in told
    assert desk.case(desk.warrant()).assessment.book == TWO_DAYS.digest


def test_adopting_what_one_did_not_see_is_refused_by_the_server(desk):
    address = proposed(desk)

    own = desk.as_(MAYA).send(address, answer="adopt", seen=desk.as_(TOMAS).open(address).hidden("seen"))
    unseen = desk.as_(TOMAS).send(address, answer="adopt", seen="0" * 64)

    assert (own.status, unseen.status) == (403, 409)
    assert desk.act(lambda work: work.editions.in_use()).edition == SHIPPED.digest


def test_declining_needs_a_reason_that_the_first_lawyer_reads(desk):
    address = proposed(desk)

    without_one = desk.as_(TOMAS).send(address, answer="decline")
    answer = desk.as_(TOMAS).send(address, answer="decline", reason="Quarrels last for weeks.")

    assert without_one.status == 422
    assert "Say why you decline it" in without_one.main
    assert answer.status == 303
    assert "Quarrels last for weeks." in desk.as_(MAYA).open(address).main


def test_proposing_needs_a_reason(desk):
    desk.on_offer = TWO_DAYS

    page = desk.as_(MAYA).send(OFFERED, edition=TWO_DAYS.digest)

    assert page.status == 422
    assert page.title.startswith("Error:")
    assert "Say why this edition should be adopted" in page.main


def test_a_waiting_edition_is_announced_and_only_one_waits(desk):
    address = proposed(desk)

    assert f'href="{address}"' in desk.as_(TOMAS).open("/rules").html
    assert "only one can wait" in desk.as_(TOMAS).open(OFFERED).main


@pytest.mark.parametrize("who", [INES, PRIYA, ADA], ids=lambda who: who.id)
def test_others_of_the_house_read_but_neither_propose_nor_answer(desk, who):
    address = proposed(desk)

    page = desk.as_(who).open(address)

    assert page.status == 200
    assert "A lawyer adopts or declines it" in page.main
    assert desk.as_(who).send(address, answer="adopt", seen=page.html[:64]).status == 403
    assert desk.as_(who).send(OFFERED, edition=TWO_DAYS.digest, reason="r").status == 403


def test_a_customer_sees_no_rule_and_no_edition(desk):
    address = proposed(desk)

    for path in ("/rules", "/rules/editions", OFFERED, address):
        assert desk.as_(JUNIPER).open(path).status == 403


# Replaying


def test_every_assessment_of_a_case_is_listed_with_its_edition(desk):
    reference = desk.warrant()

    page = desk.as_(INES).open(f"/requests/{reference}/assessments")

    assert page.main.count("By edition") == 2
    assert page.main.count("It stands") == 1
    assert "Replay it" not in page.main
    assert f"/requests/{reference}/assessments" in desk.as_(INES).open(f"/requests/{reference}").html


def replay_addresses(desk, reference, who=MAYA):
    page = desk.as_(who).open(f"/requests/{reference}/assessments")
    return re.findall(r'href="(/requests/[^"]+/assessments/[^"]+)"', page.html)


@pytest.mark.parametrize("who", [MAYA, ADA], ids=lambda who: who.id)
def test_lawyers_and_auditors_replay_an_assessment_after_the_rules_changed(desk, who):
    reference = desk.warrant()
    put(desk, without(FILE))

    for address in replay_addresses(desk, reference, who):
        assert "The same answer" in desk.as_(who).open(address).main


def test_a_replay_is_refused_to_others_and_under_another_reference(desk):
    first, second = desk.warrant(), desk.warrant()
    (address, _) = replay_addresses(desk, first)

    assert desk.as_(INES).open(address).status == 403
    assert desk.as_(MAYA).open(address.replace(first, second)).status == 404


def test_an_assessment_of_other_software_names_its_engine(desk):
    """What an earlier release assessed, as its database would hold it."""
    reference = desk.warrant()
    old = of_other_software()
    put(desk, old)
    (made, _) = desk.act(lambda work: work.assessments.of_case(desk.case(reference).id))
    earlier = replace(made, id="earlier", assessment=replace(made.assessment, book=old.digest))
    desk.act(lambda work: work.assessments.add(earlier))

    page = desk.as_(MAYA).open(f"/requests/{reference}/assessments/earlier")

    assert "This software cannot replay it" in page.main
    assert f"made with engine {'0' * 64}" in page.main
