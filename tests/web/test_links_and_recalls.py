"""What a lawyer does with what has left: a new link, an end to a link, a recall, and what the public then reads."""

import io
import re
from dataclasses import replace
from itertools import islice

import pytest
from a_casework import ADA, BASE, HOUSE, INES, MAYA, NOW, PIN
from an_account import PDF, TOKEN, Account, Gone

from requests_portal.bundle.recalls import read_recalls
from requests_portal.keys.demo_authority import make_demo_authority
from requests_portal.work.release import release

SHERIFF = "Deputy R. Pinecone"


@pytest.fixture
def desk(tmp_path):
    return Account(tmp_path)


@pytest.fixture
def warrant(desk):
    """A demand whose production was released to the sheriff."""
    desk.reference = desk.warrant()
    desk.offer(desk.reference)
    made = desk.production(desk.reference)
    desk.given = desk.act(lambda work: release(work, made.id, recipient=SHERIFF, token=TOKEN, pin=PIN, by=MAYA))
    desk.base = f"/requests/{desk.reference}/productions/1"
    return desk


def link_page(desk):
    return f"{desk.base}/links/{desk.given.id}"


def test_a_new_link_is_shown_once_with_its_pin_and_the_old_one_is_gone(warrant):
    maya = warrant.visit(MAYA)
    object.__setattr__(warrant.app.extensions["portal"], "new_token", lambda: "the-second-link")

    page = maya.send(f"{link_page(warrant)}/reissue", page=link_page(warrant))

    assert "https://desk.example/d/the-second-link" in page.text
    assert f"{PIN[:4]} {PIN[4:]}" in page.text
    assert "Send the PIN by another path than the link" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert warrant.nobody().open(f"/d/{TOKEN}").status == 410
    assert "issue 2" in maya.open(warrant.base).text


def test_a_revoked_link_says_plainly_that_it_is(warrant):
    maya = warrant.visit(MAYA)

    missing = maya.send(f"{link_page(warrant)}/revoke", page=link_page(warrant), reason=" ")
    done = maya.send(f"{link_page(warrant)}/revoke", page=link_page(warrant), reason="Sent to the wrong office.")

    assert (missing.status, done.status, done.location) == (422, 303, warrant.base)
    gone = warrant.nobody().open(f"/d/{TOKEN}")
    assert (gone.status, "This link was withdrawn." in gone.text) == (410, True)
    assert "wrong office" not in gone.text
    assert "Sent to the wrong office." in maya.open(warrant.base).text


def test_a_certificate_that_is_none_is_refused_beside_its_field(warrant):
    page = warrant.visit(MAYA).send(
        f"{link_page(warrant)}/reissue", page=link_page(warrant), certificate=(io.BytesIO(b"a letter"), "letter.pem")
    )

    assert page.status == 422
    assert page.text.count("This is not a certificate") == 2
    assert warrant.nobody().open(f"/d/{TOKEN}").status == 200


@pytest.mark.parametrize("who", [INES, ADA], ids=["intake", "auditor"])
def test_links_and_recalls_are_a_lawyer_s(warrant, who):
    browser = warrant.visit(who)

    assert [browser.open(path).status for path in (link_page(warrant), f"{warrant.base}/recall")] == [403, 403]


def test_a_link_of_another_production_is_not_found(warrant):
    other = warrant.warrant()
    warrant.offer(other)

    assert warrant.visit(MAYA).open(f"/requests/{other}/productions/1/links/{warrant.given.id}").status == 404
    assert warrant.refused("maya") == [404]


def test_downloads_are_summed_up_whole_and_in_part(warrant):
    nobody = warrant.nobody()
    nobody.send(f"/d/{TOKEN}", page=f"/d/{TOKEN}", pin=PIN)
    for asked in ("bytes=0-4999", "bytes=5000-", "bytes=-100"):
        assert nobody.open(f"/d/{TOKEN}/bundle.pdf", Range=asked).status == 206

    page = warrant.visit(MAYA).open(warrant.base)

    assert "1 complete download and a part of one, 10.3 kB in all" in page.text


def test_a_recalled_production_ends_its_links_and_says_so_to_whoever_verifies(warrant, tmp_path):
    signer = make_demo_authority(tmp_path / "keys", at=NOW, common_name="Hearthside Voice records")
    portal = warrant.app.extensions["portal"]
    warrant.app.extensions["portal"] = replace(portal, outside=replace(portal.outside, signer=signer))
    maya = warrant.visit(MAYA)

    done = maya.send(f"{warrant.base}/recall", page=f"{warrant.base}/recall", reason="The wrong month was produced.")

    with warrant.ledger.reading() as work:
        sha256 = work.productions.documents(warrant.production(warrant.reference).id)[0].sha256
    assert done.status == 303
    assert "The wrong month was produced." in maya.open(warrant.base).text
    assert warrant.nobody().open(f"/d/{TOKEN}").status == 410
    said = "This document is genuine, but it was withdrawn on 23 November 2026."
    assert said in warrant.nobody().open(f"/recalls?sha256={sha256.upper()}").text
    recalls = read_recalls(warrant.nobody().open("/recalls/recalls.p7s").bytes, trust=(signer.chain_pem[-1],))
    assert recalls.about(sha256).sentence == said
    assert maya.send(f"{warrant.base}/recall", page="/rules", reason="Again.").status == 409


def test_the_link_of_what_was_recalled_says_not_to_rely_on_it(warrant):
    warrant.visit(MAYA).send(f"{warrant.base}/recall", page=f"{warrant.base}/recall", reason="The wrong month.")

    page = warrant.nobody().open(f"/d/{TOKEN}")

    assert page.status == 410
    assert "We recalled the documents that this link gave: do not rely on what was downloaded." in page.text
    assert "wrong month" not in page.text
    assert "Give them a new link" not in warrant.visit(MAYA).open(warrant.base).text


def test_a_production_is_replaced_by_a_released_one_of_its_case_and_by_no_other(warrant):
    maya, form = warrant.visit(MAYA), f"{warrant.base}/recall"
    maya.send(f"{warrant.base}/replace", page=warrant.base, reason="A neighbour was heard.")
    warrant.approve = lambda _reference: None
    warrant.offer(warrant.reference)
    later = warrant.production(warrant.reference)
    waits = maya.send(form, page=form, reason="A neighbour was heard.", replaced_by="2")
    warrant.act(lambda work: release(work, later.id, recipient=SHERIFF, token="the-second-link", pin=PIN, by=MAYA))

    proposed = maya.open(form)
    done = maya.send(form, page=form, reason="A neighbour was heard.", replaced_by="2")

    assert waits.status == 422
    assert waits.text.count("Choose a released production of this case, or leave it empty.") == 2
    assert re.search(r'<option value="2" selected>', proposed.html)
    assert done.status == 303
    assert "Replaced by Production 2" in maya.open(warrant.base).text
    assert warrant.nobody().open("/d/the-second-link").status == 200


def test_the_fifth_wrong_pin_says_at_once_that_the_link_is_locked(warrant):
    nobody = warrant.nobody()

    answers = [nobody.send(f"/d/{TOKEN}", page=f"/d/{TOKEN}", pin=f"0000000{n}") for n in range(5)]

    assert [each.status for each in answers] == [403] * 4 + [423]
    assert "This link is locked" in answers[-1].text
    assert f"We are {HOUSE.name}" in answers[-1].text
    assert "on our side" not in answers[-1].text


def test_what_nobody_recalled_is_not_recalled_and_no_digest_is_said_beside_the_field(desk):
    nobody = desk.nobody()

    assert "Not recalled" in nobody.open(f"/recalls?sha256={'0' * 64}").text
    assert nobody.open("/recalls?sha256=12").status == 422
    assert nobody.open("/recalls").status == 200


def test_the_public_page_of_recalls_is_the_same_with_a_recall_and_without(warrant):
    before = warrant.nobody().open("/recalls").bytes
    warrant.visit(MAYA).send(f"{warrant.base}/recall", page=f"{warrant.base}/recall", reason="Wrong.")

    assert warrant.nobody().open("/recalls").bytes == before


def test_a_list_is_signed_again_after_a_recall_and_otherwise_once_a_day(warrant, tmp_path):
    signer = make_demo_authority(tmp_path / "keys", at=NOW, common_name="Hearthside Voice records")
    portal = warrant.app.extensions["portal"]
    warrant.app.extensions["portal"] = replace(portal, outside=replace(portal.outside, signer=signer))
    nobody = warrant.nobody()

    first = nobody.open("/recalls/recalls.p7s").bytes
    assert nobody.open("/recalls/recalls.p7s").bytes == first
    warrant.visit(MAYA).send(f"{warrant.base}/recall", page=f"{warrant.base}/recall", reason="Wrong.")

    assert nobody.open("/recalls/recalls.p7s").bytes != first


def test_a_download_that_the_vault_broke_off_is_counted_as_far_as_it_came_and_goes_on_from_there(warrant):
    nobody = warrant.nobody()
    nobody.send(f"/d/{TOKEN}", page=f"/d/{TOKEN}", pin=PIN)
    reads = warrant.vault.read_bundle
    warrant.vault.read_bundle = lambda *key, **part: broken_off(reads(*key, **part), after=3)
    answer = nobody.client.get(f"/d/{TOKEN}/bundle.pdf", base_url=BASE, buffered=False)
    got = []

    with pytest.raises(Gone):
        got.extend(answer.iter_encoded())
    warrant.vault.read_bundle = reads
    sent = len(b"".join(got))
    rest = nobody.open(f"/d/{TOKEN}/bundle.pdf", Range=f"bytes={sent}-", If_Range=answer.headers["ETag"])

    assert answer.headers["Content-Length"] == str(len(PDF)) != str(sent)
    assert b"".join(got) + rest.bytes == PDF
    receipts = [("bundle", 0, sent - 1), ("bundle", sent, len(PDF) - 1)]
    assert warrant.receipts(warrant.reference) == receipts


def broken_off(chunks, *, after):
    """So many chunks, then a store that answers no more."""
    yield from islice(chunks, after)
    raise Gone("The vault does not answer. Try again in a minute.")


def test_the_size_of_what_is_served_is_that_of_the_document(warrant):
    nobody = warrant.nobody()
    nobody.send(f"/d/{TOKEN}", page=f"/d/{TOKEN}", pin=PIN)
    whole = nobody.open(f"/d/{TOKEN}/bundle.pdf")
    etag = whole.headers["ETag"]

    head = nobody.client.head(f"/d/{TOKEN}/bundle.pdf", base_url="https://desk.example")
    same = nobody.open(f"/d/{TOKEN}/bundle.pdf", Range="bytes=-9", If_Range=etag)
    other = nobody.open(f"/d/{TOKEN}/bundle.pdf", Range="bytes=-9", If_Range='"of another file"')

    assert whole.bytes == PDF
    assert (head.status_code, head.headers["Content-Length"], head.data) == (200, str(len(PDF)), b"")
    assert (same.status, same.bytes) == (206, PDF[-9:])
    assert (other.status, other.bytes) == (200, PDF)
    assert re.fullmatch(r'"[0-9a-f]{64}"', etag)
