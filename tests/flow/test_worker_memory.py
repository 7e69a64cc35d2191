"""A worker's memory does not grow with the number of its threads."""

import subprocess
import sys
import textwrap

import pytest

FILLED = """
    import ctypes, sys, threading
    from requests_portal.arenas import share_arenas

    if sys.argv[1] == "share":
        share_arenas()
    libc, meet = ctypes.CDLL(None), threading.Barrier(8)

    def fill():
        held = [bytearray(50_000) for _ in range(20)]
        meet.wait()

    threads = [threading.Thread(target=fill) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    libc.malloc_info(0, ctypes.c_void_p.in_dll(libc, "stdout"))
    libc.fflush(None)
"""


def arenas(asked: str) -> int:
    command = [sys.executable, "-c", textwrap.dedent(FILLED), asked]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.count("<heap nr=")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only glibc has arenas")
def test_eight_threads_share_two_arenas():
    found = arenas("share"), arenas("each its own")

    assert found[0] <= 2 < found[1]
