"""The signed recall list: whoever has a document learns that we withdrew or replaced it; nobody else learns anything.

The file is CMS SignedData in DER (RFC 5652) over JSON, made with the key that signs bundles; `openssl cms -verify`
opens it. Each entry is named by a digest and sealed under a key; both need the document's own SHA-256 and the list's
salt. Entries that stand for nothing fill the list up to a multiple of 64, and every list is salted anew: so neither
how many documents were recalled nor when can be read from one list or from two, and a secret case leaves no trace.
"""

import base64
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from asn1crypto import cms
from cryptography import x509
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from requests_portal.bundle.cms import leads_to, signed_by
from requests_portal.bundle.contents import Signer
from requests_portal.bundle.strict_file import Doubt
from requests_portal.errors import Unusable

FORMAT = "disclosure-desk-recalls/1"
MEDIA_TYPE = "application/pkcs7-mime"
BIGGEST_LIST = 16 * 1024 * 1024
_FILLED_UP_TO = 64
_SALT, _PLAIN, _TAG = 32, 128, 16
# Each entry's key is used once, for this list and this document alone.
_NONCE = bytes(12)


class BadRecalls(Unusable):
    """A recall list that is not to be believed."""

    code = "bad_recalls"


@dataclass(frozen=True, kw_only=True)
class Recall:
    """One document that we withdrew, or replaced by another; both by their SHA-256."""

    sha256: str
    on: date
    replaced_by: str | None

    @property
    def sentence(self) -> str:
        """What it means, for whoever has the document."""
        on = f"{self.on.day} {self.on:%B %Y}"
        if self.replaced_by is None:
            return f"This document is genuine, but it was withdrawn on {on}."
        return f"This document is genuine, but on {on} it was replaced by the document with SHA-256 {self.replaced_by}."


@dataclass(frozen=True, kw_only=True)
class RecallList:
    """A recall list whose signature was checked, as of its moment."""

    issued_at: datetime
    salt: bytes
    entries: dict[str, bytes]

    def about(self, document: str) -> Recall | None:
        """What the list says of the document with this SHA-256."""
        sealed = self.entries.get(_name(self.salt, document))
        if sealed is None:
            return None
        try:
            said = json.loads(AESGCM(_key(self.salt, document)).decrypt(_NONCE, sealed, None))
            return Recall(sha256=document, on=date.fromisoformat(said["on"]), replaced_by=said["replaced_by"])
        except (InvalidTag, ValueError, TypeError, KeyError) as error:
            raise BadRecalls("An entry of the recall list cannot be read. Ask for a new list.") from error


def signed_recalls(recalls: Sequence[Recall], signer: Signer, *, at: datetime) -> bytes:
    """The list of these recalls as of `at`, signed."""
    body = _body(recalls, at)
    signed = cms.ContentInfo.load(signer.sign_cms(sha256(body).digest(), at=at))
    _put_content(signed, {"content_type": "data", "content": body})
    whole: bytes = signed.dump(force=True)
    return whole


def read_recalls(file: bytes, *, trust: Sequence[bytes]) -> RecallList:
    """The list in this file, signed under one of the certificates in `trust` (PEM); raises BadRecalls."""
    pinned = [x509.load_pem_x509_certificate(pem) for pem in trust]
    try:
        detached, body = _taken_apart(file)
        signed = signed_by(detached, sha256(body).digest())
        found = _read(body)
    except Doubt as doubt:
        raise BadRecalls(f"The recall list is not to be believed. {doubt}") from doubt
    except Exception as error:  # hostile bytes may break any parser; the answer stays a refusal
        raise BadRecalls("This file is no recall list of ours.") from error
    if not leads_to(signed, pinned, at=found.issued_at):
        raise BadRecalls("The recall list was not signed under the certificate that you trust.")
    return found


def _read(body: bytes) -> RecallList:
    said = json.loads(body)
    issued_at = datetime.fromisoformat(said["issued_at"])
    if said["format"] != FORMAT or issued_at.tzinfo is None:
        raise Doubt("It is signed, but it is no recall list.")
    entries = {str(name): base64.b64decode(sealed, validate=True) for name, sealed in said["entries"]}
    return RecallList(issued_at=issued_at, salt=bytes.fromhex(said["salt"]), entries=entries)


def _taken_apart(file: bytes) -> tuple[bytes, bytes]:
    """The signature without its content, and the content."""
    signed = cms.ContentInfo.load(file, strict=True)
    body: bytes = signed["content"]["encap_content_info"]["content"].native
    _put_content(signed, {"content_type": "data"})
    return signed.dump(force=True), body


def _put_content(signed: Any, content: dict[str, Any]) -> None:
    # Its type follows the version of the SignedData (RFC 5652 § 5.1).
    kind = type(signed["content"]["encap_content_info"])
    signed["content"]["encap_content_info"] = kind(content)


def _body(recalls: Sequence[Recall], at: datetime) -> bytes:
    salt = os.urandom(_SALT)
    entries = [(_name(salt, each.sha256), _sealed(salt, each)) for each in recalls]
    missing = _FILLED_UP_TO - len(entries) % _FILLED_UP_TO
    entries += [(os.urandom(_SALT).hex(), os.urandom(_PLAIN + _TAG)) for _ in range(missing)]
    said: dict[str, Any] = {
        "format": FORMAT,
        "issued_at": at.isoformat(),
        "salt": salt.hex(),
        "entries": [[name, base64.b64encode(sealed).decode()] for name, sealed in sorted(entries)],
    }
    return json.dumps(said, indent=1).encode()


def _sealed(salt: bytes, recall: Recall) -> bytes:
    said = json.dumps({"on": recall.on.isoformat(), "replaced_by": recall.replaced_by})
    return AESGCM(_key(salt, recall.sha256)).encrypt(_NONCE, said.ljust(_PLAIN).encode(), None)


def _name(salt: bytes, document: str) -> str:
    return sha256(salt + b"name" + bytes.fromhex(document)).hexdigest()


def _key(salt: bytes, document: str) -> bytes:
    return sha256(salt + b"key" + bytes.fromhex(document)).digest()
