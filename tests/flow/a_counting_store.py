"""A store in front of another one, which counts who is asked for what, and can keep answers back or spoil them."""

import http.client
import socket
import struct
import threading
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

DROPPED = {"connection", "transfer-encoding", "server", "date"}


class CountingStore:
    """Hands every request on to `endpoint`; `read` counts the readings of each version's key."""

    def __init__(self, endpoint: str) -> None:
        self.behind = urlsplit(endpoint).netloc
        self.read: Counter[str] = Counter()
        # Once so many readings were asked for, each further one waits until `going` is set.
        self.waits_after: float = float("inf")
        self.going = threading.Event()
        self.waiting = threading.Event()
        # How the readings of a key are answered instead, each time: given the request and the true bytes.
        self.spoilt: dict[str, Callable[[BaseHTTPRequestHandler, bytes], None]] = {}
        # An answer to everything, while it is set.
        self.down: Callable[[BaseHTTPRequestHandler, bytes], None] | None = None
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        self.endpoint = f"http://127.0.0.1:{self._server.server_port}"

    def count(self, path: str) -> None:
        with self._lock:
            self.read[path] += 1
            waits = self.read.total() > self.waits_after
        if waits:
            self.waiting.set()
            self.going.wait()

    def stop(self) -> None:
        self.going.set()
        self._server.shutdown()
        self._server.server_close()


def _handler_of(store: CountingStore):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handed_on(self):
            path, _, query = self.path.partition("?")
            spoil = None
            if self.command == "GET" and "versionId" in query and "legal-hold" not in query:
                store.count(path.rpartition("/")[2])
                spoil = store.spoilt.get(path.rpartition("/")[2])
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if store.down is not None:
                self.close_connection = True
                store.down(self, b"")
                return
            behind = http.client.HTTPConnection(store.behind)
            behind.request(self.command, self.path, body=body, headers=dict(self.headers))
            answer = behind.getresponse()
            data = answer.read()
            if spoil is not None:
                self.close_connection = True
                spoil(self, data)
                return
            self.send_response(answer.status)
            length = answer.headers.get("Content-Length", str(len(data)))
            for name, value in answer.getheaders():
                if name.lower() not in {*DROPPED, "content-length"}:
                    self.send_header(name, value)
            self.send_header("Content-Length", length)
            self.end_headers()
            self.wfile.write(data)
            behind.close()

        do_GET = do_PUT = do_HEAD = do_POST = do_DELETE = handed_on  # noqa: N815 — as http.server names them

        def log_message(self, *arguments):
            pass

    return Handler


def answering(status: int, code: str):
    """An S3 error document with its own status."""

    def spoil(request, _data):
        sent(request, f"<Error><Code>{code}</Code></Error>".encode(), status=status)

    return spoil


def flipped(request, data):
    sent(request, data[:-1] + bytes([data[-1] ^ 1]))


def longer(request, data):
    sent(request, data + b"and more")


def truncated(request, data):
    sent(request, data[: len(data) // 2], length=len(data))


def stalled(request, data):
    """Half of it, and then nothing until the reader goes away."""
    truncated(request, data)
    request.wfile.flush()
    request.connection.recv(1)


def reset(request, _data):
    # Linger 0: closing sends RST instead of FIN.
    request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    request.connection.close()


def sent(request, data, *, status=200, length=None):
    request.send_response(status)
    request.send_header("Content-Length", str(len(data) if length is None else length))
    request.send_header("Connection", "close")
    request.end_headers()
    request.wfile.write(data)
