import gzip
import hashlib
import io
import json
import zlib
from datetime import timedelta
from itertools import islice

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from an_inventory import MADE_AT, as_csv, as_parquet, delivered, manifest, row, written

from requests_portal.model.in_store import StoredVersion
from requests_portal.storage.inventory import opened
from requests_portal.storage.inventory_rows import BadInventory
from requests_portal.storage.refusals import NoSuchObject
from requests_portal.storage.sorted_rows import SortedRows

ROWS = [
    row("voice/a b+c%20.wav", "v1"),
    row("voice/küche.wav", "v2", 7, latest=False),
    row("voice/küche.wav", "m1", 0, marker=True),
    row("voice/=1+1", "v3", 0),
]


def zipped(data):
    # The time that gzip writes of its own would give a test another name in each process.
    return gzip.compress(data, mtime=0)


def read(path, tmp_path, **named):
    return opened(str(path), **({"client": None, "own_bucket": "heard", "scratch": tmp_path, "now": MADE_AT} | named))


def rows_of(path, tmp_path, **named):
    return sorted(read(path, tmp_path, **named).rows())


@pytest.mark.parametrize("form", ["CSV", "Parquet"])
def test_an_inventory_is_read_as_s3_delivers_it(tmp_path, form):
    path = delivered(tmp_path, "heard", ROWS, form=form)

    found = read(path, tmp_path)

    assert (found.bucket, found.made_at, found.form, len(found.files)) == ("heard", MADE_AT, form, 2)
    assert found.columns.lists_every_version
    assert sorted(found.rows()) == sorted(StoredVersion(*each) for each in ROWS)
    assert rows_of(path.parent, tmp_path) == sorted(StoredVersion(*each) for each in ROWS)


def test_an_inventory_whose_files_lie_flat_beside_the_manifest_is_read(tmp_path):
    data = as_csv("heard", ROWS)
    (tmp_path / "1.csv.gz").write_bytes(data)
    (tmp_path / "manifest.json").write_text(json.dumps(manifest("heard", {"inv/heard/daily/data/1.csv.gz": data})))

    assert len(rows_of(tmp_path, tmp_path)) == len(ROWS)


def test_an_inventory_is_read_from_the_bucket_it_was_delivered_to(tmp_path, client, bucket):
    path = delivered(tmp_path, "heard", ROWS)
    for each in tmp_path.rglob("*.*"):
        if each.is_file():
            client.put_object(Bucket=bucket.name, Key=str(each.relative_to(tmp_path)), Body=each.read_bytes())
    address = f"s3://{bucket.name}/{path.relative_to(tmp_path)}"
    scratch = tmp_path / "scratch"
    scratch.mkdir()

    found = rows_of(address, scratch, client=lambda: client)

    assert found == sorted(StoredVersion(*each) for each in ROWS)
    assert list(scratch.iterdir()) == []
    with pytest.raises(NoSuchObject):
        rows_of(address.replace("2026", "2025"), scratch, client=lambda: client)
    with pytest.raises(BadInventory, match="name the manifest"):
        rows_of(f"s3://{bucket.name}/inv/", scratch, client=lambda: client)


def test_a_file_in_the_bucket_that_is_larger_than_stated_is_not_read_to_its_end(tmp_path, client, bucket):
    data = as_csv("heard", ROWS)
    told = manifest("heard", {"data/1.csv.gz": data})
    client.put_object(Bucket=bucket.name, Key="data/1.csv.gz", Body=data + b"more")
    client.put_object(Bucket=bucket.name, Key="manifest.json", Body=json.dumps(told).encode())

    with pytest.raises(BadInventory, match="larger than the manifest says"):
        rows_of(f"s3://{bucket.name}/manifest.json", tmp_path, client=lambda: client)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["list.csv", "list.csv.gz", "list.parquet"])
def test_one_plain_file_is_read_with_the_columns_it_names(tmp_path, name):
    header = "Key,Version ID,Size,e_tag\r\n"
    plain = (header + "".join(f'"{key}",{version},{size},x\r\n' for key, version, size, *_ in ROWS)).encode()
    table = pa.table({"key": [r[0] for r in ROWS], "version_id": [r[1] for r in ROWS], "size": [r[2] for r in ROWS]})
    path = tmp_path / name
    if name.endswith("parquet"):
        pq.write_table(table, path)
    else:
        path.write_bytes(zipped(plain) if name.endswith("gz") else plain)

    found = read(path, tmp_path)

    assert (found.bucket, found.made_at) == ("heard", None)
    assert (found.columns.names_versions, found.columns.lists_every_version) == (True, False)
    assert sorted(found.rows()) == sorted(StoredVersion(*each[:3], True, False) for each in ROWS)


def test_a_list_without_versions_is_read(tmp_path):
    (tmp_path / "list.csv").write_text("\ufeffkey,size\nvoice/1,7\n", encoding="utf-8")

    found = read(tmp_path / "list.csv", tmp_path)

    assert not found.columns.names_versions
    assert list(found.rows()) == [StoredVersion("voice/1", "", 7, True, False)]


CSV = as_csv("heard", ROWS)


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (CSV[:-9], "cut off or damaged"),
        (CSV[:30] + b"\x55" + CSV[31:], "cut off or damaged|UTF-8|not proper CSV"),
        (zipped(b"a" * 50_000_000), "longer than 16,384"),
        (zipped(b'"heard","v","x","true","false","1","","",""\n' * 1_500_000), "swells to more than 250"),
        (zipped(b'"heard","v","x","true"\n'), "row 1: it has 4 cells and the schema 9"),
        (zipped(b'"heard","v","x","true","false","1","","",""\n\n'), "row 2: it has 0 cells"),
        (zipped(b'"heard","v","x","true","false","1","","","\n'), "not proper CSV"),
        (zipped(b'"heard","v"x,"x","true","false","1","","",""\n'), "not proper CSV"),
        (zipped(b'"heard","v","x","perhaps","false","1","","",""\n'), "true or false"),
        *(
            (zipped(f'"heard","v","x","true","false","{size}","","",""\n'.encode()), "no number of bytes")
            for size in ("-1", "1_0", "1e3", "", "many", "99999999999999999999999", "1125899906842625", "\u0661")
        ),
        (zipped(b'"heard","%ff","x","true","false","1","","",""\n'), "not UTF-8"),
        (zipped(b'"heard","\xff","x","true","false","1","","",""\n'), "not UTF-8"),
        (zipped(b'"heard","","x","true","false","1","","",""\n'), "key is empty"),
        (zipped(b'"heard","a%00b","x","true","false","1","","",""\n'), "what no key can hold"),
        (zipped(b'"heard","' + b"v" * 1025 + b'","x","true","false","1","","",""\n'), "too long"),
        (zipped(b'"other","v","x","true","false","1","","",""\n'), "another bucket than heard"),
        (zipped(b'"heard","v","' + b"x" * 1025 + b'","true","false","1","","",""\n'), "version is none"),
        (b"PAR1 is not gzip", "row 1: it has 1 cells"),
    ],
)
def test_a_csv_file_that_cannot_be_believed_is_refused_by_name(tmp_path, data, fault):
    path = written(tmp_path, "heard", {"inv/heard/daily/data/0.csv.gz": data})

    with pytest.raises(BadInventory, match=fault) as refused:
        rows_of(path, tmp_path)

    assert "0.csv.gz" in refused.value.sentence


def swollen():
    """A small file that says the same eight million times."""
    out, some = io.BytesIO(), pa.table({"bucket": ["heard"] * 4_000_000, "key": ["v"] * 4_000_000})
    with pq.ParquetWriter(out, some.schema.append(pa.field("size", pa.int64()))) as writer:
        for _ in range(2):
            writer.write_table(some.append_column("size", pa.array([1] * 4_000_000, pa.int64())))
    return out.getvalue()


PARQUET = as_parquet("heard", ROWS)


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (PARQUET[:-40], "Parquet file that can be read"),
        (PARQUET[: len(PARQUET) // 2], "Parquet file that can be read"),
        (PARQUET[:20] + b"\0" * 400 + PARQUET[420:], "Parquet file that can be read|no key can hold|is none|another"),
        (b"", "Parquet file that can be read"),
        (swollen(), "it swells to 8,000,000 rows"),
        (as_parquet("other", ROWS), "another bucket than heard"),
        (as_parquet("heard", [row("v\0", "x")]), "what no key can hold"),
        (as_parquet("heard", [row(None, "x")]), "key is empty"),
        (as_parquet("heard", [row("v", "x", -1)]), "no number of bytes"),
        (as_parquet("heard", [row("v", "x", 1, latest=None)]), "true or false"),
    ],
)
def test_a_parquet_file_that_cannot_be_believed_is_refused_by_name(tmp_path, data, fault):
    path = written(tmp_path, "heard", {"inv/heard/daily/data/0.parquet": data}, form="Parquet")

    with pytest.raises(BadInventory, match=fault) as refused:
        rows_of(path, tmp_path)

    assert "0.parquet" in refused.value.sentence


def test_a_parquet_file_without_a_column_of_the_schema_is_refused(tmp_path):
    out = io.BytesIO()
    pq.write_table(pa.table({"key": ["v"], "size": [1]}), out)
    path = written(tmp_path, "heard", {"inv/heard/daily/data/0.parquet": out.getvalue()}, form="Parquet")

    with pytest.raises(BadInventory, match="lacks the column"):
        rows_of(path, tmp_path)


DATA = {"inv/heard/daily/data/0.csv.gz": CSV}


def a_file(**changed):
    told = manifest("heard", DATA)["files"][0] | changed
    return [{name: value for name, value in told.items() if value is not None}]


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"fileFormat": "ORC"}, "its files are ORC; have S3 deliver CSV or Parquet"),
        ({"fileFormat": None}, "states no fileFormat"),
        ({"fileSchema": None}, "states no fileSchema"),
        ({"fileSchema": "Bucket, Size"}, "no column for the key"),
        ({"fileSchema": "Foo"}, "no column for the key and the size"),
        ({"fileSchema": "Key, Key, Size"}, "names a column twice"),
        ({"sourceBucket": ["heard"]}, "states no sourceBucket"),
        ({"creationTimestamp": "yesterday"}, "not a number of milliseconds"),
        ({"creationTimestamp": "9" * 30}, "not a number of milliseconds"),
        ({"creationTimestamp": str(int((MADE_AT + timedelta(days=2)).timestamp() * 1000))}, "which is not yet"),
        ({"files": None}, "names no files"),
        ({"files": [7]}, "a file without a key"),
        ({"files": a_file(MD5checksum="0" * 32)}, "its MD5 is not the manifest's"),
        ({"files": a_file(MD5checksum=None)}, "no MD5checksum"),
        ({"files": a_file(MD5checksum="zz")}, "no MD5checksum"),
        ({"files": a_file(size=1)}, "bytes and the manifest says 1"),
        ({"files": a_file(size=-1)}, "no size for it between"),
        ({"files": a_file(size=10**18)}, "no size for it between"),
        ({"files": a_file(size=True)}, "no size for it between"),
        ({"files": a_file(key="gone.csv.gz")}, "it is not there"),
        ({"files": a_file(key="../../../../etc/passwd")}, "leads out"),
        ({"files": a_file(key="/etc/passwd")}, "leads out"),
        ({"files": a_file() * 2}, "names a file twice"),
    ],
)
def test_a_manifest_that_cannot_be_believed_is_refused_by_name(tmp_path, changed, fault):
    path = written(tmp_path, "heard", DATA, **changed)

    with pytest.raises(BadInventory, match=fault):
        rows_of(path, tmp_path)


@pytest.mark.parametrize("text", ["", "{", "[]", "7", "[" * 100_000])
def test_what_is_no_manifest_is_refused(tmp_path, text):
    (tmp_path / "manifest.json").write_text(text)

    with pytest.raises(BadInventory, match=r"manifest\.json"):
        read(tmp_path, tmp_path)


def test_a_manifest_that_was_changed_after_its_checksum_is_refused(tmp_path):
    path = written(tmp_path, "heard", DATA)
    beside = path.with_name("manifest.checksum")
    beside.write_text(hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest())
    assert len(rows_of(path, tmp_path)) == len(ROWS)

    path.write_text(path.read_text() + " ")

    with pytest.raises(BadInventory, match=r"manifest\.checksum"):
        read(path, tmp_path)


@pytest.mark.parametrize("name", ["no such", "list.txt", "plain.csv"])
def test_what_is_no_inventory_is_refused(tmp_path, name):
    (tmp_path / "list.txt").write_text("voice/1")
    (tmp_path / "plain.csv").write_bytes(zlib.decompress(CSV, wbits=31))

    with pytest.raises(BadInventory, match=r"no such file|name a manifest|no header"):
        read(tmp_path / name, tmp_path)


def test_rows_come_sorted_by_their_bytes_and_each_once(tmp_path):
    keys = ["b", "a", "Z", "é", "\U0001f600", "\uff5e", "a/b", "a b"]
    listed = [StoredVersion(key, version, 1, True, False) for key in keys for version in "21"]

    with SortedRows(tmp_path / "rows") as rows:
        assert rows.take(iter(listed)) + rows.take(islice(listed, 3)) == 19
        found = list(rows.in_order())

    assert found == sorted(listed, key=lambda each: (each.key.encode(), each.version_id))
    assert list(tmp_path.iterdir()) == []
