"""Invented people, tiny synthesised recordings and a throwaway signing key."""

import asyncio
import hashlib
import io
import shutil
import wave
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from asn1crypto import keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from pyhanko.sign.signers import SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from requests_portal.bundle import contents as c
from requests_portal.bundle import write_bundle, write_letter
from requests_portal.bundle.sound import Sound
from requests_portal.bundle.waveform import peaks

MADE_AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
PACIFIC = timezone(timedelta(hours=-8))


@dataclass(frozen=True)
class Key:
    """A signing key of the tests' own, with its self-signed certificate."""

    certificate_pem: bytes
    private: rsa.RSAPrivateKey
    chain_pem: tuple[bytes, ...] = ()

    def sign_cms(self, digest: bytes, *, at: datetime) -> bytes:
        assert at.tzinfo is not None
        certificate = asn1_x509.Certificate.load(
            x509.load_pem_x509_certificate(self.certificate_pem).public_bytes(serialization.Encoding.DER)
        )
        der = self.private.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        signer = SimpleSigner(
            signing_cert=certificate,
            signing_key=keys.PrivateKeyInfo.load(der),
            cert_registry=SimpleCertificateStore(),
        )
        # A thread of its own: a browser's test may have left an event loop running in this one.
        with ThreadPoolExecutor(1) as alone:
            return alone.submit(asyncio.run, signer.async_sign(digest, "sha256", use_pades=True)).result().dump()


@lru_cache(maxsize=8)
def a_key(name: str, issuer: str | None = None, *, ca: bool = False, until: int = 2036) -> Key:
    """Return a key with its own certificate, or one that `issuer` issued; valid to the start of the year `until`."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    above = (a_key(issuer, ca=True) if ca else a_key(issuer)) if issuer else None
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer or name)]))
        .public_key(private.public_key())
        .serial_number(4711)
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(until, 1, 1, tzinfo=UTC) if until > 2026 else datetime(2026, 2, 1, tzinfo=UTC))
        .add_extension(x509.KeyUsage(True, True, False, False, False, ca, ca, False, False), critical=True)
        .add_extension(x509.BasicConstraints(ca=ca and issuer is None, path_length=None), critical=True)
        .sign(above.private if above else private, hashes.SHA256())
    )
    chain = (above.certificate_pem,) if above else ()
    return Key(certificate.public_bytes(serialization.Encoding.PEM), private, chain)


@lru_cache(maxsize=64)
def a_wav(seconds: float, pitch: int) -> bytes:
    at = np.arange(int(seconds * 16_000)) / 16_000
    loud = np.abs(np.sin(2 * np.pi * at * 0.7)) * np.abs(np.sin(2 * np.pi * at * 3.1)) * 0.9
    samples = (np.sin(2 * np.pi * pitch * at) * loud * 32_000).astype("<i2")
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(samples.tobytes())
    return out.getvalue()


SENTENCES = (
    "Set a timer for twelve minutes, and remind me to take the bread out.",
    "Weißt du, wie spät es ist? Und wie wird das Wetter morgen in Żory?",
    "Who left the garage door open last night?",
)


def an_exhibit(number: int, **changes) -> c.Exhibit:
    data = a_wav(1.5 + number % 4, 180 + 35 * (number % 7))
    sound = peaks(data, "audio/wav")
    assert isinstance(sound, Sound)
    recorded = datetime(2026, 1, 14, 6, 3, 7, tzinfo=PACIFIC) + timedelta(hours=7 * number)
    exhibit = c.Exhibit(
        bates=f"HH-{number:09d}",
        filename=f"HH-{number:09d}.wav",
        media_type="audio/wav",
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        recorded_at=recorded,
        zone="America/Los_Angeles",
        device="Kitchen speaker",
        account="acct-3107",
        version_id="v-0f3c",
        seconds=sound.seconds,
        peaks=sound.peaks,
        transcript=SENTENCES[number % 3],
        speakers=(
            c.SpeakerSpan(start=0.0, end=0.9, label="account holder"),
            c.SpeakerSpan(start=0.9, end=1.4, label=("child", "visitor", "family member", "unknown")[number % 4]),
        ),
        reviews=(
            (c.ReviewNote(on=recorded + timedelta(days=3), purpose="speech quality", role="contractor, linguist"),)
            if number % 5 == 2
            else ()
        ),
        false_wake=number % 6 == 3,
        custody=(
            c.CustodyStep(at=recorded, actor="device", event="recorded and stored"),
            c.CustodyStep(
                at=MADE_AT - timedelta(hours=2), actor="gather", event="read and compared with the catalogue"
            ),
        ),
        open=lambda: iter((data[:1000], data[1000:])),
    )
    return replace(exhibit, **changes)


def a_record_set(number: int = 900, rows: int = 3, **changes) -> c.RecordSet:
    table = tuple(
        (f"2026-01-{1 + at % 28:02d} 08:{at % 60:02d}", f"203.0.113.{at % 250}", "Kitchen speaker", "Łukasz Żak")
        for at in range(rows)
    )
    text = "at,address,device,name\r\n" + "".join(",".join(row) + "\r\n" for row in table)
    each = c.RecordSet(
        bates=f"HH-{number:09d}",
        filename=f"HH-{number:09d}.csv",
        title="Connections",
        data_class="session records",
        source="connection log",
        columns=("at", "address", "device", "name"),
        rows=table,
        csv=text.encode(),
        sha256=hashlib.sha256(text.encode()).hexdigest(),
    )
    return replace(each, **changes)


def an_objection() -> c.Objection:
    return c.Objection(
        ground="CATEGORY_NOT_REACHABLE",
        title="Recordings are contents: only a search warrant compels them",
        cites=("18 U.S.C. § 2703(a)", "United States v. Warshak, 631 F.3d 266 (6th Cir. 2010)"),
        paragraphs=(
            (
                "The subpoena asks for voice recordings. Recordings are the contents of communications, and a subpoena "
                "does not reach them. We therefore produce the subscriber's records and withhold the recordings."
            ),
        ),
        remedy="Obtain a search warrant, or narrow the demand to basic subscriber information.",
    )


LETTER_FIRST = """\
We answer the search warrant served on us on 12 November 2026. The warrant names one account and the period from \
14 January 2026 up to, but not including, 28 January 2026."""
LETTER_SECOND = """\
We produce what the warrant compels for that account and period, and nothing else. What we hold back is listed by \
class, with the reason, in the section “Withheld”."""
STATEMENT_WHO = """\
I am a custodian of records of Harbor Home, Inc. and qualified to make this statement under Federal Rules of Evidence \
902(11), 902(13) and 902(14)."""
STATEMENT_HOW = """\
Each recording was stored by an automated process at the time of the event, and kept in the course of a regularly \
conducted activity. When it was stored, its SHA-256 digest was computed and catalogued. When it was gathered, the \
digest was computed again and compared; each file listed in the manifest agreed."""
STATEMENT_OATH = """\
I declare under penalty of perjury under the laws of the United States of America that the foregoing is true and \
correct."""


def a_bundle(recordings: int = 4, tables: int = 1, **changes) -> c.BundleContents:
    exhibits = tuple(an_exhibit(number) for number in range(1, recordings + 1))
    sets = tuple(a_record_set(recordings + 1 + at) for at in range(tables))
    bates = [each.bates for each in (*exhibits, *sets)] or ["HH-000000000"]
    bundle = c.BundleContents(
        reference="HH-2026-0042",
        production=1,
        volume=1,
        volumes=1,
        supplements=None,
        kind="authority",
        language="en",
        recipient=(
            "Superior Court of California",
            "County of Marlow, Criminal Division",
            "12 Courthouse Square",
            "Marlow, CA 94999",
        ),
        our_name="Harbor Home, Inc.",
        our_address=("Legal Response", "400 Pier Street", "Oakland, CA 94607"),
        subject="Production in response to search warrant 26-SW-00117",
        letter=(
            LETTER_FIRST,
            LETTER_SECOND,
        ),
        legal_basis=(
            c.LegalBasis(
                data_class="Contents of recordings",
                basis="18 U.S.C. § 2703(a); Cal. Penal Code § 1546.1(b)(1)",
                disposition="Produced for 14 to 28 January 2026",
            ),
            c.LegalBasis(
                data_class="Connections", basis="18 U.S.C. § 2703(c)(1)(A)", disposition="Produced for the same period"
            ),
        ),
        objections=(an_objection(),),
        record_sets=sets,
        exhibits=exhibits,
        withheld=(
            c.WithheldGroup(
                what="Recordings outside the period",
                ground="OUTSIDE_PERIOD",
                reason="The warrant's period ends on 28 January 2026.",
                count=212,
            ),
            c.WithheldGroup(
                what="Recordings of a second account on the same device",
                ground="ACCOUNT_NOT_NAMED",
                reason="The warrant does not name that account.",
                count=None,
            ),
        ),
        discrepancies=(),
        certificate=c.Certificate(
            title="Certificate of authenticity",
            paragraphs=(
                STATEMENT_WHO,
                STATEMENT_HOW,
                STATEMENT_OATH,
            ),
            custodian_name="Orla Quist",
            custodian_role="Custodian of records, Harbor Home, Inc.",
            signed_off_at=datetime(2026, 11, 23, 8, 55, tzinfo=UTC),
            place="Oakland, California",
        ),
        book_digest="3f0c" * 16,
        verify_url="https://disclosure.harborhome.example/verify",
        bates_first=bates[0],
        bates_last=bates[-1],
        made_at=MADE_AT,
        document_id="urn:uuid:0199a7c2-5f5e-7c3a-9d0e-0c3c4f1b2a77",
    )
    return replace(bundle, **changes)


def a_letter(**changes) -> c.LetterContents:
    letter = c.LetterContents(
        reference="HH-2026-0043",
        language="en",
        recipient=("Office of the District Attorney", "County of Marlow"),
        our_name="Harbor Home, Inc.",
        our_address=("Legal Response", "400 Pier Street", "Oakland, CA 94607"),
        subject="Objection to subpoena 26-GJ-0311",
        date=date(2026, 11, 23),
        paragraphs=("We have received the subpoena named above and object to it in part.",),
        objections=(an_objection(),),
        closing=("Please write to us under our reference.", "Yours faithfully,", "Legal Response, Harbor Home, Inc."),
        made_at=MADE_AT,
        document_id="urn:uuid:0199a7c2-5f5e-7c3a-9d0e-0c3c4f1b2a78",
    )
    return replace(letter, **changes)


def written(contents, key: Key, path: Path) -> c.Written:
    write = write_bundle if isinstance(contents, c.BundleContents) else write_letter
    with path.open("wb") as out:
        return write(contents, out, signer=key)


def words_of(path: Path) -> list[str]:
    """Return the text of each page as a reader would copy it."""
    with pypdfium2.PdfDocument(path) as document:
        return [page.get_textpage().get_text_range() for page in document]


def needs(program: str, package: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"no {program}: apt-get install {package}")
