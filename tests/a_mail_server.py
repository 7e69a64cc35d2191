"""A mail server and a webhook's receiver of our own, on loopback, that can be told to misbehave."""

import base64
import datetime as dt
import json
import socket
import socketserver
import ssl
import threading
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HANG_SECONDS = 30


class _Conversation(socketserver.StreamRequestHandler):
    """One client's conversation with the mail server."""

    def handle(self) -> None:
        with suppress(OSError, ValueError):
            self._speak()

    def _speak(self) -> None:
        mail = self.server.mail
        if mail.hangs:
            mail.over.wait(HANG_SECONDS)
            return
        self._say("220 mail.test")
        while line := self.rfile.readline():
            words = line.decode().strip()
            if not self._answer(mail, words):
                return

    def _answer(self, mail, words) -> bool:
        verb = words.split(" ")[0].upper()
        if verb in {"EHLO", "HELO"}:
            offers = ["STARTTLS"] if mail.context and not isinstance(self.connection, ssl.SSLSocket) else []
            for offer in ["mail.test", *offers, "AUTH PLAIN"]:
                self._say(f"250-{offer}")
            self._say("250 SIZE 100000")
        elif verb == "STARTTLS":
            self._say("220 go on")
            self.connection = mail.context.wrap_socket(self.connection, server_side=True)
            self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", buffering=0)
        elif verb == "AUTH":
            mail.logins.append(base64.b64decode(words.split(" ")[2]).split(b"\0")[1:])
            self._say("235 welcome")
        elif verb == "RCPT" and mail.refuses:
            self._say(mail.refuses.pop(0))
        elif verb == "DATA":
            self._say("354 go on")
            text = b"".join(iter(self.rfile.readline, b".\r\n"))
            mail.taken.append((text, isinstance(self.connection, ssl.SSLSocket)))
            if mail.drops_after_data:
                return False
            self._say("250 taken")
        elif verb == "QUIT":
            if not mail.drops_at_the_end:
                self._say("221 bye")
            return False
        else:
            self._say("250 well")
        return True

    def _say(self, line) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class MailBox:
    """What the server has taken, and how it is to misbehave."""

    def __init__(self, *, context=None) -> None:
        self.context = context
        self.taken: list[tuple[bytes, bool]] = []
        self.logins: list[list[bytes]] = []
        self.refuses: list[str] = []
        self.hangs = False
        self.drops_after_data = False
        self.drops_at_the_end = False
        self.over = threading.Event()
        self.port = 0


@contextmanager
def mail_server(*, context=None):
    """A mail server on loopback; with a context it offers encryption."""
    box = MailBox(context=context)
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Conversation)
    server.daemon_threads, server.block_on_close, server.mail = True, False, box
    box.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield box
    finally:
        box.over.set()
        server.shutdown()
        server.server_close()


class Receiver:
    """What listens to a webhook: it keeps what came, and answers as it is told; with an hour's patience otherwise."""

    def __init__(self) -> None:
        self.came: list[tuple[dict, bytes]] = []
        self.answers: list[int] = []
        self.hangs = False
        self.over = threading.Event()
        self.url = ""

    @property
    def said(self) -> list[dict]:
        return [json.loads(body) for _, body in self.came]


@contextmanager
def receiver():
    """A webhook's receiver on loopback."""
    kept = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept.came.append((dict(self.headers), body))
            if kept.hangs:
                kept.over.wait(HANG_SECONDS)
                return
            code = kept.answers.pop(0) if kept.answers else 200
            self.send_response(code)
            if 300 <= code < 400:
                self.send_header("Location", kept.url)
            self.end_headers()

        def log_message(self, *_arguments) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads, server.block_on_close = True, False
    kept.url = f"http://127.0.0.1:{server.server_address[1]}/hook"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield kept
    finally:
        kept.over.set()
        server.shutdown()
        server.server_close()


def a_closed_port() -> int:
    """A port of loopback at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def encrypting(folder, name="localhost"):
    """(the server's side, the client's side) of TLS under a certificate made for this test."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    both = folder / "server.pem"
    both.write_bytes(private + pem)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(both)
    return server, ssl.create_default_context(cadata=pem.decode())
