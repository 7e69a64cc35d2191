"""A timestamp authority over HTTP: what another implementation answers is taken, and what is wrong is not."""

import hashlib
import shutil
import subprocess
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from asn1crypto import tsp
from cryptography import x509

from requests_portal.bundle.timestamp import WrongTimestamp, stamp_in
from requests_portal.errors import Away
from requests_portal.keys.certificates import read_certificates
from requests_portal.keys.demo_timestamps import DemoTimestamps, demo_timestamper
from requests_portal.keys.timestamps import MOST_BYTES, CheckedTimestamper, over_http

DIGEST = hashlib.sha256(b"a signature's value").digest()
OPENSSL = """\
[ tsa ]
default_tsa = ours
[ ours ]
serial = {0}/serial
crypto_device = builtin
signer_cert = {0}/own.pem
certs = {0}/root.pem
signer_key = {0}/signing.key
signer_digest = sha512
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
tsa_name = yes
"""


def now():
    return datetime.now(UTC)


class Answers(BaseHTTPRequestHandler):
    """Answers with what the test has put in place."""

    def do_POST(self):
        request = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked += 1
        self.server.reply(self, request)

    def log_message(self, *_arguments):
        """Say nothing."""

    def send(self, body, *, status=200, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def server():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.asked = 0
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("authority") / "timestamps"
    demo_timestamper(folder, now=now)
    return folder


@pytest.fixture
def authority(folder):
    return DemoTimestamps.load(folder, now=now)


@pytest.fixture
def client(server, folder):
    return a_client(server, folder)


def a_client(server, folder, *, clock=now, seconds=5.0):
    ask = over_http(f"http://127.0.0.1:{server.server_port}/", seconds=seconds)
    return CheckedTimestamper(ask, read_certificates(folder / "root.pem"), now=clock, pause=lambda _: None)


def answering(server, answer):
    server.reply = lambda handler, request: handler.send(answer(request))


def test_an_answer_is_taken_at_once_and_is_over_what_was_asked(server, client, authority):
    answering(server, authority.answer)

    token = client.stamp(DIGEST)

    assert abs(stamp_in(token, DIGEST).at - now()) < timedelta(minutes=1)
    assert server.asked == 1


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is missing: apt-get install openssl")
def test_the_answers_of_openssl_are_taken(server, client, folder, tmp_path):
    for name in ("signing.key", "signing.pem", "root.pem"):
        shutil.copy(folder / name, tmp_path / name)
    (tmp_path / "own.pem").write_bytes((folder / "signing.pem").read_bytes().split(b"-----END")[0] + END)
    (tmp_path / "serial").write_text("01\n")
    (tmp_path / "tsa.cnf").write_text(OPENSSL.format(tmp_path))

    def reply(request):
        (tmp_path / "request").write_bytes(request)
        command = ["openssl", "ts", "-reply", "-config", tmp_path / "tsa.cnf", "-queryfile", tmp_path / "request"]
        subprocess.run([*command, "-out", tmp_path / "reply"], check=True, capture_output=True)
        return (tmp_path / "reply").read_bytes()

    answering(server, reply)

    stamp = stamp_in(client.stamp(DIGEST), DIGEST)

    assert stamp.leads_to(read_certificates(folder / "root.pem"))


END = b"-----END CERTIFICATE-----\n"


def test_it_is_asked_three_times_before_it_counts_as_away(server, client, authority):
    refusals = iter([503, 500])

    def reply(handler, request):
        status = next(refusals, 200)
        handler.send(authority.answer(request) if status == 200 else b"", status=status)

    server.reply = reply

    assert stamp_in(client.stamp(DIGEST), DIGEST)
    assert server.asked == 3


def trickling(handler, _request):
    """A byte now and then, so that no single wait is ever long."""
    handler.send_response(200)
    handler.end_headers()
    try:
        while True:
            handler.wfile.write(b"0")
            handler.server.tick.wait(0.02)
    except OSError:
        pass


AWAY = {
    "an error": lambda handler, _: handler.send(b"", status=500),
    "somewhere else": lambda handler, _: handler.send(b"", status=302, Location="http://127.0.0.1:9/"),
    "garbage": lambda handler, _: handler.send(b"<html>sign in</html>"),
    "nothing": lambda handler, _: handler.send(b""),
    "far too much": lambda handler, _: handler.send(b"0" * (MOST_BYTES + 1)),
    "a refusal": lambda handler, _: handler.send(
        tsp.TimeStampResp({"status": {"status": "rejection", "fail_info": {"time_not_available"}}}).dump()
    ),
    "a trickle": trickling,
}


@pytest.mark.parametrize("reply", AWAY.values(), ids=AWAY.keys())
def test_an_authority_that_gives_no_timestamp_is_away(server, folder, reply):
    server.reply, server.tick = reply, threading.Event()

    with pytest.raises(Away, match=r"timestamp authority.*\.$"):
        a_client(server, folder, seconds=0.3).stamp(DIGEST)

    assert server.asked == 3


def test_an_authority_that_is_not_there_is_away(folder):
    ask = over_http("http://127.0.0.1:9/")
    client = CheckedTimestamper(ask, read_certificates(folder / "root.pem"), now=now, pause=lambda _: None)

    with pytest.raises(Away, match="does not answer"):
        client.stamp(DIGEST)


def test_an_authority_with_another_certificate_is_wrong_and_not_asked_again(server, client, tmp_path):
    demo_timestamper(tmp_path / "other", now=now)
    answering(server, DemoTimestamps.load(tmp_path / "other", now=now).answer)

    with pytest.raises(WrongTimestamp, match="do not trust"):
        client.stamp(DIGEST)
    assert server.asked == 1


def changed(**values):
    """What answers another request than the one that was made."""

    def answer(authority, request):
        asked = tsp.TimeStampReq.load(request)
        for name, value in values.items():
            asked[name] = value
        return authority.answer(tsp.TimeStampReq.load(asked.dump()).dump())

    return answer


OTHER = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": bytes(32)}


@pytest.mark.parametrize(
    ("answer", "words"),
    [(changed(nonce=7), "another request"), (changed(message_imprint=OTHER), "something else")],
    ids=["nonce", "imprint"],
)
def test_an_answer_to_another_request_is_wrong(server, client, authority, answer, words):
    answering(server, lambda request: answer(authority, request))

    with pytest.raises(WrongTimestamp, match=words):
        client.stamp(DIGEST)


@pytest.mark.parametrize("hours", [-1, 1])
def test_clocks_that_are_apart_are_found(server, folder, authority, hours):
    answering(server, authority.answer)
    client = a_client(server, folder, clock=lambda: now() + timedelta(hours=hours))

    with pytest.raises(WrongTimestamp, match="clock"):
        client.stamp(DIGEST)


def test_the_authority_s_pinned_certificates_are_what_others_check_with(client, folder):
    (pem,) = client.certificates_pem

    assert x509.load_pem_x509_certificate(pem) == read_certificates(folder / "root.pem")[0]
