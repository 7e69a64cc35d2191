"""An S3 server for one object version that misbehaves as told, one fault a request, over real HTTP."""

import base64
import hashlib
import socket
import struct
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

GOOD = b"RIFF" + bytes(range(256)) * 800 + b"the kitchen lamp, please"
ERROR = "<?xml version='1.0' encoding='UTF-8'?>\n<Error><Code>{}</Code><Message>no</Message></Error>"


class FaultyStore:
    """Serves `body` to every GET after the listed faults are used up; the last fault repeats when `forever`."""

    def __init__(self):
        self.body = GOOD
        self.faults = []
        self.forever = False
        self.asked = []
        self.over = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        self.endpoint = f"http://127.0.0.1:{self._server.server_port}"

    def next_fault(self):
        if not self.faults:
            return good
        return self.faults[0] if self.forever and len(self.faults) == 1 else self.faults.pop(0)

    def stop(self):
        self.over.set()
        self._server.shutdown()
        self._server.server_close()


def _handler_of(store):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            store.asked.append((self.path, self.headers.get("Range")))
            self.close_connection = True
            store.next_fault()(self, store)

        def head(self, length, status=200, **headers):
            self.send_response(status)
            self.send_header("Content-Length", str(length))
            self.send_header("Connection", "close")
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()

        def log_message(self, *arguments):
            pass

    return Handler


def good(request, store):
    first, last = 0, len(store.body) - 1
    asked = request.headers.get("Range")
    if asked:
        first, last = (int(number) for number in asked.removeprefix("bytes=").split("-"))
    part = store.body[first : last + 1]
    request.head(len(part), 206 if asked else 200)
    request.wfile.write(part)


def answering(status, code):
    """An S3 error document with its own status, as 503 SlowDown or 404 NoSuchVersion."""

    def fault(request, store):
        document = ERROR.format(code).encode()
        request.head(len(document), status, Content_Type="application/xml")
        request.wfile.write(document)

    fault.__name__ = code
    return fault


def truncated(request, store):
    request.head(len(store.body))
    request.wfile.write(store.body[: len(store.body) // 2])


def stalled(request, store):
    truncated(request, store)
    request.wfile.flush()
    store.over.wait()


def flipped_byte(request, store):
    request.head(len(store.body))
    request.wfile.write(flipped(store.body))


def flipped_byte_with_checksum(request, store):
    checksum = base64.b64encode(hashlib.sha256(store.body).digest()).decode()
    request.head(len(store.body), x_amz_checksum_sha256=checksum)
    request.wfile.write(flipped(store.body))


def other_byte_each_time(request, store):
    at = len(store.asked)
    request.head(len(store.body))
    request.wfile.write(store.body[:at] + b"!" + store.body[at + 1 :])


def error_body_with_200(request, store):
    answering(200, "InternalError")(request, store)


def shorter_object(request, store):
    request.head(10)
    request.wfile.write(store.body[:10])


def longer_object(request, store):
    request.head(len(store.body) + 7)
    request.wfile.write(store.body + b"and one")


def endless_object(request, store):
    request.head(1 << 40)
    request.wfile.write(store.body)


def empty_object(request, store):
    request.head(0)


def slow_first_byte(request, store):
    store.over.wait(0.1)
    good(request, store)


def no_first_byte(request, store):
    store.over.wait()


def reset(request, store):
    request.head(len(store.body))
    request.wfile.write(store.body[:100])
    request.wfile.flush()
    # Linger 0: closing sends RST instead of FIN.
    request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    request.connection.close()


def hung_up(request, store):
    request.connection.close()


def not_http(request, store):
    request.wfile.write(b"220 mail.example ESMTP\r\n\r\n")


def flipped(body):
    middle = len(body) // 2
    return body[:middle] + bytes([body[middle] ^ 1]) + body[middle + 1 :]
