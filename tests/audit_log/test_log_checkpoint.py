import base64
import hashlib

import pytest
from a_log import NAME, KeyInMemory

from requests_portal.audit_log.checkpoint import BadCheckpoint, Checkpoint, Vkey, parse_and_verify, sign
from requests_portal.audit_log.tree import EMPTY_ROOT

KEY = KeyInMemory(7)
VKEY = Vkey(name=NAME, public_key=KEY.public_key)
CHECKPOINT = Checkpoint(origin=NAME, size=23, root=hashlib.sha256(b"root").digest())
NOTE = sign(CHECKPOINT, KEY, NAME)
EM = "— "


def test_a_signed_checkpoint_reads_back():
    assert parse_and_verify(NOTE, VKEY).checkpoint == CHECKPOINT


def test_the_note_has_the_form_of_c2sp():
    origin, size, root, blank, signature, end = NOTE.split("\n")

    raw = base64.b64decode(signature.split(" ")[2])
    key_id = hashlib.sha256(NAME.encode() + b"\n\x01" + KEY.public_key).digest()[:4]
    assert (origin, size, root, blank, end) == (NAME, "23", base64.b64encode(CHECKPOINT.root).decode(), "", "")
    assert signature.startswith(f"— {NAME} ")
    assert (raw[:4], len(raw)) == (key_id, 4 + 64)


def test_the_known_note_of_go_sumdb_verifies():
    # The public example of golang.org/x/mod/sumdb/note.
    vkey = Vkey.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    note = (
        "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
        "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    )

    # Its text is no checkpoint, which is found out only after its signature has held.
    with pytest.raises(BadCheckpoint, match="origin, a size and a root"):
        parse_and_verify(note, vkey)
    with pytest.raises(BadCheckpoint, match="does not hold"):
        parse_and_verify(note.replace("answer", "ANSWER"), vkey)


def test_a_vkey_reads_back_from_its_line():
    assert Vkey.parse(f"{VKEY}\n") == VKEY


@pytest.mark.parametrize(
    "vkey", ["", "name", "a+b+c", str(VKEY).replace("+", "-"), f"x{VKEY}", "ä" * 300, "\udcff+1+A"]
)
def test_what_is_no_vkey_is_refused(vkey):
    with pytest.raises(BadCheckpoint):
        Vkey.parse(vkey)


def test_a_witness_signature_is_kept_beside_the_logs_own():
    witness = base64.b64encode(b"\x01\x02\x03\x04" + bytes(72)).decode()

    signed = parse_and_verify(f"{NOTE}— witness.example.test {witness}\n", VKEY)

    assert [(each.name, each.key_id) for each in signed.cosignatures] == [("witness.example.test", b"\x01\x02\x03\x04")]


def test_a_checkpoint_signed_by_another_key_is_refused():
    with pytest.raises(BadCheckpoint, match="not signed by"):
        parse_and_verify(sign(CHECKPOINT, KeyInMemory(8), NAME), VKEY)


def test_every_changed_byte_of_the_signed_text_is_noticed():
    body = NOTE.index("\n\n")
    for at in range(body):
        changed = NOTE[:at] + chr(ord(NOTE[at]) ^ 1) + NOTE[at + 1 :]
        with pytest.raises(BadCheckpoint):
            parse_and_verify(changed, VKEY)


def test_a_second_spelling_of_the_same_signature_is_refused():
    # 68 bytes leave two unused bits in the last letter before the padding.
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    head, last = NOTE[:-3], NOTE[-3]
    respelt = head + letters[letters.index(last) + 1] + NOTE[-2:]

    assert NOTE.endswith("=\n")
    assert base64.b64decode(respelt.split(" ")[-1]) == base64.b64decode(NOTE.split(" ")[-1])
    with pytest.raises(BadCheckpoint, match="unusual spelling"):
        parse_and_verify(respelt, VKEY)


@pytest.mark.parametrize(
    "note",
    [
        "",
        NOTE.rstrip("\n"),
        NOTE.replace("\n\n", "\n"),
        NOTE.replace("\n", "\r\n"),
        NOTE + "\n",
        NOTE.replace(EM, "- "),
        NOTE + "— broken line\n",
        NOTE + "— x AAAA\n",
        NOTE + f"— {NAME} !!!!\n",
        NOTE + "— w AQIDBAU=\n" * 100,
        "x" * 100_000,
        NOTE.replace("23", "23\udcff"),
    ],
    ids=range(12),
)
def test_what_is_no_signed_note_is_refused(note):
    with pytest.raises(BadCheckpoint):
        parse_and_verify(note, VKEY)


@pytest.mark.parametrize(
    "checkpoint",
    [
        Checkpoint(origin="", size=0, root=EMPTY_ROOT),
        Checkpoint(origin="two\nlines", size=0, root=EMPTY_ROOT),
        Checkpoint(origin="log\x00", size=0, root=EMPTY_ROOT),
        Checkpoint(origin="x" * 70_000, size=0, root=EMPTY_ROOT),
        Checkpoint(origin=NAME, size=-1, root=EMPTY_ROOT),
        Checkpoint(origin=NAME, size=1, root=b"short"),
    ],
    ids=["no origin", "two lines", "control character", "long", "negative size", "short root"],
)
def test_an_impossible_checkpoint_is_not_signed(checkpoint):
    with pytest.raises(BadCheckpoint):
        sign(checkpoint, KEY, NAME)
