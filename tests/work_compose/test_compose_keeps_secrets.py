"""Nothing internal leaves: words put in every inner place of a case are searched for in all that is sent."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO

import numpy as np
import pikepdf
import pypdfium2
import pytest
import soundfile
from who_asks import confirm_who_asks

from requests_portal import enact
from requests_portal.app import worker
from requests_portal.model.production import ProductionState
from requests_portal.play import recorded_play
from requests_portal.storage.catalogue_csv import ManifestRow
from requests_portal.walkthrough import CAST, _desk, _stock
from requests_portal.work.approve import refuse_approval
from requests_portal.work.assign import wait_for_requester
from requests_portal.work.decide import Choice, Ruling, decide, raised_grounds

AT = datetime.now(UTC).replace(microsecond=0)
EVENT = AT - timedelta(days=40)
OURS, THEIRS, VISITORS = "ZINNIA", "QUINCE", "MEDLAR"
SECRETS = {
    "how the requester was checked": "SENTINEL-CHECK",
    "the reasons of the decision": "SENTINEL-REASONS",
    "the second lawyer's refusal": "SENTINEL-REFUSAL",
    "what we waited for": "SENTINEL-WAIT",
    "another case": "SENTINEL-OTHER-CASE",
    "what an account of somebody else recorded": THEIRS,
    "who approved": CAST.second.name,
    "who filed": CAST.clerk.name,
}


def a_row(folder, number, **told) -> ManifestRow:
    path = folder / f"{number}.wav"
    soundfile.write(path, 0.2 * np.sin(np.arange(2000) * (number + 3) / 40), 8000)
    usual = {
        "path": path,
        "account": "A-88310-4",
        "customer_name": "Juniper Marsh",
        "device": "Kitchen",
        "recorded_at": EVENT + timedelta(minutes=number),
        "transcript": f"{OURS} {number}",
        "speaker": "account holder",
        "human_reviewed": None,
        "media_type": "audio/wav",
        "seconds": 0.25,
        "line": number + 2,
    }
    return ManifestRow(**(usual | told))


@pytest.fixture(scope="module")
def sent(tmp_path_factory):
    """The bundle and letter for an authority, and the bundle for the customer, as bytes."""
    folder = tmp_path_factory.mktemp("secrets")
    rows = [a_row(folder, number) for number in range(12)]
    rows.append(a_row(folder, 20, recorded_at=EVENT + timedelta(minutes=20), speaker="visitor", transcript=VISITORS))
    rows.append(a_row(folder, 21, recorded_at=EVENT - timedelta(days=120), transcript="SENTINEL-OUTSIDE"))
    rows.append(a_row(folder, 22, account="A-51862-3", customer_name="Marlow", transcript=THEIRS))
    play = recorded_play(rows, AT)
    access = replace(play.access, facts={**play.access.facts, "other_voices_consented": []})
    with _desk(folder / "desk") as desk:
        _stock(desk, play)
        other = replace(play.warrant, title="SENTINEL-OTHER-CASE", key="other")
        enact.file(desk, other, papers=(), by=CAST.clerk)
        with worker(desk, name="secrets"):
            yield {
                "demand": _sent(desk, replace(play.warrant, checked="SENTINEL-CHECK")),
                "access": _sent(desk, replace(access, checked="SENTINEL-CHECK")),
            }


def _sent(desk, scenario) -> dict[str, bytes]:
    case = enact.file(desk, scenario, papers=(), by=CAST.clerk)
    with desk.ledger.unit_of_work() as work:
        wait_for_requester(work, case.id, for_what="SENTINEL-WAIT", by=CAST.lawyer)
    with desk.ledger.unit_of_work() as work:
        confirm_who_asks(work, case.id, how="SENTINEL-CHECK", by=CAST.clerk)
    decided = _decided(desk, case.id)
    if decided.decision.approval_needed:
        with desk.ledger.unit_of_work() as work:
            digest = decided.decision.digest
            refuse_approval(work, case.id, digest=digest, reason="SENTINEL-REFUSAL", by=CAST.second)
        _decided(desk, case.id)
        enact.approve_it(desk, case.id, by=CAST.second)
    return _documents(desk, case.id)


def _decided(desk, case_id):
    with desk.ledger.unit_of_work() as work:
        case = work.cases.get(case_id, by=CAST.lawyer)
        choices = {record.line.id: Choice(move="accept") for record in case.assessment.lines}
        ruling = Ruling(choices=choices, grounds=raised_grounds(case.assessment), reasons="SENTINEL-REASONS")
        return decide(work, case_id, ruling, by=CAST.lawyer)


def _documents(desk, case_id) -> dict[str, bytes]:
    for production in enact.settled(desk, case_id, until=enact.patience(120)):
        if production.state is ProductionState.GATHERED:
            enact.sign_off(desk, production.id, by=CAST.custodian)
        else:
            assert production.state is ProductionState.OFFERED, production.failure
            with desk.ledger.reading() as work:
                signed = work.productions.documents(production.id)
            vault = desk.outside.vault
            return {str(each.kind): b"".join(vault.read_bundle(each.key, each.version_id)) for each in signed}
    raise AssertionError("it did not settle")


def everything(data: bytes) -> str:
    """All that can be read from a PDF: its bytes, every stream unpacked, every string, the words on its pages."""
    found = [data.decode("latin-1")]
    with pypdfium2.PdfDocument(data) as pages:
        found += [page.get_textpage().get_text_range() for page in pages]
    with pikepdf.open(BytesIO(data)) as pdf:
        for each in pdf.objects:
            if isinstance(each, pikepdf.Stream):
                raw = each.read_bytes()
                found += [raw.decode("latin-1"), raw.decode("utf-8", "ignore"), raw.decode("utf-16-be", "ignore")]
            else:
                found.append(_strings(each))
    return "\n".join(found)


def _strings(value) -> str:
    if isinstance(value, pikepdf.Dictionary):
        return "\n".join(_strings(each) for _, each in value.items() if not getattr(each, "is_indirect", False))
    if isinstance(value, pikepdf.Array):
        return "\n".join(_strings(each) for each in value if not getattr(each, "is_indirect", False))
    return str(value)


@pytest.mark.parametrize("where", SECRETS)
@pytest.mark.parametrize("track", ["demand", "access"])
def test_what_is_internal_is_nowhere_in_what_is_sent(sent, track, where):
    for data in sent[track].values():
        assert SECRETS[where] not in everything(data)


def test_the_search_finds_what_does_leave(sent):
    found = everything(sent["demand"]["bundle"])

    assert sent["demand"].keys() == {"bundle", "objection_letter"}
    assert f"{OURS} 3" in found
    assert CAST.lawyer.name in found
    assert VISITORS in found


def test_what_lies_outside_the_proposal_stays_here(sent):
    assert "SENTINEL-OUTSIDE" not in everything(sent["demand"]["bundle"])
    assert "SENTINEL-OUTSIDE" in everything(sent["access"]["bundle"])


def test_words_of_a_visitor_who_has_not_agreed_stay_here(sent):
    found = everything(sent["access"]["bundle"])

    assert VISITORS not in found
    assert "must not harm the other people heard in it" in found


def test_a_customers_bundle_says_nothing_of_the_demand(sent):
    found = everything(sent["access"]["bundle"]).lower()

    assert "search warrant" not in found
    assert "pinecone" not in found
    assert "le-2026" not in found
