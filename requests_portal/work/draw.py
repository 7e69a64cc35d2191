"""Draw: the pages of a gathered production as they will leave, for the custodian to read before they sign off."""

import fcntl
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from requests_portal.bundle import write_preview
from requests_portal.errors import Conflict, NotFound
from requests_portal.model.actor import Act, Actor
from requests_portal.model.digest import digest_of
from requests_portal.model.production import CertificateSignOff, Production, ProductionState
from requests_portal.work.certified import certified_digest
from requests_portal.work.compose import Source, bundle_contents, certificate_paragraphs, load
from requests_portal.work.gather import read_again
from requests_portal.work.outside import Outside
from requests_portal.work.ports import Work

FOLDER = "to-sign-off"
LIST = "volumes.json"


class StillDrawing(Conflict):
    """Another request is drawing these pages."""

    code = "still_drawing"


NOTHING_WAITS = "Nothing waits to be certified here. Reload the page."


@dataclass(frozen=True, kw_only=True)
class DrawnVolume:
    """One volume's pages in a file of their own, without any recording, and what its seal will be checked against."""

    path: Path
    pages: int
    digest: str


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """What one custodian reads: the certificate's words, the digest of the items, and the pages of each volume."""

    paragraphs: tuple[str, ...]
    items: str
    volumes: tuple[DrawnVolume, ...]

    @property
    def digest(self) -> str:
        """One digest over everything that is signed off."""
        return digest_of([list(self.paragraphs), self.items, [each.digest for each in self.volumes]])

    @property
    def pages(self) -> int:
        """How many pages there are in all volumes."""
        return sum(each.pages for each in self.volumes)

    def volume(self, number: int) -> DrawnVolume:
        """One volume, counted from 1; raises NotFound."""
        if not 1 <= number <= len(self.volumes):
            raise NotFound("There is no such volume. Check the address.")
        return self.volumes[number - 1]

    def page(self, number: int) -> tuple[Path, int]:
        """The file that holds a page, counted from 1 through all volumes, and its number in it; raises NotFound."""
        left = number
        for each in self.volumes:
            if 1 <= left <= each.pages:
                return each.path, left
            left -= each.pages
        raise NotFound("There is no such page. Check the address.")


def draw(outside: Outside, production_id: str, *, by: Actor) -> Drawn:
    """The pages that this custodian reads, drawn once and kept until they are signed off or something changes.

    Raises Conflict where nothing waits for a custodian, StillDrawing where another request is at it.
    """
    by.must(Act.CERTIFY)
    with outside.reading() as work:
        production = work.productions.get(production_id)
        case = work.cases.get(production.case, by=by)
        if production.state is not ProductionState.GATHERED:
            raise Conflict(NOTHING_WAITS)
        paragraphs = certificate_paragraphs(work, case, production, by=by)
    folder = _folder(outside, production, paragraphs, by=by)
    try:
        if not (folder / LIST).is_file():
            read_again(outside, production)
            _draw(outside, production, paragraphs, folder, by=by)
        return Drawn(paragraphs=paragraphs, items=certified_digest(production), volumes=_kept(folder))
    except FileNotFoundError:
        # Whoever signs off throws the pages away, also those that somebody else is just being shown.
        with outside.reading() as work:
            if _waits(work, production_id):
                raise
        raise Conflict(NOTHING_WAITS) from None


def forget(outside: Outside, production_id: str) -> None:
    """Throw away the pages that were drawn to be read; the sealed document has them now."""
    shutil.rmtree(outside.scratch / FOLDER / production_id, ignore_errors=True)


def _forget_what_no_longer_waits(outside: Outside) -> None:
    """Throw away the pages of productions that were cancelled, or failed, after somebody had begun to read them."""
    for each in (outside.scratch / FOLDER).iterdir():
        with outside.reading() as work:
            waits = _waits(work, each.name)
        if not waits:
            forget(outside, each.name)


def _waits(work: Work, production_id: str) -> bool:
    try:
        return work.productions.standing(production_id)[0] is ProductionState.GATHERED
    except NotFound:
        return False


def _folder(outside: Outside, production: Production, paragraphs: tuple[str, ...], *, by: Actor) -> Path:
    """Where the pages are kept: another place once the production or a word of the certificate has changed."""
    rests_on = digest_of([production.version, list(paragraphs)])
    return outside.scratch / FOLDER / production.id / digest_of(by.id) / rests_on


def _draw(outside: Outside, production: Production, paragraphs: tuple[str, ...], folder: Path, *, by: Actor) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    _forget_what_no_longer_waits(outside)
    with _alone(folder.parent.with_suffix(".lock")):
        for earlier in folder.parent.iterdir():
            shutil.rmtree(earlier)
        folder.mkdir()
        with outside.reading() as work:
            place = work.house.place
        source = _as_if_signed_off(load(outside.reading, production.id), paragraphs, place, by=by)
        drawn = [_drawn(outside, source, folder, volume) for volume in range(1, len(production.in_volumes) + 1)]
        (folder / LIST).write_text(json.dumps(drawn), encoding="utf-8")


def _drawn(outside: Outside, source: Source, folder: Path, volume: int) -> tuple[int, str]:
    with outside.reading() as work:
        contents = bundle_contents(work, source, open_spooled=outside.spool.open, volume=volume)
    with (folder / f"{volume}.pdf").open("wb") as out:
        written = write_preview(contents, out, signer=outside.signer)
    return written.pages, written.pages_digest


def _as_if_signed_off(source: Source, paragraphs: tuple[str, ...], place: str, *, by: Actor) -> Source:
    """The production as it will be, but for the two moments that nobody knows yet: those pages draw apart."""
    at = source.production.gathered_at or source.production.made_at
    sign_off = CertificateSignOff(
        paragraphs=paragraphs, custodian=by.id, custodian_name=by.name, place=place, at=at, digest=""
    )
    return replace(source, production=replace(source.production, certificate=sign_off, sealed_at=at))


def _kept(folder: Path) -> tuple[DrawnVolume, ...]:
    drawn = json.loads((folder / LIST).read_text(encoding="utf-8"))
    return tuple(
        DrawnVolume(path=folder / f"{number}.pdf", pages=pages, digest=digest)
        for number, (pages, digest) in enumerate(drawn, start=1)
    )


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Keep every other request out until the block, or this process, ends."""
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StillDrawing("The pages are being drawn. They will be here in a moment.") from None
        yield
