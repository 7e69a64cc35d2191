"""Enter copies: more objects that hold recordings are known from now on, and go where those were erased."""

from collections.abc import Sequence

from requests_portal.errors import NotFound
from requests_portal.model.actor import SYSTEM
from requests_portal.model.recording import Copy
from requests_portal.model.stored import Stored
from requests_portal.work.ports import Work


def recording_of(work: Work, stored: Stored) -> str:
    """The recording whose object it is, or was before it was erased; raises NotFound where there never was one."""
    found = work.erasures.recording_at(stored)
    if found is None:
        raise NotFound("There is no such recording, and none was erased. Enter the recording first.")
    return found


def enter_copy(work: Work, copy: Copy) -> None:
    """Know a copy of a recording; raises NotFound where there never was such a recording."""
    if not work.erasures.add_copy(copy, at=work.now()):
        raise NotFound("There is no such recording, and none was erased. Enter the recording first.")


def enter_copies(work: Work, named: Sequence[tuple[Stored, Stored, str]]) -> None:
    """Know each copy by the object of its recording, its own, and what it is for; what is known already stays so."""
    for of, copy, kind in named:
        enter_copy(work, Copy(recording=recording_of(work, of), **vars(copy), kind=kind))
    work.audit.add("copies_entered", by=SYSTEM, numbers={"copies": len(named)})
