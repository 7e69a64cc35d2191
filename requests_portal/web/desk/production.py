"""One production: how far it has come, what it holds, and stopping or restarting it."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from flask import make_response, render_template, request
from werkzeug.wrappers import Response

from requests_portal.model.actor import Act
from requests_portal.model.case import Case
from requests_portal.model.downloads import sent
from requests_portal.model.production import (
    PRODUCTION_MOVES,
    ArchivedCopy,
    Production,
    ProductionState,
    Receipt,
    Release,
    SignedDocument,
)
from requests_portal.web import display
from requests_portal.web.acts import does, person, see_other
from requests_portal.web.desk import wording
from requests_portal.web.desk.blueprint import pages
from requests_portal.web.desk.case import crumbs
from requests_portal.web.desk.case_words import gathering, items_words, name_in
from requests_portal.web.desk.schema import ReasonSchema
from requests_portal.web.forms import loaded, typed
from requests_portal.web.portal import the_portal
from requests_portal.web.public.documents import titled, volume_words
from requests_portal.work import produce, wait
from requests_portal.work.draw import forget
from requests_portal.work.release import ENVELOPE
from requests_portal.work.replace import replace_production
from requests_portal.work.views.desk import ProductionView

_S = ProductionState
# The states in which work goes on without anybody.
WORKING = frozenset({_S.RESERVED, _S.GATHERING, _S.CERTIFIED, _S.SEALING, _S.WAITING, _S.SIGNED})


@pages.get("/requests/<reference>/productions/<int:number>")
@does(Act.READ_CASE)
def production(reference: str, number: int) -> str:
    """A production, its progress and its documents."""
    found, view = the_portal().desk.production(reference, number, by=person())
    return render_template("progress.html", **page_of(found, view))


@pages.get("/requests/<reference>/productions/<int:number>/progress")
@does(Act.READ_CASE)
def progress(reference: str, number: int) -> Response:
    """The part of the page that changes while work goes on; X-Done says that nothing more will come."""
    found, view = the_portal().desk.production(reference, number, by=person())
    answer = make_response(render_template("progress_part.html", **page_of(found, view)))
    if view.production.state not in WORKING:
        answer.headers["X-Done"] = "1"
    return answer


@pages.post("/requests/<reference>/productions/<int:number>/cancel")
@does(Act.PRODUCE)
def cancel(reference: str, number: int) -> Response:
    """Stop a production that is not signed."""
    _, view = the_portal().desk.production(reference, number, by=person())
    with the_portal().outside.unit_of_work() as work:
        produce.cancel(work, view.production.id, by=person())
    forget(the_portal().outside, view.production.id)
    return see_other("casework.production", reference=reference, number=number)


@pages.post("/requests/<reference>/productions/<int:number>/try-now")
@does(Act.PRODUCE)
def try_now(reference: str, number: int) -> Response:
    """Try a waiting production at once."""
    _, view = the_portal().desk.production(reference, number, by=person())
    with the_portal().outside.unit_of_work() as work:
        wait.try_now(work, view.production.id, by=person())
    return see_other("casework.production", reference=reference, number=number)


@pages.post("/requests/<reference>/productions/<int:number>/retry")
@does(Act.PRODUCE)
def retry(reference: str, number: int) -> Response:
    """Start a stopped production again."""
    _, view = the_portal().desk.production(reference, number, by=person())
    with the_portal().outside.unit_of_work() as work:
        produce.retry(work, view.production.id, by=person())
    return see_other("casework.production", reference=reference, number=number)


@pages.post("/requests/<reference>/productions/<int:number>/replace")
@does(Act.PRODUCE)
def replace_it(reference: str, number: int) -> Response | tuple[str, int]:
    """Reserve another production in the place of a released one."""
    found, view = the_portal().desk.production(reference, number, by=person())
    said, errors = loaded(ReasonSchema(), typed(ReasonSchema(), request.form))
    if errors:
        return render_template("progress.html", **page_of(found, view), errors=errors, has_errors=True), 422
    with the_portal().outside.unit_of_work() as work:
        made = replace_production(work, view.production.id, reason=said["reason"], by=person())
    return see_other("casework.production", reference=reference, number=made.number)


def page_of(found: Case, view: ProductionView) -> dict[str, Any]:
    """Everything a page of a production is given."""
    made, by = view.production, person()
    zone = ZoneInfo(the_portal().zone)
    return {
        "case": found,
        "crumbs": crumbs(found),
        "production": made,
        "view": view,
        "base": f"/requests/{found.reference}/productions/{made.number}",
        "state": wording.PRODUCTION_STATES[made.state],
        "items": items_words(view),
        "bates": bates(view),
        "working": made.state in WORKING,
        "stages": stages(view),
        "documents": [_document(view, each, zone) for each in view.documents],
        "releases": [_release(view, each, zone) for each in view.releases],
        "may_cancel": by.may(Act.PRODUCE) and ProductionState.CANCELLED in PRODUCTION_MOVES[made.state],
        "next_try": display.moment(made.next_try_at, zone) if made.next_try_at else None,
        "may_try_now": by.may(Act.PRODUCE) and made.state is ProductionState.WAITING,
        "may_retry": by.may(Act.PRODUCE) and made.state is ProductionState.FAILED,
        "may_replace": by.may(Act.PRODUCE) and made.state is ProductionState.RELEASED,
        "may_certify": by.may(Act.CERTIFY) and made.state is ProductionState.GATHERED,
        "recalled": view.recalled,
        "recall_facts": _recall_facts(view, zone),
        "may_recall": by.may(Act.RECALL) and made.state is ProductionState.RELEASED and not view.recalled,
        "may_handle_links": by.may(Act.RELEASE),
        "may_release": by.may(Act.RELEASE) and made.state is ProductionState.OFFERED,
    }


def bates(view: ProductionView) -> str:
    """The production's Bates numbers, first to last, each kept on one line."""
    given = [*(item.bates for item in view.production.items), *(each.bates for each in view.production.record_sets)]
    numbers = [each.replace("-", "\N{NON-BREAKING HYPHEN}") for each in given]
    if not numbers:
        return ""
    return numbers[0] if len(numbers) == 1 else f"{numbers[0]} to {numbers[-1]}"


def stages(view: ProductionView) -> list[dict[str, Any]]:
    """The five steps of a production, each done, now or later."""
    made = view.production
    at = _AT[made.state]
    told = [
        ("Reserve the Bates numbers", bates(view) or "A letter has no Bates numbers."),
        ("Gather and verify every byte", _gathered(view)),
        ("The custodian certifies", _certified(made)),
        ("Write, sign and verify", "Each document is read back from the vault and verified before it counts."),
        ("Release to the requester", "A person releases it; nothing leaves by itself."),
    ]
    return [
        {
            "title": title,
            "body": body,
            "state": "done" if number < at else "now" if number == at else "later",
            "progress": _progress(view, number) if number == at else None,
        }
        for number, (title, body) in enumerate(told)
    ]


_AT = {
    _S.RESERVED: 1,
    _S.GATHERING: 1,
    _S.FAILED: 1,
    _S.CANCELLED: 9,
    _S.GATHERED: 2,
    _S.CERTIFIED: 3,
    _S.SEALING: 3,
    _S.WAITING: 3,
    _S.SIGNED: 3,
    _S.OFFERED: 4,
    _S.RELEASED: 5,
}


def _progress(view: ProductionView, number: int) -> tuple[str, str, int, int | None] | None:
    made = view.production
    if made.state not in WORKING or made.state is _S.WAITING:
        return None
    return gathering(view) if number == 1 else _sealing(view)


def _sealing(view: ProductionView) -> tuple[str, str, int, int | None]:
    done, total, _ = view.progress.get("seal", (0, 0, 0.0))
    if total < 2:  # noqa: PLR2004 — one document has no parts to count
        return "sealing", "Writing and signing", 0, None
    return "sealing", f"{done} of {total} documents written, signed and verified", done, total


def _gathered(view: ProductionView) -> str:
    made, held = view.production, items_words(view).capitalize()
    if made.gathered_at is None:
        return "Every recording is read in its exact version and compared with the digest in the catalogue."
    wrong = len(made.discrepancies)
    return f"{held}." if wrong else f"{held}; all as catalogued."


def _certified(made: Production) -> str:
    if made.certificate is not None:
        return f"Signed off by {made.certificate.custodian_name}."
    return "The custodian of records signs off the certificate." if made.needs_certificate else "A letter needs none."


def _document(view: ProductionView, document: SignedDocument, zone: ZoneInfo) -> dict[str, Any]:
    copy = next((each for each in view.archived if (each.volume, each.kind) == (document.volume, document.kind)), None)
    return {
        "title": wording.DOCUMENTS[document.kind] + volume_words(document, view.documents),
        "facts": [
            ("Pages", display.number(document.pages)),
            ("Size", display.size(document.size)),
            ("Signed", display.moment(document.signed_at, zone)),
            ("Timestamp", _timestamp(document, copy)),
            ("Archived copy", f"Kept, timestamped {display.moment(copy.stamped_at, zone)}" if copy else "Not made yet"),
            ("Kept until", display.moment(document.kept_until, zone) if document.kept_until else "not read back"),
        ],
        "sha256": document.sha256,
    }


def _timestamp(document: SignedDocument, copy: ArchivedCopy | None) -> str:
    if document.timestamped:
        return "In the signature"
    return "Missing; added to the archived copy" if copy else "Missing; the archived copy gets one"


def _release(view: ProductionView, given: Release, zone: ZoneInfo) -> dict[str, Any]:
    receipts = [each for each in view.receipts if each.release == given.id]
    later = any(each.recipient == given.recipient and each.issue > given.issue for each in view.releases)
    return {
        "id": given.id,
        "recipient": given.recipient,
        "issue": given.issue,
        "live": given.is_live,
        "latest": not later,
        "encrypted": bool(given.certificate),
        "expires": display.moment(given.expires_at, zone),
        "facts": _release_facts(given, zone),
        "sent": [_sent(name, receipts, size) for name, size in _sizes(view, given).items()],
        "receipts": [
            {
                "document": _document_name(each.document),
                "at": display.moment(each.at, zone),
                "bytes": display.size(each.last_byte - each.first_byte + 1),
            }
            for each in receipts
        ],
    }


def _recall_facts(view: ProductionView, zone: ZoneInfo) -> list[tuple[str, str]]:
    made = view.recalled
    if made is None:
        return []
    later = [("Replaced by", f"Production {view.replaced_by}")] if view.replaced_by else []
    return [
        ("Recalled", f"{display.moment(made.at, zone)}, {name_in(the_portal().staff(), made.by)}"),
        *later,
        ("Reason", made.because),
    ]


def _release_facts(given: Release, zone: ZoneInfo) -> list[tuple[str, str]]:
    staff = the_portal().staff()
    facts = [
        ("Released", display.moment(given.at, zone)),
        ("By", name_in(staff, given.by)),
        ("Issue", str(given.issue)),
        ("Link ends", display.moment(given.expires_at, zone)),
    ]
    if given.certificate:
        facts.append(("Encrypted", "For the recipient's certificate; nothing else leaves through this link"))
    if given.is_locked:
        facts.append(("Locked", "A wrong PIN was typed five times; give them a new link"))
    elif given.wrong_pins:
        facts.append(("Wrong PINs", display.number(given.wrong_pins)))
    if given.revoked_at is not None:
        facts.append(("Revoked", f"{display.moment(given.revoked_at, zone)}, {name_in(staff, given.revoked_by)}"))
        facts.append(("Reason", given.revoked_because))
    return facts


def _sizes(view: ProductionView, given: Release) -> dict[str, int]:
    """Each document of the production by the name it has in receipts, with the size it leaves with."""
    if given.certificate:
        return {f"{each.document}{ENVELOPE}": each.size for each in view.envelopes if each.release == given.id}
    return {each.name: each.size for each in view.documents}


def _sent(name: str, receipts: Sequence[Receipt], size: int) -> tuple[str, str]:
    """A document and how often it left, in words."""
    found = sent([each for each in receipts if each.document == name], size)
    words = display.count(found.complete, "complete download")
    if found.partial:
        words += " and a part of one" if found.complete else ", a part of one"
    return _document_name(name), f"{words}, {display.size(found.size)} in all"


def _document_name(name: str) -> str:
    plain = name.removesuffix(ENVELOPE)
    return titled(plain, wording.DOCUMENTS) + (", encrypted" if plain != name else "")
