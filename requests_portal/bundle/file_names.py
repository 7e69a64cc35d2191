"""Names of embedded files: each once, and none that could mislead or climb out of a folder."""

import unicodedata

from requests_portal.bundle.contents import BundleContents
from requests_portal.bundle.load_file import DAT_NAME
from requests_portal.bundle.manifest_files import CSV_NAME, JSON_NAME
from requests_portal.bundle.visible import code_of
from requests_portal.errors import Unusable

_LONGEST = 200
_FORBIDDEN = frozenset('/\\:*?"<>|')


class UnsafeName(Unusable):
    """A file name that is doubled, too long, or holds what a file system or a reader's eye would take otherwise."""

    code = "unsafe_name"


def refuse_unsafe_names(contents: BundleContents) -> None:
    """Raise UnsafeName unless every embedded file can be saved under its own name."""
    seen = {CSV_NAME, DAT_NAME, JSON_NAME}
    names = [each.filename for each in contents.record_sets]
    names += [each.filename for each in contents.exhibits]
    names += [each.listening.filename for each in contents.exhibits if each.listening]
    names += [each.filename for each in contents.attachments]
    for name in names:
        _refuse_unsafe(name)
        if name.casefold() in seen:
            raise UnsafeName(f"Two files of this bundle are called {name}.")
        seen.add(name.casefold())


def _refuse_unsafe(name: str) -> None:
    bad = [one for one in name if one in _FORBIDDEN or unicodedata.category(one)[0] == "C"]
    if bad:
        shown = ", ".join(sorted({code_of(one) for one in bad}))
        raise UnsafeName(f"A file name holds characters that a file name must not hold: {shown}.")
    if not name.strip(". ") or len(name) > _LONGEST:
        raise UnsafeName(f"A file name must have from 1 to {_LONGEST} characters and more than dots.")
