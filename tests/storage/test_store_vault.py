"""Papers come in whatever they are; bundles go out by the range; neither is stored twice."""

import hashlib
import tracemalloc
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from botocore.exceptions import ClientError

from requests_portal.errors import NotFound, Unusable
from requests_portal.storage.refusals import NotKept, TooLarge, WrongBytes
from requests_portal.storage.vault import StoredPaper, Vault

WARRANT = b"%PDF-1.7 a warrant for six months of kitchen talk"


def test_a_paper_is_kept_by_its_digest_whatever_it_is(vault):
    stored = vault.put_paper(iter([b"MZ this is ", b"no PDF"]), max_bytes=1000)

    assert stored.sha256 == hashlib.sha256(b"MZ this is no PDF").hexdigest()
    assert stored.size == 17
    assert b"".join(vault.read_paper(stored.sha256)) == b"MZ this is no PDF"


def test_the_same_paper_twice_is_stored_once(vault, client):
    first = vault.put_paper([WARRANT], max_bytes=1000)

    again = vault.put_paper([WARRANT[:9], WARRANT[9:]], max_bytes=1000)

    assert again == first == StoredPaper(sha256=first.sha256, size=len(WARRANT), version_id=first.version_id)
    versions = client.list_object_versions(Bucket="vault", Prefix=f"papers/{first.sha256}")["Versions"]
    assert len(versions) == 1


def test_a_paper_may_be_just_as_large_as_allowed_and_no_larger(vault, client):
    vault.put_paper([b"x" * 600, b"y" * 400], max_bytes=1000)

    with pytest.raises(TooLarge) as refusal:
        vault.put_paper([b"x" * 600, b"z" * 401], max_bytes=1000)

    assert (refusal.value.got, refusal.value.allowed) == (1001, 1000)
    assert "1,001" in refusal.value.sentence
    too_large = hashlib.sha256(b"x" * 600 + b"z" * 401).hexdigest()
    assert "Contents" not in client.list_objects_v2(Bucket="vault", Prefix=f"papers/{too_large}")


def test_an_endless_upload_is_read_no_further_than_allowed(vault):
    read = []

    def endless():
        while True:
            read.append(1)
            yield bytes(1000)

    with pytest.raises(TooLarge):
        vault.put_paper(endless(), max_bytes=10_000)

    assert len(read) == 11


def test_an_empty_paper_is_refused(vault):
    with pytest.raises(Unusable, match="empty"):
        vault.put_paper([], max_bytes=1000)


def test_a_large_paper_is_never_whole_in_memory(vault, shaky_vault, faulty_store):
    faulty_store.faults = []
    tracemalloc.start()
    with pytest.raises(TooLarge):
        shaky_vault.put_paper((bytes(1 << 20) for _ in range(65)), max_bytes=64 << 20)

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 8 << 20


@pytest.mark.parametrize("name", ["0" * 64, "../secrets", ""])
def test_a_paper_nobody_filed_is_not_found(vault, name):
    with pytest.raises(NotFound):
        list(vault.read_paper(name))


def test_a_paper_that_was_changed_in_the_vault_is_not_handed_on(vault, client):
    stored = vault.put_paper([b"pay 100"], max_bytes=1000)
    client.put_object(Bucket="vault", Key=f"papers/{stored.sha256}", Body=b"pay 900")

    with pytest.raises(WrongBytes):
        list(vault.read_paper(stored.sha256))


@pytest.fixture
def bundle(tmp_path):
    path = tmp_path / "bundle.pdf"
    path.write_bytes(b"%PDF-1.7 " + bytes(range(256)) * 9000)
    return path, hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_bundle_is_read_back_whole_and_by_the_range(vault, bundle):
    path, sha256 = bundle
    version = vault.put_bundle("cases/1/volume-1.pdf", path, sha256=sha256)
    whole = path.read_bytes()

    assert vault.size("cases/1/volume-1.pdf", version) == len(whole)
    assert b"".join(vault.read_bundle("cases/1/volume-1.pdf", version)) == whole
    assert b"".join(vault.read_bundle("cases/1/volume-1.pdf", version, start=100)) == whole[100:]
    assert b"".join(vault.read_bundle("cases/1/volume-1.pdf", version, start=5, end=9)) == whole[5:9]
    assert b"".join(vault.read_bundle("cases/1/volume-1.pdf", version, start=7, end=7)) == b""


def test_storing_the_same_bundle_again_gives_the_same_version(vault, bundle):
    path, sha256 = bundle
    first = vault.put_bundle("cases/2/volume-1.pdf", path, sha256=sha256)

    assert vault.put_bundle("cases/2/volume-1.pdf", path, sha256=sha256) == first


def test_another_bundle_under_the_same_key_leaves_the_first_version_readable(vault, bundle):
    path, sha256 = bundle
    whole = path.read_bytes()
    first = vault.put_bundle("cases/3/volume-1.pdf", path, sha256=sha256)
    path.write_bytes(b"%PDF-1.7 signed again")
    second = vault.put_bundle("cases/3/volume-1.pdf", path, sha256=hashlib.sha256(b"%PDF-1.7 signed again").hexdigest())

    assert second != first
    assert b"".join(vault.read_bundle("cases/3/volume-1.pdf", first)) == whole


def test_a_bundle_that_changed_on_its_way_to_the_vault_is_refused(vault, bundle):
    path, sha256 = bundle
    path.write_bytes(path.read_bytes()[:-1] + b"!")

    with pytest.raises(WrongBytes):
        vault.put_bundle("cases/4/volume-1.pdf", path, sha256=sha256)
    with pytest.raises(NotFound):
        vault.size("cases/4/volume-1.pdf", "null")


def test_a_small_derived_file_is_kept_with_its_media_type(vault, client):
    version = vault.put_bytes("cases/1/page-1.png", b"\x89PNG tiny", media_type="image/png")

    assert b"".join(vault.read_bundle("cases/1/page-1.png", version)) == b"\x89PNG tiny"
    assert client.head_object(Bucket="vault", Key="cases/1/page-1.png")["ContentType"] == "image/png"
    assert vault.put_bytes("cases/1/page-1.png", b"\x89PNG tiny", media_type="image/png") == version


def test_papers_and_bundles_are_kept_from_deletion_until_their_day(vault, client, bundle):
    path, sha256 = bundle
    version = vault.put_bundle("cases/5/volume-1.pdf", path, sha256=sha256)
    paper = vault.put_paper([b"a paper to keep"], max_bytes=1000)

    for key, kept in (("cases/5/volume-1.pdf", version), (f"papers/{paper.sha256}", paper.version_id)):
        assert vault.kept_until(key, kept) == datetime(2101, 11, 23, 17, 30, tzinfo=UTC)
        with pytest.raises(ClientError, match="AccessDenied"):
            client.delete_object(Bucket="vault", Key=key, VersionId=kept)
    assert b"".join(vault.read_bundle("cases/5/volume-1.pdf", version)) == path.read_bytes()


def test_a_rerun_leaves_the_day_until_which_a_bundle_is_kept(vault, client, bundle):
    path, sha256 = bundle
    first = vault.put_bundle("cases/6/volume-1.pdf", path, sha256=sha256)
    later = Vault(client, "vault", retention=replace(vault.retention, now=lambda: datetime(2150, 1, 1, tzinfo=UTC)))

    assert later.put_bundle("cases/6/volume-1.pdf", path, sha256=sha256) == first
    assert vault.kept_until("cases/6/volume-1.pdf", first).year == 2101


def test_what_was_stored_without_retention_is_kept_from_the_next_storing_on(vault, client):
    data = b"stored by an earlier release"
    sha256 = hashlib.sha256(data).hexdigest()
    put = client.put_object(Bucket="vault", Key=f"papers/{sha256}", Body=data, Metadata={"sha256": sha256})
    with pytest.raises(NotKept):
        vault.kept_until(f"papers/{sha256}", put["VersionId"])

    vault.put_paper([data], max_bytes=1000)

    assert vault.kept_until(f"papers/{sha256}", put["VersionId"]).year == 2101


def test_a_weaker_mode_than_asked_for_is_not_taken_for_kept(vault, client, bundle):
    path, sha256 = bundle
    version = vault.put_bundle("cases/7/volume-1.pdf", path, sha256=sha256)
    strict = Vault(client, "vault", retention=replace(vault.retention, mode="COMPLIANCE"))

    with pytest.raises(NotKept):
        strict.kept_until("cases/7/volume-1.pdf", version)
