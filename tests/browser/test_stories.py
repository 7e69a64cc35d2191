"""The main job as people do it in a browser: a warrant from intake to the bundle in the requester's hands."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from a_demo import the_command
from an_example import PDF

HERE = ZoneInfo("America/Los_Angeles")
TODAY = datetime.now(HERE).date()
# The evening of the demonstration's incident is found in the seeded warrant; this one asks for a week that ended.
FIRST, LAST = TODAY - timedelta(days=30), TODAY - timedelta(days=24)
WHO = {
    "organisation": "Alder County Sheriff",
    "officer": "Deputy R. Pinecone",
    "email": "records.unit@alder-sheriff.example.org",
    "address": "1 Courthouse Square\nAlder Flats, CA 90000",
}
WHO_CHOICES = {"issuer": "us_state"}
WHO_SELECTED = {"country": "US", "issuer_state": "CA", "issuer_role": "judge", "channel": "portal"}
ORDER = {
    "issued_on": str(TODAY - timedelta(days=3)),
    "served_on": str(TODAY - timedelta(days=2)),
    "court_return_on": str(TODAY + timedelta(days=11)),
    "received_on": str(TODAY - timedelta(days=2)),
    "received_on_time": "09:30",
    "range_from": str(FIRST),
    "range_to": str(LAST),
    "incident_from": str(FIRST),
    "incident_to": str(LAST),
    "quote_1": "the recordings of that week",
    "place_1": "page 1",
}


def fill(page, typed):
    for name, value in typed.items():
        page.locator(f"[name={name}]").fill(value)


def tick(page, name, *values):
    for value in values:
        page.locator(f"[name={name}][value={value}]").check()


def go_on(page, label="Continue"):
    page.get_by_role("button", name=label, exact=True).click()


def enter_the_warrant(page, *, live):
    """The four steps of intake, up to the check of the answers."""
    page.goto("/new")
    tick(page, "track", "legal_demand")
    go_on(page, "Start")
    fill(page, WHO)
    for name, value in WHO_SELECTED.items():
        page.locator(f"select[name={name}]").select_option(value)
    for name, value in WHO_CHOICES.items():
        tick(page, name, value)
    go_on(page)
    page.locator("select[name=process]").select_option("administrative_subpoena")
    tick(page, "seeks", "audio", "transcript")
    if live:
        # Nothing was sent, yet the check beside the form answers what was chosen.
        page.locator("#findings").get_by_text(re.compile("only a search warrant", re.IGNORECASE)).first.wait_for()
    page.locator("select[name=process]").select_option("search_warrant")
    tick(page, "says", "signed", "issuer_named")
    page.locator("select[name=zone]").select_option("America/Los_Angeles")
    fill(page, ORDER)
    go_on(page)
    fill(page, {"accounts": "A-88310-4"})
    go_on(page)
    warrant = {"name": "warrant.pdf", "mimeType": "application/pdf", "buffer": PDF}
    page.locator("input[type=file]").set_input_files(warrant)
    go_on(page, "Upload")
    page.get_by_role("link", name="warrant.pdf").wait_for()
    page.get_by_role("link", name="Continue", exact=True).click()


def file_it(page):
    """File what was entered; returns the case's address."""
    assert page.locator("main").get_by_text("Deputy R. Pinecone").first.is_visible()
    go_on(page, "File the request")
    page.wait_for_url("**/requests/LE-*")
    return re.search(r"/requests/LE-\d+-\d+", page.url).group()


def confirm_who_asks(page, case):
    """Call the sheriff back on the directory's number, and say what the channel says."""
    page.goto(f"{case}/checks")
    page.get_by_label("Which agency asks?").select_option(label="Alder County Sheriff, US-CA")
    go_on(page, "Compare")
    fill(page, {"told": "The watch commander confirmed the deputy and the file number"})
    page.get_by_label("+1 510 555 0142").check()
    page.get_by_label("They confirmed the officer and the request").check()
    looked = page.get_by_label("The number is not in the papers")
    if looked.count():
        looked.check()
    go_on(page, "Record the call")
    assert page.get_by_text("Confirmed by call back").is_visible()


def decide_as_proposed(page, case):
    page.goto(f"{case}/decide")
    go_on(page, "See what will leave")
    go_on(page, "Record this decision")
    page.wait_for_url(f"**{case}*")


def wait_for(page, address, words, *, scripts):
    """Watch the production as its page does: with scripts it renews itself, without them it is reloaded."""
    page.goto(address)
    wanted = page.get_by_role("link", name=words)
    if scripts:
        wanted.wait_for(timeout=120_000)
        return
    for _ in range(120):
        if wanted.count():
            return
        page.wait_for_timeout(1000)
        page.reload()
    raise AssertionError(f"{address} never offered {words!r}")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "with scripts off"])
def test_a_warrant_goes_from_intake_to_a_verified_bundle_in_the_requester_s_hands(demo, browse, scripts, tmp_path):
    clerk, first, second = (browse(who, scripts=scripts) for who in ("ines", "maya", "tomas"))
    custodian, requester = browse("priya", scripts=scripts), browse(scripts=scripts)

    enter_the_warrant(clerk, live=scripts)
    case = file_it(clerk)
    confirm_who_asks(clerk, case)
    decide_as_proposed(first, case)

    first.goto(f"{case}/approve")
    assert first.get_by_text("You made this decision").is_visible()
    assert not first.get_by_role("button", name="Approve this decision").count()

    second.goto(f"{case}/approve")
    go_on(second, "Approve this decision")

    production = f"{case}/productions/1"
    first.goto(production)
    assert first.get_by_role("heading", name="How far it has come").is_visible()
    wait_for(custodian, production, "Read the certificate", scripts=scripts)
    custodian.get_by_role("link", name="Read the certificate").click()
    tick(custodian, "read", "yes")
    go_on(custodian, "Sign off this certificate")

    wait_for(first, production, "Release to the requester", scripts=scripts)
    first.get_by_role("link", name="Release to the requester").click()
    go_on(first, "Release it")
    # Nothing leaves before the customer was told, or somebody said why not.
    assert not first.locator(".secret-link code").count()
    first.goto(f"{case}/notice")
    fill(first, {"reason": "The customer was told by telephone and asked for no letter."})
    go_on(first, "Record the reason")
    first.goto(f"{production}/release")
    go_on(first, "Release it")
    link, pin = first.locator(".secret-link code").all_inner_texts()
    first.goto(production)
    assert link not in first.content()
    assert pin not in first.content()

    requester.goto(link)
    requester.get_by_label("PIN").fill(pin)
    go_on(requester, "Open the documents")
    with requester.expect_download() as expected:
        requester.get_by_role("link", name="Download", exact=False).first.click()
    bundle = tmp_path / "bundle.pdf"
    expected.value.save_as(bundle)
    first.goto(production)
    assert first.get_by_role("table", name="Downloads").locator("tbody tr").count() == 1
    assert checked_by_command(bundle, demo).returncode == 0
    assert "Genuine" in checked_by_page(requester, bundle)

    changed = with_one_byte_changed(bundle)
    assert checked_by_command(changed, demo).returncode == 1
    assert "Not genuine" in checked_by_page(requester, changed)


def checked_by_command(bundle, demo):
    """What `desk verify` says, trusting the demonstration's own certificate."""
    (certificate,) = (demo.data / "keys" / "signing").glob("root.pem")
    return the_command("verify", str(bundle), "--trust", str(certificate))


def checked_by_page(page, bundle):
    """What the public page says."""
    page.goto("/verify")
    page.locator("input[type=file]").set_input_files(bundle)
    go_on(page, "Verify")
    page.get_by_role("heading", name="Each check").wait_for()
    return page.locator("main").inner_text()


def with_one_byte_changed(bundle):
    """A copy whose middle byte is another."""
    data = bytearray(bundle.read_bytes())
    data[len(data) // 2] ^= 1
    changed = bundle.with_name("changed.pdf")
    changed.write_bytes(data)
    return changed


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "with scripts off"])
def test_a_customer_plays_a_recording_asks_for_a_copy_and_sees_where_it_stands(browse, scripts):
    juniper = browse("juniper", scripts=scripts, width=390)

    juniper.goto("/my/recordings")
    assert juniper.locator("audio[controls]").count() > 5
    if scripts:
        sound = juniper.locator("audio").first
        sound.evaluate("sound => new Promise(can => Object.assign(sound, {preload: 'auto', oncanplay: can}).load())")
        # 3 is HAVE_FUTURE_DATA: it can be heard.
        assert sound.evaluate("sound => sound.readyState") >= 3
        assert sound.evaluate("sound => sound.duration") > 0.5

    juniper.goto("/my/requests/new")
    tick(juniper, "right", "access")
    tick(juniper, "kinds", "audio", "transcript")
    tick(juniper, "period", "some")
    fill(juniper, {"first": str(TODAY - timedelta(days=20)), "last": str(TODAY - timedelta(days=15))})
    go_on(juniper, "Send the request")

    juniper.wait_for_url("**/my/requests/DS-*")
    assert juniper.locator("[aria-current=step]").count() == 1
    reference = juniper.url.rpartition("/")[2]
    juniper.goto("/my/requests")
    assert juniper.get_by_text(reference).first.is_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "with scripts off"])
def test_an_auditor_has_the_whole_log_verified(browse, scripts):
    ada = browse("ada", scripts=scripts)

    ada.goto("/audit")
    go_on(ada, "Verify now")

    assert ada.get_by_text(re.compile(r"Log intact: [\d,]+ entries")).is_visible()
