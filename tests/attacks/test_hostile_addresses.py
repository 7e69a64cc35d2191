"""Every parameter of every address, filled with what names nothing: refused plainly, counted, nothing carried on."""

from urllib.parse import unquote, urlencode

import pytest
from a_walker import KeptDesk, Walker
from a_whole_desk import NAMED, ROLES
from an_address import ASTRAY, GONE_ALREADY, NOBODY_S, THEIRS, filled, targets, theirs

from requests_portal.model.actor import Role
from requests_portal.web.acts import OPEN
from requests_portal.web.refusing import COUNTED

HOSTILE = {
    "a way up": "..%2F..%2F..%2F..%2Fetc%2Fpasswd",
    "a way up as Windows has it": "..%5C..%5C..%5Ckeys",
    "a way up that is encoded twice": "%252e%252e%252f%252e%252e%252fkeys",
    "another header": "x%0D%0ASet-Cookie:%20desk=stolen%0D%0AX-Injected:%20yes",
    "a line end": "x%0AX-Injected:%20yes",
    "NUL": "x%00.pdf",
    "no text": "%FF%FE%C0%AF",
    "markup": "%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    "a pattern": "%25%5F*%27%20OR%201=1%20--",
    "too much": "x" * 4000,
}
PLAIN, BROKEN = frozenset({400, 404}), 500


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    made = KeptDesk(tmp_path_factory.mktemp("desk"))
    yield made
    made.engine.dispose()


def who_may(act):
    """Somebody who may do it, on sealed requests too; nobody where anybody may."""
    if act in OPEN:
        return NOBODY_S
    found = (NAMED.get(role, ROLES.get(role)) for role in Role)
    return next(each for each in found if each is not None and each.may(act))


class Try:
    """A route of somebody's, of which one parameter after the other is filled with what names nothing."""

    def __init__(self, desk, rule, method, who) -> None:
        self.desk, self.rule, self.method, self.who = desk, rule, method, who
        self.real = theirs(desk, rule, who)
        self.nothing = next(each for each in targets(desk, rule, who) if each.how == THEIRS).nothing

    def __str__(self) -> str:
        return f"{self.method} {self.rule.rule}"

    def filled_with(self, hostile):
        for name in sorted(self.rule.arguments - set(self.rule.defaults or ())):
            yield filled(self.rule, {**self.real, name: hostile})

    def is_a_route(self, path):
        """Whether it is still an address of ours: what no route takes is nobody's refusal."""
        known = self.desk.app.url_map.bind("desk.example", url_scheme="https")
        return known.test(unquote(path, errors="replace"), self.method)


def named_routes(desk):
    for rule in desk.app.url_map.iter_rules():
        if rule.arguments and rule.endpoint != "static":
            view = desk.app.view_functions[rule.endpoint]
            for method in sorted(rule.methods & {"GET", "POST"}):
                yield rule, method, who_may(view.act)


def counted(desk):
    return sum(each.times for each in desk.act(lambda work: work.refusals.take_all()))


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_what_names_nothing_is_refused_plainly_and_counted(desk, hostile):
    tried = [Try(desk, rule, method, who) for rule, method, who in named_routes(desk)]
    walkers = {who.id: Walker(desk, who, signed_in=who is not NOBODY_S) for _, _, who in named_routes(desk)}
    before, wrong, due = list(desk.rows()), [], 0
    counted(desk)

    for each in tried:
        walker = walkers[each.who.id]
        as_nothing, asked = walker.ask_once(each.method, each.nothing)
        due += asked * (as_nothing.status in COUNTED)
        for path in each.filled_with(hostile):
            answer = walker.ask(each.method, path)
            due += answer.status in COUNTED and each.is_a_route(path)
            if answer.status not in PLAIN | {as_nothing.status, GONE_ALREADY.get((each.rule.endpoint, ASTRAY))}:
                wrong.append(f"{each}: {answer.status}")
            wrong += [f"{each}: {what}" for what in carried(answer)]

    assert not wrong, "\n".join(wrong)
    assert len(tried) > 100
    assert counted(desk) == due
    assert list(desk.rows()) == before


def carried(answer):
    """What of the hostile text came back as more than text."""
    for name, value in answer.headers:
        if name == "X-Injected" or "stolen" in value or {"\r", "\n"} & set(value):
            yield f"it is carried on in {name}"
    for each in (b"<script>alert(1)", b"root:x:", b"Traceback"):
        if each in answer.body:
            yield f"its page holds {each!r}"


# Whatever some page asks of its address after the question mark.
ASKED = """
act after assigned before case code device edition find first from ground iss kept kind last law month next on order
page production recording region return right role save sha256 show since sort stage state view what who
"""
ODD = {
    "a way up": "../../../../etc/passwd",
    "another header": "x\r\nX-Injected: yes\r\nSet-Cookie: desk=stolen",
    "a moment": "9999-12-31T23:59:59.999999999+99:99",
    "a day beyond all days": "0000-00-00",
    "a number beyond all numbers": "9" * 400,
    "a number that is none": "-0x1e9999",
    "digits of another script": "١٢٣٤٥٦",
    "half a character": "\N{REPLACEMENT CHARACTER}\ufffe\u202e",
    "markup": '"><script>alert(1)</script>',
    "a pattern": "%_*' OR 1=1 --",
    "too much": "x" * 4000,
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_what_no_page_asks_for_after_the_question_mark_breaks_no_page(desk, odd):
    asked, walkers, wrong = urlencode(dict.fromkeys(ASKED.split(), odd)), {}, []

    for rule in desk.app.url_map.iter_rules():
        if rule.endpoint == "static" or "GET" not in rule.methods:
            continue
        who = who_may(desk.app.view_functions[rule.endpoint].act)
        walker = walkers.setdefault(who.id, Walker(desk, who, signed_in=who is not NOBODY_S))
        path = next(each for each in targets(desk, rule, who) if each.how == THEIRS).path
        answer = walker.ask("GET", f"{path}?{asked}")
        if answer.status >= BROKEN:
            wrong.append(f"{rule.rule}: {answer.status}")
        wrong += [f"{rule.rule}: {what}" for what in carried(answer)]

    assert not wrong, "\n".join(wrong)
