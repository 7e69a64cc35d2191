"""A link by mail: the same answer for every address, a token in the mail alone, used once; and tries have limits."""

import email
import email.policy
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from a_casework import INES, MARSH, TEMPLATES
from a_mail_server import a_closed_port, mail_server
from an_account import Account
from sqlalchemy import event, select

from requests_portal.database.tables import metadata
from requests_portal.errors import Away
from requests_portal.mail.post import HousePost
from requests_portal.mail.smtp import MailServer
from requests_portal.mail.texts import FolderTexts
from requests_portal.web.application import make_app
from requests_portal.web.client import client_address
from requests_portal.work.limit import Limit, allows
from requests_portal.work.mail_link import ask_for_link, mail_links
from requests_portal.work.sign_in import token_digest

STRANGER = "nobody@example.net"


@pytest.fixture
def box():
    with mail_server() as running:
        yield running


@pytest.fixture
def desk(tmp_path, box):
    return mailing(Account(tmp_path), box.port)


def mailing(desk, port):
    """The desk, whose customers are those of its tables and whose mails go to this port."""
    server = MailServer(host="127.0.0.1", port=port, sender="desk@example.test", domain="desk.example", seconds=2.0)
    post = HousePost(texts=FolderTexts(TEMPLATES / "mail"), mail=server, webhooks=None, now=lambda: desk.now)
    outside = replace(desk.outside, post=post)
    portal = desk.app.extensions["portal"]
    desk.outside = outside
    desk.app = make_app(
        replace(portal, outside=outside, mails=True, staff=lambda: {INES.id: INES}), templates=TEMPLATES
    )
    return desk


def ask(desk, address, visitor=None):
    return (visitor or desk.nobody()).send("/sign-in/mail", page="/sign-in", mail=address)


def mailed(box):
    return [email.message_from_bytes(each[0], policy=email.policy.default) for each in box.taken]


def link_in(mail):
    return re.search(r"https://desk\.example(/sign-in/link/([\w-]{43}))\s", mail.get_content())


def in_table(desk, table):
    with desk.engine.connect() as connection:
        return str(connection.execute(select(metadata.tables[table])).all())


def everything_in(desk):
    with desk.engine.connect() as connection:
        return str([connection.execute(select(each)).all() for each in metadata.sorted_tables])


def test_a_customer_gets_a_link_by_mail_and_is_in_with_one_press(desk, box):
    ask(desk, " Juniper.Marsh@Example.org ")
    mail_links(desk.outside)

    (mail,) = mailed(box)
    link = link_in(mail)
    browser = desk.nobody()
    shown = browser.open(link[1])
    answer = browser.send(link[1], page=link[1])

    assert mail["To"] == MARSH.email
    assert MARSH.name not in mail.get_content()
    assert shown.headers["Referrer-Policy"] == "no-referrer"
    assert (answer.status, answer.location) == (303, "/me/passkeys")
    assert browser.open("/my/requests").status == 200
    assert MARSH.name in browser.open("/my/requests").text


def test_the_token_is_in_the_mail_and_nowhere_else(desk, box):
    ask(desk, MARSH.email)
    before = everything_in(desk)
    mail_links(desk.outside)

    token = link_in(mailed(box)[0])[2]
    assert token not in before + everything_in(desk)
    assert token_digest(token) in everything_in(desk)


def test_a_link_is_used_once_and_within_a_quarter_of_an_hour(desk, box):
    ask(desk, MARSH.email)
    ask(desk, MARSH.email)
    mail_links(desk.outside)
    ask(desk, MARSH.email)
    mail_links(desk.outside)
    first, second = (link_in(each)[1] for each in mailed(box))

    used = [desk.nobody().send(first, page=first).status for _ in range(2)]
    desk.now += timedelta(minutes=15)
    late = desk.nobody().send(second, page=second)

    assert used == [303, 404]
    assert late.status == 404
    assert "This link opens nothing" in late.text
    assert desk.refused("visitor") == [404, 404]


def test_looking_at_a_link_does_not_use_it_up(desk, box):
    ask(desk, MARSH.email)
    mail_links(desk.outside)
    link = link_in(mailed(box)[0])[1]

    for _ in range(3):
        desk.nobody().open(link)

    assert desk.nobody().send(link, page=link).status == 303


def test_an_address_that_nobody_has_reads_and_works_the_same_and_gets_no_mail(desk, box):
    statements = []
    ask(desk, "first@example.net")

    @event.listens_for(desk.engine, "before_cursor_execute")
    def note(_connection, _cursor, statement, *_rest):
        statements.append(statement)

    answers = []
    for address in (MARSH.email, STRANGER):
        visitor = desk.nobody()
        visitor.open("/sign-in")
        statements.clear()
        answers.append((ask(desk, address, visitor).shown, list(statements)))
    mail_links(desk.outside)

    assert answers[0] == answers[1]
    assert [each["To"] for each in mailed(box)] == [MARSH.email]


def test_a_link_that_cannot_be_mailed_now_is_tried_again(desk, box):
    ask(desk, MARSH.email)
    away = mailing(desk, a_closed_port())
    mail_links(away.outside)
    mailing(desk, box.port)

    mail_links(desk.outside)

    assert len(mailed(box)) == 1


def test_links_that_cannot_be_mailed_keep_nobody_else_s_back(desk, box):
    for number in range(40):
        customer = replace(MARSH, account=f"A-{number:05}-0", email=f"n{number}@example.org")
        desk.act(lambda work, each=customer: work.customers.put(each))
        desk.act(lambda work, each=customer: ask_for_link(work, each.email))
    desk.now += timedelta(seconds=1)
    ask(desk, MARSH.email)
    refusing = replace(desk.outside, post=Choosy(desk.outside.post, only=MARSH.email))

    for _ in range(2):
        mail_links(refusing)

    assert [each["To"] for each in mailed(box)] == [MARSH.email]
    mail_links(desk.outside)
    mail_links(desk.outside)
    assert len(mailed(box)) == 41


class Choosy:
    """A post that is away for everybody but one."""

    def __init__(self, post, *, only):
        self.post, self.only = post, only

    def send(self, outgoing, *, to):
        if to != self.only:
            raise Away("Not now.")
        self.post.send(outgoing, to=to)


def test_what_can_never_be_mailed_is_given_up(desk, box):
    desk.act(lambda work: work.customers.put(replace(MARSH, email="no address")))
    desk.act(lambda work: ask_for_link(work, "no address"))

    mail_links(desk.outside)

    assert "no address" not in in_table(desk, "challenges")


def test_after_a_quarter_of_an_hour_nothing_is_mailed_any_more(desk, box):
    ask(desk, MARSH.email)
    away = replace(desk.outside, post=Choosy(desk.outside.post, only=STRANGER))
    for _ in range(3):
        desk.now += timedelta(minutes=5) - timedelta(seconds=1)
        mail_links(away)
    desk.now += timedelta(seconds=3)

    mail_links(desk.outside)

    assert mailed(box) == []
    assert MARSH.email not in in_table(desk, "challenges")


@pytest.mark.parametrize("typed", ["", "juniper", "a" * 300 + "@example.org", "@", "a b@example.org", "a@b\nBcc: c@d"])
def test_what_is_no_address_is_said_to_be_none(desk, typed):
    assert ask(desk, typed).status == 422


def test_a_stranger_who_asks_again_and_again_fills_no_mailbox_and_locks_nobody_out(desk, box):
    answers = [ask(desk, MARSH.email) for _ in range(9)]
    mail_links(desk.outside)
    ask(desk, MARSH.email)
    mail_links(desk.outside)

    (mail,) = mailed(box)
    link = link_in(mail)[1]
    assert {each.status for each in answers} == {200}
    assert len({each.shown for each in answers}) == 1
    assert desk.nobody().send(link, page=link).status == 303


def test_who_asks_for_many_addresses_is_slowed_down_from_where_they_are(desk):
    answers = [ask(desk, f"{number}@example.net").status for number in range(22)]

    assert answers == [200] * 20 + [429] * 2
    assert desk.refused("visitor") == [429, 429]
    desk.now += timedelta(minutes=15)
    assert ask(desk, MARSH.email).status == 200


def test_no_address_stands_in_the_tables_of_tries(desk):
    ask(desk, STRANGER)

    with desk.engine.connect() as connection:
        kept = str(connection.execute(select(metadata.tables["attempts"])).all())
    assert "mail_address:" in kept
    assert STRANGER not in kept
    assert "127.0.0.1" not in kept


def test_without_a_mail_server_nobody_is_offered_a_link(tmp_path):
    plain = Account(tmp_path)

    assert "Mail me a link" not in plain.nobody().open("/sign-in").text
    assert plain.nobody().send("/sign-in/mail", page="/verify", mail=MARSH.email).status == 404


def test_tries_are_counted_together_by_all_and_anew_in_the_next_interval(desk):
    limit = Limit(kind="test", most=2)

    def tries():
        return [desk.act(lambda work: allows(work, limit, "somebody")) for _ in range(3)]

    first = tries()
    another = desk.act(lambda work: allows(work, limit, "somebody else"))
    desk.now += timedelta(minutes=15)

    assert first == [True, True, False]
    assert another
    assert tries() == [True, True, False]


def test_tries_of_the_day_before_are_forgotten_at_whatever_time_somebody_tries(desk):
    desk.act(lambda work: allows(work, Limit(kind="old", most=2), "somebody"))
    desk.now += timedelta(days=1, minutes=16, seconds=7)

    desk.act(lambda work: allows(work, Limit(kind="new", most=2), "somebody"))

    assert "new:somebody" in in_table(desk, "attempts")
    assert "old:somebody" not in in_table(desk, "attempts")


@pytest.mark.parametrize(
    ("remote", "route", "nearest"),
    [
        ("203.0.113.9", ["198.51.100.7"], "203.0.113.9"),
        ("10.0.0.1", ["198.51.100.7"], "198.51.100.7"),
        ("10.0.0.1", ["1.1.1.1", "198.51.100.7", "10.0.0.2"], "198.51.100.7"),
        ("10.0.0.1", ["<script>"], "nowhere"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("2001:db8:1:2:3::4", [], "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", [], "203.0.113.9"),
        (None, [], "nowhere"),
    ],
)
def test_a_client_is_known_by_the_nearest_address_that_is_no_proxy_of_ours(remote, route, nearest):
    assert client_address(remote, route, ("10.0.0.0/8",)) == nearest


def test_a_customer_who_signed_in_by_mail_is_listed_as_such(desk, box):
    ask(desk, MARSH.email)
    mail_links(desk.outside)
    link = link_in(mailed(box)[0])[1]
    browser = desk.nobody()
    browser.send(link, page=link)

    assert "with a link from a mail" in browser.open("/me/sessions").text
