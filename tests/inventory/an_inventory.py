"""An S3 Inventory as S3 delivers it, in a folder."""

import csv
import gzip
import hashlib
import io
import json
from datetime import UTC, datetime
from urllib.parse import quote_plus

import pyarrow as pa
import pyarrow.parquet as pq

MADE_AT = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
NAMES = ("Bucket", "Key", "VersionId", "IsLatest", "IsDeleteMarker", "Size", "LastModifiedDate", "ETag", "StorageClass")
PARQUET_SCHEMA = """message s3.inventory {
  required binary bucket (STRING);
  required binary key (STRING);
  optional binary version_id (STRING);
  optional boolean is_latest;
  optional boolean is_delete_marker;
  optional int64 size;
  optional int64 last_modified_date (TIMESTAMP(MILLIS,true));
  optional binary e_tag (STRING);
}"""


def row(key, version, size=2052, *, latest=True, marker=False):
    return key, version, size, latest, marker


def as_csv(bucket, rows, *, compress=True):
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    for key, version, size, latest, marker in rows:
        words = (str(latest).lower(), str(marker).lower())
        writer.writerow(
            [
                bucket,
                quote_plus(key, safe="/"),
                version,
                *words,
                "" if marker else size,
                "2026-11-21T00:00:00Z",
                "e",
                "STANDARD",
            ]
        )
    data = text.getvalue().encode()
    return gzip.compress(data, mtime=0) if compress else data


def as_parquet(bucket, rows):
    columns = list(zip(*rows, strict=True)) or [()] * 5
    table = pa.table(
        {
            "bucket": pa.array([bucket] * len(columns[0]), pa.string()),
            "key": pa.array(columns[0], pa.string()),
            "version_id": pa.array(columns[1], pa.string()),
            "is_latest": pa.array(columns[3], pa.bool_()),
            "is_delete_marker": pa.array(columns[4], pa.bool_()),
            "size": pa.array(columns[2], pa.int64()),
        }
    )
    data = io.BytesIO()
    pq.write_table(table, data)
    return data.getvalue()


def manifest(bucket, files, /, *, form="CSV", **changed):
    """The manifest of files by key and bytes."""
    told = {
        "sourceBucket": bucket,
        "destinationBucket": "arn:aws:s3:::inventories",
        "version": "2016-11-30",
        "creationTimestamp": str(int(MADE_AT.timestamp() * 1000)),
        "fileFormat": form,
        "fileSchema": ", ".join(NAMES) if form == "CSV" else PARQUET_SCHEMA,
        "files": [
            {"key": key, "size": len(data), "MD5checksum": hashlib.md5(data, usedforsecurity=False).hexdigest()}
            for key, data in files.items()
        ],
    }
    return {name: value for name, value in (told | changed).items() if value is not None}


def delivered(folder, bucket, rows, *, form="CSV", parts=2, **changed):
    """An inventory in a folder, in S3's own layout, its rows spread over files in no order; returns the manifest."""
    make = as_csv if form == "CSV" else as_parquet
    suffix = "csv.gz" if form == "CSV" else "parquet"
    files = {f"inv/{bucket}/daily/data/{n}.{suffix}": make(bucket, rows[::-1][n::parts]) for n in range(parts)}
    return written(folder, bucket, files, form=form, **changed)


def written(folder, bucket, files, /, **changed):
    base = folder / "inv" / bucket / "daily"
    (base / "data").mkdir(parents=True)
    for key, data in files.items():
        (folder / key).write_bytes(data)
    path = base / "2026-11-22T01-00Z" / "manifest.json"
    path.parent.mkdir()
    path.write_text(json.dumps(manifest(bucket, files, **changed)), encoding="utf-8")
    return path
