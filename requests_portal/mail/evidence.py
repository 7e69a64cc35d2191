"""What a message as received proves of who sent it: signatures of its sender's domain (DKIM), aligned as DMARC asks."""

import hashlib
import re
from collections.abc import Callable
from email import message_from_bytes, policy
from email.headerregistry import Address

import dkim
from dkim.util import InvalidTagValueList, parse_tag_value

from requests_portal.errors import Unusable
from requests_portal.model.agency import ascii_host
from requests_portal.model.lookalike import organisational
from requests_portal.model.officer_check import MessageRead

MOST_BYTES = 10 * 1024 * 1024
# A name and an address, in whatever encoding; the parser of longer ones has no end.
MOST_SENDER_BYTES = 1_000
MOST_HEADER_BYTES, MOST_HEADERS, MOST_SIGNATURES = 256 * 1024, 500, 5
# A longer one holds a key that nobody uses, and that takes long to reckon with.
MOST_KEY_BYTES = 1_200
# The reader of signatures looks at a run of n spaces in n²/2 steps: one of 8,000 takes it part of a second.
MOST_SIGNATURE_BYTES = 8 * 1024
LONGEST_RUN, MOST_STEPS = 1_000, 200_000_000
_RUN = re.compile(rb"[ \t]{16,}")
TxtRecord = Callable[[bytes], bytes | None]
_DNS_NAME = re.compile(rb"[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63}){1,20}\.?")
_FIELD = re.compile(rb"([!-9;-~]{1,100}):")
SPACES = "The message has more spaces than its signature can be checked with. Look at it by eye alone."
LONG_SIGNATURE = "The message's signature is too long to be one. Ask for the message as it was received."
SEVERAL = "The message names several senders, as no honest one does. Ask them to send it anew."


def read_message(data: bytes, txt_record: TxtRecord) -> MessageRead:
    """Read a message as it was received; raises Unusable for what is no message, too large or ambiguous.

    What the message itself says of having been checked (Authentication-Results, Received-SPF, ARC) is not looked at.
    """
    if len(data) > MOST_BYTES:
        raise Unusable(f"The message is larger than {MOST_BYTES // 1024 // 1024} MB. Save it without attachments.")
    fields = _fields(data)
    address = _sender([value for name, value in fields if name == b"from"])
    host = ascii_host(address.domain)
    found = sum(name == b"dkim-signature" for name, _ in fields)
    signed_by = _signed_by(data, host, txt_record) if found else ""
    return MessageRead(
        address=address.addr_spec,
        host=host,
        signed_by=signed_by,
        signatures=found,
        sha256=hashlib.sha256(data).hexdigest(),
    )


def _fields(data: bytes) -> list[tuple[bytes, bytes]]:
    """The header's fields, names in small letters; a header that two readers could read in two ways is refused."""
    head = re.split(rb"\r?\n\r?\n", data[: MOST_HEADER_BYTES + 4], maxsplit=1)[0]
    if len(head) > MOST_HEADER_BYTES:
        raise Unusable("The message's header is too long to be one. Ask for the message as it was received.")
    text = head.replace(b"\r\n", b"\n")
    if b"\r" in text or b"\0" in text:
        raise Unusable(
            "The message's header has characters that no header has. Ask for the message as it was received."
        )
    lines = re.sub(rb"\n[ \t]+", b" ", text).split(b"\n")
    if len(lines) > MOST_HEADERS:
        raise Unusable("The message's header has too many lines. Ask for the message as it was received.")
    fields = []
    for line in lines:
        found = _FIELD.match(line)
        if found is None:
            raise Unusable("This is no e-mail message as it was received. Save the message itself, as an .eml file.")
        fields.append((found[1].lower(), line[found.end() :].strip()))
    return fields


def _sender(values: list[bytes]) -> Address:
    """The one address that the message is from."""
    if len(values) != 1 or len(values[0]) > MOST_SENDER_BYTES:
        raise Unusable(SEVERAL if values else "The message names no sender. Save the message itself, as an .eml file.")
    parsed = message_from_bytes(b"From: " + values[0] + b"\n\n", policy=policy.default)["From"]
    if len(parsed.addresses) != 1 or not parsed.addresses[0].domain:
        raise Unusable(SEVERAL)
    address: Address = parsed.addresses[0]
    return address


def _signed_by(data: bytes, host: str, txt_record: TxtRecord) -> str:
    """The sender's own domain, where one of the first signatures is of it and holds for all of the message."""
    steps = 0
    for run in _RUN.finditer(data):
        length = run.end() - run.start()
        steps += length**2
        if length > LONGEST_RUN or steps > MOST_STEPS:
            raise Unusable(SPACES)
    message = dkim.DKIM(data, minkey=1024, timeout=3)
    signatures = [value for name, value in message.headers if name.lower() == b"dkim-signature"][:MOST_SIGNATURES]
    if any(len(each) > MOST_SIGNATURE_BYTES for each in signatures):
        raise Unusable(LONG_SIGNATURE)
    return next(filter(None, (_aligned(message, n, each, host, txt_record) for n, each in enumerate(signatures))), "")


def _aligned(message: dkim.DKIM, number: int, signature: bytes, host: str, txt_record: TxtRecord) -> str:
    """The domain of the message's signature of this number, where it holds for all of it and is the sender's own."""
    try:
        tags = parse_tag_value(signature)
        domain = ascii_host(tags[b"d"].decode("ascii"))
        # Another domain's shows nothing, and is not worth the reckoning.
        if b"l" in tags or not _covers_the_sender(tags[b"h"]) or organisational(domain) != organisational(host):
            return ""
        holds = message.verify(idx=number, dnsfunc=lambda name, **_: _key(name, txt_record))
    except (
        dkim.DKIMException,
        InvalidTagValueList,
        Unusable,
        ValueError,
        KeyError,
        IndexError,
        AttributeError,
        TypeError,
    ):
        # Whatever a stranger's signature does to its reader, it shows nothing.
        return ""
    return domain if holds else ""


def _covers_the_sender(signed: bytes) -> bool:
    """Whether From is among the fields that a signature covers, as RFC 6376 § 5.4 demands; our reader does not ask."""
    return b"from" in {field.strip().lower() for field in signed.split(b":")}


def _key(name: bytes, txt_record: TxtRecord) -> bytes | None:
    """The record of a key, unless it is for trying out or too large."""
    if not _DNS_NAME.fullmatch(name):
        return None
    record = txt_record(name)
    if record is None or len(record) > MOST_KEY_BYTES:
        return None
    tags = dict(part.strip().partition(b"=")[::2] for part in record.split(b";"))
    flags = {name.strip(): value.strip() for name, value in tags.items()}.get(b"t", b"")
    return None if b"y" in flags.split(b":") else record
