"""Memory that is given back: the threads of a worker share two of glibc's arenas instead of having one each."""

import ctypes

# mallopt(3); other C libraries have no arenas, or no such call.
_ARENA_MAX = -8
_ARENAS = 2


def share_arenas() -> None:
    """Have the threads that begin from now on share their arenas: what one of them frees, another one uses."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_ARENA_MAX, _ARENAS)
