"""The letters of a case: read, changed by hand, put back, finished, released."""

import json
import re
from datetime import timedelta
from html import unescape

import pypdfium2
import pytest
from a_casework import ACCESS, ADA, JUNIPER, MAYA, NOW, TOMAS, Desk
from an_intake import MARSH
from sqlalchemy import select
from who_asks import holder

from requests_portal.audit_log.entry import decode
from requests_portal.database.tables import audit_entries
from requests_portal.model.case import CaseState, Requester, Track
from requests_portal.model.production import ProductionState
from requests_portal.work.answer_agent import confirm_own
from requests_portal.work.approve import approve
from requests_portal.work.compose.letter import standing_objections
from requests_portal.work.receive import Filing, receive

OURS = "We would rather talk than write; please call Maya Okafor."


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def words_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())


def sheet(page) -> str:
    """The letter itself, without what the page says of it."""
    return unescape(page.html[page.html.index("<article") : page.html.index("</article>")])


def a_subpoena(desk) -> str:
    """A demand that is answered by a letter alone, which needs no second lawyer."""
    return desk.warrant(process="grand_jury_subpoena", issuer_role="attorney")


def a_german_request(desk) -> str:
    filing = Filing(
        track=Track.DATA_SUBJECT,
        title="Copy of my recordings",
        requester=Requester(name=MARSH.name, email=MARSH.email, country="DE"),
        received_at=NOW - timedelta(days=2),
        zone="Europe/Berlin",
        language="en",
        facts={**ACCESS, "data_subject_country": "DE"},
        account=MARSH.account,
    )
    case = desk.act(lambda work: receive(work, filing, by=JUNIPER))
    desk.act(lambda work: confirm_own(work, case.id, by=holder(case)))
    return case.reference


def answer_due(desk, reference):
    with desk.ledger.reading() as work:
        rows = work.clocks.of_case(desk.case(reference).id)
    return next(row.due for row in rows if row.name == "answer")


def edit(desk, reference, who=MAYA, kind="objection", seen=None, **words):
    """Send the form as it stands, with these sections' words in place of their own."""
    browser = desk.as_(who)
    path = f"/requests/{reference}/letters/{kind}/edit"
    form = browser.open(path)
    typed = dict(re.findall(r'<textarea id="f-[^"]+" name="([^"]+)"[^>]*>(.*?)</textarea>', form.html, re.DOTALL))
    fields = {name: unescape(text) for name, text in typed.items()}
    fields |= {f"section-{name}": text for name, text in words.items()}
    return browser.send(path, list(fields.items()), seen=seen or form.hidden("seen"))


def opened(desk, reference, kind="objection", who=MAYA):
    return desk.as_(who).open(f"/requests/{reference}/letters/{kind}")


@pytest.fixture
def decided(desk):
    """A warrant that is objected to in part, and that waits for a second lawyer."""
    reference = desk.warrant()
    desk.decide(reference)
    assert desk.case(reference).state is CaseState.DECIDED
    return reference


def approved_by_tomas(desk, reference):
    case = desk.case(reference)
    desk.act(lambda work: approve(work, case.id, digest=case.decision.digest, by=TOMAS))


# Changing the words


def test_changed_words_are_the_letters_with_what_was_changed_beside(desk, decided):
    answer = edit(desk, decided, closing=OURS)

    page = opened(desk, decided)
    assert (answer.status, answer.location) == (303, f"/requests/{decided}/letters/objection")
    assert "Draft, changed by hand" in page.main
    assert OURS in sheet(page)
    assert "None of this is meant to delay your work" not in sheet(page)
    changes = page.html[page.html.index("What was changed") :]
    assert re.search(r"<del>[^<]*None of this is meant to delay", changes)
    assert re.search(r"<ins>[^<]*We would rather talk", changes)


def test_changed_words_are_in_the_pdf(desk, decided):
    edit(desk, decided, closing=OURS)

    pdf = desk.as_(MAYA).open(f"/requests/{decided}/letters/objection.pdf").response

    assert "please call Maya Okafor" in words_of(pdf.data)
    assert "None of this is meant" not in words_of(pdf.data)


def test_changed_words_of_an_objection_are_in_the_bundle_too(desk, decided):
    ground = desk.case(decided).decision.grounds[0].lower()

    edit(desk, decided, **{ground: "Two weeks around the evening will do, we think."})

    said = desk.act(lambda work: standing_objections(work, desk.case(decided)))
    assert ("Two weeks around the evening will do, we think.",) in [each.paragraphs for each in said]


def test_a_changed_letter_is_a_decision_anew_that_an_earlier_approval_does_not_cover(desk, decided):
    approved_by_tomas(desk, decided)
    before = desk.case(decided).decision
    first = desk.production(decided)

    edit(desk, decided, closing=OURS)

    after = desk.case(decided)
    assert after.state is CaseState.DECIDED
    assert after.approval is None
    assert after.decision.lines == before.lines
    assert after.decision.id != before.id
    assert desk.act(lambda work: work.productions.get(first.id)).state is ProductionState.CANCELLED


def test_whoever_changes_the_words_cannot_approve_them(desk, decided):
    edit(desk, decided, who=TOMAS, closing=OURS)

    page = desk.as_(TOMAS).open(f"/requests/{decided}/approve")

    assert "You made this decision, so a different person has to approve it" in page.main


def test_who_read_the_letter_before_it_was_changed_cannot_approve_it(desk, decided):
    digest = desk.case(decided).decision.digest
    edit(desk, decided, closing=OURS)

    answer = desk.as_(TOMAS).send(f"/requests/{decided}/approve", digest=digest, answer="approve")

    assert "changed since you opened it" in answer.text
    assert desk.case(decided).state is CaseState.DECIDED


def test_the_log_holds_a_digest_of_the_words_and_none_of_them(desk, decided):
    edit(desk, decided, closing=OURS)

    with desk.engine.connect() as connection:
        log = [decode(row.entry) for row in connection.execute(select(audit_entries)).all()]
    (entry,) = [each for each in log if each.act == "letter_edited"]
    assert (entry.actor, dict(entry.words), dict(entry.numbers)) == ("maya", {"letter": "objection"}, {"version": 1})
    assert set(entry.digests) == {"text", "rests_on"}
    assert "rather talk" not in json.dumps([str(each) for each in log])


def test_a_change_can_be_taken_back_and_stays_readable(desk, decided):
    edit(desk, decided, closing=OURS)
    seen = opened(desk, decided).hidden("seen")

    answer = desk.as_(TOMAS).send(f"/requests/{decided}/letters/objection/take-back", seen=seen)

    page = opened(desk, decided)
    assert answer.status == 303
    assert OURS not in sheet(page)
    assert "None of this is meant to delay your work" in sheet(page)
    assert "Tomás Rey took the change back" in page.main
    assert "Maya Okafor changed the words" in page.main
    assert OURS in page.main


def test_a_new_decision_voids_the_change_and_says_so(desk, decided):
    edit(desk, decided, closing=OURS)
    desk.as_(MAYA).send(f"/requests/{decided}/assess")
    desk.decide(decided)

    page = opened(desk, decided)

    assert OURS not in sheet(page)
    assert "Maya Okafor changed this letter on" in page.main
    assert "The decision it was written for no longer stands" in page.main
    assert OURS in page.main
    again = desk.as_(MAYA).open(f"/requests/{decided}/letters/objection/edit?from=1")
    assert OURS in unescape(again.html)


# What is refused keeps what was typed


def test_an_objection_without_words_is_refused_beside_its_field(desk, decided):
    ground = desk.case(decided).decision.grounds[0].lower()

    answer = edit(desk, decided, **{ground: " ", "closing": OURS})

    assert answer.status == 422
    assert answer.title.startswith("Error:")
    assert f'href="#f-section-{ground}"' in answer.html
    assert "An objection needs words" in answer.main
    assert OURS in unescape(answer.html)
    assert desk.case(decided).letters == ()


def test_words_that_change_nothing_are_no_version(desk, decided):
    answer = edit(desk, decided)

    assert answer.status == 422
    assert "Nothing is changed" in answer.main
    assert desk.case(decided).letters == ()


def test_words_too_long_for_a_part_are_refused_and_kept(desk, decided):
    answer = edit(desk, decided, closing="word " * 5000)

    assert answer.status == 422
    assert "Use at most 20,000 characters" in answer.main
    assert "word word word" in answer.html


def test_who_is_overtaken_keeps_what_was_typed(desk, decided):
    seen = desk.as_(MAYA).open(f"/requests/{decided}/letters/objection/edit").hidden("seen")
    edit(desk, decided, who=TOMAS, closing="Tomás was first.")

    answer = edit(desk, decided, seen=seen, closing=OURS)

    assert answer.status == 409
    assert "changed since you opened it" in answer.main
    assert OURS in unescape(answer.html)
    assert [each.by for each in desk.case(decided).letters] == ["tomas"]


def test_markup_in_words_is_shown_as_it_was_typed(desk, decided):
    edit(desk, decided, closing="<b>Bold</b> & {remedy}")

    page, pdf = opened(desk, decided), desk.as_(MAYA).open(f"/requests/{decided}/letters/objection.pdf").response
    assert "&lt;b&gt;Bold&lt;/b&gt; &amp; {remedy}" in page.html
    assert "<b>Bold</b> & {remedy}" in words_of(pdf.data)


# Signed and released


def test_a_letter_changed_after_its_signature_is_signed_anew_and_the_old_one_cannot_leave(desk):
    reference = a_subpoena(desk)
    desk.offer(reference)
    first = desk.production(reference)
    assert "Signed, not released yet" in opened(desk, reference).main

    edit(desk, reference, closing=OURS)

    second = desk.production(reference)
    assert (second.id != first.id, second.state, second.kind) == (True, ProductionState.RESERVED, "full")
    answer = desk.as_(MAYA).send(f"/requests/{reference}/productions/1/release", recipient="Deputy R. Pinecone")
    assert "Only what was decided last can leave" in answer.text
    assert desk.act(lambda work: work.productions.get(first.id)).state is ProductionState.OFFERED


def test_a_released_letter_is_no_draft_and_can_be_changed_no_more(desk):
    reference = desk.warrant()
    desk.release(reference)

    page = opened(desk, reference)
    form = desk.as_(MAYA).open(f"/requests/{reference}/letters/objection/edit")
    sent = desk.as_(MAYA).send(f"/requests/{reference}/letters/objection/edit", [("section-closing", OURS)], seen="x")
    back = desk.as_(MAYA).send(f"/requests/{reference}/letters/objection/take-back", seen="x")

    assert "Released" in page.main
    assert "Draft" not in page.main
    assert "can be changed no more" in page.main
    assert "Change the words" not in page.main
    assert (form.status, sent.status, back.status) == (409, 409, 409)
    assert desk.case(reference).letters == ()


# The letters that go out by themselves


def test_an_acknowledgement_is_finished_once_and_keeps_its_time_limit(desk):
    reference = desk.access_request()
    path = f"/requests/{reference}/letters/acknowledgement"
    seen = opened(desk, reference, "acknowledgement").hidden("seen")

    answer = desk.as_(MAYA).send(f"{path}/finish", seen=seen)

    again = desk.as_(MAYA).send(f"{path}/finish", seen=seen)
    page = opened(desk, reference, "acknowledgement")
    assert (answer.status, again.status) == (303, 409)
    assert "Finished" in page.main
    assert "finished this letter, so its words can be changed no more" in page.main
    assert "acknowledgement-draft" not in desk.as_(MAYA).open(f"{path}.pdf").response.headers["Content-Disposition"]
    with desk.ledger.reading() as work:
        met = {row.name for row in work.clocks.of_case(desk.case(reference).id) if row.met_at}
    assert "acknowledge" in met


def test_telling_that_we_need_longer_moves_the_answers_day(desk):
    reference = a_german_request(desk)
    before = answer_due(desk, reference)
    page = opened(desk, reference, "extension")

    desk.as_(MAYA).send(f"/requests/{reference}/letters/extension/finish", seen=page.hidden("seen"))

    assert desk.case(reference).facts["extension_notified_on"] == f"{NOW:%Y-%m-%d}"
    assert (answer_due(desk, reference) - before).days > 50
    assert opened(desk, reference, "extension").status == 200


def test_a_letter_that_is_not_of_this_case_does_not_exist(desk, decided):
    assert [opened(desk, decided, kind).status for kind in ("refusal", "identity", "extension", "nonsense")] == [
        404
    ] * 4


def test_the_customer_is_not_written_to_while_an_order_may_forbid_it(desk):
    asked = desk.warrant(nondisclosure_requested=True, nondisclosure_order=True)
    free = desk.warrant(nondisclosure_requested=False, nondisclosure_order=False)
    for reference in (asked, free):
        desk.decide(reference)

    assert opened(desk, asked, "notice").status == 404
    page = opened(desk, free, "notice")
    assert "Dear Juniper Marsh" in page.main
    assert "nobody has forbidden us to" in page.main


def test_the_case_lists_its_letters(desk, decided):
    page = desk.as_(ADA).open(f"/requests/{decided}")

    for kind in ("acknowledgement", "objection"):
        assert f'href="/requests/{decided}/letters/{kind}"' in page.html


def test_an_auditor_reads_a_letter_and_is_offered_no_act_on_it(desk, decided):
    edit(desk, decided, closing=OURS)

    page = opened(desk, decided, who=ADA)

    assert OURS in page.main
    # The only form left is the one that signs out.
    assert page.html.count("<form") == 1
    assert "/edit" not in page.html
