"""A message proves which domain signed it and nothing else, whatever it says of itself and whatever it is made of."""

import base64
import hashlib
import subprocess
import sys
from functools import lru_cache

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from dkim.canonicalization import CanonicalizationPolicy
from dkim.crypto import parse_pem_private_key

from requests_portal.errors import Unusable
from requests_portal.mail.evidence import MOST_BYTES, read_message
from requests_portal.mail.names import txt_record

HEAD = (
    b"From: Records Unit <records@alder-sheriff.example.gov>\r\n"
    b"To: legal@hearthside.example\r\nSubject: Warrant 26-118\r\nDate: Mon, 23 Nov 2026 09:00:00 -0800\r\n"
)
BODY = b"\r\nPlease find the warrant attached.\r\n"
SIGNED = [b"from", b"to", b"subject", b"date"]


@lru_cache
def a_key():
    key = rsa.generate_private_key(65537, 2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    der = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return pem, b"v=DKIM1; k=rsa; p=" + base64.b64encode(der)


def signed(message=HEAD + BODY, *, domain=b"alder-sheriff.example.gov", **more):
    return dkim.sign(message, b"s1", domain, a_key()[0], include_headers=SIGNED, **more) + message


def names(record=None, domain=b"alder-sheriff.example.gov"):
    known = {b"s1._domainkey." + domain + b".": a_key()[1] if record is None else record}
    return known.get


def test_a_signature_of_the_sender_s_own_domain_shows_that_the_domain_sent_it():
    read = read_message(signed(), names())

    assert (read.address, read.host) == ("records@alder-sheriff.example.gov", "alder-sheriff.example.gov")
    assert (read.signed_by, read.signatures) == ("alder-sheriff.example.gov", 1)


def test_a_signature_above_or_below_the_sender_s_domain_is_the_same_organisation_s():
    above = b"example.gov"

    assert read_message(signed(domain=above), names(domain=above)).signed_by == "example.gov"


@pytest.mark.parametrize(
    ("message", "record"),
    [
        (HEAD + BODY, None),
        (signed().replace(b"warrant attached", b"bank account"), None),
        (signed().replace(b"Warrant 26-118", b"Warrant 26-119"), None),
        (signed().replace(b"bh=", b"bh=AAAA"), None),
        (signed().replace(b"h=from :", b"h="), None),
        (signed().replace(b"d=alder", b"d=\xffalder"), None),
        (signed().replace(b"s=s1", b"s=../../etc"), None),
        (signed().replace(b"a=rsa-sha256", b"a=none"), None),
        (signed(length=True) + b"\r\nSend it to my new address.\r\n", None),
        (signed(), b""),
        (signed(), b"v=DKIM1; p="),
        (signed(), a_key()[1].replace(b"k=rsa", b"t=y; k=rsa")),
        (signed(), a_key()[1] + b" " * 4000),
        (signed(), b"\xff\xfe;;;===;p=!!!!"),
    ],
)
def test_what_does_not_hold_is_not_shown_and_never_called_forged(message, record):
    assert read_message(message, names(record)).signed_by == ""


def test_another_domain_s_signature_shows_nothing_of_the_sender():
    other = b"mailer.example"

    read = read_message(signed(domain=other), names(domain=other))

    assert (read.signed_by, read.signatures) == ("", 1)


def signed_without(message, *, covers):
    """The message signed over these fields alone, as no honest signer does."""
    signer = dkim.DKIM(message)
    policy = CanonicalizationPolicy.from_c_value(b"relaxed/simple")
    signer.hasher = hashlib.sha256
    digest = base64.b64encode(hashlib.sha256(policy.canonicalize_body(signer.body)).digest())
    told = {b"v": b"1", b"a": b"rsa-sha256", b"c": policy.to_c_value(), b"d": b"alder-sheriff.example.gov"}
    fields = [*told.items(), (b"s", b"s1"), (b"h", b":".join(covers)), (b"bh", digest), (b"b", b"0" * 60)]
    key = parse_pem_private_key(a_key()[0])
    return b"DKIM-Signature: " + signer.gen_header(fields, covers, policy, b"DKIM-Signature", key) + message


def test_a_signature_that_leaves_the_sender_out_says_nothing_of_who_sent_it():
    stolen = signed_without(HEAD + BODY, covers=[b"to", b"subject", b"date"])
    forged = stolen.replace(b"From: Records Unit <records@", b"From: Sheriff <chief@")

    assert dkim.verify(forged, dnsfunc=lambda name, **_: names()(name))
    assert read_message(forged, names()).signed_by == ""
    assert read_message(signed_without(HEAD + BODY, covers=[b"to", b"from"]), names()).signed_by


def test_what_the_message_says_of_its_own_checks_proves_nothing():
    claims = (
        b"Authentication-Results: hearthside.example; dkim=pass header.d=alder-sheriff.example.gov; dmarc=pass\r\n"
        b"ARC-Authentication-Results: i=1; mx.example; dkim=pass\r\nReceived-SPF: pass\r\n"
    )

    assert read_message(claims + HEAD + BODY, names()).signed_by == ""


@pytest.mark.parametrize(
    "message",
    [
        b"From: evil@example.com\r\n" + signed(),
        signed().replace(b"\r\nTo:", b"\r\nFrom: evil@example.com\r\nTo:"),
        signed().replace(b"\r\nTo:", b"\r\nfrom : evil@example.com\r\nTo:"),
        signed().replace(b"\r\nFrom:", b"\r\nFrom :"),
        b"From: a@alder-sheriff.example.gov, b@example.com\r\n" + BODY,
        b"From: a@alder-sheriff.example.gov\rBcc: x@example.com\r\n" + BODY,
        b"From: a@alder-sheriff.example.gov\0@example.com\r\n" + BODY,
        b"From: nobody\r\n" + BODY,
        b"From: \r\n" + BODY,
        b"Subject: no sender\r\n" + BODY,
        b"not a header at all\r\n" + BODY,
        b"%PDF-1.4\n1 0 obj",
        b"",
    ],
)
def test_a_message_that_could_be_read_in_two_ways_is_refused(message):
    with pytest.raises(Unusable):
        read_message(message, names())


@pytest.mark.parametrize(
    "message",
    [
        HEAD + b"\r\n" + b"x" * MOST_BYTES,
        HEAD + b"X: y\r\n" * 600 + BODY,
        HEAD + b"X: " + b"y" * 300_000 + BODY,
        b"From:" + b" (" * 20_000 + b"\r\n" + BODY,
    ],
    ids=["a bomb", "a thousand fields", "a field without end", "brackets in brackets"],
)
def test_a_message_of_hostile_size_is_refused(message):
    with pytest.raises(Unusable):
        read_message(message, names())


def field(value):
    """A signature of the sender's own domain, whole as far as it is looked at before it is reckoned with."""
    known = b"DKIM-Signature: v=1; a=rsa-sha256; d=alder-sheriff.example.gov; s=s1; h=from; bh=AAAA; c=relaxed/relaxed;"
    return known + value + b"\r\n" + HEAD


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        (field(b" b=A" + b" " * 250_000 + b"!") + BODY, "more spaces"),
        (field(b" b=A" + (b" " * 900 + b"\r\n") * 200 + b" !") + BODY, "too long"),
        (signed() + b" " * 5_000_000 + b"x", "more spaces"),
        (signed() + (b" \t" * 500 + b"x") * 9_000, "more spaces"),
        (signed() + (b" " * 60 + b"x\r\n") * 30_000, ""),
    ],
    ids=["one run in a field", "runs in a field", "one run in a body", "runs in a body", "a table"],
)
def test_a_message_is_read_within_a_moment_however_many_spaces_it_has(tmp_path, message, sentence):
    (tmp_path / "message.eml").write_bytes(message)
    code = (
        "import pathlib, sys; from requests_portal.mail.evidence import read_message, Unusable\n"
        "try: read_message(pathlib.Path(sys.argv[1]).read_bytes(), lambda name: None)\n"
        "except Unusable as refusal: print(refusal.sentence)"
    )

    # In a process of its own: one that hangs in a pattern can be ended by nothing else.
    command = [sys.executable, "-c", code, str(tmp_path / "message.eml")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)

    assert (sentence in done.stdout) if sentence else (done.stdout == "")


def test_a_signature_full_of_spaces_within_its_bounds_ends_by_itself():
    message = (
        b"".join(field(b" b=A" + b" " * 900 + b"\r\n " * 2000 + b"!")[: -len(HEAD)] for _ in range(5)) + HEAD + BODY
    )

    assert read_message(message, names()).signed_by == ""


def test_a_key_is_asked_of_the_sender_s_own_domain_alone():
    asked = []

    read_message(signed(domain=b"mailer.example"), asked.append)

    assert asked == []


def test_of_many_signatures_only_the_first_few_are_asked_for():
    asked = []

    read_message(b"".join([signed()[: -len(HEAD + BODY)]] * 50) + HEAD + BODY, asked.append)

    assert len(asked) == 5


def test_a_display_name_that_looks_like_an_address_is_not_the_sender():
    head = b'From: "records@alder-sheriff.example.gov" <evil@example.com>\r\n'

    assert read_message(head + BODY, names()).host == "example.com"


def test_a_name_that_is_none_is_asked_of_nobody():
    assert txt_record(b"\xff") is None
