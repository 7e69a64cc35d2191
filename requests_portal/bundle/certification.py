"""Finds the one certification signature of a strict file and reads what it claims."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from requests_portal.bundle.pdf_objects import Reference, Text
from requests_portal.bundle.strict_file import Doubt, StrictFile

_HOLE = re.compile(rb"<[0-9a-f]+>")
_LARGEST_CMS = 1 << 16
_DATE = re.compile(r"D:(\d{14})\+00'00'?")


@dataclass(frozen=True, kw_only=True)
class Certification:
    """The signature's claims: what it covers, when and about what, and the CMS that should prove it."""

    cms: bytes
    hole: tuple[int, int]
    byte_range: tuple[int, ...]
    permission: int | None
    signed_at: datetime | None
    reason: str


def dictionary(file: StrictFile, value: Any, what: str) -> dict[str, Any]:
    """Return a dictionary, through its reference where it has one; raises Doubt that names what was expected."""
    if isinstance(value, Reference):
        value, _ = file.object_at(value.number)
    if not isinstance(value, dict):
        raise Doubt(f"The file has no proper {what}.")
    return value


def certification(file: StrictFile, catalog: dict[str, Any]) -> Certification:
    """Return the only signature, which must certify the document; raises Doubt for none, several or another kind."""
    form = dictionary(file, catalog.get("AcroForm"), "signature: it is unsigned")
    fields = form.get("Fields")
    if not isinstance(fields, list) or len(fields) != 1:
        raise Doubt("The file must hold exactly one signature and no other form field.")
    field = dictionary(file, fields[0], "signature field")
    value = field.get("V")
    permissions = dictionary(file, catalog.get("Perms"), "certification: its signature does not certify the document")
    if field.get("FT") != "Sig" or "Kids" in field or not isinstance(value, Reference):
        raise Doubt("The file's only form field is not a signature.")
    if permissions.get("DocMDP") != value or len(permissions) != 1:
        raise Doubt("The file's signature is not its certification.")
    return _claims(file, value.number)


def _claims(file: StrictFile, number: int) -> Certification:
    signature, _ = file.object_at(number)
    signature = dictionary(file, signature, "signature")
    contents, byte_range = signature.get("Contents"), signature.get("ByteRange")
    if not isinstance(contents, Text) or not isinstance(byte_range, list):
        raise Doubt("The signature has no contents or does not say what it covers.")
    if signature.get("SubFilter") != "ETSI.CAdES.detached":
        raise Doubt("The signature is not of the kind that we make (PAdES).")
    start = int(file.offsets[number])
    if len(contents.data) > _LARGEST_CMS:
        raise Doubt("The signature is larger than any of ours.")
    if not _HOLE.fullmatch(file.read(start + contents.start, contents.end - contents.start)):
        raise Doubt("The signature is not written as we write it.")
    return Certification(
        cms=contents.data,
        hole=(start + contents.start, start + contents.end),
        byte_range=tuple(one if isinstance(one, int) else -1 for one in byte_range),
        permission=_permission(signature),
        signed_at=_moment(signature.get("M")),
        reason=str(signature.get("Reason", "")),
    )


def _permission(signature: dict[str, Any]) -> int | None:
    """Return P of the only DocMDP transform (ISO 32000-1, table 254), or None."""
    references = signature.get("Reference")
    if not isinstance(references, list) or len(references) != 1 or not isinstance(references[0], dict):
        return None
    parameters = references[0].get("TransformParams")
    if references[0].get("TransformMethod") != "DocMDP" or not isinstance(parameters, dict):
        return None
    permission = parameters.get("P")
    return permission if isinstance(permission, int) else None


def _moment(value: Any) -> datetime | None:
    found = _DATE.fullmatch(str(value)) if isinstance(value, Text) else None
    try:
        return datetime.strptime(found.group(1), "%Y%m%d%H%M%S").replace(tzinfo=UTC) if found else None
    except ValueError:
        return None
