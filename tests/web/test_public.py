"""What anybody may open: signing in, verifying a document, the link of a release, and what we say of ourselves."""

import base64
import hashlib
import io
from dataclasses import replace
from datetime import timedelta

import pytest
from a_casework import ADA, INES, JUNIPER, NOW, PIN
from an_account import PDF, TOKEN, Account

from requests_portal.bundle import write_letter
from requests_portal.bundle.contents import LetterContents
from requests_portal.keys.demo_authority import make_demo_authority
from requests_portal.web.public import verifying
from requests_portal.web.public.next_page import safe_next

SECRET_PAGES = (f"/d/{TOKEN}", f"/d/{TOKEN}/bundle.pdf", "/d/unknown", "/d/unknown/bundle.pdf")


@pytest.fixture
def desk(tmp_path):
    return Account(tmp_path)


@pytest.fixture
def demo(tmp_path):
    return Account(tmp_path, demo=True)


@pytest.fixture
def released(desk):
    """A desk on which a demand was answered with a link."""
    desk.reference = desk.warrant()
    desk.release(desk.reference)
    return desk


# Signing in.


def test_the_demonstrations_people_are_a_press_away(demo):
    nobody = demo.nobody()

    answer = nobody.send("/demo/juniper", page="/demo", next="/my/requests")

    assert (answer.status, answer.location) == (303, "/my/requests")
    assert "Juniper Marsh" in nobody.open("/my/requests").text


def test_nobody_signs_in_again_who_never_signed_in(demo):
    nobody = demo.nobody()

    answer = nobody.send("/sign-in/again?next=/my/settings", page="/demo")

    assert (answer.status, answer.location) == (303, "/sign-in")
    assert demo.rows_in("sessions") == 0


def test_signing_in_needs_the_forms_token(demo):
    client = demo.app.test_client()

    answer = client.post("/demo/juniper", base_url="https://desk.example", headers={"Referer": "https://desk.example/"})

    assert answer.status_code == 400


def test_only_the_demonstrations_people_can_be_signed_in_as(demo):
    assert demo.nobody().send("/demo/ines", page="/demo").status == 404


def test_there_is_no_demonstration_in_a_real_portal(desk):
    nobody = desk.nobody()

    assert nobody.open("/demo").status == 404
    assert nobody.send("/demo/juniper", page="/verify").status == 404
    assert "Sign in with a passkey" in nobody.open("/sign-in").text


def test_who_is_not_signed_in_is_led_through_signing_in_to_where_they_wanted(demo):
    nobody = demo.nobody()

    first = nobody.open("/my/requests/new")
    second = nobody.open(first.location)

    assert first.location == "/sign-in?next=/my/requests/new"
    assert second.location == "/demo?next=/my/requests/new"
    assert 'name="next" value="/my/requests/new"' in nobody.open(second.location).html


@pytest.mark.parametrize(
    "asked",
    [
        "https://evil.example/",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n//evil.example",
        "javascript:alert(1)",
        "//[x",
        "/\\[x",
        "http://[x",
        "//evil.example@desk.example",
        "//\uff0fevil.example",
        "x",
        "",
    ],
)
def test_signing_in_leads_to_no_other_site(asked):
    assert safe_next(asked) == "/"


def test_signing_in_leads_back_to_a_page_of_ours_with_its_query():
    assert safe_next("/my/recordings?page=2") == "/my/recordings?page=2"


def test_signing_out_ends_the_session(demo):
    juniper = demo.visit(JUNIPER)

    answer = juniper.send("/sign-out", page="/my/requests")

    assert (answer.status, answer.location) == (303, "/sign-in")
    assert juniper.open("/my/requests").status == 302


def test_signing_in_as_somebody_else_keeps_nothing_of_the_session_before(demo):
    demo.access_request()
    browser = demo.visit(ADA)
    browser.send("/audit/verify", page="/audit")
    assert "Log intact" in browser.open("/audit").text

    browser.send("/demo/juniper", page="/demo")

    with browser.client.session_transaction(base_url="https://desk.example") as session:
        assert "log_checked" not in session
    assert "Juniper Marsh" in browser.open("/my/requests").text


@pytest.mark.parametrize(("who", "first"), [(JUNIPER, "/my/recordings"), (ADA, "/audit")], ids=["customer", "auditor"])
def test_the_first_page_is_ones_own(desk, who, first):
    assert desk.visit(who).open("/").location == first


def test_the_first_page_of_the_desk_is_the_queue(desk):
    assert desk.visit(INES).open("/").status == 200


# The link of a release.


def test_a_link_shows_what_it_gives_and_until_when(released):
    page = with_pin(released).open(f"/d/{TOKEN}")

    assert page.status == 200
    assert released.reference in page.text
    assert "7 December 2026" in page.text
    assert "10.2 kB" in page.text
    assert "SHA-256" in page.text
    assert 'href="/d/the-secret-of-the-link/bundle.pdf"' in page.html


def test_a_document_behind_a_link_is_had_in_parts_with_a_receipt_each(released):
    nobody = with_pin(released)

    first = nobody.open(f"/d/{TOKEN}/bundle.pdf", Range="bytes=0-99")
    rest = nobody.open(f"/d/{TOKEN}/bundle.pdf", Range="bytes=100-")

    assert first.bytes + rest.bytes == PDF
    assert released.receipts(released.reference) == [("bundle", 0, 99), ("bundle", 100, len(PDF) - 1)]


def test_a_reader_who_goes_away_is_counted_for_what_was_handed_over(released):
    client = with_pin(released).client
    answer = client.get(f"/d/{TOKEN}/bundle.pdf", base_url="https://desk.example", buffered=False)
    chunks = answer.iter_encoded()

    got = next(chunks) + next(chunks)
    answer.close()
    chunks.close()

    ((document, first, last),) = released.receipts(released.reference)
    assert (document, first) == ("bundle", 0)
    assert len(got) <= last + 1 < len(PDF)


def test_the_address_of_a_link_travels_to_no_other_site(released):
    for path in SECRET_PAGES:
        answer = released.nobody().open(path)

        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"


def test_an_expired_link_is_gone_with_all_it_gave(released):
    nobody = with_pin(released)
    released.now = NOW + timedelta(days=14)

    assert nobody.open(f"/d/{TOKEN}").status == 410
    assert nobody.open(f"/d/{TOKEN}/bundle.pdf").status == 410
    assert released.receipts(released.reference) == []
    assert released.refused("visitor") == [410, 410]


def test_a_link_works_until_its_last_second(released):
    released.now = NOW + timedelta(days=14) - timedelta(seconds=1)

    assert with_pin(released).open(f"/d/{TOKEN}").status == 200


def test_a_wrong_document_is_not_found(released):
    paths = (f"/d/{TOKEN}/letter.pdf", f"/d/{TOKEN}/bundle.pdf.p7m")

    assert [with_pin(released).open(path).status for path in paths] == [404, 404]


def with_pin(desk, token=TOKEN):
    """A browser that has shown the PIN of the link."""
    visitor = desk.nobody()
    assert visitor.send(f"/d/{token}", page=f"/d/{token}", pin=f"{PIN[:4]} {PIN[4:]}").status == 303
    return visitor


def basic(pin, name=""):
    return "Basic " + base64.b64encode(f"{name}:{pin}".encode()).decode()


def test_a_link_gives_nothing_before_its_pin_not_even_whose_it_is(released):
    page = released.nobody().open(f"/d/{TOKEN}")

    assert page.status == 200
    assert "Enter your PIN" in page.text
    assert released.reference not in page.html
    assert released.nobody().open(f"/d/{TOKEN}/bundle.pdf").status == 401
    assert released.receipts(released.reference) == []


def test_an_unknown_link_reads_like_one_whose_pin_is_wrong(released):
    tokens = (TOKEN, "unknown")
    asked = [released.nobody().open(f"/d/{token}") for token in tokens]
    refused = [
        released.nobody().send(f"/d/{token}", page=f"/d/{token}", pin="00000000") for token in (TOKEN, "unknown")
    ]
    files = [released.nobody().open(f"/d/{token}/bundle.pdf", Authorization=basic("1")) for token in tokens]

    for known, unknown in (asked, refused, files):
        assert known.status == unknown.status
        assert known.shown.replace(TOKEN.encode(), b"unknown") == unknown.shown
    assert refused[0].status == files[0].status == 403
    assert released.refused("visitor") == [403] * 4


def test_a_download_tool_comes_along_with_the_pin_as_its_password(released):
    nobody = released.nobody()

    asked = nobody.open(f"/d/{TOKEN}/bundle.pdf")
    first = nobody.open(f"/d/{TOKEN}/bundle.pdf", Authorization=basic(PIN), Range="bytes=0-99")
    rest = nobody.open(f"/d/{TOKEN}/bundle.pdf", Authorization=basic(PIN, "anyone"), Range="bytes=100-")

    assert asked.headers["WWW-Authenticate"].startswith("Basic ")
    assert first.bytes + rest.bytes == PDF


def test_a_browser_without_the_pin_is_led_to_the_form(released):
    answer = released.nobody().open(f"/d/{TOKEN}/bundle.pdf", Accept="text/html,*/*;q=0.8")

    assert (answer.status, answer.location) == (303, f"/d/{TOKEN}")


def test_five_wrong_pins_lock_the_link_even_for_the_right_one(released):
    nobody = released.nobody()

    wrong = [nobody.open(f"/d/{TOKEN}/bundle.pdf", Authorization=basic(f"0000000{n}")) for n in range(5)]

    assert [each.status for each in wrong] == [403] * 5
    assert nobody.open(f"/d/{TOKEN}/bundle.pdf", Authorization=basic(PIN)).status == 423
    assert nobody.open(f"/d/{TOKEN}").status == 423
    assert "Ask us for a new link" in nobody.open(f"/d/{TOKEN}").text
    assert released.refused("visitor") == [403] * 5 + [423] * 3


def test_four_wrong_pins_leave_the_right_one(released):
    nobody = released.nobody()
    for n in range(4):
        nobody.open(f"/d/{TOKEN}/bundle.pdf", Authorization=basic(f"0000000{n}"))

    assert nobody.open(f"/d/{TOKEN}/bundle.pdf", Authorization=basic(PIN)).status == 200


def test_a_pin_that_was_shown_holds_for_an_hour_and_for_its_own_link(released):
    nobody = with_pin(released)

    assert nobody.open("/d/unknown/bundle.pdf").status == 401
    released.now = NOW + timedelta(minutes=59)
    assert nobody.open(f"/d/{TOKEN}/bundle.pdf").status == 200
    released.now = NOW + timedelta(hours=1)
    assert nobody.open(f"/d/{TOKEN}/bundle.pdf").status == 401


def test_a_missing_pin_is_asked_for_beside_the_field(released):
    page = released.nobody().send(f"/d/{TOKEN}", page=f"/d/{TOKEN}", pin=" ")

    assert page.status == 422
    assert page.text.count("Type the PIN that came to you apart from the link.") == 2


# Verifying.


def upload(browser, data: bytes, name: str = "bundle.pdf"):
    return browser.send("/verify", page="/verify", bundle=(io.BytesIO(data), name))


def test_a_file_that_is_not_ours_is_refused_check_by_check_and_not_kept(desk, tmp_path):
    before = sorted(tmp_path.iterdir())

    page = upload(desk.nobody(), b"%PDF-1.7 an invoice")

    assert page.status == 200
    assert "Not genuine: do not rely on this document" in page.text
    assert "Fails" in page.text
    assert "Not checked" in page.text
    assert sorted(tmp_path.iterdir()) == before


def test_a_letter_of_ours_is_found_genuine_and_a_changed_one_is_not(desk, tmp_path):
    signer = make_demo_authority(tmp_path / "keys", at=NOW, common_name="Hearthside Voice records")
    letter = a_letter(signer)
    portal = desk.app.extensions["portal"]
    desk.app.extensions["portal"] = replace(portal, trust=(signer.certificate_pem,))

    genuine = upload(desk.nobody(), letter)
    changed = upload(desk.nobody(), letter.replace(b"/Producer", b"/Pr0ducer"))

    assert "Genuine: this document is ours and was not changed" in genuine.text
    assert "on 23 November 2026, 09:30, Los Angeles" in genuine.text
    assert hashlib.sha256(letter).hexdigest() in genuine.text
    assert "Not genuine" in changed.text


def a_letter(signer) -> bytes:
    out = io.BytesIO()
    contents = LetterContents(
        reference="LE-2026-0001",
        language="en",
        recipient=("Alder County Sheriff",),
        our_name="Hearthside Voice",
        our_address=("1 Quay Street",),
        subject="Search warrant",
        date=NOW.date(),
        paragraphs=("We object.",),
        objections=(),
        closing=("Hearthside Voice",),
        made_at=NOW,
        document_id="letter-1",
    )
    write_letter(contents, out, signer=signer)
    return out.getvalue()


def test_choosing_no_file_is_said_beside_the_field(desk):
    page = desk.nobody().send("/verify", page="/verify")

    assert page.status == 422
    assert page.title.startswith("Error:")
    assert page.text.count("Choose a PDF.") == 2


def test_a_bundle_may_be_larger_than_other_uploads(desk):
    # Other forms take a million bytes on this desk.
    page = upload(desk.nobody(), b"%PDF-1.7 " + bytes(3_000_000))

    assert page.status == 200
    assert "Not genuine" in page.text


def test_a_file_beyond_all_limits_is_refused(desk, monkeypatch):
    monkeypatch.setattr("requests_portal.web.public.blueprint.MAX_BUNDLE", 2000)

    assert upload(desk.nobody(), bytes(5000)).status == 413


def test_what_is_refused_while_it_is_read_holds_nobody_up(desk, monkeypatch):
    with monkeypatch.context() as small:
        small.setattr("requests_portal.web.public.blueprint.MAX_BUNDLE", 2000)
        refused = [upload(desk.nobody(), bytes(5000)).status for _ in range(verifying.AT_ONCE + 1)]

    assert set(refused) == {413}
    assert upload(desk.nobody(), b"%PDF-").status == 200


def test_when_others_are_verifying_one_is_asked_to_wait(desk):
    nobody = desk.nobody()
    for _ in range(verifying.AT_ONCE):
        verifying._turns.acquire()
    try:
        assert upload(nobody, b"%PDF-").status == 429
    finally:
        for _ in range(verifying.AT_ONCE):
            verifying._turns.release()

    assert upload(nobody, b"%PDF-").status == 200


# What we say of ourselves.


@pytest.mark.parametrize("who", [None, JUNIPER, ADA], ids=["nobody", "customer", "auditor"])
def test_anybody_may_read_what_we_say_of_ourselves(desk, who):
    browser = desk.visit(who) if who else desk.nobody()

    paths = ("/accessibility", "/keyboard", "/privacy", "/verify")
    assert [browser.open(path).status for path in paths] == [200, 200, 200, 200]


def test_health_says_nothing_but_that_it_is_well(desk):
    assert desk.nobody().open("/healthz").bytes == b"ok\n"
