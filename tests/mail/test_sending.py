"""Messages leave by mail and webhook, signed and without a way to inject anything, at least once and under one id."""

import email
import email.policy
import hashlib
import hmac
import itertools
import json
import string
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from a_house import MAYA, NOW, TOMAS, ActingHouse
from a_mail_server import a_closed_port, encrypting, mail_server, receiver
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from requests_portal.database.tables import messages
from requests_portal.errors import Refused
from requests_portal.mail.addresses import is_mail_address, is_webhook_address
from requests_portal.mail.post import HousePost
from requests_portal.mail.smtp import MailServer, NoMail
from requests_portal.mail.texts import BadText, FolderTexts, Written
from requests_portal.mail.webhook import NoWebhook, Webhooks
from requests_portal.model.actor import Role
from requests_portal.model.duty import Duty
from requests_portal.model.message import Message, Outgoing
from requests_portal.model.person import Person
from requests_portal.work.name_people import name_people
from requests_portal.work.outside import Outside
from requests_portal.work.send import send_what_is_due

TEXTS = Path(__file__).parents[2] / "templates" / "mail"
SECRET = "a secret that both sides have got"
TEXT = Written(subject="LE-2026-0001: nobody has claimed this request", body="Open it.\n")
IVAN = Duty(
    who="ivan",
    mail="ivan@example.test",
    webhook="",
    begins=NOW - timedelta(hours=1),
    ends=NOW + timedelta(hours=8),
    order=1,
)
WORDS = {"reference": "LE-2026-0001", "due": "soon", "step": "1", "link": "https://desk.example/requests/LE-2026-0001"}


@pytest.fixture
def box():
    with mail_server() as made:
        yield made


@pytest.fixture
def hook():
    with receiver() as made:
        yield made


def a_server(box, **more):
    told = {"host": "127.0.0.1", "port": box.port, "sender": "desk@example.test", "domain": "desk.example"}
    return MailServer(**(told | {"seconds": 2.0} | more))


def sent(box, number=-1):
    return email.message_from_bytes(box.taken[number][0], policy=email.policy.default)


# Mail.


def test_a_mail_says_what_it_is_about_and_carries_the_messages_id(box):
    a_server(box).send(TEXT, to="ivan@example.test", id="7", at=NOW)

    got = sent(box)
    assert (got["To"], got["From"], got["Subject"]) == ("ivan@example.test", "desk@example.test", TEXT.subject)
    assert got["Message-ID"] == "<7@desk.example>"
    assert got["Auto-Submitted"] == "auto-generated"
    assert got.get_content().strip() == "Open it."


def test_a_server_that_wants_a_name_and_a_password_gets_them(box):
    a_server(box, user="desk", password="secret").send(TEXT, to="ivan@example.test", id="7", at=NOW)

    assert box.logins == [[b"desk", b"secret"]]


def test_a_server_that_offers_encryption_is_spoken_to_encrypted(tmp_path):
    theirs, ours = encrypting(tmp_path)
    with mail_server(context=theirs) as box:
        a_server(box, host="localhost", trusting=ours).send(TEXT, to="ivan@example.test", id="7", at=NOW)

        assert [encrypted for _, encrypted in box.taken] == [True]


def test_a_server_with_a_certificate_of_somebody_else_gets_nothing(tmp_path):
    theirs, _ = encrypting(tmp_path)
    with mail_server(context=theirs) as box:
        with pytest.raises(NoMail):
            a_server(box, host="localhost").send(TEXT, to="ivan@example.test", id="7", at=NOW)

        assert box.taken == []


def test_another_machine_that_offers_no_encryption_gets_nothing(box, monkeypatch):
    monkeypatch.setattr("requests_portal.mail.smtp.is_loopback", lambda _host: False)

    with pytest.raises(NoMail, match="no encryption"):
        a_server(box).send(TEXT, to="ivan@example.test", id="7", at=NOW)

    assert box.taken == []


def test_a_server_that_hangs_up_without_a_word_at_the_end_has_taken_the_mail(box):
    box.drops_at_the_end = True

    a_server(box).send(TEXT, to="ivan@example.test", id="7", at=NOW)

    assert len(box.taken) == 1


@pytest.mark.parametrize("fault", ["refuses", "hangs", "is not there"])
def test_a_mail_server_that_does_not_take_a_mail_is_said_to(box, fault):
    server = a_server(box)
    if fault == "refuses":
        box.refuses = ["550 no such person as ivan@example.test"]
    elif fault == "hangs":
        box.hangs = True
        server = a_server(box, seconds=0.2)
    else:
        server = a_server(box, port=a_closed_port())

    with pytest.raises(NoMail) as caught:
        server.send(TEXT, to="ivan@example.test", id="7", at=NOW)

    assert "ivan" not in caught.value.sentence


@given(st.text(max_size=80))
def test_no_word_adds_a_header_or_a_recipient(word):
    text = FolderTexts(TEXTS).write("case_unclaimed", {**WORDS, "reference": word})

    made = MailServer(host="127.0.0.1", port=1, sender="desk@example.test", domain="desk.example")._message(
        text, to="ivan@example.test", id="7", at=NOW
    )

    got = email.message_from_bytes(made.as_bytes(), policy=email.policy.default)
    ours = {"From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"}
    assert sorted(got.keys()) == sorted(ours | {"Content-Type", "Content-Transfer-Encoding", "MIME-Version"})
    assert got["To"] == "ivan@example.test"


@pytest.mark.parametrize("text", sorted(each.stem for each in TEXTS.glob("*.txt")))
@pytest.mark.parametrize("between", ["\r\n", "\n", "\r", "\x00\n", "\u2028", "\x0b", "=?utf-8?q?=0D=0A?= "])
def test_no_word_of_any_text_adds_a_header_by_its_subject(text, between):
    names = {name for _, name, _, _ in string.Formatter().parse((TEXTS / f"{text}.txt").read_text()) if name}
    hostile = f"LE-1{between}Bcc: eve@example.test{between}X-Injected: yes"
    written = FolderTexts(TEXTS).write(text, dict.fromkeys(names, hostile))

    made = MailServer(host="127.0.0.1", port=1, sender="desk@example.test", domain="desk.example")._message(
        written, to="ivan@example.test", id="7", at=NOW
    )

    got = email.message_from_bytes(made.as_bytes(), policy=email.policy.default)
    assert got["Bcc"] is None
    assert got["X-Injected"] is None
    assert not {"\r", "\n"} & set(got["Subject"])
    assert got["To"] == "ivan@example.test"


@given(st.text(alphabet=string.printable + "é\u2028", max_size=40))
def test_what_could_be_two_addresses_or_a_header_is_no_address(text):
    if is_mail_address(text):
        assert text.isascii()
        assert not set(text) & set(' \r\n\t,;:<>()[]"\\')
        assert text.count("@") == 1


# Webhooks.


def test_a_webhook_is_posted_signed_over_its_time_and_its_body(hook):
    Webhooks(secret=SECRET).send(TEXT, to=hook.url, id="7", at=NOW)

    headers, body = hook.came[0]
    stamp = headers["Desk-Timestamp"]
    right = hmac.new(SECRET.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    assert headers["Desk-Signature"] == f"v1={right}"
    assert headers["Idempotency-Key"] == "7"
    assert int(stamp) == int(NOW.timestamp())
    assert json.loads(body) == {"id": "7", "subject": TEXT.subject, "text": TEXT.body}


@pytest.mark.parametrize("code", [302, 307, 400, 404, 500, 503])
def test_an_answer_other_than_well_is_a_failure_and_a_redirection_is_not_followed(hook, code):
    hook.answers = [code]

    with pytest.raises(NoWebhook, match=str(code)):
        Webhooks(secret=SECRET).send(TEXT, to=hook.url, id="7", at=NOW)

    assert len(hook.came) == 1


def test_a_webhook_that_hangs_is_not_waited_for(hook):
    hook.hangs = True

    with pytest.raises(NoWebhook):
        Webhooks(secret=SECRET, seconds=0.2).send(TEXT, to=hook.url, id="7", at=NOW)


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("https://hooks.example/desk?a=1", True),
        ("http://127.0.0.1:8080/x", True),
        ("http://localhost/x", True),
        ("http://hooks.example/x", False),
        ("http://169.254.169.254/x", False),
        ("https://user:secret@hooks.example/x", False),
        ("https://hooks.example:99999/x", False),
        ("https://hooks.example/a b", False),
        ("https://hooks.example/a\nb", False),
        ("ftp://hooks.example/x", False),
        ("https:///x", False),
        ("", False),
    ],
)
def test_a_webhook_is_an_https_address_or_on_this_machine(address, good):
    assert is_webhook_address(address) is good


# Texts.


def test_every_text_has_a_subject_and_words_that_name_nobody():
    # Of names none but the company's.
    allowed = {"reference", "days", "day", "link", "due", "step", "company", "house", "contact"}
    for path in sorted(TEXTS.glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        names = {name for _, name, _, _ in string.Formatter().parse(text) if name}
        assert names <= allowed, path.name
        written = FolderTexts(TEXTS).write(path.stem, dict.fromkeys(names, "x"))
        assert written.subject
        assert written.body


@pytest.mark.parametrize("name", ["../settings", "", "no_such_text"])
def test_a_text_that_is_not_there_is_said_to_be_missing(name):
    with pytest.raises(BadText):
        FolderTexts(TEXTS).write(name, WORDS)


# From the outbox.


class Sending:
    """A house with a post, and its outbox."""

    def __init__(self, engine, box) -> None:
        self.house = ActingHouse(engine)
        self.engine = engine
        self.post = HousePost(
            texts=FolderTexts(TEXTS), mail=a_server(box), webhooks=Webhooks(secret=SECRET), now=lambda: self.house.now
        )
        ledger = self.house.ledger
        missing = dict.fromkeys(("store", "vault", "spool", "scratch", "signer"))
        self.outside = Outside(unit_of_work=ledger.unit_of_work, reading=ledger.reading, post=self.post, **missing)

    def add(self, to, key="k", template="case_unclaimed", **words):
        message = Message(key=key, to=to, template=template, words=WORDS | words)
        with self.house.ledger.unit_of_work() as work:
            work.messages.add(message, id=key, at=work.now())

    def joins(self, who, **more):
        mail = more.pop("mail", f"{who}@example.test")
        new = Person(id=who, name=who, mail=mail, roles=frozenset({Role.LAWYER}), since=NOW, **more)
        self.house.act(lambda work: work.staff.add(new))

    def on_call(self, *duties):
        self.house.act(lambda work: work.roster.replace(duties))

    def turn(self, after=timedelta(0)):
        self.house.now += after
        send_what_is_due(self.outside)

    def rows(self):
        with self.engine.connect() as connection:
            return {row.key: row for row in connection.execute(select(messages))}


@pytest.fixture
def sending(engine, box):
    return Sending(engine, box)


def test_what_is_due_is_sent_once(sending, box, hook):
    sending.add("ivan@example.test", key="mail")
    sending.add(hook.url, key="hook")

    sending.turn()
    sending.turn(timedelta(days=1))

    assert [sent(box)["Message-ID"]] * len(box.taken) == ["<mail@desk.example>"]
    assert [each["id"] for each in hook.said] == ["hook"]
    assert {row.sent_at is not None for row in sending.rows().values()} == {True}


def test_a_server_that_fails_is_asked_again_after_longer_and_longer_pauses(sending, hook):
    hook.answers = [500, 500, 500]
    sending.add(hook.url)

    at = []
    for _ in range(600):
        before = len(hook.came)
        sending.turn(timedelta(seconds=5))
        if len(hook.came) > before:
            at.append((sending.house.now - NOW).total_seconds())
        if sending.rows()["k"].sent_at:
            break

    pauses = [later - earlier for earlier, later in itertools.pairwise(at)]
    assert pauses == [30, 60, 120]
    assert sending.rows()["k"].sent_at is not None
    assert {headers["Idempotency-Key"] for headers, _ in hook.came} == {"k"}


def test_what_fails_for_days_is_tried_each_hour_and_never_given_up():
    message = Message(key="k", to="ivan@example.test", template="case_unclaimed")

    pauses = [Outgoing(id="k", at=NOW, tries=tries, message=message).pause for tries in (0, 1, 7, 50, 100_000)]

    assert pauses == [timedelta(seconds=30), timedelta(minutes=1), *[timedelta(hours=1)] * 3]


def test_one_that_was_killed_between_sending_and_recording_is_sent_again_under_the_same_id(sending, box, monkeypatch):
    sending.add("ivan@example.test")

    with monkeypatch.context() as killed:
        killed.setattr("requests_portal.database.messages.SqlMessages.sent", _die)
        with pytest.raises(SystemExit):
            sending.turn()
    sending.turn()

    assert [sent(box, number)["Message-ID"] for number in range(2)] == ["<k@desk.example>"] * 2
    assert sending.rows()["k"].sent_at is not None


def _die(*_arguments, **_named):
    raise SystemExit


def test_a_server_that_is_cut_off_after_it_took_a_mail_gets_it_again_under_the_same_id(sending, box):
    box.drops_after_data = True
    sending.add("ivan@example.test")

    sending.turn()
    box.drops_after_data = False
    sending.turn(timedelta(minutes=1))

    assert {sent(box, number)["Message-ID"] for number in range(2)} == {"<k@desk.example>"}
    assert sending.rows()["k"].sent_at is not None


def test_one_message_that_cannot_be_sent_keeps_no_other_one_back(sending, box):
    sending.add("ivan@example.test", key="bad", template="no_such_text")
    sending.add("ivan@example.test", key="good")

    sending.turn()

    assert len(box.taken) == 1
    assert "no_such_text" in sending.rows()["bad"].failure
    assert sending.rows()["good"].sent_at is not None


@pytest.mark.parametrize("to", ["ivan", ""])
def test_a_colleague_and_whoever_is_on_call_are_found_on_the_roster(sending, box, to):
    with sending.house.ledger.unit_of_work() as work:
        work.roster.replace([IVAN])
    sending.add(to)

    sending.turn()

    assert sent(box)["To"] == "ivan@example.test"


def test_somebody_who_is_on_no_roster_is_stood_in_for_by_whoever_is_on_call(sending, box):
    with sending.house.ledger.unit_of_work() as work:
        work.roster.replace([IVAN])
    sending.add("maya")

    sending.turn()

    assert sent(box)["To"] == "ivan@example.test"


def test_a_colleague_is_mailed_at_their_own_address_and_not_whoever_is_on_call(sending, box):
    sending.joins("maya")
    sending.on_call(IVAN)
    sending.add("maya")

    sending.turn()

    assert [taken["To"] for taken in (sent(box, each) for each in range(len(box.taken)))] == ["maya@example.test"]


def test_what_the_roster_knows_by_their_address_reaches_them_too(sending, box, hook):
    sending.joins("0198", mail="maya@example.test")
    sending.on_call(IVAN, replace(IVAN, who="maya@example.test", mail="", webhook=hook.url))
    sending.add("0198")

    sending.turn()

    assert [sent(box)["To"], len(hook.said)] == ["maya@example.test", 1]


def test_who_has_left_is_mailed_nothing_though_the_roster_still_names_them(sending, box):
    sending.joins("maya", left_at=NOW)
    sending.on_call(replace(IVAN, who="maya", mail="maya@example.test", order=2), IVAN)
    sending.add("maya")

    sending.turn()

    assert [sent(box)["To"], len(box.taken)] == ["ivan@example.test", 1]


@pytest.mark.parametrize(
    ("here", "mailed"),
    [(("maya", "tomas"), "maya"), (("tomas",), "tomas"), ((), None)],
    ids=["who has it", "other", "no one"],
)
def test_the_reference_of_a_sealed_request_leaves_to_nobody_but_whom_it_names(sending, box, here, mailed):
    case = sending.house.file()
    sending.house.act(name_people, case.id, [MAYA.id, TOMAS.id], by=MAYA)
    sending.on_call(IVAN)
    for each in here:
        sending.joins(each)
    sending.add("maya", reference=case.reference)

    sending.turn()

    assert [sent(box, each)["To"] for each in range(len(box.taken))] == ([f"{mailed}@example.test"] if mailed else [])
    assert case.reference not in sending.rows()["k"].failure
    assert bool(sending.rows()["k"].failure) == (mailed is None)


def test_where_nobody_is_on_call_the_message_waits_and_says_so(sending, box):
    sending.add("")

    sending.turn()

    assert box.taken == []
    assert "Nobody is on call" in sending.rows()["k"].failure


def test_what_the_settings_name_nothing_for_waits_and_says_what_is_missing(sending, hook):
    sending.outside = replace(sending.outside, post=replace(sending.post, mail=None))
    sending.add("ivan@example.test")

    sending.turn()

    assert "mail_host" in sending.rows()["k"].failure
    with pytest.raises(Refused, match="mail_host"):
        sending.outside.post.send(
            Outgoing(id="k", at=NOW, tries=0, message=Message(key="k", to="", template="case_unclaimed")),
            to="ivan@example.test",
        )


@pytest.fixture
def ivan_has_both(sending, hook):
    """Somebody on call who is reached by mail and by webhook."""
    with sending.house.ledger.unit_of_work() as work:
        work.roster.replace([replace(IVAN, webhook=hook.url)])
    sending.add("ivan")


@pytest.mark.usefixtures("ivan_has_both")
def test_a_dead_mail_server_keeps_no_webhook_back_and_repeats_none(sending, box, hook):
    box.refuses = ["451 not now"] * 99

    for _ in range(4):
        sending.turn(timedelta(hours=1))
    box.refuses = []
    sending.turn(timedelta(hours=1))
    sending.turn(timedelta(hours=1))

    assert (len(hook.came), len(box.taken)) == (1, 1)
    assert {row.sent_at is not None for row in sending.rows().values()} == {True}


@pytest.mark.usefixtures("ivan_has_both")
def test_a_dead_webhook_repeats_no_mail(sending, box, hook):
    hook.answers = [500] * 4

    for _ in range(6):
        sending.turn(timedelta(hours=1))

    assert (len(box.taken), len({headers["Idempotency-Key"] for headers, _ in hook.came}), len(hook.came)) == (1, 1, 5)
    assert sent(box)["Message-ID"] != f"<{hook.said[0]['id']}@desk.example>"


@pytest.mark.usefixtures("ivan_has_both")
def test_two_workers_that_find_a_message_at_once_address_it_once(sending):
    with sending.house.ledger.reading() as work:
        (found,) = work.messages.due(work.now(), limit=9)

    for other in ("b", "c"):
        addresses = {found.id: "ivan@example.test", other: "https://hooks.example/ivan"}
        sending.house.act(lambda work, to=addresses: work.messages.address(found, to))

    assert sorted(row.to for row in sending.rows().values()) == ["https://hooks.example/ivan", "ivan@example.test"]


@pytest.mark.usefixtures("ivan_has_both")
def test_what_was_written_twice_for_one_reason_is_sent_once_though_it_went_to_two_addresses(sending, box, hook):
    sending.turn()

    sending.add("ivan")
    sending.turn(timedelta(hours=1))

    assert (len(hook.came), len(box.taken)) == (1, 1)
