"""Nothing that a customer can read, count or be told differs because of a demand they must not know of (I6)."""

import itertools
import re

import pytest
from a_house import INES, JUNIPER, MARLOW, MARSH, MAYA, ActingHouse

from legal_rules.scope import ALWAYS, EVERY, Scope
from requests_portal.database.engine import connect
from requests_portal.errors import Refused
from requests_portal.model.listening import Purpose
from requests_portal.work.assign import assign
from requests_portal.work.listen import grant, play
from requests_portal.work.release import in_account

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
SHA256 = re.compile(r"[0-9a-f]{64}")
PSEUDONYM = re.compile(r"\b[0-9a-f]{20}\b")


def session(house, *, secret):
    """Juniper asks for her data and gets them; everything she is shown or refused on the way, in order.

    With `secret` her recordings are demanded, held, heard, produced and released to a sheriff meanwhile.
    """
    seen = []
    seen.append(looked(house))
    if secret:
        demand = house.cleared(house.file())
    own = house.ask()
    seen.append(house.case(own.id, by=JUNIPER))
    if secret:
        house.act(assign, demand.id, to="maya", by=INES)
        heard(house, demand)
        house.gather(demand)
        house.certify(demand)
        house.sign(demand)
        house.release(demand, token="sheriff's")
        seen_by_nobody(house, demand)
    house.offered(own)
    seen.append(house.case(own.id, by=JUNIPER))
    house.release(own, recipient=MARSH.name, token="own")
    with house.ledger.reading() as work:
        opened = in_account(work, house.production(own.id).id, by=JUNIPER)
    seen += [opened.case, opened.production, opened.documents, opened.release.expires_at]
    if secret:
        house.file()
    second = house.ask()
    seen += [house.case(second.id, by=JUNIPER), looked(house)]
    return said(seen)


def looked(house):
    """Her recordings and her clocks, as a customer's pages read them."""
    with house.ledger.reading() as work:
        found = list(work.catalogue.find(Scope(frozenset({MARSH.account}), EVERY, EVERY, ALWAYS)))
        return found, [work.catalogue.get(each.id, by=JUNIPER) for each in found], work.customers.get(MARSH.account)


def heard(house, demand):
    """A lawyer listens to what is to leave."""
    recording = house.production(demand.id).items[0].recording
    house.act(grant, demand.id, recording, purpose=Purpose.CHECK_SCOPE, words="", by=MAYA)
    house.act(play, demand.id, recording, from_ms=0, to_ms=1000, by=MAYA)


def seen_by_nobody(house, demand):
    for by in (JUNIPER, MARLOW):
        with house.ledger.reading() as work, pytest.raises(Refused):
            work.cases.get(demand.id, by=by)


def said(seen) -> str:
    """Everything as text; random ids and the digests over them are replaced by the order in which they first appear."""
    text = repr(seen)
    for pattern in (UUID, SHA256, PSEUDONYM):
        names = {name: f"#{number}" for number, name in zip(itertools.count(), dict.fromkeys(pattern.findall(text)))}
        text = pattern.sub(lambda found, names=names: names[found[0]], text)
    return text


def test_a_customer_s_whole_request_is_the_same_with_and_without_a_secret_demand(tmp_path):
    told = []
    for secret in (False, True):
        house = ActingHouse(connect(f"sqlite:///{tmp_path}/{secret}.sqlite"))
        told.append(session(house, secret=secret))

    assert told[0] == told[1]
    assert "HV-5" in told[0]
    assert "DS-2026-0002" in told[0]
