"""The line to the store: it can be cut, mended, and led to a store that takes our credentials for expired."""

import socket
import threading
from contextlib import suppress
from urllib.parse import urlsplit

EXPIRED = b"<Error><Code>ExpiredToken</Code><Message>The provided token has expired.</Message></Error>"
ANSWER = (
    b"HTTP/1.1 400 Bad Request\r\nContent-Type: application/xml\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%b"
)


class Line:
    """A port of our own that leads to the store's."""

    def __init__(self, endpoint: str) -> None:
        store = urlsplit(endpoint)
        self._store = (store.hostname, store.port)
        self.is_cut = self.is_expired = False
        self._calls: set[socket.socket] = set()
        self._door = socket.create_server(("127.0.0.1", 0))
        self.endpoint = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        threading.Thread(target=self._answer, daemon=True).start()

    def cut(self) -> None:
        self.is_cut = True
        self._drop()

    def expire(self) -> None:
        self.is_expired = True
        self._drop()

    def mend(self) -> None:
        self.is_cut = self.is_expired = False

    def close(self) -> None:
        self.cut()
        self._door.close()

    def _drop(self) -> None:
        for each in list(self._calls):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def _answer(self) -> None:
        with suppress(OSError):
            while True:
                call, _ = self._door.accept()
                threading.Thread(target=self._lead, args=[call], daemon=True).start()

    def _lead(self, call: socket.socket) -> None:
        with call, suppress(OSError):
            if self.is_cut:
                return
            self._calls.add(call)
            if self.is_expired:
                call.recv(65536)
                call.sendall(ANSWER % (len(EXPIRED), EXPIRED))
                return
            with socket.create_connection(self._store) as onward:
                back = threading.Thread(target=_copy, args=[onward, call], daemon=True)
                back.start()
                _copy(call, onward)
                back.join()


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
