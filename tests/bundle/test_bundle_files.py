"""The files inside a bundle: the bytes as catalogued, listed once, under names that are safe to save."""

import csv
import hashlib
import io
import json

import pikepdf
import pytest
from bundle_samples import a_bundle, a_record_set, an_exhibit, written

from requests_portal.bundle import contents as c
from requests_portal.bundle.file_names import UnsafeName
from requests_portal.bundle.hole import SignatureTooLarge
from requests_portal.bundle.writer import ChangedWhileWriting


def files_in(path) -> dict[str, bytes]:
    with pikepdf.open(path) as pdf:
        return {name: spec.get_file().read_bytes() for name, spec in pdf.attachments.items()}


def test_the_embedded_recordings_are_the_bytes_that_were_catalogued(tmp_path, key):
    contents = a_bundle(3, 1)
    written(contents, key, tmp_path / "bundle.pdf")

    files = files_in(tmp_path / "bundle.pdf")

    for exhibit in contents.exhibits:
        assert files[exhibit.filename] == b"".join(exhibit.open())
    assert files[contents.record_sets[0].filename] == contents.record_sets[0].csv


def test_both_manifests_list_every_file_with_its_digest(tmp_path, key):
    written(a_bundle(3, 1), key, tmp_path / "bundle.pdf")
    files = files_in(tmp_path / "bundle.pdf")
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in files.items() if name != "manifest.json"}

    machine = json.loads(files["manifest.json"])
    people = list(csv.DictReader(io.StringIO(files["manifest.csv"].decode())))

    assert {each["filename"]: each["sha256"] for each in machine["files"]} == digests
    assert {each["filename"]: each["sha256"] for each in people} | {"manifest.csv": digests["manifest.csv"]} == digests
    assert people[0]["recorded_at"] == "2026-01-14T13:03:07-08:00"


def test_the_manifest_for_machines_is_as_json_itself_indents_it(tmp_path, key):
    written(a_bundle(3, 1), key, tmp_path / "bundle.pdf")

    data = files_in(tmp_path / "bundle.pdf")["manifest.json"]

    assert data.decode() == json.dumps(json.loads(data), ensure_ascii=False, indent=1)


def test_each_file_says_what_it_is_to_the_document(tmp_path, key):
    proof = c.Attachment(
        filename="proof.json", media_type="application/json", description="The log's proof", data=b"{}"
    )
    written(a_bundle(1, 1, attachments=(proof,)), key, tmp_path / "bundle.pdf")

    with pikepdf.open(tmp_path / "bundle.pdf") as pdf:
        relations = {str(spec.UF): (str(spec.AFRelationship), str(spec.Desc)) for spec in pdf.Root.AF}

    assert relations["HH-000000001.wav"] == ("/Source", "Recording HH-000000001 as stored")
    assert relations["manifest.csv"][0] == "/Data"
    assert relations["HH-000000002.csv"][0] == "/Data"
    assert relations["proof.json"] == ("/Supplement", "The log's proof")


@pytest.mark.parametrize("chunks", [(b"other bytes",), (), (b"RIFF" * 100_000,)], ids=["changed", "gone", "grown"])
def test_a_recording_that_changed_since_it_was_catalogued_stops_the_bundle(tmp_path, key, chunks):
    exhibit = an_exhibit(1, open=lambda: iter(chunks))

    with pytest.raises(ChangedWhileWriting, match=r"HH-000000001\.wav has changed"):
        written(a_bundle(0, 0, exhibits=(exhibit,)), key, tmp_path / "bundle.pdf")


@pytest.mark.parametrize(
    "name",
    ["../HH-1.csv", "a\u202evsc.csv", "nul\x00.csv", "", "..", "x" * 201, "MANIFEST.json", "HH-000000001.wav"],
    ids=["climbs", "turned around", "nul", "empty", "dots", "long", "the manifest's", "taken"],
)
def test_a_misleading_or_doubled_file_name_is_refused(tmp_path, key, name):
    with pytest.raises(UnsafeName):
        written(a_bundle(1, 0, record_sets=(a_record_set(2, filename=name),)), key, tmp_path / "bundle.pdf")


def test_a_signature_that_does_not_fit_is_refused(tmp_path, key):
    class Verbose:
        certificate_pem = key.certificate_pem
        chain_pem = ()

        @staticmethod
        def sign_cms(digest, *, at):
            return digest * (at.year // 2)

    with pytest.raises(SignatureTooLarge):
        written(a_bundle(1, 0), Verbose(), tmp_path / "bundle.pdf")


def test_the_account_of_what_was_written_is_true(tmp_path, key):
    path = tmp_path / "bundle.pdf"

    said = written(a_bundle(2, 1), key, path)

    data = path.read_bytes()
    assert said.size == len(data)
    assert said.sha256 == hashlib.sha256(data).hexdigest()
    assert said.attachments == len(files_in(path))
    assert set(said.stages) == {"pages", "archive form", "attach", "structure and signature"}


def test_a_bundle_can_be_written_to_something_that_cannot_seek(key):
    class Pipe(io.RawIOBase):
        def __init__(self):
            self.parts = []

        def writable(self):
            return True

        def write(self, data):
            self.parts.append(bytes(data))
            return len(data)

    from requests_portal.bundle import write_bundle  # noqa: PLC0415

    pipe = Pipe()

    said = write_bundle(a_bundle(1, 0), pipe, signer=key)

    assert hashlib.sha256(b"".join(pipe.parts)).hexdigest() == said.sha256
