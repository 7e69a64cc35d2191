"""The bundle's speed and memory, each figure beside its floor and its peers in one run.

python benchmarks/bundle.py [--only attach,verify,manifest,peers,bundle,waveforms] [--json]

Every figure is measured in a process of its own, since a process's peak of memory never falls. Peers are installed with
`pip install -e .[bench]`; one that is missing is named in the table. Prints a table in Markdown.
"""

import argparse
import hashlib
import io
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "bundle"))
CHUNK = 1 << 20
MB = 1_000_000
START = datetime(2026, 1, 14, 8, tzinfo=UTC)
HEADS = ("Bates", "Recorded", "Length", "Bytes", "SHA-256")


def timed(act: Callable[[], Any]) -> tuple[float, Any]:
    started = time.perf_counter()
    result = act()
    return time.perf_counter() - started, result


def best(act: Callable[[], Any], times: int = 3) -> float:
    """Return the least of some times: what else the machine does only ever adds."""
    return min(timed(act)[0] for _ in range(times))


def peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def read(path: Path) -> Iterator[bytes]:
    with path.open("rb", buffering=0) as file:
        while chunk := file.read(CHUNK):
            yield chunk


def spooled(folder: Path, count: int, size: int) -> list[Path]:
    """Write recordings, each different and none compressible."""
    paths = [folder / f"{number:06d}.wav" for number in range(1, count + 1)]
    for path in paths:
        with path.open("wb") as file:
            for _ in range(size // CHUNK):
                file.write(os.urandom(CHUNK))
            file.write(os.urandom(size % CHUNK))
    return paths


def copied_and_hashed_twice(paths: Iterable[Path], out: Path) -> None:
    whole = hashlib.sha256()
    out.unlink(missing_ok=True)
    with out.open("wb") as copy:
        for path in paths:
            each = hashlib.sha256()
            for chunk in read(path):
                each.update(chunk)
                whole.update(chunk)
                copy.write(chunk)


def contents_of(paths: list[Path]) -> Any:
    from bundle_samples import a_bundle, an_exhibit  # noqa: PLC0415

    one = an_exhibit(1)
    exhibits = tuple(
        replace(
            one,
            bates=f"HH-{number:09d}",
            filename=f"HH-{number:09d}.wav",
            size=path.stat().st_size,
            sha256=hashlib.file_digest(path.open("rb"), "sha256").hexdigest(),
            open=partial(read, path),
        )
        for number, path in enumerate(paths, start=1)
    )
    return a_bundle(0, 1, exhibits=exhibits, bates_last=exhibits[-1].bates)


def attach(folder: Path, count: int, size: int) -> dict[str, Any]:
    from bundle_samples import a_key  # noqa: PLC0415

    from requests_portal.bundle import write_bundle  # noqa: PLC0415

    key = a_key("Benchmark")

    def write(contents: Any) -> Any:
        (folder / "bundle.pdf").unlink(missing_ok=True)
        with (folder / "bundle.pdf").open("wb") as out:
            return write_bundle(contents, out, signer=key)

    # The same pages around recordings of nothing: what is beyond them is the audio's.
    write(contents_of(spooled(folder, count, 1000)))
    base = peak_mb()
    contents = contents_of(paths := spooled(folder, count, size))
    rounds = [
        (timed(partial(copied_and_hashed_twice, paths, folder / "floor"))[0], write(contents).stages["attach"])
        for _ in range(3)
    ]
    floor, ours = min(floor for floor, _ in rounds), min(ours for _, ours in rounds)
    return {"s": ours, "floor_s": floor, "ratio": floor / ours, "beyond_mb": peak_mb() - base, "mb": peak_mb()}


def verifying(folder: Path, count: int, size: int) -> dict[str, Any]:
    """Write in one process, verify in another: only the second one's memory is a verifier's."""
    path, trust = folder / "bundle.pdf", folder / "trust.pem"
    if not path.exists():
        command = [sys.executable, __file__, "--measure", f"written:{folder}:{count}:{size}"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    from requests_portal.bundle import verify  # noqa: PLC0415

    def must_be_good() -> None:
        verdict = verify(path, trust=[trust.read_bytes()])
        if not verdict.good:
            raise SystemExit(f"The bundle is not good: {verdict.failed}")

    floor = best(lambda: hashlib.file_digest(path.open("rb"), "sha256"))
    ours = best(must_be_good)
    return {"s": ours, "floor_s": floor, "ratio": floor / ours, "mb": peak_mb()}


def written(where: str, count: int, size: int) -> dict[str, Any]:
    from bundle_samples import a_key  # noqa: PLC0415

    from requests_portal.bundle import write_bundle  # noqa: PLC0415

    folder, key = Path(where), a_key("Benchmark")
    (folder / "trust.pem").write_bytes(key.certificate_pem)
    with (folder / "bundle.pdf").open("wb") as out:
        write_bundle(contents_of(spooled(folder, count, size)), out, signer=key)
    return {}


def rows(count: int) -> Iterator[tuple[str, ...]]:
    for number in range(count):
        digest = hashlib.sha256(b"%d" % number).hexdigest()
        yield f"HH-{number:09d}", "2026-01-14 06:03 -0800", "5.0 s", f"{100_000 + number:,}", digest


def manifest(folder: Path, count: int) -> dict[str, Any]:
    """A tagged table from its rows to the file's last byte, archival and with its structure tree."""
    from requests_portal.bundle.archive_form import Identity, archived  # noqa: PLC0415
    from requests_portal.bundle.finish import finish  # noqa: PLC0415
    from requests_portal.bundle.look import DENSE  # noqa: PLC0415
    from requests_portal.bundle.manifest import manifest_columns  # noqa: PLC0415
    from requests_portal.bundle.page import Pages  # noqa: PLC0415
    from requests_portal.bundle.prose import title  # noqa: PLC0415
    from requests_portal.bundle.running_lines import HeadAndFoot  # noqa: PLC0415
    from requests_portal.bundle.table import table  # noqa: PLC0415
    from requests_portal.bundle.words_en import ENGLISH  # noqa: PLC0415
    from requests_portal.bundle.writer import Writer  # noqa: PLC0415

    identity = Identity(
        title="Manifest",
        author="Harbor Home",
        reference="HH-2026-0042",
        document_id="urn:1",
        language="en",
        made_at=START,
    )

    def draw(number: int) -> None:
        running = HeadAndFoot(name="Harbor Home", reference="HH-2026-0042", bates="", page_of=ENGLISH["page_of"])
        pages = Pages(look=DENSE, language="en", running=running)
        title(pages, ENGLISH["manifest"])
        table(pages, manifest_columns(ENGLISH), rows(number))
        base = archived(pages.finish(), identity, seal_page=None)
        with (folder / "manifest.pdf").open("wb") as out:
            finish(Writer(base, out), base, pages, signer=None, name="", reason="", at=START)

    draw(10)  # unpack the typefaces first: a process does that once
    seconds, _ = timed(partial(draw, count))
    return {"s": seconds, "rows_per_s": count / seconds, "mb": peak_mb()}


def manifest_floor(folder: Path, count: int) -> dict[str, Any]:
    """The least that printing rows takes: format them, deflate them page by page, write them."""

    def act() -> None:
        with (folder / "floor").open("wb") as out:
            page: list[str] = []
            for number, row in enumerate(rows(count), start=1):
                page.append(" ".join(f"BT ({cell}) Tj ET" for cell in row))
                if number % 43 == 0:
                    out.write(zlib.compress("\n".join(page).encode()))
                    page.clear()

    seconds, _ = timed(act)
    return {"s": seconds, "rows_per_s": count / seconds, "mb": peak_mb()}


def fpdf2(folder: Path, count: int) -> dict[str, Any]:
    from fpdf import FPDF  # noqa: PLC0415

    def act() -> None:
        pdf = FPDF(format="A4")
        pdf.set_font("Helvetica", size=6)
        pdf.add_page()
        with pdf.table() as table:
            for row in (HEADS, *rows(count)):
                table.row(row)
        pdf.output(str(folder / "fpdf2.pdf"))

    return _peer(act, count)


def weasyprint(folder: Path, count: int) -> dict[str, Any]:
    from weasyprint import HTML  # noqa: PLC0415

    def act() -> None:
        lines = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows(count))
        head = "".join(f"<th>{name}</th>" for name in HEADS)
        style = "<style>td{font-size:6pt}</style>"
        page = f"<html lang=en><title>Manifest</title>{style}<table><thead><tr>{head}</tr></thead>{lines}</table>"
        HTML(string=page).write_pdf(folder / "weasyprint.pdf", pdf_variant="pdf/ua-1")

    return _peer(act, count)


def typst(folder: Path, count: int) -> dict[str, Any]:
    import typst as compiler  # noqa: PLC0415

    def act() -> None:
        cells = ",".join("[" + "],[".join(row) + "]" for row in rows(count))
        head = "],[".join(HEADS)
        text = f'#set document(title: "M")\n#set text(6pt)\n#table(columns: 5, table.header([{head}]), {cells})'
        (folder / "m.typ").write_text(text)
        compiler.compile(folder / "m.typ", output=folder / "typst.pdf")

    return _peer(act, count)


def _peer(act: Callable[[], None], count: int) -> dict[str, Any]:
    seconds, _ = timed(act)
    return {"s": seconds, "rows_per_s": count / seconds, "mb": peak_mb()}


def a_clip(number: int, size: int) -> bytes:
    """Return a WAV of nearly `size` bytes, 16 kHz, different for each number."""
    import numpy as np  # noqa: PLC0415
    import soundfile  # noqa: PLC0415

    at = np.arange((size - 44) // 2) / 16_000
    loud = np.abs(np.sin(at * (1 + number % 9))) * 0.6
    tone = np.sin(at * 2 * np.pi * (110 + number % 400)) * loud
    out = io.BytesIO()
    soundfile.write(out, tone, 16_000, format="WAV", subtype="PCM_16")
    return out.getvalue()


def whole(folder: Path, count: int, size: int) -> dict[str, Any]:
    """Decode, draw, attach, tag and sign a bundle of so many recordings."""
    from bundle_samples import a_bundle, a_key, an_exhibit  # noqa: PLC0415

    from requests_portal.bundle import peaks, write_bundle  # noqa: PLC0415

    paths = [folder / f"{number:06d}.wav" for number in range(1, count + 1)]
    for number, path in enumerate(paths):
        path.write_bytes(a_clip(number, size))
    key, one = a_key("Benchmark"), an_exhibit(1)

    def an_exhibit_of(numbered: tuple[int, Path]) -> Any:
        number, path = numbered
        sound = peaks(partial(read, path), "audio/wav")
        return replace(
            one,
            bates=f"HH-{number:09d}",
            filename=f"HH-{number:09d}.wav",
            recorded_at=START + timedelta(minutes=37 * number),
            size=path.stat().st_size,
            sha256=hashlib.file_digest(path.open("rb"), "sha256").hexdigest(),
            seconds=sound.seconds,
            peaks=sound.peaks,
            open=partial(read, path),
        )

    def act() -> Any:
        decode, exhibits = timed(lambda: tuple(map(an_exhibit_of, enumerate(paths, start=1))))
        with (folder / "bundle.pdf").open("wb") as out:
            contents = a_bundle(0, 1, exhibits=exhibits, bates_last=exhibits[-1].bates)
            return {"decode": decode, **write_bundle(contents, out, signer=key).stages}

    seconds, stages = timed(act)
    return {"s": seconds, "ms_each": seconds / count * 1000, "mb": peak_mb(), "stages": stages}


def waveforms(_folder: Path, kind: str, count: int) -> dict[str, Any]:
    """Five-second clips of one kind, decoded and reduced by one thread and by two."""
    import soundfile  # noqa: PLC0415

    from requests_portal.bundle import peaks  # noqa: PLC0415

    container, subtype, rate = {
        "wav": ("WAV", "PCM_16", 16_000),
        "flac": ("FLAC", "PCM_16", 16_000),
        "mp3": ("MP3", "MPEG_LAYER_III", 16_000),
        "opus": ("OGG", "OPUS", 48_000),
    }[kind]
    samples, _ = soundfile.read(io.BytesIO(a_clip(1, 5 * rate * 2 + 44)))
    out = io.BytesIO()
    soundfile.write(out, samples, rate, format=container, subtype=subtype)
    clip = out.getvalue()

    def act(threads: int) -> None:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(lambda _: peaks(clip, "audio"), range(count)))

    act(1)
    one, two = timed(partial(act, 1))[0], timed(partial(act, 2))[0]
    return {"s": one * 1000 / count, "per_s": count / one, "two_threads_per_s": count / two, "mb": peak_mb()}


MEASURES = {
    each.__name__: each
    for each in (attach, verifying, written, manifest, manifest_floor, fpdf2, weasyprint, typst, whole, waveforms)
}


def measured(name: str, *arguments: object) -> dict[str, Any]:
    """Run one measure in a process of its own."""
    command = [sys.executable, __file__, "--measure", ":".join(map(str, (name, *arguments)))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return {"failed": (done.stderr.strip() or "no reason").splitlines()[-1][:90]}
    return dict(json.loads(done.stdout))


def measure(said: str) -> None:
    name, *arguments = said.split(":")
    values = [int(each) if each.isdecimal() else each for each in arguments]
    with tempfile.TemporaryDirectory() as folder:
        given = values if name == "written" else [Path(folder), *values]
        print(json.dumps(MEASURES[name](*given)))


Line = tuple[str, str, str, str, str]


def table_of(chosen: set[str]) -> Iterator[Line]:
    """Measure what was chosen; yield each figure, its floor or peers, its memory, and what is wanted."""
    for name, lines in LINES.items():
        if name in chosen:
            yield from lines()


def attach_lines() -> Iterator[Line]:
    for title, count, size in (("100 MB", 1, 100 * MB), ("1 GB", 10, 100 * MB), ("1,000 of 100 KB", 1000, 100_000)):
        got = measured("attach", count, size)
        yield _line(
            f"attach and hash {title}",
            got,
            "{s:.2f} s",
            "copy + two SHA-256 {floor_s:.2f} s: {ratio:.2f}",
            "{beyond_mb} MB beyond the pages' ({mb} MB)",
            "≥ 0.9; ≤ 60 MB beyond",
        )


def verify_lines() -> Iterator[Line]:
    for title, count, size in (("1 GB", 10, 100 * MB), ("1,000 of 100 KB", 1000, 100_000)):
        got = measured("verifying", count, size)
        floor = "SHA-256 {floor_s:.2f} s: {ratio:.2f}"
        yield _line(f"verify {title}", got, "{s:.2f} s", floor, "{mb} MB", "≥ 0.8 and ≤ 80 MB at 1 GB")


def manifest_lines() -> Iterator[Line]:
    for count in (10_000, 50_000):
        floor, got = measured("manifest_floor", count), measured("manifest", count)
        got |= {"floor": floor["rows_per_s"], "ratio": got.get("rows_per_s", 0) / floor["rows_per_s"]}
        what = "format + deflate + write {floor:,.0f} rows/s: {ratio:.2f}"
        wanted = "≥ 10,000 rows/s; ≤ 150 MB"
        yield _line(f"manifest of {count:,} rows, tagged", got, "{rows_per_s:,.0f} rows/s", what, "{mb} MB", wanted)


def peer_lines() -> Iterator[Line]:
    for name, count in (("fpdf2", 2000), ("weasyprint", 1000), ("typst", 10_000)):
        got = measured(name, count)
        yield _line(f"the same table by {name}, {count:,} rows", got, "{rows_per_s:,.0f} rows/s", "", "{mb} MB", "")


def bundle_lines() -> Iterator[Line]:
    thousand, five = measured("whole", 1000, 100_000), measured("whole", 5000, 100_000)
    yield _line("1,000 recordings of 100 KB", thousand, "{s:.1f} s", "{ms_each:.2f} ms each", "{mb} MB", "≤ 7 s")
    five["times"] = five.get("ms_each", 0) / thousand.get("ms_each", 1)
    wanted = "≤ 1.2 times; ≤ 300 MB"
    yield _line(
        "5,000 recordings of 100 KB", five, "{s:.1f} s", "{ms_each:.2f} ms each: {times:.2f} times", "{mb} MB", wanted
    )


def waveform_lines() -> Iterator[Line]:
    for kind, count in (("wav", 1000), ("flac", 300), ("mp3", 300), ("opus", 100)):
        got = measured("waveforms", kind, count)
        figure = "{per_s:,.0f} clips/s"
        yield _line(
            f"waveforms of 5 s, {kind}", got, figure, "two threads: {two_threads_per_s:,.0f}/s", "{mb} MB", "within 7 s"
        )


LINES: dict[str, Callable[[], Iterator[Line]]] = {
    "attach": attach_lines,
    "verify": verify_lines,
    "manifest": manifest_lines,
    "peers": peer_lines,
    "bundle": bundle_lines,
    "waveforms": waveform_lines,
}


def _line(title: str, got: dict[str, Any], figure: str, beside: str, memory: str, wanted: str) -> Line:
    if "failed" in got:
        return title, "not measured", got["failed"], "", wanted
    return title, figure.format(**got), beside.format(**got), memory.format(**got), wanted


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--only", default=",".join(LINES))
    options.add_argument("--json", action="store_true")
    options.add_argument("--measure", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.measure:
        measure(chosen.measure)
        return
    lines = table_of(set(chosen.only.split(",")))
    if chosen.json:
        print(
            json.dumps(
                [dict(zip(("what", "figure", "beside", "memory", "wanted"), line, strict=True)) for line in lines]
            )
        )
        return
    print(f"load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors\n")
    print("| What | Figure | Floor or peer | Memory | Wanted |\n| --- | --- | --- | --- | --- |")
    for line in lines:
        print(f"| {' | '.join(line)} |", flush=True)


if __name__ == "__main__":
    main()
