"""The ten steps without a browser: an overbroad warrant and a customer's access request, from filing to release."""

import json
import re
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

from legal_rules.scope import Scope
from requests_portal import enact, invented
from requests_portal.app import Desk, open_desk, worker
from requests_portal.days import now
from requests_portal.demo.settings import demonstration
from requests_portal.demonstration.filing import Scenario
from requests_portal.demonstration.people import INES, MAYA, PRIYA, TOMAS
from requests_portal.enact import Cast
from requests_portal.errors import Conflict
from requests_portal.log_export import export_log
from requests_portal.model.case import Case, Track
from requests_portal.model.production import DocumentKind, Production, ProductionState, SignedDocument
from requests_portal.play import Play, invented_play, recorded_play
from requests_portal.stock import make_store, stock_agencies, stock_people, stock_recordings
from requests_portal.storage.catalogue_csv import read_manifest
from requests_portal.storage.demo_store import DemoStore
from requests_portal.work.decide import proposed_scope
from requests_portal.work.selection import OF_RECORDINGS

CAST = Cast(
    clerk=invented.actor(INES),
    lawyer=invented.actor(MAYA),
    second=invented.actor(TOMAS),
    custodian=invented.actor(PRIYA),
)
SUMMARY = "summary.json"
OURS = ("legal-demand.pdf", "objection-letter.pdf", "access-request.pdf", "certificate.pem", SUMMARY)
# Further volumes of a bundle, and their index.
VOLUME = re.compile(r"(legal-demand|access-request)-(\d+|index)\.pdf")
FOLDERS = ("papers", "audit")
MOST_SECONDS = 600


def walkthrough(out: Path, *, recordings: Path | None = None) -> dict[str, object]:
    """Act the ten steps out and leave bundles, letter, papers, log and summary in `out`; returns the summary."""
    at = now()
    play = invented_play(at) if recordings is None else recorded_play(read_manifest(recordings), at)
    with _unfinished(out.resolve()) as part, tempfile.TemporaryDirectory() as folder, _desk(Path(folder)) as desk:
        _stock(desk, play)
        with worker(desk, name="walkthrough"):
            cases = [_acted(desk, play.warrant, part), _acted(desk, play.access, part)]
        export_log(desk, part / "audit")
        (part / "certificate.pem").write_bytes(b"".join(_roots(desk)))
        with desk.ledger.reading() as work:
            summary: dict[str, object] = {"book": work.book.digest, "cases": cases}
        (part / SUMMARY).write_text(json.dumps(summary, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return summary


@contextmanager
def _unfinished(out: Path) -> Iterator[Path]:
    """A folder beside `out` that takes its place once all is done; until then `out` stays as it was."""
    _refuse_others(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    try:
        (part / "papers").mkdir()
        yield part
        _put_in_place(part, out)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _refuse_others(out: Path) -> None:
    """Refuse a folder that holds something else than an earlier walkthrough."""
    if out.exists() and (not out.is_dir() or any(not _is_ours(each.name) for each in out.iterdir())):
        raise Conflict(f"{out.name} holds other files. Name a new folder.")


def _put_in_place(part: Path, out: Path) -> None:
    """Replace an earlier walkthrough piece by piece; the summary goes first and comes last."""
    out.mkdir(exist_ok=True)
    for old in sorted(out.iterdir(), key=_summary_last, reverse=True):
        if old.is_dir():
            shutil.rmtree(old, ignore_errors=True)
        else:
            old.unlink()
    for new in sorted(part.iterdir(), key=_summary_last):
        new.replace(out / new.name)


def _summary_last(path: Path) -> bool:
    return path.name == SUMMARY


def _is_ours(name: str) -> bool:
    return name in {*OURS, *FOLDERS} or VOLUME.fullmatch(name) is not None


@contextmanager
def _desk(folder: Path) -> Iterator[Desk]:
    store = DemoStore(0, folder)
    store.start()
    try:
        desk = open_desk(demonstration(folder, endpoint=store.endpoint, public_url="https://desk.example"))
        make_store(desk)
        yield desk
    finally:
        store.stop()


def _roots(desk: Desk) -> tuple[bytes, ...]:
    """The certificates to check with: the signer's root and the timestamp authority's."""
    stamping = desk.outside.timestamper.certificates_pem if desk.outside.timestamper else ()
    return (desk.outside.signer.chain_pem[-1], *stamping)


def _stock(desk: Desk, play: Play) -> None:
    stock_people(desk, play.customers, play.record_sets)
    stock_agencies(desk, invented.agencies(desk.ledger.now().date()))
    stock_recordings(desk, play.clips)


def _acted(desk: Desk, scenario: Scenario, out: Path) -> dict[str, object]:
    seconds: dict[str, float] = {}
    case = _decided(desk, scenario, out, seconds)
    for production in enact.settled(desk, case.id, until=enact.patience(MOST_SECONDS)):
        if production.state is ProductionState.GATHERED:
            with _timed(seconds, "certify"):
                enact.sign_off(desk, production.id, by=CAST.custodian)
        elif production.state is ProductionState.OFFERED:
            with _timed(seconds, "release"):
                enact.hand_over(desk, production.id, by=CAST.lawyer)
            with _timed(seconds, "archive"):
                enact.archived(desk, production.id, until=enact.patience(MOST_SECONDS))
            return _summed_up(desk, case.id, production.id, out, seconds)
        else:
            raise Conflict(production.failure or "The production stopped.")
    raise Conflict(f"The production did not finish within {MOST_SECONDS} seconds.")


def _decided(desk: Desk, scenario: Scenario, out: Path, seconds: dict[str, float]) -> Case:
    with _timed(seconds, "file"):
        kept, data = enact.paper(desk, scenario)
        (out / "papers" / kept.filename).write_bytes(data)
        case = enact.file(desk, scenario, papers=(kept,), by=CAST.clerk)
    with _timed(seconds, "assess"):
        enact.check(desk, case.id, how=scenario.checked or "Checked.", by=CAST.clerk)
    with _timed(seconds, "decide"):
        case = enact.accept(desk, case.id, by=CAST.lawyer)
    with _timed(seconds, "approve"):
        enact.approve_it(desk, case.id, by=CAST.second)
    return case


def _summed_up(desk: Desk, case_id: str, production_id: str, out: Path, seconds: dict[str, float]) -> dict[str, object]:
    with desk.ledger.reading() as work:
        case = work.cases.get(case_id, by=CAST.lawyer)
        production = work.productions.get(production_id)
        documents = work.productions.documents(production_id)
        gathered = work.productions.progress(production_id).get("gather", (0, 0, 0.0))
        demanded = _matched(desk, [line.scope for line in case.lines if line.data_class in OF_RECORDINGS])
        proposed = _matched(desk, _proposals(case))
        due = [clock.due for clock in work.clocks.of_case(case_id) if clock.name == "answer"]
    for document in documents:
        if document.kind is DocumentKind.OBJECTION_LETTER and case.track is not Track.LEGAL_DEMAND:
            continue
        with (out / _name(case, document)).open("wb") as file:
            file.writelines(desk.outside.vault.read_bundle(document.key, document.version_id))
    produced = _produced(production)
    bundle = next((each for each in documents if each.kind is DocumentKind.BUNDLE), None)
    return {
        "reference": case.reference,
        "track": str(case.track),
        "demanded": demanded,
        "proposed": proposed,
        "produced": produced,
        "withheld": demanded - produced,
        "due": due[0].astimezone(ZoneInfo(case.zone)).isoformat() if due and due[0] else None,
        "bundle_sha256": bundle.sha256 if bundle else None,
        "bates": _bates(desk, production),
        "seconds": {
            name: round(value, 3)
            for name, value in {**seconds, "gather": gathered[2], **dict(production.seconds)}.items()
        },
    }


def _name(case: Case, document: SignedDocument) -> str:
    """What a document is called in the folder; further volumes and the index are named after the bundle."""
    if document.kind is DocumentKind.OBJECTION_LETTER:
        return "objection-letter.pdf"
    bundle = "legal-demand" if case.track is Track.LEGAL_DEMAND else "access-request"
    if document.kind is DocumentKind.INDEX:
        return f"{bundle}-index.pdf"
    return f"{bundle}.pdf" if document.volume == 1 else f"{bundle}-{document.volume}.pdf"


def _matched(desk: Desk, scopes: Iterable[Scope]) -> int:
    with desk.ledger.reading() as work:
        return len({recording.id for scope in scopes for recording in work.catalogue.find(scope)})


def _proposals(case: Case) -> list[Scope]:
    if case.assessment is None:
        return []
    proposed = [
        proposed_scope(case.assessment, record)
        for record in case.assessment.lines
        if record.line.data_class in OF_RECORDINGS
    ]
    return [scope for scope in proposed if scope is not None]


def _produced(production: Production) -> int:
    return len(production.items) - len({each.bates for each in production.discrepancies})


def _bates(desk: Desk, production: Production) -> list[str | None]:
    prefix = desk.ledger.house.bates_prefix
    if not production.bates_first:
        return [None, None]
    return [f"{prefix}-{production.bates_first:09d}", f"{prefix}-{production.bates_last:09d}"]


@contextmanager
def _timed(seconds: dict[str, float], stage: str) -> Iterator[None]:
    begun = time.perf_counter()
    yield
    seconds[stage] = time.perf_counter() - begun
