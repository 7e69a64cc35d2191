"""Gathering's speed and memory: readers beside s5cmd on one server, whole cases beside their floors, how cost grows.

python benchmarks/gather.py [--only readers,steps,cases] [--objects 10000] [--rounds 5] [--cases 100,1000,10000]

The server is SeaweedFS on loopback, on the same processors, so trust ratios. Objects are 40-160 KB of noise. Rounds are
interleaved; a round that does not bring everything that was asked ends the run. Prints tables in Markdown.
"""

import argparse
import hashlib
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import wave
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

from requests_portal.storage.buckets import make_buckets
from requests_portal.storage.client import s3_client
from requests_portal.storage.fast_reader import FastReader
from requests_portal.storage.recordings import Recordings
from requests_portal.storage.seaweed import SeaweedStore
from requests_portal.storage.spool import Spool

KEYS = {"access_key": "benchmark", "secret_key": "benchmark-of-the-gather"}
WORKERS = 8
SMALLEST, LARGEST = 40_000, 160_000
MB = 1_000_000
# Beyond this many the recordings of a case are a tenth as large, for the disk's sake.
FULL_SIZE = 10_000


@dataclass(frozen=True, kw_only=True)
class Object:
    """One stored object as the catalogue would know it."""

    key: str
    version_id: str
    size: int
    sha256: str
    bucket: str = ""


@contextmanager
def served() -> Iterator[tuple[Path, str]]:
    """A folder of our own, and a server in it."""
    folder = Path(tempfile.mkdtemp(prefix="gather-"))
    store = SeaweedStore(folder / "store", **KEYS)
    try:
        (folder / "store").mkdir()
        store.start()
        yield folder, store.endpoint
    finally:
        store.stop()
        shutil.rmtree(folder, ignore_errors=True)


def client_of(endpoint: str) -> Any:
    return s3_client(endpoint=endpoint, region="us-east-1", **KEYS)


def stored(recordings: Recordings, count: int) -> list[Object]:
    """Put objects of noise, each another one."""

    def put(number: int) -> Object:
        chance = random.Random(number)  # noqa: S311 — noise, the same in every run
        key = f"voice/{number:06d}.wav"
        kept = recordings.put(key, chance.randbytes(chance.randint(SMALLEST, LARGEST)), media_type="audio/wav")
        return Object(key=key, version_id=kept.version_id, size=kept.size, sha256=kept.sha256)

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(put, range(count)))


def gathered(recordings: Recordings, objects: list[Object], out: Path) -> int:
    spool = Spool(out)
    for _ in recordings.gather_many(objects, spool, workers=WORKERS):
        pass
    return sum(spool.holds(each.sha256, size=each.size) for each in objects)


def copied(endpoint: str, objects: list[Object], out: Path) -> int:
    """What s5cmd brings of the same versions; it neither hashes nor waits for the disk."""
    out.mkdir()
    lines = [f"cp --version-id {o.version_id} s3://recordings/{o.key} {out}/{Path(o.key).name}" for o in objects]
    access = {"AWS_ACCESS_KEY_ID": KEYS["access_key"], "AWS_SECRET_ACCESS_KEY": KEYS["secret_key"]}
    command = [str(Path(sys.executable).with_name("s5cmd")), "--endpoint-url", endpoint, "--numworkers", str(WORKERS)]
    subprocess.run(
        [*command, "run"],
        input="\n".join(lines),
        text=True,
        env={**os.environ, **access, "AWS_REGION": "us-east-1", "NO_PROXY": "127.0.0.1"},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return sum((out / Path(each.key).name).stat().st_size == each.size for each in objects)


def readers(count: int, rounds: int) -> None:
    """Objects a second of each reader, in interleaved rounds on one server."""
    with served() as (folder, endpoint):
        client = client_of(endpoint)
        make_buckets(client, ["recordings"])
        plain = Recordings(client, "recordings")
        fast = Recordings(client, "recordings", fast=FastReader(endpoint=endpoint, region="us-east-1", **KEYS))
        objects = stored(plain, count)
        out = folder / "out"
        ways: dict[str, Callable[[], int]] = {
            "fast reader, SHA-256, spool": lambda: gathered(fast, objects, out),
            "s5cmd, plain copy": lambda: copied(endpoint, objects, out),
            "plain reader (boto3), SHA-256, spool": lambda: gathered(plain, objects, out),
        }
        speeds: dict[str, list[float]] = {name: [] for name in ways}
        for number in range(rounds):
            for name in sorted(ways, key=lambda name: hash((name, number))):
                shutil.rmtree(out, ignore_errors=True)
                begun = time.perf_counter()
                brought = ways[name]()
                speeds[name].append(count / (time.perf_counter() - begun))
                if brought != count:
                    sys.exit(f"{name} brought {brought} of {count}")
    print(f"\n| {count:,} objects of 40-160 KB, {rounds} rounds | objects/s | range | beside s5cmd, round by round |")
    print("| --- | --- | --- | --- |")
    peer = speeds["s5cmd, plain copy"]
    for name, got in speeds.items():
        beside = statistics.median(ours / theirs for ours, theirs in zip(got, peer, strict=True))
        print(f"| {name} | {statistics.median(got):,.0f} | {min(got):,.0f}-{max(got):,.0f} | {beside:.2f} |")


def steps(rounds: int, count: int = 100) -> None:
    """What a durable step costs beside the work in it, on SQLite."""
    from dbos import DBOS, SQLAlchemyDatasource  # noqa: PLC0415

    from requests_portal.database.engine import connect  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/steps.db"
        DBOS.migrate(url)
        SQLAlchemyDatasource.migrate(url)
        DBOS(config={"name": "steps", "system_database_url": url, "executor_id": "steps", "log_level": "ERROR"})
        datasource = SQLAlchemyDatasource.create(url, engine=connect(url), run_migrations=False)

        @DBOS.step(name="plain")
        def plain() -> None:
            pass

        @DBOS.workflow(name="of_plain")
        def of_plain() -> None:
            for _ in range(count):
                plain()

        @DBOS.workflow(name="of_transactions")
        def of_transactions() -> None:
            for _ in range(count):
                datasource.run_tx_step({"name": "transaction"}, lambda: None)

        DBOS.launch()
        costs: dict[str, list[float]] = {"plain step": [], "transactional step": []}
        for _ in range(rounds):
            for name, workflow in zip(costs, (of_plain, of_transactions), strict=True):
                begun = time.perf_counter()
                workflow()
                costs[name].append((time.perf_counter() - begun) * 1000 / count)
        DBOS.destroy()
    print(f"\n| durable steps, {rounds} rounds of {count} | ms a step | range | wanted |\n| --- | --- | --- | --- |")
    for name, got in costs.items():
        print(f"| {name} | {statistics.median(got):.1f} | {min(got):.1f}-{max(got):.1f} | ≤ 15 |")


def noise_files(folder: Path, count: int) -> Iterator[Path]:
    """WAV files of noise; a large case's are a tenth as large."""
    shrink = 1 if count <= FULL_SIZE else 10
    for number in range(count):
        chance = random.Random(number)  # noqa: S311 — noise, the same in every run
        path = folder / f"{number:06d}.wav"
        with path.open("wb") as file, wave.open(file, "wb") as sound:
            sound.setparams((1, 2, 16_000, 0, "NONE", ""))
            sound.writeframes(chance.randbytes(2 * (chance.randint(SMALLEST, LARGEST) // 2 // shrink)))
        yield path


def a_case(folder: Path, endpoint: str, count: int) -> dict[str, Any]:
    """Stock a desk with one customer's recordings; the case itself is acted out in a process of its own."""
    from requests_portal.app import open_desk  # noqa: PLC0415
    from requests_portal.demo.settings import demonstration  # noqa: PLC0415
    from requests_portal.play import recorded_play  # noqa: PLC0415
    from requests_portal.stock import make_store, stock_people  # noqa: PLC0415
    from requests_portal.storage.catalogue_csv import ManifestRow  # noqa: PLC0415

    here = folder / f"case-{count}"
    (here / "sounds").mkdir(parents=True)
    made = demonstration(here, endpoint=endpoint, public_url="https://desk.example")
    settings = replace(
        made,
        store_access_key=KEYS["access_key"],
        store_secret_key=KEYS["secret_key"],
        recordings_bucket=f"recordings-{count}",
        vault_bucket=f"vault-{count}",
    )
    settings.write(here / "settings.toml")
    first = datetime.now(UTC).replace(microsecond=0) - timedelta(days=150)
    rows = [
        ManifestRow(
            path=path,
            account="A-1000-1",
            customer_name="Benchmark Customer",
            device=f"HR-{number % 3}",
            recorded_at=first + timedelta(days=140) * number / count,
            transcript=None,
            speaker="account holder",
            human_reviewed=False,
            media_type="audio/wav",
            seconds=1.0,
            line=number + 2,
        )
        for number, path in enumerate(noise_files(here / "sounds", count))
    ]
    desk = open_desk(settings)
    make_store(desk)
    play = recorded_play(rows, datetime.now(UTC))
    stock_people(desk, play.customers, play.record_sets)
    size = stocked(desk, play.clips)
    desk.close()
    shutil.rmtree(here / "sounds")
    command = [sys.executable, __file__, "--act", str(here), str(count)]
    answer = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()[-1])
    shutil.rmtree(here)
    return {**answer, "size": size}


def stocked(desk: Any, clips: Any) -> int:
    """Store and catalogue clips a thousand at a time, so that the disk and not the memory holds them."""
    from requests_portal.stock import stock_recordings  # noqa: PLC0415

    left, size = iter(clips), 0
    while some := list(islice(left, 1000)):
        size += sum(clip.path.stat().st_size for clip in some)
        stock_recordings(desk, some)
        for clip in some:
            clip.path.unlink()
    return size


def act(here: Path, count: int) -> None:
    """Act a customer's request out in this process; what it prints last is its measure."""
    from requests_portal import enact  # noqa: PLC0415
    from requests_portal.app import open_desk, worker  # noqa: PLC0415
    from requests_portal.model.production import DocumentKind, ProductionState  # noqa: PLC0415
    from requests_portal.settings import read  # noqa: PLC0415
    from requests_portal.walkthrough import CAST  # noqa: PLC0415

    desk = open_desk(read(here / "settings.toml"))
    scenario = the_request(here, count)
    seconds: dict[str, float] = {}
    begun = time.perf_counter()

    def lap(stage: str) -> None:
        nonlocal begun
        seconds[stage], begun = time.perf_counter() - begun, time.perf_counter()

    with worker(desk, name="benchmark"):
        kept, _ = enact.paper(desk, scenario)
        case = enact.file(desk, scenario, papers=(kept,), by=CAST.clerk)
        enact.check(desk, case.id, how="Checked.", by=CAST.clerk)
        case = enact.accept(desk, case.id, by=CAST.lawyer)
        enact.approve_it(desk, case.id, by=CAST.second)
        lap("decide")
        for production in enact.settled(desk, case.id, until=enact.patience(7200)):
            if production.state is ProductionState.GATHERED:
                lap("gather")
                before_certificate = peak_mb()
                enact.sign_off(desk, production.id, by=CAST.custodian)
                lap("certify")
            elif production.state is ProductionState.OFFERED:
                lap("seal")
                break
            else:
                sys.exit(production.failure)
        with desk.ledger.reading() as work:
            documents = work.productions.documents(production.id)
        sealed_mb = peak_mb()
        # The copies to be archived are made beside this and not measured; the worker ends when they are.
        is_over = enact.patience(7200)
        while any(desk.outside.durable.unended(("archive",))) and not is_over():
            time.sleep(0.2)
    bundles = [each for each in documents if each.kind is DocumentKind.BUNDLE]
    if len(production.items) != count or production.discrepancies:
        sys.exit(f"{len(production.items)} of {count} came, {len(production.discrepancies)} with findings")
    done = dict(production.seconds)
    print(
        json.dumps(
            {
                "seconds": seconds,
                "sealing": done,
                "volumes": len(bundles),
                "gather_mb": before_certificate,
                "mb": sealed_mb,
            }
        )
    )


def the_request(here: Path, count: int) -> Any:
    """The access request over everything, as the walkthrough files it."""
    from requests_portal.play import recorded_play  # noqa: PLC0415
    from requests_portal.storage.catalogue_csv import ManifestRow  # noqa: PLC0415

    at = datetime.now(UTC)
    row = ManifestRow(
        path=here,
        account="A-1000-1",
        customer_name="Benchmark Customer",
        device="HR-0",
        recorded_at=at - timedelta(days=5),
        transcript=None,
        speaker="account holder",
        human_reviewed=False,
        media_type="audio/wav",
        seconds=1.0,
        line=count,
    )
    return recorded_play([row], at).access


def peak_mb() -> int:
    """The most memory this process held; what a parent held is not counted to it."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024 // MB


def hash_seconds(size: int) -> float:
    """How long one SHA-256 of so many bytes takes here."""
    sample = random.Random(1).randbytes(64 * MB)  # noqa: S311 — noise
    times = []
    for _ in range(3):
        begun = time.perf_counter()
        hashlib.sha256(sample).digest()
        times.append(time.perf_counter() - begun)
    return min(times) * size / len(sample)


def cases(counts: list[int]) -> None:
    """Whole cases, from the request to the offered bundle, and how their cost grows."""
    heads = ("recordings", "MB", "gather", "certify", "seal (write, keep, read back)")
    heads += ("volumes", "ms each", "three hashes", "peak gathered / sealed")
    print(f"\n| {' | '.join(heads)} |\n|{' --- |' * len(heads)}")
    peaks: dict[int, tuple[int, int]] = {}
    with served() as (folder, endpoint):
        for count in counts:
            got = a_case(folder, endpoint, count)
            peaks[count] = got["gather_mb"], got["mb"]
            seconds, sealing = got["seconds"], got["sealing"]
            parts = ", ".join(f"{sealing.get(name, 0):.1f}" for name in ("bundle", "keep", "verify"))
            whole = seconds["gather"] + seconds["seal"]
            # Once when it is gathered, twice when it is enclosed: by itself, and as a part of what is signed.
            floor = 3 * hash_seconds(got["size"])
            print(
                f"| {count:,} | {got['size'] / MB:,.0f} | {seconds['gather']:.1f} s | {seconds['certify']:.1f} s "
                f"| {seconds['seal']:.1f} s ({parts}) | {got['volumes']} | {1000 * sum(seconds.values()) / count:.1f} "
                f"| {floor:.2f} s: {floor / whole:.2f} | {got['gather_mb']} / {got['mb']} MB |",
                flush=True,
            )
    for fewer, more in pairwise(sorted(peaks)):
        gathering, sealing = (after - before for before, after in zip(peaks[fewer], peaks[more], strict=True))
        print(
            f"\nFrom {fewer:,} to {more:,} recordings: {gathering:+} MB gathered, {sealing:+} MB sealed (wanted: 16)."
        )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--only", default="readers,steps,cases")
    options.add_argument("--objects", type=int, default=10_000)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--cases", default="100,1000,10000")
    options.add_argument("--act", nargs=2, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.act:
        act(Path(chosen.act[0]), int(chosen.act[1]))
        return
    print(f"load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    only = set(chosen.only.split(","))
    if "readers" in only:
        readers(chosen.objects, chosen.rounds)
    if "steps" in only:
        steps(chosen.rounds)
    if "cases" in only:
        cases([int(count) for count in chosen.cases.split(",")])


if __name__ == "__main__":
    main()
