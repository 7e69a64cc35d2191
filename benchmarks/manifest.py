"""Tagged manifest rows a second, and the memory they take.

python benchmarks/manifest.py [--rows 10000] [--json]
"""

import argparse
import hashlib
import json
import resource
import time
from collections.abc import Iterator

from requests_portal.bundle.look import DENSE
from requests_portal.bundle.manifest import manifest_columns
from requests_portal.bundle.page import Pages
from requests_portal.bundle.prose import title
from requests_portal.bundle.running_lines import HeadAndFoot
from requests_portal.bundle.table import table
from requests_portal.bundle.words_en import ENGLISH

TARGET = 5_000


def rows(count: int) -> Iterator[tuple[str, ...]]:
    for number in range(count):
        digest = hashlib.sha256(b"%d" % number).hexdigest()
        yield f"HH-{number:09d}", "2026-01-14 06:03 -0800", "5.0 s", f"{100_000 + number:,}", digest


def drawn(count: int) -> Pages:
    running = HeadAndFoot(name="Harbor Home, Inc.", reference="HH-2026-0042", bates="", page_of=ENGLISH["page_of"])
    pages = Pages(look=DENSE, language="en", running=running)
    title(pages, ENGLISH["manifest"])
    table(pages, manifest_columns(ENGLISH), rows(count))
    pages.finish()
    return pages


def measured(count: int) -> dict[str, float]:
    drawn(10)  # unpack the typefaces first: a process does that once
    started = time.perf_counter()
    pages = drawn(count)
    seconds = time.perf_counter() - started
    return {
        "rows": count,
        "pages": pages.count,
        "seconds": round(seconds, 3),
        "rows_per_second": round(count / seconds),
        "target_rows_per_second": TARGET,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=10_000)
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    result = measured(chosen.rows)
    if chosen.json:
        print(json.dumps(result))
        return
    for name, value in result.items():
        print(f"{name:24} {value:>12,}")


if __name__ == "__main__":
    main()
